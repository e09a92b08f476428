"""What the mail of a sign-in needs to know of it."""

from sqlmodel import Session, col, select

from app.models.people import SignIn


def nonce_of(session: Session, sign_in_id: int | None) -> str | None:
    """The nonce of a sign-in that has not been used yet."""
    return session.exec(
        select(col(SignIn.nonce)).where(col(SignIn.id) == sign_in_id, col(SignIn.used_at).is_(None))
    ).one_or_none()

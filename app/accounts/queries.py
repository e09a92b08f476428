"""What a signed-in person may read of their own account."""

from datetime import datetime
from typing import Any

from pydantic import BaseModel, ConfigDict
from sqlmodel import Session, col, select

from app.accounts.actors import SignedIn
from app.models.accounts import ApiToken, BrowserSession
from app.models.panel import Manager, Programme
from app.models.people import Person, ReturnCode


class OwnSession(BaseModel):
    """One signed-in browser of one's own."""

    model_config = ConfigDict(frozen=True)
    code: str
    browser: str
    created_at: datetime
    last_seen_at: datetime
    current: bool


class OwnToken(BaseModel):
    """One API token of one's own; the secret itself is not known any more."""

    model_config = ConfigDict(frozen=True)
    code: str
    name: str
    hint: str
    scopes: list[str]
    created_at: datetime
    expires_at: datetime


def own_names(session: Session, who: SignedIn) -> tuple[str, str]:
    """The address one signs in with and what one is called; each "" where there is none."""
    email, name = session.exec(
        select(col(Person.email), col(Person.name)).where(col(Person.id) == who.person_id)
    ).one()
    return email or "", name


class OwnReturnCode(BaseModel):
    """What one may read of one's own return code, which itself is not known any more.

    `made_at` is None where there is none; `by_me` is False where a coordinator made it.
    """

    model_config = ConfigDict(frozen=True)
    email: str
    phone: str
    birth_year: int | None
    made_at: datetime | None
    by_me: bool


def own_return_code(session: Session, who: SignedIn) -> OwnReturnCode:
    """Whether one has a return code, and what is asked with it."""
    columns: Any = (Person.email, Person.phone, Person.birth_year, ReturnCode.made_at, ReturnCode.made_by)
    row = session.exec(
        select(*columns)
        .outerjoin(ReturnCode, col(ReturnCode.person_id) == col(Person.id))
        .where(Person.id == who.person_id)
    ).one()
    return OwnReturnCode(
        email=row.email or "",
        phone=row.phone,
        birth_year=row.birth_year,
        made_at=row.made_at,
        by_me=row.made_by == who.person_id,
    )


def own_sessions(session: Session, who: SignedIn, current_hash: str, now: datetime) -> list[OwnSession]:
    """One's own live sessions, the newest first."""
    rows = session.exec(
        select(BrowserSession)
        .where(col(BrowserSession.person_id) == who.person_id, col(BrowserSession.expires_at) > now)
        .order_by(col(BrowserSession.last_seen_at).desc())
    )
    return [OwnSession(current=row.token_hash == current_hash, **row.model_dump()) for row in rows]


def own_tokens(session: Session, who: SignedIn, now: datetime) -> list[OwnToken]:
    """One's own API tokens that still work."""
    rows = session.exec(
        select(ApiToken)
        .where(col(ApiToken.person_id) == who.person_id, col(ApiToken.expires_at) > now)
        .order_by(col(ApiToken.name))
    )
    return [OwnToken(**row.model_dump()) for row in rows]


def is_manager(session: Session, who: SignedIn) -> bool:
    """Whether this person may create calls."""
    return session.get(Manager, who.person_id) is not None


def programme(session: Session) -> Programme | None:
    """The programme of this installation, if it has been set up."""
    return session.exec(select(Programme)).first()

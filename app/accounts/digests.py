"""Stopping the weekly digest by the link in it: it works without signing in, and opens nothing else."""

import hashlib
import hmac
from collections.abc import Collection
from datetime import datetime

from sqlmodel import Session, col, select

from app.errors import NotFound
from app.models.panel import PanelMember
from app.models.people import Person


def digest_key(secret: str, code: str) -> str:
    """64 hex digits that only we can make, for one membership of a panel alone."""
    return hmac.new(secret.encode(), f"digest\n{code}".encode(), hashlib.sha256).hexdigest()


def member_code(session: Session, person_id: int) -> str:
    """The code of somebody's newest seat on a panel, by which the link in a digest names them."""
    found = session.exec(
        select(col(PanelMember.code))
        .where(col(PanelMember.person_id) == person_id)
        .order_by(col(PanelMember.id).desc())
        .limit(1)
    ).first()
    if found is None:
        raise NotFound
    return found


def own_digests(session: Session, secret: str, code: str, key: str) -> bool:
    """Whether the weekly digest is stopped. NotFound for any key but that of this code."""
    return _holder(session, secret, code, key).digests_stopped_at is not None


def set_digests(session: Session, secret: str, code: str, key: str, *, stopped: bool, now: datetime) -> None:
    """Stop the weekly digest, or start it again. NotFound for a wrong key."""
    person = _holder(session, secret, code, key)
    person.digests_stopped_at = now if stopped else None
    session.add(person)


def digests_stopped(session: Session, person_ids: Collection[int]) -> set[int]:
    """Which of these people get no weekly digest."""
    found = session.exec(
        select(col(Person.id)).where(
            col(Person.id).in_(person_ids), col(Person.digests_stopped_at).is_not(None)
        )
    )
    return {key for key in found if key is not None}


def _holder(session: Session, secret: str, code: str, key: str) -> Person:
    if not hmac.compare_digest(digest_key(secret, code).encode(), key.encode()):
        raise NotFound
    found = session.exec(
        select(Person)
        .join(PanelMember, col(PanelMember.person_id) == col(Person.id))
        .where(col(PanelMember.code) == code)
    ).one_or_none()
    if found is None:
        raise NotFound
    return found

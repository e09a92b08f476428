"""Stopping reminders by the link in each of them: it works without signing in, and opens nothing else."""

import hashlib
import hmac
from datetime import datetime
from typing import Any

from pydantic import BaseModel, ConfigDict
from sqlmodel import Session, col, select

from app.errors import NotFound
from app.models.applications import Application
from app.models.calls import Call
from app.models.columns import Texts
from app.models.people import Applicant as ApplicantRow
from app.models.people import Person


class OwnReminders(BaseModel):
    """Whether one person gets reminders of one application, and of any."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    ref: str
    call_title: Texts
    stopped: bool
    all_stopped: bool


def stop_key(secret: str, ref: str, person_id: int) -> str:
    """64 hex digits that only we can make: for this person and this application alone."""
    return hmac.new(secret.encode(), f"reminders\n{ref}\n{person_id}".encode(), hashlib.sha256).hexdigest()


def own_reminders(session: Session, secret: str, ref: str, key: str) -> OwnReminders:
    """What the link leads to. NotFound for any key but one of this application's team."""
    membership, person, title = _holder(session, secret, ref, key)
    return OwnReminders(
        ref=ref,
        call_title=title,
        stopped=membership.reminders_stopped_at is not None,
        all_stopped=person.reminders_stopped_at is not None,
    )


def set_reminders(
    session: Session, secret: str, ref: str, key: str, *, everywhere: bool, stopped: bool, now: datetime
) -> None:
    """Stop the reminders of this application or of all, or start them again. NotFound for a wrong key."""
    membership, person, _ = _holder(session, secret, ref, key)
    row = person if everywhere else membership
    row.reminders_stopped_at = now if stopped else None
    session.add(row)


def _holder(session: Session, secret: str, ref: str, key: str) -> tuple[ApplicantRow, Person, Texts]:
    columns: Any = (ApplicantRow, Person, Call.title)
    team = session.exec(
        select(*columns)
        .join(Application, col(Application.id) == col(ApplicantRow.application_id))
        .join(Person, col(Person.id) == col(ApplicantRow.person_id))
        .join(Call, col(Call.id) == col(Application.call_id))
        .where(Application.ref == ref)
    ).all()
    for membership, person, title in team:
        if hmac.compare_digest(stop_key(secret, ref, membership.person_id).encode(), key.encode()):
            return membership, person, title
    raise NotFound

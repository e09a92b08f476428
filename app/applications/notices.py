"""Mail to everybody who stands behind an application."""

from collections.abc import Collection
from datetime import datetime

from sqlmodel import Session

from app.applications.members import teams_of
from app.outbox.enqueue import Queued, enqueue, enqueue_all


def tell_team(
    session: Session,
    template: str,
    application_id: int,
    ref: str,
    *,
    dedupe: str,
    now: datetime,
    not_before: datetime | None = None,
    **params: object,
) -> None:
    """Queue one mail to each member; `dedupe` names what it is about, so that it is queued once."""
    for person_id in teams_of(session, [application_id]).get(application_id, ()):
        enqueue(
            session,
            template,
            dedupe_key=f"{dedupe}-{person_id}",
            now=now,
            person_id=person_id,
            params={"ref": ref, **params},
            not_before=not_before,
        )


def tell_teams(
    session: Session, template: str, applications: Collection[tuple[int, str]], now: datetime
) -> None:
    """The same to the teams of many applications (key, reference) at once: each hears it one time."""
    teams = teams_of(session, [key for key, _ in applications])
    mails = [
        Queued(template, f"{template}-{ref}-{person_id}", person_id, {"ref": ref})
        for key, ref in applications
        for person_id in teams.get(key, ())
    ]
    enqueue_all(session, mails, now)

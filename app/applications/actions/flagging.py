"""A coordinator raises a flag about an application, and resolves one with a reason."""

from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field
from sqlmodel import Session, col, select

from app.accounts.actors import Coordinator
from app.applications.actions.telling import tell_coordinators
from app.applications.flags import WORDS_CAP, FlagInput, raise_flag
from app.applications.screening_refusals import FlagResolved
from app.asking import Ask
from app.audit.record import record
from app.errors import NotFound, Stale
from app.models.applications import Application
from app.models.keys import key_of
from app.models.panel import PanelMember
from app.models.people import FlagAnswer
from app.models.screening import Flag
from app.sections.text import PROSE


class AnswerFlagInput(BaseModel):
    """How the flag was resolved."""

    model_config = ConfigDict(extra="forbid")
    answer: Annotated[str, Field(min_length=1, max_length=WORDS_CAP), PROSE, Ask("textarea", cap=WORDS_CAP)]


def flag_application(
    session: Session, coordinator: Coordinator, ref: str, given: FlagInput, now: datetime
) -> str:
    """Raise a flag about an application that counts, to oneself, another coordinator or all of them.

    Another one to whom it is addressed is told by mail that something waits.
    """
    application_id = session.exec(
        select(Application.id).where(
            Application.call_id == coordinator.call_id,
            Application.ref == ref,
            col(Application.counts_number).is_not(None),
        )
    ).one_or_none()
    key, (call, who) = _found(application_id), (coordinator.call_id, coordinator.person_id)
    code = raise_flag(session, call, who, key, given, now)
    if given.to:
        addressee = select(PanelMember.person_id).where(
            PanelMember.call_id == call, PanelMember.code == given.to, PanelMember.person_id != who
        )
        tell_coordinators(session, call, key, session.exec(addressee), now)
    return code


def resolve_flag(
    session: Session,
    coordinator: Coordinator,
    code: str,
    given: AnswerFlagInput,
    *,
    version: int,
    now: datetime,
) -> str:
    """Resolve a flag with a reason, whoever it is addressed to; gives the application's reference."""
    row = session.exec(
        select(Flag, Application.ref)
        .join(Application, col(Application.id) == col(Flag.application_id))
        .where(Application.call_id == coordinator.call_id, Flag.code == code)
        .with_for_update()
    ).one_or_none()
    if row is None:
        raise NotFound
    flag, ref = row
    if flag.resolved_at is not None:
        raise FlagResolved
    if flag.version != version:
        raise Stale(version=flag.version)
    flag.resolved_at = now
    flag.version += 1
    answer = FlagAnswer(flag_id=key_of(flag.id), words=given.answer, by=coordinator.person_id, at=now)
    session.add_all([flag, answer])
    session.flush()
    record(
        session,
        "flag.resolve",
        now=now,
        person_id=coordinator.person_id,
        call_id=coordinator.call_id,
        subject=code,
    )
    return ref


def _found(application_id: int | None) -> int:
    if application_id is None:
        raise NotFound
    return application_id

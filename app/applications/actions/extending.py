"""A later deadline: for one application, or for everybody who still writes."""

from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import func, update
from sqlmodel import Session, col, select

from app.accounts.actors import Coordinator
from app.applications.due import due_of, extendable
from app.applications.members import teams_of
from app.applications.refusals import ExtensionSettled, NoExtension
from app.asking import Ask
from app.audit.record import record
from app.calls.inputs import ExtensionInput, Instant
from app.calls.opening import extend_deadline
from app.calls.phase import phase
from app.errors import Invalid, NotFound, Problem, Stale
from app.models.applications import Application, Status
from app.models.calls import Call
from app.models.keys import key_of
from app.models.people import Applicant as ApplicantRow
from app.models.people import Extension
from app.outbox.enqueue import Queued, enqueue_all
from app.sections.text import PROSE

REASON_CAP = 1000

Reason = Annotated[str, Field(min_length=1, max_length=REASON_CAP), PROSE, Ask("textarea", cap=REASON_CAP)]


class LaterInput(BaseModel):
    """A later deadline for one application, and why, for its team to read."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    until: Instant
    reason: Reason


class TakenBackInput(BaseModel):
    """Why a later deadline is taken back, for its team to read."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    reason: Reason


def give_extension(
    session: Session, coordinator: Coordinator, ref: str, given: LaterInput, *, version: int, now: datetime
) -> None:
    """Give one application a later deadline, or another one; also after the closing, until reviewing begins.

    `version` counts the times that its deadline was moved before: Stale for another one. NotFound outside
    of the call; ExtensionSettled where nothing can be sent any more; Invalid for an instant that is past,
    not after the closing, or not before scoring is due to end.
    """
    call, application = _held(session, coordinator, ref, version, now)
    problems: dict[str, str | Problem] = {}
    if call.closes_at is None or given.until <= call.closes_at:
        problems["until"] = "extension.not_later"
    elif given.until <= now:
        problems["until"] = "extension.past"
    elif call.reviews_due_at is not None and given.until >= call.reviews_due_at:
        problems["until"] = "extension.after_reviews"
    if problems:
        raise Invalid(problems)
    _write(session, coordinator, application, given.until, given.reason, version, now)


def take_back_extension(
    session: Session,
    coordinator: Coordinator,
    ref: str,
    given: TakenBackInput,
    *,
    version: int,
    now: datetime,
) -> None:
    """Take a later deadline back, while it lasts: the call's own closing counts again.

    What was sent meanwhile was received in time and stays. NoExtension where none lasts any more.
    """
    call, application = _held(session, coordinator, ref, version, now)
    if application.extended_to is None or not due_of(call, application).receives(now):
        raise NoExtension
    _write(session, coordinator, application, None, given.reason, version, now)


def _held(
    session: Session, coordinator: Coordinator, ref: str, version: int, now: datetime
) -> tuple[Call, Application]:
    """The call and the application, locked in the order in which a sending locks them."""
    call = session.exec(
        select(Call)
        .where(Call.id == coordinator.call_id)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    ).one()
    application = session.exec(
        select(Application)
        .where(Application.call_id == coordinator.call_id, Application.ref == ref)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one_or_none()
    if application is None:
        raise NotFound
    if not extendable(phase(call, now), application.status):
        raise ExtensionSettled
    last = _last_number(session, application)
    if version != last:
        raise Stale(version=last)
    return call, application


def _last_number(session: Session, application: Application) -> int:
    statement = select(func.max(Extension.number)).where(Extension.application_id == application.id)
    return session.exec(statement).one() or 0


def _write(
    session: Session,
    coordinator: Coordinator,
    application: Application,
    until: datetime | None,
    reason: str,
    version: int,
    now: datetime,
) -> None:
    key = key_of(application.id)
    before = application.extended_to
    session.add(
        Extension(
            application_id=key,
            number=version + 1,
            until=until,
            reason=reason,
            given_by=coordinator.person_id,
            given_at=now,
        )
    )
    session.execute(
        update(Application)
        .where(col(Application.id) == key)
        .values(extended_to=until, version=Application.version + 1)
        .execution_options(synchronize_session=False)
    )
    session.expire(application)
    record(
        session,
        "application.extend" if until else "application.take_back_extension",
        now=now,
        person_id=coordinator.person_id,
        call_id=coordinator.call_id,
        subject=application.ref,
        detail={
            "number": version + 1,
            "from": before.isoformat() if before else None,
            "to": until.isoformat() if until else None,
        },
    )
    act = f"extension-{application.ref}-{version + 1}"
    params = {"ref": application.ref, "number": version + 1}
    team = teams_of(session, [key]).get(key, [])
    enqueue_all(
        session,
        [Queued("application_extension", f"{act}-{person}", person, params) for person in team],
        now,
    )


def extend_for_all(
    session: Session, coordinator: Coordinator, version: int, given: ExtensionInput, now: datetime
) -> None:
    """Move the closing of an open call, and write once to everybody who has a draft in it."""
    extend_deadline(session, coordinator, version, given, now)
    people = session.exec(
        select(ApplicantRow.person_id)
        .join(Application, col(Application.id) == col(ApplicantRow.application_id))
        .where(Application.call_id == coordinator.call_id, Application.status == Status.DRAFT)
        .distinct()
        .order_by(col(ApplicantRow.person_id))
    ).all()
    slug = session.exec(select(Call.slug).where(Call.id == coordinator.call_id)).one()
    to = given.closes_at.isoformat()
    enqueue_all(
        session,
        [
            Queued("call_extended", f"call-extended-{slug}-{to}-{person}", person, {"call": slug, "to": to})
            for person in people
        ],
        now,
    )


__all__ = [
    "LaterInput",
    "TakenBackInput",
    "extend_for_all",
    "give_extension",
    "take_back_extension",
]

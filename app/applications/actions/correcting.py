"""Answering a request for a correction: a new numbered sending in which only the named answers differ."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any

from pydantic import BaseModel, Field
from sqlalchemy import func, update
from sqlmodel import Session, col, select

from app.accounts.actors import Applicant
from app.applications.actions.drafting import stored
from app.applications.actions.leaking import keep_leaks
from app.applications.actions.sending import (
    NotReady,
    Sent,
    describe,
    display_name,
    fingerprint,
    halves,
    send_receipts,
    sent_before,
)
from app.applications.actions.typing_corrections import (
    as_typed,
    check_answerable,
    forget_typed,
    keep_typed,
    named_questions,
)
from app.applications.corrections import last_correction, whole_sending
from app.applications.limits import limits_of, partners_of, section_codes
from app.applications.members import Mine, mine
from app.applications.sent_answers import Answers
from app.applications.status import IllegalMove
from app.audit.record import record
from app.errors import NotFound, Problem, Stale
from app.models.applications import Application, History, Packet, Sending, Status
from app.models.corrections import Correction
from app.models.keys import key_of
from app.models.people import Identity
from app.sections.catalogue import CATALOGUE
from app.sections.judging import Judged, judge
from app.sections.retyped import retyped

MOVE = "correct"


class AnswerInput(BaseModel):
    """The named answers as they are typed, by section; one that is left out stays as it was sent.

    `number` is the sending that this will be, so that a second press is the same one. With `version`, the one
    of what was typed that its writer saw, these answers are kept even where they cannot be sent; without it
    they stand for themselves, whatever was typed meanwhile.
    """

    number: Annotated[int, Field(ge=1, le=10_000)]
    version: Annotated[int | None, Field(ge=1, le=1_000_000_000)] = None
    answers: Annotated[dict[str, dict[str, Any]], Field(max_length=20)]


@dataclass(frozen=True, slots=True)
class Corrected:
    """The sections that hold a named answer, as they are typed now, and how each is judged."""

    typed: Answers
    judged: Mapping[str, Judged]

    @property
    def problems(self) -> dict[str, Problem]:
        """What is wrong, by `<section>.<answer>`."""
        return {
            f"{code}.{name}": problem
            for code, each in self.judged.items()
            for name, problem in each.problems.items()
        }


def answer_correction(
    session: Session, applicant: Applicant, ref: str, given: AnswerInput, now: datetime
) -> Sent:
    """Send the corrected answers as sending `given.number`; the one before is kept.

    The same number again gives the same receipt. NotReady where an answer is missing or wrong;
    CorrectionOverdue from the due instant on, CorrectionClosed, CorrectionTakenBack, ReadOnly; Stale, with
    what is stored now where somebody else typed in between.
    """
    own = mine(session, applicant, ref, held=True)
    row = last_correction(session, own.key)
    if row is None:
        raise NotFound
    if row.answered_number == given.number:
        return sent_before(session, own, given.number)
    check_answerable(own, row, now)
    last = session.exec(select(func.max(Sending.number)).where(Sending.application_id == own.key)).one() or 0
    if given.number != last + 1:
        raise Stale(version=last)
    if given.version is not None:
        keep_typed(session, own, row, given.answers, given.version, applicant, now)
    corrected = judged_answers(session, own, row, given.answers)
    if corrected.problems:
        raise NotReady({**corrected.problems})
    sent = _keep(session, own, applicant, given.number, corrected, now)
    _count(session, own, row, given.number, now)
    _keep_draft(session, own, row, corrected, applicant, now)
    forget_typed(session, own.key)
    session.add(
        History(application_id=own.key, move=MOVE, at=now, by=applicant.person_id, note=str(given.number))
    )
    record(
        session,
        "correction.answer",
        now=now,
        person_id=applicant.person_id,
        call_id=own.call.id,
        subject=ref,
        detail={"number": given.number},
    )
    send_receipts(session, own, given.number, now)
    return sent


def judged_answers(session: Session, own: Mine, row: Correction, given: Answers) -> Corrected:
    """What counts with the answers given, judged. Invalid for an answer that was not asked for."""
    whole = whole_sending(session, own, own.application.counts_number or 0)
    newly = as_typed(row, given)
    plan = retyped(CATALOGUE["work_plan"], whole["work_plan"]) if "work_plan" in whole else {}
    typed = {code: retyped(CATALOGUE[code], whole.get(code, {})) for code in named_questions(row)}
    for code, answers in newly.items():
        typed[code] |= answers
    partners = [code for code, _ in session.execute(partners_of(), {"call": own.call.id})]
    limits = limits_of(own.call, partners)
    if "work_plan" in section_codes(own.call):
        limits = limits.with_plan(typed.get("work_plan", plan))
    # Activities that go take the lines of the budget with them, whether or not these were asked for.
    affected = {**typed}
    if "work_plan" in typed and "budget" in whole:
        affected.setdefault("budget", retyped(CATALOGUE["budget"], whole["budget"]))
    return Corrected(typed, {code: judge(CATALOGUE[code], data, limits) for code, data in affected.items()})


def _keep(
    session: Session, own: Mine, applicant: Applicant, number: int, corrected: Corrected, now: datetime
) -> Sent:
    """Both halves of what counted, with the sections that were corrected put in their places."""
    before, packet, identity = _counted(session, own)
    changed = {code: corrected.judged[code] for code in corrected.typed}
    blind_new, identity_new = halves(changed)
    blind_data = {**packet.data, **blind_new}
    # A section whose last name was taken out stands in no identity half any more.
    identity_data = {code: data for code, data in identity.data.items() if code not in changed} | identity_new
    sending = Sending(
        application_id=own.key,
        number=number,
        language=before.language,
        sent_at=now,
        sent_by=applicant.person_id,
        sha256=fingerprint(blind_data, identity_data, packet.files),
    )
    session.add(sending)
    session.flush()
    key = key_of(sending.id)
    packet_now = Packet(**packet.model_dump(exclude={"sending_id", "data"}), sending_id=key, data=blind_data)
    describe(packet_now, changed, section_codes(own.call))
    name = display_name(changed) or identity.display_name
    session.add(packet_now)
    session.add(Identity(sending_id=key, data=identity_data, display_name=name))
    keep_leaks(session, own, key, blind_data, identity_data, packet.files)
    return Sent(own.application.ref, number, now, sending.sha256)


def _counted(session: Session, own: Mine) -> tuple[Sending, Packet, Identity]:
    columns: Any = (Sending, Packet, Identity)
    sending, packet, identity = session.exec(
        select(*columns)
        .join(Packet, col(Packet.sending_id) == col(Sending.id))
        .join(Identity, col(Identity.sending_id) == col(Sending.id))
        .where(Sending.application_id == own.key, Sending.number == own.application.counts_number)
    ).one()
    return sending, packet, identity


def _count(session: Session, own: Mine, row: Correction, number: int, now: datetime) -> None:
    """The new sending counts from now on, and the request is answered by it."""
    seen = own.application
    done = session.execute(
        update(Application)
        .where(col(Application.id) == own.key, col(Application.version) == seen.version)
        .values(counts_number=number, version=Application.version + 1)
        .execution_options(synchronize_session=False)
    )
    if getattr(done, "rowcount", 0) == 0:
        raise IllegalMove
    row.answered_at, row.answered_number, row.version = now, number, row.version + 1
    session.add(row)


def _keep_draft(
    session: Session,
    own: Mine,
    row: Correction,
    corrected: Corrected,
    applicant: Applicant,
    now: datetime,
) -> None:
    """The draft says the same, so that taking it back later does not lose the correction.

    One that was taken back and never sent again holds other texts, and counts for nothing: it stays.
    """
    if own.application.status is not Status.SENT:
        return
    for code, names in named_questions(row).items():
        try:
            draft = stored(session, own.key, code)
        except NotFound:
            continue  # entered without a form
        answers = {name: value for name, value in corrected.typed[code].items() if name in names}
        draft.data = {**draft.data, **answers}
        draft.version += 1
        draft.updated_at, draft.updated_by = now, applicant.person_id
        session.add(draft)

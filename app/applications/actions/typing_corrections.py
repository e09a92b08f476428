"""Typing the answer to a request for a correction: kept at every pause, never overwritten unseen."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, delete
from sqlmodel import Session, col, select

from app.accounts.actors import Applicant
from app.applications.actions.drafting import store, stored
from app.applications.correction_refusals import CorrectionClosed, CorrectionOverdue, CorrectionTakenBack
from app.applications.corrections import CORRECTABLE, being_changed, last_correction, whole_sending
from app.applications.members import WRITERS, Mine, mine
from app.applications.refusals import ReadOnly
from app.applications.sent_answers import Answers
from app.applications.typed_corrections import TypedCorrection, earlier_typed, over, typed_correction
from app.calls.phase import phase
from app.errors import Invalid, NotFound, Problem, Stale
from app.models.corrections import Correction
from app.models.keys import key_of
from app.models.people import CorrectionDraft
from app.sections.catalogue import CATALOGUE
from app.sections.changes import changed_names
from app.sections.drafts import typed_answers
from app.sections.merging import merged
from app.sections.rows import RowAct, act_on

MOST_VERSIONS = 50
"""Of one answer's text that are kept while it is typed, so that two people on two answers never meet."""


@dataclass(frozen=True, slots=True)
class SavedCorrection:
    """What stands in the form now, and the row to look at next."""

    answers: Answers
    version: int
    row: str = ""


def save_correction(
    session: Session, applicant: Applicant, ref: str, given: Answers, *, version: int, now: datetime
) -> SavedCorrection:
    """Keep what was typed in the named answers, valid or not; nothing is sent, and what was sent counts.

    `version` is the one that the writer saw: Stale if somebody saved in between, unless others changed none
    of the answers that are changed here. Invalid for an answer that was not asked for.
    """
    own, row = _asked(session, applicant, ref)
    check_answerable(own, row, now)
    return keep_typed(session, own, row, given, version, applicant, now)


def act_on_correction(
    session: Session,
    applicant: Applicant,
    ref: str,
    given: Answers,
    section: str,
    act: RowAct,
    *,
    version: int,
    now: datetime,
) -> SavedCorrection:
    """Keep what was typed and add, copy, move, remove or bring back a row of a section, in one version."""
    own, row = _asked(session, applicant, ref)
    check_answerable(own, row, now)
    there = _typed_so_far(session, own, row)
    if version != there.version:
        raise Stale(current=there.answers, version=there.version)
    typed = over(there.answers, as_typed(row, given))
    try:
        data, look_at = act_on(CATALOGUE[section], typed.get(section, {}), act)
    except Invalid as error:
        raise Invalid({f"{section}.{name}": each for name, each in error.fields.items()}) from None
    saved = _store(session, row, there, {**typed, section: data}, version, applicant, now)
    return SavedCorrection(saved.answers, saved.version, look_at)


def choose_typed(
    session: Session,
    applicant: Applicant,
    ref: str,
    given: Answers,
    chosen: Mapping[str, str],
    *,
    version: int,
    now: datetime,
) -> SavedCorrection:
    """Keep `given`, but of each answer (`<section>.<question>`) what was chosen between two texts of it."""
    own, row = _asked(session, applicant, ref)
    check_answerable(own, row, now)
    there = _typed_so_far(session, own, row)
    if version != there.version:
        raise Stale(current=there.answers, version=there.version)
    mine_ = as_typed(row, given)
    result = {
        code: merged(CATALOGUE[code], answers, there.answers.get(code, {}), _of_section(code, chosen))
        for code, answers in mine_.items()
    }
    return _store(session, row, there, over(there.answers, result), version, applicant, now)


def keep_typed(
    session: Session,
    own: Mine,
    row: Correction,
    given: Answers,
    version: int,
    applicant: Applicant,
    now: datetime,
) -> SavedCorrection:
    """The same for a request that was found to be answerable."""
    there = _typed_so_far(session, own, row)
    typed = as_typed(row, given)
    if _is_beside(session, own, row, there, typed, version):
        version = there.version
    return _store(session, row, there, over(there.answers, typed), version, applicant, now)


def carry_typed(session: Session, own: Mine, applicant: Applicant, now: datetime) -> None:
    """Put what was typed into the drafts, since the whole of it is written on there."""
    row = last_correction(session, own.key)
    if row is None or row.answered_at is not None or row.closed_at is not None:
        return
    there = _typed_so_far(session, own, row)
    if there.saved_at is None:
        return
    for code, answers in there.answers.items():
        try:
            draft = stored(session, own.key, code)
        except NotFound:
            continue  # entered without a form
        store(session, own, draft, {**draft.data, **answers}, draft.version, now, applicant, chosen=True)
    forget_typed(session, own.key)


def forget_typed(session: Session, application_id: int) -> None:
    """Nothing is left of what was typed in answer to any request."""
    session.execute(_FORGOTTEN, {"application": application_id})


_FORGOTTEN = (
    delete(CorrectionDraft)
    .where(
        col(CorrectionDraft.correction_id).in_(
            select(Correction.id).where(Correction.application_id == bindparam("application"))
        )
    )
    .execution_options(synchronize_session=False)
)


def check_answerable(own: Mine, row: Correction, now: datetime) -> None:
    """Refuse unless this person may answer the request now."""
    if own.role not in WRITERS:
        raise ReadOnly
    settled = row.answered_at is not None or row.closed_at is not None
    if settled or phase(own.call, now) not in CORRECTABLE or own.application.counts_number is None:
        raise CorrectionClosed
    if being_changed(own, now):
        raise CorrectionTakenBack
    if now >= row.due_at:
        raise CorrectionOverdue


def named_questions(row: Correction) -> dict[str, set[str]]:
    """Section -> the questions of it that are open."""
    named: dict[str, set[str]] = {}
    for field in row.fields:
        section, _, question = field.partition(".")
        named.setdefault(section, set()).add(question)
    return named


def as_typed(row: Correction, given: Answers) -> Answers:
    """What came in, in the shape of a draft. Invalid for an answer that was not asked for."""
    named = named_questions(row)
    others: dict[str, str | Problem] = {
        f"{code}.{name}": ("extra_forbidden", {})
        for code, answers in given.items()
        for name in answers
        if name not in named.get(code, ())
    }
    others.update({code: ("extra_forbidden", {}) for code in given if code not in named})
    if others:
        raise Invalid(others)
    return {code: _typed(code, answers) for code, answers in given.items()}


def _typed(code: str, answers: Mapping[str, Any]) -> dict[str, Any]:
    try:
        return typed_answers(CATALOGUE[code], answers)
    except Invalid as error:
        raise Invalid({f"{code}.{name}": problem for name, problem in error.fields.items()}) from None


def _asked(session: Session, applicant: Applicant, ref: str) -> tuple[Mine, Correction]:
    own = mine(session, applicant, ref, held=True)
    row = last_correction(session, own.key)
    if row is None:
        raise NotFound
    return own, row


def _typed_so_far(session: Session, own: Mine, row: Correction) -> TypedCorrection:
    counted = whole_sending(session, own, own.application.counts_number or 0)
    return typed_correction(session, key_of(row.id), row.fields, counted)


def _is_beside(
    session: Session,
    own: Mine,
    row: Correction,
    there: TypedCorrection,
    typed: Answers,
    version: int,
) -> bool:
    """Whether all that differs here is as it was when the writer began."""
    if version >= there.version:
        return False
    counted = whole_sending(session, own, own.application.counts_number or 0)
    seen = earlier_typed(session, key_of(row.id), version, row.fields, counted)
    if seen is None:
        return False
    return not any(
        changed_names({name: there.answers[code].get(name) for name in answers}, answers)
        & changed_names(seen.get(code, {}), there.answers[code])
        for code, answers in typed.items()
    )


def _store(
    session: Session,
    row: Correction,
    there: TypedCorrection,
    data: Answers,
    version: int,
    applicant: Applicant,
    now: datetime,
) -> SavedCorrection:
    """The application is held, so that nobody else writes the next version meanwhile."""
    if data == there.answers:
        return SavedCorrection(there.answers, there.version)
    if version != there.version:
        raise Stale(current=there.answers, version=there.version)
    key = key_of(row.id)
    session.add(
        CorrectionDraft(
            correction_id=key, version=version + 1, data=data, saved_at=now, saved_by=applicant.person_id
        )
    )
    session.flush()
    session.execute(
        delete(CorrectionDraft)
        .where(
            col(CorrectionDraft.correction_id) == key,
            col(CorrectionDraft.version) <= version + 1 - MOST_VERSIONS,
        )
        .execution_options(synchronize_session=False)
    )
    return SavedCorrection(data, version + 1)


def _of_section(code: str, chosen: Mapping[str, str]) -> dict[str, str]:
    start = f"{code}."
    return {name.removeprefix(start): each for name, each in chosen.items() if name.startswith(start)}

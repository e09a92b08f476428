"""Saving one part of a call's setup. Each may be incomplete; none can change once the call has opened.

Every action names the `version` of the call that its writer saw; another one is refused as `CallStale`.
"""

import re
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlmodel import Session, col, select

from app.accounts.actors import Coordinator
from app.audit.record import record
from app.calls.changing import change_call, change_setup
from app.calls.inputs import (
    ChoiceInput,
    ChoicesInput,
    CriteriaInput,
    CriterionInput,
    DatesInput,
    EligibilityInput,
    FaqInput,
    MoneyInput,
    RoundInput,
    RoundsInput,
    ScoringInput,
    SectionsInput,
    TextsInput,
)
from app.calls.texts import missing_languages
from app.errors import Invalid, Problem
from app.models.calls import AwardRound, Call, CallKind, Criterion
from app.random_codes import random_code
from app.scoring.shares import Split
from app.sections.catalogue import CATALOGUE

MONEY_SECTIONS = frozenset({"budget"})


def save_texts(
    session: Session, coordinator: Coordinator, version: int, given: TextsInput, now: datetime
) -> None:
    """What the public reads."""
    change_setup(session, coordinator, version, **{name: texts.stored for name, texts in given})
    record_save(session, coordinator, "texts", now)


def save_dates(
    session: Session, coordinator: Coordinator, version: int, given: DatesInput, now: datetime
) -> None:
    """When the call opens and closes, and what people may expect afterwards; in that order."""
    problems = date_problems(given)
    if problems:
        raise Invalid(problems)
    change_setup(session, coordinator, version, **dict(given))
    record_save(session, coordinator, "dates", now)


def date_problems(given: DatesInput) -> dict[str, Problem]:
    """Every date that stands before the one it must follow."""
    problems: dict[str, Problem] = {}
    ends = given.closes_at + timedelta(minutes=given.grace_minutes) if given.closes_at else None
    if given.opens_at and given.closes_at and given.opens_at >= given.closes_at:
        problems["closes_at"] = ("dates.closes_before_opens", {})
    if ends and given.reviews_due_at and given.reviews_due_at <= ends:
        problems["reviews_due_at"] = ("dates.reviews_before_closing", {})
    before_results = given.reviews_due_at or ends
    if before_results and given.results_expected_at and given.results_expected_at < before_results:
        problems["results_expected_at"] = ("dates.results_before_reviews", {})
    return problems


def save_money(
    session: Session, coordinator: Coordinator, version: int, given: MoneyInput, now: datetime
) -> None:
    """Ceiling and rate, and the limits of a project. A selection has neither ceiling nor rate."""
    if _kind(session, coordinator) is CallKind.SELECTION:
        filled = [name for name in ("ceiling_minor", "rate_minor") if getattr(given, name) is not None]
        if filled:
            raise Invalid(dict.fromkeys(filled, "money.in_selection"))
    change_setup(session, coordinator, version, **dict(given))
    record_save(session, coordinator, "money", now)


def save_sections(
    session: Session, coordinator: Coordinator, version: int, given: SectionsInput, now: datetime
) -> None:
    """Which sections an application has; they always stand in the catalogue's order."""
    chosen = set(given.sections)
    if chosen - set(CATALOGUE):
        raise Invalid({"sections": "choice.unknown"})
    if chosen & MONEY_SECTIONS and _kind(session, coordinator) is CallKind.SELECTION:
        raise Invalid({"sections": "sections.budget_in_selection"})
    sections = [{"code": code} for code in CATALOGUE if code in chosen]
    change_setup(session, coordinator, version, sections=sections)
    record_save(session, coordinator, "sections", now)


def save_choices(
    session: Session, coordinator: Coordinator, version: int, given: ChoicesInput, now: datetime
) -> None:
    """The themes and priorities that applicants choose from, and the call's own question; codes that are not
    given are made."""
    change_setup(
        session,
        coordinator,
        version,
        themes=_coded("themes", given.themes),
        priorities=_coded("priorities", given.priorities),
        own_question=_own_question(given),
    )
    record_save(session, coordinator, "choices", now)


def _own_question(given: ChoicesInput) -> dict[str, object]:
    text, answers = given.own_question.stored, _coded("own_answers", given.own_answers)
    return {"text": text, "answers": answers} if text or answers else {}


def _coded(name: str, choices: Sequence[ChoiceInput]) -> list[dict[str, object]]:
    taken = {choice.code for choice in choices if choice.code}
    if len(taken) < sum(1 for choice in choices if choice.code):
        raise Invalid({name: "choices.same_code"})
    coded: list[dict[str, object]] = []
    for choice in choices:
        # A code is for good, so an unnamed choice waits for its name.
        code = choice.code or (_free_code(choice.name.en, taken) if choice.name.en else "")
        taken.add(code)
        coded.append({"code": code, "name": choice.name.stored})
    return coded


def _free_code(words: str, taken: set[str]) -> str:
    base = re.sub(r"[^a-z0-9]+", "_", words.lower()).strip("_")[:30]
    if not base or not base[0].isalpha():
        base = f"c_{base}".rstrip("_")
    return next(
        code
        for code in (base, *(f"{base}_{number}" for number in range(2, len(taken) + 3)))
        if code not in taken
    )


def save_eligibility(
    session: Session, coordinator: Coordinator, version: int, given: EligibilityInput, now: datetime
) -> None:
    """What is asked before anybody signs in, and where else to go for whom the call is not."""
    change_setup(session, coordinator, version, eligibility=given.model_dump())
    record_save(session, coordinator, "eligibility", now)


def save_faq(
    session: Session, coordinator: Coordinator, version: int, given: FaqInput, now: datetime
) -> None:
    """Questions and answers. They may be written while the call runs too, since people ask then.

    Before opening they may be incomplete; afterwards everybody reads them at once, so that each must be
    there in every language.
    """
    problems = faq_problems(given)
    if problems and _has_opened(session, coordinator):
        raise Invalid(problems)
    change_call(session, coordinator, version, faq=stored_faq(given))
    record_save(session, coordinator, "faq", now)


def stored_faq(given: FaqInput) -> list[dict[str, object]]:
    """The entries as they are kept: a language that was left empty is a missing key."""
    return [{"question": each.question.stored, "answer": each.answer.stored} for each in given.entries]


def faq_problems(given: FaqInput) -> dict[str, Problem]:
    """Every language in which a question or an answer is missing, at its field."""
    return {
        f"entries.{index}.{name}.{language}": (
            "faq.language_missing",
            {"number": index + 1, "language": language},
        )
        for index, entry in enumerate(given.entries)
        for name, texts in entry
        for language in missing_languages(texts.stored)
    }


def _has_opened(session: Session, coordinator: Coordinator) -> bool:
    opened = session.exec(select(col(Call.opened_at)).where(col(Call.id) == coordinator.call_id)).one()
    return opened is not None


def save_criteria(
    session: Session, coordinator: Coordinator, version: int, given: CriteriaInput, now: datetime
) -> None:
    """All criteria at once, in order; those that are left out are removed. Weights may not add up yet."""
    problems = _criteria_problems(given.criteria)
    if problems:
        raise Invalid(problems)
    change_setup(session, coordinator, version)
    write_criteria(session, coordinator.call_id, given)
    record_save(session, coordinator, "criteria", now)


def _criteria_problems(criteria: Sequence[CriterionInput]) -> dict[str, Problem]:
    problems: dict[str, Problem] = {}
    codes: set[str] = set()
    positions: set[int] = set()
    for index, criterion in enumerate(criteria):
        if criterion.code in codes:
            problems[f"criteria.{index}.code"] = ("criterion.same_code", {})
        if criterion.tie_position in positions:
            problems[f"criteria.{index}.tie_position"] = ("criterion.same_tie_position", {})
        known = {code for code, section in CATALOGUE.items() if not section.identity}
        if set(criterion.sections) - known:
            problems[f"criteria.{index}.sections"] = ("choice.unknown", {})
        codes.add(criterion.code)
        positions.add(criterion.tie_position)
    return problems


def write_criteria(session: Session, call_id: int, given: CriteriaInput) -> None:
    """Make the call's criteria exactly these."""
    kept = {row.code: row for row in session.exec(select(Criterion).where(col(Criterion.call_id) == call_id))}
    for code in kept.keys() - {criterion.code for criterion in given.criteria}:
        session.delete(kept[code])
    for position, criterion in enumerate(given.criteria, 1):
        values = criterion.model_dump(exclude={"title", "asks", "anchors"}) | {
            "title": criterion.title.stored,
            "asks": criterion.asks.stored,
            "anchors": {score: texts.stored for score, texts in criterion.anchors.items() if texts.stored},
            "position": position,
        }
        row = kept.get(criterion.code)
        if row is None:
            session.add(Criterion(call_id=call_id, **values))
            continue
        for name, value in values.items():
            setattr(row, name, value)
        session.add(row)
    session.flush()


def save_scoring(
    session: Session, coordinator: Coordinator, version: int, given: ScoringInput, now: datetime
) -> None:
    """How many reviews each application gets, and whether scores are published."""
    change_setup(session, coordinator, version, **dict(given))
    record_save(session, coordinator, "scoring", now)


def save_rounds(
    session: Session, coordinator: Coordinator, version: int, given: RoundsInput, now: datetime
) -> None:
    """All award rounds at once, in order; those that are left out are removed."""
    problems = _round_problems(given.rounds, _kind(session, coordinator))
    known = set(
        session.exec(select(col(AwardRound.code)).where(col(AwardRound.call_id) == coordinator.call_id))
    )
    seen: set[str] = set()
    for index, each in enumerate(given.rounds):
        if each.code and (each.code not in known or each.code in seen):
            problems[f"rounds.{index}.code"] = ("round.unknown", {})
        seen.add(each.code)
    if problems:
        raise Invalid(problems)
    change_setup(session, coordinator, version)
    write_rounds(session, coordinator.call_id, given)
    record_save(session, coordinator, "rounds", now)


def _round_problems(rounds: Sequence[RoundInput], kind: CallKind) -> dict[str, Problem]:
    problems: dict[str, Problem] = {}
    for index, each in enumerate(rounds):
        amount, envelope = each.amount_minor, each.envelope_minor
        if kind is CallKind.SELECTION and (amount or envelope):
            problems[f"rounds.{index}.amount_minor"] = ("money.in_selection", {})
        elif (amount is None) != (envelope is None):
            empty = "amount_minor" if amount is None else "envelope_minor"
            problems[f"rounds.{index}.{empty}"] = ("round.half_money", {})
        elif amount and envelope and envelope < amount:
            problems[f"rounds.{index}.envelope_minor"] = ("round.envelope_too_small", {})
        for name, problem in _rule_problems(each).items():
            problems.setdefault(f"rounds.{index}.{name}", problem)
    return problems


def _rule_problems(each: RoundInput) -> dict[str, Problem]:
    """What of the round's rule cannot be kept, by its field."""
    return {
        **_split_problems(each),
        **_seat_problems(each),
        **_reserve_problems(each),
        **_pitch_problems(each),
    }


def _split_problems(each: RoundInput) -> dict[str, Problem]:
    problems: dict[str, Problem] = {}
    if each.split is not Split.FIXED and each.envelope_minor is None:
        problems["split"] = ("round.split_without_money", {})
    if (each.split is Split.FIRST_FULL) != (each.full_places is not None):
        problems["full_places"] = (
            ("missing", {}) if each.full_places is None else ("round.full_without_split", {})
        )
    elif each.full_places is not None:
        problems |= _full_problems(each, each.full_places)
    return problems


def _seat_problems(each: RoundInput) -> dict[str, Problem]:
    problems: dict[str, Problem] = {}
    if each.least_places is not None and each.least_places > each.places:
        problems["least_places"] = ("round.more_than_places", {"places": each.places})
    if each.reserved_places > each.places:
        problems["reserved_places"] = ("round.more_than_places", {"places": each.places})
    if not each.reserved_places and (each.reserved_for.stored or each.reserved_answer):
        problems["reserved_places"] = ("round.reserved_without_seats", {})
    return problems


def _reserve_problems(each: RoundInput) -> dict[str, Problem]:
    problems: dict[str, Problem] = {}
    if (each.reserve_places > 0) != (each.reserve_until is not None):
        empty = "reserve_until" if each.reserve_places else "reserve_places"
        problems[empty] = ("round.half_reserve", {})
    if each.reserve_until and each.held_at and each.reserve_until <= each.held_at:
        problems["reserve_until"] = ("round.reserve_ends_before_event", {})
    return problems


def _pitch_problems(each: RoundInput) -> dict[str, Problem]:
    problems: dict[str, Problem] = {}
    if (each.finalists is None) != (each.pitch_weight is None):
        empty = "pitch_weight" if each.pitch_weight is None else "finalists"
        problems[empty] = ("round.half_pitch", {})
    if each.finalists is not None and each.finalists < each.places:
        problems["finalists"] = ("round.fewer_finalists", {"places": each.places})
    return problems


def _full_problems(each: RoundInput, full: int) -> dict[str, Problem]:
    """Beside the first there must be others, and something left for them."""
    if full >= each.places:
        return {"full_places": ("round.full_is_all", {"places": each.places})}
    if (each.envelope_minor or 0) - full * (each.amount_minor or 0) < each.places - full:
        return {"full_places": ("round.full_takes_all", {})}
    return {}


def write_rounds(session: Session, call_id: int, given: RoundsInput) -> None:
    """Make the call's rounds exactly these; a round without a code is new and gets one."""
    kept = {
        row.code: row for row in session.exec(select(AwardRound).where(col(AwardRound.call_id) == call_id))
    }
    for code in kept.keys() - {each.code for each in given.rounds}:
        session.delete(kept[code])
    for position, each in enumerate(given.rounds, 1):
        row = kept.get(each.code) or AwardRound(
            call_id=call_id, code=random_code(), position=position, name={}, places=each.places
        )
        row.position, row.places, row.held_at = position, each.places, each.held_at
        row.name, row.event = each.name.stored, each.event.stored or None
        row.reserved_for = each.reserved_for.stored or None
        for name in _PLAIN:
            setattr(row, name, getattr(each, name))
        session.add(row)
    session.flush()


_PLAIN = (
    "amount_minor",
    "envelope_minor",
    "split",
    "full_places",
    "least_places",
    "reserved_places",
    "reserved_answer",
    "threshold",
    "reserve_places",
    "reserve_until",
    "finalists",
    "pitch_weight",
    "pitch_criteria",
)
"""What a round keeps as it was given."""


def _kind(session: Session, coordinator: Coordinator) -> CallKind:
    return session.exec(select(col(Call.kind)).where(col(Call.id) == coordinator.call_id)).one()


def record_save(
    session: Session, coordinator: Coordinator, part: str, now: datetime, *, subject: str = ""
) -> None:
    """Note in the log that a part was saved."""
    record(
        session,
        f"call.save_{part}",
        now=now,
        person_id=coordinator.person_id,
        call_id=coordinator.call_id,
        subject=subject,
    )

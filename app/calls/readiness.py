"""What a call still lacks before it can open, said exactly."""

import dataclasses
from collections.abc import Iterator, Mapping
from datetime import datetime
from enum import StrEnum

from app.calls.claims import can_be_said, claim_of
from app.calls.eligibility import questions_asked
from app.calls.inputs import CriterionInput, RoundInput
from app.calls.setup import MONEY_SECTIONS, date_problems, faq_problems
from app.calls.setup_view import CallSetup
from app.calls.texts import LongTexts, ShortTexts, missing_languages
from app.models.calls import CallKind
from app.scoring.methods import Method, Strata
from app.sections.catalogue import CATALOGUE

TWO_GROUPS = 2
"""With fewer there is nothing to tell apart."""


class Part(StrEnum):
    """One part of the setup: its place in the task list and the last word of its address."""

    TEXTS = "texts"
    DATES = "dates"
    MONEY = "money"
    SECTIONS = "sections"
    CHOICES = "choices"
    ELIGIBILITY = "eligibility"
    FAQ = "faq"
    CRITERIA = "criteria"
    SCORING = "scoring"
    ROUNDS = "rounds"
    ORGANISATIONS = "organisations"


@dataclasses.dataclass(frozen=True, slots=True)
class Missing:
    """One thing that is missing: where, and a message code. `field` is dotted, as in the part's input."""

    part: Part
    field: str
    code: str
    params: Mapping[str, object] = dataclasses.field(default_factory=dict)

    @property
    def name(self) -> str:
        """The dotted name in the whole setup."""
        return f"{self.part}.{self.field}" if self.field else str(self.part)


OPTIONAL_TEXTS = frozenset({"help_hours"})
"""Texts that a call may leave out; once begun, they must be there in every language."""


def readiness(setup: CallSetup, now: datetime) -> list[Missing]:
    """Everything that keeps the call from opening, in the order of the setup; empty when it may open."""
    checks = (
        _texts,
        _dates,
        _money,
        _sections,
        _choices,
        _eligibility,
        _faq,
        _criteria,
        _scoring,
        _rounds,
        _organisations,
    )
    return [missing for check in checks for missing in check(setup, now)]


def _languages(
    part: Part, name: str, texts: Mapping[str, str], what: str, **params: object
) -> Iterator[Missing]:
    for language in missing_languages(dict(texts)):
        yield Missing(part, f"{name}.{language}", what, {"language": language, **params})


def _texts(setup: CallSetup, now: datetime) -> Iterator[Missing]:
    for name, texts in setup.texts:
        if name in OPTIONAL_TEXTS and not texts.stored:
            continue
        yield from _languages(Part.TEXTS, name, texts.stored, f"readiness.{name}")


def _dates(setup: CallSetup, now: datetime) -> Iterator[Missing]:
    dates = setup.dates
    for name in ("opens_at", "closes_at", "reviews_due_at", "results_expected_at"):
        if getattr(dates, name) is None:
            yield Missing(Part.DATES, name, f"readiness.{name}")
    if dates.closes_at is not None and dates.closes_at <= now:
        yield Missing(Part.DATES, "closes_at", "readiness.closes_in_the_past")
    for name, (code, params) in date_problems(dates).items():
        yield Missing(Part.DATES, name, code, params)


def _money(setup: CallSetup, now: datetime) -> Iterator[Missing]:
    if setup.kind is CallKind.GRANT:
        for name in ("ceiling_minor", "rate_minor"):
            if getattr(setup.money, name) is None:
                yield Missing(Part.MONEY, name, f"readiness.{name}")


def _sections(setup: CallSetup, now: datetime) -> Iterator[Missing]:
    chosen = setup.sections.sections
    identity = [code for code in chosen if code in CATALOGUE and CATALOGUE[code].identity]
    if not chosen:
        yield Missing(Part.SECTIONS, "sections", "readiness.no_section")
        return
    if len(identity) != 1:
        yield Missing(Part.SECTIONS, "sections", "readiness.one_identity_section")
    if len(chosen) == len(identity):
        yield Missing(Part.SECTIONS, "sections", "readiness.nothing_to_score")
    if MONEY_SECTIONS & set(chosen) and "work_plan" not in chosen:
        yield Missing(Part.SECTIONS, "sections", "readiness.budget_without_plan")
    if not {"brief", "motivation"} & set(chosen):
        yield Missing(Part.SECTIONS, "sections", "readiness.no_title")


def _choices(setup: CallSetup, now: datetime) -> Iterator[Missing]:
    if "brief" in setup.sections.sections and not setup.choices.themes:
        yield Missing(Part.CHOICES, "themes", "readiness.no_theme")
    own, asks = setup.choices, "own" in setup.sections.sections
    if asks and not own.own_question.stored:
        yield Missing(Part.CHOICES, "own_question", "readiness.no_own_question")
    if own.own_question.stored:
        yield from _languages(Part.CHOICES, "own_question", own.own_question.stored, "readiness.own_question")
        if not asks:
            yield Missing(Part.SECTIONS, "sections", "readiness.own_not_asked")
    if len(own.own_answers) == 1:
        yield Missing(Part.CHOICES, "own_answers", "readiness.one_own_answer")
    for name in ("themes", "priorities", "own_answers"):
        choices = getattr(setup.choices, name)
        for index, choice in enumerate(choices):
            yield from _languages(
                Part.CHOICES,
                f"{name}.{index}.name",
                choice.name.stored,
                "readiness.choice",
                choice=choice.code,
            )


def _eligibility(setup: CallSetup, now: datetime) -> Iterator[Missing]:
    asks = setup.eligibility
    if "kind" in questions_asked(asks, setup.kind, setup.money.ceiling_minor) and not asks.kinds:
        yield Missing(Part.ELIGIBILITY, "kinds", "readiness.no_kind")
    for name, texts in asks:
        if isinstance(texts, ShortTexts | LongTexts) and texts.stored:
            yield from _languages(Part.ELIGIBILITY, name, texts.stored, "readiness.eligibility_text")


def _faq(setup: CallSetup, now: datetime) -> Iterator[Missing]:
    for name, (code, params) in faq_problems(setup.faq).items():
        yield Missing(Part.FAQ, name, code, params)


def _criteria(setup: CallSetup, now: datetime) -> Iterator[Missing]:
    criteria = setup.criteria.criteria
    if not criteria:
        yield Missing(Part.CRITERIA, "", "readiness.no_criterion")
        return
    total = sum(criterion.weight for criterion in criteria)
    if total != 100:
        yield Missing(Part.CRITERIA, "weights", "readiness.weights", {"total": total})
    if sorted(each.tie_position for each in criteria) != list(range(1, len(criteria) + 1)):
        yield Missing(Part.CRITERIA, "ties", "readiness.ties")
    for criterion in criteria:
        yield from _criterion(criterion, set(setup.sections.sections))


def _criterion(criterion: CriterionInput, chosen: set[str]) -> Iterator[Missing]:
    code = criterion.code
    known = {"criterion": code}
    yield from _languages(
        Part.CRITERIA, f"{code}.title", criterion.title.stored, "readiness.criterion_title", **known
    )
    yield from _languages(
        Part.CRITERIA, f"{code}.asks", criterion.asks.stored, "readiness.criterion_asks", **known
    )
    for score in criterion.scores:
        anchor = criterion.anchors.get(str(score))
        yield from _languages(
            Part.CRITERIA,
            f"{code}.anchors.{score}",
            anchor.stored if anchor else {},
            "readiness.anchor",
            score=score,
            **known,
        )
    if criterion.weight == 0:
        yield Missing(Part.CRITERIA, f"{code}.weight", "readiness.no_weight", known)
    if not set(criterion.sections) & chosen:
        yield Missing(Part.CRITERIA, f"{code}.sections", "readiness.criterion_sections", known)


def _scoring(setup: CallSetup, now: datetime) -> Iterator[Missing]:
    if setup.scoring.strata is Strata.THEME and len(setup.choices.themes) < TWO_GROUPS:
        yield Missing(Part.SCORING, "strata", "readiness.strata_themes")
    if setup.scoring.lottery and setup.scoring.method is not Method.CALIBRATED:
        yield Missing(Part.SCORING, "lottery", "readiness.lottery_method")
    if setup.scoring.lottery and any(each.finalists for each in setup.rounds.rounds):
        yield Missing(Part.SCORING, "lottery", "readiness.lottery_pitch")
    wanted = setup.scoring.reviews_per_application
    count = len(setup.organisations.organisations)
    if wanted is not None and count and wanted > count:
        yield Missing(
            Part.SCORING,
            "reviews_per_application",
            "readiness.more_reviews_than_organisations",
            {"count": count},
        )


def _rounds(setup: CallSetup, now: datetime) -> Iterator[Missing]:
    rounds = setup.rounds.rounds
    if not rounds:
        yield Missing(Part.ROUNDS, "", "readiness.no_round")
    for number, each in enumerate(rounds, 1):
        yield from _round(each, number, setup)


def _round(each: RoundInput, number: int, setup: CallSetup) -> Iterator[Missing]:
    known: dict[str, object] = {"number": number}
    yield from _languages(Part.ROUNDS, f"{each.code}.name", each.name.stored, "readiness.round_name", **known)
    if each.event.stored:
        yield from _languages(
            Part.ROUNDS, f"{each.code}.event", each.event.stored, "readiness.round_event", **known
        )
        if each.held_at is None:
            yield Missing(Part.ROUNDS, f"{each.code}.held_at", "readiness.round_date", known)
    if each.held_at and setup.dates.closes_at and each.held_at <= setup.dates.closes_at:
        yield Missing(Part.ROUNDS, f"{each.code}.held_at", "readiness.round_before_closing", known)
    yield from _seats(each, known, setup)
    if setup.kind is CallKind.GRANT and each.amount_minor is None:
        yield Missing(Part.ROUNDS, f"{each.code}.amount_minor", "readiness.round_amount", known)


def _seats(each: RoundInput, known: dict[str, object], setup: CallSetup) -> Iterator[Missing]:
    """Seats are kept for a group that everybody can read of, told by an answer that can be given."""
    if not each.reserved_places:
        return
    yield from _languages(
        Part.ROUNDS, f"{each.code}.reserved_for", each.reserved_for.stored, "readiness.reserved_for", **known
    )
    source, _, answer = (each.reserved_answer or "").partition("=")
    claim = claim_of(each.reserved_answer)
    unknown = source == "theme" and answer not in {theme.code for theme in setup.choices.themes}
    if unknown or (claim is not None and not can_be_said(setup, claim)):
        yield Missing(Part.ROUNDS, f"{each.code}.reserved_answer", "readiness.reserved_answer", known)


def _organisations(setup: CallSetup, now: datetime) -> Iterator[Missing]:
    if not setup.organisations.organisations:
        yield Missing(Part.ORGANISATIONS, "organisations", "readiness.no_organisation")

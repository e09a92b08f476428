"""The form and the rubric of a call as data: what is stored and hashed when it opens.

From then on the public pages, the preview and the check of a hash read the stored form, so that
a later version of the program cannot change the questions of an open call.
"""

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from pydantic import BaseModel, ConfigDict
from pydantic.fields import FieldInfo

from app.asking import Ask, ask_of, asked, row_model
from app.calls.inputs import CriterionInput
from app.calls.own_question import stored_own_question
from app.calls.setup_view import CallSetup
from app.messages import LANGUAGES, words_of
from app.messages.labels import CHOICES, choices
from app.messages.own_question import OWN, own_answers
from app.models.columns import Texts
from app.sections.catalogue import CATALOGUE, Section
from app.sections.limits import ceiling_in_tiyn

FORM_VERSION = 1


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class FormChoice(_Frozen):
    """One answer that can be chosen."""

    code: str
    label: Texts


class FormQuestion(_Frozen):
    """One question. `cap` in characters, `guide` in words (from, to); `questions` are those of a row."""

    code: str
    control: str
    label: Texts
    hint: Texts = {}
    why: Texts = {}
    optional: bool = False
    cap: int | None = None
    guide: tuple[int, int] | None = None
    blind: bool = True
    choices: list[FormChoice] = []
    rows: tuple[int, int] | None = None
    questions: list["FormQuestion"] = []


class FormSection(_Frozen):
    """One section. Reviewers never see an `identity` section; `criteria` are those that it feeds."""

    code: str
    title: Texts
    identity: bool
    minutes: int
    criteria: list[str]
    questions: list[FormQuestion]


class FormCriterion(_Frozen):
    """One criterion with the words of each score; `weight` in percent."""

    code: str
    position: int
    tie_position: int
    title: Texts
    asks: Texts
    weight: int
    scale_min: int
    scale_max: int
    anchors: dict[str, Texts]
    sections: list[str]


class FormMoney(_Frozen):
    """Ceiling in euro cents and, at the fixed rate (tiyn for one euro), in tiyn; None in a selection."""

    ceiling_minor: int | None
    rate_minor: int | None
    ceiling_tiyn: int | None
    max_months: int
    administration_percent: int


class FormRound(_Frozen):
    """What a round gives: places, and for a grant cents a place and cents in all; and by which rule.

    A form that was frozen before rounds had rules promises none: so many awards of the amount.
    """

    code: str
    name: Texts
    places: int
    amount_minor: int | None
    envelope_minor: int | None
    least_places: int | None = None
    split: str = "fixed"
    full_places: int | None = None
    reserved_places: int = 0
    reserved_for: Texts = {}
    reserved_answer: str | None = None
    threshold: int | None = None
    reserve_places: int = 0
    reserve_until: datetime | None = None
    finalists: int | None = None
    pitch_weight: int | None = None
    pitch_criteria: list[str] = []


class CallForm(_Frozen):
    """Everything about a call that is promised when it opens.

    `grace_minutes` is None in a form that was frozen before the grace was part of it; such a form promises
    no third review and no discussion either, and one from before there were groups names none.
    `draw_commitment` is the SHA-256 of the seed that breaks the last ties; the seed is published later.
    """

    form_version: int = FORM_VERSION
    kind: str
    method: str
    strata: str | None = None
    impute: bool = False
    lottery: bool = False
    reviews_per_application: int | None
    scores_published: bool
    divergence_points: int | None = None
    divergence_steps: int | None = None
    discussion: bool = False
    sections: list[FormSection]
    criteria: list[FormCriterion]
    money: FormMoney
    rounds: list[FormRound]
    grace_minutes: int | None = None
    draw_commitment: str = ""

    @property
    def minutes(self) -> int:
        """About how long it takes to answer everything."""
        return sum(section.minutes for section in self.sections)


def form_of(setup: CallSetup, *, draw_commitment: str = "") -> CallForm:
    """The form that this setup gives with the questions of this version of the program."""
    names = {
        "themes": [FormChoice(code=each.code, label=each.name.stored) for each in setup.choices.themes],
        "priorities": [
            FormChoice(code=each.code, label=each.name.stored) for each in setup.choices.priorities
        ],
        "own_answers": [
            FormChoice(code=each["code"], label=each["name"])
            for each in own_answers(stored_own_question(setup.choices))
        ],
    }
    criteria = setup.criteria.criteria
    return CallForm(
        kind=setup.kind,
        method=setup.scoring.method,
        strata=setup.scoring.strata,
        impute=setup.scoring.impute,
        lottery=setup.scoring.lottery,
        reviews_per_application=setup.scoring.reviews_per_application,
        scores_published=setup.scoring.scores_published,
        divergence_points=setup.scoring.divergence_points,
        divergence_steps=setup.scoring.divergence_steps,
        discussion=setup.scoring.discussion,
        sections=[
            _own_words(
                _section(CATALOGUE[code], [each.code for each in criteria if code in each.sections], names),
                setup,
            )
            for code in setup.sections.sections
            if code in CATALOGUE
        ],
        criteria=[_criterion(each, position) for position, each in enumerate(criteria, 1)],
        money=money_of(setup),
        rounds=[
            FormRound(
                name=each.name.stored,
                reserved_for=each.reserved_for.stored,
                **each.model_dump(exclude={"name", "event", "held_at", "reserved_for"}),
            )
            for each in setup.rounds.rounds
        ],
        grace_minutes=setup.dates.grace_minutes,
        draw_commitment=draw_commitment,
    )


def _own_words(section: FormSection, setup: CallSetup) -> FormSection:
    """The call's own question is asked in the call's words."""
    if not any(each.code == OWN for each in section.questions):
        return section
    label = setup.choices.own_question.stored
    asked_so = [each.model_copy(update={"label": label}) for each in section.questions]
    return section.model_copy(update={"questions": asked_so})


def money_of(setup: CallSetup) -> FormMoney:
    """The limits of a project; the ceiling in tenge is computed here, once for everybody."""
    money = setup.money
    both = money.ceiling_minor is not None and money.rate_minor is not None
    return FormMoney(
        ceiling_tiyn=ceiling_in_tiyn(money.ceiling_minor or 0, money.rate_minor or 0) if both else None,
        **dict(money),
    )


def _criterion(given: CriterionInput, position: int) -> FormCriterion:
    return FormCriterion(
        code=given.code,
        position=position,
        tie_position=given.tie_position,
        title=given.title.stored,
        asks=given.asks.stored,
        weight=given.weight,
        scale_min=given.scale_min,
        scale_max=given.scale_max,
        anchors={
            str(score): given.anchors[str(score)].stored
            for score in given.scores
            if str(score) in given.anchors
        },
        sections=list(given.sections),
    )


def _section(section: Section, criteria: list[str], names: Mapping[str, list[FormChoice]]) -> FormSection:
    return FormSection(
        code=section.code,
        title={language: choices(language, "sections")[section.code] for language in LANGUAGES},
        identity=section.identity,
        minutes=section.minutes,
        criteria=criteria,
        questions=_questions(section.code, section.model, names, identity=section.identity),
    )


def _questions(
    code: str, model: type[BaseModel], names: Mapping[str, list[FormChoice]], *, identity: bool
) -> list[FormQuestion]:
    """What is hidden or only says "I have finished" is no question."""
    return [
        _question(f"{code}.{name}", info, ask, names, identity=identity)
        for name, info, ask in asked(model)
        if ask.control != "hidden" and name != "complete"
    ]


def _question(
    code: str, info: FieldInfo, ask: Ask, names: Mapping[str, list[FormChoice]], *, identity: bool
) -> FormQuestion:
    row = row_model(info)
    words = {language: words_of(language, code) for language in LANGUAGES}
    return FormQuestion(
        code=code,
        control=ask.control,
        label={language: each.label for language, each in words.items()},
        hint={language: each.hint for language, each in words.items() if each.hint},
        why={language: each.why for language, each in words.items() if each.why},
        optional=ask.optional,
        cap=ask.cap,
        guide=ask.guide,
        blind=ask.blind and not identity,
        choices=_choices(ask_of(info), names),
        rows=ask.rows if row else None,
        questions=_questions(code, row, names, identity=identity) if row else [],
    )


def _choices(ask: Ask, names: Mapping[str, list[FormChoice]]) -> list[FormChoice]:
    """The answers of a list; those that depend on the applicant's own answers are not known here."""
    if ask.choices is None:
        return []
    if ask.choices in names:
        return names[ask.choices]
    if ask.choices not in CHOICES:
        return []
    words = {language: choices(language, ask.choices) for language in LANGUAGES}
    return [
        FormChoice(code=code, label={language: words[language][code] for language in LANGUAGES})
        for code in CHOICES[ask.choices]
    ]


def canonical(data: Mapping[str, Any]) -> bytes:
    """One way of writing a value as JSON: sorted keys, no spaces, UTF-8."""
    return json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def hash_of(data: Mapping[str, Any]) -> str:
    """The SHA-256 of the canonical JSON, in 64 hex digits."""
    return hashlib.sha256(canonical(data)).hexdigest()


def frozen(form: CallForm) -> dict[str, Any]:
    """The form as it is stored."""
    return form.model_dump(mode="json")

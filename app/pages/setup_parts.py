"""The parts of the setup that are one form each: texts, dates, money, sections, scoring."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from pydantic import BaseModel
from sqlmodel import Session

from app.accounts.actors import Coordinator
from app.calls import actions
from app.calls.eligibility import OF_KIND
from app.calls.form import money_of
from app.calls.inputs import EligibilityInput, SectionsInput, TextsInput
from app.calls.readiness import Part
from app.calls.setup import MONEY_SECTIONS
from app.calls.setup_view import CallSetup
from app.messages import formats, words_of
from app.messages.labels import choices
from app.models.calls import CallKind
from app.pages.forms import Form, Option
from app.pages.lots import planned_in_words
from app.pages.setup_forms import (
    DatesForm,
    MoneyForm,
    ScoringForm,
    typed_instant,
    typed_money,
)
from app.pages.setup_part import Said
from app.pages.texts import Group, flat, text_group
from app.sections.catalogue import CATALOGUE

Given = Mapping[str, str | list[str]]
ZONES = (
    "Asia/Almaty", "Asia/Qyzylorda", "Asia/Tashkent", "Asia/Bishkek", "Asia/Tbilisi", "Asia/Yerevan",
    "Europe/Kyiv", "Europe/Chisinau", "Europe/London", "Europe/Brussels", "UTC",
)  # fmt: skip
DATES = ("opens", "closes", "reviews_due", "results_expected")
SELECTION_HAS_NOT = frozenset({"ceiling", "rate"})


@dataclass(frozen=True, slots=True)
class PartForm:
    """How one part is typed, shown and saved. `names` leads from a rule's field to the form's."""

    model: type[BaseModel]
    typed: Callable[[CallSetup], Given]
    groups: Callable[[Form[Any], CallSetup], Sequence[Group]]
    save: Callable[[Session, Coordinator, int, Any, datetime], None]
    said: Callable[[CallSetup, str], Sequence[Said]] = lambda setup, language: ()
    names: Mapping[str, str] | None = None


def _plain(form: Form[Any], setup: CallSetup) -> list[Group]:
    return [Group("", "", list(form.fields.values()))]


def _texts(form: Form[Any], setup: CallSetup) -> list[Group]:
    return [text_group(form, name, rows=4) for name in TextsInput.model_fields]


def _eligibility(form: Form[Any], setup: CallSetup) -> list[Group]:
    """Only what a call of this kind can ask."""
    words = choices(form.language, "check_questions")
    fits = OF_KIND[setup.kind]
    fields = form.offering(
        questions=[Option(code, label) for code, label in words.items() if code in fits]
    ).fields
    head = [fields["questions"], fields["least_age"]]
    groups = [Group("", "", head), text_group(form, "place")]
    if "kind" in fits:
        groups.append(Group("", "", [fields["kinds"]]))
    return groups + [text_group(form, f"elsewhere_{code}", rows=3) for code in words if code in fits]


def _typed_dates(setup: CallSetup) -> Given:
    dates = setup.dates
    zone = ZoneInfo(dates.timezone)
    typed = {"timezone": dates.timezone, "grace_minutes": str(dates.grace_minutes)}
    for name in DATES:
        typed |= typed_instant(name, getattr(dates, f"{name}_at"), zone)
    return typed


def _dates(form: Form[Any], setup: CallSetup) -> list[Group]:
    zones = dict.fromkeys((setup.dates.timezone, *ZONES))
    fields = form.offering(timezone=[Option(zone, zone.replace("_", " ")) for zone in zones]).fields
    pairs = [Group("", "", [fields[f"{name}_day"], fields[f"{name}_time"]], beside=True) for name in DATES]
    grace = Group("", "", [fields["grace_minutes"]])
    return [Group("", "", [fields["timezone"]]), *pairs[:2], grace, *pairs[2:]]


def _said_dates(setup: CallSetup, language: str) -> list[Said]:
    zone = ZoneInfo(setup.dates.timezone)
    words = choices(language, "setup_said")
    return [
        Said(words[name], formats.moment(language, when, zone))
        for name in DATES
        if (when := getattr(setup.dates, f"{name}_at")) is not None
    ]


def _typed_money(setup: CallSetup) -> Given:
    return {
        "ceiling": typed_money(setup.money.ceiling_minor),
        "rate": typed_money(setup.money.rate_minor),
        "max_months": str(setup.money.max_months),
        "administration_percent": str(setup.money.administration_percent),
    }


def _money(form: Form[Any], setup: CallSetup) -> list[Group]:
    hidden = SELECTION_HAS_NOT if setup.kind is CallKind.SELECTION else frozenset()
    return [Group("", "", [view for name, view in form.fields.items() if name not in hidden])]


def _said_money(setup: CallSetup, language: str) -> list[Said]:
    ceiling = money_of(setup).ceiling_tiyn
    return (
        []
        if ceiling is None
        else [Said(choices(language, "setup_said")["ceiling"], formats.tenge(language, ceiling))]
    )


def _sections(form: Form[Any], setup: CallSetup) -> list[Group]:
    titles, sees = choices(form.language, "sections"), choices(form.language, "who_sees")
    without = MONEY_SECTIONS if setup.kind is CallKind.SELECTION else frozenset()
    offered = [
        Option(code, titles[code], sees["identity" if section.identity else "blind"])
        for code, section in CATALOGUE.items()
        if code not in without
    ]
    return [Group("", "", list(form.offering(sections=offered).fields.values()))]


def _typed_scoring(setup: CallSetup) -> Given:
    scoring = setup.scoring
    numbers = ("reviews_per_application", "divergence_points", "divergence_steps")
    given: dict[str, str | list[str]] = {
        name: "" if (value := getattr(scoring, name)) is None else str(value) for name in numbers
    }
    given["method"], given["strata"] = scoring.method.value, scoring.strata or "none"
    return given | {
        name: "yes" if getattr(scoring, name) else ""
        for name in ("impute", "lottery", "discussion", "scores_published")
    }


def _said_scoring(setup: CallSetup, language: str) -> list[Said]:
    """What drawing lots would cost, before anybody switches it on."""
    return [Said(choices(language, "setup_said")["lottery"], planned_in_words(language, setup))]


PARTS: dict[Part, PartForm] = {
    Part.TEXTS: PartForm(
        TextsInput, lambda setup: flat(setup.texts.model_dump()), _texts, actions.save_texts
    ),
    Part.DATES: PartForm(
        DatesForm,
        _typed_dates,
        _dates,
        lambda session, actor, version, typed, now: actions.save_dates(
            session, actor, version, typed.given(), now
        ),
        _said_dates,
        {f"{name}_at": f"{name}_day" for name in DATES},
    ),
    Part.MONEY: PartForm(
        MoneyForm,
        _typed_money,
        _money,
        lambda session, actor, version, typed, now: actions.save_money(
            session, actor, version, typed.given(), now
        ),
        _said_money,
        {"ceiling_minor": "ceiling", "rate_minor": "rate"},
    ),
    Part.SECTIONS: PartForm(
        SectionsInput, lambda setup: flat(setup.sections.model_dump()), _sections, actions.save_sections
    ),
    Part.ELIGIBILITY: PartForm(
        EligibilityInput,
        lambda setup: flat(setup.eligibility.model_dump()),
        _eligibility,
        actions.save_eligibility,
    ),
    Part.SCORING: PartForm(
        ScoringForm,
        _typed_scoring,
        _plain,
        lambda session, actor, version, typed, now: actions.save_scoring(
            session, actor, version, typed.given(), now
        ),
        _said_scoring,
    ),
}
"""The parts that are one form; the others are lists with a form for each entry."""


def part_words(language: str, part: Part) -> str:
    """What a part is called."""
    return words_of(language, f"setup.{part}").label

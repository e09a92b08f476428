"""What a coordinator types, where it differs from what is kept: days and times, euro and tenge."""

import re
from datetime import UTC, date, datetime, time
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field
from pydantic_core import PydanticCustomError

from app.asking import Ask
from app.calls.inputs import (
    DatesInput,
    ExtensionInput,
    MoneyInput,
    RoundInput,
    ScoringInput,
    Word,
    Zone,
)
from app.calls.texts import LINE_CAP, PROSE_CAP, LongTexts, ShortTexts
from app.errors import Invalid, Problem
from app.scoring.methods import Method, Strata
from app.scoring.shares import Split
from app.sections.numbers import Tenge, Whole

_DAY = re.compile(r"(\d{1,2})[./-](\d{1,2})[./-](\d{4})\Z", re.ASCII)
_TIME = re.compile(r"(\d{1,2})[:.](\d{2})(?::\d{2})?\Z", re.ASCII)


def _blank(value: object) -> object:
    return None if isinstance(value, str) and not value.strip() else value


def _day(value: object) -> object:
    """`2026-03-18` as browsers send it, or `18.03.2026` as people type it."""
    if not isinstance(value, str) or not value.strip():
        return _blank(value)
    typed = value.strip()
    local = _DAY.match(typed)
    try:
        day = date(int(local[3]), int(local[2]), int(local[1])) if local else date.fromisoformat(typed)
    except ValueError as error:
        raise PydanticCustomError("date_parsing", "not a date") from error
    if not 2000 <= day.year < 2100:
        raise PydanticCustomError("date.out_of_range", "not in our time")
    return day


def _time(value: object) -> object:
    """`18:00`, `9:30`, `18.00`."""
    if not isinstance(value, str) or not value.strip():
        return _blank(value)
    typed = _TIME.match(value.strip())
    try:
        if typed:
            return time(int(typed[1]), int(typed[2]))
    except ValueError:
        pass
    raise PydanticCustomError("time_parsing", "not a time")


BLANK = BeforeValidator(_blank)
Day = Annotated[date | None, BeforeValidator(_day), Ask("date", width="short")]


def _needed(value: object) -> object:
    day = _day(value)
    if day is None:
        raise PydanticCustomError("missing", "no day")
    return day


NeededDay = Annotated[date, BeforeValidator(_needed), Ask("date", width="short")]
Clock = Annotated[time | None, BeforeValidator(_time), Ask("time", width="short")]
Count = Annotated[
    Annotated[Whole, Field(ge=1, le=1000)] | None,
    BLANK,
    Ask("number", optional=True, inputmode="numeric", width="short"),
]
Euro = Annotated[Tenge | None, BLANK, Ask("money", suffix="€", width="short")]
"""Euro as typed, cents as kept: the same two decimals as tenge and tiyn."""


class _Typed(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class DatesForm(_Typed):
    """The dates of a call as days and times in its zone."""

    timezone: Annotated[Zone, Ask("select", width="medium")]
    opens_day: Day = None
    opens_time: Clock = None
    closes_day: Day = None
    closes_time: Clock = None
    grace_minutes: Annotated[
        Whole, Field(ge=0, le=120), Ask("number", inputmode="numeric", width="short")
    ] = 15
    reviews_due_day: Day = None
    reviews_due_time: Clock = None
    results_expected_day: Day = None
    results_expected_time: Clock = None

    def given(self) -> DatesInput:
        """The instants; Invalid at the field that is missing or does not exist."""
        zone = ZoneInfo(self.timezone)
        problems: dict[str, Problem] = {}
        instants = {
            f"{name}_at": instant(self, name, zone, problems)
            for name in ("opens", "closes", "reviews_due", "results_expected")
        }
        if problems:
            raise Invalid(problems)
        return DatesInput(timezone=self.timezone, grace_minutes=self.grace_minutes, **instants)


class MoneyForm(_Typed):
    """Euro and tenge as people write them."""

    ceiling: Euro = None
    rate: Annotated[Tenge | None, BLANK, Ask("money", suffix="₸", width="short")] = None
    max_months: Annotated[Whole, Field(ge=1, le=60), Ask("number", inputmode="numeric", width="short")] = 8
    administration_percent: Annotated[
        Whole, Field(ge=0, le=100), Ask("number", inputmode="numeric", suffix="%", width="short")
    ] = 10

    def given(self) -> MoneyInput:
        """The same in minor units; zero is nothing."""
        return MoneyInput(
            ceiling_minor=self.ceiling or None,
            rate_minor=self.rate or None,
            max_months=self.max_months,
            administration_percent=self.administration_percent,
        )


class ScoringForm(_Typed):
    """What orders, and how many reviews; an empty number is one of every organisation."""

    method: Annotated[Method, Ask("radios", choices="method")] = Method.MEAN_OF_MEANS
    strata: Annotated[Literal["none", "theme", "language"], Ask("radios", choices="strata")] = "none"
    impute: Annotated[bool, Ask("checkboxes")] = False
    lottery: Annotated[bool, Ask("checkboxes")] = False
    reviews_per_application: Annotated[
        Annotated[Whole, Field(ge=1, le=20)] | None,
        BLANK,
        Ask("number", optional=True, inputmode="numeric", width="short"),
    ] = None
    divergence_points: Annotated[
        Annotated[Whole, Field(ge=1, le=100)] | None,
        BLANK,
        Ask("number", optional=True, inputmode="numeric", width="short"),
    ] = None
    divergence_steps: Annotated[
        Annotated[Whole, Field(ge=1, le=10)] | None,
        BLANK,
        Ask("number", optional=True, inputmode="numeric", width="short"),
    ] = None
    discussion: Annotated[bool, Ask("checkboxes")] = False
    scores_published: Annotated[bool, Ask("checkboxes")] = False

    def given(self) -> ScoringInput:
        """The same; no groups are None."""
        strata = None if self.strata == "none" else Strata(self.strata)
        return ScoringInput(**dict(self) | {"strata": strata})


class CriterionForm(_Typed):
    """A criterion's words; its weight and its place are set in the list of criteria."""

    code: Annotated[Word, Ask(width="short", spellcheck=False)]
    title: Annotated[ShortTexts, Ask(cap=LINE_CAP)] = ShortTexts()
    asks: Annotated[LongTexts, Ask("textarea", cap=PROSE_CAP)] = LongTexts()
    sections: Annotated[list[str], Ask("checkboxes")] = []
    anchors: Annotated[dict[str, LongTexts], Ask("textarea", cap=PROSE_CAP)] = {}


class WeightsForm(_Typed):
    """The weights of all criteria and the order in which they break ties, by criterion."""

    weight: dict[str, Annotated[Whole, Field(ge=0, le=100)]] = {}
    tie_position: dict[str, Annotated[Whole, Field(ge=1, le=12)]] = {}


class RoundForm(_Typed):
    """An award round with its event and its money."""

    name: Annotated[ShortTexts, Ask(cap=LINE_CAP)] = ShortTexts()
    event: Annotated[ShortTexts, Ask(optional=True, cap=LINE_CAP)] = ShortTexts()
    held_day: Annotated[date | None, BeforeValidator(_day), Ask("date", optional=True, width="short")] = None
    held_time: Annotated[time | None, BeforeValidator(_time), Ask("time", optional=True, width="short")] = (
        None
    )
    places: Annotated[Whole, Field(ge=1, le=1000), Ask("number", inputmode="numeric", width="short")]
    least_places: Count = None
    amount: Euro = None
    envelope: Euro = None
    split: Annotated[Split, Ask("radios", choices="split")] = Split.FIXED
    full_places: Count = None
    reserved_places: Count = None
    reserved_for: Annotated[ShortTexts, Ask(optional=True, cap=LINE_CAP)] = ShortTexts()
    reserved_answer: Annotated[str, Field(max_length=80), Ask("select", optional=True)] = ""
    threshold: Annotated[
        Annotated[Whole, Field(ge=1, le=100)] | None,
        BLANK,
        Ask("number", optional=True, inputmode="numeric", width="short"),
    ] = None
    reserve_places: Count = None
    reserve_until_day: Annotated[
        date | None, BeforeValidator(_day), Ask("date", optional=True, width="short")
    ] = None
    reserve_until_time: Annotated[
        time | None, BeforeValidator(_time), Ask("time", optional=True, width="short")
    ] = None
    finalists: Count = None
    pitch_weight: Annotated[
        Annotated[Whole, Field(ge=1, le=100)] | None,
        BLANK,
        Ask("number", optional=True, inputmode="numeric", width="short", suffix="%"),
    ] = None
    pitch_criteria: Annotated[list[str], Ask("checkboxes", optional=True)] = []

    def given(self, code: str, zone: ZoneInfo) -> RoundInput:
        """The round in minor units, with the instant of its event."""
        problems: dict[str, Problem] = {}
        held_at = instant(self, "held", zone, problems)
        reserve_until = instant(self, "reserve_until", zone, problems)
        if problems:
            raise Invalid(problems)
        return RoundInput(
            code=code,
            name=self.name,
            event=self.event,
            held_at=held_at,
            places=self.places,
            amount_minor=self.amount or None,
            envelope_minor=self.envelope or None,
            least_places=self.least_places,
            split=self.split,
            # What a hidden or a leftover answer says counts only where it is asked.
            full_places=self.full_places if self.split is Split.FIRST_FULL else None,
            reserved_places=self.reserved_places or 0,
            reserved_for=self.reserved_for,
            reserved_answer=self.reserved_answer or None,
            threshold=self.threshold,
            reserve_places=self.reserve_places or 0,
            reserve_until=reserve_until,
            finalists=self.finalists,
            pitch_weight=self.pitch_weight,
            pitch_criteria=self.pitch_criteria if self.finalists else [],
        )


class ExtensionForm(_Typed):
    """A later closing, in the call's zone, and why."""

    closes_day: Day = None
    closes_time: Clock = None
    reason: Annotated[LongTexts, Ask("textarea", cap=PROSE_CAP)] = LongTexts()

    def given(self, zone: ZoneInfo) -> ExtensionInput:
        """The instant; Invalid where day or time is missing."""
        problems: dict[str, Problem] = {}
        closes_at = instant(self, "closes", zone, problems)
        if closes_at is None and not problems:
            problems = {"closes_day": ("missing", {}), "closes_time": ("missing", {})}
        if problems or closes_at is None:
            raise Invalid(problems)
        return ExtensionInput(closes_at=closes_at, reason=self.reason)


class CancellationForm(_Typed):
    """Why the call is cancelled."""

    reason: Annotated[LongTexts, Ask("textarea", cap=PROSE_CAP)] = LongTexts()


def instant(form: BaseModel, name: str, zone: ZoneInfo, problems: dict[str, Problem]) -> datetime | None:
    """The instant of `<name>_day` and `<name>_time` in a zone; what is wrong is added to `problems`."""
    day, clock = getattr(form, f"{name}_day"), getattr(form, f"{name}_time")
    if day is None and clock is None:
        return None
    if day is None or clock is None:
        problems[f"{name}_day" if day is None else f"{name}_time"] = ("date.half", {})
        return None
    local = datetime.combine(day, clock, tzinfo=zone)
    utc = local.astimezone(UTC)
    if utc.astimezone(zone).replace(tzinfo=None) != local.replace(tzinfo=None):
        problems[f"{name}_time"] = ("date.no_such_time", {})
        return None
    return utc


def typed_instant(name: str, when: datetime | None, zone: ZoneInfo) -> dict[str, str]:
    """An instant as the two fields that it is typed in."""
    local = when.astimezone(zone) if when else None
    return {
        f"{name}_day": f"{local:%Y-%m-%d}" if local else "",
        f"{name}_time": f"{local:%H:%M}" if local else "",
    }


def typed_money(minor: int | None) -> str:
    """Minor units as they are typed: "5000" or "560.50"."""
    if minor is None:
        return ""
    return f"{minor // 100}.{minor % 100:02d}" if minor % 100 else str(minor // 100)


def renamed(error: Invalid, names: dict[str, str]) -> Invalid:
    """A rule's refusal at the fields of the form that was typed."""
    return Invalid({names.get(name, name): problem for name, problem in error.fields.items()})

"""What is typed about an evening, in the call's own zone and in whole minutes."""

from typing import Annotated
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field

from app.asking import Ask
from app.calls.texts import LINE_CAP, ShortTexts
from app.errors import Invalid, Problem
from app.events.hub import FullEvent
from app.events.setting_up import EventInput, PlaceInput
from app.pages.setup_forms import BLANK, Clock, Day, instant, typed_instant
from app.pages.texts import flat
from app.sections.numbers import Whole

Minutes = Annotated[Whole, Field(ge=0, le=120), Ask("number", inputmode="numeric", width="short")]


class EventForm(BaseModel):
    """Where and when, how long, how many people, and what is told to whom."""

    model_config = ConfigDict(frozen=True, extra="ignore")
    starts_day: Day = None
    starts_time: Clock = None
    place: Annotated[ShortTexts, Ask(optional=True, cap=LINE_CAP)] = ShortTexts()
    pitch_minutes: Annotated[Whole, Field(ge=1, le=60), Ask("number", inputmode="numeric", width="short")] = 5
    question_minutes: Minutes = 2
    compare_minutes: Minutes = 10
    capacity: Annotated[
        Annotated[Whole, Field(ge=1, le=100_000)] | None,
        BLANK,
        Ask("number", optional=True, inputmode="numeric", width="short"),
    ] = None
    stream_url: Annotated[str, Field(max_length=500), Ask(optional=True, spellcheck=False)] = ""
    answer_hours: Annotated[Whole, Field(ge=1, le=720), Ask("number", inputmode="numeric", width="short")] = (
        72
    )
    tells_others: Annotated[bool, Ask("checkboxes", optional=True)] = False

    def given(self, zone: ZoneInfo) -> EventInput:
        """The instant and the seconds; Invalid where the day or the time is missing."""
        problems: dict[str, Problem] = {}
        starts_at = instant(self, "starts", zone, problems)
        if starts_at is None and not problems:
            problems = {"starts_day": ("missing", {}), "starts_time": ("missing", {})}
        stream = self.stream_url.strip()
        if stream and not stream.startswith("https://"):
            problems["stream_url"] = ("event.no_address", {})
        if problems or starts_at is None:
            raise Invalid(problems)
        return EventInput(
            starts_at=starts_at,
            place=PlaceInput(**self.place.stored),
            pitch_seconds=60 * self.pitch_minutes,
            question_seconds=60 * self.question_minutes,
            compare_seconds=60 * self.compare_minutes,
            capacity=self.capacity,
            stream_url=stream,
            answer_hours=self.answer_hours,
            tells_others=self.tells_others,
        )


def typed_event(full: FullEvent) -> dict[str, str | list[str]]:
    """What is set up, as it is typed; before that the day that the call promised."""
    found = full.set_up
    if found is None:
        return {
            **typed_instant("starts", full.promised_at, ZoneInfo(full.timezone)),
            "pitch_minutes": "5", "question_minutes": "2", "compare_minutes": "10", "answer_hours": "72",
        }  # fmt: skip
    return {
        **typed_instant("starts", found.starts_at, ZoneInfo(full.timezone)),
        **flat({"place": found.place}),
        "pitch_minutes": str(found.pitch_seconds // 60),
        "question_minutes": str(found.question_seconds // 60),
        "compare_minutes": str(found.compare_seconds // 60),
        "capacity": str(found.capacity or ""),
        "stream_url": found.stream_url,
        "answer_hours": str(found.answer_hours),
        "tells_others": "yes" if found.tells_others else "",
    }

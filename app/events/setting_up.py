"""Where and when an evening is, how long a pitch takes, and how many people the hall holds."""

from datetime import datetime
from typing import Annotated

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field
from sqlmodel import Session

from app.accounts.actors import Coordinator
from app.audit.record import record
from app.decisions.held import held_call, held_pot
from app.errors import Invalid, Stale
from app.events.audience import move_up
from app.events.held import locked_event, moved_on
from app.events.refusals import HasBegun, NoFinal
from app.models.columns import Texts
from app.models.events import Event
from app.models.keys import key_of

ShortText = Annotated[str, Field(max_length=300)]


class PlaceInput(BaseModel):
    """Where it is, in each language."""

    model_config = ConfigDict(extra="forbid")
    kk: ShortText = ""
    ru: ShortText = ""
    en: ShortText = ""

    @property
    def stored(self) -> Texts:
        """A language that was left empty is a missing key."""
        return {language: words.strip() for language, words in self if words.strip()}


class EventInput(BaseModel):
    """The set-up of an evening. `capacity` None: nobody of the audience can register. Times in seconds.

    An invitation waits for `answer_hours`; `tells_others` who is not invited, once finalists are announced.
    """

    model_config = ConfigDict(extra="forbid")
    starts_at: AwareDatetime
    place: PlaceInput = PlaceInput()
    pitch_seconds: Annotated[int, Field(ge=30, le=3600)] = 300
    question_seconds: Annotated[int, Field(ge=0, le=3600)] = 120
    compare_seconds: Annotated[int, Field(ge=0, le=7200)] = 600
    capacity: Annotated[int, Field(ge=1, le=100_000)] | None = None
    stream_url: Annotated[str, Field(max_length=500, pattern=r"^(https://[^\s<>\"']+)?$")] = ""
    answer_hours: Annotated[int, Field(ge=1, le=720)] = 72
    tells_others: bool = False


def save_event(
    session: Session,
    coordinator: Coordinator,
    round_code: str,
    seen_version: int,
    given: EventInput,
    now: datetime,
) -> int:
    """Set an evening up, or change it, and its new version; `seen_version` is 0 before there is one.

    Once it has begun nothing of it moves. A hall cannot become smaller than those who have a place in it.
    """
    held_call(session, coordinator, shared=True)
    pot = held_pot(session, coordinator, round_code)
    if pot.finalists is None:
        raise NoFinal
    event = locked_event(session, pot.id)
    if (event.version if event else 0) != seen_version:
        raise Stale(version=event.version if event else 0)
    if event is not None and event.named_at is not None and now >= event.starts_at:
        raise HasBegun
    _refuse(event, given, now)
    values = given.model_dump(exclude={"place"}) | {"place": given.place.stored}
    if event is None:
        event = Event(round_id=key_of(pot.id), version=0, **values)
    else:
        for name, value in values.items():
            setattr(event, name, value)
    moved_on(session, event)
    move_up(session, event, now)
    record(
        session, "event.save", now=now, person_id=coordinator.person_id, call_id=coordinator.call_id,
        subject=pot.code, detail={"starts_at": given.starts_at.isoformat(), "capacity": given.capacity},
    )  # fmt: skip
    return event.version


def _refuse(event: Event | None, given: EventInput, now: datetime) -> None:
    if given.starts_at <= now:
        raise Invalid({"starts_at": "event.starts_in_the_past"})
    if event is not None and (given.capacity or 0) < event.seated:
        raise Invalid({"capacity": ("event.capacity_below_seated", {"seated": event.seated})})

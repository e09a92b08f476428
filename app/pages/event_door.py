"""The door of an evening, on a telephone: who is expected, who has come, and who came without a place."""

from collections.abc import Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from fastapi import APIRouter
from fastapi.responses import Response

from app.errors import Conflict
from app.events import audience
from app.events.audience import Door
from app.events.hub import event_name
from app.events.walking_in import NameThere, WalkInInput, not_walked_in, release, walk_in
from app.messages import formats, label
from app.messages.labels import choices
from app.models.events import AttendeeState
from app.pages.evening import AtEvening, Here
from app.pages.forms import Form, Typed, one, read_form
from app.pages.page import Page, text_in

router = APIRouter(prefix="/desk/{call}/event/{pot}/door")


@dataclass(frozen=True, slots=True)
class DoorRow:
    """One of the audience in words."""

    code: str
    name: str
    email: str
    needs: str
    state: str
    came: str
    tone: str


@dataclass(frozen=True, slots=True)
class WalkInRow:
    """One who came without a registration."""

    code: str
    name: str
    came: str


@dataclass(frozen=True, kw_only=True)
class EventDoor(Page):
    """Who is expected, and who has come. `again`: the name that was typed is there already."""

    template = "event/door.html"
    call: str
    call_title: str
    pot: str
    name: str
    sought: str
    counts: Sequence[tuple[str, str]]
    rows: Sequence[DoorRow]
    walked_in: Sequence[WalkInRow]
    has_places: bool
    free: int
    last: int
    absent: int
    can_release: bool
    form: Form[WalkInInput]
    again: str
    refused: str


@router.get("", name="event.door")
def show_door(here: AtEvening) -> Response:
    return _page(here).response(here.request)


@router.post("", name="event.tick")
def tick(here: AtEvening, typed: Typed) -> Response:
    act, code = one(typed, "_action"), one(typed, "attendee")
    try:
        if act == "cancel":
            audience.cancel_for(*here.round, code, here.now)
        else:
            audience.tick(*here.round, code, act == "came", here.now)
    except Conflict as error:
        return _page(here, refused=here.said(error)).response(here.request, 409)
    return here.done("event.door", "door_changed", anchor=f"guest-{code}")


@router.post("/walk-in", name="event.walk_in")
def count_in(here: AtEvening, typed: Typed) -> Response:
    """Somebody without a registration; or, with a code, that one was counted by mistake."""
    code = one(typed, "walk_in")
    if code:
        not_walked_in(*here.round, code)
        return here.done("event.door", "walk_in_removed", anchor="walk-in")
    form = read_form(WalkInInput, "walk_in", here.language, typed)
    given = form.value()
    try:
        walk_in(*here.round, given, here.now)
    except Conflict as error:
        again = given.name if isinstance(error, NameThere) else ""
        return _page(here, form=form, again=again, refused=here.said(error)).response(here.request, 409)
    return here.done("event.door", "walked_in", anchor="walk-in")


@router.post("/release", name="event.release")
def release_places(here: AtEvening) -> Response:
    try:
        freed = release(*here.round, here.now)
    except Conflict as error:
        return _page(here, refused=here.said(error)).response(here.request, 409)
    return here.done("event.door", "places_released", count=freed)


def _page(
    here: Here, *, form: Form[WalkInInput] | None = None, again: str = "", refused: str = ""
) -> EventDoor:
    language = here.language
    name, timezone = event_name(*here.round)
    zone, words = ZoneInfo(timezone), choices(language, "event_words")
    sought = here.request.query_params.get("q", "")[:100]
    found = audience.door(*here.round, here.now, sought)
    absent = found.seated - found.came
    return EventDoor(
        call=here.call,
        call_title=here.title,
        pot=here.pot,
        name=text_in(language, name) or here.pot,
        sought=sought,
        counts=[(words[code], value) for code, value in _counts(found)],
        rows=[
            DoorRow(
                each.code,
                each.name,
                each.email,
                each.needs,
                label(language, each.state),
                formats.clock(each.came_at, zone) if each.came_at else "",
                "ok" if each.state is AttendeeState.CONFIRMED else "mute",
            )
            for each in found.people
        ],
        walked_in=[
            WalkInRow(
                each.code,
                each.name or words["nameless"].format(number=each.number),
                formats.clock(each.came_at, zone),
            )
            for each in found.walked_in
        ],
        has_places=found.capacity is not None,
        free=max(0, (found.capacity or 0) - found.seated),
        last=found.last,
        absent=absent,
        can_release=found.begun and absent > 0,
        form=form or Form(WalkInInput, "walk_in", language),
        again=again,
        refused=refused,
    )


def _counts(found: Door) -> Sequence[tuple[str, str]]:
    return (
        ("door_places", f"{found.seated} / {found.capacity or 0}"),
        ("door_came", str(found.came)),
        ("door_walked_in", str(len(found.walked_in))),
        ("door_waiting", str(found.waiting)),
        ("door_asked", str(found.asked)),
    )

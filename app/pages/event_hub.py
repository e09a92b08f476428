"""The evening of a round at the desk: everything of it in one place, who pitches, and what comes next."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Annotated
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response
from sqlmodel import Session

from app.accounts.actors import Coordinator
from app.calls.titles import call_title
from app.decisions.moving import LineKind
from app.decisions.order import read_order
from app.errors import Conflict, Invalid, Stale
from app.events.answering import answer_for
from app.events.checklist import checklist
from app.events.departing import (
    Departing,
    DepartingConfirm,
    DepartingInput,
    confirm_departing,
    depart,
    take_back_departing,
)
from app.events.hub import EventSetUp, FullEvent, FullFinalist, full_event
from app.events.naming import name_finalists, offer_next
from app.events.next_step import next_step
from app.events.papers import PAPERS
from app.events.running_order import announce_finalists, draw_running_order
from app.events.setting_up import save_event
from app.messages import formats, label
from app.messages.labels import choices
from app.models.events import FinalistState
from app.pages.evening import AtEvening, Here
from app.pages.event_forms import EventForm, typed_event
from app.pages.forms import FieldView, Form, Option, Typed, form_of, number, one
from app.pages.next_steps import Link, step_in_words
from app.pages.page import PATHS, Page, path_to, text_in
from app.pages.setup_forms import renamed
from app.pages.texts import language_fields
from app.web.actors import AsCoordinator
from app.web.language import language_of
from app.web.session import Db

lists = APIRouter(prefix="/desk/{call}/event")
router = APIRouter(prefix="/desk/{call}/event/{pot}")
SetUpForm = Annotated[Form[EventForm], Depends(form_of(EventForm, "event"))]
DepartForm = Annotated[Form[DepartingInput], Depends(form_of(DepartingInput, "departing"))]
ROOMS = (
    ("line", "awards.line"),
    ("run", "event.run"),
    ("checklist", "event.checklist"),
    ("contacts", "event.contacts"),
    ("door", "event.door"),
    ("jury", "jury.desk"),
    ("ballots", "ballots.list"),
    ("tally", "tally.show"),
    ("control", "stage.control"),
    ("presenter", "stage.presenter"),
    ("screen", "stage.screen"),
    ("live", "stage.live"),
    ("seal", "seal.show"),
    ("deck", "stage.deck"),
)
"""Everything of the evening, in the order in which it is needed; what there is no page for is left out."""
QUERIES = {"line": f"?line={LineKind.FINALISTS}"}
"""Of finalists there is a line only in a round that has some."""
TONES = {FinalistState.OFFERED: "warn", FinalistState.CONFIRMED: "ok", FinalistState.DECLINED: "mute"}
DONE: dict[FinalistState, str] = {
    FinalistState.CONFIRMED: "finalist_confirmed",
    FinalistState.DECLINED: "finalist_declined",
}


@dataclass(frozen=True, slots=True)
class FinalistRow:
    """One finalist in words. `acts` are what can be noted of it: (state, words)."""

    application: str
    href: str
    title: str
    place: int
    number: str
    state: str
    tone: str
    due: str
    overdue: bool
    prepared: str
    version: int
    acts: Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class DepartingView:
    """One departure from the order in words."""

    application: str
    title: str
    kind: str
    reason: str
    by: str
    seen: str
    state: str
    tone: str
    can_confirm: bool


@dataclass(frozen=True, kw_only=True)
class EventList(Page):
    """The rounds of a call with their evenings."""

    template = "event/list.html"
    call: str
    call_title: str
    rows: Sequence[Link]


@dataclass(frozen=True, kw_only=True)
class EventHub(Page):
    """The whole evening. `refused` says why nothing happened."""

    template = "event/hub.html"
    call: str
    call_title: str
    pot: str
    name: str
    version: int
    wanted: int | None
    rule: str
    set_up: bool
    facts: Sequence[tuple[str, str]]
    todos: Sequence[Link]
    rooms: Sequence[Link]
    papers: Sequence[Link]
    finalists: Sequence[FinalistRow]
    asks_no: FinalistRow | None
    begun: bool
    coming: str
    can_note: bool
    can_name: bool
    can_draw: bool
    drawn: bool
    can_announce: bool
    announced: str
    ahead: Link | None
    following: str
    seed: str
    departures: Sequence[DepartingView]
    can_depart: bool
    form: Form[DepartingInput]
    refused: str
    stale: bool


@dataclass(frozen=True, kw_only=True)
class EventEdit(Page):
    """Where and when it is."""

    template = "event/edit.html"
    call: str
    call_title: str
    pot: str
    name: str
    zone: str
    version: int
    place: Sequence[FieldView]
    form: Form[EventForm]
    stale: bool


@lists.get("", name="event.list")
def list_events(request: Request, session: Db, coordinator: AsCoordinator, call: str) -> Response:
    language = language_of(request)
    words = choices(language, "event_words")
    rows = [
        Link(
            text_in(language, pot.event or pot.name) or pot.code,
            path_to(language, "event.show", call=call, pot=pot.code),
            words["pitches"].format(count=pot.finalists) if pot.finalists else words["no_pitch"],
        )
        for pot in read_order(session, coordinator).pots
    ]
    title = call_title(session, coordinator, language)
    return EventList(call=call, call_title=title, rows=rows).response(request)


@router.get("", name="event.show")
def show(here: AtEvening) -> Response:
    return hub_page(here).response(here.request)


def hub_page(
    here: Here,
    *,
    form: Form[DepartingInput] | None = None,
    refused: str = "",
    stale: bool = False,
) -> EventHub:
    """The hub, with what was refused."""
    language, call, pot = here.language, here.call, here.pot
    full = full_event(*here.round, here.now)
    words = choices(language, "event_words")
    found = full.set_up
    due = sum(each.due for each in checklist(*here.round, here.now)) if found else 0
    coming = [each for each in full.finalists if _comes(each)]
    confirmed = sum(each.state is FinalistState.CONFIRMED for each in coming)
    invited = [each.application for each in full.finalists]
    rows = [_row(language, full, each, call) for each in full.finalists]
    asked_no = here.request.query_params.get("no", "")
    return EventHub(
        call=call,
        call_title=here.title,
        pot=pot,
        name=text_in(language, full.name) or pot,
        version=full.version,
        wanted=full.wanted,
        rule=words["rule"].format(count=full.wanted, weight=full.weight) if full.wanted else "",
        set_up=found is not None,
        facts=_facts(language, full, found) if found else [],
        todos=_todos(language, full, due, call),
        rooms=[
            Link(words[f"room_{name}"], path_to(language, route, call=call, pot=pot) + QUERIES.get(name, ""))
            for name, route in ROOMS
            if route in PATHS and (full.wanted or name not in QUERIES)
        ],
        papers=[
            Link(words[f"paper_{name}"], path_to(language, "event.paper", call=call, pot=pot, paper=name))
            for name in PAPERS
        ],
        finalists=rows,
        asks_no=next((each for each in rows if each.acts and each.application == asked_no), None),
        begun=full.begun,
        coming=words["coming"].format(confirmed=confirmed, wanted=full.wanted or 0) if invited else "",
        can_note=any(each.acts for each in rows),
        can_name=full.can_name,
        can_draw=full.can_draw,
        drawn=found is not None and found.order_drawn_at is not None,
        can_announce=full.can_announce,
        announced=formats.moment(language, found.announced_at, ZoneInfo(full.timezone))
        if found and found.announced_at
        else "",
        ahead=step_in_words(language, next_step(*here.round, here.now), call, pot)
        if found and found.announced_at
        else None,
        following=f"{full.next_code} · {full.next_title}" if full.next_code else "",
        seed=(found.order_seed or "") if found else "",
        departures=[_departing(language, each) for each in full.departures],
        can_depart=full.open and full.wanted is not None and not (found and found.announced_at),
        form=_offering(here, full, form or Form(DepartingInput, "departing", language)),
        refused=refused,
        stale=stale,
    )


def _comes(each: FullFinalist) -> bool:
    return not each.gone and each.state is not FinalistState.DECLINED


def _offering(here: Here, full: FullEvent, form: Form[DepartingInput]) -> Form[DepartingInput]:
    """The first of the order, some of whom are above the line and some below it."""
    if not full.open or full.wanted is None:
        return form.offering(application=[])
    rows = read_order(here.session, here.coordinator, below=full.wanted + 15).rows
    return form.offering(
        application=[
            Option(each.code, f"{each.place} · {each.code} · {each.shown['title']}") for each in rows
        ]
    )


def _facts(language: str, full: FullEvent, found: EventSetUp) -> list[tuple[str, str]]:
    words = choices(language, "event_words")
    audience = (
        words["seats"].format(seated=found.seated, capacity=found.capacity)
        if found.capacity
        else words["no_seats"]
    )
    lengths = (found.pitch_seconds, found.question_seconds, found.compare_seconds)
    facts = [
        (words["when"], formats.moment(language, found.starts_at, ZoneInfo(full.timezone))),
        (words["promised"], _promised(language, full, found)),
        (words["where"], text_in(language, found.place)),
        (words["lengths"], " · ".join(map(formats.stopwatch, lengths))),
        (words["audience"], audience),
        (words["stream"], found.stream_url),
    ]
    return [(name, value) for name, value in facts if value]


def _promised(language: str, full: FullEvent, found: EventSetUp) -> str:
    """The day that the call promised, where the evening is on another one."""
    zone = ZoneInfo(full.timezone)
    if full.promised_at is None:
        return ""
    promised, held = (at.astimezone(zone).date() for at in (full.promised_at, found.starts_at))
    return formats.day(language, full.promised_at, zone) if promised != held else ""


def _todos(language: str, full: FullEvent, due: int, call: str) -> list[Link]:
    """What waits now, the most pressing first."""
    words = choices(language, "event_words")
    here = path_to(language, "event.show", call=call, pot=full.round)
    coming = [each for each in full.finalists if _comes(each)]
    late = sum(each.overdue for each in coming)
    bare = sum(not each.slides for each in coming if each.state is FinalistState.CONFIRMED)
    counts = (
        ("todo_set_up", int(full.set_up is None and full.wanted is not None), "event.edit", ""),
        ("todo_confirm", sum(each.waits and not each.mine for each in full.departures), "", "#departures"),
        ("todo_name", int(full.can_name), "", "#next"),
        ("todo_overdue", late, "", "#finalists"),
        ("todo_free", full.free if full.open else 0, "", "#next"),
        ("todo_draw", int(full.can_draw and not full.can_announce and not _open(coming)), "", "#next"),
        ("todo_announce", int(full.can_announce), "", "#next"),
        # Once the decision is frozen the evening has been: nobody prepares it any more.
        ("todo_papers", full.papers_once, "ballots.list", ""),
        ("todo_papers_differ", full.papers_differ, "ballots.list", ""),
        ("todo_questions", sum(each.unanswered for each in coming) * full.open, "", "#finalists"),
        ("todo_slides", bare * full.open, "", "#finalists"),
        ("todo_checks", due * full.open, "event.checklist", ""),
    )
    return [
        Link(
            words[name].format(count=count),
            path_to(language, route, call=call, pot=full.round) if route else here + place,
        )
        for name, count, route, place in counts
        if count
    ]


def _open(coming: Sequence[FullFinalist]) -> bool:
    return any(each.state is FinalistState.OFFERED for each in coming)


def _row(language: str, full: FullEvent, each: FullFinalist, call: str) -> FinalistRow:
    words = choices(language, "event_words")
    ready = [
        words["ready_note"] if each.noted else "",
        words["ready_slides"] if each.slides else "",
        words["ready_questions"].format(asked=each.questions, answered=each.questions - each.unanswered)
        if each.questions
        else "",
    ]
    acts = [(FinalistState.CONFIRMED, words["says_yes"])] if each.can_confirm else []
    acts += [(FinalistState.DECLINED, words["says_no"])] if each.can_decline else []
    return FinalistRow(
        application=each.application,
        href=path_to(language, "event.team", call=call, pot=full.round, code=each.application),
        title=each.title,
        place=each.place,
        number=str(each.number or ""),
        state=words["gone"] if each.gone else label(language, each.state),
        tone="mute" if each.gone else TONES[each.state],
        due=formats.moment(language, each.answer_due_at, ZoneInfo(full.timezone))
        if each.state is FinalistState.OFFERED
        else "",
        overdue=each.overdue,
        prepared=" · ".join(part for part in ready if part),
        version=each.version,
        acts=[(state.value, said) for state, said in acts],
    )


def _departing(language: str, each: Departing) -> DepartingView:
    words = choices(language, "event_words")
    state = "waits" if each.waits else "alone" if each.alone and not each.confirmed_by else "confirmed"
    return DepartingView(
        application=each.application,
        title=each.title,
        kind=words["raised" if each.raised else "passed"],
        reason=each.reason,
        by=each.decided_by,
        seen=each.decided_at.isoformat(),
        state=words[f"departing_{state}"],
        tone="warn" if each.waits else "ok",
        can_confirm=each.waits and not each.mine,
    )


@router.get("/setup", name="event.edit")
def edit(here: AtEvening) -> Response:
    full = full_event(*here.round, here.now)
    form = Form(EventForm, "event", here.language, typed_event(full))
    return _edit(here, full, form).response(here.request)


@router.post("/setup", name="event.save")
def save(here: AtEvening, form: SetUpForm, typed: Typed) -> Response:
    full = full_event(*here.round, here.now)
    try:
        given = form.value().given(ZoneInfo(full.timezone))
        save_event(*here.round, number(typed, "version"), given, here.now)
    except Invalid as error:
        refused = form.refused(renamed(error, {"starts_at": "starts_day"}))
        return _edit(here, full, refused).response(here.request, 422)
    except Stale:
        return _edit(here, full, form, stale=True).response(here.request, 409)
    return here.done("event.show", "event_saved")


def _edit(here: Here, full: FullEvent, form: Form[EventForm], *, stale: bool = False) -> EventEdit:
    view = form.fields["place"]
    return EventEdit(
        call=here.call,
        call_title=here.title,
        pot=full.round,
        name=text_in(here.language, full.name) or full.round,
        zone=full.timezone,
        version=full.version,
        place=[
            replace(each, label=f"{view.label}: {each.label}")
            for each in language_fields(form, view, "place")
        ],
        form=form,
        stale=stale,
    )


def _act(here: Here, act: Callable[[], object], done: str) -> Response:
    """One press of the hub: what it refuses stands at its top."""
    try:
        count = act()
    except Stale:
        return hub_page(here, stale=True).response(here.request, 409)
    except Conflict as error:
        return hub_page(here, refused=here.said(error)).response(here.request, 409)
    return here.done("event.show", done, count=count if isinstance(count, int) else None)


Step = Callable[[Session, Coordinator, str, int, datetime], object]


def _step(here: Here, typed: Typed, step: Step, done: str) -> Response:
    """A step of the whole evening, pressed on the version that the form names."""
    return _act(here, lambda: step(*here.round, number(typed, "version"), here.now), done)


@router.post("/name", name="event.name")
def name_now(here: AtEvening, typed: Typed) -> Response:
    return _step(here, typed, name_finalists, "finalists_named")


@router.post("/next", name="event.offer_next")
def offer_now(here: AtEvening, typed: Typed) -> Response:
    return _step(here, typed, offer_next, "finalist_offered")


@router.post("/draw", name="event.draw")
def draw_now(here: AtEvening, typed: Typed) -> Response:
    return _step(here, typed, draw_running_order, "order_drawn")


@router.post("/announce", name="event.announce")
def announce_now(here: AtEvening, typed: Typed) -> Response:
    return _step(here, typed, announce_finalists, "finalists_announced")


@router.post("/answer", name="event.answer")
def answer_now(here: AtEvening, typed: Typed) -> Response:
    seen, code = number(typed, "version"), one(typed, "application")
    state = FinalistState.CONFIRMED if one(typed, "state") == "confirmed" else FinalistState.DECLINED
    return _act(here, lambda: answer_for(*here.round, code, state, seen, here.now), DONE[state])


@router.post("/departing", name="event.depart")
def depart_now(here: AtEvening, form: DepartForm) -> Response:
    try:
        given = form.value()
        return _act(here, lambda: depart(*here.round, given, here.now), "departing_saved")
    except Invalid as error:
        return hub_page(here, form=form.refused(error)).response(here.request, 422)


@router.post("/departing/confirm", name="event.confirm_departing")
def confirm_now(here: AtEvening, typed: Typed) -> Response:
    code, seen, act = one(typed, "application"), one(typed, "decided_at"), one(typed, "_action")
    if act == "take_back":
        return _act(here, lambda: take_back_departing(*here.round, code, here.now), "departing_taken_back")
    given = _confirmed(code, seen)
    return _act(here, lambda: confirm_departing(*here.round, given, here.now), "departing_confirmed")


def _confirmed(code: str, seen: str) -> DepartingConfirm:
    """What was read and is confirmed; a time that is none confirms nothing."""
    try:
        return DepartingConfirm.model_validate({"application": code, "decided_at": seen})
    except ValueError:
        raise Stale from None

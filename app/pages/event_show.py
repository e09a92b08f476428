"""The run of the evening, its checklist, whom to call, and all that is printed of it."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from fastapi import APIRouter
from fastapi.responses import Response
from sqlmodel import Session

from app.database import session_on
from app.errors import Conflict, Invalid, NotFound, Stale
from app.events import checklist, contacts, show
from app.events.hub import event_name
from app.events.papers import CONTACTS, Said, paper_of, said_contacts
from app.events.show import SegmentInput
from app.messages import formats, label
from app.messages.labels import choices
from app.models.events import CheckItem
from app.pages.evening import AtEvening, Here
from app.pages.forms import Form, Typed, number, one, read_form
from app.pages.page import Page, text_in
from app.web.later import pdf_later
from app.web.sender import sender_for

router = APIRouter(prefix="/desk/{call}/event/{pot}")


@dataclass(frozen=True, slots=True)
class SegmentRow:
    """One part of the evening in words; `first` and `acts` are its buttons: (act, words).

    `first` says that it begins, and is missing once it has, or where it is left out.
    """

    code: str
    kind: str
    title: str
    team: str
    lang: str
    minutes: int
    starts: str
    began: str
    skipped: bool
    first: tuple[str, str] | None
    acts: Sequence[tuple[str, str]]


@dataclass(frozen=True, kw_only=True)
class EventRun(Page):
    """The plan with what really happened."""

    template = "event/run.html"
    call: str
    call_title: str
    pot: str
    name: str
    version: int
    late: str
    is_late: bool
    ends: str
    rows: Sequence[SegmentRow]
    set_up: bool
    form: Form[SegmentInput]
    refused: str
    stale: bool


@dataclass(frozen=True, slots=True)
class CheckRow:
    """One thing to do in words."""

    item: str
    words: str
    done: str
    due: bool


@dataclass(frozen=True, slots=True)
class CheckGroup:
    """Everything that is to be done by one time."""

    title: str
    rows: Sequence[CheckRow]


@dataclass(frozen=True, kw_only=True)
class EventChecklist(Page):
    """What is to be done, by when, and what is done."""

    template = "event/checklist.html"
    call: str
    call_title: str
    pot: str
    name: str
    done: int
    total: int
    groups: Sequence[CheckGroup]


@dataclass(frozen=True, slots=True)
class ContactGroup:
    """Those who are called for the same reason."""

    title: str
    rows: Sequence[Said]


@dataclass(frozen=True, kw_only=True)
class EventContacts(Page):
    """Whom to call; to be printed, too."""

    template = "event/contacts.html"
    call: str
    call_title: str
    pot: str
    name: str
    groups: Sequence[ContactGroup]


ACTS = ("less", "more", "up", "down", "skip", "remove")


def _name(here: Here) -> tuple[str, str]:
    name, zone = event_name(*here.round)
    return text_in(here.language, name) or here.pot, zone


@router.get("/run", name="event.run")
def show_run(here: AtEvening) -> Response:
    return _run(here).response(here.request)


@router.post("/run", name="event.change_run")
def change_run(here: AtEvening, typed: Typed) -> Response:
    act, seen, code = one(typed, "_action"), number(typed, "version"), one(typed, "segment")
    form = None
    try:
        if act == "plan":
            show.plan(*here.round, seen, here.now)
        elif act == "add":
            form = read_form(SegmentInput, "segment", here.language, typed)
            show.add_segment(*here.round, seen, form.value())
        else:
            show.change_segment(*here.round, seen, code, act, here.now)
    except Invalid as error:
        return _run(here, form=form.refused(error) if form else None).response(here.request, 422)
    except Stale:
        return _run(here, stale=True).response(here.request, 409)
    except Conflict as error:
        return _run(here, refused=here.said(error)).response(here.request, 409)
    anchor = f"segment-{code}" if code and act != "remove" else ""
    return here.done("event.run", "run_changed", anchor=anchor)


def _run(
    here: Here,
    *,
    form: Form[SegmentInput] | None = None,
    refused: str = "",
    stale: bool = False,
) -> EventRun:
    language = here.language
    name, zone = _name(here)
    found = show.show(*here.round, here.now)
    words, kinds = choices(language, "event_words"), choices(language, "segment_kind")
    late = found.behind
    return EventRun(
        call=here.call,
        call_title=here.title,
        pot=here.pot,
        name=name,
        version=found.version,
        late="" if late is None else late_in_words(language, late),
        is_late=late is not None and late > 0,
        ends=formats.clock(found.ends_at, ZoneInfo(zone)) if found.ends_at else "",
        rows=[
            SegmentRow(
                code=each.code,
                kind=f"{kinds[each.kind]} {each.number}" if each.number else kinds[each.kind],
                title=each.title or each.words,
                team=each.team,
                lang=each.language,
                minutes=each.minutes,
                starts=formats.clock(each.starts_at, ZoneInfo(zone)),
                began=formats.clock(each.began_at, ZoneInfo(zone)) if each.began_at else "",
                skipped=each.skipped,
                first=None if each.began_at or each.skipped else ("begin", words["act_begin"]),
                acts=[
                    (act, words[f"act_{act}"]) for act in (*(("not_begun",) if each.began_at else ()), *ACTS)
                ],
            )
            for each in found.segments
        ],
        set_up=found.version > 0,
        form=form or Form(SegmentInput, "segment", language, {"kind": "other", "minutes": "5"}),
        refused=refused,
        stale=stale,
    )


def late_in_words(language: str, minutes: int) -> str:
    """ "Behind by: 6 min", "Ahead by: 2 min", or that it runs as planned."""
    words = choices(language, "event_words")
    if minutes == 0:
        return words["on_time"]
    return words["behind" if minutes > 0 else "ahead"].format(minutes=abs(minutes))


@router.get("/checklist", name="event.checklist")
def show_checklist(here: AtEvening) -> Response:
    language = here.language
    name, zone = _name(here)
    found = checklist.checklist(*here.round, here.now)
    words = choices(language, "event_words")
    groups = []
    for title, before in (("week", checklist.WEEK), ("day", checklist.DAY), ("hours", checklist.HOURS)):
        rows = [each for each in found if checklist.BEFORE[each.item] == before]
        due_at = rows[0].due_at
        by = f": {formats.moment(language, due_at, ZoneInfo(zone))}" if due_at else ""
        groups.append(
            CheckGroup(
                words[f"before_{title}"] + by,
                [
                    CheckRow(
                        each.item.value,
                        label(language, each.item),
                        formats.moment(language, each.done_at, ZoneInfo(zone)) if each.done_at else "",
                        each.due,
                    )
                    for each in rows
                ],
            )
        )
    return EventChecklist(
        call=here.call,
        call_title=here.title,
        pot=here.pot,
        name=name,
        done=sum(each.done_at is not None for each in found),
        total=len(found),
        groups=groups,
    ).response(here.request)


@router.post("/checklist", name="event.check")
def check(here: AtEvening, typed: Typed) -> Response:
    try:
        item = CheckItem(one(typed, "item"))
    except ValueError:
        raise NotFound from None
    checklist.tick_item(*here.round, item, one(typed, "done") == "yes", here.now)
    return here.done("event.checklist", "checked", anchor=f"item-{item.value}")


@router.get("/contacts", name="event.contacts")
def show_contacts(here: AtEvening) -> Response:
    name, _ = _name(here)
    with _unit(here) as own:
        found = contacts.contacts(own, here.coordinator, here.pot, here.now)
    words = choices(here.language, "event_words")
    return EventContacts(
        call=here.call,
        call_title=here.title,
        pot=here.pot,
        name=name,
        groups=[
            ContactGroup(words[f"contacts_{code}"], rows)
            for code, rows in said_contacts(here.language, found)
        ],
    ).response(here.request)


@contextmanager
def _unit(here: Here) -> Iterator[Session]:
    """That finalists' telephones were read is written down, in a short unit of its own."""
    with session_on(here.request.state.engine) as own, own.begin():
        yield own


@router.get("/papers/{paper}", name="event.paper")
def paper(here: AtEvening, paper: str) -> Response:
    sender = sender_for(here.request, here.language)
    given = (here.coordinator, here.pot, paper, here.language, sender, here.now)
    if paper == CONTACTS:
        with _unit(here) as own:
            made = paper_of(own, *given)
    else:
        made = paper_of(here.session, *given)
    return pdf_later(f"{paper}-{here.call}.pdf", made)

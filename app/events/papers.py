"""What is printed of an evening: running order, checklist, door list, ballots. From data, not pages."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from zoneinfo import ZoneInfo

from sqlmodel import Session, col, select

from app.accounts.actors import Coordinator
from app.calls.titles import call_title
from app.decisions.held import round_of
from app.documents.evening import Ballot, Cell, EveningPaper, evening_pdf
from app.documents.sender import Sender
from app.errors import NotFound
from app.events.audience import door
from app.events.checklist import checklist
from app.events.contacts import Contacts, Reached, contacts
from app.events.hub import event_name
from app.events.notes import spoken_notes
from app.events.running_order import public_finalists
from app.events.show import show
from app.messages import formats, label
from app.messages.answers import in_language
from app.messages.labels import choices
from app.models.calls import AwardRound, Call, Criterion
from app.models.events import AttendeeState, Event
from app.models.keys import key_of

CONTACTS = "contacts"
PAPERS = ("order", "checklist", "door", "ballots", CONTACTS)


@dataclass(frozen=True, slots=True)
class Said:
    """One who can be called, in words; `dial` is the number as a telephone takes it, `speaks` a language."""

    name: str
    about: str
    phone: str
    dial: str
    email: str
    speaks: str


def paper_of(
    session: Session,
    coordinator: Coordinator,
    round_code: str,
    paper: str,
    language: str,
    sender: Sender,
    now: datetime,
) -> Callable[[], bytes]:
    """What makes one of the papers; NotFound for any other. All that it holds is read now."""
    pot = round_of(session, coordinator, round_code)
    if paper not in PAPERS:
        raise NotFound
    name, timezone = event_name(session, coordinator, round_code)
    zone, words = ZoneInfo(timezone), choices(language, "event_words")
    found = session.get(Event, pot.id)
    lines = []
    if found is not None:
        lines = [
            formats.moment(language, found.starts_at, zone),
            in_language(language, found.place),
        ]
    said = EveningPaper(
        language=language,
        call=call_title(session, coordinator, language),
        title=words[f"paper_{paper}"],
        event=in_language(language, name),
        lines=[each for each in lines if each],
        at=now,
    )
    given = (session, coordinator, pot, language, zone, now)
    if paper == "ballots":
        return partial(evening_pdf, said, sender, ballots=_ballots(session, pot, language))
    columns, rows = {"order": _order, "checklist": _checks, "door": _door, CONTACTS: _called}[paper](*given)
    return partial(evening_pdf, said, sender, columns=columns, rows=rows)


Table = tuple[list[tuple[str, bool]], list[list[Cell]]]


def _order(
    session: Session,
    coordinator: Coordinator,
    pot: AwardRound,
    language: str,
    zone: ZoneInfo,
    now: datetime,
) -> Table:
    """The whole evening by its plan, with what the presenter reads out; without a plan the teams alone."""
    words, kinds = choices(language, "event_words"), choices(language, "segment_kind")
    spoken = spoken_notes(session, coordinator, pot.code)
    cards = {each.slot: each for each in public_finalists(session, key_of(pot.id))}

    def said(slot: int) -> str:
        note = spoken.get(slot)
        if note is None:
            return ""
        return _lines(note.spoken_title, note.pronunciation, note.stage_text)

    found = show(session, coordinator, pot.code, now).segments
    names = ("col_time", "col_part", "col_team", "col_said", "col_minutes")
    columns = [(words[name], name == "col_minutes") for name in names]
    if found:
        return columns, [
            [
                Cell(formats.clock(each.starts_at, zone)),
                Cell(f"{kinds[each.kind]} {each.number}" if each.number else kinds[each.kind]),
                Cell(
                    "\n".join(part for part in (each.title or each.words, each.team) if part), each.language
                ),
                Cell(said(each.slot or 0), each.language),
                Cell(str(each.minutes)),
            ]
            for each in found
            if not each.skipped
        ]
    return columns, [
        [
            Cell(""),
            Cell(f"{kinds['pitch']} {each.number}"),
            Cell(_lines(each.title, each.team), each.language),
            Cell(said(slot), each.language),
            Cell(""),
        ]
        for slot, each in sorted(cards.items())
    ]


def _lines(*parts: str) -> str:
    return "\n".join(part for part in parts if part)


def _checks(
    session: Session,
    coordinator: Coordinator,
    pot: AwardRound,
    language: str,
    zone: ZoneInfo,
    now: datetime,
) -> Table:
    words = choices(language, "event_words")
    columns = [(words["col_done"], False), (words["col_what"], False), (words["col_until"], False)]
    return columns, [
        [
            Cell("", box=True, ticked=each.done_at is not None),
            Cell(label(language, each.item)),
            Cell(formats.moment(language, each.due_at, zone) if each.due_at else ""),
        ]
        for each in checklist(session, coordinator, pot.code, now)
    ]


def _door(
    session: Session,
    coordinator: Coordinator,
    pot: AwardRound,
    language: str,
    zone: ZoneInfo,
    now: datetime,
) -> Table:
    """Who has a place, by name, then who waits."""
    words = choices(language, "event_words")
    columns = [(words[name], False) for name in ("col_came", "col_name", "col_state", "col_needs")]
    people = door(session, coordinator, pot.code, now).people
    people = sorted(people, key=lambda each: each.state is not AttendeeState.CONFIRMED)
    return columns, [
        [
            Cell("", box=True, ticked=each.came_at is not None),
            Cell(each.name),
            Cell(label(language, each.state)),
            Cell(each.needs),
        ]
        for each in people
    ]


def said_contacts(language: str, found: Contacts) -> list[tuple[str, list[Said]]]:
    """Whom to call, group by group, the most urgent first; a group of nobody is left out."""
    spoken = choices(language, "languages")

    def said(each: Reached, name: str, about: str) -> Said:
        dial = re.sub(r"[^+\d]", "", each.phone)
        return Said(name, about, each.phone, dial, each.email, spoken.get(each.language, ""))

    groups = [
        (
            "jurors",
            [
                said(each, f"{each.number}. {each.name}", in_language(language, each.organisation_name))
                for each in found.jurors
            ],
        ),
        (
            "finalists",
            [
                said(each, f"{each.number}. {each.name or each.team}", _lines(each.about, each.team))
                for each in found.finalists
            ],
        ),
        ("organisers", [said(each, each.name or each.email, "") for each in found.organisers]),
        ("partners", [said(each, each.name or each.email, each.about) for each in found.partners]),
    ]
    return [(code, rows) for code, rows in groups if rows]


def _called(
    session: Session,
    coordinator: Coordinator,
    pot: AwardRound,
    language: str,
    zone: ZoneInfo,
    now: datetime,
) -> Table:
    words = choices(language, "event_words")
    columns = [
        (words[name], False) for name in ("col_group", "col_name", "col_team", "col_phone", "col_mail")
    ]
    found = contacts(session, coordinator, pot.code, now)
    return columns, [
        [
            Cell(words[f"contacts_{code}"]),
            Cell(_lines(each.name, each.speaks)),
            Cell(each.about),
            Cell(each.phone),
            Cell(each.email),
        ]
        for code, rows in said_contacts(language, found)
        for each in rows
    ]


def _anchors(language: str, criterion: Criterion) -> list[tuple[str, str]]:
    """Each score that is described, in whole words as on the phones: one builds upon the one before."""
    scores = range(criterion.scale_min, criterion.scale_max + 1)
    said = [(str(each), in_language(language, criterion.anchors.get(str(each), {}))) for each in scores]
    return [(score, words) for score, words in said if words]


def _ballots(session: Session, pot: AwardRound, language: str) -> list[Ballot]:
    """A sheet for each team in the order in which they pitch; a blank one before they are announced."""
    rows = session.exec(
        select(Criterion)
        .join(Call, col(Call.id) == col(Criterion.call_id))
        .where(Criterion.call_id == pot.call_id)
        .order_by(col(Criterion.position))
    ).all()
    wanted = set(pot.pitch_criteria)
    criteria = [
        (
            in_language(language, each.title),
            [str(score) for score in range(each.scale_min, each.scale_max + 1)],
            _anchors(language, each),
        )
        for each in rows
        if not wanted or each.code in wanted
    ]
    teams = [
        (str(each.number), each.title, each.team, each.language)
        for each in public_finalists(session, key_of(pot.id))
    ]
    return [Ballot(*team, criteria) for team in teams or [("", "", "", "")]]

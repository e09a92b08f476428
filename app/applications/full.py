"""What a coordinator sees of the applications of a call: everything that was sent, drafts only as numbers.

The identity half is read by functions of their own, each of which leaves a line in the log.
"""

from collections.abc import Sequence
from datetime import date, datetime
from functools import cache
from itertools import groupby
from typing import Any

from pydantic import BaseModel, ConfigDict
from sqlalchemy import bindparam, func, select
from sqlmodel import Session, col

from app.accounts.actors import Coordinator
from app.applications.counted import IS_COUNTED_SENDING
from app.applications.due import due_of, extendable
from app.applications.readable import Readable, sent_file
from app.applications.search import folded
from app.applications.sifting import Sieve
from app.applications.traces import says
from app.applications.typed_codes import meant
from app.audit.record import record
from app.calls.eligibility import Verdict
from app.calls.lifting import refuse_hidden
from app.calls.phase import phase
from app.errors import NotFound
from app.leaks.kinds import Kind as LeakKind
from app.leaks.places import TEXT, TITLE, text_at, words_at
from app.models.applications import Application, Channel, History, Packet, Sending, Status
from app.models.calls import Call
from app.models.files import FileKind
from app.models.panel import PanelMember
from app.models.people import Applicant, Assistance, Extension, Identity, OriginalFile, Person, SentLeak
from app.sections.catalogue import CATALOGUE

EVERYTHING = Sieve()


class Full(BaseModel):
    """Read models of the coordinator's side."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class FullLine(Full):
    """One application in the coordinator's list."""

    ref: str
    code: str
    title: str
    status: Status
    language: str
    requested_minor: int | None
    sent_at: datetime


class FullList(Full):
    """One page of the list; `total` is of all pages, `drafts` were never sent."""

    lines: list[FullLine]
    total: int
    drafts: int
    withdrawn: int


class FullMove(Full):
    """One step of an application's life."""

    move: str
    at: datetime


class FullCheck(Full):
    """What was answered in the eligibility check before the application began: question -> answer."""

    answers: dict[str, str]
    verdict: Verdict


class FullFile(Full):
    """One file as reviewers see it."""

    number: int
    kind: FileKind
    title: str
    media_type: str
    size: int
    width: int
    height: int
    pages: int


class FullOriginal(Full):
    """The same file as it was uploaded."""

    number: int
    name: str
    media_type: str
    size: int


class FullEntered(Full):
    """That a coordinator typed it in for its owner: who, how it came, and when."""

    channel: Channel
    received_on: date
    by: str


class FullApplication(Full):
    """What was sent, without who sent it. `sections`: section code -> its answers.

    `checked` is None where the applicant did not take the eligibility check.
    `due_at` is its own deadline, later than the call's where a coordinator moved it to `extended_to`.
    """

    ref: str
    code: str
    title: str
    status: Status
    language: str
    number: int
    sent_at: datetime
    due_at: datetime | None
    extended_to: datetime | None
    sections: dict[str, dict[str, Any]]
    themes: list[dict[str, Any]]
    priorities: list[dict[str, Any]]
    own_question: dict[str, Any]
    history: list[FullMove]
    checked: FullCheck | None
    entered: FullEntered | None
    files: list[FullFile]


class FullLeak(Full):
    """A place in what was sent that may give the applicant away; `left`: its team left it to the coordinator.

    `field` is `question` or `table.<row id>.question` of `section`, or `title` or `text` of the file `file`.
    `spans` are pairs of from and up to, in code points; `words` is what stands there.
    """

    kind: LeakKind
    sure: bool
    section: str
    field: str
    file: int | None
    spans: list[tuple[int, int]]
    words: list[str]
    left: bool


class FullIdentity(Full):
    """Who stands behind one sending; each reading of it is in the log. `files` are what was uploaded.

    `leaks` are here, since they say which words of the answers are somebody's name.
    """

    display_name: str
    sections: dict[str, dict[str, Any]]
    files: list[FullOriginal]
    leaks: list[FullLeak]


class FullExtensionStep(Full):
    """One time that a deadline was moved, or (without `until`) moved back. `by` is the coordinator's name."""

    until: datetime | None
    reason: str
    by: str
    given_at: datetime


class FullExtension(Full):
    """The deadline of one application, sent or not, and each time it was moved; nothing that was written.

    `version` counts these times. `extended_to` is in force; `due_at` is later where everybody's closing is.
    `can_change`: whether it may still be moved; `can_take_back`: whether the later one still lasts.
    """

    ref: str
    status: Status
    due_at: datetime | None
    extended_to: datetime | None
    version: int
    can_change: bool
    can_take_back: bool
    steps: list[FullExtensionStep]


LINE: tuple[Any, ...] = (
    col(Application.ref),
    col(Application.code),
    col(Packet.title),
    col(Application.status),
    col(Packet.language),
    col(Packet.requested_minor),
    col(Sending.sent_at),
)


def full_list(
    session: Session,
    coordinator: Coordinator,
    *,
    search: str = "",
    sieve: Sieve = EVERYTHING,
    limit: int = 50,
    offset: int = 0,
) -> FullList:
    """Applications that count, by reference, and of them what the sieve lets through.

    `search` looks in references, codes and titles, and for each of its words in the texts that were sent.
    """
    counts = _counts(session, coordinator)
    sent = sum(number for (_, counted), number in counts.items() if counted)
    drafts, withdrawn = counts.get((Status.DRAFT, False), 0), counts.get((Status.WITHDRAWN, False), 0)
    statement = sieve.sift(_sent(coordinator, *LINE)).order_by(col(Application.ref))
    wanted, named = folded(search), meant(search)
    if not wanted:
        total = sent if sieve.empty else _number(session, coordinator, sieve)
        rows: Sequence[Any] = session.execute(statement.limit(limit).offset(offset)).all()
        return FullList(lines=_lines(rows), total=total, drafts=drafts, withdrawn=withdrawn)
    rows = [
        row
        for row in session.execute(statement.add_columns(says(search).label("says")))
        if row.says or named in {row.ref, row.code} or wanted in folded(f"{row.ref} {row.code} {row.title}")
    ]
    lines = _lines(rows[offset : offset + limit])
    return FullList(lines=lines, total=len(rows), drafts=drafts, withdrawn=withdrawn)


def full_one(session: Session, coordinator: Coordinator, ref: str) -> FullApplication:
    """One application as it was last sent; a draft that never was does not exist here."""
    statement = _sent(
        coordinator, *LINE, *_DUE, col(Application.id), col(Sending.number), col(Packet.data)
    ).add_columns(
        col(Call.themes),
        col(Call.priorities),
        col(Call.own_question),
        col(Application.checked),
        col(Packet.files),
    )
    row = session.execute(
        statement.join(Call, col(Call.id) == col(Application.call_id)).where(col(Application.ref) == ref)
    ).one_or_none()
    if row is None:
        raise NotFound
    moves = session.execute(
        select(col(History.move), col(History.at))
        .where(col(History.application_id) == row.id)
        .order_by(col(History.id))
    )
    return FullApplication(
        ref=row.ref,
        code=row.code,
        title=row.title,
        status=row.status,
        language=row.language,
        number=row.number,
        sent_at=row.sent_at,
        due_at=due_of(row, row).closes_at,
        extended_to=row.extended_to,
        sections=_in_order(row.data),
        themes=row.themes,
        priorities=row.priorities,
        own_question=row.own_question,
        history=[FullMove(move=move, at=at) for move, at in moves],
        checked=FullCheck(**row.checked) if row.checked else None,
        entered=_entered(session, row.id),
        files=[FullFile(**{name: each[name] for name in FullFile.model_fields}) for each in row.files],
    )


def _entered(session: Session, application_id: int) -> FullEntered | None:
    found = session.execute(
        select(col(Assistance.channel), col(Assistance.received_on), col(Person.name))
        .join(Person, col(Person.id) == col(Assistance.typed_by))
        .where(col(Assistance.application_id) == application_id)
    ).one_or_none()
    return FullEntered(channel=found[0], received_on=found[1], by=found[2]) if found else None


def clean_file(
    session: Session, coordinator: Coordinator, ref: str, number: int, *, preview: bool = False
) -> Readable:
    """A file of what counts, as reviewers see it."""
    row = session.execute(
        _sent(coordinator, col(Application.code), col(Packet.files)).where(col(Application.ref) == ref)
    ).one_or_none()
    if row is None:
        raise NotFound
    return sent_file(row.files, number, f"packet-{row.code}", preview=preview)


def original_file(
    session: Session, coordinator: Coordinator, ref: str, number: int, now: datetime
) -> Readable:
    """The same file as it was uploaded: it names people, so the reading of it is written down."""
    data = session.execute(_identities(coordinator, ref)).scalar_one_or_none() or {}
    found = next((each for each in data.get("files", ()) if each["number"] == number), None)
    if found is None:
        raise NotFound
    _log(session, coordinator, "identity.read", ref, 1, now)
    return Readable(found["sha256"], found["media_type"], found["name"])


def _identities(coordinator: Coordinator, ref: str) -> Any:
    return (
        _sent(coordinator, col(Identity.data))
        .join(Identity, col(Identity.sending_id) == col(Sending.id))
        .where(col(Application.ref) == ref)
    )


def read_identity(session: Session, coordinator: Coordinator, ref: str, now: datetime) -> FullIdentity:
    """Who stands behind an application. This is written down: who looked, at what, when."""
    columns = (col(Identity.display_name), col(Identity.data), col(Sending.id), col(Packet.files))
    row = session.execute(
        _sent(coordinator, *columns, col(Packet.data).label("blind"))
        .join(Identity, col(Identity.sending_id) == col(Sending.id))
        .where(col(Application.ref) == ref)
    ).one_or_none()
    if row is None:
        raise NotFound
    _log(session, coordinator, "identity.read", ref, 1, now)
    originals = [
        FullOriginal(**{name: each[name] for name in FullOriginal.model_fields})
        for each in row.data.get("files", ())
    ]
    return FullIdentity(
        display_name=row.display_name,
        sections=_in_order(row.data),
        files=originals,
        leaks=_leaks(session, row),
    )


def _leaks(session: Session, row: Any) -> list[FullLeak]:
    """What was found when it was sent, with the words that stand there."""
    found = session.execute(
        select(SentLeak, col(OriginalFile.text))
        .join(OriginalFile, col(OriginalFile.file_id) == col(SentLeak.file_id), isouter=True)
        .where(col(SentLeak.sending_id) == row.id)
        .order_by(col(SentLeak.position))
    )
    titles = {each["number"]: each["title"] for each in row.files}
    leaks = []
    for leak, words in found:
        texts = {TITLE: titles.get(leak.file_number, ""), TEXT: words or ""}
        text = texts[leak.field] if leak.file_number else text_at(row.blind, leak.section, leak.field)
        leaks.append(
            FullLeak(
                kind=leak.kind,
                sure=leak.sure,
                section=leak.section,
                field=leak.field,
                file=leak.file_number,
                spans=leak.spans,
                words=words_at(text, leak.spans),
                left=leak.left_by_applicant,
            )
        )
    return leaks


def read_names(
    session: Session, coordinator: Coordinator, refs: Sequence[str], now: datetime
) -> dict[str, str]:
    """Reference -> name of who applies, for one page of the list; NamesHidden until the blind is lifted.

    This is written down as well.
    """
    refuse_hidden(session, coordinator, now)
    rows = session.execute(
        _sent(coordinator, col(Application.ref), col(Identity.display_name))
        .join(Identity, col(Identity.sending_id) == col(Sending.id))
        .where(col(Application.ref).in_(refs))
    ).all()
    _log(session, coordinator, "identity.list", "", len(rows), now)
    return dict(rows)


def full_extensions(session: Session, coordinator: Coordinator, now: datetime) -> list[FullExtension]:
    """Every application of the call whose own deadline was moved, by reference."""
    return _extensions(session, coordinator, now)


def full_extension(session: Session, coordinator: Coordinator, ref: str, now: datetime) -> FullExtension:
    """The deadline of one application, a draft too: its reference is what somebody tells on the telephone."""
    found = _extensions(session, coordinator, now, ref)
    if not found:
        raise NotFound
    return found[0]


def _extensions(
    session: Session, coordinator: Coordinator, now: datetime, ref: str | None = None
) -> list[FullExtension]:
    """One query. Without a reference those alone that were moved."""
    columns: tuple[Any, ...] = (
        col(Extension.until),
        col(Extension.reason),
        col(Person.name).label("by"),
        col(Extension.given_at),
    )
    statement = (
        select(col(Application.id), col(Application.ref), col(Application.status), *_DUE, *columns)
        .select_from(Application)
        .join(Call, col(Call.id) == col(Application.call_id))
        .join(Extension, col(Extension.application_id) == col(Application.id), isouter=ref is not None)
        .join(Person, col(Person.id) == col(Extension.given_by), isouter=ref is not None)
        .where(col(Application.call_id) == coordinator.call_id)
        .order_by(col(Application.ref), col(Extension.number))
    )
    if ref is not None:
        statement = statement.where(col(Application.ref) == ref)
    rows = session.execute(statement).all()
    return [_extension(list(same), now) for _, same in groupby(rows, key=lambda row: row.ref)]


_DUE: tuple[Any, ...] = (
    col(Application.created_at),
    col(Application.extended_to),
    col(Call.closes_at),
    col(Call.grace_minutes),
    col(Call.opened_at),
    col(Call.opens_at),
    col(Call.reviewing_opened_at),
    col(Call.reviewing_closed_at),
    col(Call.decided_at),
    col(Call.published_at),
    col(Call.cancelled_at),
)


def _extension(rows: Sequence[Any], now: datetime) -> FullExtension:
    first = rows[0]
    due = due_of(first, first)
    movable = extendable(phase(first, now), first.status)
    return FullExtension(
        ref=first.ref,
        status=first.status,
        due_at=due.closes_at,
        extended_to=first.extended_to,
        version=sum(row.given_at is not None for row in rows),
        can_change=movable,
        can_take_back=movable and first.extended_to is not None and due.receives(now),
        steps=[
            FullExtensionStep(until=row.until, reason=row.reason, by=row.by, given_at=row.given_at)
            for row in rows
            if row.given_at is not None
        ],
    )


def applicants_on_panel(session: Session, call_id: int) -> set[tuple[str, str]]:
    """(panel member's code, spoken code) wherever somebody on the panel stands behind an application, or
    has typed it in for its owner: neither is blind to it."""
    rows = session.execute(
        select(col(PanelMember.code), col(Application.code))
        .join(Applicant, col(Applicant.person_id) == col(PanelMember.person_id))
        .join(
            Application,
            (col(Application.id) == col(Applicant.application_id)) & (col(Application.call_id) == call_id),
        )
        .where(col(PanelMember.call_id) == call_id)
    ).all()
    return {
        (member, application)
        for member, application in [*rows, *session.execute(_typists(), {"call": call_id})]
    }


@cache
def _typists() -> Any:
    """(panel member's code, spoken code) wherever somebody on the panel has typed an application in."""
    return (
        select(col(PanelMember.code), col(Application.code))
        .join(Application, col(Application.call_id) == col(PanelMember.call_id))
        .join(Assistance, col(Assistance.application_id) == col(Application.id))
        .where(
            col(PanelMember.call_id) == bindparam("call"),
            col(Assistance.typed_by) == col(PanelMember.person_id),
        )
    )


def _sent(coordinator: Coordinator, *columns: Any) -> Any:
    return (
        select(*columns)
        .select_from(Application)
        .join(Sending, IS_COUNTED_SENDING)
        .join(Packet, col(Packet.sending_id) == col(Sending.id))
        .where(col(Application.call_id) == coordinator.call_id)
    )


def _in_order(data: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Sections in the catalogue's order: PostgreSQL keeps none of its own."""
    return {section: data[section] for section in CATALOGUE if section in data}


def _counts(session: Session, coordinator: Coordinator) -> dict[tuple[Status, bool], int]:
    counted = col(Application.counts_number).is_not(None)
    rows = session.execute(
        select(col(Application.status), counted.label("counted"), func.count())
        .where(col(Application.call_id) == coordinator.call_id)
        .group_by(col(Application.status), counted)
    ).all()
    return {(status, bool(is_counted)): number for status, is_counted, number in rows}


def _lines(rows: Sequence[Any]) -> list[FullLine]:
    names = FullLine.model_fields
    return [FullLine.model_construct(**{name: row._mapping[name] for name in names}) for row in rows]


def _number(session: Session, coordinator: Coordinator, sieve: Sieve) -> int:
    return int(session.execute(sieve.sift(_sent(coordinator, func.count()))).scalar_one())


def _log(
    session: Session, coordinator: Coordinator, action: str, ref: str, count: int, now: datetime
) -> None:
    record(
        session,
        action,
        now=now,
        person_id=coordinator.person_id,
        call_id=coordinator.call_id,
        subject=ref,
        detail={"count": count},
    )

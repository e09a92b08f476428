"""What a coordinator has to clear before reviewers read it, and what was decided of it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import cache
from typing import Any

from pydantic import BaseModel, ConfigDict
from sqlalchemy import String, and_, bindparam, case, cast, func, or_, select
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from app.accounts.actors import Coordinator
from app.applications.corrections import CorrectionChange
from app.applications.counted import IS_COUNTED_SENDING
from app.applications.coverings import (
    FILES,
    FileHow,
    TextHow,
    cleared_copy,
    how_of,
    place_key,
    standing,
    stands_in,
    texts_of,
)
from app.applications.readable import Readable, sent_file
from app.applications.status import OUT
from app.audit.record import record
from app.errors import NotFound
from app.leaks.kinds import Kind
from app.leaks.places import TEXT
from app.models.applications import Application, Packet, Sending, Status
from app.models.calls import Call
from app.models.files import ApplicationFile, FileKind
from app.models.people import OriginalFile, Redaction, SentLeak
from app.models.redaction import ClearedPacket
from app.sections.catalogue import CATALOGUE

REVIEWED = (Status.DRAFT, Status.SENT, Status.IN_REVIEW)
"""What reviewers have before them, or will have: a draft that was taken back is reviewed as it was sent."""


class RedactionState(StrEnum):
    """Where an application stands in the queue."""

    FOUND = "found"
    """Not cleared; something was found, or it has a file, or it was begun: it is looked at by itself."""
    PLAIN = "plain"
    """Not cleared; nothing was found and there is no file: it can be cleared with all others like it."""
    CHANGED = "changed"
    """Cleared, but something was sent or decided since: reviewers keep what was cleared."""
    CLEARED = "cleared"


class _Read(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class RedactionLine(_Read):
    """One application of the queue. `found` counts places that may give its applicant away."""

    ref: str
    code: str
    title: str
    language: str
    state: RedactionState
    found: int
    files: int
    cleared_at: datetime | None


class RedactionCounts(_Read):
    """How many applications stand where."""

    found: int = 0
    plain: int = 0
    changed: int = 0
    cleared: int = 0

    @property
    def open(self) -> int:
        """How many keep reviewing from opening."""
        return self.found + self.plain + self.changed


class RedactionList(_Read):
    """One page of the queue; `total` is of all pages."""

    lines: list[RedactionLine]
    total: int
    counts: RedactionCounts


class RedactionSpan(_Read):
    """One place in a text, from and up to in code points. `left`: its team left it to the coordinator."""

    start: int
    end: int
    kind: Kind
    sure: bool
    left: bool


class RedactionText(_Read):
    """One text. `place` is `section.field` or `files.<number>.title`; `how` is None while it is undecided.

    `reads` is what reviewers would read; `knowingly`: words left in it that may say who
    applies.
    """

    place: str
    section: str
    field: str
    text: str
    spans: list[RedactionSpan]
    how: TextHow | None
    reads: str
    knowingly: list[str]


class RedactionFile(_Read):
    """One picture or document. `text` is what could be read in a document; of one that reviewers get in other
    words, `words` are those, and `knowingly` those left in them that may say who applies. `areas`: which of
    nine parts of a picture are blurred; none is all of it."""

    number: int
    kind: FileKind
    title: str
    media_type: str
    size: int
    width: int
    height: int
    pages: int
    text: str
    spans: list[RedactionSpan]
    how: FileHow | None
    areas: list[int]
    words: str
    knowingly: list[str]


class FullRedaction(_Read):
    """One application in the queue. `number` is the sending that counts, `version` that of the decisions.

    `undecided` counts what keeps it from being cleared. `sections` is what was sent; `change` is what
    reviewers read today beside what they would read, where something was cleared before.
    """

    ref: str
    code: str
    title: str
    language: str
    state: RedactionState
    number: int
    version: int
    undecided: int
    cleared_at: datetime | None
    cleared_number: int | None
    texts: list[RedactionText]
    files: list[RedactionFile]
    sections: dict[str, dict[str, Any]]
    change: CorrectionChange | None
    themes: list[dict[str, Any]]
    priorities: list[dict[str, Any]]
    own_question: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Decisions:
    """What was decided so far; version 0 is nothing."""

    version: int
    texts: dict[str, Any]
    files: dict[str, Any]


HAS_FILES = cast(col(Packet.files), String) != "[]"
FOUND = func.coalesce(
    select(func.count()).where(col(SentLeak.sending_id) == col(Sending.id)).scalar_subquery(), 0
)


def _is_stale(application: Any) -> Any:
    """Whether what was cleared is not what counts now, or not as it was decided last."""
    return or_(
        col(ClearedPacket.number) != col(application.counts_number),
        col(ClearedPacket.redaction) != func.coalesce(col(Redaction.version), 0),
    )


IS_PLAIN = and_(
    col(ClearedPacket.application_id).is_(None),
    col(Redaction.application_id).is_(None),
    ~HAS_FILES,
    ~select(col(SentLeak.id)).where(col(SentLeak.sending_id) == col(Sending.id)).exists(),
)
"""Nothing was found, there is no picture or document, and nobody has begun to decide anything."""
STATE = case(
    (IS_PLAIN, RedactionState.PLAIN.value),
    (col(ClearedPacket.application_id).is_(None), RedactionState.FOUND.value),
    (_is_stale(Application), RedactionState.CHANGED.value),
    else_=RedactionState.CLEARED.value,
)


def of_queue(*columns: Any) -> Any:
    """A statement on all applications of a call that count, with what is cleared and decided of them."""
    return (
        select(*columns)
        .select_from(Application)
        .join(Sending, IS_COUNTED_SENDING)
        .join(Packet, col(Packet.sending_id) == col(Sending.id))
        .outerjoin(ClearedPacket, col(ClearedPacket.application_id) == col(Application.id))
        .outerjoin(Redaction, col(Redaction.application_id) == col(Application.id))
        .where(
            col(Application.call_id) == bindparam("call"),
            col(Application.status).not_in(sorted(OUT)),
            ~col(Application.imported),
        )
    )


def redaction_counts(session: Session, call_id: int) -> RedactionCounts:
    """How many applications of a call stand where; one query, whatever their number."""
    return RedactionCounts(**dict(session.execute(_counting(), {"call": call_id}).all()))


def count_uncleared(session: Session, call_id: int) -> int:
    """How many applications that are to be reviewed keep reviewing from opening."""
    return int(session.execute(_uncleared(), {"call": call_id}).scalar_one())


def uncleared() -> Any:
    """The same as a value in a statement, for the `call` that it is given."""
    about = aliased(Application)
    return (
        select(func.count())
        .select_from(about)
        .outerjoin(ClearedPacket, col(ClearedPacket.application_id) == col(about.id))
        .outerjoin(Redaction, col(Redaction.application_id) == col(about.id))
        .where(
            col(about.call_id) == bindparam("call"),
            col(about.status).in_(REVIEWED),
            col(about.counts_number).is_not(None),
            or_(col(ClearedPacket.application_id).is_(None), _is_stale(about)),
        )
        .scalar_subquery()
    )


def redaction_list(
    session: Session,
    coordinator: Coordinator,
    *,
    state: RedactionState | None = None,
    limit: int = 50,
    offset: int = 0,
) -> RedactionList:
    """The queue, by code, or what of it stands in one state."""
    counts = redaction_counts(session, coordinator.call_id)
    statement = _listing() if state is None else _listing().where(state.value == STATE)
    rows = session.execute(statement.limit(limit).offset(offset), {"call": coordinator.call_id})
    lines = [
        RedactionLine(
            ref=row.ref,
            code=row.code,
            title=row.title,
            language=row.language,
            state=row.state,
            found=row.found,
            files=len(row.files),
            cleared_at=row.cleared_at,
        )
        for row in rows
    ]
    total = counts.open + counts.cleared if state is None else getattr(counts, state)
    return RedactionList(lines=lines, total=total, counts=counts)


def refs_in_queue(session: Session, coordinator: Coordinator, refs: Iterable[str]) -> frozenset[str]:
    """Which of these applications can be decided on here; nothing is asked for none."""
    wanted = sorted(set(refs))
    if not wanted:
        return frozenset()
    rows = session.execute(_in_queue(), {"call": coordinator.call_id, "refs": wanted})
    return frozenset(rows.scalars())


def next_uncleared(session: Session, coordinator: Coordinator, after: str) -> str:
    """The next application to be looked at by itself, in the order of the queue; empty where none is left."""
    rows = session.execute(_waiting(), {"call": coordinator.call_id}).all()
    own = next((row.code for row in rows if row.ref == after), None)
    if own is None:
        own = (
            session.execute(select(col(Application.code)).where(col(Application.ref) == after)).scalar() or ""
        )
    later = [row.ref for row in rows if row.code > own and row.ref != after]
    earlier = [row.ref for row in rows if row.code < own and row.ref != after]
    return next(iter([*later, *earlier]), "")


def read_redaction(session: Session, coordinator: Coordinator, ref: str, now: datetime) -> FullRedaction:
    """One application to decide on. Its marked words say who somebody is: this look is written down."""
    found = full_redaction(session, coordinator, ref)
    record(
        session,
        "identity.read",
        now=now,
        person_id=coordinator.person_id,
        call_id=coordinator.call_id,
        subject=ref,
        detail={"count": 1},
    )
    return found


def full_redaction(session: Session, coordinator: Coordinator, ref: str) -> FullRedaction:
    """The same, for who has just written to it."""
    row = session.execute(_one(), {"call": coordinator.call_id, "ref": ref}).one_or_none()
    if row is None:
        raise NotFound
    decided = Decisions(row.redaction or 0, row.texts or {}, row.hows or {})
    leaks = session.execute(_leaks(), {"sending": row.sending}).all()
    spans: dict[str, list[RedactionSpan]] = {}
    for leak in leaks:
        place = place_key(leak.section, leak.field, leak.file_number)
        spans.setdefault(place, []).extend(
            RedactionSpan(start=start, end=end, kind=leak.kind, sure=leak.sure, left=leak.left_by_applicant)
            for start, end in leak.spans
        )
    texts = _texts(row, decided, spans)
    said = document_words(session, row.application) if row.files else {}
    files = _files(row, decided, spans, said)
    return FullRedaction(
        ref=row.ref,
        code=row.code,
        title=row.title,
        language=row.language,
        state=row.state,
        number=row.number,
        version=decided.version,
        undecided=sum(bool(each.spans) and each.how is None for each in texts)
        + sum(each.how is None for each in files),
        cleared_at=row.cleared_at,
        cleared_number=row.cleared_number,
        texts=texts,
        files=files,
        sections=_in_order(row.data),
        change=_change(row, decided),
        themes=row.themes,
        priorities=row.priorities,
        own_question=row.own_question,
    )


def _in_order(data: Mapping[str, Any]) -> dict[str, Any]:
    """The sections in the catalogue's order: PostgreSQL keeps none of its own."""
    return {code: data[code] for code in CATALOGUE if code in data}


def _change(row: Any, decided: Decisions) -> CorrectionChange | None:
    """Every answer that would read otherwise than it does today; files have their own lines."""
    if row.cleared_number is None:
        return None
    after = cleared_copy(row, decided.texts, decided.files).data
    return CorrectionChange(
        before=_only_changed(row.cleared_data, after), after=_only_changed(after, row.cleared_data)
    )


def _only_changed(answers: Mapping[str, Any], other: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    changed = {
        section: {name: value for name, value in data.items() if other.get(section, {}).get(name) != value}
        for section, data in answers.items()
    }
    return {section: data for section, data in changed.items() if data}


def _texts(row: Any, decided: Decisions, spans: Mapping[str, list[RedactionSpan]]) -> list[RedactionText]:
    texts = []
    for place, text in texts_of(_in_order(row.data), row.files):
        decision = standing(decided.texts.get(place), text)
        section, _, field = place.partition(".")
        texts.append(
            RedactionText(
                place=place,
                section="" if section == FILES else section,
                field=field,
                text=text,
                spans=sorted(spans.get(place, ()), key=lambda each: each.start),
                how=TextHow(decision["how"]) if decision else None,
                reads=decision["text"] if decision else text,
                knowingly=decision.get("knowingly", []) if decision else [],
            )
        )
    return texts


def _files(
    row: Any,
    decided: Decisions,
    spans: Mapping[str, list[RedactionSpan]],
    said: Mapping[str, str],
) -> list[RedactionFile]:
    files = []
    for each in row.files:
        how = decided.files.get(each["sha256"])
        files.append(
            RedactionFile(
                **{
                    name: each[name]
                    for name in ("number", "kind", "title", "media_type", "size", "width", "height", "pages")
                },
                text=said.get(each["sha256"], ""),
                spans=sorted(
                    spans.get(place_key("", TEXT, each["number"]), ()), key=lambda found: found.start
                ),
                how=how_of(how) if how else None,
                areas=how.get("areas", []) if isinstance(how, Mapping) else [],
                words=how.get("words", "") if isinstance(how, Mapping) else "",
                knowingly=how.get("knowingly", []) if isinstance(how, Mapping) else [],
            )
        )
    return files


def document_words(session: Session, application_id: int) -> dict[str, str]:
    """What could be read in the documents of an application: hash of the clean copy -> words."""
    return dict(session.execute(_documents(), {"application": application_id}).all())


def stand_in(
    session: Session, coordinator: Coordinator, ref: str, number: int, *, preview: bool = False
) -> Readable:
    """What is to stand for a file of what counts, as it was decided. NotFound where nothing does."""
    row = session.execute(_one(), {"call": coordinator.call_id, "ref": ref}).one_or_none()
    if row is None:
        raise NotFound
    decided = row.hows or {}
    standing_in = [
        dict(each) | made for each in row.files if (made := stands_in(decided.get(each["sha256"])))
    ]
    return sent_file(standing_in, number, f"packet-{row.code}", preview=preview)


def spans_by_place(session: Session, sending_id: int) -> dict[str, list[Sequence[int]]]:
    """What was found in a sending: place -> spans."""
    found: dict[str, list[Sequence[int]]] = {}
    for leak in session.execute(_leaks(), {"sending": sending_id}):
        found.setdefault(place_key(leak.section, leak.field, leak.file_number), []).extend(leak.spans)
    return found


@cache
def _counting() -> Any:
    return of_queue(STATE.label("state"), func.count()).group_by(STATE)


@cache
def _uncleared() -> Any:
    return select(uncleared())


@cache
def _listing() -> Any:
    return of_queue(
        col(Application.ref),
        col(Application.code),
        col(Packet.title),
        col(Packet.language),
        col(Packet.files),
        STATE.label("state"),
        FOUND.label("found"),
        col(ClearedPacket.cleared_at),
    ).order_by(col(Application.code))


@cache
def _in_queue() -> Any:
    return of_queue(col(Application.ref)).where(
        col(Application.ref).in_(bindparam("refs", expanding=True)),
    )


@cache
def _waiting() -> Any:
    waiting = [RedactionState.FOUND.value, RedactionState.CHANGED.value]
    return (
        of_queue(col(Application.ref), col(Application.code))
        .where(STATE.in_(waiting))
        .order_by(col(Application.code))
    )


@cache
def _one() -> Any:
    return (
        of_queue(
            col(Application.id).label("application"),
            col(Application.ref),
            col(Application.code),
            col(Sending.id).label("sending"),
            col(Sending.number),
            col(Packet.title),
            col(Packet.summary),
            col(Packet.language),
            col(Packet.data),
            col(Packet.files),
            STATE.label("state"),
            col(Redaction.version).label("redaction"),
            col(Redaction.texts),
            col(Redaction.files).label("hows"),
            col(ClearedPacket.number).label("cleared_number"),
            col(ClearedPacket.data).label("cleared_data"),
            col(ClearedPacket.cleared_at),
            col(Call.themes),
            col(Call.priorities),
            col(Call.own_question),
        )
        .join(Call, col(Call.id) == col(Application.call_id))
        .where(col(Application.ref) == bindparam("ref"))
    )


@cache
def _documents() -> Any:
    return (
        select(col(ApplicationFile.sha256), col(OriginalFile.text))
        .join(OriginalFile, col(OriginalFile.file_id) == col(ApplicationFile.id))
        .where(
            col(ApplicationFile.application_id) == bindparam("application"),
            col(ApplicationFile.kind) == FileKind.DOCUMENT,
        )
        .order_by(col(ApplicationFile.id))
    )


@cache
def _leaks() -> Any:
    return (
        select(
            col(SentLeak.section),
            col(SentLeak.field),
            col(SentLeak.file_number),
            col(SentLeak.kind),
            col(SentLeak.sure),
            col(SentLeak.left_by_applicant),
            col(SentLeak.spans),
        )
        .where(col(SentLeak.sending_id) == bindparam("sending"))
        .order_by(col(SentLeak.position))
    )

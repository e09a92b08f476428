"""A coordinator decides what of an application reviewers may read, and clears it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import insert, literal, select, update
from sqlmodel import Session, col

from app.accounts.actors import Coordinator
from app.applications.counted import IS_COUNTED_SENDING
from app.applications.coverings import (
    FILES,
    HOWS,
    Copy,
    FileHow,
    TextHow,
    cleared_copy,
    covered,
    digest,
    how_of,
    place_key,
    places_changed,
    standing,
    texts_of,
)
from app.applications.giveaways import giveaways
from app.applications.redaction import IS_PLAIN, document_words, of_queue, spans_by_place
from app.applications.redaction_refusals import NotPlainAnyMore, RedactionUndecided, SentMeanwhile
from app.applications.stand_ins import blurred, in_words
from app.applications.status import OUT
from app.audit.record import record
from app.documents.sender import sender_of
from app.errors import Invalid, NotFound, Problem, Stale
from app.files.blurring import AREAS
from app.files.store import Store, StoreAway
from app.leaks.places import TEXT
from app.models.applications import Application, Packet, Sending
from app.models.keys import key_of
from app.models.panel import Programme
from app.models.people import Redaction
from app.models.redaction import ClearedPacket
from app.sections.text import PROSE

LONGEST = 10_000
"""Characters of an edited text: more than any answer may have."""
MOST_WORDS = 200_000
"""Characters of a document's words, as many as are read of one."""
_AT: Any = ClearedPacket.cleared_at
_CHANGES: Any = ClearedPacket.changes


FileNumber = Annotated[int, Field(ge=1, le=999)]
Areas = Annotated[list[Annotated[int, Field(ge=1, le=AREAS)]], Field(max_length=AREAS)]


class TextDecision(BaseModel):
    """What becomes of one text. `text` is what stands there from now on, where it is `edited`; of an empty
    one reviewers read that it was left out. `covered` puts blocks where something was found. `knowingly`:
    reviewers may read the words in it that may say who applies; otherwise it is refused for them."""

    model_config = ConfigDict(extra="forbid")
    how: TextHow
    text: Annotated[str, Field(max_length=LONGEST), PROSE] = ""
    knowingly: bool = False


class DecisionsInput(BaseModel):
    """Some decisions, of texts by place and of files by number; null takes one back. The others stay.

    `number` is the sending that was looked at. `areas`: of a picture that is `blurred`, which of nine parts,
    counted from the top left in rows; without any it is all of it. `words`: of a document that is given
    `in_words`, what they are; otherwise those of the document, with what was found covered. `knowingly`: the
    documents in whose words those may stand that may say who applies.
    """

    model_config = ConfigDict(extra="forbid")
    number: Annotated[int, Field(ge=1, le=10_000)]
    texts: Annotated[dict[str, TextDecision | None], Field(max_length=2000)] = {}
    files: Annotated[dict[FileNumber, FileHow | None], Field(max_length=100)] = {}
    areas: Annotated[dict[FileNumber, Areas], Field(max_length=100)] = {}
    words: Annotated[
        dict[FileNumber, Annotated[str, Field(max_length=MOST_WORDS), PROSE]], Field(max_length=100)
    ] = {}
    knowingly: Annotated[list[FileNumber], Field(max_length=100)] = []


def decide_redaction(
    session: Session,
    coordinator: Coordinator,
    ref: str,
    given: DecisionsInput,
    seen: int,
    now: datetime,
    store: Store | None = None,
) -> int:
    """Keep some decisions; `seen` is the version they change, 0 before the first. Gives the version now.

    Reviewers get nothing of it until it is cleared. Into `store` goes what stands for a file. SentMeanwhile
    where another sending counts by now; Stale. Invalid for a place that is none, a file of another kind, or
    a new text that may say who applies, unless `knowingly`: that is written into the log.
    """
    held = _held(session, coordinator, ref)
    if held.sending.number != given.number:
        raise SentMeanwhile
    row = held.redaction
    before = _knowing(held, row.texts, row.files).items() if row else set()
    texts, files = _decided(session, held, given, now, store)
    if row is not None and (row.texts, row.files) == (texts, files):
        return row.version
    if row is None and not texts and not files:
        return 0
    if seen != (row.version if row else 0):
        raise Stale(version=row.version if row else 0)
    if row is None:
        row = Redaction(
            application_id=key_of(held.application.id),
            texts=texts,
            files=files,
            decided_at=now,
            decided_by=coordinator.person_id,
        )
    else:
        row.texts, row.files, row.version = texts, files, row.version + 1
        row.decided_at, row.decided_by = now, coordinator.person_id
    session.add(row)
    session.flush()
    if places := sorted(_knowing(held, texts, files).items() - before):
        detail = {"number": given.number, "places": [place for place, _ in places]}
        _recorded(session, coordinator, "redaction.knowingly", ref, detail, now)
    return row.version


def clear_application(
    session: Session, coordinator: Coordinator, ref: str, *, number: int, seen: int, now: datetime
) -> int:
    """Let reviewers read it as it was decided, from now on; what they read before is replaced.

    RedactionUndecided while a place that was found, or a file, is undecided; Invalid where a text that was
    written for it says who applies by now; SentMeanwhile; Stale. Gives the version of the cleared copy;
    clearing again what is cleared already does nothing.
    """
    held = _held(session, coordinator, ref)
    if held.sending.number != number:
        raise SentMeanwhile
    version = held.redaction.version if held.redaction else 0
    if seen != version:
        raise Stale(version=version)
    if count := _undecided(session, held):
        raise RedactionUndecided(count=count)
    before = held.cleared
    if before is not None and (before.number, before.redaction) == (number, version):
        return before.version
    _refuse_giveaways(session, held)
    return _clear(session, coordinator, held, version, now)


def clear_plain(session: Session, coordinator: Coordinator, count: int, now: datetime) -> int:
    """Clear at once all in which nothing was found and that have no file: as many as were seen, or none.

    NotPlainAnyMore, with how many there are, where that number has changed. It is one act in the log.
    """
    keys = (
        session.execute(
            of_queue(col(Application.id)).where(IS_PLAIN).with_for_update(of=[Application], key_share=True),
            {"call": coordinator.call_id},
        )
        .scalars()
        .all()
    )
    if len(keys) != count:
        raise NotPlainAnyMore(count=len(keys))
    for start in range(0, len(keys), 500):
        some = keys[start : start + 500]
        session.execute(
            insert(ClearedPacket).from_select(
                [*_COPIED, "application_id", "number", "redaction", "version", "changes", "cleared_at",
                 "cleared_by"],
                select(
                    *(getattr(Packet, name) for name in _COPIED),
                    col(Application.id),
                    col(Sending.number),
                    literal(0),
                    literal(1),
                    literal({}, type_=_CHANGES.type),
                    literal(now, type_=_AT.type),
                    literal(coordinator.person_id),
                )
                .select_from(Application)
                .join(Sending, IS_COUNTED_SENDING)
                .join(Packet, col(Packet.sending_id) == col(Sending.id))
                .where(col(Application.id).in_(some)),
            )
        )  # fmt: skip
    if keys:
        _recorded(session, coordinator, "redaction.clear_plain", "", {"count": len(keys)}, now)
    return len(keys)


_COPIED = ("title", "summary", "theme", "districts", "language", "data", "files")


class _Held:
    """One application while it is decided on: nobody else decides, and nothing else is sent."""

    def __init__(self, application: Application, sending: Sending, packet: Packet) -> None:
        self.application = application
        self.sending = sending
        self.packet = packet
        self.redaction: Redaction | None = None
        self.cleared: ClearedPacket | None = None


def _held(session: Session, coordinator: Coordinator, ref: str) -> _Held:
    application = session.scalars(
        select(Application)
        .where(
            col(Application.call_id) == coordinator.call_id,
            col(Application.ref) == ref,
            col(Application.counts_number).is_not(None),
            col(Application.status).not_in(sorted(OUT)),
            ~col(Application.imported),
        )
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    ).one_or_none()
    if application is None:
        raise NotFound
    sending, packet = session.execute(
        select(Sending, Packet)
        .join(Packet, col(Packet.sending_id) == col(Sending.id))
        .where(
            col(Sending.application_id) == application.id,
            col(Sending.number) == application.counts_number,
        )
    ).one()
    held = _Held(application, sending, packet)
    held.redaction = session.get(Redaction, application.id, populate_existing=True)
    held.cleared = session.get(ClearedPacket, application.id, populate_existing=True)
    return held


def _knowing(held: _Held, texts: Mapping[str, Any], files: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    """Place -> the words left in its new text though they may say who applies."""
    known = {place: decision.get("knowingly", ()) for place, decision in texts.items()}
    for each in held.packet.files:
        decision = files.get(each["sha256"])
        if isinstance(decision, Mapping):
            known[place_key("", TEXT, each["number"])] = decision.get("knowingly", ())
    return {place: tuple(words) for place, words in known.items() if words}


def _refuse_giveaways(session: Session, held: _Held) -> None:
    """Who applies may have changed since it was decided: another name was not looked for then."""
    if held.redaction is None:
        return
    decided, files = held.redaction.texts, held.redaction.files
    written = {
        place: decision["text"]
        for place, text in texts_of(held.packet.data, held.packet.files)
        if (decision := standing(decided.get(place), text)) and decision["how"] == TextHow.EDITED
    }
    for each in held.packet.files:
        how = files.get(each["sha256"])
        if isinstance(how, Mapping) and how_of(how) is FileHow.IN_WORDS:
            written[place_key("", TEXT, each["number"])] = how["words"]
    known = _knowing(held, decided, files)
    found = _found(session, held, written)
    _refuse({place: words for place, words in found.items() if not {*words} <= {*known.get(place, ())}})


def _found(session: Session, held: _Held, written: Mapping[str, str]) -> dict[str, list[str]]:
    sending = key_of(held.sending.id)
    return giveaways(session, held.application.ref, sending, held.packet.data, written)


def _refuse(found: Mapping[str, list[str]]) -> None:
    """By the names that the input has: `texts.<place>`, and `words.<number>` of a document."""
    problems: dict[str, str | Problem] = {}
    for place, words in found.items():
        section, _, rest = place.partition(".")
        number, _, what = rest.partition(".")
        field = f"words.{number}" if (section, what) == (FILES, TEXT) else f"texts.{place}"
        problems[field] = ("redaction.gives_away", {"words": ", ".join(words)})
    if problems:
        raise Invalid(problems)


def _decided(
    session: Session, held: _Held, given: DecisionsInput, now: datetime, store: Store | None
) -> tuple[dict[str, Any], dict[str, Any]]:
    """All decisions that hold of what counts now, with the given ones put in."""
    known = dict(texts_of(held.packet.data, held.packet.files))
    sent = {each["number"]: each for each in held.packet.files}
    hashes = {number: each["sha256"] for number, each in sent.items()}
    unknown: dict[str, str | Problem] = {
        f"texts.{place}": "redaction.no_place" for place in given.texts if place not in known
    }
    unknown |= {f"files.{number}": "redaction.no_place" for number in given.files if number not in hashes}
    unknown |= {
        f"files.{number}": "redaction.not_for_this_file"
        for number, how in given.files.items()
        if how is not None and number in sent and how not in HOWS[sent[number]["kind"]]
    }
    if unknown:
        raise Invalid(unknown)
    before = held.redaction
    texts = {
        place: decision
        for place, decision in (before.texts if before else {}).items()
        if place in known and standing(decision, known[place])
    }
    files = {
        sha256: how for sha256, how in (before.files if before else {}).items() if sha256 in hashes.values()
    }
    spans = spans_by_place(session, key_of(held.sending.id))
    said = {
        number: _words(session, held, sent[number], given, spans.get(place_key("", TEXT, number), []))
        for number, how in given.files.items()
        if how is FileHow.IN_WORDS
    }
    left = _looked_through(session, held, given, said)
    for place, decision in given.texts.items():
        texts.pop(place, None)
        if decision is not None:
            text = _text(decision, known[place], spans.get(place, []))
            texts[place] = {"how": decision.how.value, "text": text, "of": digest(known[place])}
            texts[place] |= left.get(place, {})
    for number, how in given.files.items():
        was = files.pop(hashes[number], None)
        if how is FileHow.BLURRED:
            files[hashes[number]] = _blurred(sent[number], given.areas.get(number, []), was, store)
        elif how is FileHow.IN_WORDS:
            made = _in_words(session, held, sent[number], said[number], was, now, store)
            files[hashes[number]] = made | left.get(place_key("", TEXT, number), {})
        elif how is not None:
            files[hashes[number]] = how.value
    return texts, files


def _looked_through(
    session: Session, held: _Held, given: DecisionsInput, said: Mapping[int, str]
) -> dict[str, dict[str, list[str]]]:
    """What is kept with a new text whose words were left knowingly, by place; Invalid for all others."""
    written = {
        place: decision.text
        for place, decision in given.texts.items()
        if decision is not None and decision.how is TextHow.EDITED
    }
    written |= {place_key("", TEXT, number): words for number, words in said.items()}
    knowingly = {place for place, decision in given.texts.items() if decision and decision.knowingly}
    knowingly |= {place_key("", TEXT, number) for number in given.knowingly}
    found = _found(session, held, written)
    _refuse({place: words for place, words in found.items() if place not in knowingly})
    return {place: {"knowingly": words} for place, words in found.items()}


def _blurred(file: Mapping[str, Any], areas: list[int], was: Any, store: Store | None) -> dict[str, Any]:
    """The copy is made once for the same parts."""
    wanted = sorted(set(areas))
    if was is not None and how_of(was) is FileHow.BLURRED and was["areas"] == wanted:
        return dict(was)
    return blurred(_there(store), file, wanted)


def _words(
    session: Session, held: _Held, file: Mapping[str, Any], given: DecisionsInput, spans: list[Any]
) -> str:
    """What the copy says. Invalid where a document has no words, as one that was scanned."""
    number = file["number"]
    own = document_words(session, key_of(held.application.id)).get(file["sha256"], "")
    if not own.strip():
        raise Invalid({f"files.{number}": "redaction.no_words"})
    return given.words.get(number, covered(own, spans))


def _in_words(
    session: Session,
    held: _Held,
    file: Mapping[str, Any],
    words: str,
    was: Any,
    now: datetime,
    store: Store | None,
) -> dict[str, Any]:
    """The copy is made once for the same words."""
    if was is not None and how_of(was) is FileHow.IN_WORDS and was["words"] == words:
        return {name: value for name, value in was.items() if name != "knowingly"}
    language = held.packet.language
    sender = sender_of(language, session.scalars(select(Programme)).first())
    return in_words(_there(store), file, words, held.application.code, language, sender, now)


def _there(store: Store | None) -> Store:
    if store is None:
        raise StoreAway
    return store


def _text(decision: TextDecision, text: str, spans: list[Any]) -> str:
    match decision.how:
        case TextHow.KEPT:
            return text
        case TextHow.COVERED:
            return covered(text, spans)
        case TextHow.EDITED:
            return decision.text


def _undecided(session: Session, held: _Held) -> int:
    texts: Mapping[str, Any] = held.redaction.texts if held.redaction else {}
    files: Mapping[str, Any] = held.redaction.files if held.redaction else {}
    found = spans_by_place(session, key_of(held.sending.id))
    open_texts = sum(
        place in found and standing(texts.get(place), text) is None
        for place, text in texts_of(held.packet.data, held.packet.files)
    )
    return open_texts + sum(each["sha256"] not in files for each in held.packet.files)


def _clear(session: Session, coordinator: Coordinator, held: _Held, version: int, now: datetime) -> int:
    decided = held.redaction
    copy = cleared_copy(held.packet, decided.texts if decided else {}, decided.files if decided else {})
    row = held.cleared
    values: dict[str, Any] = {
        "number": held.sending.number,
        "redaction": version,
        "title": copy.title,
        "summary": copy.summary,
        "theme": held.packet.theme,
        "districts": held.packet.districts,
        "language": held.packet.language,
        "data": copy.data,
        "files": copy.files,
        "cleared_at": now,
        "cleared_by": coordinator.person_id,
    }
    if row is None:
        session.add(ClearedPacket(application_id=key_of(held.application.id), **values))
        number = 1
    else:
        changed = places_changed(Copy(row.title, row.summary, row.data, row.files), copy)
        number = row.version + 1
        changes = {**row.changes, str(number): changed}
        session.execute(
            update(ClearedPacket)
            .where(col(ClearedPacket.application_id) == row.application_id)
            .values(version=number, changes=changes, **values)
        )
    detail = {"number": held.sending.number, "version": number}
    _recorded(session, coordinator, "redaction.clear", held.application.ref, detail, now)
    return number


def _recorded(
    session: Session,
    coordinator: Coordinator,
    action: str,
    subject: str,
    detail: Mapping[str, object],
    now: datetime,
) -> None:
    record(
        session,
        action,
        now=now,
        person_id=coordinator.person_id,
        call_id=coordinator.call_id,
        subject=subject,
        detail=detail,
    )

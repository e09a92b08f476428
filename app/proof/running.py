"""Keeping a check going: asked for, one reviewer after the other, done. Each step is a unit of its own."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from sqlalchemy import ColumnElement, bindparam, func
from sqlalchemy import select as sql_select
from sqlmodel import Session, col, or_, select

from app.accounts.actors import Reviewer
from app.applications import blind
from app.audit.record import record
from app.errors import Conflict, NotFound
from app.models.applications import Application
from app.models.calls import Call
from app.models.keys import key_of
from app.models.panel import PanelMember, PanelRole
from app.models.people import BlindnessProof, Message
from app.models.proof import ProofState
from app.models.redaction import ClearedPacket
from app.models.reviews import Assignment, Tie
from app.proof.known import Known, count, known_of
from app.proof.seeking import Seeker, added

LEASE = timedelta(minutes=10)
MOST_TRIES = 3


class AlreadyChecking(Conflict):
    """A check of this call is under way."""

    code = "proof.running"


@dataclass(frozen=True, slots=True)
class Seen:
    """One thing that a reviewer fetched, or was sent.

    `about` is the code of the application whose secrets are sought in every ending, or empty; `of` the code
    of the one in whose text this stands, or empty. `opened`: it is that text itself, and not the question
    before it. `failed`: there was no answer that could be read.
    """

    place: str
    about: str
    text: str
    readable: bool = True
    of: str = ""
    opened: bool = False
    failed: bool = False


@dataclass(frozen=True, slots=True)
class Turn:
    """One reviewer of one check: whose eyes, what they can name in an address, and what is looked for."""

    proof_id: int
    call: str
    reviewer: Reviewer | None
    codes: dict[str, int]
    """The applications that were assigned, by code, with how many files each has."""
    known: list[Known]
    mails: list[str]
    texts: dict[str, str]
    """What is given to them to score, by code: all words that coordinators have cleared of it."""
    removed: bool = False
    """They can fetch nothing any more; what they were sent, they have."""


def ask_proof(session: Session, call_id: int, person_id: int | None, now: datetime) -> BlindnessProof:
    """Begin a check of everything that reviewers of this call can read. AlreadyChecking."""
    session.execute(select(Call.id).where(Call.id == call_id).with_for_update())
    waits = BlindnessProof.call_id == call_id, BlindnessProof.state == ProofState.RUNNING
    if session.exec(select(BlindnessProof.id).where(*waits)).first() is not None:
        raise AlreadyChecking
    newest = select(func.max(BlindnessProof.number)).where(col(BlindnessProof.call_id) == call_id)
    number = (session.execute(newest).scalar() or 0) + 1
    row = BlindnessProof(call_id=call_id, number=number, asked_by=person_id, asked_at=now)
    session.add(row)
    record(session, "blindness.check", now=now, person_id=person_id, call_id=call_id, subject=str(number))
    return row


def ask_proof_of(session: Session, slug: str, now: datetime) -> BlindnessProof:
    """The same for the command line, which knows the call by its address."""
    call_id = session.exec(select(Call.id).where(Call.slug == slug)).one_or_none()
    if call_id is None:
        raise NotFound
    return ask_proof(session, call_id, None, now)


def proof_waits(session: Session, now: datetime) -> bool:
    """Whether there is a check that nobody is at."""
    return session.exec(select(BlindnessProof.id).where(*_free(now)).limit(1)).first() is not None


def _free(now: datetime) -> tuple[ColumnElement[bool], ...]:
    claimed = col(BlindnessProof.claimed_until)
    return col(BlindnessProof.state) == ProofState.RUNNING, or_(claimed.is_(None), claimed < now)


def claim_turn(session: Session, now: datetime) -> Turn | None:
    """The next reviewer of the oldest check that nobody is at; with no reviewer where all were looked at."""
    row = session.exec(
        select(BlindnessProof)
        .where(*_free(now))
        .order_by(col(BlindnessProof.id))
        .limit(1)
        .with_for_update(skip_locked=True)
    ).first()
    if row is None:
        return None
    if row.tries >= MOST_TRIES:
        row.state, row.done_at = ProofState.FAILED, now
        return None
    row.claimed_until, row.tries = now + LEASE, row.tries + 1
    slug = session.exec(select(Call.slug).where(Call.id == row.call_id)).one()
    member = session.exec(
        select(PanelMember)
        .where(
            PanelMember.call_id == row.call_id,
            PanelMember.role == PanelRole.REVIEWER,
            col(PanelMember.id) > row.reached,
        )
        .order_by(col(PanelMember.id))
        .limit(1)
    ).first()
    known = known_of(session, row.call_id)
    if member is None:
        return Turn(key_of(row.id), slug, None, {}, known, [], {})
    organisation = key_of(member.organisation_id)
    reviewer = Reviewer(member.person_id, row.call_id, key_of(member.id), organisation)
    removed = member.removed_at is not None
    rows = [] if removed else session.execute(_GIVEN, {"member_id": reviewer.member_id}).all()
    return Turn(
        key_of(row.id),
        slug,
        reviewer,
        {each.code: len(each.files) for each in rows},
        known,
        [*_mails(session, member.person_id)],
        {
            each.code: "\n".join(strings(blind.application(each).model_dump(mode="json")))
            for each in rows
            if each.tie is not Tie.TIE and each.withdrawn_at is None
        },
        removed,
    )


_GIVEN = (
    sql_select(*blind.PACKET, col(Assignment.tie), col(Assignment.withdrawn_at))
    .join(Assignment, col(Assignment.application_id) == col(Application.id))
    .join(ClearedPacket, col(ClearedPacket.application_id) == col(Application.id))
    .where(col(Assignment.member_id) == bindparam("member_id"))
    .order_by(col(Application.code))
)


def strings(value: Any) -> Iterator[str]:
    """Every word of an answer, each by itself: names of fields are ours, and values may be anybody's."""
    if isinstance(value, dict):
        for each in value.values():
            yield from strings(each)
    elif isinstance(value, list):
        for each in value:
            yield from strings(each)
    else:
        yield str(value)


def _mails(session: Session, person_id: int) -> Iterator[str]:
    """What was sent to them, but not about an application of their own in another call."""
    wanted = select(Message).where(Message.person_id == person_id, Message.ref == "")
    for each in session.exec(wanted.order_by(col(Message.id))):
        yield f"{each.subject}\n{each.body}"


def looked_at(turn: Turn, seen: Iterator[Seen]) -> dict[str, Any]:
    """What one reviewer could read, in numbers; no text of it is kept."""
    seeker = Seeker(turn.known)
    found: dict[str, int] = {}
    places: dict[str, int] = {}
    failed: dict[str, int] = {}
    unreadable, transcript, known_texts, opened = 0, sha256(), {}, set[str]()
    for each in seen:
        if each.failed:
            failed[each.place] = failed.get(each.place, 0) + 1
            continue
        if each.opened:
            opened.add(each.of)
        digest = sha256(each.text.encode("utf-8", "surrogatepass")).digest()
        transcript.update(each.place.encode() + digest)
        places[each.place] = places.get(each.place, 0) + 1
        unreadable += not each.readable
        at = (digest, each.about)
        if at not in known_texts:
            known_texts[at] = seeker.finds(each.text, each.about)
        found = added(found, known_texts[at], each.place, each.of)
    return {
        "found": found,
        "places": places,
        "failed": failed,
        "unreadable": unreadable,
        "reviewers": int(not turn.removed),
        "given": len(turn.texts),
        "closed": len(turn.texts.keys() - opened),
        "sha256": transcript.hexdigest(),
    }


def keep_turn(session: Session, turn: Turn, part: dict[str, Any] | None, now: datetime) -> None:
    """Add what one reviewer could read; without any, all were looked at and the check is done."""
    row = session.exec(
        select(BlindnessProof).where(BlindnessProof.id == turn.proof_id).with_for_update()
    ).one()
    row.claimed_until, row.tries = None, 0
    report = row.report or {**{name: {} for name in COUNTED}, **dict.fromkeys(SUMMED, 0), "sha256": ""}
    if part is not None and turn.reviewer is not None:
        row.reached = turn.reviewer.member_id
        row.report = {
            **{name: _sum(report.get(name, {}), part[name]) for name in COUNTED},
            **{name: report.get(name, 0) + part[name] for name in SUMMED},
            "sha256": sha256((report["sha256"] + part["sha256"]).encode()).hexdigest(),
        }
        return
    # What could not be read may hold anything: such a check proves nothing, and gets no fingerprint.
    whole = not report.get("failed")
    row.state, row.done_at = ProofState.DONE if whole else ProofState.FAILED, now
    row.report = report | {
        "call": turn.call,
        "number": row.number,
        "made_at": now.isoformat(),
        "applications": len(turn.known),
        "secrets": count(turn.known),
    }
    row.digest = digest_of(row.report) if whole else ""


COUNTED = ("found", "places", "failed")
"""Of a report, what is counted by name; `failed`: what could not be read, by place."""
SUMMED = ("reviewers", "unreadable", "given", "closed")
"""And its sums: `given` texts to score, of which `closed` were not open to their reviewer yet."""


def digest_of(report: dict[str, Any]) -> str:
    """The fingerprint of a report: of its JSON with sorted names and no spaces."""
    said = json.dumps(report, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return sha256(said.encode()).hexdigest()


def _sum(one: dict[str, int], other: dict[str, int]) -> dict[str, int]:
    return {name: one.get(name, 0) + other.get(name, 0) for name in sorted(one.keys() | other.keys())}


def run_turn(turn: Turn, fetch: Callable[[Turn], Iterator[Seen]]) -> dict[str, Any] | None:
    """What this turn's reviewer could fetch and was sent; None where all had their turn."""
    if turn.reviewer is None:
        return None

    def all_of_it() -> Iterator[Seen]:
        opened = set()
        for each in fetch(turn) if not turn.removed else ():
            opened |= {each.of} if each.opened else set()
            yield each
        # A text opens after the question about ties: until then its words are read as they will be opened.
        yield from (
            Seen("cleared", code, turn.texts[code], of=code) for code in sorted(turn.texts.keys() - opened)
        )
        yield from (Seen("mail", "", text) for text in turn.mails)

    return looked_at(turn, all_of_it())

"""Making winners public, and telling everybody. Until a `PublishedResult` row exists nobody can find it."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from pydantic import BaseModel, ConfigDict
from sqlalchemy import and_, case, exists, func, insert, literal, update
from sqlalchemy import select as select_columns
from sqlmodel import Session, col, select

from app.accounts.actors import Coordinator
from app.applications.counted import IS_COUNTED_SENDING
from app.applications.status import Move, moved
from app.audit.record import record
from app.calls.phase import Phase, phase
from app.decisions.held import call_of, decision_version, held_call
from app.decisions.lacking import count_lacking
from app.decisions.refusals import AlreadyPublished, NotDecided
from app.decisions.seals import arranged
from app.decisions.seen import seen_pots
from app.decisions.winner import Winner
from app.errors import Stale
from app.models.applications import Application, History, Packet, Sending, Status
from app.models.calls import AwardRound, Call
from app.models.decisions import Award, PublishedResult, RankingEntry, ReserveEntry
from app.models.jury import PitchEntry
from app.models.keys import key_of
from app.models.people import Applicant, Identity, Person
from app.outbox.enqueue import enqueue
from app.random_codes import random_code
from app.wall import whole_call


def unrevealed(session: Session, coordinator: Coordinator, round_id: int | None = None) -> list[Winner]:
    """The winners nobody knows yet, the last place first: the order in which they are revealed."""
    statement = (
        select_columns(
            col(Award.application_id),
            col(Award.round_id),
            col(Application.code),
            col(Packet.title),
            col(Packet.summary),
            func.coalesce(Identity.display_name, "").label("team"),
            col(Packet.theme),
            col(Packet.districts),
            col(Packet.language),
            col(Award.amount_minor),
            col(Award.reserved),
        )
        .join(AwardRound, col(AwardRound.id) == Award.round_id)
        .join(Application, col(Application.id) == Award.application_id)
        .join(Sending, IS_COUNTED_SENDING)
        .join(Packet, col(Packet.sending_id) == Sending.id)
        .join(Identity, col(Identity.sending_id) == Sending.id, isouter=True)
        .join(RankingEntry, col(RankingEntry.application_id) == Application.id, isouter=True)
        .join(
            PitchEntry,
            and_(col(PitchEntry.application_id) == Application.id, col(PitchEntry.round_id) == AwardRound.id),
            isouter=True,
        )
        .join(PublishedResult, col(PublishedResult.application_id) == Application.id, isouter=True)
        .where(col(AwardRound.call_id) == coordinator.call_id, col(PublishedResult.id).is_(None))
        .order_by(
            col(AwardRound.position),
            func.coalesce(PitchEntry.place, RankingEntry.place).desc(),
            col(Award.id),
        )
    )
    if round_id is not None:
        statement = statement.where(col(Award.round_id) == round_id)
    return [Winner(**row._asdict()) for row in session.execute(statement).all()]


def named(
    session: Session, coordinator: Coordinator, codes: Sequence[str]
) -> dict[str, tuple[str, str, str]]:
    """Title, team and language of these applications of the call as they were sent, whatever their result."""
    rows = session.execute(
        select_columns(
            col(Application.code),
            col(Packet.title),
            func.coalesce(Identity.display_name, ""),
            col(Packet.language),
        )
        .join(Sending, IS_COUNTED_SENDING)
        .join(Packet, col(Packet.sending_id) == Sending.id)
        .join(Identity, col(Identity.sending_id) == Sending.id, isouter=True)
        .where(col(Application.call_id) == coordinator.call_id, col(Application.code).in_(codes))
    )
    return {code: (title, team, language) for code, title, team, language in rows}


def make_public(session: Session, call_id: int, winners: Sequence[Winner], now: datetime) -> list[str]:
    """Insert the public rows of these winners, in this order; their slugs."""
    taken = dict(
        session.exec(
            select(PublishedResult.round_id, func.max(PublishedResult.position))
            .where(col(PublishedResult.call_id) == call_id)
            .group_by(col(PublishedResult.round_id))
        ).all()
    )
    rows = []
    for winner in winners:
        taken[winner.round_id] = taken.get(winner.round_id, 0) + 1
        rows.append(
            {
                "call_id": call_id,
                "round_id": winner.round_id,
                "application_id": winner.application_id,
                "slug": random_code().lower(),
                "position": taken[winner.round_id],
                "title": winner.title,
                "summary": winner.summary,
                "team": winner.team,
                "theme": winner.theme,
                "districts": winner.districts,
                "language": winner.language,
                "amount_minor": winner.amount_minor,
                "reserved": winner.reserved,
                "published_at": now,
            }
        )
    if rows:
        session.execute(insert(PublishedResult), rows)
    return [str(row["slug"]) for row in rows]


class ClassCount(BaseModel):
    """How many applications of one language end how, and how many letters say so, by who reads them."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    language: str
    winners: int
    reserve: int
    others: int
    letters: int


class Announcement(BaseModel):
    """What publishing will do, for the person who is about to press: counts, and the version they saw.

    Everybody is a winner, `standing_by` on a reserve list, or one of the `others`: the sums of `by_language`.
    `lacking` are those not selected whose letter cannot leave yet: a criterion of theirs has no useful line.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")
    winners: int
    already_revealed: int
    others: int
    committed_minor: int
    money: bool
    standing_by: int
    letters: int
    by_language: list[ClassCount]
    lacking: int
    version: int


def announcement(session: Session, coordinator: Coordinator, now: datetime) -> Announcement:
    """The counts that the confirming page shows; refused like publishing itself."""
    call = call_of(session, coordinator)
    _refuse_unless_decided(call, now)
    pots = seen_pots(session, coordinator.call_id)
    winners = sum(pot.taken for pot in pots)
    revealed = session.exec(select(func.count()).where(col(PublishedResult.call_id) == call.id)).one()
    by_language = _by_language(session, coordinator.call_id)
    return Announcement(
        winners=winners,
        already_revealed=revealed,
        others=sum(each.others for each in by_language),
        committed_minor=sum(pot.committed_minor for pot in pots),
        money=any(pot.envelope_minor is not None for pot in pots),
        standing_by=sum(each.reserve for each in by_language),
        letters=sum(each.letters for each in by_language),
        by_language=by_language,
        lacking=count_lacking(session, coordinator.call_id).applications,
        version=decision_version(session, call),
    )


def _by_language(session: Session, call_id: int) -> list[ClassCount]:
    """By the language of the application; its letters by the language of their readers."""
    here = (col(Application.call_id) == call_id, col(Application.status) == Status.IN_REVIEW)
    won = exists().where(col(Award.application_id) == col(Application.id))
    waits = exists().where(col(ReserveEntry.application_id) == col(Application.id))
    counted = session.execute(
        select_columns(
            col(Application.language),
            func.sum(case((won, 1), else_=0)),
            func.sum(case((won, 0), (waits, 1), else_=0)),
            func.count(),
        )
        .where(*here)
        .group_by(col(Application.language))
    ).all()
    letters: dict[str, int] = {
        row[0]: row[1]
        for row in session.execute(
            select_columns(col(Person.language), func.count())
            .join_from(Applicant, Person, col(Person.id) == Applicant.person_id)
            .join(Application, col(Application.id) == Applicant.application_id)
            .where(*here)
            .group_by(col(Person.language))
        )
    }
    every = {row[0]: row for row in counted}
    return [
        ClassCount(
            language=language,
            winners=int(every[language][1]) if language in every else 0,
            reserve=int(every[language][2]) if language in every else 0,
            others=int(every[language][3] - every[language][1] - every[language][2])
            if language in every
            else 0,
            letters=letters.get(language, 0),
        )
        for language in sorted(every.keys() | letters.keys())
    ]


@whole_call
def publish(
    session: Session,
    coordinator: Coordinator,
    seen_version: int,
    now: datetime,
    hold: timedelta = timedelta(0),
) -> None:
    """Make every remaining winner public, move every application, and queue every letter: all or nothing.

    The letters wait for `hold`. Who may do it is for `publication` to say.
    """
    call = held_call(session, coordinator)
    _refuse_unless_decided(call, now)
    current = decision_version(session, call)
    if current != seen_version:
        raise Stale(version=current)
    make_public(session, coordinator.call_id, _remaining(session, coordinator), now)
    _move_all(session, coordinator, now)
    _queue_letters(session, coordinator.call_id, now, now + hold)
    call.published_at = now
    call.version += 1
    session.add(call)
    record(session, "results.publish", now=now, person_id=coordinator.person_id, call_id=call.id)


def _remaining(session: Session, coordinator: Coordinator) -> list[Winner]:
    """Who is not revealed yet, of every round in the order that was sealed."""
    rounds: dict[int, list[Winner]] = {
        key_of(key): []
        for key in session.exec(
            select(AwardRound.id)
            .where(AwardRound.call_id == coordinator.call_id)
            .order_by(col(AwardRound.position), col(AwardRound.id))
        )
    }
    for each in unrevealed(session, coordinator):
        rounds[each.round_id].append(each)
    return [each for key, winners in rounds.items() if winners for each in arranged(session, key, winners)]


def _refuse_unless_decided(call: Call, now: datetime) -> None:
    reached = phase(call, now)
    if reached is Phase.PUBLISHED:
        raise AlreadyPublished
    if reached is not Phase.DECIDED:
        raise NotDecided


def _move_all(session: Session, coordinator: Coordinator, now: datetime) -> None:
    """Winners are awarded, the others not selected; each move is in its application's history."""
    winners = select(Award.application_id)
    for move, which in (
        (Move.AWARD, col(Application.id).in_(winners)),
        (Move.NOT_SELECT, col(Application.id).not_in(winners)),
    ):
        affected = (
            col(Application.call_id) == coordinator.call_id,
            col(Application.status) == Status.IN_REVIEW,
            which,
        )
        rows = select_columns(
            col(Application.id),
            *(literal(value) for value in (move.value, now, coordinator.person_id, "")),
        ).where(*affected)
        session.execute(insert(History).from_select(["application_id", "move", "at", "by", "note"], rows))
        session.execute(
            update(Application)
            .where(*affected)
            .values(status=moved(Status.IN_REVIEW, move), version=col(Application.version) + 1)
        )


def _queue_letters(session: Session, call_id: int, now: datetime, leave_at: datetime) -> None:
    """Everybody of a team hears its result: whether, and which, is looked up when the letter leaves."""
    people = session.exec(
        select(Applicant.person_id, Application.ref)
        .join(Application, col(Application.id) == Applicant.application_id)
        .where(
            col(Application.call_id) == call_id,
            col(Application.status).in_((Status.AWARDED, Status.NOT_SELECTED)),
        )
        .order_by(col(Application.ref), col(Applicant.person_id))
    ).all()
    for person, ref in people:
        dedupe = f"result-{ref}-{person}"
        enqueue(
            session, "result", dedupe_key=dedupe, now=now, person_id=person, params={"ref": ref},
            not_before=leave_at,
        )  # fmt: skip

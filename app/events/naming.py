"""Naming who pitches: the first of the written order as it was stored, and the next when one says no."""

from datetime import datetime, timedelta

from sqlalchemy import exists
from sqlalchemy import select as select_columns
from sqlmodel import Session, col, select

from app.accounts.actors import Coordinator
from app.applications.notices import tell_team
from app.audit.record import record
from app.decisions.held import awarding
from app.decisions.holes import count_holes
from app.decisions.one_review import refuse_one_review
from app.decisions.refusals import OpenHoles, UnconfirmedDepartures, refuse_named
from app.decisions.seconds import tell_alone
from app.events.choosing import Candidate, first, following
from app.events.departing import departing, raised_and_passed, waiting_departures
from app.events.held import held_event, moved_on
from app.events.refusals import FinalistsNamed, FinalistsNotNamed, HasBegun, NobodyFollows, NoSlotFree
from app.models.applications import Application, Status
from app.models.calls import AwardRound
from app.models.decisions import RankingEntry
from app.models.events import Event, Finalist, FinalistState
from app.wall import refuse_while, whole_call


@whole_call
def name_finalists(
    session: Session, coordinator: Coordinator, round_code: str, seen_version: int, now: datetime
) -> int:
    """Invite the first of the written order, as many as the round's rule says; how many those were.

    `seen_version` is the event's. Refused while a hole is open or a departure waits for its second person,
    and where one of them rests on one review.
    """
    awarding(session, coordinator, now)
    pot, event = held_event(session, coordinator, round_code, seen_version)
    if event.named_at is not None:
        raise FinalistsNamed
    refuse_while(session, lambda: count_holes(session, coordinator), OpenHoles)
    refuse_named(session, waiting_departures(session, coordinator, pot), UnconfirmedDepartures)
    raised, passed = raised_and_passed(session, pot)
    chosen = first(written_order(session, pot), raised, passed, pot.finalists or 0)
    if not chosen:
        raise NobodyFollows
    refuse_one_review(session, coordinator.call_id, [each.code for each in chosen])
    for each in chosen:
        _invite(session, event, each, now)
    event.named_at = now
    moved_on(session, event)
    record(
        session, "finalists.name", now=now, person_id=coordinator.person_id, call_id=coordinator.call_id,
        subject=pot.code, detail={"count": len(chosen)},
    )  # fmt: skip
    alone = [each for each in departing(session, coordinator, pot) if each.confirmed_at is None]
    tell_alone(session, coordinator, [(each.application, each.reason) for each in alone], now)
    return len(chosen)


@whole_call
def offer_next(
    session: Session, coordinator: Coordinator, round_code: str, seen_version: int, now: datetime
) -> None:
    """Invite the next in the order where a place is free: after a withdrawal, or late in the day."""
    awarding(session, coordinator, now)
    pot, event = held_event(session, coordinator, round_code, seen_version)
    if event.named_at is None:
        raise FinalistsNotNamed
    if now >= event.starts_at:
        raise HasBegun
    if count_invited(session, pot) >= (pot.finalists or 0):
        raise NoSlotFree
    refuse_named(session, waiting_departures(session, coordinator, pot), UnconfirmedDepartures)
    if not invite_following(session, pot, event, now):
        raise NobodyFollows
    moved_on(session, event)
    record(
        session, "finalists.offer", now=now, person_id=coordinator.person_id, call_id=coordinator.call_id,
        subject=pot.code,
    )  # fmt: skip


def invite_following(session: Session, pot: AwardRound, event: Event, now: datetime) -> bool:
    """Invite whoever follows in the order, whoever that is; whether there was somebody."""
    raised, passed = raised_and_passed(session, pot)
    invited = session.exec(select(Finalist.application_id).where(Finalist.round_id == pot.id)).all()
    found = following(written_order(session, pot), raised, passed, invited)
    if found is not None:
        _invite(session, event, found, now)
    return found is not None


def count_invited(session: Session, pot: AwardRound) -> int:
    """How many are invited and have not said no, nor left the call."""
    return len(
        session.exec(
            select(Finalist.application_id)
            .join(Application, col(Application.id) == col(Finalist.application_id))
            .where(
                Finalist.round_id == pot.id,
                Finalist.state != FinalistState.DECLINED,
                Application.status != Status.WITHDRAWN,
            )
        ).all()
    )


def written_order(session: Session, pot: AwardRound) -> list[Candidate]:
    """Who has a place in the written order, has not left, and pitches in no other round; the first first."""
    elsewhere = exists().where(
        col(Finalist.application_id) == col(RankingEntry.application_id), col(Finalist.round_id) != pot.id
    )
    rows = session.execute(
        select_columns(
            col(RankingEntry.application_id),
            col(Application.code),
            col(Application.ref),
            col(RankingEntry.place),
        )
        .join(Application, col(Application.id) == col(RankingEntry.application_id))
        .where(
            col(RankingEntry.call_id) == pot.call_id,
            col(RankingEntry.total).is_not(None),
            col(Application.status) != Status.WITHDRAWN,
            ~elsewhere,
        )
        .order_by(col(RankingEntry.place))
    )
    return [Candidate(*row) for row in rows]


def _invite(session: Session, event: Event, each: Candidate, now: datetime) -> None:
    due = min(now + timedelta(hours=event.answer_hours), max(event.starts_at, now))
    session.add(
        Finalist(
            application_id=each.application_id,
            round_id=event.round_id,
            position=each.place,
            offered_at=now,
            answer_due_at=due,
        )
    )
    session.flush()
    tell_team(
        session, "pitch_invited", each.application_id, each.ref, dedupe=f"pitch-invited-{each.ref}", now=now
    )

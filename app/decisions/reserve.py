"""Those who stand by: the list made at freezing, awards that are given back, and who comes up instead.

One comes up for each award that was given back, in the order of the list unless a written reason that a
second person has confirmed says why not, and before the list ends. The database refuses everything else
(migration 0031).
"""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import Annotated

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field
from sqlalchemy import delete, update
from sqlmodel import Session, col, select

from app.accounts.actors import Applicant, Coordinator
from app.applications.actions.telling import other_coordinators
from app.applications.members import Mine, mine
from app.applications.status import Move, moved
from app.asking import Ask
from app.audit.record import record
from app.calls.phase import Phase, phase
from app.decisions.announce import make_public, unrevealed
from app.decisions.asked import asked_minor
from app.decisions.awards import refuse_stale
from app.decisions.cut import cut, winners
from app.decisions.departures import departing_reason
from app.decisions.giving import bump
from app.decisions.held import held_call, held_pot, round_of
from app.decisions.letters_out import tell_change
from app.decisions.one_review import refuse_one_review
from app.decisions.order import Order, pot_of
from app.decisions.refusals import (
    NobodyStandsBy,
    NoReserveList,
    NothingReturned,
    NotPublished,
    PromotionSecondPerson,
    ReserveEnded,
    RestsOnOneReview,
)
from app.decisions.seconds import Persons, Seconded, can_second, confirm, tell_alone
from app.errors import Invalid, NotFound, Stale
from app.models.applications import Application, History, Status, TeamRole
from app.models.calls import AwardRound, Call
from app.models.decisions import (
    Award,
    AwardReturn,
    PublishedResult,
    RankingEntry,
    ReserveDeparture,
    ReserveEntry,
)
from app.models.keys import key_of
from app.outbox.enqueue import Queued, enqueue_all
from app.scoring.shares import Split
from app.wall import BehindWall, taken_down, wall_of

SHORTEST_REASON = 10


class ReturnInput(BaseModel):
    """Why a winner gives the award back."""

    model_config = ConfigDict(extra="forbid")
    reason: Annotated[str, Field(min_length=SHORTEST_REASON, max_length=2000), Ask("textarea")]


class OwnAward(BaseModel):
    """One's own award, in euro cents, and how long the reserve list stands for which it would be free."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    ref: str
    amount_minor: int | None
    version: int
    reserve_until: datetime | None


class PromotionInput(BaseModel):
    """Who comes up; without one the next of the list. Anybody else needs a reason of 20 characters."""

    model_config = ConfigDict(extra="forbid")
    application: Annotated[str, Field(max_length=40), Ask("select", optional=True)] = ""
    reason: Annotated[str, Field(max_length=2000), Ask("textarea", optional=True)] = ""


class PromotionConfirm(BaseModel):
    """Who is to come up out of turn, with the reason as it was written at `decided_at`."""

    model_config = ConfigDict(extra="forbid")
    application: Annotated[str, Field(min_length=1, max_length=40), Ask("hidden")]
    decided_at: Annotated[AwareDatetime, Ask("hidden")]


class OutOfTurn(Seconded):
    """Somebody else of the list than the next, who is to come up once a second person has confirmed why."""

    title: str
    position: int


class StandbyState(StrEnum):
    """What became of somebody on the list."""

    WAITING = "waiting"
    PROMOTED = "promoted"
    OUT = "out"


class Standby(BaseModel):
    """One who stands by. `instead_of` is whose award was given back; `reason` why it was not the next one.

    `state` is "out" where the application has won elsewhere or left.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")
    position: int
    application: str
    title: str
    state: StandbyState
    instead_of: str
    promoted_at: datetime | None
    reason: str


class Returned(BaseModel):
    """An award that was given back; `replaced` once somebody came up for it."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    application: str
    amount_minor: int | None
    reason: str
    at: datetime
    replaced: bool


class Reserve(BaseModel):
    """The reserve list of a round. `open_places` are awards given back for which nobody came up.

    `until` is None where the round has no list; `ended` says that it has passed. `out_of_turn` wait for a
    second person.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")
    round: str
    until: datetime | None
    ended: bool
    open_places: int
    entries: list[Standby]
    returned: list[Returned]
    out_of_turn: list[OutOfTurn]

    @property
    def following(self) -> Standby | None:
        """Who comes up next."""
        return next((each for each in self.entries if each.state is StandbyState.WAITING), None)


def store_reserve(session: Session, order: Order) -> None:
    """Keep who stands by, and which awards hold a reserved seat; for a decision about to be frozen."""
    for pot in order.pots:
        standing = order.seen_from(pot)
        line = cut(pot_of(pot), standing)
        keys = {row.code: row.application_id for row in order.rows_of(pot)}
        raised = [each for each in winners(standing, line) if each.explained and each.belongs]
        seated = {*line.seated, *(each.code for each in raised[: pot.reserved_places])}
        held = [keys[each.code] for each in standing if each.awarded and each.code in seated]
        if held:
            session.execute(update(Award).where(col(Award.application_id).in_(held)).values(reserved=True))
        waiting = [
            each
            for each in standing
            if not each.awarded and not each.elsewhere and not each.explained and each.enough
        ]
        for position, each in enumerate(waiting[: pot.reserve_places], 1):
            session.add(
                ReserveEntry(round_id=key_of(pot.id), application_id=keys[each.code], position=position)
            )
    session.flush()


def drop_reserve(session: Session, call: Call) -> None:
    """The decision is open again: nobody stands by, and no seat is taken."""
    pots = select(AwardRound.id).where(AwardRound.call_id == call.id)
    session.execute(delete(ReserveEntry).where(col(ReserveEntry.round_id).in_(pots)))
    session.execute(
        update(Award).where(col(Award.round_id).in_(pots), col(Award.reserved)).values(reserved=False)
    )


def reserve_of(session: Session, coordinator: Coordinator, round_code: str, now: datetime) -> Reserve:
    """The list of a round with what became of it; NotFound for another call's."""
    pot = round_of(session, coordinator, round_code)
    rows = _entries(session, pot)
    returned = _returned(session, pot)
    replaced = {entry.instead_of for entry, *_ in rows if entry.instead_of is not None}
    codes = {row.application_id: code for row, code in returned}
    return Reserve(
        round=pot.code,
        until=pot.reserve_until,
        ended=pot.reserve_until is not None and now >= pot.reserve_until,
        open_places=sum(row.application_id not in replaced for row, _ in returned),
        entries=[
            Standby(
                position=entry.position,
                application=application.code,
                title=title,
                state=_state(entry, application),
                instead_of=codes.get(entry.instead_of or 0, ""),
                promoted_at=entry.promoted_at,
                reason=entry.reason,
            )
            for entry, application, title in rows
        ],
        returned=[
            Returned(
                application=code,
                amount_minor=row.amount_minor,
                reason=row.reason,
                at=row.recorded_at,
                replaced=row.application_id in replaced,
            )
            for row, code in returned
        ],
        out_of_turn=_out_of_turn(session, coordinator, pot, rows) if returned else [],
    )


def _out_of_turn(
    session: Session,
    coordinator: Coordinator,
    pot: AwardRound,
    entries: Sequence[tuple[ReserveEntry, Application, str]],
) -> list[OutOfTurn]:
    asked = {
        row.application_id: row
        for row in session.exec(select(ReserveDeparture).where(ReserveDeparture.round_id == pot.id))
    }
    waiting = [
        (entry, application, title)
        for entry, application, title in entries
        if entry.application_id in asked and _state(entry, application) is StandbyState.WAITING
    ]
    if not waiting:
        return []
    persons = Persons(session, coordinator)
    return [
        OutOfTurn(
            title=title,
            position=entry.position,
            **persons.of(asked[entry.application_id], application.code),
        )
        for entry, application, title in waiting
    ]


def give_back(
    session: Session,
    coordinator: Coordinator,
    application: str,
    seen_version: int,
    given: ReturnInput,
    now: datetime,
) -> None:
    """Record that a winner gives the award back: its place and money are free for who stands by.

    `seen_version` is the award's. NotPublished before the results are public, when it is simply taken back.
    """
    call = held_call(session, coordinator)
    award, row, code = _award(session, coordinator, application)
    if phase(call, now) is not Phase.PUBLISHED:
        raise NotPublished
    pot = held_pot(session, coordinator, code)
    if award.version != seen_version:
        raise Stale(version=award.version)
    reason = given.reason.strip()
    if len(reason) < SHORTEST_REASON:
        raise Invalid({"reason": ("string_too_short", {"min_length": SHORTEST_REASON})})
    _return(session, award, row, pot, reason, coordinator.person_id, now)


def own_award(session: Session, applicant: Applicant, ref: str, now: datetime) -> OwnAward:
    """What an applicant would give back; NotFound without a public award, and for others of its team."""
    own = mine(session, applicant, ref)
    if own.role is not TeamRole.OWNER:
        raise NotFound
    award, pot = _own(session, own, now)
    return OwnAward(
        ref=ref,
        amount_minor=award.amount_minor,
        version=award.version,
        reserve_until=pot.reserve_until if pot.reserve_until and now < pot.reserve_until else None,
    )


def give_back_own(
    session: Session, applicant: Applicant, ref: str, seen_version: int, given: ReturnInput, now: datetime
) -> None:
    """A winner gives the award back: its place and money are free for who stands by. Only its owner may."""
    own = mine(session, applicant, ref)
    if own.role is not TeamRole.OWNER:
        raise NotFound
    pot = _own(session, own, now)[1]
    pot = session.exec(
        select(AwardRound)
        .where(AwardRound.id == pot.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()
    row = mine(session, applicant, ref, held=True).application
    award, _ = _own(session, own, now)
    if award.version != seen_version:
        raise Stale(version=award.version)
    reason = given.reason.strip()
    if len(reason) < SHORTEST_REASON:
        raise Invalid({"reason": ("string_too_short", {"min_length": SHORTEST_REASON})})
    _return(session, award, row, pot, reason, applicant.person_id, now)


def _own(session: Session, own: Mine, now: datetime) -> tuple[Award, AwardRound]:
    found = session.exec(
        select(Award, AwardRound)
        .join(AwardRound, col(AwardRound.id) == col(Award.round_id))
        .where(Award.application_id == own.key)
        .execution_options(populate_existing=True)
    ).one_or_none()
    if found is None or phase(own.call, now) is not Phase.PUBLISHED:
        raise NotFound
    return found[0], found[1]


def _return(
    session: Session,
    award: Award,
    row: Application,
    pot: AwardRound,
    reason: str,
    person_id: int,
    now: datetime,
) -> None:
    """What comes with it, whoever says so: no winner any more, a free place, a letter to its team."""
    session.add(
        AwardReturn(
            application_id=award.application_id,
            round_id=award.round_id,
            amount_minor=award.amount_minor,
            reason=reason,
            recorded_by=person_id,
            recorded_at=now,
        )
    )
    session.flush()
    session.delete(award)
    session.flush()
    session.execute(
        update(PublishedResult).where(col(PublishedResult.application_id) == row.id).values(given_back_at=now)
    )
    _move(session, person_id, row, Move.GIVE_BACK, now)
    bump(session, pot)
    record(
        session, "award.return", now=now, person_id=person_id, call_id=pot.call_id, subject=row.code,
        detail={"round": pot.code, "reason": reason},
    )  # fmt: skip
    tell_change(session, pot.call_id, row, "award_returned", now)
    _tell_coordinators(session, row, pot, person_id, now)


def _tell_coordinators(
    session: Session, row: Application, pot: AwardRound, person_id: int, now: datetime
) -> None:
    """Once to each but whoever wrote it down; who has a tie to the application gets no mail in the end."""
    told = other_coordinators(session, pot.call_id, person_id)
    params = {"code": row.code, "round": pot.code}
    enqueue_all(
        session, [Queued("award_freed", f"award-freed-{row.code}-{each}", each, params) for each in told], now
    )


def promote(
    session: Session,
    coordinator: Coordinator,
    round_code: str,
    seen_version: int,
    given: PromotionInput,
    now: datetime,
) -> str:
    """Give the award that came back first to the next who stands by; the application's code.

    `seen_version` is the decision's. ReserveEnded once the list has ended; NothingReturned where no award
    waits; NobodyStandsBy where nobody is left; RestsOnOneReview. Anybody but the next needs a written reason,
    and where another coordinator could confirm it, `ask_promotion` and `confirm_promotion`:
    PromotionSecondPerson.
    """
    pot = _promoting(session, coordinator, round_code, seen_version, now)
    with taken_down(session):
        freed, entry, row = _meeting(session, pot, given.application)
        if _is_next(session, pot, entry):
            return _rise(session, coordinator, pot, (freed, entry, row), "", now)
        reason = departing_reason(given.reason)
        if can_second(session, coordinator, row.code):
            raise PromotionSecondPerson
        code = _rise(session, coordinator, pot, (freed, entry, row), reason, now)
        tell_alone(session, coordinator, [(code, reason)], now)
    return code


def ask_promotion(
    session: Session,
    coordinator: Coordinator,
    round_code: str,
    seen_version: int,
    given: PromotionInput,
    now: datetime,
) -> None:
    """Write down why somebody else than the next is to come up; nobody does before a second person confirms.

    A later reason takes its place. NotFound for the next and for whoever does not stand by.
    """
    pot = _promoting(session, coordinator, round_code, seen_version, now)
    with taken_down(session):
        freed, entry, row = _meeting(session, pot, given.application)
        if not given.application or _is_next(session, pot, entry):
            raise NotFound
        _refuse_behind_wall(session, freed, row)
    reason = departing_reason(given.reason)
    session.merge(
        ReserveDeparture(
            application_id=key_of(row.id),
            round_id=key_of(pot.id),
            reason=reason,
            decided_by=coordinator.person_id,
            decided_at=now,
        )
    )
    bump(session, pot)
    _note(session, coordinator, "award.promotion_ask", pot, row.code, reason, now)


def confirm_promotion(
    session: Session, coordinator: Coordinator, round_code: str, given: PromotionConfirm, now: datetime
) -> str:
    """Confirm, as a second person, why somebody else than the next is to come up, and promote it."""
    pot = _promoting(session, coordinator, round_code, None, now)
    asked = _asked(session, pot, given.application)
    with taken_down(session):
        met = _meeting(session, pot, given.application)
        confirm(asked, coordinator, given.decided_at, now)
        session.add(asked)
        _note(session, coordinator, "award.promotion_confirm", pot, given.application, "", now)
        return _rise(session, coordinator, pot, met, asked.reason, now)


def drop_promotion(
    session: Session, coordinator: Coordinator, round_code: str, application: str, now: datetime
) -> None:
    """Take back, or turn down, that somebody comes up out of turn; its reason stays in the log alone."""
    pot = _promoting(session, coordinator, round_code, None, now)
    asked = _asked(session, pot, application)
    if asked.confirmed_at is not None:
        raise NotFound
    session.delete(asked)
    bump(session, pot)
    _note(session, coordinator, "award.promotion_drop", pot, application, "", now)


def _promoting(
    session: Session, coordinator: Coordinator, round_code: str, seen_version: int | None, now: datetime
) -> AwardRound:
    """The pot, held, while somebody may come up from its list."""
    call = held_call(session, coordinator)
    if phase(call, now) is not Phase.PUBLISHED:
        raise NotPublished
    if seen_version is not None:
        refuse_stale(session, coordinator, seen_version)
    pot = held_pot(session, coordinator, round_code)
    if pot.reserve_until is None:
        raise NoReserveList
    if now >= pot.reserve_until:
        raise ReserveEnded
    return pot


def _asked(session: Session, pot: AwardRound, application: str) -> ReserveDeparture:
    found = session.exec(
        select(ReserveDeparture)
        .join(Application, col(Application.id) == col(ReserveDeparture.application_id))
        .where(ReserveDeparture.round_id == pot.id, Application.code == application)
        .execution_options(populate_existing=True)
    ).one_or_none()
    if found is None:
        raise NotFound
    return found


def _rise(
    session: Session,
    coordinator: Coordinator,
    pot: AwardRound,
    met: tuple[AwardReturn, ReserveEntry, Application],
    reason: str,
    now: datetime,
) -> str:
    freed, entry, row = met
    _refuse_behind_wall(session, freed, row)
    entry.instead_of, entry.promoted_by = freed.application_id, coordinator.person_id
    entry.promoted_at, entry.reason = now, reason
    session.add(entry)
    session.flush()
    _award_instead(session, coordinator, pot, row, freed, now)
    record(
        session, "award.promote", now=now, person_id=coordinator.person_id, call_id=pot.call_id,
        subject=row.code, detail={"round": pot.code, "position": entry.position, "reason": reason},
    )  # fmt: skip
    tell_change(session, pot.call_id, row, "award_promoted", now)
    return row.code


def _refuse_behind_wall(session: Session, freed: AwardReturn, row: Application) -> None:
    if {row.id, freed.application_id} & wall_of(session).keys:
        raise BehindWall


def _note(
    session: Session,
    coordinator: Coordinator,
    action: str,
    pot: AwardRound,
    application: str,
    reason: str,
    now: datetime,
) -> None:
    session.flush()
    record(
        session, action, now=now, person_id=coordinator.person_id, call_id=coordinator.call_id,
        subject=application, detail={"round": pot.code, "reason": reason},
    )  # fmt: skip


def _award_instead(
    session: Session,
    coordinator: Coordinator,
    pot: AwardRound,
    row: Application,
    freed: AwardReturn,
    now: datetime,
) -> None:
    """The award, its public page, and the application's own state: all or nothing."""
    session.add(
        Award(
            round_id=key_of(pot.id),
            application_id=key_of(row.id),
            amount_minor=_sum(session, coordinator, pot, row, freed),
            awarded_by=coordinator.person_id,
            awarded_at=now,
        )
    )
    session.flush()
    _move(session, coordinator.person_id, row, Move.PROMOTE, now)
    own = [each for each in unrevealed(session, coordinator, pot.id) if each.application_id == row.id]
    make_public(session, coordinator.call_id, own, now)
    session.execute(
        update(PublishedResult).where(col(PublishedResult.application_id) == row.id).values(promoted=True)
    )
    bump(session, pot)


def _sum(
    session: Session, coordinator: Coordinator, pot: AwardRound, row: Application, freed: AwardReturn
) -> int | None:
    """What was given back; where sums are by what was asked for, what this one asked for, if it is there."""
    rule = pot_of(pot).rule
    if rule is None:
        return None
    left = rule.pot - pot.committed_minor
    if pot.split not in (Split.ASKED, Split.PROPORTIONAL):
        return min(freed.amount_minor or rule.most, left)
    wanted = rule.wanted(asked_minor(session, coordinator.call_id).get(key_of(row.id)))
    return min(wanted, left if pot.split is Split.ASKED else freed.amount_minor or left, left)


def _meeting(session: Session, pot: AwardRound, wished: str) -> tuple[AwardReturn, ReserveEntry, Application]:
    """The award that came back first, and who is to have it. RestsOnOneReview where that is no decision."""
    rows = _entries(session, pot)
    replaced = {entry.instead_of for entry, *_ in rows}
    freed = [row for row, _ in _returned(session, pot) if row.application_id not in replaced]
    if not freed:
        raise NothingReturned
    waiting = [(entry, row) for entry, row, _ in rows if _state(entry, row) is StandbyState.WAITING]
    if not waiting:
        raise NobodyStandsBy
    chosen = [(entry, row) for entry, row in waiting if not wished or row.code == wished]
    if not chosen:
        raise NotFound
    refuse_one_review(session, pot.call_id, [chosen[0][1].code], RestsOnOneReview)
    return freed[0], *chosen[0]


def _is_next(session: Session, pot: AwardRound, entry: ReserveEntry) -> bool:
    return not any(
        each.position < entry.position and _state(each, row) is StandbyState.WAITING
        for each, row, _ in _entries(session, pot)
    )


def _state(entry: ReserveEntry, application: Application) -> StandbyState:
    if entry.instead_of is not None:
        return StandbyState.PROMOTED
    standing_by = application.status in (Status.IN_REVIEW, Status.NOT_SELECTED)
    return StandbyState.WAITING if standing_by else StandbyState.OUT


def _entries(session: Session, pot: AwardRound) -> Sequence[tuple[ReserveEntry, Application, str]]:
    rows = session.exec(
        select(ReserveEntry, Application, RankingEntry.shown)
        .join(Application, col(Application.id) == col(ReserveEntry.application_id))
        .join(RankingEntry, col(RankingEntry.application_id) == col(ReserveEntry.application_id))
        .where(ReserveEntry.round_id == pot.id)
        .order_by(col(ReserveEntry.position))
        .execution_options(populate_existing=True)
    )
    return [(entry, application, str(shown["title"])) for entry, application, shown in rows]


def _returned(session: Session, pot: AwardRound) -> Sequence[tuple[AwardReturn, str]]:
    rows = session.exec(
        select(AwardReturn, Application.code)
        .join(Application, col(Application.id) == col(AwardReturn.application_id))
        .where(AwardReturn.round_id == pot.id)
        .order_by(col(AwardReturn.recorded_at), col(AwardReturn.application_id))
    )
    return [(row, code) for row, code in rows]


def _award(session: Session, coordinator: Coordinator, code: str) -> tuple[Award, Application, str]:
    found = session.exec(
        select(Award, Application, AwardRound.code)
        .join(Application, col(Application.id) == col(Award.application_id))
        .join(AwardRound, col(AwardRound.id) == col(Award.round_id))
        .where(AwardRound.call_id == coordinator.call_id, Application.code == code)
        .execution_options(populate_existing=True)
    ).one_or_none()
    if found is None:
        raise NotFound
    award, row, pot = found
    return award, row, pot


def _move(session: Session, person_id: int, row: Application, move: Move, now: datetime) -> None:
    row.status = moved(row.status, move)
    row.version += 1
    session.add(row)
    session.add(History(application_id=key_of(row.id), move=move, at=now, by=person_id))
    session.flush()

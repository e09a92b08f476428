"""Awards: the cut line at once, single awards, other amounts, and taking back.

An award is pending until it is published. The pot is locked while it changes, and its CHECKs, kept by
triggers, refuse what this code would ever let through.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import Select, func
from sqlalchemy import select as select_columns
from sqlmodel import Session, col, select

from app.accounts.actors import Coordinator
from app.applications.counted import IS_COUNTED_SENDING
from app.asking import Ask
from app.decisions.asked import asked_minor
from app.decisions.cut import Cut, Pot, Standing, amounts, cut
from app.decisions.departures import departing_reason, drop_departure, keep_departure
from app.decisions.giving import bump, divide, give, lower, record_award, set_amount
from app.decisions.held import awarding, call_of, decision_version, held_pot
from app.decisions.one_review import refuse_one_review
from app.decisions.order import Order, pot_of, read_order, withdrawn_winners
from app.decisions.pitch_order import refuse_unpitched
from app.decisions.refusals import (
    AlreadyAwarded,
    BelowThreshold,
    EnvelopeExceeded,
    LineStands,
    NobodyLeft,
    NoPlaceLeft,
    NotInOrder,
    WinnerWithdrew,
    refuse_named,
)
from app.decisions.seen import count_given
from app.errors import Invalid, NotFound, Stale
from app.models.applications import Application, Packet, Sending, Status
from app.models.calls import AwardRound
from app.models.decisions import Award, RankingEntry
from app.models.keys import key_of
from app.scoring.shares import POOLED, Split
from app.wall import wall_of, whole_call

HIGHEST_AMOUNT = 10**12


class AwardInput(BaseModel):
    """One award. Without `amount_minor` (euro cents) the round's amount for a place is given."""

    model_config = ConfigDict(extra="forbid")
    application: Annotated[str, Field(min_length=1, max_length=40), Ask("select")]
    amount_minor: Annotated[
        int | None, Field(gt=0, le=HIGHEST_AMOUNT), Ask("money", optional=True, suffix="€")
    ] = None
    reason: Annotated[str, Field(max_length=2000), Ask("textarea", optional=True)] = ""


class AwardView(BaseModel):
    """A pending award as its coordinator sees it. Amount in euro cents; None where there is no money."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    application: str
    title: str
    round: str
    amount_minor: int | None
    version: int


def award_list(session: Session, coordinator: Coordinator, *, limit: int, offset: int) -> list[AwardView]:
    """The awards of the call in the order of its rounds and of the ranking."""
    return [_view(*row) for row in session.execute(_awards(coordinator).limit(limit).offset(offset)).all()]


def count_awards(session: Session, coordinator: Coordinator) -> int:
    """How many awards the call has."""
    return count_given(session, coordinator.call_id)


def award_of(session: Session, coordinator: Coordinator, application: str) -> AwardView:
    """The award of one application; NotFound where it has none."""
    statement = _awards(coordinator).where(col(Application.code) == application)
    row = session.execute(statement).one_or_none()
    if row is None:
        raise NotFound
    return _view(*row)


def _awards(coordinator: Coordinator) -> Select[str, str, str, int | None, int]:
    # An application that withdrew has no sending that counts; a call of the past has no ranking.
    return (
        select_columns(
            col(Application.code),
            func.coalesce(col(Packet.title), "").label("title"),
            col(AwardRound.code),
            col(Award.amount_minor),
            col(Award.version),
        )
        .select_from(Award)
        .join(Application, col(Application.id) == col(Award.application_id))
        .join(AwardRound, col(AwardRound.id) == col(Award.round_id))
        .join(Sending, IS_COUNTED_SENDING, isouter=True)
        .join(Packet, col(Packet.sending_id) == col(Sending.id), isouter=True)
        .join(RankingEntry, col(RankingEntry.application_id) == col(Application.id), isouter=True)
        .where(col(AwardRound.call_id) == coordinator.call_id)
        .order_by(col(AwardRound.position), col(RankingEntry.place), col(Award.id))
    )


def _view(application: str, title: str, pot: str, amount_minor: int | None, version: int) -> AwardView:
    return AwardView(
        application=application, title=title, round=pot, amount_minor=amount_minor, version=version
    )


def award_application(
    session: Session, coordinator: Coordinator, round_code: str, given: AwardInput, now: datetime
) -> int:
    """Give one place of a round (and its money) to one application; the award's version.

    Above the line no reason is needed; below it `reason` must have 20 characters or more. NeedsOneMore for
    one that rests on one review, whatever the reason: in a round with pitches it was seen at their line.
    """
    awarding(session, coordinator, now)
    pot = held_pot(session, coordinator, round_code)
    refuse_unpitched(session, pot)
    key, won_in = _candidate(session, coordinator, given.application)
    if won_in is not None:
        raise AlreadyAwarded
    _refuse_full(pot)
    _refuse_withdrawn(session, coordinator, pot)
    standing = _with_award(session, coordinator, pot, key, given)
    _refuse_one_review(session, pot, [given.application])
    amount = next(each.given for each in standing if each.code == given.application)
    _refuse_too_much(pot, amount)
    if given.application not in cut(_after(pot, amount), standing).above:
        keep_departure(
            session, coordinator, pot, (key, given.application), departing_reason(given.reason), now
        )
    if pot.split in POOLED:
        divide(session, coordinator, pot, now, joining=(key, given.application))
        return award_of(session, coordinator, given.application).version
    return give(session, coordinator, pot, (key, given.application), amount, now).version


class LineInput(BaseModel):
    """For how many awards in all a line is drawn; without a number for as many as the round wants."""

    model_config = ConfigDict(extra="forbid")
    count: Annotated[int | None, Field(ge=1, le=1000), Ask("number", inputmode="numeric")] = None


@whole_call
def draw_line(
    session: Session,
    coordinator: Coordinator,
    round_code: str,
    now: datetime,
    count: int | None = None,
    seen_version: int | None = None,
) -> int:
    """Award every place that is still free to those above the line; how many that were.

    With a `count` the awards become those of that line: whoever is awarded below it loses the award, but for
    those who were raised in writing. Who was passed over in writing is left out, and the next one comes up.
    Stops where the envelope ends. NoPlaceLeft, EnvelopeExceeded or NobodyLeft where there was nothing to
    give, LineStands where a line of this `count` would change nothing; NeedsOneMore where one of them rests
    on one review, Stale where `seen_version` is not the decision's.
    """
    awarding(session, coordinator, now)
    if seen_version is not None:
        refuse_stale(session, coordinator, seen_version)
    pot = held_pot(session, coordinator, round_code)
    refuse_unpitched(session, pot)
    _refuse_count(pot, count)
    _refuse_withdrawn(session, coordinator, pot)
    order = read_order(session, coordinator)
    standing = order.seen_from(pot)
    line = cut(pot_of(pot), standing, count)
    lost = _take_back_below(session, coordinator, pot, order, line, now) if count is not None else []
    if lost:
        standing = [
            replace(each, awarded=False, given=None) if each.code in lost else each for each in standing
        ]
    sums = amounts(pot_of(pot), standing, line)
    keys = {row.code: row.application_id for row in order.rows_of(pot)}
    joining = [each.code for each in standing if each.code in line.above and not each.awarded]
    _refuse_one_review(session, pot, joining)
    held = {each.code: each.given for each in standing if each.awarded}
    if joining or lost:
        lower(session, coordinator, pot, {code: sums[code] for code in held if code in sums}, now)
    given: list[int] = []
    for code in joining:
        if pot_of(pot).free < 1:
            break
        give(session, coordinator, pot, (keys[code], code), sums[code], now)
        given.append(keys[code])
    if not given and not lost:
        _refuse_for_nothing(pot, stands=count is not None and not joining)
    if pot.split in POOLED:
        divide(session, coordinator, pot, now)
    return len(set(given) - wall_of(session).keys)


def _refuse_for_nothing(pot: AwardRound, *, stands: bool) -> None:
    """Why a line gave nothing to anybody; `stands`: the awards are those of this line already."""
    if stands:
        raise LineStands
    _refuse_full(pot)
    _refuse_too_much(pot, pot.amount_minor if pot.split is Split.FIXED else None)
    raise NobodyLeft


def refuse_stale(session: Session, coordinator: Coordinator, seen_version: int) -> None:
    """Refuse whoever looked at another state of the decision."""
    current = decision_version(session, call_of(session, coordinator))
    if current != seen_version:
        raise Stale(version=current)


@whole_call
def _refuse_withdrawn(session: Session, coordinator: Coordinator, pot: AwardRound) -> None:
    """Whoever left the call holds a share of the pot until it is taken back."""
    if pot.split in POOLED:
        refuse_named(session, [code for code, _ in withdrawn_winners(session, coordinator)], WinnerWithdrew)


def _refuse_one_review(session: Session, pot: AwardRound, codes: Sequence[str]) -> None:
    """In a round with pitches that was seen at their line."""
    if pot.pitch_weight is None:
        refuse_one_review(session, pot.call_id, codes)


def _refuse_count(pot: AwardRound, count: int | None) -> None:
    """The line stands between what was promised and what there is."""
    least = pot.least_places or 1
    if count is not None and not least <= count <= pot.places:
        raise Invalid({"count": ("award.count_out_of_range", {"least": least, "most": pot.places})})


def _take_back_below(
    session: Session, coordinator: Coordinator, pot: AwardRound, order: Order, line: Cut, now: datetime
) -> list[str]:
    """Take back what is awarded below the line and was not raised in writing; their codes."""
    below = [
        row
        for row in order.rows_of(pot)
        if row.won_in == pot.id
        and row.code not in line.above
        and (row.application_id, key_of(pot.id)) not in order.reasons
    ]
    for row in below:
        award = session.exec(select(Award).where(Award.application_id == row.application_id)).one()
        session.delete(award)
        session.flush()
        bump(session, pot)
        record_award(session, coordinator, "award.withdraw", row.code, {"round": pot.code}, now)
    return [row.code for row in below]


def change_award(
    session: Session,
    coordinator: Coordinator,
    application: str,
    seen_version: int,
    amount_minor: int,
    now: datetime,
) -> int:
    """Give another amount, in euro cents, within the envelope; the award's new version."""
    award, pot = _held_award(session, coordinator, application, seen_version, now)
    _refuse_own_amount(session, coordinator, pot, application, amount_minor)
    _refuse_too_much(pot, amount_minor - (award.amount_minor or 0))
    set_amount(session, coordinator, pot, award, application, amount_minor, now)
    return award.version


def withdraw_award(
    session: Session, coordinator: Coordinator, application: str, seen_version: int, now: datetime
) -> None:
    """Take a pending award back; its place and money return to the pot, and its reason goes with it."""
    award, pot = _held_award(session, coordinator, application, seen_version, now)
    key = award.application_id
    session.delete(award)
    session.flush()
    drop_departure(session, key, pot)
    bump(session, pot)
    record_award(session, coordinator, "award.withdraw", application, {"round": pot.code}, now)
    if pot.split in POOLED:
        divide(session, coordinator, pot, now)


@whole_call
def withdraw_all(
    session: Session, coordinator: Coordinator, round_code: str, seen_version: int, now: datetime
) -> int:
    """Take every pending award of a round back, each with its reason; how many that were.

    Stale where `seen_version` is not the decision's.
    """
    awarding(session, coordinator, now)
    refuse_stale(session, coordinator, seen_version)
    pot = held_pot(session, coordinator, round_code)
    rows = session.exec(
        select(Award, Application.code)
        .join(Application, col(Application.id) == col(Award.application_id))
        .where(Award.round_id == pot.id)
        .order_by(col(Award.id))
    ).all()
    for award, code in rows:
        key = award.application_id
        session.delete(award)
        session.flush()
        drop_departure(session, key, pot)
        bump(session, pot)
        record_award(session, coordinator, "award.withdraw", code, {"round": pot.code}, now)
    hidden = wall_of(session).names
    return sum(code not in hidden for _, code in rows)


def _candidate(session: Session, coordinator: Coordinator, code: str) -> tuple[int, int | None]:
    """The application's key and the round it has won in, if any; only who is in the order can win."""
    row = session.exec(
        select(RankingEntry.application_id, RankingEntry.total, Application.status, Award.round_id)
        .join(Application, col(Application.id) == col(RankingEntry.application_id))
        .join(Award, col(Award.application_id) == col(RankingEntry.application_id), isouter=True)
        .where(RankingEntry.call_id == coordinator.call_id, Application.code == code)
    ).one_or_none()
    if row is None:
        raise NotFound
    key, total, status, won_in = row
    if total is None or status == Status.WITHDRAWN:
        raise NotInOrder
    return key, won_in


@whole_call
def _with_award(
    session: Session, coordinator: Coordinator, pot: AwardRound, key: int, given: AwardInput
) -> list[Standing]:
    """The order as it would stand, had this one its award; BelowThreshold for whom nobody may award."""
    order = read_order(session, coordinator, also={key}).seen_from(pot)
    own = next((each for each in order if each.code == given.application), None)
    if own is None:
        # Of a round that has pitches only its finalists win.
        raise NotInOrder
    if not own.enough and pot.threshold is not None:
        raise BelowThreshold(threshold=pot.threshold)
    amount = _amount(session, coordinator, pot, own, given.amount_minor)
    return [
        replace(each, awarded=True, given=amount) if each.code == given.application else each
        for each in order
    ]


def _after(row: AwardRound, amount: int | None) -> Pot:
    """The pot with one award more."""
    pot = pot_of(row)
    return replace(pot, taken=pot.taken + 1, committed_minor=pot.committed_minor + (amount or 0))


def _held_award(
    session: Session, coordinator: Coordinator, application: str, seen_version: int, now: datetime
) -> tuple[Award, AwardRound]:
    """The award with its pot locked, if it still is what was looked at."""
    awarding(session, coordinator, now)
    pot = held_pot(session, coordinator, award_of(session, coordinator, application).round)
    award = session.exec(
        select(Award)
        .join(Application, col(Application.id) == col(Award.application_id))
        .where(Award.round_id == pot.id, Application.code == application)
        .execution_options(populate_existing=True)
    ).one_or_none()
    if award is None:
        raise NotFound
    if award.version != seen_version:
        raise Stale(version=award.version)
    return award, pot


def _amount(
    session: Session, coordinator: Coordinator, pot: AwardRound, own: Standing, wished: int | None
) -> int | None:
    """What one more award gets: what the rule says, or what was wished where the rule leaves it open."""
    if wished is not None:
        _refuse_own_amount(session, coordinator, pot, own.code, wished, own.asked)
        return wished
    rule = pot_of(pot).rule
    if rule is None or pot.split in POOLED:
        return None
    return rule.wanted(own.asked) if pot.split is Split.ASKED else pot.amount_minor


def _refuse_own_amount(
    session: Session,
    coordinator: Coordinator,
    pot: AwardRound,
    application: str,
    amount_minor: int,
    asked: int | None = None,
) -> None:
    """Where all share one pot nobody gets a sum of their own, and nowhere more than was asked for."""
    rule = pot_of(pot).rule
    if rule is None:
        raise Invalid({"amount_minor": "award.no_money_here"})
    if pot.split in POOLED:
        raise Invalid({"amount_minor": "award.amount_by_rule"})
    if pot.split is Split.ASKED:
        most = rule.wanted(asked or _asked(session, coordinator, application))
        if amount_minor > most:
            raise Invalid({"amount_minor": ("award.more_than_asked", {"most_minor": most})})


def _asked(session: Session, coordinator: Coordinator, application: str) -> int | None:
    key, _ = _candidate(session, coordinator, application)
    return asked_minor(session, coordinator.call_id).get(key)


def _refuse_full(pot: AwardRound) -> None:
    if pot.taken >= pot.places:
        raise NoPlaceLeft(places=pot.places)


def _refuse_too_much(pot: AwardRound, more: int | None) -> None:
    left = (pot.envelope_minor or 0) - pot.committed_minor
    if more is not None and more > left:
        raise EnvelopeExceeded(left_minor=left)

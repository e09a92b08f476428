"""Freezing: what stands in its way, and what its fingerprint covers."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import Executable, delete, func, update
from sqlmodel import Session, col, select

from app.decisions.awards import AwardInput, award_application, draw_line, withdraw_award
from app.decisions.closing import close_reviewing
from app.decisions.decide import decide, reopen_decision
from app.decisions.decided import decision_hash
from app.decisions.departures import DepartureInput, explain_departure
from app.decisions.held import call_of, decision_version
from app.decisions.holes import excuse_holes
from app.decisions.refusals import (
    AlreadyDecided,
    AlreadyRevealed,
    NotDecided,
    NothingAwarded,
    OpenHoles,
    ReviewingNotClosed,
    UnexplainedDepartures,
    UnreadCautions,
    WinnerWithdrew,
)
from app.decisions.standing import standing
from app.errors import Conflict, Stale
from app.events.stage import reveal_next
from app.models.applications import Application, Status
from app.models.audit import AuditEntry
from app.models.calls import Call
from app.models.decisions import Award, Departure, MissingReview, RankingEntry
from app.models.keys import key_of
from app.models.reviews import Review, ReviewState
from app.scoring.cautions import Caution
from app.wall import BehindWall, Wall, put_up, taken_down
from tests.decisions.scored import REASON, ranked_call, scored_call
from tests.factories import KNOWN, REVIEWING
from tests.world import World

LATER = REVIEWING + timedelta(days=1)


def version(session: Session, world: World) -> int:
    session.flush()
    return decision_version(session, call_of(session, world.coordinator()))


def freeze(session: Session, world: World) -> str:
    return decide(session, world.coordinator(), version(session, world), LATER, KNOWN)


def drawn(session: Session, world: World) -> list[str]:
    codes = ranked_call(session, world)
    draw_line(session, world.coordinator(), world.round.code, LATER)
    return codes


def test_whoever_freezes_what_reviews_hardly_carry_says_so(session: Session, world: World) -> None:
    drawn(session, world)
    cora, now = world.coordinator(), version(session, world)
    assert standing(session, cora, LATER).cautions == [Caution.WIDE]
    for known in ((), (Caution.APART,)):
        with pytest.raises(UnreadCautions) as refused:
            decide(session, cora, now, LATER, known)
        assert refused.value.params == {"cautions": "wide"}
    assert call_of(session, cora).decided_at is None
    decide(session, cora, now, LATER, [Caution.WIDE])
    told = session.exec(select(AuditEntry.detail).where(AuditEntry.action == "decision.freeze")).one()
    assert told["known"] == ["wide"] and standing(session, cora, LATER).cautions == []


def test_a_sound_decision_is_frozen_and_cannot_be_changed(session: Session, world: World) -> None:
    codes = drawn(session, world)
    digest = freeze(session, world)
    assert len(digest) == 64
    shown = standing(session, world.coordinator(), LATER)
    assert (shown.can_award, shown.can_decide, shown.can_announce) == (False, False, True)
    assert shown.decision_hash == digest
    cora, pot = world.coordinator(), world.round.code
    for act in (
        lambda: freeze(session, world),
        lambda: draw_line(session, cora, pot, LATER),
        lambda: award_application(session, cora, pot, AwardInput(application=codes[7]), LATER),
        lambda: withdraw_award(session, cora, codes[0], 1, LATER),
        lambda: explain_departure(
            session, cora, pot, DepartureInput(application=codes[7], reason=REASON), LATER
        ),
    ):
        with pytest.raises(AlreadyDecided):
            act()


def test_an_open_hole_stands_in_the_way_until_it_is_excused(session: Session, world: World) -> None:
    codes = scored_call(session, world)
    session.execute(
        update(Review)
        .where(col(Review.assignment_id) == session.exec(select(func.min(Review.assignment_id))).one())
        .values(state=ReviewState.DRAFT)
    )
    close_reviewing(session, world.coordinator(), REVIEWING)
    draw_line(session, world.coordinator(), world.round.code, LATER)
    assert not standing(session, world.coordinator(), LATER).can_decide
    with pytest.raises(OpenHoles) as refused:
        freeze(session, world)
    assert refused.value.params == {"count": 1}
    excuse_holes(session, world.coordinator(), {(codes[0], "BC"): "Rita was ill all month"}, LATER)
    assert freeze(session, world)


def test_unexplained_departures_are_named(session: Session, world: World) -> None:
    codes = ranked_call(session, world)
    for code in codes[2:4]:
        award_application(session, world.coordinator(), world.round.code, AwardInput(application=code), LATER)
    with pytest.raises(UnexplainedDepartures) as refused:
        freeze(session, world)
    assert refused.value.params == {"codes": f"{codes[0]}, {codes[1]}"}
    for code in codes[:2]:
        given = DepartureInput(application=code, reason=REASON)
        explain_departure(session, world.coordinator(), world.round.code, given, LATER)
    assert freeze(session, world)


def test_a_winner_who_withdrew_is_named(session: Session, world: World) -> None:
    codes = drawn(session, world)
    session.execute(
        update(Application)
        .where(col(Application.code) == codes[1])
        .values(status=Status.WITHDRAWN, counts_number=None)
    )
    with pytest.raises(WinnerWithdrew) as refused:
        freeze(session, world)
    assert refused.value.params == {"codes": codes[1]}
    withdraw_award(session, world.coordinator(), codes[1], 1, LATER)
    draw_line(session, world.coordinator(), world.round.code, LATER)
    assert freeze(session, world)


def test_what_is_in_the_way_behind_the_wall_is_neither_named_nor_counted(
    session: Session, world: World
) -> None:
    """A coordinator with a tie freezes nothing that others could not, and learns only that."""
    seen, hidden = drawn(session, world)[:2]
    keys = dict(session.exec(select(Application.code, Application.id)).all())
    put_up(session, Wall(frozenset({key_of(keys[hidden])}), frozenset({hidden})))

    def refused() -> tuple[type[Exception], dict[str, object]]:
        with pytest.raises(Conflict) as error:
            freeze(session, world)
        return error.type, error.value.params

    def stand(status: Status, *codes: str) -> None:
        with taken_down(session):
            session.execute(update(Application).where(col(Application.code).in_(codes)).values(status=status))

    stand(Status.WITHDRAWN, seen, hidden)
    assert refused() == (WinnerWithdrew, {"codes": seen})
    stand(Status.IN_REVIEW, seen)
    assert refused() == (BehindWall, {})
    stand(Status.IN_REVIEW, hidden)
    organisation = key_of(world.organisations["BC"].id)
    call = key_of(world.call.id)
    for code, told in ((hidden, (BehindWall, {})), (seen, (OpenHoles, {"count": 1}))):
        number = key_of(keys[code])
        session.add(MissingReview(application_id=number, organisation_id=organisation, call_id=call))
        session.flush()
        assert refused() == told


def test_the_fingerprint_is_kept_from_who_has_a_tie_until_it_is_public(
    session: Session, world: World
) -> None:
    """It covers the totals: a guess at those behind the wall could be tried against it."""
    first = drawn(session, world)[0]
    fingerprint = freeze(session, world)
    assert standing(session, world.coordinator(), LATER).decision_hash == fingerprint
    number = session.exec(select(Application.id).where(Application.code == first)).one()
    put_up(session, Wall(frozenset({key_of(number)}), frozenset({first})))
    assert standing(session, world.coordinator(), LATER).decision_hash == ""
    call_of(session, world.coordinator()).published_at = LATER
    session.flush()
    assert standing(session, world.coordinator(), LATER).decision_hash == fingerprint


def test_nothing_awarded_is_nothing_to_decide(session: Session, world: World) -> None:
    ranked_call(session, world)
    with pytest.raises(NothingAwarded):
        freeze(session, world)


def test_before_closing_there_is_nothing_to_freeze_or_open(session: Session, world: World) -> None:
    scored_call(session, world)
    with pytest.raises(ReviewingNotClosed):
        freeze(session, world)
    with pytest.raises(NotDecided):
        reopen_decision(session, world.coordinator(), "A mistake was found", LATER)


def test_who_looked_before_another_award_freezes_nothing(session: Session, world: World) -> None:
    codes = drawn(session, world)
    seen = version(session, world)
    withdraw_award(session, world.coordinator(), codes[5], 1, LATER)
    with pytest.raises(Stale) as refused:
        decide(session, world.coordinator(), seen, LATER, KNOWN)
    assert refused.value.version == version(session, world) > seen
    assert session.exec(select(Call.decided_at)).one() is None


def test_reopening_lets_awards_change_again(session: Session, world: World) -> None:
    codes = drawn(session, world)
    first = freeze(session, world)
    reopen_decision(session, world.coordinator(), "A mistake was found", LATER)
    withdraw_award(session, world.coordinator(), codes[5], 1, LATER)
    assert freeze(session, world) != first


def test_reopening_is_refused_once_a_winner_is_known(session: Session, world: World) -> None:
    drawn(session, world)
    freeze(session, world)
    reveal_next(session, world.coordinator(), world.round.code, 0, LATER)
    session.flush()
    with pytest.raises(AlreadyRevealed):
        reopen_decision(session, world.coordinator(), "A mistake was found", LATER)


CHANGES: dict[str, Callable[[], Executable]] = {
    "an amount": lambda: update(Award).where(col(Award.id) == 1).values(amount_minor=1),
    "an award": lambda: delete(Award).where(col(Award.id) == 1),
    "a place": lambda: update(RankingEntry).where(col(RankingEntry.place) == 8).values(place=9),
    "a total": lambda: update(RankingEntry).where(col(RankingEntry.place) == 8).values(total="1/3"),
    "a reason": lambda: update(Departure).values(reason="Another reason for the same thing"),
    "an excuse": lambda: update(MissingReview).values(reason="Another excuse"),
    "the seed": lambda: update(Call).values(draw_seed="loaded"),
    "the form": lambda: update(Call).values(frozen_hash="f" * 64),
}


def test_the_fingerprint_recomputes_from_the_tables_and_covers_all_that_was_decided(
    session: Session, world: World
) -> None:
    codes = scored_call(session, world)
    session.execute(
        update(Review)
        .where(col(Review.assignment_id) == session.exec(select(col(Review.assignment_id))).first())
        .values(state=ReviewState.DRAFT)
    )
    cora = world.coordinator()
    close_reviewing(session, cora, REVIEWING)
    excuse_holes(session, cora, {(codes[0], "BC"): "Rita was ill all month"}, LATER)
    given = DepartureInput(application=codes[1], reason=REASON)
    explain_departure(session, cora, world.round.code, given, LATER)
    draw_line(session, cora, world.round.code, LATER)
    digest = freeze(session, world)
    session.flush()

    def recomputed() -> str:
        session.expire_all()
        return decision_hash(session, call_of(session, cora))

    assert recomputed() == digest
    # While it is frozen the database lets nobody touch an award; who changes it opens it first.
    session.execute(update(Call).values(decided_at=None))
    assert recomputed() == digest
    seen = {digest}
    for what, change in CHANGES.items():
        nested = session.begin_nested()
        session.execute(change(), execution_options={"synchronize_session": False})
        assert recomputed() not in seen, what
        seen.add(recomputed())
        nested.rollback()
    assert recomputed() == digest

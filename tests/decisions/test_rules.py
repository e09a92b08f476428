"""The rules of a round up to its awards: shared pots, kept seats, thresholds, moved lines."""

from fractions import Fraction
from functools import partial
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, text
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select, update

from app.database import session_on
from app.decisions.awards import (
    AwardInput,
    award_application,
    award_list,
    change_award,
    draw_line,
    withdraw_award,
)
from app.decisions.closing import close_reviewing
from app.decisions.decide import decide
from app.decisions.departures import DepartureInput, explain_departure, take_back_departure
from app.decisions.line import Round, rounds
from app.decisions.moving import LineKind, Moved, moved_line
from app.decisions.refusals import (
    AlreadyDecided,
    BelowThreshold,
    EnvelopeExceeded,
    FewerThanPromised,
    LineStands,
    NeedsOneMore,
    NoFinalists,
    NoSeatsKept,
    UnconfirmedSeats,
    WinnerWithdrew,
)
from app.decisions.seats import SeatInput, drop_mark, mark_seat, seats
from app.decisions.standing import standing
from app.decisions.waiting import waiting
from app.errors import Conflict, Invalid, NotFound, Stale
from app.models.applications import Application, Packet, Status
from app.models.calls import AwardRound, CallKind
from app.models.decisions import Award, RankingEntry
from app.models.events import FinalistDeparture
from app.random_codes import random_code
from app.scoring.methods import Method
from app.scoring.shares import Split
from tests.decisions.scored import (
    REASON,
    awarded,
    excused,
    one_review_left,
    pot_now,
    ranked_call,
    scored_call,
    second_round,
)
from tests.factories import KNOWN, REVIEWING, make_sent_application
from tests.world import World, key, make_world, texts

POT = 3_000_000
REAL: dict[str, Any] = {
    "places": 12,
    "least_places": 6,
    "split": Split.EQUAL,
    "reserved_places": 1,
    "reserved_for": texts("members of the City Initiatives Workshop"),
}
"""13 April 2019: at least six awards of EUR 5,000, one of them for a team of the workshop; the jury may name
more winners, and then each gets less."""


def ruled(session: Session, world: World, **rule: Any) -> None:
    """Publish a rule with the world's round, before there is an order."""
    session.execute(update(AwardRound).where(col(AwardRound.id) == world.round.id).values(**rule))


def member(session: Session, world: World, code: str, *, belongs: bool = True) -> None:
    given = SeatInput(belongs=belongs, reason="The list of the workshop names two of the team.")
    mark_seat(session, world.coordinator(), world.round.code, code, given, REVIEWING)


def draw(session: Session, world: World, count: int | None = None) -> int:
    return draw_line(session, world.coordinator(), world.round.code, REVIEWING, count)


def line(session: Session, world: World) -> Round:
    return rounds(session, world.coordinator())[0]


def moved(session: Session, world: World, count: int | None = None) -> Moved:
    return moved_line(session, world.coordinator(), world.round.code, count)


def freeze(session: Session, world: World) -> str:
    version = standing(session, world.coordinator(), REVIEWING).version
    return decide(session, world.coordinator(), version, REVIEWING, KNOWN)


def test_the_real_rule_of_13_april_2019(session: Session, world: World) -> None:
    ruled(session, world, **REAL)
    codes = ranked_call(session, world, 10)
    member(session, world, codes[8])
    # Six of EUR 5,000: the first five, and the best team of the workshop.
    six = [*codes[:5], codes[8]]
    assert draw(session, world) == 6
    assert awarded(session) == dict.fromkeys(six, 500_000)
    assert [row.code for row in line(session, world).rows if row.seated] == [codes[8]]
    assert line(session, world).unexplained == []
    # One is passed over in writing: the page of the line says so, or five would be followed by seven.
    passed = DepartureInput(application=codes[5], reason=REASON)
    explain_departure(session, world.coordinator(), world.round.code, passed, REVIEWING)
    session.flush()
    assert [(each.code, each.place) for each in moved(session, world, 8).passed] == [(codes[5], 6)]
    # With six the line runs below the fifth place, wherever the kept seat is: the sixth is below it.
    assert [each.place for each in moved(session, world, 6).lines[0].rows] == [1, 2, 3, 4, 5, 9]
    assert moved(session, world, 6).passed == []
    assert [each.place for each in moved(session, world, 7).passed] == [6]
    take_back_departure(session, world.coordinator(), world.round.code, codes[5], REVIEWING)
    session.flush()
    assert moved(session, world, 8).passed == []
    # Eight share the same EUR 30,000.
    seen = moved(session, world, 8)
    assert (seen.count, seen.least, seen.most, seen.now, seen.left_minor) == (8, 6, 12, 6, 0)
    assert [each.code for each in seen.lines[0].enters] == codes[5:7]
    assert {row.amount_minor for row in seen.lines[0].rows} == {375_000}
    assert awarded(session) == dict.fromkeys(six, 500_000)  # looking saves nothing
    assert draw(session, world, 8) == 2
    assert awarded(session) == dict.fromkeys([*codes[:7], codes[8]], 375_000)
    assert pot_now(session, world.round.code).committed_minor == POT
    # Back to seven: a cent that cannot be divided goes to whoever stands higher.
    assert draw(session, world, 7) == 0
    assert awarded(session) == dict.fromkeys(codes[:3], 428_572) | dict.fromkeys(
        [*codes[3:6], codes[8]], 428_571
    )
    assert len(freeze(session, world)) == 64


def test_who_is_raised_from_below_does_not_draw_the_line_there(session: Session, world: World) -> None:
    ruled(session, world, places=3)
    codes = ranked_call(session, world, 8)
    cora, pot = world.coordinator(), world.round.code
    award_application(session, cora, pot, AwardInput(application=codes[6], reason=REASON), REVIEWING)
    explain_departure(session, cora, pot, DepartureInput(application=codes[3], reason=REASON), REVIEWING)
    session.flush()
    seen = moved(session, world, 3)
    assert [row.place for row in seen.lines[0].rows] == [1, 2, 7]
    assert seen.passed == []


def test_the_line_of_finalists_is_moved_by_the_rule_by_which_they_are_named(
    session: Session, world: World
) -> None:
    ruled(session, world, finalists=3, pitch_weight=50)
    other = second_round(session, world)
    codes = ranked_call(session, world, 8)
    with pytest.raises(NoFinalists):
        moved_line(session, world.coordinator(), other, line=LineKind.FINALISTS)
    pot = pot_now(session, world.round.code)
    low, high = (
        session.exec(select(Application.id).where(Application.code == codes[n])).one() for n in (6, 1)
    )
    for application, raised in ((low, True), (high, False)):
        departure = FinalistDeparture(
            application_id=application or 0, round_id=pot.id or 0, raised=raised, reason=REASON,
            decided_by=world.coordinator().person_id, decided_at=REVIEWING,
        )  # fmt: skip
        session.add(departure)
    session.flush()

    def seen(count: int | None = None) -> Moved:
        return moved_line(session, world.coordinator(), world.round.code, count, LineKind.FINALISTS)

    three = seen()
    assert (three.count, three.least, three.most, three.left_minor) == (3, 1, 8, None)
    # Whoever was raised takes a place, whoever was passed over leaves their own.
    assert [row.code for row in three.lines[0].rows] == [codes[0], codes[2], codes[6]]
    assert {row.amount_minor for row in three.lines[0].rows} == {None}
    five = seen(5)
    assert ([each.code for each in five.lines[0].enters], five.lines[0].leaves) == (codes[3:5], [])
    assert [len(each.rows) for each in five.lines] == [5, 5, 5]


def test_a_seat_that_nobody_of_the_group_can_have_goes_to_the_order(session: Session, world: World) -> None:
    ruled(session, world, **REAL)
    codes = ranked_call(session, world, 7)
    member(session, world, codes[6])
    member(session, world, codes[6], belongs=False)
    assert draw(session, world) == 6
    assert set(awarded(session)) == set(codes[:6])


@pytest.mark.parametrize(("candidates", "places"), [(66, 6), (79, 45)])
def test_a_selection_of_people_takes_the_first_places(session: Session, candidates: int, places: int) -> None:
    """Six facilitators of 66 candidates, 45 members of a workshop of 79: places, no money, a reserve."""
    world = make_world(session, kind=CallKind.SELECTION)
    pot = pot_now(session, world.round.code)
    pot.places, pot.least_places = places, places
    session.add(pot)
    codes = _placed(session, world, candidates)
    seen = moved(session, world)
    assert [row.code for row in seen.lines[0].rows] == codes[:places]
    assert {row.amount_minor for each in seen.lines for row in each.rows} == {None}
    assert (seen.lines[0].given_minor, seen.left_minor) == (None, None)
    assert draw(session, world) == places
    assert awarded(session) == dict.fromkeys(codes[:places], None)
    withdraw_award(session, world.coordinator(), codes[places - 1], 1, REVIEWING)
    with pytest.raises(FewerThanPromised) as refused:
        freeze(session, world)
    assert refused.value.params == {"least": places, "given": places - 1}


def _placed(session: Session, world: World, count: int) -> list[str]:
    """So many applications, of which the last ones are in an order that was written down."""
    first = ranked_call(session, world, 2)
    codes = list(first)
    for number in range(3, count + 1):
        application = make_sent_application(session, world, "ada", f"Candidate {number}")
        application.status = Status.IN_REVIEW
        shown = {
            "code": application.code, "title": f"Candidate {number}", "decided_by": "total", "total": "1.0",
            "spread": "0.0", "reviews": 4, "coverage": 4, "notes": 0, "means": {},
        }  # fmt: skip
        session.add(
            RankingEntry(
                application_id=key(application), call_id=key(world.call), place=number, label=str(number),
                total=str(Fraction(1, number)), shown=shown, sheet={"exact": {}, "organisations": {}},
            )
        )  # fmt: skip
        codes.append(application.code)
    session.flush()
    return codes


def test_awards_one_by_one_share_the_pot_too(session: Session, world: World) -> None:
    ruled(session, world, places=8, least_places=2, split=Split.EQUAL, amount_minor=1_500_000)
    codes = ranked_call(session, world, 8)
    cora, pot = world.coordinator(), world.round.code
    for code in codes[:4]:
        award_application(session, cora, pot, AwardInput(application=code), REVIEWING)
    assert awarded(session) == dict.fromkeys(codes[:4], 750_000)
    with pytest.raises(Invalid) as refused:
        award_application(session, cora, pot, AwardInput(application=codes[5]), REVIEWING)
    assert refused.value.fields == {"reason": ("award.departure_needs_reason", {"least": 20})}
    award_application(session, cora, pot, AwardInput(application=codes[5], reason=REASON), REVIEWING)
    assert awarded(session) == dict.fromkeys([*codes[:4], codes[5]], 600_000)
    versions = {each.application: each.version for each in award_list(session, cora, limit=9, offset=0)}
    withdraw_award(session, cora, codes[3], versions[codes[3]], REVIEWING)
    assert awarded(session) == dict.fromkeys([*codes[:3], codes[5]], 750_000)
    own = AwardInput(application=codes[3], amount_minor=1)
    for act in (
        partial(change_award, session, cora, codes[0], _version(session, world, codes[0]), 1, REVIEWING),
        partial(award_application, session, cora, pot, own, REVIEWING),
    ):
        with pytest.raises(Invalid) as refused:
            act()
        assert refused.value.fields == {"amount_minor": ("award.amount_by_rule", {})}


def _version(session: Session, world: World, code: str) -> int:
    found = award_list(session, world.coordinator(), limit=20, offset=0)
    return next(each.version for each in found if each.application == code)


def test_a_share_of_whoever_left_the_call_is_taken_back_first(session: Session, world: World) -> None:
    ruled(session, world, **REAL)
    codes = ranked_call(session, world, 9)
    draw(session, world)
    left = session.exec(select(Application).where(Application.code == codes[1])).one()
    left.status = Status.WITHDRAWN
    session.add(left)
    session.flush()
    with pytest.raises(WinnerWithdrew):
        draw(session, world, 7)
    withdraw_award(session, world.coordinator(), codes[1], 1, REVIEWING)
    assert draw(session, world) == 1
    assert set(awarded(session).values()) == {500_000}


def asking(session: Session, euros: list[int]) -> None:
    """What each application asked for, at 560 tenge for one euro, the first sent first."""
    packets = session.exec(select(Packet).order_by(col(Packet.sending_id)))
    for packet, sum_ in zip(packets, euros, strict=False):
        packet.requested_minor = sum_ * 56_000
        session.add(packet)
    session.flush()


def test_what_was_asked_for_until_the_money_ends_and_never_more(session: Session, world: World) -> None:
    ruled(session, world, places=8, split=Split.ASKED, envelope_minor=1_200_000)
    world.call.rate_minor = 56_000
    codes = ranked_call(session, world, 5)
    asking(session, [4_000, 9_000, 2_000, 3_000, 100])
    assert [row.amount_minor for row in moved(session, world).lines[0].rows] == [400_000, 500_000, 200_000]
    assert draw(session, world) == 3
    assert awarded(session) == dict(zip(codes, (400_000, 500_000, 200_000), strict=False))
    cora = world.coordinator()
    with pytest.raises(Invalid) as refused:
        change_award(session, cora, codes[2], 1, 200_001, REVIEWING)
    assert refused.value.fields == {"amount_minor": ("award.more_than_asked", {"most_minor": 200_000})}
    with pytest.raises(EnvelopeExceeded):
        award_application(
            session, cora, world.round.code, AwardInput(application=codes[3], reason=REASON), REVIEWING
        )
    # With less for one of them the next fits, and nobody has to say why.
    change_award(session, cora, codes[1], 1, 300_000, REVIEWING)
    assert draw(session, world) == 1
    assert awarded(session)[codes[3]] == 300_000


def test_in_proportion_to_what_was_asked(session: Session, world: World) -> None:
    ruled(session, world, places=3, split=Split.PROPORTIONAL, envelope_minor=600_000)
    world.call.rate_minor = 56_000
    codes = ranked_call(session, world, 4)
    asking(session, [4_000, 5_000, 3_000, 100])
    assert draw(session, world) == 3
    assert awarded(session) == dict(zip(codes, (200_000, 250_000, 150_000), strict=False))


def test_nobody_wins_below_the_threshold_whatever_the_reason(session: Session, world: World) -> None:
    ruled(session, world, threshold=96)
    codes = ranked_call(session, world, 8)
    totals = {row.code: row.total for row in line(session, world).rows}
    enough = [code for code in codes if Fraction(totals[code]) >= 96]
    assert 0 < len(enough) < 6
    assert draw(session, world) == len(enough)
    assert set(awarded(session)) == set(enough)
    given = AwardInput(application=codes[-1], reason=REASON)
    with pytest.raises(BelowThreshold):
        award_application(session, world.coordinator(), world.round.code, given, REVIEWING)
    assert len(freeze(session, world)) == 64


def test_a_promise_may_be_broken_in_writing_only(session: Session, world: World) -> None:
    ruled(session, world, least_places=6)
    codes = ranked_call(session, world, 6)
    cora = world.coordinator()
    for code in codes[:5]:
        award_application(session, cora, world.round.code, AwardInput(application=code), REVIEWING)
    with pytest.raises(FewerThanPromised):
        freeze(session, world)
    given = DepartureInput(application=codes[5], reason=REASON)
    explain_departure(session, cora, world.round.code, given, REVIEWING)
    assert len(freeze(session, world)) == 64


def test_a_line_is_drawn_for_what_was_looked_at(session: Session, world: World) -> None:
    ruled(session, world, **REAL)
    ranked_call(session, world, 8)
    cora, code = world.coordinator(), world.round.code
    seen = standing(session, cora, REVIEWING).version
    for wrong in (5, 13):
        with pytest.raises(Invalid) as refused:
            draw(session, world, wrong)
        assert refused.value.fields == {"count": ("award.count_out_of_range", {"least": 6, "most": 12})}
    draw_line(session, cora, code, REVIEWING, 7, seen)
    with pytest.raises(Stale):
        draw_line(session, cora, code, REVIEWING, 8, seen)
    given = awarded(session)
    assert len(given) == 7
    with pytest.raises(LineStands):
        draw(session, world, 7)
    assert awarded(session) == given


def test_each_method_has_its_own_line_and_one_decides(session: Session, world: World) -> None:
    ruled(session, world, places=2)
    codes = ranked_call(session, world, 4)
    first = session.exec(select(RankingEntry).where(RankingEntry.place == 1)).one()
    by = {"mean_of_means": [1, "1", "100.0"], "median": [4, "4", "50.0"], "calibrated": [1, "1", "9.0"]}
    first.figures = {**first.figures, "by": by}
    session.add(first)
    session.flush()
    decided, *others = moved(session, world).lines
    assert (decided.method, decided.decides) == (Method.MEAN_OF_MEANS, True)
    assert [row.code for row in decided.rows] == codes[:2]
    median = next(each for each in others if each.method is Method.MEDIAN)
    assert codes[0] in [each.code for each in median.leaves]
    assert [row.amount_minor for row in median.rows] == [500_000] * 2


def test_who_belongs_follows_from_an_answer_or_a_mark_until_the_decision(
    session: Session, world: World
) -> None:
    ruled(session, world, **REAL | {"reserved_answer": "theme=ecology"})
    codes = ranked_call(session, world, 4)
    packets = list(session.exec(select(Packet).order_by(col(Packet.sending_id))))
    for packet, theme in zip(packets, ("ecology", "ecology", "other", "other"), strict=True):
        packet.theme = theme
        session.add(packet)
    session.flush()
    cora, pot = world.coordinator(), world.round.code
    member(session, world, codes[0], belongs=False)
    member(session, world, codes[3])
    found = {each.application: (each.belongs, each.by_answer) for each in seats(session, cora, pot)}
    assert found == {codes[0]: (False, True), codes[1]: (True, True), codes[3]: (True, False)}
    assert [row.belongs for row in line(session, world).rows] == [False, True, False, True]
    drop_mark(session, cora, pot, codes[0], REVIEWING)
    assert line(session, world).rows[0].belongs
    draw(session, world)
    freeze(session, world)
    with pytest.raises(AlreadyDecided):
        member(session, world, codes[2])


def test_who_only_says_so_belongs_once_a_coordinator_has_confirmed_it(session: Session, world: World) -> None:
    """By a question of the call's own form; a draw may be made before, but nothing is frozen."""
    ruled(session, world, **REAL | {"reserved_answer": "need.priorities=workshop"})
    codes = ranked_call(session, world, 9)
    packets = list(session.exec(select(Packet).order_by(col(Packet.sending_id))))
    for packet, said in zip(packets, ([], ["other"], *[["other", "workshop"]] * 7), strict=True):
        packet.data = {**packet.data, "need": {**packet.data["need"], "priorities": said}}
        session.add(packet)
    session.flush()
    cora, pot = world.coordinator(), world.round.code
    found = seats(session, cora, pot)
    assert [each.application for each in found] == sorted(codes[2:])
    assert {(each.belongs, each.by_answer, each.waits) for each in found} == {(False, True, True)}
    assert not any(row.belongs for row in line(session, world).rows)
    member(session, world, codes[7])
    member(session, world, codes[2], belongs=False)
    draw(session, world)
    assert codes[7] in awarded(session)
    open_still = sorted({*codes[3:7], codes[8]})
    assert waiting(session, cora).seats == len(open_still)
    with pytest.raises(UnconfirmedSeats) as refused:
        freeze(session, world)
    assert refused.value.params == {"codes": ", ".join(open_still)}
    for code in open_still:
        member(session, world, code, belongs=False)
    freeze(session, world)


def test_who_won_in_an_earlier_selection_belongs(session: Session, world: World) -> None:
    """The members of the workshop are those who won a place in the workshop's own call."""
    ruled(session, world, **REAL | {"reserved_answer": f"won={world.call.slug}"})
    codes = ranked_call(session, world, 3)
    assert seats(session, world.coordinator(), world.round.code) == []
    won = session.exec(select(Application).where(Application.code == codes[2])).one()
    won.status = Status.AWARDED
    session.add(won)
    session.flush()
    # All are of one owner here, who has won now.
    found = seats(session, world.coordinator(), world.round.code)
    assert [each.application for each in found] == sorted(codes)


def test_a_round_without_seats_marks_nobody(session: Session, world: World) -> None:
    codes = ranked_call(session, world, 2)
    with pytest.raises(NoSeatsKept):
        member(session, world, codes[0])
    with pytest.raises(NoSeatsKept):
        seats(session, world.coordinator(), world.round.code)


RULES = {
    "fewer places than promised": "least_places = 7",
    "a way to divide that nobody knows": "split = 'by luck'",
    "dividing without money": "split = 'equal', envelope_minor = NULL, amount_minor = NULL",
    "whole ones without the others": "split = 'first_full'",
    "the others without whole ones": "full_places = 2",
    "more seats than places": "reserved_places = 7",
    "less than no seats": "reserved_places = -1",
    "no threshold at all": "threshold = 0",
    "a threshold that nobody reaches": "threshold = 101",
    "a reserve without an end": "reserve_places = 3",
    "an end without a reserve": "reserve_until = '2027-01-01 00:00:00+00:00'",
}


def test_the_database_refuses_rules_that_cannot_be_kept(engine: Engine, world: World) -> None:
    for what, said in RULES.items():
        try:
            with engine.begin() as connection:
                connection.execute(text(f"UPDATE award_round SET {said}"))
        except IntegrityError:
            continue
        pytest.fail(what)


def test_the_database_keeps_the_rule_once_there_is_an_order(engine: Engine, world: World) -> None:
    with session_on(engine) as session, session.begin():
        scored_call(session, world, 2)
        ruled(session, world, threshold=50)
    with session_on(engine) as session, session.begin():
        close_reviewing(session, world.coordinator(), REVIEWING)
    for said in (
        "threshold = NULL", "threshold = 60", "least_places = 1", "split = 'equal'", "reserved_places = 1",
        "reserved_answer = 'theme=x'", "split = 'first_full', full_places = 1",
        "reserve_places = 1, reserve_until = '2027-01-01 00:00:00+00:00'",
    ):  # fmt: skip
        for verb in ("UPDATE", "UPDATE OR IGNORE", "UPDATE OR REPLACE"):
            if verb != "UPDATE" and engine.dialect.name != "sqlite":
                continue
            with pytest.raises(IntegrityError, match="its rule stays"), engine.begin() as connection:
                connection.execute(text(f"{verb} award_round SET {said}"))


ACTS = st.lists(
    st.one_of(
        st.tuples(st.just("draw"), st.integers(1, 9)),
        st.tuples(st.just("give"), st.integers(0, 7)),
        st.tuples(st.just("take"), st.integers(0, 7)),
    ),
    min_size=1,
    max_size=6,
)


@pytest.fixture
def ranked(engine: Engine, world: World) -> list[str]:
    """Eight ranked applications, from the first place to the last."""
    with session_on(engine) as session, session.begin():
        return ranked_call(session, world, 8)


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
@given(split=st.sampled_from(sorted(Split)), acts=ACTS, money=st.integers(500_000, 2_000_003))
def test_whatever_is_done_a_pot_holds_what_its_awards_say(
    engine: Engine, world: World, ranked: list[str], split: Split, acts: list[tuple[str, int]], money: int
) -> None:
    with session_on(engine) as session:
        session.begin()
        pot = AwardRound(
            call_id=world.call.id or 0, code=random_code(), position=2, name=texts("Second"), places=8,
            split=split, full_places=1 if split is Split.FIRST_FULL else None, amount_minor=400_000,
            envelope_minor=money, reserved_places=2, reserved_for=texts("them"),
        )  # fmt: skip
        session.add(pot)
        session.flush()
        given_mark = SeatInput(belongs=True, reason="They say so themselves.")
        mark_seat(session, world.coordinator(), pot.code, ranked[6], given_mark, REVIEWING)
        for name, number in acts:
            _act(session, world, pot.code, name, number, ranked)
            sums = list(session.exec(select(Award.amount_minor)))
            held = pot_now(session, pot.code)
            assert (held.taken, held.committed_minor) == (len(sums), sum(each or 0 for each in sums))
            assert held.committed_minor <= money
            if split is Split.EQUAL and sums:
                assert held.committed_minor == min(money, 400_000 * len(sums))
        session.rollback()


def _act(session: Session, world: World, pot: str, name: str, number: int, codes: list[str]) -> None:
    """One act; refusals are part of the game."""
    cora = world.coordinator()
    nested = session.begin_nested()
    try:
        if name == "draw":
            draw_line(session, cora, pot, REVIEWING, number)
        elif name == "give":
            given = AwardInput(application=codes[number], reason=REASON)
            award_application(session, cora, pot, given, REVIEWING)
        else:
            withdraw_award(session, cora, codes[number], _version(session, world, codes[number]), REVIEWING)
        session.flush()
        nested.commit()
    except (Conflict, Invalid, NotFound, StopIteration):
        nested.rollback()


def test_one_review_alone_passes_no_cut(session: Session, world: World) -> None:
    """Not by the line, not by a reason, and not excused: by one review more, or it is passed over."""
    ruled(session, world, places=3)
    codes = scored_call(session, world, 6)
    one_review_left(session, codes[0])
    cora, pot = world.coordinator(), world.round.code
    close_reviewing(session, cora, REVIEWING)
    excused(session, world)
    rows = {row.code: row for row in line(session, world).rows}
    assert [code for code, row in rows.items() if row.needs_one_more] == [codes[0]]
    assert rows[codes[0]].above_line
    for act in (
        partial(draw, session, world),
        partial(award_application, session, cora, pot, AwardInput(application=codes[0]), REVIEWING),
    ):
        with pytest.raises(NeedsOneMore) as refused:
            act()
        assert refused.value.params == {"codes": codes[0]}
    assert awarded(session) == {}
    # Passed over in writing it leaves its place to the next.
    explain_departure(session, cora, pot, DepartureInput(application=codes[0], reason=REASON), REVIEWING)
    assert draw(session, world) == 3
    assert set(awarded(session)) == set(codes[1:4])
    assert len(freeze(session, world)) == 64


def test_below_the_line_a_reason_does_not_carry_one_review_over_it(session: Session, world: World) -> None:
    ruled(session, world, places=3)
    codes = scored_call(session, world, 6)
    one_review_left(session, codes[5])
    cora, pot = world.coordinator(), world.round.code
    close_reviewing(session, cora, REVIEWING)
    excused(session, world)
    given = AwardInput(application=codes[5], reason=REASON)
    assert line(session, world).rows[-1].code == codes[5]
    with pytest.raises(NeedsOneMore):
        award_application(session, cora, pot, given, REVIEWING)
    # What was awarded before this rule is not frozen either.
    key_ = session.exec(select(Application.id).where(Application.code == codes[5])).one()
    for code in codes[:2]:
        award_application(session, cora, pot, AwardInput(application=code), REVIEWING)
    session.add(
        Award(
            application_id=key_ or 0, round_id=pot_now(session, pot).id or 0, amount_minor=500_000,
            awarded_by=cora.person_id, awarded_at=REVIEWING,
        )
    )  # fmt: skip
    explain_departure(session, cora, pot, DepartureInput(application=codes[5], reason=REASON), REVIEWING)
    session.flush()
    with pytest.raises(NeedsOneMore):
        freeze(session, world)


def test_where_one_review_is_what_was_promised_it_is_enough(session: Session, world: World) -> None:
    ruled(session, world, places=3)
    codes = scored_call(session, world, 6)
    world.call.reviews_per_application = 1
    session.add(world.call)
    one_review_left(session, codes[0])
    close_reviewing(session, world.coordinator(), REVIEWING)
    assert not any(row.needs_one_more for row in line(session, world).rows)
    assert draw(session, world) == 3
    assert codes[0] in awarded(session)

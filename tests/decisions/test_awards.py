"""Awards: the line, single awards, other amounts, taking back, and reasons for departing from the order."""

import pytest
from sqlmodel import Session, col, select

from app.accounts.actors import Coordinator
from app.decisions.awards import (
    AwardInput,
    award_application,
    award_list,
    award_of,
    change_award,
    count_awards,
    draw_line,
    withdraw_award,
)
from app.decisions.departures import DepartureInput, explain_departure, take_back_departure
from app.decisions.line import Round, rounds
from app.decisions.refusals import (
    AlreadyAwarded,
    EnvelopeExceeded,
    NobodyLeft,
    NoPlaceLeft,
    NotInOrder,
    ReviewingNotClosed,
)
from app.errors import Invalid, NotFound, Stale
from app.models.applications import Application, Status
from app.models.audit import AuditEntry
from app.models.calls import AwardRound, CallKind
from app.models.decisions import Departure, RankingEntry
from app.models.panel import PanelMember, PanelRole
from app.random_codes import random_code
from tests.decisions.scored import (
    PLACE,
    REASON,
    awarded,
    pot_now,
    ranked_call,
    resize,
    scored_call,
    second_round,
)
from tests.factories import REVIEWING, count_of
from tests.world import OPENS, World, make_call, make_world, texts


def give(session: Session, world: World, code: str, reason: str = "", pot: str = "", **more: int) -> int:
    given = AwardInput(application=code, reason=reason, **more)
    return award_application(session, world.coordinator(), pot or world.round.code, given, REVIEWING)


def explain(session: Session, world: World, code: str, pot: str = "") -> None:
    given = DepartureInput(application=code, reason=REASON)
    explain_departure(session, world.coordinator(), pot or world.round.code, given, REVIEWING)


def draw(session: Session, world: World, pot: str = "") -> int:
    return draw_line(session, world.coordinator(), pot or world.round.code, REVIEWING)


def line(session: Session, world: World) -> Round:
    return rounds(session, world.coordinator())[0]


def test_drawing_the_line_awards_the_first_places_and_their_money(session: Session, world: World) -> None:
    codes = ranked_call(session, world)
    assert draw(session, world) == 6
    assert awarded(session) == dict.fromkeys(codes[:6], PLACE)
    pot = pot_now(session, world.round.code)
    assert (pot.taken, pot.committed_minor) == (6, 6 * PLACE)
    with pytest.raises(NoPlaceLeft):
        draw(session, world)
    assert line(session, world).unexplained == []


def test_the_line_stops_where_the_envelope_ends(session: Session, world: World) -> None:
    codes = ranked_call(session, world)
    resize(session, world, places=6, envelope=4 * PLACE + PLACE - 1)
    assert draw(session, world) == 4
    assert set(awarded(session)) == set(codes[:4])
    shown = line(session, world)
    assert [row.code for row in shown.rows if row.above_line] == codes[:4]
    assert (shown.free, shown.left_minor, shown.unexplained) == (0, PLACE - 1, [])


def test_who_is_passed_over_in_writing_is_left_out_and_the_next_comes_up(
    session: Session, world: World
) -> None:
    codes = ranked_call(session, world)
    explain(session, world, codes[1])
    assert draw(session, world) == 6
    assert set(awarded(session)) == {codes[0], *codes[2:7]}
    assert line(session, world).unexplained == []


def test_a_selection_awards_places_and_amounts_are_null(session: Session, world: World) -> None:
    codes = ranked_call(session, world)
    pot = pot_now(session, world.round.code)
    pot.places, pot.amount_minor, pot.envelope_minor = 2, None, None
    session.add(pot)
    assert draw(session, world) == 2
    assert awarded(session) == {codes[0]: None, codes[1]: None}
    shown = line(session, world)
    assert (shown.amount_minor, shown.envelope_minor, shown.left_minor) == (None, None, None)
    withdraw_award(session, world.coordinator(), codes[1], 1, REVIEWING)
    with pytest.raises(Invalid) as refused:
        give(session, world, codes[1], amount_minor=PLACE)
    assert refused.value.fields == {"amount_minor": ("award.no_money_here", {})}


def test_a_whole_call_without_money_is_ranked_and_awarded(session: Session) -> None:
    world = make_world(session, kind=CallKind.SELECTION)
    codes = ranked_call(session, world)
    assert draw(session, world) == 6
    assert awarded(session) == dict.fromkeys(codes[:6], None)
    assert pot_now(session, world.round.code).committed_minor == 0


def test_above_the_line_no_reason_is_needed_and_below_it_twenty_characters(
    session: Session, world: World
) -> None:
    codes = ranked_call(session, world)
    give(session, world, codes[5])
    for short in ("", "Because I say so", f"   {'x' * 19}   "):
        with pytest.raises(Invalid) as refused:
            give(session, world, codes[6], short)
        assert refused.value.fields == {"reason": ("award.departure_needs_reason", {"least": 20})}
    give(session, world, codes[6], REASON)
    assert set(awarded(session)) == {codes[5], codes[6]}
    assert session.exec(select(Departure.reason)).all() == [REASON]
    # The one that was raised has taken the last place of the order.
    assert [row.code for row in line(session, world).rows if row.above_line] == codes[:5]


def test_raised_and_then_drawn_needs_no_more_reasons(session: Session, world: World) -> None:
    codes = ranked_call(session, world)
    give(session, world, codes[7], REASON)
    assert draw(session, world) == 5
    assert set(awarded(session)) == {*codes[:5], codes[7]}
    assert line(session, world).unexplained == []


def test_a_gap_in_the_order_needs_a_reason(session: Session, world: World) -> None:
    codes = ranked_call(session, world)
    give(session, world, codes[2])
    assert line(session, world).unexplained == codes[:2]
    explain(session, world, codes[0])
    give(session, world, codes[1])
    assert line(session, world).unexplained == []
    take_back_departure(session, world.coordinator(), world.round.code, codes[0], REVIEWING)
    assert line(session, world).unexplained == codes[:1]
    with pytest.raises(NotFound):
        take_back_departure(session, world.coordinator(), world.round.code, codes[0], REVIEWING)


def test_nobody_wins_twice(session: Session, world: World) -> None:
    codes = ranked_call(session, world)
    other = second_round(session, world)
    give(session, world, codes[0])
    for pot in ("", other):
        with pytest.raises(AlreadyAwarded):
            give(session, world, codes[0], pot=pot)


def test_two_rounds_have_each_their_own_line_and_reasons(session: Session, world: World) -> None:
    codes = ranked_call(session, world)
    other = second_round(session, world)
    resize(session, world, places=3)
    explain(session, world, codes[1])
    explain(session, world, codes[1], other)
    assert count_of(session, Departure) == 2
    assert draw(session, world) == 3
    assert draw(session, world, other) == 2
    first, second = rounds(session, world.coordinator())
    assert [row.code for row in first.rows if row.awarded] == [codes[0], codes[2], codes[3]]
    assert [row.code for row in second.rows if row.awarded] == [codes[4], codes[5]]
    assert [row.code for row in second.rows if row.elsewhere] == [codes[0], codes[2], codes[3]]
    assert first.unexplained == second.unexplained == []


def test_taking_back_returns_place_money_and_the_reason(session: Session, world: World) -> None:
    codes = ranked_call(session, world)
    version = give(session, world, codes[7], REASON)
    withdraw_award(session, world.coordinator(), codes[7], version, REVIEWING)
    pot = pot_now(session, world.round.code)
    assert (pot.taken, pot.committed_minor) == (0, 0)
    assert awarded(session) == {}
    assert count_of(session, Departure) == 0
    assert draw(session, world) == 6
    with pytest.raises(NotFound):
        withdraw_award(session, world.coordinator(), codes[7], version, REVIEWING)


def test_another_amount_stays_within_the_envelope(session: Session, world: World) -> None:
    codes = ranked_call(session, world)
    cora = world.coordinator()
    give(session, world, codes[0])
    assert change_award(session, cora, codes[0], 1, 2_900_000, REVIEWING) == 2
    assert pot_now(session, world.round.code).committed_minor == 2_900_000
    with pytest.raises(EnvelopeExceeded) as refused:
        give(session, world, codes[1], amount_minor=100_001)
    assert refused.value.params == {"left_minor": 100_000}
    give(session, world, codes[1], amount_minor=100_000)
    with pytest.raises(EnvelopeExceeded):
        change_award(session, cora, codes[1], 1, 100_001, REVIEWING)
    assert change_award(session, cora, codes[1], 1, 50_000, REVIEWING) == 2
    assert awarded(session) == {codes[0]: 2_900_000, codes[1]: 50_000}


def test_a_stale_version_changes_nothing(session: Session, world: World) -> None:
    codes = ranked_call(session, world)
    give(session, world, codes[0])
    change_award(session, world.coordinator(), codes[0], 1, PLACE - 1, REVIEWING)
    for version in (1, 3):
        with pytest.raises(Stale) as refused:
            withdraw_award(session, world.coordinator(), codes[0], version, REVIEWING)
        assert refused.value.version == 2
        with pytest.raises(Stale):
            change_award(session, world.coordinator(), codes[0], version, 1, REVIEWING)
    assert awarded(session) == {codes[0]: PLACE - 1}


def test_full_places_are_refused_with_their_number(session: Session, world: World) -> None:
    codes = ranked_call(session, world)
    resize(session, world, places=1)
    give(session, world, codes[0])
    with pytest.raises(NoPlaceLeft) as refused:
        give(session, world, codes[1], REASON)
    assert refused.value.params == {"places": 1}


def test_who_withdrew_or_has_no_total_is_not_in_the_order(session: Session, world: World) -> None:
    codes = ranked_call(session, world)
    row = session.exec(select(Application).where(Application.code == codes[0])).one()
    row.status, row.counts_number = Status.WITHDRAWN, None
    session.add(row)
    entry = session.exec(select(RankingEntry).where(RankingEntry.place == 2)).one()
    entry.total = None
    session.add(entry)
    for code in codes[:2]:
        with pytest.raises(NotInOrder):
            give(session, world, code, REASON)
    assert draw(session, world) == 6
    assert set(awarded(session)) == set(codes[2:])


def test_nothing_is_awarded_before_reviewing_is_closed(session: Session, world: World) -> None:
    codes = scored_call(session, world, 2)
    with pytest.raises(ReviewingNotClosed):
        draw(session, world)
    with pytest.raises(ReviewingNotClosed):
        give(session, world, codes[0])
    assert line(session, world).rows == []


def test_another_calls_round_and_application_are_not_found(session: Session, world: World) -> None:
    codes = ranked_call(session, world)
    other = make_call(session, "other")
    pot = AwardRound(call_id=other.id or 0, code=random_code(), position=1, name=texts("Theirs"), places=9)
    session.add(pot)
    session.flush()
    give(session, world, codes[0])
    stranger = Coordinator(world.coordinator("max").person_id, other.id or 0)
    session.add(
        PanelMember(
            call_id=other.id or 0,
            person_id=stranger.person_id,
            role=PanelRole.COORDINATOR,
            code=random_code(),
            joined_at=OPENS,
        )
    )
    with pytest.raises(NotFound):
        give(session, world, codes[1], pot=pot.code)
    for act in (
        lambda: draw_line(session, world.coordinator(), pot.code, REVIEWING),
        lambda: award_of(session, stranger, codes[0]),
        lambda: explain(session, world, "NOTHING"),
    ):
        with pytest.raises(NotFound):
            act()
    with pytest.raises(ReviewingNotClosed):
        withdraw_award(session, stranger, codes[0], 1, REVIEWING)
    assert award_list(session, stranger, limit=10, offset=0) == []
    assert awarded(session) == {codes[0]: PLACE}


def test_awards_are_listed_by_round_and_place(session: Session, world: World) -> None:
    codes = ranked_call(session, world)
    other = second_round(session, world)
    give(session, world, codes[1])
    give(session, world, codes[0])
    give(session, world, codes[2], REASON, pot=other)
    listed = award_list(session, world.coordinator(), limit=10, offset=0)
    assert [(each.application, each.round, each.title) for each in listed] == [
        (codes[0], world.round.code, "Idea 1"),
        (codes[1], world.round.code, "Idea 2"),
        (codes[2], other, "Idea 3"),
    ]
    assert [each.application for each in award_list(session, world.coordinator(), limit=1, offset=1)] == [
        codes[1]
    ]
    assert count_awards(session, world.coordinator()) == 3


def test_every_act_is_in_the_log(session: Session, world: World) -> None:
    codes = ranked_call(session, world)
    give(session, world, codes[7], REASON)
    withdraw_award(session, world.coordinator(), codes[7], 1, REVIEWING)
    session.flush()
    acts = session.exec(
        select(AuditEntry.action, AuditEntry.subject, AuditEntry.detail)
        .where(col(AuditEntry.action).startswith("award."))
        .order_by(col(AuditEntry.id))
    ).all()
    pot = world.round.code
    assert acts == [
        ("award.departure", codes[7], {"round": pot, "reason": REASON}),
        ("award.give", codes[7], {"round": pot, "amount_minor": PLACE}),
        ("award.withdraw", codes[7], {"round": pot}),
    ]


def test_the_line_page_reads_places_not_rows(session: Session, world: World) -> None:
    ranked_call(session, world, 40)
    resize(session, world, places=2)
    assert len(rounds(session, world.coordinator(), below=5)[0].rows) == 7


def test_a_line_with_nothing_to_give_says_why(session: Session, world: World) -> None:
    codes = ranked_call(session, world, 7)
    resize(session, world, places=8, envelope=PLACE - 1)
    with pytest.raises(EnvelopeExceeded):
        draw(session, world)
    resize(session, world, places=8, envelope=8 * PLACE)
    explain(session, world, codes[6])
    assert draw(session, world) == 6
    with pytest.raises(NobodyLeft):
        draw(session, world)
    assert count_of(session, AuditEntry, AuditEntry.action == "award.give") == 6

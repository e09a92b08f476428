"""Where the written order is cut: at what the rounds promised, or where they invite to pitch."""

import json
from typing import Any

import pytest
from sqlmodel import Session, select

from app.decisions.beside_line import Fate, beside_line
from app.decisions.board import board
from app.decisions.extra import extras
from app.decisions.line import rounds
from app.decisions.moving import LineKind, moved_line
from app.decisions.ordering import rules_of
from app.decisions.published_line import LineOf, published_line
from app.decisions.ranking import ranking
from app.decisions.refusals import FinalistsStand, PitchesNotClosed
from app.decisions.runs import standing_run
from app.decisions.written import input_of
from app.models.decisions import RankingRecord
from app.models.jury import PitchRun
from app.scoring.calibration import Calibration
from app.scoring.run import run
from tests.decisions.crossing import crossing_call
from tests.decisions.scored import pot_now, second_round
from tests.decisions.test_rules import ruled
from tests.events.evening import announced, evening, named
from tests.events.jury import scored_evening
from tests.factories import REVIEWING
from tests.world import World, key


@pytest.mark.parametrize(
    ("rule", "line", "of"),
    [
        ({"places": 12}, 12, LineOf.AWARDS),
        ({"places": 12, "least_places": 6}, 6, LineOf.AWARDS),
        ({"places": 12, "least_places": 6, "finalists": 15, "pitch_weight": 40}, 15, LineOf.PITCHES),
    ],
)
def test_the_line_is_what_a_round_promised_or_whom_it_invites(
    session: Session, world: World, rule: dict[str, Any], line: int, of: LineOf
) -> None:
    """More awards may be possible than were promised: the line that people know of is the promised one."""
    ruled(session, world, **rule)
    found = published_line(session, key(world.call))
    assert (found.places, found.of) == (line, of)
    assert rules_of(session, world.call).lines == [line]
    second_round(session, world, places=2)
    both = published_line(session, key(world.call))
    assert both.places == line + 2
    assert both.of is (LineOf.BOTH if of is LineOf.PITCHES else LineOf.AWARDS)
    assert published_line(session, key(world.call), (key(world.round), 3)).places == 5


def test_a_board_before_pitches_draws_the_line_of_who_pitches(session: Session, world: World) -> None:
    """Of twelve six awards are promised and ten are invited: nobody is called in or out at the sixth."""
    ruled(session, world, places=10, least_places=6)
    codes = evening(session, world, 10)
    cora, pot = world.coordinator(), world.round.code
    found = board(session, cora)
    assert (found.figures["line"], found.figures["line_of"], found.pitched) == (10, "pitches", True)
    assert found.can_reopen and ranking(session, cora).can_reopen
    (shown,) = rounds(session, cora)
    assert shown.unpitched and shown.rows == [], "by the written order nobody wins"
    with pytest.raises(PitchesNotClosed):
        moved_line(session, cora, pot)
    seen = moved_line(session, cora, pot, line=LineKind.FINALISTS)
    assert (seen.count, seen.best) == (10, 10)
    assert [row.code for row in seen.lines[0].rows] == codes[:10]
    assert sum(seen.chances.values()) <= 10 and min(seen.chances.values()) > 0.1


def test_once_finalists_are_invited_nobody_stands_at_the_line(session: Session, world: World) -> None:
    codes = named(session, world, 10)
    cora = world.coordinator()
    run_now = standing_run(session, cora)
    assert run_now
    beside = beside_line(session, cora, run_now.board)
    assert beside.is_over and beside.fates == dict.fromkeys(codes[:10], Fate.PITCHES)
    # What would be refused is not offered.
    assert not board(session, cora).can_reopen and not ranking(session, cora).can_reopen
    with pytest.raises(FinalistsStand):
        extras(session, cora, REVIEWING)


def test_who_wins_by_written_and_pitch_is_told_by_both(session: Session, world: World) -> None:
    ruled(session, world, places=5, least_places=3)
    announced(session, world, 8)
    scored_evening(session, world, 8)
    cora, pot = world.coordinator(), world.round.code
    document = json.loads(session.exec(select(PitchRun.document)).one())
    told = {each["application"]: each["chances"] for each in document["computed"]["firm"]}
    for count in (3, 4, 5):
        seen = moved_line(session, cora, pot, count)
        assert (seen.by_both, seen.best) == (True, count)
        winners = [row.code for row in seen.lines[0].rows]
        assert seen.chances == {code: told[code][str(count)] for code in sorted(winners)}


def test_a_moved_line_tells_the_chance_at_that_line(session: Session, world: World) -> None:
    ruled(session, world, least_places=2)
    crossing_call(session, world, places=5)
    pot = pot_now(session, world.round.code)
    document = json.loads(session.exec(select(RankingRecord.document)).one())
    applications, sheets, rules = input_of(document["input"])
    model = run(applications, sheets, rules).calibration
    assert isinstance(model, Calibration)
    cora = world.coordinator()
    for count in (2, 3, 5):
        seen = moved_line(session, cora, pot.code, count)
        assert seen.best == count
        expected = model.top(count)
        assert seen.chances == {code: pytest.approx(expected[code], abs=1e-4) for code in seen.chances}
        assert {row.code for row in seen.lines[0].rows} <= seen.chances.keys()
    least, most = (moved_line(session, cora, pot.code, count).chances for count in (2, 5))
    assert all(least[code] < most[code] for code in least)

"""Where the line runs for those who have no kept seat, and what is said of an order when that moves."""

import pytest
from sqlmodel import Session, select

from app.decisions.beside_line import Fate, beside_line
from app.decisions.board import board
from app.decisions.general_line import GeneralLine, Kept, general_line
from app.decisions.line import rounds
from app.decisions.runs import difference, runs, standing_run
from app.decisions.seats import SeatInput, drop_mark, mark_seat
from app.models.decisions import RankingRun
from tests.decisions.crossing import SCORED, crossing_call
from tests.factories import REVIEWING
from tests.world import World

ORDER = list("abcdefgh")


@pytest.mark.parametrize(
    ("awards", "kept", "line"),
    [
        (6, [], GeneralLine(6, [])),
        (6, [Kept(1, "h")], GeneralLine(5, ["h"])),  # one of six is away: the sixth gets nothing
        (6, [Kept(1, "ch")], GeneralLine(6, ["c"])),  # above the line anyway: its seat, and one more follows
        (6, [Kept(2, "gh")], GeneralLine(4, ["g", "h"])),
        (6, [Kept(2, "h")], GeneralLine(5, ["h"])),  # the other seat is a place like any other
        (6, [Kept(1, "")], GeneralLine(6, [])),
        (2, [Kept(2, "fgh")], GeneralLine(0, ["f", "g"])),
        (4, [Kept(1, "h"), Kept(1, "gh")], GeneralLine(2, ["h", "g"])),
        (10, [Kept(1, "h")], GeneralLine(10, ["h"])),  # more awards than applications
    ],
)
def test_kept_seats_take_their_awards_away_from_the_line(
    awards: int, kept: list[Kept], line: GeneralLine
) -> None:
    assert general_line(ORDER, awards, kept) == line


def test_the_board_draws_the_line_that_the_awards_draw(session: Session, world: World) -> None:
    """Whoever is marked late moves it: the order stays, its figures are made anew, and the run is kept."""
    cora, pot = world.coordinator(), world.round
    pot.reserved_places, pot.reserved_for = 1, {"en": "Members", "ru": "Участники", "kk": "Мүшелер"}
    session.add(pot)
    session.flush()
    crossing_call(session, world)
    before = board(session, cora)
    last = before.rows[-1].shown["code"]
    assert (before.figures["line"], before.figures["seated"]) == (3, [])
    marked = SeatInput(belongs=True, reason="She was in the workshop.")
    mark_seat(session, cora, pot.code, last, marked, REVIEWING)
    session.flush()
    after = board(session, cora)
    assert (after.figures["line"], after.figures["seated"]) == (2, [last])
    assert [row.shown["code"] for row in after.rows] == [row.shown["code"] for row in before.rows]
    above = {row.code for row in rounds(session, cora)[0].rows if row.above_line}
    assert above == {row.shown["code"] for row in after.rows[:2]} | {last}
    assert sum(row.short.chance or 0 for row in after.rows if row.short) == pytest.approx(2, abs=0.01)
    # Who sits in a kept seat stands on neither side: in no count, in no zone.
    assert (sum(before.figures["stands"].values()), sum(after.figures["stands"].values())) == (9, 8)
    assert last not in after.figures["zone"]
    found = standing_run(session, cora)
    assert found and beside_line(session, cora, found.board).fates == {last: Fate.SEATED}
    assert session.exec(select(RankingRun.number)).all() == [1, 2]
    # The record says that the line moved, and by whom.
    assert [(each.number, each.line) for each in runs(session, cora)] == [(2, 2), (1, 3)]
    changed = difference(session, cora, 1, 2)
    assert changed and (changed.line_before, changed.line, changed.moved) == (3, 2, [])
    assert (changed.seated, changed.unseated) == ([last], [])
    # A mark that moves no line computes nothing.
    again = marked.model_copy(update={"reason": "Seen in person."})
    mark_seat(session, cora, pot.code, last, again, REVIEWING)
    session.flush()
    found = standing_run(session, cora)
    assert found and found.number == 2
    drop_mark(session, cora, pot.code, last, REVIEWING)
    session.flush()
    assert board(session, cora).figures["line"] == 3 and len(SCORED) > 3

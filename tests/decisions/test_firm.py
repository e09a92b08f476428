"""What the board says beside the order: every method, how firm the places are, and the runs on record."""

import csv
import io
from datetime import timedelta
from fractions import Fraction

import pytest
from sqlmodel import Session, col, select

from app.calls.method import hash_of_form
from app.calls.public import public_form
from app.decisions.announce import publish
from app.decisions.awards import draw_line
from app.decisions.board import board, rows_of
from app.decisions.closing import close_reviewing, reopen_reviewing
from app.decisions.decide import decide
from app.decisions.export import ranking_csv
from app.decisions.feedback import own_feedback
from app.decisions.firm import Stand, stand
from app.decisions.held import call_of, decision_version
from app.decisions.ranking import ranking
from app.decisions.refusals import ReviewingNotClosed
from app.decisions.runs import difference, runs, standing_order, standing_run
from app.errors import NotFound
from app.models.applications import Application
from app.models.decisions import Award, RankingEntry
from app.models.reviews import Assignment, ReviewScore
from app.scoring.methods import Method
from app.wall import Wall, put_up
from tests.decisions.crossing import SCORED, crossing_call
from tests.factories import KNOWN, REVIEWING
from tests.world import World

LATER = REVIEWING + timedelta(days=1)


def test_a_place_is_certain_from_nine_in_ten_on_and_out_of_the_question_below_one() -> None:
    assert [stand(chance) for chance in (1, 0.901, 0.9, 0.5, 0.1, 0.099, 0)] == [
        Stand.IN, Stand.IN, Stand.ZONE, Stand.ZONE, Stand.ZONE, Stand.OUT, Stand.OUT,
    ]  # fmt: skip


def test_the_board_has_every_method_beside_the_published_one(session: Session, world: World) -> None:
    codes = crossing_call(session, world)
    found = board(session, world.coordinator())
    rows = {row.shown["title"]: row for row in found.rows}
    assert (found.method, found.run, found.figures["line"]) == (Method.MEAN_OF_MEANS, 1, 3)
    assert [row.place for row in found.rows] == list(range(1, len(SCORED) + 1))
    methods = list(Method)

    def place(title: str, method: Method) -> int:
        short = rows[title].short
        assert short
        return short.places[methods.index(method)] or 0

    assert all(place(title, Method.MEAN_OF_MEANS) == row.place for title, row in rows.items())
    assert place("steady", Method.MEAN_OF_MEANS) < place("torn", Method.MEAN_OF_MEANS)
    assert place("torn", Method.MEDIAN) < place("steady", Method.MEDIAN)
    assert place("lucky", Method.MEAN_OF_MEANS) < place("unlucky", Method.MEAN_OF_MEANS)
    assert place("unlucky", Method.CALIBRATED) < place("lucky", Method.CALIBRATED)
    sides = {codes[title]: {place(title, method) <= 3 for method in methods} for title in rows}
    assert set(found.figures["crossing"]) == {code for code, each in sides.items() if len(each) > 1} != set()


def test_what_is_said_above_the_rows_follows_from_the_rows(session: Session, world: World) -> None:
    crossing_call(session, world)
    found = board(session, world.coordinator())
    chances = {row.shown["code"]: row.short.chance for row in found.rows if row.short and row.short.chance}
    stands = {code: stand(chance) for code, chance in chances.items()}
    assert found.figures["stands"] == {each.value: list(stands.values()).count(each) for each in Stand}
    assert [row.shown["code"] for row in found.zone] == [
        row.shown["code"] for row in found.rows if stands.get(row.shown["code"]) is Stand.ZONE
    ]
    assert found.zone
    assert found.figures["hits"] == pytest.approx(sum(list(chances.values())[:3]), abs=0.01)
    for row in found.rows:
        assert row.short and row.short.low and row.short.high
        assert 1 <= row.short.low <= row.short.high <= len(SCORED)
    # A zone that is not on this part of the page is read nevertheless.
    assert board(session, world.coordinator(), limit=1).zone == found.zone


@pytest.mark.parametrize("method", [Method.MEDIAN, Method.CALIBRATED])
def test_the_published_method_orders_and_everything_agrees_with_it(
    session: Session, world: World, method: Method
) -> None:
    codes = crossing_call(session, world, method)
    cora = world.coordinator()
    order = [row.code for row in ranking(session, cora).rows]
    better, worse = ("torn", "steady") if method is Method.MEDIAN else ("unlucky", "lucky")
    assert order.index(codes[better]) < order.index(codes[worse])
    rows = rows_of(session, cora, order)
    assert [row.figures["by"][method.value][0] for row in rows] == [row.place for row in rows]
    table = list(csv.DictReader(io.StringIO(ranking_csv(session, cora).removeprefix("\ufeff"))))
    assert [row["application"] for row in table] == order
    totals = [Fraction(row["total"]) for row in table]
    assert all(0 <= total <= 100 for total in totals)
    for row, kept in zip(table, rows, strict=True):
        firm = kept.figures["firm"]
        for each in Method:
            assert [row[f"{each.value}.place"], row[f"{each.value}.total"]] == [
                str(kept.figures["by"][each.value][0]), kept.figures["by"][each.value][2],
            ]  # fmt: skip
        assert (row["line"], float(row["chance"])) == ("3", firm["chance"]["3"])
        assert [int(row["place_from"]), int(row["place_to"])] == firm["outer"]
    assert {row["application"]: float(row["total"]) for row in table} == {
        row.shown["code"]: pytest.approx(float(row.figures["by"][method.value][2]), abs=0.05) for row in rows
    }
    draw_line(session, cora, world.round.code, LATER)
    session.flush()
    winners = select(Application.code).join(Award, col(Award.application_id) == Application.id)
    assert set(session.exec(winners)) == set(order[:3])
    digest = decide(session, cora, decision_version(session, call_of(session, cora)), LATER, KNOWN)
    assert digest == call_of(session, cora).decision_hash
    session.flush()
    publish(session, cora, decision_version(session, call_of(session, cora)), LATER)
    session.flush()
    last = session.exec(select(Application.id).where(Application.code == order[-1])).one()
    told = own_feedback(session, last or 0)
    assert told.total == ranking(session, cora).rows[-1].total
    assert float(told.winners_total) == pytest.approx(float(sum(totals[:3]) / 3), abs=0.051)


def test_the_method_that_orders_has_the_digest_that_was_published(session: Session, world: World) -> None:
    crossing_call(session, world, Method.CALIBRATED)
    told = standing_order(session, world.coordinator())
    assert told and told.method_hash == hash_of_form(public_form(session, world.call.slug, LATER))
    assert (told.run, told.method, len(told.input_hash)) == (1, Method.CALIBRATED, 64)
    assert told.figures and told.figures.certain_in + told.figures.in_zone + told.figures.certain_out == 9


def test_each_closing_is_kept_and_compared_with_the_one_before(session: Session, world: World) -> None:
    codes = crossing_call(session, world)
    cora = world.coordinator()
    before = [row.code for row in ranking(session, cora).rows]
    reopen_reviewing(session, cora, "Rita looks at the third again", LATER)
    session.flush()
    assert [(each.number, each.stands) for each in runs(session, cora)] == [(1, False)]
    for read in (standing_run, standing_order):
        with pytest.raises(ReviewingNotClosed):
            read(session, cora)
    third = session.exec(
        select(ReviewScore)
        .join(Assignment, col(Assignment.id) == ReviewScore.assignment_id)
        .join(Application, col(Application.id) == Assignment.application_id)
        .where(Application.code == codes["third"])
    ).all()
    for cell in third:
        cell.score = 5
        session.add(cell)
    close_reviewing(session, cora, LATER)
    session.flush()
    kept = runs(session, cora)
    assert [(each.number, each.stands, each.applications) for each in kept] == [(2, True, 9), (1, False, 9)]
    assert kept[0].input_hash != kept[1].input_hash
    assert [each.by for each in kept] == [world.members["cora"].code] * 2
    changed = difference(session, cora, 1, 2)
    assert changed and not changed.same_input
    moved = {each.application: each for each in changed.moved}
    risen = moved[codes["third"]]
    assert (risen.before, risen.after, risen.crosses) == (before.index(codes["third"]) + 1, 1, "in")
    assert moved[before[2]].crosses == "out"
    assert [each.crosses for each in changed.moved].count("in") == 1
    same = difference(session, cora, 2, 2)
    assert same and same.same_input and not same.moved
    with pytest.raises(NotFound):
        difference(session, cora, 1, 3)


def test_who_has_a_tie_reads_no_figure_of_the_model(session: Session, world: World) -> None:
    codes = crossing_call(session, world)
    cora = world.coordinator()
    hidden = session.exec(select(Application.id).where(Application.code == codes["steady"])).one()
    put_up(session, Wall(frozenset({hidden or 0}), frozenset({codes["steady"]})))
    found = board(session, cora)
    assert found.hidden and not found.figures and not found.zone
    assert [row.place for row in found.rows] == list(range(1, len(SCORED)))
    assert all(row.short is None for row in found.rows)
    assert all(row.figures is None for row in ranking(session, cora).rows)
    told = standing_order(session, cora)
    assert told and (told.figures, told.input_hash, found.input_hash) == (None, "", "")
    assert [(each.applications, each.input_hash) for each in runs(session, cora)] == [(None, "")]
    assert standing_run(session, cora) is None
    assert difference(session, cora, 1, 1) is None
    head = ranking_csv(session, cora).splitlines()[0]
    assert "calibrated" not in head and "chance" not in head and "total" in head


def test_a_row_of_before_figures_were_kept_is_shown_without_them(session: Session, world: World) -> None:
    crossing_call(session, world)
    for entry in session.exec(select(RankingEntry)):
        entry.figures, entry.in_short = {}, None
        session.add(entry)
    session.flush()
    assert all(row.short is None for row in board(session, world.coordinator()).rows)
    assert all(row.figures is None for row in ranking(session, world.coordinator()).rows)

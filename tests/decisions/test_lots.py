"""Lots at the line: who draws, in which order, what it costs, and that anybody can hold the draw again."""

import json
from collections.abc import Callable
from copy import deepcopy
from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import Session, col, select

from app.calls.method import method_hash
from app.decisions.awards import draw_line
from app.decisions.board import board
from app.decisions.closing import close_reviewing
from app.decisions.decide import decide
from app.decisions.held import call_of, decision_version
from app.decisions.line import rounds
from app.decisions.protocol import read_protocol
from app.decisions.protocol_file import parsed
from app.decisions.protocol_words import ProtocolWords
from app.decisions.ranking import ranking
from app.decisions.recompute import recompute
from app.decisions.reserve import reserve_of
from app.decisions.runs import standing_order
from app.decisions.seats import SeatInput, mark_seat
from app.decisions.standing import standing
from app.decisions.what_if import WhatIfInput, what_if
from app.documents.protocol import Table
from app.models.applications import Application
from app.models.decisions import RankingEntry
from app.scoring.draw import draw_ticket
from app.scoring.lottery import lottery_seed
from app.scoring.methods import Method
from app.wall import Wall, put_up
from tests.decisions.scored import awarded, pot_now, scored_call, stored_order
from tests.factories import KNOWN, REVIEWING
from tests.kept_scenes import scene
from tests.world import World

LATER = REVIEWING + timedelta(days=1)
PLACES = 6
Document = dict[str, Any]


def drawn_call(session: Session, world: World, count: int = 14, **rule: object) -> list[str]:
    """A call that draws lots, with reviewing closed: codes in the order without the draw."""
    name = ("drawn", count, repr(sorted(rule.items())))
    return scene(session, world, name, lambda: _drawn_call(session, world, count, rule))


def _drawn_call(session: Session, world: World, count: int, rule: dict[str, object]) -> list[str]:
    world.call.method, world.call.lottery = Method.CALIBRATED, True
    session.add(world.call)
    pot = pot_now(session, world.round.code)
    for name, value in (
        {"reserve_places": 3, "reserve_until": LATER + timedelta(days=60)} | {**rule}
    ).items():
        setattr(pot, name, value)
    session.add(pot)
    codes = scored_call(session, world, count)
    close_reviewing(session, world.coordinator(), REVIEWING)
    session.flush()
    return codes


def frozen(session: Session, world: World) -> Document:
    cora = world.coordinator()
    draw_line(session, cora, world.round.code, LATER)
    session.flush()
    decide(session, cora, decision_version(session, call_of(session, cora)), LATER, KNOWN)
    document: Document = json.loads(read_protocol(session, cora))
    return document


def differences(document: Document) -> dict[str, list[str]]:
    protocol, read = parsed(json.dumps(document))
    return {each.title: each.differences for each in recompute(protocol, read) if each.differences}


def test_whom_the_reviews_cannot_tell_from_the_line_draw_and_the_draw_is_held_again(
    session: Session, world: World
) -> None:
    codes = drawn_call(session, world)
    document = frozen(session, world)
    held = document["computed"]["lottery"]
    certain, lots, left = held["accepted"], held["drawing"], held["left"]
    assert certain and len(lots) > left > 0 and len(certain) + left == PLACES == held["line"]
    # Certain and out by merit, the others by their tickets, whatever their merit.
    assert certain == [code for code in codes if code in certain]
    assert held["rejected"] == [code for code in codes if code in held["rejected"]]
    seed = lottery_seed(document["rules"]["seed"])
    assert lots == sorted(lots, key=lambda code: draw_ticket(seed, "2026", code))
    assert {*certain, *lots, *held["rejected"]} == {*codes}
    order = [*certain, *lots, *held["rejected"]]
    assert [code for code, _ in stored_order(session)] == order
    # The awards, who stands by, and the fingerprint follow the drawn order.
    assert [each["application"] for each in document["rounds"][0]["awards"]] == order[:PLACES]
    assert document["rounds"][0]["standing_by"] == order[PLACES : PLACES + 3]
    assert [each[1] for each in document["decision"]["order"]] == order
    assert document["rules"]["lottery"] is document["input"]["lottery"] is True
    # The order without the draw stands beside it.
    assert [each["application"] for each in document["computed"]["orders"]["calibrated"]] == codes
    assert differences(document) == {}
    said = {each.id: each for each in ProtocolWords(parsed(json.dumps(document))[0], "en").chapters()}
    (table,) = [each for each in said["protocol-lots"].blocks if isinstance(each, Table)]
    assert [row[:2] for row in table.rows] == [[str(n), code] for n, code in enumerate(lots, 1)]
    assert table.rows[0][2] == draw_ticket(seed, "2026", lots[0])
    reserve = reserve_of(session, world.coordinator(), world.round.code, LATER)
    assert [each.application for each in reserve.entries] == order[PLACES : PLACES + 3]


def other_lots(document: Document) -> None:
    lots = document["computed"]["lottery"]["drawing"]
    lots[0], lots[-1] = lots[-1], lots[0]


def one_more_certain(document: Document) -> None:
    held = document["computed"]["lottery"]
    held["accepted"].append(held["drawing"].pop(0))
    held["left"] -= 1


def no_draw(document: Document) -> None:
    document["computed"]["lottery"] = None


def nothing_published(document: Document) -> None:
    document["rules"]["lottery"] = False


def not_an_input(document: Document) -> None:
    document["input"]["lottery"] = document["rules"]["lottery"] = False


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (other_lots, "lottery, drawing: the file says"),
        (one_more_certain, "lottery, accepted: the file says"),
        (no_draw, "a draw at the line: the file says False, recomputed is True"),
        (nothing_published, "lottery, published: the file says False, recomputed is True"),
        (not_an_input, "input_sha256: the file says"),
    ],
    ids=lambda each: each.__name__ if callable(each) else "",
)
def test_a_draw_that_was_changed_is_found(
    session: Session, world: World, change: Callable[[Document], None], words: str
) -> None:
    drawn_call(session, world)
    document = frozen(session, world)
    changed = deepcopy(document)
    change(changed)
    assert words in "\n".join(each for own in differences(changed).values() for each in own)


def test_its_price_stands_on_the_board_and_at_the_cut_line(session: Session, world: World) -> None:
    codes = drawn_call(session, world)
    cora = world.coordinator()
    held = standing(session, cora, LATER).lottery
    assert held and held.line == PLACES
    assert held.certain + held.left == PLACES
    assert held.hits_drawn < held.hits_by_order <= PLACES
    order = standing_order(session, cora)
    assert order and order.figures and order.figures.lottery == held
    found = board(session, cora)
    assert found.figures["rules"] == method_hash(
        "calibrated",
        [(each.code, each.weight, each.scale_min, each.scale_max) for each in world.criteria.values()],
        [each.code for each in sorted(world.criteria.values(), key=lambda each: each.tie_position)],
        lottery=True,
    )
    rows = ranking(session, cora).rows
    assert [row.code for row in rows if row.decided_by == "lottery"] == held.drawing
    assert all(row.label == str(row.place) for row in rows if row.code in held.drawing)
    # The line asks nobody for a reason: the drawn order is the order.
    draw_line(session, cora, world.round.code, LATER)
    (pot,) = rounds(session, cora)
    assert pot.unexplained == []
    # "What if" is asked of the order without lots, and so nothing moves where nothing is changed.
    weights = {each.code: each.weight for each in world.criteria.values()}
    same = what_if(session, cora, WhatIfInput(method=Method.CALIBRATED, weights=weights))
    assert same and (same.moved, same.enter, same.leave) == ([], [], [])
    assert len(codes) == len(rows)


def test_off_by_default_nothing_is_drawn_and_nothing_is_hashed(session: Session, world: World) -> None:
    world.call.method = Method.CALIBRATED
    session.add(world.call)
    codes = scored_call(session, world, 14)
    close_reviewing(session, world.coordinator(), REVIEWING)
    document = frozen(session, world)
    assert [code for code, _ in stored_order(session)] == codes
    assert document["computed"]["lottery"] is None
    assert standing(session, world.coordinator(), LATER).lottery is None
    assert differences(document) == {}
    assert "protocol-lots" not in {
        each.id for each in ProtocolWords(parsed(json.dumps(document))[0], "en").chapters()
    }
    assert method_hash("calibrated", [], [], lottery=False) == method_hash("calibrated", [], [])


def test_where_means_decide_nobody_draws(session: Session, world: World) -> None:
    world.call.lottery = True
    session.add(world.call)
    codes = scored_call(session, world, 14)
    close_reviewing(session, world.coordinator(), REVIEWING)
    assert [code for code, _ in stored_order(session)] == codes
    assert differences(frozen(session, world)) == {}


def test_a_kept_seat_moves_the_line_at_which_lots_are_drawn(session: Session, world: World) -> None:
    codes = drawn_call(session, world, reserved_places=1, reserved_for={"en": "The workshop"})
    cora = world.coordinator()
    before = board(session, cora).figures
    assert before["line"] == PLACES
    given = SeatInput(belongs=True, reason="It was at the workshop of March.")
    mark_seat(session, cora, world.round.code, codes[-1], given, LATER)
    session.flush()
    after = board(session, cora).figures
    assert (after["line"], after["seated"]) == (PLACES - 1, [codes[-1]])
    assert after["lottery"]["certain"] + after["lottery"]["left"] == PLACES - 1
    document = frozen(session, world)
    held = document["computed"]["lottery"]
    others = [*held["accepted"], *held["drawing"][: held["left"]]]
    assert {*awarded(session)} == {*others, codes[-1]}
    assert [each["application"] for each in document["rounds"][0]["awards"] if each["reserved"]] == [
        codes[-1]
    ]
    assert differences(document) == {}


def test_who_has_a_tie_sees_that_lots_were_drawn_and_no_figure_of_it(session: Session, world: World) -> None:
    drawn_call(session, world)
    cora = world.coordinator()
    rows = {row.code: row.decided_by for row in ranking(session, cora).rows}
    hidden = session.exec(select(Application).join(RankingEntry).order_by(col(RankingEntry.place))).first()
    assert hidden and hidden.id
    put_up(session, Wall(frozenset({hidden.id}), frozenset({hidden.code})))
    assert standing(session, cora, LATER).lottery is None
    seen = {row.code: row.decided_by for row in ranking(session, cora).rows}
    drew = {code for code, each in rows.items() if each == "lottery"} - {hidden.code}
    assert {code for code, each in seen.items() if each == "lottery"} == drew
    assert all(row.firm == "" for pot in rounds(session, cora) for row in pot.rows)


def test_the_word_at_the_cut_line_is_the_boards_also_after_freezing(session: Session, world: World) -> None:
    codes = drawn_call(session, world, reserved_places=1, reserved_for={"en": "The workshop"})
    cora = world.coordinator()
    given = SeatInput(belongs=True, reason="It was at the workshop of March.")
    mark_seat(session, cora, world.round.code, codes[-1], given, LATER)
    session.flush()
    figures = board(session, cora).figures

    def words() -> dict[str, str]:
        (pot,) = rounds(session, cora)
        return {row.code: row.firm for row in pot.rows}

    told = words()
    assert {code for code, word in told.items() if word == "zone"} == {*figures["zone"]} - {codes[-1]}
    assert told[codes[-1]] == "seated"
    counts = {each: sum(word == each for word in told.values()) for each in ("in", "out")}
    assert counts == {"in": figures["stands"]["in"], "out": figures["stands"]["out"]}
    frozen(session, world)
    assert words() == told


def test_a_group_that_draws_takes_its_seat_by_the_order_that_the_lots_left(
    session: Session, world: World
) -> None:
    codes = drawn_call(session, world, reserved_places=1, reserved_for={"en": "The workshop"})
    cora = world.coordinator()
    group = board(session, cora).figures["lottery"]["drawing"][-2:]
    for code in group:
        given = SeatInput(belongs=True, reason="It was at the workshop of March.")
        mark_seat(session, cora, world.round.code, code, given, LATER)
        session.flush()
    figures = board(session, cora).figures
    order = [code for code, _ in stored_order(session)]
    first = min(group, key=order.index)
    assert figures["seated"] == [first]
    document = frozen(session, world)
    (pot,) = document["rounds"]
    assert [each["application"] for each in pot["awards"] if each["reserved"]] == [first]
    others = [code for code in order if code != first][: PLACES - 1]
    assert {each["application"] for each in pot["awards"]} == {first, *others}
    assert order.index(others[-1]) + 1 == figures["below"]
    assert len(codes) == len(order)
    assert differences(document) == {}


def test_reviewers_own_orders_are_compared_with_the_order_before_the_lots(
    session: Session, world: World
) -> None:
    drawn_call(session, world)
    cora = world.coordinator()
    order = standing_order(session, cora)
    assert order and order.figures and order.figures.own_orders
    own = order.figures.own_orders
    weights = {each.code: each.weight for each in world.criteria.values()}
    asked = what_if(session, cora, WhatIfInput(method="own_orders", weights=weights))
    assert asked and ({*asked.enter}, {*asked.leave}) == ({*own.enter}, {*own.leave})

"""The stage: one reveal for one press, the last place first, and nothing of the others anywhere."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, select

from app.database import session_on
from app.decisions.awards import draw_line
from app.decisions.decide import decide
from app.decisions.held import call_of, decision_version
from app.decisions.refusals import NotDecided
from app.errors import NotFound, Stale
from app.events.stage import NobodyLeft, reveal_next, screen, show_scene, stage_control
from app.models.decisions import PublishedResult
from app.models.events import Scene, Stage
from tests.decisions.scored import PLACE, ranked_call, second_round
from tests.factories import KNOWN, REVIEWING, count_of
from tests.world import World, make_call

LATER = REVIEWING + timedelta(days=40)


def decided(session: Session, world: World) -> list[str]:
    codes = ranked_call(session, world)
    cora = world.coordinator()
    draw_line(session, cora, world.round.code, REVIEWING)
    session.flush()
    decide(session, cora, decision_version(session, call_of(session, cora)), REVIEWING, KNOWN)
    session.flush()
    return codes


def reveal(session: Session, world: World, seen: int) -> str:
    title = reveal_next(session, world.coordinator(), world.round.code, seen, LATER).title
    session.flush()
    return title


def test_before_its_first_use_the_screen_shows_the_curtain(session: Session, world: World) -> None:
    shown = screen(session, world.round.code)
    assert (shown.scene, shown.version, shown.winner, shown.winners) == (Scene.CURTAIN, 0, None, [])


def test_winners_are_revealed_the_last_place_first(session: Session, world: World) -> None:
    decided(session, world)
    assert [reveal(session, world, seen) for seen in range(6)] == [
        f"Idea {number}" for number in (6, 5, 4, 3, 2, 1)
    ]
    with pytest.raises(NobodyLeft):
        reveal(session, world, 6)
    shown = screen(session, world.round.code)
    assert shown.winner and (shown.winner.title, shown.winner.position) == ("Idea 1", 6)
    assert shown.winner.amount_minor == PLACE
    assert shown.winners == []


def test_the_board_holds_revealed_winners_only(session: Session, world: World) -> None:
    decided(session, world)
    reveal(session, world, 0)
    reveal(session, world, 1)
    show_scene(session, world.coordinator(), world.round.code, Scene.BOARD, 2, LATER)
    session.flush()
    shown = screen(session, world.round.code)
    assert [each.title for each in shown.winners] == ["Idea 5", "Idea 6"]
    assert count_of(session, PublishedResult) == 2
    show_scene(session, world.coordinator(), world.round.code, Scene.CURTAIN, 3, LATER)
    session.flush()
    shown = screen(session, world.round.code)
    assert (shown.winner, shown.winners, shown.version) == (None, [], 4)


def test_an_old_screen_reveals_nobody(session: Session, world: World) -> None:
    decided(session, world)
    reveal(session, world, 0)
    for seen in (0, 2):
        with pytest.raises(Stale) as refused:
            reveal(session, world, seen)
        assert refused.value.version == 1
        with pytest.raises(Stale):
            show_scene(session, world.coordinator(), world.round.code, Scene.BOARD, seen, LATER)
    assert count_of(session, PublishedResult) == 1


def test_nobody_is_revealed_before_the_freeze(session: Session, world: World) -> None:
    ranked_call(session, world)
    draw_line(session, world.coordinator(), world.round.code, REVIEWING)
    session.flush()
    assert not stage_control(session, world.coordinator(), world.round.code, LATER).can_reveal
    with pytest.raises(NotDecided):
        reveal(session, world, 0)


def test_the_control_knows_who_is_next(session: Session, world: World) -> None:
    decided(session, world)
    shown = stage_control(session, world.coordinator(), world.round.code, LATER)
    assert (shown.next_title, shown.next_amount_minor, shown.left, shown.can_reveal) == (
        "Idea 6", PLACE, 6, True,
    )  # fmt: skip
    assert shown.next_team.endswith("and friends")


def test_a_rounds_stage_reveals_its_own_winners(session: Session, world: World) -> None:
    ranked_call(session, world)
    cora, other = world.coordinator(), second_round(session, world)
    for pot in (world.round.code, other):
        draw_line(session, cora, pot, REVIEWING)
    session.flush()
    decide(session, cora, decision_version(session, call_of(session, cora)), REVIEWING, KNOWN)
    session.flush()
    assert reveal_next(session, cora, other, 0, LATER).title == "Idea 8"
    session.flush()
    assert screen(session, world.round.code).winner is None
    assert stage_control(session, cora, world.round.code, LATER).left == 6


def test_another_calls_stage_is_not_found(session: Session, world: World) -> None:
    other = make_call(session, "other")
    stranger = type(world.coordinator())(world.coordinator().person_id, other.id or 0)
    for act in (
        lambda: stage_control(session, stranger, world.round.code, LATER),
        lambda: reveal_next(session, stranger, world.round.code, 0, LATER),
        lambda: show_scene(session, stranger, world.round.code, Scene.BOARD, 0, LATER),
        lambda: screen(session, "NOTHING"),
    ):
        with pytest.raises(NotFound):
            act()
    world.call.opened_at = None
    session.add(world.call)
    session.flush()
    with pytest.raises(NotFound):
        screen(session, world.round.code)


def test_two_presses_on_one_stage_reveal_one_winner_each_time(engine: Engine, world: World) -> None:
    with session_on(engine) as session, session.begin():
        decided(session, world)

    def press(seen: int, together: Barrier) -> bool:
        together.wait()
        try:
            with session_on(engine) as session, session.begin():
                reveal(session, world, seen)
        except Stale:
            return False
        return True

    with ThreadPoolExecutor(2) as presses:
        for seen in range(6):
            together = Barrier(2)
            done = [presses.submit(press, seen, together) for _ in range(2)]
            assert sorted(each.result() for each in done) == [False, True]
            with session_on(engine, reading=True) as session, session.begin():
                assert count_of(session, PublishedResult) == seen + 1
                assert session.exec(select(Stage.version, Stage.revealed)).one() == (seen + 1, seen + 1)

"""Missing reviews are excused in writing, cell by cell."""

import pytest
from sqlmodel import Session, select

from app.decisions.awards import draw_line
from app.decisions.closing import close_reviewing
from app.decisions.decide import decide
from app.decisions.held import call_of, decision_version
from app.decisions.holes import count_holes, excuse_holes, holes
from app.decisions.refusals import ReviewingNotClosed
from app.errors import Invalid, NotFound
from app.models.applications import Application, Status
from app.models.audit import AuditEntry
from app.models.reviews import Assignment
from tests.decisions.scored import ranked_call, scored_call
from tests.factories import KNOWN, REVIEWING, count_of
from tests.world import World

WHY = "The office was closed for two weeks."


@pytest.fixture
def cells(session: Session, world: World) -> list[tuple[str, str]]:
    """Three applications; the city scored none of the first two."""
    codes = scored_call(session, world, 3)
    city = world.organisations["AKIM"].id
    rows = session.exec(select(Assignment).where(Assignment.organisation_id == city))
    gone = {row.application_id: row for row in rows}
    for code in codes[:2]:
        key = session.exec(select(Application.id).where(Application.code == code)).one()
        gone[key or 0].withdrawn_at = REVIEWING
        session.add(gone[key or 0])
    close_reviewing(session, world.coordinator(), REVIEWING)
    return [(code, "AKIM") for code in codes[:2]]


def test_each_cell_is_excused_alone(session: Session, world: World, cells: list[tuple[str, str]]) -> None:
    cora = world.coordinator()
    excuse_holes(session, cora, {cells[1]: f"  {WHY} "}, REVIEWING)
    assert [hole.reason for hole in holes(session, cora)] == ["", WHY]
    assert count_holes(session, cora) == 1
    assert count_holes(session, cora, only_open=False) == 2


def test_a_short_reason_is_refused_and_names_its_cell(
    session: Session, world: World, cells: list[tuple[str, str]]
) -> None:
    with pytest.raises(Invalid) as refused:
        excuse_holes(session, world.coordinator(), {cells[0]: WHY, cells[1]: " too short  "}, REVIEWING)
    assert refused.value.fields == {f"{cells[1][0]}.AKIM": ("hole.reason_too_short", {"least": 10})}
    assert count_holes(session, world.coordinator()) == 2


def test_a_cell_that_is_no_hole_is_not_found(
    session: Session, world: World, cells: list[tuple[str, str]]
) -> None:
    for cell in ((cells[0][0], "BC"), (cells[0][0], "NOBODY"), ("NOTHING", "AKIM")):
        with pytest.raises(NotFound):
            excuse_holes(session, world.coordinator(), {cells[0]: WHY, cell: WHY}, REVIEWING)
    assert count_holes(session, world.coordinator()) == 2


def test_the_same_reason_again_is_no_second_act(
    session: Session, world: World, cells: list[tuple[str, str]]
) -> None:
    for _ in range(2):
        excuse_holes(session, world.coordinator(), {cells[0]: WHY}, REVIEWING)
    session.flush()
    assert count_of(session, AuditEntry, AuditEntry.action == "hole.excuse") == 1


def test_who_withdrew_has_no_hole(session: Session, world: World, cells: list[tuple[str, str]]) -> None:
    row = session.exec(select(Application).where(Application.code == cells[0][0])).one()
    row.status = Status.WITHDRAWN
    session.add(row)
    assert [hole.application for hole in holes(session, world.coordinator())] == [cells[1][0]]
    with pytest.raises(NotFound):
        excuse_holes(session, world.coordinator(), {cells[0]: WHY}, REVIEWING)


def test_only_between_closing_and_the_decision(session: Session, world: World) -> None:
    codes = ranked_call(session, world, 2)
    draw_line(session, world.coordinator(), world.round.code, REVIEWING)
    decide(
        session,
        world.coordinator(),
        decision_version(session, call_of(session, world.coordinator())),
        REVIEWING,
        KNOWN,
    )
    with pytest.raises(ReviewingNotClosed):
        excuse_holes(session, world.coordinator(), {(codes[0], "BC"): WHY}, REVIEWING)

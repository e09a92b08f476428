"""Assigning over HTTP: the even distribution, single changes, substitutes, and what is refused."""

from urllib.parse import quote

import pytest
from sqlalchemy import Engine
from sqlmodel import select

from app.database import session_on
from app.models.applications import Application
from app.models.reviews import Assignment, Tie
from tests.conftest import Client, Clock
from tests.factories import (
    REVIEWING,
    count_of,
    make_assignment,
    make_review,
    make_sent_application,
    open_reviewing_rows,
)
from tests.world import NOW, World

ASSIGN = "/en/desk/2026/assign"


@pytest.fixture
def applications(engine: Engine, world: World, clock: Clock) -> list[Application]:
    clock.now = REVIEWING
    with session_on(engine) as session, session.begin():
        found = [make_sent_application(session, world, title=f"Project {n}") for n in range(3)]
        open_reviewing_rows(session, world)
    return found


def how_many(engine: Engine) -> int:
    with session_on(engine, reading=True) as session:
        return count_of(session, Assignment, Assignment.withdrawn_at == None)  # noqa: E711


def test_distribute_fills_the_holes(client: Client, engine: Engine, applications: list[Application]) -> None:
    cora = client("cora")
    assert "Still to be given out: 12" in cora.get(ASSIGN).text
    answer = cora.post(f"{ASSIGN}/distribute")
    assert (answer.status_code, answer.headers["location"]) == (303, f"{ASSIGN}?done=assignments_made")
    assert how_many(engine) == 12
    page = cora.get(ASSIGN).text
    assert "Every application has its reviewers." in page
    assert "Rita Canaryname" in page


def test_distribute_before_the_call_has_closed_is_refused(
    client: Client, engine: Engine, world: World
) -> None:
    answer = client("cora").post(f"{ASSIGN}/distribute")
    assert answer.status_code == 409
    assert how_many(engine) == 0


def test_by_hand_and_taken_back(
    client: Client, engine: Engine, world: World, applications: list[Application]
) -> None:
    cora = client("cora")
    given = {"application": applications[0].code, "reviewer": world.members["rita"].code}
    assert cora.post(ASSIGN, data=given).headers["location"] == f"{ASSIGN}?done=assignment_made"
    assert how_many(engine) == 1
    assert cora.post(ASSIGN, data=given).status_code == 409
    assert cora.post(f"{ASSIGN}/withdraw", data=given).status_code == 303
    assert how_many(engine) == 0
    assert cora.post(f"{ASSIGN}/withdraw", data=given).status_code == 404


def test_by_hand_refused_keeps_what_was_typed(
    client: Client, engine: Engine, applications: list[Application]
) -> None:
    cora = client("cora")
    answer = cora.post(ASSIGN, data={"application": "Апорт-0", "reviewer": "NOBODY"})
    assert answer.status_code == 422
    assert 'value="Апорт-0"' in answer.text
    assert "There is no application with this code to be scored." in answer.text
    assert "Choose a reviewer from the list." in answer.text
    assert cora.post(ASSIGN, data={}).status_code == 422
    assert how_many(engine) == 0


def test_a_tie_gets_a_substitute_of_the_same_organisation(
    client: Client, engine: Engine, world: World, applications: list[Application]
) -> None:
    code = applications[0].code
    with session_on(engine) as session, session.begin():
        make_assignment(session, world, applications[0], "rita", tie=Tie.TIE).tie_note = "My cousin's"
    cora = client("cora")
    page = cora.get(ASSIGN).text
    assert "Ties without a substitute" in page
    assert "My cousin&#39;s" in page
    alone = cora.post(f"{ASSIGN}/substitute/BC/{quote(code)}")
    assert alone.status_code == 409
    assert "No other reviewer of this organisation is free of ties." in alone.text
    with session_on(engine) as session, session.begin():
        rolf = session.merge(world.members["rolf"])
        rolf.organisation_id = world.organisations["BC"].id
    answer = cora.post(f"{ASSIGN}/substitute/BC/{quote(code)}")
    assert answer.headers["location"] == f"{ASSIGN}?done=substitute_found"
    assert "Ties without a substitute" not in cora.get(ASSIGN).text


def test_a_sent_review_cannot_be_taken_back(
    client: Client, engine: Engine, world: World, applications: list[Application]
) -> None:
    with session_on(engine) as session, session.begin():
        make_review(session, world, make_assignment(session, world, applications[0], "rita"))
    given = {"application": applications[0].code, "reviewer": world.members["rita"].code}
    answer = client("cora").post(f"{ASSIGN}/withdraw", data=given)
    assert answer.status_code == 409
    assert how_many(engine) == 1


def test_the_page_offers_nothing_while_the_call_is_open(client: Client, world: World, clock: Clock) -> None:
    clock.now = NOW
    page = client("cora").get(ASSIGN).text
    assert "Assignments can be changed between" in page
    assert 'id="distribute"' not in page


def test_rows_of_withdrawn_assignments_do_not_count(
    client: Client, engine: Engine, world: World, applications: list[Application]
) -> None:
    with session_on(engine) as session, session.begin():
        make_assignment(session, world, applications[0], "rita")
        session.exec(select(Assignment)).one().withdrawn_at = REVIEWING
    assert "Still to be given out: 12" in client("cora").get(ASSIGN).text

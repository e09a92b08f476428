"""Lots at the line and reviewers' own orders on the pages that say them: setup, board, cut line, criteria."""

import re

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine, select
from sqlmodel import col

from app.database import session_on
from app.decisions.announce import publish
from app.decisions.awards import draw_line
from app.decisions.closing import close_reviewing
from app.decisions.decide import decide
from app.decisions.runs import standing_order
from app.decisions.standing import standing
from app.models.applications import Application
from app.models.calls import Call
from app.models.decisions import RankingEntry
from app.models.people import Conflict
from app.models.reviews import TieGround
from app.scoring.lottery import lottery_seed
from tests.conftest import Client, Clock
from tests.decisions.crossing import crossing_call
from tests.decisions.test_lots import LATER, drawn_call
from tests.factories import (
    KNOWN,
    REVIEWING,
    Scores,
    make_assignment,
    make_review,
    make_sent_application,
    open_reviewing_rows,
)
from tests.world import World, key

DESK = "/en/desk/2026"
COSTS = (
    r"By the order alone, about (\d\.\d) of the 6 chosen would be truly among the best 6; "
    r"with lots it is about (\d\.\d)\."
)


@pytest.fixture
def cora(client: Client, engine: Engine, world: World, clock: Clock) -> TestClient:
    with session_on(engine) as session, session.begin():
        drawn_call(session, world)
    clock.now = LATER
    return client("cora")


def test_the_board_and_the_cut_line_say_who_drew_and_what_it_costs(cora: TestClient, world: World) -> None:
    told = set()
    for page in ("ranking", "awards", f"awards/{world.round.code}/line"):
        text = cora.get(f"{DESK}/{page}").text
        said = text[text.index('id="lots"') :].split("</p>")[0]
        found = re.search(COSTS, said)
        assert found and float(found[2]) < float(found[1]), page
        assert re.search(r"Lots were drawn by \d+ applications for \d places\.", said)
        told.add(said)
    assert len(told) == 1
    board = cora.get(f"{DESK}/ranking").text
    drew = board.count("by lot: the reviews cannot tell it from the line")
    assert f"Lots were drawn by {drew} applications" in board
    for language, words in (("kk", "жеребемен шамамен"), ("ru", "со жребием — примерно")):
        assert words in cora.get(f"/{language}/desk/2026/ranking").text


def test_a_word_for_how_firm_stands_beside_each_place_of_the_cut_line(
    cora: TestClient, client: Client, engine: Engine, world: World
) -> None:
    def words(page: str) -> list[str]:
        return re.findall(r'class="st (in|zone|out|seated)"', cora.get(f"{DESK}/{page}").text)

    assert words("awards") == words("ranking") and {"in", "zone"} <= {*words("awards")}
    listed = client("cora", api=True).get("/api/v1/calls/2026/rounds").json()["items"][0]["rows"]
    assert [row["firm"] for row in listed] == words("awards")
    with session_on(engine) as session, session.begin():
        hidden = session.execute(
            select(col(RankingEntry.application_id)).order_by(col(RankingEntry.place)).limit(1)
        ).scalar_one()
        cora_id = key(world.people["cora"])
        session.add(
            Conflict(
                call_id=key(world.call),
                application_id=hidden,
                person_id=cora_id,
                ground=TieGround.DECLARED,
                stands=True,
                reason="My sister's",
                decided_by=cora_id,
                decided_at=REVIEWING,
            )
        )
    assert words("awards") == words("ranking") == []
    for page in ("ranking", "awards"):
        assert 'id="lots"' not in cora.get(f"{DESK}/{page}").text


def test_the_results_say_that_lots_were_drawn_and_by_which_seed_and_not_by_whom(
    client: Client, engine: Engine, world: World, clock: Clock
) -> None:
    clock.now = LATER
    with session_on(engine) as session, session.begin():
        drawn_call(session, world)
    with session_on(engine) as session, session.begin():
        actor = world.coordinator()
        held = standing(session, actor, LATER).lottery
        draw_line(session, actor, world.round.code, LATER)
        session.flush()
        decide(session, actor, standing(session, actor, LATER).version, LATER, KNOWN)
        session.flush()
    before = client(api=True).get("/api/v1/calls/2026/results").json()
    assert before["lots"] is before["seed"] is None
    with session_on(engine) as session, session.begin():
        publish(session, actor, standing(session, actor, LATER).version, LATER)
    public = client(api=True).get("/api/v1/calls/2026/results").json()
    assert held and public["lots"] == {
        "without_draw": held.certain,
        "drawing": len(held.drawing),
        "places": held.left,
        "seed": lottery_seed(public["seed"]),
    }
    text = client().get("/en/calls/2026/results").text
    assert f"Lots were drawn by {len(held.drawing)} applications for {held.left} places." in text
    assert public["lots"]["seed"] in text
    assert not any(code in text for code in held.drawing)
    # Whose lot it was is told to them alone.
    with session_on(engine) as session:
        refs = {
            row.code: row.ref for row in session.execute(select(col(Application.code), col(Application.ref)))
        }
    ada = client("ada")
    told = {code for code, ref in refs.items() if 'id="lots"' in ada.get(f"/en/my/{ref}/result").text}
    assert told == {*held.drawing} < {*refs}


def test_the_price_is_shown_where_lots_are_switched_on_and_the_rule_is_public(
    client: Client, engine: Engine, world: World
) -> None:
    page = client("cora").get(f"{DESK}/setup/scoring").text
    found = re.search(
        r"with 100 applications, 6 places and 4 reviews of each: of the 6 chosen, about (\d\.\d) are truly "
        r"among the best 6 by the order alone, and about (\d\.\d) where lots are drawn",
        page,
    )
    assert found and float(found[2]) < float(found[1])
    assert re.search(r'name="lottery"(?![^>]*checked)', page)
    public = client().get("/en/calls/2026/criteria").text
    assert "draw lots for the places that are left" not in public
    assert client(api=True).get("/api/v1/calls/2026/criteria").json()["lottery"] is False
    with session_on(engine) as session, session.begin():
        call = session.get(Call, world.call.id)
        assert call
        call.lottery, call.version = True, call.version + 1
        session.add(call)
    for page in ("", "/criteria"):
        assert "draw lots for the places that are left" in client().get(f"/en/calls/2026{page}").text
    rounds = client("cora").get(f"{DESK}/setup/rounds").text
    assert "draw lots for the places that are left" in rounds and "about 3." in rounds
    assert client(api=True).get("/api/v1/calls/2026/criteria").json()["lottery"] is True


def test_reviewers_own_orders_stand_among_the_methods_and_under_what_if(
    client: Client, engine: Engine, world: World, clock: Clock
) -> None:
    with session_on(engine) as session, session.begin():
        codes = crossing_call(session, world)
        stored = standing_order(session, world.coordinator())
    assert stored and stored.figures and stored.figures.own_orders
    own = stored.figures.own_orders
    assert (own.none, own.left_out) == ("", [])
    cora = client("cora")
    methods = cora.get(f"{DESK}/ranking/methods").text
    section = methods[methods.index('id="own-orders"') :].split("</section>")[0]
    assert "It never decides." in section
    assert {code for code in codes.values() if f">{code}</a>" in section} == {*own.enter, *own.leave}
    rows = client("cora", api=True).get("/api/v1/calls/2026/ranking").json()["items"]
    places = {row["code"]: row["figures"]["own_order"] for row in rows}
    # Rita and Rolf are of two minds about who is strict; both put "first" above "second" above "third".
    assert places[codes["first"]] < places[codes["second"]] < places[codes["third"]]
    weights = "&".join(f"w.{code}=25" for code in world.criteria)
    asked = cora.get(f"{DESK}/ranking/what-if?method=own_orders&{weights}").text
    answer = asked[asked.index('id="answer"') :].split("</section>")[0]
    assert "It never decides." in answer
    for code in (*own.enter, *own.leave):
        assert code in answer
    assert cora.get(f"{DESK}/setup/scoring").text.count('value="own_orders"') == 0


def test_where_reviewers_orders_are_not_connected_there_is_a_hole_that_says_so(
    client: Client, engine: Engine, world: World, clock: Clock
) -> None:
    with session_on(engine) as session, session.begin():
        world.call.reviews_per_application = 2
        session.add(world.call)
        applications = [make_sent_application(session, world, title=f"Idea {n}") for n in range(4)]
        open_reviewing_rows(session, world)
        for number, application in enumerate(applications):
            for name in ("rita", "rolf") if number < 2 else ("anna", "karl"):
                scores: Scores = dict.fromkeys(world.criteria, 5 - number)
                make_review(session, world, make_assignment(session, world, application, name), scores)
        close_reviewing(session, world.coordinator(), REVIEWING)
    words = "applications fall into groups that no reviewer compares with each other."
    cora = client("cora")
    assert words in cora.get(f"{DESK}/ranking/methods").text
    assert words in cora.get(f"{DESK}/ranking/what-if?method=own_orders").text

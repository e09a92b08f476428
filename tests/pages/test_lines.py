"""What the pages say of a line where pitches decide and seats are kept; of groups and differing reviews."""

import re
from collections.abc import Callable

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine, update
from sqlmodel import Session, col

from app.database import session_on
from app.decisions.board import board
from app.decisions.closing import close_reviewing
from app.decisions.seats import SeatInput, mark_seat
from app.models.calls import Call
from tests.conftest import Client, Clock
from tests.decisions.crossing import crossing_call
from tests.decisions.test_groups import parted_call
from tests.decisions.test_rules import ruled
from tests.events.evening import EVENING, evening, named
from tests.factories import REVIEWING
from tests.pages.test_pitched import frozen, words_of
from tests.world import World, key, texts

DESK = "/en/desk/2026"
RULE = "Invited to pitch before a jury, by the written scores: 8. The pitch counts 50 %"


def reading(client: Client, engine: Engine, clock: Clock, act: Callable[[Session], object]) -> TestClient:
    """Cora, after that was done."""
    clock.now = REVIEWING
    with session_on(engine) as session, session.begin():
        act(session)
    return client("cora")


def test_before_finalists_are_named_the_board_speaks_of_who_pitches(
    client: Client, engine: Engine, world: World, clock: Clock
) -> None:
    def act(session: Session) -> None:
        ruled(session, world, places=8, least_places=3)
        evening(session, world, 8, 4)

    cora = reading(client, engine, clock, act)
    page = cora.get(f"{DESK}/ranking").text
    said = words_of(page)
    assert "The line runs below position 8: so many are invited to pitch." in said
    assert RULE in said and "Who wins is decided by written and pitch scores together." in said
    assert "What decides who pitches: Mean of the organisations' means." in said
    assert "among the best 8" in said and "among the best 3" not in said
    assert ">To the tally</a>" in page and 'id="to-extra"' in page
    line = f"{DESK}/awards/{world.round.code}/line"
    for address in (line, f"{line}?count=5", f"{line}?line=finalists"):
        shown = cora.get(address)
        assert shown.status_code == 200
        # No sum, no button, and nobody who pitches is certain out.
        for word in ("€", "Award by this line", "certain out"):
            assert word not in shown.text, (address, word)
        assert "Chance to be truly among the best 8" in shown.text
    assert "is not known before the pitches are scored" in cora.get(line).text
    awards = cora.get(f"{DESK}/awards").text
    for word in ('id="draw-line', "Award one application", 'id="decide"', "Applications around the line"):
        assert word not in awards, word
    assert awards.count(f'href="{line}?line=finalists"') == 2, "the link and the button"
    answer = client("cora", api=True).get(f"/api/v1/calls/2026/rounds/{world.round.code}/line")
    assert (answer.status_code, answer.json()["type"]) == (409, "decision.pitches_not_closed")


def test_once_they_are_named_no_word_of_the_board_is_about_the_line(
    client: Client, engine: Engine, world: World, clock: Clock
) -> None:
    def act(session: Session) -> None:
        ruled(session, world, places=8, least_places=3)
        named(session, world, 8, 4)

    cora = reading(client, engine, clock, act)
    page = cora.get(f"{DESK}/ranking").text
    assert "Invited to pitch: 8." in words_of(page)
    assert page.count("invited to pitch</span>") == 8
    for word in ("certain in", "certain out", "in the zone", 'id="to-extra"', "Open reviewing again"):
        assert word not in page, word
    picture = cora.get(f"{DESK}/ranking/how-firm").text
    assert "certain out" not in picture and picture.count('<g class="pitches">') == 8
    assert "The line here is that of who is invited to pitch." in picture
    assert "In the zone" not in cora.get(f"{DESK}/panel-meeting").text


def test_after_the_pitches_the_board_points_to_the_order_that_decides(
    client: Client, engine: Engine, world: World, clock: Clock
) -> None:
    clock.now = EVENING
    with session_on(engine) as session, session.begin():
        ruled(session, world, places=6, least_places=3)
        frozen(session, world)
    cora = client("cora")
    page = cora.get(f"{DESK}/ranking").text
    tally = f"{DESK}/event/{world.round.code}/tally"
    assert f'href="{tally}">The order by which it is decided: the tally of the pitches</a>' in page
    assert cora.get(tally).status_code == 200
    line = cora.get(f"{DESK}/awards/{world.round.code}/line").text
    assert 'data-l="Written and pitch"' in line and 'data-l="Mean"' not in line
    assert "certain out" not in line and "by written and pitch scores together" in words_of(line)


def test_who_sits_in_a_kept_seat_is_on_no_side_in_words_and_pictures(
    client: Client, engine: Engine, world: World, clock: Clock
) -> None:
    seated = []

    def act(session: Session) -> None:
        ruled(session, world, reserved_places=1, reserved_for=texts("Members"))
        crossing_call(session, world)
        cora = world.coordinator()
        seated.append(board(session, cora).rows[-1].shown["code"])
        mark = SeatInput(belongs=True, reason="She was in the workshop.")
        mark_seat(session, cora, world.round.code, seated[0], mark, REVIEWING)

    cora = reading(client, engine, clock, act)
    page = cora.get(f"{DESK}/ranking").text
    counts = [int(each) for each in re.findall(r"<dd><b>(\d+)</b>", page)]
    rows = page[page.index('id="order"') :]
    words = [rows.count(f'"st {each}"') for each in ("in", "zone", "out", "seated")]
    assert (counts, words[3]) == (words[:3], 1), "the cards count the rows below"
    picture = cora.get(f"{DESK}/ranking/how-firm").text
    assert picture.count('<g class="seated">') == 1 and "in a reserved seat" in picture
    assert f"<title>{seated[0]}: " in picture
    assert "certain out" not in picture[picture.index(f"<title>{seated[0]}: ") :].split("</title>")[0]
    changed = cora.get(f"{DESK}/ranking/record?before=1&after=2").text
    assert "The line ran below position 3 and runs below position 2 now." in changed


def test_groups_of_reviewers_are_named_with_what_would_link_them(
    client: Client, engine: Engine, world: World, clock: Clock
) -> None:
    codes: dict[str, str] = {}

    def act(session: Session) -> None:
        codes.update(parted_call(session, world))
        close_reviewing(session, world.coordinator(), REVIEWING)

    cora = reading(client, engine, clock, act)
    assert f'href="{DESK}/ranking/reviewers#apart"' in cora.get(f"{DESK}/ranking").text
    page = cora.get(f"{DESK}/ranking/reviewers").text
    groups = words_of(page[page.index('id="groups"') : page.index("</ol>")])
    assert "Applications: 3" in groups and "Applications: 1" in groups
    assert all(f"{name} Canaryname (" in groups for name in ("Rita", "Rolf", "Anna", "Karl")), groups
    bridges = page[page.index('id="bridges"') :].split("</ul>")[0]
    assert bridges.count("<li>") == 1 and any(code in bridges for code in codes.values())


@pytest.mark.parametrize(("points", "steps"), [(30, 2), (None, 2), (30, None), (None, None)])
def test_the_agenda_says_when_reviews_differ_much_and_what_the_published_rule_says(
    client: Client, engine: Engine, world: World, clock: Clock, points: int | None, steps: int | None
) -> None:
    codes: dict[str, str] = {}

    def act(session: Session) -> None:
        gap = {"divergence_points": points, "divergence_steps": steps}
        session.execute(update(Call).where(col(Call.id) == key(world.call)).values(**gap))
        codes.update(crossing_call(session, world, places=8))

    cora = reading(client, engine, clock, act)
    page = cora.get(f"{DESK}/panel-meeting").text
    found = client("cora", api=True).get("/api/v1/calls/2026/panel-meeting/cases").json()["items"]
    if points is None and steps is None:
        assert 'id="differing"' not in page
        return
    said = words_of(page[page.index('id="differing"') :].split("</details>")[0])
    rule = " or ".join(
        words
        for words, is_there in (
            ("from 30 points of 100", points is not None),
            ("from 2 steps on one criterion", steps is not None),
        )
        if is_there
    )
    assert f"takes the scores as given: {rule}. By it, so many differ: " in said
    assert ("are 30 points of 100 or more apart" in said) is (points is not None)
    # As given, seven have two reviews two steps apart. On the agenda, what that is not much for says so.
    assert "so many differ: 7." in said
    calm = [each for each in found if each["differs"] and "divergent" not in each["grounds"]]
    assert calm
    case = cora.get(f"{DESK}/panel-meeting/{calm[0]['application']}").text
    assert "By the published rule, which takes the scores as given, that is much;" in case

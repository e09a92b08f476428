"""The pages of the line, the awards, the freeze and the publication."""

import re

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine
from sqlmodel import select

from app.database import session_on
from app.models.applications import Application, Status
from tests.conftest import Client, Clock
from tests.decisions.scored import PLACE, REASON, ranked_call, resize, second_round
from tests.factories import REVIEWING
from tests.world import World

DESK = "/en/desk/2026/awards"


@pytest.fixture
def codes(engine: Engine, world: World, clock: Clock) -> list[str]:
    """Eight ranked applications and two rounds."""
    clock.now = REVIEWING
    with session_on(engine) as session, session.begin():
        second_round(session, world)
        return ranked_call(session, world)


@pytest.fixture
def cora(client: Client, codes: list[str]) -> TestClient:
    return client("cora")


def version(page: str, button: str) -> str:
    """The version that stands in the form of this button."""
    found = re.search(
        rf'name="version" value="(\d+)">\s*(?:<div class="actions">)?\s*<button[^>]*id="{button}"', page
    )
    assert found, button
    return found[1]


def drawn(cora: TestClient, world: World) -> TestClient:
    done = cora.post(f"{DESK}/{world.round.code}/line").headers["location"]
    assert done == f"{DESK}?done=line_drawn&count=6"
    assert "The line is drawn. New pending awards: 6." in cora.get(done).text
    return cora


def frozen(cora: TestClient, world: World) -> TestClient:
    drawn(cora, world)
    done = cora.post(f"{DESK}/decide", data={"version": version(cora.get(DESK).text, "decide")})
    assert done.headers["location"] == f"{DESK}?done=decided"
    return cora


def test_the_line_is_drawn_and_shown(cora: TestClient, world: World, codes: list[str]) -> None:
    assert "Draw the line" in cora.get(DESK).text
    text = drawn(cora, world).get(DESK).text
    assert text.count("awarded · €5,000") == 6
    assert "6 / 6" in text
    assert "€30,000 / €30,000" in text
    assert text.count("won in another round") == 6


def test_a_line_that_awards_nothing_says_why(
    cora: TestClient, world: World, codes: list[str], engine: Engine
) -> None:
    line = f"{DESK}/{world.round.code}/line"
    drawn(cora, world)
    full = cora.post(line)
    assert full.status_code == 409
    assert ("Nothing was awarded" in full.text, "All 6 places are taken." in full.text) == (True, True)
    assert full.text.count("awarded · €5,000") == 6
    with session_on(engine) as session, session.begin():
        resize(session, world, places=8)
    assert "The envelope does not hold that much any more." in cora.post(line).text
    with session_on(engine) as session, session.begin():
        resize(session, world, places=9, envelope=9 * PLACE)
    assert cora.post(line).headers["location"] == f"{DESK}?done=line_drawn&count=2"
    assert "Nobody in the order is left" in cora.post(line).text


def test_an_award_that_does_not_fit_keeps_what_was_typed(
    cora: TestClient, world: World, codes: list[str]
) -> None:
    drawn(cora, world)
    refused = cora.post(f"{DESK}/{world.round.code}/award", data={"application": codes[6], "reason": REASON})
    assert refused.status_code == 409
    assert "All 6 places are taken." in refused.text
    assert f"{REASON}</textarea>" in refused.text
    assert re.search(rf'<option value="{codes[6]}" selected', refused.text)


def test_a_count_that_was_typed_into_the_address_says_nothing(cora: TestClient, codes: list[str]) -> None:
    for count in ("x", "-1", "9999999", "", "<b>"):
        text = cora.get(DESK, params={"done": "line_drawn", "count": count}).text
        assert "The line is drawn" not in text


def test_ids_are_unique_though_rounds_repeat_their_forms(cora: TestClient, codes: list[str]) -> None:
    ids = re.findall(r'\sid="([^"]+)"', cora.get(DESK).text)
    assert len(ids) == len(set(ids))


def test_an_award_below_the_line_asks_why_and_keeps_what_was_typed(
    cora: TestClient, world: World, codes: list[str]
) -> None:
    given = {"application": codes[7], "reason": "Because"}
    refused = cora.post(f"{DESK}/{world.round.code}/award", data=given)
    assert refused.status_code == 422
    assert "Because</textarea>" in refused.text
    assert f'href="#f-reason-award-{world.round.code}"' in refused.text
    assert f'id="f-reason-award-{world.round.code}"' in refused.text
    assert re.search(rf'<option value="{codes[7]}" selected', refused.text)
    done = cora.post(f"{DESK}/{world.round.code}/award", data=given | {"reason": REASON})
    assert done.headers["location"] == f"{DESK}?done=awarded"
    assert "raised" in cora.get(DESK).text


def test_a_reason_is_put_on_record_and_taken_back(cora: TestClient, world: World, codes: list[str]) -> None:
    pot = f"{DESK}/{world.round.code}"
    assert cora.post(f"{pot}/departure", data={"application": codes[0], "reason": "no"}).status_code == 422
    assert cora.post(f"{pot}/departure", data={"application": codes[0], "reason": REASON}).status_code == 303
    assert f'passed over: <span class="muted">{REASON}' in cora.get(DESK).text
    assert cora.post(f"{pot}/departure/{codes[0]}/withdraw").status_code == 303
    assert "passed over:" not in cora.get(DESK).text


def test_a_stale_press_shows_the_page_as_it_stands(cora: TestClient, world: World, codes: list[str]) -> None:
    old = version(cora.get(DESK).text, "decide")
    drawn(cora, world)
    refused = cora.post(f"{DESK}/decide", data={"version": old})
    assert refused.status_code == 409
    assert "Something has changed since you looked" in refused.text
    stale = cora.post(f"{DESK}/withdraw/{codes[0]}", data={"version": "7"})
    assert stale.status_code == 409
    assert cora.post(f"{DESK}/withdraw/{codes[0]}", data={"version": "1"}).status_code == 303


def test_freezing_without_a_reason_asks_for_it_where_it_is_written(
    cora: TestClient, world: World, codes: list[str]
) -> None:
    pot = world.round.code
    assert cora.post(f"{DESK}/decide", data={"version": version(cora.get(DESK).text, "decide")}).text.count(
        "Nothing is awarded yet."
    )
    cora.post(f"{DESK}/{pot}/award", data={"application": codes[1]})
    press = {"version": version(cora.get(DESK).text, "decide")}
    refused = cora.post(f"{DESK}/decide", data=press)
    assert refused.status_code == 422
    said = f"Say in writing why these depart from the order: {codes[0]}."
    assert f'<a href="#f-reason-departure-{pot}">{said}</a>' in refused.text
    assert re.search(rf'<details open>(?:(?!</details>).)*id="f-reason-departure-{pot}"', refused.text, re.S)
    assert re.search(rf'<option value="{codes[0]}" selected', refused.text)
    given = {"application": codes[0], "reason": REASON}
    assert cora.post(f"{DESK}/{pot}/departure", data=given).status_code == 303
    press = {"version": version(cora.get(DESK).text, "decide")}
    assert cora.post(f"{DESK}/decide", data=press).headers["location"] == f"{DESK}?done=decided"


def test_the_decision_is_frozen_and_opened_again(cora: TestClient, world: World, codes: list[str]) -> None:
    text = frozen(cora, world).get(DESK).text
    assert "The decision is frozen" in text
    assert re.search(r"\b[0-9a-f]{64}\b", text)
    assert "Draw the line" not in text
    assert cora.post(f"{DESK}/{world.round.code}/line").status_code == 409
    assert cora.get(f"{DESK}/reopen").status_code == 200
    assert cora.post(f"{DESK}/reopen", data={"reason": "x"}).status_code == 422
    done = cora.post(f"{DESK}/reopen", data={"reason": "A mistake was found"})
    assert done.headers["location"] == f"{DESK}?done=decision_reopened"


def test_the_decision_is_not_opened_again_once_a_winner_is_known(
    cora: TestClient, world: World, codes: list[str]
) -> None:
    link = f'href="{DESK}/reopen"'
    assert cora.get(f"{DESK}/reopen").status_code == 409
    assert link in frozen(cora, world).get(DESK).text
    cora.post(f"/en/desk/2026/stage/{world.round.code}/reveal", data={"version": "0"})
    assert link not in cora.get(DESK).text
    refused = cora.get(f"{DESK}/reopen")
    assert (refused.status_code, "A winner is known already" in refused.text) == (409, True)
    assert cora.post(f"{DESK}/reopen", data={"reason": "x"}).status_code == 409


def test_publishing_is_confirmed_with_counts(cora: TestClient, world: World, codes: list[str]) -> None:
    assert cora.get(f"{DESK}/publish").status_code == 409
    page = frozen(cora, world).get(f"{DESK}/publish").text
    assert re.search(r"<dt>Winners</dt><dd>6</dd>", page)
    assert re.search(r"<dt>Others, not selected</dt><dd>2</dd>", page)
    assert re.search(r"<dt>Letters that will leave</dt><dd>8</dd>", page)
    stale = cora.post(f"{DESK}/publish", data={"version": "1"})
    assert stale.status_code == 409
    assert "Something has changed since you looked" in stale.text
    done = cora.post(f"{DESK}/publish", data={"version": version(page, "publish-now")})
    assert done.headers["location"] == "/en/calls/2026/results?done=published"
    again = cora.post(f"{DESK}/publish", data={"version": version(page, "publish-now")})
    assert (again.status_code, "The results are public already." in again.text) == (409, True)


def test_before_closing_the_page_says_so(client: Client, world: World, clock: Clock) -> None:
    assert "which begins when reviewing is closed" in client("cora").get(DESK).text


def test_strangers_find_nothing(client: Client, world: World, codes: list[str]) -> None:
    pot = world.round.code
    for method, path in (
        ("GET", ""), ("POST", f"/{pot}/line"), ("POST", f"/{pot}/award"), ("POST", f"/{pot}/departure"),
        ("POST", f"/{pot}/departure/{codes[0]}/withdraw"), ("POST", f"/withdraw/{codes[0]}"),
        ("POST", "/decide"), ("GET", "/reopen"), ("POST", "/reopen"), ("GET", "/publish"),
        ("POST", "/publish"),
    ):  # fmt: skip
        assert client().request(method, DESK + path).status_code == 303
        for stranger in ("ada", "rita", "max", "zoe"):
            assert client(stranger).request(method, DESK + path).status_code == 404, (stranger, path)
    cora = client("cora")
    assert cora.post(f"{DESK}/NOTHING/line").status_code == 404
    assert cora.post(f"{DESK}/withdraw/{codes[0]}", data={"version": "1"}).status_code == 404
    assert cora.post(f"{DESK}/decide", data={}).status_code == 422


def test_an_awarded_application_that_withdrew_is_shown_with_its_way_out(
    cora: TestClient, engine: Engine, world: World, codes: list[str]
) -> None:
    """It has left the order, and the freeze waits for it: it must not leave the page as well."""
    drawn(cora, world)
    with session_on(engine) as session, session.begin():
        left = session.exec(select(Application).where(Application.code == codes[0])).one()
        left.status = Status.WITHDRAWN
        session.add(left)
    page = cora.get(DESK).text
    assert "An awarded application has withdrawn" in page
    assert f'id="take-back-{codes[0]}"' in page
    assert cora.post(f"{DESK}/withdraw/{codes[0]}", data={"version": "1"}).status_code == 303
    page = cora.get(DESK).text
    assert "An awarded application has withdrawn" not in page
    assert "5 / 6" in page

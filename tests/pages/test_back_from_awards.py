"""From pending awards back to more reviews, and what is asked before a line is drawn."""

import re

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine

from app.database import session_on
from app.decisions.ahead import closing_ahead
from app.decisions.closing import reopen_reviewing
from tests.conftest import Client, Clock
from tests.decisions.scored import REASON, pot_now, ranked_call
from tests.factories import REVIEWING
from tests.world import World

DESK = "/en/desk/2026"


@pytest.fixture
def codes(engine: Engine, world: World, clock: Clock) -> list[str]:
    """Nine ranked applications, and a seat that is kept for the last."""
    clock.now = REVIEWING
    with session_on(engine) as session, session.begin():
        pot = pot_now(session, world.round.code)
        pot.reserved_places, pot.reserved_for = 1, {"en": "The workshop"}
        session.add(pot)
        session.flush()
        return ranked_call(session, world, 9)


@pytest.fixture
def cora(client: Client, codes: list[str]) -> TestClient:
    return client("cora")


def test_nobody_is_asked_for_a_reason_before_a_line_is_drawn(
    cora: TestClient, world: World, codes: list[str]
) -> None:
    awards = f"{DESK}/awards"
    mark = {"application": codes[8], "belongs": "yes", "reason": "It was at the workshop."}
    assert cora.post(f"{awards}/{world.round.code}/seats", data=mark).status_code == 303
    raised = {"application": codes[7], "reason": REASON}
    assert cora.post(f"{awards}/{world.round.code}/award", data=raised).status_code == 303
    text = cora.get(awards).text
    assert "raised" in text and "needs a written reason" not in text
    assert "without a written reason" not in cora.get(DESK).text
    line = f"{awards}/{world.round.code}/line"
    assert "The line stands at: 6." in cora.get(line).text
    for wished in ("7", "0", "abc"):
        refused = cora.get(f"{line}?count={wished}")
        assert refused.status_code == 422
        assert "Enter a number from 1 to 6." in refused.text and f'value="{wished}"' in refused.text


def test_pending_awards_are_taken_back_at_once_and_what_waits_for_it_says_so(
    cora: TestClient, world: World, codes: list[str], engine: Engine
) -> None:
    assert 'id="awards-first"' not in cora.get(f"{DESK}/ranking").text
    assert cora.post(f"{DESK}/awards/{world.round.code}/line").status_code == 303
    assert 'id="awards-first"' in cora.get(f"{DESK}/ranking").text
    for page in ("extra", "reopen"):
        shut = cora.get(f"{DESK}/ranking/{page}")
        assert shut.status_code == 409
        assert f'href="{DESK}/awards"' in shut.text and "Pending awards: <strong>6</strong>" in shut.text
    text = cora.get(f"{DESK}/awards").text
    seen = re.search(r'name="version" value="(\d+)"><button[^>]*id="take-all-', text)
    assert seen
    back = f"{DESK}/awards/{world.round.code}/back"
    assert cora.post(back, data={"version": str(int(seen[1]) - 1)}).status_code == 409
    done = cora.post(back, data={"version": seen[1]}).headers["location"]
    assert done == f"{DESK}/awards?done=awards_withdrawn&count=6"
    assert "0 / 6" in cora.get(done).text
    assert cora.get(f"{DESK}/ranking/extra").status_code == 200
    # Every team has heard that the scoring is over: nobody hears it again.
    with session_on(engine) as session, session.begin():
        reopen_reviewing(session, world.coordinator(), "A review came late", REVIEWING)
        assert closing_ahead(session, world.coordinator(), REVIEWING).teams == 0

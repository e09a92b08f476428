"""The ranking's pages: closing, the board, missing reviews, opening again."""

import re
from urllib.parse import quote

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine, delete, event

from app.database import session_on
from app.decisions.closing import close_reviewing
from app.decisions.holes import count_holes
from app.models.decisions import MissingReview, RankingEntry
from app.models.reviews import Review, ReviewState
from tests.conftest import Client, Clock
from tests.decisions.scored import scored_call
from tests.factories import REVIEWING
from tests.pages.seen import as_seen
from tests.world import World, make_call

DESK = "/en/desk/2026/ranking"


@pytest.fixture
def codes(engine: Engine, world: World, clock: Clock) -> list[str]:
    """Four scored applications; reviewing is open; the last one has a hole."""
    clock.now = REVIEWING
    with session_on(engine) as session, session.begin():
        make_call(session, "other")
        codes = scored_call(session, world, 4)
        review = session.get(Review, 14)
        assert review
        review.state = ReviewState.DRAFT
        session.add(review)
        return codes


@pytest.fixture
def cora(client: Client, codes: list[str]) -> TestClient:
    return client("cora")


@pytest.fixture
def closed(cora: TestClient) -> TestClient:
    answer = cora.post(f"{DESK}/close", data=as_seen(cora.get(f"{DESK}/close").text))
    assert (answer.status_code, answer.headers["location"]) == (303, f"{DESK}?done=reviewing_closed")
    return cora


def test_before_closing_there_is_no_board_and_no_score(cora: TestClient, codes: list[str]) -> None:
    for address in (DESK, f"{DESK}/table.csv", f"{DESK}/{codes[1]}"):
        answer = cora.get(address)
        assert answer.status_code == 409
        assert "98.4" not in answer.text
        assert not any(code in answer.text for code in codes if code not in address)
        assert "A reason for" not in answer.text


def test_the_board_shows_the_stored_order(closed: TestClient, codes: list[str]) -> None:
    text = closed.get(DESK).text
    assert [text.index(code) for code in codes] == sorted(text.index(code) for code in codes)
    for words in ("Idea 2", "98.4", "4.8", "3 / 4", "1 review is missing and not excused"):
        assert words in text
    assert "98,4" in closed.get("/kk/desk/2026/ranking").text


def test_closing_twice_is_409(closed: TestClient) -> None:
    assert closed.post(f"{DESK}/close").status_code == 409


def test_a_missing_review_is_excused_and_typed_text_is_kept(closed: TestClient, codes: list[str]) -> None:
    name = f"{codes[3]}.AKIM"
    assert name in closed.get(f"{DESK}/holes").text
    refused = closed.post(f"{DESK}/holes", data={name: "too short"})
    assert refused.status_code == 422
    assert "too short</textarea>" in refused.text
    said = "Say in at least 10 characters why this review is missing."
    assert f">{codes[3]} · Akimat of Almaty: {said}</a>" in refused.text
    assert f">{name}" not in refused.text
    done = closed.post(f"{DESK}/holes", data={name: "Rolf was ill all month"})
    assert (done.status_code, done.headers["location"]) == (
        303,
        f"{DESK}/holes?done=holes_excused&count=1",
    )
    assert "Missing reviews excused now: 1." in closed.get(done.headers["location"]).text
    assert "Rolf was ill all month" in closed.get(f"{DESK}/holes").text
    assert "not excused. The decision" not in closed.get(DESK).text
    assert closed.post(f"{DESK}/holes", data={f"{codes[0]}.BC": "No hole is here"}).status_code == 404


def test_an_empty_excuse_is_refused_at_its_box(
    closed: TestClient, codes: list[str], world: World, engine: Engine
) -> None:
    name = f"{codes[3]}.AKIM"
    words = "Nothing was excused: write why at least one of these reviews is missing."
    for given in ({}, {name: ""}, {name: " \n"}, {"nonsense": "A reason for nothing at all"}):
        refused = closed.post(f"{DESK}/holes", data=given)
        assert refused.status_code == 422, given
        assert refused.text.count(words) == 2
        (box,) = re.findall(r'<textarea id="([^"]+)"[^>]*aria-invalid="true"', refused.text)
        assert f'href="#{box}"' in refused.text
    with session_on(engine) as session, session.begin():
        assert count_holes(session, world.coordinator()) == 1
    closed.post(f"{DESK}/holes", data={name: "Rolf was ill all month"})
    again = closed.post(f"{DESK}/holes", data={name: "Rolf was ill all month"})
    assert (again.status_code, again.headers["location"]) == (303, f"{DESK}/holes")


def test_opening_reviewing_again_needs_a_reason(closed: TestClient) -> None:
    assert closed.get(f"{DESK}/reopen").status_code == 200
    refused = closed.post(f"{DESK}/reopen", data={"reason": "late"})
    assert refused.status_code == 422
    assert "late</textarea>" in refused.text
    assert closed.post(f"{DESK}/reopen", data={"reason": "Karl's reviews were late"}).status_code == 303
    assert closed.get(DESK).status_code == 409


def test_reviewing_is_opened_again_only_while_nothing_rests_on_the_order(
    closed: TestClient, world: World, codes: list[str]
) -> None:
    """The link is there exactly while the page behind it answers, and the page while its form is taken."""
    link = f'href="{DESK}/reopen"'
    why = {"reason": ""}
    assert link in closed.get(DESK).text
    assert closed.get(f"{DESK}/reopen").status_code == 200
    assert closed.post(f"{DESK}/reopen", data=why).status_code == 422
    closed.post(f"/en/desk/2026/awards/{world.round.code}/line")
    assert link not in closed.get(DESK).text
    refused = closed.get(f"{DESK}/reopen")
    assert (refused.status_code, "Take the awards back first" in refused.text) == (409, True)
    assert closed.post(f"{DESK}/reopen", data=why).status_code == 409


def test_without_an_order_there_are_no_missing_reviews_to_read(cora: TestClient, codes: list[str]) -> None:
    answer = cora.get(f"{DESK}/holes")
    assert (answer.status_code, "No review is missing." in answer.text) == (409, False)
    assert 'href="/en/desk/2026/ranking"' not in cora.get("/en/desk/2026/awards").text


def test_the_table_is_downloaded(closed: TestClient, codes: list[str]) -> None:
    answer = closed.get(f"{DESK}/table.csv")
    assert answer.headers["content-disposition"] == 'attachment; filename="ranking-2026.csv"'
    assert [line.split(",")[2] for line in answer.text.splitlines()[1:]] == codes


def test_a_row_leads_to_what_the_reviewers_wrote(cora: TestClient, engine: Engine, codes: list[str]) -> None:
    with session_on(engine) as session, session.begin():
        sent, draft = session.get(Review, 13), session.get(Review, 14)
        assert sent and draft
        sent.private_note, draft.private_note = "Ask them <b>who</b> waters.", "A thought of a draft."
        session.add_all([sent, draft])
    cora.post(f"{DESK}/close", data=as_seen(cora.get(f"{DESK}/close").text))
    cora.post(f"{DESK}/holes", data={f"{codes[3]}.AKIM": "Rolf was ill all month"})
    board = cora.get(DESK).text
    assert f'href="{DESK}/{quote(codes[3])}"' in board
    assert board.count("Notes to the coordinator: 1") == 1
    text = cora.get(f"{DESK}/{codes[3]}").text
    for told in (
        "Idea 4", "British Council", "Rita Canaryname", "rita.canary@example.org", "What convinced you?",
        "A reason for need that is long enough", "Ask them &lt;b&gt;who&lt;/b&gt; waters.", "no review",
        "Rolf was ill all month",
    ):  # fmt: skip
        assert told in text, told
    for secret in ("A thought of a draft.", "Rolf Canaryname", "Ada Canaryname"):
        assert secret not in text, secret
    assert cora.get(f"{DESK}/nowhere").status_code == 404


def test_strangers_find_nothing(client: Client, codes: list[str]) -> None:
    for method, path in (
        ("GET", ""), ("GET", "/table.csv"), ("GET", f"/{codes[0]}"), ("POST", "/close"), ("GET", "/reopen"),
        ("POST", "/reopen"), ("GET", "/holes"), ("POST", "/holes"),
    ):  # fmt: skip
        anonymous = client().request(method, DESK + path)
        assert anonymous.status_code == 303
        assert anonymous.headers["location"].startswith("/en/sign-in")
        for stranger in ("ada", "rita", "max", "zoe"):
            assert client(stranger).request(method, DESK + path).status_code == 404
        other = DESK.replace("2026", "other")
        assert client("cora").request(method, other + path).status_code == 404


def test_the_boards_queries_do_not_grow_with_rows(
    engine: Engine, world: World, client: Client, clock: Clock
) -> None:
    clock.now = REVIEWING
    counts = []
    for more in (1, 3):
        with session_on(engine) as session, session.begin():
            world.call.reviewing_closed_at = None
            session.add(world.call)
            session.flush()
            for table in (MissingReview, RankingEntry):
                session.execute(delete(table))
            scored_call(session, world, more)
            close_reviewing(session, world.coordinator(), REVIEWING)
        cora = client("cora")
        cora.get(DESK)
        seen: list[str] = []

        def count(*arguments: object, seen: list[str] = seen) -> None:
            seen.append(str(arguments[2]))

        event.listen(engine, "before_cursor_execute", count)
        assert cora.get(DESK).status_code == 200
        event.remove(engine, "before_cursor_execute", count)
        counts.append(len([each for each in seen if each.lstrip().upper().startswith("SELECT")]))
    assert counts[0] == counts[1] <= 12

"""The ranking's pages: closing, the board, missing reviews, opening again."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine, delete, event, update
from sqlmodel import Session, select

from app.database import session_on
from app.decisions.closing import close_reviewing
from app.decisions.holes import count_holes
from app.models.applications import Application, Status
from app.models.decisions import MissingReview, RankingEntry
from app.models.people import Conflict
from app.models.reviews import Review, ReviewScore, ReviewState, TieGround
from app.pages import ranking_rows
from tests.conftest import Client, Clock
from tests.decisions.crossing import crossing_call, lacking_call
from tests.decisions.scored import scored_call
from tests.factories import REVIEWING
from tests.pages.seen import as_seen
from tests.world import World, key, make_call

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
    for words in (
        "Idea 2", "98.4", "4.8", "3 / 4", "1 review is missing and not excused",
        "Of the 6 applications above the line, about 4 are truly among the best 6",
        "What decides: <strong>Mean of the organisations&#39; means</strong>",
    ):  # fmt: skip
        assert words in text, words
    assert "98,4" in closed.get("/kk/desk/2026/ranking").text


def test_the_board_says_which_places_are_firm_and_which_are_not(
    cora: TestClient, client: Client, engine: Engine, world: World
) -> None:
    """As somebody reads it who never heard of statistics: in words, beside each place and above them all."""
    with session_on(engine) as session, session.begin():
        for row in session.exec(select(Application)):
            row.status, row.counts_number = Status.WITHDRAWN, None
            session.add(row)
        session.flush()
        codes = crossing_call(session, world)
    text = cora.get(DESK).text
    zone = text[text.index('id="the-zone"') : text.index('id="order"')]
    order = text[text.index('id="order"') :]
    rows = {code: order[order.index(f'id="{code}"') :].split("</tr>")[0] for code in codes.values()}
    inside = {code for code, row in rows.items() if "in the zone" in row}
    assert inside and {code for code in rows if f">{code}</a>" in zone} == inside
    assert all("certain" in row for code, row in rows.items() if code not in inside)
    assert any("↓ below" in row for row in rows.values()) and any("↑ above" in row for row in rows.values())
    assert order.count('class="cut"') == 1
    names = list(rows)
    above = order[: order.index('class="cut"')]
    assert sum(f'id="{code}"' in above for code in names) == 3
    for page, words in (
        ("how-firm", "Where each may truly stand"),
        ("methods", "Places that change sides"),
        ("criteria", "Calibrated means by criterion"),
        ("reviewers", "Each dot is one of 4 reviewers"),
        ("record", "Runs on record"),
    ):
        seen = cora.get(f"{DESK}/{page}").text
        assert words in seen, page
        assert (
            page == "record"
            or (seen.count("<svg") > 1 and "The same as a table" in seen)
            or page == "methods"
        )
    firm = cora.get(f"{DESK}/how-firm").text
    # Both lines of the picture are named below it, and the table says of which line it tells.
    legend = firm[firm.index('<ul class="legend">') : firm.index("The same as a table")]
    assert 'class="split"' in legend and "the line between positions" in legend
    assert "the line between true places" in legend and "Chance to be among the best 3" in firm
    told = cora.get(f"{DESK}/{names[0]}").text
    why = told[told.index('id="why-firm"') : told.index('id="scores"')]
    for words in (
        "Chance to be truly among the best 3: ", "With the strictness of its own reviewers",
        "Counted like that, it is most likely", "Eight times out of ten it is",
        "How that score comes about",
        "other reviewers" if "in the zone" in why else "counts as certain",
    ):  # fmt: skip
        assert words in why, words
    everybody = cora.get(f"{DESK}/reviewers").text
    assert world.members["rita"].code in everybody
    assert "Canaryname" not in everybody
    published = client(api=True).get("/api/v1/calls/2026/criteria").json()
    assert published["method_hash"] in text


def test_extra_reviews_are_asked_for_from_the_zone(
    cora: TestClient, engine: Engine, world: World, codes: list[str]
) -> None:
    with session_on(engine) as session, session.begin():
        for row in session.exec(select(Application)):
            row.status, row.counts_number = Status.WITHDRAWN, None
            session.add(row)
        session.flush()
        ours = crossing_call(session, world)
    assert f'href="{DESK}/extra"' in cora.get(DESK).text
    page = cora.get(f"{DESK}/extra").text
    wanted = ours["unlucky"]
    assert "Rolf Canaryname · Akimat of Almaty" in page and "Nobody on the panel is free" in page
    picked = re.findall(r'name="pick" value="([^"]+)" checked', page)
    assert 0 < len(picked) <= 5
    due = str((REVIEWING + timedelta(days=5)).date())
    rolf = {"pick": wanted, wanted: world.members["rolf"].code}
    for given, said in (
        ({"reason": "They cannot be told apart"}, "Pick at least one application."),
        ({**rolf, "reason": "?"}, "Say why, in at least 10 characters."),
        (
            {"pick": wanted, wanted: world.members["rita"].code, "reason": "They cannot be told apart"},
            "is not free",
        ),
    ):
        refused = cora.post(f"{DESK}/extra", data={"due_on": due, **given})
        assert refused.status_code == 422
        assert said in refused.text, said
    done = cora.post(f"{DESK}/extra", data={"due_on": due, **rolf, "reason": "They cannot be told apart"})
    assert (done.status_code, done.headers["location"]) == (303, "/en/desk/2026?done=extra_asked&count=1")
    assert cora.get(f"{DESK}/extra").status_code == 409
    assert "They cannot be told apart" not in cora.get(DESK).text


def test_each_heading_of_the_extra_reviews_is_true_of_each_row_below_it(
    cora: TestClient, engine: Engine, world: World, codes: list[str]
) -> None:
    with session_on(engine) as session, session.begin():
        for row in session.exec(select(Application)):
            row.status, row.counts_number = Status.WITHDRAWN, None
            session.add(row)
        session.flush()
        ours = lacking_call(session, world)
    page = cora.get(f"{DESK}/extra").text
    changing = page[page.index('id="changing"') : page.index("These lack reviews that the call promised")]
    lacking = page[page.index('id="lacking"') : page.index('name="due_on"')]
    assert ours["third"] in lacking and ours["third"] not in changing
    assert "certain out" in lacking and "certain" not in changing
    assert "organisations: 2, promised: 3" in lacking and "British Council" in lacking
    picked = re.findall(r'name="pick" value="([^"]+)" checked', page)
    assert set(picked) == {ours["lucky"], ours["unlucky"]}
    # Whose organisations have all read it says so of itself, and is not picked.
    cards = changing.split("<li class")[1:]
    told = {code for code in ours.values() for card in cards if code in card and "read it already" in card}
    assert told == {ours[each] for each in ("torn", "steady", "first", "fourth")}
    assert 'id="shares"' not in page


def test_what_if_says_what_would_be_and_that_it_decides_nothing(closed: TestClient) -> None:
    page = closed.get(f"{DESK}/what-if").text
    assert "Nothing here is saved, and nothing here decides." in page and "Then it would be so" not in page
    answer = closed.get(
        f"{DESK}/what-if?w.need=100&w.work_plan=0&w.budget=0&w.sustainability=0&method=median"
    )
    assert answer.status_code == 200
    assert "Then it would be so" in answer.text and 'value="100"' in answer.text
    for query in (
        "w.need=-1",
        "w.need=x",
        "w.need=1000",
        "method=magic",
        "reviewer=nobody",
        "organisation=no",
    ):
        refused = closed.get(f"{DESK}/what-if?{query}")
        assert (refused.status_code, "There is a problem" in refused.text) == (422, True), query


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
    assert (refused.status_code, "take them back first" in refused.text) == (409, True)
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
    assert f'href="{DESK}/{codes[3]}"' in board
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
        ("GET", "/how-firm"), ("GET", "/methods"), ("GET", "/criteria"), ("GET", "/reviewers"),
        ("GET", "/record"), ("GET", "/what-if"), ("GET", "/extra"), ("POST", "/extra"),
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


def test_what_is_laid_out_once_is_never_older_than_the_order_nor_another_readers(
    closed: TestClient, client: Client, engine: Engine, world: World, codes: list[str], clock: Clock
) -> None:
    """Whoever reads the same again gets the markup that is there; whatever differs makes another one."""

    def order(path: str = DESK, reader: TestClient = closed) -> str:
        text = reader.get(path).text
        return text[text.index('<table class="compact board">') :].partition("</table>")[0]

    def done(act: Callable[[Session], object]) -> None:
        with session_on(engine) as session, session.begin():
            act(session)

    first = order()
    kept = set(ranking_rows._kept)
    assert order() == first and set(ranking_rows._kept) == kept
    assert "98,4" in order("/ru/desk/2026/ranking") and "98.4" not in order("/ru/desk/2026/ranking")
    assert "withdrawn" not in first
    done(lambda session: _find(session, codes[0], lambda one: setattr(one, "status", Status.WITHDRAWN)))
    assert order().count("withdrawn") == 1
    done(lambda session: _find(session, codes[0], lambda one: setattr(one, "status", Status.IN_REVIEW)))
    assert order() == first
    done(lambda session: _line(session, codes[1], "A title that was erased"))
    assert "A title that was erased" in order() and "Idea 2" not in order()
    # Whoever has a tie with one of them finds no trace of it, though all of it is kept here.
    done(lambda session: session.add(_tie(world, session, codes[1])))
    hidden = order()
    assert "A title that was erased" not in hidden and codes[1] not in hidden
    assert all(code in hidden for code in codes if code != codes[1])
    done(lambda session: session.execute(delete(Conflict)))
    assert codes[1] in order()
    # Another closing stores another order.
    closed.post(f"{DESK}/reopen", data={"reason": "One review was late"})
    done(lambda session: session.execute(update(ReviewScore).values(score=3)))
    closed.post(f"{DESK}/close", data=as_seen(closed.get(f"{DESK}/close").text))
    assert "98.4" not in order() and order().count("50.0") >= 4


def _find(session: Session, code: str, act: Callable[[Application], object]) -> None:
    act(session.exec(select(Application).where(Application.code == code)).one())


def _line(session: Session, code: str, title: str) -> None:
    application = session.exec(select(Application.id).where(Application.code == code)).one()
    line = session.get_one(RankingEntry, application)
    line.shown = {**line.shown, "title": title}


def _tie(world: World, session: Session, code: str) -> Conflict:
    cora = key(world.people["cora"])
    return Conflict(
        call_id=key(world.call),
        application_id=key(session.exec(select(Application).where(Application.code == code)).one()),
        person_id=cora,
        ground=TieGround.DECLARED,
        stands=True,
        reason="My sister's",
        decided_by=cora,
        decided_at=REVIEWING,
    )

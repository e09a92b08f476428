"""The pages of the line, the awards, the freeze and the publication."""

import re
from urllib.parse import quote

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine
from sqlmodel import select

from app.database import session_on
from app.decisions.closing import close_reviewing
from app.models.applications import Application, Status
from app.models.calls import AwardRound
from app.models.people import Conflict
from app.models.reviews import TieGround
from app.scoring.shares import Split
from tests.conftest import Client, Clock
from tests.decisions.crossing import crossing_call
from tests.decisions.scored import (
    PLACE,
    REASON,
    excused,
    one_review_left,
    ranked_call,
    refs_of,
    resize,
    scored_call,
    second_round,
)
from tests.decisions.test_meeting import second
from tests.decisions.test_reserve import ENDS, back, published
from tests.factories import KNOWN, REVIEWING
from tests.world import World, texts

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
        rf'name="version" value="(\d+)">(?:(?!</form>).)*<button[^>]*id="{button}"', page, re.DOTALL
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
    done = cora.post(
        f"{DESK}/decide", data={"version": version(cora.get(DESK).text, "decide"), "known": KNOWN}
    )
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
    press = {"version": version(cora.get(DESK).text, "decide"), "known": KNOWN}
    assert "Nothing is awarded yet." in cora.post(f"{DESK}/decide", data=press).text
    cora.post(f"{DESK}/{pot}/award", data={"application": codes[1]})
    press = {"version": version(cora.get(DESK).text, "decide"), "known": KNOWN}
    refused = cora.post(f"{DESK}/decide", data=press)
    assert refused.status_code == 422
    said = f"Say in writing why these depart from the order: {codes[0]}."
    assert f'<a href="#f-reason-departure-{pot}">{said}</a>' in refused.text
    assert re.search(rf'<details open>(?:(?!</details>).)*id="f-reason-departure-{pot}"', refused.text, re.S)
    assert re.search(rf'<option value="{codes[0]}" selected', refused.text)
    given = {"application": codes[0], "reason": REASON}
    assert cora.post(f"{DESK}/{pot}/departure", data=given).status_code == 303
    press = {"version": version(cora.get(DESK).text, "decide"), "known": KNOWN}
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
    given = {"version": version(page, "publish-now"), "reason": "There is nobody else in this town."}
    unsaid = cora.post(f"{DESK}/publish", data=given | {"reason": ""})
    assert (unsaid.status_code, 'id="f-reason-error"' in unsaid.text) == (422, True)
    done = cora.post(f"{DESK}/publish", data=given)
    assert done.headers["location"] == "/en/desk/2026/letters?done=published"
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


@pytest.fixture
def ruled(engine: Engine, world: World, clock: Clock) -> list[str]:
    """Ten ranked applications of a round with the rule of 13 April 2019."""
    clock.now = REVIEWING
    with session_on(engine) as session, session.begin():
        pot = session.exec(select(AwardRound).where(AwardRound.code == world.round.code)).one()
        pot.places, pot.least_places, pot.split = 12, 6, Split.EQUAL
        pot.reserved_places, pot.reserved_for = 1, texts("members of the workshop")
        pot.threshold = 20
        session.add(pot)
        session.flush()
        return ranked_call(session, world, 10)


def test_a_line_is_moved_looked_at_and_then_awarded(client: Client, world: World, ruled: list[str]) -> None:
    cora, address = client("cora"), f"{DESK}/{world.round.code}/line"
    desk = cora.get(DESK).text
    assert "Awards: at least 6, at most 12." in desk
    assert "The winners share the money equally; each gets at most €5,000." in desk
    assert "Reserved seats: 1, for: members of the workshop." in desk
    page = cora.get(address, params={"count": "8"}).text
    assert "<p>Awards: 8. Each gets €3,750.</p>" in page
    assert f"<p>Enters: {ruled[6]} Idea 7; {ruled[7]} Idea 8.</p>" in page
    assert page.count("<strong>€3,750</strong>") == 8
    assert "The same applications win." in page
    # The chance is told at the line that is looked at, and no winner of it is called certain out.
    assert "Chance to be truly among the best 8" in page and "certain out" not in page
    assert "Chance to be truly among the best 7" in cora.get(address, params={"count": "7"}).text
    assert "awarded ·" not in cora.get(DESK).text
    for odd in ("x", "-1", "99999", "٣"):
        assert "<p>Awards: 6. Each gets €5,000.</p>" in cora.get(address, params={"count": odd}).text
    seen = {"count": "8", "version": version(page, "award-line")}
    assert cora.post(address, data=seen | {"count": "5"}).text.count("Enter a number from 6 to 12.") == 2
    done = cora.post(address, data=seen).headers["location"]
    assert done == f"{DESK}?done=line_drawn&count=8"
    assert cora.get(DESK).text.count("awarded · €3,750") == 8
    stale = cora.post(address, data=seen | {"count": "7"})
    assert (stale.status_code, "Something has changed since you looked" in stale.text) == (409, True)
    assert "Each gets €4,285.71" not in stale.text


def test_who_belongs_is_marked_with_a_reason(client: Client, world: World, ruled: list[str]) -> None:
    cora, address = client("cora"), f"{DESK}/{world.round.code}/seats"
    assert "Nobody belongs yet" in cora.get(address).text
    mark = {"application": ruled[8], "belongs": "yes", "reason": "The list of the workshop has them."}
    short = cora.post(address, data=mark | {"reason": "So."})
    assert (short.status_code, "So.</textarea>" in short.text) == (422, True)
    assert cora.post(address, data=mark).headers["location"] == f"{address}?done=seat_marked"
    assert mark["reason"] in cora.get(address).text
    assert "reserved seat" in cora.get(f"{DESK}/{world.round.code}/line").text
    assert cora.post(f"{address}/{ruled[8]}/withdraw").status_code == 303
    assert "Nobody belongs yet" in cora.get(address).text


def test_the_next_of_the_list_comes_up_by_one_press_that_was_confirmed(
    client: Client, engine: Engine, world: World, clock: Clock
) -> None:
    clock.now = REVIEWING
    with session_on(engine) as session, session.begin():
        codes = published(session, world)
    cora, pot = client("cora"), f"{DESK}/{world.round.code}"
    assert f'href="{pot}/returns/{quote(codes[0])}"' in cora.get(DESK).text
    assert "No award was given back" in cora.get(f"{pot}/promote").text
    address = f"{pot}/returns/{codes[0]}"
    assert "€5,000" in cora.get(address).text
    seen = {"version": "1"}
    short = cora.post(address, data=seen | {"reason": "No."})
    assert (short.status_code, "No.</textarea>" in short.text) == (422, True)
    why = {"reason": "The team moves to another city."}
    assert cora.post(address, data=why | {"version": "9"}).status_code == 409
    done = cora.post(address, data=seen | why).headers["location"]
    assert done == f"{DESK}?done=award_given_back"
    page = cora.get(done).text
    assert f"Promote the next: {codes[3]}" in page
    assert "Given back" in page
    asks = cora.get(f"{pot}/promote").text
    found = re.search(r'name="version" value="(\d+)"', asks)
    assert found and f"{codes[3]}</span> Idea 4" in asks
    other = {"version": found[1], "application": codes[4], "reason": "So."}
    refused = cora.post(f"{pot}/promote", data=other)
    assert (refused.status_code, "<details open>" in refused.text) == (422, True)
    assert cora.post(f"{pot}/promote", data={"version": "1"}).status_code == 409
    risen = cora.post(f"{pot}/promote", data={"version": found[1], "application": "", "reason": ""})
    assert risen.headers["location"] == f"{DESK}?done=promoted"
    shown = client().get("/en/calls/2026/results").text
    assert ("From the reserve list" in shown, "Gave the award back" in shown) == (True, True)
    assert cora.get(f"{DESK}/table.csv").text.count("promoted") == 1
    clock.now = ENDS
    assert "The reserve list has ended" in cora.get(f"{pot}/promote").text
    late = cora.post(f"{pot}/promote", data={"version": "1"})
    assert late.status_code == 409


def test_out_of_turn_one_coordinator_asks_and_another_promotes(
    client: Client, engine: Engine, world: World, clock: Clock
) -> None:
    clock.now = REVIEWING
    with session_on(engine) as session, session.begin():
        codes = published(session, world)
        back(session, world, codes[0])
        second(session, world)
    cora, max_, page = client("cora"), client("max"), f"{DESK}/{world.round.code}/promote"
    asks = cora.get(page).text
    assert "Another coordinator reads the reason and confirms it" in asks
    found = re.search(r'name="version" value="(\d+)"', asks)
    assert found
    other = {"version": found[1], "application": codes[4], "reason": REASON}
    assert cora.post(page, data=other).headers["location"] == f"{page}?done=promotion_asked"
    for browser, words in ((max_, "that wait for you as the second person: 1"), (cora, "a second person: 1")):
        (todo,) = re.findall(r'href="([^"]*)"[^>]*>[^<]*out of turn[^<]*', browser.get("/en/desk/2026").text)
        assert todo == page
        assert words in browser.get("/en/desk/2026").text
    waits = cora.get(page).text
    assert (REASON in waits, "promote it" in waits, "Take it back" in waits) == (True, False, True)
    assert f'promote#out-of-turn-{codes[4]}"' in max_.get(DESK).text
    seen = re.search(r'name="decided_at" value="([^"]+)"', max_.get(page).text)
    assert seen
    press = {"application": codes[4], "decided_at": seen[1], "_action": "confirm"}
    mine = cora.post(f"{page}/confirm", data=press)
    assert (mine.status_code, "Nobody came up" in mine.text) == (409, True)
    late = max_.post(f"{page}/confirm", data=press | {"decided_at": "yesterday"})
    assert (late.status_code, "Something has changed" in late.text) == (409, True)
    assert max_.post(f"{page}/confirm", data=press).headers["location"] == f"{DESK}?done=promoted"
    assert REASON in max_.get(DESK).text


def test_a_winner_gives_the_award_back_on_a_page_of_its_own(
    client: Client, engine: Engine, world: World, clock: Clock
) -> None:
    clock.now = REVIEWING
    with session_on(engine) as session, session.begin():
        published(session, world)
        refs = refs_of(session)
    ada, won, lost = client("ada"), refs["Idea 1"], refs["Idea 7"]
    page = f"/en/my/{won}/award-return"
    assert f'href="{page}"' in ada.get(f"/en/my/{won}/result").text
    assert "award-return" not in ada.get(f"/en/my/{lost}/result").text
    assert ada.get(f"/en/my/{lost}/award-return").status_code == 404
    asked = ada.get(page).text
    assert ("€5,000" in asked, "The award is free for the next on the reserve list" in asked) == (True, True)
    short = ada.post(page, data={"version": "1", "reason": "No."})
    assert (short.status_code, "No.</textarea>" in short.text) == (422, True)
    why = {"reason": "The team moves to another city."}
    assert ada.post(page, data=why | {"version": "9"}).status_code == 409
    done = ada.post(page, data=why | {"version": "1"})
    assert done.headers["location"] == f"/en/my/{won}/result?done=own_award_given_back"
    assert "award-return" not in ada.get(f"/en/my/{won}/result").text
    assert why["reason"] in client("cora").get(DESK).text


def test_who_coordinates_alone_reads_before_the_press_that_nobody_confirms(
    cora: TestClient, world: World, codes: list[str], engine: Engine
) -> None:
    page = cora.get(DESK).text
    for form in ("award", "departure"):
        said = page[page.index(f'id="confirms-{form}-{world.round.code}"') :].split("</p>")[0]
        assert "nobody will confirm a departure from the order" in said
        assert "in the protocol, and in the public ledger" in said
    with session_on(engine) as session, session.begin():
        second(session, world)
    page = cora.get(DESK).text
    assert "nobody will confirm" not in page
    assert "holds when another coordinator has confirmed" in page
    # The other one has a tie to the last: of it nobody else could.
    with session_on(engine) as session, session.begin():
        last = session.exec(select(Application).where(Application.code == codes[7])).one()
        session.add(
            Conflict(
                call_id=world.call.id or 0, person_id=world.people["max"].id or 0,
                application_id=last.id or 0, ground=TieGround.DECLARED, stands=True,
                reason="My sister's", decided_by=world.people["max"].id or 0, decided_at=REVIEWING,
            )
        )  # fmt: skip
    said = cora.get(DESK).text.split(f'id="confirms-award-{world.round.code}"')[1].split("</p>")[0]
    assert "nobody else could" in said and re.findall(r'class="code">([^<]+)<', said) == [codes[7]]


def test_freezing_warns_of_cases_that_the_panel_has_not_decided_and_does_not_wait(
    client: Client, engine: Engine, world: World, clock: Clock
) -> None:
    clock.now = REVIEWING
    with session_on(engine) as session, session.begin():
        crossing_call(session, world)
    cora = client("cora")
    meeting = cora.get("/en/desk/2026/panel-meeting").text
    done, total = re.findall(r"Cases decided: (\d+) / (\d+)", meeting)[0]
    assert (int(done), int(total) > 0) == (0, True)
    page = cora.get(DESK).text
    assert f"Cases on the agenda without a decision: {total} of {total}." in page
    cora.post(f"{DESK}/{world.round.code}/line")
    seen = version(cora.get(DESK).text, "decide")
    answer = cora.post(f"{DESK}/decide", data={"version": seen, "known": KNOWN})
    assert answer.headers["location"] == f"{DESK}?done=decided"


def test_what_rests_on_one_review_says_so_at_the_line_and_is_not_awarded(
    client: Client, engine: Engine, world: World, clock: Clock
) -> None:
    clock.now = REVIEWING
    with session_on(engine) as session, session.begin():
        codes = scored_call(session, world, 6)
        one_review_left(session, codes[0])
        close_reviewing(session, world.coordinator(), REVIEWING)
        excused(session, world)
    cora = client("cora")
    page = cora.get(DESK).text
    row = page[page.index(f">{codes[0]}</a>") :].split("</tr>")[0]
    assert "needs one more review" in row and page.count("needs one more review") == 1
    for address, given in (
        (f"{DESK}/{world.round.code}/line", {}),
        (f"{DESK}/{world.round.code}/award", {"application": codes[0], "reason": REASON}),
    ):
        answer = cora.post(address, data=given)
        assert answer.status_code == 409
        assert f"Needs one more review: {codes[0]}." in answer.text

"""The warning on the pages: beside its answer, in both views, left and undone; then the desk's alone."""

import html
import re

from sqlalchemy import Engine, delete
from sqlmodel import select

from app.database import session_on
from app.models.applications import Application
from app.models.people import SentLeak
from app.reviews.opening import open_reviewing
from tests.applications.steps import begin, write
from tests.applications.test_leaking import NAMED
from tests.conftest import Client, Clock
from tests.factories import REVIEWING, make_assignment
from tests.world import World

API = "/api/v1"
LEFT = "Left as it is: the coordinator covers it before reviewers read."


def begun(engine: Engine, world: World) -> str:
    with session_on(engine) as session, session.begin():
        ref = begin(session, world.applicant())
        write(session, world.applicant(), ref, NAMED)
        return ref


def warnings(page: str) -> list[str]:
    """Each warning beside an answer, without its tags."""
    found = re.findall(r'<div class="leak.*?</div>', page, re.S)
    return [" ".join(html.unescape(re.sub(r"<[^>]+>", " ", each)).split()) for each in found]


def codes(page: str) -> list[str]:
    return re.findall(r'name="code" value="([^"]+)"', page)


def test_warning_stands_beside_its_answer_and_is_left_or_undone(
    client: Client, engine: Engine, world: World
) -> None:
    ref = begun(engine, world)
    ada, address = client("ada"), f"/en/apply/{ref}/check"
    page = ada.get(address).text
    assert "<mark>Ada Canaryname</mark> leads, <mark>8 701 234 56 78</mark>." in page
    assert "<mark>Bota Canarymember</mark>" in page and "<mark>ada.canary@example.org</mark>" in page
    said = warnings(page)
    assert [each.split(" Change it")[0] for each in said] == [
        "An e-mail address appears here. Marked: «ada.canary@example.org»",
        "The name of somebody in your team appears here. Marked: «Bota Canarymember»",
        "Your name appears here. Marked: «Ada Canaryname»",
        "A phone number appears here. Marked: «8 701 234 56 78»",
    ]
    assert f"/en/apply/{ref}/work_plan/activities?back=check#f-activities-a1-lead" in page
    assert page.count("Leave it: the coordinator covers it") == 4
    assert "the coordinator covers what is left before they read it" in page
    listed = page.split('id="leaks"')[1].split("</ul>")[0]
    assert "Activity 1: Who leads" in listed and listed.count('href="#leak-') == 4
    for target in re.findall(r'href="#(leak-[^"]+)"', listed):
        assert f'id="{target}"' in page

    left = ada.post(f"{address}/leaks", data={"code": codes(page)[2], "_action": "leave"})
    pressed = f"leak-{codes(page)[2][:12]}"
    assert (left.status_code, left.headers["location"]) == (303, f"{address}?done=leak_left#{pressed}")
    page = ada.get(address).text
    assert f'id="{pressed}" tabindex="-1"' in page, "the very warning, which takes the focus"
    assert warnings(page)[2].startswith("Your name appears here. Marked: «Ada Canaryname» " + LEFT)
    assert page.split('id="leaks"')[1].split("</ul>")[0].count('href="#leak-') == 3

    blind = ada.get(f"{address}/reviewers").text
    assert len(warnings(blind)) == 4 and "<mark>Ada Canaryname</mark>" in blind
    undone = ada.post(f"{address}/leaks?view=reviewers", data={"code": codes(blind)[2], "_action": "undo"})
    assert undone.headers["location"] == f"{address}/reviewers?done=leak_kept#{pressed}"
    assert LEFT not in ada.get(address).text

    gone = ada.post(f"{address}/leaks", data={"code": "nothing"})
    assert gone.status_code == 409 and "This text was changed meanwhile" in gone.text
    assert client("ben").post(f"{address}/leaks", data={"code": codes(page)[0]}).status_code == 404
    assert "mark>" not in ada.get(f"/en/apply/{ref}/copy").text, "the copy is for reading"


def test_desk_sees_what_was_left_and_reviewers_see_nothing_of_it(
    client: Client, engine: Engine, clock: Clock, world: World
) -> None:
    ref = begun(engine, world)
    ada, address = client("ada"), f"/en/apply/{ref}/check"
    ada.post(f"{address}/leaks", data={"code": codes(ada.get(address).text)[2], "_action": "leave"})
    declared = dict.fromkeys(("truth", "no_conflict", "no_double_funding", "controls"), "true")
    sent = ada.post(f"/en/apply/{ref}/send", data={"number": "1", "name": "Ada", **declared})
    assert sent.status_code == 303, "nothing of it keeps one from sending"
    desk = client("cora").get(f"/en/desk/2026/applications/{ref}").text
    listed = re.sub(r"<[^>]+>", " ", desk.split('id="leaks"')[1].split("</section>")[0])
    for words in (
        "4 places may give the applicant away",
        "«Bota Canarymember»",
        "Work plan: what and when — Activity 1: Who leads",
        "left to you to cover",
    ):
        assert words in listed
    assert listed.count("left to you to cover") == 1
    identity = client("cora", api=True).get(f"{API}/calls/2026/applications/{ref}/identity").json()
    assert [(each["kind"], each["left"]) for each in identity["leaks"]] == [
        ("email", False), ("team_name", False), ("own_name", True), ("phone", False),
    ]  # fmt: skip

    clock.now = REVIEWING
    cora = client("cora")
    assert cora.post("/en/desk/2026/reviewing").status_code == 409, "reviewers wait until it is cleared"
    queue = f"/en/desk/2026/redaction/{ref}"
    asked = cora.get(queue).text
    pressed = dict.fromkeys(re.findall(r'name="(how\.[^"]+)" value="covered"', asked), "covered")
    pressed |= dict(
        re.findall(r'<textarea id="[^"]+" name="(words\.[^"]+)"[^>]*>\n([^<]*)</textarea>', asked)
    )
    undecided = cora.post(queue, data={"number": "1", "version": "0", "_action": "clear"})
    assert (undecided.status_code, undecided.text.count('class="emsg"')) == (
        422,
        asked.count('value="covered"'),
    )
    assert (
        cora.post(queue, data={**pressed, "number": "1", "version": "0", "_action": "clear"}).status_code
        == 303
    )
    with session_on(engine) as session, session.begin():
        open_reviewing(session, world.coordinator(), REVIEWING)
        application = session.exec(select(Application)).one()
        make_assignment(session, world, application, "rita")
        code = application.code
    rita = client("rita")
    addresses = (f"/en/review/2026/{code}", "/en/review/2026")
    before = [rita.get(each).text for each in addresses]
    assert "▇▇▇ leads" in before[0]
    assert "canary" not in before[0].lower()
    with session_on(engine) as session, session.begin():
        session.execute(delete(SentLeak))
    assert [rita.get(each).text for each in addresses] == before


def test_program_lists_and_leaves(client: Client, engine: Engine, world: World) -> None:
    ref = begun(engine, world)
    ada, address = client("ada", api=True), f"{API}/applications/{ref}/leaks"
    items = ada.get(address).json()["items"]
    assert [(each["kind"], each["field"], each["left"]) for each in items][2] == (
        "own_name",
        "strengths",
        False,
    )
    answer = ada.put(f"{address}/{items[2]['code']}", json={"left": True})
    assert (answer.status_code, answer.json()["left"]) == (200, True)
    assert ada.get(f"{address}?limit=1&offset=2").json()["items"] == [answer.json()]
    assert ada.put(f"{address}/none", json={"left": True}).status_code == 409
    assert client("ben", api=True).get(address).status_code == 404

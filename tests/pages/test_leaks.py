"""The warning on the pages: beside its answer, in both views, left and undone; then the desk's alone."""

import html
import re

from sqlalchemy import Engine, delete
from sqlmodel import select

from app.applications.actions import take_back
from app.applications.actions.redacting import (
    DecisionsInput,
    TextDecision,
    clear_application,
    decide_redaction,
)
from app.applications.coverings import FileHow, TextHow
from app.database import session_on
from app.models.applications import Application, Draft
from app.models.people import SentLeak
from app.reviews.opening import open_reviewing
from tests.applications.steps import begin, send, write
from tests.applications.test_leaking import NAMED, keep_file
from tests.conftest import Client, Clock
from tests.factories import REVIEWING, make_assignment
from tests.world import NOW, World

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


def without_warnings(page: str) -> str:
    return re.sub(r'<div class="leak.*?</div>', "", page, flags=re.S)


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
    # As reviewers will see it, it is covered: only the warnings still say what was found.
    blind = ada.get(f"{address}/reviewers").text
    assert "<mark>▇▇▇</mark> leads, <mark>▇▇▇</mark>." in blind
    assert "▇▇▇ stands where a coordinator covers" in blind
    assert warnings(blind)[2].startswith("Your name appears here. Marked: «Ada Canaryname»")
    outside = without_warnings(blind)
    for word in ("Ada Canaryname", "8 701 234 56 78", "Bota Canarymember", "ada.canary@example.org"):
        assert word not in outside, word
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
    assert len(warnings(blind)) == 4
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
    # An answer of which nothing is left: clearing asks once, and reviewers read that it was left out.
    place = "work_plan.strengths"
    emptied = {f"how.{place}": "edited", f"words.{place}": "", "number": "1", "version": "1"}
    cora.post(queue, data=emptied | {"_action": "save"})
    version = re.search(r'name="version" value="(\d+)"', cora.get(queue).text)
    assert version is not None and "Leave this answer out" in cora.get(queue).text
    emptied |= {"version": version[1], "_action": "clear"}
    before_ = rita.get(f"/en/review/2026/{code}").text
    asked_once = cora.post(queue, data=emptied)
    assert asked_once.status_code == 422
    assert asked_once.text.count("Nothing is left of this answer.") == 2, "at the field and in the summary"
    assert rita.get(f"/en/review/2026/{code}").text == before_
    assert cora.post(queue, data=emptied | {f"leave_out.{place}": "yes"}).status_code == 303
    read = rita.get(f"/en/review/2026/{code}").text
    assert "▇▇▇ The coordinator has left this answer out." in read and "Why can your team do this" in read
    addresses = (f"/en/review/2026/{code}", "/en/review/2026")
    before = [rita.get(each).text for each in addresses]
    assert "▇▇▇ leads" in before_
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


def test_reviewers_view_shows_what_was_decided_and_proposals_for_the_rest(
    client: Client, engine: Engine, world: World, clock: Clock
) -> None:
    ref = begun(engine, world)
    with session_on(engine) as session, session.begin():
        keep_file(session, world, ref, "The plan of Ada Canaryname", "Nothing to be found.")
    ada, seen = client("ada"), f"/en/apply/{ref}/check/reviewers"
    page = without_warnings(ada.get(seen).text)
    assert "The plan of ▇▇▇" in page and "Ada Canaryname" not in page
    assert "A coordinator has looked" not in page
    assert ", 1 kB" not in page, "reviewers get no size, by which a file could be known again"
    with session_on(engine) as session, session.begin():
        send(session, world.applicant(), ref)
        number = 1
        decided: dict[str, TextDecision | None] = {
            "work_plan.strengths": TextDecision(how=TextHow.EDITED, text="One of us leads."),
            "work_plan.activities.a1.lead": TextDecision(how=TextHow.KEPT),
            "need.sources.q1.shows": TextDecision(how=TextHow.COVERED),
            "files.1.title": TextDecision(how=TextHow.EDITED, text="A drawing of the plan"),
        }
        given = DecisionsInput(number=number, texts=decided, files={1: FileHow.CLEARED})
        cora = world.coordinator()
        version = decide_redaction(session, cora, ref, given, 0, NOW)
    assert "One of us leads." not in ada.get(seen).text, (
        "not cleared yet, so it is nothing that reviewers read"
    )
    with session_on(engine) as session, session.begin():
        clear_application(session, cora, ref, number=number, seen=version, now=NOW)
    page = ada.get(seen).text
    for words in ("A coordinator has looked", "One of us leads.", "Bota Canarymember", "See ▇▇▇"):
        assert words in page
    assert "A drawing of the plan" in page
    assert (warnings(page), "Ada Canaryname" in page) == ([], False)
    with session_on(engine) as session, session.begin():
        given = DecisionsInput(number=number, texts={}, files={1: FileHow.DROPPED})
        version = decide_redaction(session, cora, ref, given, version, NOW)
        clear_application(session, cora, ref, number=number, seen=version, now=NOW)
        take_back(session, world.applicant(), ref, NOW)
    page = ada.get(seen).text
    assert "Reviewers do not get this file" in page
    # What was changed since then is not decided: it is proposed again, and the rest stays as it was.
    with session_on(engine) as session, session.begin():
        row = session.exec(select(Draft).where(Draft.section == "work_plan")).one()
        row.data = {**row.data, "strengths": "Ada Canaryname leads all of it."}
        session.add(row)
    page = ada.get(seen).text
    assert "<mark>▇▇▇</mark> leads all of it." in page and "Bota Canarymember" in page
    assert len(warnings(page)) == 1

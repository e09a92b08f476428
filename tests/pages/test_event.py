"""The evening at the desk, on a finalist's phone, for the audience, and for whoever asks a question."""

import io
import json
import re
import zipfile
from datetime import timedelta

import pypdfium2
import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine
from sqlmodel import select

from app.database import session_on
from app.events.jury import JurorInput, add_juror
from app.jobs.worker import send_due
from app.models.applications import Application
from app.models.audit import AuditEntry
from app.models.events import Event, Finalist, FinalistState, PitchCard
from app.models.people import Attendee, DevelopmentMail, Identity, PitchSlides
from app.settings import Settings
from tests.conftest import Client, Clock
from tests.decisions.scored import ranked_call
from tests.events.evening import EVENING, announced, named, with_final
from tests.factories import REVIEWING, count_of
from tests.files.made import marked_pdf
from tests.world import World


@pytest.fixture
def hub(world: World, clock: Clock) -> str:
    clock.now = REVIEWING
    return f"/en/desk/2026/event/{world.round.code}"


def version(page: str) -> str:
    found = re.search(r'name="version" value="(\d+)"', page)
    assert found
    return found[1]


def test_a_coordinator_prepares_the_evening_from_the_set_up_to_the_announcement(
    client: Client, engine: Engine, world: World, hub: str
) -> None:
    with session_on(engine) as session, session.begin():
        with_final(session, world, 3)
        codes = ranked_call(session, world, 5)
    cora = client("cora")
    assert "Say where and when the evening is" in cora.get(hub).text
    given = {
        "version": "0", "starts_day": "2026-04-13", "starts_time": "15:00", "place.en": "Great hall",
        "pitch_minutes": "5", "question_minutes": "2", "compare_minutes": "10", "capacity": "2",
        "answer_hours": "48",
    }  # fmt: skip
    assert (
        "Enter the day" in cora.post(f"{hub}/setup", data=given | {"starts_day": "", "starts_time": ""}).text
    )
    assert cora.post(f"{hub}/setup", data=given | {"stream_url": "ftp://x"}).status_code == 422
    assert cora.post(f"{hub}/setup", data=given).status_code == 303
    assert cora.post(f"{hub}/setup", data=given).status_code == 409
    page = cora.get(hub).text
    assert "Great hall" in page
    assert "13 April 2026" in page
    # The call had promised another day: the coordinator reads it, everybody reads the one that is set up.
    assert re.search(r"Promised with the call</dt><dd[^>]*>2 May 2026", page)
    public = f"/en/calls/2026/event/{world.round.code}"
    for path in ("/en/calls/2026", "/en/"):
        told = client().get(path).text
        assert public in told and "13 April 2026" in told and "2 May 2026" not in told, path
    assert "DTSTART:20260413T" in client().get("/en/calls/2026/dates.ics").text
    live = f"/en/live/{world.round.code}"
    assert live in client().get(public).text and public in client().get(live).text
    reason = "Its place is needed for the only school that applied."
    departed = cora.post(f"{hub}/departing", data={"application": codes[0], "raised": "no", "reason": reason})
    assert departed.status_code == 303
    assert cora.post(f"{hub}/name", data={"version": version(page)}).status_code == 303
    page = cora.get(hub).text
    assert codes[0] not in page.split('id="finalists"')[1].split("</table>")[0]
    asked = cora.get(f"{hub}?no={codes[1]}").text
    assert "This team does not come?" in asked and asked.count('value="declined"') == 1
    for code in codes[1:4]:
        said = {"application": code, "state": "confirmed", "version": "1"}
        assert cora.post(f"{hub}/answer", data=said).status_code == 303
    page = cora.get(hub).text
    assert (
        cora.post(f"{hub}/announce", data={"version": version(cora.get(f"{hub}/setup").text)}).status_code
        == 409
    )
    seen = version(cora.get(f"{hub}/setup").text)
    assert cora.post(f"{hub}/draw", data={"version": seen}).status_code == 303
    seen = version(cora.get(f"{hub}/setup").text)
    assert cora.post(f"{hub}/announce", data={"version": seen}).status_code == 303
    assert "The finalists are announced" in cora.get(hub).text
    public = client().get(f"/en/calls/2026/event/{world.round.code}").text
    assert [title for title in ("Idea 2", "Idea 3", "Idea 4") if title in public] == [
        "Idea 2",
        "Idea 3",
        "Idea 4",
    ]
    assert "Idea 1" not in public
    assert "Idea 5" not in public


def test_nothing_of_finalists_is_public_before_they_are_announced(
    client: Client, engine: Engine, world: World, hub: str
) -> None:
    with session_on(engine) as session, session.begin():
        named(session, world, 3, 2)
    page = client().get(f"/en/calls/2026/event/{world.round.code}")
    assert page.status_code == 200
    assert "Idea" not in page.text


def test_a_finalist_answers_prepares_and_sends_slides_from_a_phone(
    client: Client, engine: Engine, world: World, hub: str, clock: Clock
) -> None:
    with session_on(engine) as session, session.begin():
        codes = named(session, world, 3, 1)
        ref = session.exec(select(Application.ref).where(Application.code == codes[0])).one()
        outside = session.exec(select(Application.ref).where(Application.code == codes[3])).one()
    ada, pitch = client("ada"), f"/en/apply/{ref}/pitch"
    assert ada.get(f"/en/apply/{outside}/pitch").status_code == 404
    assert client("ben").get(pitch).status_code == 404
    assert "You are invited to pitch" in ada.get(f"/en/my/{ref}").text
    answer = f'href="{pitch}"><span>Answer the invitation'
    assert answer in ada.get("/en/my").text
    rita = client("rita")
    asked = {"application": codes[0], "words": "Who waters the trees in August?"}
    assert rita.post("/en/review/2026/pitch-questions", data=asked).status_code == 303
    assert (
        rita.post("/en/review/2026/pitch-questions", data=asked | {"application": codes[3]}).status_code
        == 404
    )
    page = ada.get(pitch).text
    assert "Who waters the trees in August?" in page
    assert "Rita" not in page
    assert ada.post(pitch, data={"_action": "yes", "version": "1"}).status_code == 303
    assert "You come and pitch" in ada.get(f"/en/my/{ref}").text
    assert answer not in ada.get("/en/my").text
    note = {"version": "0", "spoken_title": "Trees", "pronunciation": "KA-na-ry", "people": "3",
            "access_needs": "A ramp", "stage_text": "Neighbours plant."}  # fmt: skip
    many = ada.post(f"{pitch}/note", data=note | {"people": "many"})
    assert many.status_code == 422 and 'href="#f-people"' in many.text
    assert "12,500" not in many.text, "no example that is refused in its turn"
    assert ada.post(f"{pitch}/note", data=note | {"people": " "}).status_code == 303, "it may be left empty"
    note["version"] = "1"
    assert ada.post(f"{pitch}/note", data=note).status_code == 303
    assert ada.post(f"{pitch}/note", data=note).status_code == 409
    assert ada.post(f"{pitch}/note", data=note | {"version": "2", "people": ""}).status_code == 303
    assert ada.post(f"{pitch}/note", data=note | {"version": "3"}).status_code == 303
    question = re.search(r'action="(/en/apply/[^"]+/questions/[^"]+)"', ada.get(pitch).text)
    assert question
    assert ada.post(question[1], data={"version": "0", "words": "We do, by rota."}).status_code == 303
    wrong = ada.post(f"{pitch}/slides", files={"file": ("a.pdf", b"no pdf", "application/pdf")})
    assert wrong.status_code == 422
    sent = ada.post(f"{pitch}/slides", files={"file": ("a.pdf", marked_pdf("zqmark"), "application/pdf")})
    assert sent.status_code == 303
    large = marked_pdf("zqmark") + b"%" + bytes(600_000) + b"\n%%EOF\n"
    again = ada.post(f"{pitch}/slides", files={"file": ("a.pdf", large, "application/pdf")})
    assert again.status_code == 303, "slides are larger than what other forms may send"
    got = ada.get(f"{pitch}/slides")
    assert got.content.startswith(b"%PDF")
    assert b"zqmark" not in got.content
    cora = client("cora")
    team = cora.get(f"{hub}/team/{codes[0]}").text
    assert all(words in team for words in ("KA-na-ry", "A ramp", "We do, by rota.", "Slides (PDF)"))
    assert "We do" not in rita.get("/en/review/2026/pitch-questions").text
    code = question[1].rsplit("/", 1)[1]
    assert cora.post(f"{hub}/team/{codes[0]}", data={"question": code}).status_code == 303
    assert "We do, by rota." in rita.get("/en/review/2026/pitch-questions").text
    # All of it is in the copy of one's own data, and nothing of who asked.
    with zipfile.ZipFile(io.BytesIO(ada.post("/en/my/data/copy").content)) as packed:
        kept = {
            each["application"]["ref"]: each for each in json.loads(packed.read("data.json"))["applications"]
        }
        said = kept[ref]["pitch"]
        assert packed.read(said["slides_file"]).startswith(b"%PDF")
    assert (said["state"], said["note"]["access_needs"]) == ("confirmed", "A ramp")
    assert [each["answer"] for each in said["questions"]] == ["We do, by rota."]
    assert kept[outside]["pitch"] is None
    assert "rita" not in json.dumps(said).lower()
    clock.now = EVENING
    assert ada.post(f"{pitch}/note", data=note | {"version": "1"}).status_code == 409
    with session_on(engine, reading=True) as session:
        assert count_of(session, PitchSlides) == 1


def place(engine: Engine, settings: Settings, clock: Clock, email: str) -> str:
    """The address in the last mail to somebody."""
    send_due(engine, settings, clock.now)
    with session_on(engine, reading=True) as session:
        bodies = session.exec(
            select(DevelopmentMail.body)
            .where(DevelopmentMail.recipient == email)
            .order_by(DevelopmentMail.id)  # type: ignore[arg-type]
        ).all()
    found = re.search(r"http://testserver(/\S+/place\?key=\S+)", bodies[-1])
    assert found
    return found[1]


def test_the_audience_registers_waits_moves_up_and_is_ticked_at_the_door(
    client: Client, engine: Engine, world: World, hub: str, clock: Clock, settings: Settings
) -> None:
    with session_on(engine) as session, session.begin():
        announced(session, world, 2, 1)
        session.exec(select(Event)).one().capacity = 1
    page = f"/en/calls/2026/event/{world.round.code}"
    anybody = client()
    given = {"name": "Дана Ахметова", "email": "dana@example.org", "needs": "A ramp", "agreed": "yes"}
    assert anybody.post(page, data=given | {"agreed": ""}).status_code == 422
    for name, email in (("Дана Ахметова", "dana@example.org"), ("Erik", "erik@example.org")):
        assert anybody.post(page, data=given | {"name": name, "email": email}).status_code == 303
    keys = {who: place(engine, settings, clock, f"{who}@example.org") for who in ("dana", "erik")}
    # The link alone takes nothing: a mail scanner follows it.
    assert "Press the button" in anybody.get(keys["dana"]).text
    assert anybody.get(f"{page}/place?key=XYZ-0").status_code == 404
    assert "You have a place" in anybody.post(keys["dana"]).text
    assert "waiting list" in anybody.post(keys["erik"]).text
    cora = client("cora")
    door = cora.get(f"{hub}/door", params={"q": "АХМЕТ"}).text
    assert "Дана" in door
    assert "Erik" not in door
    code = re.search(r'id="guest-(\w+)"', door)
    erik = re.search(r'id="guest-(\w+)"', cora.get(f"{hub}/door?q=erik").text)
    assert code and erik
    assert cora.post(f"{hub}/door", data={"attendee": erik[1], "_action": "came"}).status_code == 409
    assert cora.post(f"{hub}/door", data={"attendee": code[1], "_action": "came"}).status_code == 303
    assert "Has come" in cora.get(f"{hub}/door?q=dana").text
    assert cora.post(f"{hub}/door", data={"attendee": code[1], "_action": "not_came"}).status_code == 303
    assert anybody.post(keys["dana"].replace("/place", "/leave")).status_code == 200
    assert "You have a place" in anybody.get(place(engine, settings, clock, "erik@example.org")).text
    with session_on(engine, reading=True) as session:
        assert session.exec(select(Event.seated)).one() == 1
    # Somebody without a place: none is free before the evening has begun and who is absent leaves theirs.
    walk = {"seen": "0", "name": "Саян"}
    assert 'id="count-in"' not in cora.get(f"{hub}/door").text
    assert cora.post(f"{hub}/door/walk-in", data=walk).status_code == 409
    assert cora.post(f"{hub}/door/release").status_code == 409
    clock.now = EVENING
    assert 'id="release"' in cora.get(f"{hub}/door").text
    assert cora.post(f"{hub}/door/release").headers["location"].endswith("done=places_released&count=1")
    assert 'id="count-in"' in cora.get(f"{hub}/door").text
    assert cora.post(f"{hub}/door/walk-in", data=walk).status_code == 303
    again = cora.post(f"{hub}/door/walk-in", data=walk)
    assert again.status_code == 409
    assert "Is it somebody else of the same name?" in again.text
    twin = dict(
        re.findall(r'name="(seen|name|another)" value="([^"]*)"', again.text.split('id="another"')[0])
    )
    assert twin == {"seen": "1", "name": "Саян", "another": "yes"}
    door = cora.get(f"{hub}/door").text
    counted = re.search(r'name="walk_in" value="(\w+)"', door)
    assert counted and "Саян" in door
    assert cora.post(f"{hub}/door/walk-in", data={"walk_in": counted[1]}).status_code == 303
    assert cora.post(f"{hub}/door/walk-in", data={"walk_in": counted[1]}).status_code == 404


def test_whom_to_call_is_for_coordinators_and_what_was_looked_at_is_written_down(
    client: Client, engine: Engine, world: World, hub: str
) -> None:
    with session_on(engine) as session, session.begin():
        announced(session, world, 2, 1)
        given = JurorInput(name="Dina", organisation="BC", phone="+7 701 000 00 01", language="ru")
        add_juror(session, world.coordinator(), world.round.code, given, REVIEWING)
    cora = client("cora")
    assert f"{hub}/contacts" in cora.get(hub).text
    page = cora.get(f"{hub}/contacts").text
    assert all(words in page for words in ("1. Dina", "tel:+77010000001", "Русский", "Idea 1"))
    with session_on(engine, reading=True) as session:
        team = session.exec(select(Identity.data)).first()
        assert team and team["team"]["phone"] in page
        read = select(AuditEntry.detail).where(AuditEntry.action == "identity.list")
        assert session.exec(read).all() == [{"count": 2}]
    assert cora.get(f"{hub}/papers/contacts").content.startswith(b"%PDF-")
    for who in ("rita", "ada"):
        assert client(who).get(f"{hub}/contacts").status_code == 404
        assert client(who).get(f"{hub}/papers/contacts").status_code == 404


def test_the_run_of_the_evening_says_how_late_it_is(
    client: Client, engine: Engine, world: World, hub: str, clock: Clock
) -> None:
    with session_on(engine) as session, session.begin():
        announced(session, world, 2, 1)
    cora = client("cora")
    run = f"{hub}/run"
    assert cora.post(run, data={"_action": "plan", "version": version(cora.get(run).text)}).status_code == 303
    page = cora.get(run).text
    codes = re.findall(r'id="segment-(\w+)"', page)
    assert len(codes) == 8
    assert "Behind" not in page
    clock.now = EVENING + timedelta(minutes=6)
    begun = {"_action": "begin", "version": version(page), "segment": codes[0]}
    assert cora.post(run, data=begun).status_code == 303
    page = cora.get(run).text
    assert "Behind by: 6 min" in page
    assert cora.post(run, data=begun).status_code == 409
    checks = f"{hub}/checklist"
    assert cora.post(checks, data={"item": "sound", "done": "yes"}).status_code == 303
    assert "1 / 14" in cora.get(checks).text
    assert cora.post(checks, data={"item": "nothing", "done": "yes"}).status_code == 404
    for paper in ("order", "checklist", "door"):
        got = cora.get(f"{hub}/papers/{paper}")
        assert (got.status_code, got.content[:5]) == (200, b"%PDF-")
    # What the form for keying in asks for can be said on paper.
    got = cora.get(f"{hub}/papers/ballots")
    said = " ".join(page.get_textpage().get_text_bounded() for page in pypdfium2.PdfDocument(got.content))
    assert "I do not score this team: I have a tie with it" in said
    assert "I did not see this pitch" in said
    assert cora.get(f"{hub}/papers/winners").status_code == 404


def test_others_find_nothing_of_the_evening(client: Client, engine: Engine, world: World, hub: str) -> None:
    with session_on(engine) as session, session.begin():
        codes = announced(session, world, 2, 1)
        assert count_of(session, PitchCard) == 2
        assert count_of(session, Finalist, Finalist.state == FinalistState.CONFIRMED) == 2
        assert count_of(session, Attendee) == 0

    def tried(who: TestClient) -> set[int]:
        pages = ("", "/setup", "/run", "/door", "/checklist", "/papers/door", f"/team/{codes[0]}")
        return {who.get(hub + page).status_code for page in pages}

    assert tried(client("rita")) == tried(client("ada")) == {404}

"""The pages around an announcement: the seal, papers to take along, letters, feedback, and errors told."""

import hashlib
import re
from io import BytesIO
from urllib.parse import quote

import pytest
from fastapi.testclient import TestClient
from pypdf import PdfReader
from sqlalchemy import Engine
from sqlmodel import select, update

from app.database import session_on
from app.models.applications import Application
from app.models.reviews import ReviewScore
from tests.conftest import Client, Clock
from tests.decisions.test_sealing import second_coordinator
from tests.documents.opened import words_of
from tests.events.evening import EVENING, decided_evening
from tests.pages.test_desk import waits
from tests.world import World

DESK = "/en/desk/2026"
WHY = "There is nobody else in this small town."


@pytest.fixture
def cora(client: Client, engine: Engine, world: World, clock: Clock) -> TestClient:
    """Ten finalists, six of them awarded, the decision frozen; of those not selected one line is lacking."""
    clock.now = EVENING
    with session_on(engine) as session, session.begin():
        decided_evening(session, world)
    return client("cora")


def test_sealing_publishing_and_what_everyone_receives(
    client: Client, cora: TestClient, world: World, engine: Engine
) -> None:
    stage, public = f"{DESK}/stage/{world.round.code}", client()
    before = public.get(f"/en/live/{world.round.code}").headers["Stage-Number"]
    hub = ("An evening is ahead: Pitching", f"{DESK}/event/{world.round.code}")
    to_seal = ("Results are to be sealed before they are announced: Pitching", f"{stage}/seal")
    waiting = waits(cora.get(DESK).text)
    assert to_seal in waiting and hub in waiting
    assert f'href="{stage}/seal"' in cora.get(stage).text
    sealing = cora.get(f"{stage}/seal").text
    assert "Compute twice and seal" in sealing
    assert "Why without a second person?</label>" in sealing, "it is asked for, and not optional"
    refused = cora.post(f"{stage}/seal", data={"number": "0", "reason": "No."})
    assert (refused.status_code, "at least 20 characters" in refused.text) == (422, True)
    made = cora.post(f"{stage}/seal", data={"number": "0", "reason": WHY})
    assert made.headers["location"] == f"{stage}/seal?done=seal_stands"
    assert cora.post(f"{stage}/seal", data={"number": "0", "reason": WHY}).status_code == 409
    waiting = waits(cora.get(DESK).text)
    assert to_seal not in waiting and hub in waiting
    seal = re.search(r'id="sha256">([0-9a-f]{64})<', cora.get(f"{stage}/seal").text)
    assert seal
    pot = world.round.code
    evening = (f"/en/live/{pot}", f"/en/stage/{pot}/screen")
    for page in ("/en/calls/2026", "/en/calls/2026/seal", *evening):
        assert seal[1] in public.get(page).text
    assert int(public.get(evening[0]).headers["Stage-Number"]) > int(before), "an open page learns of it"
    curtain = public.get(f"/ru/stage/{pot}/screen").text
    assert "Результаты запечатаны" in curtain and '<span lang="kk">Нәтижелер мөрленген' in curtain
    file = f"/en/calls/2026/seal/{world.round.code}/results.txt"
    assert public.get(file).status_code == 404

    assert "0 / 2" in cora.get(f"{stage}/deck").text
    for kind in ("slides", "cards", "list"):
        taken = cora.post(f"{stage}/deck", data={"kind": kind})
        assert (taken.headers["content-type"], taken.content[:5]) == ("application/pdf", b"%PDF-")
        # Whoever finds one reads on each page whose it is, by name, and since when.
        pages = [words_of(each.extract_text()) for each in PdfReader(BytesIO(taken.content)).pages]
        whose = "Sealed until announced. Copy of Cora Canaryname, "
        assert [whose in each for each in pages] == [True] * len(pages), kind
        assert len(pages) == {"slides": 14, "cards": 8, "list": 1}[kind]
    assert cora.post(f"{stage}/deck", data={"kind": "all"}).status_code == 422
    assert "1 / 2" in cora.get(f"{stage}/deck").text

    with session_on(engine) as session, session.begin():
        session.execute(update(ReviewScore).values(reason="ok"))
    lacking = "Applications whose refusal could not leave, for want of a line of feedback: 6"
    assert (lacking, f"{DESK}/feedback") in waits(cora.get(DESK).text)
    page = cora.get(f"{DESK}/awards/publish").text
    assert "whose letter cannot leave" in page
    assert "Why without a second person?</label>" in page, "it is asked for, and not optional"
    version = re.search(r'name="version" value="(\d+)"', page)
    assert version
    assert "Congratulations!" in page and "was not selected this time" in page
    done = cora.post(f"{DESK}/awards/publish", data={"version": version[1], "reason": WHY})
    assert done.headers["location"] == f"{DESK}/letters?done=published"
    held = cora.get(f"{DESK}/letters").text
    assert re.search(r'id="minutes">15<', held) and re.search(r'id="waiting">12<', held)
    back = ("Refusals that cannot leave, for want of a line of feedback: 6", f"{DESK}/feedback")
    still = ("Letters of the results that can still be stopped: 12", f"{DESK}/letters")
    assert waits(cora.get(DESK).text) == [back, still]
    cora.post(f"{DESK}/letters/stop")
    stopped = ("Letters of the results that were stopped: 12", f"{DESK}/letters")
    assert waits(cora.get(DESK).text) == [back, stopped]
    assert "stopped" in cora.get(f"{DESK}/letters").text
    assert cora.post(f"{DESK}/letters/stop").status_code == 409
    cora.post(f"{DESK}/letters/send")
    assert waits(cora.get(DESK).text) == [back]

    assert hashlib.sha256(public.get(file).content).hexdigest() == seal[1]
    opened = public.get("/en/calls/2026/seal").text
    assert "<span>Back to the call</span>" in opened, "the call is named above the title, once"
    assert "The seal is opened" in opened and "Idea 1" in opened and "changed since" not in opened


def test_a_second_coordinator_confirms(
    client: Client, cora: TestClient, world: World, engine: Engine
) -> None:
    with session_on(engine) as session, session.begin():
        second_coordinator(session, world)
    zoe, stage = client("zoe"), f"{DESK}/stage/{world.round.code}"
    assert cora.post(f"{stage}/seal", data={"number": "0"}).headers["location"].endswith("done=sealed")
    mine, other = ("Your seal waits for a second person", "A seal waits for you as the second person")
    for who, words in ((cora, mine), (zoe, other)):
        assert (f"{words}: Pitching", f"{stage}/seal") in waits(who.get(DESK).text)
    assert "You have sealed it" in cora.post(f"{stage}/seal/confirm", data={"number": "1"}).text
    assert "Compute again and confirm" in zoe.get(f"{stage}/seal").text
    done = zoe.post(f"{stage}/seal/confirm", data={"number": "1"})
    assert done.headers["location"].endswith("done=seal_stands")
    address = f"{DESK}/awards/publish"
    version = re.search(r'name="version" value="(\d+)"', cora.get(address).text)
    assert version
    given = {"version": version[1]}
    assert cora.post(address, data=given).headers["location"] == f"{address}?done=publication_asked"
    mine = "Publishing the results waits for a second person"
    other = "Publishing the results waits for you as the second person"
    for who, words in ((cora, mine), (zoe, other)):
        assert (words, address) in waits(who.get(DESK).text)
    assert "Another coordinator finds the same counts" in cora.get(address).text
    assert cora.post(f"{address}/confirm", data=given).status_code == 409
    assert zoe.post(f"{address}/confirm", data=given).headers["location"].endswith("done=published")


def test_lines_are_worded_and_errors_pointed_out(
    client: Client, cora: TestClient, world: World, engine: Engine
) -> None:
    with session_on(engine) as session, session.begin():
        session.execute(update(ReviewScore).values(reason="ok"))
    assert re.search(r'id="lacking-lines">24<', cora.get(f"{DESK}/feedback").text)
    with session_on(engine, reading=True) as session:
        lost = session.exec(select(Application.code, Application.ref).order_by(Application.id)).all()[-1]  # type: ignore[arg-type]
    edit = f"{DESK}/feedback/{lost[0]}"
    assert "A useful line is lacking" in cora.get(edit).text
    given = {"criterion": "need", "version": "0", "text": "Too short."}
    refused = cora.post(edit, data=given)
    assert (refused.status_code, "Too short." in refused.text) == (422, True)
    given["text"] = "Say who waters the garden in August."
    assert cora.post(edit, data=given).status_code == 303
    assert cora.post(edit, data=given).status_code == 409
    done = cora.post(f"{DESK}/feedback/fill")
    assert done.headers["location"].endswith("done=feedback_filled&count=23")
    assert "Nothing is lacking" in cora.get(f"{DESK}/feedback").text
    stage = f"{DESK}/stage/{world.round.code}"
    cora.post(f"{stage}/seal", data={"number": "0", "reason": WHY})
    page = cora.get(f"{DESK}/awards/publish").text
    version = re.search(r'name="version" value="(\d+)"', page)
    assert version
    cora.post(f"{DESK}/awards/publish", data={"version": version[1], "reason": WHY})
    ada = client("ada")
    result = ada.get(f"/en/my/{lost[1]}/result").text
    assert "Say who waters the garden in August." in result and "half of all scored" in result
    point = f"/en/my/{lost[1]}/error"
    assert f'href="{point}"' in result
    assert ada.post(point, data={"text": "No."}).status_code == 422
    ada.post(point, data={"text": "There is a letter of the school, see page 3 of it."})
    assert "waits for its answer" in ada.get(point).text
    error = ("Factual errors that were pointed out and wait for an answer: 1", f"{DESK}/errors")
    assert error in waits(cora.get(DESK).text)
    page = cora.get(f"{DESK}/errors").text
    # In which language to answer, and where to correct what is to be called corrected.
    assert re.search(r"the team reads its mail in: <strong>[^<]*English", page)
    assert f'href="{quote(edit)}"' in page and f'href="{DESK}/notices"' in page
    code = re.search(rf'action="{DESK}/errors/([^"]+)"', page)
    assert code
    wrong = cora.post(f"{DESK}/errors/{code[1]}", data={"answer": "Yes."})
    assert (wrong.status_code, "Choose one." in wrong.text) == (422, True)
    answer = {"outcome": "corrected", "answer": "You are right: the letter is there on page 3."}
    assert cora.post(f"{DESK}/errors/{code[1]}", data=answer).status_code == 303
    assert cora.post(f"{DESK}/errors/{code[1]}", data=answer).status_code == 409
    assert error not in waits(cora.get(DESK).text)
    assert answer["answer"] in ada.get(point).text
    assert "Answered: 1, of these right: 1." in client().get("/en/calls/2026/ledger").text

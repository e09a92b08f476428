"""The redaction queue in a browser without JavaScript: blurring parts of a picture, a document's words."""

import re

from sqlalchemy import Engine

from app.database import session_on
from app.files.opening import open_store
from app.settings import Settings
from tests.conftest import Client
from tests.factories import make_sent_application
from tests.files.kept import attach
from tests.world import World, key


def test_parts_of_a_picture_are_blurred_and_words_stand_for_a_document(
    client: Client, engine: Engine, world: World, settings: Settings
) -> None:
    with session_on(engine) as session, session.begin():
        application = make_sent_application(session, world, cleared=False)
        attach(session, open_store(settings), application, key(world.people["ada"]))
        ref = application.ref
    cora, here = client("cora"), f"/en/desk/2026/redaction/{ref}"
    page = cora.get(here).text
    (picture,) = re.findall(r'name="areas\.(\d+)" value="5"', page)
    (document,) = re.findall(r'name="instead\.(\d+)"', page)
    assert "What reviewers will get" not in page
    assert cora.get(f"{here}/files/{picture}").status_code == 404, "nothing stands for it yet"
    # What was marked or written has to be meant.
    own = re.search(r'name="instead\.\d+"[^>]*>\n([^<]*)</textarea>', page)
    assert own is not None
    given = {"number": "1", "version": "0", "_action": "save", f"areas.{picture}": ["1", "2"]}
    given |= {f"file.{picture}": "cleared", f"file.{document}": "cleared", f"instead.{document}": "Changed."}
    wrong = cora.post(here, data=given)
    assert wrong.status_code == 422
    for said in (
        "You marked parts to blur",
        "You changed its text",
        "Changed.</textarea>",
        'value="2" checked',
    ):
        assert said in wrong.text
    given |= {f"file.{picture}": "blurred", f"file.{document}": "in_words"}
    # What the coordinator writes is looked through for the applicant, and stays in the form.
    named = {f"instead.{document}": "Ask Ada Canaryname.", "how.need.problem": "edited"}
    named["words.need.problem"] = "Ada Canaryname, +7 701 555 00 11"
    wrong = cora.post(f"{here}?also=need.problem", data=given | named | {"also": "need.problem"})
    assert wrong.status_code == 422
    assert wrong.text.count("It may say who applies: Ada Canaryname, +7 701 555 00 11. ") == 2
    assert wrong.text.count("It may say who applies: Ada Canaryname. ") == 2
    assert "Ask Ada Canaryname.</textarea>" in wrong.text
    ticks = dict.fromkeys(re.findall(r'name="(knowingly\.[^"]+)"', wrong.text), "yes")
    assert ticks.keys() == {f"knowingly.{document}", "knowingly.need.problem"}
    summary = wrong.text.partition('id="errors"')[2].partition("</ul>")[0]
    assert re.findall(r">([^<]+) — It may", summary) == [
        "Need: for whom and why · What problem do you want to solve, and where exactly?", "The plan",
    ]  # fmt: skip
    assert cora.post(here, data=given | named | ticks).headers["location"].endswith("redaction_saved")
    page = cora.get(here).text
    assert len(re.findall(r'name="knowingly\.[^>]*checked>', page)) == 2, "what was let stand is known"
    assert "Слева" in cora.get(here.replace("/en/", "/ru/")).text
    given |= {"version": "1"}
    assert cora.post(here, data=given).headers["location"] == f"{here}?done=redaction_saved"
    page = cora.get(here).text
    assert re.findall(rf'name="areas\.{picture}" value="(\d)" checked', page) == ["1", "2"]
    assert "Changed.</textarea>" in page
    assert page.count("What reviewers will get") == 2
    sent = [f"/en/desk/2026/applications/{ref}/files/{number}" for number in (picture, document)]
    for number, begins, before in ((picture, b"\xff\xd8", sent[0]), (document, b"%PDF", sent[1])):
        made = cora.get(f"{here}/files/{number}").content
        assert made.startswith(begins)
        assert made != cora.get(before).content
    assert cora.get(f"{here}/files/{picture}/preview").content.startswith(b"\xff\xd8")
    api = client("cora", api=True).get(f"/api/v1/calls/2026/redaction/{ref}/files/{picture}")
    assert (api.status_code, api.headers["content-type"]) == (200, "image/jpeg")
    for other in ("ada", "rita"):
        assert client(other).get(f"{here}/files/{picture}").status_code == 404

"""The redaction queue in a browser without JavaScript: blurring parts of a picture, a document's words."""

import re

from sqlalchemy import Engine
from sqlmodel import select

from app.applications.actions.redacting import clear_application
from app.database import session_on
from app.files.opening import open_store
from app.models.applications import Application
from app.models.files import ApplicationFile, FileKind
from app.settings import Settings
from tests.applications.steps import begin_write_send
from tests.conftest import Client
from tests.factories import make_sent_application
from tests.files.kept import attach
from tests.world import NOW, World, key


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


def test_the_team_looks_at_its_own_picture_as_reviewers_get_it(
    client: Client, engine: Engine, world: World, settings: Settings
) -> None:
    """Blurred, on the page of its files and in what reviewers see, once it is cleared; nobody else does."""
    with session_on(engine) as session, session.begin():
        ref = begin_write_send(session, world.applicant())
        application = session.exec(select(Application).where(Application.ref == ref)).one()
        attach(session, open_store(settings), application, key(world.people["ada"]))
        rows = session.exec(select(ApplicationFile).where(ApplicationFile.application_id == application.id))
        codes = {each.kind: each.code for each in rows}
    cora, ada = client("cora"), client("ada")
    page, at = f"/en/apply/{ref}/files", f"/en/desk/2026/redaction/{ref}"
    picture, document = (f"{page}/{codes[kind]}/reviewers" for kind in (FileKind.PICTURE, FileKind.DOCUMENT))
    assert [ada.get(each).status_code for each in (picture, f"{picture}/preview", document)] == [404] * 3
    given = {"number": "1", "version": "0", "_action": "save"}
    given |= {"file.1": "blurred", "file.2": "dropped"}
    assert cora.post(at, data=given).status_code == 303
    # What is decided and not cleared yet is nobody's to see.
    assert ada.get(picture).status_code == 404
    seen = f"/en/apply/{ref}/check/reviewers"
    assert picture not in ada.get(seen).text
    with session_on(engine) as session, session.begin():
        clear_application(session, world.coordinator(), ref, number=1, seen=1, now=NOW)
    blurred = ada.get(picture)
    assert (blurred.status_code, blurred.headers["content-type"]) == (200, "image/jpeg")
    assert blurred.content == cora.get(f"{at}/files/1").content
    assert blurred.content != ada.get(f"{page}/{codes[FileKind.PICTURE]}").content
    assert ada.get(f"{picture}/preview").content == cora.get(f"{at}/files/1/preview").content
    assert ada.get(document).status_code == 404, "reviewers do not get it"
    shown = ada.get(seen).text
    assert f'<a href="{picture}"><img src="{picture}/preview" alt="The yard: no tree, two benches"' in shown
    assert f'src="{page}/{codes[FileKind.PICTURE]}/preview"' not in shown
    assert "Reviewers get this picture blurred" in shown and "Reviewers do not get this file" in shown
    # On the page of files both stand beside each other, as soon as they can be changed again.
    assert ada.post(f"/en/apply/{ref}/take-back").status_code == 303
    listed = ada.get(page).text
    assert f'src="{page}/{codes[FileKind.PICTURE]}/preview"' in listed
    assert f'src="{picture}/preview"' in listed and "As reviewers see it" in listed
    api = client("ada", api=True)
    read = f"/api/v1/applications/{ref}/files/{codes[FileKind.PICTURE]}/as-read"
    assert api.get(read).content == blurred.content
    for who in ("ben", "rita", "zoe", "cora"):
        assert client(who).get(picture).status_code == 404
        assert client(who).get(f"{picture}/preview").status_code == 404
        assert client(who, api=True).get(read).status_code == 404
    assert client().get(picture).status_code == 303

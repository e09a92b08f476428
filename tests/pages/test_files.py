"""The page of one's files: uploading as a plain form does, every refusal in words, and how a file leaves."""

import io
import json
import re
import zipfile
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine
from sqlmodel import select

from app.database import session_on
from app.files.store import LocalStore
from app.models.applications import Application
from app.models.audit import AuditEntry
from app.models.files import ApplicationFile, FileKind, FileState
from app.settings import Settings
from tests.applications.steps import begin, send, write
from tests.conftest import Client, Clock
from tests.factories import REVIEWING, make_assignment, open_reviewing_rows
from tests.files.kept import keep
from tests.files.made import locked_pdf, marked_jpeg, marked_pdf, marks_in, plain_pdf
from tests.world import CLOSES, World, key

HTMX = {"HX-Request": "true"}


@pytest.fixture
def ref(engine: Engine, world: World) -> str:
    with session_on(engine) as session, session.begin():
        return begin(session, world.applicant())


def upload(
    http: TestClient, path: str, data: bytes, name: str = "plan.pdf", title: str = "The plan", **more: Any
) -> Any:
    return http.post(path, data={"title": title}, files={"file": (name, data)}, **more)


def rows(engine: Engine) -> list[ApplicationFile]:
    with session_on(engine, reading=True) as session, session.begin():
        return list(session.exec(select(ApplicationFile).where(ApplicationFile.state == FileState.KEPT)))


def leftovers(settings: Settings) -> list[Path]:
    """What uploads left in their workplaces."""
    return list((settings.files_folder / "tmp").glob("*"))


def test_a_picture_and_a_document_are_uploaded_described_removed_and_brought_back(
    client: Client, engine: Engine, settings: Settings, world: World, ref: str
) -> None:
    ada, page = client("ada"), f"/en/apply/{ref}/files"
    tasks = ada.get(f"/en/apply/{ref}").text
    assert f'href="{page}"' in tasks
    assert "One picture and up to three PDFs" in tasks
    done = upload(ada, f"{page}/picture", marked_jpeg(), "Ада үйде.jpg", "The bare yard")
    (picture,) = rows(engine)
    assert (done.status_code, done.headers["location"]) == (
        303, f"{page}?done=file_added#card-{picture.code}",
    )  # fmt: skip
    assert upload(ada, f"{page}/document", marked_pdf(), title="").status_code == 303
    shown = ada.get(page).text
    assert 'alt="The bare yard"' in shown
    assert "Ада үйде.jpg" in shown
    assert f'src="{page}/{picture.code}/preview"' in shown
    plan = next(row for row in rows(engine) if row.kind == "document")
    assert re.search(
        rf'<img class="page" src="{page}/{plan.code}/preview" alt="First page: [^"]+" '
        r'width="\d+" height="\d+" loading="lazy"',
        shown,
    )
    painted = ada.get(f"{page}/{plan.code}/preview")
    assert painted.headers["content-type"] == "image/webp" and painted.content[8:12] == b"WEBP"
    # A file without words cannot be sent, and the check page leads to it.
    check = ada.get(f"/en/apply/{ref}/check").text
    assert f"{page}?back=check#f-title-{plan.code}" in check
    assert "There is a problem" in ada.get(f"/en/apply/{ref}").text
    act = f"{page}/{plan.code}"
    wrong = ada.post(act, data={"_action": "title", "title": " ", "version": "1"})
    assert (wrong.status_code, wrong.text.count("Say in a few words what it shows.")) == (422, 2)
    assert ada.post(act, data={"_action": "title", "title": "The plan", "version": "1"}).status_code == 303
    stale = ada.post(act, data={"_action": "title", "title": "Mine", "version": "1"})
    assert stale.status_code == 409
    assert (
        "“The plan”" in stale.text
        and 'value="Mine"' in stale.text
        and 'name="version" value="2"' in stale.text
    )
    assert ada.post(act, data={"_action": "remove"}).status_code == 303
    after = ada.get(f"{page}?done=file_removed").text
    assert "Removed: The plan" in after and "data-focus" in after
    assert ada.post(act, data={"_action": "undo"}).status_code == 303
    assert [row.title for row in rows(engine)] == ["The bare yard", "The plan"]
    replaced = upload(ada, f"{page}/{picture.code}/replace", marked_jpeg("other"), "other.jpg", "")
    assert replaced.status_code == 303
    assert sorted(row.title for row in rows(engine)) == ["The bare yard", "The plan"]
    assert leftovers(settings) == []


def test_every_refusal_says_why_keeps_the_words_and_leaves_nothing(
    client: Client, engine: Engine, settings: Settings, world: World, ref: str
) -> None:
    ada, page = client("ada"), f"/en/apply/{ref}/files"
    reasons = {
        b"": "This file is empty.",
        b"<script>x</script>" + plain_pdf(): "This is a web page.",
        b"PK\x03\x04word": "This is a Word, Excel or archive file.",
        locked_pdf(): "This PDF is locked by a password.",
        plain_pdf()[:300]: "This file is damaged",
        bytes(11 * 1024 * 1024): "This file is larger than 10 MB.",
    }
    for data, words in reasons.items():
        answer = upload(ada, f"{page}/document", data, title="My <b>words</b>")
        assert answer.status_code == (413 if len(data) > 10**6 else 422), words
        assert re.search(rf"<li><a href=.#f-document.>{words}", answer.text), "in the summary"
        assert re.search(rf"</span><span>{words}", answer.text), "at the field"
        assert 'id="f-document" ' in answer.text and 'href="#f-document"' in answer.text
        if len(data) < 10**6:
            assert "My &lt;b&gt;words&lt;/b&gt;" in answer.text
    nothing = ada.post(f"{page}/document", data={"title": "x"}, files={"file": ("", b"")})
    assert (nothing.status_code, "Choose a file first." in nothing.text) == (422, True)
    fragment = upload(ada, f"{page}/document", b"GIF89a" + bytes(9), headers=HTMX)
    assert fragment.text.lstrip().startswith('<div id="files_list">')
    # The words were too long: the file is kept all the same, and only they are asked again.
    long = upload(ada, f"{page}/document", plain_pdf(), title="x" * 130)
    assert (long.status_code, [row.title for row in rows(engine)]) == (422, [""])
    assert "Shorten this to 120 characters or fewer." in long.text and "x" * 130 in long.text
    assert leftovers(settings) == []
    for path, body in ((f"{page}/document", b"--x\r\nhalf"), (f"{page}/document", b"")):
        broken = ada.post(path, content=body, headers={"content-type": "multipart/form-data; boundary=x"})
        assert (broken.status_code, "did not arrive whole" in broken.text) == (422, True)


@pytest.mark.parametrize(
    "name",
    [
        "../../x.pdf",
        "C:\\x.pdf",
        'a"b.pdf',
        "x" * 300 + ".pdf",
        "\u202efdp.exe",
        "CON.pdf",
        "🌳 Ауыл.pdf",
        "a\r\nb: c",
    ],
)
def test_a_hostile_name_is_a_name_and_nothing_else(
    client: Client, engine: Engine, settings: Settings, ref: str, name: str
) -> None:
    ada, page = client("ada"), f"/en/apply/{ref}/files"
    assert upload(ada, f"{page}/document", plain_pdf(), name).status_code == 303
    (row,) = rows(engine)
    answer = ada.get(f"{page}/{row.code}/original")
    said = answer.headers["content-disposition"]
    assert re.fullmatch(r"attachment; filename=\"[\w .-]{1,260}\"; filename\*=UTF-8''[\w.%~-]+", said), said
    files = {path.name for path in settings.files_folder.rglob("*") if path.is_file()}
    assert all(re.fullmatch("[0-9a-f]{64}", file) for file in files)


def test_only_the_draft_of_ones_own_takes_files_and_only_in_time(
    client: Client, engine: Engine, clock: Clock, world: World, ref: str
) -> None:
    page, ada = f"/en/apply/{ref}/files", client("ada")
    nowhere = upload(client("ben"), "/en/apply/WA26-QQQQQQ/files/document", plain_pdf())
    for who in ("ben", "rita", "cora"):
        answer = upload(client(who), f"{page}/document", plain_pdf())
        assert (answer.status_code, answer.text.replace(ref, "WA26-QQQQQQ")) == (404, nowhere.text)
    assert upload(client(), f"{page}/document", plain_pdf()).status_code == 303
    assert rows(engine) == []
    for number in range(3):
        assert upload(ada, f"{page}/document", plain_pdf(number + 1)).status_code == 303
    assert upload(ada, f"{page}/document", plain_pdf(9)).status_code == 409
    assert "This is full" in ada.get(page).text
    clock.now = CLOSES.replace(year=2027)
    assert upload(ada, f"{page}/picture", marked_jpeg()).status_code == 409
    assert ada.get(page).headers["location"] == f"/en/apply/{ref}"
    assert len(rows(engine)) == 3


def in_review(engine: Engine, settings: Settings, world: World) -> tuple[str, str, str]:
    """Ada's application with a picture and a plan, before Rita: its reference and code, the plan's code."""
    store, ada = LocalStore(settings.files_folder), world.applicant()
    with session_on(engine) as session, session.begin():
        ref = begin(session, ada)
        write(session, ada, ref)
        application = session.exec(select(Application).where(Application.ref == ref)).one()
        mine = (session, store, key(application), ada.person_id)
        plan = keep(*mine, marked_pdf(), name="Ada's plan.pdf", title="The plan")
        keep(*mine, marked_jpeg(), name="ada.jpg", title="The yard", kind=FileKind.PICTURE)
        send(session, ada, ref)
        session.expire_all()
        open_reviewing_rows(session, world)
        make_assignment(session, world, application, "rita")
        return ref, application.code, plan


def test_a_copy_of_ones_data_holds_every_file_as_it_came_and_as_it_was_cleaned(
    client: Client, engine: Engine, settings: Settings, world: World
) -> None:
    """It is sent while it is made; a stranger's copy has none of it."""
    ref, _, plan = in_review(engine, settings, world)
    answer = client("ada").post("/en/my/data/copy")
    with zipfile.ZipFile(io.BytesIO(answer.content)) as packed:
        assert packed.testzip() is None
        data = json.loads(packed.read("data.json"))
        files = data["applications"][0]["files"]
        assert [(each["file"]["name"], each["sent"]) for each in files] == [
            ("ada.jpg", True),
            ("Ada's plan.pdf", True),
        ]
        assert files[1]["uploaded"] == f"{ref}/uploaded/{plan}-Ada's plan.pdf"
        for each in files:
            assert marks_in(packed.read(each["uploaded"])) and not marks_in(packed.read(each["cleaned"]))
        names = [each["name"] for each in data["applications"][0]["sendings"][0]["files"]]
        assert names == ["ada.jpg", "Ada's plan.pdf"]
    with zipfile.ZipFile(io.BytesIO(client("ben").post("/en/my/data/copy").content)) as packed:
        assert ref not in "".join(packed.namelist())


SENT_WITH = {
    "content-security-policy": "sandbox; default-src 'none'",
    "x-content-type-options": "nosniff",
    "cache-control": "no-store",
    "accept-ranges": "none",
}


def test_a_file_leaves_as_a_download_to_those_who_may_and_to_nobody_else(
    client: Client, engine: Engine, clock: Clock, settings: Settings, world: World
) -> None:
    ref, code, plan = in_review(engine, settings, world)
    clock.now = REVIEWING
    rita, review = client("rita"), f"/en/review/2026/{code}"
    page = rita.get(review).text
    assert f'src="/en/review/2026/{quote(code)}/files/1/preview"' in page
    assert 'alt="The yard"' in page and 'alt="First page: The plan"' in page
    stem = re.sub("[^0-9]", "", code)
    for path, suffix, kind in (
        ("2", "2.pdf", "application/pdf"),
        ("1", "1.jpg", "image/jpeg"),
        ("1/preview", "1.jpg", "image/jpeg"),
        ("2/preview", "2.webp", "image/webp"),
    ):
        answer = rita.get(f"{review}/files/{path}", headers={"Range": "bytes=0-9,5-20,-1"})
        assert answer.status_code == 200
        assert answer.headers["content-type"] == kind
        assert {name: answer.headers[name] for name in SENT_WITH} == SENT_WITH
        assert not {"etag", "last-modified"} & set(answer.headers)
        said = answer.headers["content-disposition"]
        assert said.startswith(f'attachment; filename="packet-{stem}-{suffix}"') and "%" in said
        assert marks_in(answer.content) == set()
        assert int(answer.headers["content-length"]) == len(answer.content)
    read = rita.get(f"{review}/files/2").content
    program = client("rita", api=True)
    found = program.get(f"/api/v1/calls/2026/reviews/{code}").json()["application"]["files"]
    assert [(each["number"], each["title"]) for each in found] == [(1, "The yard"), (2, "The plan")]
    assert program.get(f"/api/v1/calls/2026/reviews/{code}/files/2").content == read
    nothing = rita.get(f"{review}/files/3")
    assert nothing.status_code == 404
    for who in ("rolf", "ada", "zoe"):
        there, nowhere = client(who).get(f"{review}/files/2"), client(who).get(f"{review}/files/7")
        assert (there.status_code, there.text) == (404, nowhere.text.replace("files/7", "files/2"))
    assert client("rita").get(f"/en/apply/{ref}/files/{plan}").status_code == 404
    # The coordinator sees both, and each look at what was uploaded is written down.
    cora, desk = client("cora"), f"/en/desk/2026/applications/{ref}"
    assert "Ada&#39;s plan.pdf" in cora.get(desk).text
    looked = _reads(engine)
    assert marks_in(cora.get(f"{desk}/files/2/original").content) != set()
    assert _reads(engine) == looked + 1
    assert cora.get(f"{desk}/files/2").content == read
    assert cora.get(f"{desk}/files/9/original").status_code == 404
    assert client("rolf").get(f"{desk}/files/2/original").status_code == 404
    # A disk that has lost its files is a refusal in words, not a broken page.
    for lost in settings.files_folder.rglob("*"):
        if lost.is_file():
            lost.unlink()
    assert rita.get(f"{review}/files/2").status_code == 409


def _reads(engine: Engine) -> int:
    with session_on(engine, reading=True) as session, session.begin():
        return len(session.exec(select(AuditEntry).where(AuditEntry.action == "identity.read")).all())

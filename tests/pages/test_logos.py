"""Logos from the desk to everybody: put by a plain form, shown beside the name, replaced, removed."""

import io
import re

import pytest
from fastapi.testclient import TestClient
from PIL import Image
from sqlalchemy import Engine
from sqlmodel import select

from app.database import session_on
from app.models.audit import AuditEntry
from app.settings import Settings
from tests.conftest import Client
from tests.files.made import marked_jpeg, marks_in, points, saved
from tests.pages.test_files import leftovers
from tests.world import World

DESK = "/en/desk/2026/setup/logos"
PUBLIC = "/en/calls/2026"
WHERE = (PUBLIC, f"{PUBLIC}/results", f"{PUBLIC}/ledger")
"""Where partners are named in public; the curtain beside."""


def put(http: TestClient, organisation: str, version: int, data: bytes, name: str = "logo.jpg") -> int:
    answer = http.post(f"{DESK}/{organisation}?version={version}", files={"file": (name, data)})
    return answer.status_code


def shown(page: str) -> list[tuple[str, str, str]]:
    """Of each logo on a page its address, what is read aloud, and its height."""
    return re.findall(r'<img src="(/[^"]+/logos/[^"]+)" alt="([^"]+)" width="\d+" height="(\d+)"', page)


def test_a_logo_is_shown_wherever_partners_are_named(client: Client, world: World) -> None:
    cora, anybody = client("cora"), client()
    screen = f"/en/stage/{world.round.code}/screen"
    assert [shown(anybody.get(each).text) for each in (*WHERE, screen)] == [[], [], [], []]
    assert put(cora, "AKIM", 0, marked_jpeg(size=(400, 100), orientation=1)) == 303
    address = f"{PUBLIC}/logos/AKIM?v=1"
    for each in (*WHERE, screen):
        assert shown(anybody.get(each).text) == [(address, "Akimat of Almaty", "40")], each
    names = {"ru": "Акимат города Алматы", "kk": "Алматы қаласының әкімдігі"}
    for language, name in names.items():
        page = anybody.get(PUBLIC.replace("/en/", f"/{language}/")).text
        assert [(alt, height) for _, alt, height in shown(page)] == [(name, "40")]
    # The others are named in words, and the name below a logo is for the eye alone.
    page = anybody.get(PUBLIC).text
    assert '<span aria-hidden="true">Akimat of Almaty</span>' in page
    assert "<li>British Council</li>" in page


def test_a_logo_leaves_as_a_picture_that_may_be_kept(client: Client, world: World) -> None:
    cora, anybody = client("cora"), client()
    data = marked_jpeg(size=(400, 100), orientation=1)
    assert put(cora, "BC", 0, data) == 303
    found = anybody.get(f"{PUBLIC}/logos/BC?v=1")
    assert found.status_code == 200
    assert found.headers["content-type"] == "image/webp"
    assert found.headers["x-content-type-options"] == "nosniff"
    assert found.headers["content-security-policy"] == "sandbox; default-src 'none'"
    assert found.headers["cache-control"] == "public, max-age=86400"
    assert "set-cookie" not in found.headers
    assert marks_in(data) and marks_in(found.content) == set()
    assert len(found.content) < 10_000
    with Image.open(io.BytesIO(found.content)) as picture:
        assert (picture.format, picture.size) == ("WEBP", (400, 100))
    # Under an address that no page names any more it is kept for a minute.
    assert anybody.get(f"{PUBLIC}/logos/BC").headers["cache-control"] == "public, max-age=60"
    assert anybody.get("/api/v1/calls/2026/partners/BC/logo").content == found.content


def test_it_is_replaced_and_removed_and_pages_follow_at_once(
    client: Client, engine: Engine, settings: Settings, world: World
) -> None:
    cora, anybody = client("cora"), client()
    assert put(cora, "BC", 0, marked_jpeg(size=(400, 100), orientation=1)) == 303
    assert put(cora, "BC", 1, saved(points((90, 90)))) == 303
    for each in WHERE:
        assert shown(anybody.get(each).text) == [(f"{PUBLIC}/logos/BC?v=2", "British Council", "40")]
    assert put(cora, "BC", 1, saved(points())) == 409, "it was made from another one"
    late = cora.post(f"{DESK}/BC/remove", data={"version": "1"})
    assert late.status_code == 409 and "Somebody else changed this logo" in late.text
    done = cora.post(f"{DESK}/BC/remove", data={"version": "2"})
    assert done.headers["location"] == f"{DESK}?done=logo_removed#logo-BC"
    assert [shown(anybody.get(each).text) for each in WHERE] == [[], [], []]
    assert anybody.get(f"{PUBLIC}/logos/BC?v=2").status_code == 404
    assert "No logo yet" in cora.get(DESK).text
    with session_on(engine, reading=True) as session:
        acts = session.exec(select(AuditEntry.action).where(AuditEntry.subject == "BC")).all()
    assert acts == ["logo.put", "logo.put", "logo.remove"]
    assert leftovers(settings) == []


@pytest.mark.parametrize(
    ("data", "status", "words"),
    [
        (b"", 422, "This file is empty."),
        (b"<svg onload='alert(1)'></svg>", 422, "This is an SVG drawing."),
        (saved(Image.new("RGB", (90, 40), "white")), 422, "Nothing of this picture is seen on white."),
        (bytes(11 * 1024 * 1024), 413, "This file is larger than 10 MB."),
    ],
)
def test_what_is_not_taken_says_why_at_its_organisation(
    client: Client, settings: Settings, world: World, data: bytes, status: int, words: str
) -> None:
    cora = client("cora")
    answer = cora.post(f"{DESK}/ADC?version=0", files={"file": ("logo.png", data)})
    assert answer.status_code == status
    assert re.search(rf'<li><a href="#f-logo-ADC">{re.escape(words)}', answer.text), "in the summary"
    assert f'id="f-logo-ADC-error"><span class="vh">Error: </span>{words}' in answer.text
    assert answer.text.count('aria-invalid="true"') == 1
    assert shown(client().get(PUBLIC).text) == []
    assert leftovers(settings) == []


def test_nobody_else_puts_one_and_before_opening_nobody_sees_it(
    client: Client, engine: Engine, world: World
) -> None:
    cora = client("cora")
    assert put(cora, "BC", 0, saved(points())) == 303
    for who in ("ada", "rita", "zoe"):
        assert put(client(who), "BC", 1, saved(points())) == 404
        assert client(who).post(f"{DESK}/BC/remove", data={"version": "1"}).status_code == 404
    assert put(cora, "NONE", 0, saved(points())) == 404
    with session_on(engine) as session, session.begin():
        call = session.merge(world.call)
        call.opened_at = None
        session.add(call)
    anybody = client()
    for each in (f"{PUBLIC}/logos/BC", "/api/v1/calls/2026/partners/BC/logo", "/api/v1/calls/2026/partners"):
        assert anybody.get(each).status_code == 404
    own = cora.get(f"{DESK}/BC")
    assert (own.status_code, own.headers["cache-control"]) == (200, "no-store")

"""A picture and a plan: sent by a plain form, told in words with the script, sent again when lost."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, Route, expect
from sqlalchemy import Engine

from app.database import session_on
from tests.applications.steps import begin
from tests.files.made import marked_jpeg, marked_pdf
from tests.journeys.conftest import Person
from tests.journeys.look import findings
from tests.journeys.steps import no_sideways_scrolling
from tests.world import NOW, World, cookie_for


@pytest.fixture
def database_url(sqlite_database: str) -> str:
    """What a browser does is the same on either engine."""
    return sqlite_database


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    path = tmp_path / "IMG_2211 Ада.jpg"
    path.write_bytes(marked_jpeg(size=(1600, 1200)))
    return path


@pytest.fixture
def ref(engine: Engine, world: World) -> str:
    with session_on(engine) as session, session.begin():
        return begin(session, world.applicant())


def signed_in(page: Page, engine: Engine, world: World, address: str) -> Page:
    with session_on(engine) as session, session.begin():
        cookies = cookie_for(session, world.people["ada"], NOW)
    page.context.add_cookies(
        [{"name": name, "value": value, "url": address} for name, value in cookies.items()]
    )
    return page


def test_a_lost_file_is_still_chosen_and_sent_again(
    person: Person, engine: Engine, world: World, address: str, ref: str, photo: Path
) -> None:
    page = signed_in(person(), engine, world, address)
    page.emulate_media(reduced_motion="reduce")
    page.goto(f"/en/apply/{ref}/files")
    page.get_by_label("What does the picture show?").fill("A bare yard")
    large = photo.with_name("large.jpg")
    large.write_bytes(bytes(11 * 1024 * 1024))
    posts: list[str] = []
    page.on("request", lambda request: posts.append(request.url) if request.method == "POST" else None)
    page.locator("#f-picture").set_input_files(large)
    expect(page.locator("#f-picture-error")).to_contain_text("larger than 10 MB")
    page.locator("#f-picture-send").click()
    expect(page.locator("#f-picture")).to_be_focused()
    assert posts == [], "what is too large is never sent"
    page.locator("#f-picture").set_input_files(photo)
    expect(page.locator("#f-picture-error")).to_be_hidden()
    gone = True

    def unplugged(route: Route) -> None:
        if gone and route.request.method == "POST":
            route.abort("connectionfailed")
        else:
            route.fallback()

    page.route("**/files/picture", unplugged)
    page.locator("#f-picture-send").click()
    expect(page.locator("#alerts")).to_contain_text("It is still chosen here.")
    gone = False
    page.locator("#alerts button").click()
    expect(page.get_by_role("img", name="A bare yard")).to_be_visible()
    expect(page.locator("#live")).to_contain_text("The file is here, cleaned and saved.")
    loaded = "e => e.complete && e.naturalWidth"
    assert page.get_by_role("img", name="A bare yard").evaluate(loaded) == 480
    page.locator("#f-document").set_input_files(photo)
    page.locator("#f-document-send").click()
    expect(page.locator("#errors")).to_be_focused()
    expect(page.locator("#errors")).to_contain_text("This is a picture.")
    assert findings(page, "en") == []


def test_without_the_script_in_russian(
    person: Person, engine: Engine, world: World, address: str, ref: str, photo: Path
) -> None:
    page = signed_in(person(javascript=False), engine, world, address)
    page.goto(f"/ru/apply/{ref}/files")
    page.locator("#f-picture").set_input_files(photo)
    page.locator("#f-title-new-picture").fill("Голый двор")
    page.locator("#f-picture-send").click()
    expect(page.get_by_text("Файл получен, очищен и сохранён.")).to_be_visible()
    plan = photo.with_name("план.pdf")
    plan.write_bytes(marked_pdf())
    page.locator("#f-document").set_input_files(plan)
    page.locator("#f-document-send").click()
    page.goto(f"/ru/apply/{ref}/check")
    page.get_by_role("link", name=re.compile("Напишите в нескольких словах")).first.click()
    page.locator("main article [name=title]").nth(1).fill("План двора")
    page.get_by_role("button", name=re.compile("Сохранить эти слова")).last.click()
    expect(page.get_by_role("heading", name="План двора")).to_be_visible()
    no_sideways_scrolling(page)
    page.get_by_role("button", name=re.compile("Удалить.*План двора")).click()
    page.locator("#undo-button").click()
    expect(page.get_by_role("heading", name="План двора")).to_be_visible()

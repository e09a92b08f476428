"""Every page in every language, as axe, a narrow phone and a keyboard meet it.

On SQLite only: a browser sees pages, not databases, and what reaches a page from the database is compared
on both elsewhere.
"""

from collections.abc import Callable, Mapping
from urllib.parse import unquote

import pytest
from fastapi import FastAPI
from playwright.sync_api import Page, Response, expect
from sqlalchemy import Engine

from app.database import session_on
from app.messages import LANGUAGES
from app.models.calls import Phase
from app.settings import Settings
from tests.conftest import FAR_FUTURE
from tests.contracts.routes import Route, routes_of
from tests.databases import KeptFile
from tests.journeys import look
from tests.journeys.conftest import Person
from tests.journeys.every_phase import Calls
from tests.journeys.keyboard import stumbles
from tests.journeys.prepared import Prepared
from tests.journeys.refusals import refusals
from tests.journeys.stops import NOT_PAGES, Stop, cookies_of, stops
from tests.world import World

As = Callable[[str], Page]
FIRST_OF = {"applications.write": "applications.write_page"}
"""A section's own address shows its first page, under the same title."""
ERROR = {"kk": "Қате:", "ru": "Ошибка:", "en": "Error:"}
NARROWEST = 320
SCENES = {"curtain": "curtain", "reveal": "winner", "board": "board"}


@pytest.fixture
def database_url(prepared: Prepared, sqlite_kept: KeptFile) -> str:
    """SQLite alone. The name of the engine is not in the test's, so that no other half is missed."""
    return sqlite_kept.copy_of(prepared.file)


@pytest.fixture
def settings(prepared: Prepared, settings: Settings) -> Settings:
    """The same files in every test: nothing here uploads."""
    return settings.model_copy(update={"files": str(prepared.files)})


@pytest.fixture
def world(prepared: Prepared) -> World:
    return prepared.world


@pytest.fixture
def calls(prepared: Prepared) -> Calls:
    """Calls in every phase."""
    return prepared.calls


@pytest.fixture
def pages(built: FastAPI) -> dict[str, Route]:
    """Every GET route of the site by its name."""
    return {
        route.name: route
        for route in routes_of(built)
        if "GET" in route.methods and (not route.api or route.name == "reference.show")
    }


@pytest.fixture
def as_(person: Person, engine: Engine, world: World, address: str) -> As:
    """One browser for everybody's visits in turn; nobody is the empty name."""
    opened: dict[str, Page] = {}

    def browser_of(who: str) -> Page:
        if who not in opened:
            page = opened[who] = person()
            page.set_default_timeout(60_000)
            page.emulate_media(reduced_motion="reduce")
            if who:
                with session_on(engine) as session, session.begin():
                    cookies = cookies_of(session, world, who, FAR_FUTURE)
                for name, value in cookies.items():
                    page.context.add_cookies([{"name": name, "value": value, "url": address}])
        return opened[who]

    return browser_of


def where(pages: dict[str, Route], stop: Stop, language: str) -> str:
    query = f"?l={language}" if stop.route == "reference.show" else stop.query
    return pages[stop.route].at(language, **stop.params) + query


def opened(as_: As, pages: dict[str, Route], stop: Stop, language: str) -> Page:
    """The page of a stop on the narrowest phone; one that answers otherwise or leads elsewhere is none."""
    page = as_(stop.who)
    look.resize(page, NARROWEST)
    path = where(pages, stop, language)
    answer = page.goto(path)
    assert answer is not None
    assert answer.status == 200, f"{answer.status}: {stop}"
    assert unquote(page.url).endswith(unquote(path)), f"{stop} leads to {page.url}"
    return page


def glanced(as_: As, pages: dict[str, Route], stop: Stop, language: str) -> Page:
    """The same, without going there, where there is a page already into which it can be put."""
    page = as_(stop.who)
    if page.url == "about:blank":
        return opened(as_, pages, stop, language)
    look.resize(page, NARROWEST)
    path = where(pages, stop, language)
    status, url = look.glance(page, path)
    assert status == 200, f"{status}: {stop}"
    assert unquote(url).endswith(unquote(path)), f"{stop} leads to {url}"
    return page


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_is_wrong_with_any_page(
    as_: As, pages: dict[str, Route], calls: Calls, language: str
) -> None:
    """Each page in each language fits the narrowest phone, is well built and leads somewhere. What does
    not depend on the language is looked at in one of them, in turns: what its scripts make of it, what axe
    sees, whether it can be read by light and in the dark, fits a desk and bears the reader's own spacing.
    A page of which another stop shows the frame already is seen in one language. Links to the other
    languages are pages of the other two.
    """
    found: list[str] = []
    titles: dict[str, set[str]] = {}
    links: dict[str, Stop] = {}
    seen: set[tuple[str, str]] = set()
    every = list(stops(calls))
    assert set(pages) - NOT_PAGES == {stop.route for stop in every}
    for index, stop in enumerate(every):
        turn = (index + LANGUAGES.index(language)) % len(LANGUAGES)
        if stop.again and turn:
            continue
        try:
            page = (glanced if turn or stop.again else opened)(as_, pages, stop, language)
        except AssertionError as error:
            found.append(str(error))
            continue
        seen.add((stop.who, where(pages, stop, language)))
        said = look.built(page)
        if stop.route == "reference.show":
            look.shorten(page)
        wrong = look.faults(said, language) + look.too_wide(page, NARROWEST)
        if turn == 0:
            wrong += look.faint(page) + look.violations(page)
            wrong += look.too_wide_when_spaced(page) + look.too_wide(page, 1280)
        found += [f"{stop}: {each}" for each in wrong]
        titles.setdefault(said["title"], set()).add(FIRST_OF.get(stop.route, stop.route))
        own = (href.split("#")[0] for href in said["links"] if href.startswith(f"/{language}/"))
        links = dict.fromkeys(own, stop) | links
    found += [f"one title for {shown}: {title}" for title, shown in titles.items() if len(shown) > 1]
    found += dead(as_, {href: stop for href, stop in links.items() if (stop.who, href) not in seen})
    assert found == [], "\n".join(found)


def dead(as_: As, links: Mapping[str, Stop]) -> list[str]:
    """Links that whoever met them cannot follow."""
    statuses = {href: as_(stop.who).context.request.get(href).status for href, stop in links.items()}
    return [f"{links[href]}: {href} answers {status}" for href, status in statuses.items() if status >= 400]


def is_press(answer: Response) -> bool:
    """Whether the browser asked for it, or the page itself: a form is sent, not an autosave."""
    return answer.request.method == "POST"


def test_a_refused_form_says_so_and_takes_the_focus(as_: As, pages: dict[str, Route], calls: Calls) -> None:
    found = []
    for index, refusal in enumerate(refusals(calls)):
        language = LANGUAGES[index % len(LANGUAGES)]
        page = opened(as_, pages, refusal.stop, language)
        if refusal.before:
            page.locator(refusal.before).first.click()
            page.wait_for_function("() => !document.querySelector('.htmx-request')")
        for selector, text in refusal.typed.items():
            page.locator(selector).first.fill(text)
        with page.expect_response(is_press) as gone:
            page.locator(refusal.button).first.click()
        assert gone.value.status == 422, f"{gone.value.status}: {refusal.stop}"
        expect(page.locator("#errors")).to_be_focused()
        assert page.title().startswith(ERROR[language]), page.title()
        if refusal.stop.route == "applications.write_page":
            for selector, text in refusal.typed.items():
                assert page.locator(selector).first.input_value() == text, refusal.stop
            found += [f"refused {refusal.stop}: {each}" for each in look.too_wide_when_large(page)]
        found += [f"refused {refusal.stop}: {each}" for each in look.findings(page, language)]
    assert found == [], "\n".join(found)


def test_two_versions_are_shown_side_by_side(as_: As, pages: dict[str, Route], calls: Calls) -> None:
    """Whoever saves what somebody else has changed meets both texts, on a phone too."""
    written = {"ref": calls.refs["written"], "section": "need", "page": "problem"}
    begun = {"call": calls.of(Phase.REVIEWING).call.slug, "code": calls.codes["begun"]}
    texts = {"call": calls.of(Phase.PREPARING).call.slug, "part": "texts"}
    found = []
    for stop, button in (
        (Stop("applications.write_page", "ada", written), "[data-primary]"),
        (Stop("reviews.edit", "rita", begun), "main [value=save]:not(.vh)"),
        (Stop("setup.edit", "cora", texts), "#save"),
    ):
        page = opened(as_, pages, stop, "kk")
        page.locator("main textarea").first.fill("Басқа мәтін")
        page.evaluate("() => { document.querySelector('main [name=version]').value = '99'; }")
        with page.expect_response(is_press) as gone:
            page.locator(button).first.click()
        assert gone.value.status == 409, f"{gone.value.status}: {stop}"
        expect(page.locator(".conflict")).to_contain_text("Басқа мәтін")
        expect(page.locator(".conflict [tabindex]").first).to_be_focused()
        found += [f"two versions {stop}: {each}" for each in look.findings(page, "kk")]
    assert found == [], "\n".join(found)


def test_a_row_that_was_added_or_removed_keeps_the_place(
    as_: As, pages: dict[str, Route], calls: Calls
) -> None:
    params = {"ref": calls.refs["written"], "section": "budget", "page": "lines"}
    page = opened(as_, pages, Stop("applications.write_page", "ada", params), "ru")
    cards = page.locator("#f-lines fieldset.rowcard")
    page.locator("#f-lines-add").click()
    expect(cards).to_have_count(3)
    expect(cards.last.locator("input, select, textarea").first).to_be_focused()
    found = look.findings(page, "ru")
    cards.last.locator("[id$=-remove]").click()
    expect(cards).to_have_count(2)
    page.wait_for_function("() => document.activeElement.closest('main form') !== null")
    found += look.findings(page, "ru")
    assert found == [], "\n".join(found)


def test_everything_is_reached_by_tab_and_the_focus_is_seen(
    as_: As, pages: dict[str, Route], calls: Calls
) -> None:
    section = {"ref": calls.refs["written"], "section": "budget", "page": "lines"}
    review = {"call": calls.of(Phase.REVIEWING).call.slug, "code": calls.codes["begun"]}
    awards = {"call": calls.of(Phase.REVIEWED).call.slug}
    call = {"call": calls.of(Phase.REVIEWING).call.slug}
    one = {stop.route: stop for stop in stops(calls) if stop.route in {"screening.show", "redaction.show"}}
    desk = ("desk.home", "assignments.list", "ties.list", "phases.list", "flags.list", "panel.list")
    found = []
    for stop in (
        Stop("applications.write_page", "ada", section),
        Stop("reviews.edit", "rita", review),
        Stop("awards.list", "cora", awards),
        *(Stop(route, "cora", call) for route in desk),
        *one.values(),
    ):
        page = opened(as_, pages, stop, "en")
        found += [f"{stop}: {each}" for each in stumbles(page)]
    assert found == [], "\n".join(found)


LEAST_WINNERS = 4


@pytest.mark.parametrize("size", [(1920, 1080), (1280, 720)], ids=["full_hd", "projector"])
def test_the_stage_fits_its_screen(
    as_: As, pages: dict[str, Route], calls: Calls, size: tuple[int, int]
) -> None:
    """Curtain, a winner with a long title, and the board of all: nothing is cut off or needs scrolling."""
    world = calls.of(Phase.DECIDED)
    control_stop = Stop("stage.control", "cora", {"call": world.call.slug, "pot": world.round.code})
    control, hall = as_("cora"), as_("")
    hall.set_viewport_size({"width": size[0], "height": size[1]})
    found = []
    for scene in ("curtain", "reveal", "board"):
        if scene == "reveal":
            shown = 0
            opened(as_, pages, control_stop, "en")
            while control.locator("#arm").count():
                control.locator("#arm").click()
                control.locator("#reveal").click()
                expect(control.locator("#armed")).to_have_count(0)
                opened(as_, pages, control_stop, "en")
                shown += 1
            assert shown >= LEAST_WINNERS, "the board is looked at with many"
            found += [f"control: {each}" for each in look.findings(control, "en")]
        if scene == "board":
            control.locator("#show-board").click()
            expect(control.locator("#now")).to_contain_text("All revealed winners")
        hall.goto(where(pages, Stop("stage.screen", "", {"pot": world.round.code}), "kk"))
        assert hall.locator("#scene").get_attribute("data-scene") == SCENES[scene]
        cut = "e => [e.scrollWidth - e.clientWidth, e.scrollHeight - e.clientHeight]"
        assert hall.locator("html").evaluate(cut) == [0, 0], scene
        found += [f"{scene}: {each}" for each in look.violations(hall, contrast=True)]
    assert found == [], "\n".join(found)

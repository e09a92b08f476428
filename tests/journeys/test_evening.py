"""The whole evening on real phones: ten pitches, a jury of four, a server that is killed, six winners.

Whatever comes to anybody but those who seal is kept byte by byte, and looked through after every reveal.
"""

import re
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize, expect
from sqlalchemy import Engine
from sqlmodel import col, select

from app.database import session_on
from app.events.jury import JurorInput, add_juror
from app.models.jury import Juror
from app.models.outbox import Mail, MailState
from app.models.panel import PanelMember, PanelRole
from app.vendor import HTMX_URL
from tests.conftest import FAR_FUTURE
from tests.events.evening import EVENING, announced
from tests.factories import REVIEWING
from tests.journeys.conftest import ANDROID, PHONE, answer_htmx
from tests.journeys.steps import tick
from tests.journeys.wire import Wire
from tests.killable import Forge, Server
from tests.world import World, cookie_for, key

HALL: ViewportSize = {"width": 1920, "height": 1080}
LAPTOP: ViewportSize = {"width": 1280, "height": 800}
CRITERIA = ("need", "work_plan", "budget", "sustainability")
PITCHES, WINNERS = 10, 6
TIED, OFFLINE, KILLED, ON_PAPER = 4, 5, 7, 10
"""In which pitch what happens."""
IDEA = re.compile(rb"Idea (\d+)\b")
SUM = re.compile(rb"5(?:,|\xc2\xa0|\xe2\x80\xaf)000")
STATIC = re.compile(rb"\r\ncontent-type: (?:text/javascript|text/css|image/)")


@dataclass
class Phone:
    """Somebody's browser, and the wire to it."""

    page: Page
    wire: Wire
    seals: bool = False
    before: int = 0

    def since(self) -> list[bytes]:
        """The answers since there is a result, but for files that are the same for everybody at all times."""
        return [each for each in self.wire.answers()[self.before :] if not STATIC.search(each)]


@dataclass
class Evening:
    """Everybody who takes part, and the server."""

    engine: Engine
    world: World
    server: Server
    browser: Browser
    stack: ExitStack
    phones: dict[str, Phone] = field(default_factory=dict)
    revealed: list[str] = field(default_factory=list)

    @property
    def pot(self) -> str:
        return self.world.round.code

    @property
    def desk(self) -> str:
        return f"/en/desk/2026/event/{self.pot}"

    @property
    def stage(self) -> str:
        return f"/en/desk/2026/stage/{self.pot}"

    def opened(
        self, name: str, viewport: ViewportSize = PHONE, who: str = "", *, seals: bool = False
    ) -> Page:
        """A browser of somebody's own; `who` is signed in."""
        wire = self.stack.enter_context(Wire(self.server.port))
        context: BrowserContext = self.browser.new_context(
            base_url=wire.address,
            viewport=viewport,
            locale="en-GB",
            user_agent=ANDROID if viewport is PHONE else None,
            reduced_motion="reduce",
        )
        self.stack.callback(context.close)
        context.set_default_timeout(15_000)
        context.route(HTMX_URL, answer_htmx)
        if who:
            with session_on(self.engine) as session, session.begin():
                cookies = cookie_for(session, self.world.people[who], FAR_FUTURE)
            for cookie, value in cookies.items():
                context.add_cookies([{"name": cookie, "value": value, "url": wire.address}])
        page = context.new_page()
        self.phones[name] = Phone(page, wire, seals)
        return page

    def page(self, name: str) -> Page:
        return self.phones[name].page

    def press(self, *ids: str, who: str = "control") -> None:
        """Press one button after the other on a control."""
        page = self.page(who)
        for each in ids:
            page.locator(f"#{each}").click()
            # The page stays while its press is under way.
            expect(page.locator("#control [aria-busy=true]")).to_have_count(0)

    def nothing_is_told(self) -> None:
        """Of who is not revealed everybody gets as much as of who never wins, and nothing of any sum."""
        open_ = {str(number) for number in range(1, PITCHES + 3)} - set(self.revealed)
        for name, phone in self.phones.items():
            if phone.seals:
                continue
            for answer in phone.since():
                told = Counter(found.decode() for found in IDEA.findall(answer))
                counts = {told[each] for each in open_ if int(each) <= PITCHES}
                assert len(counts) == 1, (name, told, self.revealed, answer[:3000].decode())
                assert len(SUM.findall(answer)) <= len(self.revealed), (name, answer.decode())
        with session_on(self.engine, reading=True) as session:
            letters = session.exec(select(Mail.template).where(col(Mail.template).startswith("result"))).all()
        assert letters == []
        assert "Idea" not in self.server.log.read_text()


@pytest.fixture
def database_url(sqlite_database: str) -> str:
    """What a browser does is the same on either engine; streams of two processes have a test of their own."""
    return sqlite_database


@pytest.fixture
def evening(
    engine: Engine, database_url: str, world: World, browser: Browser, forge: Forge, tmp_path: Path
) -> Iterator[Evening]:
    """Ten teams are announced, four jurors seated, two people coordinate, and the doors are open."""
    with session_on(engine) as session, session.begin():
        announced(session, world, PITCHES)
        session.add(
            PanelMember(
                call_id=key(world.call),
                person_id=key(world.people["max"]),
                role=PanelRole.COORDINATOR,
                code="SECOND",
                joined_at=REVIEWING,
            )
        )
        session.flush()
        for number, code in enumerate(("BC", "AKIM", "ADC", "KBTU"), 1):
            given = JurorInput(name=f"Juror {number}", organisation=code, phone="+7 700 000 00 00")
            add_juror(session, world.coordinator(), world.round.code, given, EVENING)
    server = Server(forge, database_url, tmp_path, begins=EVENING)
    server.start()
    with ExitStack() as stack:
        stack.callback(server.kill)
        server.wait()
        yield Evening(engine, world, server, browser, stack)


def test_ten_pitch_four_score_six_are_revealed_and_nobody_knows_before(evening: Evening) -> None:
    everybody_comes(evening)
    for slot in range(1, PITCHES + 1):
        a_team_pitches(evening, slot)
    the_jury_compares(evening)
    the_paper_is_keyed_in_by_two(evening)
    the_jury_is_done(evening)
    the_results_are_sealed(evening)
    for number in range(1, WINNERS + 1):
        a_winner_is_revealed(evening, number)
    all_stand_on_the_board(evening)
    it_is_published(evening)


def everybody_comes(evening: Evening) -> None:
    control = evening.opened("control", PHONE, "cora", seals=True)
    second = evening.opened("second", PHONE, "max", seals=True)
    evening.opened("presenter", LAPTOP, "cora", seals=True).goto(f"{evening.stage}/presenter")
    the_jury_comes_in(evening)
    control.goto(evening.stage)
    second.goto(evening.stage)
    link = control.locator("#hall-link").get_attribute("href") or ""
    evening.opened("hall", HALL).goto(re.sub(r"^https?://[^/]+", "", link))
    evening.opened("kk", PHONE).goto(f"/kk/live/{evening.pot}")
    evening.opened("ru", PHONE).goto(f"/ru/live/{evening.pot}")


def the_jury_comes_in(evening: Evening) -> None:
    """Each by the link and the code of a card that is shown once."""
    with session_on(evening.engine, reading=True) as session:
        codes = session.exec(select(Juror.code).order_by(col(Juror.number))).all()
    desk = evening.page("control")
    for number, code in enumerate(codes, 1):
        desk.goto(f"{evening.desk}/jury/{code}")
        desk.locator("#issue").click()
        link, digits = desk.locator("#link").inner_text(), desk.locator("#code").inner_text()
        juror = evening.opened(f"juror {number}", PHONE)
        juror.goto(re.sub(r"^https?://[^/]+", "", link.strip()))
        juror.locator("main [name=code]").fill(digits.strip())
        juror.locator("#enter").click()
        expect(juror).to_have_url(re.compile(rf"/jury/{evening.pot}$"))


def a_team_pitches(evening: Evening, slot: int) -> None:
    """Title, pitch, questions, thanks; meanwhile the jury scores, each on a phone of their own."""
    evening.press("next")
    title = title_on(evening.page("hall"), slot)
    for name in ("kk", "ru", "presenter"):
        expect(evening.page(name).locator("main")).to_contain_text(title)
    evening.press("next")
    expect(evening.page("hall").locator("[data-until]")).to_be_visible()
    jury = [number for number in range(1, 5) if (number, slot) != (4, ON_PAPER)]
    for number in jury:
        the_page_opens(evening, number, slot)
    if slot == KILLED:
        evening.server.kill()
    for number in jury:
        the_juror_scores(evening.page(f"juror {number}"), number, slot)
    if slot in {KILLED, OFFLINE + 1}:
        the_connection_comes_back(evening, slot, jury)
    evening.press("next", "next")


def the_connection_comes_back(evening: Evening, slot: int, jury: list[int]) -> None:
    """What was kept on a phone is sent, and nobody has to press for it."""
    if slot == KILLED:
        the_server_comes_back(evening)
    else:
        evening.page("juror 3").context.set_offline(False)
    for number in jury:
        expect(evening.page(f"juror {number}").locator("#waiting")).to_be_hidden(timeout=30_000)


def the_server_comes_back(evening: Evening) -> None:
    """Those who follow say that they have no connection, and then no more, by themselves."""
    for name in ("kk", "hall"):
        expect(evening.page(name).locator("#stale")).to_be_visible(timeout=30_000)
    evening.server.start()
    evening.server.wait()
    for name in ("kk", "hall"):
        expect(evening.page(name).locator("#stale")).to_be_hidden(timeout=30_000)
    evening.page("control").reload()


def title_on(page: Page, slot: int) -> str:
    """The team of this slot is on the hall's screen; its title."""
    expect(page.locator("[data-scene=title]")).to_be_visible()
    heading = page.locator("h1")
    expect(heading).to_contain_text(re.compile(r"Idea \d+"))
    return heading.inner_text().strip()


def the_page_opens(evening: Evening, number: int, slot: int) -> None:
    """By itself, once the pitch begins: nobody has to look for it."""
    page = evening.page(f"juror {number}")
    if number == 3 and slot == OFFLINE + 1:
        page.locator("#no-connection [data-part=next]").click()
        return
    page.wait_for_url(re.compile(rf"/jury/{evening.pot}/{slot}$"), timeout=20_000)
    page.wait_for_function("() => document.readyState === 'complete'")
    if number == 3 and slot == OFFLINE:
        page.context.set_offline(True)


def the_juror_scores(page: Page, number: int, slot: int) -> None:
    if (number, slot) == (2, TIED):
        tick(page.locator("main [name=tie]"))
    else:
        for position, criterion in enumerate(CRITERIA):
            tick(page.locator(f"[name='scores.{criterion}'][value='{given_by(number, slot, position)}']"))
    page.locator("#wait").click()
    if slot == KILLED or (number == 3 and slot in {OFFLINE, OFFLINE + 1}):
        expect(page.locator("#no-connection")).to_be_visible()
    else:
        expect(page.locator("#evening")).to_be_visible()


def given_by(number: int, slot: int, position: int) -> int:
    """What a juror gives the team of this slot on the criterion of this position."""
    return 1 + (slot * 7 + number + position * 3) % 5


def the_jury_compares(evening: Evening) -> None:
    """After the last pitch; one of them changes what they gave the first team. Nobody is told a total."""
    evening.press("next")
    expect(evening.page("hall").locator("[data-scene=scoring]")).to_be_visible()
    juror = evening.page("juror 1")
    juror.goto(f"/en/jury/{evening.pot}")
    juror.locator("#own tbody tr").first.get_by_role("link").click()
    tick(juror.locator("[name='scores.need'][value='5']"))
    juror.locator("#wait").click()
    expect(juror.locator("#own tbody tr").first).to_contain_text("5")


def the_paper_is_keyed_in_by_two(evening: Evening) -> None:
    """The fourth juror's phone has no power left: the second keying differs in one cell, until both look."""
    with session_on(evening.engine, reading=True) as session:
        code = session.exec(select(Juror.code).where(Juror.number == 4)).one()
    for who, wrong in (("control", 0), ("second", 1), ("control", 0), ("second", 0)):
        page = evening.page(who)
        page.goto(f"{evening.desk}/ballots/{code}")
        for position, criterion in enumerate(CRITERIA):
            cell = page.locator(f"[name='pitches.{ON_PAPER}.scores.{criterion}']")
            cell.fill(str(1 + (given_by(4, ON_PAPER, position) - 1 + wrong * (not position)) % 5))
        page.locator("#key").click()
        if wrong:
            expect(page.locator("main")).to_contain_text("Look at the paper again")
    expect(evening.page("second").locator("main")).not_to_contain_text("Look at the paper again")


def the_jury_is_done(evening: Evening) -> None:
    """Three say so; the fourth's ballots are closed. Only then is there a total, for those who decide."""
    for number in (1, 2, 3):
        juror = evening.page(f"juror {number}")
        juror.goto(f"/en/jury/{evening.pot}")
        juror.locator("#finish").click()
        expect(juror.locator("#finish")).to_be_hidden()
    control = evening.page("control")
    control.goto(f"{evening.desk}/tally")
    expect(control.locator("#close")).to_be_hidden()
    control.get_by_role("link", name="4. Juror 4").click()
    control.locator("main [name=reason]").fill("The phone has no power left; the last ballot is on paper.")
    control.locator("#close").click()
    control.goto(f"{evening.desk}/tally")
    for phone in evening.phones.values():
        phone.before = len(phone.wire.answers())
    control.locator("#close").click()
    expect(control.locator("#order tbody tr")).to_have_count(PITCHES)
    evening.nothing_is_told()


def the_results_are_sealed(evening: Evening) -> None:
    """The line is drawn by both scores, the decision frozen, sealed by one and confirmed by the other."""
    control, second = evening.page("control"), evening.page("second")
    control.goto("/en/desk/2026/awards")
    control.locator("[id^=draw-line]").click()
    expect(control.locator("main")).to_contain_text(f"{WINNERS} / {WINNERS}")
    for box in control.locator("[name=known]").all():
        tick(box)
    control.locator("#decide").click()
    expect(control.locator("main")).to_contain_text("The decision is frozen")
    control.goto(f"{evening.stage}/seal")
    control.locator("#seal").click()
    expect(control.locator("main")).to_contain_text("A second person is needed")
    second.goto(f"{evening.stage}/seal")
    second.locator("#confirm-seal").click()
    digest = second.locator("#sha256").inner_text()
    public = evening.page("kk").context.new_page()
    public.goto("/en/calls/2026/seal")
    expect(public.locator("main")).to_contain_text(digest)
    public.close()
    for page in (control, second):
        page.goto(evening.stage)
    evening.nothing_is_told()


def a_winner_is_revealed(evening: Evening, number: int) -> None:
    """Two taps; once both coordinators tap at the same moment, and once the server is killed before."""
    control, second = evening.page("control"), evening.page("second")
    if number == 4:
        evening.server.kill()
        evening.server.start()
        evening.server.wait()
        control.goto(evening.stage)
    control.locator("#arm").click()
    title = control.locator("#armed strong").inner_text().strip()
    evening.nothing_is_told()
    if number == 2:
        second.goto(evening.stage)
        second.locator("#arm").click()
        expect(second.locator("#armed")).to_contain_text(title)
        for page in (control, second):
            page.evaluate("document.getElementById('reveal').click()")
        for page in (control, second):
            expect(page.locator("#armed")).to_be_hidden()
    else:
        control.locator("#reveal").click()
    evening.revealed.append(title.removeprefix("Idea "))
    for name in ("hall", "kk", "ru", "presenter"):
        expect(evening.page(name).locator("main")).to_contain_text(
            re.compile(rf"{title}(?!\d)"), timeout=20_000
        )
    for name in ("kk", "ru"):
        expect(evening.page(name).locator(".revealed li")).to_have_count(number, timeout=20_000)
    evening.nothing_is_told()
    control.goto(evening.stage)


def all_stand_on_the_board(evening: Evening) -> None:
    evening.press("show-board")
    hall = evening.page("hall")
    expect(hall.locator("[data-scene=board]")).to_be_visible()
    told = re.findall(r"Idea (\d+)", hall.locator("main").inner_text())
    assert sorted(told) == sorted(evening.revealed)
    for name in ("kk", "ru"):
        seen = evening.page(name).locator(".revealed li strong").all_inner_texts()
        assert [each.removeprefix("Idea ") for each in seen] == evening.revealed[::-1]


def it_is_published(evening: Evening) -> None:
    """Two people find the same counts. Everybody's page then stands at the same; letters wait."""
    control, second = evening.page("control"), evening.page("second")
    control.goto("/en/desk/2026/awards")
    control.get_by_role("link", name="Publish the results").first.click()
    control.locator("#publish-now").click()
    second.goto(control.url)
    second.locator("#publish-confirm").click()
    expect(second.locator("main")).to_contain_text("The letters wait")
    for name in ("kk", "ru"):
        page = evening.page(name)
        page.locator("a[href$='/calls/2026/results']").click()
        told = set(re.findall(r"Idea (\d+)", page.locator("main").inner_text()))
        assert told == set(evening.revealed)
    expect(evening.page("hall").locator("[data-scene=board]")).to_be_visible()
    for number in range(1, 5):
        juror = evening.page(f"juror {number}")
        juror.goto(f"/en/jury/{evening.pot}")
        expect(juror.locator("#own tbody tr")).to_have_count(PITCHES)
        expect(juror.locator("#finish")).to_be_hidden()
    with session_on(evening.engine, reading=True) as session:
        letters = session.exec(select(Mail.state).where(col(Mail.template).startswith("result"))).all()
    assert Counter(letters) == {MailState.QUEUED: PITCHES + 2}

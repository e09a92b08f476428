"""A coordinator from the applications that came in to the last reviewer: checks, covers, gives out, replaces.

With JavaScript and without it: no step of it may need a script.
"""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import Engine
from sqlmodel import Session, col, select

from app.applications.coverings import BLOCKS
from app.applications.rules import rules_of
from app.database import session_on
from app.models.applications import Application, Status
from app.models.panel import PanelMember, PanelRole
from app.models.reviews import Assignment
from app.random_codes import random_code
from tests.applications.steps import begin_write_send
from tests.applications.typed import GRANT
from tests.conftest import FAR_FUTURE, Clock
from tests.factories import REVIEWING, make_sent_application
from tests.journeys.conftest import Person, Post
from tests.journeys.steps import no_sideways_scrolling, press, tick
from tests.world import OPENS, World, cookie_for, key

DESK = "/en/desk/2026"
LEAK = "Ada Canaryname"
STRENGTHS = f"{LEAK} has kept this garden for five years."
QUESTION = "How many trees will be planted? The plan names two numbers."
WORDS = "The project is to take place in Taraz, and this call is for Almaty only."
ALONE = "Nobody else coordinates this call in March, and the rule leaves no doubt."
As = Callable[[str], Page]


@pytest.fixture
def database_url(migrated_sqlite: Path, tmp_path: Path) -> str:
    """What a browser does is the same on either engine."""
    path = tmp_path / "desk.db"
    path.write_bytes(migrated_sqlite.read_bytes())
    return f"sqlite:///{path}"


@pytest.fixture
def refs(engine: Engine, world: World, clock: Clock) -> dict[str, str]:
    """Three applications came in; in one stands who wrote it. Rita has a colleague, Zoe."""
    with session_on(engine) as session, session.begin():
        named = {**GRANT, "work_plan": {**GRANT["work_plan"], "strengths": STRENGTHS}}
        found = {
            "named": begin_write_send(session, world.applicant(), named),
            "unclear": make_sent_application(session, world, "ben", "Pears", cleared=False).ref,
            "outside": make_sent_application(session, world, "ben", "Taraz", cleared=False).ref,
        }
        world.members["zoe"] = _colleague(session, world)
    clock.now = REVIEWING
    return found


def _colleague(session: Session, world: World) -> PanelMember:
    member = PanelMember(
        call_id=key(world.call),
        person_id=key(world.people["zoe"]),
        organisation_id=key(world.organisations["BC"]),
        role=PanelRole.REVIEWER,
        code=random_code(),
        joined_at=OPENS,
    )
    session.add(member)
    session.flush()
    return member


@pytest.mark.parametrize("javascript", [True, False], ids=["javascript", "without_javascript"])
def test_from_the_first_check_to_the_replaced_reviewer(
    person: Person,
    post: Post,
    engine: Engine,
    world: World,
    refs: dict[str, str],
    address: str,
    javascript: bool,
) -> None:
    def as_(who: str) -> Page:
        page = person(javascript=javascript)
        page.emulate_media(reduced_motion="reduce")
        with session_on(engine) as session, session.begin():
            cookies = cookie_for(session, world.people[who], FAR_FUTURE)
        for name, value in cookies.items():
            page.context.add_cookies([{"name": name, "value": value, "url": address}])
        return page

    cora = as_("cora")
    everything_is_checked(cora, world, refs)
    post.deliver()
    letter = cora.context.request.get("/en/mailbox?to=ben.canary@example.org").text()
    assert WORDS in letter
    one_place_is_covered(cora, refs["named"])
    a_suspicion_is_decided(cora)
    work_is_given_out(cora, refs["unclear"])
    code, first, second = _pair(engine, world, refs["named"])
    the_reviewer_declares_a_tie(as_(first), code)
    the_coordinator_replaces(cora, code, second)
    the_substitute_reads_blocks(as_(second), code)
    with session_on(engine, reading=True) as session:
        stands = dict(session.exec(select(Application.ref, Application.status)).all())
    assert stands == {
        refs["named"]: Status.IN_REVIEW,
        refs["unclear"]: Status.IN_REVIEW,
        refs["outside"]: Status.REFUSED,
    }


def everything_is_checked(page: Page, world: World, refs: dict[str, str]) -> None:
    """One passes, of one something is asked, one is refused."""
    page.goto(f"{DESK}/screening")
    no_sideways_scrolling(page)
    expect(page.locator("main")).to_contain_text("0 of 3")
    _finds(page, world, refs["named"])
    no_sideways_scrolling(page)
    press(page, "All rules are met: save and next")

    _finds(page, world, refs["unclear"])
    press(page, "Keep it and ask for a correction")
    expect(page).to_have_url(re.compile(f"/applications/{refs['unclear']}/correction"))
    page.locator("main [name=question]").fill(QUESTION)
    tick(page.locator("main [name=fields]").first)
    press(page, "Send the request")
    expect(page.locator("main")).to_contain_text(QUESTION)

    _finds(page, world, refs["outside"], who_cannot="unmet")
    page.locator("main [name=words]").fill(WORDS)
    page.locator("main [name=note]").fill(ALONE)
    press(page, "Refuse it")
    expect(page.locator("main")).to_contain_text("Why it cannot take part")
    page.goto(f"{DESK}/screening")
    expect(page.locator("main")).to_contain_text("2 of 3")


def _finds(page: Page, world: World, ref: str, **broken: str) -> None:
    page.goto(f"{DESK}/screening/{ref}")
    for rule in rules_of(world.call):
        tick(page.locator(f"[name='checks.{rule}'][value={broken.get(rule, 'met')}]"))


def one_place_is_covered(page: Page, ref: str) -> None:
    """What holds nothing is cleared at once; the place that names Ada is covered first."""
    page.goto(f"{DESK}/redaction")
    press(page, "Clear all of these: 1")
    page.goto(f"{DESK}/redaction/{ref}")
    no_sideways_scrolling(page)
    expect(page.locator("mark")).to_have_text(LEAK)
    # Not decided yet: it is refused, at the place.
    press(page, "Clear it and open the next")
    expect(page.locator("#errors")).to_be_visible()
    tick(page.locator("[name='how.work_plan.strengths'][value=covered]"))
    press(page, "Clear it and open the next")
    expect(page).to_have_url(re.compile(f"{DESK}/redaction\\?done=redaction_cleared"))


def a_suspicion_is_decided(page: Page) -> None:
    """Ada names a link with one of the organisations; until that is decided, nobody of it may score hers."""
    page.goto(DESK)
    page.locator(f"main a[href='{DESK}/ties']").first.click()
    page.locator("#decide").click()
    no_sideways_scrolling(page)
    tick(page.locator("main [name=suspected]"))
    tick(page.locator("[name=finding][value=no_tie]"))
    page.locator("main [name=reason]").fill("A letter of support from its library, no work together.")
    with page.expect_navigation(wait_until="domcontentloaded"):
        page.locator("#press").click()
    expect(page.locator("main")).to_contain_text("Nothing waits to be decided.")


def work_is_given_out(page: Page, asked: str) -> None:
    """A proposal is looked at, then published; reviewing opens once nobody is still to answer."""
    page.goto(f"{DESK}/assign")
    # Two forms of this page ask for a reviewer, each by words of its own.
    expect(page.get_by_label("Whose applications are to be handed on?")).to_have_id("f-hand-on-handed_by")
    page.locator("#propose").click()
    expect(page.locator("h1")).to_have_text("Proposed assignment")
    no_sideways_scrolling(page)
    page.locator("#publish").click()
    expect(page.locator("main")).to_contain_text("Every application has its reviewers.")
    page.goto(DESK)
    page.locator("#open-reviewing").click()
    expect(page.locator("#shut")).to_contain_text("Applicants still have time to correct something.")
    expect(page.locator("#open-now")).to_have_count(0)
    page.goto(f"{DESK}/applications/{asked}/correction")
    press(page, "Close this request")
    page.goto(DESK)
    page.locator("#open-reviewing").click()
    press(page, "Open reviewing now")
    expect(page.locator("#close-reviewing")).to_be_visible()


def _pair(engine: Engine, world: World, ref: str) -> tuple[str, str, str]:
    """The code of the application; which of Rita and Zoe scores it, and which does not."""
    with session_on(engine, reading=True) as session:
        application = session.exec(select(Application).where(Application.ref == ref)).one()
        both = {key(world.members[name]): name for name in ("rita", "zoe")}
        chosen = session.exec(
            select(Assignment.member_id).where(
                Assignment.application_id == application.id, col(Assignment.member_id).in_(both)
            )
        ).one()
    first = both.pop(chosen)
    return application.code, first, both.popitem()[1]


def the_reviewer_declares_a_tie(page: Page, code: str) -> None:
    page.goto("/en/review/2026")
    page.get_by_role("link", name=code).click()
    tick(page.locator("[name=tie][value=tie]"))
    press(page, "Continue to the application")
    page.goto("/en/review/2026")
    expect(page.locator("tr", has_text=code)).to_contain_text("tie")


def the_coordinator_replaces(page: Page, code: str, second: str) -> None:
    """The desk says that somebody must take over, and who is proposed; one press gives it."""
    page.goto(DESK)
    page.locator(f"main a[href*='{DESK}/ties']").first.click()
    waiting = page.locator("section", has=page.locator("#recusals"))
    expect(waiting).to_contain_text(code)
    expect(waiting).to_contain_text(f"Proposed: {second.title()} Canaryname")
    no_sideways_scrolling(page)
    with page.expect_navigation(wait_until="domcontentloaded"):
        page.get_by_role("button", name=re.compile("Give it to this colleague")).click()
    page.goto(f"{DESK}/ties")
    expect(page.locator("#recusals")).to_have_count(0)


def the_substitute_reads_blocks(page: Page, code: str) -> None:
    page.goto("/en/review/2026")
    page.get_by_role("link", name=code).click()
    tick(page.locator("[name=tie][value=none]"))
    press(page, "Continue to the application")
    expect(page.locator("main")).to_contain_text(f"{BLOCKS} has kept this garden for five years.")
    assert "Canaryname" not in page.locator("main").inner_text()
    no_sideways_scrolling(page)

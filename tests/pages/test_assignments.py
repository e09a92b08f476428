"""Assigning over HTTP: what is proposed, single changes, substitutes, and what is refused."""

import re
from types import SimpleNamespace
from typing import Any
from urllib.parse import quote

import pytest
from sqlalchemy import Engine
from sqlmodel import select

from app.database import session_on
from app.models.applications import Application
from app.models.panel import PanelMember, PanelRole
from app.models.reviews import Assignment, Tie
from app.pages.page import environment
from app.pages.proposal_views import Codes, Wording, load_views, shortage_view
from app.reviews.proposal import FullShortage, ProposedLoad, StarvingNeed, StarvingSet
from app.reviews.rules import AssignmentRules
from tests.conftest import Client, Clock
from tests.factories import (
    REVIEWING,
    count_of,
    make_assignment,
    make_review,
    make_sent_application,
    open_reviewing_rows,
)
from tests.world import NOW, World

ASSIGN = "/en/desk/2026/assign"
PROPOSAL = f"{ASSIGN}/proposal"


@pytest.fixture
def applications(engine: Engine, world: World, clock: Clock) -> list[Application]:
    clock.now = REVIEWING
    with session_on(engine) as session, session.begin():
        found = [make_sent_application(session, world, title=f"Project {n}") for n in range(3)]
        open_reviewing_rows(session, world)
    return found


def how_many(engine: Engine) -> int:
    with session_on(engine, reading=True) as session:
        return count_of(session, Assignment, Assignment.withdrawn_at == None)  # noqa: E711


RULES = {"languages": "yes", "capacity": "yes", "connected": "yes", "most": "", "organisation_most.BC": ""}


def version_on(page: str) -> str:
    found = re.search(r'name="version" value="(\d+)"', page)
    assert found is not None
    return found[1]


def test_an_assignment_is_proposed_adjusted_and_published(
    client: Client, engine: Engine, world: World, applications: list[Application]
) -> None:
    cora = client("cora")
    assert "Still to be given out: 12" in cora.get(ASSIGN).text
    assert cora.get(PROPOSAL).status_code == 303
    answer = cora.post(f"{ASSIGN}/propose", data=RULES)
    assert answer.headers["location"] == f"{PROPOSAL}?done=assignment_proposed"
    assert how_many(engine) == 0
    page = cora.get(PROPOSAL).text
    assert "Rita Canaryname" in page
    assert page.count('<span class="tag ok">New</span>') == 12
    assert "Nothing found" in cora.get(f"{PROPOSAL}?show=holes").text
    version = version_on(page)

    change = {"application": applications[0].code, "reviewer": world.members["rita"].code, "version": version}
    assert cora.post(PROPOSAL, data=change).status_code == 422, "neither button was pressed"
    unknown = cora.post(PROPOSAL, data=change | {"act": "take", "application": "Апорт-0"})
    assert (unknown.status_code, 'value="Апорт-0"' in unknown.text) == (422, True)
    taken = cora.post(PROPOSAL, data=change | {"act": "take"})
    assert taken.headers["location"] == f"{PROPOSAL}?done=assignment_adjusted#adjust"
    for late in (PROPOSAL, f"{PROPOSAL}/publish", f"{PROPOSAL}/discard"):
        stale = cora.post(late, data=change | {"act": "give"})
        assert stale.headers["location"] == f"{PROPOSAL}?done=assignment_moved"
    moved = version_on(cora.get(PROPOSAL).text)
    twice = cora.post(PROPOSAL, data=change | {"act": "take", "version": moved})
    assert (twice.status_code, "This reviewer does not have this application." in twice.text) == (422, True)
    theirs = {"act": "give", "version": moved, "application": applications[1].code}
    there = cora.post(PROPOSAL, data=change | theirs)
    assert (there.status_code, "This is assigned already." in there.text) == (409, True)
    assert f'value="{applications[1].code}"' in there.text, "what was typed stands there still"
    page = cora.get(f"{PROPOSAL}?application={quote(applications[0].code)}").text
    assert page.count('<span class="tag err">Nobody</span>') == 1
    assert f'value="{applications[0].code}"' in page

    published = cora.post(f"{PROPOSAL}/publish", data={"version": version_on(page)})
    assert published.headers["location"] == f"{ASSIGN}?done=assignments_made"
    pressed_late = [cora.post(f"{PROPOSAL}/{act}", data={"version": "9"}) for act in ("publish", "discard")]
    for led in (cora.get(PROPOSAL), *pressed_late):
        assert led.headers["location"] == f"{ASSIGN}?done=assignment_no_proposal"
    assert "No proposal is open." in cora.get(f"{ASSIGN}?done=assignment_no_proposal").text
    assert how_many(engine) == 11
    assert "Still to be given out: 1" in cora.get(ASSIGN).text


def test_what_is_short_is_said_in_words_and_an_expired_proposal_is_not_published(
    client: Client, engine: Engine, world: World, applications: list[Application]
) -> None:
    cora = client("cora")
    refused = cora.post(f"{ASSIGN}/propose", data=RULES | {"most": "none", "organisation_most.BC": "0"})
    assert refused.status_code == 422
    assert 'href="#f-organisation_most-BC"' in refused.text
    assert 'value="none"' in refused.text
    cora.post(f"{ASSIGN}/propose", data=RULES | {"most": "2", "organisation_most.BC": "1"})
    page = cora.get(PROPOSAL).text
    assert "At most for each reviewer who gave no number: 2<br>" in page
    assert (page.count('data-l="At most" class="n">2<'), "Discard the proposal" in page) == (4, True)
    assert "<details open><summary>Limits" in cora.get(ASSIGN).text, "a limit in force is in sight"
    assert "Reviews needed: 12. Possible: 7." in page
    assert "Who may read them: Rolf Canaryname." in page
    assert "<strong>Rolf Canaryname</strong>: reads more than they can, by: 1" in page
    assert "reads more than its limit, by: 2" in page
    with session_on(engine) as session, session.begin():
        make_sent_application(session, world, title="Late")
    expired = cora.get(PROPOSAL).text
    assert "Since it was made, this has changed: the applications." in expired
    assert 'id="publish"' not in expired
    refused = cora.post(f"{PROPOSAL}/publish", data={"version": version_on(expired)})
    assert refused.status_code == 409 and 'id="again"' in refused.text, "the way on stands on the page"
    assert how_many(engine) == 0
    assert cora.post(f"{PROPOSAL}/discard", data={"version": version_on(expired)}).status_code == 303
    assert cora.get(PROPOSAL).status_code == 303


def test_of_a_long_list_the_rest_opens_behind_how_many_it_is() -> None:
    wording = Wording("en", {}, {})
    codes = [f"Апорт-{number}" for number in range(14)]
    assert wording.several(codes[:12]) == Codes(", ".join(codes[:12]), "", "")
    assert wording.several(codes) == Codes(", ".join(codes[:12]), "and 2 more", "Апорт-12, Апорт-13")
    needs = [
        StarvingSet(
            needs=[StarvingNeed(application=code, number=1, organisation=None)],
            able=["R"],
            wanted=1,
            possible=0,
        )
        for code in codes
    ]
    shortage = FullShortage(wanted=14, possible=0, missing={}, starving=needs, relaxations=[])
    view = shortage_view(shortage, wording)
    assert view is not None
    assert (len(view.starving), view.more, len(view.rest)) == (12, "and 2 more", 2)
    made: Any = environment("en").get_template("assignments/_shortage.html").module
    spoken = made.shortage(view)
    assert [code for code in codes if spoken.count(code) != 1] == ["Апорт-1"], "and it begins three others"


def test_an_organisation_without_a_reviewer_is_said_to_lack_once_and_nobody_is_compared() -> None:
    def lacking(code: str, organisation: str, able: list[str]) -> StarvingSet:
        needs = [StarvingNeed(application=code, number=1, organisation=organisation)]
        return StarvingSet(needs=needs, able=able, wanted=1, possible=0)

    starving = [
        lacking(code, of, able) for code in ("A-1", "A-2") for of, able in (("BC", []), ("EU", ["R"]))
    ]
    shortage = FullShortage(wanted=4, possible=0, missing={}, starving=starving, relaxations=[])
    view = shortage_view(shortage, Wording("en", {}, {"BC": "British Council"}))
    assert view is not None
    said = [(each.organisations, each.applications.shown, each.wanted) for each in view.starving]
    assert said == [("British Council", "A-1, A-2", 2), ("EU", "A-1", 1), ("EU", "A-2", 1)]


def test_a_pair_beyond_the_proposals_own_limit_is_said_as_well() -> None:
    """Whoever gave no number is held to the rules' one, which a pair given by hand passes."""
    loads = [
        ProposedLoad(
            reviewer=code,
            organisation="BC",
            now=50,
            gets=gets,
            gives=0,
            after=50 + gets,
            most=said,
            languages=[],
        )
        for code, gets, said in (("a", 1, None), ("b", 0, None), ("c", 1, 51))
    ]
    proposal: Any = SimpleNamespace(loads=loads, rules=AssignmentRules(most=50))
    views = load_views(proposal, Wording("en", {}, {}))
    assert [(each.name, each.most, each.over) for each in views] == [
        ("a", 50, True),
        ("b", 50, False),
        ("c", 51, False),
    ]


def test_of_nobody_and_of_one_reviewer_nothing_is_compared(
    client: Client, engine: Engine, world: World, applications: list[Application]
) -> None:
    cora, rita = client("cora"), world.members["rita"]
    for stays, said in (
        ("", "Nobody is given anything"),
        (rita.code, "Only one reviewer is given something"),
    ):
        with session_on(engine) as session, session.begin():
            for member in session.exec(select(PanelMember).where(PanelMember.role == PanelRole.REVIEWER)):
                member.removed_at = None if member.code == stays else NOW
        assert cora.post(f"{ASSIGN}/propose", data=RULES).status_code == 303
        assert said in cora.get(PROPOSAL).text


def test_a_remainder_and_a_table_become_proposals(
    client: Client, engine: Engine, world: World, applications: list[Application]
) -> None:
    cora = client("cora")
    rita = world.members["rita"].code
    assert cora.post(f"{ASSIGN}/hand-on", data={"handed_by": "", "number": "x"}).status_code == 422
    assert cora.post(f"{ASSIGN}/hand-on", data={"handed_by": rita, "number": ""}).status_code == 409
    assert cora.post(f"{ASSIGN}/table", data={"rows": ""}).status_code == 422
    lines = f"application,reviewer\r\n{applications[0].code},{rita}\r\n{applications[0].code},NOBODY\r\n"
    wrong = cora.post(f"{ASSIGN}/table", data={"rows": lines})
    assert wrong.status_code == 422
    assert "Line 3: there is no reviewer NOBODY on the panel." in wrong.text
    assert f"{applications[0].code},{rita}" in wrong.text
    file = {"file": ("table.csv", lines.replace("NOBODY", "").encode("kz1048"), "text/csv")}
    assert cora.post(f"{ASSIGN}/table", data={"rows": ""}, files=file).status_code == 303
    assert cora.get(PROPOSAL).text.count('<span class="tag ok">New</span>') == 1
    wide = f"application\treviewer\n{applications[1].code}\tRita Canaryname\n".encode("utf-16")
    assert cora.post(f"{ASSIGN}/table", files={"file": ("wide.csv", wide)}).status_code == 303
    book = cora.post(f"{ASSIGN}/table", files={"file": ("book.xlsx", b"PK\x03\x04\xff")})
    assert (book.status_code, "This is a workbook" in book.text, "PK\x03" in book.text) == (422, True, False)
    assert 'href="#f-file"' in book.text, "what is wrong with a file stands at the file"
    assert 'href="#f-rows"' not in book.text
    # A spreadsheet that knows no Kazakh letter writes another sign for it: said once, with how to mend it.
    lost = "application,reviewer\n" + "".join(f"А?сай-{n},{rita}\n" for n in range(100, 140))
    told = cora.post(f"{ASSIGN}/table", files={"file": ("lost.csv", lost.encode())}).text
    assert "in 40 lines “?” stands where a code has a letter" in told
    assert "CSV UTF-8" in told
    assert "Line 3" not in told
    many = "application,reviewer\n" + f"{applications[0].code},NOBODY\n" * 53
    assert "Lines not named here: 3." in cora.post(f"{ASSIGN}/table", data={"rows": many}).text
    assert cora.post(f"{ASSIGN}/table", files=file).status_code == 303
    table = cora.get(f"{ASSIGN}/table.csv")
    assert table.headers["content-disposition"] == 'attachment; filename="assignments-2026.csv"'
    assert f"{rita},Rita Canaryname,new\r\n" in table.text


def test_a_name_may_be_typed_into_the_column_of_names(
    client: Client, engine: Engine, world: World, applications: list[Application]
) -> None:
    cora = client("cora")
    head = "application,language,theme,organisation,reviewer,name,state\n"
    hole = f"{applications[0].code},,,BC,,%s,missing\n"
    said = cora.post(f"{ASSIGN}/table", data={"rows": head + hole % "Nobody Known"})
    assert "Line 2: there is no reviewer Nobody Known on the panel." in said.text
    assert cora.post(f"{ASSIGN}/table", data={"rows": head + hole % "Rita Canaryname"}).status_code == 303
    assert cora.get(PROPOSAL).text.count('<span class="tag ok">New</span>') == 1


def test_by_hand_and_taken_back(
    client: Client, engine: Engine, world: World, applications: list[Application]
) -> None:
    cora = client("cora")
    given = {"application": applications[0].code, "reviewer": world.members["rita"].code}
    assert cora.post(ASSIGN, data=given).headers["location"] == f"{ASSIGN}?done=assignment_made"
    assert how_many(engine) == 1
    again = cora.post(ASSIGN, data=given)
    assert (again.status_code, "This is assigned already." in again.text) == (409, True)
    assert f'value="{applications[0].code}"' in again.text
    assert cora.post(f"{ASSIGN}/withdraw", data=given).status_code == 303
    assert how_many(engine) == 0
    assert cora.post(f"{ASSIGN}/withdraw", data=given).status_code == 422


def test_by_hand_refused_keeps_what_was_typed(
    client: Client, engine: Engine, applications: list[Application]
) -> None:
    cora = client("cora")
    answer = cora.post(ASSIGN, data={"application": "Апорт-0", "reviewer": "NOBODY"})
    assert answer.status_code == 422
    assert 'value="Апорт-0"' in answer.text
    assert "There is no application with this code to be scored." in answer.text
    assert "Choose a reviewer from the list." in answer.text
    assert cora.post(ASSIGN, data={}).status_code == 422
    assert how_many(engine) == 0


def test_a_tie_gets_a_substitute_of_the_same_organisation(
    client: Client, engine: Engine, world: World, applications: list[Application]
) -> None:
    code = applications[0].code
    with session_on(engine) as session, session.begin():
        make_assignment(session, world, applications[0], "rita", tie=Tie.TIE).tie_note = "My cousin's"
    cora = client("cora")
    page = cora.get(ASSIGN).text
    assert "Ties without a substitute" in page
    assert "My cousin&#39;s" in page
    with session_on(engine) as session, session.begin():
        first = session.exec(select(Assignment)).one()
        second = make_assignment(session, world, applications[0], "karl", tie=Tie.TIE)
        second.organisation_id, second.tie_note = first.organisation_id, "My friend's"
    page = cora.get(ASSIGN).text
    one_for_both = ("My friend&#39;s" in page, "My cousin" in page)
    assert one_for_both == (True, False), "one substitute is sought for both"
    alone = cora.post(f"{ASSIGN}/substitute/BC/{quote(code)}")
    assert alone.status_code == 409
    assert "No other reviewer of this organisation is free of ties." in alone.text
    with session_on(engine) as session, session.begin():
        rolf = session.merge(world.members["rolf"])
        rolf.organisation_id = world.organisations["BC"].id
    answer = cora.post(f"{ASSIGN}/substitute/BC/{quote(code)}")
    assert answer.headers["location"] == f"{ASSIGN}?done=substitute_found"
    assert "Ties without a substitute" not in cora.get(ASSIGN).text


def test_who_does_not_fit_takes_over_only_by_hand(
    client: Client, engine: Engine, world: World, applications: list[Application]
) -> None:
    """The page says who comes nearest and what they lack; without the mark nothing is given."""
    code = applications[0].code
    with session_on(engine) as session, session.begin():
        make_assignment(session, world, applications[0], "rita", tie=Tie.TIE)
        rolf = session.merge(world.members["rolf"])
        rolf.organisation_id, rolf.languages, rolf.capacity = world.organisations["BC"].id, ["kk"], 1
        make_assignment(session, world, applications[1], "rolf")
    cora = client("cora")
    page = cora.get("/en/desk/2026/ties").text
    assert "Nobody of this organisation who is free fits." in page and "Written in: English" in page
    assert re.search(r"Nearest: Rolf Canaryname[^.]*, with 1 applications now \(at most: 1\)", page)
    assert "did not name this language as one they read: English, has as many as they said they can" in page
    path = f"{ASSIGN}/substitute/BC/{quote(code)}"
    refused = cora.post(path)
    assert refused.status_code == 422
    assert refused.text.count("Tick that you know what is missing") == 2, "at the field and in the summary"
    assert how_many(engine) == 2
    given = cora.post(path, data={"nonetheless": "yes"})
    assert (given.status_code, how_many(engine)) == (303, 3)


def test_a_sent_review_cannot_be_taken_back(
    client: Client, engine: Engine, world: World, applications: list[Application]
) -> None:
    with session_on(engine) as session, session.begin():
        make_review(session, world, make_assignment(session, world, applications[0], "rita"))
    given = {"application": applications[0].code, "reviewer": world.members["rita"].code}
    answer = client("cora").post(f"{ASSIGN}/withdraw", data=given)
    assert answer.status_code == 409
    assert how_many(engine) == 1


def test_the_page_offers_nothing_while_the_call_is_open(client: Client, world: World, clock: Clock) -> None:
    clock.now = NOW
    page = client("cora").get(ASSIGN).text
    assert "Assignments can be changed between" in page
    assert 'id="propose"' not in page


def test_rows_of_withdrawn_assignments_do_not_count(
    client: Client, engine: Engine, world: World, applications: list[Application]
) -> None:
    with session_on(engine) as session, session.begin():
        make_assignment(session, world, applications[0], "rita")
        session.exec(select(Assignment)).one().withdrawn_at = REVIEWING
    assert "Still to be given out: 12" in client("cora").get(ASSIGN).text

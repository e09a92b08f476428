"""The pages of checking: save and next, a second person, what the applicant reads, flags, filters."""

import re

from sqlalchemy import Engine
from sqlmodel import select

from app.applications.rules import rules_of
from app.applications.traces import trace
from app.database import session_on
from app.jobs.worker import send_due
from app.models.applications import Application, Status
from app.models.people import DevelopmentMail
from app.settings import Settings
from tests.applications.test_screening import WHY, WORDS, second
from tests.conftest import Client, Clock
from tests.factories import REVIEWING, make_sent_application
from tests.world import World

DESK = "/en/desk/2026"


def checks(world: World, **broken: str) -> dict[str, str]:
    return {f"checks.{rule}": broken.get(rule, "met") for rule in rules_of(world.call)}


def test_a_coordinator_checks_one_after_the_other(
    client: Client, engine: Engine, world: World, clock: Clock
) -> None:
    clock.now = REVIEWING
    with session_on(engine) as session, session.begin():
        refs = sorted(make_sent_application(session, world, title=f"Project {n}").ref for n in range(2))
    cora = client("cora")
    queue = cora.get(f"{DESK}/screening").text
    assert "0 of 2" in queue
    first, following = (f"{DESK}/screening/{ref}" for ref in refs)
    assert f'href="{first}"' in queue
    page = cora.get(first).text
    assert "Who signs is old enough." in page and "The form asks nobody&#39;s age" in page
    assert f'href="{following}"' in page
    # What is not met cannot pass: said at the top and at the rule, and what was typed is kept.
    wrong = {**checks(world, age="unmet"), "note": "Look at the date.", "_action": "pass", "version": "0"}
    refused = cora.post(first, data=wrong)
    assert refused.status_code == 422
    assert re.search(r'href="#f-checks-age"[^>]*>Who signs is old enough\. To let it pass', refused.text)
    assert "Look at the date." in refused.text
    assert re.search(r'id="f-checks-age-2"[^>]* value="unmet" checked', refused.text)
    passed = cora.post(first, data={**checks(world), "_action": "pass", "version": "0"})
    assert passed.headers["location"] == f"{following}?done=screening_passed"
    stale = cora.post(first, data={**checks(world), "note": "Kept?", "_action": "keep", "version": "0"})
    assert stale.status_code == 409
    assert "Kept?" in stale.text
    # Where the reason is missing, it is said once, where it is to be written; who runs it alone says both.
    bare = cora.post(following, data={"_action": "refuse", "version": "0"}).text
    summary = bare[bare.index('id="errors"') : bare.index("</ul>", bare.index('id="errors"'))]
    assert re.findall(r'href="#([\w-]+)"', summary) == ["f-checks", "f-words", "f-note"]
    unclear = {"checks.started": "unclear", "checks.amount": "unmet", "checks.age": "unmet"}
    fixing = cora.post(following, data=unclear | {"_action": "fix", "version": "0"})
    assert fixing.headers["location"].endswith(f"/applications/{refs[1]}/correction#ask")
    # What these rules are about is ticked already; the other sections are folded.
    asking = cora.get(f"{DESK}/applications/{refs[1]}/correction").text
    ticked = re.findall(r'name="fields" value="([^"]+)" checked', asking)
    assert ticked == ["work_plan.starts", "work_plan.ends", "budget.lines"]
    near, _, folded = asking.partition('<details id="others"')
    assert 'value="work_plan.strengths"' in near and 'value="budget.other_money"' in near
    assert 'value="team.phone"' in folded and 'value="need.problem"' in folded
    # What each rule is about stands beside it, and one press says that all are met.
    page = cora.get(following).text
    assert "Checked: 1 of 2" in page
    facts = {
        rule: re.sub(r"\s+", " ", page.split(f'id="f-checks-{rule}-facts"')[1].split("</div>\n</div>")[0])
        for rule in rules_of(world.call)
    }
    assert "One person" in facts["kind"]
    assert "€5,000" in facts["amount"]
    assert "2026" in facts["started"]
    met = {"checks.started": "met", "checks.amount": "met", "checks.age": "met"}
    done = cora.post(following, data=met | {"_action": "pass", "version": "1"})
    assert done.headers["location"] == f"{DESK}/screening?done=screening_all"
    assert client("ben").get(first).status_code == client("rita").get(first).status_code == 404


def test_two_people_refuse_and_the_applicant_reads_why(
    client: Client, engine: Engine, world: World, clock: Clock, settings: Settings
) -> None:
    clock.now = REVIEWING
    with session_on(engine) as session, session.begin():
        second(session, world)
        ref = make_sent_application(session, world).ref
    here = f"{DESK}/screening/{ref}"
    cora, other, ada = client("cora"), client("max"), client("ada")
    given = {**checks(world, who_cannot="unmet"), "words": WORDS, "_action": "refuse", "version": "0"}
    cora.post(here, data=given)
    assert 'id="confirm"' not in cora.get(here).text
    assert "Refusals that wait for a second person: 1" in other.get(DESK).text
    assert WORDS not in ada.get(f"/en/my/{ref}").text
    assert cora.post(f"{here}/confirm", data={"version": "1"}).status_code == 409
    short = other.post(f"{here}/decline", data={"version": "1", "why": "No."})
    assert short.status_code == 422
    assert "Write at least 30 characters." in short.text
    assert 'id="confirm"' in other.get(here).text
    assert other.post(f"{here}/confirm", data={"version": "1"}).status_code == 303
    status = ada.get(f"/en/my/{ref}").text
    assert WORDS in status
    assert "Nobody takes part whom the call excludes." in status
    assert "Cora" not in status
    assert send_due(engine, settings, REVIEWING) == 1
    with session_on(engine, reading=True) as session:
        mail = session.exec(select(DevelopmentMail)).one()
        assert WORDS in mail.body
        assert "Nobody takes part whom the call excludes." in mail.body
        assert mail.recipient == "ada.canary@example.org"
    assert cora.post(f"{here}/reinstate", data={"version": "2", "why": WHY}).status_code == 303
    assert WORDS not in ada.get(f"/en/my/{ref}").text
    assert send_due(engine, settings, REVIEWING) == 1
    with session_on(engine, reading=True) as session:
        assert session.exec(select(Application)).one().status is Status.SENT


def test_two_that_are_alike_are_said_to_be_two(client: Client, engine: Engine, world: World) -> None:
    """Without a reason the fold is open and what was typed is there; with one, neither shows the other."""
    with session_on(engine) as session, session.begin():
        first, other = (
            make_sent_application(session, world, who, title="Apples").ref for who in ("ada", "ben")
        )
        trace(session)
    cora, here = client("cora"), f"{DESK}/screening/{first}"
    page = cora.get(here).text
    assert re.search(
        rf'href="{DESK}/screening/{other}">{other}</a>.*\n?.*texts that are alike \(100 %\)', page
    )
    short = cora.post(f"{here}/aside", data={"other": other, "reason": "No."})
    assert short.status_code == 422
    field = f"f-{other}.reason".replace(".", "-")
    assert f'href="#{field}"' in short.text
    fold = short.text.split("<details open>")[1].split("</details>")[0]
    assert f'id="{field}"' in fold
    assert "No.</textarea>" in fold
    given = {"other": other, "reason": "Two schools took the same model."}
    done = cora.post(f"{here}/aside", data=given)
    assert done.headers["location"] == f"{here}?done=set_aside"
    for ref in (first, other):
        assert "It may have been sent twice" not in cora.get(f"{DESK}/screening/{ref}").text
    late = cora.post(f"{here}/aside", data=given)
    assert late.status_code == 422
    assert "These two are not alike any more." in late.text
    assert client("ben").post(f"{here}/aside", data=given).status_code == 404


def test_flags_are_raised_and_resolved_on_their_page(client: Client, engine: Engine, world: World) -> None:
    with session_on(engine) as session, session.begin():
        ref = make_sent_application(session, world).ref
    cora, here = client("cora"), f"{DESK}/applications/{ref}/flags"
    empty = cora.post(here, data={"words": ""})
    assert empty.status_code == 422
    assert "Write what you noticed." in empty.text
    given = {"kind": "safety", "words": "Children are to saw wood alone.", "to": world.members["cora"].code}
    assert cora.post(here, data=given).status_code == 303
    page = cora.get(here).text
    assert "Children are to saw wood alone." in page
    assert "Flags that wait for you: 1" in cora.get(DESK).text
    assert "Children are to saw wood alone." in cora.get(f"{DESK}/screening/{ref}").text
    code = re.search(r'id="flag-(\w+)"', page)
    assert code is not None
    resolve = f"{DESK}/flags/{code[1]}"
    wrong = cora.post(resolve, data={"version": "1", "answer": " "})
    assert wrong.status_code == 422
    assert f'href="#f-answer-{code[1]}"' in wrong.text
    stale = cora.post(resolve, data={"version": "7", "answer": "Two teachers are there."})
    assert stale.status_code == 409
    assert "Two teachers are there." in stale.text
    cora.post(resolve, data={"version": "1", "answer": "Two teachers are there."})
    assert "Flags that wait for you" not in cora.get(DESK).text
    assert "Two teachers are there." in cora.get(f"{DESK}/flags").text
    # Where somebody can be recognised, the way to cover it is there.
    cover = f'href="{DESK}/redaction/{ref}"'
    assert cover not in cora.get(here).text
    cora.post(here, data=given | {"kind": "identity_visible"})
    for shown in (here, f"{DESK}/flags", f"{DESK}/screening/{ref}"):
        assert cover in cora.get(shown).text
    assert client("rita").get(here).status_code == 404


def test_the_list_keeps_its_filters_in_the_address(client: Client, engine: Engine, world: World) -> None:
    with session_on(engine) as session, session.begin():
        apples = make_sent_application(session, world, title="Apples").ref
        pears = make_sent_application(session, world, "ben", title="Pears", language="kk").ref
        trace(session)
    listed = client("cora").get
    here = f"{DESK}/applications"
    found = listed(f"{here}?language=kk&flagged=&status=").text
    assert (apples in found, pears in found) == (False, True)
    assert '<option value="kk" selected>' in found
    # Ada's texts and Ben's are the factory's: a word of them finds both, and they are alike.
    assert apples in listed(f"{here}?q=&alike=yes").text
    assert "Nothing found" in listed(f"{here}?screening=refused").text
    assert f'href="{DESK}/screening/{apples}"' in listed(f"{here}?screening=to_do").text
    assert apples in listed(f"{here}?screening=nonsense&language=<b>&theme=%00").text
    assert "Nothing found" in listed(f"{here}?q=%00%25").text

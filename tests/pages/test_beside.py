"""What follows from the answers stands beside them: on the page, after each autosave, on the check page."""

import re
from typing import Any

import pytest
from sqlalchemy import Engine

from app.applications.actions import save_section
from app.database import session_on
from app.pages.beside import NOTHING, WATCHED, Stand, beside
from app.pages.charts import timetable_view
from app.sections.catalogue import CATALOGUE
from app.sections.limits import Limits
from tests.applications.steps import begin, write
from tests.applications.typed import BUDGET, GRANT, WORK_PLAN
from tests.conftest import Client
from tests.world import NOW, World

LIMITS = Limits(ceiling_minor=280_000_000, rate_minor=56_000)
PLAN = WORK_PLAN | {"resources": [{"id": "r1", "kind": "people", "hours": "40", "rate": "1 500"}]}
LINE = BUDGET["lines"][0]


def stand(section: str, data: dict[str, Any], language: str = "en", **more: Any) -> Stand:
    return Stand(language, "WA26-XXXXXX", section, data, PLAN, LIMITS, **more)


def part(section: str, code: str) -> Any:
    return CATALOGUE[section].part(code)


def flat(text: str) -> str:
    return text.replace("\u00a0", " ")


def test_only_pages_with_something_beside_them_cost_anything() -> None:
    for code, section in CATALOGUE.items():
        for each in section.parts:
            found = beside(stand(code, GRANT.get(code, {})), each)
            assert (found is NOTHING) == ((code, each.code) not in WATCHED)


@pytest.mark.parametrize(
    ("language", "left", "more"),
    [
        ("en", "2,200,000 ₸ (€3,928.57) left", "“Seedlings”, about 4 more"),
        ("ru", "2 200 000 ₸ (3 928,57 €)", "«Seedlings», ещё примерно 4"),
        ("kk", "2 200 000 ₸ (3 928,57 €)", "«Seedlings», шамамен тағы 4"),
    ],
)
def test_a_budget_in_words(language: str, left: str, more: str) -> None:
    lines = [LINE | {"quantity": "10", "price": "60 000"}, BUDGET["lines"][1]]
    totals = beside(stand("budget", {"lines": lines}, language), part("budget", "lines")).totals
    assert totals is not None
    assert left in flat(totals.left)
    # 2.2 million would be 36 more; of a dearer thing fewer.
    dear = [LINE | {"quantity": "2", "price": "500 000"}, lines[0]]
    said = beside(stand("budget", {"lines": dear}, language), part("budget", "lines")).totals
    assert said is not None
    assert more.replace("4", "2") in said.more
    assert (totals.percent, totals.over) == (21, False)


def test_who_pays_what_the_grant_does_not() -> None:
    lines = [LINE | {"payer": "partner", "grant_part": "400 000"}, BUDGET["lines"][1]]
    found = beside(stand("budget", {"lines": lines}), part("budget", "lines"))
    assert found.totals is not None
    assert flat(found.totals.own) == "Own contribution: 262,501.25 ₸"
    assert [flat(each) for each in found.totals.payers] == [
        "A partner: 200,000 ₸",
        "Our own money: 2,501.25 ₸",
        "From your work plan: 60,000 ₸",
    ]
    assert flat(found.totals.whole) == "Whole project: 662,501.25 ₸"
    assert found.shares is None
    shares = beside(stand("budget", {"lines": lines}), part("budget", "prices")).shares
    assert shares is not None
    assert [[flat(cell) for cell in row] for row in shares.rows] == [
        ["Plant", "400,000 ₸", "200,000 ₸", "600,000 ₸"],
        ["The whole project", "0 ₸", "2,501.25 ₸", "2,501.25 ₸"],
    ]
    widths = [float(each.width.rstrip("%")) for each in shares.segments]
    assert sum(widths) == pytest.approx(100, abs=0.1)
    assert [flat(each.words) for each in found.sums] == ["Sum: 600,000 ₸", "Sum: 2,501.25 ₸"]
    # The activity that nobody pays is named where the lines are typed.
    assert [each.text for each in found.worth] == [
        "Line 1: This line is more than 60 percent of the grant: explain why.",
        "Activity 2: This activity has no budget line and nothing of your own. Is that right?",
    ]
    assert found.worth[1].href.endswith("/work_plan/activities#f-activities-a2-title")


def test_above_the_ceiling_the_meter_is_another_pattern(client: Client, engine: Engine, world: World) -> None:
    ref = drafted(engine, world, {"budget": BUDGET | {"lines": [LINE | {"price": "99 000"}]}})
    page = client("ada").get(f"/en/apply/{ref}/budget/lines").text
    assert 'class="meter over"' in page
    assert "hatch" in page
    assert "1,160,000" in page
    assert "above the ceiling" in page


def drafted(engine: Engine, world: World, sections: dict[str, dict[str, Any]]) -> str:
    with session_on(engine) as session, session.begin():
        ada = world.applicant()
        ref = begin(session, ada)
        write(session, ada, ref, {**GRANT, **sections})
    return ref


def test_an_autosave_answers_with_all_that_follows(client: Client, engine: Engine, world: World) -> None:
    ref = drafted(engine, world, {"work_plan": PLAN})
    ada = client("ada")
    typed = {f"lines.l1.{name}": value for name, value in LINE.items() if name != "id"}
    typed |= {"version": "2", "part": "lines", "lines.l1.quantity": "41"}
    answer = ada.patch(f"/en/apply/{ref}/budget/autosave", data=typed)
    assert answer.status_code == 200
    said = flat(answer.text)
    for piece in ("From the grant: 615,000 ₸", "Sum: 615,000 ₸", "From your work plan: 60,000 ₸"):
        assert piece in said
    swapped = set(re.findall(r'id="([\w-]+)" (?:aria-labelledby="[\w-]+" )?hx-swap-oob="true"', answer.text))
    page = ada.get(f"/en/apply/{ref}/budget/lines").text
    assert swapped == set(re.findall(r'id="(totals|left-now|beside|f-lines-l1-sum)"', page))
    month = {
        "version": "2",
        "part": "month",
        "month_costs.c1.amount": "40 000",
        "month_income.i1.amount": "0",
    }
    short = flat(ada.patch(f"/en/apply/{ref}/sustainability/autosave", data=month).text)
    assert "Short each month: about 40,000 ₸" in short or "Short each month: about 40 000 ₸" in short
    mistyped = {"version": "2", "part": "contact", "email": "ada@gmail.con"}
    told = ada.patch(f"/en/apply/{ref}/team/autosave", data=mistyped).text
    assert '<p id="f-email-notice" class="panel" hx-swap-oob="true">' in told
    assert "Did you mean ada@gmail.com?" in told
    plain = {"version": "2", "part": "all", "title": "Apples"}
    assert 'id="beside"' not in ada.patch(f"/en/apply/{ref}/brief/autosave", data=plain).text


def test_a_mistyped_address_is_said_at_the_field_and_stops_once(
    client: Client, engine: Engine, world: World
) -> None:
    ref = drafted(engine, world, {})
    ada = client("ada")
    address = f"/en/apply/{ref}/team/contact"
    assert '<p id="f-email-notice"></p>' in ada.get(address).text
    typed = {"email": "ada@gmail.con", "phone": "+7 701 234 56 78", "_action": "continue"}
    typed |= {"contact_way": "email", "contact_language": "kk"}
    stopped = ada.post(address, data={**typed, "version": "2"}).headers["location"]
    assert stopped == f"{address}#f-email"
    page = ada.get(address).text
    assert '<p id="f-email-notice" class="panel">Check the e-mail address. Did you mean ada@gmail.com' in page
    assert "f-email-notice" in re.findall(r'id="f-email" name="email" aria-describedby="([^"]*)"', page)[0]
    assert "There is a problem" not in page
    # Seen and left as it is: that is one's own affair, and the check page names it. Another slip stops again.
    looked = dict(re.findall(r'name="(looked|version)" value="([^"]*)"', page))
    assert ada.post(address, data={**typed, **looked}).headers["location"] != stopped
    assert "Did you mean ada@gmail.com?" in ada.get(f"/en/apply/{ref}/check").text
    looked |= dict(re.findall(r'name="(version)" value="([^"]*)"', ada.get(address).text))
    again = ada.post(address, data={**typed, **looked, "email": "ada@mail.ri"})
    assert again.headers["location"] == stopped


def test_the_plan_draws_itself_and_names_what_contradicts(
    client: Client, engine: Engine, world: World
) -> None:
    ref = drafted(engine, world, {"work_plan": PLAN | {"ends": "2026-09"}})
    page = client("ada").get(f"/en/apply/{ref}/work_plan/check").text
    assert page.count('<svg role="img"') == 2
    assert "From June 2026 to November 2026. Months: 6." in page
    assert "Trees stand: August 2026" in page
    assert f'href="/en/apply/{ref}/work_plan/milestones#f-milestones-m2-month"' in page
    assert "Have you completed this section?" in page
    done = {"version": "2", "part": "check", "complete": "yes"}
    saved = client("ada").patch(f"/en/apply/{ref}/work_plan/autosave", data=done).text
    # The chart stands on the page already: once more, it would be there twice.
    assert 'hx-swap-oob="true"' in saved
    assert "<svg" not in saved
    assert 'id="plan' not in saved
    for place in ("check", "copy"):
        whole = client("ada").get(f"/en/apply/{ref}/{place}").text
        assert 'class="chart timetable"' in whole
        assert 'class="stack-bar"' in whole
        assert "htmx.org" not in whole


def test_a_month_that_is_no_month_and_a_plan_of_years_are_not_drawn() -> None:
    assert timetable_view("en", {}) is None
    assert timetable_view("en", {"activities": [{"id": "a", "from_month": "soon"}]}) is None
    assert timetable_view("en", WORK_PLAN | {"ends": "2096-01"}) is None
    odd = timetable_view("en", {"activities": [{"id": "a", "from_month": "2026-09", "to_month": "2026-06"}]})
    assert odd is not None
    assert [(bar.drawn, bar.title) for bar in odd.bars] == [(False, "Activity")]


def test_the_task_list_counts_minutes_not_percent(client: Client, engine: Engine, world: World) -> None:
    with session_on(engine) as session, session.begin():
        ada = world.applicant()
        ref = begin(session, ada)
    page = client("ada").get(f"/en/apply/{ref}").text
    assert "Time left to write: about 100 minutes." in page
    assert f'<a href="/en/apply/{ref}/brief">Begin with the easiest' in page
    with session_on(engine) as session, session.begin():
        save_section(session, ada, ref, "brief", {"title": "Apples"}, version=1, now=NOW)
    page = client("ada").get(f"/en/apply/{ref}").text
    assert "about 10 minutes · 3 answers missing" in page
    assert "Begin with the easiest" not in page

"""Judging a draft: missing is not wrong, and wrong names its row."""

from typing import Any

from app.sections.catalogue import CATALOGUE
from app.sections.judging import Progress, judge, judge_all
from app.sections.limits import Limits, ceiling_in_tiyn, euro_cents
from app.sections.numbers import Amount
from app.sections.rows import RowAct
from app.sections.totals import totals_of_draft
from tests.applications.typed import BRIEF, BUDGET, GRANT, NEED, TEAM, WORK_PLAN

LIMITS = Limits(
    ceiling_minor=280_000_000,
    rate_minor=56_000,
    themes=("ecology",),
    priorities=("clean",),
    organisations=("BC", "ADC"),
    activities=("a1", "a2"),
)


def codes(section: str, data: dict[str, Any], limits: Limits = LIMITS) -> dict[str, str]:
    return {name: problem[0] for name, problem in judge(CATALOGUE[section], data, limits).problems.items()}


def status(section: str, data: dict[str, Any]) -> Progress:
    return judge(CATALOGUE[section], data, LIMITS).status


def test_the_whole_application_is_complete() -> None:
    judged = judge_all(tuple(GRANT), GRANT, LIMITS)
    assert {each.status for each in judged.values()} == {Progress.COMPLETED}


def test_an_activity_without_a_budget_line_is_worth_a_look() -> None:
    assert dict(judge_all(tuple(GRANT), GRANT, LIMITS)["work_plan"].notices) == {
        "activities.a2.title": ("activity.without_means", {})
    }


def test_progress() -> None:
    assert status("brief", {}) is Progress.NOT_STARTED
    assert status("brief", {"title": "  ", "districts": []}) is Progress.NOT_STARTED
    assert status("need", {"beneficiaries": [{"id": "x"}]}) is Progress.NOT_STARTED
    assert status("brief", {"title": "Garden"}) is Progress.IN_PROGRESS
    assert status("brief", BRIEF | {"title": "x" * 81}) is Progress.PROBLEM
    assert status("need", NEED | {"complete": "later"}) is Progress.IN_PROGRESS
    assert status("need", NEED | {"complete": ""}) is Progress.COMPLETED


def test_choices_are_the_calls() -> None:
    assert codes("brief", BRIEF | {"theme": "space", "districts": ["mars"]}) == {"districts": "literal_error"}
    assert codes("brief", BRIEF | {"theme": "space"}) == {"theme": "choice.unknown"}
    assert codes("need", NEED | {"priorities": ["dirty"]}) == {"priorities": "choice.unknown"}
    assert codes("team", TEAM | {"partner_links": ["NATO"]}) == {"partner_links": "choice.unknown"}


def test_an_organisation_has_a_name_and_its_bin_only_warns() -> None:
    ngo = TEAM | {"applicant_kind": "ngo"}
    assert codes("team", ngo) == {"organisation_name_kk": "team.organisation_without_name"}
    judged = judge(CATALOGUE["team"], ngo | {"organisation_name_ru": "Сад", "bin": "250140000004"}, LIMITS)
    assert (judged.status, dict(judged.notices)) == (Progress.COMPLETED, {"bin": ("bin.check_digit", {})})


def test_a_problem_in_a_row_is_named_by_the_rows_id_past_empty_rows() -> None:
    rows = [
        {"id": "empty", "group": ""},
        {"id": "b9", "kind": "other", "group": "All", "direct": "many", "help": "Shade"},
    ]
    assert codes("need", NEED | {"beneficiaries": rows}) == {"beneficiaries.b9.direct": "number.not_a_number"}


def test_a_work_plan_stays_within_its_dates() -> None:
    assert codes("work_plan", WORK_PLAN | {"ends": "2026-05"}) == {"ends": "work_plan.ends_before_start"}
    assert codes("work_plan", WORK_PLAN | {"ends": "2027-06"}) == {"ends": "work_plan.too_long"}
    assert codes("work_plan", WORK_PLAN | {"ends": "2026-09"}) == {
        "activities.a2.to_month": "activity.outside_project",
        "milestones.m2.month": "milestone.outside_project",
    }
    first, second = WORK_PLAN["activities"]
    backwards = WORK_PLAN | {"activities": [first | {"to_month": "2026-05"}, second]}
    assert codes("work_plan", backwards) == {"activities.a1.to_month": "activity.ends_before_start"}


def test_a_budget_stays_within_its_limits() -> None:
    line = BUDGET["lines"][0]
    exact = BUDGET | {"lines": [line | {"quantity": "1", "price": "2 800 000"}]}
    assert codes("budget", exact) == {}
    assert codes("budget", BUDGET | {"lines": [line | {"quantity": "1", "price": "2 800 000,01"}]}) == {
        "lines": "budget.over_ceiling"
    }
    tenth = [
        line | {"quantity": "9", "price": "100"},
        line | {"id": "l9", "category": "administration", "quantity": "1", "price": "100"},
    ]
    assert codes("budget", BUDGET | {"lines": tenth}) == {}
    more = [tenth[0], tenth[1] | {"price": "101"}]
    assert codes("budget", BUDGET | {"lines": more}) == {"lines": "budget.administration"}
    assert codes("budget", {"lines": [line | {"price": "99 999 999"}]}) == {
        "lines": "budget.over_ceiling",
        "prices_found": "missing",
        "other_money_state": "missing",
    }
    assert codes("budget", BUDGET | {"lines": [line | {"price": "0"}]}) == {
        "lines.l1.price": "budget.free_of_charge"
    }
    assert codes("budget", BUDGET | {"lines": [line | {"price": "0", "payer": "in_kind"}]}) == {}


def test_the_ceiling_is_rounded_down_once() -> None:
    assert ceiling_in_tiyn(500_000, 56_000) == 280_000_000
    assert ceiling_in_tiyn(500_000, 56_317) == 281_585_000
    assert ceiling_in_tiyn(1, 56_317) == 500
    assert euro_cents(280_000_000, 56_000) == 500_000


def test_a_button_that_names_nothing_does_nothing() -> None:
    budget = CATALOGUE["budget"]
    for value in ("", "continue", "add:nonsense", "remove:lines:", "explode:lines:l1", "add:prices_found"):
        assert RowAct.read(budget, value) is None
    assert RowAct.read(budget, "up:lines:l1") == RowAct("up", "lines", "l1")


def notices(section: str, data: dict[str, Any], limits: Limits = LIMITS) -> dict[str, tuple[str, Any]]:
    return dict(judge(CATALOGUE[section], data, limits).notices)


def test_what_is_worth_a_look_is_said_while_somebody_still_writes() -> None:
    assert notices("team", {"email": "ada@mail.ri", "bin": "250140000004"}) == {
        "email": ("email.looks_mistyped", {"meant": "ada@mail.ru"}),
        "bin": ("bin.check_digit", {}),
    }
    assert notices("team", {"email": "ada@mail.ru", "bin": "2501-4000 0003"}) == {}
    month = {
        "month_income": [{"id": "i", "amount": "80 000"}],
        "month_costs": [{"id": "c", "amount": "120400"}],
    }
    assert notices("sustainability", month) == {"month_costs": ("month.short", {"short": Amount(4_000_000)})}
    assert notices("sustainability", month | {"month_costs": []}) == {}


def test_a_milestone_outside_of_its_own_activity_is_worth_a_look_and_refuses_nothing() -> None:
    plan: dict[str, Any] = {
        "starts": "2026-06",
        "ends": "2026-11",
        "activities": [{"id": "a1", "from_month": "2026-07", "to_month": "2026-09"}],
    }

    def said(month: str, activity: str = "a1", **changed: str) -> dict[str, tuple[str, Any]]:
        row = {"id": "m1", "month": month, "activity": activity}
        return notices("work_plan", plan | changed | {"milestones": [row]})

    outside: dict[str, tuple[str, Any]] = {"milestones.m1.month": ("milestone.outside_activity", {})}
    assert said("2026-06") == said("2026-10") == outside
    # Outside of the whole project it is refused and not said twice; what is not said yet contradicts nothing.
    assert said("2026-07") == said("2026-09") == said("2026-06", starts="2026-07") == {}
    assert said("2026-06", "") == said("") == {}


def test_a_budget_notices_one_large_line_and_that_nothing_is_brought_along() -> None:
    line = BUDGET["lines"][0] | {"quantity": "1"}
    two = {"lines": [line | {"price": "61"}, line | {"id": "l2", "price": "39"}]}
    assert notices("budget", two) == {
        "lines.l1.price": ("budget.one_large_line", {"percent": 60}),
        "lines": ("budget.nothing_own", {}),
    }
    even = {"lines": [line | {"price": "60"}, line | {"id": "l2", "price": "40"}]}
    plan = {"resources": [{"id": "r", "hours": "40", "rate": "1 500"}]}
    assert LIMITS.with_plan(plan).resources_minor == 6_000_000
    assert notices("budget", even, LIMITS.with_plan(plan)) == {}


def test_a_shared_cost_says_who_pays_the_rest() -> None:
    line = BUDGET["lines"][0] | {"quantity": "2", "price": "100", "grant_part": "150"}

    def shared(**changed: str) -> dict[str, str]:
        return codes("budget", BUDGET | {"lines": [line | changed]})

    assert shared(payer="partner") == {}
    assert shared(payer="grant", grant_part="200") == {}
    assert shared(payer="grant") == {"lines.l1.payer": "budget.rest_without_payer"}
    assert shared(payer="own", grant_part="201") == {"lines.l1.grant_part": "budget.part_above_sum"}
    totals = totals_of_draft({"lines": [line | {"payer": "partner"}, line | {"id": "l2", "grant_part": ""}]})
    assert (totals.grant_minor, totals.own_minor) == (35_000, 5_000)
    assert dict(totals.by_payer) == {"grant": 35_000, "partner": 5_000}
    assert (totals.by_category["materials"].whole, totals.by_activity["a1"].grant) == (40_000, 35_000)


def test_other_money_and_permits_are_not_left_half_said() -> None:
    assert codes("budget", BUDGET | {"other_money_state": "asked"}) == {"other_money": "missing"}
    assert codes("budget", BUDGET | {"other_money_state": "asked", "other_money": "City, 1 000"}) == {}
    assert codes("need", NEED | {"stakeholders": []}) == {"stakeholders": "need.permit_from_whom"}
    assert codes("need", NEED | {"stakeholders": [], "permit": "no"}) == {}
    assert codes("need", NEED | {"sources": [{"id": "k", "link": "javascript:alert(1)"}]}) == {
        "sources.k.link": "link.invalid"
    }


def test_dates_that_do_not_fit_are_named_before_the_plan_is_complete() -> None:
    early = {key: WORK_PLAN[key] for key in ("starts", "activities", "milestones")} | {"ends": "2026-08"}
    found = codes("work_plan", early)
    assert {name for name, code in found.items() if code != "missing"} == {
        "activities.a2.from_month",
        "milestones.m2.month",
    }

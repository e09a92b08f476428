"""The budget: lines tied to activities, and where their prices come from."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal, Self

from pydantic import Field

from app.asking import Ask
from app.errors import Problem
from app.sections.answers import Answers, Row
from app.sections.limits import Limits
from app.sections.numbers import Amount, Quantity, Tenge
from app.sections.text import LINE, PROSE
from app.sections.totals import Cost, Totals, line_minor, totals_of_draft, typed_costs
from app.sections.work_plan import WHOLE

Category = Literal[
    "equipment", "materials", "fees", "rent", "transport", "communication", "works", "administration"
]
Payer = Literal["grant", "own", "in_kind", "partner"]
OtherMoney = Literal["none", "asked", "received"]
LARGE_PERCENT = 60
"""From this share of the grant on, reviewers will ask why one line is so large."""


class Line(Row):
    """One cost."""

    activity: Annotated[str, Field(max_length=16), Ask("select", choices="activities_or_whole")]
    category: Annotated[Category, Ask("select", choices="budget_category", width="medium")]
    what: Annotated[str, Field(max_length=100), LINE, Ask(cap=100)]
    unit: Annotated[str, Field(max_length=30), LINE, Ask(cap=30, width="short")]
    quantity: Annotated[Quantity, Ask("number", width="short")]
    price: Annotated[Tenge, Ask("money", suffix="₸", width="medium")]
    payer: Annotated[Payer, Ask("select", choices="payer", width="medium")]
    grant_part: Annotated[Tenge | None, Ask("money", optional=True, suffix="₸", width="medium")] = None
    source: Annotated[str, Field(max_length=100), LINE, Ask(optional=True, cap=100)] = ""


class Budget(Answers):
    """What the project costs and who pays."""

    lines: Annotated[list[Line], Field(min_length=1, max_length=15), Ask("rows", rows=(1, 15))]
    prices_found: Annotated[str, Field(max_length=800), PROSE, Ask("textarea", cap=800, guide=(30, 60))]
    other_money_state: Annotated[OtherMoney, Ask("radios", choices="other_money_state")]
    other_money: Annotated[str, Field(max_length=800), PROSE, Ask("textarea", optional=True, cap=800)] = ""
    unsure: Annotated[
        str, Field(max_length=500), PROSE, Ask("textarea", optional=True, cap=500, blind=False)
    ] = ""

    def totals(self) -> Totals:
        """The sums of the lines."""
        return Totals.of(map(_cost, self.lines))

    @classmethod
    def broken(cls, budget: Self, limits: Limits) -> Mapping[str, Problem]:
        """Within the ceiling and the share of administration; each line serves an activity that exists."""
        problems = _beyond(budget.totals(), limits)
        for line in budget.lines:
            if limits.activities is not None and line.activity not in {*limits.activities, WHOLE}:
                problems[f"lines.{line.id}.activity"] = ("activity.gone", {})
            if line.price == 0 and line.payer != "in_kind":
                problems[f"lines.{line.id}.price"] = ("budget.free_of_charge", {})
            problems.update(_wrongly_shared(line))
        if budget.other_money_state != "none" and not budget.other_money:
            problems["other_money"] = ("missing", {})
        return problems

    @classmethod
    def broken_already(cls, data: Mapping[str, Any], limits: Limits) -> Mapping[str, Problem]:
        """The limits that the lines typed so far are beyond, whatever else is still missing."""
        return _beyond(totals_of_draft(data), limits)

    @classmethod
    def worth_a_look(cls, data: Mapping[str, Any], limits: Limits) -> Mapping[str, Problem]:
        """One line of several that is most of what is asked for; nothing of one's own."""
        totals = totals_of_draft(data)
        rows = data.get("lines", ())
        notices: dict[str, Problem] = {}
        for row, cost in zip(rows, typed_costs(data), strict=True):
            if len(rows) > 1 and cost.grant * 100 > totals.grant_minor * LARGE_PERCENT:
                notices[f"lines.{row['id']}.price"] = ("budget.one_large_line", {"percent": LARGE_PERCENT})
        if totals.grant_minor and not totals.own_minor and not limits.resources_minor:
            notices["lines"] = ("budget.nothing_own", {})
        return notices


def _cost(line: Line) -> Cost:
    return Cost(line.activity, line.category, line.payer, line.quantity, line.price, line.grant_part)


def _wrongly_shared(line: Line) -> Mapping[str, Problem]:
    """The grant's part of a shared cost is not above it, and somebody pays the rest."""
    if line.grant_part is None:
        return {}
    whole = line_minor(line.quantity, line.price)
    name = f"lines.{line.id}"
    if line.grant_part > whole:
        return {f"{name}.grant_part": ("budget.part_above_sum", {"sum": Amount(whole)})}
    if line.payer == "grant" and line.grant_part < whole:
        return {f"{name}.payer": ("budget.rest_without_payer", {"rest": Amount(whole - line.grant_part)})}
    return {}


def _beyond(totals: Totals, limits: Limits) -> dict[str, Problem]:
    over = totals.grant_minor - limits.ceiling_minor if limits.ceiling_minor is not None else 0
    if over > 0:
        return {"lines": ("budget.over_ceiling", {"over": Amount(over, limits.rate_minor)})}
    if totals.administration_minor * 100 > limits.administration_percent * totals.grant_minor:
        return {"lines": ("budget.administration", {"percent": limits.administration_percent})}
    return {}

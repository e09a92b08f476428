"""The budget: lines tied to activities, and where their prices come from."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal, Self

from pydantic import Field

from app.asking import Ask
from app.errors import Problem
from app.sections.answers import Answers, Row
from app.sections.limits import Limits, euro_cents
from app.sections.numbers import Quantity, Tenge
from app.sections.text import LINE, PROSE
from app.sections.totals import Totals, line_minor, totals_of_draft

Category = Literal[
    "equipment", "materials", "fees", "rent", "transport", "communication", "works", "administration"
]
Payer = Literal["grant", "own", "in_kind", "partner"]
WHOLE = "whole"
"""What a line names instead of an activity when it serves the whole project."""


class Line(Row):
    """One cost."""

    activity: Annotated[str, Field(max_length=16), Ask("select", choices="activities_or_whole")]
    category: Annotated[Category, Ask("select", choices="budget_category", width="medium")]
    what: Annotated[str, Field(max_length=100), LINE, Ask(cap=100)]
    unit: Annotated[str, Field(max_length=30), LINE, Ask(cap=30, width="short")]
    quantity: Annotated[Quantity, Ask("number", width="short")]
    price: Annotated[Tenge, Ask("money", suffix="₸", width="medium")]
    payer: Annotated[Payer, Ask("select", choices="payer", width="medium")]
    source: Annotated[str, Field(max_length=100), LINE, Ask(optional=True, cap=100)] = ""


class Budget(Answers):
    """What the project costs and who pays."""

    lines: Annotated[list[Line], Field(min_length=1, max_length=15), Ask("rows", rows=(1, 15))]
    prices_found: Annotated[str, Field(max_length=800), PROSE, Ask("textarea", cap=800)]
    other_money: Annotated[str, Field(max_length=800), PROSE, Ask("textarea", optional=True, cap=800)] = ""
    unsure: Annotated[
        str, Field(max_length=500), PROSE, Ask("textarea", optional=True, cap=500, blind=False)
    ] = ""

    def totals(self) -> Totals:
        """The sums of the lines."""
        return Totals.of((line.payer, line.category, line.quantity, line.price) for line in self.lines)

    @classmethod
    def broken(cls, budget: Self, limits: Limits) -> Mapping[str, Problem]:
        """Within the ceiling and the share of administration; each line serves an activity that exists."""
        problems = _beyond(budget.totals(), limits)
        for line in budget.lines:
            if limits.activities is not None and line.activity not in {*limits.activities, WHOLE}:
                problems[f"lines.{line.id}.activity"] = ("activity.gone", {})
            if line.price == 0 and line.payer != "in_kind":
                problems[f"lines.{line.id}.price"] = ("budget.free_of_charge", {})
        return problems

    @classmethod
    def broken_already(cls, data: Mapping[str, Any], limits: Limits) -> Mapping[str, Problem]:
        """The limits that the lines typed so far are beyond, whatever else is still missing."""
        return _beyond(totals_of_draft(data), limits)

    @classmethod
    def worth_a_look(cls, budget: Self) -> Mapping[str, Problem]:
        """One line that is most of what is asked for; nothing of one's own."""
        totals = budget.totals()
        notices: dict[str, Problem] = {}
        for line in budget.lines:
            if line.payer == "grant" and line_minor(line.quantity, line.price) * 10 > totals.grant_minor * 6:
                notices[f"lines.{line.id}.price"] = ("budget.one_large_line", {})
        if totals.own_minor == 0:
            notices["lines"] = ("budget.nothing_own", {})
        return notices


def _beyond(totals: Totals, limits: Limits) -> dict[str, Problem]:
    over = totals.grant_minor - limits.ceiling_minor if limits.ceiling_minor is not None else 0
    if over > 0:
        return {"lines": ("budget.over_ceiling", {"over": _in_both(over, limits.rate_minor)})}
    if totals.administration_minor * 100 > limits.administration_percent * totals.grant_minor:
        return {"lines": ("budget.administration", {"percent": limits.administration_percent})}
    return {}


def _in_both(tiyn: int, rate_minor: int | None) -> str:
    """An amount in both currencies, rounded up, as every language reads it: `12 500 ₸ (22.33 €)`."""
    tenge = f"{-(-tiyn // 100):,}".replace(",", "\u00a0") + "\u00a0₸"
    if not rate_minor:
        return tenge
    cents = -euro_cents(-tiyn, rate_minor)
    return f"{tenge} ({cents // 100}.{cents % 100:02d}\u00a0€)"

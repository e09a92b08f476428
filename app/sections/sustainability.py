"""What stays when the grant ends."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import Field

from app.asking import Ask
from app.errors import Problem
from app.sections.answers import LongAnswers, Row
from app.sections.limits import Limits
from app.sections.numbers import Amount, Tenge, Whole, about
from app.sections.text import LINE, PROSE
from app.sections.totals import month_balance

Funding = Literal["volunteers", "fees", "city", "sponsors", "membership", "none"]
IncomeCertainty = Literal["agreed", "likely", "hope"]


class Income(Row):
    """Money that comes in an ordinary month."""

    source: Annotated[str, Field(max_length=100), LINE, Ask(cap=100)]
    amount: Annotated[Tenge, Ask("money", suffix="₸", width="medium")]
    certainty: Annotated[IncomeCertainty, Ask("select", choices="income_certainty", width="medium")]


class Cost(Row):
    """Money that goes in an ordinary month."""

    what: Annotated[str, Field(max_length=100), LINE, Ask(cap=100)]
    amount: Annotated[Tenge, Ask("money", suffix="₸", width="medium")]


class Measure(Row):
    """What will be measured half a year later."""

    number: Annotated[Whole, Ask("number", inputmode="numeric", width="short")]
    unit: Annotated[str, Field(max_length=60), LINE, Ask(cap=60, width="medium")]
    how: Annotated[str, Field(max_length=200), LINE, Ask(cap=200)]


class Sustainability(LongAnswers):
    """Life after the grant."""

    stays: Annotated[str, Field(max_length=2000), PROSE, Ask("textarea", cap=2000, guide=(100, 150))]
    funding: Annotated[list[Funding], Field(max_length=6), Ask("checkboxes", choices="funding")]
    month_income: Annotated[list[Income], Ask("rows", optional=True, rows=(0, 6))] = Field(
        default_factory=list, max_length=6
    )
    month_costs: Annotated[list[Cost], Ask("rows", optional=True, rows=(0, 6))] = Field(
        default_factory=list, max_length=6
    )
    growth: Annotated[
        str, Field(max_length=1500), PROSE, Ask("textarea", optional=True, cap=1500, guide=(50, 100))
    ] = ""
    ownership: Annotated[
        str, Field(max_length=600), PROSE, Ask("textarea", optional=True, cap=600, guide=(20, 60))
    ] = ""
    access: Annotated[str, Field(max_length=800), PROSE, Ask("textarea", cap=800, guide=(30, 80))]
    measures: Annotated[list[Measure], Field(min_length=1, max_length=3), Ask("rows", rows=(1, 3))]

    @classmethod
    def worth_a_look(cls, data: Mapping[str, Any], limits: Limits) -> Mapping[str, Problem]:
        """A month that costs more than it brings."""
        income, costs = month_balance(data)
        return (
            {"month_costs": ("month.short", {"short": Amount(about(costs - income))})}
            if costs > income
            else {}
        )

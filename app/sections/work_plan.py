"""The work plan: result, dates, activities, milestones, own resources, strengths, risks."""

from collections.abc import Iterator, Mapping
from typing import Annotated, Literal, Self

from pydantic import Field

from app.asking import Ask
from app.errors import Problem
from app.sections.answers import LongAnswers, Row
from app.sections.limits import Limits
from app.sections.months import Month, months_between
from app.sections.numbers import Tenge, Whole
from app.sections.text import LINE, PROSE

Proof = Literal["photo", "list", "document", "link", "other"]
ResourceKind = Literal["people", "place", "equipment", "transport", "money", "other"]
Certainty = Literal["sure", "likely"]


class Activity(Row):
    """One thing that will be done, with an output that can be counted."""

    title: Annotated[str, Field(max_length=80), LINE, Ask(cap=80)]
    does: Annotated[str, Field(max_length=500), PROSE, Ask("textarea", cap=500)]
    from_month: Annotated[Month, Ask("month", choices="months", width="medium")]
    to_month: Annotated[Month, Ask("month", choices="months", width="medium")]
    lead: Annotated[str, Field(max_length=60), LINE, Ask(cap=60)]
    output_number: Annotated[Whole, Ask("number", inputmode="numeric", width="short")]
    output_unit: Annotated[str, Field(max_length=60), LINE, Ask(cap=60, width="medium")]
    place: Annotated[str, Field(max_length=120), LINE, Ask(optional=True, cap=120)] = ""


class Milestone(Row):
    """A moment at which everyone can see that something is done."""

    name: Annotated[str, Field(max_length=80), LINE, Ask(cap=80)]
    month: Annotated[Month, Ask("month", choices="months", width="medium")]
    activity: Annotated[str, Field(max_length=16), Ask("select", choices="activities", width="medium")]
    proof: Annotated[Proof, Ask("select", choices="proof", width="medium")]


class Resource(Row):
    """Something of one's own that goes into the project."""

    kind: Annotated[ResourceKind, Ask("select", choices="resource_kind", width="medium")]
    what: Annotated[str, Field(max_length=150), LINE, Ask(cap=150)]
    value: Annotated[Tenge | None, Ask("money", optional=True, suffix="₸", width="short")] = None
    certainty: Annotated[Certainty, Ask("select", choices="resource_certainty", width="medium")]


class Risk(Row):
    """What could go wrong, and the answer to it."""

    risk: Annotated[str, Field(max_length=120), LINE, Ask(cap=120)]
    response: Annotated[str, Field(max_length=200), LINE, Ask(cap=200)]


class WorkPlan(LongAnswers):
    """What will be done, when, and by whom."""

    result: Annotated[str, Field(max_length=300), PROSE, Ask("textarea", cap=300)]
    starts: Annotated[Month, Ask("month", choices="months", width="medium")]
    ends: Annotated[Month, Ask("month", choices="months", width="medium")]
    activities: Annotated[list[Activity], Field(min_length=2, max_length=8), Ask("rows", rows=(2, 8))]
    milestones: Annotated[list[Milestone], Field(min_length=2, max_length=4), Ask("rows", rows=(2, 4))]
    resources: Annotated[list[Resource], Ask("rows", optional=True, rows=(0, 8))] = Field(
        default_factory=list, max_length=8
    )
    strengths: Annotated[str, Field(max_length=1200), PROSE, Ask("textarea", cap=1200, guide=(60, 100))]
    risks: Annotated[list[Risk], Field(min_length=1, max_length=4), Ask("rows", rows=(1, 4))]

    @classmethod
    def broken(cls, plan: Self, limits: Limits) -> Mapping[str, Problem]:
        """Dates are in order, in the call's length, and everything happens between them."""
        months = months_between(plan.starts, plan.ends)
        problems: dict[str, Problem] = {}
        if months < 1:
            return {"ends": ("work_plan.ends_before_start", {})}
        if months > limits.max_months:
            problems["ends"] = ("work_plan.too_long", {"months": limits.max_months})
        problems.update(_activities(plan))
        problems.update(_milestones(plan))
        return problems


def _activities(plan: WorkPlan) -> Iterator[tuple[str, Problem]]:
    for activity in plan.activities:
        name = f"activities.{activity.id}"
        if activity.to_month < activity.from_month:
            yield f"{name}.to_month", ("activity.ends_before_start", {})
        elif not plan.starts <= activity.from_month <= plan.ends:
            yield f"{name}.from_month", ("activity.outside_project", {})
        elif activity.to_month > plan.ends:
            yield f"{name}.to_month", ("activity.outside_project", {})


def _milestones(plan: WorkPlan) -> Iterator[tuple[str, Problem]]:
    ids = {activity.id for activity in plan.activities}
    for milestone in plan.milestones:
        name = f"milestones.{milestone.id}"
        if not plan.starts <= milestone.month <= plan.ends:
            yield f"{name}.month", ("milestone.outside_project", {})
        if milestone.activity not in ids:
            yield f"{name}.activity", ("activity.gone", {})

"""The work plan: result, dates, activities, milestones, own resources, strengths, risks."""

from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Literal, NamedTuple, Self

from pydantic import Field

from app.asking import Ask
from app.errors import Problem
from app.sections.answers import LongAnswers, Row
from app.sections.limits import Limits
from app.sections.months import Month, is_month, months_between
from app.sections.numbers import Quantity, Tenge, Whole
from app.sections.text import LINE, PROSE

Proof = Literal["photo", "list", "document", "link", "other"]
ResourceKind = Literal["people", "place", "equipment", "transport", "money", "other"]
Certainty = Literal["sure", "likely"]
WHOLE = "whole"
"""What a resource or a budget line names instead of an activity when it serves the whole project."""


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
    activity: Annotated[
        str, Field(max_length=16), Ask("select", optional=True, choices="activities_or_whole")
    ] = ""
    value: Annotated[Tenge | None, Ask("money", optional=True, suffix="₸", width="medium")] = None
    hours: Annotated[Quantity | None, Ask("number", optional=True, width="short")] = None
    rate: Annotated[Tenge | None, Ask("money", optional=True, suffix="₸", width="medium")] = None
    certainty: Annotated[Certainty, Ask("select", choices="resource_certainty", width="medium")]


class Risk(Row):
    """What could go wrong, and the answer to it."""

    risk: Annotated[str, Field(max_length=120), LINE, Ask(cap=120)]
    response: Annotated[str, Field(max_length=200), LINE, Ask(cap=200)]


class WorkPlan(LongAnswers):
    """What will be done, when, and by whom."""

    result: Annotated[str, Field(max_length=300), PROSE, Ask("textarea", cap=300, guide=(20, 40))]
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
        """Nothing begins before the results; dates are in order, in the call's length, and everything
        happens between them."""
        return cls.broken_already(plan.model_dump(), limits)

    @classmethod
    def broken_already(cls, data: Mapping[str, Any], limits: Limits) -> Mapping[str, Problem]:
        """The same of what was typed so far, whatever else is still missing."""
        problems: dict[str, Problem] = {}
        span = _Span(_known(data.get("starts")), _known(data.get("ends")))
        if span.starts and span.starts < limits.first_month:
            problems["starts"] = ("work_plan.starts_too_early", {})
        if span.starts and span.ends:
            months = months_between(span.starts, span.ends)
            if months < 1:
                return {**problems, "ends": ("work_plan.ends_before_start", {})}
            if months > limits.max_months:
                problems["ends"] = ("work_plan.too_long", {"months": limits.max_months})
        problems.update(_activities(data, span))
        problems.update(_milestones(data, span))
        return problems

    @classmethod
    def worth_a_look(cls, data: Mapping[str, Any], limits: Limits) -> Mapping[str, Problem]:
        """A milestone of an activity that has not begun by then, or has ended."""
        project = _Span(_known(data.get("starts")), _known(data.get("ends")))
        spans = {
            row["id"]: _Span(_known(row.get("from_month")), _known(row.get("to_month")))
            for row in data.get("activities", ())
        }
        return {
            f"milestones.{row['id']}.month": ("milestone.outside_activity", {})
            for row in data.get("milestones", ())
            for month in (_known(row.get("month")),)
            if month and project.has(month) and not spans.get(row.get("activity"), ANY_TIME).has(month)
        }


class _Span(NamedTuple):
    """The months of a project or an activity, as far as they are said."""

    starts: str
    ends: str

    def has(self, month: str) -> bool:
        return (not self.starts or self.starts <= month) and (not self.ends or month <= self.ends)


ANY_TIME = _Span("", "")


def _known(month: object) -> str:
    return month if isinstance(month, str) and is_month(month) else ""


def _activities(data: Mapping[str, Any], span: _Span) -> Iterator[tuple[str, Problem]]:
    for row in data.get("activities", ()):
        name = f"activities.{row['id']}"
        begins, ends = _known(row.get("from_month")), _known(row.get("to_month"))
        if begins and ends and ends < begins:
            yield f"{name}.to_month", ("activity.ends_before_start", {})
        elif begins and not span.has(begins):
            yield f"{name}.from_month", ("activity.outside_project", {})
        elif ends and not span.has(ends):
            yield f"{name}.to_month", ("activity.outside_project", {})


def _milestones(data: Mapping[str, Any], span: _Span) -> Iterator[tuple[str, Problem]]:
    ids = {row["id"] for row in data.get("activities", ())}
    for row in data.get("milestones", ()):
        name = f"milestones.{row['id']}"
        month = _known(row.get("month"))
        if month and not span.has(month):
            yield f"{name}.month", ("milestone.outside_project", {})
        if row.get("activity") and row["activity"] not in ids:
            yield f"{name}.activity", ("activity.gone", {})
    for row in data.get("resources", ()):
        if row.get("activity") and row["activity"] not in {*ids, WHOLE}:
            yield f"resources.{row['id']}.activity", ("activity.gone", {})

"""Judging a draft: what is missing, what is wrong. An answer is needed to send, never to save."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from pydantic import BaseModel, ValidationError

from app.errors import Problem
from app.sections.answers import is_blank
from app.sections.catalogue import CATALOGUE, Section
from app.sections.drafts import questions
from app.sections.limits import Limits

MISSING = frozenset({"missing", "too_short", "section.come_back"})
"""What is only not done yet; everything else is wrong as it stands."""
AWAITED = MISSING | {"need.permit_from_whom"}
"""What an answer that is still to be typed may mend: nobody who is about to type it is refused for it."""


class Progress(StrEnum):
    """How far a section is."""

    NOT_STARTED = "not_started"
    IN_PROGRESS = "in_progress"
    PROBLEM = "problem"
    COMPLETED = "completed"


@dataclass(frozen=True, slots=True)
class Judged:
    """`problems` by dotted name (`lines.<row id>.price`) in the order of the form; `value` if there are none.

    `notices` are worth a look and never refuse.
    """

    status: Progress
    problems: Mapping[str, Problem] = field(default_factory=dict)
    value: BaseModel | None = None
    notices: Mapping[str, Problem] = field(default_factory=dict)

    @property
    def missing(self) -> int:
        """How many answers are still needed."""
        return sum(code in MISSING for code, _ in self.problems.values())

    @property
    def wrong(self) -> Mapping[str, Problem]:
        """The problems that are worth showing while somebody still writes."""
        return {name: problem for name, problem in self.problems.items() if problem[0] not in MISSING}


def judge(section: Section, data: Mapping[str, Any], limits: Limits) -> Judged:
    """What stands between this draft and sending it."""
    answers = {name: _started_rows(value) for name, value in data.items() if name[0] != "_"}
    notices = notices_of(section, answers, limits)
    try:
        value = section.model.model_validate(answers)
    except ValidationError as error:
        early: Callable[[Mapping[str, Any], Limits], Mapping[str, Problem]] | None
        early = getattr(section.model, "broken_already", None)
        found = dict(early(answers, limits)) if early else {}
        return _faulty(answers, {**found, **_named(error, answers)}, notices)
    rules: Callable[[BaseModel, Limits], Mapping[str, Problem]] | None = getattr(value, "broken", None)
    problems = dict(rules(value, limits)) if rules else {}
    if data.get("complete") == "later":
        problems["complete"] = ("section.come_back", {})
    if problems:
        return _faulty(answers, problems, notices)
    return Judged(Progress.COMPLETED, value=value, notices=notices)


def minutes_left(section: Section, judged: Judged) -> int:
    """About how long the rest takes, in steps of five minutes; nothing for what is done."""
    if judged.status is Progress.COMPLETED:
        return 0
    needed = sum(not ask.optional for _, ask, _ in questions(section.model))
    open_answers = min(needed, max(1, len(judged.problems)))
    return min(section.minutes, -(-section.minutes * open_answers // (needed * 5)) * 5)


def notices_of(section: Section, data: Mapping[str, Any], limits: Limits) -> Mapping[str, Problem]:
    """What is worth a look in a draft as it was typed, complete or not."""
    rule: Callable[[Mapping[str, Any], Limits], Mapping[str, Problem]] | None
    rule = getattr(section.model, "worth_a_look", None)
    return rule(data, limits) if rule else {}


def judge_all(
    codes: tuple[str, ...], drafts: Mapping[str, Mapping[str, Any]], limits: Limits
) -> dict[str, Judged]:
    """Every section of an application; the budget's lines are checked against the work plan's activities."""
    plan, budget = drafts.get("work_plan", {}), drafts.get("budget", {})
    if "work_plan" in codes:
        limits = limits.with_plan(plan)
    judged = {code: judge(CATALOGUE[code], drafts.get(code, {}), limits) for code in codes}
    if "work_plan" in codes and "budget" in codes:
        before = judged["work_plan"]
        idle = idle_activities(plan, budget)
        judged["work_plan"] = replace(before, notices={**before.notices, **idle})
    return judged


def idle_activities(plan: Mapping[str, Any], budget: Mapping[str, Any]) -> dict[str, Problem]:
    """Activities for which nothing is paid and nothing is brought along, once a budget has lines."""
    lines = budget.get("lines", ())
    used = {row.get("activity") for row in (*lines, *plan.get("resources", ()))}
    return {
        f"activities.{row['id']}.title": ("activity.without_means", {})
        for row in plan.get("activities", ())
        if lines and row["id"] not in used and not is_blank(row)
    }


def _faulty(
    data: Mapping[str, Any], problems: Mapping[str, Problem], notices: Mapping[str, Problem]
) -> Judged:
    if all(is_blank(answer) for answer in data.values()):
        status = Progress.NOT_STARTED
    elif all(code in MISSING for code, _ in problems.values()):
        status = Progress.IN_PROGRESS
    else:
        status = Progress.PROBLEM
    return Judged(status, problems, None, notices)


def _started_rows(value: Any) -> Any:
    """A row that was added and left empty is not yet an answer."""
    if isinstance(value, list) and value and isinstance(value[0], Mapping):
        return [row for row in value if not is_blank(row)]
    return value


def _named(error: ValidationError, answers: Mapping[str, Any]) -> dict[str, Problem]:
    """Pydantic's errors by name; a row is named by its id, so that the name survives a move."""
    problems: dict[str, Problem] = {}
    for each in error.errors(include_url=False, include_input=False):
        place = list(each["loc"])
        if len(place) > 1 and isinstance(place[1], int):
            rows = answers[str(place[0])]
            row = rows[place[1]]
            place[1] = row["id"] if isinstance(row, Mapping) else ""
        name = ".".join(str(part) for part in place[:3] if part != "")
        problems.setdefault(name, (each["type"], dict(each.get("ctx", {}))))
    return problems

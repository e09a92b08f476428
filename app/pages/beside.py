"""What stands beside the questions of a page and follows from the answers: sums, charts, notices.

It is made for the whole page and, alone, for each autosave, so that the two never say different things.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.errors import Problem
from app.messages import formats, translations
from app.messages.answer_problems import answer_problem, listed_notice
from app.messages.answers import with_activities
from app.pages.answer_places import change_href
from app.pages.budget_totals import TotalsView, totals_view
from app.pages.charts import SharesView, TimetableView, shares_view, timetable_view
from app.pages.forms import Mistake, element_id
from app.sections.catalogue import CATALOGUE, Part
from app.sections.judging import MISSING, idle_activities, notices_of
from app.sections.limits import Limits
from app.sections.numbers import about
from app.sections.totals import (
    month_balance,
    totals_of_draft,
    typed_line_minor,
    typed_resource_minor,
)

WATCHED = frozenset(
    {
        ("team", "contact"),
        ("team", "organisation"),
        ("candidate", "all"),
        ("work_plan", "resources"),
        ("work_plan", "check"),
        ("budget", "lines"),
        ("budget", "prices"),
        ("sustainability", "month"),
    }
)
"""The pages that have anything beside them; on all others it costs nothing."""
AT_THE_FIELD = {("team", "contact"): "email", ("candidate", "all"): "email", ("team", "organisation"): "bin"}
"""The one answer of a page that a slip of the finger makes worthless: what is worth a look stands there."""


@dataclass(frozen=True, slots=True)
class PlacedView:
    """Words, and where they stand: what one row comes to, what is worth a look at a field."""

    id: str
    words: str


@dataclass(frozen=True, slots=True)
class BalanceView:
    """An ordinary month: income, costs, and what that means."""

    income: str
    costs: str
    words: str
    short: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """All of it; what does not belong to the page is None or empty."""

    watched: bool = False
    totals: TotalsView | None = None
    shares: SharesView | None = None
    balance: BalanceView | None = None
    brought: str = ""
    plan: TimetableView | None = None
    is_check: bool = False
    sums: Sequence[PlacedView] = ()
    notices: Sequence[PlacedView] = ()
    worth: Sequence[Mistake] = ()


NOTHING = Beside()


@dataclass(frozen=True, slots=True)
class Stand:
    """A section as it stands: its answers, the call's limits, and of a budget the work plan.

    `problems` are known only where the whole section was judged.
    """

    language: str
    ref: str
    section: str
    data: Mapping[str, Any]
    plan: Mapping[str, Any]
    limits: Limits
    lang: str = ""
    problems: Mapping[str, Problem] | None = None


def beside(stand: Stand, part: Part) -> Beside:
    """What stands beside this page."""
    place = (stand.section, part.code)
    if place not in WATCHED:
        return NOTHING
    if place == ("budget", "lines"):
        return _budget(stand, part)
    if place == ("budget", "prices"):
        # What was typed on the page before, drawn: on that one it would weigh more than all its lines.
        return Beside(watched=True, shares=_shares(stand))
    if place == ("sustainability", "month"):
        return Beside(watched=True, balance=_balance(stand))
    if place == ("work_plan", "resources"):
        return Beside(watched=True, brought=_brought(stand), sums=_resource_sums(stand))
    if place == ("work_plan", "check"):
        plan = timetable_view(stand.language, stand.data, lang=stand.lang)
        return Beside(watched=True, is_check=True, plan=plan, worth=_worth(stand, _conflicts(stand)))
    return Beside(
        watched=True,
        notices=[
            PlacedView(f"{element_id(name)}-notice", words)
            for name, words in field_notices(stand, part).items()
        ],
    )


def field_notices(stand: Stand, part: Part) -> dict[str, str]:
    """What is worth a look at a field of this page, by question; empty where nothing is just now."""
    name = AT_THE_FIELD.get((stand.section, part.code))
    if name is None:
        return {}
    found = notices_of(CATALOGUE[stand.section], stand.data, stand.limits).get(name)
    if found is None:
        return {name: ""}
    words = answer_problem(stand.language, stand.section, name, found)
    go_on = translations(stand.language).ugettext("If it is right as it stands, go on.")
    return {name: f"{words} {go_on}"}


def noticed(section: str, part: Part, data: Mapping[str, Any], notices: Mapping[str, Problem]) -> str:
    """The answer of this page that something is worth a look at; empty where nothing is."""
    name = AT_THE_FIELD.get((section, part.code), "")
    return str(data.get(name) or "") if name in notices else ""


def _budget(stand: Stand, part: Part) -> Beside:
    totals = totals_of_draft(stand.data)
    limits = stand.limits.with_plan(stand.plan)
    own = notices_of(CATALOGUE["budget"], stand.data, limits)
    idle = Stand(stand.language, stand.ref, "work_plan", stand.plan, {}, limits)
    return Beside(
        watched=True,
        totals=totals_view(stand.language, limits, stand.data, totals),
        sums=[
            PlacedView(_sum_id("lines", row), sum_in_words(stand.language, typed_line_minor(row)))
            for row in stand.data.get("lines", ())
        ],
        worth=[
            *_worth(stand, own, part),
            *_worth(idle, idle_activities(stand.plan, stand.data)),
        ],
    )


def _shares(stand: Stand) -> SharesView | None:
    names = with_activities(stand.language, {}, stand.plan)
    return shares_view(stand.language, totals_of_draft(stand.data), names)


def sum_in_words(language: str, tiyn: int) -> str:
    """What a row comes to; nothing while that cannot be said."""
    if not tiyn:
        return ""
    return translations(language).ugettext("Sum: {amount}").format(amount=formats.tenge(language, tiyn))


def row_sum(code: str, row: Mapping[str, Any]) -> int | None:
    """What a row of this table comes to, in tiyn; None in a table without sums."""
    if code == "budget.lines":
        return typed_line_minor(row)
    return typed_resource_minor(row) if code == "work_plan.resources" else None


def _sum_id(table: str, row: Mapping[str, Any]) -> str:
    return f"{element_id(table)}-{row['id']}-sum"


def _resource_sums(stand: Stand) -> list[PlacedView]:
    return [
        PlacedView(_sum_id("resources", row), sum_in_words(stand.language, typed_resource_minor(row)))
        for row in stand.data.get("resources", ())
    ]


def _brought(stand: Stand) -> str:
    amount = stand.limits.with_plan(stand.data).resources_minor
    words = translations(stand.language).ugettext(
        "Own contribution so far: {amount}. It is added to your budget."
    )
    return words.format(amount=formats.tenge(stand.language, amount)) if amount else ""


def _balance(stand: Stand) -> BalanceView | None:
    income, costs = month_balance(stand.data)
    if not income and not costs:
        return None
    gettext = translations(stand.language).ugettext
    if costs > income:
        words = gettext("Short each month: about {short}. How would you close the gap?").format(
            short=formats.tenge(stand.language, about(costs - income))
        )
    elif income > costs:
        words = gettext("Left over each month: about {rest}.").format(
            rest=formats.tenge(stand.language, about(income - costs))
        )
    else:
        words = gettext("Income and costs are equal.")
    return BalanceView(
        income=gettext("Income: {amount}").format(amount=formats.tenge(stand.language, income)),
        costs=gettext("Costs: {amount}").format(amount=formats.tenge(stand.language, costs)),
        words=words,
        short=costs > income,
    )


def _conflicts(stand: Stand) -> Mapping[str, Problem]:
    """What contradicts itself in a plan; what is only missing stands on the check page."""
    found = {name: each for name, each in (stand.problems or {}).items() if each[0] not in MISSING}
    return {**found, **notices_of(CATALOGUE[stand.section], stand.data, stand.limits)}


def _worth(stand: Stand, notices: Mapping[str, Problem], part: Part | None = None) -> list[Mistake]:
    """Each as a link: within this page to the answer itself, else to the page where it is changed."""
    return [
        Mistake(
            f"#{element_id(name)}"
            if part and name.split(".", 1)[0] in part.names
            else change_href(stand.language, stand.ref, stand.section, name, back=""),
            listed_notice(stand.language, stand.section, name, problem, stand.data),
        )
        for name, problem in notices.items()
    ]

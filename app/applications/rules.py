"""Against which published rules an application is checked. Pure.

These are the questions of the eligibility check that the call asks, and what its page and the sending's
declaration say besides. A refusal names one of them: nobody is refused for a rule that was not published.
"""

from collections.abc import Iterable, Mapping
from typing import Any, Literal, Protocol

from app.calls.eligibility import questions_asked, stored_settings
from app.models.calls import CallKind

Finding = Literal["met", "unmet", "unclear"]
FINDINGS: tuple[Finding, ...] = ("met", "unmet", "unclear")
ABOUT: Mapping[str, tuple[str, ...]] = {
    "kind": ("team.applicant_kind",),
    "place": ("brief.districts", "brief.place"),
    "amount": ("budget.lines",),
    "started": ("work_plan.starts", "work_plan.ends"),
    "dates": ("motivation.availability",),
    "theme": ("brief.theme", "brief.summary"),
    "who_cannot": ("team.applicant_kind", "team.partner_links"),
    "double_funding": ("budget.other_money_state", "budget.other_money"),
}
"""Rule -> the answers, `section.question`, that it is about."""


class Ruled(Protocol):
    """The columns of a call that hold its rules."""

    @property
    def eligibility(self) -> dict[str, Any]: ...
    @property
    def kind(self) -> CallKind: ...
    @property
    def ceiling_minor(self) -> int | None: ...
    @property
    def themes(self) -> list[Any]: ...


def rules_of(call: Ruled) -> tuple[str, ...]:
    """The codes of the call's rules in the order in which they are looked at."""
    asked = questions_asked(stored_settings(call.eligibility), call.kind, call.ceiling_minor)
    money = ("double_funding",) if call.kind is CallKind.GRANT else ()
    return (*asked, *(("theme",) if call.themes else ()), "who_cannot", *money)


def unmet(rules: tuple[str, ...], checks: Mapping[str, str]) -> list[str]:
    """The rules that are broken, in their order."""
    return [rule for rule in rules if checks.get(rule) == "unmet"]


def in_doubt(rules: tuple[str, ...], checks: Mapping[str, str]) -> list[str]:
    """The rules that are broken, or may be, in their order."""
    return [rule for rule in rules if checks.get(rule) in {"unmet", "unclear"}]


def answers_about(rules: Iterable[str], asked: Iterable[str]) -> list[str]:
    """What of all that a call asks these rules are about, in the order of the form."""
    about = {field for rule in rules for field in ABOUT.get(rule, ())}
    return [field for field in asked if field in about]

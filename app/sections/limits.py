"""What a call allows: the numbers and lists that the checks of its sections need."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from app.sections.totals import resources_minor


@dataclass(frozen=True, slots=True)
class Limits:
    """`ceiling_minor` in tiyn, `rate_minor` in tiyn for one euro; both None where no money is given.

    `themes`, `priorities`, `own_answers` (to the call's own question) and `organisations` are the codes that
    may be chosen.
    `activities` are the ids of the work plan's rows, None where they are not known; `resources_minor` is
    what the plan says is brought along, in tiyn. No project begins before `first_month`, "" where any may.
    """

    ceiling_minor: int | None = None
    rate_minor: int | None = None
    administration_percent: int = 10
    max_months: int = 8
    first_month: str = ""
    themes: tuple[str, ...] = ()
    priorities: tuple[str, ...] = ()
    own_answers: tuple[str, ...] = ()
    organisations: tuple[str, ...] = ()
    activities: tuple[str, ...] | None = None
    resources_minor: int = 0

    def with_plan(self, plan: Mapping[str, Any]) -> "Limits":
        """The same limits with what a budget needs of the typed work plan beside it."""
        ids = tuple(row["id"] for row in plan.get("activities", ()))
        return replace(self, activities=ids, resources_minor=resources_minor(plan))


def ceiling_in_tiyn(ceiling_cents: int, rate_minor: int) -> int:
    """The ceiling in whole tenge, as tiyn, rounded down once for everybody."""
    return ceiling_cents * rate_minor // 10_000 * 100


def euro_cents(tiyn: int, rate_minor: int) -> int:
    """An amount in euro cents at the call's rate, rounded down."""
    return tiyn * 100 // rate_minor

"""What a call allows: the numbers and lists that the checks of its sections need."""

from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class Limits:
    """`ceiling_minor` in tiyn, `rate_minor` in tiyn for one euro; both None where no money is given.

    `themes`, `priorities` and `organisations` are the codes that may be chosen.
    `activities` are the ids of the work plan's rows; None where they are not known.
    """

    ceiling_minor: int | None = None
    rate_minor: int | None = None
    administration_percent: int = 10
    max_months: int = 8
    themes: tuple[str, ...] = ()
    priorities: tuple[str, ...] = ()
    organisations: tuple[str, ...] = ()
    activities: tuple[str, ...] | None = None

    def with_activities(self, ids: tuple[str, ...]) -> "Limits":
        """The same limits with the rows that a budget's lines may name."""
        return replace(self, activities=ids)


def ceiling_in_tiyn(ceiling_cents: int, rate_minor: int) -> int:
    """The ceiling in whole tenge, as tiyn, rounded down once for everybody."""
    return ceiling_cents * rate_minor // 10_000 * 100


def euro_cents(tiyn: int, rate_minor: int) -> int:
    """An amount in euro cents at the call's rate, rounded down."""
    return tiyn * 100 // rate_minor

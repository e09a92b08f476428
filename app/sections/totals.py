"""The sums of a budget and of what is brought along, in tiyn; also of one that is still being typed."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, NamedTuple

from app.sections.numbers import parse_number


def line_minor(quantity: Decimal, price: int) -> int:
    """What one line costs, in whole tiyn, halves rounded up."""
    return int((quantity * price).quantize(Decimal(1), ROUND_HALF_UP))


class Cost(NamedTuple):
    """One line: what it is for, who pays, what it costs, and the grant's part where the cost is shared."""

    activity: str
    category: str
    payer: str
    quantity: Decimal
    price: int
    grant_part: int | None = None

    @property
    def whole(self) -> int:
        """What the line costs."""
        return line_minor(self.quantity, self.price)

    @property
    def grant(self) -> int:
        """What the grant pays of it: never more than it costs."""
        if self.grant_part is not None:
            return min(self.grant_part, self.whole)
        return self.whole if self.payer == "grant" else 0


@dataclass(slots=True)
class Split:
    """A sum, and what of it the grant pays."""

    grant: int = 0
    own: int = 0

    @property
    def whole(self) -> int:
        """Both together."""
        return self.grant + self.own


@dataclass(frozen=True, slots=True)
class Totals:
    """`own_minor` is all that others than the grant pay in the lines, whoever they are (`by_payer`)."""

    grant_minor: int = 0
    own_minor: int = 0
    administration_minor: int = 0
    by_payer: Mapping[str, int] = field(default_factory=dict)
    by_category: Mapping[str, Split] = field(default_factory=dict)
    by_activity: Mapping[str, Split] = field(default_factory=dict)

    @property
    def whole_minor(self) -> int:
        """All lines."""
        return self.grant_minor + self.own_minor

    @classmethod
    def of(cls, costs: Iterable[Cost]) -> "Totals":
        """The sums of some lines."""
        by_payer: dict[str, int] = {}
        by_category: dict[str, Split] = {}
        by_activity: dict[str, Split] = {}
        administration = 0
        for cost in costs:
            grant, own = cost.grant, cost.whole - cost.grant
            for sums, key in ((by_category, cost.category), (by_activity, cost.activity)):
                split = sums.setdefault(key, Split())
                split.grant += grant
                split.own += own
            if grant:
                by_payer["grant"] = by_payer.get("grant", 0) + grant
            if own:
                by_payer[cost.payer] = by_payer.get(cost.payer, 0) + own
            if cost.category == "administration":
                administration += grant
        grant_minor = sum(split.grant for split in by_category.values())
        own_minor = sum(split.own for split in by_category.values())
        return cls(grant_minor, own_minor, administration, by_payer, by_category, by_activity)


def typed_costs(data: Mapping[str, Any]) -> list[Cost]:
    """The lines that can be read so far; one without a payer counts as the grant's."""
    return [typed_cost(row) for row in data.get("lines", ())]


def typed_cost(row: Mapping[str, Any]) -> Cost:
    """One line, typed or as it was sent; it costs nothing while its numbers cannot be read."""
    quantity, price = _typed_line(row)
    part = row.get("grant_part")
    return Cost(
        row.get("activity") or "",
        row.get("category") or "",
        row.get("payer") or "grant",
        quantity,
        price,
        (part if isinstance(part, int) else typed_tiyn(part)) if part else None,
    )


def totals_of_draft(data: Mapping[str, Any]) -> Totals:
    """The sums of what can be read so far."""
    return Totals.of(typed_costs(data))


def typed_line_minor(row: Mapping[str, Any]) -> int:
    """What one line costs, typed or as it was sent; 0 while its numbers cannot be read."""
    return line_minor(*_typed_line(row))


def typed_resource_minor(row: Mapping[str, Any]) -> int:
    """What something of one's own is worth, typed or as it was sent: its value, or hours times their rate; 0
    where neither is said."""
    value, hours, rate = row.get("value"), row.get("hours"), row.get("rate")
    if value:
        return value if isinstance(value, int) else typed_tiyn(value)
    if isinstance(rate, int):
        return line_minor(Decimal(hours or 0), rate)
    return line_minor(*_readable(hours, rate)) if hours and rate else 0


def resources_minor(plan: Mapping[str, Any]) -> int:
    """What a typed work plan's own resources are worth together."""
    return sum(typed_resource_minor(row) for row in plan.get("resources", ()))


def typed_tiyn(typed: str) -> int:
    """An amount of tenge as typed, in tiyn; 0 while it cannot be read."""
    return _readable("1", typed)[1]


def month_balance(data: Mapping[str, Any]) -> tuple[int, int]:
    """Income and costs of a typed ordinary month, in tiyn."""
    income, costs = (
        sum(typed_tiyn(row.get("amount") or "") for row in data.get(table, ()))
        for table in ("month_income", "month_costs")
    )
    return income, costs


def _typed_line(row: Mapping[str, Any]) -> tuple[Decimal, int]:
    price = row.get("price")
    if isinstance(price, int):
        return Decimal(row.get("quantity") or 0), price
    return _readable(row.get("quantity") or "", price or "")


def _readable(quantity: str | None, price: str | None) -> tuple[Decimal, int]:
    try:
        many = parse_number(quantity or "", thousands=False)
        each = parse_number(price or "", thousands=True)
    except ValueError:
        return Decimal(0), 0
    if not 0 <= many <= 10**6 or not 0 <= each <= 10**12:
        return Decimal(0), 0
    return many, int(each * 100)

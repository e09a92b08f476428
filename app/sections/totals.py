"""The sums of a budget, in tiyn; also of one that is still being typed."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from app.sections.numbers import parse_number


def line_minor(quantity: Decimal, price: int) -> int:
    """What one line costs, in whole tiyn, halves rounded up."""
    return int((quantity * price).quantize(Decimal(1), ROUND_HALF_UP))


@dataclass(frozen=True, slots=True)
class Totals:
    """`own_minor` is everything that the grant does not pay."""

    grant_minor: int = 0
    own_minor: int = 0
    administration_minor: int = 0
    by_category: Mapping[str, int] = field(default_factory=dict)

    @property
    def whole_minor(self) -> int:
        """The whole project."""
        return self.grant_minor + self.own_minor

    @classmethod
    def of(cls, lines: Iterable[tuple[str, str, Decimal, int]]) -> "Totals":
        """Sums of (payer, category, quantity, price in tiyn)."""
        grant = own = administration = 0
        by_category: dict[str, int] = {}
        for payer, category, quantity, price in lines:
            amount = line_minor(quantity, price)
            by_category[category] = by_category.get(category, 0) + amount
            if payer != "grant":
                own += amount
                continue
            grant += amount
            if category == "administration":
                administration += amount
        return cls(grant, own, administration, by_category)


def totals_of_draft(data: Mapping[str, Any]) -> Totals:
    """The sums of what can be read so far; a line without a payer counts as the grant's."""
    return Totals.of(
        (row.get("payer") or "grant", row.get("category") or "", quantity, price)
        for row in data.get("lines", ())
        for quantity, price in (_typed_line(row),)
    )


def totals_of(data: Mapping[str, Any]) -> Totals:
    """The sums of a budget as it was sent, or as it is typed."""
    lines: list[Mapping[str, Any]] = list(data.get("lines", ()))
    return Totals.of(
        (row.get("payer") or "grant", row.get("category") or "", quantity, price)
        for row in lines
        for quantity, price in (_line(row),)
    )


def row_minor(row: Mapping[str, Any]) -> int:
    """What one line costs, as it was sent or as it is typed."""
    return line_minor(*_line(row))


def _line(row: Mapping[str, Any]) -> tuple[Decimal, int]:
    price = row.get("price")
    return (Decimal(row["quantity"]), price) if isinstance(price, int) else _typed_line(row)


def typed_line_minor(row: Mapping[str, Any]) -> int:
    """What one typed line costs; 0 while its numbers cannot be read."""
    return line_minor(*_typed_line(row))


def _typed_line(row: Mapping[str, Any]) -> tuple[Decimal, int]:
    try:
        quantity = parse_number(row.get("quantity") or "", thousands=False)
        price = parse_number(row.get("price") or "", thousands=True)
    except ValueError:
        return Decimal(0), 0
    if not 0 <= quantity <= 10**6 or not 0 <= price <= 10**12:
        return Decimal(0), 0
    return quantity, int(price * 100)

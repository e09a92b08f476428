"""Numbers of the model as a person would say them: no more exactly than they are known."""

import math
from decimal import ROUND_HALF_UP, Decimal

from app.messages import formats

NEAR = 0.25
"""Within so much of a whole number it is said as that number, else as one to the next."""


def about(language: str, value: float) -> str:
    """ "5", or "5–6" for what lies between them."""
    below = math.floor(value)
    if value - below < NEAR:
        return formats.number(language, below)
    if value - below > 1 - NEAR:
        return formats.number(language, below + 1)
    return f"{formats.number(language, below)}–{formats.number(language, below + 1)}"


def tenth(value: float | Decimal) -> Decimal:
    """One decimal, halves away from zero, as totals are rounded that were exact."""
    return Decimal(str(value)).quantize(Decimal("0.1"), ROUND_HALF_UP)


def percent(chance: float) -> str:
    """A chance out of a hundred: none is ever quite 0 or 100."""
    hundredths = round(100 * chance)
    if hundredths < 1:
        return "< 1\u00a0%"
    return "> 99\u00a0%" if hundredths > 99 else f"{hundredths}\u00a0%"


def between(interval: tuple[int, int] | list[int]) -> str:
    """ "4–41", or "4" where it is one place."""
    low, high = interval
    return f"{low}–{high}" if low != high else f"{low}"

"""How numbers are written down: exact fractions become decimals, halves away from zero."""

from fractions import Fraction

PLACES = 6


def rounded(value: float) -> float:
    """Four decimals: more than anybody reads, fewer than machines differ in."""
    return round(float(value), 4)


def tenths(value: Fraction | None) -> str:
    """One decimal for people to read, halves away from zero; nothing for what does not exist."""
    return "" if value is None else _rounded(value, 1)


def decimal(value: Fraction | None) -> str:
    """Up to six decimals, for whoever computes on: a total of such means is right to four of them."""
    return "" if value is None else _rounded(value, PLACES).rstrip("0").rstrip(".")


def _rounded(value: Fraction, places: int) -> str:
    """That many decimals and a point, halves away from zero."""
    scale = 10**places
    whole = (abs(value * scale) + Fraction(1, 2)).__floor__()
    sign = "-" if value < 0 and whole else ""
    return f"{sign}{whole // scale}.{whole % scale:0{places}}"

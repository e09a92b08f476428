"""A draw that anybody can repeat: tickets from a seed that was published after the list was. Pure."""

import hashlib
import hmac
from collections.abc import Collection, Mapping, Sequence
from fractions import Fraction

START = "start"
"""What is hashed, beside the codes, for where a draw with unequal chances begins."""
WHOLE = 10**12
"""Chances are taken in such parts of a place, so that no rounding of sums decides."""


def draw_ticket(seed: str, call: str, code: str) -> str:
    """HMAC-SHA256(seed, call + newline + code) in hex, all in UTF-8; the lowest ticket goes first.

    Source: RFC 2104 and RFC 4231 for the function. The list, the number of places and where the seed will
    come from are published before anybody can know the seed.
    """
    return hmac.digest(seed.encode(), f"{call}\n{code}".encode(), hashlib.sha256).hex()


def drawn_order(codes: Collection[str], *, seed: str, call: str) -> Sequence[str]:
    """All of them in the order of their tickets; the first K win a draw for K places. Each once."""
    return sorted(set(codes), key=lambda code: draw_ticket(seed, call, code))


def drawn_by_chance(chances: Mapping[str, float], *, seed: str, call: str) -> Sequence[str]:
    """As many as the chances sum to, each with its own chance, in the order of their tickets.

    The chances, each from 0 to 1, are laid end to end in the order of the tickets, and whoever lies under one
    of the points start, start + 1, start + 2, … wins; the start, below 1, is drawn too. ValueError for a
    chance outside 0 to 1, or where they do not sum to a whole number within 1e-6. Source: Madow, "On the
    theory of systematic sampling" (1949).
    """
    if any(not -1e-9 <= chance <= 1 + 1e-9 for chance in chances.values()):
        raise ValueError("a chance is from 0 to 1")
    places = round(sum(chances.values()))
    if abs(sum(chances.values()) - places) > 1e-6:
        raise ValueError("the chances do not sum to a number of places")
    order = drawn_order(chances, seed=seed, call=call)
    parts = _whole_parts([chances[code] for code in order], places)
    start = Fraction(int(draw_ticket(seed, call, START), 16), 2**256) * WHOLE
    found, end = [], 0
    for code, part in zip(order, parts, strict=True):
        begin, end = end, end + part
        # The points are at start + n: one of them lies here where the count of those passed grows.
        if _passed(end, start) > _passed(begin, start):
            found.append(code)
    return found


def _passed(at: int, start: Fraction) -> int:
    """How many points lie below."""
    return max(0, -int((start - at) // WHOLE))


def _whole_parts(chances: Sequence[float], places: int) -> list[int]:
    """The same in whole parts that sum exactly; what rounding left goes to those that are neither 0 nor 1."""
    parts = [min(WHOLE, max(0, round(chance * WHOLE))) for chance in chances]
    left = places * WHOLE - sum(parts)
    for n, part in enumerate(parts):
        if 0 < part < WHOLE and left:
            moved = max(-part, min(WHOLE - part, left))
            parts[n], left = part + moved, left - moved
    return parts

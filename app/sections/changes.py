"""How much of a draft a save takes away: what only adds to a text loses nothing of it."""

from collections.abc import Mapping
from typing import Any


def taken_away(before: Mapping[str, Any], after: Mapping[str, Any]) -> int:
    """How many characters of `before` are not in `after`; a row that was moved counts as one."""
    return sum(
        _lost(value, after.get(name))
        for name, value in before.items()
        if not name.startswith("_") and value and value != after.get(name)
    )


def changed_names(before: Mapping[str, Any], after: Mapping[str, Any]) -> frozenset[str]:
    """The questions whose answers differ; an answer that is blank is as good as none."""
    return frozenset(
        name
        for name in before.keys() | after.keys()
        if not name.startswith("_") and (before.get(name) or None) != (after.get(name) or None)
    )


def _lost(before: Any, after: Any) -> int:
    if isinstance(before, str):
        return _cut(before, after if isinstance(after, str) else "")
    kept = after if isinstance(after, list) else []
    if all(isinstance(each, str) for each in before):
        return sum(len(each) for each in before if each not in kept)
    return _rows_lost(before, [row for row in kept if isinstance(row, dict)])


def _rows_lost(before: list[dict[str, str]], after: list[dict[str, str]]) -> int:
    there = {row["id"]: row for row in after}
    lost = sum(
        _cut(value, there.get(row["id"], {}).get(name, ""))
        for row in before
        for name, value in row.items()
        if name != "id"
    )
    order = [row["id"] for row in before if row["id"] in there]
    known = set(order)
    return lost + (order != [row["id"] for row in after if row["id"] in known])


def _cut(before: str, after: str) -> int:
    """The length of the piece between the beginning and the end that both texts share."""
    if after.startswith(before):
        return 0
    start = _shared(before, after)
    rest, other = before[start:], after[start:]
    return len(rest) - _shared(rest[::-1], other[::-1])


def _shared(one: str, other: str) -> int:
    """How many characters both begin with: halved, since comparing slices is faster than letters."""
    low, high = 0, min(len(one), len(other))
    while low < high:
        middle = (low + high + 1) // 2
        if one[low:middle] == other[low:middle]:
            low = middle
        else:
            high = middle - 1
    return low

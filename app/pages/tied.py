"""What a place among equal totals means, in words that stand in its row."""

from collections.abc import Mapping
from typing import Protocol

from app.messages.labels import choices
from app.scoring.ranking import DRAW, LOTTERY, TOTAL


class Placed(Protocol):
    """A line of the order: its place, the first place of its equals, and what put it before the next."""

    @property
    def place(self) -> int: ...
    @property
    def label(self) -> str: ...
    @property
    def decided_by(self) -> str: ...


def tie_words(language: str, line: Placed, titles: Mapping[str, str]) -> str:
    """Empty for a line without an equal, and for one without a total, which has no place."""
    if not line.label:
        return ""
    words = choices(language, "tied")
    if line.decided_by == TOTAL:
        return words["last"] if line.label != str(line.place) else ""
    if line.decided_by in (DRAW, LOTTERY):
        return words[line.decided_by]
    return words["criterion"].format(criterion=titles.get(line.decided_by, line.decided_by))

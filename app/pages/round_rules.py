"""The rule of a round in words, as everybody reads it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Protocol
from zoneinfo import ZoneInfo

from app.messages import formats
from app.messages.labels import choices
from app.models.columns import Texts
from app.pages.page import text_in
from app.scoring.shares import Split


class Ruled(Protocol):
    """What of a round its rule is made of."""

    @property
    def places(self) -> int: ...
    @property
    def least_places(self) -> int | None: ...
    @property
    def amount_minor(self) -> int | None: ...
    @property
    def split(self) -> Split: ...
    @property
    def full_places(self) -> int | None: ...
    @property
    def reserved_places(self) -> int: ...
    @property
    def threshold(self) -> int | None: ...
    @property
    def reserve_places(self) -> int: ...
    @property
    def reserve_until(self) -> datetime | None: ...
    @property
    def finalists(self) -> int | None: ...
    @property
    def pitch_weight(self) -> int | None: ...


def rule_in_words(language: str, each: Ruled, group: Texts | None, zone: ZoneInfo) -> list[str]:
    """One sentence for each part of the rule; none for a round of so many awards of one amount."""
    words = choices(language, "round_rule")
    said = [_number(words, each), _split(language, words, each)]
    if each.finalists is not None and each.pitch_weight is not None:
        written = 100 - each.pitch_weight
        said.append(words["pitch"].format(count=each.finalists, pitch=each.pitch_weight, written=written))
    if each.reserved_places:
        said.append(words["seats"].format(seats=each.reserved_places, group=text_in(language, group)))
    if each.threshold is not None:
        said.append(words["threshold"].format(threshold=each.threshold))
    if each.reserve_until is not None:
        until = formats.moment(language, each.reserve_until, zone)
        said.append(words["reserve"].format(count=each.reserve_places, until=until))
    return [sentence for sentence in said if sentence]


def _number(words: Mapping[str, str], each: Ruled) -> str:
    if each.least_places is None:
        return ""
    if each.least_places == each.places:
        return words["exactly"].format(least=each.least_places)
    return words["number"].format(least=each.least_places, most=each.places)


def _split(language: str, words: Mapping[str, str], each: Ruled) -> str:
    if each.amount_minor is None or each.split is Split.FIXED:
        return ""
    amount = formats.euros(language, each.amount_minor)
    return words[each.split].format(amount=amount, full=each.full_places)

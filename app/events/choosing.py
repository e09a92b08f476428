"""Who is invited to pitch: the first of the written order, but for what departs from it in writing. Pure."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Candidate:
    """One application in the written order."""

    application_id: int
    code: str
    ref: str
    place: int


def first(
    order: Sequence[Candidate], raised: Collection[int], passed: Collection[int], count: int
) -> list[Candidate]:
    """The first `count`: whoever was raised takes a place, whoever was passed over leaves theirs."""
    above = [each for each in order if each.application_id in raised]
    plain = [each for each in order if each.application_id not in {*raised, *passed}]
    return sorted([*above, *plain[: max(0, count - len(above))]], key=lambda each: each.place)


def following(
    order: Sequence[Candidate], raised: Collection[int], passed: Collection[int], invited: Collection[int]
) -> Candidate | None:
    """Who is offered the place that somebody left: one who was raised, else the first not invited yet."""
    left = [each for each in order if each.application_id not in {*invited, *passed}]
    return next((each for each in left if each.application_id in raised), left[0] if left else None)

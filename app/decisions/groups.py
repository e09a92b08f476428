"""Reviewers who fall into groups that share no application: who is in each, and what would link them.

Within a group it is known who is stricter than whom; between two of them it is not. A review that leads from
one into the other makes it known: one fewer of them than there are groups is enough.
"""

from collections.abc import Mapping, Sequence

from pydantic import BaseModel, ConfigDict
from sqlmodel import Session

from app.accounts.actors import Coordinator
from app.decisions.held import call_of
from app.decisions.ordering import sheets_of
from app.decisions.runs import standing_run
from app.reviews.thirds import further

MOST_OF_GROUP = 200
"""So many applications of a group are tried: any of them links it."""
UNFIT = 10_000.0
"""So much more it costs to ask who does not read the language or has no room: only where nobody else is."""


class ReviewerGroup(BaseModel):
    """Reviewers and the applications that they alone have read, by code."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    reviewers: list[str]
    applications: list[str]


class Bridge(BaseModel):
    """A further review that leads from one group into another: both by code."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    reviewer: str
    application: str


class ReviewerGroups(BaseModel):
    """The largest group first; empty where all reviewers can be compared.

    `bridges` are the fewest further reviews that link them, by those who have least to read; fewer than that
    where nobody is free for one.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")
    groups: list[ReviewerGroup]
    bridges: list[Bridge]


TOGETHER = ReviewerGroups(groups=[], bridges=[])


def reviewer_groups(session: Session, coordinator: Coordinator) -> ReviewerGroups:
    """Of the run that stands; nothing is told to whom a part of it is kept from.

    ReviewingNotClosed where no order stands.
    """
    found = standing_run(session, coordinator)
    groups: Sequence[Sequence[str]] = found.summary.get("groups", []) if found else []
    if found is None or len(groups) < 2:
        return TOGETHER
    incomplete = {tuple(each) for each in found.summary.get("incomplete", ())}
    pairs = {
        (sheet.reviewer, sheet.application)
        for sheet in sheets_of(session, call_of(session, coordinator))
        if (sheet.application, sheet.reviewer) not in incomplete
    }
    read: Mapping[str, set[str]] = {reviewer: set() for own in groups for reviewer in own}
    for reviewer, application in pairs:
        if reviewer in read:
            read[reviewer].add(application)
    shown = [
        ReviewerGroup(
            reviewers=list(own), applications=sorted(set().union(*(read[reviewer] for reviewer in own)))
        )
        for own in groups
    ]
    return ReviewerGroups(groups=shown, bridges=_bridges(session, coordinator, pairs, shown, read))


def _bridges(
    session: Session,
    coordinator: Coordinator,
    pairs: set[tuple[str, str]],
    groups: Sequence[ReviewerGroup],
    read: Mapping[str, set[str]],
) -> list[Bridge]:
    """What costs least: by whoever has read least so far."""
    # The arithmetic brings a large library along, which only who has such groups should load.
    from app.scoring.bridging import bridges

    tried = [code for each in groups for code in each.applications[:MOST_OF_GROUP]]
    costs = {
        (reviewer, each.application): len(read[reviewer]) + UNFIT * (reviewer in each.lacks)
        for each in further(session, coordinator.call_id, tried)
        for reviewer in each.free
        if reviewer in read
    }
    return [Bridge(reviewer=one, application=other) for one, other in bridges(pairs, costs)]

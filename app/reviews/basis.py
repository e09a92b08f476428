"""On what a proposal rests, part by part, so that it can be told when it no longer does."""

import hashlib
import json
from collections.abc import Collection, Mapping
from enum import StrEnum

from app.models.reviews import ReviewState
from app.reviews.room import Pair, Room


class Part(StrEnum):
    """What may have changed since an assignment was proposed."""

    APPLICATIONS = "applications"
    REVIEWERS = "reviewers"
    TIES = "ties"
    ASSIGNMENTS = "assignments"
    NUMBER = "number"


def basis_of(room: Room) -> dict[str, str]:
    """A short hash of each part."""
    parts: Mapping[Part, object] = {
        Part.APPLICATIONS: [
            (code, paper.language, paper.theme) for code, paper in sorted(room.papers.items())
        ],
        Part.REVIEWERS: [
            room.organisations,
            [
                (code, each.organisation, each.languages, each.topics, each.capacity)
                for code, each in sorted(room.members.items())
            ],
        ],
        Part.TIES: sorted(room.barred | room.withdrawn()),
        Part.ASSIGNMENTS: sorted((row.member, row.application) for row in room.standing()),
        Part.NUMBER: room.wanted,
    }
    return {part: hashlib.sha256(json.dumps(told).encode()).hexdigest()[:16] for part, told in parts.items()}


def changed(room: Room, basis: Mapping[str, str], taken: Collection[Pair]) -> list[Part]:
    """What is no longer as it was; also where somebody has begun meanwhile what was to be taken from them."""
    now = basis_of(room)
    begun = {(row.member, row.application) for row in room.standing() if row.state is not None}
    return [
        part
        for part in Part
        if basis.get(part) != now[part] or (part is Part.ASSIGNMENTS and not begun.isdisjoint(taken))
    ]


def untouched(room: Room) -> list[Pair]:
    """(reviewer, application) of what stands and was not begun: what a proposal may hand on."""
    return [(row.member, row.application) for row in room.standing() if row.state is None]


def is_sent(room: Room, pair: Pair) -> bool:
    """Whether the review of a standing assignment has been sent."""
    return any(
        (row.member, row.application) == pair and row.state is ReviewState.SENT for row in room.standing()
    )

"""Who fits an application beside having no tie to it: who reads its language, and has room for one more."""

from collections.abc import Iterable, Mapping
from enum import StrEnum

from app.reviews.queue import queue_key
from app.reviews.room import Member, Room
from app.reviews.rules import reads


class Lack(StrEnum):
    """What somebody who is free of ties lacks, the gravest first."""

    LANGUAGE = "language"
    CAPACITY = "capacity"


def lacks(room: Room, member: Member, application: str, loads: Mapping[str, int]) -> list[Lack]:
    """What stands against giving it to this reviewer; empty for who fits. `loads`: how many each has."""
    unread = not reads(member, room.papers[application])
    full = member.capacity is not None and loads[member.code] >= member.capacity
    return [lack for lack, is_so in ((Lack.LANGUAGE, unread), (Lack.CAPACITY, full)) if is_so]


def nearest_first(
    room: Room, reviewers: Iterable[str], application: str, loads: Mapping[str, int]
) -> list[str]:
    """Who reads it before who does not, then who has room, then who has least; equals as queues fall."""

    def rank(code: str) -> tuple[bool, bool, int, str]:
        missing = lacks(room, room.members[code], application, loads)
        return (
            Lack.LANGUAGE in missing,
            Lack.CAPACITY in missing,
            loads[code],
            str(queue_key(code, application)),
        )

    return sorted(reviewers, key=rank)

"""What a finding is of, and where in a text it stands."""

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """Whom or what the found words give away."""

    OWN_NAME = "own_name"
    TEAM_NAME = "team_name"
    ORGANISATION = "organisation"
    ADDRESS = "address"
    EMAIL = "email"
    PHONE = "phone"
    HANDLE = "handle"
    LINK = "link"
    BIN = "bin"


@dataclass(frozen=True, slots=True)
class Hit:
    """Found words: from `start` up to `end`, counted in code points of the text.

    `sure` is whether they can hardly be anything else.
    """

    start: int
    end: int
    kind: Kind
    sure: bool = True

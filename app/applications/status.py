"""The life of an application on one screen: which move leads from where to where.

Who may move and when is in the actions; this says only what can follow what.
"""

from collections.abc import Set
from dataclasses import dataclass
from enum import StrEnum

from app.errors import Conflict
from app.models.applications import Status
from app.models.calls import Phase


class Move(StrEnum):
    """What is done to an application. Also the word in its history."""

    SEND = "send"
    TAKE_BACK = "take_back"
    WITHDRAW = "withdraw"
    START_REVIEW = "start_review"
    AWARD = "award"
    GIVE_BACK = "give_back"
    PROMOTE = "promote"
    NOT_SELECT = "not_select"
    REFUSE = "refuse"
    REINSTATE = "reinstate"


@dataclass(frozen=True, slots=True)
class Edge:
    """From any of `sources` to `target`."""

    sources: Set[Status]
    target: Status


EDGES: dict[Move, Edge] = {
    Move.SEND: Edge({Status.DRAFT}, Status.SENT),
    Move.TAKE_BACK: Edge({Status.SENT}, Status.DRAFT),
    Move.WITHDRAW: Edge({Status.DRAFT, Status.SENT, Status.IN_REVIEW}, Status.WITHDRAWN),
    # A draft that was taken back still has a sending that counts (`counts_number`), and is reviewed by it.
    Move.START_REVIEW: Edge({Status.DRAFT, Status.SENT}, Status.IN_REVIEW),
    Move.AWARD: Edge({Status.IN_REVIEW}, Status.AWARDED),
    # After publication: a winner leaves, and somebody who stood by comes up.
    Move.GIVE_BACK: Edge({Status.AWARDED}, Status.WITHDRAWN),
    Move.PROMOTE: Edge({Status.NOT_SELECTED}, Status.AWARDED),
    Move.NOT_SELECT: Edge({Status.IN_REVIEW}, Status.NOT_SELECTED),
    # It breaks a published rule. Once reviewers have begun, reinstating goes on to START_REVIEW.
    Move.REFUSE: Edge({Status.DRAFT, Status.SENT, Status.IN_REVIEW}, Status.REFUSED),
    Move.REINSTATE: Edge({Status.REFUSED}, Status.SENT),
}


OUT = frozenset({Status.WITHDRAWN, Status.REFUSED})
"""What takes no part any more, whatever of it still counts."""

SETTLED = frozenset({Phase.DECIDED, Phase.PUBLISHED, Phase.CANCELLED})
"""The phases of a call in which nobody withdraws any more."""


class IllegalMove(Conflict):
    """The application is no longer, or not yet, where this move begins."""

    code = "application.illegal_move"


def moved(status: Status, move: Move) -> Status:
    """Where the move leads from `status`; IllegalMove if it leads nowhere."""
    edge = EDGES[move]
    if status not in edge.sources:
        raise IllegalMove
    return edge.target


VERDICTS = frozenset({Status.AWARDED, Status.NOT_SELECTED})
"""Not to be known by an applicant before it is public."""


def seen_status(status: Status, *, revealed: bool, published: bool) -> Status:
    """What its own team may know of it: an award once its winner is public, any verdict once all are.

    Before that a winner who was not revealed reads the same as everybody else. Who gave an award back was
    revealed and is no winner any more.
    """
    if revealed and status is not Status.WITHDRAWN:
        return Status.AWARDED
    return status if published or status not in VERDICTS else Status.IN_REVIEW


def moves_from(status: Status) -> frozenset[Move]:
    """The moves that begin at `status`."""
    return frozenset(move for move, edge in EDGES.items() if status in edge.sources)

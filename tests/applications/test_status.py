"""Every status with every move, against a list written by hand."""

from itertools import product

import pytest

from app.applications.status import IllegalMove, Move, moved, moves_from
from app.models.applications import Status

LEADS = {
    (Status.DRAFT, Move.SEND): Status.SENT,
    (Status.DRAFT, Move.WITHDRAW): Status.WITHDRAWN,
    (Status.DRAFT, Move.START_REVIEW): Status.IN_REVIEW,
    (Status.SENT, Move.TAKE_BACK): Status.DRAFT,
    (Status.SENT, Move.WITHDRAW): Status.WITHDRAWN,
    (Status.SENT, Move.START_REVIEW): Status.IN_REVIEW,
    (Status.IN_REVIEW, Move.WITHDRAW): Status.WITHDRAWN,
    (Status.IN_REVIEW, Move.AWARD): Status.AWARDED,
    (Status.IN_REVIEW, Move.NOT_SELECT): Status.NOT_SELECTED,
    (Status.DRAFT, Move.REFUSE): Status.REFUSED,
    (Status.SENT, Move.REFUSE): Status.REFUSED,
    (Status.IN_REVIEW, Move.REFUSE): Status.REFUSED,
    (Status.REFUSED, Move.REINSTATE): Status.SENT,
    (Status.AWARDED, Move.GIVE_BACK): Status.WITHDRAWN,
    (Status.NOT_SELECTED, Move.PROMOTE): Status.AWARDED,
}


@pytest.mark.parametrize(("status", "move"), list(product(Status, Move)))
def test_every_status_with_every_move(status: Status, move: Move) -> None:
    if (status, move) in LEADS:
        assert moved(status, move) is LEADS[status, move]
        assert move in moves_from(status)
    else:
        assert move not in moves_from(status)
        with pytest.raises(IllegalMove):
            moved(status, move)

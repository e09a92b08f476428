"""What a coordinator has to have read before a line becomes a decision: `app.scoring.cautions`, as stored."""

from collections.abc import Collection

from sqlmodel import Session

from app.accounts.actors import Coordinator
from app.decisions.refusals import UnreadCautions
from app.decisions.runs import standing_run
from app.errors import Conflict
from app.scoring.cautions import Caution
from app.wall import taken_down


def cautions_to_read(session: Session, coordinator: Coordinator) -> list[Caution]:
    """Why the line of the order that stands is hardly one; nothing where no order stands.

    That there are few reviews, or groups of reviewers apart, is said of the whole call: whoever has a tie
    with one of its applications reads it as well.
    """
    with taken_down(session):
        try:
            found = standing_run(session, coordinator)
        except Conflict:
            return []
    board = found.board if found else {}
    there = {Caution.WIDE: board.get("wide", False), Caution.APART: board.get("apart", 1) > 1}
    return [each for each, stands in there.items() if stands]


def refuse_unread(session: Session, coordinator: Coordinator, known: Collection[str]) -> None:
    """UnreadCautions for whoever has not said of each that they know."""
    left = [each for each in cautions_to_read(session, coordinator) if each not in known]
    if left:
        raise UnreadCautions(cautions=", ".join(left))

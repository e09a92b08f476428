"""With which applications of their call somebody on its panel has a tie: what the wall is built of."""

from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, bindparam, or_, select, union
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from app.models.applications import Application
from app.models.panel import PanelMember
from app.models.people import Applicant, Conflict
from app.models.reviews import Assignment, Tie
from app.wall import NO_WALL, Wall


def _sources(person: Any, call: Any) -> tuple[Any, ...]:
    """One's own applications, ties that were declared or found, and those one declared as a reviewer."""
    # With a name of its own: the statement around asks for a member of the panel too.
    mine = aliased(PanelMember)
    return (
        select(col(Applicant.application_id))
        .join(Application, col(Application.id) == col(Applicant.application_id))
        .where(col(Applicant.person_id) == person, col(Application.call_id) == call),
        select(col(Conflict.application_id)).where(
            col(Conflict.person_id) == person, col(Conflict.call_id) == call, col(Conflict.stands)
        ),
        select(col(Assignment.application_id))
        .join(mine, col(mine.id) == col(Assignment.member_id))
        .where(
            col(mine.person_id) == person,
            col(mine.call_id) == call,
            col(Assignment.tie) == Tie.TIE,
        ),
    )


def has_tie(person: Any, call: Any) -> ColumnElement[bool]:
    """Whether this person has a tie with anything in the call: keys, or columns of the statement around."""
    return or_(*(each.correlate(PanelMember).exists() for each in _sources(person, call)))


@cache
def _behind() -> Any:
    found = union(*_sources(bindparam("person"), bindparam("call"))).subquery()
    return select(col(Application.id), col(Application.ref), col(Application.code)).where(
        col(Application.id).in_(select(found.c.application_id))
    )


def wall_for(session: Session, person_id: int, call_id: int) -> Wall:
    """What of the call this person must not meet."""
    rows = session.execute(_behind(), {"person": person_id, "call": call_id}).all()
    if not rows:
        return NO_WALL
    names = (name for _, ref, code in rows for name in (ref, code))
    return Wall(frozenset(key for key, _, _ in rows), frozenset(names))

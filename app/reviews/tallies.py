"""What the desk counts of a call, kept: every reviewer's numbers, the coverage, how far checking is.

Triggers mark what has changed, in the unit that changed it. Whoever reads counts what is marked, and only
that, so that no number is ever older than the database; the job worker keeps those counts and removes the
marks. Of whoever may not know of every application, all is counted for them alone.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import and_, bindparam, case, delete, exists, func, insert, or_, select, union, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from app.applications.screened import Checking, count_checking
from app.applications.status import OUT
from app.models.applications import Application
from app.models.panel import Organisation, PanelMember
from app.models.reviews import Assignment, Review, ReviewState, Tie
from app.models.tallies import CallTally, ReviewerTally, TallyKind, TallyMark
from app.reviews.forecast import WINDOW, recent_since
from app.wall import is_walled

AT_ONCE = 200
"""Where more reviewers than this have changed, everybody's are counted: looking each up takes longer."""

IS_SENT = func.coalesce(col(Review.state) == ReviewState.SENT, False)
NO_TIE = or_(col(Assignment.tie).is_(None), col(Assignment.tie) != Tie.TIE)
COUNTS = and_(col(Application.counts_number).is_not(None), col(Application.status).not_in(sorted(OUT)))
COVERING = (TallyKind.APPLICATION, TallyKind.COVERAGE)
"""What kinds of marks say that the coverage has changed."""


class Numbers(NamedTuple):
    """How many applications somebody was given, has begun and has sent; `returned` of those wait for them
    again, `recent` were sent in the last seven days; `ties` were declared."""

    given: int
    begun: int
    sent: int
    returned: int
    recent: int
    ties: int


NONE = Numbers(0, 0, 0, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class Coverage:
    """How many applications each organisation (by code) is to score, and how many have so many of them."""

    covered: Mapping[str, int]
    spread: Mapping[str, int]

    def filled(self, wanted: int) -> int:
        """Over all applications, how many of the `wanted` organisations each has."""
        return sum(min(int(number), wanted) * count for number, count in self.spread.items())


# ---------------------------------------------------------------- counting


def stands_alone(assignment: Any, member: Any) -> Any:
    """An assignment that leads to a review, where `Review` is not joined: it is looked up for those who have
    left, and they are few."""
    sent = (
        select(col(Review.assignment_id))
        .where(col(Review.assignment_id) == col(assignment.id), col(Review.state) == ReviewState.SENT)
        .correlate(assignment)
        .exists()
    )
    return and_(
        col(assignment.withdrawn_at).is_(None),
        or_(col(assignment.tie).is_(None), col(assignment.tie) != Tie.TIE),
        or_(col(member.removed_at).is_(None), sent),
    )


def standing(*columns: Any) -> Any:
    """A statement on the assignments of a `call` that lead to a review of an application that counts."""
    return (
        select(*columns)
        .select_from(Assignment)
        .join(PanelMember, col(PanelMember.id) == col(Assignment.member_id))
        .join(Application, col(Application.id) == col(Assignment.application_id))
        .where(col(Assignment.call_id) == bindparam("call"), stands_alone(Assignment, PanelMember), COUNTS)
    )


def counted_numbers(
    session: Session, call_id: int, members: Collection[int] | None, now: datetime
) -> dict[int, tuple[Numbers, datetime | None]]:
    """The numbers of these reviewers, or of all, and until when they hold; nobody who has none."""
    given: dict[str, Any] = {"call": call_id, "since": recent_since(now)}
    few = members is not None and len(members) <= AT_ONCE
    if few:
        given["members"] = list(members or ())
    found = {}
    for key, *numbers, oldest in session.execute(_numbers(few), given):
        if few or members is None or key in members:
            found[key] = Numbers(*numbers), oldest and oldest + WINDOW
    return found


@cache
def _numbers(few: bool) -> Any:
    counts = and_(COUNTS, NO_TIE)
    recent = and_(counts, IS_SENT, col(Review.sent_at) > bindparam("since"))

    def number(*conditions: Any) -> Any:
        return func.count(case((and_(counts, *conditions), 1)))

    wanted = (
        select(
            col(Assignment.member_id),
            number(),
            number(col(Review.state) == ReviewState.DRAFT),
            number(IS_SENT),
            number(IS_SENT, col(Review.returned_at).is_not(None)),
            func.count(case((recent, 1))),
            func.count(case((col(Assignment.tie) == Tie.TIE, 1))),
            func.min(case((recent, col(Review.sent_at)))),
        )
        .join(Application, col(Application.id) == col(Assignment.application_id))
        .outerjoin(Review, col(Review.assignment_id) == col(Assignment.id))
        .where(col(Assignment.call_id) == bindparam("call"), col(Assignment.withdrawn_at).is_(None))
        .group_by(col(Assignment.member_id))
    )
    return (
        wanted.where(col(Assignment.member_id).in_(bindparam("members", expanding=True))) if few else wanted
    )


def counted_coverage(session: Session, call_id: int) -> Coverage:
    """From scratch; two queries."""
    asked = {"call": call_id}
    covered = session.execute(_covered(), asked)
    spread = session.execute(_spread(), asked)
    return Coverage(dict(covered.all()), {str(number): count for number, count in spread})


@cache
def _covered() -> Any:
    each = (
        standing(
            col(Assignment.organisation_id).label("organisation_id"),
            func.count(func.distinct(col(Assignment.application_id))).label("covered"),
        )
        .group_by(col(Assignment.organisation_id))
        .subquery()
    )
    return select(col(Organisation.code), each.c.covered).join(
        each, each.c.organisation_id == col(Organisation.id)
    )


@cache
def _spread() -> Any:
    number = func.count(func.distinct(col(Assignment.organisation_id)))
    each = standing(number.label("number")).group_by(col(Assignment.application_id)).subquery()
    return select(each.c.number, func.count()).group_by(each.c.number)


def count_applications(*conditions: Any) -> Any:
    """How many of a `call` count, or fulfil other `conditions`, as a value in a statement."""
    return (
        select(func.count())
        .select_from(Application)
        .where(col(Application.call_id) == bindparam("call"), *(conditions or [COUNTS]))
        .scalar_subquery()
    )


# ---------------------------------------------------------------- reading what is kept


@cache
def marked_members() -> Any:
    """The reviewers of a `call` of whom something has changed."""
    of_reviewers: Any = select(col(TallyMark.key).label("member_id")).where(
        col(TallyMark.call_id) == bindparam("call"), col(TallyMark.kind) == TallyKind.REVIEWER
    )
    # Whoever has the application now: a mark outlives the unit that gives it to somebody else meanwhile.
    of_applications: Any = (
        select(col(Assignment.member_id).label("member_id"))
        .join(TallyMark, col(TallyMark.key) == col(Assignment.application_id))
        .where(col(TallyMark.call_id) == bindparam("call"), col(TallyMark.kind) == TallyKind.APPLICATION)
    )
    return union(of_reviewers, of_applications).subquery("marked")


def _out_of_date(marked: Any) -> Any:
    """Whether a kept row says nothing of `now`."""
    tally = ReviewerTally
    return func.coalesce(
        or_(
            marked.is_not(None),
            col(tally.counted_at) > bindparam("now"),
            col(tally.good_until) <= bindparam("now"),
        ),
        False,
    )


def coverage_changed() -> Any:
    """Whether the kept coverage of a `call` says nothing any more, as a value in a statement.

    What somebody sends counts for their organisation only where they have left: then it stands all the same.
    """
    left = aliased(PanelMember)
    return exists().where(
        col(TallyMark.call_id) == bindparam("call"),
        or_(
            col(TallyMark.kind).in_(COVERING),
            select(col(left.id))
            .where(
                col(TallyMark.kind) == TallyKind.REVIEWER,
                col(left.id) == col(TallyMark.key),
                col(left.removed_at).is_not(None),
            )
            .correlate(TallyMark)
            .exists(),
        ),
    )


def read_numbers(session: Session, rows: Sequence[Any], call_id: int, now: datetime) -> dict[int, Numbers]:
    """By the key of a member: as kept, and counted where `rows` (see `kept_columns`) are `changed`."""
    every = is_walled(session)
    changed = [row.key for row in rows if every or row.changed]
    counted = counted_numbers(session, call_id, changed, now) if changed else {}
    return {
        row.key: counted[row.key][0]
        if row.key in counted
        else NONE
        if every or row.changed
        else Numbers(row.given, row.begun, row.sent, row.returned, row.recent, row.ties)
        for row in rows
    }


def kept_columns(marked: Any) -> list[Any]:
    """What `read_numbers` needs of each member, where `ReviewerTally` and `marked` are joined."""
    numbers = [func.coalesce(getattr(ReviewerTally, name), 0).label(name) for name in Numbers._fields]
    return [_out_of_date(marked.c.member_id).label("changed"), *numbers]


# ---------------------------------------------------------------- keeping


def calls_to_count(session: Session, now: datetime) -> list[int]:
    """The calls of which something has changed, if only because time has passed."""
    return [call for (call,) in session.execute(_TO_COUNT, {"now": now})]


def keep_tallies(session: Session, call_id: int, now: datetime) -> None:
    """Count what is marked, and what has become too old, and keep it.

    The marks are removed before anything is counted: what is counted then has seen every change of theirs.
    """
    asked = {"call": call_id}
    _hold(session, call_id)
    changed: dict[TallyKind, set[int]] = {kind: set() for kind in TallyKind}
    for kind, key in session.execute(_REMOVED, asked):
        changed[kind].add(key)
    members = changed[TallyKind.REVIEWER]
    if changed[TallyKind.APPLICATION]:
        applications = list(changed[TallyKind.APPLICATION])
        members |= {key for (key,) in session.execute(_ASSIGNED, {"applications": applications})}
    coverage = bool(changed[TallyKind.APPLICATION] or changed[TallyKind.COVERAGE])
    if not coverage and members:
        coverage = session.execute(_LEFT, {"members": list(members)}).first() is not None
    members |= {key for (key,) in session.execute(_EXPIRED, {**asked, "now": now})}
    if members:
        _keep_numbers(session, call_id, members, now)
    if coverage:
        found = counted_coverage(session, call_id)
        session.execute(_COVERED, {**asked, "found": dict(found.covered), "number": dict(found.spread)})
    if changed[TallyKind.APPLICATION]:
        session.execute(_COUNTED, asked)
    if changed[TallyKind.APPLICATION] or changed[TallyKind.CHECKING]:
        checking = count_checking(session, call_id)._asdict()
        session.execute(_CHECKED, {**asked, **{f"new_{name}": count for name, count in checking.items()}})


def _hold(session: Session, call_id: int) -> None:
    """Two job workers take turns: an older count must not come after a newer one."""
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    row = dialect.insert(CallTally).values(call_id=call_id, covered={}, spread={})
    session.execute(row.on_conflict_do_nothing(index_elements=["call_id"]))
    session.execute(select(col(CallTally.call_id)).where(col(CallTally.call_id) == call_id).with_for_update())


def _keep_numbers(session: Session, call_id: int, members: Collection[int], now: datetime) -> None:
    found = counted_numbers(session, call_id, members, now)
    session.execute(_FORGOTTEN, {"members": list(members)})
    rows = [
        {
            "member_id": key,
            "call_id": call_id,
            "counted_at": now,
            "good_until": good_until,
            **numbers._asdict(),
        }
        for key, (numbers, good_until) in sorted(found.items())
    ]
    if rows:
        session.execute(insert(ReviewerTally), rows)


def _in(column: Any, name: str) -> Any:
    return column.in_(bindparam(name, expanding=True))


_OF_CALL = col(TallyMark.call_id) == bindparam("call")
_TOO_OLD = and_(col(ReviewerTally.good_until).is_not(None), col(ReviewerTally.good_until) <= bindparam("now"))
_TO_COUNT: Any = union(select(col(TallyMark.call_id)), select(col(ReviewerTally.call_id)).where(_TOO_OLD))
_QUIETLY = {"synchronize_session": False}
_REMOVED: Any = (
    delete(TallyMark)
    .where(_OF_CALL)
    .returning(col(TallyMark.kind), col(TallyMark.key))
    .execution_options(**_QUIETLY)
)
_ASSIGNED: Any = select(col(Assignment.member_id)).where(_in(col(Assignment.application_id), "applications"))
_LEFT: Any = select(col(PanelMember.id)).where(
    _in(col(PanelMember.id), "members"), col(PanelMember.removed_at).is_not(None)
)
_EXPIRED: Any = select(col(ReviewerTally.member_id)).where(
    col(ReviewerTally.call_id) == bindparam("call"), _TOO_OLD
)
_FORGOTTEN: Any = (
    delete(ReviewerTally).where(_in(col(ReviewerTally.member_id), "members")).execution_options(**_QUIETLY)
)
_TALLY = update(CallTally).where(col(CallTally.call_id) == bindparam("call")).execution_options(**_QUIETLY)
_COVERED: Any = _TALLY.values(covered=bindparam("found"), spread=bindparam("number"))
_COUNTED: Any = _TALLY.values(applications=count_applications())
_CHECKED: Any = _TALLY.values({name: bindparam(f"new_{name}") for name in Checking._fields})

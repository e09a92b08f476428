"""How far assigning and reviewing are, for a coordinator: never a score, a mean or a rank."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any, NamedTuple

from pydantic import BaseModel, ConfigDict
from sqlalchemy import (
    BigInteger,
    Boolean,
    and_,
    bindparam,
    case,
    exists,
    func,
    literal,
    literal_column,
    or_,
    select,
)
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from app.accounts.actors import Coordinator
from app.applications.extended import running_extensions
from app.calls.phase import phase
from app.models.applications import Application, Status
from app.models.calls import Call, Phase
from app.models.columns import Texts
from app.models.decisions import MissingReview
from app.models.panel import CallOrganisation, Organisation, PanelMember, PanelRole
from app.models.reviews import Assignment, Review, Tie
from app.models.tallies import CallTally, ReviewerTally
from app.reviews.call_state import ASSIGNING, DATED
from app.reviews.forecast import FURTHEST, WINDOW, expected_at, observed
from app.reviews.tallies import (
    COUNTS,
    IS_SENT,
    NO_TIE,
    NONE,
    Coverage,
    Numbers,
    count_applications,
    counted_coverage,
    coverage_changed,
    kept_columns,
    marked_members,
    read_numbers,
    stands_alone,
)
from app.wall import is_walled

TIES_SHOWN = 50

STANDS = and_(
    col(Assignment.withdrawn_at).is_(None), NO_TIE, or_(col(PanelMember.removed_at).is_(None), IS_SENT)
)
"""An assignment that leads to a review; the same rule as `Room.stands`."""


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class ReviewerProgress(_Model):
    """One reviewer: how much they have, have begun and have sent; `ties` were declared. `returned` of what
    was sent wait for them again.

    `excused` of what is not sent were excused in writing when reviewing was closed before; `due_at` is a
    later day than the call's that they were given.
    `recent` of those were sent in the last seven days, and `worked_at` is when they last saved one, where
    that was asked for.
    `expected_at`: when they will be done at that pace, where they have one.
    """

    code: str
    organisation: str
    assigned: int
    begun: int
    sent: int
    returned: int
    ties: int
    removed: bool
    excused: int
    due_at: datetime | None
    recent: int
    worked_at: datetime | None
    expected_at: datetime | None


class OrganisationProgress(_Model):
    """One partner organisation; `holes` are applications that nobody of it is to score."""

    code: str
    name: Texts
    assigned: int
    sent: int
    covered: int
    holes: int


class OpenTie(_Model):
    """A declared tie in whose place nobody of the organisation has come yet."""

    application: str
    reviewer: str
    organisation: str
    note: str


class DeskStanding(_Model):
    """Where a call stands. `extended` counts applications whose own later deadline keeps reviewing shut.
    `holes` counts what is still to be assigned, by the call's own rule. `expected_at`: when the last review
    will be in at the pace of the last seven days; None without a pace, or outside reviewing. `overdue` of
    what is missing was to be there by now: what was excused before is not, nor what somebody has longer for.

    `ties` are the first of those that are open, or none where only their number was asked for; `more_ties`
    are the others.

    `ranked` says whether there is a ranking to read: a call of the past was never scored here.
    """

    phase: Phase
    applications: int
    drafts: int
    extended: int
    wanted: int
    due_at: datetime | None
    expected_at: datetime | None
    assigned: int
    sent: int
    overdue: int
    holes: int
    can_assign: bool
    ranked: bool
    organisations: list[OrganisationProgress]
    ties: list[OpenTie]
    more_ties: int

    @property
    def missing(self) -> int:
        """Reviews that are assigned and not sent."""
        return self.assigned - self.sent


class DeskProgress(DeskStanding):
    """The same with every reviewer who is on the panel, or was and has sent something."""

    reviewers: list[ReviewerProgress]


@dataclass(frozen=True, slots=True)
class DeskLook:
    """What the desk says of a call without naming every reviewer.

    `idle` have begun nothing; `returned` reviews wait for their writers again; `empty` organisations have
    nobody on the panel. `behind` are the first of the `late` (see `behind`) whose reviews are or will be
    overdue.
    """

    standing: DeskStanding
    idle: int
    returned: int
    empty: int
    behind: Sequence[ReviewerProgress]
    late: int


def desk_progress(
    session: Session, coordinator: Coordinator, now: datetime, *, with_work: bool = False
) -> DeskProgress:
    """The whole picture in three queries, whatever the number of applications; one more each where somebody
    has a tie, where it is asked when everybody last worked, and before reviewing. What has changed within
    the last moment, and has not been kept yet, is counted in up to three more."""
    call = session.execute(_call(), {"call": coordinator.call_id, "walled": is_walled(session)}).one()
    began_at = _began_at(call, now)
    everybody = _reviewers(session, coordinator.call_id, began_at, now, with_work=with_work)
    sums: dict[str, Sums] = {}
    for each in everybody:
        sums[each.organisation] = sums.get(each.organisation, NO_SUMS).with_one(each, now)
    standing = _standing(session, coordinator, call, sums, now)
    return DeskProgress(
        **{name: getattr(standing, name) for name in DeskStanding.model_fields},
        reviewers=[each for each in everybody if not each.removed or each.assigned],
    )


def desk_look(session: Session, coordinator: Coordinator, now: datetime, *, most: int) -> DeskLook:
    """The same without a row for each reviewer, but of `most` who are behind: a call may have hundreds."""
    if is_walled(session):
        return look_of(desk_progress(session, coordinator, now), now, most=most)
    asked = {"call": coordinator.call_id, "now": now}
    call = session.execute(_call(), {"call": coordinator.call_id, "walled": False}).one()
    began_at = _began_at(call, now)
    rows = session.execute(_sums(bool(call.excuses)), asked).all()
    sums = {row.organisation: Sums(*row[2:]) for row in rows}
    changed = []
    if any(row.changed for row in rows):
        changed = _reviewers(
            session, coordinator.call_id, began_at, now, changed=True, excuses=bool(call.excuses)
        )
    for each in changed:
        sums[each.organisation] = sums.get(each.organisation, NO_SUMS).with_one(each, now)
    standing = _standing(session, coordinator, call, sums, now, ties_shown=False)
    late, count = _late(
        session, standing, coordinator.call_id, began_at, now, most=most, excuses=bool(call.excuses)
    )
    more = [each for each in changed if _is_late(each, standing, now)]
    return DeskLook(
        standing=standing,
        idle=sum(each.idle for each in sums.values()),
        returned=sum(each.returned for each in sums.values()),
        empty=sum(not sums.get(each.code, NO_SUMS).seated for each in standing.organisations),
        behind=_most_first([*late, *more])[:most],
        late=count + len(more),
    )


def look_of(progress: DeskProgress, now: datetime, *, most: int) -> DeskLook:
    """What the desk says, of the whole picture."""
    late = behind(progress, now)
    seated = {each.organisation for each in progress.reviewers if not each.removed}
    return DeskLook(
        standing=progress,
        idle=sum(1 for each in progress.reviewers if each.assigned and not each.begun and not each.sent),
        returned=sum(each.returned for each in progress.reviewers),
        empty=sum(each.code not in seated for each in progress.organisations),
        behind=late[:most],
        late=len(late),
    )


class Sums(NamedTuple):
    """The reviewers of one organisation together; `seated` are those who have not left. `pressing` is
    missing, not excused, and of somebody who was given no later day."""

    seated: int
    idle: int
    assigned: int
    sent: int
    returned: int
    recent: int
    ties: int
    pressing: int

    def with_one(self, each: ReviewerProgress, now: datetime) -> "Sums":
        """And one more."""
        return Sums(
            self.seated + (not each.removed),
            self.idle + (each.assigned > 0 and not each.begun and not each.sent),
            self.assigned + each.assigned,
            self.sent + each.sent,
            self.returned + each.returned,
            self.recent + each.recent,
            self.ties + each.ties,
            self.pressing + _pressing(each, now),
        )


NO_SUMS = Sums(0, 0, 0, 0, 0, 0, 0, 0)


def _pressing(each: ReviewerProgress, now: datetime) -> int:
    longer = each.due_at is not None and each.due_at > now
    return 0 if each.removed or longer else max(0, each.assigned - each.sent - each.excused)


def _began_at(call: Any, now: datetime) -> datetime | None:
    return call.reviewing_opened_at if phase(call, now) is Phase.REVIEWING else None


def _standing(
    session: Session,
    coordinator: Coordinator,
    call: Any,
    sums: Mapping[str, Sums],
    now: datetime,
    *,
    ties_shown: bool = True,
) -> DeskStanding:
    reached = phase(call, now)
    found = _coverage(session, coordinator.call_id, call)
    organisations = [
        OrganisationProgress(
            code=code,
            name=name,
            assigned=sums.get(code, NO_SUMS).assigned,
            sent=sums.get(code, NO_SUMS).sent,
            covered=found.covered.get(code, 0),
            holes=call.applications - found.covered.get(code, 0),
        )
        for code, name in organisation_names(session, coordinator.call_id).items()
    ]
    wanted = min(call.reviews_per_application or len(organisations), len(organisations))
    if call.reviews_per_application is None:
        holes = sum(each.holes for each in organisations)
    else:
        holes = wanted * call.applications - found.filled(wanted)
    every = sums.values()
    assigned, sent = sum(each.assigned for each in every), sum(each.sent for each in every)
    recent = sum(each.recent for each in every)
    ties, tied = (
        _ties(session, coordinator.call_id, shown=ties_shown) if any(each.ties for each in every) else ([], 0)
    )
    return DeskStanding(
        phase=reached,
        applications=call.applications,
        drafts=call.drafts,
        extended=running_extensions(session, coordinator.call_id, now) if reached is Phase.CLOSED else 0,
        wanted=wanted,
        due_at=call.reviews_due_at,
        expected_at=expected_at(assigned - sent, recent, _began_at(call, now), now),
        assigned=assigned,
        sent=sent,
        overdue=sum(each.pressing for each in every) if _is_over(call.reviews_due_at, reached, now) else 0,
        holes=holes,
        can_assign=reached in ASSIGNING,
        ranked=call.reviewing_closed_at is not None,
        organisations=organisations,
        ties=ties,
        more_ties=tied - len(ties),
    )


def _is_over(due_at: datetime | None, reached: Phase, now: datetime) -> bool:
    return due_at is not None and reached is Phase.REVIEWING and now > due_at


def behind(progress: DeskProgress, now: datetime) -> list[ReviewerProgress]:
    """Whose reviews are overdue, or will be: at their pace, or with a week left and none. Most first."""
    return _most_first([each for each in progress.reviewers if _is_late(each, progress, now)])


def _is_late(each: ReviewerProgress, standing: DeskStanding, now: datetime) -> bool:
    due_at = standing.due_at
    if due_at is None or standing.phase is not Phase.REVIEWING or not _pressing(each, now):
        return False
    return now > due_at or (each.expected_at or now + WINDOW) > due_at


def _most_first(late: Iterable[ReviewerProgress]) -> list[ReviewerProgress]:
    return sorted(late, key=lambda each: (each.sent - each.assigned, each.code))


def _late(
    session: Session,
    standing: DeskStanding,
    call_id: int,
    began_at: datetime | None,
    now: datetime,
    *,
    most: int,
    excuses: bool,
) -> tuple[list[ReviewerProgress], int]:
    """The first of those of whom nothing has changed, and how many there are; one query where any can be."""
    if standing.due_at is None or began_at is None or not standing.missing:
        return [], 0
    left = standing.due_at - now
    given = {
        "call": call_id,
        "now": now,
        "most": most,
        "overdue": now > standing.due_at,
        "soon": left < WINDOW,
        "left": left // timedelta(microseconds=1),
        "observed": observed(began_at, now) // timedelta(microseconds=1),
    }
    rows = session.execute(_late_rows(excuses), given).all()
    late = [_progress(row, Numbers(*row[-len(NONE) :]), None, began_at, now) for row in rows]
    return late, rows[0].total if rows else 0


@cache
def _call() -> Any:
    """The call, and how many of its applications count and were never sent."""
    counted = or_(bindparam("walled", type_=Boolean), coverage_changed(), col(CallTally.call_id).is_(None))
    never_sent = (col(Application.status) == Status.DRAFT, col(Application.counts_number).is_(None))
    return (
        select(
            col(Call.reviews_per_application),
            col(Call.reviews_due_at),
            *DATED,
            # As kept, where that is true for whoever asks: a branch that is not taken costs nothing.
            case((counted, count_applications()), else_=col(CallTally.applications)).label("applications"),
            count_applications(*never_sent).label("drafts"),
            col(CallTally.covered),
            col(CallTally.spread),
            coverage_changed().label("changed"),
            exists()
            .where(col(MissingReview.call_id) == col(Call.id), col(MissingReview.reason) != "")
            .label("excuses"),
        )
        .select_from(Call)
        .outerjoin(CallTally, col(CallTally.call_id) == col(Call.id))
        .where(col(Call.id) == bindparam("call"))
    )


def _coverage(session: Session, call_id: int, call: Any) -> Coverage:
    """As kept; counted where it has changed, and for whoever may not know of every application."""
    if call.changed or is_walled(session):
        return counted_coverage(session, call_id)
    return Coverage(call.covered or {}, call.spread or {})


def _reviewers(
    session: Session,
    call_id: int,
    began_at: datetime | None,
    now: datetime,
    *,
    changed: bool = False,
    with_work: bool = False,
    excuses: bool = True,
) -> list[ReviewerProgress]:
    """All of them, or only those of whom something has `changed` since it was kept."""
    asked = {"call": call_id, "now": now}
    rows = session.execute((_changed if changed else _panel)(excuses), asked).all()
    numbers = read_numbers(session, rows, call_id, now)
    worked = dict(session.execute(_worked(), asked).all()) if with_work else {}
    return [_progress(row, numbers[row.key], worked.get(row.key), began_at, now) for row in rows]


def _progress(
    row: Any, own: Numbers, worked_at: datetime | None, began_at: datetime | None, now: datetime
) -> ReviewerProgress:
    # What somebody who has left did not send leads to no review: `STANDS`.
    assigned, begun = (own.sent, 0) if row.removed else (own.given, own.begun)
    return ReviewerProgress(
        code=row.code,
        organisation=row.organisation,
        assigned=assigned,
        begun=begun,
        sent=own.sent,
        returned=own.returned,
        ties=own.ties,
        removed=row.removed,
        excused=row.excused,
        due_at=row.due_at,
        recent=own.recent,
        worked_at=worked_at,
        expected_at=expected_at(assigned - own.sent, own.recent, began_at, now),
    )


def _kept(excuses: bool) -> Any:
    """A statement on every reviewer of a `call` with the numbers that are kept.

    Without `excuses` none is looked for: that would read every assignment of a call, to find nothing.
    """
    marked, excused = marked_members(), _excused()
    statement = (
        select(
            col(PanelMember.id).label("key"),
            col(PanelMember.code).label("code"),
            col(Organisation.code).label("organisation"),
            col(PanelMember.removed_at).is_not(None).label("removed"),
            col(PanelMember.due_at).label("due_at"),
            (func.coalesce(excused.c.many, 0) if excuses else literal(0)).label("excused"),
            *kept_columns(marked),
        )
        .select_from(PanelMember)
        .join(Organisation, col(Organisation.id) == col(PanelMember.organisation_id))
        .outerjoin(ReviewerTally, col(ReviewerTally.member_id) == col(PanelMember.id))
        .outerjoin(marked, marked.c.member_id == col(PanelMember.id))
        .where(col(PanelMember.call_id) == bindparam("call"), col(PanelMember.role) == PanelRole.REVIEWER)
    )
    return statement.outerjoin(excused, excused.c.member_id == col(PanelMember.id)) if excuses else statement


def _excused() -> Any:
    """Of each member, how many reviews are not sent and were excused in writing: looked for from the excuses,
    of which there are few or none."""
    return (
        select(col(Assignment.member_id).label("member_id"), func.count().label("many"))
        .select_from(MissingReview)
        .join(
            Assignment,
            and_(
                col(Assignment.application_id) == col(MissingReview.application_id),
                col(Assignment.organisation_id) == col(MissingReview.organisation_id),
                col(Assignment.withdrawn_at).is_(None),
                NO_TIE,
            ),
        )
        .outerjoin(Review, col(Review.assignment_id) == col(Assignment.id))
        .where(col(MissingReview.call_id) == bindparam("call"), col(MissingReview.reason) != "", ~IS_SENT)
        .group_by(col(Assignment.member_id))
        .subquery()
    )


@cache
def _panel(excuses: bool) -> Any:
    return _kept(excuses).order_by(col(Organisation.code), col(PanelMember.code))


@cache
def _changed(excuses: bool) -> Any:
    kept = _kept(excuses).subquery()
    return select(kept).where(kept.c.changed)


@cache
def _sums(excuses: bool) -> Any:
    """By organisation, of those of whom nothing has changed; and how many of the others there are."""
    kept = _kept(excuses).subquery()
    assigned = case((kept.c.removed, kept.c.sent), else_=kept.c.given)

    def total(number: Any) -> Any:
        return func.coalesce(func.sum(case((~kept.c.changed, number), else_=0)), 0)

    def how_many(condition: Any) -> Any:
        return func.count(case((and_(~kept.c.changed, condition), 1)))

    return select(
        kept.c.organisation,
        func.count(case((kept.c.changed, 1))).label("changed"),
        how_many(~kept.c.removed),
        how_many(and_(assigned > 0, kept.c.sent == 0, or_(kept.c.removed, kept.c.begun == 0))),
        total(assigned),
        *(total(kept.c[name]) for name in ("sent", "returned", "recent", "ties")),
        total(case((_presses(kept), kept.c.given - kept.c.sent - kept.c.excused), else_=0)),
    ).group_by(kept.c.organisation)


def _presses(kept: Any) -> Any:
    """`_pressing` in SQL, as a condition."""
    longer = func.coalesce(kept.c.due_at > bindparam("now"), False)
    return and_(~kept.c.removed, ~longer, kept.c.given - kept.c.sent > kept.c.excused)


@cache
def _late_rows(excuses: bool) -> Any:
    """`_is_late` in SQL; `left` and `observed` in microseconds."""
    kept = _kept(excuses).subquery()
    missing, recent = kept.c.given - kept.c.sent, kept.c.recent
    whole = bindparam("observed", type_=BigInteger) * missing
    furthest = literal(FURTHEST // timedelta(microseconds=1), BigInteger)
    soon = bindparam("soon", type_=Boolean)
    late = case(
        (bindparam("overdue", type_=Boolean), True),
        (or_(recent == 0, whole > furthest * recent), soon),
        else_=whole > bindparam("left", type_=BigInteger) * recent,
    )
    return (
        select(
            kept.c.code,
            kept.c.organisation,
            kept.c.removed,
            kept.c.due_at,
            kept.c.excused,
            func.count().over().label("total"),
            *(kept.c[name] for name in Numbers._fields),
        )
        .where(~kept.c.changed, _presses(kept), late)
        .order_by(missing.desc(), kept.c.code)
        .limit(bindparam("most"))
    )


@cache
def _worked() -> Any:
    """When each reviewer of a `call` last saved a review."""
    return (
        select(col(Assignment.member_id), func.max(col(Review.updated_at)))
        .join(Review, col(Review.assignment_id) == col(Assignment.id))
        .where(col(Assignment.call_id) == bindparam("call"), col(Assignment.withdrawn_at).is_(None))
        .group_by(col(Assignment.member_id))
    )


def organisation_names(session: Session, call_id: int) -> dict[str, Texts]:
    """The partner organisations of a call, by code, with their names."""
    return dict(session.execute(_NAMES, {"call": call_id}).all())


_NAMES: Any = (
    select(col(Organisation.code), col(Organisation.name))
    .join(CallOrganisation, col(CallOrganisation.organisation_id) == col(Organisation.id))
    .where(col(CallOrganisation.call_id) == bindparam("call"))
    .order_by(col(CallOrganisation.position))
)


def _ties(session: Session, call_id: int, *, shown: bool) -> tuple[list[OpenTie], int]:
    """The first of them, if they are `shown`, and how many there are; one query."""
    if not shown:
        return [], session.execute(_count_open_ties(), {"call": call_id}).scalar_one()
    rows = session.execute(_open_ties(), {"call": call_id}).all()
    known = OpenTie.model_fields
    ties = [OpenTie.model_validate({name: row._mapping[name] for name in known}) for row in rows]
    return ties, rows[0].total if rows else 0


@cache
def _count_open_ties() -> Any:
    return _of_open_ties(func.count())


@cache
def _open_ties() -> Any:
    return (
        _of_open_ties(
            col(Application.code).label("application"),
            col(PanelMember.code).label("reviewer"),
            col(Organisation.code).label("organisation"),
            col(Assignment.tie_note).label("note"),
            func.count().over().label("total"),
        )
        .join(PanelMember, col(PanelMember.id) == col(Assignment.member_id))
        .join(Organisation, col(Organisation.id) == col(Assignment.organisation_id))
        .order_by(col(Assignment.tie_at), col(Application.code))
        .limit(TIES_SHOWN)
    )


def _of_open_ties(*columns: Any) -> Any:
    """Ties are few: whether somebody came in each one's place is looked up for each. Where one substitute is
    sought for several who had it one after the other, it is one: that of whoever had it last."""
    other, seated, later = aliased(Assignment), aliased(PanelMember), aliased(Assignment)
    followed = (
        select(col(later.id))
        .where(
            col(later.application_id) == col(Assignment.application_id),
            col(later.organisation_id) == col(Assignment.organisation_id),
            col(later.tie) == Tie.TIE,
            col(later.withdrawn_at).is_(None),
            col(later.id) > col(Assignment.id),
        )
        .correlate(Assignment)
        .exists()
    )
    replaced = (
        select(col(other.id))
        .join(seated, col(seated.id) == col(other.member_id))
        .where(
            col(other.application_id) == col(Assignment.application_id),
            col(other.organisation_id) == col(Assignment.organisation_id),
            stands_alone(other, seated),
        )
        .correlate(Assignment)
        .exists()
    )
    return (
        select(*columns)
        .select_from(Assignment)
        .join(Application, and_(col(Application.id) == col(Assignment.application_id), COUNTS))
        .where(
            col(Assignment.call_id) == bindparam("call"),
            # A literal: with a parameter the index of these few would not be found.
            col(Assignment.tie) == literal_column("'tie'"),
            col(Assignment.withdrawn_at).is_(None),
            ~replaced,
            ~followed,
        )
    )

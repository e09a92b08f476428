"""How far assigning and reviewing are, for a coordinator: never a score, a mean or a rank."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from pydantic import BaseModel, ConfigDict
from sqlalchemy import and_, case, func, or_, select
from sqlmodel import Session, col

from app.accounts.actors import Coordinator
from app.applications.extended import running_extensions
from app.applications.status import OUT
from app.calls.phase import phase
from app.models.applications import Application, Status
from app.models.calls import Call, Phase
from app.models.columns import Texts
from app.models.panel import CallOrganisation, Organisation, PanelMember, PanelRole
from app.models.reviews import Assignment, Review, ReviewState, Tie
from app.reviews.call_state import ASSIGNING, DATED
from app.reviews.forecast import expected_at, recent_since

TIES_SHOWN = 50

IS_SENT = func.coalesce(col(Review.state) == ReviewState.SENT, False)
NO_TIE = or_(col(Assignment.tie).is_(None), col(Assignment.tie) != Tie.TIE)
STANDS = and_(
    col(Assignment.withdrawn_at).is_(None), NO_TIE, or_(col(PanelMember.removed_at).is_(None), IS_SENT)
)
"""An assignment that leads to a review; the same rule as `Room.stands`."""
COUNTS = and_(col(Application.counts_number).is_not(None), col(Application.status).not_in(sorted(OUT)))


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class ReviewerProgress(_Model):
    """One reviewer: how much they have, have begun and have sent; `ties` were declared. `returned` of what
    was sent wait for them again.

    `recent` of those were sent in the last seven days, and `worked_at` is when they last saved one.
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


class DeskProgress(_Model):
    """Where a call stands. `extended` counts applications whose own later deadline keeps reviewing shut.
    `holes` counts what is still to be assigned, by the call's own rule. `expected_at`: when the last review
    will be in at the pace of the last seven days; None without a pace, or outside reviewing.

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
    holes: int
    can_assign: bool
    ranked: bool
    organisations: list[OrganisationProgress]
    reviewers: list[ReviewerProgress]
    ties: list[OpenTie]

    @property
    def missing(self) -> int:
        """Reviews that are assigned and not sent."""
        return self.assigned - self.sent


def desk_progress(session: Session, coordinator: Coordinator, now: datetime) -> DeskProgress:
    """The whole picture in six queries, a seventh before reviewing; whatever the number of applications."""
    call = session.execute(
        select(col(Call.reviews_per_application), col(Call.reviews_due_at), *DATED).where(
            col(Call.id) == coordinator.call_id
        )
    ).one()
    reached = phase(call, now)
    applications, drafts = _applications(session, coordinator.call_id)
    began_at = call.reviewing_opened_at if reached is Phase.REVIEWING else None
    reviewers = _reviewers(session, coordinator.call_id, began_at, now)
    organisations = _organisations(session, coordinator.call_id, applications, reviewers)
    wanted = min(call.reviews_per_application or len(organisations), len(organisations))
    if call.reviews_per_application is None:
        holes = sum(each.holes for each in organisations)
    else:
        holes = wanted * applications - _filled(session, coordinator.call_id, wanted)
    assigned, sent = sum(each.assigned for each in reviewers), sum(each.sent for each in reviewers)
    recent = sum(each.recent for each in reviewers)
    return DeskProgress(
        phase=reached,
        applications=applications,
        drafts=drafts,
        extended=running_extensions(session, coordinator.call_id, now) if reached is Phase.CLOSED else 0,
        wanted=wanted,
        due_at=call.reviews_due_at,
        expected_at=expected_at(assigned - sent, recent, began_at, now),
        assigned=assigned,
        sent=sent,
        holes=holes,
        can_assign=reached in ASSIGNING,
        ranked=call.reviewing_closed_at is not None,
        organisations=organisations,
        reviewers=reviewers,
        ties=_ties(session, coordinator.call_id),
    )


def _applications(session: Session, call_id: int) -> tuple[int, int]:
    never_sent = and_(col(Application.status) == Status.DRAFT, col(Application.counts_number).is_(None))
    row = session.execute(
        select(
            func.count(case((COUNTS, 1))).label("counted"),
            func.count(case((never_sent, 1))).label("drafts"),
        ).where(col(Application.call_id) == call_id)
    ).one()
    return row.counted, row.drafts


def _reviewers(
    session: Session, call_id: int, began_at: datetime | None, now: datetime
) -> list[ReviewerProgress]:
    lately = and_(IS_SENT, col(Review.sent_at) > recent_since(now))
    mine = and_(col(Assignment.member_id) == col(PanelMember.id), col(Assignment.withdrawn_at).is_(None))
    here = and_(col(Application.id) == col(Assignment.application_id), COUNTS)
    standing = and_(col(Application.id).is_not(None), STANDS)
    rows = session.execute(
        select(
            col(PanelMember.code).label("code"),
            col(Organisation.code).label("organisation"),
            func.count(case((standing, 1))).label("assigned"),
            func.count(case((and_(standing, col(Review.state) == ReviewState.DRAFT), 1))).label("begun"),
            func.count(case((and_(standing, IS_SENT), 1))).label("sent"),
            func.count(case((and_(standing, IS_SENT, col(Review.returned_at).is_not(None)), 1))).label(
                "returned"
            ),
            func.count(case((and_(standing, lately), 1))).label("recent"),
            func.max(col(Review.updated_at)).label("worked_at"),
            func.count(case((col(Assignment.tie) == Tie.TIE, 1))).label("ties"),
            col(PanelMember.removed_at).is_not(None).label("removed"),
        )
        .select_from(PanelMember)
        .join(Organisation, col(Organisation.id) == col(PanelMember.organisation_id))
        .outerjoin(Assignment, mine)
        .outerjoin(Application, here)
        .outerjoin(Review, col(Review.assignment_id) == col(Assignment.id))
        .where(col(PanelMember.call_id) == call_id, col(PanelMember.role) == PanelRole.REVIEWER)
        .group_by(col(PanelMember.id), col(PanelMember.code), col(Organisation.code))
        .order_by(col(Organisation.code), col(PanelMember.code))
    ).all()
    found = [
        ReviewerProgress(
            **row._mapping,
            expected_at=expected_at(row.assigned - row.sent, row.recent, began_at, now),
        )
        for row in rows
    ]
    return [each for each in found if not each.removed or each.assigned]


def _organisations(
    session: Session, call_id: int, applications: int, reviewers: Sequence[ReviewerProgress]
) -> list[OrganisationProgress]:
    number = func.count(func.distinct(col(Assignment.application_id)))
    counted = session.execute(
        select(col(Assignment.organisation_id), number)
        .join(PanelMember, col(PanelMember.id) == col(Assignment.member_id))
        .join(Application, col(Application.id) == col(Assignment.application_id))
        .outerjoin(Review, col(Review.assignment_id) == col(Assignment.id))
        .where(col(Assignment.call_id) == call_id, STANDS, COUNTS)
        .group_by(col(Assignment.organisation_id))
    )
    covered: dict[int, int] = {row[0]: row[1] for row in counted}
    rows = session.execute(
        select(col(Organisation.id), col(Organisation.code), col(Organisation.name))
        .join(CallOrganisation, col(CallOrganisation.organisation_id) == col(Organisation.id))
        .where(col(CallOrganisation.call_id) == call_id)
        .order_by(col(CallOrganisation.position))
    ).all()
    return [
        OrganisationProgress(
            code=code,
            name=name,
            assigned=sum(each.assigned for each in reviewers if each.organisation == code),
            sent=sum(each.sent for each in reviewers if each.organisation == code),
            covered=covered.get(key, 0),
            holes=applications - covered.get(key, 0),
        )
        for key, code, name in rows
    ]


def organisation_names(session: Session, call_id: int) -> dict[str, Texts]:
    """The partner organisations of a call, by code, with their names."""
    rows = session.execute(
        select(col(Organisation.code), col(Organisation.name))
        .join(CallOrganisation, col(CallOrganisation.organisation_id) == col(Organisation.id))
        .where(col(CallOrganisation.call_id) == call_id)
        .order_by(col(CallOrganisation.position))
    )
    return {row.code: row.name for row in rows}


def _filled(session: Session, call_id: int, wanted: int) -> int:
    """Over all applications, how many of the `wanted` organisations each has."""
    number = func.count(func.distinct(col(Assignment.organisation_id)))
    each = (
        select(case((number > wanted, wanted), else_=number).label("filled"))
        .join(PanelMember, col(PanelMember.id) == col(Assignment.member_id))
        .join(Application, col(Application.id) == col(Assignment.application_id))
        .outerjoin(Review, col(Review.assignment_id) == col(Assignment.id))
        .where(col(Assignment.call_id) == call_id, STANDS, COUNTS)
        .group_by(col(Assignment.application_id))
        .subquery()
    )
    return int(session.execute(select(func.coalesce(func.sum(each.c.filled), 0))).scalar_one())


def _ties(session: Session, call_id: int) -> list[OpenTie]:
    standing = (
        select(col(Assignment.application_id), col(Assignment.organisation_id))
        .join(PanelMember, col(PanelMember.id) == col(Assignment.member_id))
        .outerjoin(Review, col(Review.assignment_id) == col(Assignment.id))
        .where(col(Assignment.call_id) == call_id, STANDS)
        .distinct()
        .subquery()
    )
    replaced = and_(
        standing.c.application_id == col(Assignment.application_id),
        standing.c.organisation_id == col(Assignment.organisation_id),
    )
    rows: Any = session.execute(
        select(
            col(Application.code).label("application"),
            col(PanelMember.code).label("reviewer"),
            col(Organisation.code).label("organisation"),
            col(Assignment.tie_note).label("note"),
        )
        .select_from(Assignment)
        .join(Application, and_(col(Application.id) == col(Assignment.application_id), COUNTS))
        .join(PanelMember, col(PanelMember.id) == col(Assignment.member_id))
        .join(Organisation, col(Organisation.id) == col(Assignment.organisation_id))
        .outerjoin(standing, replaced)
        .where(
            col(Assignment.call_id) == call_id,
            col(Assignment.tie) == Tie.TIE,
            col(Assignment.withdrawn_at).is_(None),
            standing.c.application_id.is_(None),
        )
        .order_by(col(Assignment.tie_at), col(Application.code))
        .limit(TIES_SHOWN)
    ).all()
    return [OpenTie.model_validate(dict(row._mapping)) for row in rows]

"""Everybody and everything that assigning is about, read in a few queries and held by code."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import func, select
from sqlmodel import Session, col

from app.applications.full import applicants_on_panel
from app.applications.status import EDGES, Move
from app.models.applications import Application, Packet, Sending, Status
from app.models.calls import Call
from app.models.panel import CallOrganisation, Organisation, PanelMember, PanelRole
from app.models.reviews import Assignment, Review, ReviewState, Tie
from app.reviews.suspicions import barred_pairs

Pair = tuple[str, str]
"""(reviewer, application) or (organisation, application), by code."""

TO_SCORE = (*sorted(EDGES[Move.START_REVIEW].sources), Status.IN_REVIEW)
"""Statuses of an application that, if it counts, is or will be scored."""


@dataclass(frozen=True, slots=True)
class Member:
    """A reviewer who is on the panel now; `languages` and `topics` are empty where they did not say."""

    key: int
    code: str
    organisation_key: int
    organisation: str
    languages: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    capacity: int | None = None


@dataclass(frozen=True, slots=True)
class Paper:
    """What an application is written in, and what it is about."""

    language: str
    theme: str


@dataclass(frozen=True, slots=True)
class Room:
    """The call's organisations, reviewers, applications and assignments, as they stand in this unit.

    `applications`: spoken code -> key; `papers` of the same. `barred`: (reviewer, application) of a tie that
    was declared or found, of what may be one until it was decided, or own. `wanted`: so many different
    organisations read each; None: all of them.
    """

    organisations: tuple[str, ...]
    members: dict[str, Member]
    applications: dict[str, int]
    assignments: Sequence[Any]
    barred: frozenset[Pair]
    papers: dict[str, Paper] = field(default_factory=dict)
    wanted: int | None = None

    def covered(self) -> frozenset[Pair]:
        """(organisation, application) that somebody of the organisation scores."""
        return frozenset((row.organisation, row.application) for row in self.assignments if self.stands(row))

    def withdrawn(self) -> frozenset[Pair]:
        """(reviewer, application) that were taken back: only the coordinator's own hand gives them again."""
        return frozenset(
            (row.member, row.application) for row in self.assignments if row.withdrawn_at is not None
        )

    def loads(self) -> dict[str, int]:
        """Reviewer -> how many applications they have."""
        loads = dict.fromkeys(self.members, 0)
        for row in self.assignments:
            if row.member in loads and self.stands(row):
                loads[row.member] += 1
        return loads

    def standing(self) -> Sequence[Any]:
        """The assignments that lead to a review of an application that is still to be scored."""
        return [row for row in self.assignments if self.stands(row) and row.application in self.applications]

    def stands(self, row: Any) -> bool:
        """Whether an assignment leads to a review: not taken back, no tie, and its reviewer is still here."""
        if row.withdrawn_at is not None or row.tie is Tie.TIE:
            return False
        return row.member in self.members or row.state is ReviewState.SENT


def room_of(session: Session, call_id: int) -> Room:
    """The room of a call."""
    organisations, members = _people(session, call_id)
    assignments = session.execute(
        select(
            col(Assignment.id).label("key"),
            col(Application.code).label("application"),
            col(PanelMember.code).label("member"),
            col(Organisation.code).label("organisation"),
            col(Assignment.tie),
            col(Assignment.withdrawn_at),
            col(Review.state),
        )
        .join(Application, col(Application.id) == col(Assignment.application_id))
        .join(PanelMember, col(PanelMember.id) == col(Assignment.member_id))
        .join(Organisation, col(Organisation.id) == col(Assignment.organisation_id))
        .outerjoin(Review, col(Review.assignment_id) == col(Assignment.id))
        .where(col(Assignment.call_id) == call_id)
    ).all()
    applications, papers = _applications(session, call_id)
    ties = {(row.member, row.application) for row in assignments if row.tie is Tie.TIE}
    return Room(
        organisations=organisations,
        members=members,
        applications=applications,
        assignments=assignments,
        papers=papers,
        wanted=session.execute(
            select(col(Call.reviews_per_application)).where(col(Call.id) == call_id)
        ).scalar_one(),
        barred=frozenset(ties | applicants_on_panel(session, call_id) | barred_pairs(session, call_id)),
    )


def _people(session: Session, call_id: int) -> tuple[tuple[str, ...], dict[str, Member]]:
    reviewers = (
        (col(PanelMember.organisation_id) == col(Organisation.id))
        & (col(PanelMember.call_id) == call_id)
        & (col(PanelMember.role) == PanelRole.REVIEWER)
        & col(PanelMember.removed_at).is_(None)
    )
    rows = session.execute(
        select(
            col(Organisation.id).label("organisation_key"),
            col(Organisation.code).label("organisation"),
            col(PanelMember.id).label("key"),
            col(PanelMember.code).label("code"),
            col(PanelMember.languages),
            col(PanelMember.topics),
            col(PanelMember.capacity),
        )
        .select_from(CallOrganisation)
        .join(Organisation, col(Organisation.id) == col(CallOrganisation.organisation_id))
        .outerjoin(PanelMember, reviewers)
        .where(col(CallOrganisation.call_id) == call_id)
        .order_by(col(CallOrganisation.position), col(PanelMember.code))
    ).all()
    members = {
        row.code: Member(
            row.key,
            row.code,
            row.organisation_key,
            row.organisation,
            tuple(row.languages),
            tuple(row.topics),
            row.capacity,
        )
        for row in rows
        if row.key is not None
    }
    return tuple(dict.fromkeys(row.organisation for row in rows)), members


def _applications(session: Session, call_id: int) -> tuple[dict[str, int], dict[str, Paper]]:
    sent = (col(Sending.application_id) == col(Application.id)) & (
        col(Sending.number) == col(Application.counts_number)
    )
    rows = session.execute(
        select(
            col(Application.code),
            col(Application.id),
            func.coalesce(Packet.language, Application.language).label("language"),
            func.coalesce(Packet.theme, "").label("theme"),
        )
        .outerjoin(Sending, sent)
        .outerjoin(Packet, col(Packet.sending_id) == col(Sending.id))
        .where(
            col(Application.call_id) == call_id,
            col(Application.counts_number).is_not(None),
            col(Application.status).in_(TO_SCORE),
        )
        .order_by(col(Application.code))
    ).all()
    return {row.code: row.id for row in rows}, {row.code: Paper(row.language, row.theme) for row in rows}

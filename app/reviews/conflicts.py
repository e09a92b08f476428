"""Ties of people on the panel: declared of oneself, pinned on somebody, decided on a suspicion, lifted.

A tie ends the assignments it concerns, and what was scored counts no more; the rows stay, as does who said
what, when and why. To a coordinator who has one the application is behind the wall from the next request on.
"""

from collections import Counter
from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlmodel import Session, col

from app.accounts.actors import Coordinator
from app.audit.record import record
from app.errors import Conflict as Refusal
from app.errors import Invalid
from app.models.applications import Application
from app.models.matters import MatterKind
from app.models.panel import PanelMember
from app.models.people import Conflict
from app.models.reviews import Assignment, Review, ReviewState, TieGround
from app.reviews.call_state import ASSIGNING, phase_held
from app.reviews.known_ties import member_codes, other_coordinators
from app.reviews.matters import settle_matters
from app.reviews.named_application import application_named
from app.reviews.refusals import AssigningOver
from app.reviews.suspicions import by_matter, suspicions
from app.reviews.tie_inputs import (
    Finding,
    LiftInput,
    OwnLiftInput,
    SuspicionInput,
    TieDeclareInput,
    TiePinInput,
)
from app.wall import taken_down


class OwnTieNeedsAnother(Refusal):
    """That one has no tie oneself is for another coordinator to say, where there is one."""

    code = "tie.own_needs_another"


class TieExists(Refusal):
    """This person has a tie with this application on record already."""

    code = "tie.exists"


def declare_own_tie(
    session: Session, coordinator: Coordinator, given: TieDeclareInput, now: datetime
) -> None:
    """Say that one has a tie oneself. From the next request on the application is not there for one."""
    key, code = application_named(session, coordinator, given.application)
    _set(session, coordinator, (key, code), coordinator.person_id, TieGround.DECLARED, "", given.reason, now)


def pin_tie(session: Session, coordinator: Coordinator, given: TiePinInput, now: datetime) -> None:
    """Put on record that somebody on the panel has a tie; assigning cannot overlook it, nor undo it."""
    who = session.execute(
        select(col(PanelMember.person_id)).where(
            col(PanelMember.call_id) == coordinator.call_id,
            col(PanelMember.code) == given.member,
            col(PanelMember.removed_at).is_(None),
        )
    ).scalar_one_or_none()
    if who is None:
        raise Invalid({"member": "tie.unknown_member"})
    key, code = application_named(session, coordinator, given.application)
    ground = TieGround.DECLARED if who == coordinator.person_id else TieGround.PINNED
    _set(session, coordinator, (key, code), who, ground, "", given.reason, now)


def decide_suspicions(
    session: Session, coordinator: Coordinator, given: SuspicionInput, now: datetime
) -> None:
    """Say whether what matched is a tie, for everybody to whom it points.

    That one has none oneself is for another coordinator to say. Where there is no other, one's written
    reason stands in the log.
    """
    wanted = set(given.suspected)
    lines = by_matter(suspicions(session, coordinator.call_id))
    if not wanted <= lines.keys():
        raise Invalid({"suspected": "tie.unknown_suspicion"})
    stands = given.finding is Finding.TIE
    meant = {*given.members}
    own = any(
        each.person_id == coordinator.person_id and not (stands and (not meant or each.member in meant))
        for key in wanted
        for each in lines[key]
    )
    if own and other_coordinators(session, coordinator):
        raise OwnTieNeedsAnother
    if stands and meant - {each.member for key in wanted for each in lines[key]}:
        raise Invalid({"members": "tie.unknown_member"})
    for key in sorted(wanted):
        for person, each in {each.person_id: each for each in lines[key]}.items():
            which = (each.application_id, each.application)
            keep = _set if stands and (not meant or each.member in meant) else _keep
            keep(session, coordinator, which, person, each.ground, each.evidence, given.reason, now)
    waiting = Counter(same[0].application_id for key, same in lines.items() if key not in wanted)
    settled = {same[0].application_id for key, same in lines.items() if key in wanted}
    settle_matters(session, MatterKind.SUSPECTED, {key: waiting[key] for key in settled})


def lift_tie(session: Session, coordinator: Coordinator, given: LiftInput, now: datetime) -> None:
    """Take a tie off the record, with a reason. What was ended by it stays ended: a coordinator may give it
    out again. A reviewer's own answer cannot be lifted, nor can one's own tie be by oneself."""
    application, member, version = [*given.tie.split("."), "", ""][:3]
    rows = session.scalars(
        select(Conflict)
        .join(Application, col(Application.id) == col(Conflict.application_id))
        .join(
            PanelMember,
            (col(PanelMember.person_id) == col(Conflict.person_id))
            & (col(PanelMember.call_id) == col(Conflict.call_id)),
        )
        .where(
            col(Conflict.call_id) == coordinator.call_id,
            col(Conflict.stands),
            col(Application.code) == application,
            col(PanelMember.code) == member,
        )
        .order_by(col(Conflict.id))
        .with_for_update(of=[Conflict])
    ).all()
    if not any(str(row.version) == version for row in rows):
        raise Invalid({"tie": "tie.unknown"})
    for row in rows:
        row.stands, row.reason, row.version = False, given.reason, row.version + 1
        row.decided_by, row.decided_at = coordinator.person_id, now
        session.add(row)
    _recorded(session, coordinator, "tie.lift", application, member, given.reason, now)


def take_back_own_tie(session: Session, coordinator: Coordinator, given: OwnLiftInput, now: datetime) -> None:
    """Undo a tie that one declared of oneself by mistake, where nobody else coordinates the call.

    The written reason stands in the log that nothing can change, and the ledger says that it was done.
    Where there is another coordinator it is for them to say: OwnTieNeedsAnother.
    """
    with taken_down(session):
        rows = session.scalars(
            select(Conflict)
            .join(Application, col(Application.id) == col(Conflict.application_id))
            .where(
                col(Conflict.call_id) == coordinator.call_id,
                col(Conflict.person_id) == coordinator.person_id,
                col(Conflict.stands),
                col(Application.code) == given.application,
            )
            .order_by(col(Conflict.id))
            .with_for_update(of=[Conflict])
        ).all()
        if not rows:
            raise Invalid({"application": "tie.unknown"})
        if other_coordinators(session, coordinator):
            raise OwnTieNeedsAnother
        for row in rows:
            row.stands, row.reason, row.version = False, given.reason, row.version + 1
            row.decided_by, row.decided_at = coordinator.person_id, now
            session.add(row)
        session.flush()
    member = member_codes(session, coordinator).get(coordinator.person_id, "")
    _recorded(session, coordinator, "ledger.own_tie_taken_back", given.application, member, given.reason, now)


def _set(
    session: Session,
    coordinator: Coordinator,
    application: tuple[int, str],
    person: int,
    ground: TieGround,
    evidence: str,
    reason: str,
    now: datetime,
) -> None:
    """Let a tie stand, and end what it makes impossible."""
    _end_assignments(session, coordinator, application[0], person, now)
    _keep(session, coordinator, application, person, ground, evidence, reason, now, stands=True)


def _end_assignments(
    session: Session, coordinator: Coordinator, application: int, person: int, now: datetime
) -> None:
    """Take the application from this person. A review that was sent counts no more; nothing of it is lost.

    Refused once the order rests on it: reviewing must be opened again first.
    """
    reached = phase_held(session, coordinator.call_id, now)
    rows = session.execute(
        select(col(Assignment.id), col(Review.state))
        .join(PanelMember, col(PanelMember.id) == col(Assignment.member_id))
        .outerjoin(Review, col(Review.assignment_id) == col(Assignment.id))
        .where(
            col(PanelMember.person_id) == person,
            col(Assignment.application_id) == application,
            col(Assignment.withdrawn_at).is_(None),
        )
    ).all()
    if reached not in ASSIGNING and any(state is ReviewState.SENT for _, state in rows):
        raise AssigningOver
    session.execute(
        update(Assignment)
        .where(col(Assignment.id).in_([key for key, _ in rows]))
        .values(withdrawn_at=now)
        .execution_options(synchronize_session=False)
    )


def _keep(
    session: Session,
    coordinator: Coordinator,
    application: tuple[int, str],
    person: int,
    ground: TieGround,
    evidence: str,
    reason: str,
    now: datetime,
    *,
    stands: bool = False,
) -> None:
    row = session.scalars(
        select(Conflict).where(
            col(Conflict.application_id) == application[0],
            col(Conflict.person_id) == person,
            col(Conflict.ground) == ground,
            col(Conflict.evidence) == evidence,
        )
    ).one_or_none()
    if row is not None and row.stands:
        raise TieExists
    if row is None:
        row = Conflict(
            call_id=coordinator.call_id, application_id=application[0], person_id=person, ground=ground,
            evidence=evidence, version=0, stands=stands, reason="", decided_by=coordinator.person_id,
            decided_at=now,
        )  # fmt: skip
    row.stands, row.reason, row.version = stands, reason, row.version + 1
    row.decided_by, row.decided_at = coordinator.person_id, now
    session.add(row)
    session.flush()
    action = "tie.stands" if stands else "tie.none"
    member = member_codes(session, coordinator).get(person, "")
    _recorded(session, coordinator, action, application[1], member, reason, now, ground=ground.value)


def _recorded(
    session: Session,
    coordinator: Coordinator,
    action: str,
    application: str,
    member: str,
    reason: str,
    now: datetime,
    **more: Any,
) -> None:
    record(
        session,
        action,
        now=now,
        person_id=coordinator.person_id,
        call_id=coordinator.call_id,
        subject=application,
        detail={"member": member, "reason": reason, **more},
    )

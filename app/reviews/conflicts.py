"""Ties of people on the panel: declared of oneself, pinned on somebody, decided on a suspicion, lifted.

A tie ends the assignments it concerns, and what was scored counts no more; the rows stay, as does who said
what, when and why. To a coordinator who has one the application is behind the wall from the next request on.
"""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import func, select, update
from sqlmodel import Session, col

from app.accounts.actors import Coordinator
from app.applications.counted import IS_COUNTED_SENDING
from app.applications.search import folded
from app.applications.typed_codes import TypedCode
from app.applications.typed_codes import meant as meant_code
from app.asking import Ask
from app.audit.record import record
from app.errors import Conflict as Refusal
from app.errors import Invalid
from app.models.applications import Application, Packet, Sending
from app.models.matters import MatterKind
from app.models.panel import Organisation, PanelMember, PanelRole
from app.models.people import Conflict
from app.models.reviews import Assignment, Review, ReviewState, Tie, TieGround
from app.reviews.call_state import ASSIGNING, phase_held
from app.reviews.matters import settle_matters
from app.reviews.refusals import AssigningOver
from app.reviews.suspicions import Suspicion, by_matter, suspicions
from app.sections.text import LINE, PROSE
from app.wall import taken_down

SHORTEST_REASON = 10
LEDGER_REASON = 30
"""What one person does alone needs a longer reason: nobody else looks at it before it holds."""
MOST_FOUND = 10
"""So many applications are offered for what was typed of a title."""
Reason = Annotated[str, Field(min_length=SHORTEST_REASON, max_length=1000), PROSE, Ask("textarea", cap=1000)]
Code = Annotated[TypedCode, Ask(spellcheck=False)]


class Finding(StrEnum):
    """What a suspicion comes to."""

    TIE = "tie"
    NO_TIE = "no_tie"


class OwnTieNeedsAnother(Refusal):
    """That one has no tie oneself is for another coordinator to say, where there is one."""

    code = "tie.own_needs_another"


class TieExists(Refusal):
    """This person has a tie with this application on record already."""

    code = "tie.exists"


class TieDeclareInput(BaseModel):
    """A coordinator's own tie; the application by its code or its reference."""

    model_config = ConfigDict(extra="forbid")
    application: Code
    reason: Reason


class TiePinInput(BaseModel):
    """A tie that is known of somebody else on the panel; the application by its code or its reference."""

    model_config = ConfigDict(extra="forbid")
    application: Code
    member: Annotated[str, Field(min_length=1, max_length=16), LINE, Ask("select")]
    reason: Reason


class SuspicionInput(BaseModel):
    """What suspicions come to, by their keys; for everybody to whom the same thing points.

    With `members` (codes) a tie is found of these alone: of everybody else to whom it points there is none.
    """

    model_config = ConfigDict(extra="forbid")
    suspected: Annotated[
        list[Annotated[str, Field(min_length=1, max_length=400)]],
        Field(min_length=1, max_length=500),
        Ask("checkboxes"),
    ]
    finding: Annotated[Finding, Ask("radios", choices="finding")]
    members: Annotated[
        list[Annotated[str, Field(max_length=16)]],
        Field(max_length=500),
        Ask("checkboxes", optional=True),
    ] = []
    reason: Reason


class LiftInput(BaseModel):
    """Why a tie that stood is none any more, by its key, which names the version that was looked at."""

    model_config = ConfigDict(extra="forbid")
    tie: Annotated[str, Field(min_length=1, max_length=100), LINE, Ask("select")]
    reason: Reason


class OwnLiftInput(BaseModel):
    """That one declared a tie of one's own by mistake; the application by its code."""

    model_config = ConfigDict(extra="forbid")
    application: Annotated[TypedCode, Ask("hidden")]
    reason: Annotated[str, Field(min_length=LEDGER_REASON, max_length=1000), PROSE, Ask("textarea", cap=1000)]


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class SuspectedTie(_Model):
    """One thing that matched, and everybody of the panel (codes) to whom it points."""

    key: str
    application: str
    title: str
    language: str
    ground: TieGround
    evidence: str
    members: list[str]


class KnownTie(_Model):
    """A tie on record. `by` is the membership of who said so; a reviewer's own answer has their own.

    `key` is empty for what nobody can lift: a reviewer's own answer, or what was lifted.
    """

    key: str
    application: str
    member: str
    ground: TieGround
    evidence: str
    reason: str
    by: str
    at: datetime | None


class FoundApplication(_Model):
    """An application as it is shown before a tie hides it."""

    application: str
    title: str
    language: str


class OwnTie(_Model):
    """A tie of the coordinator who asks: the code alone, since the rest is behind the wall."""

    application: str
    reason: str
    at: datetime


class Ties(_Model):
    """All ties of a call that the coordinator may know of. `alone`: there is no other coordinator."""

    suspected: list[SuspectedTie]
    standing: list[KnownTie]
    lifted: list[KnownTie]
    own: list[OwnTie]
    alone: bool


def ties(session: Session, coordinator: Coordinator) -> Ties:
    """What waits to be decided, what stands, what was found to be none, and one's own."""
    known = [*_decisions(session, coordinator), *_answers(session, coordinator)]
    return Ties(
        suspected=grouped(suspicions(session, coordinator.call_id)),
        standing=[tie for stands, tie in known if stands],
        lifted=[tie for stands, tie in known if not stands],
        own=_own(session, coordinator),
        alone=not _others(session, coordinator),
    )


def count_suspected(session: Session, coordinator: Coordinator) -> int:
    """How many matters wait to be decided; until then whom they concern are given nothing of it."""
    return len(by_matter(suspicions(session, coordinator.call_id)))


def grouped(found: Sequence[Suspicion]) -> list[SuspectedTie]:
    """One line for each thing that matched."""
    return [
        SuspectedTie(
            key=key,
            application=same[0].application,
            title=same[0].title,
            language=same[0].language,
            ground=same[0].ground,
            evidence=same[0].evidence,
            members=sorted({each.member for each in same}),
        )
        for key, same in by_matter(found).items()
    ]


def _decisions(session: Session, coordinator: Coordinator) -> list[tuple[bool, KnownTie]]:
    codes = _codes(session, coordinator)
    rows = session.execute(
        select(col(Application.code), Conflict)
        .join(Application, col(Application.id) == col(Conflict.application_id))
        .where(col(Conflict.call_id) == coordinator.call_id)
        .order_by(col(Application.code), col(Conflict.id))
    )
    return [
        (
            row.stands,
            KnownTie(
                key=f"{application}.{codes.get(row.person_id, '')}.{row.version}" if row.stands else "",
                application=application,
                member=codes.get(row.person_id, ""),
                ground=row.ground,
                evidence=row.evidence,
                reason=row.reason,
                by=codes.get(row.decided_by, ""),
                at=row.decided_at,
            ),
        )
        for application, row in rows
    ]


def _answers(session: Session, coordinator: Coordinator) -> list[tuple[bool, KnownTie]]:
    """What reviewers declared of themselves."""
    rows = session.execute(
        select(col(Application.code), col(PanelMember.code), col(Assignment.tie_note), col(Assignment.tie_at))
        .select_from(Assignment)
        .join(Application, col(Application.id) == col(Assignment.application_id))
        .join(PanelMember, col(PanelMember.id) == col(Assignment.member_id))
        .where(col(Assignment.call_id) == coordinator.call_id, col(Assignment.tie) == Tie.TIE)
        .order_by(col(Application.code), col(PanelMember.code))
    )
    return [
        (
            True,
            KnownTie(
                key="",
                application=application,
                member=member,
                ground=TieGround.DECLARED,
                evidence="",
                reason=note,
                by=member,
                at=at,
            ),
        )
        for application, member, note, at in rows
    ]


def _own(session: Session, coordinator: Coordinator) -> list[OwnTie]:
    with taken_down(session):
        rows = session.execute(
            select(col(Application.code), col(Conflict.reason), col(Conflict.decided_at))
            .join(Application, col(Application.id) == col(Conflict.application_id))
            .where(
                col(Conflict.call_id) == coordinator.call_id,
                col(Conflict.person_id) == coordinator.person_id,
                col(Conflict.stands),
            )
            .order_by(col(Conflict.decided_at), col(Conflict.id))
        ).all()
    return [OwnTie(application=application, reason=reason, at=at) for application, reason, at in rows]


def _codes(session: Session, coordinator: Coordinator) -> dict[int, str]:
    """Person -> membership; who has two is called by that of the reviewer."""
    rows = session.execute(
        select(col(PanelMember.person_id), col(PanelMember.code))
        .where(col(PanelMember.call_id) == coordinator.call_id)
        .order_by(col(PanelMember.role))
    )
    return {row.person_id: row.code for row in rows}


def declare_own_tie(
    session: Session, coordinator: Coordinator, given: TieDeclareInput, now: datetime
) -> None:
    """Say that one has a tie oneself. From the next request on the application is not there for one."""
    key, code = _application(session, coordinator, given.application)
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
    key, code = _application(session, coordinator, given.application)
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
    if own and _others(session, coordinator):
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


def find_applications(session: Session, coordinator: Coordinator, typed: str) -> list[FoundApplication]:
    """The application with this code or reference, or those in whose title these words stand.

    Invalid where there is none, or more than can be told apart at a glance.
    """
    rows = session.execute(
        select(
            col(Application.code).label("application"),
            col(Application.ref),
            col(Packet.title),
            col(Packet.language),
        )
        .join(Sending, IS_COUNTED_SENDING)
        .join(Packet, col(Packet.sending_id) == col(Sending.id))
        .where(col(Application.call_id) == coordinator.call_id)
        .order_by(col(Application.code))
    ).all()
    code, words = meant_code(typed), folded(typed)
    found = [row for row in rows if code in {row.application, row.ref}]
    found = found or [row for row in rows if words and words in folded(row.title)]
    if not found:
        raise Invalid({"application": "assignment.unknown_application"})
    if len(found) > MOST_FOUND:
        raise Invalid({"application": ("tie.many_titles", {"count": len(found)})})
    return [
        FoundApplication(application=row.application, title=row.title, language=row.language) for row in found
    ]


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
        if _others(session, coordinator):
            raise OwnTieNeedsAnother
        for row in rows:
            row.stands, row.reason, row.version = False, given.reason, row.version + 1
            row.decided_by, row.decided_at = coordinator.person_id, now
            session.add(row)
        session.flush()
    member = _codes(session, coordinator).get(coordinator.person_id, "")
    _recorded(session, coordinator, "ledger.own_tie_taken_back", given.application, member, given.reason, now)


def _application(session: Session, coordinator: Coordinator, typed: str) -> tuple[int, str]:
    """Key and spoken code; what is behind the wall is as unknown as what does not exist."""
    row = session.execute(
        select(col(Application.id), col(Application.code)).where(
            col(Application.call_id) == coordinator.call_id,
            (col(Application.code) == typed) | (col(Application.ref) == typed),
            col(Application.counts_number).is_not(None),
        )
    ).one_or_none()
    if row is None:
        raise Invalid({"application": "assignment.unknown_application"})
    return row.id, row.code


def _others(session: Session, coordinator: Coordinator) -> int:
    number: int = session.execute(
        select(func.count()).where(
            col(PanelMember.call_id) == coordinator.call_id,
            col(PanelMember.role) == PanelRole.COORDINATOR,
            col(PanelMember.person_id) != coordinator.person_id,
            col(PanelMember.removed_at).is_(None),
        )
    ).scalar_one()
    return number


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
    member = _codes(session, coordinator).get(person, "")
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


def organisation_of(session: Session, coordinator: Coordinator) -> dict[str, str]:
    """Membership -> the organisation (its code) for which somebody scores."""
    rows = session.execute(
        select(col(PanelMember.code).label("member"), col(Organisation.code).label("organisation"))
        .join(Organisation, col(Organisation.id) == col(PanelMember.organisation_id))
        .where(col(PanelMember.call_id) == coordinator.call_id)
    )
    return {row.member: row.organisation for row in rows}

"""How far an application is checked against the rules: for the coordinators, and for its own team."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import cache
from typing import Any, NamedTuple

from pydantic import BaseModel, ConfigDict
from sqlalchemy import and_, bindparam, case, exists, func, select
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from app.accounts.actors import Applicant, Coordinator
from app.applications.counted import IS_COUNTED_SENDING
from app.applications.due import due_of
from app.applications.flagged import open_flags
from app.applications.members import mine
from app.applications.redaction import uncleared
from app.applications.rules import in_doubt, rules_of, unmet
from app.calls.eligibility import stored_settings
from app.calls.invitations import requests_waiting, seats_waiting
from app.calls.phase import phase
from app.errors import NotFound
from app.models.applications import Application, Packet, Screened, Sending, Status
from app.models.calls import Call, Phase
from app.models.columns import Texts
from app.models.corrections import Correction
from app.models.matters import Matter, MatterKind
from app.models.panel import PanelMember, PanelRole
from app.models.people import BlindnessProof, Identity, Person, Screening
from app.models.proof import ProofState
from app.models.tallies import CallTally, TallyKind, TallyMark
from app.outbox.failed import any_failed
from app.wall import is_walled

SCREENABLE = frozenset({Phase.OPEN, Phase.GRACE, Phase.CLOSED, Phase.REVIEWING})
"""The phases in which an application is checked."""
REFUSABLE = frozenset({Phase.CLOSED, Phase.REVIEWING})
"""The phases in which it can be refused or reinstated: nobody can still mend it, nothing is ranked yet."""
CHECKED = frozenset({Status.DRAFT, Status.SENT, Status.IN_REVIEW, Status.REFUSED})


class ScreeningState(StrEnum):
    """Where the checking of one application stands."""

    TO_DO = "to_do"
    FIXING = "fixing"
    PROPOSED = "proposed"
    PASSED = "passed"
    REFUSED = "refused"


class _Read(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class ScreeningStep(_Read):
    """One act: what was done, by whom, and what was written with it."""

    act: Screened
    by: str
    at: datetime
    words: str
    note: str


class AppliesAs(_Read):
    """What the rules are about and no section for reviewers says, without a name.

    `links` are the partner organisations (codes) to which the team says it has ties; `asked_minor` is in
    tiyn, `ceiling_minor` in euro cents, `rate_minor` in tiyn for one euro.
    """

    kind: str | None
    kinds: list[str]
    links: list[str]
    asked_minor: int | None
    ceiling_minor: int | None
    rate_minor: int | None


class FullScreening(_Read):
    """One application as it is checked. `checks` is rule -> finding; `answered` is rule -> what its team
    said of it in the check before applying; `excluded` is whom the call's page excludes.

    `changed`: it was sent anew after it was checked. `alone`: no other coordinator could be the second
    person. `mine`: who reads is who proposed the refusal. `version` counts the acts.
    """

    ref: str
    code: str
    title: str
    language: str
    state: ScreeningState
    version: int
    changed: bool
    rules: list[str]
    checks: dict[str, str]
    answered: dict[str, str]
    excluded: Texts
    applies_as: AppliesAs
    words: str
    note: str
    alone: bool
    mine: bool
    can_check: bool
    can_refuse: bool
    can_reinstate: bool
    steps: list[ScreeningStep]

    @property
    def broken(self) -> list[str]:
        """The rules that are found broken."""
        return unmet(tuple(self.rules), self.checks)

    @property
    def doubted(self) -> list[str]:
        """The rules that are found broken, or not clear."""
        return in_doubt(tuple(self.rules), self.checks)


class FullScreenings(_Read):
    """How many applications stand where, and with which to go on."""

    counts: dict[ScreeningState, int]
    next_ref: str

    @property
    def total(self) -> int:
        """How many applications count."""
        return sum(self.counts.values())

    @property
    def done(self) -> int:
        """Of how many it is decided."""
        return self.counts[ScreeningState.PASSED] + self.counts[ScreeningState.REFUSED]


class OwnRefusal(_Read):
    """Why one's own application takes no part: the published rules, and the coordinator's words."""

    rules: list[str]
    words: str
    at: datetime


def last_of(screening: Any, application: Any = Application) -> Any:
    """Joins the act that is in force, after which none came; nothing where nobody has looked yet."""
    later = aliased(Screening)
    outdated = (
        select(col(later.number))
        .where(
            col(later.application_id) == col(screening.application_id),
            col(later.number) > col(screening.number),
        )
        .correlate(screening)
        .exists()
    )
    return and_(col(screening.application_id) == col(application.id), ~outdated)


def state_column() -> Any:
    """Where checking stands, in SQL: `Screening` is to be joined by `last_of`."""
    current = col(Screening.sending_number) == col(Application.counts_number)
    awaited = (
        select(col(Correction.id))
        .where(
            col(Correction.application_id) == col(Application.id),
            col(Correction.answered_at).is_(None),
            col(Correction.closed_at).is_(None),
        )
        .exists()
    )
    good = col(Screening.act) == Screened.PASSED
    return case(
        (col(Application.status) == Status.REFUSED, ScreeningState.REFUSED.value),
        (and_(col(Screening.act) == Screened.PROPOSED, current), ScreeningState.PROPOSED.value),
        (awaited, ScreeningState.FIXING.value),
        (and_(good, current), ScreeningState.PASSED.value),
        else_=ScreeningState.TO_DO.value,
    )


@cache
def _states() -> Any:
    return (
        select(state_column().label("state"), func.count())
        .select_from(Application)
        .outerjoin(Screening, last_of(Screening))
        .where(*_checked())
        .group_by("state")
    )


def _checked() -> tuple[Any, ...]:
    return (
        col(Application.call_id) == bindparam("call"),
        col(Application.counts_number).is_not(None),
        col(Application.status).in_(sorted(CHECKED)),
    )


@cache
def _next() -> Any:
    """The first that waits after a reference, and from the beginning again after the last."""
    return (
        select(col(Application.ref))
        .select_from(Application)
        .outerjoin(Screening, last_of(Screening))
        .where(
            *_checked(),
            col(Application.ref) != bindparam("after"),
            state_column() == ScreeningState.TO_DO.value,
        )
        .order_by(case((col(Application.ref) > bindparam("after"), 0), else_=1), col(Application.ref))
        .limit(1)
    )


def full_screenings(session: Session, coordinator: Coordinator, after: str = "") -> FullScreenings:
    """The counts of every state, and the next one that waits; two queries."""
    found = {row[0]: row[1] for row in session.execute(_states(), {"call": coordinator.call_id})}
    return FullScreenings(
        counts={state: found.get(state.value, 0) for state in ScreeningState},
        next_ref=next_to_check(session, coordinator, after),
    )


def next_to_check(session: Session, coordinator: Coordinator, after: str) -> str:
    """The reference of the next application that nobody has checked, or nothing."""
    asked = {"call": coordinator.call_id, "after": after}
    return session.execute(_next(), asked).scalar_one_or_none() or ""


@dataclass(frozen=True, slots=True)
class DeskWaiting:
    """What waits for one coordinator: to be checked, to be seconded, flags to them or to everybody; copies to
    be cleared, requests of reviewers and people proposed as such; and as the job worker found it, suspected
    ties to be decided and third reviews to be given out. `letters`: whether any letter has failed at all.
    `finds`: what the newest check of blindness found, as its report names it."""

    to_check: int
    proposed: int
    flags: int
    uncleared: int
    requests: int
    seats: int
    letters: bool
    suspected: int
    thirds: int
    finds: tuple[str, ...]


def desk_waiting(session: Session, coordinator: Coordinator, reached: Phase) -> DeskWaiting:
    """For the desk, in one query; checking is called for once nobody can send any more."""
    asked = {"call": coordinator.call_id, "me": coordinator.person_id}
    found = session.execute(_waiting(), asked).one()
    before_ranking = reached in REFUSABLE
    checking = Checking(0, 0, 0)
    if before_ranking:
        # What has just changed is not kept yet; what is behind somebody's wall is in no sum for them.
        counted = found.changed or is_walled(session)
        checking = count_checking(session, coordinator.call_id) if counted else Checking(*found[-3:])
    return DeskWaiting(
        to_check=checking.to_check,
        proposed=checking.proposed,
        flags=found.flags,
        uncleared=checking.uncleared,
        requests=found.requests,
        seats=found.seats,
        letters=found.letters,
        suspected=found.suspected if before_ranking else 0,
        thirds=found.thirds if reached is Phase.REVIEWING else 0,
        finds=tuple((found.proof or {}).get("found", ())),
    )


class Checking(NamedTuple):
    """How many applications are to be checked, were proposed for a refusal, and keep reviewing shut."""

    to_check: int
    proposed: int
    uncleared: int


def count_checking(session: Session, call_id: int) -> Checking:
    """From scratch: what `CallTally` keeps of it."""
    return Checking(*session.execute(_checking(), {"call": call_id}).one())


@cache
def _checking() -> Any:
    states = (
        select(state_column().label("state"))
        .select_from(Application)
        .outerjoin(Screening, last_of(Screening))
        .where(*_checked())
        .subquery()
    )
    return select(
        func.count(case((states.c.state == ScreeningState.TO_DO.value, 1))),
        func.count(case((states.c.state == ScreeningState.PROPOSED.value, 1))),
        uncleared(),
    ).select_from(states)


def _matters(kind: MatterKind) -> Any:
    return (
        select(func.coalesce(func.sum(col(Matter.number)), 0))
        .where(col(Matter.call_id) == bindparam("call"), col(Matter.kind) == kind)
        .scalar_subquery()
    )


def _newest_proof() -> Any:
    """The report of the newest check of blindness that was finished."""
    return (
        select(col(BlindnessProof.report))
        .where(col(BlindnessProof.call_id) == bindparam("call"), col(BlindnessProof.state) == ProofState.DONE)
        .order_by(col(BlindnessProof.number).desc())
        .limit(1)
        .scalar_subquery()
    )


@cache
def _waiting() -> Any:
    changed = exists().where(
        col(TallyMark.call_id) == bindparam("call"),
        col(TallyMark.kind).in_([TallyKind.APPLICATION, TallyKind.CHECKING]),
    )
    return (
        select(
            open_flags().label("flags"),
            requests_waiting().label("requests"),
            seats_waiting().label("seats"),
            any_failed().label("letters"),
            _matters(MatterKind.SUSPECTED).label("suspected"),
            _matters(MatterKind.THIRD).label("thirds"),
            _newest_proof().label("proof"),
            changed.label("changed"),
            *(
                func.coalesce(column, 0)
                for column in (col(CallTally.to_check), col(CallTally.proposed), col(CallTally.uncleared))
            ),
        )
        .select_from(Call)
        .outerjoin(CallTally, col(CallTally.call_id) == col(Call.id))
        .where(col(Call.id) == bindparam("call"))
    )


_COLUMNS: Any = (
    Application,
    Call,
    col(Packet.title).label("title"),
    col(Packet.language).label("written_in"),
    col(Packet.requested_minor).label("requested_minor"),
    col(Identity.data)["team"]["applicant_kind"].as_string().label("applicant_kind"),
    col(Identity.data)["team"]["partner_links"].label("links"),
    Screening,
    state_column().label("state"),
)


@cache
def _one() -> Any:
    return (
        select(*_COLUMNS)
        .select_from(Application)
        .join(Call, col(Call.id) == col(Application.call_id))
        .join(Sending, IS_COUNTED_SENDING)
        .join(Packet, col(Packet.sending_id) == col(Sending.id))
        .outerjoin(Identity, col(Identity.sending_id) == col(Sending.id))
        .outerjoin(Screening, last_of(Screening))
        .where(*_checked(), col(Application.ref) == bindparam("ref"))
    )


def full_screening(session: Session, coordinator: Coordinator, ref: str, now: datetime) -> FullScreening:
    """One application as it is checked now. NotFound where nothing counts, or it was decided already."""
    row = session.execute(_one(), {"call": coordinator.call_id, "ref": ref}).one_or_none()
    if row is None:
        raise NotFound
    application, call, last = row.Application, row.Call, row.Screening
    reached = phase(call, now)
    rules = rules_of(call)
    state = ScreeningState(row.state)
    settled = due_of(call, application).receives(now)
    return FullScreening(
        ref=application.ref,
        code=application.code,
        title=row.title,
        language=row.written_in,
        state=state,
        version=last.number if last else 0,
        changed=last is not None and last.sending_number != application.counts_number,
        rules=list(rules),
        checks={rule: last.checks[rule] for rule in rules if rule in last.checks} if last else {},
        answered=dict((application.checked or {}).get("answers", {})),
        excluded=call.who_cannot,
        applies_as=AppliesAs(
            kind=row.applicant_kind,
            kinds=list(stored_settings(call.eligibility).kinds),
            links=row.links or [],
            asked_minor=row.requested_minor,
            ceiling_minor=call.ceiling_minor,
            rate_minor=call.rate_minor,
        ),
        words=last.words if last else "",
        note=last.note if last else "",
        alone=not has_second(session, coordinator),
        mine=last is not None and last.by == coordinator.person_id,
        can_check=reached in SCREENABLE and state is not ScreeningState.REFUSED,
        can_refuse=reached in REFUSABLE and not settled,
        can_reinstate=reached in REFUSABLE and state is ScreeningState.REFUSED,
        steps=_steps(session, application.id),
    )


def _steps(session: Session, application_id: int) -> list[ScreeningStep]:
    rows = session.execute(_acts(), {"application": application_id})
    return [ScreeningStep(act=act, by=by, at=at, words=words, note=note) for act, by, at, words, note in rows]


@cache
def _acts() -> Any:
    return (
        select(
            col(Screening.act), col(Person.name), col(Screening.at), col(Screening.words), col(Screening.note)
        )
        .join(Person, col(Person.id) == col(Screening.by))
        .where(col(Screening.application_id) == bindparam("application"))
        .order_by(col(Screening.number))
    )


def has_second(session: Session, coordinator: Coordinator) -> bool:
    """Whether somebody else coordinates the call, who can look at a refusal too."""
    asked = {"call": coordinator.call_id, "me": coordinator.person_id}
    return int(session.execute(_others(), asked).scalar_one()) > 0


@cache
def _others() -> Any:
    return select(func.count()).where(
        col(PanelMember.call_id) == bindparam("call"),
        col(PanelMember.role) == PanelRole.COORDINATOR,
        col(PanelMember.removed_at).is_(None),
        col(PanelMember.person_id) != bindparam("me"),
    )


def own_refusal(session: Session, applicant: Applicant, ref: str) -> OwnRefusal | None:
    """Why one's own application was refused; None where it takes part. NotFound for a stranger."""
    own = mine(session, applicant, ref)
    if own.application.status is not Status.REFUSED:
        return None
    row = session.execute(_refusal(), {"application": own.key}).scalar_one()
    return OwnRefusal(rules=unmet(rules_of(own.call), row.checks), words=row.words, at=row.at)


@cache
def _refusal() -> Any:
    return (
        select(Screening)
        .where(
            col(Screening.application_id) == bindparam("application"), col(Screening.act) == Screened.REFUSED
        )
        .order_by(col(Screening.number).desc())
        .limit(1)
    )

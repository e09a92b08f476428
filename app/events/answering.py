"""What finalists say to their invitation. Whoever says no leaves the place to the next in the order."""

from datetime import datetime

from sqlalchemy import delete, func
from sqlmodel import Session, col, select

from app.accounts.actors import Applicant, Coordinator
from app.applications.members import WRITERS, mine
from app.audit.record import record
from app.decisions.held import awarding, held_pot
from app.errors import NotFound, Stale
from app.events.cards import make_cards
from app.events.evening import PitchesClosed, evening_of
from app.events.held import locked_event, moved_on
from app.events.naming import invite_following
from app.events.refusals import EventMissing, GivenOn, HasBegun, HasPitched
from app.events.running_order import tell_moved, tell_slot
from app.events.scenes import OF_A_TEAM
from app.events.show import join_plan, leave_plan
from app.models.applications import Application, Status
from app.models.calls import AwardRound
from app.models.events import Event, Finalist, FinalistState, PitchCard, Scene, Stage
from app.models.keys import key_of
from app.wall import taken_down


def answer_invitation(
    session: Session, applicant: Applicant, ref: str, state: FinalistState, seen_version: int, now: datetime
) -> None:
    """Confirm or decline for one's own application, whoever of its team writes."""
    own = mine(session, applicant, ref, held=True)
    if own.role not in WRITERS:
        raise NotFound
    finalist = session.get(Finalist, own.key)
    pot = session.get(AwardRound, finalist.round_id) if finalist else None
    if pot is None or own.application.status is Status.WITHDRAWN:
        raise NotFound
    _answer(session, pot, own.application, state, seen_version, person_id=applicant.person_id, now=now)


def answer_for(
    session: Session,
    coordinator: Coordinator,
    round_code: str,
    application: str,
    state: FinalistState,
    seen_version: int,
    now: datetime,
) -> None:
    """Note what a finalist said by telephone, or that there was no answer in time (declined).

    While the evening goes on, a team whose pitch has not begun may turn out not to come; nobody joins then.
    """
    awarding(session, coordinator, now)
    pot = held_pot(session, coordinator, round_code)
    row = session.exec(
        select(Application)
        .join(Finalist, col(Finalist.application_id) == col(Application.id))
        .where(Application.code == application, Finalist.round_id == pot.id)
    ).one_or_none()
    if row is None:
        raise NotFound
    absent = state is FinalistState.DECLINED
    _answer(session, pot, row, state, seen_version, person_id=coordinator.person_id, now=now, absent=absent)


def _answer(
    session: Session,
    pot: AwardRound,
    application: Application,
    state: FinalistState,
    seen_version: int,
    *,
    person_id: int,
    now: datetime,
    absent: bool = False,
) -> None:
    event, finalist = _held(session, pot, application)
    _refuse(event, finalist, seen_version)
    if now >= event.starts_at:
        if not absent:
            raise HasBegun
        _leave_stage(session, pot, finalist)
    if finalist.state is state:
        return
    finalist.state, finalist.answered_at, finalist.answered_by = state, now, person_id
    finalist.version += 1
    if state is FinalistState.DECLINED:
        _leave(session, pot, event, finalist, now)
    elif event.announced_at is not None:
        _join_late(session, event, finalist)
        tell_slot(session, event, finalist.application_id, application.ref, now)
    session.add(finalist)
    moved_on(session, event)
    record(
        session, f"finalist.{'decline' if state is FinalistState.DECLINED else 'confirm'}", now=now,
        person_id=person_id, call_id=pot.call_id, subject=application.code, detail={"round": pot.code},
    )  # fmt: skip


def _held(session: Session, pot: AwardRound, application: Application) -> tuple[Event, Finalist]:
    event = locked_event(session, pot.id)
    if event is None:
        raise EventMissing
    finalist = session.get(Finalist, application.id, populate_existing=True)
    if finalist is None:
        raise NotFound
    return event, finalist


def _refuse(event: Event, finalist: Finalist, seen_version: int) -> None:
    if finalist.version != seen_version:
        raise Stale(version=finalist.version)
    if finalist.state is FinalistState.DECLINED:
        raise GivenOn


def _leave_stage(session: Session, pot: AwardRound, finalist: Finalist) -> None:
    """Who does not appear leaves the running order of an evening that goes on; a title on the screen goes."""
    evening = evening_of(session, key_of(pot.id))
    if evening.closed_at is not None:
        raise PitchesClosed
    if finalist.slot in evening.begun:
        raise HasPitched
    stage = session.get(Stage, pot.id, with_for_update=True, populate_existing=True)
    if stage is not None and finalist.slot is not None and stage.slot == finalist.slot:
        if stage.scene in OF_A_TEAM:
            stage.scene, stage.ends_at, stage.left_ms = Scene.CURTAIN, None, None
        stage.version += 1
        session.add(stage)


def _leave(session: Session, pot: AwardRound, event: Event, finalist: Finalist, now: datetime) -> None:
    """The place goes to the next at once; once the finalists are announced, when a coordinator says so."""
    slot, finalist.slot = finalist.slot, None
    session.add(finalist)
    session.flush()
    if event.announced_at is not None:
        leave_plan(session, event, slot)
    session.execute(delete(PitchCard).where(col(PitchCard.application_id) == finalist.application_id))
    if event.announced_at is not None and slot is not None and now < event.starts_at:
        tell_moved(session, event, slot, now)
    if event.announced_at is None:
        # Whoever is next is nobody's secret to keep from the order itself, tied or not.
        with taken_down(session):
            invite_following(session, pot, event, now)


def _join_late(session: Session, event: Event, finalist: Finalist) -> None:
    """Whoever comes after the announcement pitches last."""
    with taken_down(session):
        last = session.exec(select(func.max(Finalist.slot)).where(Finalist.round_id == event.round_id)).one()
    finalist.slot = (last or 0) + 1
    session.add(finalist)
    session.flush()
    make_cards(session, event.round_id, key_of(finalist.application_id))
    join_plan(session, event, finalist.slot)

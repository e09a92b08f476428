"""Beginning an application takes turns with whatever else changes its call."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as StillWaiting

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, select

from app.applications.actions.starting import MOST_DRAFTS
from app.applications.refusals import CallNotOpen, OnThePanel, TooManyDrafts
from app.calls import actions as calls
from app.calls.inputs import CancellationInput, MemberInput
from app.calls.texts import LongTexts
from app.database import session_on
from app.errors import DomainError, Invalid
from app.models.applications import Application
from app.models.panel import PanelRole
from tests.applications.steps import begin
from tests.world import NOW, World

LOOK_AFTER_SECONDS = 0.3
REASON = LongTexts(kk="Қаражат жоқ", ru="Нет денег", en="No money")

Act = Callable[[Session, World], object]


def start(session: Session, world: World) -> object:
    return begin(session, world.applicant())


def seat(session: Session, world: World) -> object:
    given = MemberInput(email="ada.canary@example.org", role=PanelRole.REVIEWER, organisation="BC")
    return calls.add_member(session, world.coordinator(), given, NOW)


def cancel(session: Session, world: World) -> None:
    given = CancellationInput(reason=REASON)
    calls.cancel_call(session, world.coordinator(), world.call.version, given, NOW)


@pytest.mark.parametrize(
    ("first", "then", "refusal", "begun"),
    [
        (seat, start, OnThePanel, 0),
        (start, seat, Invalid, 1),
        (cancel, start, CallNotOpen, 0),
        (start, start, TooManyDrafts, 1),
    ],
)
def test_what_begins_meanwhile_waits_and_sees_what_was_done(
    engine: Engine, world: World, first: Act, then: Act, refusal: type[DomainError], begun: int
) -> None:
    """Without the call's row both would be done: an applicant on the panel, or one draft too many."""
    before = MOST_DRAFTS - 1 if first is then else 0
    with session_on(engine) as session, session.begin():
        for _ in range(before):
            start(session, world)

    def other() -> None:
        with session_on(engine) as session, session.begin():
            then(session, world)

    with ThreadPoolExecutor(1) as pool:
        with session_on(engine) as session, session.begin():
            first(session, world)
            waiting = pool.submit(other)
            with pytest.raises(StillWaiting):
                waiting.result(LOOK_AFTER_SECONDS)
        with pytest.raises(refusal):
            waiting.result()
    with session_on(engine, reading=True) as session:
        assert len(session.exec(select(Application.id)).all()) == before + begun

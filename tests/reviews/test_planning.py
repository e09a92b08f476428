"""Steps that are left to the clock: taken when due, refused as by hand, forgotten when they lie behind."""

from datetime import timedelta

import pytest
from sqlalchemy import Engine
from sqlmodel import select

from app.calls.ledger import full_ledger
from app.database import session_on
from app.errors import Invalid
from app.jobs.steps import take_due_steps
from app.models.calls import Call
from app.models.phases import PlannedStep, Step
from app.reviews.opening import open_reviewing
from app.reviews.planning import Plan, PlanInput, plan_step, plans, unplan_step
from app.reviews.refusals import DiscussionNotMeant, StepNotPlanned, StepTaken
from tests.factories import REVIEWING, make_sent_application
from tests.world import CLOSES, NOW, World

AT = CLOSES + timedelta(days=1)
SOON = AT + timedelta(minutes=1)


def opened(engine: Engine) -> tuple[object, object]:
    with session_on(engine, reading=True) as session:
        call = session.exec(select(Call)).one()
        return call.reviewing_opened_at, call.discussion_opened_at


def test_the_clock_takes_each_step_once_it_is_due(engine: Engine, world: World) -> None:
    cora = world.coordinator()
    with session_on(engine) as session, session.begin():
        make_sent_application(session, world)
        with pytest.raises(Invalid):
            plan_step(session, cora, PlanInput(step=Step.REVIEWING, at=NOW), NOW)
        with pytest.raises(DiscussionNotMeant):
            plan_step(session, cora, PlanInput(step=Step.DISCUSSION, at=AT), NOW)
        session.exec(select(Call)).one().discussion = True
        plan_step(session, cora, PlanInput(step=Step.REVIEWING, at=REVIEWING), NOW)
        plan_step(session, cora, PlanInput(step=Step.REVIEWING, at=AT), NOW)
        plan_step(session, cora, PlanInput(step=Step.DISCUSSION, at=SOON), NOW)
    assert take_due_steps(engine, AT - timedelta(seconds=1)) == 0
    assert take_due_steps(engine, AT) == 1
    assert opened(engine) == (AT, None)
    assert (take_due_steps(engine, SOON), opened(engine)) == (1, (AT, SOON))
    with session_on(engine) as session, session.begin():
        assert plans(session, cora) == []
        log = [(each.act, each.step, each.by) for each in full_ledger(session, cora)]
        cora_code = world.members["cora"].code
        assert log[:2] == [
            ("phase.by_clock", "discussion", cora_code),
            ("discussion.open", "", cora_code),
        ]
        with pytest.raises(StepTaken):
            plan_step(session, cora, PlanInput(step=Step.REVIEWING, at=SOON + timedelta(days=1)), SOON)


def test_what_stands_in_the_way_is_kept_and_tried_again_and_by_hand_is_earlier(
    engine: Engine, world: World
) -> None:
    cora = world.coordinator()
    early = CLOSES - timedelta(days=1)
    with session_on(engine) as session, session.begin():
        make_sent_application(session, world)
        plan_step(session, cora, PlanInput(step=Step.REVIEWING, at=early), NOW)
    assert take_due_steps(engine, early) == 0
    with session_on(engine) as session, session.begin():
        assert plans(session, cora) == [Plan(step=Step.REVIEWING, at=early, refused="reviewing.not_ready")]
        open_reviewing(session, cora, AT)
    assert take_due_steps(engine, SOON) == 1
    assert opened(engine) == (AT, None)
    with session_on(engine) as session, session.begin():
        assert session.exec(select(PlannedStep)).all() == []
        assert "phase.by_clock" not in {each.act for each in full_ledger(session, cora)}
        with pytest.raises(StepNotPlanned):
            unplan_step(session, cora, Step.REVIEWING, SOON)

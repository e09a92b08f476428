"""A team leaves once the running order is public, and the next comes up: its slot is one behind all."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, col, select

from app.database import session_on
from app.events.answering import answer_for
from app.events.naming import offer_next
from app.events.show import plan, show
from app.events.stage import show_scene
from app.jobs.worker import send_due
from app.models.applications import Application
from app.models.events import Finalist, FinalistState, PitchCard, Scene, SegmentKind
from app.models.people import DevelopmentMail
from app.settings import Settings
from tests.conftest import Client, Clock
from tests.events.evening import EVENING, announced, event_version
from tests.events.jury import seated
from tests.factories import REVIEWING
from tests.world import World

SAYS_WHEN = "The running order is public already: whoever comes up now pitches last."
DRAWN_LATER = "The order in which the teams pitch is drawn once everybody has answered."


def _answers(session: Session, world: World, code: str, state: FinalistState) -> None:
    version = session.exec(
        select(Finalist.version)
        .join(Application, col(Application.id) == col(Finalist.application_id))
        .where(Application.code == code)
    ).one()
    answer_for(session, world.coordinator(), world.round.code, code, state, version, REVIEWING)
    session.flush()


@pytest.fixture
def late(engine: Engine, world: World, clock: Clock, settings: Settings) -> str:
    """Three pitch; the first has left, and another came up. Its reference."""
    clock.now = REVIEWING
    cora, pot = world.coordinator(), world.round.code
    with session_on(engine) as session, session.begin():
        codes = announced(session, world, 3, 1)
        plan(session, cora, pot, event_version(session, world), REVIEWING)
        session.flush()
        _answers(session, world, codes[0], FinalistState.DECLINED)
        offer_next(session, cora, pot, event_version(session, world), REVIEWING)
        code, ref = session.exec(
            select(Application.code, Application.ref)
            .join(Finalist, col(Finalist.application_id) == col(Application.id))
            .where(Finalist.state == FinalistState.OFFERED)
        ).one()
    send_due(engine, settings, REVIEWING)
    with session_on(engine) as session, session.begin():
        _answers(session, world, code, FinalistState.CONFIRMED)
    send_due(engine, settings, REVIEWING)
    return ref


def _mails(engine: Engine, ref: str, subject: str) -> list[str]:
    with session_on(engine) as session:
        found = session.exec(select(DevelopmentMail).order_by(col(DevelopmentMail.id)))
        return [each.body for each in found if each.subject.startswith(f"{subject}: {ref}")]


def test_the_hall_and_every_list_count_teams_and_not_slots(
    client: Client, engine: Engine, world: World, late: str
) -> None:
    pot = world.round.code
    with session_on(engine) as session, session.begin():
        show_scene(session, world.coordinator(), pot, Scene.TITLE, 0, EVENING, 4)
        seated(session, world)
    hall = client().get(f"/en/stage/{pot}/screen").text
    assert "3 / 3" in hall and "4 / 3" not in hall
    shown = client().get(f"/api/v1/stage/{pot}").json()["card"]
    assert (shown["slot"], shown["number"]) == (4, 3)
    assert "You pitch as number 3 of 3." in client("ada").get(f"/en/apply/{late}/pitch").text
    public = client().get(f"/en/calls/2026/event/{pot}").text
    assert re.findall(r'<li value="(\d+)" hx-disable', public) == ["1", "2", "3"]
    cora = client("cora")
    assert re.search(r'id="now"[^<]*<[^>]*>3\. |id="now".*>3\. ', cora.get(f"/en/desk/2026/stage/{pot}").text)
    desk = cora.get(f"/en/desk/2026/event/{pot}/jury").text
    assert re.findall(r'<strong class="name">(\d+)\. ', desk) == ["1", "2", "3"]


def test_whoever_comes_up_late_is_told_what_holds_for_it(engine: Engine, world: World, late: str) -> None:
    """That it pitches last, and once it has said yes its place and its time, as all the others were."""
    (invited,) = _mails(engine, late, "You are invited to pitch")
    assert SAYS_WHEN in invited and DRAWN_LATER not in invited
    (slot,) = _mails(engine, late, "When you pitch")
    assert "Your place in the running order: 3 / 3" in slot and "Your turn, by the plan: " in slot


def test_each_team_behind_one_that_has_left_is_told_its_place_and_time_of_now(
    engine: Engine, world: World, late: str
) -> None:
    with session_on(engine) as session:
        rows = session.exec(
            select(Application.ref, PitchCard.slot)
            .join(PitchCard, col(PitchCard.application_id) == col(Application.id))
            .order_by(col(PitchCard.slot))
        ).all()
    assert [(slot, len(_mails(engine, ref, "You pitch earlier"))) for ref, slot in rows] == [
        (2, 1), (3, 1), (4, 0),
    ]  # fmt: skip
    (first,) = _mails(engine, rows[0][0], "You pitch earlier")
    assert "Your place in the running order: 1 / " in first and "Your turn, by the plan: " in first


def test_the_run_of_the_evening_has_a_part_for_it_and_leaves_out_the_other(
    engine: Engine, world: World, late: str
) -> None:
    with session_on(engine) as session:
        parts = show(session, world.coordinator(), world.round.code, REVIEWING).segments
    pitches = [each for each in parts if each.slot]
    assert [(each.slot, each.number, each.skipped) for each in pitches] == [
        (1, None, True), (2, 1, False), (3, 2, False), (4, 3, False),
    ]  # fmt: skip
    assert all(each.title for each in pitches[1:])
    assert pitches[3].starts_at == pitches[2].starts_at + timedelta(minutes=pitches[2].minutes)
    assert [each.kind for each in parts[-3:]] == [
        SegmentKind.DELIBERATION, SegmentKind.REVEAL, SegmentKind.PHOTOS,
    ]  # fmt: skip

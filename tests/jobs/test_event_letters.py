"""Finalists hear that they are invited, when they pitch, and once more the day before; the others once."""

from datetime import timedelta

from sqlalchemy import Engine
from sqlmodel import Session, select

from app.applications.actions import withdraw_application
from app.database import session_on
from app.events.questions import QuestionInput, ask
from app.events.running_order import public_event
from app.jobs.worker import plan, send_due
from app.models.applications import Application
from app.models.events import Event
from app.models.people import DevelopmentMail, Message
from app.settings import Settings
from tests.events.evening import EVENING, announced, at, named
from tests.factories import REVIEWING
from tests.world import World


def test_each_finalist_gets_the_slot_and_a_reminder(engine: Engine, world: World, settings: Settings) -> None:
    with session_on(engine) as session, session.begin():
        announced(session, world, 2, 1)
    send_due(engine, settings, REVIEWING)
    with session_on(engine) as session, session.begin():
        mails = session.exec(select(DevelopmentMail)).all()
        slots = [each for each in mails if each.subject.startswith("When you pitch")]
        # By the time they leave the invitations are answered.
        assert not [each for each in mails if "invited" in each.subject]
        assert {f"running order: {slot} / 2" in mail.body for mail, slot in zip(slots, (1, 2), strict=True)}
        assert all("Your pitch: 5:00" in each.body and "Great hall" in each.body for each in slots)
        assert session.exec(select(Message)).all()
    assert send_due(engine, settings, at(1.1)) == 0
    with session_on(engine) as session, session.begin():
        event = session.exec(select(Event)).one()
        event.starts_at = EVENING + timedelta(minutes=30)
        session.add(event)
    send_due(engine, settings, at(0.9))
    with session_on(engine) as session, session.begin():
        subjects = [each.subject for each in session.exec(select(DevelopmentMail))]
        assert not [each for each in subjects if each.startswith("Tomorrow")], "the evening was moved"
        event = session.exec(select(Event)).one()
        event.starts_at = EVENING
        session.add(event)


def test_a_team_hears_of_a_question_once_and_not_who_asked(
    engine: Engine, world: World, settings: Settings
) -> None:
    with session_on(engine) as session, session.begin():
        codes = named(session, world, 2, 1)
        asked = QuestionInput(application=codes[0], words="Who waters the trees in August?")
        ask(session, world.reviewer("rita"), asked, REVIEWING)
    assert (plan(engine, REVIEWING), plan(engine, REVIEWING)) == (1, 0)
    send_due(engine, settings, REVIEWING)
    with session_on(engine, reading=True) as session:
        (mail,) = [each for each in session.exec(select(DevelopmentMail)) if "asks you" in each.subject]
        assert "Who waters the trees in August?" in mail.body
        assert "Rita" not in mail.body


def test_whoever_withdraws_is_on_no_page_of_the_evening(session: Session, world: World) -> None:
    codes = announced(session, world, 2, 1)
    ref = session.exec(select(Application.ref).where(Application.code == codes[0])).one()
    withdraw_application(session, world.applicant(), ref, REVIEWING)
    shown = public_event(session, "2026", world.round.code, REVIEWING)
    assert [each.slot for each in shown.finalists] == [2]

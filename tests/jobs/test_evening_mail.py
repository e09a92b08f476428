"""A juror's link goes by mail and its code does not; the audience hears once more the day before."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, col, select

from app.database import session_on
from app.errors import Invalid
from app.events.audience import attendee_key, cancel, confirm
from app.events.jury import ContactInput, JurorInput, add_juror, change_contact, remove_juror
from app.events.jury_access import EnterInput, enter, issue_access, issue_to_all, mail_link, revoke_access
from app.events.jury_refusals import NoAddress, NoCardYet
from app.events.reminding import morning_of
from app.jobs.worker import plan, send_due
from app.models.events import Event
from app.models.jury import Juror
from app.models.people import Attendee, DevelopmentAttachment, DevelopmentMail, JurorContact
from app.settings import Settings
from tests.events.evening import EVENING, announced, at, evening
from tests.events.test_audience import registered
from tests.factories import REVIEWING
from tests.world import World

GIVEN = JurorInput(name="Dina", organisation="BC", email="dina@example.org", language="ru")


def mails(engine: Engine) -> list[DevelopmentMail]:
    with session_on(engine, reading=True) as session:
        rows = session.exec(select(DevelopmentMail).order_by(col(DevelopmentMail.id))).all()
        session.expunge_all()
        return list(rows)


def key_in(mail: DevelopmentMail) -> str:
    found = re.search(r"/ru/jury/\w+/sign-in\?key=(\S+)", mail.body)
    assert found
    return found[1]


def opens(session: Session, world: World, key: str, code: str, secret: str) -> bool:
    try:
        enter(session, world.round.code, key, EnterInput(code=code), client="", secret=secret, now=REVIEWING)
    except Invalid:
        return False
    return True


def test_a_link_goes_by_mail_again_and_again_and_ends_when_it_is_taken_back(
    engine: Engine, world: World, settings: Settings
) -> None:
    secret, cora, pot = settings.secret_key.get_secret_value(), world.coordinator(), world.round.code
    with session_on(engine) as session, session.begin():
        announced(session, world, 2, 0)
        dina = add_juror(session, cora, pot, GIVEN, REVIEWING)
        erik = add_juror(session, cora, pot, JurorInput(name="Erik", organisation="AKIM"), REVIEWING)
    with session_on(engine) as session, session.begin():
        with pytest.raises(NoCardYet):
            mail_link(session, cora, pot, dina, REVIEWING)
        with pytest.raises(NoAddress):
            issue_access(session, cora, pot, erik, secret=secret, now=REVIEWING, mail=True)
    send_due(engine, settings, REVIEWING)
    known = len(mails(engine))
    with session_on(engine) as session, session.begin():
        # Whoever has no address is left out, and gets a card on paper.
        (access,) = issue_to_all(session, cora, pot, secret=secret, now=REVIEWING)
        assert issue_to_all(session, cora, pot, secret=secret, now=REVIEWING) == []
    with session_on(engine) as session, session.begin():
        # Pressed while the first has not left: one mail.
        mail_link(session, cora, pot, dina, REVIEWING)
        stored = [*session.exec(select(JurorContact)), *session.exec(select(Juror))]
        assert access.key not in str([row.model_dump() for row in stored])
    assert send_due(engine, settings, REVIEWING) == 1
    first = mails(engine)[-1]
    assert (first.recipient, key_in(first)) == ("dina@example.org", access.key)
    assert "Ваша ссылка члена жюри" in first.subject
    assert access.code not in first.body.replace(access.key, "").replace(" ", "")
    with session_on(engine) as session, session.begin():
        mail_link(session, cora, pot, dina, REVIEWING)
    assert send_due(engine, settings, REVIEWING) == 1
    assert key_in(mails(engine)[-1]) == access.key
    with session_on(engine) as session, session.begin():
        assert opens(session, world, access.key, access.code, secret)
        mail_link(session, cora, pot, dina, REVIEWING)
        revoke_access(session, cora, pot, dina, REVIEWING)
        assert session.exec(select(Juror.session_hash).where(Juror.code == dina)).one() is None
        assert not opens(session, world, access.key, access.code, secret)
    # What was queued before says nothing any more, nor does anything to who was taken off.
    send_due(engine, settings, REVIEWING)
    assert len(mails(engine)) == known + 2
    with session_on(engine) as session, session.begin():
        again = issue_access(session, cora, pot, dina, secret=secret, now=REVIEWING)
        other = ContactInput(name="Dina", email="d@example.org", language="ru")
        change_contact(session, cora, pot, dina, other, REVIEWING)
        assert not opens(session, world, again.key, again.code, secret)
        last = issue_access(session, cora, pot, dina, secret=secret, now=REVIEWING, mail=True)
        remove_juror(session, cora, pot, dina, "Another one comes instead.", REVIEWING)
        assert not opens(session, world, last.key, last.code, secret)
    send_due(engine, settings, REVIEWING)
    assert len(mails(engine)) == known + 2


def test_the_jury_hears_on_the_morning_and_the_audience_the_day_before_once(
    engine: Engine, world: World, settings: Settings
) -> None:
    secret, cora, pot = settings.secret_key.get_secret_value(), world.coordinator(), world.round.code
    with session_on(engine) as session, session.begin():
        evening(session, world, 2, 0)
        add_juror(session, cora, pot, GIVEN, REVIEWING)
        issue_to_all(session, cora, pot, secret=secret, now=REVIEWING)
        registered(session, world, 5)
        rows = session.exec(select(Attendee).order_by(col(Attendee.id))).all()
        keys = [attendee_key(secret, row.code, row.nonce) for row in rows]
        for minute, key in enumerate(keys):
            confirm(session, secret, key, REVIEWING + timedelta(minutes=minute))
        cancel(session, secret, keys[0], REVIEWING + timedelta(hours=1))
    send_due(engine, settings, REVIEWING + timedelta(hours=1))
    known = len(mails(engine))
    assert plan(engine, at(1.01)) == 0
    # Three have a place, the one who moved up among them; one still waits, and one has left.
    assert (plan(engine, at(0.99)), plan(engine, at(0.98))) == (3, 0)
    send_due(engine, settings, at(0.98))
    told = mails(engine)[known:]
    assert {each.recipient for each in told} == {f"g{number}@example.org" for number in (1, 2, 3)}
    body = told[0].body
    assert all(words in body for words in ("Great hall", "/place?key="))
    with session_on(engine, reading=True) as session:
        files = session.exec(select(DevelopmentAttachment)).all()
        assert {(each.name, each.media_type) for each in files} == {("evening.ics", "text/calendar")}
        entry = bytes(files[0].content).decode()
        assert f"DTSTART:{EVENING:%Y%m%dT%H%M%SZ}" in entry
        assert "LOCATION;LANGUAGE=en:Great hall" in entry
    morning = morning_of(EVENING, "Asia/Almaty")
    assert plan(engine, morning - timedelta(minutes=1)) == 0
    assert (plan(engine, morning), plan(engine, morning)) == (1, 0)
    send_due(engine, settings, morning)
    assert "Сегодня вы в жюри" in mails(engine)[-1].subject
    with session_on(engine) as session, session.begin():
        event = session.exec(select(Event)).one()
        event.starts_at = EVENING + timedelta(minutes=30)
        session.add(event)
    # Moved: once more, for the new hour.
    assert plan(engine, morning) == 4

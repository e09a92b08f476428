"""Reminders: to those with an unfinished draft, once each, by what is true when they leave."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, col, select

from app.accounts.mailbox import KeptMail, newest_mail
from app.accounts.messages import own_message, own_messages
from app.applications import actions
from app.applications.actions import LaterInput
from app.applications.actions.reminding import queue_mails, waiting_mails
from app.applications.actions.stopping import own_reminders, set_reminders, stop_key
from app.calls.inputs import ExtensionInput
from app.calls.texts import LongTexts
from app.database import session_on
from app.errors import NotFound
from app.jobs.worker import plan, send_due
from app.models.outbox import Mail, MailState
from app.models.people import Person
from app.settings import Settings
from tests.applications.steps import begin, send, write
from tests.applications.typed import GRANT
from tests.bench.pages.queries import statements
from tests.world import CLOSES, NOW, OPENS, World, key

DAY = timedelta(days=1)
TICK = timedelta(microseconds=1)
BEFORE = {"14d": 14 * DAY, "7d": 7 * DAY, "2d": 2 * DAY, "6h": timedelta(hours=6)}
EARLY = CLOSES - 16 * DAY


@contextmanager
def unit(engine: Engine) -> Iterator[Session]:
    with session_on(engine) as session, session.begin():
        yield session


@pytest.fixture
def draft(engine: Engine, world: World) -> str:
    """Ada began early and answered one section."""
    with unit(engine) as session:
        ref = begin(session, world.applicant(), now=EARLY)
        write(session, world.applicant(), ref, {"brief": GRANT["brief"]}, EARLY)
    return ref


def planned(engine: Engine, now: datetime) -> list[str]:
    """Which reminders are queued at this instant, by their distance; what is saved is told apart."""
    plan(engine, now)
    with session_on(engine, reading=True) as session, session.begin():
        rows = session.exec(select(Mail.dedupe_key).where(Mail.queued_at == now).order_by(col(Mail.id)))
        keys = [row for row in rows if row.startswith("reminder-")]
    return [found[0] for each in keys if (found := re.search(r"(14d|7d|2d|6h)", each))]


def left(engine: Engine, settings: Settings, now: datetime) -> list[KeptMail]:
    """What leaves by this instant, the newest first."""
    send_due(engine, settings, now)
    with session_on(engine, reading=True) as session, session.begin():
        return newest_mail(session)


def test_each_reminder_is_queued_once_at_its_distance(engine: Engine, draft: str) -> None:
    assert planned(engine, EARLY + DAY) == []
    for code, before in BEFORE.items():
        assert planned(engine, CLOSES - before - TICK) == []
        assert planned(engine, CLOSES - before) == [code]
        # Again by this worker, by another one, after a restart.
        assert planned(engine, CLOSES - before + timedelta(minutes=1)) == []
    assert planned(engine, CLOSES - TICK) == []
    assert planned(engine, CLOSES) == []
    with session_on(engine, reading=True) as session, session.begin():
        assert len(session.exec(select(Mail).where(Mail.template == "draft_saved")).all()) == 1


def test_two_workers_that_plan_at_once_queue_once(engine: Engine, draft: str) -> None:
    now = CLOSES - 2 * DAY
    with session_on(engine, reading=True) as session, session.begin():
        found = waiting_mails(session, now)
    assert len(found) == 2
    for _ in range(2):
        with unit(engine) as session:
            queue_mails(session, found, now)
    with session_on(engine, reading=True) as session, session.begin():
        assert len(session.exec(select(Mail)).all()) == 2


def test_only_unfinished_drafts_with_an_answer_that_were_there_are_reminded(
    engine: Engine, world: World, draft: str
) -> None:
    with unit(engine) as session:
        begin(session, world.applicant("ben"), now=EARLY)  # nothing answered
        sent = begin(session, world.applicant("zoe"), now=EARLY)
        write(session, world.applicant("zoe"), sent, now=EARLY)
        send(session, world.applicant("zoe"), sent, now=EARLY)
        late = begin(session, world.applicant("ben"), now=CLOSES - 7 * DAY + TICK)
        write(session, world.applicant("ben"), late, {"brief": GRANT["brief"]}, CLOSES - 7 * DAY + TICK)
    at = CLOSES - 7 * DAY + timedelta(hours=1)
    assert planned(engine, at) == ["7d"]
    with session_on(engine, reading=True) as session, session.begin():
        saved = session.exec(select(Mail.params).where(Mail.template == "draft_saved")).all()
    assert sorted(each["ref"] for each in saved) == sorted([draft, late])


def test_reminder_lists_what_is_missing_and_leads_there(
    engine: Engine, settings: Settings, draft: str
) -> None:
    now = CLOSES - 2 * DAY
    plan(engine, now)
    mail, saved = left(engine, settings, now)
    assert mail.recipient == saved.recipient == "ada.canary@example.org"
    assert mail.subject == f"Sections left: 5, {draft} - Wednesday, 18 March 2026, 18:00 (Almaty time, UTC+5)"
    assert "- Need: for whom and why: Not started. Answers missing: 4\n" in mail.body
    assert f"http://testserver/en/apply/{draft}/need\n" in mail.body
    assert f"/apply/{draft}/brief" not in mail.body
    assert re.search(rf"http://testserver/en/reminders\?ref={draft}&key=[0-9a-f]{{64}}\n", mail.body)
    assert "Questions? We help: +7 700 000 00 00" in mail.body
    assert saved.subject == f"Your draft is saved: {draft} - Grants of the city"
    assert f"http://testserver/en/apply/{draft}\n" in saved.body


def test_reminder_goes_by_what_is_true_when_it_leaves(
    engine: Engine, settings: Settings, world: World, draft: str
) -> None:
    """Sent, moved, stopped or deleted between planning and leaving: there is nothing to send."""
    ada, now = world.applicant(), CLOSES - 2 * DAY
    plan(engine, EARLY + DAY)
    left(engine, settings, EARLY + DAY)
    plan(engine, now)
    with unit(engine) as session:
        given = LaterInput(until=CLOSES + DAY, reason="Ill.")
        actions.give_extension(session, world.coordinator(), draft, given, version=0, now=now)
    told = left(engine, settings, now)
    assert [each.subject.split(":")[0] for each in told] == ["You have more time", "Your draft is saved"]
    assert "Reason: Ill." in told[0].body

    # Its own deadline counts now: two days before that.
    assert planned(engine, now + TICK) == []
    assert planned(engine, now + DAY) == ["2d"]
    secret = settings.secret_key.get_secret_value()
    with unit(engine) as session:
        key_ = stop_key(secret, draft, ada.person_id)
        set_reminders(session, secret, draft, key_, everywhere=False, stopped=True, now=now)
    assert len(left(engine, settings, now + DAY)) == 2
    assert planned(engine, CLOSES + DAY - timedelta(hours=6)) == []
    with unit(engine) as session:
        set_reminders(session, secret, draft, key_, everywhere=False, stopped=False, now=now)
    assert planned(engine, CLOSES + DAY - timedelta(hours=5)) == ["6h"]
    with unit(engine) as session:
        actions.delete_draft(session, ada, draft, CLOSES)
    assert len(left(engine, settings, CLOSES + DAY)) == 2
    with session_on(engine, reading=True) as session, session.begin():
        states = session.exec(select(Mail.state).where(Mail.template == "draft_reminder")).all()
    assert states == [MailState.CANCELLED] * 3


def test_reminder_of_a_complete_draft_says_that_only_sending_is_left(
    engine: Engine, settings: Settings, world: World, draft: str
) -> None:
    rest = {code: typed for code, typed in GRANT.items() if code != "brief"}
    with unit(engine) as session:
        write(session, world.applicant(), draft, rest, EARLY)
    plan(engine, CLOSES - 2 * DAY)
    mail = left(engine, settings, CLOSES - 2 * DAY)[0]
    assert mail.subject.startswith(f"Not sent yet, {draft}")
    lines = "Nothing is missing: look at it once more and send it.\n"
    assert f"{lines}http://testserver/en/apply/{draft}/check" in mail.body


def test_key_of_a_stop_link_is_one_persons_and_opens_nothing_else(
    engine: Engine, world: World, draft: str
) -> None:
    ada, ben = world.applicant(), world.applicant("ben")
    with unit(engine) as session:
        other = begin(session, ben, now=EARLY)
        good = stop_key("s", draft, ada.person_id)
        assert not own_reminders(session, "s", draft, good).stopped
        for ref, wrong in (
            (draft, stop_key("s", draft, ben.person_id)), (other, good), ("none", good), (draft, ""),
            (draft, "ә"), (draft, stop_key("another", draft, ada.person_id)),
        ):  # fmt: skip
            with pytest.raises(NotFound):
                own_reminders(session, "s", ref, wrong)
        set_reminders(session, "s", draft, good, everywhere=True, stopped=True, now=NOW)
        assert own_reminders(session, "s", draft, good).all_stopped
    assert planned(engine, CLOSES - 2 * DAY) == []


@pytest.mark.parametrize("drafts", [1, 30])
def test_planning_asks_as_often_for_thirty_drafts_as_for_one(
    engine: Engine, world: World, drafts: int
) -> None:
    with unit(engine) as session:
        for number in range(drafts):
            person = Person(email=f"{number}@example.org", name="", language="kk", created_at=OPENS)
            session.add(person)
            session.flush()
            who = world.applicant().__class__(key(person))
            ref = begin(session, who, now=EARLY)
            write(session, who, ref, {"brief": GRANT["brief"]}, EARLY)
    with statements(engine) as asked:
        assert plan(engine, CLOSES - 2 * DAY) == 2 * drafts
    assert len(asked) == 6
    with statements(engine) as asked:
        assert plan(engine, CLOSES - 2 * DAY + TICK) == 0
    assert len(asked) == 5


def test_call_extended_tells_each_draft_holder_in_their_language(
    engine: Engine, settings: Settings, world: World, draft: str
) -> None:
    with unit(engine) as session:
        person = session.get(Person, world.applicant().person_id)
        assert person
        person.language = "kk"
        session.add(person)
        reason = LongTexts(kk="Жарық болмады.", ru="Не было света.", en="No light.")
        given = ExtensionInput(closes_at=CLOSES + DAY, reason=reason)
        actions.extend_for_all(session, world.coordinator(), 1, given, NOW)
    (mail,) = left(engine, settings, NOW)
    assert "Жарық болмады." in mail.body
    assert f"http://testserver/kk/apply/{draft}" in mail.body
    assert "Алматы уақыты" in mail.subject


def test_every_mail_to_an_account_is_kept_for_its_reader_alone(
    engine: Engine, settings: Settings, world: World, draft: str
) -> None:
    plan(engine, EARLY + DAY)
    (mail,) = left(engine, settings, EARLY + DAY)
    with session_on(engine, reading=True) as session, session.begin():
        (line,), total = own_messages(session, world.signed_in("ada"), limit=10, offset=0)
        assert (line.subject, line.sent_at, total) == (mail.subject, EARLY + DAY, 1)
        assert own_message(session, world.signed_in("ada"), line.code).body == mail.body
        assert own_messages(session, world.signed_in("ben"), limit=10, offset=0) == ([], 0)
        with pytest.raises(NotFound):
            own_message(session, world.signed_in("ben"), line.code)
    with unit(engine) as session:
        actions.delete_draft(session, world.applicant(), draft, NOW)
        assert own_messages(session, world.signed_in("ada"), limit=10, offset=0) == ([], 0)

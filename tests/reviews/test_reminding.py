"""Digests: on Mondays, before a due date and by hand; one a person over all calls, never twice."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, col, select

from app.accounts.digests import digest_key, own_digests, set_digests
from app.accounts.mailbox import newest_mail
from app.database import session_on
from app.errors import Invalid, NotFound
from app.jobs.worker import plan, send_due
from app.models.applications import Application
from app.models.calls import Call
from app.models.outbox import Mail, MailState
from app.models.redaction import ClearedPacket
from app.models.reviews import ReviewState, Tie
from app.reviews.refusals import ReviewingNotOpen
from app.reviews.reminding import RemindInput, remind_reviewers
from app.settings import Settings
from tests.factories import (
    REVIEWING,
    make_assignment,
    make_review,
    make_sent_application,
    open_reviewing_rows,
)
from tests.world import ALMATY, World, key

DAY, TICK = timedelta(days=1), timedelta(seconds=1)
MONDAY = datetime(2026, 3, 30, 9, 0, tzinfo=ALMATY)
DUE = datetime(2026, 4, 7, 18, 0, tzinfo=ALMATY)


@pytest.fixture
def reviewing(engine: Engine, world: World) -> list[Application]:
    """Rita has sent one of three and begun another; Rolf has not begun; Anna has a tie, Karl has nothing."""
    with session_on(engine) as session, session.begin():
        applications = [make_sent_application(session, world, title=f"Canaryplan {n}") for n in range(3)]
        open_reviewing_rows(session, world)
        first, second, _third = (make_assignment(session, world, each, "rita") for each in applications)
        make_review(session, world, first, {"need": 5})
        make_review(session, world, second, {"need": 2}, state=ReviewState.DRAFT)
        make_assignment(session, world, applications[0], "rolf")
        make_assignment(session, world, applications[0], "anna", tie=Tie.TIE)
        session.get_one(Call, key(world.call)).reviews_due_at = DUE
    return applications


def queued(engine: Engine, now: datetime) -> list[int | None]:
    """To whom digests are queued at this instant."""
    plan(engine, now)
    with session_on(engine, reading=True) as session, session.begin():
        rows = session.exec(
            select(Mail.person_id).where(Mail.template == "review_digest", Mail.queued_at == now)
        )
        return sorted(rows.all(), key=lambda each: each or 0)


def test_on_mondays_and_before_the_due_date_each_gets_one(
    engine: Engine, world: World, reviewing: list[Application]
) -> None:
    both = [key(world.people["rita"]), key(world.people["rolf"])]
    assert queued(engine, MONDAY - TICK) == []
    assert queued(engine, MONDAY) == both
    assert queued(engine, MONDAY + timedelta(minutes=1)) == []
    assert queued(engine, DUE - 3 * DAY - TICK) == []
    assert queued(engine, DUE - 3 * DAY) == both
    assert queued(engine, DUE - 3 * DAY + timedelta(minutes=1)) == []
    assert queued(engine, DUE - 2 * DAY) == []
    with session_on(engine) as session, session.begin():
        session.get_one(Call, key(world.call)).reviewing_closed_at = DUE
    assert queued(engine, MONDAY + 7 * DAY) == []


def test_digest_says_how_many_wait_and_names_nothing(
    engine: Engine, world: World, settings: Settings, reviewing: list[Application]
) -> None:
    plan(engine, MONDAY)
    with session_on(engine) as session, session.begin():
        # Rolf's is not open to reviewers: nothing waits for him that he could do.
        session.delete(session.get_one(ClearedPacket, key(reviewing[0])))
    send_due(engine, settings, MONDAY)
    with session_on(engine, reading=True) as session, session.begin():
        (mail,) = newest_mail(session)
        states = session.exec(select(Mail.state).where(Mail.template == "review_digest"))
        assert sorted(states.all()) == [MailState.CANCELLED, MailState.SENT]
    assert mail.recipient == world.people["rita"].email
    assert mail.subject == "Reviews that wait for you: 2"
    assert "Thank you for what you have scored so far." in mail.body
    assert "Grants of the city" in mail.body
    assert "Begun, not sent: 1" in mail.body
    assert "Canaryplan" not in mail.body
    assert all(each.code not in mail.body and each.ref not in mail.body for each in reviewing)


def test_weekly_mail_is_stopped_by_its_link_and_the_last_one_still_comes(
    engine: Engine, world: World, settings: Settings, reviewing: list[Application]
) -> None:
    secret = settings.secret_key.get_secret_value()
    code = world.members["rita"].code
    with session_on(engine) as session, session.begin():
        with pytest.raises(NotFound):
            own_digests(session, secret, code, digest_key(secret, world.members["rolf"].code))
        set_digests(session, secret, code, digest_key(secret, code), stopped=True, now=REVIEWING)
        assert own_digests(session, secret, code, digest_key(secret, code))
    rita, rolf = key(world.people["rita"]), key(world.people["rolf"])
    assert queued(engine, MONDAY) == [rolf]
    assert queued(engine, DUE - 3 * DAY) == [rita, rolf]


def test_a_coordinator_reminds_once_a_day_whom_it_concerns(
    session: Session, world: World, reviewing: list[Application]
) -> None:
    cora, members = world.coordinator(), world.members

    def remind(now: datetime, **given: str) -> int:
        return remind_reviewers(session, cora, RemindInput.model_validate(given), now)

    assert remind(REVIEWING, to="idle") == 1
    assert remind(REVIEWING, to="begun") == 1
    assert remind(REVIEWING) == 0
    assert remind(REVIEWING + DAY, reviewer=members["rolf"].code) == 1
    assert remind(REVIEWING + DAY) == 1
    for nobody in (members["anna"].code, members["karl"].code, "nobody"):
        with pytest.raises(Invalid):
            remind(REVIEWING + DAY, reviewer=nobody)
    told = session.exec(
        select(Mail.person_id).where(Mail.template == "review_digest").order_by(col(Mail.id))
    ).all()
    rita, rolf = key(world.people["rita"]), key(world.people["rolf"])
    assert told == [rolf, rita, rolf, rita]
    session.get_one(Call, key(world.call)).reviewing_closed_at = REVIEWING + DAY
    session.flush()
    with pytest.raises(ReviewingNotOpen):
        remind(REVIEWING + DAY)

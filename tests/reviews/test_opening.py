"""Opening reviewing: when, which applications, and who hears of it."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import update
from sqlmodel import Session, col, select

from app.applications.refusals import ExtensionsRun
from app.models.applications import Application, History, Status
from app.models.audit import AuditEntry
from app.models.outbox import Mail
from app.reviews.opening import open_reviewing
from app.reviews.refusals import ReviewingNotReady
from app.wall import BehindWall, Wall, put_up, taken_down
from tests.factories import REVIEWING, make_assignment, make_sent_application
from tests.world import CLOSES, NOW, World, key


def test_open_reviewing_moves_every_application_that_counts(session: Session, world: World) -> None:
    sent = make_sent_application(session, world)
    taken_back = make_sent_application(session, world, "ben", "Second", status=Status.DRAFT)
    withdrawn = make_sent_application(session, world, "zoe", "Third", status=Status.WITHDRAWN)
    draft = make_sent_application(session, world, "max", "Fourth", status=Status.DRAFT)
    draft.counts_number = None
    session.flush()

    assert open_reviewing(session, world.coordinator(), REVIEWING) == 2

    session.expire_all()
    assert [
        session.get_one(Application, each.id).status for each in (sent, taken_back, withdrawn, draft)
    ] == [
        Status.IN_REVIEW,
        Status.IN_REVIEW,
        Status.WITHDRAWN,
        Status.DRAFT,
    ]
    history = select(History).where(History.move == "start_review")
    rows = session.exec(history.order_by(col(History.application_id)))
    assert [(row.application_id, row.at, row.by) for row in rows] == [
        (sent.id, REVIEWING, world.people["cora"].id),
        (taken_back.id, REVIEWING, world.people["cora"].id),
    ]
    session.refresh(world_call := session.merge(world.call))
    assert world_call.reviewing_opened_at == REVIEWING
    assert [entry.action for entry in session.exec(select(AuditEntry))] == ["reviewing.open"]


def test_open_reviewing_tells_each_reviewer_once(session: Session, world: World) -> None:
    applications = [make_sent_application(session, world, title=title) for title in ("First", "Second")]
    for application in applications:
        make_assignment(session, world, application, "rita", tie=None)
    make_assignment(session, world, applications[0], "rolf", tie=None).withdrawn_at = REVIEWING
    session.flush()

    open_reviewing(session, world.coordinator(), REVIEWING)

    mails = [(mail.template, mail.person_id, mail.params) for mail in session.exec(select(Mail))]
    assert [mail for mail in mails if mail[0] == "assignments_ready"] == [
        ("assignments_ready", world.people["rita"].id, {"call": "2026"})
    ]
    told = sorted(mail[2]["ref"] for mail in mails if mail[0] == "application_in_review")
    assert told == sorted(application.ref for application in applications)


@pytest.mark.parametrize(
    "now", [NOW, CLOSES - timedelta(seconds=1), CLOSES + timedelta(minutes=14)], ids=["open", "last", "grace"]
)
def test_open_reviewing_before_the_call_has_closed_is_refused(
    session: Session, world: World, now: object
) -> None:
    application = make_sent_application(session, world)
    with pytest.raises(ReviewingNotReady):
        open_reviewing(session, world.coordinator(), now)  # type: ignore[arg-type]
    assert application.status is Status.SENT


def test_open_reviewing_twice_is_refused(session: Session, world: World) -> None:
    make_sent_application(session, world)
    open_reviewing(session, world.coordinator(), REVIEWING)
    with pytest.raises(ReviewingNotReady):
        open_reviewing(session, world.coordinator(), REVIEWING)


def test_what_keeps_it_shut_behind_the_wall_is_not_counted(session: Session, world: World) -> None:
    """A coordinator with a tie is refused, and learns only that; what opens is counted without it."""
    seen, hidden = (make_sent_application(session, world, title=title) for title in ("First", "Second"))
    session.flush()
    put_up(session, Wall(frozenset({key(hidden)}), frozenset({hidden.ref, hidden.code})))

    def extended(until: datetime | None, *applications: Application) -> None:
        with taken_down(session):
            keys = [each.id for each in applications]
            session.execute(
                update(Application).where(col(Application.id).in_(keys)).values(extended_to=until)
            )

    extended(REVIEWING + timedelta(days=1), seen, hidden)
    with pytest.raises(ExtensionsRun) as refused:
        open_reviewing(session, world.coordinator(), REVIEWING)
    assert refused.value.params == {"count": 1}
    extended(None, seen)
    with pytest.raises(BehindWall):
        open_reviewing(session, world.coordinator(), REVIEWING)
    extended(None, hidden)
    assert open_reviewing(session, world.coordinator(), REVIEWING) == 1

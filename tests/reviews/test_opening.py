"""Opening reviewing: when, which applications, and who hears of it."""

from datetime import timedelta

import pytest
from sqlmodel import Session, col, select

from app.models.applications import Application, History, Status
from app.models.audit import AuditEntry
from app.models.outbox import Mail
from app.reviews.opening import open_reviewing
from app.reviews.refusals import ReviewingNotReady
from tests.factories import REVIEWING, make_assignment, make_sent_application
from tests.world import CLOSES, NOW, World


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

"""A review that was sent comes back to be completed, and counts meanwhile."""

import pytest
from sqlmodel import Session, select

from app.errors import Invalid
from app.models.outbox import Mail
from app.models.reviews import Review, ReviewState
from app.reviews.actions import send_review
from app.reviews.queries import Progress, in_hand, own_queue
from app.reviews.refusals import ReviewingNotOpen
from app.reviews.returning import ReturnInput, return_review, returned_reviews
from tests.factories import (
    REVIEWING,
    make_assignment,
    make_review,
    make_sent_application,
    open_reviewing_rows,
)
from tests.world import NOW, World

NOTE = "Say where the number of trees comes from."


def test_a_returned_review_counts_shows_the_note_and_is_answered_by_sending(
    session: Session, world: World
) -> None:
    application = make_sent_application(session, world)
    cora, rita = world.coordinator(), world.reviewer("rita")
    given = ReturnInput(application=application.code, reviewer=world.members["rita"].code, note=NOTE)
    with pytest.raises(ReviewingNotOpen):
        return_review(session, cora, given, NOW)
    open_reviewing_rows(session, world)
    with pytest.raises(Invalid) as unknown:
        return_review(session, cora, given, REVIEWING)
    review = make_review(
        session, world, make_assignment(session, world, application), state=ReviewState.DRAFT
    )
    with pytest.raises(Invalid) as unsent:
        return_review(session, cora, given, REVIEWING)
    assert [each.value.fields["application"][0] for each in (unknown, unsent)] == [
        "return.unknown",
        "return.not_sent",
    ]
    review.state, review.sent_at = ReviewState.SENT, REVIEWING
    session.add(review)
    session.flush()

    return_review(session, cora, given, REVIEWING)

    session.expire_all()
    assert session.exec(select(Review)).one().state is ReviewState.SENT
    queue = own_queue(session, rita, REVIEWING)
    assert [line.progress for line in queue.lines] == [Progress.RETURNED]
    assert (queue.next_code, queue.done) == (application.code, 1)
    hand = in_hand(session, rita, application.code, REVIEWING)
    assert (hand.own.returned, hand.done, hand.waiting, queue.pace.waiting) == (NOTE, 1, 1, 1)
    assert [(each.reviewer, each.note) for each in returned_reviews(session, cora)] == [
        (world.members["rita"].code, NOTE)
    ]
    mail = session.exec(select(Mail).where(Mail.template == "review_returned")).one()
    assert (mail.person_id, mail.params) == (world.people["rita"].id, {"call": "2026"})
    send_review(session, rita, application.code, 1, REVIEWING)
    assert returned_reviews(session, cora) == []
    assert [line.progress for line in own_queue(session, rita, REVIEWING).lines] == [Progress.SENT]

"""The discussion: who reads whose reasons, when, and what a change then needs."""

import pytest
from sqlmodel import Session, select

from app.errors import Invalid, NotFound
from app.models.applications import Application
from app.models.outbox import Mail
from app.models.reviews import Assignment, ReviewState, ReviewVersion, Tie
from app.reviews.actions import answer_tie, save_review, send_review
from app.reviews.discussing import open_discussion, own_discussion, own_discussions
from app.reviews.inputs import ReviewInput, TieInput
from app.reviews.queries import in_hand
from app.reviews.refusals import (
    DiscussionNotMeant,
    DiscussionNotOpen,
    DiscussionOpen,
    OwnReviewFirst,
    ReviewingNotOpen,
)
from tests.factories import (
    REVIEWING,
    Scores,
    make_assignment,
    make_review,
    make_sent_application,
    open_reviewing_rows,
)
from tests.world import NOW, World

WHY = "The survey that Reviewer B names persuades me after all."


@pytest.fixture
def application(session: Session, world: World) -> Application:
    """Rita and Rolf have sent their reviews of it, Anna has a draft, Karl has a tie."""
    world.call.discussion = True
    application = make_sent_application(session, world)
    open_reviewing_rows(session, world)
    make_review(session, world, make_assignment(session, world, application, "rita"))
    low: Scores = dict.fromkeys(world.criteria, 2)
    make_review(session, world, make_assignment(session, world, application, "rolf"), low)
    draft = make_assignment(session, world, application, "anna")
    make_review(session, world, draft, state=ReviewState.DRAFT)
    make_assignment(session, world, application, "karl")
    answer_tie(session, world.reviewer("karl"), application.code, TieInput(tie=Tie.TIE), REVIEWING)
    return application


def begin(session: Session, world: World) -> None:
    open_discussion(session, world.coordinator(), REVIEWING)
    session.expire_all()


def test_others_reasons_are_read_after_ones_own_is_sent_and_never_with_a_name(
    session: Session, world: World, application: Application
) -> None:
    with pytest.raises(DiscussionNotOpen):
        own_discussion(session, world.reviewer("rita"), application.code, REVIEWING)
    begin(session, world)

    found = own_discussion(session, world.reviewer("rita"), application.code, REVIEWING)

    assert (found.open, len(found.others), found.own.letter) == (True, 1, found.letter)
    assert {cell.score for cell in found.own.scores.values()} == {4}
    (other,) = found.others
    assert {found.letter, other.letter} == {"A", "B"}
    assert {cell.score for cell in other.scores.values()} == {2}
    assert other.scores["need"].reason == "A reason for need that is long enough to be sent."
    told = found.model_dump_json()
    secrets = [member.code for member in world.members.values()]
    secrets += list(world.organisations) + [person.name for person in world.people.values()]
    assert [secret for secret in secrets if f'"{secret}"' in told or secret in told.split()] == []
    # A draft, a tie and a stranger learn nothing of it.
    with pytest.raises(OwnReviewFirst):
        own_discussion(session, world.reviewer("anna"), application.code, REVIEWING)
    with pytest.raises(NotFound):
        own_discussion(session, world.reviewer("karl"), application.code, REVIEWING)
    with pytest.raises(NotFound):
        own_discussion(session, world.reviewer("rita"), "Апорт-1", REVIEWING)
    assert own_discussions(session, world.reviewer("anna"), REVIEWING).lines == []
    assert in_hand(session, world.reviewer("anna"), application.code, REVIEWING).own.discussed is False


def test_letters_are_the_same_for_everybody_and_the_list_says_what_differs(
    session: Session, world: World, application: Application
) -> None:
    alike = make_sent_application(session, world, title="Alike")
    alike.status = application.status
    for name in ("rita", "rolf"):
        make_review(session, world, make_assignment(session, world, alike, name))
    begin(session, world)
    seen = {
        name: own_discussion(session, world.reviewer(name), application.code, REVIEWING)
        for name in ("rita", "rolf")
    }
    assert seen["rita"].letter == seen["rolf"].others[0].letter != seen["rolf"].letter
    lines = own_discussions(session, world.reviewer("rita"), REVIEWING).lines
    assert [(line.code, line.reviews, line.differ) for line in lines] == [
        (application.code, 2, True),
        (alike.code, 2, False),
    ]


def test_a_sent_review_changes_only_with_a_reason_and_both_are_kept(
    session: Session, world: World, application: Application
) -> None:
    begin(session, world)
    rita, code = world.reviewer("rita"), application.code
    stored = in_hand(session, rita, code, REVIEWING).own.review
    need = stored.scores["need"].model_copy(update={"score": 3})
    changed = ReviewInput.model_construct(
        scores={**stored.scores, "need": need},
        convinced=stored.convinced,
        stronger=stored.stronger,
        panel_note="Look at the map again.",
        private_note="For the coordinator alone.",
        confidence=None,
        change_reason="",
    )
    with pytest.raises(Invalid) as refused:
        save_review(session, rita, code, changed, 1, REVIEWING)
    assert set(refused.value.fields) == {"change_reason"}

    explained = changed.model_copy(update={"change_reason": WHY})
    assert save_review(session, rita, code, explained, 1, REVIEWING).version == 2

    versions = session.exec(
        select(ReviewVersion)
        .join(Assignment, Assignment.id == ReviewVersion.assignment_id)  # type: ignore[arg-type]
        .where(Assignment.member_id == world.members["rita"].id)
        .order_by(ReviewVersion.version)  # type: ignore[arg-type]
    ).all()
    assert [(row.data["scores"]["need"]["score"], row.reason) for row in versions] == [(4, ""), (3, WHY)]
    (read,) = own_discussion(session, world.reviewer("rolf"), code, REVIEWING).others
    assert [(change.before, change.reason) for change in read.changes] == [({"need": 4}, WHY)]
    assert read.panel_note == "Look at the map again."
    assert "coordinator alone" not in read.model_dump_json()
    # Who has still to send needs no reason, and reads the others from then on.
    anna = world.reviewer("anna")
    assert save_review(session, anna, code, changed, 1, REVIEWING).version == 2
    send_review(session, anna, code, 2, REVIEWING)
    assert len(own_discussion(session, anna, code, REVIEWING).others) == 2


def test_open_discussion_once_while_reviewing_and_only_where_it_was_promised(
    session: Session, world: World, application: Application
) -> None:
    begin(session, world)
    mails = session.exec(select(Mail).where(Mail.template == "discussion_opened")).all()
    told = {mail.person_id for mail in mails}
    assert told == {world.people["rita"].id, world.people["rolf"].id}
    with pytest.raises(DiscussionOpen):
        open_discussion(session, world.coordinator(), REVIEWING)
    world.call.discussion_opened_at = None
    world.call.discussion = False
    session.add(world.call)
    session.flush()
    with pytest.raises(DiscussionNotMeant):
        open_discussion(session, world.coordinator(), REVIEWING)
    world.call.discussion, world.call.reviewing_opened_at = True, None
    session.add(world.call)
    session.flush()
    with pytest.raises(ReviewingNotOpen):
        open_discussion(session, world.coordinator(), NOW)

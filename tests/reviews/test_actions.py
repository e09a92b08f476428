"""A reviewer's acts: the conflict question, saving, sending, and what is refused."""

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, select

from app.database import session_on
from app.errors import Invalid, NotFound, Stale
from app.models.applications import Application, Status
from app.models.reviews import Assignment, Review, ReviewScore, ReviewState, ReviewVersion, Tie
from app.reviews.actions import answer_tie, save_review, send_review, set_aside, take_up
from app.reviews.completeness import whole
from app.reviews.earlier import earlier_versions
from app.reviews.inputs import ReviewInput, TieInput
from app.reviews.queries import in_hand, next_code, own_queue
from app.reviews.refusals import (
    AssignmentWithdrawn,
    ReviewingNotOpen,
    ReviewIsSent,
    TieDeclared,
    TieNotAnswered,
)
from tests.factories import (
    REVIEWING,
    count_of,
    make_assignment,
    make_review,
    make_sent_application,
    open_reviewing_rows,
)
from tests.world import World, key

REASON = "The numbers come from a survey that is named."
LATER = REVIEWING + timedelta(hours=1)


def given(score: int | None = 4, reason: str = REASON, change_reason: str = "", **cells: Any) -> ReviewInput:
    scores: dict[str, Any] = {
        code: {"score": score, "reason": reason} for code in ("need", "work_plan", "budget", "sustainability")
    }
    return ReviewInput.model_validate(
        {"scores": scores | cells, "convinced": "The neighbours.", "change_reason": change_reason}
    )


@pytest.fixture
def application(session: Session, world: World) -> Application:
    """An application that Rita is to score, without a tie."""
    application = make_sent_application(session, world)
    open_reviewing_rows(session, world)
    make_assignment(session, world, application, "rita")
    return application


def cells(session: Session, application: Application) -> dict[int, tuple[int | None, bool, str]]:
    rows = session.exec(
        select(ReviewScore)
        .join(Assignment, Assignment.id == ReviewScore.assignment_id)  # type: ignore[arg-type]
        .where(Assignment.application_id == application.id)
        .execution_options(populate_existing=True)
    )
    return {row.criterion_id: (row.score, row.cannot_judge, row.reason) for row in rows}


def the_review(session: Session) -> Review:
    return session.exec(select(Review).execution_options(populate_existing=True)).one()


def test_save_review_keeps_an_incomplete_draft(
    session: Session, world: World, application: Application
) -> None:
    draft = ReviewInput.model_validate({"scores": {"need": {"score": 2}}, "private_note": "Hm."})

    assert save_review(session, world.reviewer(), application.code, draft, 0, REVIEWING).version == 1

    review = the_review(session)
    assert (review.state, review.version, review.private_note) == (ReviewState.DRAFT, 1, "Hm.")
    assert (review.updated_at, review.sent_at) == (REVIEWING, None)
    assert cells(session, application) == {
        key(criterion): (2 if code == "need" else None, False, "")
        for code, criterion in world.criteria.items()
    }
    assert count_of(session, ReviewVersion) == 0


def test_save_review_replaces_the_whole(session: Session, world: World, application: Application) -> None:
    save_review(session, world.reviewer(), application.code, given(4), 0, REVIEWING)
    fewer = ReviewInput.model_validate({"scores": {"need": {"score": 3}}})

    assert save_review(session, world.reviewer(), application.code, fewer, 1, LATER).version == 2

    assert cells(session, application) == {
        key(criterion): (3 if code == "need" else None, False, "")
        for code, criterion in world.criteria.items()
    }
    assert the_review(session).convinced == ""


def test_save_review_cannot_judge_is_not_a_score(
    session: Session, world: World, application: Application
) -> None:
    save_review(
        session,
        world.reviewer(),
        application.code,
        given(budget={"cannot_judge": True, "reason": REASON}),
        0,
        REVIEWING,
    )
    assert cells(session, application)[key(world.criteria["budget"])] == (None, True, REASON)


def test_save_review_of_an_older_version_is_stale_and_shows_what_is_stored(
    session: Session, world: World, application: Application
) -> None:
    save_review(session, world.reviewer(), application.code, given(4), 0, REVIEWING)
    with pytest.raises(Stale) as refused:
        save_review(session, world.reviewer(), application.code, given(2), 0, LATER)
    assert (refused.value.current, refused.value.version) == (given(4), 1)
    assert the_review(session).version == 1


def test_save_review_of_what_is_stored_already_changes_nothing(
    session: Session, world: World, application: Application
) -> None:
    """An autosave and the button that was pressed right after it say the same."""
    save_review(session, world.reviewer(), application.code, given(4), 0, REVIEWING)
    assert save_review(session, world.reviewer(), application.code, given(4), 0, LATER).version == 1
    assert the_review(session).updated_at == REVIEWING


@pytest.mark.parametrize(
    ("scores", "field", "problem"),
    [
        ({"need": {"score": 0}}, "scores.need.score", ("review.outside_scale", {"least": 1, "most": 5})),
        ({"need": {"score": 6}}, "scores.need.score", ("review.outside_scale", {"least": 1, "most": 5})),
        ({"taste": {"score": 3}}, "scores.taste", ("review.unknown_criterion", {})),
    ],
)
def test_save_review_refuses_what_fits_no_cell(
    session: Session, world: World, application: Application, scores: Any, field: str, problem: Any
) -> None:
    with pytest.raises(Invalid) as refused:
        save_review(session, world.reviewer(), application.code, ReviewInput(scores=scores), 0, REVIEWING)
    assert refused.value.fields == {field: problem}
    assert count_of(session, Review) == 0


def test_send_review_counts_from_then_on(session: Session, world: World, application: Application) -> None:
    save_review(session, world.reviewer(), application.code, given(4), 0, REVIEWING)

    assert send_review(session, world.reviewer(), application.code, 1, LATER) == 2

    review = the_review(session)
    assert (review.state, review.version, review.sent_at) == (ReviewState.SENT, 2, LATER)
    (version,) = session.exec(select(ReviewVersion)).all()
    assert (version.version, version.at) == (2, LATER)
    assert version.data == given(4).model_dump(mode="json", exclude={"change_reason"})
    assert send_review(session, world.reviewer(), application.code, 1, LATER) == 2, "twice is once"


def test_send_review_with_gaps_names_each_and_keeps_all(
    session: Session, world: World, application: Application
) -> None:
    draft = ReviewInput.model_validate(
        {
            "scores": {
                "need": {"score": 2, "reason": "Too short to help."},
                "work_plan": {"score": 3},
                "budget": {"cannot_judge": True},
            }
        }
    )
    save_review(session, world.reviewer(), application.code, draft, 0, REVIEWING)
    with pytest.raises(Invalid) as refused:
        send_review(session, world.reviewer(), application.code, 1, REVIEWING)
    assert refused.value.fields == {
        "scores.need.reason": ("review.reason_of_score", {"criterion": "need", "least": 30, "score": 2}),
        "scores.budget.reason": (
            "review.reason_of_cannot_judge",
            {"criterion": "budget", "least": 30, "score": None},
        ),
        "scores.sustainability.score": ("review.score_missing", {"criterion": "sustainability"}),
    }
    assert list(refused.value.fields) == [
        "scores.need.reason",
        "scores.budget.reason",
        "scores.sustainability.score",
    ]
    assert the_review(session).state is ReviewState.DRAFT
    assert cells(session, application)[key(world.criteria["need"])] == (2, False, "Too short to help.")


@pytest.mark.parametrize(
    ("score", "reason", "complete"),
    [
        (1, 29, False),
        (1, 30, True),
        (2, 29, False),
        (3, 0, True),
        (4, 0, True),
        (5, 29, False),
        (5, 30, True),
    ],
)
def test_send_review_wants_a_reason_at_the_ends_of_the_scale(
    session: Session, world: World, application: Application, score: int, reason: int, complete: bool
) -> None:
    review = given(4, need={"score": score, "reason": "x" * reason})
    save_review(session, world.reviewer(), application.code, review, 0, REVIEWING)
    if complete:
        assert send_review(session, world.reviewer(), application.code, 1, REVIEWING) == 2
    else:
        with pytest.raises(Invalid):
            send_review(session, world.reviewer(), application.code, 1, REVIEWING)


def test_a_sent_review_may_change_and_keeps_every_version(
    session: Session, world: World, application: Application
) -> None:
    save_review(session, world.reviewer(), application.code, given(4), 0, REVIEWING)
    send_review(session, world.reviewer(), application.code, 1, REVIEWING)

    for unexplained in (given(3), given(3, change_reason="  Hm.  ")):
        with pytest.raises(Invalid) as refused:
            save_review(session, world.reviewer(), application.code, unexplained, 2, LATER)
        assert refused.value.fields == {"change_reason": ("review.change_unexplained", {"least": 10})}
    changed = given(3, change_reason="The prices are the city's own.")
    assert save_review(session, world.reviewer(), application.code, changed, 2, LATER).version == 3
    # The same once more is no change, so that it needs no reason either.
    assert save_review(session, world.reviewer(), application.code, given(3), 3, LATER).version == 3

    versions = session.exec(select(ReviewVersion).order_by(ReviewVersion.version)).all()  # type: ignore[arg-type]
    said = [(row.version, row.data["scores"]["need"]["score"], row.at, row.reason) for row in versions]
    assert said == [(2, 4, REVIEWING, ""), (3, 3, LATER, "The prices are the city's own.")]
    assert "change_reason" not in versions[1].data
    assert the_review(session).state is ReviewState.SENT
    hand = in_hand(session, world.reviewer(), application.code, LATER)
    kept = [(each.at, each.review, each.changed_at, each.reason) for each in hand.earlier]
    assert kept == [(REVIEWING, whole(hand.rubric, given(4)), LATER, "The prices are the city's own.")]
    row = the_review(session)
    its = SimpleNamespace(key=row.assignment_id, sent_at=row.sent_at, updated_at=row.updated_at)
    assert earlier_versions(session, its, world.reviewer("rolf").member_id, hand.rubric) == []
    with pytest.raises(Invalid):
        save_review(session, world.reviewer(), application.code, ReviewInput(), 3, LATER)
    assert the_review(session).version == 3


def test_set_aside_comes_after_all_others_and_changes_nothing_of_the_review(
    session: Session, world: World, application: Application
) -> None:
    others = [
        make_sent_application(session, world, title=f"More {n}", status=Status.IN_REVIEW) for n in (1, 2)
    ]
    for other in others:
        make_assignment(session, world, other, "rita")
    rita, lines = world.reviewer(), own_queue(session, world.reviewer(), LATER).lines
    first, second, third = (line.code for line in lines)
    save_review(session, rita, first, ReviewInput(convinced="So far."), 0, REVIEWING)

    set_aside(session, rita, first, LATER)

    queue = own_queue(session, rita, LATER)
    assert [(line.code, line.set_aside) for line in queue.lines] == [
        (first, True),
        (second, False),
        (third, False),
    ]
    assert (queue.next_code, queue.done, queue.total) == (second, 0, 3)
    assert [next_code(session, rita, each) for each in (second, third)] == [third, first]
    assert (the_review(session).version, the_review(session).convinced) == (1, "So far.")

    take_up(session, rita, first, LATER)
    assert own_queue(session, rita, LATER).next_code == first
    set_aside(session, rita, first, LATER)
    save_review(session, rita, first, given(4), 1, LATER)
    send_review(session, rita, first, 2, LATER)
    assert not any(line.set_aside for line in own_queue(session, rita, LATER).lines)
    with pytest.raises(ReviewIsSent):
        set_aside(session, rita, first, LATER)
    with pytest.raises(NotFound):
        set_aside(session, world.reviewer("rolf"), first, LATER)


def test_scores_wait_for_the_conflict_question(session: Session, world: World) -> None:
    application = make_sent_application(session, world)
    open_reviewing_rows(session, world)
    make_assignment(session, world, application, "rita", tie=None)
    with pytest.raises(TieNotAnswered):
        save_review(session, world.reviewer(), application.code, given(), 0, REVIEWING)

    answer_tie(session, world.reviewer(), application.code, TieInput(tie=Tie.MAY_RECOGNISE), REVIEWING)

    assert save_review(session, world.reviewer(), application.code, given(), 0, REVIEWING).version == 1


def test_answer_tie_later_voids_the_scores_and_keeps_them_in_the_versions(
    session: Session, world: World, application: Application
) -> None:
    save_review(session, world.reviewer(), application.code, given(5), 0, REVIEWING)

    answer_tie(session, world.reviewer(), application.code, TieInput(tie=Tie.TIE, note="My cousin"), LATER)

    assignment = session.exec(select(Assignment).execution_options(populate_existing=True)).one()
    assert (assignment.tie, assignment.tie_note, assignment.tie_at) == (Tie.TIE, "My cousin", LATER)
    assert cells(session, application) == {}
    assert the_review(session).state is ReviewState.DRAFT
    (version,) = session.exec(select(ReviewVersion)).all()
    assert (version.version, version.data["scores"]["need"]["score"]) == (1, 5)
    with pytest.raises(TieDeclared):
        save_review(session, world.reviewer(), application.code, given(), 2, LATER)
    with pytest.raises(TieDeclared):
        answer_tie(session, world.reviewer(), application.code, TieInput(tie=Tie.NONE), LATER)


def test_answer_tie_after_sending_takes_the_review_out_of_the_count(
    session: Session, world: World, application: Application
) -> None:
    save_review(session, world.reviewer(), application.code, given(4), 0, REVIEWING)
    send_review(session, world.reviewer(), application.code, 1, REVIEWING)

    answer_tie(session, world.reviewer(), application.code, TieInput(tie=Tie.TIE), LATER)

    review = the_review(session)
    assert (review.state, review.sent_at, review.version) == (ReviewState.DRAFT, None, 3)
    assert count_of(session, ReviewVersion) == 1
    assert cells(session, application) == {}


def test_another_reviewers_application_does_not_exist(
    session: Session, world: World, application: Application
) -> None:
    for code in (application.code, "Апорт-100000"):
        with pytest.raises(NotFound):
            save_review(session, world.reviewer("rolf"), code, given(), 0, REVIEWING)
        with pytest.raises(NotFound):
            answer_tie(session, world.reviewer("rolf"), code, TieInput(tie=Tie.NONE), REVIEWING)


@pytest.mark.parametrize("acts", ["before", "after"])
def test_nothing_is_saved_outside_reviewing(
    session: Session, world: World, application: Application, acts: str
) -> None:
    if acts == "before":
        world.call.reviewing_opened_at = None
    else:
        world.call.reviewing_closed_at = LATER
    session.add(world.call)
    session.flush()
    with pytest.raises(ReviewingNotOpen):
        save_review(session, world.reviewer(), application.code, given(), 0, REVIEWING)
    with pytest.raises(ReviewingNotOpen):
        answer_tie(session, world.reviewer(), application.code, TieInput(tie=Tie.NONE), REVIEWING)
    assert count_of(session, Review) == 0


def test_an_application_that_was_taken_back_keeps_its_text_and_takes_no_more(
    session: Session, world: World, application: Application
) -> None:
    save_review(session, world.reviewer(), application.code, given(4), 0, REVIEWING)
    assignment = session.exec(select(Assignment)).one()
    assignment.withdrawn_at = LATER
    session.flush()
    with pytest.raises(AssignmentWithdrawn):
        save_review(session, world.reviewer(), application.code, given(2), 1, LATER)
    assert cells(session, application)[key(world.criteria["need"])][0] == 4

    assignment.withdrawn_at = None
    application.status = Status.WITHDRAWN
    session.flush()
    with pytest.raises(AssignmentWithdrawn):
        save_review(session, world.reviewer(), application.code, given(2), 1, LATER)


def test_two_tabs_cannot_both_win(engine: Engine, world: World) -> None:
    """Both loaded version 1; each saves from it in a transaction of its own."""
    with session_on(engine) as session, session.begin():
        application = make_sent_application(session, world)
        open_reviewing_rows(session, world)
        assignment = make_assignment(session, world, application, "rita")
        make_review(session, world, assignment, state=ReviewState.DRAFT)
        code = application.code
    outcomes: list[object] = []
    for score in (2, 3):
        try:
            with session_on(engine) as session, session.begin():
                outcomes.append(save_review(session, world.reviewer(), code, given(score), 1, LATER).version)
        except Stale as stale:
            outcomes.append((stale.version, stale.current.scores["need"].score))  # type: ignore[attr-defined]
    assert outcomes == [2, (2, 2)]

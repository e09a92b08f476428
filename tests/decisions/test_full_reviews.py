"""What a coordinator reads of the reviews: all that counts, with who wrote it, once reviewing has closed."""

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, select

from app.database import session_on
from app.decisions.closing import close_reviewing, reopen_reviewing
from app.decisions.full_reviews import full_reviews
from app.decisions.holes import excuse_holes
from app.decisions.refusals import ReviewingNotClosed
from app.errors import NotFound
from app.models.applications import Application
from app.models.reviews import Assignment, Confidence, Review, ReviewState, Tie
from app.reviews.actions import answer_tie, save_review
from app.reviews.inputs import ReviewInput, TieInput
from tests.bench.pages.queries import statements
from tests.factories import (
    REVIEWING,
    make_assignment,
    make_review,
    make_sent_application,
    open_reviewing_rows,
)
from tests.world import World, key

WHY = "Karl was ill all month."


@pytest.fixture
def scored(session: Session, world: World) -> Application:
    """Rita and Anna have sent, Rolf has a draft with a note, Karl has nothing; reviewing is open."""
    application = make_sent_application(session, world, "ada", "Apples")
    open_reviewing_rows(session, world)
    for name, score in (("rita", 5), ("anna", 3)):
        given: dict[str, int | None] = dict.fromkeys(world.criteria, score)
        if name == "anna":
            given["budget"] = None
        tie = Tie.MAY_RECOGNISE if name == "anna" else Tie.NONE
        review = make_review(
            session, world, make_assignment(session, world, application, name, tie=tie), given
        )
        review.private_note = f"Between us, says {name}."
        session.add(review)
    draft = make_assignment(session, world, application, "rolf")
    kept = make_review(session, world, draft, state=ReviewState.DRAFT)
    kept.private_note = "Never sent."
    session.add(kept)
    make_assignment(session, world, application, "karl")
    session.flush()
    return application


def test_nothing_is_read_before_reviewing_closes_nor_after_it_opens_again(
    session: Session, world: World, scored: Application
) -> None:
    cora = world.coordinator()
    with pytest.raises(ReviewingNotClosed):
        full_reviews(session, cora, scored.code)
    close_reviewing(session, cora, REVIEWING)
    session.flush()
    assert full_reviews(session, cora, scored.code).reviews
    reopen_reviewing(session, cora, "Karl's reviews were late.", REVIEWING)
    session.flush()
    with pytest.raises(ReviewingNotClosed):
        full_reviews(session, cora, scored.code)


def test_reviews_that_count_are_told_whole_and_the_rest_are_holes(
    session: Session, world: World, scored: Application
) -> None:
    cora = world.coordinator()
    close_reviewing(session, cora, REVIEWING)
    session.flush()
    excuse_holes(session, cora, {(scored.code, "KBTU"): WHY}, REVIEWING)
    session.flush()
    told = full_reviews(session, cora, scored.code)
    assert (told.ref, told.line.code, told.line.reviews, told.line.notes) == (scored.ref, scored.code, 2, 2)
    assert told.criteria == list(world.criteria)
    anna, rita = told.reviews
    assert (rita.organisation, rita.name, rita.email) == ("BC", "Rita Canaryname", "rita.canary@example.org")
    assert (rita.tie, rita.total, rita.versions, rita.sent_at) == (Tie.NONE, "100.0", 1, REVIEWING)
    assert (rita.private_note, rita.convinced) == ("Between us, says rita.", "The neighbours are behind it.")
    assert {code: cell.score for code, cell in rita.scores.items()} == dict.fromkeys(world.criteria, 5)
    assert (anna.organisation, anna.tie, anna.total) == ("ADC", Tie.MAY_RECOGNISE, "")
    assert (anna.scores["budget"].score, anna.scores["budget"].cannot_judge) == (None, True)
    assert anna.scores["budget"].reason.startswith("A reason for budget")
    assert [(each.organisation, each.reason) for each in told.holes] == [("AKIM", ""), ("KBTU", WHY)]
    everything = told.model_dump_json()
    for absent in ("Never sent", "Rolf Canaryname", "Ada Canaryname", "CANARYPHONE"):
        assert absent not in everything


def test_a_review_voided_by_a_late_tie_is_not_told(
    session: Session, world: World, scored: Application
) -> None:
    answer_tie(session, world.reviewer("rita"), scored.code, TieInput(tie=Tie.TIE), REVIEWING)
    close_reviewing(session, world.coordinator(), REVIEWING)
    session.flush()
    told = full_reviews(session, world.coordinator(), scored.code)
    assert [each.organisation for each in told.reviews] == ["ADC"]
    assert "Between us, says rita." not in told.model_dump_json()


def test_each_version_that_was_sent_is_counted(session: Session, world: World, scored: Application) -> None:
    scores = {code: {"score": 5, "reason": "Because the survey says so, twice."} for code in world.criteria}
    given = ReviewInput.model_validate(
        {
            "scores": scores,
            "panel_note": "Look at the prices.",
            "private_note": "On reflection.",
            "confidence": "high",
            "change_reason": "I had misread the survey.",
        }
    )
    save_review(session, world.reviewer("rita"), scored.code, given, 1, REVIEWING)
    close_reviewing(session, world.coordinator(), REVIEWING)
    session.flush()
    rita = full_reviews(session, world.coordinator(), scored.code).reviews[1]
    assert (rita.versions, rita.private_note) == (2, "On reflection.")
    assert (rita.panel_note, rita.confidence) == ("Look at the prices.", Confidence.HIGH)
    assert [(each.at, each.reason) for each in rita.changes] == [(REVIEWING, "I had misread the survey.")]


def test_only_what_stands_in_the_order_of_ones_own_call_is_found(
    session: Session, world: World, scored: Application
) -> None:
    late = make_sent_application(session, world, "ben", "Never ranked")
    close_reviewing(session, world.coordinator(), REVIEWING)
    session.flush()
    for code in (late.code, scored.ref, "nowhere"):
        with pytest.raises(NotFound):
            full_reviews(session, world.coordinator(), code)


def test_queries_do_not_grow_with_reviews(engine: Engine, world: World) -> None:
    counts = []
    with session_on(engine) as session, session.begin():
        few, many = (make_sent_application(session, world, "ada", title) for title in ("Few", "Many"))
        open_reviewing_rows(session, world)
        make_review(session, world, make_assignment(session, world, few, "rita"))
        for name in ("rita", "rolf", "anna", "karl"):
            make_review(session, world, make_assignment(session, world, many, name))
        close_reviewing(session, world.coordinator(), REVIEWING)
        session.flush()
        codes = (few.code, many.code)
        assert (
            len(
                session.exec(
                    select(Review).join(Assignment).where(Assignment.application_id == key(many))
                ).all()
            )
            == 4
        )
    with session_on(engine, reading=True) as session, session.begin():
        full_reviews(session, world.coordinator(), codes[0])
        for code in codes:
            with statements(engine) as asked:
                full_reviews(session, world.coordinator(), code)
            counts.append(len(asked))
    assert counts == [6, 6]

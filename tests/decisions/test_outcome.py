"""One's own result: nothing of it before it is public, and then nothing by which a reviewer is known."""

from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import Session, col, select

from app.decisions.announce import publish
from app.decisions.awards import draw_line
from app.decisions.closing import close_reviewing
from app.decisions.decide import decide
from app.decisions.feedback import OwnFeedback, own_feedback
from app.decisions.held import call_of, decision_version
from app.decisions.holes import excuse_holes
from app.decisions.outcome import own_outcome, own_result
from app.decisions.refusals import NoResult
from app.errors import NotFound
from app.events.stage import reveal_next
from app.models.applications import Application, Packet, Sending, Status
from app.models.decisions import Departure, RankingEntry
from app.models.panel import PanelMember, PanelRole
from app.models.reviews import Assignment, Review, ReviewScore, ReviewState, Tie
from app.random_codes import random_code
from tests.decisions.scored import PLACE, REVIEWERS, ranked_call, refs_of, scored_call
from tests.factories import (
    KNOWN,
    REVIEWING,
    make_assignment,
    make_review,
    make_sent_application,
    open_reviewing_rows,
)
from tests.world import World

LATER = REVIEWING + timedelta(days=40)


def freeze(session: Session, world: World) -> None:
    cora = world.coordinator()
    session.flush()
    draw_line(session, cora, world.round.code, REVIEWING)
    session.flush()
    decide(session, cora, decision_version(session, call_of(session, cora)), REVIEWING, KNOWN)
    session.flush()


def announce(session: Session, world: World) -> None:
    cora = world.coordinator()
    publish(session, cora, decision_version(session, call_of(session, cora)), LATER)
    session.flush()
    session.expire_all()


@pytest.fixture
def refs(session: Session, world: World) -> dict[str, str]:
    """Eight applications of Ada's by title, the first six awarded, the decision frozen."""
    ranked_call(session, world)
    freeze(session, world)
    return refs_of(session)


def test_before_publication_nobody_reads_any_result(
    session: Session, world: World, refs: dict[str, str]
) -> None:
    for ref in refs.values():
        with pytest.raises(NoResult):
            own_outcome(session, world.applicant().person_id, ref)
        with pytest.raises(NoResult):
            own_result(session, world.applicant(), ref)
        key = session.exec(select(Application.id).where(Application.ref == ref)).one()
        assert own_feedback(session, key or 0) == OwnFeedback(
            scores=[], total="", winners_total="", pitched=None, organisations=0, organisations_scored=0,
            tie_decided=False, drew_lots=False, band=None, convinced=[], stronger=[],
        )  # fmt: skip


def test_a_revealed_winner_knows_that_it_won_and_nothing_more(
    session: Session, world: World, refs: dict[str, str]
) -> None:
    reveal_next(session, world.coordinator(), world.round.code, 0, LATER)
    session.flush()
    own = own_result(session, world.applicant(), refs["Idea 6"])
    assert (own.outcome.status, own.outcome.amount_minor) == (Status.AWARDED, PLACE)
    assert own.outcome.slug
    assert (own.outcome.published_at, own.feedback) == (None, None)
    for other in refs.keys() - {"Idea 6"}:
        with pytest.raises(NoResult):
            own_result(session, world.applicant(), refs[other])


def test_after_publication_each_team_reads_its_own(
    session: Session, world: World, refs: dict[str, str]
) -> None:
    announce(session, world)
    won = own_result(session, world.applicant(), refs["Idea 1"])
    lost = own_result(session, world.applicant(), refs["Idea 8"])
    assert (won.outcome.awarded, won.outcome.amount_minor, won.outcome.title) == (True, PLACE, "Idea 1")
    assert (lost.outcome.status, lost.outcome.amount_minor, lost.outcome.slug) == (
        Status.NOT_SELECTED, None, None,
    )  # fmt: skip
    assert lost.feedback is not None
    # Seven points fewer than 16 times five; the six winners have 0 to 5 fewer.
    assert [(each.code, each.mean, each.winners) for each in lost.feedback.scores] == [
        ("need", "4.5", "4.8"),
        ("work_plan", "4.5", "4.8"),
        ("budget", "4.5", "4.9"),
        ("sustainability", "4.8", "4.9"),
    ]
    assert (lost.feedback.total, lost.feedback.winners_total) == ("89.1", "96.1")
    assert len(lost.feedback.convinced) == len(lost.feedback.stronger) == 4
    assert {len(each.reasons) for each in lost.feedback.scores} == {4}
    for stranger in ("ben", "rita", "cora"):
        with pytest.raises(NotFound):
            own_result(session, world.applicant(stranger), refs["Idea 1"])


def test_withdrawn_and_unsent_applications_have_no_result(
    session: Session, world: World, refs: dict[str, str]
) -> None:
    row = session.exec(select(Application).where(Application.ref == refs["Idea 8"])).one()
    row.status, row.counts_number = Status.WITHDRAWN, None
    session.add(row)
    announce(session, world)
    with pytest.raises(NoResult):
        own_result(session, world.applicant(), refs["Idea 8"])


@pytest.mark.parametrize("removed_at", [None, LATER], ids=["on the panel", "was on it"])
def test_of_two_roles_the_one_that_sees_less_decides(
    session: Session, world: World, refs: dict[str, str], removed_at: Any
) -> None:
    session.add(
        PanelMember(
            call_id=world.call.id or 0, person_id=world.people["ada"].id or 0, role=PanelRole.REVIEWER,
            organisation_id=world.organisations["BC"].id, code=random_code(), joined_at=LATER,
            removed_at=removed_at,
        )
    )  # fmt: skip
    announce(session, world)
    own = own_result(session, world.applicant(), refs["Idea 1"])
    assert own.outcome.awarded
    assert own.feedback is None


# ---------------------------------------------------------------- what the feedback may say


@pytest.fixture
def signed(session: Session, world: World) -> Application:
    """One application, published, whose reviews hold a word of each reviewer in each of their boxes.

    Rita could not judge the budget, nobody could judge need. Rolf declared a tie after his review, Karl never
    sent his, and a second application is scored by all.
    """
    first = make_sent_application(session, world, "ada", "Idea 1")
    second = make_sent_application(session, world, "ben", "Idea 2")
    open_reviewing_rows(session, world)
    for application in (first, second):
        for name in REVIEWERS:
            assignment = make_assignment(session, world, application, name)
            scores: dict[str, int | None] = dict.fromkeys(world.criteria, 5 if application is first else 2)
            if application is first:
                scores["need"] = None
                if name == "rita":
                    scores["budget"] = None
            unsent = application is first and name == "karl"
            review = make_review(
                session, world, assignment, scores, state=ReviewState.DRAFT if unsent else ReviewState.SENT
            )
            _sign(session, review, f"{application.ref} {name}")
            if application is first and name == "rolf":
                assignment.tie = Tie.TIE
                session.add(assignment)
    session.flush()
    close_reviewing(session, world.coordinator(), REVIEWING)
    call = call_of(session, world.coordinator())
    call.published_at = LATER
    session.add(call)
    for application in (first, second):
        application.status = Status.NOT_SELECTED
        session.add(application)
    session.flush()
    return first


def _sign(session: Session, review: Review, who: str) -> None:
    review.convinced, review.stronger = f"convinced {who}", f"stronger {who}"
    review.private_note = f"private {who}"
    session.add(review)
    for cell in session.exec(select(ReviewScore).where(ReviewScore.assignment_id == review.assignment_id)):
        cell.reason = f"reason {who}"
        session.add(cell)
    session.flush()


def test_only_reviews_that_count_are_told_and_never_a_private_note(
    session: Session, world: World, signed: Application
) -> None:
    told = own_result(session, world.applicant(), signed.ref).feedback
    assert told is not None
    mine = {f"{signed.ref} {name}" for name in ("rita", "anna")}
    assert set(told.convinced) == {f"convinced {who}" for who in mine}
    assert set(told.stronger) == {f"stronger {who}" for who in mine}
    for each in told.scores:
        assert {reason.text for reason in each.reasons} == {f"reason {who}" for who in mine}
    everything = told.model_dump_json()
    assert "private" not in everything
    others = session.exec(select(Application.ref).where(Application.ref != signed.ref)).one()
    for absent in (others, "rolf", "karl", "Canaryname"):
        assert absent not in everything
    organisations = session.exec(select(Assignment.organisation_id)).all()
    assert organisations
    for name in world.organisations.values():
        assert not any(word in everything for word in name.name.values())


def test_a_criterion_that_nobody_scored_is_a_hole(
    session: Session, world: World, signed: Application
) -> None:
    told = own_result(session, world.applicant(), signed.ref).feedback
    assert told is not None
    assert {each.code: each.mean for each in told.scores} == {
        "need": "", "work_plan": "5.0", "budget": "5.0", "sustainability": "5.0",
    }  # fmt: skip
    assert told.total == ""
    judged = {each.code: sum(not reason.cannot_judge for reason in each.reasons) for each in told.scores}
    assert judged == {"need": 0, "work_plan": 2, "budget": 1, "sustainability": 2}


def test_the_order_of_words_follows_from_the_words_alone(
    session: Session, world: World, signed: Application
) -> None:
    """Whoever wrote what, and in whichever order it was stored: the same words stand the same way."""
    before = own_result(session, world.applicant(), signed.ref).feedback
    assert before is not None
    rita, anna = (
        session.exec(
            select(Review)
            .join(Assignment, col(Assignment.id) == Review.assignment_id)
            .where(
                col(Assignment.application_id) == signed.id,
                col(Assignment.member_id) == world.members[name].id,
            )
        ).one()
        for name in ("rita", "anna")
    )
    rita.convinced, anna.convinced = anna.convinced, rita.convinced
    rita.stronger, anna.stronger = anna.stronger, rita.stronger
    session.add_all([rita, anna])
    cells = {
        (cell.assignment_id, cell.criterion_id): cell
        for cell in session.exec(
            select(ReviewScore).where(
                col(ReviewScore.assignment_id).in_([rita.assignment_id, anna.assignment_id])
            )
        )
    }
    for criterion in world.criteria.values():
        one, other = (cells[review.assignment_id, criterion.id or 0] for review in (rita, anna))
        one.reason, other.reason = other.reason, one.reason
        one.score, other.score = other.score, one.score
        one.cannot_judge, other.cannot_judge = other.cannot_judge, one.cannot_judge
    session.flush()
    assert own_result(session, world.applicant(), signed.ref).feedback == before


def test_words_that_nobody_wrote_are_not_there(session: Session, world: World, signed: Application) -> None:
    for review in session.exec(select(Review)):
        review.convinced = review.stronger = "  "
        session.add(review)
    for cell in session.exec(select(ReviewScore)):
        cell.reason = ""
        session.add(cell)
    session.flush()
    told = own_result(session, world.applicant(), signed.ref).feedback
    assert told is not None
    assert (told.convinced, told.stronger) == ([], [])
    assert [each.reasons for each in told.scores] == [[], [], [], []]


def told(session: Session, world: World, title: str) -> OwnFeedback:
    """What the reviewers say of this application of Ada's once all is published."""
    ref = session.exec(
        select(Application.ref)
        .join(Sending, col(Sending.application_id) == Application.id)
        .join(Packet, col(Packet.sending_id) == Sending.id)
        .where(Packet.title == title)
    ).one()
    feedback = own_result(session, world.applicant(), ref).feedback
    assert feedback is not None
    return feedback


def test_organisations_that_did_not_score_are_counted(session: Session, world: World) -> None:
    scored_call(session, world, 3)
    mine = select(Assignment).join(Packet, col(Packet.title) == "Idea 1").join(
        Sending,
        (col(Sending.id) == Packet.sending_id) & (col(Sending.application_id) == Assignment.application_id),
    )  # fmt: skip
    taken = session.exec(mine.where(Assignment.organisation_id == world.organisations["AKIM"].id)).one()
    taken.withdrawn_at = REVIEWING
    session.add(taken)
    second = select(col(Assignment.id)).where(
        Assignment.application_id == taken.application_id + 1,
        Assignment.organisation_id == world.organisations["BC"].id,
    )
    abstained = session.exec(select(ReviewScore).where(col(ReviewScore.assignment_id).in_(second))).all()
    assert len(abstained) == 4
    for cell in abstained:
        cell.score, cell.cannot_judge = None, True
        session.add(cell)
    close_reviewing(session, world.coordinator(), REVIEWING)
    code = session.exec(select(Application.code).where(Application.id == taken.application_id)).one()
    excuse_holes(session, world.coordinator(), {(code, "AKIM"): "The office was closed."}, REVIEWING)
    freeze(session, world)
    announce(session, world)
    counted = {
        title: (feedback.organisations_scored, feedback.organisations)
        for title in ("Idea 1", "Idea 2", "Idea 3")
        for feedback in (told(session, world, title),)
    }
    assert counted == {"Idea 1": (3, 4), "Idea 2": (3, 4), "Idea 3": (4, 4)}


def test_a_tie_with_a_winner_is_said_where_the_rule_decided_it(session: Session, world: World) -> None:
    ranked_call(session, world)
    lines = session.exec(select(RankingEntry).order_by(col(RankingEntry.place))).all()
    lines[6].total, lines[6].label = lines[5].total, lines[5].label
    session.add(lines[6])
    freeze(session, world)
    assert not any(own_feedback(session, line.application_id).tie_decided for line in lines), (
        "before publication"
    )
    announce(session, world)
    said = [told(session, world, f"Idea {number}").tie_decided for number in range(1, 9)]
    assert said == [False] * 6 + [True, False]
    passed = Departure(
        application_id=lines[6].application_id, round_id=world.round.id or 0, reason="Already funded.",
        decided_by=world.coordinator().person_id, decided_at=LATER,
    )  # fmt: skip
    session.add(passed)
    session.flush()
    assert not told(session, world, "Idea 7").tie_decided
    session.delete(passed)
    call = call_of(session, world.coordinator())
    call.scores_published = False
    session.add(call)
    session.flush()
    assert not told(session, world, "Idea 7").tie_decided

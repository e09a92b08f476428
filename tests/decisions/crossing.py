"""A call in which every method has another order, as can be seen by hand."""

from sqlmodel import Session, col, select, update

from app.decisions.closing import close_reviewing
from app.models.applications import Application
from app.models.panel import PanelMember
from app.models.reviews import Assignment, Review, ReviewScore, ReviewState
from app.scoring.methods import Method
from tests.decisions.scored import REVIEWERS, resize
from tests.factories import (
    REVIEWING,
    Scores,
    make_assignment,
    make_review,
    make_sent_application,
    open_reviewing_rows,
)
from tests.world import World

SCORED: dict[str, dict[str, int]] = {
    # Three find it excellent and one poor: the median sees no quarrel.
    "torn": {"rita": 5, "rolf": 5, "anna": 5, "karl": 1},
    "steady": {"rita": 4, "rolf": 5, "anna": 5, "karl": 4},
    # Rita is two points stricter than the others everywhere, Rolf one milder: both read "unlucky" or "lucky".
    "unlucky": {"rita": 3, "anna": 5},
    "lucky": {"rolf": 5, "karl": 4},
    "first": {"rita": 2, "rolf": 5, "anna": 4, "karl": 4},
    "second": {"rita": 1, "rolf": 4, "anna": 3, "karl": 3},
    "third": {"rita": 1, "rolf": 3, "anna": 2, "karl": 2},
    "fourth": {"rita": 2, "rolf": 5, "anna": 4, "karl": 4},
    "fifth": {"rita": 1, "rolf": 4, "anna": 3, "karl": 3},
}
"""Title -> what each gives on every criterion."""


def crossing_call(
    session: Session,
    world: World,
    method: Method = Method.MEAN_OF_MEANS,
    *,
    places: int = 3,
    closed: bool = True,
) -> dict[str, str]:
    """Title -> code. Two organisations are promised to each, so that nothing is missing."""
    world.call.method, world.call.reviews_per_application = method, 2
    session.add(world.call)
    resize(session, world, places=places, envelope=places * 500_000)
    applications = {title: make_sent_application(session, world, title=title) for title in SCORED}
    open_reviewing_rows(session, world)
    for title, given in SCORED.items():
        for name in REVIEWERS:
            if name in given:
                scores: Scores = dict.fromkeys(world.criteria, given[name])
                make_review(
                    session, world, make_assignment(session, world, applications[title], name), scores
                )
    if closed:
        close_reviewing(session, world.coordinator(), REVIEWING)
        session.flush()
    return {title: application.code for title, application in applications.items()}


def lacking_call(session: Session, world: World) -> dict[str, str]:
    """The same, of which "third" is certainly out by two of the three reviews that were promised.

    Those of Rita and Anna were never sent; a colleague of Rita's, "ZOE2ZOE2ZO", is free.
    """
    codes = crossing_call(session, world, closed=False)
    world.call.reviews_per_application = 3
    session.add_all([
        world.call,
        PanelMember(
            call_id=world.call.id or 0, person_id=world.people["zoe"].id or 0,
            organisation_id=world.organisations["BC"].id, role=world.members["rita"].role, code="ZOE2ZOE2ZO",
            joined_at=REVIEWING,
        ),
    ])  # fmt: skip
    given = session.exec(
        select(Assignment, Review)
        .join(Review, col(Review.assignment_id) == col(Assignment.id))
        .join(Application, col(Application.id) == col(Assignment.application_id))
        .where(Application.code == codes["third"])
    ).all()
    for assignment, review in given:
        if assignment.member_id in (world.members["rita"].id, world.members["anna"].id):
            review.state = ReviewState.DRAFT
        session.execute(
            update(ReviewScore).where(col(ReviewScore.assignment_id) == assignment.id).values(score=1)
        )
    session.flush()
    close_reviewing(session, world.coordinator(), REVIEWING)
    session.flush()
    return codes

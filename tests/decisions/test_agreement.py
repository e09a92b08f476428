"""How far reviewers agree: after closing only, over every pair of reviews of one application."""

import pytest
from sqlmodel import Session

from app.decisions.agreement import agreement
from app.decisions.refusals import ReviewingNotClosed
from tests.factories import (
    REVIEWING,
    Scores,
    make_assignment,
    make_review,
    make_sent_application,
    open_reviewing_rows,
)
from tests.world import World


def test_agreement_counts_pairs_by_criterion_and_only_after_closing(session: Session, world: World) -> None:
    found = [make_sent_application(session, world, title=title) for title in ("One", "Two")]
    open_reviewing_rows(session, world)
    four: Scores = dict.fromkeys(world.criteria, 4)
    for application, name, scores in (
        (found[0], "rita", four),
        (found[0], "rolf", four | {"need": 5}),
        (found[0], "anna", four | {"need": 2, "budget": None}),
        (found[1], "rita", four | {"need": 1}),
        (found[1], "rolf", four | {"need": 1}),
    ):
        make_review(session, world, make_assignment(session, world, application, name), scores)
    with pytest.raises(ReviewingNotClosed):
        agreement(session, world.coordinator())
    world.call.reviewing_closed_at = REVIEWING
    session.add(world.call)
    session.flush()

    whole = agreement(session, world.coordinator())

    assert (whole.applications, whole.reviews) == (2, 5)
    rows = {each.criterion: each for each in whole.criteria}
    assert [rows[code].pairs for code in ("need", "budget")] == [4, 2]
    assert (rows["need"].equal, rows["need"].near) == (1, 2)
    assert (rows["budget"].equal, rows["budget"].alpha) == (2, None)
    assert rows["need"].alpha is not None
    assert 0 < rows["need"].alpha < 1

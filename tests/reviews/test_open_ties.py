"""All open questions about ties at once: what is answered, what stays asked, and what stands."""

import pytest
from sqlmodel import Session, col, select

from app.accounts.actors import Reviewer
from app.errors import Invalid, NotFound
from app.models.applications import Application
from app.models.audit import AuditEntry
from app.models.reviews import Assignment, Tie
from app.reviews.inputs import TieAsked, TiesInput
from app.reviews.open_ties import answer_ties, open_ties
from app.reviews.refusals import ReviewingNotOpen
from tests.factories import REVIEWING, make_assignment, make_sent_application, open_reviewing_rows
from tests.world import World

NOT_SAID = TieAsked()


@pytest.fixture
def codes(session: Session, world: World) -> list[str]:
    """Five applications of Rita's that she was not asked about yet, and one of Rolf's."""
    found = [make_sent_application(session, world, title=f"No. {n}") for n in range(6)]
    open_reviewing_rows(session, world)
    for application in found[:5]:
        make_assignment(session, world, application, "rita", tie=None)
    make_assignment(session, world, found[5], "rolf", tie=None)
    return [application.code for application in found]


def rita(world: World) -> Reviewer:
    return world.reviewer("rita")


def answers(session: Session, codes: list[str]) -> list[tuple[Tie | None, int | None]]:
    rows = session.execute(
        select(Application.code, Assignment.tie, Assignment.read_version).join(
            Assignment, col(Assignment.application_id) == col(Application.id)
        )
    )
    found = {code: (tie, read) for code, tie, read in rows}
    return [found[code] for code in codes]


def test_what_is_left_open_stays_asked_unless_it_is_said_of_the_rest(
    session: Session, world: World, codes: list[str]
) -> None:
    """`rest` speaks of what was shown: an application that came meanwhile is asked about."""
    first, second, third, fourth, unseen, foreign = codes
    given = TiesInput(ties={first: TieAsked(tie=Tie.TIE, note="My aunt"), second: NOT_SAID})
    assert answer_ties(session, rita(world), given, REVIEWING) == 1
    assert answers(session, codes) == [(Tie.TIE, None), *[(None, None)] * 5]
    shown = {second: NOT_SAID, third: TieAsked(tie=Tie.MAY_RECOGNISE), fourth: NOT_SAID}
    # On this page the first still stood open.
    given = TiesInput(ties={first: TieAsked(tie=Tie.NONE), **shown}, rest=True)
    answer_ties(session, rita(world), given, REVIEWING)
    none, recognised = (Tie.NONE, 1), (Tie.MAY_RECOGNISE, 1)
    assert answers(session, codes) == [
        (Tie.TIE, None), none, recognised, none, (None, None), (None, None),
    ]  # fmt: skip
    declared = session.exec(select(AuditEntry).where(AuditEntry.action == "review.declare_tie"))
    assert [entry.subject for entry in declared] == [first]
    assert [each.code for each in open_ties(session, rita(world), REVIEWING).cards] == [unseen]
    with pytest.raises(NotFound):
        answer_ties(session, rita(world), TiesInput(ties={foreign: TieAsked(tie=Tie.NONE)}), REVIEWING)
    with pytest.raises(Invalid):
        answer_ties(session, rita(world), TiesInput(ties={foreign: NOT_SAID, unseen: NOT_SAID}), REVIEWING)


def test_an_answer_that_was_changed_here_counts_and_what_is_taken_back_is_passed_over(
    session: Session, world: World, codes: list[str]
) -> None:
    for code, change in ((codes[0], {"tie": Tie.NONE}), (codes[1], {"withdrawn_at": REVIEWING})):
        own = session.exec(
            select(Assignment)
            .join(Application, col(Application.id) == col(Assignment.application_id))
            .where(Application.code == code)
        ).one()
        own.sqlmodel_update(change)
        session.add(own)
    session.flush()
    given = TiesInput(ties={code: TieAsked(tie=Tie.TIE) for code in codes[:3]})
    answer_ties(session, rita(world), given, REVIEWING)
    assert [tie for tie, _ in answers(session, codes[:3])] == [Tie.TIE, None, Tie.TIE]


def test_nothing_is_asked_once_reviewing_is_closed(session: Session, world: World, codes: list[str]) -> None:
    world.call.reviewing_closed_at = REVIEWING
    session.add(world.call)
    session.flush()
    assert open_ties(session, rita(world), REVIEWING).cards == []
    with pytest.raises(ReviewingNotOpen):
        answer_ties(session, rita(world), TiesInput(ties={codes[0]: TieAsked(tie=Tie.TIE)}), REVIEWING)

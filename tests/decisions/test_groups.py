"""Reviewers who share no application: who is in each group, and which further reviews would link them."""

from sqlmodel import Session, select

from app.decisions.closing import close_reviewing
from app.decisions.groups import TOGETHER, reviewer_groups
from app.models.applications import Application
from app.models.people import Conflict
from app.models.reviews import TieGround
from app.wall import Wall, put_up
from tests.decisions.crossing import crossing_call
from tests.factories import (
    REVIEWING,
    Scores,
    make_assignment,
    make_review,
    make_sent_application,
    open_reviewing_rows,
)
from tests.world import World, key

READ = {"one": ("rita", "rolf"), "two": ("rita", "rolf"), "three": ("rita", "rolf"), "four": ("anna", "karl")}
"""Rita and Rolf have read three, Anna and Karl one."""


def parted_call(session: Session, world: World) -> dict[str, str]:
    """Title -> code."""
    world.call.reviews_per_application = 2
    session.add(world.call)
    papers = {title: make_sent_application(session, world, title=title) for title in READ}
    open_reviewing_rows(session, world)
    for number, (title, readers) in enumerate(READ.items()):
        for name in readers:
            scores: Scores = dict.fromkeys(
                world.criteria, 5 - number if name in ("rita", "anna") else 4 - number
            )
            make_review(session, world, make_assignment(session, world, papers[title], name), scores)
    return {title: each.code for title, each in papers.items()}


def test_groups_are_named_with_the_cheapest_reviews_that_link_them(session: Session, world: World) -> None:
    codes = parted_call(session, world)
    close_reviewing(session, world.coordinator(), REVIEWING)
    session.flush()
    found = reviewer_groups(session, world.coordinator())
    members = {name: world.members[name].code for name in ("rita", "rolf", "anna", "karl")}
    assert {tuple(each.reviewers): each.applications for each in found.groups} == {
        tuple(sorted([members["rita"], members["rolf"]])): sorted(
            codes[title] for title in ("one", "two", "three")
        ),
        tuple(sorted([members["anna"], members["karl"]])): [codes["four"]],
    }
    # One is enough, and it is asked of who has read least: the first by code, of the first by code.
    (bridge,) = found.bridges
    assert bridge.reviewer == min(members["anna"], members["karl"])
    assert bridge.application == min(codes[title] for title in ("one", "two", "three"))


def test_who_has_a_tie_is_no_bridge(session: Session, world: World) -> None:
    codes = parted_call(session, world)
    close_reviewing(session, world.coordinator(), REVIEWING)
    for name in ("anna", "karl", "rita"):
        for title, code in codes.items():
            if name in READ[title]:
                continue
            tied = session.exec(select(Application.id).where(Application.code == code)).one()
            session.add(
                Conflict(
                    call_id=key(world.call),
                    application_id=tied or 0,
                    ground=TieGround.DECLARED,
                    stands=True,
                    person_id=key(world.people[name]),
                    reason="A cousin of the applicant.",
                    decided_by=key(world.people["cora"]),
                    decided_at=REVIEWING,
                )
            )
    session.flush()
    (bridge,) = reviewer_groups(session, world.coordinator()).bridges
    assert (bridge.reviewer, bridge.application) == (world.members["rolf"].code, codes["four"])


def test_nothing_is_told_where_all_can_be_compared_or_a_part_is_kept_back(
    session: Session, world: World
) -> None:
    crossing_call(session, world)
    assert reviewer_groups(session, world.coordinator()) == TOGETHER


def test_who_has_a_tie_in_the_call_reads_no_groups(session: Session, world: World) -> None:
    codes = parted_call(session, world)
    close_reviewing(session, world.coordinator(), REVIEWING)
    session.flush()
    hidden = session.exec(select(Application.id).where(Application.code == codes["four"])).one()
    put_up(session, Wall(frozenset({hidden or 0}), frozenset({codes["four"]})))
    assert reviewer_groups(session, world.coordinator()) == TOGETHER

"""A third review where two differ too much: which applications, whom, and that no number is told."""

import pytest
from sqlmodel import Session, col, select

from app.errors import Invalid
from app.models.applications import Application
from app.models.outbox import Mail
from app.models.reviews import Assignment
from app.reviews.fitting import Lack
from app.reviews.thirds import Third, assign_thirds, third_basis, thirds
from tests.factories import (
    REVIEWING,
    Scores,
    make_assignment,
    make_review,
    make_sent_application,
    open_reviewing_rows,
)
from tests.reviews.looked import looked, waiting
from tests.world import World, key


@pytest.fixture
def applications(session: Session, world: World) -> list[Application]:
    """Two reviews of each: far apart on the first, one criterion two steps apart on the second, alike."""
    world.call.reviews_per_application = 2
    found = [make_sent_application(session, world, title=title) for title in ("Far", "Stepped", "Alike")]
    open_reviewing_rows(session, world)
    four: Scores = dict.fromkeys(world.criteria, 4)
    others: list[Scores] = [dict.fromkeys(world.criteria, 2), four | {"need": 2}, four]
    for application, other in zip(found, others, strict=True):
        make_review(session, world, make_assignment(session, world, application, "rita"), four)
        make_review(session, world, make_assignment(session, world, application, "rolf"), other)
    return found


def test_thirds_are_due_by_the_calls_rule_and_go_to_other_organisations(
    session: Session, world: World, applications: list[Application]
) -> None:
    far, stepped, _ = applications
    found = thirds(session, world.coordinator(), REVIEWING)
    assert {each.application for each in found} == {far.code, stepped.code}
    free = {world.members[name].code for name in ("anna", "karl")}
    assert [set(each.free) for each in found] == [free, free]
    # Each of the two gets one: nobody is given both.
    assert {each.proposed for each in found} == free
    assert set(Third.model_fields) == {"application", "proposed", "free", "lacks", "language"}
    world.call.divergence_steps = None
    session.add(world.call)
    session.flush()
    assert [each.application for each in thirds(session, world.coordinator(), REVIEWING)] == [far.code]
    world.call.divergence_points = None
    session.add(world.call)
    session.flush()
    assert thirds(session, world.coordinator(), REVIEWING) == []


def test_a_third_is_proposed_to_who_reads_it_and_has_room(
    session: Session, world: World, applications: list[Application]
) -> None:
    """Karl has least and does not read it; then Anna has no room: nobody is proposed, and each says why."""
    far, stepped, _ = applications
    make_assignment(session, world, make_sent_application(session, world, title="Other"), "anna")
    anna, karl = world.members["anna"], world.members["karl"]
    karl.languages = ["kk"]
    session.add(karl)
    session.flush()
    found = {each.application: each for each in thirds(session, world.coordinator(), REVIEWING)}
    assert found[far.code].language == "en"
    assert [each.proposed for each in found.values()] == [anna.code, anna.code]
    assert found[far.code].free == [anna.code, karl.code]
    assert found[far.code].lacks == {karl.code: [Lack.LANGUAGE]}
    anna.capacity = 2
    session.add(anna)
    session.flush()
    proposed = [each.proposed for each in thirds(session, world.coordinator(), REVIEWING)]
    assert sorted(proposed) == ["", anna.code], "the one place that is left goes once"
    anna.capacity = 1
    session.add(anna)
    session.flush()
    none = thirds(session, world.coordinator(), REVIEWING)
    assert [(each.proposed, each.free) for each in none] == [("", [anna.code, karl.code])] * 2
    assert none[0].lacks == {anna.code: [Lack.CAPACITY], karl.code: [Lack.LANGUAGE]}
    assert assign_thirds(session, world.coordinator(), [(karl.code, stepped.code)], REVIEWING) == 1


def test_assign_thirds_gives_them_out_once_and_tells_them_nothing_special(
    session: Session, world: World, applications: list[Application]
) -> None:
    far, _, alike = applications
    anna, rolf = world.members["anna"].code, world.members["rolf"].code
    with pytest.raises(Invalid) as refused:
        assign_thirds(session, world.coordinator(), [(rolf, far.code), (anna, alike.code)], REVIEWING)
    assert refused.value.fields == {far.code: ("third.not_free", {}), alike.code: ("third.settled", {})}

    assert assign_thirds(session, world.coordinator(), [(anna, far.code)], REVIEWING) == 1

    assert far.code not in {each.application for each in thirds(session, world.coordinator(), REVIEWING)}
    row = session.exec(select(Assignment).where(Assignment.member_id == world.members["anna"].id)).one()
    assert row.application_id == far.id
    (mail,) = session.exec(select(Mail).where(Mail.person_id == world.people["anna"].id)).all()
    assert (mail.template, mail.params) == ("assignments_ready", {"call": "2026"})


def test_third_reviews_are_counted_until_they_are_given_out_or_read_anyway(
    session: Session, world: World, applications: list[Application]
) -> None:
    far, stepped, alike = applications
    assert looked(session, world) == (2, 0, 2)
    assign_thirds(session, world.coordinator(), [(world.members["anna"].code, far.code)], REVIEWING)
    assert waiting(session, world) == (0, 1)
    make_assignment(session, world, stepped, "karl")
    assert looked(session, world) == (1, 0, 0)
    third = make_assignment(session, world, alike, "anna")
    make_review(session, world, third, dict.fromkeys(world.criteria, 1))
    assert looked(session, world) == (1, 0, 0)


def test_no_two_changes_make_up_for_each_other_in_what_is_looked_at_again(
    session: Session, world: World, applications: list[Application]
) -> None:
    rows = session.exec(select(Assignment).order_by(col(Assignment.id))).all()
    told = set()
    for away in ((0, 3), (1, 2)):
        for place, row in enumerate(rows):
            row.withdrawn_at = REVIEWING if place in away else None
            session.add(row)
        session.flush()
        told.add(third_basis(session, key(world.call)))
    assert len(told) == 2, "the same number of rows, and keys of the same sum"


def test_no_third_is_due_where_a_third_organisation_reads_already_or_nobody_is_free(
    session: Session, world: World, applications: list[Application]
) -> None:
    far, stepped, _ = applications
    make_assignment(session, world, far, "anna")
    for name in ("anna", "karl"):
        world.members[name].removed_at = REVIEWING
        session.add(world.members[name])
    make_review(
        session, world, make_assignment(session, world, stepped, "karl"), dict.fromkeys(world.criteria, 4)
    )
    session.flush()
    # Karl has left and his review stands; Anna has left without one, so that hers is no opinion.
    assert thirds(session, world.coordinator(), REVIEWING) == [
        Third(application=far.code, proposed="", free=[], lacks={}, language="en")
    ]

"""Who scores what: by hand, evenly, after a tie, and what is refused."""

import time

import pytest
from sqlmodel import Session, select

from app.errors import Invalid, NotFound
from app.models.applications import Application, Status
from app.models.outbox import Mail
from app.models.panel import PanelMember, PanelRole
from app.models.reviews import Assignment, Tie
from app.random_codes import random_code
from app.reviews.assignment import (
    Distributed,
    assign_reviewer,
    distribute_evenly,
    substitute_reviewer,
    withdraw_assignment,
)
from app.reviews.inputs import AssignmentInput
from app.reviews.queue import queue_key
from app.reviews.refusals import (
    AlreadyAssigned,
    AssigningOver,
    NobodyFree,
    ReviewAlreadySent,
    ReviewerBarred,
)
from tests.factories import (
    REVIEWING,
    count_of,
    make_assignment,
    make_review,
    make_sent_application,
    open_reviewing_rows,
)
from tests.world import CLOSES, NOW, World, key, make_person


def add_reviewer(session: Session, world: World, name: str, organisation: str) -> PanelMember:
    person = make_person(session, name)
    member = PanelMember(
        call_id=key(world.call),
        person_id=key(person),
        organisation_id=key(world.organisations[organisation]),
        role=PanelRole.REVIEWER,
        code=random_code(),
        joined_at=NOW,
    )
    session.add(member)
    session.flush()
    world.people[name], world.members[name] = person, member
    return member


def readers(session: Session, world: World, application: Application) -> set[str]:
    names = {member.id: name for name, member in world.members.items()}
    rows = session.exec(select(Assignment).where(Assignment.application_id == application.id))
    return {names[row.member_id] for row in rows if row.withdrawn_at is None}


def by_hand(world: World, application: Application, name: str) -> AssignmentInput:
    return AssignmentInput(application=application.code, reviewer=world.members[name].code)


def test_distribute_evenly_lets_every_organisation_cover_every_application(
    session: Session, world: World
) -> None:
    add_reviewer(session, world, "nina", "BC")
    applications = [make_sent_application(session, world, title=f"Project {n}") for n in range(6)]
    make_sent_application(session, world, title="Withdrawn", status=Status.WITHDRAWN)
    open_reviewing_rows(session, world)

    assert distribute_evenly(session, world.coordinator(), REVIEWING) == Distributed(made=24, holes=0)

    assert all(
        readers(session, world, each) - {"rita", "nina"} == {"rolf", "anna", "karl"} for each in applications
    )
    loads = {
        name: count_of(session, Assignment, Assignment.member_id == world.members[name].id)
        for name in ("rita", "nina")
    }
    assert loads == {"rita": 3, "nina": 3}
    one = session.exec(select(Assignment)).first()
    assert one is not None
    code = session.get_one(Application, one.application_id).code
    assert one.queue_key == queue_key(session.get_one(PanelMember, one.member_id).code, code)
    assert distribute_evenly(session, world.coordinator(), REVIEWING) == Distributed(made=0, holes=0)
    assert count_of(session, Mail) == 5


def test_distribute_evenly_leaves_what_was_begun_and_what_was_taken_back(
    session: Session, world: World
) -> None:
    add_reviewer(session, world, "nina", "BC")
    application = make_sent_application(session, world)
    other = make_sent_application(session, world, title="Other")
    open_reviewing_rows(session, world)
    make_review(session, world, make_assignment(session, world, application, "rita"))
    make_assignment(session, world, other, "rita").withdrawn_at = REVIEWING
    session.flush()

    distribute_evenly(session, world.coordinator(), REVIEWING)

    assert readers(session, world, application) == {"rita", "rolf", "anna", "karl"}
    assert readers(session, world, other) == {"nina", "rolf", "anna", "karl"}


def test_distribute_evenly_never_gives_an_application_to_a_tie_or_to_its_applicant(
    session: Session, world: World
) -> None:
    own = make_sent_application(session, world, "rita", "Rita's own")
    tied = make_sent_application(session, world, title="Tied")
    open_reviewing_rows(session, world)
    make_assignment(session, world, tied, "rolf", tie=Tie.TIE)

    assert distribute_evenly(session, world.coordinator(), REVIEWING) == Distributed(made=6, holes=2)

    assert readers(session, world, own) == {"rolf", "anna", "karl"}
    assert readers(session, world, tied) == {"rita", "rolf", "anna", "karl"}
    rolfs = session.exec(select(Assignment).where(Assignment.member_id == world.members["rolf"].id)).all()
    assert sorted(str(row.tie) for row in rolfs) == ["None", "tie"]


def test_distribute_evenly_respects_the_number_of_organisations_of_the_call(
    session: Session, world: World
) -> None:
    applications = [make_sent_application(session, world, title=f"Project {n}") for n in range(4)]
    world.call.reviews_per_application = 2
    session.add(world.call)
    session.flush()

    assert distribute_evenly(session, world.coordinator(), REVIEWING) == Distributed(made=8, holes=0)

    assert [len(readers(session, world, each)) for each in applications] == [2, 2, 2, 2]
    assert count_of(session, Mail) == 0, "nobody is told before reviewing opens"


def test_distribute_evenly_of_253_applications_takes_less_than_a_second(
    session: Session, world: World
) -> None:
    for organisation in world.organisations:
        for number in range(4):
            add_reviewer(session, world, f"{organisation.lower()}{number}", organisation)
    session.add_all(
        Application(
            call_id=key(world.call),
            ref=f"WA26-{number:04}",
            code=f"Апорт-{number:04}",
            status=Status.SENT,
            language="kk",
            created_at=NOW,
            counts_number=1,
        )
        for number in range(253)
    )
    session.flush()
    began = time.process_time()
    assert distribute_evenly(session, world.coordinator(), REVIEWING) == Distributed(made=1012, holes=0)
    assert time.process_time() - began < 1
    loads = [
        count_of(session, Assignment, Assignment.member_id == member.id)
        for name, member in world.members.items()
        if name != "cora"
    ]
    assert (min(loads), max(loads)) == (50, 51)


@pytest.mark.parametrize("now", [NOW, CLOSES], ids=["open", "grace"])
def test_assigning_before_the_call_has_closed_is_refused(session: Session, world: World, now: object) -> None:
    application = make_sent_application(session, world)
    with pytest.raises(AssigningOver):
        distribute_evenly(session, world.coordinator(), now)  # type: ignore[arg-type]
    with pytest.raises(AssigningOver):
        assign_reviewer(session, world.coordinator(), by_hand(world, application, "rita"), now)  # type: ignore[arg-type]


def test_assigning_after_reviewing_has_closed_is_refused(session: Session, world: World) -> None:
    application = make_sent_application(session, world)
    make_assignment(session, world, application, "rita")
    world.call.reviewing_opened_at = world.call.reviewing_closed_at = REVIEWING
    session.add(world.call)
    session.flush()
    for refused in (
        lambda: distribute_evenly(session, world.coordinator(), REVIEWING),
        lambda: withdraw_assignment(
            session, world.coordinator(), application.code, world.members["rita"].code, REVIEWING
        ),
    ):
        with pytest.raises(AssigningOver):
            refused()


def test_assign_reviewer_by_hand_and_take_back_and_give_again(session: Session, world: World) -> None:
    application = make_sent_application(session, world)
    open_reviewing_rows(session, world)
    given = by_hand(world, application, "rita")

    assign_reviewer(session, world.coordinator(), given, REVIEWING)
    assert readers(session, world, application) == {"rita"}
    with pytest.raises(AlreadyAssigned):
        assign_reviewer(session, world.coordinator(), given, REVIEWING)

    withdraw_assignment(session, world.coordinator(), application.code, given.reviewer, REVIEWING)
    session.expire_all()
    assert readers(session, world, application) == set()
    with pytest.raises(NotFound):
        withdraw_assignment(session, world.coordinator(), application.code, given.reviewer, REVIEWING)

    assign_reviewer(session, world.coordinator(), given, REVIEWING)
    session.expire_all()
    assert readers(session, world, application) == {"rita"}
    assert count_of(session, Assignment) == 1
    assert count_of(session, Mail) == 1, "one mail a day"


def test_assign_reviewer_to_what_is_not_there_says_which(session: Session, world: World) -> None:
    with pytest.raises(Invalid) as refused:
        assign_reviewer(
            session, world.coordinator(), AssignmentInput(application="Апорт-1", reviewer="XYZ"), REVIEWING
        )
    assert refused.value.fields == {
        "application": ("assignment.unknown_application", {}),
        "reviewer": ("assignment.unknown_reviewer", {}),
    }


def test_assign_reviewer_with_a_tie_or_to_the_own_application_is_refused(
    session: Session, world: World
) -> None:
    own = make_sent_application(session, world, "rita", "Own")
    tied = make_sent_application(session, world, title="Tied")
    make_assignment(session, world, tied, "rolf", tie=Tie.TIE).withdrawn_at = REVIEWING
    session.flush()
    for application, name in ((own, "rita"), (tied, "rolf")):
        with pytest.raises(ReviewerBarred):
            assign_reviewer(session, world.coordinator(), by_hand(world, application, name), REVIEWING)


def test_withdraw_assignment_of_a_sent_review_is_refused(session: Session, world: World) -> None:
    application = make_sent_application(session, world)
    open_reviewing_rows(session, world)
    make_review(session, world, make_assignment(session, world, application, "rita"))
    with pytest.raises(ReviewAlreadySent):
        withdraw_assignment(
            session, world.coordinator(), application.code, world.members["rita"].code, REVIEWING
        )


def test_substitute_reviewer_is_the_least_loaded_colleague(session: Session, world: World) -> None:
    add_reviewer(session, world, "nina", "BC")
    add_reviewer(session, world, "olga", "BC")
    application = make_sent_application(session, world)
    other = make_sent_application(session, world, title="Other")
    open_reviewing_rows(session, world)
    make_assignment(session, world, application, "rita", tie=Tie.TIE)
    make_assignment(session, world, other, "nina")

    substitute_reviewer(session, world.coordinator(), application.code, "BC", REVIEWING)

    assert readers(session, world, application) == {"rita", "olga"}
    with pytest.raises(AlreadyAssigned):
        substitute_reviewer(session, world.coordinator(), application.code, "BC", REVIEWING)
    with pytest.raises(NotFound):
        substitute_reviewer(session, world.coordinator(), application.code, "NOBODY", REVIEWING)


def test_substitute_reviewer_without_a_free_colleague_is_refused(session: Session, world: World) -> None:
    application = make_sent_application(session, world)
    open_reviewing_rows(session, world)
    make_assignment(session, world, application, "rita", tie=Tie.TIE)
    with pytest.raises(NobodyFree):
        substitute_reviewer(session, world.coordinator(), application.code, "BC", REVIEWING)


def test_a_stranger_call_is_not_touched(session: Session, world: World) -> None:
    """A coordinator's actions reach only the call that the actor carries."""
    from tests.world import make_call

    other = make_call(session, "other")
    application = make_sent_application(session, world)
    application.call_id = key(other)
    session.flush()
    with pytest.raises(Invalid):
        assign_reviewer(session, world.coordinator(), by_hand(world, application, "rita"), REVIEWING)

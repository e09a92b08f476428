"""Ties of the panel: suspected, decided, pinned, declared, lifted; and what a coordinator then meets."""

from typing import Any

import pytest
from sqlalchemy import func
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from app.accounts.tied import wall_for
from app.applications.full import full_list, full_one
from app.decisions.closing import close_reviewing
from app.decisions.ranking import ranking
from app.errors import Invalid, NotFound
from app.models.applications import Application
from app.models.audit import AuditEntry
from app.models.decisions import RankingEntry
from app.models.panel import PanelMember, PanelRole
from app.models.people import Conflict, Identity
from app.models.reviews import Assignment, ReviewScore, TieGround
from app.random_codes import random_code
from app.reviews.assignment import Distributed, assign_reviewer, distribute_evenly, substitute_reviewer
from app.reviews.conflicts import (
    OwnTieNeedsAnother,
    TieExists,
    decide_suspicions,
    declare_own_tie,
    lift_tie,
    pin_tie,
    take_back_own_tie,
)
from app.reviews.fitting import Lack
from app.reviews.inputs import AssignmentInput
from app.reviews.known_ties import ties
from app.reviews.progress import desk_progress
from app.reviews.refusals import AssigningOver, NobodyFree, ReviewerBarred
from app.reviews.room import room_of
from app.reviews.said import read_said
from app.reviews.substitutes import open_recusals
from app.reviews.tie_inputs import (
    Finding,
    LiftInput,
    OwnLiftInput,
    SuspicionInput,
    TieDeclareInput,
    TiePinInput,
)
from app.wall import Wall, put_up
from tests.factories import (
    REVIEWING,
    count_of,
    make_assignment,
    make_review,
    make_sent_application,
    open_reviewing_rows,
)
from tests.reviews.looked import looked, waiting
from tests.reviews.test_assignment import add_reviewer, readers
from tests.world import NOW, World, key

REASON = "They ran a course together."
ORGANISATIONS = 4


def named(session: Session, **answers: Any) -> None:
    """The one application that there is says this in its section about the team."""
    row = session.exec(select(Identity)).one()
    row.data = {"team": {**row.data["team"], **answers}}
    session.add(row)
    session.flush()


def suspected(session: Session, world: World) -> list[tuple[TieGround, str, list[str]]]:
    names = {member.code: name for name, member in world.members.items()}
    return [
        (each.ground, each.evidence, sorted(names[member] for member in each.members))
        for each in ties(session, world.coordinator()).suspected
    ]


def decided(session: Session, world: World, finding: Finding) -> None:
    keys = [each.key for each in ties(session, world.coordinator()).suspected]
    given = SuspicionInput(suspected=keys, finding=finding, reason=REASON)
    decide_suspicions(session, world.coordinator(), given, REVIEWING)


def pinned(session: Session, world: World, application: Application, name: str = "rita") -> None:
    given = TiePinInput(application=application.code, member=world.members[name].code, reason=REASON)
    pin_tie(session, world.coordinator(), given, REVIEWING)


@pytest.fixture
def application(session: Session, world: World) -> Application:
    made = make_sent_application(session, world)
    open_reviewing_rows(session, world)
    return made


def test_a_link_a_domain_and_a_name_are_suspected(
    session: Session, world: World, application: Application
) -> None:
    """A name in another alphabet and order, without the patronymic; anybody's mail provider is none."""
    assert suspected(session, world) == []
    world.people["rolf"].email, world.people["karl"].email = "rolf@almaty.gov.kz", "karl@gmail.com"
    world.people["anna"].name = "Айгүл Серікқызы Ахметова"
    session.add_all([world.people["rolf"], world.people["anna"], world.people["karl"]])
    members = [{"id": "m1", "name": "Akhmetova Aigul", "role": "lead", "email": "dana@Almaty.gov.kz"}]
    named(session, partner_links=["BC"], members=members, email="ada@gmail.com")
    assert suspected(session, world) == [
        (TieGround.ORGANISATION, "BC", ["rita"]),
        (TieGround.DOMAIN, "almaty.gov.kz", ["rolf"]),
        (TieGround.NAME, world.members["anna"].code, ["anna"]),
    ]


def test_the_name_of_a_partner_and_a_person_in_the_note_are_suspected(
    session: Session, world: World, application: Application
) -> None:
    named(session, organisation_name_ru="kbtu", partner_links_note="Rolf Canaryname taught us.")
    assert suspected(session, world) == [
        (TieGround.ORGANISATION, "KBTU", ["karl"]),
        (TieGround.NAME, world.members["rolf"].code, ["rolf"]),
    ]
    # Who decides reads the words themselves, and whom they name; that it was read is written down.
    cora = world.coordinator()
    said = read_said(session, cora, ties(session, cora).suspected, REVIEWING)
    kbtu, rolf = said.values()
    assert [(each.question, each.words) for each in kbtu.said] == [
        ("team.organisation_name_ru", "kbtu"),
        ("team.partner_links_note", "Rolf Canaryname taught us."),
    ]
    assert (kbtu.named, rolf.named) == ([], [world.members["rolf"].code])
    assert session.exec(select(AuditEntry.action)).all()[-1] == "identity.list"


def test_suspicions_are_counted_as_they_come_and_go(
    session: Session, world: World, application: Application
) -> None:
    assert looked(session, world) == (2, 0, 0)
    assert looked(session, world) == (0, 0, 0)
    named(session, partner_links=["BC", "AKIM"])
    world.people["karl"].name = "Ada Canaryname"
    session.add(world.people["karl"])
    session.flush()
    assert looked(session, world) == (1, 3, 0)
    # Who decides need not wait for the worker; that somebody has left the panel, it finds by itself.
    first = ties(session, world.coordinator()).suspected[0]
    given = SuspicionInput(suspected=[first.key], finding=Finding.NO_TIE, reason="They have never met.")
    decide_suspicions(session, world.coordinator(), given, REVIEWING)
    assert waiting(session, world) == (2, 0)
    world.members["karl"].removed_at = REVIEWING
    session.add(world.members["karl"])
    session.flush()
    assert looked(session, world) == (1, 1, 0)
    put_up(session, Wall(frozenset({key(application)}), frozenset({application.ref, application.code})))
    assert waiting(session, world) == (0, 0)


def test_a_suspicion_bars_assigning_until_it_is_dismissed(
    session: Session, world: World, application: Application
) -> None:
    named(session, partner_links=["BC"])
    cora = world.coordinator()
    given = AssignmentInput(application=application.code, reviewer=world.members["rita"].code)
    with pytest.raises(ReviewerBarred):
        assign_reviewer(session, cora, given, REVIEWING)
    assert distribute_evenly(session, cora, REVIEWING) == Distributed(made=ORGANISATIONS - 1, holes=1)
    decided(session, world, Finding.NO_TIE)
    assert suspected(session, world) == []
    assert distribute_evenly(session, cora, REVIEWING) == Distributed(made=1, holes=0)
    row = session.exec(select(Conflict)).one()
    assert (row.stands, row.reason, row.decided_by, row.evidence) == (False, REASON, cora.person_id, "BC")
    # Another thing that matches is another question.
    named(session, partner_links=["BC", "ADC"])
    assert [each[1] for each in suspected(session, world)] == ["ADC"]


def test_what_nobody_suspects_cannot_be_decided(
    session: Session, world: World, application: Application
) -> None:
    given = SuspicionInput(suspected=["K7M2Q4.domain.x.kz"], finding=Finding.TIE, reason=REASON)
    with pytest.raises(Invalid):
        decide_suspicions(session, world.coordinator(), given, REVIEWING)


def test_that_oneself_has_no_tie_is_for_another_coordinator_to_say(
    session: Session, world: World, application: Application
) -> None:
    named(session, partner_links_note="Cora Canaryname is our friend.")
    _coordinator(session, world, "max")
    with pytest.raises(OwnTieNeedsAnother):
        decided(session, world, Finding.NO_TIE)
    world.members["max"].removed_at = NOW
    session.add(world.members["max"])
    session.flush()
    decided(session, world, Finding.NO_TIE)
    assert session.exec(select(Conflict.stands)).all() == [False]


def test_a_tie_of_one_person_is_none_of_the_colleagues_to_whom_it_points(
    session: Session, world: World, application: Application
) -> None:
    add_reviewer(session, world, "bela", "BC")
    named(session, partner_links=["BC"])
    (found,) = ties(session, world.coordinator()).suspected
    bela = world.members["bela"].code
    given = SuspicionInput(suspected=[found.key], finding=Finding.TIE, members=[bela], reason=REASON)
    wrong = given.model_copy(update={"members": [world.members["rolf"].code]})
    with pytest.raises(Invalid):
        decide_suspicions(session, world.coordinator(), wrong, REVIEWING)
    decide_suspicions(session, world.coordinator(), given, REVIEWING)
    rows = session.exec(select(Conflict)).all()
    assert {row.person_id: row.stands for row in rows} == {
        world.members["bela"].person_id: True,
        world.members["rita"].person_id: False,
    }


def test_ones_own_tie_is_taken_back_by_oneself_only_where_nobody_else_coordinates(
    session: Session, world: World, application: Application
) -> None:
    cora = world.coordinator()
    declared = TieDeclareInput(application=application.code, reason=REASON)
    declare_own_tie(session, cora, declared, REVIEWING)
    given = OwnLiftInput(application=application.code, reason="It was another garden, of the same street.")
    _coordinator(session, world, "max")
    with pytest.raises(OwnTieNeedsAnother):
        take_back_own_tie(session, cora, given, REVIEWING)
    world.members["max"].removed_at = NOW
    session.add(world.members["max"])
    session.flush()
    take_back_own_tie(session, cora, given, REVIEWING)
    assert session.exec(select(Conflict.stands)).all() == [False]
    with pytest.raises(Invalid):
        take_back_own_tie(session, cora, given, REVIEWING)


def _coordinator(session: Session, world: World, name: str) -> None:
    world.members[name] = PanelMember(
        call_id=key(world.call), person_id=key(world.people[name]), role=PanelRole.COORDINATOR,
        code=random_code(), joined_at=NOW,
    )  # fmt: skip
    session.add(world.members[name])
    session.flush()


def test_a_pinned_tie_ends_the_assignment_and_keeps_what_was_written(
    session: Session, world: World, application: Application
) -> None:
    assignment = make_assignment(session, world, application)
    make_review(session, world, assignment)
    before = desk_progress(session, world.coordinator(), REVIEWING)
    pinned(session, world, application)
    after = desk_progress(session, world.coordinator(), REVIEWING)
    assert (before.sent, after.sent) == (1, 0)
    assert count_of(session, ReviewScore) == len(world.criteria)
    given = AssignmentInput(application=application.code, reviewer=world.members["rita"].code)
    with pytest.raises(ReviewerBarred):
        assign_reviewer(session, world.coordinator(), given, REVIEWING)
    with pytest.raises(TieExists):
        pinned(session, world, application)
    (tie,) = ties(session, world.coordinator()).standing
    assert (tie.application, tie.member, tie.ground, tie.reason, tie.by, tie.at) == (
        application.code, world.members["rita"].code, TieGround.PINNED, REASON,
        world.members["cora"].code, REVIEWING,
    )  # fmt: skip


def test_a_lifted_tie_lets_the_coordinator_give_the_review_back(
    session: Session, world: World, application: Application
) -> None:
    make_review(session, world, make_assignment(session, world, application))
    pinned(session, world, application)
    (tie,) = ties(session, world.coordinator()).standing
    stale = f"{tie.key}9"
    with pytest.raises(Invalid):
        lift_tie(session, world.coordinator(), LiftInput(tie=stale, reason=REASON), REVIEWING)
    lift_tie(session, world.coordinator(), LiftInput(tie=tie.key, reason=REASON), REVIEWING)
    known = ties(session, world.coordinator())
    assert (known.standing, [each.reason for each in known.lifted]) == ([], [REASON])
    given = AssignmentInput(application=application.code, reviewer=world.members["rita"].code)
    assign_reviewer(session, world.coordinator(), given, REVIEWING)
    assert desk_progress(session, world.coordinator(), REVIEWING).sent == 1


def test_a_tie_with_a_review_that_the_order_rests_on_waits_for_reviewing_to_open_again(
    session: Session, world: World, application: Application
) -> None:
    make_review(session, world, make_assignment(session, world, application))
    close_reviewing(session, world.coordinator(), REVIEWING)
    with pytest.raises(AssigningOver):
        pinned(session, world, application)
    assert count_of(session, Conflict) == 0


def test_who_takes_over_is_proposed_and_where_nobody_is_free_it_says_why(
    session: Session, world: World, application: Application
) -> None:
    make_assignment(session, world, application)
    pinned(session, world, application)
    (alone,) = open_recusals(session, world.coordinator())
    assert (alone.organisation, alone.proposed, alone.bench, alone.suspected) == ("BC", "", 1, 0)
    with pytest.raises(NobodyFree):
        substitute_reviewer(session, world.coordinator(), application.code, "BC", REVIEWING)
    named(session, partner_links=["BC"])
    busy = add_reviewer(session, world, "busy", "BC")
    idle = add_reviewer(session, world, "idle", "BC")
    make_assignment(session, world, make_sent_application(session, world, "ben"), "busy")
    (barred,) = open_recusals(session, world.coordinator())
    assert (barred.proposed, barred.bench, barred.suspected) == ("", 3, 2)
    decided_keys = [each.key for each in ties(session, world.coordinator()).suspected]
    given = SuspicionInput(suspected=decided_keys, finding=Finding.NO_TIE, reason=REASON)
    decide_suspicions(session, world.coordinator(), given, REVIEWING)
    (found,) = open_recusals(session, world.coordinator())
    assert (found.proposed, found.load, busy.code != idle.code) == (idle.code, 0, True)
    substitute_reviewer(session, world.coordinator(), application.code, "BC", REVIEWING)
    assert readers(session, world, application) == {"idle"}
    assert open_recusals(session, world.coordinator()) == []


def test_who_takes_over_reads_the_language_and_has_room(
    session: Session, world: World, application: Application
) -> None:
    """The idler of two does not read it; where nobody fits, the nearest gets it only by hand."""
    make_assignment(session, world, application)
    pinned(session, world, application)
    idle, busy = add_reviewer(session, world, "idle", "BC"), add_reviewer(session, world, "busy", "BC")
    make_assignment(session, world, make_sent_application(session, world, "ben"), "busy")
    language = room_of(session, key(world.call)).papers[application.code].language
    idle.languages = [each for each in ("en", "ru", "kk") if each != language][:1]
    session.add(idle)
    session.flush()
    (found,) = open_recusals(session, world.coordinator())
    assert (found.proposed, found.load, found.lacks, found.language) == (busy.code, 1, [], language)
    busy.capacity = 1
    session.add(busy)
    session.flush()
    (found,) = open_recusals(session, world.coordinator())
    assert (found.proposed, found.most, found.lacks) == (busy.code, 1, [Lack.CAPACITY])
    coordinator, code = world.coordinator(), application.code
    with pytest.raises(Invalid) as refused:
        substitute_reviewer(session, coordinator, code, "BC", REVIEWING)
    assert refused.value.fields == {"nonetheless": ("assignment.nobody_fits", {})}
    assert substitute_reviewer(session, coordinator, code, "BC", REVIEWING, nonetheless=True) == busy.code


def walled(session: Session, world: World, name: str = "cora") -> None:
    coordinator = world.coordinator(name)
    put_up(session, wall_for(session, coordinator.person_id, coordinator.call_id))


def test_what_one_declared_a_tie_with_is_not_there_any_more(
    session: Session, world: World, application: Application
) -> None:
    other = make_sent_application(session, world, "ben", "Benches")
    cora, ref = world.coordinator(), application.ref
    with pytest.raises(Invalid):
        declare_own_tie(session, cora, TieDeclareInput(application="nothing", reason=REASON), REVIEWING)
    declare_own_tie(session, cora, TieDeclareInput(application=ref.lower(), reason=REASON), REVIEWING)
    walled(session, world)
    found = full_list(session, cora)
    assert ([each.code for each in found.lines], found.total) == ([other.code], 1)
    assert full_list(session, cora, search="Apples").total == 0
    with pytest.raises(NotFound):
        full_one(session, cora, ref)
    assert desk_progress(session, cora, REVIEWING).applications == 1
    own = ties(session, cora)
    assert ([each.application for each in own.own], own.standing) == ([application.code], [])
    # As unknown as what does not exist: nobody lifts their own tie.
    given = LiftInput(tie=f"{application.code}.{world.members['cora'].code}.1", reason=REASON)
    with pytest.raises(Invalid):
        lift_tie(session, cora, given, REVIEWING)


def test_the_wall_stands_under_any_name_of_a_table(
    session: Session, world: World, application: Application
) -> None:
    """Joined, aliased, or in a value within the statement."""
    other = make_sent_application(session, world, "ben", "Benches")
    for each in (application, other):
        make_assignment(session, world, each)
    given = TieDeclareInput(application=application.code, reason=REASON)
    declare_own_tie(session, world.coordinator(), given, REVIEWING)
    walled(session, world)
    named, given_out = aliased(Application), aliased(Assignment)
    joined = select(col(named.code)).join(given_out, col(given_out.application_id) == col(named.id))
    assert session.exec(joined).all() == [other.code]
    within = (
        select(func.count()).select_from(given_out).join(named, col(named.id) == given_out.application_id)
    )
    outside = select(Application.code, within.scalar_subquery())
    assert session.exec(outside).all() == [(other.code, 1)]
    assert session.exec(select(func.count(col(Application.id)), within.scalar_subquery())).all() == [(1, 1)]


def test_an_application_of_ones_own_and_a_tie_as_a_reviewer_are_behind_the_wall_too(
    session: Session, world: World, application: Application
) -> None:
    tied = make_sent_application(session, world, "ben", "Benches")
    for name in ("ada", "rita"):
        world.members.pop(f"{name} runs", None)
        session.add(
            PanelMember(
                call_id=key(world.call), person_id=key(world.people[name]), role=PanelRole.COORDINATOR,
                code=random_code(), joined_at=NOW,
            )
        )  # fmt: skip
    make_assignment(session, world, tied, "rita", tie="tie")  # type: ignore[arg-type]
    session.flush()
    for name, hidden in (("ada", application), ("rita", tied)):
        wall = wall_for(session, key(world.people[name]), key(world.call))
        assert wall.keys == {key(hidden)}
        assert wall.names == {hidden.ref, hidden.code}


def test_acts_on_the_whole_call_include_what_their_doer_must_not_see(
    session: Session, world: World, application: Application
) -> None:
    """And say nothing of it: what is told are counts and places without it."""
    other = make_sent_application(session, world, "ben", "Benches")
    open_reviewing_rows(session, world)
    cora = world.coordinator()
    pinned(session, world, application, "karl")  # nobody else of his organisation could read it: a hole
    declare_own_tie(session, cora, TieDeclareInput(application=application.code, reason=REASON), REVIEWING)
    walled(session, world)
    assert distribute_evenly(session, cora, REVIEWING) == Distributed(made=ORGANISATIONS, holes=0)
    session.info["wall_down"] = 1
    assert count_of(session, Assignment) == 2 * ORGANISATIONS - 1
    for row in session.exec(select(Assignment)).all():
        own = row.application_id == application.id
        make_review(session, world, row, dict.fromkeys(world.criteria, 5 if own else 3))
    session.info["wall_down"] = 0
    close_reviewing(session, cora, REVIEWING)
    board = ranking(session, cora)
    assert [(row.place, row.label, row.code) for row in board.rows] == [(1, "1", other.code)]
    assert (board.count, board.scored) == (1, 1)
    session.info["wall_down"] = 1
    places = dict(session.exec(select(RankingEntry.application_id, RankingEntry.place)).all())
    assert places == {application.id: 1, other.id: 2}

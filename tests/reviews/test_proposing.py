"""An assignment is proposed, changed by hand, expires, and is published: nothing changes before that."""

import time
from typing import Any

import pytest
from sqlmodel import Session, col, select

from app.errors import Invalid, NotFound, Stale
from app.models.applications import Application, Status
from app.models.assigning import AssignmentProposal
from app.models.audit import AuditEntry
from app.models.outbox import Mail
from app.models.panel import PanelMember
from app.models.reviews import Assignment, Tie
from app.reviews.assignment import withdraw_assignment
from app.reviews.assignment_sheet import assignment_csv, propose_sheet
from app.reviews.basis import Part
from app.reviews.inputs import Act, AdjustInput, HandOnInput, SheetInput
from app.reviews.proposal import FullProposal, full_proposal
from app.reviews.proposing import adjust, discard, hand_on, propose, publish
from app.reviews.refusals import (
    AlreadyAssigned,
    AssigningOver,
    NothingToHandOn,
    ProposalExpired,
    ReviewAlreadySent,
    ReviewBegun,
    ReviewerBarred,
)
from app.reviews.rules import AssignmentRules
from tests.factories import (
    REVIEWING,
    count_of,
    make_assignment,
    make_review,
    make_sent_application,
    open_reviewing_rows,
)
from tests.reviews.test_assignment import add_reviewer, readers
from tests.world import NOW, World, key

USUAL = AssignmentRules()


def applications(session: Session, world: World, number: int = 3) -> list[Application]:
    found = [make_sent_application(session, world, title=f"Project {n}") for n in range(number)]
    open_reviewing_rows(session, world)
    return found


def proposal(session: Session, world: World) -> FullProposal:
    return full_proposal(session, world.coordinator())


def by_hand(world: World, application: Application, name: str, act: Act = Act.GIVE) -> AdjustInput:
    return AdjustInput(application=application.code, reviewer=world.members[name].code, act=act)


def can(session: Session, world: World, name: str, **what: Any) -> PanelMember:
    member = world.members[name]
    for field, value in what.items():
        setattr(member, field, value)
    session.add(member)
    session.flush()
    return member


def test_nothing_changes_before_it_is_published_and_everybody_is_told_once(
    session: Session, world: World
) -> None:
    add_reviewer(session, world, "nina", "BC")
    given = applications(session, world, 4)
    make_review(session, world, make_assignment(session, world, given[0], "rita"))
    with pytest.raises(NotFound):
        proposal(session, world)

    version = propose(session, world.coordinator(), USUAL, REVIEWING)

    found = proposal(session, world)
    assert (found.version, found.expired, found.missing, found.groups) == (version, [], 0, 1)
    assert len(found.added) == 15
    loads = {load.reviewer: load for load in found.loads}
    assert [loads[world.members[name].code].after for name in ("rita", "nina", "rolf")] == [2, 2, 4]
    assert loads[world.members["rita"].code].now == 1
    assert [(each.covered, each.holes) for each in found.organisations] == [(4, 0)] * 4
    assert count_of(session, Assignment) == 1
    assert count_of(session, Mail) == 0

    with pytest.raises(Stale):
        publish(session, world.coordinator(), version + 1, REVIEWING)
    assert publish(session, world.coordinator(), version, REVIEWING) == 15
    assert count_of(session, Assignment) == 16
    assert count_of(session, Mail) == 5, "one each, however many they got"
    entry = session.exec(select(AuditEntry).where(AuditEntry.action == "assignments.publish")).one()
    assert entry.detail == {"made": 15, "taken": 0}
    with pytest.raises(NotFound):
        publish(session, world.coordinator(), version + 1, REVIEWING)


def test_an_assignment_is_proposed_and_published_only_while_it_can_change(
    session: Session, world: World
) -> None:
    for refused in (
        lambda: propose(session, world.coordinator(), USUAL, NOW),
        lambda: publish(session, world.coordinator(), 1, NOW),
        lambda: discard(session, world.coordinator(), 1, NOW),
        lambda: propose_sheet(session, world.coordinator(), SheetInput(rows="x"), NOW),
    ):
        with pytest.raises(AssigningOver):
            refused()


def test_a_proposal_expires_by_part_and_publishes_nothing_then(session: Session, world: World) -> None:
    given = applications(session, world)
    version = propose(session, world.coordinator(), USUAL, REVIEWING)
    can(session, world, "rita", capacity=1)
    make_assignment(session, world, given[0], "rolf", tie=Tie.TIE)
    make_sent_application(session, world, title="Late")

    assert set(proposal(session, world).expired) == {Part.APPLICATIONS, Part.REVIEWERS, Part.TIES}
    before = count_of(session, Assignment)
    with pytest.raises(ProposalExpired):
        publish(session, world.coordinator(), version, REVIEWING)
    with pytest.raises(ProposalExpired):
        adjust(session, world.coordinator(), by_hand(world, given[0], "karl"), version, REVIEWING)
    assert count_of(session, Assignment) == before

    again = propose(session, world.coordinator(), USUAL, REVIEWING)
    found = proposal(session, world)
    assert (again, found.expired, found.missing) == (version + 1, [], 4)


def test_languages_and_capacities_bind_and_what_is_missing_is_explained(
    session: Session, world: World
) -> None:
    add_reviewer(session, world, "nina", "BC")
    given = applications(session, world, 4)
    language = given[0].language
    other = "kk" if language != "kk" else "ru"
    can(session, world, "rita", languages=[other])
    can(session, world, "nina", languages=[language], capacity=3)

    propose(session, world.coordinator(), USUAL, REVIEWING)

    found = proposal(session, world)
    nina, rita = world.members["nina"].code, world.members["rita"].code
    assert not any(pair.reviewer == rita for pair in found.added)
    assert found.missing == 1
    assert found.shortage is not None
    (starving,) = found.shortage.starving
    assert (starving.able, starving.wanted, starving.possible) == ([nina], 4, 3)
    assert {need.organisation for need in starving.needs} == {"BC"}
    (relief,) = found.shortage.relaxations
    assert (relief.way, relief.who, relief.number) == ("more", nina, 1)

    propose(session, world.coordinator(), AssignmentRules(languages=False), REVIEWING)
    found = proposal(session, world)
    assert (found.missing, found.shortage) == (0, None)
    propose(session, world.coordinator(), AssignmentRules(organisation_most={"AKIM": 2}), REVIEWING)
    akim = next(each for each in proposal(session, world).organisations if each.organisation == "AKIM")
    assert (akim.after, akim.holes) == (2, 2)
    with pytest.raises(Invalid) as refused:
        propose(session, world.coordinator(), AssignmentRules(organisation_most={"NONE": 2}), REVIEWING)
    assert list(refused.value.fields) == ["organisation_most.NONE"]


def test_who_knows_the_theme_reads_it_and_loads_stay_even(session: Session, world: World) -> None:
    add_reviewer(session, world, "nina", "BC")
    given = applications(session, world, 2)
    can(session, world, "nina", topics=["ecology"])
    propose(session, world.coordinator(), USUAL, REVIEWING)
    loads = {each.reviewer: each.after for each in proposal(session, world).loads}
    assert (loads[world.members["nina"].code], loads[world.members["rita"].code]) == (1, 1)
    make_assignment(session, world, given[0], "rita")
    propose(session, world.coordinator(), USUAL, REVIEWING)
    bench = {world.members[name].code for name in ("nina", "rita")}
    assert [
        (pair.application, pair.reviewer) for pair in proposal(session, world).added if pair.reviewer in bench
    ] == [(given[1].code, world.members["nina"].code)]


def test_what_was_decided_by_hand_is_heeded_again(session: Session, world: World) -> None:
    add_reviewer(session, world, "nina", "BC")
    given = applications(session, world, 2)
    tied = given[1]
    make_assignment(session, world, tied, "karl", tie=Tie.TIE)
    version = propose(session, world.coordinator(), USUAL, REVIEWING)
    ritas = {
        pair.application
        for pair in proposal(session, world).added
        if pair.reviewer == world.members["rita"].code
    }
    moved = next(each for each in given if each.code in ritas)
    version = adjust(session, world.coordinator(), by_hand(world, moved, "nina"), version, REVIEWING)
    loads = {each.reviewer: each.after for each in proposal(session, world).loads}
    assert (loads[world.members["nina"].code], loads[world.members["rita"].code]) == (2, 0)
    with pytest.raises(Stale):
        adjust(session, world.coordinator(), by_hand(world, given[0], "rita"), version - 1, REVIEWING)
    version = adjust(
        session, world.coordinator(), by_hand(world, given[0], "rolf", Act.TAKE), version, REVIEWING
    )
    for refusal, input_ in (
        (AlreadyAssigned, by_hand(world, moved, "nina")),
        (ReviewerBarred, by_hand(world, tied, "karl")),
        (Invalid, by_hand(world, given[0], "rolf", Act.TAKE)),
    ):
        with pytest.raises(refusal):
            adjust(session, world.coordinator(), input_, version, REVIEWING)
    wrong = AdjustInput(application="Апорт-0", reviewer="NOBODY", act=Act.GIVE)
    with pytest.raises(Invalid):
        adjust(session, world.coordinator(), wrong, version, REVIEWING)

    version = propose(session, world.coordinator(), USUAL, REVIEWING)

    found = proposal(session, world)
    assert [pair.reviewer for pair in found.added if pair.by_hand] == [world.members["nina"].code]
    assert found.missing == 2, "Rolf was taken off one, Karl has a tie with the other"
    publish(session, world.coordinator(), version, REVIEWING)
    assert "nina" in readers(session, world, moved)
    assert "rolf" not in readers(session, world, given[0])
    propose(session, world.coordinator(), USUAL, REVIEWING)
    assert proposal(session, world).missing == 1, "what was decided in a published proposal is over"


def test_a_reviewers_remainder_is_handed_on_but_not_what_was_begun(session: Session, world: World) -> None:
    add_reviewer(session, world, "nina", "BC")
    add_reviewer(session, world, "olga", "BC")
    given = applications(session, world, 5)
    for application in given:
        make_assignment(session, world, application, "rita", tie=None)
    rows = session.exec(select(Assignment).order_by(col(Assignment.queue_key))).all()
    make_review(session, world, rows[0])
    make_assignment(session, world, session.get_one(Application, rows[4].application_id), "nina", tie=Tie.TIE)
    make_assignment(session, world, session.get_one(Application, rows[4].application_id), "olga", tie=Tie.TIE)
    rita = world.members["rita"].code

    hand_on(session, world.coordinator(), HandOnInput(handed_by=rita, number=2), REVIEWING)
    last = session.get_one(Application, rows[3].application_id)
    assert [pair.application for pair in proposal(session, world).taken] == [last.code]

    version = hand_on(session, world.coordinator(), HandOnInput(handed_by=rita), REVIEWING)
    found = proposal(session, world)
    assert len(found.taken) == 3, "the begun one stays, and the one that nobody else may read"
    loads = {load.reviewer: load.after for load in found.loads}
    assert loads[rita] == 2
    assert sorted(loads[world.members[name].code] for name in ("nina", "olga")) == [1, 2]
    assert (found.missing, found.shortage) == (0, None), "what stays is no hole"
    alone = session.get_one(Application, rows[4].application_id)
    assert [(pair.reviewer, pair.application) for pair in found.staying] == [(rita, alone.code)]

    publish(session, world.coordinator(), version, REVIEWING)
    session.expire_all()
    kept = session.exec(
        select(Assignment).where(
            Assignment.member_id == world.members["rita"].id, col(Assignment.withdrawn_at).is_(None)
        )
    ).all()
    assert {row.application_id for row in kept} == {rows[0].application_id, rows[4].application_id}


def test_what_is_begun_meanwhile_is_not_taken(session: Session, world: World) -> None:
    add_reviewer(session, world, "nina", "BC")
    (application,) = applications(session, world, 1)
    row = make_assignment(session, world, application, "rita", tie=None)
    rita = world.members["rita"].code
    version = hand_on(session, world.coordinator(), HandOnInput(handed_by=rita), REVIEWING)
    review = make_review(session, world, row, None)
    assert proposal(session, world).expired == [Part.ASSIGNMENTS]
    with pytest.raises(ProposalExpired):
        publish(session, world.coordinator(), version, REVIEWING)
    version = propose(session, world.coordinator(), USUAL, REVIEWING)
    refusal = ReviewAlreadySent if review.sent_at else ReviewBegun
    with pytest.raises(refusal):
        adjust(
            session, world.coordinator(), by_hand(world, application, "rita", Act.TAKE), version, REVIEWING
        )
    with pytest.raises(NothingToHandOn):
        hand_on(session, world.coordinator(), HandOnInput(handed_by=rita), REVIEWING)
    with pytest.raises(Invalid):
        hand_on(session, world.coordinator(), HandOnInput(handed_by="NOBODY"), REVIEWING)
    discard(session, world.coordinator(), version, REVIEWING)
    with pytest.raises(NotFound):
        proposal(session, world)


def test_a_table_goes_out_and_comes_back(session: Session, world: World) -> None:
    add_reviewer(session, world, "nina", "BC")
    first, second = applications(session, world, 2)
    make_assignment(session, world, first, "rita")
    make_assignment(session, world, second, "karl", tie=Tie.TIE)
    codes = {name: member.code for name, member in world.members.items()}
    table = assignment_csv(session, world.coordinator())
    assert table.startswith("\ufeffapplication,language,theme,organisation,reviewer,name,state\r\n")
    assert f"{first.code},en,ecology,BC,{codes['rita']},Rita Canaryname,given\r\n" in table
    assert table.count(",,missing\r\n") == 7

    wrong = [
        "reviewer;note;Application;Organisation",
        f"{codes['karl']};;{second.code}",
        f"{codes['nina']};;{first.code}",
        f"{codes['rolf']};;{first.code}",
        f"{codes['rolf']};;{first.code}",
        f";;{second.code}",
        "NOBODY;;" + second.code,
        f"{codes['rolf']};;Апорт-0",
        f"{codes['rita']};;{first.code}",
        f"{codes['rolf']};;{second.code};bc",
    ]
    with pytest.raises(Invalid) as refused:
        propose_sheet(session, world.coordinator(), SheetInput(rows="\n".join(wrong)), REVIEWING)
    assert {name: code for name, (code, _) in refused.value.fields.items()} == {
        "rows": "assignment.lines_wrong",
        "rows.2": "assignment.line_barred",
        "rows.3": "assignment.line_organisation",
        "rows.5": "assignment.line_twice",
        "rows.7": "assignment.line_reviewer",
        "rows.8": "assignment.line_application",
        "rows.10": "assignment.line_other",
    }
    said = refused.value.fields["rows.10"][1]
    assert (said["theirs"], said["organisation"]) == ("AKIM", "bc")
    assert count_of(session, AssignmentProposal) == 0
    for nothing in ("a,b\n1,2", "application", '"reviewer'):
        with pytest.raises(Invalid) as refused:
            propose_sheet(session, world.coordinator(), SheetInput(rows=nothing), REVIEWING)
        assert refused.value.fields == {"rows": ("assignment.no_columns", {})}

    before = propose(session, world.coordinator(), USUAL, REVIEWING)
    with pytest.raises(Invalid) as refused:
        propose_sheet(session, world.coordinator(), SheetInput(rows=table), REVIEWING)
    assert refused.value.fields == {"rows": ("assignment.nothing_new", {})}
    assert proposal(session, world).version == before, "a table that says nothing takes no proposal's place"
    body = world.organisations["BC"].name["ru"]
    for called, of in (("NINA.canary@example.org", ""), ("nina canaryname", "bc"), (codes["nina"], body)):
        filled = table.replace(f"{second.code},en,ecology,BC,,,missing", f'{second.code},,,"{of}",{called}')
        version = propose_sheet(session, world.coordinator(), SheetInput(rows=filled), REVIEWING)
    found = proposal(session, world)
    assert [(pair.application, pair.reviewer, pair.by_hand) for pair in found.added] == [
        (second.code, codes["nina"], True)
    ]
    version = propose(session, world.coordinator(), USUAL, REVIEWING)
    assert proposal(session, world).missing == 1
    publish(session, world.coordinator(), version, REVIEWING)
    assert readers(session, world, second) == {"nina", "rolf", "anna", "karl"}


def test_what_was_taken_back_comes_back_by_hand_only(session: Session, world: World) -> None:
    (application,) = applications(session, world, 1)
    row = make_assignment(session, world, application, "rita")
    withdraw_assignment(session, world.coordinator(), application.code, world.members["rita"].code, REVIEWING)
    version = propose(session, world.coordinator(), USUAL, REVIEWING)
    assert proposal(session, world).missing == 1
    version = adjust(session, world.coordinator(), by_hand(world, application, "rita"), version, REVIEWING)
    publish(session, world.coordinator(), version, REVIEWING)
    session.expire_all()
    assert session.get_one(Assignment, key(row)).withdrawn_at is None
    assert count_of(session, Assignment) == 4


@pytest.mark.parametrize("capacity", [60, 40], ids=["feasible", "hostile"])
def test_the_programmes_own_size_takes_less_than_two_seconds(
    session: Session, world: World, capacity: int
) -> None:
    """253 applications, 4 organisations, 20 reviewers with ties, languages, themes and capacities."""
    for organisation in world.organisations:
        for number in range(4):
            add_reviewer(session, world, f"{organisation.lower()}{number}", organisation)
    reviewers = [member for name, member in world.members.items() if name != "cora"]
    reviewers.sort(key=lambda member: member.organisation_id or 0)
    for number, member in enumerate(reviewers):
        member.capacity = capacity
        member.languages = [["kk", "ru"], ["ru"], ["kk", "ru", "en"], [], ["kk"]][number % 5]
        session.add(member)
    papers = [
        Application(
            call_id=key(world.call),
            ref=f"WA26-{number:04}",
            code=f"Апорт-{number:04}",
            status=Status.SENT,
            language="kk" if number % 3 else "ru",
            created_at=NOW,
            counts_number=1,
        )
        for number in range(253)
    ]
    session.add_all(papers)
    session.flush()
    for number in range(0, 240, 4):
        make_assignment(session, world, papers[number], _name(world, reviewers[number % 20]), tie=Tie.TIE)

    began = time.process_time()
    propose(session, world.coordinator(), USUAL, REVIEWING)
    found = proposal(session, world)
    assert time.process_time() - began < 2

    loads = sorted(load.after for load in found.loads)
    if capacity == 60:
        assert (len(found.added), found.missing, found.groups) == (1012, 0, 1)
        assert all((each.covered, each.holes) == (253, 0) for each in found.organisations)
        assert loads[-1] - loads[0] <= 1
    else:
        assert (found.missing, loads[0], loads[-1]) == (1012 - 800, 40, 40)
        assert found.shortage is not None
        assert [(len(each.able), each.wanted, each.possible) for each in found.shortage.starving] == [
            (5, 253, 200)
        ] * 4
        assert {each.way for each in found.shortage.relaxations} == {"more"}
        assert sum(each.number for each in found.shortage.relaxations) == 212


def _name(world: World, member: PanelMember) -> str:
    return next(name for name, each in world.members.items() if each is member)

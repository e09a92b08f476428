"""Applications are checked against the published rules; two people refuse one, and its team hears why."""

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, col, select

from app.accounts.actors import Coordinator
from app.applications.actions.asking import CorrectionInput, ask_correction
from app.applications.actions.screening import (
    NoteInput,
    ScreeningInput,
    confirm_refusal,
    decline_refusal,
    reinstate,
    save_screening,
)
from app.applications.rules import rules_of
from app.applications.screened import (
    ScreeningState,
    full_screening,
    full_screenings,
    next_to_check,
    own_refusal,
)
from app.applications.screening_refusals import (
    NotProposed,
    NotRefused,
    ScreeningAwaitsCorrection,
    ScreeningClosed,
    ScreeningTooEarly,
    SecondPersonNeeded,
)
from app.decisions.ahead import closing_ahead
from app.errors import Invalid, NotFound, Stale
from app.models.applications import Application, History, Status
from app.models.audit import AuditEntry
from app.models.calls import Call
from app.models.outbox import Mail
from app.models.panel import PanelMember, PanelRole
from app.random_codes import random_code
from app.reviews.opening import open_reviewing
from app.reviews.progress import desk_progress
from tests.factories import REVIEWING, make_sent_application
from tests.world import NOW, OPENS, World, key

CLOSED = REVIEWING
WORDS = "The project is to take place in Taraz, and this call is for Almaty only."
WHY = "The letter of the school shows that it is in Almaty after all."


def second(session: Session, world: World) -> Coordinator:
    """Another coordinator beside Cora."""
    world.members["max"] = PanelMember(
        call_id=key(world.call),
        person_id=key(world.people["max"]),
        role=PanelRole.COORDINATOR,
        code=random_code(),
        joined_at=OPENS,
    )
    session.add(world.members["max"])
    session.flush()
    return world.coordinator("max")


def found(world: World, *, broken: str = "", **given: str) -> ScreeningInput:
    checks = dict.fromkeys(rules_of(world.call), "met")
    if broken:
        checks[broken] = "unmet"
    return ScreeningInput.model_validate({"checks": checks, **given})


def refusal(world: World, **given: str) -> ScreeningInput:
    return found(world, broken="who_cannot", decision="refuse", words=WORDS, **given)


def mails(session: Session) -> list[str]:
    return [each.template for each in session.exec(select(Mail).order_by(col(Mail.id))).all()]


def acts(session: Session) -> list[str]:
    wanted = col(AuditEntry.action).like("screening.%") | col(AuditEntry.action).like("ledger.%")
    return list(session.exec(select(AuditEntry.action).where(wanted).order_by(col(AuditEntry.id))))


def test_rules_are_those_that_the_call_has_published(world: World) -> None:
    assert rules_of(world.call) == (
        "age",
        "kind",
        "amount",
        "started",
        "theme",
        "who_cannot",
        "double_funding",
    )


def test_passing_needs_every_rule_met_and_leads_to_the_next(session: Session, world: World) -> None:
    refs = sorted(make_sent_application(session, world, title=f"Project {n}").ref for n in range(3))
    cora = world.coordinator()
    given = found(world, broken="age", decision="pass")
    with pytest.raises(Invalid) as refused:
        save_screening(session, cora, refs[1], given, version=0, now=NOW)
    assert set(refused.value.fields) == {"checks.age"}
    save_screening(session, cora, refs[1], found(world, broken="age"), version=0, now=NOW)
    kept = full_screening(session, cora, refs[1], NOW)
    assert (kept.state, kept.version, kept.broken) == (ScreeningState.TO_DO, 1, ["age"])
    with pytest.raises(Stale):
        save_screening(session, cora, refs[1], found(world, decision="pass"), version=0, now=NOW)
    save_screening(session, cora, refs[1], found(world, decision="pass"), version=1, now=NOW)
    assert full_screening(session, cora, refs[1], NOW).state is ScreeningState.PASSED
    # Save and next: the one after it, then round to the first.
    assert next_to_check(session, cora, refs[1]) == refs[2]
    assert next_to_check(session, cora, refs[2]) == refs[0]
    counts = full_screenings(session, cora).counts
    assert (counts[ScreeningState.TO_DO], counts[ScreeningState.PASSED]) == (2, 1)


def test_what_is_sent_anew_is_checked_anew(session: Session, world: World) -> None:
    application = make_sent_application(session, world)
    save_screening(
        session, world.coordinator(), application.ref, found(world, decision="pass"), version=0, now=NOW
    )
    row = session.get_one(Application, application.id)
    from app.models.applications import Packet, Sending

    sending = Sending(
        application_id=key(row),
        number=2,
        language="en",
        sent_at=NOW,
        sent_by=key(world.people["ada"]),
        sha256="0" * 64,
    )
    session.add(sending)
    session.flush()
    session.add(
        Packet(sending_id=key(sending), title="New", summary="", districts=[], language="en", data={})
    )
    row.counts_number = 2
    session.flush()
    seen = full_screening(session, world.coordinator(), application.ref, NOW)
    assert (seen.state, seen.changed) == (ScreeningState.TO_DO, True)


def test_a_refusal_takes_two_people_and_the_team_is_told_at_once(session: Session, world: World) -> None:
    cora, other = world.coordinator(), second(session, world)
    application = make_sent_application(session, world)
    stays = make_sent_application(session, world, "ben")
    ref = application.ref
    save_screening(session, cora, ref, refusal(world), version=0, now=CLOSED)
    proposed = full_screening(session, cora, ref, CLOSED)
    assert (proposed.state, proposed.mine, application.status) == (ScreeningState.PROPOSED, True, Status.SENT)
    assert mails(session) == ["desk_waits"], "the second person is told that something waits"
    assert own_refusal(session, world.applicant(), ref) is None
    with pytest.raises(SecondPersonNeeded):
        confirm_refusal(session, cora, ref, version=1, now=CLOSED)
    confirm_refusal(session, other, ref, version=1, now=CLOSED)
    assert application.status is Status.REFUSED
    own = own_refusal(session, world.applicant(), ref)
    assert own is not None
    assert (own.rules, own.words) == (["who_cannot"], WORDS)
    assert mails(session) == ["desk_waits", "application_refused"]
    with pytest.raises(NotFound):
        own_refusal(session, world.applicant("ben"), ref)
    # It takes no part: nobody scores it, and opening leaves it where it is.
    assert desk_progress(session, cora, CLOSED).applications == 1
    assert open_reviewing(session, cora, CLOSED) == 1
    session.refresh(application)
    session.refresh(stays)
    assert (application.status, stays.status) == (Status.REFUSED, Status.IN_REVIEW)
    assert acts(session) == ["screening.proposed", "screening.refused"]
    with pytest.raises(NotProposed):
        confirm_refusal(session, other, ref, version=2, now=CLOSED)


def test_the_second_person_may_disagree(session: Session, world: World) -> None:
    cora, other = world.coordinator(), second(session, world)
    ref = make_sent_application(session, world).ref
    save_screening(session, cora, ref, refusal(world), version=0, now=CLOSED)
    with pytest.raises(Invalid):
        decline_refusal(session, other, ref, NoteInput(why="No."), version=1, now=CLOSED)
    decline_refusal(session, other, ref, NoteInput(why=WHY), version=1, now=CLOSED)
    seen = full_screening(session, cora, ref, CLOSED)
    assert seen.state is ScreeningState.TO_DO
    assert [(step.by, step.note) for step in seen.steps] == [("Cora Canaryname", ""), ("Max Canaryname", WHY)]


def test_who_runs_the_call_alone_refuses_with_a_reason_in_the_ledger(session: Session, world: World) -> None:
    ref = make_sent_application(session, world).ref
    cora = world.coordinator()
    with pytest.raises(Invalid) as refused:
        save_screening(session, cora, ref, refusal(world), version=0, now=CLOSED)
    assert set(refused.value.fields) == {"note"}
    alone = refusal(world, note="The programme has one coordinator until May.")
    save_screening(session, cora, ref, alone, version=0, now=CLOSED)
    assert full_screening(session, cora, ref, CLOSED).state is ScreeningState.REFUSED
    assert acts(session) == ["screening.refused", "ledger.refused_by_one"]


@pytest.mark.parametrize("reviewing", [False, True])
def test_a_refused_one_takes_part_again(session: Session, world: World, reviewing: bool) -> None:
    cora, other = world.coordinator(), second(session, world)
    application = make_sent_application(session, world)
    ref = application.ref
    with pytest.raises(NotRefused):
        reinstate(session, other, ref, NoteInput(why=WHY), version=0, now=CLOSED)
    one_rule = ScreeningInput(checks={"who_cannot": "unmet"}, decision="refuse", words=WORDS)
    save_screening(session, cora, ref, one_rule, version=0, now=CLOSED)
    confirm_refusal(session, other, ref, version=1, now=CLOSED)
    with pytest.raises(ScreeningClosed):
        save_screening(session, cora, ref, found(world), version=2, now=CLOSED)
    if reviewing:
        open_reviewing(session, cora, CLOSED)
        session.refresh(application)
    reinstate(session, cora, ref, NoteInput(why=WHY), version=2, now=CLOSED)
    assert application.status is (Status.IN_REVIEW if reviewing else Status.SENT)
    again = full_screening(session, cora, ref, CLOSED)
    assert again.state is ScreeningState.TO_DO, "nobody has judged the other rules"
    assert again.checks == {"who_cannot": "met"} and next_to_check(session, cora, "") == ref
    if reviewing:
        assert closing_ahead(session, cora, CLOSED).unchecked == 1, "nobody can judge them once it is closed"
    save_screening(session, cora, ref, found(world, decision="pass"), version=3, now=CLOSED)
    if reviewing:
        assert closing_ahead(session, cora, CLOSED).unchecked == 0
    assert full_screening(session, cora, ref, CLOSED).state is ScreeningState.PASSED
    assert own_refusal(session, world.applicant(), ref) is None
    assert mails(session)[-1] == "application_reinstated"
    moves = session.exec(select(History.move).where(History.application_id == application.id)).all()
    assert moves[-3:] == ["refuse", "reinstate", "start_review"] if reviewing else ["refuse", "reinstate"]


def test_nobody_is_refused_while_they_can_still_mend_it(session: Session, world: World) -> None:
    ref = make_sent_application(session, world).ref
    cora = world.coordinator()
    second(session, world)
    with pytest.raises(ScreeningTooEarly):
        save_screening(session, cora, ref, refusal(world), version=0, now=NOW)
    asked = CorrectionInput(fields=["brief.title"], question="Please say where the project takes place.")
    ask_correction(session, cora, ref, asked, CLOSED)
    assert full_screening(session, cora, ref, CLOSED).state is ScreeningState.FIXING
    assert next_to_check(session, cora, "") == ""
    with pytest.raises(ScreeningAwaitsCorrection):
        save_screening(session, cora, ref, refusal(world), version=0, now=CLOSED)


def test_a_refusal_names_a_rule_and_says_why(session: Session, world: World) -> None:
    ref = make_sent_application(session, world).ref
    second(session, world)
    given = found(world, decision="refuse", words="No.")
    with pytest.raises(Invalid) as refused:
        save_screening(session, world.coordinator(), ref, given, version=0, now=CLOSED)
    assert set(refused.value.fields) == {"checks", "words"}
    unknown = ScreeningInput(checks={"nonsense": "met"})
    with pytest.raises(Invalid):
        save_screening(session, world.coordinator(), ref, unknown, version=0, now=CLOSED)


def test_nothing_is_checked_once_reviewing_has_closed(session: Session, world: World) -> None:
    ref = make_sent_application(session, world).ref
    call = session.get_one(Call, world.call.id)
    call.reviewing_opened_at = call.reviewing_closed_at = CLOSED
    session.flush()
    with pytest.raises(ScreeningClosed):
        save_screening(session, world.coordinator(), ref, found(world), version=0, now=CLOSED)


def test_a_stranger_finds_nothing(engine: Engine, session: Session, world: World) -> None:
    ref = make_sent_application(session, world).ref
    stranger = Coordinator(key(world.people["max"]), 10**6)
    with pytest.raises(NotFound):
        full_screening(session, stranger, ref, NOW)

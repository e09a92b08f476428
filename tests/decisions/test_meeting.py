"""The panel: what is on its agenda, what its decisions bring about, and the second person."""

from datetime import date, timedelta

import pytest
from sqlmodel import Session, select

from app.accounts.actors import Coordinator
from app.calls.ledger import public_ledger
from app.decisions import announce
from app.decisions.agenda import Ground, agenda, case_of
from app.decisions.awards import draw_line, withdraw_award
from app.decisions.canonical import digest_of
from app.decisions.closing import reopen_reviewing
from app.decisions.decide import decide, reopen_decision
from app.decisions.departures import take_back_departure
from app.decisions.held import call_of, decision_version
from app.decisions.meeting import (
    AddInput,
    CaseInput,
    MeetingInput,
    MinutesInput,
    add_case,
    meeting_of,
    remove_case,
    save_case,
    save_meeting,
    save_minutes,
)
from app.decisions.protocol import full_protocol, kept_protocols, read_protocol
from app.decisions.protocol_file import parsed
from app.decisions.refusals import (
    AlreadyDecided,
    CaseWritten,
    NoPlaceLeft,
    OnAgenda,
    PanelContradicted,
    SecondPersonNeeded,
    UnconfirmedDepartures,
)
from app.decisions.seconding import ConfirmInput, confirm_departure, departures
from app.errors import Invalid, NotFound, Stale
from app.models.decisions import DecisionProtocol, RankingEntry
from app.models.meeting import Outcome, PanelCase
from app.models.panel import PanelMember, PanelRole
from app.reviews.conflicts import declare_own_tie
from app.reviews.tie_inputs import TieDeclareInput
from app.wall import BehindWall, Wall, put_up
from tests.decisions.scored import REASON, awarded, ranked_call
from tests.factories import KNOWN, REVIEWING
from tests.world import World, key

LATER = REVIEWING + timedelta(days=1)
PASS = CaseInput(minutes="We talked for long.", outcome=Outcome.PASS_OVER, reason=REASON)
RAISE = CaseInput(minutes="A better site.", outcome=Outcome.RAISE, reason=REASON)


def second(session: Session, world: World) -> Coordinator:
    """Max coordinates too."""
    max_ = key(world.people["max"])
    session.add(
        PanelMember(
            call_id=key(world.call),
            person_id=max_,
            role=PanelRole.COORDINATOR,
            code="SECOND",
            joined_at=REVIEWING,
        )
    )
    session.flush()
    return Coordinator(max_, key(world.call))


def freeze(session: Session, who: Coordinator) -> str:
    session.flush()
    return decide(session, who, decision_version(session, call_of(session, who)), LATER, KNOWN)


def confirm(session: Session, who: Coordinator, application: str) -> None:
    (found,) = [each for each in departures(session, who) if each.application == application]
    given = ConfirmInput(application=application, round=found.round, decided_at=found.decided_at)
    confirm_departure(session, who, given, LATER)


def test_the_agenda_has_what_is_not_firm_and_groups_it_by_who_leaves_the_room(
    session: Session, world: World
) -> None:
    codes = ranked_call(session, world, 9)
    cora = world.coordinator()
    firm = {
        entry.shown["code"]: entry.figures["firm"]["chance"]["6"]
        for entry in session.exec(select(RankingEntry))
    }
    uncertain = {code for code, chance in firm.items() if 0.1 < chance < 0.9}
    assert 0 < len(uncertain) < 9
    found = agenda(session, cora)
    assert {each.application for each in found.cases} == uncertain
    assert all(each.grounds == [Ground.UNCERTAIN] and each.away == [] for each in found.cases)
    assert not found.partial
    added = next(code for code in codes if code not in uncertain)
    assert add_case(session, cora, AddInput(application=added), LATER) == added
    with pytest.raises(OnAgenda):
        add_case(session, cora, AddInput(application=added), LATER)
    with pytest.raises(Invalid):
        add_case(session, cora, AddInput(application="NOWHERE"), LATER)
    assert case_of(agenda(session, cora), added).grounds == [Ground.ADDED]
    with pytest.raises(NotFound):
        case_of(found, next(code for code in codes if code not in {*uncertain, added}))


def test_what_the_panel_decides_is_brought_about_and_undone_with_it(session: Session, world: World) -> None:
    codes = ranked_call(session, world)
    cora, last = world.coordinator(), codes[7]
    version = save_case(session, cora, last, 0, RAISE, LATER)
    assert awarded(session) == {last: 500_000}
    draw_line(session, cora, world.round.code, LATER)
    assert set(awarded(session)) == {*codes[:5], last}
    with pytest.raises(Stale):
        save_case(session, cora, last, 0, RAISE, LATER)
    # A place is not there for one more; nothing of that is kept.
    with pytest.raises(NoPlaceLeft):
        save_case(session, cora, codes[6], 0, RAISE, LATER)
    assert not [each for each in agenda(session, cora).cases if each.application == codes[6] and each.version]
    with pytest.raises(Invalid) as short:
        save_case(session, cora, last, version, RAISE.model_copy(update={"reason": "short"}), LATER)
    assert list(short.value.fields) == ["reason"]
    save_case(session, cora, codes[0], 0, PASS, LATER)
    assert set(awarded(session)) == {*codes[1:5], last}
    assert {each.application: each.raised for each in departures(session, cora)} == {
        codes[0]: False,
        last: True,
    }
    save_case(session, cora, last, version, CaseInput(outcome=Outcome.AS_RANKED), LATER)
    assert set(awarded(session)) == set(codes[1:5])
    assert [each.application for each in departures(session, cora)] == [codes[0]]
    draw_line(session, cora, world.round.code, LATER)
    assert set(awarded(session)) == set(codes[1:7])
    # What was taken back elsewhere contradicts what the panel decided, until it is decided again.
    take_back_departure(session, cora, world.round.code, codes[0], LATER)
    withdraw_award(session, cora, codes[6], 1, LATER)
    draw_line(session, cora, world.round.code, LATER)
    with pytest.raises(PanelContradicted):
        freeze(session, cora)
    save_case(session, cora, codes[0], 1, PASS, LATER)
    draw_line(session, cora, world.round.code, LATER)
    assert freeze(session, cora)
    with pytest.raises(AlreadyDecided):
        save_case(session, cora, codes[0], 2, CaseInput(), LATER)


def test_raising_one_that_stands_above_the_line_is_no_decision(session: Session, world: World) -> None:
    codes = ranked_call(session, world)
    with pytest.raises(Invalid) as refused:
        save_case(session, world.coordinator(), codes[0], 0, RAISE, LATER)
    assert refused.value.fields == {"outcome": ("panel.stands_above", {})}
    assert awarded(session) == {}


def test_a_departure_needs_a_second_person_where_there_is_one(session: Session, world: World) -> None:
    codes = ranked_call(session, world)
    cora, max_ = world.coordinator(), second(session, world)
    save_case(session, cora, codes[0], 0, PASS, LATER)
    draw_line(session, cora, world.round.code, LATER)
    with pytest.raises(UnconfirmedDepartures) as refused:
        freeze(session, cora)
    assert refused.value.params == {"codes": codes[0]}
    with pytest.raises(SecondPersonNeeded):
        confirm(session, cora, codes[0])
    (seen,) = departures(session, max_)
    assert (seen.waits, seen.mine, seen.alone) == (True, False, False)
    save_case(
        session,
        cora,
        codes[0],
        1,
        PASS.model_copy(update={"reason": REASON + " And more."}),
        LATER + timedelta(hours=1),
    )
    old = ConfirmInput(application=codes[0], round=seen.round, decided_at=seen.decided_at)
    with pytest.raises(Stale):
        confirm_departure(session, max_, old, LATER)
    confirm(session, max_, codes[0])
    # Minutes alone leave the decision, and who confirmed it, as they are.
    said = PASS.model_copy(update={"reason": REASON + " And more.", "minutes": "More was said."})
    save_case(session, cora, codes[0], 2, said, LATER)
    (done,) = departures(session, cora)
    assert (done.waits, done.confirmed_by) == (False, "SECOND")
    freeze(session, cora)
    protocol = full_protocol(session, cora)
    (kept,) = protocol.rounds[0].departures
    assert (kept.kind, kept.confirmed_by, kept.alone) == ("passed_over", "SECOND", False)
    assert protocol.panel and [each.minutes for each in protocol.panel.cases] == ["More was said."]
    assert "ledger.departed_alone" not in {
        each.act for each in public_ledger(session, world.call.slug).entries
    }


def test_who_is_tied_is_no_second_person_and_the_ledger_tells_of_who_was_alone(
    session: Session, world: World
) -> None:
    codes = ranked_call(session, world)
    cora, max_ = world.coordinator(), second(session, world)
    declare_own_tie(session, max_, TieDeclareInput(application=codes[0], reason="My sister leads it"), LATER)
    save_case(session, cora, codes[0], 0, PASS, LATER)
    draw_line(session, cora, world.round.code, LATER)
    (found,) = departures(session, cora)
    assert (found.waits, found.alone) == (False, True)
    assert case_of(agenda(session, cora), codes[0]).away == ["SECOND"]
    freeze(session, cora)

    def told() -> list[str]:
        session.flush()
        entries = public_ledger(session, world.call.slug).entries
        return [each.reason for each in entries if each.act == "ledger.departed_alone"]

    # The reason would tell of the result before it is announced.
    assert told() == [""]
    announce.publish(session, cora, decision_version(session, call_of(session, cora)), LATER)
    assert told() == [REASON]


def test_the_protocol_is_kept_as_it_was_frozen_and_the_next_one_says_why(
    session: Session, world: World
) -> None:
    codes = ranked_call(session, world)
    cora = world.coordinator()
    save_meeting(
        session,
        cora,
        0,
        MeetingInput(held_on=date(2026, 4, 2), present=[world.members["rita"].code], notes="All spoke."),
        LATER,
    )
    with pytest.raises(Stale):
        save_meeting(session, cora, 0, MeetingInput(), LATER)
    draft = full_protocol(session, cora)
    assert (draft.draft, draft.made_at, draft.number) == (True, None, 1)
    assert draft.panel and (draft.panel.held_on, draft.panel.notes) == ("2026-04-02", "All spoke.")
    draw_line(session, cora, world.round.code, LATER)
    freeze(session, cora)
    first = read_protocol(session, cora)
    protocol, document = parsed(first)
    assert digest_of(document) == protocol.digest
    assert not {"Canaryname", "canary"} & set(first.replace('"', " ").split())
    assert "canary" not in first.lower()
    assert protocol.decision_sha256 == call_of(session, cora).decision_hash
    assert [(each.application, each.amount_minor) for each in protocol.rounds[0].awards] == [
        (code, 500_000) for code in codes[:6]
    ]
    reopen_decision(session, cora, "A mistake was found", LATER)
    withdraw_award(session, cora, codes[5], 1, LATER)
    assert full_protocol(session, cora).draft
    freeze(session, cora)
    again = full_protocol(session, cora)
    assert (again.number, [each.reason for each in again.replaced]) == (2, ["A mistake was found"])
    assert again.replaced[0].digest == protocol.digest
    assert read_protocol(session, cora, 1) == first
    assert [(each.number, each.standing) for each in kept_protocols(session, cora)] == [(2, True), (1, False)]
    with pytest.raises(NotFound):
        read_protocol(session, cora, 3)
    row = session.exec(select(DecisionProtocol).where(DecisionProtocol.number == 1)).one()
    nested = session.begin_nested()
    row.digest = "0" * 64
    session.add(row)
    with pytest.raises(Exception, match="only ever added"):
        session.flush()
    nested.rollback()


def test_a_coordinator_with_a_tie_reads_neither_zone_nor_protocol(session: Session, world: World) -> None:
    codes = ranked_call(session, world)
    cora = world.coordinator()
    save_meeting(session, cora, 0, MeetingInput(notes="K was praised."), LATER)
    save_case(session, cora, codes[1], 0, PASS, LATER)
    save_case(session, cora, codes[2], 0, PASS, LATER)
    keys = {entry.shown["code"]: entry.application_id for entry in session.exec(select(RankingEntry))}
    put_up(session, Wall(frozenset({keys[codes[1]]}), frozenset({codes[1]})))
    found = agenda(session, cora)
    assert found.partial
    assert [(each.application, each.firm, each.places) for each in found.cases] == [(codes[2], None, {})]
    assert meeting_of(session, cora).notes == ""
    with pytest.raises(BehindWall):
        save_meeting(session, cora, 1, MeetingInput(), LATER)
    with pytest.raises(NotFound):
        read_protocol(session, cora)
    with pytest.raises(NotFound):
        save_case(session, cora, codes[1], 1, CaseInput(), LATER)


def test_opening_reviewing_again_leaves_what_was_said_and_not_what_was_decided(
    session: Session, world: World
) -> None:
    codes = ranked_call(session, world)
    cora = world.coordinator()
    save_case(session, cora, codes[0], 0, PASS, LATER)
    reopen_reviewing(session, cora, "A review came late", LATER)
    session.expire_all()
    row = session.exec(select(PanelCase)).one()
    assert (row.minutes, row.outcome, row.reason, row.round_id) == (PASS.minutes, None, "", None)


def test_what_was_put_on_the_agenda_by_mistake_is_taken_off_until_something_is_written(
    session: Session, world: World
) -> None:
    codes = ranked_call(session, world, 12)
    cora, last = world.coordinator(), codes[-1]
    assert last not in {each.application for each in agenda(session, cora).cases}
    add_case(session, cora, AddInput(application=last), LATER)
    assert case_of(agenda(session, cora), last).removable
    with pytest.raises(Stale):
        remove_case(session, cora, last, 7, LATER)
    remove_case(session, cora, last, 1, LATER)
    assert last not in {each.application for each in agenda(session, cora).cases}
    with pytest.raises(NotFound):
        remove_case(session, cora, codes[0], 0, LATER)
    add_case(session, cora, AddInput(application=last), LATER)
    version = save_minutes(session, cora, last, 1, MinutesInput(minutes="We read it aloud."), LATER)
    assert not case_of(agenda(session, cora), last).removable
    with pytest.raises(CaseWritten):
        remove_case(session, cora, last, version, LATER)


def test_minutes_are_kept_as_they_are_typed_and_decide_nothing(session: Session, world: World) -> None:
    codes = ranked_call(session, world, 9)
    cora = world.coordinator()
    version = save_case(session, cora, codes[1], 0, PASS, LATER)
    before = departures(session, cora)
    version = save_minutes(session, cora, codes[1], version, MinutesInput(minutes="And more."), LATER)
    case = case_of(agenda(session, cora), codes[1])
    assert (case.minutes, case.outcome, case.reason) == ("And more.", Outcome.PASS_OVER, REASON)
    assert departures(session, cora) == before
    with pytest.raises(Stale):
        save_minutes(session, cora, codes[1], version - 1, MinutesInput(minutes="Lost?"), LATER)

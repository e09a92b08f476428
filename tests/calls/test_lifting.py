"""Lifting the blind: two people, or one with a reason that everybody reads; names one by one until then."""

import pytest
from sqlmodel import Session, col, select

from app.accounts.actors import Coordinator
from app.applications.full import read_names
from app.calls.ledger import full_ledger, public_ledger
from app.calls.lifting import (
    LiftAsked,
    LiftInput,
    LiftNotAsked,
    LiftTooEarly,
    NamesHidden,
    SecondPersonNeeded,
    ask_to_lift,
    blind_of,
    confirm_lift,
    names_open,
    turn_down_lift,
)
from app.decisions.closing import reopen_reviewing
from app.models.applications import Application
from app.models.audit import AuditEntry
from app.models.outbox import Mail
from app.models.panel import PanelMember, PanelRole
from app.random_codes import random_code
from tests.decisions.scored import ranked_call, scored_call
from tests.factories import REVIEWING
from tests.world import OPENS, World, key

WHY = LiftInput(reason="The jury must see who shares a phone number with whom.")


def second(session: Session, world: World) -> Coordinator:
    """Zoe coordinates the call as well."""
    session.add(
        PanelMember(
            call_id=key(world.call),
            person_id=key(world.people["zoe"]),
            role=PanelRole.COORDINATOR,
            code=random_code(),
            joined_at=OPENS,
        )
    )
    session.flush()
    return Coordinator(key(world.people["zoe"]), key(world.call))


def refs(session: Session) -> list[str]:
    return list(session.exec(select(Application.ref)))


def acts(session: Session) -> list[str]:
    rows = session.exec(select(AuditEntry.action).where(col(AuditEntry.action).startswith("blind.")))
    return list(rows)


def test_two_people_lift_the_blind_and_names_stay_hidden_until_then(session: Session, world: World) -> None:
    ranked_call(session, world, 2)
    cora, zoe = world.coordinator(), second(session, world)
    with pytest.raises(NamesHidden):
        read_names(session, cora, refs(session), REVIEWING)
    with pytest.raises(LiftNotAsked):
        confirm_lift(session, zoe, REVIEWING)

    assert ask_to_lift(session, cora, WHY, REVIEWING) is False

    mail = session.exec(select(Mail).where(Mail.template == "blind_asked")).one()
    assert (mail.person_id, mail.params) == (zoe.person_id, {"call": "2026"})
    with pytest.raises(LiftAsked):
        ask_to_lift(session, cora, WHY, REVIEWING)
    with pytest.raises(SecondPersonNeeded):
        confirm_lift(session, cora, REVIEWING)
    assert names_open(session, cora, REVIEWING) is False
    assert [blind_of(session, who, REVIEWING).can_confirm for who in (cora, zoe)] == [False, True]

    confirm_lift(session, zoe, REVIEWING)

    assert len(read_names(session, cora, refs(session), REVIEWING)) == 2
    with pytest.raises(LiftNotAsked):
        turn_down_lift(session, zoe, REVIEWING)
    assert acts(session) == ["blind.ask", "blind.lift"]
    lifted = [each for each in public_ledger(session, "2026").entries if each.act.startswith("blind")]
    assert [(each.act, each.reason) for each in lifted] == [("blind.lift", "")]
    assert full_ledger(session, cora)[0].reason == WHY.reason


def test_who_is_alone_lifts_it_with_a_reason_that_everybody_reads(session: Session, world: World) -> None:
    scored_call(session, world, 1)
    with pytest.raises(LiftTooEarly):
        ask_to_lift(session, world.coordinator(), WHY, REVIEWING)
    world.call.reviewing_closed_at = REVIEWING
    session.add(world.call)
    session.flush()
    assert ask_to_lift(session, world.coordinator(), WHY, REVIEWING) is True
    assert names_open(session, world.coordinator(), REVIEWING) is True
    assert [(each.act, each.reason) for each in public_ledger(session, "2026").entries] == [
        ("blind.lift_alone", WHY.reason)
    ]


def test_turned_down_or_reviewing_opened_again_hides_the_names(session: Session, world: World) -> None:
    ranked_call(session, world, 1)
    cora, zoe = world.coordinator(), second(session, world)
    ask_to_lift(session, cora, WHY, REVIEWING)
    turn_down_lift(session, zoe, REVIEWING)
    assert blind_of(session, cora, REVIEWING).can_ask
    ask_to_lift(session, cora, WHY, REVIEWING)
    # The only other one leaves: a small programme is not locked out, and the ledger says that it was alone.
    seat = session.exec(select(PanelMember).where(PanelMember.person_id == zoe.person_id)).one()
    seat.removed_at = REVIEWING
    session.add(seat)
    session.flush()
    confirm_lift(session, cora, REVIEWING)
    assert public_ledger(session, "2026").entries[-1].act == "blind.lift_alone"
    assert names_open(session, cora, REVIEWING)
    reopen_reviewing(session, cora, "One review was missing.", REVIEWING)
    assert not names_open(session, cora, REVIEWING)
    # A frozen decision is beyond the reach of names.
    world.call.reviewing_closed_at = world.call.decided_at = REVIEWING
    session.add(world.call)
    session.flush()
    assert names_open(session, cora, REVIEWING)

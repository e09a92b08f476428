"""Who pitches, and in which order: the first of the written order, the next when one says no, then drawn."""

from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session, col, select

from app.decisions.closing import close_reviewing, reopen_reviewing
from app.decisions.refusals import FinalistsStand, NeedsOneMore, UnconfirmedDepartures
from app.errors import Stale
from app.events.answering import answer_for, answer_invitation
from app.events.departing import DepartingConfirm, DepartingInput, confirm_departing, depart
from app.events.hub import full_event
from app.events.naming import name_finalists, offer_next
from app.events.presenting import control_of
from app.events.refusals import (
    AlreadyAnnounced,
    FinalistsNamed,
    GivenOn,
    HasBegun,
    HasPitched,
    NoSlotFree,
    OffersOpen,
    OrderNotDrawn,
)
from app.events.running_order import announce_finalists, draw_running_order, public_event, running_order
from app.events.setting_up import save_event
from app.events.stage import screen, show_scene
from app.models.applications import Application
from app.models.events import Event, Finalist, FinalistState, PitchCard, Scene
from app.models.outbox import Mail
from app.models.panel import PanelMember, PanelRole
from app.random_codes import random_code
from app.scoring.draw import draw_ticket
from tests.decisions.scored import REASON, excused, one_review_left, scored_call
from tests.events.evening import (
    EVENING,
    SETUP,
    announced,
    evening,
    event_now,
    event_version,
    named,
    pitching,
    with_final,
)
from tests.factories import REVIEWING, count_of
from tests.world import World, key

CONFIRMED, DECLINED = FinalistState.CONFIRMED, FinalistState.DECLINED


def states(session: Session) -> dict[str, FinalistState]:
    session.flush()
    rows = session.exec(
        select(Application.code, Finalist.state)
        .join(Finalist, col(Finalist.application_id) == col(Application.id))
        .order_by(col(Finalist.position))
        .execution_options(populate_existing=True)
    )
    return {code: FinalistState(state) for code, state in rows}


def test_the_first_of_the_order_are_invited_once_and_each_team_hears_it(
    session: Session, world: World
) -> None:
    codes = named(session, world, 3, 2)
    assert states(session) == dict.fromkeys(codes[:3], FinalistState.OFFERED)
    assert count_of(session, Mail, Mail.template == "pitch_invited") == 3
    with pytest.raises(FinalistsNamed):
        name_finalists(
            session, world.coordinator(), world.round.code, event_version(session, world), REVIEWING
        )
    with pytest.raises(Stale):
        offer_next(session, world.coordinator(), world.round.code, 1, REVIEWING)
    with pytest.raises(NoSlotFree):
        offer_next(session, world.coordinator(), world.round.code, event_version(session, world), REVIEWING)
    with pytest.raises(FinalistsStand):
        reopen_reviewing(session, world.coordinator(), REASON, REVIEWING)


def test_whoever_says_no_leaves_the_place_to_the_next_for_good(session: Session, world: World) -> None:
    codes = named(session, world, 3, 2)
    ref = session.exec(select(Application.ref).where(Application.code == codes[1])).one()
    answer_invitation(session, world.applicant(), ref, DECLINED, 1, REVIEWING)
    assert states(session) == {
        codes[0]: FinalistState.OFFERED, codes[1]: DECLINED, codes[2]: FinalistState.OFFERED,
        codes[3]: FinalistState.OFFERED,
    }  # fmt: skip
    with pytest.raises(GivenOn):
        answer_invitation(session, world.applicant(), ref, CONFIRMED, 2, REVIEWING)
    assert count_of(session, Mail, Mail.template == "pitch_invited") == 4


def test_a_departure_needs_a_reason_and_a_second_person(session: Session, world: World) -> None:
    codes = evening(session, world, 3, 2)
    cora, pot = world.coordinator(), world.round.code
    session.add(
        PanelMember(
            call_id=key(world.call), person_id=key(world.people["max"]), role=PanelRole.COORDINATOR,
            code=random_code(), joined_at=REVIEWING,
        )
    )  # fmt: skip
    session.flush()
    depart(session, cora, pot, DepartingInput(application=codes[0], raised=False, reason=REASON), REVIEWING)
    depart(session, cora, pot, DepartingInput(application=codes[4], raised=True, reason=REASON), REVIEWING)
    with pytest.raises(UnconfirmedDepartures):
        name_finalists(session, cora, pot, 1, REVIEWING)
    for code in (codes[0], codes[4]):
        given = DepartingConfirm(application=code, decided_at=REVIEWING)
        confirm_departing(session, world.coordinator("max"), pot, given, REVIEWING)
    name_finalists(session, cora, pot, 1, REVIEWING)
    assert list(states(session)) == [codes[1], codes[2], codes[4]]


def test_the_running_order_is_drawn_so_that_anybody_can_repeat_it(session: Session, world: World) -> None:
    codes = named(session, world, 5, 1)
    cora, pot = world.coordinator(), world.round.code
    for code in codes[:4]:
        answer_for(session, cora, pot, code, CONFIRMED, 1, REVIEWING)
    assert draw_running_order(session, cora, pot, event_version(session, world), REVIEWING) == 4
    before = pitching(session, world)
    with pytest.raises(OffersOpen):
        announce_finalists(session, cora, pot, event_version(session, world), REVIEWING)
    answer_for(session, cora, pot, codes[4], CONFIRMED, 1, REVIEWING)
    with pytest.raises(OrderNotDrawn):
        announce_finalists(session, cora, pot, event_version(session, world), REVIEWING)
    # Nothing of it is public yet.
    assert (public_event(session, "2026", pot, REVIEWING).finalists, count_of(session, PitchCard)) == ([], 0)
    draw_running_order(session, cora, pot, event_version(session, world), REVIEWING)
    after = pitching(session, world)
    assert [code for code in after if code != codes[4]] == before
    announce_finalists(session, cora, pot, event_version(session, world), REVIEWING)
    shown = public_event(session, "2026", pot, REVIEWING)
    assert shown.order
    assert [each.title for each in shown.finalists] == running_order(
        shown.order.titles, seed=shown.order.seed, round_code=pot
    )
    tickets = [draw_ticket(shown.order.seed, pot, each.title) for each in shown.finalists]
    assert tickets == sorted(tickets)
    with pytest.raises(AlreadyAnnounced):
        draw_running_order(session, cora, pot, event_version(session, world), REVIEWING)
    assert count_of(session, Mail, Mail.template == "pitch_slot") == 5
    assert count_of(session, Mail, Mail.template == "pitch_tomorrow") == 5


def test_whoever_leaves_after_the_announcement_vanishes_from_the_stage_and_the_next_pitches_last(
    session: Session, world: World
) -> None:
    codes = announced(session, world, 3, 1)
    cora, pot = world.coordinator(), world.round.code
    gone = session.exec(
        select(Finalist)
        .join(Application, col(Application.id) == col(Finalist.application_id))
        .where(Application.code == codes[0])
    ).one()
    answer_for(session, cora, pot, codes[0], DECLINED, gone.version, REVIEWING)
    assert count_of(session, Finalist) == 3
    offer_next(session, cora, pot, event_version(session, world), REVIEWING)
    (late,) = [code for code, state in states(session).items() if state is FinalistState.OFFERED]
    answer_for(session, cora, pot, late, CONFIRMED, 1, REVIEWING)
    assert pitching(session, world) == [codes[1], codes[2], late]
    shown = public_event(session, "2026", pot, REVIEWING)
    assert [each.slot for each in shown.finalists] == [2, 3, 4]


def test_a_team_that_does_not_appear_leaves_the_evening_and_the_others_go_on(
    session: Session, world: World
) -> None:
    """Until its pitch has begun; its title goes from the screen; nobody joins an evening that goes on."""
    codes = announced(session, world, 3, 1)
    cora, pot = world.coordinator(), world.round.code

    def say(code: str, state: FinalistState) -> None:
        finalist = session.exec(
            select(Finalist)
            .join(Application, col(Application.id) == col(Finalist.application_id))
            .where(Application.code == code)
        ).one()
        answer_for(session, cora, pot, code, state, finalist.version, EVENING)
        session.flush()

    def can_decline() -> list[str]:
        full = full_event(session, cora, pot, EVENING)
        assert (full.begun, full.free, any(each.can_confirm for each in full.finalists)) == (True, 0, False)
        return sorted(each.application for each in full.finalists if each.can_decline)

    assert can_decline() == sorted(codes)
    for scene, seen in ((Scene.TITLE, 0), (Scene.TIMER, 1)):
        show_scene(session, cora, pot, scene, seen, EVENING, 1)
        session.flush()
    with pytest.raises(HasPitched):
        say(codes[0], DECLINED)
    assert can_decline() == sorted(codes[1:])
    show_scene(session, cora, pot, Scene.TITLE, 2, EVENING, 2)
    session.flush()
    with pytest.raises(HasBegun):
        say(codes[1], CONFIRMED)
    ref, version = session.exec(
        select(Application.ref, Finalist.version)
        .join(Finalist, col(Finalist.application_id) == col(Application.id))
        .where(Application.code == codes[1])
    ).one()
    with pytest.raises(HasBegun):
        answer_invitation(session, world.applicant(), ref, DECLINED, version, EVENING)
    say(codes[1], DECLINED)
    assert pitching(session, world) == [codes[0], codes[2]]
    hall = screen(session, pot)
    assert (hall.scene, hall.card, hall.version, hall.teams) == (Scene.CURTAIN, None, 4, 2)
    control = control_of(session, cora, pot, EVENING)
    assert control.following and control.following.card and control.following.card.slot == 3
    with pytest.raises(HasBegun):
        offer_next(session, cora, pot, event_version(session, world), EVENING)


def test_the_database_keeps_the_rule_and_the_capacity(session: Session, world: World) -> None:
    evening(session, world, 3, 1)
    number = event_now(session, world).round_id
    for words in (
        "UPDATE award_round SET pitch_weight = 90",
        "UPDATE award_round SET finalists = 4",
        f"UPDATE event SET seated = 4 WHERE round_id = {number}",
        "INSERT INTO attendee (round_id, code, name, email, language, needs, state, nonce, mails, asked_at, "
        f"version) SELECT {number}, n, n, n, 'en', '', 'confirmed', n, 1, '2026-01-01', 1 "
        "FROM (SELECT 'a' AS n UNION SELECT 'b' UNION SELECT 'c' UNION SELECT 'd') AS names",
    ):
        with pytest.raises(DBAPIError), session.begin_nested():
            session.execute(text(words))
    assert session.exec(select(Event.seated)).one() == 0
    assert event_now(session, world).starts_at > REVIEWING + timedelta(days=1)


def test_nobody_is_invited_on_one_review_alone(session: Session, world: World) -> None:
    with_final(session, world, 2)
    codes = scored_call(session, world, 4)
    one_review_left(session, codes[0])
    cora, pot = world.coordinator(), world.round.code
    close_reviewing(session, cora, REVIEWING)
    excused(session, world)
    save_event(session, cora, pot, 0, SETUP, REVIEWING)
    with pytest.raises(NeedsOneMore) as refused:
        name_finalists(session, cora, pot, event_version(session, world), REVIEWING)
    assert refused.value.params == {"codes": codes[0]}
    assert states(session) == {}

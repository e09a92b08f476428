"""Sending: once for however many presses, in two halves, and undone only by withdrawing."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, select

from app.applications import actions
from app.applications.actions import NotReady, SendInput
from app.applications.actions.sending import fingerprint
from app.applications.refusals import AlreadySent, NotADraft, TooLate
from app.applications.status import IllegalMove
from app.database import session_on
from app.errors import Invalid, NotFound, Stale
from app.models.applications import Application, History, Packet, Sending, Status
from app.models.calls import CallKind
from app.models.outbox import Mail
from app.models.people import Identity
from app.sections.numbers import Amount
from tests.applications.steps import begin, begin_write_send, send, signed, write
from tests.applications.typed import GRANT, SELECTION
from tests.world import CLOSES, NOW, World, make_world


def test_send_keeps_two_halves_and_queues_the_receipt(session: Session, world: World) -> None:
    ref = begin_write_send(session, world.applicant())

    application = session.exec(select(Application)).one()
    assert (application.status, application.counts_number) == (Status.SENT, 1)
    packet = session.exec(select(Packet)).one()
    assert (packet.title, packet.theme, packet.districts) == (
        "Garden behind the library",
        "ecology",
        ["medeu"],
    )
    assert packet.requested_minor == 60_000_000
    assert set(packet.data) == {"brief", "need", "work_plan", "budget", "sustainability"}
    assert "complete" not in packet.data["need"]
    assert packet.data["budget"]["lines"][1]["price"] == 100_050
    text = json.dumps(packet.data, ensure_ascii=False)
    assert "anary" not in text
    assert "Coordinatoronly" not in text

    identity = session.exec(select(Identity)).one()
    assert identity.display_name == "Ada Canaryname"
    assert identity.data["team"]["phone"] == "+77012345678"
    assert identity.data["budget"] == {"unsure": "Coordinatoronly question"}
    assert identity.data["need"] == {"stakeholders": [{"id": "s1", "name": "Coordinatoronly office"}]}
    assert identity.data["declaration"]["name"] == "Ada"
    assert session.exec(select(Sending.sha256)).one() == fingerprint(packet.data, identity.data)
    assert [row.move for row in session.exec(select(History).order_by("id"))] == ["start", "send"]
    mail = session.exec(select(Mail)).one()
    assert (mail.template, mail.params) == ("application_receipt", {"ref": ref, "number": 1})


def test_send_names_every_answer_that_is_missing_or_wrong(session: Session, world: World) -> None:
    ada = world.applicant()
    ref = begin(session, ada)
    write(session, ada, ref, GRANT | {"brief": {"title": "x" * 81}})
    with pytest.raises(NotReady) as refused:
        send(session, ada, ref)
    assert {name: problem[0] for name, problem in refused.value.fields.items()} == {
        "brief.title": "string_too_long",
        "brief.summary": "missing",
        "brief.theme": "missing",
        "brief.districts": "missing",
    }
    assert session.exec(select(Sending)).all() == []


def test_send_above_the_ceiling_says_by_how_much(session: Session, world: World) -> None:
    ada = world.applicant()
    ref = begin(session, ada)
    lines = [GRANT["budget"]["lines"][0] | {"quantity": "1", "price": "2 800 001"}]
    write(session, ada, ref, GRANT | {"budget": GRANT["budget"] | {"lines": lines}})
    with pytest.raises(NotReady) as refused:
        send(session, ada, ref)
    assert refused.value.fields == {"budget.lines": ("budget.over_ceiling", {"over": Amount(100, 56_000)})}


def test_send_marks_a_line_whose_activity_is_gone(session: Session, world: World) -> None:
    ada = world.applicant()
    ref = begin(session, ada)
    line = GRANT["budget"]["lines"][0] | {"activity": "gone"}
    write(session, ada, ref, GRANT | {"budget": GRANT["budget"] | {"lines": [line]}})
    with pytest.raises(NotReady) as refused:
        send(session, ada, ref)
    assert refused.value.fields == {"budget.lines.l1.activity": ("activity.gone", {})}


def test_send_needs_the_whole_declaration(session: Session, world: World) -> None:
    ada = world.applicant()
    ref = begin(session, ada)
    write(session, ada, ref)
    with pytest.raises(Invalid) as refused:
        actions.send_application(
            session, ada, ref, SendInput(number=1, truth=True, name=" "), language="en", now=NOW
        )
    assert set(refused.value.fields) == {"no_conflict", "no_double_funding", "controls", "name"}


def test_send_again_with_the_same_number_gives_the_same_receipt(session: Session, world: World) -> None:
    ada = world.applicant()
    ref = begin(session, ada)
    write(session, ada, ref)
    first = send(session, ada, ref)
    assert send(session, ada, ref, now=NOW + timedelta(minutes=5)) == first
    assert len(session.exec(select(Sending)).all()) == 1
    assert len(session.exec(select(Mail)).all()) == 1
    with pytest.raises(NotADraft):
        send(session, ada, ref, number=2)


def test_send_with_a_number_further_on_is_stale(session: Session, world: World) -> None:
    ada = world.applicant()
    ref = begin(session, ada)
    write(session, ada, ref)
    with pytest.raises(Stale):
        send(session, ada, ref, number=2)


@pytest.mark.parametrize(("minutes", "received"), [(-1, True), (0, True), (14, True), (15, False)])
def test_send_until_the_closing_and_its_grace(
    session: Session, world: World, minutes: int, received: bool
) -> None:
    ada = world.applicant()
    ref = begin(session, ada)
    write(session, ada, ref)
    at = CLOSES + timedelta(minutes=minutes)
    if received:
        assert send(session, ada, ref, now=at).sent_at == at
    else:
        with pytest.raises(TooLate):
            send(session, ada, ref, now=at)


def test_send_is_not_found_for_a_stranger(session: Session, world: World) -> None:
    ref = begin(session, world.applicant())
    for act in (
        lambda: send(session, world.applicant("ben"), ref),
        lambda: actions.take_back(session, world.applicant("ben"), ref, NOW),
        lambda: actions.withdraw_application(session, world.applicant("ben"), ref, NOW),
    ):
        with pytest.raises(NotFound):
            act()


def test_what_was_sent_counts_while_it_is_changed_and_until_it_is_withdrawn(
    session: Session, world: World
) -> None:
    ada = world.applicant()
    ref = begin_write_send(session, ada)
    actions.take_back(session, ada, ref, NOW)
    application = session.exec(select(Application)).one()
    session.refresh(application)
    assert (application.status, application.counts_number) == (Status.DRAFT, 1)
    with pytest.raises(AlreadySent):
        actions.delete_draft(session, ada, ref, NOW)

    actions.save_section(session, ada, ref, "brief", {"title": "Second"}, version=2, now=NOW)
    send(session, ada, ref, number=2)
    titles = session.exec(select(Packet.title).order_by("sending_id")).all()
    assert titles == ["Garden behind the library", "Second"]

    actions.withdraw_application(session, ada, ref, NOW)
    session.refresh(application)
    assert (application.status, application.counts_number) == (Status.WITHDRAWN, None)
    with pytest.raises(IllegalMove):
        actions.withdraw_application(session, ada, ref, NOW)


def test_take_back_after_the_deadline_is_refused_and_changes_nothing(session: Session, world: World) -> None:
    ref = begin_write_send(session, world.applicant())
    with pytest.raises(TooLate):
        actions.take_back(session, world.applicant(), ref, CLOSES + timedelta(minutes=15))
    assert session.exec(select(Application.status)).one() is Status.SENT


def test_parallel_presses_send_once(engine: Engine, world: World) -> None:
    ada = world.applicant()
    with session_on(engine) as session, session.begin():
        ref = begin(session, ada)
        write(session, ada, ref)

    def press(_: int) -> str:
        with session_on(engine) as session, session.begin():
            return actions.send_application(session, ada, ref, signed(), language="en", now=NOW).sha256

    with ThreadPoolExecutor(8) as pool:
        receipts = set(pool.map(press, range(16)))
    assert len(receipts) == 1
    with session_on(engine, reading=True) as session, session.begin():
        assert len(session.exec(select(Sending)).all()) == 1
        assert len(session.exec(select(Mail)).all()) == 1
        assert len(session.exec(select(History).where(History.move == "send")).all()) == 1


def test_a_selection_without_money_runs_the_same_way(session: Session) -> None:
    world = make_world(session, kind=CallKind.SELECTION)
    ada = world.applicant()
    ref = begin(session, ada)
    write(session, ada, ref, SELECTION)
    given = SendInput(number=1, truth=True, no_conflict=True, name="Ada")
    actions.send_application(session, ada, ref, given, language="en", now=NOW)
    packet = session.exec(select(Packet)).one()
    assert (packet.title, packet.requested_minor, set(packet.data)) == ("A listener", None, {"motivation"})
    assert "anary" not in json.dumps(packet.data)
    assert session.exec(select(Identity.display_name)).one() == "Ada Canaryname"

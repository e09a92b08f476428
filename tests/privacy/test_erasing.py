"""Being forgotten: at once, when due or ordered, in part where something stays. No planted word is left."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, col, select

from app.accounts.actions import new_session
from app.applications.own import own_applications
from app.database import session_on
from app.decisions.announce import publish
from app.decisions.awards import draw_line
from app.decisions.decide import decide
from app.decisions.held import call_of, decision_version
from app.errors import NotFound
from app.jobs import erasing
from app.jobs.erasing import erase_next
from app.jobs.worker import send_due
from app.models.accounts import ApiToken, BrowserSession
from app.models.applications import Application, Draft, History, Sending, Status
from app.models.audit import AuditEntry
from app.models.outbox import Mail
from app.models.people import Applicant, DevelopmentMail, Identity, Person
from app.models.privacy import PrivacyRequest
from app.privacy.desk import count_waiting, full_requests
from app.privacy.plan import Fate, erasure_plan
from app.privacy.refusals import NothingToCallOff
from app.privacy.requests import (
    DUE,
    ask_erasure,
    call_off_erasure,
    open_erasure,
    order_erasure,
    own_requests,
)
from app.reviews.opening import open_reviewing
from app.settings import Settings
from tests.decisions.scored import ranked_call, refs_of
from tests.factories import KNOWN, REVIEWING, count_of, make_sent_application
from tests.privacy.planted import EMAIL, WORD, places_of, plant, review_it, scores_of
from tests.world import CLOSES, NOW, World, key

YEARS = 5
DAY = timedelta(days=1)


def asked(session: Session, world: World, now: Any = NOW, name: str = "ada") -> PrivacyRequest:
    row = ask_erasure(session, world.applicant(name), YEARS, now)
    session.flush()
    return row


def test_when_due_no_word_of_the_person_is_left_and_scores_stay(
    engine: Engine, world: World, settings: Settings
) -> None:
    with session_on(engine) as session, session.begin():
        sent, _ = plant(session, world)
        review_it(session, world, sent)
        scores = scores_of(session, sent)
        hashes = session.exec(select(Sending.sha256)).all()
    everywhere = places_of(engine)
    assert {"person.email", "identity.data", "packet.data", "draft.data", "review.convinced"} <= everywhere
    assert {"correction.question", "correction_draft.data", "assignment.tie_note"} <= everywhere
    assert {"invitation.email", "review_version.data"} <= everywhere
    with session_on(engine) as session, session.begin():
        due = asked(session, world).due_at
        assert due == NOW + DUE
        refs = {own.ref for own in own_applications(session, world.applicant(), NOW)}
        assert refs == {sent}, "what was never sent goes at once"
        assert count_waiting(session, world.coordinator().call_id) == 1, "nobody is told of a draft"
    assert not erase_next(engine, settings, due - timedelta(seconds=1))
    assert erase_next(engine, settings, due)
    assert not erase_next(engine, settings, due), "once"
    left = places_of(engine)
    # Without a mail server the farewell itself is kept, as every mail is, for who develops.
    assert left == {"development_mail.recipient", "development_mail.body"}
    with session_on(engine) as session, session.begin():
        (farewell,) = session.exec(select(DevelopmentMail).where(DevelopmentMail.recipient == EMAIL))
        assert "no longer know this address" in farewell.body
        row = session.exec(select(Application).where(Application.ref == sent)).one()
        assert (row.status, row.counts_number) == (Status.WITHDRAWN, None)
        assert scores_of(session, sent) == scores != []
        assert session.exec(select(Sending.sha256)).all() == hashes
        ada = key(world.people["ada"])
        for table in (BrowserSession, ApiToken, Applicant, Mail):
            assert count_of(session, table, table.person_id == ada) == 0
        person = session.get(Person, ada)
        assert person is not None and (person.name, person.disabled_at) == ("", due)
        with pytest.raises(NotFound):
            new_session(session, person, browser_name="", shared_computer=False, now=due)
        moves = session.exec(select(History.move).where(History.application_id == row.id)).all()
        assert moves[-1] == "withdraw"
        acts = session.exec(select(AuditEntry.action).order_by(col(AuditEntry.id))).all()
        assert {"privacy.erase_ask", "application.withdraw", "privacy.erase_done"} <= set(acts)
        (told,) = full_requests(session, world.coordinator(), due)
        assert (told.ref, told.kept, told.waits) == (sent, False, False)
        other = session.exec(select(Identity.data).where(Identity.display_name != "")).one()
        assert [member["name"] for member in other["team"]["members"]] == ["Bota Canarymember"]


def test_a_coordinator_has_it_done_now_and_a_stranger_does_not(
    engine: Engine, world: World, settings: Settings
) -> None:
    with session_on(engine) as session, session.begin():
        sent, _ = plant(session, world)
        with pytest.raises(NotFound):
            order_erasure(session, world.coordinator(), sent, NOW)
        asked(session, world)
        order_erasure(session, world.coordinator(), sent, NOW + DAY)
        (first, *_) = full_requests(session, world.coordinator(), NOW + DAY)
        assert first.ordered and first.waits
    assert erase_next(engine, settings, NOW + DAY)
    assert send_due(engine, settings, NOW + 2 * DAY) >= 0
    assert {place.split(".")[0] for place in places_of(engine)} <= {"development_mail"}
    with session_on(engine) as session, session.begin(), pytest.raises(NothingToCallOff):
        order_erasure(session, world.coordinator(), sent, NOW + 2 * DAY)


def test_asking_twice_is_one_request_and_it_can_be_called_off(session: Session, world: World) -> None:
    sent, _ = plant(session, world)
    first, second = asked(session, world), asked(session, world, NOW + DAY)
    assert first.id == second.id
    call_off_erasure(session, world.applicant(), NOW + DAY)
    session.flush()
    with pytest.raises(NothingToCallOff):
        call_off_erasure(session, world.applicant(), NOW + DAY)
    (log,) = own_requests(session, world.applicant())
    assert (log.waits, log.called_off_at) == (False, NOW + DAY)
    assert open_erasure(session, key(world.people["ada"])) is None
    assert [own.ref for own in own_applications(session, world.applicant(), NOW)] == [sent]
    assert asked(session, world, NOW + 2 * DAY).id != first.id


def test_what_is_decided_and_not_public_stays_and_a_winner_reads_like_a_loser(
    engine: Engine, world: World, settings: Settings
) -> None:
    cora, later = world.coordinator(), REVIEWING + 30 * DAY
    with session_on(engine) as session, session.begin():
        ranked_call(session, world)
        draw_line(session, cora, world.round.code, REVIEWING)
        session.flush()
        decide(session, cora, decision_version(session, call_of(session, cora)), REVIEWING, KNOWN)
        refs = refs_of(session)
        plan = {line.ref: line for line in erasure_plan(session, key(world.people["ada"]), YEARS, later)}
        assert {(line.fate, line.until) for line in plan.values()} == {(Fate.KEEP_UNDECIDED, None)}
        asked(session, world, later)
    due = later + DUE
    assert erase_next(engine, settings, due)
    with session_on(engine) as session, session.begin():
        (log,) = own_requests(session, world.applicant())
        assert log.kept and log.done_at == due
        publish(session, cora, decision_version(session, call_of(session, cora)), due)
    assert erase_next(engine, settings, due + DAY)
    with session_on(engine) as session, session.begin():
        plan = {line.title: line for line in erasure_plan(session, key(world.people["ada"]), YEARS, due)}
        own = own_applications(session, world.applicant(), due)
        assert {each.ref for each in own} == {refs[f"Idea {number}"] for number in range(1, 7)}
        assert {line.fate for line in plan.values()} == {Fate.KEEP_AWARD}
        person = session.get(Person, key(world.people["ada"]))
        assert person is not None and person.name, "who has a grant still signs in and is written to"
    assert not erase_next(engine, settings, due + 365 * DAY)
    assert erase_next(engine, settings, due + YEARS * 365 * DAY + DAY)
    assert {place.split(".")[0] for place in places_of(engine, "ada.canary")} <= {"development_mail"}
    assert places_of(engine, "idea 1") == set()


def test_who_decides_stays_known_until_the_audit_is_over(session: Session, world: World) -> None:
    (line,) = erasure_plan(session, key(world.people["rita"]), YEARS, NOW)
    assert (line.fate, line.call, line.until) == (Fate.KEEP_PANEL, "2026", None)
    world.call.published_at = NOW
    session.add(session.merge(world.call))
    session.flush()
    (line,) = erasure_plan(session, key(world.people["rita"]), YEARS, NOW)
    assert line.until == NOW + YEARS * 365 * DAY
    assert erasure_plan(session, key(world.people["rita"]), YEARS, NOW + 1900 * DAY) == []
    (manager,) = erasure_plan(session, key(world.people["max"]), YEARS, NOW)
    assert manager.fate is Fate.KEEP_MANAGER
    assert erasure_plan(session, key(world.people["zoe"]), YEARS, NOW) == []


def test_the_mail_says_that_drafts_went_only_where_there_were_any(
    engine: Engine, world: World, settings: Settings
) -> None:
    with session_on(engine) as session, session.begin():
        plant(session, world)
        asked(session, world)
        asked(session, world, name="zoe")
    send_due(engine, settings, NOW)
    with session_on(engine) as session, session.begin():
        letters = session.exec(select(DevelopmentMail.recipient, DevelopmentMail.body)).all()
        told = {email for email, body in letters if "Drafts that were never sent are deleted" in body}
        asking = {email for email, body in letters if "on this day at the latest" in body}
        assert (told, asking) == ({EMAIL}, {EMAIL, "zoe.canary@example.org"})


def test_mid_call_the_draft_goes_at_once_and_the_sent_one_takes_no_part(
    engine: Engine, world: World, settings: Settings
) -> None:
    """While reviewers are at work, too."""
    cora, now = world.coordinator(), CLOSES + DAY
    with session_on(engine) as session, session.begin():
        make_sent_application(session, world)
        open_reviewing(session, cora, now)
        session.flush()
        asked(session, world, now)
        assert count_of(session, Draft) == 0
        (ref,) = refs_of(session).values()
        order_erasure(session, cora, ref, now)
    assert erase_next(engine, settings, now)
    with session_on(engine) as session, session.begin():
        assert session.exec(select(Application.status)).one() is Status.WITHDRAWN
        assert WORD not in str(session.exec(select(Identity.data)).all())


def test_one_that_fails_is_put_off_and_mail_goes_on(
    engine: Engine, world: World, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    with session_on(engine) as session, session.begin():
        asked(session, world)

    def breaks(*_: object) -> None:
        raise RuntimeError("a defect")

    monkeypatch.setattr(erasing, "carry_out", breaks)
    due = NOW + DUE
    assert erase_next(engine, settings, due)
    assert not erase_next(engine, settings, due), "it waits, and does not stand in the way"
    monkeypatch.undo()
    assert erase_next(engine, settings, due + timedelta(hours=1))

"""Opening, extending and cancelling a call."""

import hashlib
from datetime import timedelta

import pytest
from sqlmodel import Session, col, select

from app.calls import actions
from app.calls.changing import CallLocked, CallStale
from app.calls.form import hash_of
from app.calls.inputs import CancellationInput, ExtensionInput, MoneyInput, ScoringInput, SectionsInput
from app.calls.opening import CannotCancel, CannotExtend, NotReady, extend_deadline
from app.calls.phase import Phase
from app.calls.public import call_moment, public_call, public_form
from app.calls.texts import LongTexts
from app.errors import Invalid, NotFound
from app.models.audit import AuditEntry
from app.models.calls import Call
from tests.calls.ready import LONG, make_new, make_ready, version_of
from tests.world import CLOSES, NOW, OPENS, World


def test_open_call_freezes_and_hashes_what_it_promises(session: Session, world: World) -> None:
    coordinator = make_ready(session, world.manager())
    actions.open_call(session, coordinator, 6, NOW)
    session.expire_all()
    call = session.get(Call, coordinator.call_id)
    assert call is not None
    assert call.frozen_form is not None
    assert call.opened_at == NOW
    assert call.version == 7
    assert call.frozen_hash == hash_of(call.frozen_form)
    form = public_form(session, "2027", NOW)
    assert [section.code for section in form.sections] == [
        "team", "brief", "need", "work_plan", "budget", "sustainability",
    ]  # fmt: skip
    assert [(each.code, each.weight, each.tie_position) for each in form.criteria] == [
        ("need", 25, 1), ("work_plan", 25, 2), ("budget", 25, 3), ("sustainability", 25, 4),
    ]  # fmt: skip
    assert form.money.ceiling_tiyn == 280_000_000
    assert form.sections[2].criteria == ["need"]
    assert {language for each in form.sections for language in each.title} == {"kk", "ru", "en"}
    assert call.draw_seed is not None
    assert form.draw_commitment == hashlib.sha256(call.draw_seed.encode()).hexdigest()
    assert call.draw_seed not in str(call.frozen_form)
    entry = session.exec(select(AuditEntry).where(col(AuditEntry.action) == "call.open")).one()
    assert (entry.person_id, entry.call_id, entry.detail) == (
        coordinator.person_id,
        coordinator.call_id,
        {"sha256": call.frozen_hash},
    )


def test_open_call_form_is_what_was_frozen_not_what_is_in_the_tables(session: Session, world: World) -> None:
    """An upgrade, or a hand in the database, does not alter the questions of an open call."""
    coordinator = make_ready(session, world.manager())
    actions.open_call(session, coordinator, 6, NOW)
    before = public_form(session, "2027", NOW)
    call = session.get(Call, coordinator.call_id)
    assert call is not None
    call.sections = [{"code": "team"}]
    session.flush()
    assert public_form(session, "2027", NOW) == before


def test_open_call_that_lacks_something_is_refused_and_says_what(session: Session, world: World) -> None:
    coordinator = make_new(session, world.manager())
    with pytest.raises(NotReady) as refusal:
        actions.open_call(session, coordinator, 1, NOW)
    assert refusal.value.fields["texts.purpose.kk"] == ("readiness.purpose", {"language": "kk"})
    assert refusal.value.fields["dates.closes_at"] == ("readiness.closes_at", {})
    assert refusal.value.fields["rounds"] == ("readiness.no_round", {})
    assert refusal.value.fields["organisations.organisations"] == ("readiness.no_organisation", {})
    call = session.get(Call, coordinator.call_id)
    assert call is not None
    assert (call.opened_at, call.frozen_form, call.version) == (None, None, 1)


def test_open_call_twice_is_refused(session: Session, world: World) -> None:
    coordinator = make_ready(session, world.manager())
    actions.open_call(session, coordinator, 6, NOW)
    with pytest.raises(CallLocked):
        actions.open_call(session, coordinator, 7, NOW)


def test_open_call_of_another_version_is_stale(session: Session, world: World) -> None:
    coordinator = make_ready(session, world.manager())
    with pytest.raises(CallStale) as refusal:
        actions.open_call(session, coordinator, 5, NOW)
    assert refusal.value.version == 6


def test_setup_of_an_open_call_is_locked(session: Session, world: World) -> None:
    coordinator = make_ready(session, world.manager())
    actions.open_call(session, coordinator, 6, NOW)
    with pytest.raises(CallLocked):
        actions.save_money(session, coordinator, 7, MoneyInput(), NOW)
    with pytest.raises(CallLocked):
        actions.save_sections(session, coordinator, 7, SectionsInput(), NOW)
    with pytest.raises(CallLocked):
        actions.save_scoring(session, coordinator, 7, ScoringInput(), NOW)


def test_call_in_preparation_does_not_exist_for_the_public(session: Session, world: World) -> None:
    make_ready(session, world.manager())
    for read in (call_moment, public_call, public_form):
        with pytest.raises(NotFound):
            read(session, "2027", NOW)


def test_extend_deadline_moves_what_follows_and_tells_why(session: Session, world: World) -> None:
    coordinator = make_ready(session, world.manager())
    actions.open_call(session, coordinator, 6, NOW)
    given = ExtensionInput(closes_at=CLOSES + timedelta(days=3), reason=LONG)
    extend_deadline(session, coordinator, 7, given, NOW)
    call = public_call(session, "2027", NOW)
    assert call.closes_at == CLOSES + timedelta(days=3)
    assert call.results_expected_at == CLOSES + timedelta(days=43)
    (notice,) = call.notices
    assert (notice.kind, notice.at, notice.from_, notice.to) == ("extended", NOW, CLOSES, call.closes_at)
    assert notice.reason == LONG.stored
    assert version_of(session, coordinator) == 8


@pytest.mark.parametrize("shift", [timedelta(0), timedelta(days=-1)])
def test_extend_deadline_only_to_a_later_time(session: Session, world: World, shift: timedelta) -> None:
    coordinator = make_ready(session, world.manager())
    actions.open_call(session, coordinator, 6, NOW)
    with pytest.raises(Invalid) as refusal:
        extend_deadline(session, coordinator, 7, ExtensionInput(closes_at=CLOSES + shift, reason=LONG), NOW)
    assert refusal.value.fields == {"closes_at": ("dates.not_later", {})}


def test_extend_deadline_needs_the_reason_in_every_language(session: Session, world: World) -> None:
    coordinator = make_ready(session, world.manager())
    actions.open_call(session, coordinator, 6, NOW)
    given = ExtensionInput(closes_at=CLOSES + timedelta(days=1), reason=LongTexts(ru="Сбой"))
    with pytest.raises(Invalid) as refusal:
        extend_deadline(session, coordinator, 7, given, NOW)
    assert set(refusal.value.fields) == {"reason.kk", "reason.en"}


def test_extend_deadline_of_a_closed_call_is_refused(session: Session, world: World) -> None:
    coordinator = make_ready(session, world.manager())
    actions.open_call(session, coordinator, 6, NOW)
    given = ExtensionInput(closes_at=CLOSES + timedelta(days=1), reason=LONG)
    with pytest.raises(CannotExtend):
        extend_deadline(session, coordinator, 7, given, CLOSES)


def test_cancel_call_tells_why_and_is_final(session: Session, world: World) -> None:
    coordinator = make_ready(session, world.manager())
    actions.open_call(session, coordinator, 6, NOW)
    actions.cancel_call(session, coordinator, 7, CancellationInput(reason=LONG), NOW)
    call = public_call(session, "2027", NOW)
    assert call.phase is Phase.CANCELLED
    assert [(each.kind, each.reason) for each in call.notices] == [("cancelled", LONG.stored)]
    with pytest.raises(CannotCancel):
        actions.cancel_call(session, coordinator, 8, CancellationInput(reason=LONG), NOW)
    with pytest.raises(CannotExtend):
        extend_deadline(
            session, coordinator, 8, ExtensionInput(closes_at=CLOSES + timedelta(days=1), reason=LONG), NOW
        )


def test_call_moment_counts_the_days_in_the_zone_of_the_call(session: Session, world: World) -> None:
    coordinator = make_ready(session, world.manager())
    actions.open_call(session, coordinator, 6, NOW)
    assert call_moment(session, "2027", OPENS - timedelta(days=1)).phase is Phase.SCHEDULED
    moment = call_moment(session, "2027", NOW).moment
    assert (moment.phase, moment.days_left, moment.closing_soon) == (Phase.OPEN, 8, False)
    # 19:30 UTC on the 16th is half past midnight of the 17th in Almaty.
    moment = call_moment(session, "2027", CLOSES - timedelta(hours=41, minutes=30)).moment
    assert (moment.days_left, moment.hours_left, moment.closing_soon) == (1, 41, True)
    assert call_moment(session, "2027", CLOSES).moment.days_left is None

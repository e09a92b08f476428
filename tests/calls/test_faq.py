"""Questions and answers of a call: incomplete before it opens, complete in every language afterwards."""

import pytest
from sqlmodel import Session

from app.calls import actions
from app.calls.changing import CallLocked, CallStale
from app.calls.inputs import CancellationInput, CloneInput, EligibilityInput, FaqEntryInput, FaqInput
from app.calls.numbers import last_numbers
from app.calls.public import public_faq
from app.calls.readiness import readiness
from app.calls.setup_view import read_setup, setup_of
from app.calls.texts import LongTexts, ShortTexts
from app.decisions.archive import PastWinner, record_past_results
from app.errors import Invalid
from app.models.calls import AwardRound
from tests.calls.ready import LONG, SHORT, TEXTS, make_ready, version_of
from tests.factories import make_sent_application
from tests.world import CLOSES, NOW, World

WHOLE = FaqInput(entries=[FaqEntryInput(question=SHORT, answer=LONG)])
HALF = FaqInput(entries=[FaqEntryInput(question=ShortTexts(en="Why?"))])


def test_faq_may_be_incomplete_until_the_call_opens(session: Session, world: World) -> None:
    coordinator = make_ready(session, world.manager())
    actions.save_faq(session, coordinator, 6, HALF, NOW)
    missing = {each.field for each in readiness(setup_of(session, coordinator), NOW)}
    assert missing == {
        *(f"entries.0.question.{language}" for language in ("kk", "ru")),
        *(f"entries.0.answer.{language}" for language in ("kk", "ru", "en")),
    }
    with pytest.raises(CallStale):
        actions.save_faq(session, coordinator, 6, WHOLE, NOW)
    actions.save_faq(session, coordinator, 7, FaqInput(), NOW)
    actions.open_call(session, coordinator, 8, NOW)
    with pytest.raises(Invalid) as refused:
        actions.save_faq(session, coordinator, 9, HALF, NOW)
    assert "entries.0.answer.kk" in refused.value.fields
    actions.save_faq(session, coordinator, 9, WHOLE, NOW)
    assert public_faq(session, "2027").entries[0].question == SHORT.stored
    assert version_of(session, coordinator) == 10
    actions.cancel_call(session, coordinator, 10, CancellationInput(reason=LONG), NOW)
    with pytest.raises(CallLocked):
        actions.save_faq(session, coordinator, 11, FaqInput(), NOW)


def test_what_is_asked_before_signing_in_is_frozen_and_copied(session: Session, world: World) -> None:
    coordinator = make_ready(session, world.manager())
    asks = EligibilityInput(least_age=16, place=SHORT, kinds=["ngo"], elsewhere_kind=LONG)
    hours = TEXTS.model_copy(update={"help_hours": ShortTexts(ru="с 9 до 20")})
    actions.save_eligibility(session, coordinator, 6, asks, NOW)
    actions.save_faq(session, coordinator, 7, WHOLE, NOW)
    actions.save_texts(session, coordinator, 8, hours, NOW)
    missing = [each.name for each in readiness(setup_of(session, coordinator), NOW)]
    assert missing == ["texts.help_hours.kk", "texts.help_hours.en"]
    actions.save_texts(session, coordinator, 9, TEXTS, NOW)
    copy = read_setup(
        session,
        actions.clone_call(
            session, coordinator, world.manager(), CloneInput(slug="2028", ref_prefix="WA28"), NOW
        ),
    )
    assert (copy.eligibility, copy.faq) == (asks, WHOLE)
    actions.open_call(session, coordinator, 10, NOW)
    with pytest.raises(CallLocked):
        actions.save_eligibility(session, coordinator, 11, EligibilityInput(), NOW)


def test_a_check_says_what_it_lacks(session: Session, world: World) -> None:
    coordinator = make_ready(session, world.manager())
    asks = EligibilityInput(kinds=[], place=ShortTexts(en="The city"), elsewhere_age=LongTexts(ru="Сюда"))
    actions.save_eligibility(session, coordinator, 6, asks, NOW)
    missing = {each.field for each in readiness(setup_of(session, coordinator), NOW)}
    assert missing == {"kinds", "place.kk", "place.ru", "elsewhere_age.kk", "elsewhere_age.en"}


def test_last_numbers_are_counted_or_as_they_were_published(session: Session, world: World) -> None:
    assert last_numbers(session) is None
    past = make_ready(session, world.manager(), "2019")
    actions.open_call(session, past, 6, NOW)
    pot = session.get(AwardRound, 2)
    assert pot is not None
    winner = PastWinner(title="Apples", summary="", theme="ecology", language="en", amount_minor=500_000)
    known = {"calls": ["2019"], "applied": 25}
    record_past_results(session, past, pot.code, [winner], NOW, past_numbers=known)
    found = last_numbers(session)
    assert found is not None
    assert (found.calls, found.applied, found.funded) == ([SHORT.stored], 25, 1)
    for _ in range(3):
        make_sent_application(session, world)
    world.call.published_at = world.call.reviewing_closed_at = CLOSES
    session.add(world.call)
    session.flush()
    found = last_numbers(session)
    assert found is not None
    assert (found.calls, found.applied, found.funded) == ([world.call.title], 3, 0)

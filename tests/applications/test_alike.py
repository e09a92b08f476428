"""Applications that may come from the same people are found, in the call and across calls."""

import pytest
from hypothesis import given as some
from hypothesis import strategies as st
from sqlalchemy import Engine
from sqlmodel import Session, col, select

from app.applications.alike import keys_of, runs_in, share
from app.applications.full import full_list
from app.applications.screened import ScreeningState
from app.applications.sifting import Sieve
from app.applications.traces import SetAsideInput, full_alike, set_aside, trace
from app.database import session_on
from app.errors import Invalid
from app.jobs.worker import trace_some
from app.leaks.secrets import secrets_of
from app.models.applications import Application, Likeness, Packet, Sending, Status
from app.models.people import Trace, TraceKey
from app.privacy.erasing import erase_application
from tests.factories import make_sent_application
from tests.world import NOW, World, beside, key, make_call, make_criteria

TEAM = {
    "given_name": "Айгүл",
    "family_name": "Серікова",
    "email": "Aigul@Example.org",
    "phone": "+7 701 234 56 78",
}


def test_the_same_person_is_known_however_it_is_written() -> None:
    one = keys_of(secrets_of({"team": TEAM}), "", [])
    other = {
        "given_name": "СЕРИКОВА",
        "family_name": "Айгул",
        "email": " aigul@example.org",
        "phone": "8 (701) 2345678",
    }
    assert keys_of(secrets_of({"team": other}), "", []) == one
    assert {kind for kind, _ in one} == {Likeness.NAME, Likeness.EMAIL, Likeness.PHONE}


@some(st.lists(st.text(alphabet="abcdefgh", min_size=3, max_size=8), min_size=80, max_size=120, unique=True))
def test_a_text_with_a_few_changed_words_shares_a_band_and_a_strange_one_none(words: list[str]) -> None:
    def bands(text: str) -> set[tuple[Likeness, str]]:
        return keys_of(secrets_of({}), text, [])

    own = " ".join(words)
    retold = " ".join([*words[:-1], "zzz"])
    assert bands(own) & bands(retold)
    assert share(runs_in(own), runs_in(retold)) > 0.9
    assert not bands(own) & bands(" ".join(word[::-1] + "x" for word in words))


def another_call(session: Session, world: World) -> World:
    call = make_call(session, "2025")
    pot = type(world.round)(
        **{**world.round.model_dump(exclude={"id"}), "call_id": key(call), "code": "OTHERPOT"}
    )
    return beside(session, world, call, pot, make_criteria(session, call))


def test_alike_are_shown_in_the_call_and_across_calls(engine: Engine, world: World) -> None:
    with session_on(engine) as session, session.begin():
        own = make_sent_application(session, world, title="Apples in the yard")
        same = make_sent_application(session, world, "ben", title="Apples in the yard")
        strange = make_sent_application(session, world, "zoe", title="A choir")
        _rewrite(session, strange)
        before = make_sent_application(session, another_call(session, world), title="Pears")
        _rewrite(session, before)
        refs = (own.ref, same.ref, strange.ref, before.ref)
    assert trace_some(engine) == 4
    assert trace_some(engine) == 0
    with session_on(engine, reading=True) as session:
        found = full_alike(session, world.coordinator(), refs[0])
        assert [(each.ref, each.here) for each in found] == [(refs[1], True), (refs[3], False)]
        assert found[0].likenesses == [Likeness.TEXT]
        assert (found[0].share or 0) > 90
        assert set(found[1].likenesses) == {Likeness.ACCOUNT, Likeness.EMAIL, Likeness.NAME}
        assert found[1].call == "2025"
        assert full_alike(session, world.coordinator(), refs[2]) == []


def test_a_pair_that_was_set_aside_is_shown_again_only_for_another_likeness(
    session: Session, world: World
) -> None:
    own = make_sent_application(session, world, title="Apples in the yard")
    same = make_sent_application(session, world, "ben", title="Apples in the yard")
    trace(session)
    cora = world.coordinator()

    def shown() -> tuple[list[list[Likeness]], list[str]]:
        alike = [each.likenesses for each in full_alike(session, cora, own.ref)]
        return alike, [line.ref for line in full_list(session, cora, sieve=Sieve(alike=True)).lines]

    both = sorted([own.ref, same.ref])
    assert shown() == ([[Likeness.TEXT]], both)
    given = SetAsideInput(other=own.ref, reason="Two schools took the same model.")
    set_aside(session, cora, same.ref, given, NOW)
    assert shown() == ([], [])
    with pytest.raises(Invalid):
        set_aside(session, cora, same.ref, given, NOW)
    sendings = session.exec(select(Sending.id).where(col(Sending.application_id).in_([own.id, same.id])))
    session.add_all(TraceKey(sending_id=each or 0, kind=Likeness.PHONE, value="x") for each in sendings)
    session.flush()
    assert shown() == ([[Likeness.PHONE]], both)


def _rewrite(session: Session, application: Application) -> None:
    """Other texts altogether."""
    sending = session.exec(select(Sending).where(Sending.application_id == application.id)).one()
    packet = session.get_one(Packet, sending.id)
    packet.data = {"need": {"problem": f"Nobody sings in the quarter of {application.ref}."}}
    packet.summary, packet.theme, packet.districts = "Singing", "culture", ["alatau"]
    session.add(packet)
    session.flush()


def test_the_list_is_searched_in_texts_and_narrowed_down(session: Session, world: World) -> None:
    cora = world.coordinator()
    apples = make_sent_application(session, world, title="Apples")
    choir = make_sent_application(
        session, world, "zoe", title="A choir", status=Status.WITHDRAWN, language="kk"
    )
    _rewrite(session, choir)
    trace(session)

    def refs(search: str = "", **sieve: object) -> list[str]:
        found = full_list(session, cora, search=search, sieve=Sieve.model_validate(sieve))
        assert found.total == len(found.lines)
        return [line.ref for line in found.lines]

    both = sorted([apples.ref, choir.ref])
    assert refs() == refs("   ") == both
    assert refs("quarter NOBODY") == [choir.ref]
    assert refs("apples quarter") == refs("100%") == []
    assert refs(theme="culture") == refs(district="alatau") == refs(language="kk") == [choir.ref]
    assert refs(status=Status.WITHDRAWN, theme="ecology") == []
    assert refs(screening=ScreeningState.TO_DO) == both
    assert refs(screening=ScreeningState.PASSED) == refs(flagged=True) == refs(alike=True) == []
    make_sent_application(session, world, title="Apples again")
    trace(session)
    assert apples.ref in refs(alike=True)


def test_erasing_leaves_no_trace(session: Session, world: World) -> None:
    application = make_sent_application(session, world)
    assert trace(session) == 1
    erase_application(session, key(application))
    assert session.exec(select(Trace)).all() == []
    assert session.exec(select(TraceKey)).all() == []

"""Flags are raised by anybody on the panel, addressed to a coordinator, and resolved with a reason."""

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, col, select

from app.accounts.actors import Coordinator
from app.applications.actions.flagging import AnswerFlagInput, flag_application, resolve_flag
from app.applications.flagged import count_open, full_flag, full_flags
from app.applications.flags import FlagInput, raise_flag
from app.applications.screening_refusals import FlagResolved
from app.blindfold import blindfolded
from app.database import session_on
from app.errors import Invalid, NotFound, Stale
from app.models.audit import AuditEntry
from app.models.screening import FlagKind
from tests.applications.test_screening import second
from tests.factories import make_sent_application
from tests.world import NOW, World, key

SEEN = FlagInput(kind=FlagKind.DOUBLE_FUNDING, words="The same seedlings were paid by another fund.")
DONE = AnswerFlagInput(answer="The other fund paid for 2025; this is for 2026.")


def test_a_reviewers_flag_is_written_without_any_table_that_names_people(
    engine: Engine, world: World
) -> None:
    with session_on(engine) as session, session.begin():
        application = key(make_sent_application(session, world))
    blind = blindfolded(engine)
    rita = world.reviewer()
    with session_on(blind) as session, session.begin():
        code = raise_flag(session, rita.call_id, rita.person_id, application, SEEN, NOW)
    blind.dispose()
    with session_on(engine, reading=True) as session:
        flag = full_flag(session, world.coordinator(), code)
        assert (flag.raised_by, flag.raised_by_reviewer) == (world.members["rita"].code, True)
        assert (flag.words, flag.addressed_to, flag.to_me) == (SEEN.words, None, True)
        assert count_open(session, world.coordinator()) == 1
        # Rita reads the log of her own acts: no applicant's reference may stand there.
        logged = session.exec(select(AuditEntry).where(AuditEntry.action == "flag.raise")).one()
        assert (logged.subject, logged.detail) == (code, {"kind": "double_funding"})


def test_a_flag_waits_for_whom_it_is_addressed_to(session: Session, world: World) -> None:
    cora, other = world.coordinator(), second(session, world)
    ref = make_sent_application(session, world).ref
    to_max = SEEN.model_copy(update={"to": world.members["max"].code})
    first = flag_application(session, cora, ref, to_max, NOW)
    flag_application(session, cora, ref, SEEN, NOW)
    assert (count_open(session, cora), count_open(session, other)) == (1, 2)
    for code in (world.members["rita"].code, "NOBODY"):
        with pytest.raises(Invalid):
            flag_application(session, cora, ref, SEEN.model_copy(update={"to": code}), NOW)
    with pytest.raises(Stale):
        resolve_flag(session, other, first, DONE, version=2, now=NOW)
    assert resolve_flag(session, other, first, DONE, version=1, now=NOW) == ref
    with pytest.raises(FlagResolved):
        resolve_flag(session, cora, first, DONE, version=2, now=NOW)
    assert (count_open(session, cora), count_open(session, other)) == (1, 1)
    seen = full_flags(session, cora, ref)
    assert [(each.answer, each.resolved_by) for each in seen] == [("", ""), (DONE.answer, "Max Canaryname")]
    wanted = col(AuditEntry.action).like("flag.%")
    assert session.exec(select(AuditEntry.action).where(wanted)).all() == ["flag.raise"] * 2 + [
        "flag.resolve"
    ]


def test_a_strangers_call_has_none_of_it(session: Session, world: World) -> None:
    ref = make_sent_application(session, world).ref
    code = flag_application(session, world.coordinator(), ref, SEEN, NOW)
    stranger = Coordinator(key(world.people["max"]), 10**6)
    assert full_flags(session, stranger) == []
    with pytest.raises(NotFound):
        resolve_flag(session, stranger, code, DONE, version=1, now=NOW)
    with pytest.raises(NotFound):
        flag_application(session, stranger, ref, SEEN, NOW)

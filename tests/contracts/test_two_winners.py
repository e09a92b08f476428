"""Two worlds that differ only in who will win look the same to everybody until each reveal, to the byte.

In one Ada has the award that nobody knows yet, in the other Carol; the order, the sealed document and the
protocol differ with it. What is shown of the seal is a digest that says nothing without its nonce, so it is
the same here. Pages, fragments, answers, streams and files with their headers, and mails.
"""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import pytest
from sqlalchemy import text
from sqlmodel import Session, select

from app.database import session_on
from app.decisions import results
from app.jobs import worker
from app.jobs.rendering import NothingToSend
from app.models.applications import Application
from app.models.calls import Phase
from app.models.decisions import Award, DecisionProtocol, RankingEntry, ResultSeal
from app.models.outbox import Mail
from app.settings import Settings
from app.web.authorization import listed
from tests.contracts.crawl import visits
from tests.contracts.fair import REVEALING
from tests.contracts.routes import Route
from tests.contracts.running import ANONYMOUS, Running
from tests.contracts.test_two_worlds import (
    CAN_FAIL,
    DOCUMENTS,
    Transcript,
    applicants_routes,
    other_world,
    reviewers_routes,
)
from tests.world import NOW, key

OWN = (
    "applications.show", "applications.list", "applications.status", "applications.result", "results.own",
    "my.", "my_data.", "factual.", "pitch.",
)  # fmt: skip
"""Where an applicant could meet a result; their texts and files have none."""
GUARDED = ("award", "result_seal", "decision_protocol")
LETTERS = ("result", "award_promoted", "award_returned", "factual_answered")
WHO = (ANONYMOUS, "ada", "carol", "rita", "vera")
"""PUB and PRJ, OWN in one world and OTH in the other, and the other way round, REV, ORG."""


def stalls(running: Running) -> list[str]:
    """Decided and not announced, and announced in part: Ben is known, the other winner is not."""
    return [name for name in (str(Phase.DECIDED), REVEALING) if name in running.stalls]


def routes_of_(running: Running, name: str) -> list[Route]:
    """What this person alone reaches, and what everybody does; signed in, of that what tells of a call."""
    anybody = {*listed().doors["everybody"].routes} - DOCUMENTS
    if name != ANONYMOUS:
        anybody = {
            "calls.show",
            "home",
            "results.list",
            "ledger.show",
            "seals.list",
            "stage.screen",
            "live.show",
        }
    found = [each for each in running.routes if each.name in anybody]
    if name in {"ada", "ben", "carol"}:
        found += [
            each for each in applicants_routes(running) if each.name.removeprefix("api.").startswith(OWN)
        ]
    if name == "rita":
        found += [each for each in reviewers_routes(running) if each.name not in anybody]
    if name == "vera":
        found += [each for each in running.routes if each.name in listed().doors["contact"].routes]
    return found


def another_wins(session: Session, running: Running) -> None:
    """Carol has Ada's award, place and total, and Ada hers; what was sealed and written says so."""
    for name in stalls(running):
        stall = running.fair.stalls[name]
        ada, carol = (
            session.exec(select(Application).where(Application.ref == stall.entries[each].ref)).one()
            for each in ("ada", "carol")
        )
        award = session.exec(select(Award).where(Award.application_id == key(ada))).one()
        award.application_id = key(carol)
        one, other = session.get_one(RankingEntry, key(ada)), session.get_one(RankingEntry, key(carol))
        for column in ("place", "label", "total", "shown", "sheet", "figures", "in_short"):
            mine, theirs = getattr(one, column), getattr(other, column)
            setattr(one, column, theirs)
            setattr(other, column, mine)
        call = key(stall.world.call)
        seal = session.exec(select(ResultSeal).where(ResultSeal.round_id == award.round_id)).one()
        protocol = session.exec(select(DecisionProtocol).where(DecisionProtocol.call_id == call)).one()
        swapped = {ada.code: carol.code, carol.code: ada.code}
        seal.codes = [swapped.get(each, each) for each in seal.codes]
        written = protocol.document.replace(ada.code, "?").replace(carol.code, ada.code)
        protocol.document = written.replace("?", carol.code)
        protocol.digest = "0" * 64
        session.add_all([award, one, other, seal, protocol])


@contextmanager
def unguarded(running: Running) -> Iterator[None]:
    """What was frozen and sealed cannot be changed: the guards are off while the other world is made."""
    sqlite = running.engine.dialect.name == "sqlite"
    kept: list[str] = []
    with running.engine.begin() as connection:
        for table in GUARDED:
            if not sqlite:
                connection.execute(text(f"ALTER TABLE {table} DISABLE TRIGGER USER"))
                continue
            wanted = text("SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = :table")
            for name, made in connection.execute(wanted, {"table": table}).all():
                kept.append(made)
                connection.execute(text(f"DROP TRIGGER {name}"))
    try:
        yield
    finally:
        with running.engine.begin() as connection:
            for made in kept:
                connection.exec_driver_sql(made)
            if not sqlite:
                for table in GUARDED:
                    connection.execute(text(f"ALTER TABLE {table} ENABLE TRIGGER USER"))


@contextmanager
def other_winner(running: Running) -> Iterator[None]:
    with ExitStack() as stack:
        stack.enter_context(unguarded(running))
        changed = other_world(
            running, lambda session: another_wins(session, running), Award, RankingEntry, ResultSeal,
            DecisionProtocol,
        )  # fmt: skip
        stack.enter_context(changed)
        yield


def mails(running: Running, name: str) -> list[object]:
    """What the job worker would write to this person of each result, were a letter queued by mistake."""
    if name not in {"ada", "ben", "carol"}:
        return []
    written: list[object] = []
    settings = Settings(_env_file=None, base_url="http://testserver")
    for stall in stalls(running):
        for template in LETTERS:
            params = {"ref": running.fair.stalls[stall].entries[name].ref, "note": "-"}
            mail = Mail(
                dedupe_key="-", template=template, person_id=key(running.fair.people[name]), queued_at=NOW,
                not_before=NOW, params=params,
            )  # fmt: skip
            try:
                written.append(worker._render(running.engine, settings, mail, NOW)[1])
            except Exception as nothing:
                written.append((type(nothing), str(nothing) if isinstance(nothing, NothingToSend) else ""))
    return written


def looked_at(running: Running, name: str, routes: list[Route]) -> Transcript:
    """Each address once in each of the two calls."""
    browser, caller = running.visitor(name), running.visitor(name, api=True)
    return {
        (visit.path, visit.fragment): (visit.status, visit.headers, visit.body)
        for stall in stalls(running)
        for visit in visits(
            routes, running.fair, browser, caller, stalls=[stall], proven=running.proves(name), first=True
        )
    }


def told(running: Running, names: tuple[str, ...] = WHO) -> list[str]:
    """Who could tell the two apart, and where."""
    routes = {name: routes_of_(running, name) for name in names}
    before = {name: looked_at(running, name, routes[name]) for name in names}
    letters = {name: mails(running, name) for name in names}
    counts = {name: sum(each[0] == 200 for each in seen.values()) for name, seen in before.items()}
    assert min(counts.values()) >= 8, counts
    found = []
    with other_winner(running):
        for name in names:
            after = looked_at(running, name, routes[name])
            assert before[name].keys() == after.keys()
            found += [f"{name}: {at}" for at in before[name] if before[name][at] != after[at]]
            found += [f"{name}: mail"] if letters[name] != mails(running, name) else []
    return found


def test_nobody_can_tell_who_will_win(running: Running) -> None:
    assert told(running) == []


@CAN_FAIL
def test_a_planted_title_of_the_next_winner_is_told(
    running: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A careless figure on a public page: how well the best of the order did, before anybody is announced."""
    public = results._public

    def careless(*row: object) -> results.PublicWinner:
        with session_on(running.engine, reading=True) as session:
            codes = session.exec(
                select(Application.code).join(Award, Award.application_id == Application.id)  # type: ignore[arg-type]
            ).all()
        return public(*row).model_copy(update={"team": " ".join(sorted(codes))})  # type: ignore[arg-type]

    monkeypatch.setattr(results, "_public", careless)
    assert any("results" in each for each in told(running, (ANONYMOUS,)))

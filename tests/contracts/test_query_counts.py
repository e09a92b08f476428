"""A list asks the database as often for thirty rows as for one: no query inside a loop, on either engine."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine
from sqlmodel import Session, col, select

from app.database import session_on
from app.decisions.closing import close_reviewing
from app.jobs.worker import count
from app.models.accounts import ApiToken
from app.models.applications import Application
from app.models.calls import AwardRound
from app.models.decisions import Award, MissingReview, PublishedResult, RankingEntry
from app.models.events import (
    AttendeeState,
    Event,
    Finalist,
    FinalistState,
    PitchCard,
    PitchQuestion,
    SegmentKind,
    ShowSegment,
)
from app.models.panel import PanelMember, PanelRole
from app.models.people import Attendee
from app.random_codes import random_code
from tests.bench.pages.queries import statements
from tests.conftest import Client, Clock
from tests.factories import (
    REVIEWING,
    make_assignment,
    make_proposal,
    make_review,
    make_sent_application,
    open_reviewing_rows,
)
from tests.world import NOW, World, key, make_call, make_person, token_for

ROWS = (1, 3, 30)

Counts = dict[tuple[str | None, str], int]
"""(who, address) -> statements, the same however many rows there are."""

OPEN: Counts = {
    ("zoe", "/en/account"): 4,
    (None, "/en/"): 2,
    (None, "/en/calls/2026"): 1,
    ("ada", "/en/my"): 5,
    (None, "/api/v1/calls"): 1,
    ("ada", "/api/v1/applications"): 2,
    ("cora", "/en/desk/2026/panel"): 11,
    ("cora", "/api/v1/calls/2026/reviewers"): 3,
}
"""While the call is open."""

IN_REVIEW: Counts = {
    ("rita", "/en/review"): 2,
    ("rita", "/en/review/2026"): 3,
    ("rita", "/en/review/2026/ties"): 3,
    ("rita", "/api/v1/calls/2026/reviews"): 3,
    ("cora", "/en/desk/2026/progress"): 11,
    ("cora", "/en/desk/2026"): 7,
    ("cora", "/en/desk/2026/assign"): 7,
    ("cora", "/en/desk/2026/assign/proposal"): 22,
    ("cora", "/api/v1/calls/2026/assignments/table.csv"): 15,
    ("cora", "/en/desk/2026/applications"): 5,
    ("cora", "/en/desk/2026/applications?q=apples"): 5,
    ("cora", "/api/v1/calls/2026/applications"): 3,
    ("cora", "/api/v1/calls/2026/progress"): 5,
    ("cora", "/api/v1/calls/2026/assignments"): 3,
}
"""The same while reviewers score, and the job worker has kept what the desk counts."""

REVIEWED: Counts = {
    ("rita", "/en/review/2026"): 3,
    ("cora", "/en/desk/2026/ranking"): 3,
    ("cora", "/en/desk/2026/ranking/how-firm"): 5,
    ("cora", "/en/desk/2026/ranking/methods"): 4,
    ("cora", "/en/desk/2026/ranking/criteria"): 5,
    ("cora", "/en/desk/2026/ranking/reviewers"): 5,
    ("cora", "/en/desk/2026/ranking/record"): 6,
    ("cora", "/en/desk/2026/ranking/what-if"): 10,
    ("cora", "/en/desk/2026/ranking/what-if?method=median"): 12,
    ("cora", "/en/desk/2026/ranking/holes"): 7,
    ("cora", "/en/desk/2026/ranking/table.csv"): 5,
    ("cora", "/en/desk/2026/ranking/{code}"): 11,
    ("cora", "/api/v1/calls/2026/ranking/{code}/reviews"): 7,
    ("cora", "/en/desk/2026/awards"): 22,
    ("cora", "/en/desk/2026/event/{pot}"): 9,
    ("cora", "/en/desk/2026/event/{pot}/door"): 9,
    ("cora", "/en/desk/2026/event/{pot}/run"): 8,
    ("rita", "/en/review/2026/pitch-questions"): 3,
    (None, "/en/calls/2026/event/{pot}"): 2,
    ("cora", "/en/desk/2026/panel-meeting"): 24,
    ("cora", "/en/desk/2026/protocol"): 39,
    ("cora", "/api/v1/calls/2026/panel-meeting/cases"): 11,
    ("cora", "/api/v1/calls/2026/departures"): 2,
    ("cora", "/api/v1/calls/2026/protocol"): 36,
    ("cora", "/api/v1/calls/2026/ranking"): 8,
    ("cora", "/api/v1/calls/2026/ranking/runs"): 3,
    ("cora", "/api/v1/calls/2026/ranking/holes"): 3,
    ("cora", "/api/v1/calls/2026/ranking/table.csv"): 5,
    ("cora", "/api/v1/calls/2026/rounds"): 14,
    ("cora", "/api/v1/calls/2026/awards"): 3,
    (None, "/en/calls/2026/results"): 6,
    (None, "/api/v1/calls/2026/results"): 5,
}
"""The same once reviewing is closed, with as many awards and revealed winners as rows.

`{code}` is the first application's, `{pot}` the round's.
"""


def _counted(engine: Engine, client: Client, wanted: Counts) -> Counts:
    """Each address asked twice: what a process keeps is there the second time."""
    callers: dict[tuple[str | None, bool], TestClient] = {}
    counts: Counts = {}
    for who, address in wanted:
        api = address.startswith("/api/")
        if (who, api) not in callers:
            callers[who, api] = client(who, api=api and who is not None)
        assert callers[who, api].get(address).status_code == 200, address
        with statements(engine) as asked:
            callers[who, api].get(address)
        counts[who, address] = len(asked)
    return counts


def _applications(session: Session, world: World, rows: int) -> list[Application]:
    return [make_sent_application(session, world, title=f"Apples in yard {row}") for row in range(rows)]


@pytest.mark.parametrize("rows", ROWS)
def test_lists_of_an_open_call(engine: Engine, client: Client, world: World, rows: int) -> None:
    with session_on(engine) as session, session.begin():
        _applications(session, world, rows)
        for number in range(rows):
            make_call(session, f"other-{number}")
            token_for(session, world.people["zoe"], (), NOW)
            session.add(
                PanelMember(
                    call_id=key(world.call),
                    person_id=key(make_person(session, f"reviewer{number}")),
                    organisation_id=key(world.organisations["BC"]),
                    role=PanelRole.REVIEWER,
                    code=random_code(),
                    joined_at=NOW,
                )
            )
        assert len(session.exec(select(ApiToken)).all()) == rows
    assert _counted(engine, client, OPEN) == OPEN


@pytest.mark.parametrize("rows", ROWS)
def test_lists_of_a_call_in_review(
    engine: Engine, client: Client, clock: Clock, world: World, rows: int
) -> None:
    with session_on(engine) as session, session.begin():
        _in_review(session, world, rows)
        make_proposal(session, world)
        for number in range(rows):
            session.add(
                PanelMember(
                    call_id=key(make_call(session, f"other-{number}")),
                    person_id=key(world.people["rita"]),
                    organisation_id=key(world.organisations["BC"]),
                    role=PanelRole.REVIEWER,
                    code=random_code(),
                    joined_at=NOW,
                )
            )
    clock.now = REVIEWING + timedelta(days=1)
    count(engine, clock.now)
    assert _counted(engine, client, IN_REVIEW) == IN_REVIEW


@pytest.mark.parametrize("rows", ROWS)
def test_lists_of_a_reviewed_call(
    engine: Engine, client: Client, clock: Clock, world: World, rows: int
) -> None:
    clock.now = REVIEWING + timedelta(days=30)
    with session_on(engine) as session, session.begin():
        _in_review(session, world, rows)
        pot = session.exec(select(AwardRound).where(AwardRound.code == world.round.code)).one()
        pot.places, pot.envelope_minor = 100, 50_000_000
        close_reviewing(session, world.coordinator(), clock.now)
        ranked = session.exec(select(RankingEntry).order_by(col(RankingEntry.place))).all()
        assert len(ranked) == rows
        assert len(session.exec(select(MissingReview)).all()) >= rows
        for entry in ranked:
            session.add_all(_award(world, entry))
        _evening(session, world, ranked)
        code = ranked[0].shown["code"]
    wanted = {
        (who, address.replace("{code}", code).replace("{pot}", world.round.code)): count
        for (who, address), count in REVIEWED.items()
    }
    assert _counted(engine, client, wanted) == wanted


def _evening(session: Session, world: World, ranked: Sequence[RankingEntry]) -> None:
    """Each of them pitches and is asked something; as many are in the audience."""
    pot = key(world.round)
    session.add(
        Event(round_id=pot, starts_at=REVIEWING + timedelta(days=60), place={}, capacity=100, named_at=NOW)
    )
    session.flush()
    for entry in ranked:
        common: dict[str, Any] = {"application_id": entry.application_id, "round_id": pot}
        session.add_all(
            [
                Finalist(
                    **common, position=entry.place, slot=entry.place, state=FinalistState.CONFIRMED,
                    offered_at=NOW, answer_due_at=NOW, answered_at=NOW,
                ),
                PitchCard(**common, slot=entry.place, title=entry.shown["title"], language="en"),
                PitchQuestion(
                    code=random_code(), application_id=entry.application_id,
                    member_id=key(world.members["rita"]), words="Who waters in August?", asked_at=NOW,
                ),
                ShowSegment(
                    round_id=pot, code=random_code(), position=entry.place, kind=SegmentKind.PITCH,
                    minutes=8, slot=entry.place,
                ),
                Attendee(
                    round_id=pot, code=random_code(), name="Dana", email=f"{entry.place}@example.org",
                    language="en", state=AttendeeState.CONFIRMED, nonce="n", asked_at=NOW,
                ),
            ]
        )  # fmt: skip


def _in_review(session: Session, world: World, rows: int) -> None:
    """As many applications, each scored by two organisations of four."""
    applications = _applications(session, world, rows)
    open_reviewing_rows(session, world)
    for application in applications:
        for name in ("rita", "rolf"):
            make_review(session, world, make_assignment(session, world, application, name))


def _award(world: World, entry: RankingEntry) -> tuple[Award, PublishedResult]:
    """A winner who is on stage already."""
    award = Award(
        round_id=key(world.round),
        application_id=entry.application_id,
        amount_minor=500_000,
        awarded_by=key(world.people["cora"]),
        awarded_at=REVIEWING,
    )
    winner = PublishedResult(
        call_id=key(world.call),
        round_id=key(world.round),
        application_id=entry.application_id,
        slug=random_code(),
        position=entry.place,
        title=entry.shown["title"],
        districts=[],
        language="en",
        amount_minor=500_000,
        published_at=REVIEWING,
    )
    return award, winner

"""A list asks the database as often for thirty rows as for one: no query inside a loop, on either engine."""

from datetime import timedelta

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine
from sqlmodel import Session, col, select

from app.database import session_on
from app.decisions.closing import close_reviewing
from app.models.accounts import ApiToken
from app.models.applications import Application
from app.models.calls import AwardRound
from app.models.decisions import Award, MissingReview, PublishedResult, RankingEntry
from app.models.panel import PanelMember, PanelRole
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
    (None, "/en/"): 1,
    (None, "/en/calls/2026"): 1,
    ("ada", "/en/my"): 5,
    (None, "/api/v1/calls"): 1,
    ("ada", "/api/v1/applications"): 2,
    ("cora", "/en/desk/2026/panel"): 11,
    ("cora", "/api/v1/calls/2026/reviewers"): 4,
}
"""While the call is open."""

IN_REVIEW: Counts = {
    ("rita", "/en/review"): 2,
    ("rita", "/en/review/2026"): 4,
    ("rita", "/en/review/2026/ties"): 4,
    ("rita", "/api/v1/calls/2026/reviews"): 4,
    ("cora", "/en/desk/2026/progress"): 14,
    ("cora", "/en/desk/2026"): 15,
    ("cora", "/en/desk/2026/assign"): 11,
    ("cora", "/en/desk/2026/assign/proposal"): 23,
    ("cora", "/api/v1/calls/2026/assignments/table.csv"): 16,
    ("cora", "/en/desk/2026/applications"): 6,
    ("cora", "/en/desk/2026/applications?q=apples"): 6,
    ("cora", "/api/v1/calls/2026/applications"): 4,
    ("cora", "/api/v1/calls/2026/progress"): 8,
    ("cora", "/api/v1/calls/2026/assignments"): 4,
}
"""The same while reviewers score."""

REVIEWED: Counts = {
    ("rita", "/en/review/2026"): 4,
    ("cora", "/en/desk/2026/ranking"): 10,
    ("cora", "/en/desk/2026/ranking/holes"): 8,
    ("cora", "/en/desk/2026/ranking/table.csv"): 6,
    ("cora", "/en/desk/2026/ranking/{code}"): 11,
    ("cora", "/api/v1/calls/2026/ranking/{code}/reviews"): 8,
    ("cora", "/en/desk/2026/awards"): 14,
    ("cora", "/api/v1/calls/2026/ranking"): 7,
    ("cora", "/api/v1/calls/2026/ranking/holes"): 4,
    ("cora", "/api/v1/calls/2026/ranking/table.csv"): 6,
    ("cora", "/api/v1/calls/2026/rounds"): 11,
    ("cora", "/api/v1/calls/2026/awards"): 4,
    (None, "/en/calls/2026/results"): 4,
    (None, "/api/v1/calls/2026/results"): 4,
}
"""The same once reviewing is closed, with as many awards and revealed winners as rows.

`{code}` is the first application's.
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
        code = ranked[0].shown["code"]
    wanted = {(who, address.replace("{code}", code)): count for (who, address), count in REVIEWED.items()}
    assert _counted(engine, client, wanted) == wanted


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

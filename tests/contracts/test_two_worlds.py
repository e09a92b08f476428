"""Two worlds that differ only in what somebody may not know look the same to them, to the byte.

The fair is crawled, changed in one thing, crawled again and changed back: every page, fragment, API answer
and file with its headers, and the mails. What differs is who applied, what others scored, or who scored.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Table, func, select, update
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session, SQLModel, col
from sqlmodel import select as choose

from app.applications.counted import IS_COUNTED_SENDING
from app.database import session_on
from app.jobs import worker
from app.jobs.letters import RENDERERS, TO_REVIEWERS, Writing
from app.jobs.rendering import Letter, NothingToSend
from app.models.applications import Application, Sending
from app.models.calls import Phase
from app.models.outbox import Mail
from app.models.panel import PanelMember
from app.models.people import Identity, Person
from app.models.reviews import Assignment, Review, ReviewScore, ReviewState
from app.pages import shell
from app.reviews import queries
from app.settings import Settings
from app.web.authorization import listed
from tests.contracts.crawl import visits
from tests.contracts.fair import APPLICANTS
from tests.contracts.routes import Route
from tests.contracts.running import Running
from tests.world import NOW, key

REVIEWING = str(Phase.REVIEWING)
REVIEWERS_ALSO = {"my.home", "reviews.calls", "messages.list", "calls.show", "home", "results.list"}
"""What a reviewer opens beside the pages that are reviewers' alone."""
APPLICANTS_DOORS = ("owner", "own_message", "applicant")
DOCUMENTS = {"applications.copy_pdf", "applications.sending_pdf", "my_data.copy"}
"""Slow to make, of the words of pages that are compared."""

Change = Callable[[Session], None]
Transcript = dict[tuple[str, bool], tuple[int, str, bytes]]


def reviewers_routes(running: Running) -> list[Route]:
    """Everything that asks for a reviewer, and what a reviewer comes by."""
    doors = listed().doors.values()
    theirs = {name for door in doors if "reviewer" in door.needs for name in door.routes}
    return [route for route in running.routes if route.name in theirs | REVIEWERS_ALSO]


def applicants_routes(running: Running) -> list[Route]:
    """What is an applicant's own."""
    theirs = {name for door in APPLICANTS_DOORS for name in listed().doors[door].routes}
    return [route for route in running.routes if route.name in theirs - DOCUMENTS]


def transcript(running: Running, name: str, routes: list[Route], stalls: list[str]) -> Transcript:
    """Every answer to this person, whole: status, headers, body."""
    browser, caller = running.visitor(name), running.visitor(name, api=True)
    return {
        (visit.path, visit.fragment): (visit.status, visit.headers, visit.body)
        for visit in visits(routes, running.fair, browser, caller, stalls=stalls, proven=running.proves(name))
    }


def mails(running: Running, name: str) -> list[Letter | None]:
    """Every mail of which this reviewer might get one now, as the job worker would write it.

    None stands for one of which there is nothing to say: what was looked at for it was looked at blind, too.
    """
    stall = running.fair.stalls[REVIEWING]
    members = stall.world
    written: list[Letter | None] = []
    for template in sorted(TO_REVIEWERS):
        mail = Mail(
            dedupe_key="-", template=template, person_id=key(members.people[name]), queued_at=NOW,
            not_before=NOW, params={"call": members.call.slug, "request": stall.wish},
        )  # fmt: skip
        settings = Settings(_env_file=None, base_url="http://testserver")
        try:
            written.append(worker._render(running.engine, settings, mail, NOW)[1])
        except NothingToSend:
            written.append(None)
    return written


@contextmanager
def other_world(running: Running, change: Change, *tables: type[SQLModel]) -> Iterator[None]:
    """The database after a change; afterwards the rows of these tables are as they were."""
    kept = [(_table(each), _rows(running, _table(each))) for each in tables]
    with session_on(running.engine) as session, session.begin():
        change(session)
    changed = [_rows(running, table) for table, _ in kept]
    assert all(then != now for (_, then), now in zip(kept, changed, strict=True)), "each table must differ"
    try:
        yield
    finally:
        with session_on(running.engine) as session, session.begin():
            for table, rows in kept:
                _put_back(session, table, rows)


def _table(model: type[SQLModel]) -> Table:
    return SQLModel.metadata.tables[str(model.__tablename__)]


def _rows(running: Running, table: Table) -> list[dict[str, Any]]:
    with session_on(running.engine, reading=True) as session:
        rows = session.execute(select(table).order_by(*table.primary_key.columns))
        return [dict(row) for row in rows.mappings()]


def _put_back(session: Session, table: Table, rows: list[dict[str, Any]]) -> None:
    """First all away from what might be unique, then as it was."""
    keys = [each.name for each in table.primary_key.columns]
    for row in rows:
        here = [table.c[name] == row[name] for name in keys]
        session.execute(update(table).where(*here).values(**{k: v for k, v in row.items() if k not in keys}))


# ---------------------------------------------------------------- what differs


def _of_call(session: Session, running: Running) -> list[Application]:
    number = key(running.fair.stalls[REVIEWING].world.call)
    wanted = choose(Application).where(col(Application.call_id) == number).order_by(col(Application.id))
    return list(session.exec(wanted))


def others_applied(running: Running) -> Change:
    """Everybody is somebody else, each application came from another of them, later and in another order."""

    def change(session: Session) -> None:
        people = [key(running.fair.people[name]) for name in APPLICANTS]
        for place, number in enumerate(people):
            given = {"name": f"Other {place}", "email": f"other{place}@elsewhere.example", "language": "ru"}
            session.execute(update(Person).where(col(Person.id) == number).values(**given, phone="+7 777"))
        applications = _of_call(session, running)
        for place, application in enumerate(reversed(applications)):
            sending = session.exec(choose(Sending).where(Sending.application_id == application.id)).one()
            application.ref = f"WA26-OTHER{place}"
            application.created_at -= timedelta(days=3 + place)
            sending.sent_at -= timedelta(days=2, hours=3 - place)
            sending.sha256 = f"{place}" * 64
            identity = session.get_one(Identity, sending.id)
            identity.data = {"team": {"family_name": f"Other {place}", "members": []}}
            identity.display_name = f"Other {place}"
            session.add_all([application, sending, identity])

    return change


def others_scored(running: Running) -> Change:
    """Anna and Karl gave other scores and words, at other times; one of them has sent nothing yet."""

    def change(session: Session) -> None:
        members = running.fair.stalls[REVIEWING].world.members
        for name, state in (("anna", ReviewState.SENT), ("karl", ReviewState.DRAFT)):
            given = choose(Assignment.id).where(Assignment.member_id == members[name].id)
            scores = {"score": 6 - col(ReviewScore.score), "reason": "Quite the other way round."}
            theirs = col(ReviewScore.assignment_id).in_(given), col(ReviewScore.score).is_not(None)
            session.execute(update(ReviewScore).where(*theirs).values(scores))
            later = NOW - timedelta(minutes=5)
            values = {"state": state, "sent_at": later if state is ReviewState.SENT else None, "version": 7}
            said = {"convinced": "Something else.", "stronger": "Else.", "updated_at": later}
            wanted = col(Review.assignment_id).in_(given)
            session.execute(update(Review).where(wanted).values(**values, **said))
            moved = update(Assignment).where(col(Assignment.member_id) == members[name].id)
            session.execute(moved.values(created_at=later))

    return change


def others_review(running: Running) -> Change:
    """Another person of another organisation sits in Anna's place, and Karl has given all of his back."""

    def change(session: Session) -> None:
        members = running.fair.stalls[REVIEWING].world.members
        anna, karl = members["anna"], members["karl"]
        stranger = {"person_id": key(running.fair.people["zoe"]), "organisation_id": karl.organisation_id}
        session.execute(update(PanelMember).where(col(PanelMember.id) == anna.id).values(stranger))
        gone = {"withdrawn_at": NOW - timedelta(hours=1)}
        session.execute(update(Assignment).where(col(Assignment.member_id) == karl.id).values(gone))

    return change


WORLDS: Mapping[str, tuple[Callable[[Running], Change], tuple[type[SQLModel], ...]]] = {
    "who applied": (others_applied, (Person, Application, Sending, Identity)),
    "what others scored": (others_scored, (Review, ReviewScore, Assignment)),
    "who reviews": (others_review, (PanelMember, Assignment)),
}


def differing(running: Running, name: str, world: str, routes: list[Route], least: int = 15) -> list[str]:
    """The addresses, and mails, at which this person could tell the two worlds apart."""
    change, tables = WORLDS[world]
    reviews = name in running.fair.stalls[REVIEWING].world.members
    before, sent = transcript(running, name, routes, [REVIEWING]), mails(running, name) if reviews else []
    answered = [path for (path, _), (status, _, _) in before.items() if status == 200]
    assert len(answered) >= least, "there must be something to look at"
    with other_world(running, change(running), *tables):
        after, then = transcript(running, name, routes, [REVIEWING]), mails(running, name) if reviews else []
    assert before.keys() == after.keys()
    told = sorted({path for path, fragment in before if before[path, fragment] != after[path, fragment]})
    return told + ["mail" for one, other in zip(sent, then, strict=True) if one != other]


@pytest.mark.parametrize("world", WORLDS)
def test_a_reviewer_cannot_tell_the_worlds_apart(running: Running, world: str) -> None:
    assert differing(running, "rita", world, reviewers_routes(running)) == []


@pytest.mark.parametrize("world", ["what others scored", "who reviews"])
def test_an_applicant_cannot_tell_who_scored_what(running: Running, world: str) -> None:
    assert differing(running, "ada", world, applicants_routes(running)) == []


# ---------------------------------------------------------------- what is planted is told

CAN_FAIL = pytest.mark.parametrize("running", ["sqlite"], ids=["embedded"], indirect=True)
"""That two transcripts are compared at all is seen on one engine; what they compare is looked at on both."""


@CAN_FAIL
def test_planted_time_of_sending_is_told(running: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    """A column of a table that reviewers may read, and no name: the crawl for planted words finds nothing."""
    line = queries._line
    dated = queries._QUEUE.join(Sending, IS_COUNTED_SENDING).add_columns(col(Sending.sent_at).label("at"))
    monkeypatch.setattr(queries, "_QUEUE", dated)
    monkeypatch.setattr(queries, "_line", lambda row: line(row).model_copy(update={"title": f"{row.at}"}))
    told = differing(running, "rita", "who applied", reviewers_routes(running))
    assert told == ["/api/v1/calls/fair-reviewing/reviews", "/en/review/fair-reviewing"]


@CAN_FAIL
def test_planted_order_of_sending_is_told(running: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing more is said; only who comes first says who was early."""
    joined = queries._QUEUE.join(Sending, IS_COUNTED_SENDING)
    sorted_ = joined.order_by(None).order_by(col(Sending.sent_at), col(Sending.id))
    monkeypatch.setattr(queries, "_QUEUE", sorted_)
    told = differing(running, "rita", "who applied", reviewers_routes(running))
    assert "/en/review/fair-reviewing" in told


@CAN_FAIL
@pytest.mark.parametrize("world", ["what others scored", "who reviews"])
def test_planted_number_of_reviews_is_told(
    running: Running, monkeypatch: pytest.MonkeyPatch, world: str
) -> None:
    """A careless line of a template: how far the reviewing is, on everybody's pages and in a mail."""

    def counted(*_: object) -> str:
        with session_on(running.engine, reading=True) as session:
            wanted = select(func.count()).select_from(Review).join(Assignment, IS_GIVEN)
            done = session.execute(wanted.where(col(Review.state) == ReviewState.SENT)).scalar_one()
        return f"{done} reviews have been sent"

    monkeypatch.setattr(shell, "_text", counted)
    status = [route for route in running.routes if route.name == "applications.status"]
    assert differing(running, "ada", world, status, least=1)
    own = RENDERERS["assignments_ready"]
    monkeypatch.setitem(RENDERERS, "assignments_ready", lambda mail: replace(own(mail), body=counted()))
    assert "mail" in differing(running, "rita", world, reviewers_routes(running))


def test_planted_name_in_a_reviewers_mail_is_refused(
    running: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The database does not let the job worker read who applied while it writes to a reviewer."""

    def naming(mail: Writing) -> Letter:
        return Letter("Who applied", mail.session.exec(choose(Identity.display_name)).first() or "")

    monkeypatch.setitem(RENDERERS, "assignments_ready", naming)
    with pytest.raises(DBAPIError):
        mails(running, "rita")


IS_GIVEN = (col(Assignment.id) == col(Review.assignment_id)) & col(Assignment.withdrawn_at).is_(None)

"""Two worlds that differ only in what somebody may not know look the same to them, to the byte.

The fair is crawled, changed in one thing, crawled again and changed back: every page, fragment, API answer
and file with its headers, and the mails. What differs is who applied, what others scored, or who scored.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
from sqlalchemy import Table, delete, func, select, update
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session, SQLModel, col
from sqlmodel import select as choose

from app.accounts.actors import Contact, Coordinator
from app.applications.counted import IS_COUNTED_SENDING
from app.calls import actions as calling
from app.calls.inputs import SeatInput
from app.calls.invitations import OwnProposal, own_proposals, seats_of
from app.database import session_on
from app.jobs import worker
from app.jobs.letters import RENDERERS, TO_REVIEWERS, Writing
from app.jobs.rendering import Letter, NothingToSend
from app.models.accounts import Throttle
from app.models.applications import Application, Sending
from app.models.calls import Phase
from app.models.outbox import Mail
from app.models.panel import PanelMember, PanelRole, SeatState
from app.models.people import Identity, Person, ReviewerInvitation, ReviewerProposal
from app.models.reviews import Assignment, Review, ReviewScore, ReviewState
from app.pages import shell
from app.random_codes import random_code
from app.reviews import contact, queries
from app.settings import Settings
from app.web.authorization import listed
from tests.contracts.crawl import visits
from tests.contracts.fair import APPLICANTS
from tests.contracts.routes import Route
from tests.contracts.running import Running
from tests.contracts.visitor import Answer
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


def transcript(
    running: Running, name: str, routes: list[Route], stalls: list[str], *, first: bool = False
) -> Transcript:
    """Every answer to this person, whole: status, headers, body."""
    browser, caller, proven = running.visitor(name), running.visitor(name, api=True), running.proves(name)
    found = visits(routes, running.fair, browser, caller, stalls=stalls, proven=proven, first=first)
    return {(visit.path, visit.fragment): (visit.status, visit.headers, visit.body) for visit in found}


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


def _of_call(session: Session, running: Running, stall: str) -> list[Application]:
    number = key(running.fair.stalls[stall].world.call)
    wanted = choose(Application).where(col(Application.call_id) == number).order_by(col(Application.id))
    return list(session.exec(wanted))


def others_applied(running: Running, stall: str) -> Change:
    """Everybody is somebody else, each application came from another of them, later and in another order."""

    def change(session: Session) -> None:
        people = [key(running.fair.people[name]) for name in APPLICANTS]
        for place, number in enumerate(people):
            given = {"name": f"Other {place}", "email": f"other{place}@elsewhere.example", "language": "ru"}
            session.execute(update(Person).where(col(Person.id) == number).values(**given, phone="+7 777"))
        applications = _of_call(session, running, stall)
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


def others_scored(running: Running, stall: str) -> Change:
    """Anna and Karl gave other scores and words, at other times; one of them has sent nothing yet."""

    def change(session: Session) -> None:
        members = running.fair.stalls[stall].world.members
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


def others_review(running: Running, stall: str) -> Change:
    """Another person of another organisation sits in Anna's place, and Karl has given all of his back."""

    def change(session: Session) -> None:
        members = running.fair.stalls[stall].world.members
        anna, karl = members["anna"], members["karl"]
        stranger = {"person_id": key(running.fair.people["zoe"]), "organisation_id": karl.organisation_id}
        session.execute(update(PanelMember).where(col(PanelMember.id) == anna.id).values(stranger))
        gone = {"withdrawn_at": NOW - timedelta(hours=1)}
        session.execute(update(Assignment).where(col(Assignment.member_id) == karl.id).values(gone))

    return change


WORLDS: Mapping[str, tuple[Callable[[Running, str], Change], tuple[type[SQLModel], ...]]] = {
    "who applied": (others_applied, (Person, Application, Sending, Identity)),
    "what others scored": (others_scored, (Review, ReviewScore, Assignment)),
    "who reviews": (others_review, (PanelMember, Assignment)),
}


def differing(
    running: Running,
    name: str,
    world: str,
    routes: list[Route],
    least: int = 15,
    *,
    stall: str = REVIEWING,
    first: bool = False,
) -> list[str]:
    """The addresses, and mails, at which this person could tell the two worlds apart."""
    change, tables = WORLDS[world]
    member = running.fair.stalls[stall].world.members.get(name)
    reviews = stall == REVIEWING and member is not None and member.role is PanelRole.REVIEWER
    before = transcript(running, name, routes, [stall], first=first)
    sent = mails(running, name) if reviews else []
    answered = [path for (path, _), (status, _, _) in before.items() if status == 200]
    assert len(answered) >= least, "there must be something to look at"
    with other_world(running, change(running, stall), *tables):
        after = transcript(running, name, routes, [stall], first=first)
        then = mails(running, name) if reviews else []
    assert before.keys() == after.keys()
    told = sorted({path for path, fragment in before if before[path, fragment] != after[path, fragment]})
    return told + ["mail" for one, other in zip(sent, then, strict=True) if one != other]


@pytest.mark.parametrize(("name", "world"), [*(("rita", world) for world in WORLDS), ("rolf", "who applied")])
def test_a_reviewer_cannot_tell_the_worlds_apart(running: Running, name: str, world: str) -> None:
    """Rita scores Ada's, Rolf does not."""
    assert differing(running, name, world, reviewers_routes(running)) == []


@pytest.mark.parametrize("world", WORLDS)
def test_a_contact_cannot_tell_the_worlds_apart(running: Running, world: str) -> None:
    """Anna and Karl, of whom these worlds differ, score for other organisations than Vera's."""
    assert differing(running, "vera", world, contacts_routes(running), least=6) == []


@pytest.mark.parametrize("world", ["what others scored", "who reviews"])
def test_an_applicant_cannot_tell_who_scored_what(running: Running, world: str) -> None:
    assert differing(running, "ada", world, applicants_routes(running)) == []


@pytest.mark.parametrize(
    ("phase", "world"),
    [
        (Phase.CLOSED, "who reviews"),
        (Phase.REVIEWED, "what others scored"),
        (Phase.REVIEWED, "who reviews"),
        (Phase.DECIDED, "who reviews"),
    ],
)
def test_an_applicant_cannot_tell_before_reviewing_and_after_it(
    running: Running, phase: Phase, world: str
) -> None:
    """Each address that names the call, or one's application there, until it has answered.

    What is decided differs in `test_two_winners`; scores are frozen by then.
    """
    routes = [route for route in applicants_routes(running) if route.params]
    assert differing(running, "ada", world, routes, stall=str(phase), first=True) == []


# ---------------------------------------------------------------- a write followed by a read


CANDIDATE = "candidate@proposed.example"
TYPED = {"email": CANDIDATE, "name": "Candidate"}
FORM = {"content-type": "application/x-www-form-urlencoded", "sec-fetch-site": "same-origin"}
PROPOSING = (Mail, ReviewerProposal, ReviewerInvitation, PanelMember, Person, Throttle)
"""What proposing, inviting and declining write, but for the log, which they do not read. What refers comes
before what it refers to."""


@contextmanager
def undone(running: Running) -> Iterator[None]:
    """Afterwards the tables of `PROPOSING` hold the rows that they held before, and no others."""
    kept = [(_table(each), _rows(running, _table(each))) for each in PROPOSING]
    try:
        yield
    finally:
        with session_on(running.engine) as session, session.begin():
            for table, rows in kept:
                (one,) = table.primary_key.columns
                session.execute(delete(table).where(one.not_in([row[one.name] for row in rows])))
            for table, rows in reversed(kept):
                _put_back(session, table, rows)


def _known(session: Session, running: Running, stall: str, known: str) -> None:
    """The address is somebody's in this call, or nobody's (no change)."""
    world = running.fair.stalls[stall].world
    call, other = key(world.call), key(world.organisations["KBTU"])
    if known.startswith(("reviews", "coordinates", "is the contact")):
        person = Person(email=CANDIDATE, name="Somebody else", language="ru", created_at=NOW)
        session.add(person)
        session.flush()
        roles = {"r": PanelRole.REVIEWER, "c": PanelRole.COORDINATOR, "i": PanelRole.CONTACT}
        session.add(
            PanelMember(
                call_id=call, person_id=key(person), organisation_id=other, role=roles[known[0]],
                code=random_code(), joined_at=NOW,
            )
        )  # fmt: skip
    elif known.startswith(("invited", "declined")):
        own = key(world.organisations["BC"]) if known.endswith("own organisation") else other
        session.add(
            ReviewerInvitation(
                call_id=call, organisation_id=own, email=CANDIDATE, name="Somebody else", language="ru",
                code=random_code(), state=SeatState(known.partition(" ")[0]), proposals=9, hours=1,
                due_at=NOW + timedelta(days=9), invited_by=key(world.people["cora"]), made_at=NOW,
            )
        )  # fmt: skip
    elif known.startswith("proposed"):
        session.add(
            ReviewerProposal(
                call_id=call, organisation_id=other, proposed_by=key(world.people["karl"]), email=CANDIDATE,
                name="Somebody else", code=random_code(), made_at=NOW,
            )
        )  # fmt: skip


KNOWN = (
    "nobody's", "reviews for another organisation", "coordinates", "is the contact of another organisation",
    "invited for another organisation", "invited for the own organisation",
    "declined for another organisation", "proposed by another organisation",
)  # fmt: skip


def _answer(answer: Answer) -> tuple[int, str, bytes]:
    headers = "\n".join(f"{name}: {value}" for name, value in answer.headers.items())
    return answer.status_code, headers, answer.content


def proposes(running: Running) -> list[tuple[int, str, bytes]]:
    """The contact proposes the address on the page, and over the API, and then once more."""
    slug = running.fair.stalls[REVIEWING].slug
    browser, caller = running.visitor("vera"), running.visitor("vera", api=True)
    pages, api = f"/en/organisation/{slug}", f"/api/v1/calls/{slug}/organisation/proposals"
    body, as_json = urlencode(TYPED).encode(), {"content-type": "application/json"}
    said = [browser.request("POST", pages, headers=FORM, content=body)]
    said.append(browser.get(str(said[0].headers.get("location", pages))))
    said.append(caller.request("POST", api, headers=as_json, content=json.dumps(TYPED).encode()))
    assert [each.status_code for each in said] == [303, 200, 204]
    return [_answer(each) for each in said]


def contacts_routes(running: Running) -> list[Route]:
    """What a contact opens, and what everybody does who is signed in."""
    doors = [door for door in listed().doors.values() if "contact" in door.needs]
    theirs = {name for door in doors for name in door.routes}
    assert {"contact.show", "api.contact.show"} <= theirs
    return [
        route
        for route in running.routes
        if route.name in theirs | REVIEWERS_ALSO | {"seats.list", "account.edit"}
    ]


def _deals_with_it(running: Running, act: str) -> None:
    """What a coordinator, and whoever is invited, do about the proposal."""
    world = running.fair.stalls[REVIEWING].world
    cora = Coordinator(key(world.people["cora"]), key(world.call))
    with session_on(running.engine) as session, session.begin():
        if act == "dismisses":
            theirs = [each for each in seats_of(session, cora) if each.email == CANDIDATE]
            for each in theirs:
                calling.call_off(session, cora, each.code, NOW)
        elif act == "invites":
            given = SeatInput(
                email=CANDIDATE, organisation="BC", language="kk", proposals=9, hours=1,
                due_at=NOW + timedelta(days=9),
            )  # fmt: skip
            calling.invite_reviewer(session, cora, given, NOW)
        else:
            values = {"state": SeatState.DECLINED, "reason": "Away", "answered_at": NOW}
            own = col(ReviewerInvitation.email) == CANDIDATE
            session.execute(update(ReviewerInvitation).where(own).values(values))


def test_a_contact_learns_nothing_of_an_address_by_proposing_it(running: Running) -> None:
    """Neither at once nor by what becomes of it: dismissed, invited, declined, proposed again."""
    routes = contacts_routes(running)
    seen: dict[str, object] = {}
    for known in KNOWN:
        with undone(running):
            with session_on(running.engine) as session, session.begin():
                _known(session, running, REVIEWING, known)
            said, at_once = proposes(running), transcript(running, "vera", routes, [REVIEWING])
            assert CANDIDATE in str(at_once), "what one typed is there to be read"
            _deals_with_it(running, "dismisses")
            dismissed = transcript(running, "vera", routes, [REVIEWING])
            again = proposes(running)
            if known in {"nobody's", "proposed by another organisation"}:
                _deals_with_it(running, "invites")
                assert transcript(running, "vera", routes, [REVIEWING]) == at_once
                _deals_with_it(running, "declines")
            seen[known] = said, at_once, dismissed, again, transcript(running, "vera", routes, [REVIEWING])
            assert at_once == dismissed == transcript(running, "vera", routes, [REVIEWING])
    assert [known for known in KNOWN if seen[known] != seen["nobody's"]] == []


def test_who_declines_learns_nothing_of_the_colleague_they_name(running: Running) -> None:
    """Zoe is invited where applications are open; her answer, and all she reads after it."""
    stall = running.fair.stalls[str(Phase.OPEN)]
    theirs = {"seats.list", "seats.show", "my.home", "api.own_seats.list", "api.own_seats.show"}
    routes = [route for route in running.routes if route.name in theirs]
    form = urlencode({"reason": "Away", "colleague_email": CANDIDATE, "colleague_name": "Candidate"})
    body = {"reason": "Away", "colleague_email": CANDIDATE}
    seen = {}
    for known in KNOWN:
        for api in (False, True):
            with undone(running):
                with session_on(running.engine) as session, session.begin():
                    _known(session, running, str(Phase.OPEN), known)
                visitor = running.visitor("zoe", api=api)
                path = f"{'/api/v1/reviewer-invitations' if api else '/en/review/start'}/{stall.seat}/decline"
                headers = {"content-type": "application/json"} if api else FORM
                content = (json.dumps(body) if api else form).encode()
                answer = visitor.request("POST", path, headers=headers, content=content)
                assert answer.status_code == (204 if api else 303)
                seen[known, api] = _answer(answer), transcript(running, "zoe", routes, [str(Phase.OPEN)])
    assert [each for each in seen if seen[each] != seen["nobody's", each[1]]] == []


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
def test_planted_silence_about_a_known_address_is_told(
    running: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is known already is left out, as it was once: the page then says who is known."""
    known = KNOWN[1]

    def unknown(session: Session, who: Contact) -> list[OwnProposal]:
        people = set(session.exec(choose(Person.email)))
        return [each for each in own_proposals(session, who) if each.email not in people]

    monkeypatch.setattr(contact, "own_proposals", unknown)
    routes, seen = contacts_routes(running), []
    for each in ("nobody's", known):
        with undone(running):
            with session_on(running.engine) as session, session.begin():
                _known(session, running, REVIEWING, each)
            proposes(running)
            seen.append(transcript(running, "vera", routes, [REVIEWING]))
    told = sorted({path for path, fragment in seen[0] if seen[0][path, fragment] != seen[1][path, fragment]})
    assert told == ["/api/v1/calls/fair-reviewing/organisation", "/en/organisation/fair-reviewing"]


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

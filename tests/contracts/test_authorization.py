"""Each route, called as each kind of person: who may, gets an answer; who may not, learns nothing."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

import pytest
from fastapi import APIRouter, FastAPI, Request
from sqlalchemy import select, update
from sqlmodel import Session, col

from app.applications.actions.teaming import end_membership
from app.database import session_on
from app.main import create_app
from app.models.applications import Application, TeamRole
from app.models.calls import Phase
from app.models.panel import PanelMember
from app.models.people import Applicant, Message
from app.pages.router import LOCALISED
from app.sections.catalogue import CATALOGUE
from app.settings import Settings
from app.web import actors
from app.web.actors import PROOFS
from app.web.authorization import LIST, NotAsListed, check, listed, read_list
from app.web.session import SAFE_METHODS
from tests.contracts.fair import FOREIGN, REVEALING, Fair, Stall
from tests.contracts.routes import Route
from tests.contracts.running import ANONYMOUS, JUROR, Running, session_given
from tests.contracts.test_wall import walled
from tests.contracts.visitor import Answer
from tests.world import NOW, key

ACTING = {
    "public": ANONYMOUS,
    "stranger": "zoe",
    "owner": "ada",
    "removed_member": "zoe",
    "other_applicant": "ben",
    "assigned": "rita",
    "other_reviewer": "rolf",
    "tied_reviewer": "rita",
    "two_roles": "zoe",
    "coordinator": "cora",
    "tied_coordinator": "cora",
    "other_coordinator": "olga",
    "manager": "max",
    "contact": "vera",
    "juror": JUROR,
}
"""Who of the fair is meant by each actor of the list."""
AGAIN = ("owner", "assigned", "coordinator", "tied_coordinator")
"""On PostgreSQL only who is let in, and who is kept out by the database itself or by what a session adds to
each statement: who has no proof is refused by the same lines on both."""
ON_BOTH = [
    # What runs on one engine by intent has no engine in its name: the run fails where a half was left out.
    pytest.param("sqlite", each, id=f"sqlite-{each}" if each in AGAIN else f"embedded-{each}")
    for each in ACTING
] + [pytest.param("postgresql", each, id=f"postgresql-{each}") for each in AGAIN]
POSED = {"removed_member", "tied_reviewer", "two_roles", "tied_coordinator"}
"""For these somebody is changed, or asks for another application, for a time: see `as_actor`."""
ABOUT = {"tied_reviewer": "ben"}
"""Whose application is called, if not Ada's."""
TOURS = [str(each) for each in (Phase.REVIEWING, Phase.OPEN, Phase.DECIDED, Phase.PREPARING)] + [REVEALING]
"""Somebody who may call a route must get an answer in one of these."""
FEWER = [str(Phase.REVIEWING), str(Phase.OPEN), REVEALING]
"""Somebody who may not, though they are what the route asks for elsewhere, must get none in these."""

OF_ONE = {"ref", "code", "application", "file", "flag", "mate", "invitation", "message", "question"}
"""What names an application in a path, or something of one."""
OF_THE_JURY = ("jury.", "ballots.", "tally.", "api.jury.", "api.ballots.", "api.tally.")
APPLICANTS_DOORS = {"owner", "uploading", "own_message"}
REVIEWERS_DOORS = {"reviewer", "assigned", "own_assignment", "own_request"}

CLOSED_HERE = {"demo.enter"}
"""A door that exists in demo mode only, and is 404 for everybody elsewhere."""
ALSO_404 = {
    # Only somebody whose own session or token it is finds it, or a mail with a file: the fair has none.
    "account.end_session", "account.revoke_token", "mailbox.file",
    # Of a winner that nobody has revealed yet, and so on: the fair's phases decide.
    "awards.take_back_departure", "api.departures.take_back", "meeting.confirm", "api.departures.confirm",
    # Which earlier text is brought back stands in the form, and these requests have none.
    "applications.restore",
    # Nor without the key of an invitation's: see `tests/pages/test_team.py`.
    "team.invited", "team.accept", "team.decline",
    "api.invitations.show", "api.invitations.accept", "api.invitations.decline",
    # An invitation to review is to an address, and of these nobody's: see `tests/pages/test_reviewers.py`.
    "seats.show", "seats.accept", "seats.decline",
    "api.own_seats.show", "api.own_seats.accept", "api.own_seats.decline",
    # Of a file for which a coordinator had another made: nobody of the fair did.
    "redaction.file", "redaction.file_preview", "api.redaction.file",
    # A return code is printed for who has no e-mail: Carol has one.
    "assisted.renew_code", "api.assisted.renew_code",
    # Whoever leaves the jury is sent to where one comes in, as who never was there.
    "jury.leave",
    # What is done with a juror stands in the form, and these requests have none.
    "jury.act",
    # Without the key of a reminder's link there is nothing, nor without that of a registration.
    "reminders.edit", "reminders.save", "digests.edit", "digests.save",
    "audience.place", "audience.confirm", "audience.leave",
    # Of slides that nobody of the fair has sent, and of whom or what the form says, which these do not.
    "pitch.slides", "pitch.remove_slides", "event.slides", "event.pass_on", "event.answer", "event.tick",
    "event.check", "pitch_questions.take_back",
    "api.attendance.show", "api.attendance.confirm", "api.attendance.leave",
    "api.show.press",  # nor which part of an evening
    "api.attendees.tick", "api.attendees.cancel", "api.walk_ins.take_back",
    # Of a winner in a call whose results are all public, and no call of these tours is.
    "results.picture", "api.winner_pictures.open",
    # Of one's own award, once it is public.
    "own_award.returning", "own_award.give_back",
    # What was sealed is there once its round is published, and no call of these tours is.
    "seals.file",
}  # fmt: skip


DOORS = {name: door for door in listed().doors.values() for name in door.routes}


def may_call(name: str) -> set[str]:
    """Who of the fair, as they are there, gets an answer from this route."""
    return {ACTING[actor] for actor in DOORS[name].lets_in - POSED}


def lets_in(route: Route, actor: str, stall: str) -> bool:
    """Whether this actor gets an answer from this route in this call."""
    door = DOORS[route.name]
    if actor == "two_roles":
        # Who is both is in each call one of the two alone.
        elsewhere = APPLICANTS_DOORS if stall == TOURS[0] else REVIEWERS_DOORS
        return actor in door.lets_in and door.name not in elsewhere
    return actor in door.lets_in


@contextmanager
def as_actor(running: Running, actor: str) -> Iterator[None]:
    """For this time the person is what the list says of the actor."""
    here = [each for each in TOURS if each in running.stalls]
    if actor == "tied_coordinator":
        with walled(running.engine, running.fair, here, ("ada", "carol")):
            yield
    elif actor == "two_roles":
        with exchanged(running, "rita", "ada", "zoe"):
            yield
    else:
        if actor == "removed_member":
            for each in here:
                join_and_be_removed(running, "zoe", each)
        yield


@contextmanager
def exchanged(running: Running, reviewer: str, owner: str, person: str) -> Iterator[None]:
    """This person sits in the reviewer's seat where they score, and owns the applications everywhere else."""

    def turn(seat: str, owned: str) -> None:
        fair = running.fair
        with session_on(running.engine) as session, session.begin():
            member = fair.stalls[TOURS[0]].world.members[reviewer].id
            of_member = update(PanelMember).where(col(PanelMember.id) == member)
            session.execute(of_member.values(person_id=fair.people[seat].id))
            refs = [stall.entries[owner].ref for name, stall in _others(fair) if owner in stall.entries]
            theirs = select(col(Application.id)).where(col(Application.ref).in_(refs))
            of_teams = update(Applicant).where(
                col(Applicant.application_id).in_(theirs), col(Applicant.role) == TeamRole.OWNER
            )
            for each in (of_teams, update(Message).where(col(Message.ref).in_(refs))):
                session.execute(each.values(person_id=fair.people[owned].id))

    turn(person, person)
    try:
        yield
    finally:
        turn(reviewer, owner)


def _others(fair: Fair) -> list[tuple[str, Stall]]:
    return [(name, stall) for name, stall in fair.stalls.items() if name != TOURS[0]]


def join_and_be_removed(running: Running, person: str, stall: str) -> None:
    """They read Ada's application, and cannot once they are removed: with the same session."""
    entry = running.fair.stalls[stall].entries.get("ada")
    if entry is None:
        return
    who, visitor = key(running.fair.people[person]), running.visitor(person)
    with session_on(running.engine) as session, session.begin():
        of_ref = select(col(Application.id)).where(col(Application.ref) == entry.ref)
        number = session.execute(of_ref).scalar_one()
        joined = Applicant(application_id=number, person_id=who, role=TeamRole.EDITOR, joined_at=NOW)
        session.add(joined)
    read = visitor.get(f"/en/my/{entry.ref}").status_code
    with session_on(running.engine) as session, session.begin():
        end_membership(session, number, who, NOW)
    assert (read, visitor.get(f"/en/my/{entry.ref}").status_code) == (200, 404)


def test_every_actor_of_the_list_calls_every_route() -> None:
    assert ACTING.keys() == listed().actors.keys()


def test_list_is_easy_to_read_and_to_merge() -> None:
    """One route a line, in the order of the alphabet."""
    text = LIST.read_text("utf-8")
    for door in listed().doors.values():
        assert list(door.routes) == sorted(door.routes), door.name
        if len(door.routes) > 4:
            assert all(f'  "{name}",\n' in text for name in door.routes), door.name


def test_application_does_not_start_unless_it_is_as_listed(site: FastAPI) -> None:
    """Not with a route that nobody listed, nor one that asks for another proof than its door says."""
    text = LIST.read_text("utf-8")
    check(site, read_list(text))
    line = '  "{}",\n'.format
    wrong = [
        (line("reviews.save"), "", "reviews.save is not listed"),
        (line("desk.home"), line("desk.homes"), "desk.homes is listed, and there is no such route"),
        (line("desk.home"), 2 * line("desk.home"), "desk.home is listed twice"),
        (
            'needs = ["reviewer"]',
            'needs = ["manager"]',
            "reviews.edit asks for reviewer, and its door for man",
        ),
        ("needs = []", 'needs = ["applicant"]', "calls.show asks for nothing, and its door for applicant"),
        ('needs = ["manager"]', 'needs = ["magician"]', "door manager needs magician, which is no proof"),
        ('"assigned",', '"assinged",', "lets in assinged, who is no actor"),
        ('"static", ', "", "folder static is served or listed, not both"),
    ]
    for there, instead, said in wrong:
        assert there in text
        with pytest.raises(NotAsListed, match=said):
            check(site, read_list(text.replace(there, instead)))


def test_a_new_route_keeps_the_application_from_starting(monkeypatch: pytest.MonkeyPatch) -> None:
    """The whole way: the site is put together with one route more, and is not."""
    router = APIRouter()
    router.add_api_route("/{call}/everything", lambda: "all of it", name="desk.everything")
    monkeypatch.setattr("app.pages.router.LOCALISED", (*LOCALISED, router))
    with pytest.raises(NotAsListed, match=r"^desk\.everything is not listed$"):
        create_app(Settings(_env_file=None))


def test_every_way_of_proving_who_one_is_can_be_listed() -> None:
    """The routes of a dependency that the list does not know would pass for everybody's."""
    makers = {made.__metadata__[0].dependency for name, made in vars(actors).items() if name[:2] == "As"}
    assert makers == set(PROOFS.values())


@contextmanager
def nothing_is_kept(running: Running) -> Iterator[None]:
    """Every request's unit is rolled back, so that calling what changes things changes nothing."""

    def rolled_back(request: Request) -> Iterator[Session]:
        with session_on(running.engine, reading=request.method in SAFE_METHODS) as session:
            yield session
            session.rollback()

    with session_given(running, rolled_back):
        yield


def values(stall: Stall, about: str = "ada") -> dict[str, str]:
    """What the path may ask for: this applicant's application, in this call."""
    entry = stall.entries.get(about)
    return {
        "call": stall.slug,
        "ref": entry.ref if entry else "none",
        "code": entry.code if entry else "none",
        "application": entry.code if entry else "none",
        "step": "1",
        "kind": "news",
        "leak": "none",
        "file": entry.files[-1] if entry else "none",
        "number": "1",
        "run": "1",
        "earlier": "1",
        "pot": stall.pot,
        "round": stall.pot,
        "section": "work_plan",
        "page": CATALOGUE["work_plan"].parts[0].code,
        "part": "texts",
        "criterion": "need",
        "slug": next(iter(stall.slugs.values()), "none"),
        "member": stall.world.members["rita"].code,
        "organisation": "BC",
        "reviewer": stall.world.members["rita"].code,
        "attachment": "none",
        "message": entry.message if entry else "none",
        "mate": entry.mate if entry else "none",
        "invitation": entry.invitation if entry else "none",
        "flag": entry.flag if entry and entry.flag else "none",
        "question": entry.question if entry and entry.question else "none",
        "paper": "door",
        "attendee": "none",
        "walk_in": "none",
        "key": "none",
        "seat": stall.seat or "none",
        "wish": stall.wish or "none",
        "hook": stall.hook or "none",
        "juror": stall.juror or "none",
        "slot": "1",
        "segment": "none",
        "item": "screen",
    }


def call(
    running: Running, route: Route, method: str, actor: str, stall: str, *, nothing: bool = False
) -> Answer:
    """This route, as this actor, with the least that can be sent; or with ids of `nothing`. The answer
    is without its own address, which answers repeat.
    """
    person = ACTING[actor]
    at = running.fair.stalls[stall]
    known = values(at, ABOUT.get(actor, "ada"))
    if "assisted." in route.name and "carol" in at.entries:
        known["ref"] = at.entries["carol"].ref  # the one that was typed in
    if route.name.startswith(OF_THE_JURY):
        known["pot"] = known["round"] = at.jury_pot or at.pot
    if nothing:
        known |= dict.fromkeys(OF_ONE & {*route.params} or {*route.params} - {"call"}, "nowhere")
    path = route.at(**{name: known[name] for name in route.params})
    kind = "application/json" if route.api else "application/x-www-form-urlencoded"
    body = b"" if method == "GET" else b"{}" if route.api else b"_=1"
    headers = {"content-type": kind} if body else None
    answer = running.visitor(person, api=route.api).request(method, path, headers=headers, content=body)
    return replace(answer, content=answer.content.replace(path.removeprefix("/en").encode(), b""))


def refused(route: Route, answer: Answer, person: str) -> bool:
    """Whether this person was told nothing: sign in, or there is nothing here."""
    if person not in {ANONYMOUS, JUROR} and DOORS[route.name].name != JUROR:
        return answer.status_code == 404
    if route.api:
        return answer.status_code == 401
    return answer.status_code == 303 and "/sign-in" in answer.headers["location"]


# The scope is said, or each of these tests would get a fair of its own.
@pytest.mark.parametrize(("running", "actor"), ON_BOTH, indirect=["running"], scope="session")
def test_route_answers_those_who_may_and_nobody_else(running: Running, actor: str) -> None:
    wrong: list[Any] = []
    with as_actor(running, actor), nothing_is_kept(running):
        for route in running.routes:
            if route.name in CLOSED_HERE:
                continue
            for method in route.methods:
                said = _asked(running, route, method, actor)
                if complaint := _complaint(route, said):
                    wrong.append((method, route.name, complaint, said))
    assert wrong == []


@dataclass
class Said:
    """What one address answered an actor in one call."""

    may: bool
    status: int
    told: bool
    """More than that there is nothing here, or nothing that somebody would be told of ids of nothing, too."""


def _asked(running: Running, route: Route, method: str, actor: str) -> dict[str, Said]:
    """What the route says in each call. What is read is read until it is found: the crawl of GETs that
    tells what is in it visits every phase.
    """
    said: dict[str, Said] = {}
    for stall in _needed(running, route, actor):
        answer = call(running, route, method, actor, stall)
        told = not refused(route, answer, ACTING[actor])
        may = lets_in(route, actor, stall)
        if told and not may and route.params:
            # What is asked of a request before its address is looked at is asked of everybody alike.
            nothing = call(running, route, method, actor, stall, nothing=True)
            told = (answer.status_code, answer.content) != (nothing.status_code, nothing.content)
        said[stall] = Said(may, answer.status_code, told)
        if method == "GET" and may and told and answer.status_code < 500:
            break
    return said


def _complaint(route: Route, said: dict[str, Said]) -> str:
    answers = said.values()
    if any(each.status >= 500 for each in answers):
        return "breaks"
    if any(each.told for each in answers if not each.may):
        return "answers who may not"
    may = [each for each in answers if each.may]
    if may and not any(each.told for each in may) and route.name not in ALSO_404:
        return "refuses who may"
    return ""


def _needed(running: Running, route: Route, actor: str) -> list[str]:
    """One call is enough for an address that names none, and where the proof itself is refused, which comes
    before anything that a call is looked at for, and so on one engine as on the other.
    """
    door = DOORS[route.name]
    tours = [each for each in (TOURS if actor in door.lets_in else FEWER) if each in running.stalls]
    has_proof = any(actor in each.lets_in for each in listed().doors.values() if each.needs == door.needs)
    if not has_proof:
        return tours[:1] if running.is_whole else []
    return tours if route.params else tours[:1]


def test_coordinator_of_another_call_finds_nothing(running: Running) -> None:
    """Olga runs a call of her own; Cora's ids under her own call's address lead nowhere."""
    cora = running.fair.stalls[str(Phase.REVIEWING)]
    olga = running.fair.stalls[FOREIGN]
    wrong = []
    for route in running.routes:
        # Words of the programme's own, which any call may know: no id of anything in another one.
        words = {"call", "section", "page", "part", "criterion", "number", "organisation"}
        inner = set(route.params) - words
        if (
            "GET" in route.methods
            and "call" in route.params
            and inner
            and DOORS[route.name].needs == {"coordinator"}
        ):
            path = route.at(**{name: values(cora)[name] for name in route.params} | {"call": olga.slug})
            status = running.visitor("olga", api=route.api).get(path).status_code
            if status != 404:
                wrong.append((path, status))
    assert wrong == []


@pytest.mark.parametrize("body", [b"", b"[]", b'{"unknown": 1}'], ids=["empty", "list", "unknown"])
def test_permission_comes_before_the_body(running: Running, body: bytes) -> None:
    """Whoever may not call a route is told so, whatever the request holds."""
    answers = _sent_by_nobody(running, body)
    assert [(*asked, each.status_code) for asked, each in answers if each.status_code != 401] == []


def test_json_that_cannot_be_read_says_nothing_of_its_address(running: Running) -> None:
    """It is refused before anybody is asked for: in one and the same answer, whatever the address holds."""
    read = [each for _, each in _sent_by_nobody(running, b"{") if each.status_code != 401]
    assert {each.status_code for each in read} == {422}
    assert len({each.content for each in read}) == 1


def _sent_by_nobody(running: Running, body: bytes) -> list[tuple[tuple[str, str], Answer]]:
    """What each writing address of the API answers somebody without a token."""
    existing = values(running.fair.stalls[str(Phase.REVIEWING)])
    headers = {"content-type": "application/json"}
    return [
        ((method, path), running.asking.visitor().request(method, path, headers=headers, content=body))
        for route in running.routes
        if route.api and DOORS[route.name].name != "everybody"
        for path in [route.at(**{name: existing[name] for name in route.params})]
        for method in route.methods - {"GET", "HEAD"}
    ]

"""Each route, called as each kind of person: who may, gets an answer; who may not, learns nothing."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from fastapi import APIRouter, FastAPI, Request
from sqlmodel import Session

from app.database import session_on
from app.main import create_app
from app.models.calls import Phase
from app.pages.router import LOCALISED
from app.sections.catalogue import CATALOGUE
from app.settings import Settings
from app.web import actors
from app.web.actors import PROOFS
from app.web.authorization import LIST, NotAsListed, check, listed, read_list
from app.web.session import SAFE_METHODS
from tests.contracts.fair import FOREIGN, REVEALING, Stall
from tests.contracts.routes import Route
from tests.contracts.running import ANONYMOUS, Running, session_given
from tests.contracts.visitor import Answer

ACTING = {
    "public": ANONYMOUS,
    "stranger": "zoe",
    "owner": "ada",
    "other_applicant": "ben",
    "assigned": "rita",
    "other_reviewer": "rolf",
    "coordinator": "cora",
    "other_coordinator": "olga",
    "manager": "max",
    "contact": "vera",
}
"""Who of the fair is meant by each actor of the list."""
PEOPLE = tuple(ACTING.values())
TOURS = [str(each) for each in (Phase.REVIEWING, Phase.OPEN, Phase.DECIDED, Phase.PREPARING)] + [REVEALING]
"""Somebody who may call a route must get an answer in one of these; who may not, in none."""
FEWER = [str(Phase.REVIEWING), str(Phase.OPEN), REVEALING]

CLOSED_HERE = {"demo.enter"}
"""A door that exists in demo mode only, and is 404 for everybody elsewhere."""
ALSO_404 = {
    # Only somebody whose own session or token it is finds it, or a mail with a file: the fair has none.
    "account.end_session", "account.revoke_token", "mailbox.file",
    # Of a winner that nobody has revealed yet, and so on: the fair's phases decide.
    "awards.take_back_departure", "api.departures.take_back",
    # Which earlier text is brought back stands in the form, and these requests have none.
    "applications.restore",
    # Nor without the key of an invitation's: see `tests/pages/test_team.py`.
    "team.invited", "team.accept", "team.decline",
    "api.invitations.show", "api.invitations.accept", "api.invitations.decline",
    # An invitation to review is to an address, and of these nobody's: see `tests/pages/test_reviewers.py`.
    "seats.show", "seats.accept", "seats.decline",
    "api.own_seats.show", "api.own_seats.accept", "api.own_seats.decline",
    # A return code is printed for who has no e-mail: Carol has one.
    "assisted.renew_code", "api.assisted.renew_code",
    # Without the key of a reminder's link there is nothing.
    "reminders.edit", "reminders.save", "digests.edit", "digests.save",
}  # fmt: skip


DOORS = {name: door for door in listed().doors.values() for name in door.routes}


def may_call(name: str) -> set[str]:
    """Who of the fair gets an answer from this route."""
    return {ACTING[actor] for actor in DOORS[name].lets_in}


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


def values(stall: Stall) -> dict[str, str]:
    """What the path may ask for: Ada's application, in this call."""
    entry = stall.entries.get("ada")
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
        "key": "none",
        "seat": stall.seat or "none",
        "wish": stall.wish or "none",
    }


def call(running: Running, route: Route, method: str, person: str, stall: str) -> Answer:
    """This route, as this person, with the least that can be sent; without a stall, ids of nothing."""
    at = running.fair.stalls[stall or TOURS[0]]
    known = values(at)
    if "assisted." in route.name and "carol" in at.entries:
        known["ref"] = at.entries["carol"].ref  # the one that was typed in
    if not stall:
        known = {name: value if name == "call" else "nowhere" for name, value in known.items()}
    path = route.at(**{name: known[name] for name in route.params})
    visitor = running.visitor(person, api=route.api)
    if method == "GET":
        return visitor.get(path)
    kind = "application/json" if route.api else "application/x-www-form-urlencoded"
    body = b"{}" if route.api else b"_=1"
    return visitor.request(method, path, headers={"content-type": kind}, content=body)


def refused(route: Route, answer: Answer, person: str) -> bool:
    """Whether this person was told nothing: sign in, or there is nothing here."""
    if person != ANONYMOUS:
        return answer.status_code == 404
    if route.api:
        return answer.status_code == 401
    return answer.status_code == 303 and "/sign-in" in answer.headers["location"]


@pytest.mark.parametrize("person", PEOPLE)
def test_route_answers_those_who_may_and_nobody_else(running: Running, person: str) -> None:
    tours = [each for each in TOURS if each in running.stalls]
    wrong: list[Any] = []
    with nothing_is_kept(running):
        for route in running.routes:
            if route.name in CLOSED_HERE:
                continue
            for method in route.methods:
                answers = [call(running, route, method, person, each) for each in _needed(route, tours)]
                nowhere = call(running, route, method, person, "") if route.params else None
                if complaint := _complaint(route, answers, nowhere, person):
                    wrong.append((method, route.path, complaint, [each.status_code for each in answers]))
    assert wrong == []


def _complaint(route: Route, answers: list[Answer], nowhere: Answer | None, person: str) -> str:
    if any(each.status_code >= 500 for each in answers):
        return "breaks"
    turned_away = [refused(route, each, person) for each in answers]
    if person in may_call(route.name):
        return "refuses who may" if all(turned_away) and route.name not in ALSO_404 else ""
    # What is asked of a request before its address is looked at is asked of everybody alike.
    alike = [nowhere is not None and _same(each, nowhere) for each in answers]
    told = [not (refusal or same) for refusal, same in zip(turned_away, alike, strict=True)]
    return "answers who may not" if any(told) else ""


def _same(one: Answer, other: Answer) -> bool:
    return (one.status_code, one.content) == (other.status_code, other.content)


def _needed(route: Route, tours: list[str]) -> list[str]:
    """One call is enough for an address that names none."""
    return tours if route.params else tours[:1]


def test_coordinator_of_another_call_finds_nothing(running: Running) -> None:
    """Olga runs a call of her own; Cora's ids under her own call's address lead nowhere."""
    cora = running.fair.stalls[str(Phase.REVIEWING)]
    olga = running.fair.stalls[FOREIGN]
    wrong = []
    for route in running.routes:
        inner = set(route.params) - {"call", "section", "page", "part", "criterion", "number"}
        if (
            "GET" in route.methods
            and "call" in route.params
            and inner
            and DOORS[route.name].name == "coordinator"
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

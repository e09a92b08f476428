"""The team's pages: who is in it, what an invitation leads to, who is at work, and nothing for who left."""

import re
from collections.abc import Iterator
from datetime import timedelta

from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import Engine
from sqlmodel import Session, col, select

from app.applications import actions
from app.applications.actions import InviteInput
from app.database import session_on
from app.jobs.worker import send_due
from app.models.applications import TeamRole
from app.models.people import Applicant, Invitation, Person
from app.settings import Settings
from app.web.authorization import listed
from tests.api.everything import everything
from tests.applications.steps import AGREED
from tests.conftest import Client, Clock
from tests.contracts.routes import Route, routes_of
from tests.pages.test_saving import joined
from tests.world import NOW, World, key

HTMX = {"HX-Request": "true"}
BEN = "ben.canary@example.org"
CONSENTS = {"processing": "true", "publication": "true"}


def ids(session: Session, world: World, ref: str) -> dict[str, str]:
    """What the paths of an application's addresses may name; `mate` is Ben's membership."""
    asked = InviteInput(email="new@example.org", role="reader", language="ru")
    invitation = actions.invite(session, world.applicant(), ref, asked, NOW)
    ben = key(world.people["ben"])
    mate = session.exec(select(Applicant.code).where(col(Applicant.person_id) == ben)).one()
    return {
        "ref": ref, "section": "need", "page": "problem", "number": "1", "kind": "news", "file": "none",
        "message": "none", "mate": mate, "invitation": invitation, "leak": "none",
        "question": "none",
    }  # fmt: skip


def asked(built: FastAPI, named: dict[str, str]) -> Iterator[tuple[Route, str, str]]:
    """Every address of the application, on the site and in the API, with each method."""
    mine = {name for door in ("owner", "uploading") for name in listed().doors[door].routes}
    for route in routes_of(built):
        if route.name in mine and "ref" in route.params:
            for method in sorted(route.methods):
                yield route, method, route.at(**{name: named[name] for name in route.params})


def sent(http: TestClient, route: Route, method: str, path: str) -> int:
    headers = {"If-Match": '"1"', "content-type": "application/json" if route.api else FORM}
    body = None if method == "GET" else b"{}" if route.api else b"_=1"
    return http.request(method, path, headers=headers, content=body).status_code


FORM = "application/x-www-form-urlencoded"


def test_whoever_was_removed_finds_nothing_at_any_address(
    client: Client, engine: Engine, world: World, built: FastAPI
) -> None:
    ref = joined(engine, world)
    with session_on(engine) as session, session.begin():
        named = ids(session, world, ref)
    site, api = client("ben"), client("ben", api=True)
    addresses = list(asked(built, named))
    assert len(addresses) > 70
    assert site.get(f"/en/apply/{ref}/need").status_code == 200
    with session_on(engine) as session, session.begin():
        actions.remove_member(session, world.applicant(), ref, named["mate"], now=NOW)
    before = everything(engine)
    # What is asked of a body before its address is looked at is asked of everybody alike.
    answers = {
        (method, path, sent(api if route.api else site, route, method, path))
        for route, method, path in addresses
    }
    assert {each for each in answers if each[2] not in {404, 422}} == set()
    assert sum(each[2] == 404 for each in answers) > 60
    typed = {"version": "1", "part": "problem", "problem": "No shade"}
    lost = site.post(f"/en/apply/{ref}/need/problem", data=typed)
    nowhere = site.post("/en/apply/WA26-ZZZZZZ/need/problem", data=typed)
    assert (lost.status_code, lost.text.replace(ref, "WA26-ZZZZZZ")) == (404, nowhere.text)
    assert "No shade" in lost.text and "What you typed was not saved" in lost.text
    assert everything(engine) == before


CHANGES_ONE_SELF = {
    "applications.change_consent", "api.applications.change_consent", "team.leave", "team.remove",
    "api.team.remove",
}  # fmt: skip


def test_a_reader_reads_everything_and_changes_nothing(
    client: Client, engine: Engine, world: World, built: FastAPI
) -> None:
    ref = joined(engine, world, TeamRole.READER)
    with session_on(engine) as session, session.begin():
        named = ids(session, world, ref)
    site, api = client("ben"), client("ben", api=True)
    before = everything(engine)
    broken = []
    for route, method, path in asked(built, named):
        if route.name in CHANGES_ONE_SELF:
            continue
        status = sent(api if route.api else site, route, method, path)
        if status >= 500 or (method != "GET" and status in {200, 201, 204}):
            broken.append((method, path, status))
    assert broken == []
    assert everything(engine) == before
    tasks = site.get(f"/en/apply/{ref}").text
    assert "You can read this application but not change it." in tasks
    assert f"/en/apply/{ref}/copy#need" in tasks and "can no longer be changed" not in tasks
    assert f'href="/en/apply/{ref}"' in site.get("/en/my").text
    for said in (site.get(f"/en/apply/{ref}/{path}").text for path in ("send", "check")):
        assert "Only the owner or an editor sends this application." in said and "has passed" not in said
        assert "When nothing is missing, you can send from here." not in said
    assert "Leave the team" in site.get(f"/en/apply/{ref}/people").text
    consents = site.get(f"/en/my/{ref}/consents").text
    assert f"/en/apply/{ref}/people/leave" not in consents, "no consent was given here, so none is needed"


def test_an_owner_invites_and_the_invited_person_accepts(
    client: Client, engine: Engine, settings: Settings, world: World
) -> None:
    with session_on(engine) as session, session.begin():
        ref = actions.start_application(session, world.applicant(), "2026", AGREED, language="en", now=NOW)
    ada, ben, zoe, nobody = client("ada"), client("ben"), client("zoe"), client()
    people = f"/en/apply/{ref}/people"
    assert "Invite a teammate" in ada.get(f"/en/apply/{ref}").text
    wrong = ada.post(people, data={"email": "nobody", "role": "owner", "language": "kk"})
    assert wrong.status_code == 422 and 'href="#f-email"' in wrong.text and 'value="nobody"' in wrong.text
    assert ada.post(people, data={"email": BEN, "role": "editor", "language": "kk"}).status_code == 303
    again = ada.post(people, data={"email": BEN, "role": "editor", "language": "kk"})
    assert again.status_code == 422 and "This address is invited already." in again.text
    page = ada.get(people).text
    assert BEN in page and "Not answered yet" in page
    send_due(engine, settings, NOW)
    letter = nobody.get(f"/en/mailbox?to={BEN}").text
    found = re.search(r"/kk(/invitations/[\w-]+)", letter)
    assert found
    link = f"/en{found[1]}"
    asked_in = nobody.get(link)
    assert asked_in.status_code == 303 and asked_in.headers["location"].endswith(f"next={link}")
    signing_in = nobody.get(asked_in.headers["location"]).text
    assert "You were invited to a team." in signing_in and "Ada" not in signing_in
    assert "You were invited" not in nobody.get("/en/sign-in?next=/en/my").text
    with session_on(engine) as session, session.begin():
        session.exec(select(Person).where(Person.email == BEN)).one().name = ""
    other = zoe.get(link)
    assert other.status_code == 409 and "another e-mail address" in other.text and "Ada" not in other.text
    for _ in range(2):
        shown = ben.get(link)
        assert shown.status_code == 200 and "Ada Canaryname" in shown.text, "a GET accepts nothing"
    refused = ben.post(f"{link}/accept", data={"processing": "true"})
    assert refused.status_code == 422 and 'href="#f-publication"' in refused.text
    assert "you cannot join the team" in refused.text and "take your application" not in refused.text
    assert 'href="#f-own_name"' in refused.text, "the others are to know who joined"
    assert zoe.post(f"{link}/accept", data=CONSENTS).status_code == 409
    accepted = ben.post(f"{link}/accept", data={**CONSENTS, "own_name": "Ben Newname"})
    assert accepted.headers["location"] == f"/en/apply/{ref}?done=team_joined"
    assert ben.post(f"{link}/accept", data=CONSENTS).status_code == 409
    assert ben.get(link).headers["location"] == f"/en/apply/{ref}"
    mate = re.search(r'id="mate-(\w+)">Ben Newname', ada.get(people).text)
    assert mate
    changed = ada.post(f"{people}/{mate[1]}", data={"version": "1", "role": "reader"})
    assert changed.headers["location"].endswith("done=role_changed")
    assert ada.post(f"{people}/{mate[1]}", data={"version": "1", "role": "editor"}).status_code == 409
    assert "They can no longer" not in ada.get(f"{people}/{mate[1]}/remove").text
    assert ada.post(f"{people}/leave").status_code == 409
    assert ada.post(f"{people}/{mate[1]}/hand-over", data={"version": "2"}).status_code == 303
    assert ada.post(f"{people}/leave").headers["location"] == "/en/my?done=team_left"
    assert ada.get(people).status_code == 404
    assert ben.get(people).status_code == 200


def test_presence_is_shown_to_a_team_and_costs_whoever_is_alone_nothing(
    client: Client, engine: Engine, world: World, clock: Clock
) -> None:
    with session_on(engine) as session, session.begin():
        alone = actions.start_application(
            session, world.applicant("zoe"), "2026", AGREED, language="en", now=NOW
        )
    zoe = client("zoe")
    for path in (f"/en/apply/{alone}", f"/en/apply/{alone}/brief"):
        assert "presence" not in zoe.get(path).text
    ref = joined(engine, world)
    ada, ben = client("ada"), client("ben")
    assert "presence.js" in ada.get(f"/en/apply/{ref}").text
    here = ben.post(f"/en/apply/{ref}/budget/here", headers=HTMX)
    assert here.status_code == 200 and "is editing" not in here.text
    clock.now += timedelta(minutes=3)
    line = "Ben Canaryname is editing “Budget: what it costs”, 3 min ago"
    for path in (f"/en/apply/{ref}", f"/en/apply/{ref}/presence", f"/en/apply/{ref}/need"):
        assert line in ada.get(path).text
    before = everything(engine)
    held = ada.get(f"/en/apply/{ref}/budget?back=check")
    assert line in held.text and "Here since: 14:00. Seen last: 14:00." in held.text
    assert 'id="section_form"' not in held.text
    assert everything(engine) == before, "looking takes nothing over"
    taken = ada.post(f"/en/apply/{ref}/budget/take-over", data={"page": "", "back": "check"})
    assert taken.headers["location"] == f"/en/apply/{ref}/budget?done=taken_over&back=check"
    assert 'id="section_form"' in ada.get(f"/en/apply/{ref}/budget").text
    assert "Ada Canaryname is editing" in ben.get(f"/en/apply/{ref}/budget").text
    stranger = client("zoe")
    for path in ("presence", "budget/here", "budget/take-over"):
        method = "GET" if path == "presence" else "POST"
        assert stranger.request(method, f"/en/apply/{ref}/{path}").status_code == 404
    assert ben.post(f"/en/apply/{ref}/nonsense/here").status_code == 404


def test_nobody_learns_from_an_invitation_whose_address_it_is(
    client: Client, engine: Engine, world: World
) -> None:
    """A reviewer's, a coordinator's, an account's and a stranger's address: one answer, one page."""
    ref = joined(engine, world)
    ada = client("ada")
    emails = ("rita.canary@example.org", "cora.canary@example.org", "zoe.canary@example.org", "q@example.org")
    seen = set()
    for email in emails:
        answer = ada.post(
            f"/en/apply/{ref}/people", data={"email": email, "role": "reader", "language": "en"}
        )
        page = ada.get(f"/en/apply/{ref}/people").text
        with session_on(engine) as session, session.begin():
            row = session.exec(select(Invitation)).one()
            code = row.code
            actions.call_off(session, world.applicant(), ref, code, NOW)
        seen.add((answer.status_code, answer.headers["location"], page.replace(email, "").replace(code, "")))
    assert len(seen) == 1

"""API tokens: made by their owner, shown once, stored hashed, revocable."""

import re

from sqlalchemy import Engine
from sqlmodel import select

from app.accounts.codes import hashed
from app.database import session_on
from app.models.accounts import ApiToken
from app.models.audit import AuditEntry
from tests.conftest import Client


def test_token_is_shown_once_stored_hashed_and_works(client: Client, engine: Engine) -> None:
    browser = client("ada")
    response = browser.post("/en/account/tokens", data={"name": "My script", "scopes": "applicant:read"})
    assert response.status_code == 201
    found = re.search(r"baige_[\w-]+", response.text)
    assert found
    token = found[0]
    assert token not in browser.get("/en/account").text
    with session_on(engine, reading=True) as session, session.begin():
        assert session.exec(select(ApiToken.token_hash)).all() == [hashed(token)]
    program = client()
    program.headers["Authorization"] = f"Bearer {token}"
    assert program.get("/api/v1/applications").status_code == 200


def test_token_without_the_scope_is_403(client: Client) -> None:
    program = client("ada", api=True, scopes=("applicant:read",))
    assert program.post("/api/v1/calls/2026/applications").status_code == 403
    assert program.get("/api/v1/calls/2026/assignments").status_code == 403


def test_revoked_token_is_401(client: Client, engine: Engine) -> None:
    program = client("ada", api=True)
    with session_on(engine, reading=True) as session, session.begin():
        code = session.exec(select(ApiToken.code)).one()
    assert client("ben").post(f"/en/account/tokens/{code}/revoke").status_code == 404
    assert program.get("/api/v1/applications").status_code == 200
    assert client("ada").post(f"/en/account/tokens/{code}/revoke").status_code == 303
    assert program.get("/api/v1/applications").status_code == 401


def test_token_without_name_or_scope_is_refused_and_what_was_typed_is_kept(client: Client) -> None:
    browser = client("ada")
    response = browser.post("/en/account/tokens", data={"name": "Kept name"})
    assert response.status_code == 422
    assert 'value="Kept name"' in response.text
    assert response.text.count("Choose what this token may do.") == 2


def test_account_without_a_session_leads_to_sign_in_and_back(client: Client) -> None:
    response = client().get("/en/account")
    assert (response.status_code, response.headers["location"]) == (303, "/en/sign-in?next=/en/account")
    fragment = client().get("/en/account", headers={"HX-Request": "true"})
    assert (fragment.status_code, fragment.headers["hx-redirect"]) == (401, "/en/sign-in?next=/en/account")


def test_one_gives_oneself_a_name_and_coordinators_read_it(client: Client, engine: Engine) -> None:
    rita, cora = client("rita"), client("cora")
    assert 'value="Rita Canaryname"' in rita.get("/en/account").text
    long = rita.post("/en/account/name", data={"own_name": "x" * 201})
    assert (long.status_code, long.text.count("Shorten this to 200 characters or fewer.")) == (422, 2)
    done = rita.post("/en/account/name", data={"own_name": "  Rita\n of  the Council "})
    assert (done.status_code, done.headers["location"]) == (303, "/en/account?done=saved")
    desk = cora.get("/en/desk/2026/panel").text
    assert ("Rita of the Council" in desk, "Rita Canaryname" in desk) == (True, False)
    with session_on(engine, reading=True) as session, session.begin():
        kept = session.exec(select(AuditEntry).where(AuditEntry.action == "person.rename")).one()
        assert "Council" not in str(kept.detail)
    rita.post("/en/account/name", data={"own_name": ""})
    reviewers = client("cora", api=True).get("/api/v1/calls/2026/reviewers").json()["items"]
    assert [each["name"] for each in reviewers if each["email"].startswith("rita")] == [""]
    assert "rita.canary@example.org" in cora.get("/en/desk/2026/assign").text
    assert client().post("/en/account/name", data={"own_name": "Nobody"}).status_code == 303


def test_what_a_token_may_do_is_said_in_words(client: Client) -> None:
    ada = client("ada")
    ada.post("/en/account/tokens", data={"name": "My script", "scopes": "applicant:read"})
    text = ada.get("/en/account").text
    assert "Read my applications · until" in text
    assert ">applicant:read" not in text

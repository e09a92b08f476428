"""API tokens: made by their owner, shown once, stored hashed, revocable."""

import re

from sqlalchemy import Engine
from sqlmodel import select

from app.accounts.codes import hashed
from app.database import session_on
from app.models.accounts import ApiToken
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

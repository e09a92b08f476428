"""Signing in: a code or a link, in the browser that asked; a GET never acts."""

import re
from datetime import timedelta

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine
from sqlmodel import col, select

from app.accounts.mailbox import newest_mail
from app.database import session_on
from app.jobs.worker import send_due
from app.models.accounts import BrowserSession
from app.models.people import Person
from app.settings import Settings
from tests.conftest import Client, Clock
from tests.world import NOW

ADDRESS = "new.person@example.org"


def ask(browser: TestClient, email: str = ADDRESS, **more: str) -> None:
    response = browser.post("/en/sign-in", data={"email": email, "next_path": "/", **more})
    assert (response.status_code, response.headers["location"]) == (303, "/en/sign-in/code")


def mailed(engine: Engine, settings: Settings, email: str = ADDRESS) -> tuple[str, str]:
    """The code and the link's path from the newest mail to an address."""
    send_due(engine, settings, NOW + timedelta(seconds=1))
    with session_on(engine, reading=True) as session, session.begin():
        body = newest_mail(session, email)[0].body
    code = re.search(r"^ {4}(\d{6})$", body, re.MULTILINE)
    link = re.search(r"http://testserver(/\S+)", body)
    assert code
    assert link
    return code[1], link[1]


def signed_in(browser: TestClient) -> bool:
    return browser.get("/en/account").status_code == 200


def test_code_signs_in_and_makes_the_account(client: Client, engine: Engine, settings: Settings) -> None:
    browser = client()
    ask(browser)
    code, _ = mailed(engine, settings)
    response = browser.post("/en/sign-in/code", data={"code": f" {code[:3]} {code[3:]} "})
    assert (response.status_code, response.headers["location"]) == (303, "/en/my")
    assert signed_in(browser)
    with session_on(engine, reading=True) as session, session.begin():
        assert session.exec(select(Person.email).where(Person.email == ADDRESS)).all() == [ADDRESS]


def test_code_works_once(client: Client, engine: Engine, settings: Settings) -> None:
    browser = client()
    ask(browser)
    code, _ = mailed(engine, settings)
    kept = dict(browser.cookies)
    browser.post("/en/sign-in/code", data={"code": code})
    again = client()
    again.cookies.update({name: value for name, value in kept.items() if name == "asking"})
    assert again.post("/en/sign-in/code", data={"code": code}).status_code == 422


def test_code_is_dead_in_another_browser_and_after_ten_minutes(
    client: Client, engine: Engine, settings: Settings, clock: Clock
) -> None:
    browser = client()
    ask(browser)
    code, _ = mailed(engine, settings)
    assert client().post("/en/sign-in/code", data={"code": code}).status_code == 422
    clock.now = NOW + timedelta(minutes=10)
    assert browser.post("/en/sign-in/code", data={"code": code}).status_code == 422


def test_five_wrong_codes_kill_the_right_one(client: Client, engine: Engine, settings: Settings) -> None:
    browser = client()
    ask(browser)
    code, _ = mailed(engine, settings)
    wrong = f"{(int(code) + 1) % 1_000_000:06d}"
    for _ in range(5):
        response = browser.post("/en/sign-in/code", data={"code": wrong})
        assert response.status_code == 422
        assert "That code is not right" in response.text
    assert browser.post("/en/sign-in/code", data={"code": code}).status_code == 422
    assert not signed_in(browser)


def test_link_asks_for_a_press_and_a_get_or_head_never_signs_in(
    client: Client, engine: Engine, settings: Settings
) -> None:
    browser = client()
    ask(browser)
    _, link = mailed(engine, settings)
    assert browser.get(link).status_code == 200
    assert browser.head(link).status_code in {200, 405}
    assert not signed_in(browser)
    assert browser.post(link).status_code == 303
    assert signed_in(browser)


def test_link_in_another_browser_says_where_to_type_the_code(
    client: Client, engine: Engine, settings: Settings
) -> None:
    ask(client())
    _, link = mailed(engine, settings)
    response = client().post(link)
    assert response.status_code == 422
    assert "Type the code where you started" in response.text


def test_the_box_for_a_shared_computer_is_as_large_as_every_other(client: Client) -> None:
    for place in ("", "/return-code", "/no-email"):
        page = client().get(f"/en/sign-in{place}").text
        assert '<div class="choice"><input type="checkbox" id="f-shared_computer"' in page, place


def test_known_and_unknown_addresses_get_the_same_answer(client: Client) -> None:
    known, unknown = client(), client()
    answers = [
        browser.post("/en/sign-in", data={"email": email})
        for browser, email in ((known, "ada.canary@example.org"), (unknown, "nobody@example.org"))
    ]
    assert [each.status_code for each in answers] == [303, 303]
    assert answers[0].content == answers[1].content
    same = [{name: value for name, value in each.headers.items() if name != "set-cookie"} for each in answers]
    assert same[0] == same[1]
    # The next page names the address, so that a slip of the finger is seen: to the browser that asked alone.
    first, second = (browser.get("/en/sign-in/code").text for browser in (known, unknown))
    assert "ada.canary@example.org" in first
    assert first.replace("ada.canary@", "nobody@") == second
    assert "example.org" not in client().get("/en/sign-in/code").text


def test_sixth_code_for_one_address_is_refused_with_a_wait(client: Client) -> None:
    for _ in range(5):
        ask(client())
    response = client().post("/en/sign-in", data={"email": ADDRESS})
    assert response.status_code == 429
    assert response.headers["retry-after"] == "900"


def test_sign_in_bad_address_is_kept_and_explained(client: Client) -> None:
    response = client().post("/en/sign-in", data={"email": "not an address"})
    assert response.status_code == 422
    assert 'value="not an address"' in response.text
    assert response.text.count("Enter an e-mail address like name@example.org.") == 2
    assert "<title>Error: " in response.text


@pytest.mark.parametrize(
    "target", ["//evil.example", "/\\evil.example", "https://evil.example", "javascript:alert(1)"]
)
def test_next_never_leads_elsewhere(client: Client, engine: Engine, settings: Settings, target: str) -> None:
    browser = client()
    ask(browser, next_path=target)
    code, _ = mailed(engine, settings)
    assert browser.post("/en/sign-in/code", data={"code": code}).headers["location"] == "/en/my"


def test_sign_out_ends_the_session_at_once(client: Client, engine: Engine) -> None:
    browser = client("ada")
    assert signed_in(browser)
    token = dict(browser.cookies)
    response = browser.post("/en/sign-in/out")
    assert response.status_code == 303
    again = client()
    again.cookies.update(token)
    assert not signed_in(again)


def test_session_of_another_cannot_be_ended(client: Client, engine: Engine) -> None:
    ben = client("ben")
    with session_on(engine, reading=True) as session, session.begin():
        code = session.exec(
            select(BrowserSession.code).order_by(col(BrowserSession.created_at).desc())
        ).first()
    assert client("ada").post(f"/en/account/sessions/{code}/end").status_code == 404
    assert signed_in(ben)


def test_cross_site_post_is_refused(client: Client) -> None:
    browser = client("ada")
    for headers in (
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "https://evil.example"},
    ):
        assert browser.post("/en/sign-in/out", headers=headers).status_code == 403
    assert signed_in(browser)


def test_cookie_never_opens_the_api_and_a_token_never_a_page(client: Client) -> None:
    assert client("ada").get("/api/v1/applications").status_code == 401
    token = client("ada", api=True)
    assert token.get("/en/account").headers["location"].startswith("/en/sign-in")

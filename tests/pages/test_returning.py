"""Coming in without e-mail: a code that is shown once, told apart by nothing, and not guessed."""

import re
from datetime import timedelta

from fastapi.testclient import TestClient
from sqlalchemy import Engine
from sqlmodel import col, select

from app.accounts.mailbox import newest_mail
from app.accounts.returning import TRIES_OF_A_BROWSER, TRIES_OF_A_CODE, WRONG_FACTS
from app.database import session_on
from app.jobs.worker import send_due
from app.models.accounts import BrowserSession
from app.models.people import Person, ReturnCode
from app.settings import Settings
from tests.conftest import Client, Clock
from tests.world import NOW

PERSON = {"own_name": "Sabira", "birth_year": "1956", "phone": "", "next_path": "/en/calls/2026/apply"}
CODE = re.compile(r'id="return-code">([2-9A-Z-]{14})<')


def begun(browser: TestClient, **changed: str) -> str:
    """Begin without e-mail, in this browser; gives the code."""
    response = browser.post("/en/sign-in/no-email", data={**PERSON, "shared_computer": "true", **changed})
    assert response.status_code == 201
    found = CODE.search(response.text)
    assert found
    return found[1]


def back(browser: TestClient, code: str, fact: str = "1956", **more: str) -> int:
    """Sign in with a code; the status."""
    data = {"code": code, "fact": fact, "next_path": "/", **more}
    return browser.post("/en/sign-in/return-code", data=data).status_code


def test_somebody_without_email_begins_and_comes_back_elsewhere(client: Client, engine: Engine) -> None:
    library = client()
    page = library.get("/en/sign-in/no-email?next=/en/calls/2026/apply").text
    assert 'value="true" checked' in page, "a shared computer, unless they say otherwise"
    code = begun(library)
    with session_on(engine, reading=True) as session, session.begin():
        person = session.exec(select(Person).where(col(Person.email).is_(None))).one()
        stored = session.exec(select(ReturnCode.code_hash)).one()
        assert session.exec(select(BrowserSession.shared_computer)).all() == [True]
    assert (person.name, person.birth_year, code.replace("-", "") in stored) == ("Sabira", 1956, False)
    assert code not in library.get("/en/account/return-code").text, "it is shown once"
    agreed = {"processing": "yes", "publication": "yes"}
    place = library.post("/en/calls/2026/apply", data=agreed).headers["location"]
    tasks = library.get(place.split("?")[0])
    assert "what we write to you stands under Messages" in tasks.text
    home = client()
    assert back(home, f" {code.lower().replace('-', ' ')} ") == 303
    assert home.get(place.split("?")[0]).status_code == 200
    assert "No e-mail address" in home.get("/en/account").text


def test_form_sent_again_is_the_same_account_with_a_new_code(client: Client, engine: Engine) -> None:
    browser = client()
    first, second = begun(browser), begun(browser)
    assert (back(client(), first), back(client(), second)) == (422, 303)
    begun(browser, own_name="Somebody else")
    with session_on(engine, reading=True) as session, session.begin():
        assert len(session.exec(select(Person).where(col(Person.email).is_(None))).all()) == 2


def test_form_without_a_fact_is_refused_and_keeps_what_was_typed(client: Client) -> None:
    response = client().post("/en/sign-in/no-email", data={**PERSON, "birth_year": ""})
    assert response.status_code == 422
    assert 'value="Sabira"' in response.text
    assert "one of them is asked with the code" in response.text
    for year in ("1800", "2025", "56", "soon"):
        assert client().post("/en/sign-in/no-email", data={**PERSON, "birth_year": year}).status_code == 422


def test_wrong_code_and_wrong_fact_are_the_same_bytes(client: Client, engine: Engine) -> None:
    code = begun(client())
    stranger = client()
    data = {"code": code, "fact": "1957", "next_path": "/"}
    fact = stranger.post("/en/sign-in/return-code", data=data)
    with session_on(engine) as session, session.begin():
        assert session.exec(select(ReturnCode.wrong_facts)).one() == 1
        session.exec(select(Person).where(col(Person.email).is_(None))).one().disabled_at = NOW
    disabled = stranger.post("/en/sign-in/return-code", data=data | {"fact": "1957"})
    with session_on(engine) as session, session.begin():
        session.delete(session.exec(select(ReturnCode)).one())
    none = stranger.post("/en/sign-in/return-code", data=data)
    assert (fact.status_code, fact.content) == (422, none.content)
    assert fact.content == disabled.content
    assert fact.headers == none.headers
    assert "Check each character" in fact.text


def test_guessing_is_slow_and_ends(client: Client, engine: Engine, clock: Clock) -> None:
    code = begun(client())
    found = [back(client(), code, f"{1930 + number}") for number in range(TRIES_OF_A_CODE + 1)]
    assert found == [422] * TRIES_OF_A_CODE + [429]
    assert back(client(), code) == 429, "the right fact has to wait as well"
    clock.now += timedelta(minutes=16)
    assert back(client(), code) == 303
    with session_on(engine) as session, session.begin():
        row = session.exec(select(ReturnCode)).one()
        assert row.wrong_facts == 0, "who came in begins anew"
        row.wrong_facts = WRONG_FACTS
    assert back(client(), code) == 422, "a slip that was found opens nothing in the end"
    clock.now += timedelta(minutes=16)
    found = [back(client(), f"2222-3333-{number + 4444}") for number in range(TRIES_OF_A_BROWSER + 1)]
    assert found[-2:] == [422, 429], "other codes do not help"


def test_code_beside_an_address_can_be_replaced_and_ended(client: Client) -> None:
    ada = client("ada")
    assert "Make a code" in ada.get("/en/account/return-code").text
    refused = ada.post("/en/account/return-code", data={"birth_year": "", "phone": ""})
    assert refused.status_code == 422
    made = [
        ada.post("/en/account/return-code", data={"birth_year": "", "phone": "87012345678"}) for _ in "ab"
    ]
    assert [each.status_code for each in made] == [201, 201]
    old, new = (CODE.findall(each.text)[0] for each in made)
    assert (back(client(), old, "5678"), back(client(), new, "5678")) == (422, 303)
    assert ada.post("/en/account/return-code/revoke").status_code == 303
    assert back(client(), new, "5678") == 422


def test_address_added_later_leads_to_the_same_account(
    client: Client, engine: Engine, settings: Settings
) -> None:
    browser = client()
    code = begun(browser)
    assert browser.post("/en/account/return-code/revoke").status_code == 409, "the only way in"
    mailed = {"email": "Sabira@Example.org"}
    assert 'href="/en/account/email"' in browser.get("/en/my/data").text
    assert browser.get("/en/account/email").status_code == 200
    assert browser.post("/en/account/email", data=mailed).status_code == 303
    typed = _mailed(engine, settings, "sabira@example.org")
    # The code signs nobody in, and works in no other browser.
    assert browser.post("/en/sign-in/code", data={"code": typed}).status_code == 422
    assert client("ada").post("/en/account/email/code", data={"code": typed}).status_code == 422
    assert browser.post("/en/account/email/code", data={"code": "000000"}).status_code == 422
    assert browser.post("/en/account/email/code", data={"code": typed}).status_code == 303
    with session_on(engine, reading=True) as session, session.begin():
        (person,) = session.exec(select(Person).where(Person.name == "Sabira")).all()
        assert person.email == "sabira@example.org"
    assert browser.get("/en/account/email").status_code == 409
    assert "write or call us to change it" in browser.get("/en/my/data").text
    assert back(client(), code) == 303, "the slip works on"


def test_address_of_another_account_is_told_to_its_reader_alone(
    client: Client, engine: Engine, settings: Settings
) -> None:
    browser = client()
    begun(browser)
    theirs, free = "ada.canary@example.org", "nobody.yet@example.org"
    asked = [browser.post("/en/account/email", data={"email": each}) for each in (free, theirs)]
    assert asked[0].headers["location"] == asked[1].headers["location"]
    typed = _mailed(engine, settings, theirs)
    refused = browser.post("/en/account/email/code", data={"code": typed})
    assert refused.status_code == 422
    assert "an account of its own" in refused.text


def _mailed(engine: Engine, settings: Settings, email: str) -> str:
    send_due(engine, settings, NOW + timedelta(seconds=1))
    with session_on(engine, reading=True) as session, session.begin():
        body = newest_mail(session, email)[0].body
    found = re.search(r"^ {4}(\d{6})$", body, re.MULTILINE)
    assert found
    return found[1]

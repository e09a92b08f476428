"""The desk's form for who is not online, and what such a person reads of it."""

import re

from tests.conftest import Client


def test_everything_wrong_with_an_entry_is_said_at_once(client: Client) -> None:
    cora = client("cora")
    empty = cora.post("/en/desk/2026/assisted/new", data={"received_on": "2030-01-01", "phone": ""})
    assert empty.status_code == 422
    summary = empty.text.split('class="errsum"')[1].split("</ul>")[0]
    assert re.findall(r'href="#f-(\w+)"', summary) == [
        "birth_year", "own_name", "language", "channel", "received_on", "processing", "publication", "agreed",
        "agreed_note",
    ]  # fmt: skip
    assert len(set(re.findall(r'href="#f-\w+">([^<]+)<', summary))) == 9, "each in words of its own"
    broken = {"received_on": "soon", "phone": "12", "email": "no", "birth_year": "x"}
    found = cora.post("/en/desk/2026/assisted/new", data=broken).text
    assert {"received_on", "phone", "email", "birth_year", "processing"} <= set(
        re.findall(r'href="#f-(\w+)"', found)
    )


def test_how_it_came_is_a_sentence_in_every_language(client: Client) -> None:
    cora = client("cora")
    given = {
        "own_name": "Sabira", "birth_year": "1956", "language": "ru", "channel": "in_person",
        "received_on": "2026-03-10", "processing": "true", "publication": "true", "agreed": "signed",
        "agreed_note": "Folder 3",
    }  # fmt: skip
    begun = cora.post("/en/desk/2026/assisted/new", data=given)
    assert begun.status_code == 201
    code = re.search(r'id="return-code">([^<]+)<', begun.text)
    assert code, "the slip shows the code"
    sabira = client()
    entered = sabira.post("/en/sign-in/return-code", data={"code": code[1], "fact": "1956"})
    assert entered.status_code == 303
    ref = re.search(r"WA26-\w+", sabira.get("/en/my").text)
    assert ref
    for language, says in (
        ("en", "It came on 10 March 2026, in person."),
        ("ru", "Поступила 10 марта 2026 г., лично."),
        ("kk", "Түскен күні: 2026 ж. 10 наурыз, өзі келіп берді."),
    ):
        page = sabira.get(f"/{language}/apply/{ref[0]}").text.replace("\xa0", " ").replace("\u202f", " ")
        assert says in page

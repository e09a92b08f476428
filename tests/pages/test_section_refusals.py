"""Every page of every section, refused, in three languages: what a browser shows of it is in the journeys."""

import html
import re
from typing import Any

import pytest
from sqlalchemy import Engine

from app.asking import Ask
from app.database import session_on
from app.messages import LANGUAGES, translations
from app.models.calls import CallKind
from app.sections.catalogue import CATALOGUE, Part, Section
from app.sections.drafts import questions
from tests.applications.steps import begin
from tests.conftest import Client
from tests.world import World, make_call

TOO_LONG = "Тым ұзақ мәтін. " * 200
"""Longer than every cap; no number, address or choice either."""
SELECTION = {"candidate", "motivation"}


@pytest.fixture
def database_url(sqlite_database: str) -> str:
    """SQLite alone: words and markup do not come from the database."""
    return sqlite_database


def wrong_answer(section: Section, part: Part) -> tuple[str, str, Ask]:
    """The first question of a page, by its field's name, and what is typed in it."""
    for name, ask, row in questions(section.model):
        if name not in part.names:
            continue
        if row is None:
            return name, _wrong(ask), ask
        columns = ((each, ask) for each, ask, _ in questions(row) if each != "id" and not ask.choices)
        column, asked = next(columns)
        return f"{name}.r1.{column}", _wrong(asked), asked
    raise AssertionError(f"{section.code}.{part.code} asks nothing")


def _wrong(ask: Ask) -> str:
    return "nonsense" if ask.choices or ask.control == "yesno" else TOO_LONG.strip()


def test_every_page_says_what_is_wrong_and_keeps_what_was_typed(
    client: Client, engine: Engine, world: World
) -> None:
    refs = {}
    with session_on(engine) as session, session.begin():
        ada = world.applicant()
        refs[False] = begin(session, ada)
        make_call(session, "pick", kind=CallKind.SELECTION)
        refs[True] = begin(session, ada, "pick")
    browser = client("ada")
    said: dict[tuple[str, str], set[str]] = {}
    versions: dict[str, int] = {}
    for code, section in CATALOGUE.items():
        if code == "own":
            continue  # neither call asks a question of its own
        for part in section.parts:
            name, typed, ask = wrong_answer(section, part)
            place = f"{code}/{part.code}" if len(section.parts) > 1 else code
            for language in LANGUAGES:
                path = f"/{language}/apply/{refs[code in SELECTION]}/{place}"
                given = {name: typed, "version": str(versions.get(code, 1)), "_action": "continue"}
                answer = browser.post(path, data=given)
                assert answer.status_code == 422, path
                versions[code] = _version(answer.text)
                words = _refused(answer.text, language, name, typed, ask)
                said.setdefault((code, part.code), set()).add(words)
    # In each language in words of its own.
    assert {place for place, sentences in said.items() if len(sentences) != len(LANGUAGES)} == set()


def _version(page: str) -> int:
    found = re.search(r'name="version" value="(\d+)"', page)
    assert found
    return int(found[1])


def _refused(page: str, language: str, name: str, typed: str, ask: Ask) -> str:
    """The message, once the page was looked at: title, summary with the focus, the field's own words."""
    error = translations(language).ugettext("Error:")
    assert f'<html lang="{language}"' in page
    assert f"<title>{error} " in page
    field = "f-" + name.replace(".", "-")
    begins = '<div class="errsum" id="errors" role="alert" tabindex="-1" data-focus>'
    summary = re.search(f"{begins}.*?</div>", page, re.DOTALL)
    assert summary
    line = re.search(rf'<li><a href="#{field}">(.*?)</a></li>', summary[0])
    message = re.search(
        rf'<p class="emsg" id="{field}-error"><span class="vh">{error} </span>(.*?)</p>', page
    )
    assert line and message, (language, name)
    assert line[1].endswith(message[1])
    assert re.search(rf'id="{field}"', page)
    assert re.search(rf'aria-describedby="[^"]*{field}-error', page)
    if typed != "nonsense":
        assert 'aria-invalid="true"' in page
        assert typed in html.unescape(page)
    return message[1]


def test_the_words_of_a_refusal_are_no_exception(client: Client, engine: Engine, world: World) -> None:
    """Saved all the same: it says so, and the next visit shows what was typed."""
    with session_on(engine) as session, session.begin():
        ref = begin(session, world.applicant())
    browser: Any = client("ada")
    typed = {"title": TOO_LONG.strip(), "version": "1", "_action": "continue"}
    refused = browser.post(f"/ru/apply/{ref}/brief", data=typed)
    assert translations("ru").ugettext("Everything is saved all the same.") in refused.text
    assert TOO_LONG.strip() in html.unescape(browser.get(f"/ru/apply/{ref}/brief").text)

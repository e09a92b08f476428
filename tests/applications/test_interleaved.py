"""A hundred saves from two tabs and two people, over HTTP: nothing of what was called saved is lost."""

import random
import re
import threading
from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine
from sqlmodel import select

from app.applications.actions.keeping import SLIP
from app.database import session_on
from app.models.applications import Application, Draft, DraftVersion, TeamRole
from app.models.people import Applicant
from tests.applications.steps import begin
from tests.conftest import Client, Clock
from tests.world import NOW, World, key

SAVES = 100
AT_ONCE = 12
"""Saves of each of three tabs that do not wait for each other."""
KEPT = "Everything is saved all the same."
WORDS = [
    "shade",
    "yard",
    "library",
    "neighbours",
    "apples",
    "water",
    "bench",
    "school",
    "evening",
    "path",
    "tools",
    "autumn",
]


@dataclass
class Tab:
    """One open page: it types, is called saved or shown both texts, and then chooses its own or both."""

    name: str
    browser: TestClient
    address: str
    dice: random.Random
    version: int = 1
    text: str = ""
    acknowledged: list[str] = field(default_factory=list)

    def type_and_save(self, number: int) -> None:
        sentence = (
            f"{self.name} {number}: " + " ".join(self.dice.choices(WORDS, k=self.dice.choice([1, 10]))) + "."
        )
        # Writes on, or begins anew where that takes away more than a slip of the pen.
        anew = len(self.text) > 2 * SLIP and self.dice.random() < 0.4
        self.text = sentence if anew else f"{self.text} {sentence}".strip()
        typed = {"version": str(self.version), "part": "problem", "problem": self.text, "evidence": ""}
        answer = self.browser.patch(f"{self.address}/autosave", data=typed, headers={"HX-Request": "true"})
        while answer.status_code == 409:
            seen = re.search(r'name="seen" value="(\d+)"', answer.text)
            assert seen, answer.text
            both = self.dice.random() < 0.2
            choice = {"seen": seen[1], "choice.problem": "both" if both else "mine"}
            answer = self.browser.post(f"{self.address}/problem", data=typed | choice | {"_action": "choose"})
            if answer.status_code == 303 or KEPT in answer.text:
                self._look()
                self.acknowledged.append(sentence)
                return
        assert answer.status_code == 200, answer.text
        found = re.search(r'name="version" value="(\d+)"', answer.text)
        assert found
        self.version = int(found[1])
        self.acknowledged.append(sentence)

    def _look(self) -> None:
        """The page that follows the choice, with the text and the version that it has by then.

        Where somebody else is in the section by now, it is taken over, as that page offers.
        """
        page = self.browser.get(f"{self.address}/problem").text
        while 'id="take-over"' in page:
            self.browser.post(f"{self.address}/take-over", data={"page": "problem", "back": ""})
            page = self.browser.get(f"{self.address}/problem").text
        version = re.search(r'name="version" value="(\d+)"', page)
        text = re.search(r'<textarea id="f-problem"[^>]*>\n?(.*?)</textarea>', page, re.DOTALL)
        assert version and text, page
        self.version, self.text = int(version[1]), text[1]


@pytest.fixture
def tabs(client: Client, engine: Engine, world: World) -> list[Tab]:
    with session_on(engine) as session, session.begin():
        ref = begin(session, world.applicant())
        application = session.exec(select(Application).where(Application.ref == ref)).one()
        ben = key(world.people["ben"])
        session.add(
            Applicant(application_id=key(application), person_id=ben, role=TeamRole.EDITOR, joined_at=NOW)
        )
    address = f"/en/apply/{ref}/need"
    who = (("phone", "ada"), ("laptop", "ada"), ("Ben", "ben"))
    return [
        Tab(name, client(person), address, random.Random(place)) for place, (name, person) in enumerate(who)
    ]


def lost(engine: Engine, tabs: list[Tab]) -> list[str]:
    """Every sentence that was called saved and stands neither in the draft nor in a version."""
    with session_on(engine, reading=True) as session, session.begin():
        texts = [row["problem"] for row in session.exec(select(Draft.data).where(Draft.section == "need"))]
        texts += [row.get("problem", "") for row in session.exec(select(DraftVersion.data))]
    return [each for tab in tabs for each in tab.acknowledged if not any(each in text for text in texts)]


def test_a_hundred_saves_in_any_order_lose_nothing(engine: Engine, tabs: list[Tab], clock: Clock) -> None:
    dice = random.Random(2026)
    for number in range(SAVES):
        clock.now += timedelta(seconds=dice.choice([2, 15, 200]))
        dice.choice(tabs).type_and_save(number)
    assert sum(len(tab.acknowledged) for tab in tabs) == SAVES
    assert lost(engine, tabs) == []


@pytest.mark.at_once
def test_saves_at_the_same_time_lose_nothing(engine: Engine, tabs: list[Tab]) -> None:
    failed: list[BaseException] = []

    def write(tab: Tab) -> None:
        try:
            for number in range(AT_ONCE):
                tab.type_and_save(number)
        except BaseException as error:
            failed.append(error)

    threads = [threading.Thread(target=write, args=(tab,)) for tab in tabs]
    for each in threads:
        each.start()
    for each in threads:
        each.join(120)
    assert failed == []
    assert [len(tab.acknowledged) for tab in tabs] == [AT_ONCE] * len(tabs)
    assert lost(engine, tabs) == []

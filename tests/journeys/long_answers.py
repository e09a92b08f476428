"""A draft longer than any of the demo's, in Kazakh: texts as long as their guides ask, three fifths of the
rows that fit. (The demo's longest have nine lines of a budget and five activities.)

Its words are drawn from the site's own Kazakh sentences at random, so that they pack worse than real ones do.
"""

import random
import re
from collections.abc import Mapping
from functools import cache
from typing import Any

from pydantic import BaseModel

from app.asking import Ask
from app.messages import translations
from app.messages.labels import CHOICES, choices
from app.sections.catalogue import CATALOGUE
from app.sections.drafts import questions

REAL = {
    "link": "https://example.org/almaty/koktem/suraktar-men-zhauaptar",
    "website": "https://example.org/almaty",
    "bin": "990140000014",
    "grant_part": "",  # no line is shared: a part without somebody for the rest is refused
}
SENDABLE = {"budget_category": ["equipment", "materials", "rent", "transport"], "payer": ["grant"]}
"""Which choices of a budget break no rule of another answer, whatever is drawn."""
MONTHS = ("2026-06", "2026-07", "2026-08", "2026-09", "2026-10", "2026-11")


def long_answers(section: str) -> dict[str, Any]:
    """All that a section asks."""
    return _answers(section, CATALOGUE[section].model, random.Random(section))


def _answers(code: str, model: type[BaseModel], dice: random.Random) -> dict[str, Any]:
    given: dict[str, Any] = {}
    for name, ask, row in questions(model):
        if name == "id":
            continue
        if row is None:
            given[name] = _answer(name, ask, dice)
        else:
            given[name] = [
                {"id": f"{name[:2]}h7k3p{number}", **_answers(f"{code}.{name}", row, dice)}
                for number in range(1, (ask.rows[1] * 3 + 4) // 5 + 1)
            ]
    return given


def _answer(name: str, ask: Ask, dice: random.Random) -> Any:
    if name in REAL:
        return REAL[name]
    if ask.choices:
        known = _known(ask.choices)
        return dice.sample(known, min(3, len(known))) if ask.control == "checkboxes" else dice.choice(known)
    if ask.control == "yesno":
        return "yes"
    if ask.control in {"number", "money"}:
        return str(dice.randint(2, 9) * (1000 if ask.control == "money" else 1))
    if ask.control == "email":
        return "ayaru.qyzgaldaq@example.org"
    if ask.control == "tel":
        return "+7 701 234 56 78"
    if ask.guide:
        return _said(dice, ask.guide[1], ask.cap or 3000)
    most = (ask.cap or 100) * 2 // 5 if ask.control == "textarea" else min((ask.cap or 100) * 2 // 3, 20)
    return _said(dice, 100, most)


def _known(choice: str) -> list[str]:
    if choice in SENDABLE:
        return SENDABLE[choice]
    if choice in CHOICES:
        return list(choices("kk", choice))
    if choice.startswith("activities"):
        return [f"ach7k3p{number}" for number in range(1, 6)]
    return {"months": list(MONTHS), "themes": ["ecology"], "priorities": ["clean"]}.get(choice, ["ADC"])


def _said(dice: random.Random, words: int, most: int) -> str:
    text = " ".join(dice.choices(_words(), k=words))
    return text[:most].strip()


@cache
def _words() -> list[str]:
    catalogue: Mapping[Any, Any] = translations("kk")._catalog
    said = " ".join(text for text in catalogue.values() if isinstance(text, str))
    return sorted(set(re.findall(r"[а-яёәғқңөұүһі]{2,}", said.lower())))

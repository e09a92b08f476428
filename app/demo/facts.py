"""The facts of the demo, from `data/programme.json`: public facts of WeAlmaty, and invented people."""

import json
from datetime import UTC, date, datetime, time
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from app.models.columns import Texts

ALMATY = ZoneInfo("Asia/Almaty")
COORDINATOR = "coordinator@example.org"


@cache
def facts() -> dict[str, Any]:
    """Everything the file says."""
    loaded: dict[str, Any] = json.loads(
        (Path(__file__).parent / "data" / "programme.json").read_text(encoding="utf-8")
    )
    return loaded


def at(day: date, hour: int = 10, minute: int = 0) -> datetime:
    """An instant of that day in Almaty, aware UTC."""
    return datetime.combine(day, time(hour, minute), ALMATY).astimezone(UTC)


def on(day: str, hour: int = 10) -> datetime:
    """The same, for a day written as `2019-04-13`."""
    return at(date.fromisoformat(day), hour)


def numbered(texts: Texts, suffix: str) -> Texts:
    """Texts with a year behind them."""
    return {language: f"{text} {suffix}" for language, text in texts.items()}


def reviewers() -> list[tuple[str, str, str]]:
    """(organisation code, e-mail, name) of the twenty invented reviewers, five of each organisation."""
    return [
        (organisation, f"{organisation.lower()}-{number}@example.org", name)
        for organisation, names in facts()["people"]["reviewers"].items()
        for number, name in enumerate(names, 1)
    ]

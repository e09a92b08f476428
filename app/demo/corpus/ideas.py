"""The hand-written ideas of the demo programme, and how an idea becomes an application's answers.

An *idea* is one JSON object of ``kk*.json``, ``ru*.json`` or ``en*.json`` beside this module; each of
its *variants* fills the ``{slots}`` of the idea's texts and gives one proposal. Nothing else is read.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path

LANGUAGES = ("kk", "ru", "en")
THEMES = ("ecology", "inclusion", "culture", "urban_space", "education", "health")
DISTRICTS = ("alatau", "almaly", "auezov", "bostandyk", "zhetysu", "medeu", "nauryzbay", "turksib")

PRIORITIES = ("citizens", "partnerships", "financing")
"""Codes of the call's three goals: citizens act, sectors join forces, new ways to pay for it."""

RATES = (1000, 1200, 1500, 2000, 2500, 3000)
"""What an hour of work may be worth, in tenge."""

SHOWN = {
    "kk": ("Орынның фотосуреттері", "Сауалнаманың кестесі"),
    "ru": ("Фотографии места", "Таблица нашего опроса"),
    "en": ("Photographs of the place", "The table of our survey"),
}
STAKEHOLDERS = {
    "kk": {
        "school": "№ {n} мектеп",
        "akimat": "Аудан әкімдігі, {n} бөлме",
        "residents": "Үй кеңесі, {n} үй",
        "ngo": "«{n} көрші» бірлестігі",
    },
    "ru": {
        "school": "Школа № {n}",
        "akimat": "Акимат района, кабинет {n}",
        "residents": "Совет дома {n}",
        "ngo": "Объединение «{n} соседей»",
    },
    "en": {
        "school": "School No. {n}",
        "akimat": "District administration, room {n}",
        "residents": "Council of house {n}",
        "ngo": "Association of {n} neighbours",
    },
}
"""Invented names for the coordinator's eyes, by language and kind."""

Section = dict[str, object]
Row = dict[str, str]

_FOLDER = Path(__file__).parent
_SLOT = re.compile(r"\{([A-Za-z_][A-Za-z0-9_]*)\}")
_ID_LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789"


class CorpusError(ValueError):
    """A data file does not hold what the engine needs; the message names the idea and the field."""


@dataclass(frozen=True)
class Telling:
    """One variant of one idea: the unit that becomes a proposal. ``number`` counts from 1."""

    language: str
    idea: Mapping[str, object]
    slots: Mapping[str, object]
    number: int

    @property
    def idea_key(self) -> str:
        return str(self.idea["key"])

    @property
    def key(self) -> str:
        """Unique over all languages: ``ru-school-roof-garden-1``."""
        return f"{self.language}-{self.idea_key.removeprefix(self.language + '-')}-{self.number}"

    @property
    def quality(self) -> int:
        """1 (vague) to 5 (convincing), as its author marked the idea; a variant may differ.

        Whoever comes with an idea that another had already convinces less.
        """
        marked = int(str(self.slots.get("quality", self.idea.get("quality", 3))))
        return max(1, marked - (self.number - 1))

    @property
    def kinds(self) -> tuple[str, ...]:
        """Kinds of applicant this idea suits; empty when any will do."""
        return tuple(str(kind) for kind in _list(self.idea.get("kinds"), self.key, "kinds"))


@cache
def tellings(language: str) -> tuple[Telling, ...]:
    """Every variant of every idea in a language, in file order; empty while it has no data files.

    Raises CorpusError when a file is not a list of ideas or two ideas share a key.
    """
    found: list[Telling] = []
    seen: set[str] = set()
    for path in sorted(_FOLDER.glob(f"{language}*.json")):
        ideas = json.loads(path.read_text(encoding="utf-8"))
        if not isinstance(ideas, list):
            raise CorpusError(f"{path.name}: expected a list of ideas")
        for idea in ideas:
            key = str(idea.get("key"))
            if key in seen:
                raise CorpusError(f"{path.name}: the key {key} is used twice")
            seen.add(key)
            for number, slots in enumerate(_rows(idea.get("variants"), key, "variants"), start=1):
                found.append(Telling(language, idea, slots, number))
    return tuple(found)


def stable_number(*parts: object) -> int:
    """A number that depends only on its arguments, the same on every machine and in every run."""
    text = "/".join(str(part) for part in parts)
    return int.from_bytes(hashlib.sha256(text.encode("utf-8")).digest()[:8], "big")


def row_id(*parts: object) -> str:
    """Eight letters and digits that look random and depend only on the arguments."""
    number, letters = stable_number("row", *parts), []
    for _ in range(8):
        number, rest = divmod(number, len(_ID_LETTERS))
        letters.append(_ID_LETTERS[rest])
    return "".join(letters)


def month_after(start: date, months: int) -> str:
    """The month ``months`` after the month of ``start``, as the form stores it: ``2026-04``."""
    years, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    return f"{years:04d}-{month + 1:02d}"


def answers(telling: Telling, start: date) -> dict[str, Section]:
    """The five blind sections of a proposal: brief, need, work_plan, budget, sustainability.

    ``start`` is the first month in which projects of the call may begin. Leaves are strings or lists
    of strings; months ``YYYY-MM``; money in whole tenge, as typed.
    """
    return _Filler(telling, start).sections()


class _Filler:
    def __init__(self, telling: Telling, start: date) -> None:
        self._telling = telling
        self._idea = telling.idea
        self._start = start
        self._first = stable_number("first month", telling.key) % 2

    def sections(self) -> dict[str, Section]:
        activities = self._activities()
        ids = [row["id"] for row in activities]
        return {
            "brief": self._brief(),
            "need": self._need(),
            "work_plan": self._work_plan(activities, ids),
            "budget": self._budget(ids),
            "sustainability": self._sustainability(),
        }

    def _brief(self) -> Section:
        theme, district = str(self._idea["theme"]), str(self._telling.slots["district"])
        if theme not in THEMES or district not in DISTRICTS:
            raise CorpusError(f"{self._telling.key}: unknown theme {theme} or district {district}")
        return {
            "title": self._text("title"),
            "title_second": self._text("title_second", ""),
            "summary": self._text("summary"),
            "theme": theme,
            "districts": [district],
            "place": self._fill(self._telling.slots["place"], "place"),
        }

    def _need(self) -> Section:
        priorities = self._codes("priorities")
        if not priorities:
            priorities = [PRIORITIES[stable_number("priority", self._telling.key) % len(PRIORITIES)]]
        stakeholders = self._table("stakeholders", ("kind", "role", "state", "gives"))
        return {
            "problem": self._text("problem"),
            "evidence": self._text("evidence"),
            "sources": self._sources(),
            "beneficiaries": self._table(
                "beneficiaries", ("kind", "group", "direct", "indirect", "help", "part")
            ),
            "permit": self._permit(stakeholders),
            "stakeholders": [row | {"name": self._name(row)} for row in stakeholders],
            "priorities": priorities,
            "priority_why": self._text("priority_why"),
        }

    def _sources(self) -> list[Row]:
        """Some can show what they say: photographs, or the table of their survey."""
        key = self._telling.key
        shown = SHOWN[self._telling.language][: stable_number("sources", key) % 5]
        return [
            {
                "id": row_id(key, "sources", index),
                "link": f"https://example.org/{row_id(key, 'link', index)}",
                "shows": shows,
            }
            for index, shows in enumerate(shown if self._telling.quality > 2 else ())
        ]

    def _permit(self, stakeholders: Sequence[Row]) -> str:
        if any(row["role"] == "permits" for row in stakeholders):
            return "yes"
        return "unsure" if stable_number("permit", self._telling.key) % 4 == 0 else "no"

    def _name(self, row: Row) -> str:
        """Only a coordinator reads whom they mean; half of them say it."""
        number = stable_number("stakeholder", row["id"])
        name = STAKEHOLDERS[self._telling.language].get(row["kind"], "")
        return name.format(n=300 + number % 60) if number % 2 else ""

    def _resources(self, ids: Sequence[str]) -> list[Row]:
        """Work is often said as hours times a rate; what no money is asked for has something of one's own."""
        paid = {str(line.get("activity")) for line in self._raw("budget")}
        idle = [identity for place, identity in enumerate(ids) if str(place) not in paid]
        rows = self._table("resources", ("kind", "what", "value", "certainty"))
        for place, row in enumerate(rows):
            row["activity"] = idle[place] if place < len(idle) else ""
            row |= self._hours(row)
        return rows

    def _hours(self, row: Row) -> Row:
        value, number = int(row["value"] or 0), stable_number("rate", row["id"])
        rates = [rate for rate in RATES if value and value % rate == 0 and value // rate <= 600]
        if row["kind"] != "people" or not rates or number % 2:
            return {"hours": "", "rate": ""}
        rate = rates[number % len(rates)]
        return {"value": "", "hours": str(value // rate), "rate": str(rate)}

    def _activities(self) -> list[Row]:
        rows = []
        for index, activity in enumerate(self._raw("activities")):
            rows.append(
                {
                    "id": row_id(self._telling.key, "activities", index),
                    "title": self._cell(activity, "title", "activities"),
                    "does": self._cell(activity, "does", "activities"),
                    "from_month": self._month(activity, "from", "activities"),
                    "to_month": self._month(activity, "to", "activities"),
                    "lead": self._cell(activity, "lead", "activities"),
                    "output_number": self._cell(activity, "output_number", "activities"),
                    "output_unit": self._cell(activity, "output_unit", "activities"),
                    "place": self._cell(activity, "place", "activities"),
                }
            )
        return rows

    def _work_plan(self, activities: list[Row], ids: Sequence[str]) -> Section:
        milestones: list[Row] = []
        for index, milestone in enumerate(self._raw("milestones")):
            milestones.append(
                {
                    "id": row_id(self._telling.key, "milestones", index),
                    "name": self._cell(milestone, "name", "milestones"),
                    "month": self._month(milestone, "month", "milestones"),
                    "activity": self._activity_id(milestone, ids, "milestones"),
                    "proof": self._cell(milestone, "proof", "milestones"),
                }
            )
        months = [row["to_month"] for row in activities] + [row["month"] for row in milestones]
        return {
            "result": self._text("result"),
            "starts": month_after(self._start, self._first),
            "ends": max(months),
            "activities": activities,
            "milestones": milestones,
            "resources": self._resources(ids),
            "strengths": self._text("strengths"),
            "risks": self._table("risks", ("risk", "response")),
        }

    def _budget(self, ids: Sequence[str]) -> Section:
        lines: list[Row] = []
        for index, line in enumerate(self._raw("budget")):
            row = {
                "id": row_id(self._telling.key, "lines", index),
                "activity": "whole",
            }
            if line.get("activity") is not None:
                row["activity"] = self._activity_id(line, ids, "budget")
            for field in ("category", "what", "unit", "quantity", "price", "payer"):
                row[field] = self._cell(line, field, "budget")
            row["source"] = self._cell(line, "source", "budget", "")
            row["grant_part"] = ""
            lines.append(row)
        self._share(lines)
        return {
            "lines": lines,
            "prices_found": self._text("prices_found"),
            "other_money_state": self._text("other_money_state", "none"),
            "other_money": self._text("other_money", ""),
            "unsure": self._text("unsure", ""),
        }

    def _share(self, lines: list[Row]) -> None:
        """Of some good budgets the dearest line is shared: the team pays a fifth of it."""
        if self._telling.quality < 4 or stable_number("share", self._telling.key) % 6:
            return
        line = max((row for row in lines if row["payer"] == "grant"), key=_cost)
        line["grant_part"] = str(int(_cost(line) * 4 / 5) // 1000 * 1000)
        line["payer"] = "own"

    def _sustainability(self) -> Section:
        return {
            "stays": self._text("stays"),
            "funding": self._codes("funding"),
            "month_income": self._table("month_income", ("source", "amount", "certainty")),
            "month_costs": self._table("month_costs", ("what", "amount")),
            "growth": self._text("growth"),
            "ownership": self._text("ownership"),
            "access": self._text("access"),
            "measures": self._table("measures", ("number", "unit", "how")),
        }

    def _codes(self, field: str) -> list[str]:
        return [str(code) for code in _list(self._idea.get(field), self._telling.key, field)]

    def _raw(self, field: str) -> list[Mapping[str, object]]:
        return _rows(self._idea.get(field), self._telling.key, field)

    def _text(self, field: str, default: str | None = None) -> str:
        if field not in self._idea:
            if default is None:
                raise CorpusError(f"{self._telling.key}: {field} is missing")
            return default
        return self._fill(self._idea[field], field)

    def _table(self, field: str, columns: Sequence[str]) -> list[Row]:
        return [
            {"id": row_id(self._telling.key, field, index)}
            | {column: self._cell(row, column, field, "") for column in columns}
            for index, row in enumerate(self._raw(field))
        ]

    def _cell(self, row: Mapping[str, object], column: str, field: str, default: str | None = None) -> str:
        value = row.get(column, default)
        if value is None:
            raise CorpusError(f"{self._telling.key}: {field}.{column} is missing")
        return self._fill(value, f"{field}.{column}")

    def _number(self, row: Mapping[str, object], column: str, field: str) -> int:
        text = self._cell(row, column, field)
        if not text.isdecimal():
            raise CorpusError(f"{self._telling.key}: {field}.{column} is not a whole number: {text}")
        return int(text)

    def _month(self, row: Mapping[str, object], column: str, field: str) -> str:
        return month_after(self._start, self._first + self._number(row, column, field))

    def _activity_id(self, row: Mapping[str, object], ids: Sequence[str], field: str) -> str:
        index = self._number(row, "activity", field)
        if index >= len(ids):
            raise CorpusError(f"{self._telling.key}: {field} names activity {index} of {len(ids)} (from 0)")
        return ids[index]

    def _fill(self, template: object, field: str, depth: int = 0) -> str:
        def value(match: re.Match[str]) -> str:
            if match[1] not in self._telling.slots:
                raise CorpusError(f"{self._telling.key}: {field} has no value for {{{match[1]}}}")
            return str(self._telling.slots[match[1]])

        text = _SLOT.sub(value, str(template))
        return self._fill(text, field, depth + 1) if depth < 2 and _SLOT.search(text) else text


def _cost(line: Row) -> Decimal:
    return Decimal(line["quantity"]) * Decimal(line["price"])


def _rows(value: object, key: str, field: str) -> list[Mapping[str, object]]:
    rows = _list(value, key, field)
    if not all(isinstance(row, dict) for row in rows):
        raise CorpusError(f"{key}: {field} is not a list of objects")
    return rows


def _list(value: object, key: str, field: str) -> list[Mapping[str, object]]:
    if value is None:
        return []
    if not isinstance(value, list):
        raise CorpusError(f"{key}: {field} is not a list")
    return value

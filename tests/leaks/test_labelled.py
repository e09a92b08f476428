"""How much is found of what people marked, and how much else; and that thousands of real texts stay quiet."""

import re
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from app.demo.corpus import proposals
from app.leaks.finder import Finder
from app.leaks.places import answers_of, found_in
from app.leaks.secrets import secrets_of
from tests.leaks.labelled import LABELLED, TEAMS

Marked = set[tuple[int, int, bool]]
_MARK = re.compile(r"[\[{](?:[^\[\]{}]|\[at\])+[\]}]")
_QUOTED = re.compile("«(.+?)»")
BLIND = ("brief", "need", "work_plan", "budget", "sustainability")


def read(labelled: str) -> tuple[str, Marked]:
    """The text without its marks, and what was marked: from, up to, surely."""
    text, marks, at = "", set(), 0
    for mark in _MARK.finditer(labelled):
        text += labelled[at : mark.start()]
        marks.add((len(text), len(text) + len(mark[0]) - 2, mark[0][0] == "["))
        text += mark[0][1:-1]
        at = mark.end()
    return text + labelled[at:], marks


def test_what_people_marked_is_found_and_nothing_else() -> None:
    wrong, marked = [], 0
    finders = {name: Finder(secrets_of({"team": team})) for name, team in TEAMS.items()}
    for team, labelled in LABELLED:
        text, marks = read(labelled)
        found = {(hit.start, hit.end, hit.sure) for hit in finders[team].hits(text)}
        wrong += [("not found", text[start:end], sure, text) for start, end, sure in marks - found]
        wrong += [("not marked", text[start:end], sure, text) for start, end, sure in found - marks]
        marked += len(marks)
    assert wrong == []
    assert (len(LABELLED), marked) == (34, 93)


@pytest.mark.parametrize("links", [True, False])
@pytest.mark.parametrize("team", TEAMS)
def test_texts_are_found_together_as_alone(team: str, links: bool) -> None:
    """Whatever else is looked at with a text, what stands before and after it is no part of it."""
    finder = Finder(secrets_of({"team": TEAMS[team]}))
    texts = [read(labelled)[0] for _, labelled in LABELLED]
    pieces = [piece for text in texts for piece in (text, *text.split(", "), *text.split(" "))]
    alone = [finder.hits(each, links=links) for each in pieces]
    assert finder.hits_in([(each, links) for each in pieces]) == alone
    assert sum(map(len, alone)) > 20


def test_proposals_without_names_stay_quiet_and_planted_names_are_found() -> None:
    """All proposals of the demo: nothing of their own is in them; whatever is added is found."""
    given = proposals(date(2027, 3, 1))
    texts = [[*answers_of({code: each.sections[code] for code in BLIND})] for each in given]
    finders = [Finder(secrets_of({"team": each.sections["team"]})) for each in given]
    assert (len(given), sum(map(len, texts))) == (253, 18649)
    assert [found for pair in zip(finders, texts, strict=True) for found in found_in(*pair)] == []
    # Against strangers' names, every fifth: how often one would warn for nothing.
    strangers = zip(finders[::5], texts[1::5], strict=False)
    by_chance = [found for pair in strangers for found in found_in(*pair)]
    assert (len(by_chance), sum(each.sure for each in by_chance)) == (0, 0)
    planted = missed = 0
    for finder, each in zip(finders, given, strict=True):
        for said in _planted(each.sections["team"]):
            text = f"Бізбен бірге {said} болды."
            planted += 1
            missed += not any(text[hit.start : hit.end].endswith(said) for hit in finder.hits(text))
    assert (planted, missed) == (2307, 0)


def _planted(team: dict[str, Any]) -> Iterator[str]:
    """What an applicant would slip in of themselves."""
    yield f"{team['given_name']} {team['family_name']}"
    yield f"{team['given_name'][0]}. {team['family_name']}"
    yield team["family_name"]
    for member in team["members"]:
        yield member["name"]
    yield team["email"]
    yield team["phone"]
    if team["organisation_name_ru"]:
        yield from (_QUOTED.findall(team["organisation_name_kk"] + team["organisation_name_ru"]))
        yield team["bin"]

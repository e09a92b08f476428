"""The synthetic proposals of the demo programme: invented people with hand-written ideas.

``proposals`` gives complete applications in Kazakh, Russian and English, always the same ones for
the same arguments. It reads only the JSON files of this folder and knows nothing of the rest of the
application; who may change what is said in README.md, what the files must keep to in ``rules``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from random import Random
from types import MappingProxyType

from app.demo.corpus.ideas import LANGUAGES, CorpusError, Section, Telling, answers, stable_number, tellings
from app.demo.corpus.people import Registry, words

__all__ = ["COUNTS", "CorpusError", "Proposal", "proposals", "proposals_of_two_calls", "texts"]

COUNTS: Mapping[str, int] = MappingProxyType({"kk": 95, "ru": 110, "en": 48})
"""Proposals by language; 253 in all, as many as the programme received."""

KEPT_BACK = frozenset(
    [
        "kk-milk-teeth",
        "kk-peer-talk",
        "kk-puppet-yurt",
        "kk-rain-barrel",
        "first-honest-job",
        "wheels-for-a-while",
        "en-banner-sewing",
        "en-forum-theatre-teens",
        "en-tool-library",
    ]
)
"""Ideas that nobody has in another language; they are given last, so that the next call has its own."""

BLIND_SECTIONS = ("brief", "need", "work_plan", "budget", "sustainability")


@dataclass(frozen=True)
class Proposal:
    """One application as its applicant would have typed it.

    ``sections`` maps the section codes ``team``, ``brief``, ``need``, ``work_plan``, ``budget`` and
    ``sustainability`` to what the form stores: strings, lists of strings, and rows (lists of dicts of
    strings, each with an ``id`` of eight characters). Months are ``YYYY-MM``, money is whole tenge.
    Who applies stands in ``team`` only. ``quality`` runs from 1 (vague) to 5 (convincing).
    """

    key: str
    language: str
    applicant_kind: str
    quality: int
    sections: dict[str, Section]


def proposals(start: date, counts: Mapping[str, int] = COUNTS) -> list[Proposal]:
    """The proposals of a call whose projects may begin in the month of ``start``, in mixed order.

    ``counts`` says how many to give in each language. A language with too few is made up for by the
    others, so that the total holds while there are variants left. Raises CorpusError when a data file
    is faulty.
    """
    return proposals_of_two_calls(start, start, counts)[0]


def proposals_of_two_calls(
    start: date,
    next_start: date,
    counts: Mapping[str, int] = COUNTS,
    registry: Registry | None = None,
) -> tuple[list[Proposal], list[Proposal]]:
    """The proposals of a call, and all others for the call after it, those of different ideas first.

    With the default ``counts`` no applicant stands in both, and hardly an idea; nor does any of those whom
    ``registry`` has handed out before.
    """
    registry = registry or Registry()
    chosen = sorted(_choose(counts), key=lambda telling: telling.key)
    result = [_proposal(telling, start, registry) for telling in chosen]
    Random(stable_number("order of arrival")).shuffle(result)
    given = {telling.key for telling in chosen}
    others = [each for language in LANGUAGES for each in tellings(language) if each.key not in given]
    others.sort(key=lambda telling: (telling.idea_key not in KEPT_BACK, *_turn(telling)))
    return result, [_proposal(telling, next_start, registry) for telling in others]


def texts(value: object) -> Iterator[str]:
    """Every string inside a section, row or proposal payload, in order, without dictionary keys."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for inner in value.values():
            yield from texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from texts(inner)


def _choose(counts: Mapping[str, int]) -> list[Telling]:
    chosen: list[Telling] = []
    spare: list[Telling] = []
    for language in LANGUAGES:
        wanted = counts.get(language, 0)
        all_of_it = sorted(tellings(language), key=_next_call_last)
        chosen += all_of_it[:wanted]
        spare += all_of_it[wanted:]
    missing = sum(counts.values()) - len(chosen)
    return chosen + sorted(spare, key=_next_call_last)[:missing]


def _next_call_last(telling: Telling) -> tuple[bool, int, int]:
    return telling.idea_key in KEPT_BACK, *_turn(telling)


def _turn(telling: Telling) -> tuple[int, int]:
    """Different ideas first, then their other variants."""
    return telling.number, stable_number("choice", telling.key)


def _proposal(telling: Telling, start: date, registry: Registry) -> Proposal:
    blind = answers(telling, start)
    answer_words = sorted(words(" ".join(texts(blind))))
    team = registry.applicant(
        telling.key, telling.language, str(telling.slots["district"]), telling.kinds, answer_words
    )
    return Proposal(
        telling.key, telling.language, str(team["applicant_kind"]), telling.quality, {"team": team, **blind}
    )

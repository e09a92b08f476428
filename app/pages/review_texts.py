"""An application's text as reviewers read it, laid out once: whoever reads it next gets the same markup.

What is kept is found by the text itself and by all that its words depend on, never by whose it is. A text
that reads otherwise, were it by one letter, is another one; so nothing that was covered can come back, and
nothing is shown that was not just read from the database for this very reader.
"""

import hashlib
import pickle
from collections.abc import Iterable, Mapping
from typing import Any

from app.messages import translations
from app.messages.answers import Answer, Names, blind_answers, blind_names
from app.messages.labels import choices
from app.pages.changes import field_in_words, flat
from app.pages.charts import shares_view, timetable_view
from app.pages.page import environment
from app.reviews.queries import InHand
from app.sections.totals import totals_of_draft

KEPT = 300
"""Texts in one process, in one language each: about 30 kB of markup apiece."""

FEW = 2
"""A table of more rows than this is folded: on a phone each row is a card of its own."""

Texts = Mapping[str, str]
"""Section -> its title and answers as a template escaped them, in the order of the form."""

_kept: dict[bytes, Texts] = {}


def text_sections(language: str, hand: InHand, *, beside: bool) -> Texts:
    """The sections of the text, none where it is closed; those `beside` a score card are a level lower."""
    text = hand.own.text
    if text is None:
        return {}
    low = {section for criterion in hand.rubric for section in criterion.sections} if beside else set()
    # Whatever the words follow from. Our own data, packed to be compared and never unpacked.
    given = (
        language, text.language, text.sections, hand.themes, hand.priorities, hand.own_question, sorted(low),
    )  # fmt: skip
    key = hashlib.blake2b(pickle.dumps(given), digest_size=16).digest()
    found = _kept.get(key)
    if found is None:
        if len(_kept) >= KEPT:
            _kept.clear()
        found = _kept[key] = laid_out(
            language, hand.themes, hand.priorities, hand.own_question, text.sections, text.language, low
        )
    return found


def changed_places(language: str, hand: InHand) -> list[tuple[str, str]]:
    """Each answer that reads otherwise since its reviewer read it: the question, and what it says now."""
    text = hand.own.text
    if text is None or not hand.own.changed:
        return []
    answers = blind_answers(language, hand.themes, hand.priorities, hand.own_question, text.sections)
    now = {f"{section}.{each.name}": flat(each) for section, said in answers.items() for each in said}
    return [
        (field_in_words(language, place), now.get(place, ""))
        for place in hand.own.changed
        if place.partition(".")[0] in text.sections
    ]


def laid_out(
    language: str,
    themes: list[dict[str, Any]],
    priorities: list[dict[str, Any]],
    own_question: Mapping[str, Any],
    sections: Mapping[str, Any],
    written_in: str,
    low: set[str],
) -> Texts:
    """The markup of each section, plan and budget drawn; headings of those that are `low` a level lower."""
    macros: Any = environment(language).get_template("reviews/_chapters.html").module
    titles = choices(language, "sections")
    names = blind_names(language, themes, priorities, own_question, sections)
    texts = {}
    for section, answers in blind_answers(language, themes, priorities, own_question, sections).items():
        drawn = _drawn(language, section, sections[section], names, written_in)
        level = 3 if section in low else 2
        folds = _folds(language, answers, drawn)
        texts[section] = macros.section(titles[section], answers, written_in, level, folds, drawn)
    return texts


def _drawn(
    language: str, section: str, data: Mapping[str, Any], names: Names, written_in: str
) -> dict[str, str]:
    """The chart of a section, by the name of the answer above whose rows it stands."""
    charts: Any = environment(language).get_template("ui/chart.html").module
    if section == "work_plan":
        plan = timetable_view(language, data, lang=written_in)
        return {"activities": charts.timetable(plan, "plan")} if plan else {}
    if section == "budget":
        shares = shares_view(language, totals_of_draft(data), names)
        return {"lines": charts.shares(shares, "shares")} if shares else {}
    return {}


def _folds(language: str, answers: Iterable[Answer], drawn: Mapping[str, str]) -> dict[str, str]:
    """How many rows there are, of every table that is long or stands below its chart."""
    ngettext = translations(language).ungettext
    found = {}
    for each in answers:
        rows = len(each.table.rows) if each.table else 0
        if rows > FEW or (rows and each.name in drawn):
            found[each.name] = ngettext("{n} row", "{n} rows", rows).format(n=rows)
    return found

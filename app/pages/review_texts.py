"""An application's text as reviewers read it, laid out once: whoever reads it next gets the same markup.

What is kept is found by the text itself and by all that its words depend on, never by whose it is. A text
that reads otherwise, were it by one letter, is another one; so nothing that was covered can come back, and
nothing is shown that was not just read from the database for this very reader.
"""

import hashlib
import pickle
from collections.abc import Mapping
from typing import Any

from app.messages.answers import blind_answers
from app.messages.labels import choices
from app.pages.changes import field_in_words, flat
from app.pages.page import environment
from app.reviews.queries import InHand

KEPT = 300
"""Texts in one process, in one language each: about 30 kB of markup apiece."""

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
    given = (language, text.language, text.sections, hand.themes, hand.priorities, sorted(low))
    key = hashlib.blake2b(pickle.dumps(given), digest_size=16).digest()
    found = _kept.get(key)
    if found is None:
        if len(_kept) >= KEPT:
            _kept.clear()
        found = _kept[key] = laid_out(
            language, hand.themes, hand.priorities, text.sections, text.language, low
        )
    return found


def changed_places(language: str, hand: InHand) -> list[tuple[str, str]]:
    """Each answer that reads otherwise since its reviewer read it: the question, and what it says now."""
    text = hand.own.text
    if text is None or not hand.own.changed:
        return []
    answers = blind_answers(language, hand.themes, hand.priorities, text.sections)
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
    sections: Mapping[str, Any],
    written_in: str,
    low: set[str],
) -> Texts:
    """The markup of each section; the headings of those that are `low` are a level lower."""
    macros: Any = environment(language).get_template("reviews/_chapters.html").module
    titles = choices(language, "sections")
    return {
        section: macros.section(titles[section], answers, written_in, 3 if section in low else 2)
        for section, answers in blind_answers(language, themes, priorities, sections).items()
    }

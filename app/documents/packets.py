"""What a reviewer takes along: all texts in one file, and a sheet on which to score them by hand."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.documents.own_copy import answer_data
from app.documents.press import SECONDS_OF_MANY, pressed
from app.documents.sender import Sender, common_words
from app.messages import translations
from app.messages.answers import Answer

LINES = 3
"""To be written on for each reason."""


@dataclass(frozen=True, slots=True)
class PacketText:
    """One application as reviewers read it, in words of `language`; its own are in `written_in`."""

    language: str
    written_in: str
    code: str
    title: str
    sections: Sequence[tuple[str, Sequence[Answer]]]


@dataclass(frozen=True, slots=True)
class SheetCriterion:
    """One criterion with its anchors from the lowest score up."""

    title: str
    weight: int
    asks: str
    anchors: Sequence[tuple[int, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """What is said around the texts. `missing` are codes not in the file; `due` is when to be done."""

    language: str
    call: str
    due: str
    missing: Sequence[str]
    at: datetime


def packet_pdf(taken: Taken, texts: Sequence[PacketText], sender: Sender) -> bytes:
    """All texts, each from a page of its own, behind a list of them."""
    gettext = translations(taken.language).ugettext
    data = {
        **_frame(taken, sender, gettext("Applications to review")),
        "missing": ", ".join(taken.missing),
        "texts": [
            {
                "code": each.code,
                "title": each.title,
                "lang": "" if each.written_in == taken.language else each.written_in,
                "sections": [
                    {"title": title, "answers": [answer_data(each, answer) for answer in answers]}
                    for title, answers in each.sections
                ],
            }
            for each in texts
        ],
    }
    return pressed("packets", data, taken.at, SECONDS_OF_MANY)


def sheet_pdf(
    taken: Taken, texts: Sequence[tuple[str, str, str]], criteria: Sequence[SheetCriterion], sender: Sender
) -> bytes:
    """The criteria, and for each application (code, title, language) boxes to tick and lines to write on."""
    gettext = translations(taken.language).ugettext
    data = {
        **_frame(taken, sender, gettext("Scoring sheet")),
        "lines": LINES,
        "criteria": [
            {
                "title": each.title,
                "weight": each.weight,
                "asks": each.asks,
                "anchors": [{"score": score, "text": text} for score, text in each.anchors],
            }
            for each in criteria
        ],
        "texts": [
            {"code": code, "title": title, "lang": "" if lang == taken.language else lang}
            for code, title, lang in texts
        ],
    }
    return pressed("sheet", data, taken.at, SECONDS_OF_MANY)


def _frame(taken: Taken, sender: Sender, heading: str) -> dict[str, Any]:
    gettext = translations(taken.language).ugettext
    return {
        **sender.data(),
        "lang": taken.language,
        "title": f"{heading}: {taken.call}",
        "running": f"{heading} · {taken.call}",
        "foot": f"{sender.brand} · {taken.call}",
        "caption": taken.call,
        "heading": heading,
        "due": taken.due,
        "words": {
            **common_words(taken.language),
            "not_provided": gettext("Not provided"),
            "due": gettext("Please finish by"),
            "confidential": gettext(
                "Only for you, and only for scoring. Destroy what you printed when reviewing is over."
            ),
            "missing": gettext("Not in this file, because the question about ties comes first"),
            "pictures": gettext("Pictures and documents are on the site."),
            "by_hand": gettext(
                "Nothing on this sheet counts: type your scores in on the site, where they are sent."
            ),
            "score": gettext("The score"),
            "meaning": gettext("What it means"),
            "cannot": gettext("I cannot judge this"),
            "reason": gettext("Why this score?"),
            "remarks": gettext("The whole project"),
            "contents": gettext("In this file"),
            "tie": gettext("Do you have a tie to this project?"),
        },
    }

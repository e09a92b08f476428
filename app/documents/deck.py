"""Slides for the hall, cards for who announces and the sealed list: each page says whose copy it is."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from app.documents.press import pressed
from app.documents.protocol import Block, Chapter, Facts, Note, Paper, Table, protocol_pdf
from app.documents.sender import Sender, common_words
from app.messages import formats, translations

BESIDE = {"kk": "ru", "ru": "kk", "en": "kk"}
"""The second language of the screen."""


@dataclass(frozen=True, slots=True)
class DeckWinner:
    """One winner in the order of the announcement; `amount` in words, "" where there is no money."""

    title: str
    team: str
    language: str
    amount: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Slides:
    """All that the papers say. `owner` is the name of the member whose copy it is; once the results are
    `published` there is nothing to keep secret."""

    language: str
    call: str
    event: str
    sha256: str
    number: int
    owner: str
    published: bool
    winners: Sequence[DeckWinner]
    at: datetime


def slides_pdf(slides: Slides, sender: Sender) -> bytes:
    """16:9, dark: a curtain before each winner, and all of them at the end."""
    return pressed("deck", _data(slides, sender, "slides"), slides.at)


def cards_pdf(slides: Slides, sender: Sender) -> bytes:
    """A5 across, one winner each, to be read out."""
    return pressed("deck", _data(slides, sender, "cards"), slides.at)


def list_pdf(slides: Slides, sender: Sender) -> bytes:
    """The sealed result on paper, with its seal and room for signatures."""
    gettext = translations(slides.language).ugettext
    rows = [
        [str(turn), each.title, each.team, each.amount or "–"] for turn, each in enumerate(slides.winners, 1)
    ]
    columns = [
        (gettext("Turn"), True),
        (gettext("Project"), False),
        (gettext("Team"), False),
        (gettext("Amount"), True),
    ]
    paper = Paper(
        language=slides.language,
        call=slides.call,
        title=gettext("Sealed result"),
        state=slides.event,
        mark=_mark(slides),
        signers=[gettext("Sealed by"), gettext("Confirmed by")],
        at=slides.at,
    )
    blocks: list[Block] = [
        Facts([(gettext("Seal"), str(slides.number)), (gettext("This copy"), _mark(slides))]),
        Table("winners", gettext("Winners in the order of the announcement"), columns, rows),
        Note(gettext("The seal (SHA-256), as everybody could see it beforehand:"), slides.sha256),
    ]
    return protocol_pdf(paper, [Chapter("sealed", gettext("What was sealed"), blocks)], sender)


def _mark(slides: Slides) -> str:
    gettext = translations(slides.language).ugettext
    if slides.published:
        words = gettext("The results are public. Copy of {owner}, {when}")
    else:
        words = gettext("Sealed until announced. Copy of {owner}, {when}")
    return words.format(owner=slides.owner, when=formats.moment(slides.language, slides.at))


def _data(slides: Slides, sender: Sender, kind: str) -> dict[str, object]:
    gettext, beside = translations(slides.language).ugettext, translations(BESIDE[slides.language]).ugettext
    total = len(slides.winners)
    return {
        **sender.data(),
        "lang": slides.language,
        "beside": BESIDE[slides.language],
        "title": f"{slides.event}: {slides.call}",
        "kind": kind,
        "event": slides.event,
        "call": slides.call,
        "mark": _mark(slides),
        "sha256": slides.sha256,
        "winners": [
            {
                "title": each.title,
                "team": each.team,
                "lang": each.language,
                "amount": each.amount,
                "turn": f"{turn} / {total}",
            }
            for turn, each in enumerate(slides.winners, 1)
        ],
        "words": {
            **common_words(slides.language),
            "winner": gettext("Winner"),
            "winner_beside": beside("Winner"),
            "winners": gettext("The winners"),
            "winners_beside": beside("The winners"),
            "seal": gettext("Seal of the results (SHA-256)"),
        },
    }

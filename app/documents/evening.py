"""The papers of an evening: one table, or a ballot for each team on a sheet of its own."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from app.documents.press import SECONDS_OF_MANY, pressed
from app.documents.sender import Sender, common_words
from app.messages import translations
from app.messages.catalogue import N_


@dataclass(frozen=True, slots=True)
class Cell:
    """Words in their own language, or a box to tick."""

    words: str
    language: str = ""
    box: bool = False
    ticked: bool = False


@dataclass(frozen=True, slots=True)
class Ballot:
    """One team, and each criterion: its title, the scores, and what those that are described mean."""

    slot: str
    title: str
    team: str
    language: str
    criteria: Sequence[tuple[str, Sequence[str], Sequence[tuple[str, str]]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class EveningPaper:
    """What is said around them."""

    language: str
    call: str
    title: str
    event: str
    lines: Sequence[str]
    at: datetime


BALLOT_WORDS = {
    "juror": N_("Juror"),
    "organisation": N_("Organisation"),
    "tie": N_("I do not score this team: I have a tie with it"),
    "missed": N_("I did not see this pitch"),
    "note": N_("Note"),
    "signature": N_("Signature"),
    "first": N_("Entered by"),
    "second": N_("Checked by"),
    "pitch": N_("Pitch"),
    "nobody": N_("Nobody is on this list."),
}


def evening_pdf(
    paper: EveningPaper,
    sender: Sender,
    *,
    columns: Sequence[tuple[str, bool]] = (),
    rows: Sequence[Sequence[Cell]] = (),
    ballots: Sequence[Ballot] = (),
) -> bytes:
    """Tagged; equal papers make equal bytes."""
    gettext = translations(paper.language).ugettext
    data = {
        **sender.data(),
        "lang": paper.language,
        "title": f"{paper.title}: {paper.event}",
        "running": f"{paper.title} · {paper.event}",
        "foot": f"{sender.brand} · {paper.call}",
        "caption": paper.call,
        "heading": paper.title,
        "event": paper.event,
        "lines": list(paper.lines),
        "columns": [list(each) for each in columns],
        "rows": [
            [
                {"words": each.words, "lang": each.language, "box": each.box, "ticked": each.ticked}
                for each in row
            ]
            for row in rows
        ],
        "ballots": [
            {
                "slot": each.slot,
                "title": each.title,
                "team": each.team,
                "lang": each.language,
                "criteria": [
                    {"title": title, "scores": list(scores), "anchors": [list(said) for said in anchors]}
                    for title, scores, anchors in each.criteria
                ],
            }
            for each in ballots
        ],
        "words": {
            **common_words(paper.language),
            **{name: gettext(words) for name, words in BALLOT_WORDS.items()},
        },
    }
    return pressed("evening", data, paper.at, SECONDS_OF_MANY)

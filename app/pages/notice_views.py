"""Corrections of what was published, in words."""

from dataclasses import dataclass

from app.decisions.results import PublicResults
from app.messages import formats
from app.messages.labels import choices
from app.pages.page import path_to, text_in


@dataclass(frozen=True, slots=True)
class NoticeView:
    """One correction: what it is about (in `lang`, and where that stands), what it says, and when."""

    code: str
    winner: str
    about: str
    lang: str
    href: str
    words: str
    at: str


def notice_views(language: str, results: PublicResults, winner: str = "") -> list[NoticeView]:
    """All corrections of a call, the newest first, or those of one winner, whose own page needs no link."""
    names = {each.slug: (each.title, each.language) for each in (*results.winners, *results.returned)}
    parts = choices(language, "corrected_part")
    views = []
    for each in results.corrections:
        if winner and each.winner != winner:
            continue
        about, lang = names.get(each.winner, (parts[each.part], ""))
        linked = each.winner in names and not winner
        href = path_to(language, "results.winner", call=results.call, slug=each.winner) if linked else ""
        words, at = text_in(language, each.words), formats.moment(language, each.at)
        views.append(NoticeView(each.code, each.winner, about, lang, href, words, at))
    return views

"""The figures of a call in words: one sentence, the funnel, and how it was decided."""

from collections.abc import Iterator
from dataclasses import dataclass

from app.decisions.figures import PublicFigures
from app.decisions.results import PublicResults
from app.messages import formats, translations
from app.messages.labels import choices
from app.pages.page import text_in


@dataclass(frozen=True, slots=True)
class FigureView:
    """One figure: what it is, and how much; `key` names it for a correction."""

    key: str
    words: str
    value: str


def sentence_of(language: str, results: PublicResults) -> str:
    """As "253 applications, 184 eligible, 10 winners, €50,000."; nothing before publication."""
    if results.published_at is None:
        return ""
    return ", ".join(words for _, words in _counted(language, results)) + "."


def _counted(language: str, results: PublicResults) -> Iterator[tuple[str, str]]:
    figures = results.figures
    gettext, ngettext = translations(language).ugettext, translations(language).ungettext

    def counted(words: str, count: int) -> str:
        return words.format(n=formats.number(language, count))

    if results.received is not None and figures is not None:
        many = ngettext("{n} application", "{n} applications", results.received)
        yield "received", counted(many, results.received)
        yield "eligible", counted(gettext("{n} eligible"), figures.eligible)
        yield "scored", counted(gettext("{n} scored by all"), figures.scored)
        if figures.finalists:
            pitched = ngettext("{n} team pitched", "{n} teams pitched", figures.finalists)
            yield "finalists", counted(pitched, figures.finalists)
    won = len(results.winners)
    yield "awarded", counted(ngettext("{n} winner", "{n} winners", won), won)
    if results.committed_minor is not None:
        yield "money", formats.euros(language, results.committed_minor)


def funnel(language: str, results: PublicResults) -> list[FigureView]:
    """How many were left at each step; nothing before publication, and where it was not recorded."""
    words, figures = choices(language, "funnel"), results.figures
    if results.received is None or figures is None:
        return []
    counts = (
        ("received", results.received),
        ("eligible", figures.eligible),
        ("scored", figures.scored),
        *([("finalists", figures.finalists)] if figures.finalists else []),
        ("awarded", len(results.winners)),
    )
    lines = [FigureView(key, words[key], formats.number(language, count)) for key, count in counts]
    if results.committed_minor is not None:
        lines.append(FigureView("money", words["money"], formats.euros(language, results.committed_minor)))
    return lines


@dataclass(frozen=True, slots=True)
class PitchView:
    """How the pitches of a round count, in a sentence, and for whom its jury scored them."""

    words: str
    organisations: str


def pitch_views(language: str, results: PublicResults, *, decided: bool) -> list[PitchView]:
    """One for each round that decides by pitches too; nothing in a call where none does."""
    words = choices(language, "pitch_counts")
    many = len(results.pitches) > 1
    views = []
    for each in results.pitches:
        how = "nobody" if each.counted is False else "decided" if decided else "decides"
        said = words[how].format(pitch=each.weight, written=100 - each.weight)
        if many:
            said = f"{text_in(language, each.name)}: {said}"
        views.append(PitchView(said, ", ".join(text_in(language, name) for name in each.organisations)))
    return views


def _of_juries(results: PublicResults, figures: PublicFigures) -> list[tuple[str, int]]:
    """Nothing where nobody pitched before a jury."""
    if not any(each.counted for each in results.pitches):
        return []
    return [
        ("jurors", sum(each.jurors or 0 for each in results.pitches)),
        ("juror_ties", figures.juror_ties),
    ]


def figures_in_words(language: str, results: PublicResults) -> list[FigureView]:
    """How it was decided, in figures."""
    figures, words = results.figures, choices(language, "figures")
    if figures is None:
        return []
    counts = (
        ("reviews", figures.reviews),
        ("organisations", len(results.organisations)),
        ("ties", figures.ties),
        *_of_juries(results, figures),
        ("broken_ties", figures.broken_ties),
    )
    lines = [FigureView(key, words[key], formats.number(language, count)) for key, count in counts]
    if figures.protocol_at is not None:
        lines.append(FigureView("protocol", words["protocol"], formats.day(language, figures.protocol_at)))
    return lines

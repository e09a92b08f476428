"""How long an answer is meant to be, in words, and how that looks on paper."""

from collections.abc import Callable, Sequence

from app.messages.catalogue import translations


def length_in_words(language: str, guide: tuple[int, int]) -> str:
    """So many words, and how that looks on paper: an A4 page has some four hundred."""
    least, most = guide
    gettext = translations(language).ugettext
    looks = next((words for limit, words in _lengths(gettext) if most <= limit), gettext("about a page"))
    return gettext("{least} to {most} words, {looks}").format(least=least, most=most, looks=looks)


def _lengths(gettext: Callable[[str], str]) -> Sequence[tuple[int, str]]:
    return (
        (40, gettext("two or three sentences")),
        (80, gettext("one short paragraph")),
        (120, gettext("about a quarter of a page")),
        (150, gettext("about a third of a page")),
        (250, gettext("about half a page")),
    )

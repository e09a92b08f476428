"""What a name may end in within a sentence: Russian cases and Kazakh suffixes, as skeletons."""

from collections.abc import Iterator
from functools import cache

from app.leaks.letters import skeleton, skeletons

Stem = tuple[str, frozenset[str]]
"""The beginning that does not change, and what may follow it."""


def _set(words: str) -> frozenset[str]:
    return frozenset({"", *map(skeleton, words.split())})


_RUSSIAN = _set("а у е ы и ю я ом ем ём ой ей ою ею ью ым им ых их ыми ими ам ям ами ями ах ях ов")
_RUSSIAN_VOWEL = frozenset(_RUSSIAN - {""})
_ADJECTIVE = _set("ий ый ой ого его ому ему им ым ом ем ая яя ую юю ою ею ие ые их ых ими ыми ей ию ием")
_AFTER_SOFT_SIGN = _set("ья ьи ью ьей ье") - {""}
_ENGLISH = frozenset({"s"})

_AFTER_VOWEL = _set(
    "ның нің ға ге ны ні да де дан ден мен сы сі лар лер лары лері ларға лерге ларды лерді лардың "
    "лердің дай дей дікі нікі ша ше менен"
)
_AFTER_SOUND = _set(
    "ның нің дың дің ға ге ды ді ны да де дан ден нан нен мен бен ым ім ың ің ы і дар дер лар лер дары дері "
    "ларға лерге дарға дерге ларды лерді дарды дерді лардың лердің дай дей дікі ша ше менен"
)
_AFTER_SILENT = _set(
    "тың тің қа ке ты ті та те тан тен пен бен ым ім ың ің ы і тар тер тары тері тарға терге тарды терді "
    "тардың тердің тай тей тікі ша ше пенен а е"
)
_VOWELS = frozenset("aeiou")
_SOUNDING = frozenset("lmnrz")
_SURNAMES = ("ов", "ев", "ёв", "ин", "ын", "ov", "ev", "in", "yn")


@cache
def stems(word: str) -> tuple[Stem, ...]:
    """Every stem of a name with the endings that it takes; `word` is as it stands in the dictionary."""
    return tuple(stem for whole in skeletons(word) for stem in _stems(word.casefold(), whole))


def _stems(word: str, whole: str) -> Iterator[Stem]:
    kazakh = _kazakh(word, whole)
    if word.endswith(("ий", "ый", "ая", "яя", "iy", "aya")) and len(whole) > 4:
        base = whole.removesuffix("aia") if whole.endswith("aia") else whole.removesuffix("i")
        yield base, (_ADJECTIVE - {""}) | _RUSSIAN_VOWEL | {"ia"}
    elif word.endswith(("а", "я", "a")):
        base = whole.removesuffix("a")
        surname = word.removesuffix("а").removesuffix("a").endswith(_SURNAMES)
        yield base, _RUSSIAN | _kazakh(base, base) if surname else _RUSSIAN_VOWEL
        if word.endswith(("ья", "ya", "ia")):
            yield whole.removesuffix("ia"), _AFTER_SOFT_SIGN
    elif word.endswith(("й", "y")) and whole.endswith("i"):
        yield whole.removesuffix("i"), frozenset({"i", "ia", "u", "em", "e", "iami"})
    else:
        yield whole, _RUSSIAN
    yield whole, kazakh | _ENGLISH


def _kazakh(word: str, whole: str) -> frozenset[str]:
    last = whole[-1:]
    if last in _VOWELS:
        # A final `й` or `у` takes suffixes as a consonant does, though in the skeleton it is a vowel.
        return _AFTER_VOWEL | _AFTER_SOUND if word[-1] in "йуyw" else _AFTER_VOWEL
    return _AFTER_SOUND if last in _SOUNDING else _AFTER_SILENT


def follows(stem: str, rest: str, endings: frozenset[str]) -> bool:
    """Whether `rest` may follow; the skeleton writes once what stood twice where the two meet."""
    return rest in endings or stem[-1] + rest in endings or (stem[-1] == "u" and "i" + rest in endings)

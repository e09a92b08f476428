"""One spelling for all in which a name is written: Kazakh, Russian and Latin letters, look-alikes, accents.

What is compared is a skeleton: sounds that one alphabet or another does not tell apart are one letter in it
(`Айгүл`, `Айгуль`, `Aigul`, `Aygül`, `Aigyul` are all `aigul`). It is coarse on purpose: only words that are
as long as a name, and stand where the few names of one application stand, are ever compared.
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from itertools import product

_CYRILLIC = {
    **dict(zip("абвгдежзийклмнопрстуфхчшщыэю", "abvgdeJziiklmnoprstufkCSSieu", strict=True)),
    **dict(zip("әғқңөұүһіё", "agknouukie", strict=True)),
    "ц": "ts", "я": "ia", "ъ": "", "ь": "",
}  # fmt: skip
_FROM_CYRILLIC = str.maketrans(_CYRILLIC)

_DIGRAPHS = {
    "shch": "S", "sch": "S", "dzh": "J", "tch": "C", "zh": "J", "kh": "k", "gh": "g", "ch": "C", "sh": "S",
    "ye": "e", "yo": "e", "yu": "u", "iu": "u",
}  # fmt: skip
_DIGRAPH = re.compile("|".join(_DIGRAPHS))
_FROM_LATIN = str.maketrans({"c": "k", "h": "k", "j": "J", "q": "k", "w": "u", "x": "ks", "y": "i"})
_J_AS_Y = re.compile("j([aeiou]?)")
_Y = {"a": "ia", "e": "e", "i": "i", "o": "e", "u": "u", "": "i"}
_TWO_WAYS = ("w", "v"), ("x", "kh"), ("ae", "a"), ("oe", "o")
"""Letters that are read in two ways: `Dawlet` and `Walentina`, `Alex` and `Axmet`, `Aegerim` and `Raev`."""

# Letters of other Latin alphabets that are no plain letter with an accent, or another than it looks.
_SPECIAL = str.maketrans(
    {"ş": "sh", "š": "sh", "ç": "ch", "č": "ch", "ž": "zh", "ı": "i", "ə": "a", "ŋ": "n", "ß": "ss", "ø": "o"}
)
_ALIKE_LATIN = "aeopcxyikhmtbəöä"
_ALIKE_CYRILLIC = "аеорсхуікһмтвәөә"
_TO_CYRILLIC = str.maketrans(_ALIKE_LATIN, _ALIKE_CYRILLIC)
_TO_LATIN = str.maketrans("аеорсхуікһмтвәёй", "aeopcxyikhmtbaei")
_ALL_ALIKE = re.compile(f"[{_ALIKE_LATIN}]+")

_INSIDE = re.compile("[^\\w]|[\\d_]")
MOST_CHOICES = 3
"""With more pairs of letters in one word than this, each is read as one sound."""
_TWICE = re.compile(r"(.)\1+")


@lru_cache(maxsize=16_384)
def skeletons(word: str) -> tuple[str, ...]:
    """Each skeleton that a word may have; one of plain Cyrillic letters has exactly one."""
    letters = _INSIDE.sub("", unicodedata.normalize("NFC", word).casefold())
    cyrillic = sum("\u0400" <= letter <= "\u052f" for letter in letters)
    if cyrillic == len(letters):
        return (_even(letters.translate(_FROM_CYRILLIC)),)
    if cyrillic:
        both = (_cyrillic(letters.translate(_TO_CYRILLIC)), *_latin(letters.translate(_TO_LATIN)))
        return tuple(dict.fromkeys(both))
    found = _latin(letters)
    if _ALL_ALIKE.fullmatch(letters):
        found = (*found, _cyrillic(letters.translate(_TO_CYRILLIC)))
    return tuple(dict.fromkeys(found))


def _cyrillic(letters: str) -> str:
    return _even(letters.translate(_FROM_CYRILLIC))


def _latin(letters: str) -> tuple[str, ...]:
    plain = letters.translate(_SPECIAL)
    if not plain.isascii():
        plain = "".join(
            each for each in unicodedata.normalize("NFKD", plain) if not unicodedata.combining(each)
        )
    spelled = [plain]
    if "j" in plain:  # `Janibek` and `Sergej`
        spelled.append(_J_AS_Y.sub(lambda found: _Y[found[1]], plain))
    for said, meant in _TWO_WAYS:
        if said in plain:
            spelled += [each.replace(said, meant) for each in spelled[:8]]
    return tuple(_even(read.translate(_FROM_LATIN)) for each in spelled for read in _read(each))


def _read(letters: str) -> Iterator[str]:
    """With each two letters that may be one sound read as one, or as two (`Askhat`, and `Ashat` too)."""
    found = [*_DIGRAPH.finditer(letters)]
    both = product((True, False), repeat=len(found))
    for chosen in both if len(found) <= MOST_CHOICES else [(True,) * len(found)]:
        read, at = "", 0
        for each, one in zip(found, chosen, strict=True):
            read += letters[at : each.start()] + (_DIGRAPHS[each[0]] if one else each[0])
            at = each.end()
        yield read + letters[at:]


def _even(letters: str) -> str:
    """What is written twice, or with a vowel more in one language than in another, is written once."""
    return _TWICE.sub(r"\1", _evened(letters))


def _evened(letters: str) -> str:
    return letters.replace("dJ", "J").replace("ng", "n").replace("ui", "u").replace("ander", "andr")


def skeleton(word: str) -> str:
    """The first of them, for words of our own that have no other."""
    return skeletons(word)[0]

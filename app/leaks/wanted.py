"""What is looked for: the secrets of one application, put so that a word of a text is looked up at once."""

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import IntEnum

from app.leaks.contacts import spelled_digits
from app.leaks.endings import Stem, follows, stems
from app.leaks.kinds import Kind
from app.leaks.letters import skeleton, skeletons
from app.leaks.organisations import acronym, cores
from app.leaks.secrets import Secrets
from app.leaks.tokens import PART, WORD
from app.leaks.vocabulary import ANYBODY, GENERIC, NEVER, NO_STREET

SHORT = 4
"""A name of fewer letters is found only as it is written."""
LONGEST = 60
"""No name is longer than this; what is, is no word."""
_DIGITS = re.compile(r"[^0-9]")
_MIXED = re.compile(r"[^\W\d_]\d")
_SITE = re.compile(r"^(?:https?://)?(?:www\.)?")


class Shape(IntEnum):
    """How the words of a secret are read: any of a person's names, all of a phrase, street and house."""

    PERSON = 0
    PHRASE = 1
    ADDRESS = 2


@dataclass(frozen=True, slots=True)
class Secret:
    """One secret. `common`: its words alone may mean something else, so that more than they must show it."""

    kind: Kind
    shape: Shape
    words: tuple[str, ...]
    common: bool = False


@dataclass(frozen=True, slots=True)
class Part:
    """One word of one secret: the secret's number, and which word of it."""

    secret: int
    place: int


@dataclass
class Wanted:
    """All secrets, their words by stem, and patterns for what is no word: `numbers` and other `patterns`."""

    secrets: list[Secret] = field(default_factory=list)
    acronyms: dict[str, Kind] = field(default_factory=dict)
    patterns: list[tuple[Kind, re.Pattern[str]]] = field(default_factory=list)
    numbers: list[tuple[Kind, re.Pattern[str]]] = field(default_factory=list)
    _stems: dict[str, list[tuple[Stem, Part]]] = field(default_factory=lambda: defaultdict(list))
    _exact: dict[str, list[Part]] = field(default_factory=lambda: defaultdict(list))
    _known: dict[str, tuple[Part, ...]] = field(default_factory=dict)
    _lengths: tuple[int, ...] = ()
    _begins: frozenset[str] = frozenset()

    @classmethod
    def of(cls, known: Secrets) -> "Wanted":
        """Everything that is looked for."""
        wanted = cls()
        for kind, name in known.people:
            wanted._person(kind, name)
        for name in known.called:
            wanted._called(name)
        for name in known.organisations:
            wanted._organisation(name)
        for address in known.addresses:
            wanted._address(address)
        wanted._numbers(known)
        wanted._brands(known)
        wanted._lengths = tuple(sorted({len(stem) for stem in wanted._stems}, reverse=True))
        wanted._begins = frozenset(stem[:2] for stem in wanted._stems)
        return wanted

    def parts(self, said: str) -> tuple[Part, ...]:
        """What a word may be a part of. Each word of a text is looked up once."""
        if len(said) > LONGEST:
            return ()
        low = said.casefold()
        known = self._known.get(low)
        if known is None:
            known = self._known[low] = self._looked_up(low)
        return known

    def _looked_up(self, low: str) -> tuple[Part, ...]:
        found = [*self._exact.get(low, ())]
        if low[0].isalpha() and low not in NEVER:
            for whole in skeletons(low):
                if whole[:2] in self._begins:
                    found += self._begun(whole)
        return tuple(dict.fromkeys(found)) if found else ()

    def _begun(self, whole: str) -> Iterator[Part]:
        for length in self._lengths:
            if length <= len(whole):
                for (stem, endings), part in self._stems.get(whole[:length], ()):
                    if follows(stem, whole[length:], endings):
                        yield part

    # ------------------------------------------------------------ what makes it

    def _add(self, secret: Secret) -> int:
        self.secrets.append(secret)
        return len(self.secrets) - 1

    def _person(self, kind: Kind, name: str) -> None:
        said = [(word, *PART.findall(word)) for word in WORD.findall(name)]
        words = tuple(dict.fromkeys(each for both in said for each in both))
        number = self._add(Secret(kind, Shape.PERSON, words))
        for place, word in enumerate(words):
            self._word(word, Part(number, place), least=SHORT)
        for father in filter(None, map(_father, words)):
            self._phrase(kind, father)

    def _called(self, name: str) -> None:
        """How somebody is called: all of its words together, or as a name where it is one word."""
        words = tuple(WORD.findall(name))
        if len(words) == 1:
            self._person(Kind.OWN_NAME, name)
        elif words:
            self._phrase(Kind.OWN_NAME, words)

    def _organisation(self, name: str) -> None:
        for words in cores(name):
            self._phrase(Kind.ORGANISATION, words)
            for word in words:
                if _MIXED.search(word):  # `Zhastar4city` is no word of any language
                    self.patterns.append(
                        (
                            Kind.ORGANISATION,
                            re.compile(rf"(?<!\w){re.escape(word)}(?!\w)", re.IGNORECASE),
                        )
                    )
            if 1 < len(words) < 4:
                self._add_phrase(Kind.ORGANISATION, ("".join(words),), common=False)
            short = acronym(words)
            if short:
                self.acronyms.update(dict.fromkeys((short, _in_latin(words)), Kind.ORGANISATION))

    def _phrase(self, kind: Kind, words: tuple[str, ...]) -> None:
        common = len(words) == 1 or all(skeleton(word) in GENERIC for word in words)
        self._add_phrase(kind, words, common=common)

    def _add_phrase(self, kind: Kind, words: tuple[str, ...], *, common: bool) -> None:
        number = self._add(Secret(kind, Shape.PHRASE, words, common))
        for place, word in enumerate(words):
            self._word(word, Part(number, place), least=2)

    def _address(self, address: str) -> None:
        """A street with the number of the house: neither alone says where."""
        said = PART.findall(address)
        houses = [each for each in said if each[0].isdigit() and len(each) < 6]
        streets = [each for each in said if len(each) >= SHORT and skeleton(each) not in NO_STREET]
        for house in houses[:2]:
            for street in streets[:4]:
                number = self._add(Secret(Kind.ADDRESS, Shape.ADDRESS, (street, house)))
                self._word(street, Part(number, 0), least=SHORT)
                self._exact[house.casefold()].append(Part(number, 1))

    def _word(self, word: str, part: Part, *, least: int) -> None:
        short = len(word) < least or len(skeleton(word)) < 3
        if short or word[0].isdigit() or word.casefold() in NEVER:
            self._exact[word.casefold()].append(part)
            return
        for stem in stems(word):
            if len(stem[0]) > 2:
                self._stems[stem[0]].append((stem, part))

    def _numbers(self, known: Secrets) -> None:
        for phone in known.phones:
            self._digits(Kind.PHONE, phone, r"(?<!\d)(?:(?:\+\s?)?[78][\s\-–—‑().]{0,3})?", 10)
            self._digits(Kind.PHONE, phone, r"(?<!\d)", 7)
        for number in known.numbers:
            self._digits(Kind.BIN, number, r"(?<!\d)", 12)

    def _digits(self, kind: Kind, number: str, before: str, most: int) -> None:
        digits = _DIGITS.sub("", number)[-most:]
        if len(digits) >= 7:
            self.numbers.append((kind, re.compile(before + spelled_digits(digits))))

    def _brands(self, known: Secrets) -> None:
        """What stands before the @ of an address, or names a site, is how somebody is found elsewhere too."""
        brands = {address.partition("@")[0].lower() for address in known.emails}
        for site in known.websites:
            host, _, path = _SITE.sub("", site.strip().lower()).partition("/")
            brands |= {host.partition(".")[0], path.strip("/@").rpartition("/")[2]}
        wanted = sorted(each for each in brands if len(each) > SHORT and each not in ANYBODY)
        if wanted:
            said = "|".join(map(re.escape, wanted))
            self.patterns.append(
                (Kind.HANDLE, re.compile(rf"(?<![\w@.\-])(?:{said})(?![\w\-])", re.IGNORECASE))
            )


def _father(word: str) -> tuple[str, ...]:
    """`Серікұлы` may be written as two words."""
    for ending in ("ұлы", "улы", "қызы", "кызы", "uly", "kyzy", "qyzy", "kizi"):
        if word.casefold().endswith(ending) and len(word) > len(ending) + 2:
            return word[: -len(ending)], word[-len(ending) :]
    return ()


def _in_latin(words: tuple[str, ...]) -> str:
    """The acronym in Latin letters, where each of its letters has one."""
    return "".join(skeleton(word)[:1].upper() for word in words if len(word) > 2)

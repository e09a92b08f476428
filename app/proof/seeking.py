"""Looking for the secrets of all applicants in one text: pure, and as long as the text, not as the list.

A text about one application is searched as thoroughly as its applicant's own words were when they were
sent: in every ending and alphabet. In every text the addresses, numbers and whole names of all are sought.
"""

import html
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from app.leaks.finder import Finder
from app.leaks.kinds import Kind
from app.proof.known import Known

_TAG = re.compile(r"<(?:script|style)\b.*?</(?:script|style)>|<[^>]*>", re.DOTALL | re.IGNORECASE)
_EMAIL = re.compile(r"[\w.+-]+@[\w.-]+\w")
_NUMBER = re.compile(r"\+?\d(?:[\s().‑–—-]{0,3}\d){8,14}")
_WORD = re.compile(r"\w+")
_DIGITS = re.compile(r"\D")
OF_CONTACTS = {Kind.EMAIL, Kind.PHONE, Kind.LINK}
"""The finder reports every way to reach anybody; here only applicants' own count."""
PHONE_DIGITS, BIN_DIGITS = 10, 12


@dataclass(frozen=True, slots=True, order=True)
class Find:
    """A secret of one application that stands in a text. `sure`: it can hardly be anything else."""

    ref: str
    kind: Kind
    sure: bool


class Seeker:
    """Made once from what is known, asked for each text."""

    def __init__(self, known: Iterable[Known]) -> None:
        self._known = {each.code: each for each in known}
        self._finders: dict[str, Finder] = {}
        self._emails: dict[str, set[str]] = defaultdict(set)
        self._numbers: dict[str, set[tuple[str, Kind]]] = defaultdict(set)
        self._names: dict[tuple[str, ...], set[tuple[str, Kind]]] = defaultdict(set)
        self._first: dict[str, set[int]] = defaultdict(set)
        for each in self._known.values():
            self._add(each)

    def _add(self, each: Known) -> None:
        secrets = each.secrets
        for email in secrets.emails:
            self._emails[email.casefold()].add(each.ref)
        for phone in secrets.phones:
            self._numbers[_DIGITS.sub("", phone)[-PHONE_DIGITS:]].add((each.ref, Kind.PHONE))
        for number in secrets.numbers:
            self._numbers[_DIGITS.sub("", number)].add((each.ref, Kind.BIN))
        for kind, name in secrets.people:
            self._called(each.ref, kind, _words(name))
            self._called(each.ref, kind, _words(name)[::-1])
        for organisation in secrets.organisations:
            self._called(each.ref, Kind.ORGANISATION, _words(organisation))

    def _called(self, ref: str, kind: Kind, words: tuple[str, ...]) -> None:
        """One word alone may be anybody's."""
        if len(words) > 1:
            self._names[words].add((ref, kind))
            self._first[words[0]].add(len(words))

    def finds(self, text: str, about: str = "") -> set[Find]:
        """What stands in a text; `about` is the code of the application that it is about, or empty."""
        plain = html.unescape(text)
        found = {*self._everybodys(plain)}
        if about in self._known:
            found |= {*self._own(html.unescape(_TAG.sub("\n", text)), self._known[about])}
        return found

    def _everybodys(self, text: str) -> Iterator[Find]:
        for email in _EMAIL.finditer(text):
            yield from (Find(ref, Kind.EMAIL, sure=True) for ref in self._emails.get(email[0].casefold(), ()))
        for number in _NUMBER.finditer(text):
            digits = _DIGITS.sub("", number[0])
            for wanted in {digits[-PHONE_DIGITS:], digits}:
                yield from (Find(ref, kind, sure=True) for ref, kind in self._numbers.get(wanted, ()))
        yield from self._named(_words(text))

    def _named(self, words: tuple[str, ...]) -> Iterator[Find]:
        for place, word in enumerate(words):
            for length in self._first.get(word, ()):
                named = self._names.get(words[place : place + length], ())
                yield from (Find(ref, kind, sure=True) for ref, kind in named)

    def _own(self, text: str, known: Known) -> Iterator[Find]:
        finder = self._finders.get(known.code)
        if finder is None:
            finder = self._finders[known.code] = Finder(known.secrets)
        for hit in finder.hits(text, links=False):
            if hit.kind not in OF_CONTACTS:
                yield Find(known.ref, hit.kind, hit.sure)


def _words(text: str) -> tuple[str, ...]:
    return tuple(_WORD.findall(text.casefold()))


def added(before: Mapping[str, int], finds: Iterable[Find], place: str, of: str = "") -> dict[str, int]:
    """How often each secret was found at each place, so far; `of` is the code of the application in whose
    text it stands, which need not be the one whose secret it is."""
    counts = dict(before)
    for each in finds:
        name = "|".join((each.ref, each.kind, place, "sure" if each.sure else "perhaps", of))
        counts[name] = counts.get(name, 0) + 1
    return counts

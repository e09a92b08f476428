"""The finder: made once from the secrets of an application, asked for each of its texts.

Words are compared by their skeletons (`letters.py`) with the endings that a name takes (`endings.py`); what
stands beside each other and belongs to one person is one finding. Nothing here is quadratic.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from app.leaks.contacts import contacts_in, may_hold_numbers
from app.leaks.kinds import Hit, Kind
from app.leaks.letters import skeletons
from app.leaks.organisations import FORM_NEAR
from app.leaks.secrets import Secrets
from app.leaks.tokens import PART, TOKEN
from app.leaks.vocabulary import COMMON, is_surname
from app.leaks.wanted import SHORT, Part, Secret, Shape, Wanted

_APART = "\n\0\n"
"""Between texts: nothing that is looked for goes across it, and each text begins and ends as if alone."""
MOST_GAP, MOST_GAP_TO_HOUSE = 6, 15
"""How far apart two words of one name may stand (spaces, a line break, quotes), and street and house."""
_SPACE = re.compile(r"[\s«»“”„\"'’()\-‐‑–—№]*\Z")
_CAPITAL = "[A-ZА-ЯЁӘҒҚҢӨҰҮҺІ]"
_INITIALS = re.compile(rf"(?<!\w)(?:{_CAPITAL}\.[ \u00a0]?){{1,2}}\Z")
_INITIALS_AFTER = re.compile(rf"[ \u00a0](?:{_CAPITAL}\.[ \u00a0]?){{1,2}}")
_STARTS = frozenset(".!?…:;\n•*–—-|/")
_BEFORE = frozenset(" \t\u00a0«“„\"'(")
_OPEN_QUOTES = frozenset("«“„\"'")


@dataclass(slots=True)
class _Word:
    """One word of a text, and what it may be a part of."""

    start: int
    end: int
    text: str
    parts: tuple[Part, ...]


class Finder:
    """Looks for the secrets of one application, and for every way to reach anybody."""

    def __init__(self, secrets: Secrets) -> None:
        self._wanted = Wanted.of(secrets)
        self._all = self._wanted.secrets

    def hits(self, text: str, *, links: bool = True) -> list[Hit]:
        """What a text gives away, in order and without overlaps. `links`: see `contacts_in`."""
        return self.hits_in([(text, links)])[0]

    def hits_in(self, texts: Sequence[tuple[str, bool]]) -> list[list[Hit]]:
        """The same of each of several texts with its `links`.

        All are looked at together first, each word once: most have nothing that a closer look is for.
        """
        whole = _APART.join(text for text, _ in texts)
        reached = {
            links
            for links in (True, False)
            if any(contacts_in(_APART.join(text for text, its in texts if its is links), links=links))
        }
        matched = any(self._matched(whole))
        telling = [said for said in set(TOKEN.findall(whole)) if self._tells(said)]
        found = []
        for text, links in texts:
            hits = [*contacts_in(text, links=links)] if links in reached else []
            if matched:
                hits += self._matched(text)
            if any(said in text for said in telling):
                hits += self._named(text, self._words(text))
            found.append(_apart(hits) if hits else hits)
        return found

    def _tells(self, said: str) -> bool:
        """Whether a word, or one of a compound's, may be part of a secret."""
        if self._wanted.parts(said) or said in self._wanted.acronyms:
            return True
        return not said.isalnum() and any(self._wanted.parts(each) for each in PART.findall(said))

    def _matched(self, text: str) -> Iterator[Hit]:
        numbers = self._wanted.numbers if may_hold_numbers(text) else []
        for kind, pattern in [*self._wanted.patterns, *numbers]:
            for found in pattern.finditer(text):
                yield Hit(found.start(), found.end(), kind)

    def _words(self, text: str) -> list[_Word]:
        """The words of a text that may be part of a secret."""
        words = []
        for found in TOKEN.finditer(text):
            said = found[0]
            parts = self._wanted.parts(said)
            if parts or (said in self._wanted.acronyms and said.isupper()):
                words.append(_Word(found.start(), found.end(), said, parts))
            elif not said.isalnum():
                words += self._joined(found)
        return words

    def _joined(self, found: re.Match[str]) -> Iterator[_Word]:
        """The words of a compound one by one."""
        for each in PART.finditer(found[0]):
            parts = self._wanted.parts(each[0])
            if parts:
                yield _Word(found.start() + each.start(), found.start() + each.end(), each[0], parts)

    def _named(self, text: str, words: Sequence[_Word]) -> Iterator[Hit]:
        for word in words:
            if word.text in self._wanted.acronyms:
                yield Hit(word.start, word.end, self._wanted.acronyms[word.text])
        yield from self._people(text, words)
        yield from self._phrases(text, words)

    def _people(self, text: str, words: Sequence[_Word]) -> Iterator[Hit]:
        before: tuple[Hit, set[Part]] | None = None
        for word in words:
            numbers = {part.secret for part in word.parts if self._all[part.secret].shape is Shape.PERSON}
            hit = self._name(text, word, numbers) if numbers else None
            if hit is None:
                continue
            if before and _goes_on(text, before, hit, set(word.parts)):
                hit = Hit(before[0].start, hit.end, hit.kind, sure=True)
                before = (hit, before[1] | set(word.parts))
                continue
            if before:
                yield before[0]
            before = (hit, set(word.parts))
        if before:
            yield before[0]

    def _name(self, text: str, word: _Word, numbers: set[int]) -> Hit | None:
        short = len(PART.findall(word.text)[0]) < SHORT and word.text.isalpha()
        if short and not word.text[0].isupper():
            return None
        own = any(self._all[each].kind is Kind.OWN_NAME for each in numbers)
        kind = Kind.OWN_NAME if own else Kind.TEAM_NAME
        start, end = word.start, word.end
        initials = _INITIALS.search(text[max(0, start - 8) : start])
        if initials:
            start -= len(initials[0])
        after = _INITIALS_AFTER.match(text, end)
        if after:
            end += len(after[0].rstrip())
        return Hit(start, end, kind, bool(initials or after) or self._sure(text, word, numbers, short=short))

    def _sure(self, text: str, word: _Word, numbers: Iterable[int], *, short: bool) -> bool:
        if is_surname(word.text):
            return True
        if not word.text[0].isupper():
            return False
        names = {self._all[part.secret].words[part.place] for part in word.parts if part.secret in numbers}
        common = short or any(set(skeletons(name)) & COMMON for name in names)
        return not (common and (_at_start(text, word.start) or word.text.isupper()))

    def _phrases(self, text: str, words: Sequence[_Word]) -> Iterator[Hit]:
        for index, word in enumerate(words):
            for part in word.parts:
                secret = self._all[part.secret]
                if part.place or secret.shape is Shape.PERSON:
                    continue
                last = self._rest(text, words, index, part.secret, secret)
                if last is not None:
                    hit = self._phrase_hit(text, secret, word, last)
                    if hit:
                        yield hit

    def _rest(
        self, text: str, words: Sequence[_Word], index: int, number: int, secret: Secret
    ) -> _Word | None:
        """The last word of a phrase that begins here, or None where it does not go on as it should."""
        last = words[index]
        gap = MOST_GAP_TO_HOUSE if secret.shape is Shape.ADDRESS else MOST_GAP
        for place in range(1, len(secret.words)):
            wanted = Part(number, place)
            following = next(
                (
                    each
                    for each in words[index + 1 : index + 4]
                    if each.start - last.end <= gap and each.start >= last.end and wanted in each.parts
                ),
                None,
            )
            if following is None or not _goes_with(text, secret, last, following):
                return None
            last, index = following, words.index(following, index)
        return last

    def _phrase_hit(self, text: str, secret: Secret, first: _Word, last: _Word) -> Hit | None:
        quoted = text[first.start - 1 : first.start] in _OPEN_QUOTES and first.start > 0
        capital = first.text[0].isupper() and not _at_start(text, first.start)
        if secret.shape is Shape.ADDRESS or not secret.common:
            # Two common words can begin a sentence by chance; three, or how somebody is called, can hardly.
            several = len(secret.words) > 2 or secret.kind is not Kind.ORGANISATION
            sure = quoted or capital or secret.shape is Shape.ADDRESS
            return Hit(first.start, last.end, secret.kind, sure or (several and first.text[0].isupper()))
        near = _beside_form(text, first.start, last.end)
        if first.text.islower() and not (quoted or near or first.text.isascii()):
            return None
        return Hit(first.start, last.end, secret.kind, quoted or near or capital)


def _goes_on(text: str, before: tuple[Hit, set[Part]], hit: Hit, parts: set[Part]) -> bool:
    """Whether this is another word of the same person's name, right after the first."""
    same = {part.secret for part in before[1]} & {part.secret for part in parts}
    between = text[before[0].end : hit.start]
    return bool(same and not before[1] & parts and len(between) <= 2 and not between.strip(" \u00a0\n-"))


def _goes_with(text: str, secret: Secret, word: _Word, following: _Word) -> bool:
    """Between the words of a phrase stands nothing, between a street and its house no other number."""
    if secret.shape is Shape.PHRASE:
        return _close(text, word.end, following.start)
    return not any(letter.isdigit() for letter in text[word.end : following.start])


def _close(text: str, end: int, start: int) -> bool:
    return 0 <= start - end <= MOST_GAP and bool(_SPACE.match(text[end:start]))


def _at_start(text: str, place: int) -> bool:
    """Whether a sentence begins here, so that a capital letter says nothing."""
    while place and text[place - 1] in _BEFORE:
        place -= 1
    return not place or text[place - 1] in _STARTS


def _beside_form(text: str, start: int, end: int) -> bool:
    return bool(
        FORM_NEAR.search(text[max(0, start - 16) : start].rpartition(".")[2])
        or FORM_NEAR.search(text[end : end + 14].partition(".")[0])
    )


def _apart(hits: Iterable[Hit]) -> list[Hit]:
    """Of those that overlap the first and longest; what is one thing is said once."""
    kept: list[Hit] = []
    for hit in sorted(set(hits), key=lambda each: (each.start, -each.end, not each.sure)):
        if not kept or hit.start >= kept[-1].end:
            kept.append(hit)
    return kept

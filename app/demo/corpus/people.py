"""Invented applicants: who they are, never what they propose.

Every person, organisation, address and number is made up. E-mails end in a domain reserved for
examples, phones begin with +7 700 000, streets are called "Example", and BINs carry a registration
year in which no legal entity could exist.
"""

from __future__ import annotations

import json
import re
from bisect import bisect_left
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import TypeVar

from app.demo.corpus.ideas import Row, Section, row_id, stable_number

KINDS = ("person", "group", "ngo", "company", "public_body")
ORGANISATIONS = ("ngo", "company", "public_body")
PARTNERS = ("BC", "AKIM", "ADC", "KBTU")
BIN_YEAR = "60"
"""First two digits of every BIN here: 1960 or 2060, so no real organisation can carry it."""

_DOMAINS = ("example.org", "example.com", "example.net")
_SHARES = (("person", 19), ("group", 37), ("ngo", 35), ("company", 6), ("public_body", 3))
_TEAM_SIZES = {"person": (0, 2), "group": (2, 5), "ngo": (2, 4), "company": (1, 3), "public_body": (1, 3)}
_WORD = re.compile(r"[^\W\d_]+")
_Choice = TypeVar("_Choice")

_LISTS = json.loads((Path(__file__).parent / "people.json").read_text(encoding="utf-8"))
_PEOPLE: dict[str, list[str]] = _LISTS["people"]
_ORGANISATION_NAMES: dict[str, list[list[str]]] = _LISTS["organisations"]
"""Two words make a name; each word in Kazakh, as Russian spells it, and in Latin letters."""

_LEGAL_FORMS: dict[str, dict[str, tuple[str, ...]]] = {
    "ngo": {
        "kk": ("Қоғамдық қор", "Қоғамдық бірлестік", "Жеке қор"),
        "ru": ("Общественный фонд", "Общественное объединение", "Частный фонд"),
        "en": ("Public foundation", "Public association", "Private foundation"),
    },
    "company": {
        "kk": ("ЖШС", "Жеке кәсіпкер"),
        "ru": ("ТОО", "Индивидуальный предприниматель"),
        "en": ("LLP", "Individual entrepreneur"),
    },
    "public_body": {
        "kk": ("Коммуналдық мемлекеттік мекеме",),
        "ru": ("Коммунальное государственное учреждение",),
        "en": ("Municipal state institution",),
    },
}
_DISTRICT_NAMES = {
    "alatau": ("Алатау", "Алатауский", "Alatau"),
    "almaly": ("Алмалы", "Алмалинский", "Almaly"),
    "auezov": ("Әуезов", "Ауэзовский", "Auezov"),
    "bostandyk": ("Бостандық", "Бостандыкский", "Bostandyk"),
    "zhetysu": ("Жетісу", "Жетысуский", "Zhetysu"),
    "medeu": ("Медеу", "Медеуский", "Medeu"),
    "nauryzbay": ("Наурызбай", "Наурызбайский", "Nauryzbay"),
    "turksib": ("Түрксіб", "Турксибский", "Turksib"),
}
_ROLES = {
    "kk": ("үйлестіруші", "есепші", "еріктілер жетекшісі", "дизайнер", "тәлімгер", "сатып алушы", "фотограф"),
    "ru": ("координатор", "бухгалтер", "ведёт волонтёров", "дизайнер", "наставник", "закупки", "фотограф"),
    "en": ("coordinator", "bookkeeper", "volunteers", "designer", "mentor", "purchasing", "photographer"),
}
_ACCESS_NEEDS = ("step_free", "sign_language", "large_print")
_TIMES = ("", "any", "any", "morning", "day", "evening")
_LINK_NOTES = {
    "kk": ("Бір мүшеміз сонда сабақ береді", "Бұрын бір шараны бірге өткіздік", "Туысымыз сонда істейді"),
    "ru": ("Один из нас там преподаёт", "Раньше проводили вместе одну встречу", "Родственник там работает"),
    "en": ("One of us teaches there", "We once ran an event together", "A relative works there"),
}
_LATIN_LETTERS = (
    *("a", "b", "v", "g", "d", "e", "yo", "zh", "z", "i", "y", "k", "l", "m", "n", "o", "p", "r", "s", "t"),
    *("u", "f", "kh", "ts", "ch", "sh", "sch", "", "y", "", "e", "yu", "ya"),
    *("a", "g", "k", "n", "o", "u", "u", "h", "i"),
)
_LATIN = dict(
    zip(
        "абвгдеёжзийклмнопрстуфхцчшщъыьэюяәғқңөұүһі",
        _LATIN_LETTERS,
        strict=True,
    )
)


def bin_check_digit(first: str) -> int | None:
    """The twelfth digit for eleven digits of a BIN (or IIN); None when no valid number begins so."""
    digits = [int(digit) for digit in first]
    if len(digits) != 11:
        raise ValueError(f"expected eleven digits, got {first!r}")
    for weights in (range(1, 12), (3, 4, 5, 6, 7, 8, 9, 10, 11, 1, 2)):
        check = sum(digit * weight for digit, weight in zip(digits, weights, strict=True)) % 11
        if check < 10:
            return check
    return None


@dataclass(frozen=True)
class _Person:
    family: str
    given: str
    patronymic: str

    @property
    def parts(self) -> tuple[str, ...]:
        return (self.family, self.given, self.patronymic)

    @property
    def shown(self) -> str:
        return f"{self.given} {self.family}"


@dataclass
class Registry:
    """Hands out applicants, each person, e-mail, phone and organisation once."""

    _taken: set[str] = field(default_factory=set)

    def applicant(
        self, key: str, language: str, district: str, kinds: Sequence[str], answer_words: Sequence[str]
    ) -> Section:
        """The ``team`` section of the proposal ``key``.

        ``kinds`` narrows the kind of applicant (empty: any); none of the names given begins a word of
        ``answer_words`` (casefolded, sorted), so that a name never stands in an answer.
        """
        random = Random(stable_number("applicant", key))
        kind = _kind(key, kinds)
        contact = self._person(random, language, answer_words)
        size = random.randint(*_TEAM_SIZES[kind])
        team = [self._person(random, language, answer_words) for _ in range(size)]
        links = random.sample(PARTNERS, 1) if random.random() < 0.12 else []
        return {
            "applicant_kind": kind,
            "family_name": contact.family,
            "given_name": contact.given,
            "patronymic": contact.patronymic,
            "stage_name": contact.shown if random.random() < 0.4 else "",
            "email": self._email(random, contact),
            "phone": self._phone(random),
            "contact_way": random.choices(("phone", "message", "email", "text_only"), (40, 35, 21, 4))[0],
            "contact_time": Random(stable_number("time of day", key)).choice(_TIMES),
            "contact_language": language,
            "access_kinds": [random.choice(_ACCESS_NEEDS)] if random.random() < 0.07 else [],
            "access_needs": "",
            **self._organisation(random, kind, language, district, answer_words),
            "members": self._members(random, key, language, team),
            "partner_links": links,
            "partner_links_note": random.choice(_LINK_NOTES[language]) if links else "",
        }

    def _members(self, random: Random, key: str, language: str, team: Sequence[_Person]) -> list[Row]:
        roles = random.sample(_ROLES[language], len(team))
        return [
            {
                "id": row_id(key, "members", index),
                "name": person.shown,
                "role": role,
                "email": self._email(random, person) if random.random() < 0.5 else "",
            }
            for index, (person, role) in enumerate(zip(team, roles, strict=True))
        ]

    def _person(self, random: Random, language: str, answer_words: Sequence[str]) -> _Person:
        def acceptable(person: _Person) -> bool:
            return not any(_occurs(part, answer_words) for part in person.parts)

        return self._new(lambda: _person(random, language), acceptable, lambda person: " ".join(person.parts))

    def _email(self, random: Random, person: _Person) -> str:
        name = f"{_latin(person.given)}.{_latin(person.family)}"

        def address() -> str:
            number = random.choice(("", str(random.randint(2, 99))))
            return f"{name}{number}@{random.choice(_DOMAINS)}"

        return self._new(address)

    def _phone(self, random: Random) -> str:
        return self._new(lambda: f"+7 700 000 {random.randint(0, 99):02d} {random.randint(0, 99):02d}")

    def _organisation(
        self, random: Random, kind: str, language: str, district: str, answer_words: Sequence[str]
    ) -> Section:
        fields = ("organisation_name_kk", "organisation_name_ru", "legal_form", "bin", "address", "website")
        if kind not in ORGANISATIONS:
            return dict.fromkeys(fields, "")

        def two_words() -> tuple[list[str], list[str]]:
            return random.choice(_ORGANISATION_NAMES["first"]), random.choice(_ORGANISATION_NAMES["second"])

        def acceptable(choice: tuple[list[str], list[str]]) -> bool:
            return not any(_occurs(spelling, answer_words) for word in choice for spelling in word)

        first, second = self._new(two_words, acceptable)
        form = random.randrange(len(_LEGAL_FORMS[kind]["ru"]))
        site = f"https://{_latin(first[2])}-{_latin(second[2])}.{random.choice(_DOMAINS)}"
        return {
            "organisation_name_kk": f"«{first[0]} {second[0].casefold()}» {_LEGAL_FORMS[kind]['kk'][form]}",
            "organisation_name_ru": f"{_LEGAL_FORMS[kind]['ru'][form]} «{first[1]} {second[1].casefold()}»",
            "legal_form": _LEGAL_FORMS[kind][language][form],
            "bin": self._new(lambda: _bin(random)),
            "address": _address(random, language, district),
            "website": site if random.random() < 0.5 else "",
        }

    def _new(
        self,
        make: Callable[[], _Choice],
        acceptable: Callable[[_Choice], bool] = lambda choice: True,
        name: Callable[[_Choice], str] = str,
    ) -> _Choice:
        for choice in (make() for _ in range(5000)):
            if name(choice) not in self._taken and acceptable(choice):
                self._taken.add(name(choice))
                return choice
        raise RuntimeError("the lists of invented names are too short for so many applicants")


def words(text: str) -> set[str]:
    """The casefolded words of a text, letters only."""
    return {word.casefold() for word in _WORD.findall(text)}


def _occurs(name: str, answer_words: Sequence[str]) -> bool:
    return any(_begins_one(_stem(word), answer_words) for word in words(name))


def _begins_one(stem: str, answer_words: Sequence[str]) -> bool:
    place = bisect_left(answer_words, stem)
    return place < len(answer_words) and answer_words[place].startswith(stem)


def _stem(word: str) -> str:
    return word[:-1] if len(word) > 3 and word[-1] in "аяьйуыиеёeaiyәіү" else word


def _kind(key: str, kinds: Sequence[str]) -> str:
    shares = [(kind, share) for kind, share in _SHARES if not kinds or kind in kinds]
    rest = stable_number("kind", key) % sum(share for _, share in shares)
    for kind, share in shares:
        rest -= share
        if rest < 0:
            return kind
    raise AssertionError("unreachable: the rest is smaller than the sum of shares")


def _person(random: Random, language: str) -> _Person:
    female = random.random() < 0.56
    if language == "kk":
        return _kazakh(random, female)
    if language == "en":
        return _english(random, female)
    return _russian_spelling(random, female) if random.random() < 0.58 else _russian(random, female)


def _kazakh(random: Random, female: bool) -> _Person:
    given = random.choice(_PEOPLE["kk_female" if female else "kk_male"])
    family = random.choice(
        (random.choice(_PEOPLE["kk_bare"]), _gendered(random.choice(_PEOPLE["kk_ov"]), female))
    )
    father = random.choice(_PEOPLE["kk_fathers"]) + ("қызы" if female else "ұлы")
    return _Person(family, given, father if random.random() < 0.75 else "")


def _english(random: Random, female: bool) -> _Person:
    given = random.choice(_PEOPLE["en_female" if female else "en_male"])
    if random.random() < 0.6:
        return _Person(random.choice(_PEOPLE["en_family"]) + ("a" if female else ""), given, "")
    return _Person(random.choice(_PEOPLE["en_abroad"]), given, "")


def _russian_spelling(random: Random, female: bool) -> _Person:
    given = random.choice(_PEOPLE["ru_kz_female" if female else "ru_kz_male"])
    family = _gendered(random.choice(_PEOPLE["ru_kz_ov"]), female)
    father = random.choice(_PEOPLE["ru_kz_fathers"]) + ("овна" if female else "ович")
    return _Person(family, given, father if random.random() < 0.8 else "")


def _russian(random: Random, female: bool) -> _Person:
    given = random.choice(_PEOPLE["ru_female" if female else "ru_male"])
    family = random.choice(_PEOPLE["ru_ov" if random.random() < 0.7 else "ru_other"])
    father = random.choice(_PEOPLE["ru_fathers"])
    father = father.removesuffix("ич") + "на" if female else father
    return _Person(_gendered(family, female), given, father if random.random() < 0.85 else "")


def _gendered(family: str, female: bool) -> str:
    return family + "а" if female and family.endswith(("ов", "ев", "ин")) else family


def _bin(random: Random) -> str:
    while True:
        first = f"{BIN_YEAR}{random.randint(1, 12):02d}40{random.randint(0, 99999):05d}"
        check = bin_check_digit(first)
        if check is not None:
            return f"{first}{check}"


def _address(random: Random, language: str, district: str) -> str:
    kk, ru, en = _DISTRICT_NAMES[district]
    house = random.randint(1, 180)
    return {
        "kk": f"Алматы қ., {kk} ауданы, Үлгі көшесі, {house}",
        "ru": f"г. Алматы, {ru} район, ул. Примерная, {house}",
        "en": f"{house} Example Street, {en} district, Almaty",
    }[language]


def _latin(name: str) -> str:
    letters = [_LATIN.get(letter, letter) for letter in name.casefold()]
    return "".join(letter for letter in letters if letter.isalpha() and letter.isascii())

"""The part of an organisation's name by which people know it: without legal form, quotes and place."""

import re
from collections.abc import Iterable, Iterator

from app.leaks.letters import skeleton
from app.leaks.tokens import WORD
from app.leaks.vocabulary import GENERIC, NO_ACRONYMS

_QUOTED = re.compile(r"[«“„\"]([^«»“”„\"]{2,150})[»”“\"]")
_FORMS = (
    "Жауапкершілігі шектеулі серіктестігі", "Жауапкершілігі шектеулі серіктестік", "Қоғамдық бірлестігі",
    "Қоғамдық бірлестік", "Қоғамдық қоры", "Қоғамдық қор", "Корпоративтік қоры", "Корпоративтік қор",
    "Жеке қоры", "Жеке қор", "Жеке мекемесі", "Жеке мекеме", "Жеке кәсіпкері", "Жеке кәсіпкер",
    "Коммуналдық мемлекеттік мекемесі", "Коммуналдық мемлекеттік мекеме", "Акционерлік қоғамы",
    "Акционерлік қоғам", "Заңды тұлғалар бірлестігі", "қайырымдылық қоры", "мекемесі", "қоры",
    "Товарищество с ограниченной ответственностью", "Общественное объединение", "Общественный фонд",
    "Корпоративный фонд", "Благотворительный фонд", "Частный фонд", "Частное учреждение",
    "Индивидуальный предприниматель", "Коммунальное государственное учреждение", "Акционерное общество",
    "Объединение юридических лиц", "Некоммерческая организация", "Республиканское общественное объединение",
    "Public Foundation", "Public Association", "Private Foundation", "Private Institution", "Charity Fund",
    "Corporate Fund", "Limited Liability Partnership", "Municipal State Institution",
    "Individual Entrepreneur",
)  # fmt: skip
_SHORT_FORMS = (
    "ЖШС", "ТОО", "ҚБ", "ҚҚ", "ОО", "ОФ", "КФ", "ЧФ", "ЖҚ", "ЖК", "ИП", "АО",
    "АҚ", "КММ", "КГУ", "ГККП", "КГКП", "НКО", "НПО", "РОО", "ОЮЛ", "ЗТБ", "ЧУ", "LLP", "LLC", "Ltd", "NGO",
    "PF", "PA", "CF", "JSC", "IE",
)  # fmt: skip


def _any(forms: Iterable[str]) -> str:
    return "|".join(map(re.escape, sorted(forms, key=len, reverse=True)))


# `АҚ` is a legal form, `ақ` is white: short forms are told by their capitals.
_FORM = re.compile(rf"(?<!\w)(?:(?i:{_any(_FORMS)})|{_any(_SHORT_FORMS)})(?!\w)")
FORM_NEAR = re.compile(
    r"(?:қор|бірлестік|серіктестік|мекеме|ұйым|фонд|объединени|ассоциаци|товариществ|организаци|компани|"
    r"клуб|центр|орталық|foundation|association|club|company|centre|center|ngo|(?:ТОО|ЖШС|ОФ|ОО|ҚҚ|ҚБ|ИП|ЖК)\b)",
    re.IGNORECASE,
)
"""What stands beside a name that is a word as well, and shows that it is meant as a name."""


def cores(name: str) -> Iterator[tuple[str, ...]]:
    """Every part by which an organisation is known, as words: what stands in quotes, and all without form."""
    found = [each[1] for each in _QUOTED.finditer(name)]
    found.append(_FORM.sub(" ", name))
    seen = set()
    for each in found:
        words = tuple(WORD.findall(_FORM.sub(" ", each)))
        if words and words not in seen and not all(skeleton(word) in GENERIC for word in words):
            seen.add(words)
            yield words
    if not seen:
        yield tuple(WORD.findall(name))


def acronym(words: tuple[str, ...]) -> str:
    """`ЦРМ` for three words or more; nothing for what everybody writes."""
    letters = "".join(word[0] for word in words if len(word) > 2 or word.isdigit()).upper()
    return letters if 3 <= len(letters) <= 8 and letters not in NO_ACRONYMS else ""

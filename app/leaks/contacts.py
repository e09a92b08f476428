"""Ways to reach somebody, in any writing: phones, e-mail, links, names in social networks, BIN.

Every pattern starts at most once at a place and looks a bounded number of letters on, so that a long hostile
text costs no more than its length.
"""

import re
from collections.abc import Iterator

from app.leaks.kinds import Hit, Kind
from app.sections.contacts import bin_check_digit_matches

_AT = r"(?:@|\s?[\[({<]\s?(?:at|собака|эт|а)\s?[\])}>]\s?)"
_AT_WORD = r"\s{1,2}(?:at|собака|@)\s{1,2}"
_DOT = r"(?:\.|\s?[\[({<]\s?(?:dot|точка|нүкте)\s?[\])}>]\s?|\s(?:dot|точка|нүкте)\s)"
_NAME = r"(?<![\w.+\-])[\w.+\-]{1,64}"
_TOP = (
    r"(?:kz|ru|com|org|net|info|me|io|edu|gov|biz|app|site|online|shop|store|pro|club|asia|uz|kg|by|ua|eu|uk|"
    r"de|co|tv|dev|media|world|life|example|test|рф|қаз)"
)
_EMAIL = re.compile(rf"{_NAME}{_AT}[\w\-]{{1,63}}(?:{_DOT}[\w\-]{{2,63}}){{1,4}}", re.IGNORECASE)
_EMAIL_WORDS = re.compile(rf"{_NAME}{_AT_WORD}[\w\-]{{1,63}}{_DOT}{_TOP}(?!\w)", re.IGNORECASE)
_LINK = re.compile(
    rf"(?:https?://|(?<!\w)www\.)[^\s<>«»\"]{{2,300}}"
    rf"|(?<![\w@.\-])(?:[\w\-]{{1,63}}\.){{1,4}}{_TOP}(?![\w\-])(?:/[^\s<>«»\"]{{0,300}})?",
    re.IGNORECASE,
)
_MAY_BE_LINK = re.compile(r"\.\S|://")
_HANDLE = re.compile(r"(?<![\w@.])@[A-Za-z][A-Za-z0-9_.]{2,31}")
_NETWORK = re.compile(
    r"(?<!\w)(?:instagram|insta|telegram|whatsapp|tiktok|инстаграмм?|инста|телеграмм?|тикток|в?[ао]тсап)"
    r"[а-яәғқңөұүһі]{0,6}\s{0,2}(?:[:\-–—]\s{0,2}(@?[A-Za-z][A-Za-z0-9_.]{3,30})|"
    r"([A-Za-z](?=[A-Za-z.]{0,30}[_\d])[A-Za-z0-9_.]{3,30}))",
    re.IGNORECASE,
)
_NETWORKS = ("insta", "gram", "whats", "tikt", "инста", "грам", "тикт", "тсап")
_ANY_AT = re.compile(r"@|[\[({<]\s?(?:at|собака|эт|а)\s?[\])}>]|\s(?:at|собака)\s", re.IGNORECASE)
_GAP = r"[\s\-–—‑().]{0,3}"
_PHONES = (
    # +7 or 8 and ten digits in any groups; a code of this country or the next one.
    (re.compile(rf"(?<![\d+])(?:\+\s?7|[78]){_GAP}[679]\d{{2}}(?:{_GAP}\d){{7}}(?!\d)"), True),
    (re.compile(rf"(?<![\d+])\+\s?7{_GAP}\d(?:{_GAP}\d){{9}}(?!\d)"), True),
    (re.compile(rf"\+[1-9]\d{{0,2}}(?:{_GAP}\d){{8,12}}(?!\d)"), True),
    (re.compile(r"(?<![\d+.,\-])\(?7\d\d\)?[\s\-]\d{3}[\s\-]\d{2}[\s\-]?\d{2}(?![\d\-])"), True),
    (re.compile(r"(?<![\d+.,\-])7[01247]\d{8}(?!\d)"), False),
    (re.compile(r"(?<![\d\-])\d{3}-\d{2}-\d{2}(?![\d\-])"), False),
)
_MONEY = re.compile(r"\s{0,2}(?:₸|тг|тенге|теңге|тыс|мың|млн|€|евро|еуро|kzt|tenge|euro)", re.IGNORECASE)
_TWELVE = re.compile(r"(?<![\d+])\d{12}(?!\d)")
_SEVEN_DIGITS = re.compile(rf"\d(?:{_GAP}\d){{6}}")
"""No number of a phone, nor a BIN, has fewer. One look for these costs a tenth of a look for each kind."""

_PUBLIC = re.compile(
    r"(?:https?://)?(?:[\w\-]{1,63}\.){0,3}(?:gov\.kz|egov\.kz|zan\.kz|adilet\.zan\.kz|kaspi\.kz|2gis\.kz|olx\.kz|"
    r"krisha\.kz|satu\.kz|wikipedia\.org|europa\.eu|un\.org|undp\.org|who\.int|unicef\.org|unesco\.org|"
    r"google\.com|gosreestr\.kz|zakon\.kz|kolesa\.kz|technodom\.kz|leroymerlin\.kz|wildberries\.kz)(?:[/?#]\S*)?\Z",
    re.IGNORECASE,
)
_SOCIAL = re.compile(
    r"(?:^|[/.])(?:t\.me|telegram\.me|instagram\.com|facebook\.com|fb\.com|wa\.me|vk\.com|tiktok\.com|"
    r"threads\.net|linkedin\.com|youtube\.com|youtu\.be|linktr\.ee|taplink\.cc)(?:/|$)",
    re.IGNORECASE,
)
_CYRILLIC_LABEL = re.compile(r"[а-яёәғқңөұүһі]", re.IGNORECASE)
_END = ".,;:!?)]}'»”"


def contacts_in(text: str, *, links: bool = True) -> Iterator[Hit]:
    """Every way to reach somebody. Without `links`, those of them alone that lead to a person's own page:
    where a source is asked for, a link is the answer."""
    yield from _emails(text)
    yield from _links(text, others=links)
    if may_hold_numbers(text):
        yield from _numbers(text)


def may_hold_numbers(text: str) -> bool:
    """Whether there are enough digits beside each other for a phone's number or a BIN."""
    return bool(_SEVEN_DIGITS.search(text))


def _emails(text: str) -> Iterator[Hit]:
    if _ANY_AT.search(text):
        for pattern, kind in ((_EMAIL, Kind.EMAIL), (_EMAIL_WORDS, Kind.EMAIL), (_HANDLE, Kind.HANDLE)):
            for found in pattern.finditer(text):
                yield Hit(found.start(), _trimmed(text, found), kind)
    low = text.lower()
    if any(word in low for word in _NETWORKS):
        for found in _NETWORK.finditer(text):
            yield Hit(found.start(found.lastindex or 0), _trimmed(text, found), Kind.HANDLE)


def _links(text: str, *, others: bool) -> Iterator[Hit]:
    if not _MAY_BE_LINK.search(text):
        return
    for found in _LINK.finditer(text):
        end = _trimmed(text, found)
        said = text[found.start() : end]
        host = said.partition("://")[2] or said
        if _PUBLIC.match(said) or _is_two_sentences(host):
            continue
        social = _SOCIAL.search(host)
        if social or others:
            yield Hit(found.start(), end, Kind.HANDLE if social else Kind.LINK)


def _is_two_sentences(host: str) -> bool:
    """`сада.Me`: a space was forgotten; no address mixes the two alphabets."""
    name = host.partition("/")[0]
    first, _, last = name.rpartition(".")
    return bool(_CYRILLIC_LABEL.search(first)) and last.isascii()


def _numbers(text: str) -> Iterator[Hit]:
    for pattern, sure in _PHONES:
        for found in pattern.finditer(text):
            if not _MONEY.match(text, found.end()):
                yield Hit(found.start(), found.end(), Kind.PHONE, sure)
    for found in _TWELVE.finditer(text):
        if bin_check_digit_matches(found[0]) and found[0] != "0" * 12:
            yield Hit(found.start(), found.end(), Kind.BIN, sure=False)


def _trimmed(text: str, found: re.Match[str]) -> int:
    """The end without the full stop of the sentence."""
    end = found.end()
    while end > found.start() + 1 and text[end - 1] in _END:
        end -= 1
    return end


def spelled_digits(digits: str) -> str:
    """A pattern for one's own number in any groups."""
    return r"[\s\-–—‑().]{0,3}".join(digits) + r"(?!\d)"

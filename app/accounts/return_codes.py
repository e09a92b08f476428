"""The code on a slip of paper: how it is made, typed and kept. Pure.

Nothing in it looks like another character, Latin or Cyrillic: it is read aloud, copied by hand, and typed
with whatever keyboard is there. So every letter that somebody may have meant is taken for the one it is.
"""

import hashlib
import hmac
import unicodedata

from app.random_codes import random_choice

ALPHABET = "23456789DFGJNQRVW"
"""Neither 0, 1, I, L, O, S, U nor Z, nor a letter that Cyrillic has too (A, B, C, E, H, K, M, P, T, X, Y)."""
LENGTH = 12
"""More than 49 random bits."""
GROUP = 4

_SEPARATORS = frozenset(" \t\u00a0\u202f-\u2010\u2011\u2012\u2013\u2014\u2212.,_/·")
_LOOKS = {
    "З": "3",
    "Ч": "4",
    "Б": "6",
    "B": "8",
    "S": "5",
    "Ѕ": "5",
    "Z": "2",
    "U": "V",
    "Ԛ": "Q",
    "Ԝ": "W",
    "Ј": "J",
}
_SOUNDS = {"Д": "D", "Ф": "F", "Г": "G", "Й": "J", "Н": "N", "Қ": "Q", "Р": "R", "В": "V"}
_MEANT = str.maketrans(_LOOKS | _SOUNDS)


def new_code() -> str:
    """A code that nobody has."""
    return "".join(random_choice(ALPHABET) for _ in range(LENGTH))


def grouped(code: str) -> str:
    """As it is shown: `4D7F-G2RN-VW38`."""
    return "-".join(code[start : start + GROUP] for start in range(0, len(code), GROUP))


def typed_code(typed: str) -> str:
    """What was meant: capitals, no spaces and dashes, each look-alike and sound-alike as the letter it is."""
    meant = unicodedata.normalize("NFKC", typed).upper().translate(_MEANT)
    kept = "".join(character for character in meant if character not in _SEPARATORS)
    # What stood apart may be one letter with its accent now.
    return unicodedata.normalize("NFKC", kept)


def code_hash(secret: str, code: str) -> str:
    """What is stored of it. Without the secret key a copy of the database tells nobody a code."""
    return hmac.new(secret.encode(), f"return-code\n{code}".encode(), hashlib.sha256).hexdigest()


def fact_matches(typed: str, *, birth_year: int | None, phone: str) -> bool:
    """Whether the last four digits typed are the year of birth or the end of the phone number.

    Both are always compared, and in the same time.
    """
    last = _digits(typed)[-4:].rjust(4)
    year = hmac.compare_digest(last, str(birth_year or "").rjust(4))
    end = hmac.compare_digest(last, _digits(phone)[-4:].rjust(4))
    return (year | end) and bool(last.strip())


def _digits(text: str) -> str:
    return "".join(character for character in text if character.isascii() and character.isdigit())

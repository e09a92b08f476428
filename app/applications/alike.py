"""Whether two applications may come from the same people: by what identifies them, and by their texts. Pure.

Texts are compared by their runs of three words. Of all runs a signature is kept, in bands: texts that share
about two thirds of their runs share a band almost surely, texts that share a tenth almost never.
"""

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import numpy as np

from app.applications.search import folded
from app.leaks.kinds import Kind
from app.leaks.secrets import Secrets
from app.models.applications import Likeness

BANDS, ROWS = 16, 4
RUN = 3
SHORT = 40
"""A text of fewer runs says too little to be compared."""
LONG_ANSWER = 8
"""An answer of fewer words is the same in many texts by chance: a place, a number, an activity's title."""
_WORD = re.compile(r"\w+")
_PRIME = (1 << 31) - 1
_random = np.random.default_rng(20261127)
_FACTORS = _random.integers(1, _PRIME, BANDS * ROWS, dtype=np.uint64)
_OFFSETS = _random.integers(0, _PRIME, BANDS * ROWS, dtype=np.uint64)


def words_in(title: str, summary: str, data: Mapping[str, Any]) -> str:
    """Everything that is written in one sending, folded, each text on a line of its own."""
    return "\n".join(folded(text) for text in (title, summary, *_texts(data)) if text.strip())


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for name, inner in value.items():
            if name != "id":
                yield from _texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _texts(inner)


def runs_in(words: str) -> frozenset[str]:
    """The runs of three words, of every line by itself."""
    runs: set[str] = set()
    for line in words.split("\n"):
        found = _WORD.findall(line)
        runs.update(" ".join(found[at : at + RUN]) for at in range(len(found) - RUN + 1))
    return frozenset(runs)


def share(one: frozenset[str], other: frozenset[str]) -> float:
    """The part of all their runs that two texts have in common."""
    return len(one & other) / len(one | other) if one or other else 0.0


def answers_share(one: str, other: str) -> float:
    """The part of the shorter of two texts that stands in answers which both give word for word."""
    mine, theirs = _answers(one), _answers(other)
    least = min(mine.total(), theirs.total())
    return (mine & theirs).total() / least if least else 0.0


def _answers(words: str) -> Counter[str]:
    """Each longer answer, as often as it has words."""
    return Counter(
        {line: length for line in words.split("\n") if (length := len(line.split())) >= LONG_ANSWER}
    )


def keys_of(secrets: Secrets, words: str, accounts: Iterable[int]) -> set[tuple[Likeness, str]]:
    """By what a like application is found; no value says what it was made from."""
    said: list[tuple[Likeness, str]] = [(Likeness.ACCOUNT, str(each)) for each in accounts]
    said += [(Likeness.PHONE, digits[-10:]) for each in secrets.phones if len(digits := _digits(each)) >= 7]
    said += [(Likeness.EMAIL, each.strip().lower()) for each in secrets.emails]
    said += [(Likeness.BIN, _digits(each)) for each in secrets.numbers if _digits(each)]
    said += [(Likeness.ADDRESS, " ".join(_WORD.findall(folded(each)))) for each in secrets.addresses]
    said += [(Likeness.NAME, name) for name in _names(secrets)]
    return {(kind, _hashed(f"{kind}\n{value}")) for kind, value in said} | set(_bands(words))


def _names(secrets: Secrets) -> Iterator[str]:
    for kind, name in secrets.people:
        parts = sorted(_WORD.findall(folded(name)))
        if kind is Kind.OWN_NAME and len(parts) > 1:
            yield " ".join(parts)


def _digits(text: str) -> str:
    return "".join(each for each in text if each.isascii() and each.isdigit())


def _bands(words: str) -> Iterator[tuple[Likeness, str]]:
    runs = runs_in(words)
    if len(runs) < SHORT:
        return
    hashes = np.array(
        [
            int.from_bytes(hashlib.blake2b(run.encode(), digest_size=4).digest(), "big") % _PRIME
            for run in runs
        ],
        dtype=np.uint64,
    )
    # Both factors are below 2^31, so that no product leaves 64 bits.
    least = ((hashes[:, None] * _FACTORS[None, :] + _OFFSETS[None, :]) % _PRIME).min(axis=0)
    for band in range(BANDS):
        values = least[band * ROWS : (band + 1) * ROWS]
        yield Likeness.TEXT, _hashed(f"{band}\n{'-'.join(str(int(each)) for each in values)}")


def _hashed(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:24]

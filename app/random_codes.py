"""Random codes that people may see. They say nothing of order, time or person."""

import base64
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from random import Random, SystemRandom
from typing import TypeVar

ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
"""No 0, 1, I or O: they are read aloud and copied by hand. 5 bits a character."""

Item = TypeVar("Item")

_SYSTEM = SystemRandom()
_source: ContextVar[Random] = ContextVar("random codes", default=_SYSTEM)


def random_code(length: int = 10) -> str:
    """`length` characters of 5 random bits each."""
    return "".join(random_choice(ALPHABET) for _ in range(length))


def random_token() -> str:
    """256 random bits for a secret that a browser or a program keeps, in 43 URL-safe characters."""
    return base64.urlsafe_b64encode(_source.get().randbytes(32)).rstrip(b"=").decode()


def random_hex() -> str:
    """256 random bits that people may have to read or type, in 64 hexadecimal digits."""
    return _source.get().randbytes(32).hex()


def random_choice(items: Sequence[Item]) -> Item:
    """One of `items`, each as likely."""
    return _source.get().choice(items)


def random_number(smallest: int, largest: int) -> int:
    """A whole number from `smallest` to `largest`, both included."""
    return _source.get().randint(smallest, largest)


@contextmanager
def repeatable_codes(seed: str) -> Iterator[None]:
    """Within this block the codes follow from `seed`. For the demo alone: they can be guessed."""
    token = _source.set(Random(seed))  # noqa: S311 - that is the point
    try:
        yield
    finally:
        _source.reset(token)

"""What is typeset from equal data is typeset once in a process of the tests.

A typesetter that starts, works and ends takes a tenth of a second, and every crawl asks for the same papers
of everybody. That equal data gives equal bytes is looked at in `tests/documents` and `tests/demo`, where each
one is made.
"""

from hashlib import sha256

import pytest

from app.documents import press

ALWAYS_MADE = ("tests/documents/", "tests/demo/")

_made = press._made
_patch = pytest.MonkeyPatch()
_kept: dict[bytes, bytes] = {}


def made_once(template: str, order: bytes, seconds: int) -> bytes:
    """As the press makes it, or as it was made of the same order; what cannot be made is tried each time."""
    name = sha256(order).digest()
    if name not in _kept:
        _kept[name] = _made(template, order, seconds)
    return _kept[name]


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Where the typesetter itself is looked at, it works."""
    _patch.undo()
    if not item.nodeid.startswith(ALWAYS_MADE):
        _patch.setattr(press, "_made", made_once)


def pytest_unconfigure() -> None:
    """Leave the press as it was."""
    _patch.undo()

"""Answers without other threads: a plain function runs where it is asked for.

The framework hands each of ours to a thread, several times a request. Where one request is asked at a time
that shows nothing, and takes as long as most of the functions.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import copy_context
from typing import Any
from unittest.mock import patch


@contextmanager
def in_one_thread() -> Iterator[None]:
    """Meanwhile no request is handed on; two at once would wait for each other."""
    with patch("anyio.to_thread.run_sync", _here):
        yield


async def _here(work: Callable[..., Any], *args: Any, **_: Any) -> Any:
    """What a thread would have done, with a copy of the context as there."""
    return copy_context().run(work, *args)

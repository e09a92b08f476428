"""An answer whose bytes take a while: made once the request's session and its turn are given back."""

from collections.abc import Callable, Mapping
from functools import cache

from anyio import CapacityLimiter, to_thread
from fastapi.responses import Response
from starlette.types import Receive, Scope, Send

from app.web.downloads import HEADERS, disposition

AT_ONCE = 4
"""Threads of their own: those that answer pages stay free."""


@cache
def _limiter() -> CapacityLimiter:
    return CapacityLimiter(AT_ONCE)


def pdf_later(name: str, make: Callable[[], bytes]) -> Response:
    """A PDF to take along, made when it is sent."""
    return Later(make, "application/pdf", HEADERS | {"Content-Disposition": disposition(name)})


class Later(Response):
    """Calls `make` when it is sent, in a thread that no other request waits for.

    What that refuses is answered as any other refusal, since nothing was sent yet.
    """

    def __init__(self, make: Callable[[], bytes], media_type: str, headers: Mapping[str, str]) -> None:
        super().__init__(None, headers=headers, media_type=media_type)
        self._make = make
        self._given = dict(headers)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Make the bytes in a thread, then send them."""
        body = await to_thread.run_sync(self._make, limiter=_limiter())
        await Response(body, headers=self._given, media_type=self.media_type)(scope, receive, send)

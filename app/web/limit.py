"""How large a request may be: what says so beforehand is refused unread, what does not is counted.

Addresses that take files are let through: they count for themselves, with a larger limit (`uploads.py`),
and only after they have looked at who asks.
"""

import re
from collections.abc import Awaitable, Callable

from fastapi import Request, Response
from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

DRAINED = 32 * 1024 * 1024
"""Up to here a browser may finish sending before it reads the refusal; it shows no page otherwise."""
Refusing = Callable[[Request, HTTPException], Awaitable[Response]]


class BodyLimit:
    """The framework's own limit answers in plain text, and may do so after a handler has written."""

    def __init__(self, app: ASGIApp, most: int, refused: Refusing, uploads: re.Pattern[str]) -> None:
        self.app = app
        self.most = most
        self.refused = refused
        self.uploads = uploads

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or self._takes_a_file(scope):
            await self.app(scope, receive, self._ending(scope, send))
            return
        if _declared(scope, 0) > self.most:
            response = await self.refused(Request(scope, receive), HTTPException(413))
            await response(scope, receive, send)
            return
        # What brings no body cannot be cut off in the middle of it.
        received, awaited, answering = 0, scope["method"] not in ("GET", "HEAD"), False

        async def counted() -> Message:
            nonlocal received, awaited
            message = await receive()
            if awaited and not answering and message["type"] == "http.disconnect":
                # Cut off before its end, as when htmx replaces a request by the next: nobody's failure.
                raise HTTPException(400)
            awaited = message.get("more_body", False)
            received += len(message.get("body", b""))
            if received > self.most:
                raise HTTPException(413)
            return message

        async def noticed(message: Message) -> None:
            # Whoever answers without reading the body asks only whether somebody still listens.
            nonlocal answering
            answering = True
            await send(message)

        await self.app(scope, counted, noticed)

    def _ending(self, scope: Scope, send: Send) -> Send:
        """The answer to far too much, or to nobody knows how much, ends the connection: what was not read
        before it is not read after it either."""
        if scope["type"] != "http" or _declared(scope, DRAINED + 1) <= DRAINED:
            return send

        async def last(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message)["Connection"] = "close"
            await send(message)

        return last

    def _takes_a_file(self, scope: Scope) -> bool:
        return scope["method"] in ("POST", "PUT") and self.uploads.fullmatch(scope["path"]) is not None


def _declared(scope: Scope, otherwise: int) -> int:
    """How many bytes the request says that it has."""
    length = Headers(scope=scope).get("content-length", "")
    return int(length) if length.isascii() and length.isdigit() else otherwise

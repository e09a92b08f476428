"""How large a request may be: what says so beforehand is refused unread, what does not is counted."""

from collections.abc import Awaitable, Callable

from fastapi import Request, Response
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

Refusing = Callable[[Request, HTTPException], Awaitable[Response]]


class BodyLimit:
    """The framework's own limit answers in plain text, and may do so after a handler has written."""

    def __init__(self, app: ASGIApp, most: int, refused: Refusing) -> None:
        self.app = app
        self.most = most
        self.refused = refused

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        declared = Headers(scope=scope).get("content-length", "")
        if declared.isascii() and declared.isdigit() and int(declared) > self.most:
            response = await self.refused(Request(scope, receive), HTTPException(413))
            await response(scope, receive, send)
            return
        received, awaited, answering = 0, True, False

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

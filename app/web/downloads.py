"""How an uploaded file leaves: as a download, never as a page, and with nothing by which it could be dated.

Its own policy lets it do nothing, even where a browser shows it. There is no `ETag`, no `Last-Modified` and
no part of it to ask for; each request is answered by the query that permits it.

A picture that everybody may see is the exception (`shown`): a page shows it, and it may be kept for a while.
"""

import re
from collections.abc import Iterator
from urllib.parse import quote

from fastapi.responses import Response, StreamingResponse

from app.applications.readable import Readable
from app.files.store import Store, pieces_of

HEADERS = {
    "Content-Security-Policy": "sandbox; default-src 'none'",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
    "Accept-Ranges": "none",
}


def sent(store: Store, readable: Readable) -> Response:
    """The bytes, piece by piece. FileAway where the disk has lost them."""
    with store.open(readable.key) as handle:
        size = handle.seek(0, 2)
    return StreamingResponse(
        _pieces(store, readable.key),
        media_type=readable.media_type,
        headers=HEADERS | {"Content-Length": str(size), "Content-Disposition": disposition(readable.name)},
    )


def shown(store: Store, key: str, media_type: str, seconds: int) -> Response:
    """A picture in place, kept by nobody; or a public one, which is kept for so many `seconds`. FileAway
    where the disk has lost it."""
    with store.open(key) as handle:
        body = handle.read()
    headers = {
        "Content-Security-Policy": "sandbox; default-src 'none'",
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": f"public, max-age={seconds}" if seconds else "no-store",
    }
    return Response(body, media_type=media_type, headers=headers)


def _pieces(store: Store, key: str) -> Iterator[bytes]:
    """Opened only once somebody reads: whoever goes away before that leaves no file open."""
    yield from pieces_of(store.open(key))


def disposition(name: str) -> str:
    """A name as RFC 6266 wants it: once in plain letters for old readers, once as it is."""
    plain = "".join(each if each.isascii() and (each.isalnum() or each in "-_. ") else "" for each in name)
    plain = re.sub("-{2,}", "-", plain)
    return f"attachment; filename=\"{plain.strip(' .-') or 'file'}\"; filename*=UTF-8''{quote(name, safe='')}"

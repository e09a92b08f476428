"""Public pages and documents kept ready in this process, under everything they depend on.

A kept page has no personal part: no name, no flash, no sign-out. So it may be kept by browsers and
proxies too, for a minute, or only until the clock changes what it says; the theme is a cookie, which
`Vary` names.
"""

import hashlib
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass, fields, replace
from datetime import datetime
from threading import Lock

from fastapi import Request
from fastapi.responses import HTMLResponse, Response

from app.models.panel import Programme
from app.pages.page import Page, environment
from app.pages.shell import shell_of
from app.web.language import language_of

MOST = 300
MOST_DOCUMENTS = 48
"""Of about 100 kB each: eight calls in three languages and two kinds of file."""
VARY = "Cookie, Accept-Encoding"
MOST_PICTURES = 60
"""Of about 100 kB each: twenty winners in three languages."""
MOST_SECONDS = 60
DAY_SECONDS = 24 * 3600


@dataclass(frozen=True, slots=True)
class KeptPage:
    """The bytes of a page and their tag."""

    body: bytes
    etag: str

    @classmethod
    def of(cls, body: bytes) -> "KeptPage":
        """The page of these bytes, under their own tag."""
        return cls(body, f'"{hashlib.sha256(body).hexdigest()[:32]}"')


class KeptPages:
    """The newest pages of one application in one process; the least used one leaves first."""

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._pages: OrderedDict[Hashable, KeptPage] = OrderedDict()
        self._lock = Lock()
        self.making = Lock()
        """Held while a document is made: of all who ask for a new one at once, one makes it."""

    def get(self, key: Hashable) -> KeptPage | None:
        """The page under this key, if it is kept."""
        with self._lock:
            page = self._pages.get(key)
            if page is not None:
                self._pages.move_to_end(key)
            return page

    def keep(self, key: Hashable, page: KeptPage) -> None:
        """Keep a page."""
        with self._lock:
            self._pages[key] = page
            while len(self._pages) > self._most:
                self._pages.popitem(last=False)


def held_tag(request: Request, page: KeptPage) -> str:
    """The tag under which the reader has this page already, packed or not; nothing if it does not."""
    tag = request.headers.get("if-none-match", "")
    return tag if tag.removeprefix("W/") == page.etag else ""


def kept_response(
    request: Request, depends_on: Hashable, build: Callable[[], Page], seconds: int = MOST_SECONDS
) -> Response:
    """The page for this address, built only when nothing it depends on is kept; `seconds` it stays true.

    An address with a query is somebody's own (a flash, a search): it is answered fresh and kept by nobody.
    """
    if request.url.query:
        return build().response(request)
    programme = request.state.programme.get(request.state.engine)
    key = (
        request.scope["path"],
        request.cookies.get("theme", ""),
        programme.version if programme else 0,
        depends_on,
    )
    keeper: KeptPages = request.state.kept
    page = keeper.get(key)
    if page is None:
        page = _rendered(request, build())
        keeper.keep(key, page)
    headers = {"Cache-Control": f"public, max-age={seconds}", "Vary": VARY, "ETag": page.etag}
    held = held_tag(request, page)
    if held:
        return Response(status_code=304, headers={**headers, "ETag": held})
    return HTMLResponse(page.body, headers=headers)


def kept_document(
    request: Request,
    depends_on: Hashable,
    build: Callable[[Programme | None], bytes],
    keeper: KeptPages | None = None,
) -> KeptPage:
    """A public file, made only when nothing it depends on is kept; the programme is part of that."""
    programme = request.state.programme.get(request.state.engine)
    key = (depends_on, programme.version if programme else 0)
    keeper = keeper or request.state.documents
    kept = keeper.get(key)
    if kept is not None:
        return kept
    with keeper.making:
        kept = keeper.get(key)
        if kept is None:
            kept = KeptPage.of(build(programme))
            keeper.keep(key, kept)
    return kept


def kept_picture(
    request: Request, depends_on: Hashable, draw: Callable[[Programme | None], bytes]
) -> Response:
    """A public picture, drawn only when nothing it depends on is kept; each version has its own address."""
    kept = kept_document(request, depends_on, draw, request.state.pictures)
    headers = {"Cache-Control": f"public, max-age={DAY_SECONDS}", "ETag": kept.etag}
    if request.headers.get("if-none-match") == kept.etag:
        return Response(status_code=304, headers=headers)
    return Response(kept.body, media_type="image/png", headers=headers)


def document_response(request: Request, kept: KeptPage, media_type: str, name: str) -> Response:
    """A kept file to be downloaded, or the word that the browser has it already."""
    headers = {
        "Cache-Control": f"public, max-age={MOST_SECONDS}",
        "ETag": kept.etag,
        "Content-Disposition": f'attachment; filename="{name}"',
    }
    if request.headers.get("if-none-match") == kept.etag:
        return Response(status_code=304, headers=headers)
    return Response(kept.body, media_type=media_type, headers=headers)


def seconds_until(until: datetime | None, now: datetime) -> int:
    """How long a page may be kept elsewhere that is true until then: at most a minute."""
    if until is None:
        return MOST_SECONDS
    return max(0, min(MOST_SECONDS, int((until - now).total_seconds())))


def _rendered(request: Request, page: Page) -> KeptPage:
    language = language_of(request)
    shell = replace(shell_of(request, language), signed_in=False, shared=False, flash="")
    seen = {field.name: getattr(page, field.name) for field in fields(page)}
    body = environment(language).get_template(page.template).render(seen, shell=shell).encode()
    return KeptPage.of(body)

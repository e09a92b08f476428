"""Public pages kept rendered in this process, under everything they depend on.

A kept page has no personal part: no name, no flash, no sign-out. So it may be kept by browsers and
proxies too, for a minute; the theme is a cookie, which `Vary` names.
"""

import hashlib
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass, fields, replace
from threading import Lock

from fastapi import Request
from fastapi.responses import HTMLResponse, Response

from app.pages.page import Page, environment
from app.pages.shell import shell_of
from app.web.language import language_of

MOST = 300
HEADERS = {"Cache-Control": "public, max-age=60", "Vary": "Cookie"}


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

    def __init__(self) -> None:
        self._pages: OrderedDict[Hashable, KeptPage] = OrderedDict()
        self._lock = Lock()

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
            while len(self._pages) > MOST:
                self._pages.popitem(last=False)


def kept_response(request: Request, depends_on: Hashable, build: Callable[[], Page]) -> Response:
    """The page for this address, built only when nothing it depends on is kept.

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
    headers = {**HEADERS, "ETag": page.etag}
    if request.headers.get("if-none-match") == page.etag:
        return Response(status_code=304, headers=headers)
    return HTMLResponse(page.body, headers=headers)


def _rendered(request: Request, page: Page) -> KeptPage:
    language = language_of(request)
    shell = replace(shell_of(request, language), signed_in=False, shared=False, flash="")
    seen = {field.name: getattr(page, field.name) for field in fields(page)}
    body = environment(language).get_template(page.template).render(seen, shell=shell).encode()
    return KeptPage.of(body)

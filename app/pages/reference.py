"""The reference of the API, as a page: the same document as `/api/v1/openapi.json`, for people."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, replace
from functools import cached_property
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from app.messages import LANGUAGES
from app.pages.kept import KeptPage, KeptPages, held_tag
from app.pages.page import Page, environment
from app.pages.reference_views import (
    NounView,
    Piece,
    ReferenceView,
    RefusalView,
    ShapeView,
    reference_of,
    shape_id,
)
from app.pages.shell import LANGUAGE_NAMES, LanguageLink, shell_of
from app.web.language import language_of

router = APIRouter()
ADDRESS = "/api/v1/docs"
DOCUMENT = "/api/v1/openapi.json"


class ReferenceKeeper:
    """The document's views, made once in each process, when somebody first asks."""

    def __init__(self, document: Callable[[], Mapping[str, Any]], site: str) -> None:
        self._document = document
        self._site = site

    @cached_property
    def reference(self) -> ReferenceView:
        """All that the page shows of the document."""
        return reference_of(self._document(), self._site)


@dataclass(frozen=True, kw_only=True)
class ReferenceShow(Page):
    """Every operation of the API, with what it takes and what it answers."""

    template = "reference/show.html"
    title: str
    version: str
    address: str
    document: str
    authorization: str
    problem: Piece
    nouns: list[NounView]
    shapes: list[ShapeView]
    refusals: list[RefusalView]


@router.get(ADDRESS, name="reference.show")
def show(request: Request) -> Response:
    """The page has no language in its address, which is the API's: `?l=` or the browser says it."""
    asked = request.query_params.get("l", "")
    language = asked if asked in LANGUAGES else _wished(request)
    programme = request.state.programme.get(request.state.engine)
    key = (ADDRESS, language, request.cookies.get("theme", ""), programme.version if programme else 0)
    keeper: KeptPages = request.state.kept
    page = keeper.get(key)
    if page is None:
        page = KeptPage.of(_rendered(request, language))
        keeper.keep(key, page)
    headers = {
        "Cache-Control": "public, max-age=60",
        "Vary": "Accept-Language, Cookie, Accept-Encoding",
        "ETag": page.etag,
    }
    held = held_tag(request, page)
    if held:
        return Response(status_code=304, headers={**headers, "ETag": held})
    return HTMLResponse(page.body, headers=headers)


def _wished(request: Request) -> str:
    return language_of(request) if "accept-language" in request.headers else "en"


def _rendered(request: Request, language: str) -> bytes:
    keeper: ReferenceKeeper = request.state.reference
    found = keeper.reference
    page = ReferenceShow(
        title=found.title,
        version=found.version,
        address=request.state.settings.base_url + ADDRESS.removesuffix("/docs"),
        document=DOCUMENT,
        authorization="Authorization: Bearer $TOKEN",
        problem=Piece("Problem", href="#" + shape_id("Problem")),
        nouns=list(found.nouns),
        shapes=list(found.shapes),
        refusals=list(found.refusals),
    )
    links = tuple(
        LanguageLink(code, LANGUAGE_NAMES[code], f"{ADDRESS}?l={code}", code == language)
        for code in LANGUAGES
    )
    # Kept for everybody, so it has no personal part.
    shell = replace(shell_of(request, language), signed_in=False, shared=False, flash="", languages=links)
    seen = {field.name: getattr(page, field.name) for field in fields(page)}
    return environment(language).get_template(page.template).render(seen, shell=shell).encode()

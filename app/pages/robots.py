"""What search engines may read, and where it all is. Nobody's own page is among it."""

from collections.abc import Iterator
from xml.etree import ElementTree

from fastapi import APIRouter, Request
from fastapi.responses import PlainTextResponse, Response

from app.calls.dates import news_of_calls
from app.decisions.news import news_of_results
from app.messages import LANGUAGES
from app.pages.public_addresses import address_of, base_of
from app.web.session import Db

router = APIRouter()
MOST_CALLS, MOST_WINNERS = 500, 5000
"""Three addresses of each stay well below the 50,000 that one file may hold."""
PRIVATE = ("account", "apply", "desk", "jury", "live", "messages", "my", "review", "sign-in", "stage")
SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"
XHTML = "http://www.w3.org/1999/xhtml"
HOUR = {"Cache-Control": "public, max-age=3600"}


@router.get("/robots.txt", name="site.robots")
def robots(request: Request) -> Response:
    """Where there is nothing for a search engine."""
    closed = [f"Disallow: /{language}/{part}" for language in LANGUAGES for part in PRIVATE]
    lines = ["User-agent: *", "Disallow: /api/", *closed, "", f"Sitemap: {base_of(request)}/sitemap.xml", ""]
    return PlainTextResponse("\n".join(lines), headers=HOUR)


@router.get("/sitemap.xml", name="site.sitemap")
def sitemap(request: Request, session: Db) -> Response:
    """Every public page in each language: calls that have opened, and winners that were announced."""
    root = ElementTree.Element("urlset", {"xmlns": SITEMAP, "xmlns:xhtml": XHTML})
    for route, params in _pages(session):
        there = {each: address_of(request, each, route, **params) for each in LANGUAGES}
        for language in LANGUAGES:
            page = ElementTree.SubElement(root, "url")
            ElementTree.SubElement(page, "loc").text = there[language]
            for other, address in there.items():
                ElementTree.SubElement(page, "xhtml:link", rel="alternate", hreflang=other, href=address)
    made: bytes = ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)
    return Response(made, media_type="application/xml", headers={"Cache-Control": "no-store"})


def _pages(session: Db) -> Iterator[tuple[str, dict[str, str]]]:
    for route in ("home", "site.privacy", "site.accessibility"):
        yield route, {}
    for call in news_of_calls(session, MOST_CALLS):
        for route in ("calls.show", "calls.questions", "calls.criteria", "results.list", "ledger.show"):
            yield route, {"call": call.slug}
    for each in news_of_results(session, MOST_WINNERS):
        yield "results.winner", {"call": each.call, "slug": each.slug}

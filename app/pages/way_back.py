"""The way back from a refusal to where the person was working, read from their own address alone.

What stands behind the address is not looked up: a link says nothing that its reader did not type.
"""

from dataclasses import dataclass
from urllib.parse import unquote

from fastapi import Request

from app.messages.labels import choices
from app.pages.page import path_to
from app.web.language import language_of

PLACES = {
    "desk": ("desk.home", "call"),
    "apply": ("applications.tasks", "ref"),
    "my": ("applications.status", "ref"),
    "review": ("reviews.list", "call"),
    "calls": ("calls.show", "call"),
}
"""First word of an address -> the page that what is below it belongs to, and what the second word names."""
NO_CALL = "new"


@dataclass(frozen=True, slots=True)
class WayBack:
    """A link in words."""

    href: str
    words: str


def way_back(request: Request) -> WayBack | None:
    """Where this request came from; None where that is the first page, or the very page that refused."""
    language = language_of(request)
    path: str = request.scope["path"]
    _, place, name, *_ = (*path.removeprefix(f"/{language}").split("/"), "", "", "")
    if place not in PLACES or name in {"", NO_CALL}:
        return None
    route, parameter = PLACES[place]
    href = path_to(language, route, **{parameter: name})
    if request.method == "GET" and unquote(href) == path:
        return None
    return WayBack(href, choices(language, "way_back")[place])

"""A page: its template and exactly what that template may see."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields
from enum import StrEnum
from functools import cache, partial
from pathlib import Path
from typing import Any, ClassVar
from urllib.parse import quote

from fastapi import Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from jinja2_fragments import render_block

from app.errors import Stale  # noqa: F401
from app.messages import LANGUAGES, formats, label, translations
from app.models.columns import Texts
from app.pages.compiled import Compiled
from app.pages.shell import Shell, shell_of
from app.web.language import language_of
from app.web.static import static_path

TEMPLATES = Path(__file__).parent.parent / "templates"

PATHS: dict[str, str] = {}
"""Route name -> path with its parameters in braces; filled once when the application is put together."""


def path_to(language: str, route: str, **params: object) -> str:
    """The address of a page in a language. An unknown route raises KeyError."""
    return PATHS[route].format(
        l=language, **{name: quote(str(value), safe="") for name, value in params.items()}
    )


def text_in(language: str, texts: Texts | None) -> str:
    """A text of the call in the reader's language, or in the first language that has it."""
    if not texts:
        return ""
    return texts.get(language) or next((texts[other] for other in LANGUAGES if texts.get(other)), "")


@cache
def environment(language: str) -> Environment:
    """Templates of one language; one environment each, so that filters and words need no look-up of it."""
    env = Compiled(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        extensions=["jinja2.ext.i18n"],
    )
    catalogue = translations(language)
    env.install_gettext_callables(catalogue.ugettext, catalogue.ungettext, newstyle=True)  # type: ignore[attr-defined]
    env.policies["ext.i18n.trimmed"] = True
    env.globals["_"] = env.globals["gettext"]
    env.globals |= {"url": partial(path_to, language), "static": static_path}
    env.filters |= _filters(language)
    return env


def _filters(language: str) -> dict[str, Callable[..., str]]:
    def labelled(word: StrEnum) -> str:
        return label(language, word)

    return {
        "label": labelled,
        "text": partial(text_in, language),
        "number": partial(formats.number, language),
        "money": partial(formats.euros, language),
        "tenge": partial(formats.tenge, language),
        "date": partial(formats.day, language),
        "datetime": partial(formats.moment, language),
        "time": formats.clock,
    }


def wants_fragment(request: Request) -> bool:
    """htmx asks for a whole page when it boosts a link or restores history."""
    sent = request.headers
    return "HX-Request" in sent and "HX-Boosted" not in sent and "HX-History-Restore-Request" not in sent


@dataclass(frozen=True, kw_only=True)
class Page:
    """Subclasses name their template and, as fields, all it sees beside `shell`.

    `fragment` is the name of the block that htmx gets, which is also that block's DOM id.
    """

    template: ClassVar[str]
    fragment: ClassVar[str | None] = None

    def response(self, request: Request, status: int = 200) -> Response:
        """The page, or its fragment when htmx asks."""
        language = language_of(request)
        context = dict(self._context(), shell=shell_of(request, language, status))
        body = self._render(request, language, context)
        return HTMLResponse(body, status, headers={"Vary": "HX-Request"})

    def _render(self, request: Request, language: str, context: dict[str, Any]) -> str:
        env = environment(language)
        if self.fragment and wants_fragment(request):
            return render_block(env, self.template, self.fragment, context)
        return env.get_template(self.template).render(context)

    def _context(self) -> Iterator[tuple[str, Any]]:
        return ((field.name, getattr(self, field.name)) for field in fields(self))


COPY = re.compile("[a-z0-9]{1,40}")


def see_other(
    request: Request,
    route: str,
    *,
    done: str = "",
    count: int | None = None,
    back: str = "",
    anchor: str = "",
    **params: object,
) -> Response:
    """After a successful POST: go to a GET. `done` is the code of the short message shown there once, and
    `count` what it counts; `back` is where that page leads once it is done. With what is done goes the name
    of the browser's own copy of what was sent, if it gave one: that one may go, for it is kept here now."""
    copy = request.query_params.get("copy", "") if done else ""
    asked = {
        "back": back,
        "done": done,
        "count": "" if count is None else str(count),
        "copy": copy if COPY.fullmatch(copy) else "",
    }
    query = "&".join(f"{name}={value}" for name, value in asked.items() if value)
    address = path_to(language_of(request), route, **params)
    if query:
        address += f"?{query}"
    if anchor:
        address += f"#{anchor}"
    if request.headers.get("press"):
        # A script that follows would fetch the next page, and the browser once more.
        return Response(status_code=204, headers={"Press-On": address})
    return RedirectResponse(address, 303)


__all__ = ["Page", "Shell", "environment", "path_to", "see_other", "text_in", "wants_fragment"]

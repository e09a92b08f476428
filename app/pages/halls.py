"""What everybody sees of a stage: rendered once for each of its states, language and process, and then kept.

It is answered in the loop, without a thread and without the database: when a winner is revealed, hundreds of
phones fetch the same bytes in the same second.
"""

from collections.abc import Callable, Hashable
from dataclasses import dataclass, fields, replace
from datetime import datetime
from typing import Any

from fastapi import Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import HTMLResponse, Response
from jinja2_fragments import render_block
from sqlmodel import Session

from app.database import session_on
from app.errors import NotFound
from app.events.link import is_key
from app.events.watching import Mark
from app.pages.kept import KeptPage, KeptPages, held_tag
from app.pages.page import Page, environment, wants_fragment
from app.pages.shell import shell_of
from app.settings import Settings
from app.web.hall import Hall
from app.web.language import language_of

NUMBER, NOW = "Stage-Number", "Stage-Now"
"""Headers of every answer about a stage: the number of what it shows, and the server's milliseconds."""
PLAIN_SECONDS = 5
THEMES = frozenset({"light", "dark"})
"""What a reader can have chosen; whatever else a browser sends is kept no page for."""


@dataclass(frozen=True, slots=True)
class Asked:
    """For what a page is made: the number of what it shows, and the key of the hall's own link where whoever
    asks has it. `rehearses`: they have, and there is a rehearsal."""

    number: int
    key: str
    rehearses: bool


Build = Callable[[Session, Asked], Page]


def milliseconds(when: datetime) -> int:
    """An instant as browsers count it."""
    return int(when.timestamp() * 1000)


def with_number(response: Response, number: int, now: datetime) -> Response:
    """The same answer, with what a script needs to know of it."""
    response.headers[NUMBER] = str(number)
    response.headers[NOW] = str(milliseconds(now))
    return response


async def hall_response(request: Request, pot: str, now: datetime, build: Build) -> Response:
    """The page of a stage for everybody, or the part of it that a script asks for again.

    Who names the number that they have (`?v=`) gets 204 while there is no other.
    """
    hall: Hall = request.state.hall
    part, have = wants_fragment(request), _number(request.query_params.get("v", ""))
    known = hall.known(pot) if part else None
    mark = known if known is not None and known.number != have else await hall.look(pot)
    if mark is None:
        raise NotFound
    if part and have == mark.number:
        return with_number(Response(status_code=204), mark.number, now)
    page = await _kept(request, mark, build, int(now.timestamp()))
    headers = {"Cache-Control": "no-cache", "ETag": page.etag, "Vary": "HX-Request, Cookie"}
    if not part and "plain" in request.query_params:
        headers["Refresh"] = str(PLAIN_SECONDS)
    held = held_tag(request, page)
    answer = Response(status_code=304, headers={**headers, "ETag": held}) if held else None
    return with_number(answer or HTMLResponse(page.body, headers=headers), mark.number, now)


def _number(given: str) -> int | None:
    return int(given) if given.isascii() and given.isdigit() and len(given) < 16 else None


def _asked(request: Request, mark: Mark) -> Asked:
    """A key that does not fit, or does no more, is none: it is neither shown nor kept."""
    given = request.query_params.get("t", "")
    settings: Settings = request.state.settings
    secret = settings.secret_key.get_secret_value()
    fits = bool(given) and is_key(secret, request.path_params["pot"], mark.link, given)
    return Asked(mark.number, given if fits else "", fits and mark.rehearsing)


def _depends_on(request: Request, mark: Mark, asked: Asked) -> Hashable:
    """Everything but the programme that the bytes follow from."""
    if wants_fragment(request):
        return (request.scope["path"], mark, asked.rehearses)
    theme = request.cookies.get("theme", "")
    return (request.scope["path"], mark, asked, theme if theme in THEMES else "")


async def _kept(request: Request, mark: Mark, build: Build, second: int) -> KeptPage:
    """A whole page with a clock is true for a second; in a part the script lets it tick."""
    hall: Hall = request.state.hall
    keeper: KeptPages = request.state.kept
    asked = _asked(request, mark)
    key = _depends_on(request, mark, asked)

    def there() -> KeptPage | None:
        return keeper.get(key) or keeper.get((key, second))

    page = there()
    if page is None:
        async with hall.making:
            page = there()
            if page is None:
                made, ticks = await run_in_threadpool(_rendered, request, build, asked)
                keeper.keep((key, second) if ticks else key, made)
                return made
    return page


def _rendered(request: Request, build: Build, asked: Asked) -> tuple[KeptPage, bool]:
    language = language_of(request)
    with session_on(request.state.engine, reading=True) as session, session.begin():
        page = build(session, asked)
    shell = replace(shell_of(request, language), signed_in=False, shared=False, flash="")
    seen: dict[str, Any] = {each.name: getattr(page, each.name) for each in fields(page)}
    seen["shell"] = shell
    env = environment(language)
    if page.fragment and wants_fragment(request):
        return KeptPage.of(render_block(env, page.template, page.fragment, seen).encode()), False
    body = env.get_template(page.template).render(seen)
    return KeptPage.of(body.encode()), seen.get("clock") is not None

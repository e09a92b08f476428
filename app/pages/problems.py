"""Refusals as pages or fragments, in the reader's language.

These are plain functions, since rendering a page is work for a thread and not for the loop.
"""

import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from urllib.parse import quote

import structlog
from fastapi import Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import RedirectResponse
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException

from app.errors import DomainError, Forbidden, Invalid, NotFound, TooMany, Unauthenticated
from app.messages import sentence
from app.pages.forms import typed
from app.pages.page import Page, path_to, wants_fragment
from app.pages.signed_out import holds_text, lost_page, signed_out_note, signed_out_page
from app.pages.way_back import WayBack, way_back
from app.web.language import language_of
from app.web.status import status_of

log = structlog.get_logger()

JURY = re.compile(r"/(?:kk|ru|en)/jury/(?P<pot>[A-Z2-9]{1,16})(?:/.*)?")
FAILED_AT_WORK = {413, 500}
"""What the framework refuses of somebody who was working; elsewhere there may be nothing to go back to."""
HTTP_CODES = {404: "not_found", 405: "method_not_allowed", 413: "too_large", 400: "malformed"}


@dataclass(frozen=True, kw_only=True)
class Problem(Page):
    """A refusal that no form can show."""

    template = "errors/problem.html"
    fragment = "problem"
    sentence: str
    status: int
    details: list[str]
    back: WayBack | None


def _problem(request: Request, code: str, status: int, **params: object) -> Response:
    words = sentence(language_of(request), code, params)
    back = way_back(request) if status in FAILED_AT_WORK else None
    return Problem(sentence=words, status=status, details=[], back=back).response(request, status)


def refused(request: Request, error: DomainError) -> Response:
    """A rule's refusal."""
    language, status = language_of(request), status_of(error)
    code, details = error.code, []
    if isinstance(error, Invalid):
        # Only a field that nobody sees can be wrong here; what pydantic says of it names nothing.
        details = [sentence(language, *problem) for problem in error.fields.values() if "." in problem[0]]
        code = code if details else "form.incomplete"
    page = Problem(
        sentence=sentence(language, code, error.params),
        status=status,
        details=details,
        back=None if isinstance(error, NotFound | Forbidden) else way_back(request),
    )
    response = page.response(request, status)
    if isinstance(error, TooMany):
        response.headers["Retry-After"] = str(error.retry_after)
    return response


async def not_found(request: Request, error: NotFound) -> Response:
    """Whoever typed at length into what is not theirs any more gets the text back, and nothing else."""
    given = await _typed_plainly(request)
    if holds_text(given):
        return await run_in_threadpool(lost_page(request, given).response, request, 404)
    return await run_in_threadpool(refused, request, error)


async def _typed_plainly(request: Request) -> Mapping[str, str | list[str]]:
    """What a browser sent by pressing a button; nothing of any other request."""
    kind = request.headers.get("content-type", "")
    plain = request.method == "POST" and not wants_fragment(request)
    if plain and kind.startswith("application/x-www-form-urlencoded"):
        with suppress(HTTPException):
            return await typed(request)
    return {}


async def signed_out(request: Request, error: Unauthenticated) -> Response:
    """Who is not signed in is sent to sign in, and comes back. Who typed something keeps it."""
    given = await _typed_plainly(request)
    return await run_in_threadpool(_sign_in, request, given)


def _sign_in(request: Request, given: Mapping[str, str | list[str]]) -> Response:
    here = request.scope["path"] if request.method == "GET" else ""
    address = path_to(language_of(request), "sign_in.edit") + (f"?next={quote(here)}" if here else "")
    if jury := JURY.fullmatch(request.scope["path"]):
        # A juror has a link of their own, and no account.
        address = path_to(language_of(request), "jury.sign_in", pot=jury["pot"])
    if holds_text(given):
        return signed_out_page(request, given).response(request, 401)
    if not wants_fragment(request):
        return RedirectResponse(address, 303)
    if request.method == "GET":
        return Response(status_code=401, headers={"HX-Redirect": address})
    return signed_out_note(request)


def malformed(request: Request, error: RequestValidationError) -> Response:
    """A path or query that does not parse can belong to nothing that exists."""
    return _problem(request, "not_found", 404)


def http_refused(request: Request, error: HTTPException) -> Response:
    """What the framework refuses: unknown address, wrong method, too large a body."""
    return _problem(request, HTTP_CODES.get(error.status_code, "malformed"), error.status_code)


def failed(request: Request, error: Exception) -> Response:
    """The last resort: say that saved answers are safe, and log where it broke."""
    log.error("request failed", path=request.scope["path"], method=request.method, exc_info=error)
    return _problem(request, "internal", 500)

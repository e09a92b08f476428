"""Refusals as RFC 9457 problems: one shape, whoever refuses."""

import structlog
from fastapi import Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from fastapi.routing import iter_route_contexts
from pydantic import BaseModel
from starlette.exceptions import HTTPException
from starlette.routing import compile_path

from app.errors import DomainError, Invalid, Stale, TooMany
from app.errors import Problem as FieldProblem
from app.messages import sentence
from app.messages.sentences import known_code
from app.web.language import language_of
from app.web.status import status_of

log = structlog.get_logger()

MEDIA_TYPE = "application/problem+json"

# The framework's refusals. A body that is no text at all (400) is one more body that is not JSON.
HTTP_CODES = {404: "not_found", 405: "method_not_allowed", 413: "too_large", 415: "not_json"}
NOT_TEXT = 400


class FieldRefusal(BaseModel):
    """What is wrong with one field of what was sent; `field` is dotted, `body` is all of it."""

    field: str
    code: str
    detail: str


class Problem(BaseModel):
    """Why a request was refused (RFC 9457). `type` is a stable code, `title` a sentence for people in the
    language of Accept-Language (English without it); `errors` comes with 422 alone."""

    type: str
    title: str
    status: int
    errors: list[FieldRefusal] | None = None


def language_wished(request: Request) -> str:
    """The language of sentences: what Accept-Language wishes, else English."""
    return language_of(request) if "accept-language" in request.headers else "en"


def _problem(
    request: Request,
    status: int,
    code: str,
    params: dict[str, object],
    fields: dict[str, FieldProblem] | None = None,
) -> JSONResponse:
    language = language_wished(request)
    errors = [
        FieldRefusal(field=field, code=problem, detail=sentence(language, problem, details))
        for field, (problem, details) in (fields or {}).items()
    ]
    body = Problem(
        type=code, title=sentence(language, code, params), status=status, errors=errors or None
    ).model_dump(exclude_none=True)
    return JSONResponse(body, status, media_type=MEDIA_TYPE)


async def refused(request: Request, error: DomainError) -> Response:
    """A rule's refusal. A stale version is 412 here, where If-Match named it."""
    status = 412 if isinstance(error, Stale) else status_of(error)
    response = _problem(
        request, status, error.code, error.params, error.fields if isinstance(error, Invalid) else None
    )
    if isinstance(error, TooMany):
        response.headers["Retry-After"] = str(error.retry_after)
    if status == 401:
        response.headers["WWW-Authenticate"] = "Bearer"
    return response


async def malformed(request: Request, error: RequestValidationError) -> Response:
    """What pydantic refuses of a body, a query or a path; the input is never echoed."""
    fields: dict[str, FieldProblem] = {}
    for each in error.errors():
        if each["loc"] == ("body",) and each["type"] == "json_invalid" and not _is_json(request):
            return _problem(request, 415, "not_json", {})
        place = [str(part) for part in each["loc"] if part not in {"body", "query", "path"}]
        if each["type"] == "json_invalid":
            place = []
        fields.setdefault(".".join(place) or "body", (known_code(each["type"]), dict(each.get("ctx", {}))))
    return _problem(request, 422, "invalid", {}, fields)


def _is_json(request: Request) -> bool:
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    return kind == "application/json" or (kind.startswith("application/") and kind.endswith("+json"))


async def http_refused(request: Request, error: HTTPException) -> Response:
    """What the framework refuses."""
    if error.status_code == NOT_TEXT:
        return _problem(request, 422, "invalid", {}, {"body": ("json_invalid", {})})
    response = _problem(request, error.status_code, HTTP_CODES.get(error.status_code, "malformed"), {})
    if error.status_code == 405:
        response.headers["Allow"] = ", ".join(allowed(request))
    return response


def allowed(request: Request) -> list[str]:
    """Every method of this address; the framework knows only those of the first route that has it."""
    path = request.scope["path"].removeprefix(request.scope.get("root_path", ""))
    methods = {
        method
        for route in iter_route_contexts(request.app.routes)
        if route.methods and route.path and compile_path(route.path)[0].match(path)
        for method in route.methods
    }
    return sorted(methods | {"HEAD"} if "GET" in methods else methods)


async def failed(request: Request, error: Exception) -> Response:
    """The last resort: no details leave, the log has them."""
    log.error("request failed", path=request.scope["path"], method=request.method, exc_info=error)
    return _problem(request, 500, "internal", {})

"""Refusals as RFC 9457 problems: one shape, whoever refuses."""

import structlog
from fastapi import Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from app.errors import DomainError, Invalid, Stale, TooMany
from app.errors import Problem as FieldProblem
from app.messages import sentence
from app.web.language import language_of
from app.web.status import status_of

log = structlog.get_logger()

HTTP_CODES = {404: "not_found", 405: "method_not_allowed", 413: "too_large", 415: "malformed"}


def _language(request: Request) -> str:
    return language_of(request) if "accept-language" in request.headers else "en"


def _problem(
    request: Request,
    status: int,
    code: str,
    params: dict[str, object],
    fields: dict[str, FieldProblem] | None = None,
) -> JSONResponse:
    language = _language(request)
    body: dict[str, object] = {"type": code, "title": sentence(language, code, params), "status": status}
    if fields:
        body["errors"] = [
            {"field": field, "code": problem, "detail": sentence(language, problem, details)}
            for field, (problem, details) in fields.items()
        ]
    return JSONResponse(body, status, media_type="application/problem+json")


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
        place = [str(part) for part in each["loc"] if part not in {"body", "query", "path"}]
        fields.setdefault(".".join(place) or "body", (each["type"], dict(each.get("ctx", {}))))
    return _problem(request, 422, "invalid", {}, fields)


async def http_refused(request: Request, error: HTTPException) -> Response:
    """What the framework refuses."""
    response = _problem(request, error.status_code, HTTP_CODES.get(error.status_code, "malformed"), {})
    if error.headers:
        response.headers.update(error.headers)
    return response


async def failed(request: Request, error: Exception) -> Response:
    """The last resort: no details leave, the log has them."""
    log.error("request failed", path=request.scope["path"], method=request.method, exc_info=error)
    return _problem(request, 500, "internal", {})

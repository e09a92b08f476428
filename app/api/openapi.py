"""The OpenAPI document. Who may call, what is refused and which headers come is read from what a route
depends on, so that it cannot say anything else than what the code does.
"""

import re
from collections.abc import Iterator
from typing import Any

from fastapi import FastAPI
from fastapi.dependencies.models import Dependant
from fastapi.routing import RouteContext, iter_route_contexts
from starlette.types import ASGIApp

from app.api.about import PATH, STATUS, TAGS
from app.api.examples import BODIES
from app.api.locations import location_of
from app.api.problems import MEDIA_TYPE, Problem
from app.api.versions import tag_of, version_of
from app.messages import sentence
from app.web import actors
from app.web.session import SAFE_METHODS
from app.web.shortlist import Shortlist

Document = dict[str, Any]

ROLES = {
    actors.applicant: "applicant",
    actors.uploader: "applicant",
    actors.reviewer: "reviewer",
    actors.invited: "reviewer",
    actors.contact: "contact",
    actors.coordinator: "coordinator",
    actors.desk_uploader: "coordinator",
    actors.manager: "coordinator",
}
SCHEME = "token"
PDF = "application/pdf"
EXAMPLES = {
    401: "unauthenticated", 403: "forbidden", 404: "not_found", 409: "conflict", 412: "stale",
    413: "too_large", 415: "not_json", 422: "invalid", 428: "precondition_required", 429: "too_many",
    503: "unavailable",
}  # fmt: skip


class Api(FastAPI):
    """The API's application; its document is made once, when it is first asked for."""

    def build_middleware_stack(self) -> ASGIApp:
        self.router.middleware_stack = Shortlist(self.router)
        return super().build_middleware_stack()

    def openapi(self) -> Document:
        if not self.openapi_schema:
            self.openapi_schema = completed(super().openapi(), self)
        return self.openapi_schema


def completed(document: Document, api: FastAPI) -> Document:
    """FastAPI's document with all that it does not know."""
    for route in iter_route_contexts(api.routes):
        for method in sorted(route.methods or ()):
            operation = document["paths"].get(route.path, {}).get(method.lower())
            if operation:
                _complete(operation, route, method)
    parts = document.setdefault("components", {})
    for generated in ("HTTPValidationError", "ValidationError"):
        parts["schemas"].pop(generated, None)
    problem = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
    parts["schemas"] |= problem.pop("$defs") | {"Problem": problem}
    parts["schemas"] = dict(sorted(parts["schemas"].items()))
    parts["responses"] = {name: _refusal(status) for status, (name, _) in STATUS.items()}
    parts["securitySchemes"] = {
        SCHEME: {
            "type": "http",
            "scheme": "bearer",
            "description": "A token of the account page. Its scopes are a role, for reading or for writing.",
        }
    }
    document["tags"] = [{"name": name, "description": text} for name, text in TAGS.items()]
    document["servers"] = [{"url": "/api/v1"}]
    return document


def _complete(operation: Document, route: RouteContext, method: str) -> None:
    needs = set(_needed(route.dependant))
    roles = {ROLES[need] for need in needs if need in ROLES}
    kind = "read" if method in SAFE_METHODS else "write"
    operation["security"] = [{SCHEME: [f"{role}:{kind}"]} for role in sorted(roles)]
    operation["operationId"] = route.name
    said = " ".join(operation.pop("description", "").split())
    operation |= _split(said)
    operation["parameters"] = _parameters(operation, route.path or "")
    if version_of in needs:
        _require_version(operation)
    if route.name in BODIES and "requestBody" in operation:
        operation["requestBody"]["content"]["application/json"]["example"] = BODIES[route.name]
    _answer(operation, needs, method, said)


def _needed(dependant: Dependant) -> Iterator[Any]:
    for each in dependant.dependencies:
        yield each.call
        yield from _needed(each)


def _split(said: str) -> Document:
    """The first sentence, without its full stop, and the rest."""
    first, _, rest = said.partition(". ")
    summary = {"summary": first.removesuffix(".")}
    return {**summary, "description": rest} if rest else summary


def _parameters(operation: Document, path: str) -> list[Document]:
    """Those of the path first. Where a role is looked up by the call, the route itself does not name it."""
    known: list[Document] = operation.get("parameters", [])
    names = {parameter["name"] for parameter in known if parameter["in"] == "path"}
    for name in reversed(re.findall(r"{(\w+)}", path)):
        if name not in names:
            known.insert(0, {"name": name, "in": "path", "required": True, "schema": {"type": "string"}})
    for parameter in known:
        _explain(parameter)
    return known


def _explain(parameter: Document) -> None:
    parameter["schema"].pop("title", None)
    if parameter["in"] == "path" and parameter["name"] in PATH:
        text, example = PATH[parameter["name"]]
        parameter.setdefault("description", text)
        parameter.setdefault("example", example)


def _require_version(operation: Document) -> None:
    """The header is needed. FastAPI thinks that it may be left out, since that is answered 428, not 422."""
    for parameter in operation["parameters"]:
        if parameter["in"] == "header" and parameter["name"].lower() == "if-match":
            parameter["name"] = "If-Match"
            parameter["required"] = True
            parameter["schema"] = {"type": "string", "pattern": '^"[0-9]{1,9}"$'}
            parameter["example"] = '"3"'
            parameter.pop("examples", None)


def _answer(operation: Document, needs: set[Any], method: str, said: str) -> None:
    """Each refusal that can come, also those that the route's words name, and the headers of a success."""
    responses: Document = operation["responses"]
    named = {int(status) for status in re.findall(r"\b(?:4\d\d|503)\b", said)}
    expected = (named & STATUS.keys()) | _refusals(operation, needs, method)
    for status, response in responses.items():
        if status.startswith("2"):
            response["description"] = "As asked." if status != "204" else "Done; there is nothing to show."
            headers = _headers(needs)
            if headers:
                response["headers"] = headers
    operation["responses"] = {
        **{status: each for status, each in responses.items() if status.startswith("2")},
        **{
            str(status): {"$ref": f"#/components/responses/{STATUS[status][0]}"}
            for status in sorted(expected)
        },
    }


def _refusals(operation: Document, needs: set[Any], method: str) -> set[int]:
    places = {parameter["in"] for parameter in operation.get("parameters", ())}
    taken = operation.get("requestBody", {}).get("content", {})
    body = bool(taken)
    sends = {
        kind
        for status, response in operation["responses"].items()
        if status.startswith("2")
        for kind in response.get("content", ())
    }
    made = PDF in sends and "image/jpeg" not in sends
    can = {
        401: bool(operation["security"]),
        403: bool(operation["security"]),
        404: "path" in places or actors.manager in needs,
        409: method not in SAFE_METHODS,
        412: version_of in needs,
        428: version_of in needs,
        413: body,
        415: "application/json" in taken,
        422: body or "query" in places,
        429: made,
        503: made or "application/octet-stream" in taken or any(kind.startswith("image/") for kind in sends),
    }
    return {status for status, happens in can.items() if happens}


def _headers(needs: set[Any]) -> Document:
    headers: Document = {}
    if tag_of in needs:
        headers["ETag"] = {
            "description": "The version, for `If-Match`.",
            "required": True,
            "schema": {"type": "string", "pattern": '^"[0-9]+"$'},
        }
    if location_of in needs:
        headers["Location"] = {
            "description": "Where it is found from now on.",
            "required": True,
            "schema": {"type": "string", "format": "uri-reference"},
        }
    return headers


def _refusal(status: int) -> Document:
    code = EXAMPLES[status]
    values: dict[str, object] = {"retry_after": 60} if status == 429 else {}
    example: Document = {"type": code, "title": sentence("en", code, values), "status": status}
    if status == 422:
        missing = {"field": "reason", "code": "missing", "detail": sentence("en", "missing")}
        example["errors"] = [missing]
    answer: Document = {
        "description": STATUS[status][1],
        "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}, "example": example}},
    }
    if status == 429:
        answer["headers"] = {"Retry-After": {"required": True, "schema": {"type": "integer", "minimum": 0}}}
    if status == 401:
        answer["headers"] = {
            "WWW-Authenticate": {"required": True, "schema": {"type": "string", "const": "Bearer"}}
        }
    return answer

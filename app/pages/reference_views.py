"""The OpenAPI document as people read it: operations by noun, and the shapes that they send and answer.

What comes from the document is English, like the code it describes; it is not translated.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

Document = Mapping[str, Any]
METHODS = ("get", "post", "put", "patch", "delete")
TONES = {"GET": "info", "POST": "ok", "PUT": "warn", "PATCH": "warn", "DELETE": "err"}


@dataclass(frozen=True, slots=True)
class Piece:
    """Some words of a text; `code` where they are to be typed as they are, `href` where they lead on."""

    text: str
    code: bool = False
    href: str = ""


Text = Sequence[Piece]


@dataclass(frozen=True, slots=True)
class FieldView:
    """One parameter, or one field of a body or of an answer."""

    name: str
    place: Literal["", "path", "query", "header"]
    kind: Text
    limits: Text
    needed: bool
    text: Text


@dataclass(frozen=True, slots=True)
class ShapeView:
    """A named object: a body, an answer, or a part of them."""

    id: str
    name: str
    text: Text
    fields: Sequence[FieldView]

    @property
    def described(self) -> bool:
        """Whether any of the fields says more than its name."""
        return any(field.text for field in self.fields)


@dataclass(frozen=True, slots=True)
class AnswerView:
    """What a success holds."""

    status: str
    kind: Text
    headers: Sequence[str]


@dataclass(frozen=True, slots=True)
class RefusalView:
    """A status that refuses, and what it means."""

    id: str
    status: str
    code: str
    text: Text


@dataclass(frozen=True, slots=True)
class OperationView:
    """One operation. Without `scopes` it needs no token."""

    id: str
    method: str
    tone: str
    path: str
    summary: Text
    text: Text
    scopes: Sequence[str]
    parameters: Sequence[FieldView]
    body: ShapeView | None
    answers: Sequence[AnswerView]
    refusals: Sequence[Piece]
    example: str


@dataclass(frozen=True, slots=True)
class NounView:
    """All operations on one noun."""

    id: str
    name: str
    text: Text
    operations: Sequence[OperationView]


@dataclass(frozen=True, slots=True)
class ReferenceView:
    """The whole document."""

    title: str
    version: str
    nouns: Sequence[NounView]
    shapes: Sequence[ShapeView]
    refusals: Sequence[RefusalView]


def reference_of(document: Document, site: str) -> ReferenceView:
    """The document's views; `site` is the address that the examples name."""
    server = site + document["servers"][0]["url"]
    operations: dict[str, list[OperationView]] = {}
    for path, methods in document["paths"].items():
        for method in METHODS:
            if method in methods:
                view = _operation(document, methods[method], method.upper(), path, server)
                operations.setdefault(methods[method]["tags"][0], []).append(view)
    return ReferenceView(
        title=document["info"]["title"],
        version=document["info"]["version"],
        nouns=[
            NounView(tag["name"], tag["name"].title(), pieces(tag["description"]), operations[tag["name"]])
            for tag in document["tags"]
            if tag["name"] in operations
        ],
        shapes=[_shape(name, schema) for name, schema in document["components"]["schemas"].items()],
        refusals=[_refusal(response) for response in document["components"]["responses"].values()],
    )


def _operation(document: Document, operation: Document, method: str, path: str, server: str) -> OperationView:
    responses = operation["responses"]
    return OperationView(
        id=operation["operationId"],
        method=method,
        tone=TONES[method],
        path=path,
        summary=pieces(operation["summary"]),
        text=pieces(operation.get("description", "")),
        scopes=[scope for entry in operation["security"] for scopes in entry.values() for scope in scopes],
        parameters=[_parameter(each) for each in operation.get("parameters", ())],
        body=_body(document, operation),
        answers=[_answer(status, each) for status, each in responses.items() if status[0] == "2"],
        refusals=[Piece(status, href=f"#refusal-{status}") for status in responses if status[0] != "2"],
        example=curl(operation, method, server + path),
    )


def _parameter(parameter: Document) -> FieldView:
    schema = parameter["schema"]
    return FieldView(
        name=parameter["name"],
        place=parameter["in"],
        kind=kind_of(schema),
        limits=limits_of(schema),
        needed=parameter.get("required", False),
        text=pieces(parameter.get("description", "")),
    )


def _body(document: Document, operation: Document) -> ShapeView | None:
    if "application/json" not in operation.get("requestBody", {}).get("content", {}):
        return None
    schema = operation["requestBody"]["content"]["application/json"]["schema"]
    name = schema["$ref"].rpartition("/")[2]
    return _shape(name, document["components"]["schemas"][name])


def _answer(status: str, response: Document) -> AnswerView:
    kind: Text = ()
    for media_type, content in response.get("content", {}).items():
        shown = kind_of(content.get("schema", {}))
        kind = shown if media_type == "application/json" else [Piece(media_type, code=True)]
    return AnswerView(status=status, kind=kind, headers=list(response.get("headers", ())))


def _refusal(response: Document) -> RefusalView:
    ((_, content),) = response["content"].items()
    example = content["example"]
    return RefusalView(
        f"refusal-{example['status']}",
        str(example["status"]),
        example["type"],
        pieces(response["description"]),
    )


def _shape(name: str, schema: Document) -> ShapeView:
    needed = set(schema.get("required", ()))
    return ShapeView(
        id=shape_id(name),
        name=shape_name(name),
        text=pieces(" ".join(schema.get("description", "").split())),
        fields=[
            FieldView(
                field,
                "",
                kind_of(each),
                limits_of(each),
                field in needed,
                pieces(each.get("description", "")),
            )
            for field, each in schema.get("properties", {}).items()
        ],
    )


def shape_id(name: str) -> str:
    """The anchor of a named shape."""
    return f"shape-{name}"


def shape_name(name: str) -> str:
    """`Listed_AwardView_` is a list of them; what a person reads says so."""
    generic = re.fullmatch(r"(\w+?)_(\w+)_", name)
    return f"{generic[1]}[{generic[2]}]" if generic else name


def pieces(text: str) -> list[Piece]:
    """A text whose backticks mark what is to be typed."""
    return [Piece(part, code=bool(index % 2)) for index, part in enumerate(text.split("`")) if part]


def kind_of(schema: Document) -> list[Piece]:
    """The type of a value, with a link where it is a named shape."""
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        return [Piece(shape_name(name), href=f"#{shape_id(name)}")]
    for several in ("anyOf", "oneOf"):
        if several in schema:
            return _joined([kind_of(each) for each in schema[several]])
    kind = schema.get("type", "any")
    if kind == "array":
        return [Piece("array of "), *_one(kind_of(schema.get("items", {})))]
    if kind == "object" and isinstance(schema.get("additionalProperties"), dict):
        return [Piece("object of "), *_one(kind_of(schema["additionalProperties"]))]
    return [Piece(f"{kind} ({schema['format']})" if "format" in schema else str(kind))]


def _one(kind: list[Piece]) -> list[Piece]:
    return [Piece("("), *kind, Piece(")")] if any(piece.text == " or " for piece in kind) else kind


def _joined(kinds: list[list[Piece]]) -> list[Piece]:
    joined: list[Piece] = []
    for index, kind in enumerate(kinds):
        joined += [Piece(" or "), *kind] if index else kind
    return joined


def limits_of(schema: Document) -> list[Piece]:
    """What a value must keep to, in the terms of JSON Schema."""
    said: list[Piece] = []
    for piece in _limits(schema):
        said += [Piece("; "), *piece] if said else piece
    return said


def _limits(schema: Document) -> Iterator[list[Piece]]:
    for each in (schema, *schema.get("anyOf", ())):
        values = each.get("enum") or ([each["const"]] if "const" in each else [])
        if values:
            yield _joined([[Piece(str(value), code=True)] for value in values])
        for words, low, high in (
            ("length", "minLength", "maxLength"),
            ("items", "minItems", "maxItems"),
            ("keys", "minProperties", "maxProperties"),
            ("value", "minimum", "maximum"),
        ):
            if low in each or high in each:
                yield [Piece(f"{words} {_range(each.get(low), each.get(high))}")]
        if "exclusiveMinimum" in each:
            yield [Piece(f"value > {each['exclusiveMinimum']:.0f}")]
        if "pattern" in each:
            yield [Piece(each["pattern"], code=True)]
    if schema.get("default") not in (None, "", [], {}):
        yield [Piece("default "), Piece(json.dumps(schema["default"], ensure_ascii=False), code=True)]


def _range(low: float | None, high: float | None) -> str:
    if low is None:
        return f"≤ {high:.0f}"
    return f"≥ {low:.0f}" if high is None else f"{low:.0f} … {high:.0f}"


def curl(operation: Document, method: str, address: str) -> str:
    """A command that can be pasted into a shell, with the document's own examples."""
    parts = ["curl" if method == "GET" else f"curl -X {method}"]
    if operation["security"]:
        parts.append('-H "Authorization: Bearer $TOKEN"')
    for parameter in operation.get("parameters", ()):
        example = str(parameter.get("example", "…"))
        if parameter["in"] == "path":
            address = address.replace(f"{{{parameter['name']}}}", example)
        elif parameter["in"] == "header":
            parts.append(_quoted("-H ", f"{parameter['name']}: {example}"))
    taken = operation.get("requestBody", {}).get("content", {})
    if "application/octet-stream" in taken:
        parts.append("--data-binary @file")
    elif taken:
        content = taken["application/json"]
        body = json.dumps(content.get("example", {}), ensure_ascii=False, indent=2)
        parts += ["-H 'Content-Type: application/json'", _quoted("-d ", body)]
    return " \\\n  ".join([*parts, address])


def _quoted(option: str, text: str) -> str:
    escaped = text.replace("'", "'\\''")
    return f"{option}'{escaped}'"

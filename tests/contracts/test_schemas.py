"""What leaves the server is named field by field: never a table, and for a reviewer never a person."""

import importlib
import pkgutil
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from typing import Annotated, Any, get_args, get_origin, get_type_hints

import pytest
from annotated_types import MaxLen
from pydantic import BaseModel, TypeAdapter, ValidationError
from sqlmodel import SQLModel

import app
from app.pages.page import Page
from app.web import actors
from tests.contracts.routes import Route
from tests.contracts.test_templates import PAGES


def read_models() -> list[type[BaseModel]]:
    """Every model of a slice that some reader gets."""
    return sorted(_below(BaseModel), key=lambda each: (each.__module__, each.__name__))


def _below(parent: type[Any]) -> set[type[Any]]:
    own = {each for each in parent.__subclasses__() if each.__module__.startswith("app.")}
    return own | {inner for each in parent.__subclasses__() for inner in _below(each)}


def types_in(annotation: Any, seen: set[Any] | None = None) -> Iterator[type[Any]]:
    """Every class that a value of this type can hold, however deep."""
    seen = set() if seen is None else seen
    if get_origin(annotation) is not None or get_args(annotation):
        for part in get_args(annotation):
            yield from types_in(part, seen)
        return
    if not isinstance(annotation, type) or annotation in seen:
        return
    seen.add(annotation)
    yield annotation
    for part in _parts(annotation):
        yield from types_in(part, seen)


def _parts(kind: type[Any]) -> list[Any]:
    if issubclass(kind, BaseModel):
        return [field.annotation for field in kind.model_fields.values()]
    if is_dataclass(kind):
        hints = get_type_hints(kind)
        return [hints[field.name] for field in fields(kind)]
    return []


def is_table(kind: type[Any]) -> bool:
    return issubclass(kind, SQLModel) and hasattr(kind, "__table__")


def test_no_route_answers_with_a_table(site_routes: list[Route]) -> None:
    answering = [route for route in site_routes if route.response_model is not None]
    assert len(answering) > 10
    wrong = {
        f"{route.name}: {kind.__name__}"
        for route in answering
        for kind in types_in(route.response_model)
        if is_table(kind)
    }
    assert wrong == set()


def test_every_api_route_names_what_it_answers(site_routes: list[Route]) -> None:
    """A route without a model of its answer would send whatever its function returns; a file has none."""
    described = {"openapi", "swagger_ui_html", "swagger_ui_redirect"}
    described |= {
        "api.files.open",
        "api.files.as_read",
        "api.protocol.pdf",
        "api.redaction.file",
        "api.files.original",
        "api.reviews.file",
        "api.reviews.sheet",
        "api.reviews.texts",
        "api.blindness.paper",
        "api.desk.file",
        "api.desk.original",
        "api.logos.show",
        "api.winner_pictures.open",
    }
    silent = {route.name for route in site_routes if route.api and "GET" in route.methods}
    silent -= {route.name for route in site_routes if route.response_model is not None}
    assert {name for name in silent - described if not name.endswith(".export")} == set()


@pytest.mark.parametrize("kind", PAGES, ids=lambda kind: kind.__name__)
def test_no_page_holds_a_table(kind: type[Page]) -> None:
    hints = get_type_hints(kind)
    held = {each for field in fields(kind) for each in types_in(hints[field.name]) if is_table(each)}
    assert {each.__name__ for each in held} == set()


def capped_texts() -> dict[str, tuple[Any, int]]:
    """Every field of every model that takes a text up to some length: its type, and that length."""
    for module in pkgutil.walk_packages(app.__path__, "app."):
        if "__main__" not in module.name:
            importlib.import_module(module.name)
    return {
        f"{kind.__module__}.{kind.__name__}.{name}": (Annotated[field.annotation, *field.metadata], most)
        for kind in read_models()
        if not is_table(kind)
        for name, field in kind.model_fields.items()
        if field.annotation is str
        for most in [each.max_length for each in field.metadata if isinstance(each, MaxLen)]
    }


def test_a_text_that_is_too_long_is_refused_as_a_text() -> None:
    """Where a cleaning stands before the cap, pydantic counts "items" and the sentence makes no sense."""
    texts = capped_texts()
    assert len(texts) > 30
    refusals = {}
    for name, (kind, most) in texts.items():
        with pytest.raises(ValidationError) as refused:
            TypeAdapter(kind).validate_python("x" * (most + 1))
        refusals[name] = refused.value.errors()[0]["type"]
    assert {name: code for name, code in refusals.items() if code == "too_long"} == {}


PEOPLE_WORDS = {
    "email", "name", "phone", "person", "applicant", "team", "ref", "identity", "submitted", "created",
}  # fmt: skip
"""What no field that a reviewer gets may be called, in whole or in part."""
NAMES_OF_THINGS = {"preferred_name", "file_name", "team_size"}


def reviewers_types(routes: list[Route]) -> set[type[Any]]:
    """Every class that the answers of the API's reviewer routes hold."""
    return {
        kind
        for route in routes
        if actors.reviewer in route.needs() and route.response_model is not None
        for kind in types_in(route.response_model)
    }


def blind_read_models() -> set[type[Any]]:
    """The read models named for reviewers, and what they hold."""
    for module in pkgutil.walk_packages(app.__path__, "app."):
        if module.name.startswith(("app.applications", "app.reviews")):
            importlib.import_module(module.name)
    roots = [
        each
        for each in read_models()
        if each.__name__.startswith("Blind") or each.__module__ in {"app.reviews.own", "app.reviews.room"}
    ]
    return {kind for root in roots for kind in types_in(root)}


def test_no_field_that_a_reviewer_gets_names_a_person(site_routes: list[Route]) -> None:
    kinds = reviewers_types(site_routes) | blind_read_models()
    named = {
        f"{kind.__module__}.{kind.__name__}.{name}"
        for kind in kinds
        if kind.__module__.startswith("app.")
        for name in (kind.model_fields if issubclass(kind, BaseModel) else [])
        if any(part in PEOPLE_WORDS for part in name.split("_")) and name not in NAMES_OF_THINGS
    }
    assert len(kinds) > 3
    assert named == set()


def test_no_type_that_a_reviewer_gets_is_open(site_routes: list[Route]) -> None:
    """`extra="forbid"`: a value of a wider type cannot slip through a narrower one."""
    kinds = blind_read_models()
    loose = {
        kind.__name__
        for kind in kinds
        if issubclass(kind, BaseModel)
        and kind.__module__.startswith(("app.applications", "app.reviews"))
        and kind.model_config.get("extra") != "forbid"
    }
    assert loose == set()


def test_read_models_are_frozen() -> None:
    named = ("Own", "Blind", "Full", "Public")
    loose = {
        f"{each.__module__}.{each.__name__}"
        for each in read_models()
        if each.__name__.startswith(named)
        # A table, or what is handed in, may begin with one of these words too.
        and not each.__module__.startswith(("app.api", "app.models"))
        and not each.__name__.endswith("Input")
        and not each.model_config.get("frozen")
    }
    assert loose == set()

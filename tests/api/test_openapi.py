"""The OpenAPI document and its page: complete, true to the code, readable."""

import re
from html.parser import HTMLParser
from typing import Annotated, Any

import pytest
from fastapi import FastAPI
from pydantic import BaseModel, TypeAdapter, ValidationError
from sqlmodel import SQLModel

from app.api.bodies import _AsJson
from app.api.examples import BODIES
from app.api.openapi import SCHEME
from app.reviews.inputs import ScoreInput
from tests.conftest import Client
from tests.contracts.routes import Route, routes_of


@pytest.fixture
def document(client: Client) -> dict[str, Any]:
    answer = client().get("/api/v1/openapi.json")
    assert answer.status_code == 200
    found: dict[str, Any] = answer.json()
    return found


@pytest.fixture(scope="module")
def api_routes(built: FastAPI) -> list[Route]:
    return [route for route in routes_of(built) if route.api and route.name != "openapi"]


def operations(document: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {each["operationId"]: each for methods in document["paths"].values() for each in methods.values()}


def test_every_route_is_documented_by_its_name(document: dict[str, Any], api_routes: list[Route]) -> None:
    assert len(api_routes) > 60
    assert set(operations(document)) == {route.name for route in api_routes}


def test_every_operation_says_what_it_does_who_may_and_what_is_refused(document: dict[str, Any]) -> None:
    tags = {tag["name"] for tag in document["tags"] if tag["description"]}
    for name, each in operations(document).items():
        assert each["summary"], name
        assert not each["summary"].startswith("Api."), name
        assert each["tags"][0] in tags, name
        if each["security"]:
            ((scope,),) = [entry[SCHEME] for entry in each["security"]]
            assert re.fullmatch(r"(applicant|reviewer|coordinator|contact):(read|write)", scope), name
            assert {"401", "403"} <= each["responses"].keys(), name
        for parameter in each["parameters"]:
            assert parameter["description"], (name, parameter["name"])
            assert "example" in parameter or parameter["in"] == "query", (name, parameter["name"])
        assert "HTTPValidationError" not in str(each), name


def test_every_body_is_strict_json_that_knows_all_its_fields(api_routes: list[Route]) -> None:
    bodies = 0
    for route in api_routes:
        for param in route.dependant.body_params if route.dependant else ():
            bodies += 1
            model = param.field_info.annotation
            assert isinstance(model, type) and issubclass(model, BaseModel), route.name
            assert any(isinstance(extra, _AsJson) for extra in param.field_info.metadata), route.name
            assert model.model_config.get("extra") == "forbid", route.name
            assert route.name in BODIES, f"{route.name} has no example"
            TypeAdapter(model).validate_json(_json(BODIES[route.name]), strict=True)
    assert bodies == len(BODIES)


def _json(value: Any) -> bytes:
    return TypeAdapter(Any).dump_json(value)


def test_a_whole_number_may_be_written_with_a_point() -> None:
    body: TypeAdapter[ScoreInput] = TypeAdapter(Annotated[ScoreInput, _AsJson()])
    known = body.validate_python({"score": 91, "reason": "3.0"})
    assert body.validate_python({"score": 91.0, "reason": "3.0"}) == known
    for broken in (91.5, True, "91", 1e300):
        with pytest.raises(ValidationError):
            body.validate_python({"score": broken})


@pytest.mark.parametrize(
    ("name", "also"),
    [
        ("api.protocol.pdf", {"429", "503"}),
        ("api.reviews.sheet", {"429", "503"}),
        ("api.files.add_picture", {"503"}),
        ("api.redaction.decide", {"503"}),
        ("api.reviews.save", set()),
    ],
)
def test_what_makes_documents_or_keeps_files_may_be_away(
    document: dict[str, Any], name: str, also: set[str]
) -> None:
    assert operations(document)[name]["responses"].keys() & {"429", "503"} == also


def test_no_answer_is_a_table_and_every_list_is_paged(
    document: dict[str, Any], api_routes: list[Route]
) -> None:
    for route in api_routes:
        model = route.response_model
        assert not (isinstance(model, type) and issubclass(model, SQLModel)), route.name
    for name, each in operations(document).items():
        for status, answer in each["responses"].items():
            for content in answer.get("content", {}).values():
                assert content["schema"].get("type") != "array", (name, status)
        if name.endswith(".list") and name != "api.results.list":
            assert {"limit", "offset"} <= {parameter["name"] for parameter in each["parameters"]}, name


# ---------------------------------------------------------------- the page


class Anchors(HTMLParser):
    """Every id of a page, every link within it, and what would be executed."""

    def __init__(self) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.links: list[str] = []
        self.scripts: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if given.get("id"):
            self.ids.append(str(given["id"]))
        if tag == "a" and str(given.get("href", "")).startswith("#"):
            self.links.append(str(given["href"])[1:])
        if tag == "script":
            self.scripts.append(str(given.get("src", "")))


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_reference_shows_every_operation_in_the_readers_language(
    client: Client, document: dict[str, Any], language: str
) -> None:
    answer = client().get("/api/v1/docs", headers={"Accept-Language": language})
    assert answer.status_code == 200
    assert f'<html lang="{language}"' in answer.text
    assert "cdn.jsdelivr.net/npm/swagger" not in answer.text
    page = Anchors()
    page.feed(answer.text)
    assert set(operations(document)) <= set(page.ids)
    assert set(page.links) <= set(page.ids)
    assert len(page.ids) == len(set(page.ids))
    assert answer.text.count('<pre class="codebox">') == len(operations(document))


def test_reference_is_made_once_and_has_no_personal_part(client: Client) -> None:
    first = client().get("/api/v1/docs?l=en")
    again = client("ada").get("/api/v1/docs?l=en")
    assert again.content == first.content
    assert "Sign out" not in again.text
    same = client().get("/api/v1/docs?l=en", headers={"If-None-Match": first.headers["etag"]})
    assert (same.status_code, same.content) == (304, b"")
    assert "unsafe-inline" not in first.headers["content-security-policy"]

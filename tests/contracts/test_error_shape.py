"""One error shape: every refusal of the API is the same kind of JSON, every refusal of the site a page."""

import json

import pytest

from app.messages.sentences import SENTENCES
from app.models.calls import Phase
from tests.contracts.running import ANONYMOUS, Running
from tests.contracts.visitor import Answer

JSON = {"content-type": "application/json"}
FORM = {"content-type": "application/x-www-form-urlencoded"}


def api_refusals(running: Running) -> dict[str, tuple[int, Answer]]:
    """Each way in which the API refuses, with the status that it must have."""
    opened = running.fair.stalls[str(Phase.OPEN)].entries["carol"]
    section = f"/api/v1/applications/{opened.ref}/sections/brief"
    carol, nobody = running.visitor("carol", api=True), running.visitor(ANONYMOUS, api=True)
    first, old = ({**JSON, "if-match": version} for version in ('"1"', '"99"'))
    large = b'{"title": "' + b"x" * 600_000 + b'"}'
    return {
        "no token": (401, nobody.get("/api/v1/applications")),
        "unknown address": (404, nobody.get("/api/v1/nowhere")),
        "unknown id": (404, carol.get("/api/v1/applications/WA26-NOSUCH")),
        "wrong method": (405, carol.request("PATCH", "/api/v1/applications")),
        "bad query": (422, carol.get("/api/v1/applications?limit=none")),
        "no version": (428, carol.request("PUT", section, headers=JSON, content=b"{}")),
        "old version": (
            412,
            carol.request("PUT", section, headers=old, content=b'{"answers": {}}'),
        ),
        "broken JSON": (422, carol.request("PUT", section, headers=first, content=b"{")),
        "too large": (413, carol.request("PUT", section, headers=first, content=large)),
    }


def test_api_refuses_in_one_shape(running: Running) -> None:
    for name, (status, answer) in api_refusals(running).items():
        assert answer.status_code == status, name
        assert answer.headers["content-type"] == "application/problem+json", name
        body = json.loads(answer.text)
        assert {"type", "title", "status"} <= body.keys() <= {"type", "title", "status", "errors"}, name
        assert body["status"] == status, name
        assert body["type"] in SENTENCES, name
        for each in body.get("errors", []):
            assert each.keys() == {"field", "code", "detail"}, name
            assert each["code"] in SENTENCES, name


@pytest.mark.parametrize(("language", "letters"), [("kk", "әғқңөұүһі"), ("ru", "ы")])
def test_api_refuses_in_the_language_asked_for(running: Running, language: str, letters: str) -> None:
    headers = {"accept-language": language}
    body = json.loads(running.visitor(ANONYMOUS, api=True).get("/api/v1/applications", headers).text)
    assert body["title"] != SENTENCES["unauthenticated"]


@pytest.mark.parametrize("fragment", [False, True], ids=["page", "fragment"])
def test_site_refuses_with_a_page_in_the_language_of_the_address(running: Running, fragment: bool) -> None:
    headers = {"HX-Request": "true"} if fragment else {}
    ada = running.visitor("ada")
    for path, method, status in (
        ("/kk/nowhere", "GET", 404),
        ("/kk/apply/WA26-NOSUCH", "GET", 404),
        ("/kk/my", "DELETE", 405),
    ):
        answer = ada.request(method, path, headers=headers)
        assert answer.status_code == status
        assert answer.headers["content-type"] == "text/html; charset=utf-8"
        assert ('lang="kk"' in answer.text) is not fragment
        assert 'id="problem"' in answer.text


def test_refusal_never_shows_what_the_framework_says(running: Running) -> None:
    for status, answer in api_refusals(running).values():
        for words in ("Traceback", "pydantic", "sqlalchemy", "Not Found", "Method Not Allowed", '{"detail"'):
            assert words not in answer.text, (status, words)

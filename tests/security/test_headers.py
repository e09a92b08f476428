"""Every kind of answer carries the headers that keep it safe in a browser."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

import pytest

from app.models.calls import Phase
from app.pages import home
from app.settings import Settings
from app.web.guard import Guard, content_security_policy
from tests.contracts.running import ANONYMOUS, Running
from tests.contracts.visitor import Answer

SAFETY = {
    "x-content-type-options": "nosniff",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}
PRESENT = ("referrer-policy", "permissions-policy", "cache-control")
POLICY = {
    "default-src": "'none'",
    "style-src": "'self'",
    "connect-src": "'self'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
    "base-uri": "'none'",
    "object-src": "'none'",
}
FORM = {"content-type": "application/x-www-form-urlencoded"}
FRAGMENT = {"HX-Request": "true"}


@dataclass(frozen=True)
class Kind:
    """One kind of answer: how to get it, and the status that shows that it is that kind."""

    name: str
    status: int
    path: str
    method: str = "GET"
    person: str = ANONYMOUS
    headers: tuple[tuple[str, str], ...] = ()
    content: bytes = b""
    api: bool = False


def kinds(running: Running) -> list[Kind]:
    reviewing = running.fair.stalls[str(Phase.REVIEWING)]
    opened = running.fair.stalls[str(Phase.OPEN)]
    review = f"/en/review/{reviewing.slug}/{reviewing.entries['ada'].code}"
    tasks = f"/en/apply/{opened.entries['ada'].ref}"
    status = f"/en/my/{opened.entries['ada'].ref}"
    cross = (("Sec-Fetch-Site", "cross-site"), ("Sec-Fetch-Mode", "cors"))
    return [
        Kind("page", 200, "/en/"),
        Kind("own page", 200, status, person="ada"),
        Kind("fragment", 200, review, person="rita", headers=tuple(FRAGMENT.items())),
        Kind("redirect", 303, "/en/my"),
        Kind("missing", 404, "/en/nowhere"),
        Kind("hidden", 404, tasks, person="ben"),
        Kind("wrong method", 405, "/en/my", method="DELETE", person="ada"),
        Kind("bad input", 422, "/en/sign-in", method="POST", content=b"email=x", headers=tuple(FORM.items())),
        Kind("cross-site", 403, "/en/", headers=cross),
        Kind("static", 200, "/static/site.css"),
        Kind("static missing", 404, "/static/nothing.css"),
        Kind("health", 200, "/health"),
        Kind("json", 200, "/api/v1/applications", person="ada", api=True),
        Kind("json refused", 401, "/api/v1/applications", api=True),
        Kind("json missing", 404, "/api/v1/nowhere", api=True),
        Kind(
            "export",
            200,
            f"/en/desk/{running.fair.stalls['revealing'].slug}/ranking/table.csv",
            person="cora",
        ),
        Kind("head", 200, "/en/", method="HEAD"),
    ]


def asked(running: Running, kind: Kind) -> Answer:
    visitor = running.visitor(kind.person, api=kind.api)
    return visitor.request(kind.method, kind.path, headers=dict(kind.headers), content=kind.content)


def unsafe(headers: Mapping[str, str]) -> list[str]:
    """Which of the headers are missing or wrong."""
    wrong = [name for name, value in SAFETY.items() if headers.get(name) != value]
    wrong += [
        name for name in ("referrer-policy", "permissions-policy", "cache-control") if name not in headers
    ]
    policy = directives(headers.get("content-security-policy", ""))
    wrong += [name for name, value in POLICY.items() if policy.get(name) != value]
    return wrong


def directives(policy: str) -> dict[str, str]:
    parts = (part.strip().partition(" ") for part in policy.split(";") if part.strip())
    return {name: value for name, _, value in parts}


def test_every_kind_of_answer_has_the_headers(running: Running) -> None:
    wrong = {}
    for kind in kinds(running):
        answer = asked(running, kind)
        assert answer.status_code == kind.status, kind
        if missing := unsafe(answer.headers):
            wrong[kind.name] = missing
    assert wrong == {}


def test_a_failure_has_the_headers_and_says_nothing(
    running: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What fails inside is answered from outside everything else, and must be as safe."""

    def breaks(*_: object, **__: object) -> None:
        raise RuntimeError("the secret of the house")

    monkeypatch.setattr(home, "HomeShow", breaks)
    answer = running.visitor(ANONYMOUS).get("/en/?fails=1")
    assert answer.status_code == 500
    assert "secret of the house" not in answer.text
    assert "RuntimeError" not in answer.text
    assert unsafe(answer.headers) == []


def test_only_what_is_the_same_for_everybody_may_be_kept(running: Running) -> None:
    """`no-store` on everything but pages without a person in them and our own files."""
    for kind in kinds(running):
        answer = asked(running, kind)
        kept = "no-store" not in answer.headers["cache-control"]
        if kept:
            assert kind.person == ANONYMOUS, kind
            assert "set-cookie" not in answer.headers, kind
            assert kind.path.startswith("/static/") or "Cookie" in answer.headers.get("vary", ""), kind


def test_pages_tell_caches_of_fragments(running: Running) -> None:
    for kind in kinds(running):
        answer = asked(running, kind)
        if answer.headers.get("content-type", "").startswith("text/html") and kind.person != ANONYMOUS:
            assert "HX-Request" in answer.headers["vary"], kind


def test_scripts_come_from_here_and_from_one_pinned_file() -> None:
    policy = directives(content_security_policy(Settings(_env_file=None)))
    assert policy["script-src"] == f"'self' {Settings(_env_file=None).htmx_url}"
    assert "unsafe" not in " ".join(policy.values())
    assert re.fullmatch(r"https://[\w./@-]+\.js", Settings(_env_file=None).htmx_url)


def test_scripts_come_from_here_alone_where_htmx_is_served_here() -> None:
    here = Settings(_env_file=None, htmx_url="/vendor/htmx-2.0.11.min.js")
    assert directives(content_security_policy(here))["script-src"] == "'self'"


def test_https_is_remembered_where_there_is_https() -> None:
    secure = Settings(_env_file=None, base_url="https://grants.example.org")
    assert "max-age=31536000" in Guard(lambda *_: None, secure).headers["strict-transport-security"]  # type: ignore[arg-type]
    plain = Settings(_env_file=None)
    assert "strict-transport-security" not in Guard(lambda *_: None, plain).headers  # type: ignore[arg-type]


def test_no_answer_names_its_software(running: Running) -> None:
    for kind in kinds(running):
        headers = asked(running, kind).headers
        assert not {"server", "x-powered-by"} & headers.keys(), kind

"""A request that another site makes a browser send changes nothing and learns nothing."""

import pytest

from app.models.calls import Phase
from tests.contracts.running import ANONYMOUS, Running

FORM = {"content-type": "application/x-www-form-urlencoded"}
FORGED = {
    "cross-site": {"Sec-Fetch-Site": "cross-site"},
    "same-site": {"Sec-Fetch-Site": "same-site"},
    "origin": {"Origin": "https://evil.example"},
    "null origin": {"Origin": "null"},
    "port": {"Origin": "http://testserver:81"},
    "suffix": {"Origin": "http://testserver.evil.example"},
    "both": {"Sec-Fetch-Site": "cross-site", "Origin": "http://testserver"},
}
OWN = {
    "same-origin": {"Sec-Fetch-Site": "same-origin", "Origin": "http://testserver"},
    "typed": {"Sec-Fetch-Site": "none"},
    "origin": {"Origin": "http://testserver"},
    "neither": {},
}


def writes(running: Running) -> list[tuple[str, str]]:
    """Every address of the site that takes anything but a GET."""
    found = []
    for route in running.routes:
        if not route.api:
            path = route.at(**dict.fromkeys(route.params, "x"))
            found += [(method, path) for method in route.methods - {"GET"}]
    assert len(found) > 40
    return found


@pytest.mark.parametrize("forged", FORGED.values(), ids=FORGED)
def test_forged_write_is_refused_the_same_everywhere(running: Running, forged: dict[str, str]) -> None:
    """One answer for every address, whoever is signed in and whatever is there."""
    answers = {
        (answer.status_code, answer.content, tuple(sorted(answer.headers)))
        for person in (ANONYMOUS, "ada", "cora")
        for method, path in writes(running)
        for answer in [running.visitor(person).request(method, path, headers=FORM | forged, content=b"a=b")]
    }
    assert len(answers) == 1
    assert next(iter(answers))[0] == 403


@pytest.mark.parametrize("own", OWN.values(), ids=OWN)
def test_own_write_is_let_through(running: Running, own: dict[str, str]) -> None:
    answer = running.visitor(ANONYMOUS).request("POST", "/en/sign-in", headers=FORM | own, content=b"email=x")
    assert answer.status_code == 422


def test_forged_image_or_script_learns_nothing(running: Running) -> None:
    """A load by another site's page is one uniform 403: its size says nothing of what is here."""
    opened = running.fair.stalls[str(Phase.OPEN)]
    paths = ["/en/", "/en/my", f"/en/apply/{opened.entries['ada'].ref}", "/en/apply/WA26-NOSUCH", "/nowhere"]
    loads = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "no-cors", "Sec-Fetch-Dest": "image"}
    answers = {
        (answer.status_code, answer.content, tuple(sorted(answer.headers)))
        for person in (ANONYMOUS, "ada")
        for path in paths
        for answer in [running.visitor(person).get(path, headers=loads)]
    }
    assert len(answers) == 1
    assert next(iter(answers))[0] == 403


def test_link_from_another_site_opens(running: Running) -> None:
    follows = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document"}
    assert running.visitor("ada").get("/en/my", headers=follows).status_code == 200


def test_framing_and_embedding_are_refused(running: Running) -> None:
    framed = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "iframe"}
    answer = running.visitor("ada").get("/en/my", headers=framed)
    assert answer.status_code == 403 or "frame-ancestors 'none'" in answer.headers["content-security-policy"]


def test_no_answer_lets_another_site_read(running: Running) -> None:
    for path in ("/en/", "/api/v1/calls"):
        answer = running.visitor(ANONYMOUS).get(path, headers={"Origin": "https://evil.example"})
        assert not [name for name in answer.headers if name.startswith("access-control-")]


def test_cookie_opens_nothing_in_the_api(running: Running) -> None:
    cookie = running.visitor("ada").headers["cookie"]
    answer = running.asking.visitor({"cookie": cookie}).get("/api/v1/applications")
    assert answer.status_code == 401


def test_token_opens_nothing_on_the_site(running: Running) -> None:
    token = running.visitor("ada", api=True).headers["authorization"]
    answer = running.asking.visitor({"authorization": token}).get("/en/my")
    assert (answer.status_code, answer.headers["location"].split("?")[0]) == (303, "/en/sign-in")

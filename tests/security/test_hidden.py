"""What one may not see cannot be told from what does not exist: same status, same headers, same bytes."""

import re
from urllib.parse import quote

import pytest

from app.models.calls import Phase
from tests.contracts.fair import FOREIGN, REVIEWERS
from tests.contracts.routes import Route
from tests.contracts.running import ANONYMOUS, Running
from tests.contracts.test_authorization import may_call, nothing_is_kept, values
from tests.contracts.visitor import Answer

OPEN_WORDS = {"section", "page", "part", "criterion", "organisation"}
"""What a path may say that is no id of anything hidden."""
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")
BODIES = {True: (b"{}", "application/json"), False: (b"a=b", "application/x-www-form-urlencoded")}
ODD = {"if-match": '"999"'}


def twin(value: str) -> str:
    """An id of the same form that does not exist: same length, same kind of characters."""

    def other(char: str) -> str:
        if char.isdigit():
            return "0"
        if not char.isalpha():
            return char
        # A letter of the same alphabet, so that it takes as many bytes.
        like = "zZ" if char.isascii() else "жЖ"
        return like[char.isupper()]

    return "".join(map(other, value))


def told(answer: Answer, path: str) -> tuple[object, ...]:
    """All that can be observed, but for the address itself, which links of the page repeat."""
    inner = path.split("/", 2)[-1]
    said = answer.content
    for spelling in (inner, quote(inner), quote(inner, safe="")):
        said = said.replace(spelling.encode(), b"")
    headers = {name: value for name, value in answer.headers.items() if name not in {"date", "location"}}
    return answer.status_code, sorted(headers.items()), said


def pairs(running: Running, route: Route, stall: str, person: str) -> list[tuple[str, str]]:
    """The address of something hidden, and the same with ids that exist nowhere."""
    there = values(running.fair.stalls[stall])
    # That the call is there is no secret to its own reviewers.
    ids = {each: there[each] for each in route.params}
    return [
        (route.at(**ids), route.at(**ids | {name: twin(there[name])}))
        for name in route.params
        if name not in OPEN_WORDS and not (name == "call" and person in REVIEWERS)
    ]


@pytest.mark.parametrize("person", ["zoe", "ben", "rolf", "olga", ANONYMOUS])
def test_hidden_and_missing_are_one(running: Running, person: str) -> None:
    wrong = []
    with nothing_is_kept(running):
        for route in running.routes:
            if person in may_call(route.name):
                continue
            body, kind = BODIES[route.api]
            visitor = running.visitor(person, api=route.api)
            for stall in (str(Phase.REVIEWING), str(Phase.OPEN)):
                for real, unreal in pairs(running, route, stall, person):
                    for method in METHODS if method_matters(route) else route.methods:
                        sent = b"" if method in {"GET", "HEAD"} else body
                        headers = {"content-type": kind, **ODD} if sent else {}
                        one = visitor.request(method, real, headers=headers, content=sent)
                        other = visitor.request(method, unreal, headers=headers, content=sent)
                        if told(one, real) != told(other, unreal):
                            wrong.append((method, real, one.status_code, other.status_code))
    assert wrong == []


def method_matters(route: Route) -> bool:
    """Wrong methods are tried on one route of each medium: the framework refuses them all alike."""
    return route.name in {"applications.tasks", "api.applications.show", "desk.home"}


def test_ids_of_two_sides_have_nothing_in_common(running: Running) -> None:
    """A reference says nothing of the reviewers' code, and neither of the order in which they came."""
    entries = [entry for _, entry in running.fair.entries()]
    for entry in entries:
        digits = set(re.findall(r"\d{3,}", entry.ref)) & set(re.findall(r"\d{3,}", entry.code))
        assert not digits
    refs = [entry.ref for entry in entries]
    assert refs != sorted(refs)
    assert len({entry.code for entry in entries} | set(refs)) == 2 * len(entries)


def test_reviewers_have_different_orders(running: Running) -> None:
    """The queue is ordered by a secret of each reviewer, so that its order tells nothing."""
    stall = running.fair.stalls[FOREIGN]
    assert stall.entries
    reviewing = running.fair.stalls[str(Phase.REVIEWING)]
    orders = set()
    for reviewer in ("anna", "karl", "rita", "rolf"):
        page = running.visitor(reviewer).get(f"/en/review/{reviewing.slug}").text
        codes = [entry.code for entry in reviewing.entries.values() if entry.code in page]
        orders.add(tuple(sorted(codes, key=page.index)))
    assert len(orders) > 1

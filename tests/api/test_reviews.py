"""A reviewer's reviews over the API: the same rules, by tokens, with versions in headers."""

import pytest
from sqlalchemy import Engine
from sqlmodel import select

from app.database import session_on
from app.models.applications import Application
from app.models.reviews import Assignment, Tie
from tests.conftest import Client, Clock
from tests.factories import OWN_WORD, REVIEWING, make_assignment, make_sent_application, open_reviewing_rows
from tests.world import World

REVIEWS = "/api/v1/calls/2026/reviews"
REASON = "The numbers come from a survey that is named."


@pytest.fixture
def application(engine: Engine, world: World, clock: Clock) -> Application:
    clock.now = REVIEWING
    with session_on(engine) as session, session.begin():
        application = make_sent_application(session, world)
        open_reviewing_rows(session, world)
        make_assignment(session, world, application, "rita", tie=None)
    return application


def body(score: int = 4, **more: object) -> dict[str, object]:
    scores = {code: {"score": score} for code in ("need", "work_plan", "budget", "sustainability")}
    return {"scores": scores, **more}


def test_the_whole_way_of_a_review(client: Client, application: Application) -> None:
    rita, path = client("rita", api=True), f"{REVIEWS}/{application.code}"
    (line,) = rita.get(REVIEWS).json()["items"]
    assert (line["code"], line["progress"]) == (application.code, "to_do")
    asked = rita.get(path).json()
    assert (asked["situation"], asked["application"]) == ("asked", None)
    assert rita.put(f"{path}/scores", json=body(), headers={"If-Match": '"0"'}).status_code == 409
    assert rita.put(f"{path}/tie", json={"tie": "none"}).status_code == 204
    read = rita.get(path)
    assert read.json()["situation"] == "scoring"
    assert OWN_WORD in read.text
    assert "canary" not in read.text.lower()
    assert rita.get(f"{path}/scores").headers["etag"] == '"0"'

    saved = rita.put(f"{path}/scores", json=body(), headers={"If-Match": '"0"'})
    assert (saved.status_code, saved.headers["etag"]) == (200, '"1"')
    assert saved.json()["total"] == "75"
    assert saved.json()["sent_at"] is None
    sent = rita.post(f"{path}/send", headers={"If-Match": '"1"'})
    assert (sent.status_code, sent.headers["etag"]) == (200, '"2"')
    assert sent.json()["sent_at"] == "2026-03-20T13:00:00Z"
    assert rita.get(REVIEWS).json()["items"][0]["progress"] == "sent"


def test_a_write_names_its_version(client: Client, engine: Engine, application: Application) -> None:
    with session_on(engine) as session, session.begin():
        session.exec(select(Assignment)).one().tie = Tie.NONE
    rita, path = client("rita", api=True), f"{REVIEWS}/{application.code}"
    assert rita.put(f"{path}/scores", json=body()).status_code == 428
    assert rita.post(f"{path}/send").status_code == 428
    assert rita.put(f"{path}/scores", json=body(), headers={"If-Match": '"0"'}).status_code == 200
    assert rita.put(f"{path}/scores", json=body(3), headers={"If-Match": '"0"'}).status_code == 412
    assert rita.put(f"{path}/scores", json=body(3), headers={"If-Match": "nonsense"}).status_code == 412


def test_gaps_and_nonsense_are_refused_by_field(
    client: Client, engine: Engine, application: Application
) -> None:
    with session_on(engine) as session, session.begin():
        session.exec(select(Assignment)).one().tie = Tie.NONE
    rita, path = client("rita", api=True), f"{REVIEWS}/{application.code}"
    both = {"scores": {"need": {"score": 3, "cannot_judge": True}}}
    words = {"scores": {"need": {"score": "4"}}}
    first = {"If-Match": '"0"'}
    far: dict[str, object] = {"scores": {"need": {"score": 9}}}
    others: list[dict[str, object]] = [{"scores": {"taste": {}}}, {"marks": {}}]
    for wrong in (both, words, far, *others):
        answer = rita.put(f"{path}/scores", json=wrong, headers=first)
        assert answer.status_code == 422, wrong
        assert answer.headers["content-type"] == "application/problem+json"
    assert rita.put(f"{path}/scores", json=body(1), headers=first).status_code == 200
    refused = rita.post(f"{path}/send", headers={"If-Match": '"1"'})
    assert refused.status_code == 422
    assert [error["field"] for error in refused.json()["errors"]] == [
        f"scores.{code}.reason" for code in ("need", "work_plan", "budget", "sustainability")
    ]


def test_cannot_judge_leaves_no_total(client: Client, engine: Engine, application: Application) -> None:
    with session_on(engine) as session, session.begin():
        session.exec(select(Assignment)).one().tie = Tie.NONE
    rita, path = client("rita", api=True), f"{REVIEWS}/{application.code}"
    given = body()
    given["scores"]["budget"] = {"cannot_judge": True, "reason": REASON}  # type: ignore[index]
    saved = rita.put(f"{path}/scores", json=given, headers={"If-Match": '"0"'}).json()
    assert saved["total"] is None
    assert saved["scores"]["budget"] == {"score": None, "cannot_judge": True, "reason": REASON}
    assert rita.post(f"{path}/send", headers={"If-Match": '"1"'}).status_code == 200


@pytest.mark.parametrize("name", ["rolf", "cora", "ada"])
def test_a_stranger_finds_nothing(client: Client, application: Application, name: str) -> None:
    someone, path = client(name, api=True), f"{REVIEWS}/{application.code}"
    match = {"If-Match": '"0"'}
    assert someone.get(path).status_code == 404
    assert someone.get(f"{path}/scores").status_code == 404
    assert someone.put(f"{path}/scores", json=body(), headers=match).status_code == 404
    assert someone.put(f"{path}/tie", json={"tie": "none"}).status_code == 404
    assert someone.post(f"{path}/send", headers=match).status_code == 404
    assert client(api=True).get(path).status_code == 401

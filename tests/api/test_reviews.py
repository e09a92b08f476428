"""A reviewer's reviews over the API: the same rules, by tokens, with versions in headers."""

import pytest
from sqlalchemy import Engine
from sqlmodel import select

from app.database import session_on
from app.models.applications import Application
from app.models.redaction import ClearedPacket
from app.models.reviews import Assignment, Review, Tie
from app.reviews.practice import proposal
from tests.conftest import Client, Clock
from tests.factories import (
    OWN_WORD,
    REVIEWING,
    count_of,
    make_assignment,
    make_review,
    make_sent_application,
    open_reviewing_rows,
)
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


def test_setting_aside_reading_again_and_telling_the_coordinator(
    client: Client, engine: Engine, world: World, application: Application
) -> None:
    rita, path = client("rita", api=True), f"{REVIEWS}/{application.code}"
    assert rita.post(f"{path}/set-aside").status_code == 409, "the question about ties comes first"
    before = rita.get(path).json()
    assert before.keys() == {
        "situation", "set_aside", "returned", "discussed", "card", "application", "text_version", "changed",
    }  # fmt: skip
    assert (before["text_version"], before["changed"]) == (None, [])
    assert rita.put(f"{path}/tie", json={"tie": "none"}).status_code == 204
    with session_on(engine) as session, session.begin():
        cleared = session.get_one(ClearedPacket, application.id)
        cleared.version, cleared.changes = 3, {"2": ["need.problem"], "3": ["brief.title"]}
    changed = rita.get(path).json()
    assert (changed["text_version"], changed["changed"]) == (3, ["brief.title", "need.problem"])
    assert rita.post(f"{path}/read", json={"text_version": 2}).status_code == 204
    assert rita.get(path).json()["changed"] == ["brief.title"]
    assert rita.post(f"{path}/read", json={"text_version": 3}).status_code == 204
    assert rita.get(path).json()["changed"] == []

    assert rita.post(f"{path}/set-aside").status_code == 204
    queue = rita.get(REVIEWS).json()
    assert (queue["items"][0]["set_aside"], queue["done"], queue["counted"]) == (True, 0, 1)
    assert (queue["next_code"], queue["open"], queue["discussed"]) == (application.code, True, False)
    assert queue["pace"] == {"waiting": 1, "today": 1, "days": 19}
    assert rita.post(f"{path}/take-up").status_code == 204
    assert rita.get(path).json()["set_aside"] is False

    noticed = {"kind": "safety", "words": "Children on the road"}
    assert rita.post(f"{path}/flags", json=noticed | {"to": "x"}).status_code == 422
    assert rita.post(f"{path}/flags", json=noticed).status_code == 204
    (flag,) = client("cora", api=True).get("/api/v1/calls/2026/flags").json()["items"]
    assert (flag["kind"], flag["words"], flag["ref"]) == ("safety", "Children on the road", application.ref)
    for name in ("rolf", "cora", "ada"):
        someone = client(name, api=True)
        for act, given in (("set-aside", None), ("take-up", None), ("read", {"text_version": 1}),
                           ("flags", noticed)):  # fmt: skip
            assert someone.post(f"{path}/{act}", json=given).status_code == 404
    with session_on(engine) as session, session.begin():
        make_review(session, world, session.exec(select(Assignment)).one())
    assert rita.post(f"{path}/set-aside").status_code == 409


def test_practice_gives_the_panels_scores_only_for_ones_own(
    client: Client, engine: Engine, world: World
) -> None:
    rita, path = client("rita", api=True), "/api/v1/calls/2026/practice"
    reasons = [each.reason["en"] for each in proposal("en", 1).references.values()]
    listed, shown = rita.get(path), rita.get(f"{path}/1")
    assert [each["number"] for each in listed.json()["items"]] == [1, 2]
    assert shown.json().keys() == {"number", "title", "summary", "sections", "criteria"}
    assert not [reason for reason in reasons if reason in listed.text + shown.text]
    assert rita.post(f"{path}/1/scores", json={"scores": {"need": {}}}).json() == {"criteria": []}
    for wrong, field in (
        ({"taste": {"score": 3}}, "scores.taste"),
        ({"need": {"score": 9}}, "scores.need.score"),
    ):
        answer = rita.post(f"{path}/1/scores", json={"scores": wrong})
        assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, field)
    own = {"need": {"score": 3}, "budget": {"cannot_judge": True}}
    found = rita.post(f"{path}/1/scores", json={"scores": own}).json()["criteria"]
    assert {each["criterion"]: (each["own"], each["cannot_judge"]) for each in found} == {
        "need": (3, False),
        "work_plan": (None, False),
        "budget": (None, True),
        "sustainability": (None, False),
    }
    assert [each["reason"]["en"] for each in found] == reasons
    with session_on(engine, reading=True) as session:
        assert count_of(session, Review) == 0
    statuses = [rita.get(f"{path}/{number}").status_code for number in ("0", "3", "x")]
    assert (
        statuses
        == [client(name, api=True).get(path).status_code for name in ("ada", "cora", "zoe")]
        == [404] * 3
    )


def test_texts_and_sheet_are_those_of_the_pages(
    client: Client, engine: Engine, world: World, application: Application
) -> None:
    with session_on(engine) as session, session.begin():
        session.exec(select(Assignment)).one().tie = Tie.NONE
    rita, pages = client("rita", api=True), client("rita")
    for file in ("texts", "sheet"):
        answer = rita.get(f"/api/v1/calls/2026/{file}.pdf")
        assert (answer.status_code, answer.headers["content-type"]) == (200, "application/pdf")
        assert answer.headers["cache-control"] == "no-store"
        assert answer.content == pages.get(f"/en/review/2026/{file}.pdf").content
        assert client("cora", api=True).get(f"/api/v1/calls/2026/{file}.pdf").status_code == 404
    with session_on(engine) as session, session.begin():
        world.call.reviewing_closed_at = REVIEWING
        session.add(world.call)
    assert rita.get("/api/v1/calls/2026/texts.pdf").status_code == 409

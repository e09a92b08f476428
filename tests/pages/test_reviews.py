"""A reviewer's pages over HTTP: what opens, what is saved, what is refused, and what nobody is told."""

import re
from datetime import timedelta
from urllib.parse import quote

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine
from sqlmodel import select

from app.database import session_on
from app.models.applications import Application, Status
from app.models.redaction import ClearedPacket
from app.models.reviews import Assignment, Review, ReviewScore, ReviewState, Tie
from app.models.screening import Flag, FlagKind
from tests.bench.pages.queries import statements
from tests.conftest import Client, Clock
from tests.documents.opened import tags_of, text_of, words_of
from tests.factories import (
    OWN_WORD,
    REVIEWING,
    make_assignment,
    make_review,
    make_sent_application,
    open_reviewing_rows,
)
from tests.world import World

REASON = "The numbers come from a survey that is named."


@pytest.fixture
def application(engine: Engine, world: World, clock: Clock) -> Application:
    """Rita is to score one application and has not opened it; it is the time of reviewing."""
    clock.now = REVIEWING
    with session_on(engine) as session, session.begin():
        application = make_sent_application(session, world)
        open_reviewing_rows(session, world)
        make_assignment(session, world, application, "rita", tie=None)
    return application


@pytest.fixture
def opened(engine: Engine, application: Application) -> Application:
    """The same, and Rita has said that she has no tie."""
    with session_on(engine) as session, session.begin():
        session.exec(select(Assignment)).one().tie = Tie.NONE
    return application


def at(application: Application, rest: str = "") -> str:
    return f"/en/review/2026/{quote(application.code)}{rest}"


def form(version: int = 0, score: str = "4", reason: str = REASON, **more: str) -> dict[str, str]:
    filled = {"version": str(version), "convinced": "The neighbours."}
    for code in ("need", "work_plan", "budget", "sustainability"):
        filled |= {f"scores.{code}.score": score, f"scores.{code}.reason": reason}
    return filled | {name.replace("__", "."): value for name, value in more.items()}


def stored(engine: Engine) -> tuple[ReviewState, int, dict[int, int | None]]:
    with session_on(engine, reading=True) as session:
        review = session.exec(select(Review)).one()
        scores = {row.criterion_id: row.score for row in session.exec(select(ReviewScore))}
        return review.state, review.version, scores


# ---------------------------------------------------------------- the queue


def test_calls_lists_where_one_reviews(client: Client, application: Application) -> None:
    page = client("rita").get("/en/review")
    assert page.status_code == 200
    assert "Grants of the city" in page.text
    assert "Sent: 0 of 1" in page.text
    assert "You are not on any panel" in client("ada").get("/en/review").text


def test_list_shows_the_queue_and_one_button(client: Client, application: Application) -> None:
    page = client("rita").get("/en/review/2026").text
    assert application.code in page
    assert "Apples in the yard" in page
    assert "To do" in page
    assert f'href="{at(application)}"' in page
    assert "Continue with the next one" in page


def test_list_before_reviewing_opens_is_empty(
    client: Client, engine: Engine, world: World, clock: Clock
) -> None:
    clock.now = REVIEWING
    with session_on(engine) as session, session.begin():
        application = make_sent_application(session, world)
        make_assignment(session, world, application, "rita", tie=None)
    page = client("rita").get("/en/review/2026").text
    assert "Nothing to score yet" in page
    assert application.code not in page
    assert client("rita").get(at(application)).status_code == 404


def test_list_order_is_the_reviewers_own_and_not_of_submission(
    client: Client, engine: Engine, world: World, clock: Clock
) -> None:
    clock.now = REVIEWING
    with session_on(engine) as session, session.begin():
        applications = [make_sent_application(session, world, title=f"Project {n}") for n in range(12)]
        open_reviewing_rows(session, world)
        for application in applications:
            make_assignment(session, world, application, "rita")
            make_assignment(session, world, application, "rolf")
    sent = [application.code for application in applications]

    def order(name: str) -> list[str]:
        page = client(name).get("/en/review/2026").text
        return sorted(sent, key=lambda code: page.index(f">{code}<"))

    assert order("rita") == order("rita")
    assert order("rita") != order("rolf")
    assert sent not in (order("rita"), order("rolf"))


def test_list_needs_the_same_queries_for_one_and_for_many(
    client: Client, engine: Engine, world: World, clock: Clock, opened: Application
) -> None:
    rita = client("rita")

    def queries(path: str) -> int:
        rita.get(path)
        with statements(engine) as asked:
            assert rita.get(path).status_code == 200
        return sum(1 for statement in asked if statement.startswith("SELECT"))

    one = queries("/en/review/2026"), queries(at(opened))
    with session_on(engine) as session, session.begin():
        for number in range(5):
            application = make_sent_application(
                session, world, title=f"More {number}", status=Status.IN_REVIEW
            )
            make_assignment(session, world, application, "rita")
    assert (queries("/en/review/2026"), queries(at(opened))) == one == (3, 2)


# ---------------------------------------------------------------- the conflict question


def test_before_the_question_there_is_a_card_and_no_text(client: Client, application: Application) -> None:
    page = client("rita").get(at(application)).text
    assert "Do you have a tie to this project?" in page
    assert f"An {OWN_WORD} for everybody." in page
    assert "City administration, Residents or their council" in page
    assert "We asked 140 residents" not in page
    assert "Dig and plant" not in page
    assert "anchor" not in page


def test_no_tie_opens_the_text(client: Client, engine: Engine, application: Application) -> None:
    rita = client("rita")
    answer = rita.post(at(application, "/tie"), data={"tie": "may_recognise"})
    assert (answer.status_code, answer.headers["location"]) == (303, at(application))
    page = rita.get(at(application)).text
    for text in ("We asked 140 residents", "Dig and plant", "need anchor 5", "Seedlings", "Send review"):
        assert text in page
    with session_on(engine, reading=True) as session:
        assert session.exec(select(Assignment)).one().tie is Tie.MAY_RECOGNISE


def test_one_text_stands_open_and_plan_and_budget_are_drawn(
    client: Client, engine: Engine, opened: Application
) -> None:
    """A phone shows the text of the first card that is still empty; the others are a press away."""
    rita = client("rita")

    def open_texts() -> list[str]:
        parts = rita.get(at(opened)).text.split('<section id="criterion-')[1:]
        return [part.split('"')[0] for part in parts if '<details class="fold" data-wide open>' in part]

    page = rita.get(at(opened)).text
    for drawn in ('<figure class="chart timetable" id="plan">', '<figure class="chart" id="shares">'):
        assert page.count(drawn) == 1
    assert 'rows<span class="vh">: Budget lines</span></summary>' in page
    foot = page[page.index('class="bar foot"') :]
    for part in ("Sent: 0 of 1", 'id="save-status"', ">Send review</button>"):
        assert foot.count(part) == 1
    assert open_texts() == ["need"]
    rita.post(at(opened), data={"version": "0", "scores.need.score": "4", "private_note": "Look"})
    assert open_texts() == ["work_plan", "sustainability"]
    rita.post(at(opened), data=form(1))
    assert open_texts() == []


def test_all_open_ties_are_answered_with_one_press(
    client: Client, engine: Engine, world: World, application: Application
) -> None:
    with session_on(engine) as session, session.begin():
        other = make_sent_application(session, world, title="Pears", status=Status.IN_REVIEW)
        make_assignment(session, world, other, "rita", tie=None)
    rita = client("rita")
    whole = rita.get("/en/review/2026").text
    assert "Questions about ties still open: 2." in whole
    assert "texts.pdf" not in whole
    page = rita.get("/en/review/2026/ties").text
    assert page.count(">No tie</label>") == page.count(f"An {OWN_WORD} for everybody.") == 2
    assert "We asked 140 residents" not in page
    shown = {f"ties.{each.code}.note": "" for each in (application, other)}
    refused = rita.post("/en/review/2026/ties", data=shown)
    assert (refused.status_code, 'href="#f-rest">Answer at least one' in refused.text) == (422, True)
    wrong = rita.post("/en/review/2026/ties", data=shown | {f"ties.{other.code}.tie": "no-such"})
    assert (wrong.status_code, f'href="#f-ties-{other.code}-tie"' in wrong.text) == (422, True)
    given = shown | {f"ties.{other.code}.tie": "tie", f"ties.{other.code}.note": "My aunt", "rest": "yes"}
    answer = rita.post("/en/review/2026/ties", data=given)
    assert answer.headers["location"] == "/en/review/2026?done=ties_answered&count=2"
    assert "We asked 140 residents" in rita.get(at(application)).text
    assert "We asked 140 residents" not in rita.get(at(other)).text
    whole = rita.get("/en/review/2026").text
    assert ("texts.pdf" in whole, "still open" in whole) == (True, False)
    assert "No question is open" in rita.get("/en/review/2026/ties").text


def test_a_tie_closes_the_text_and_the_next_opens(
    client: Client, engine: Engine, world: World, application: Application
) -> None:
    with session_on(engine) as session, session.begin():
        other = make_sent_application(session, world, title="Next", status=Status.IN_REVIEW)
        make_assignment(session, world, other, "rita", tie=None)
    rita = client("rita")
    answer = rita.post(at(application, "/tie"), data={"tie": "tie", "note": "My cousin's"})
    assert answer.status_code == 303
    assert answer.headers["location"] == at(other) + "?done=tie_declared"
    page = rita.get(at(application)).text
    assert "You have declared a tie" in page
    assert "We asked 140 residents" not in page
    assert rita.post(at(application), data=form()).status_code == 409
    assert rita.post(at(application, "/tie"), data={"tie": "none"}).status_code == 409


def test_no_answer_is_refused_in_words(client: Client, application: Application) -> None:
    answer = client("rita").post(at(application, "/tie"), data={"note": "Hm"})
    assert answer.status_code == 422
    assert "Say whether you have a tie to this project." in answer.text
    assert ">Hm</textarea>" in answer.text or "\nHm</textarea>" in answer.text
    assert answer.text.count("<title>Error:") == 1


# ---------------------------------------------------------------- saving and sending


def test_save_keeps_a_draft_and_stays(client: Client, engine: Engine, opened: Application) -> None:
    rita = client("rita")
    answer = rita.post(at(opened), data={"version": "0", "scores.need.score": "2", "_action": "save"})
    assert (answer.status_code, answer.headers["location"]) == (303, at(opened) + "?done=review_saved")
    state, version, scores = stored(engine)
    assert (state, version, sorted(filter(None, scores.values()))) == (ReviewState.DRAFT, 1, [2])
    page = rita.get(at(opened)).text
    assert 'id="f-scores-need-score-2" name="scores.need.score" value="2" checked' in page
    assert "Your total" not in page


def test_a_total_shows_once_everything_is_scored(client: Client, opened: Application) -> None:
    rita = client("rita")
    rita.post(at(opened), data=form(scores__budget__score="5"))
    assert '<strong class="big">81.3</strong>' in rita.get(at(opened)).text
    rita.post(at(opened), data=form(1, scores__budget__score="cannot_judge"))
    assert "Your total" not in rita.get(at(opened)).text


def test_send_incomplete_keeps_all_and_names_the_gaps(
    client: Client, engine: Engine, opened: Application
) -> None:
    rita = client("rita")
    answer = rita.post(
        at(opened),
        data=form(
            scores__need__score="", scores__budget__score="1", scores__budget__reason="No.", _action="send"
        ),
    )
    assert answer.status_code == 422
    assert 'href="#f-scores-need-score">Need: choose a score' in answer.text
    assert (
        'href="#f-scores-budget-reason">Budget: say why you gave 1, in at least 30 characters.' in answer.text
    )
    assert "No.</textarea>" in answer.text
    assert 'name="version" id="review-version" value="1"' in answer.text
    state, version, scores = stored(engine)
    assert (state, version) == (ReviewState.DRAFT, 1)
    assert sorted(filter(None, scores.values())) == [1, 4, 4]


def test_send_goes_on_to_the_next(client: Client, engine: Engine, world: World, opened: Application) -> None:
    with session_on(engine) as session, session.begin():
        other = make_sent_application(session, world, title="Next", status=Status.IN_REVIEW)
        make_assignment(session, world, other, "rita")
    rita = client("rita")
    answer = rita.post(at(opened), data=form(_action="send"))
    assert answer.headers["location"] == at(other) + "?done=review_sent"
    assert stored(engine)[0] is ReviewState.SENT
    answer = rita.post(at(other), data=form(_action="send"))
    assert answer.headers["location"] == "/en/review/2026?done=review_sent"


def test_save_and_next_goes_on_without_sending(client: Client, engine: Engine, opened: Application) -> None:
    answer = client("rita").post(at(opened), data=form(_action="next"))
    assert answer.headers["location"] == "/en/review/2026?done=review_saved"
    assert stored(engine)[0] is ReviewState.DRAFT


def test_one_time_of_sending_stands_at_the_head_and_at_the_foot(
    client: Client, clock: Clock, opened: Application
) -> None:
    """A review that was written an hour before it was sent."""
    rita = client("rita")
    rita.post(at(opened), data=form(_action="save"))
    clock.now += timedelta(hours=1)
    rita.post(at(opened), data=form(1, _action="send"))
    page = rita.get(at(opened)).text
    head, foot = page[page.index("panel ok") :], page[page.index('id="save-status"') :]
    times = [re.search(r"\d\d:\d\d", part) for part in (head, foot)]
    assert all(times) and len({each[0] for each in times if each}) == 1


def test_a_sent_review_changes_until_reviewing_closes(
    client: Client, engine: Engine, world: World, clock: Clock, opened: Application
) -> None:
    rita = client("rita")
    rita.post(at(opened), data=form(_action="send"))
    rita.get(at(opened))
    with statements(engine) as first:
        page = rita.get(at(opened)).text
    assert "Send the changes" in page
    assert "hx-patch" not in page
    assert 'id="save-status" role="status" data-unsent="Your changes are not sent yet"' in page
    assert (">Your changes are not sent yet<" in page, "Earlier versions" in page) == (False, False)
    clock.now += timedelta(hours=1)
    unexplained = rita.post(at(opened), data=form(2, "3", _action="send"))
    assert unexplained.status_code == 422
    assert 'href="#f-change_reason">Say why you change your review, in at least 10' in unexplained.text
    assert ">Your changes are not sent yet<" in unexplained.text
    assert stored(engine)[1] == 2
    changed = form(2, "3", change_reason="I had misread the budget.", _action="send")
    assert rita.post(at(opened), data=changed).status_code == 303
    assert stored(engine)[1] == 3
    with statements(engine) as asked:
        page = rita.get(at(opened)).text
    assert len(asked) == len(first) + 1, "only a review that was changed asks for what it said before"
    before = page.partition("Earlier versions of your review: 1")[2]
    assert "I had misread the budget." in before and before.count('<dd class="prose">4</dd>') == 4
    with session_on(engine) as session, session.begin():
        world.call.reviewing_closed_at = REVIEWING
        session.add(world.call)
    late = rita.post(at(opened), data=form(3, "4", convinced="Typed while it closed", _action="send"))
    assert late.status_code == 409
    assert "What you typed and was not saved" in late.text
    assert "Typed while it closed" in late.text
    page = rita.get(at(opened)).text
    assert "Typed while it closed" not in page
    assert "Reviewing has closed. This is what you wrote." in page
    assert REASON in page
    assert "Earlier versions of your review: 1" in page
    assert "<textarea" not in page


def test_two_tabs_show_both_texts_and_either_can_be_kept(
    client: Client, engine: Engine, opened: Application
) -> None:
    rita = client("rita")
    rita.post(at(opened), data=form(0, "4", convinced="From the first tab"))
    answer = rita.post(at(opened), data=form(0, "3", convinced="From the second tab"))
    assert answer.status_code == 409
    assert "From the first tab" in answer.text
    assert "From the second tab" in answer.text
    assert 'name="version" value="1"' in answer.text
    assert stored(engine)[1] == 1
    kept = rita.post(at(opened), data=form(1, "3", convinced="From the second tab", _action="keep-mine"))
    assert kept.status_code == 303
    assert stored(engine)[1] == 2
    left = rita.post(at(opened), data=form(1, "5", _action="take-theirs"))
    assert left.headers["location"] == at(opened)
    assert stored(engine)[1] == 2


def test_autosave_answers_only_the_status_line_and_the_version(
    client: Client, engine: Engine, opened: Application
) -> None:
    rita = client("rita")
    answer = rita.patch(at(opened), data=form(), headers={"HX-Request": "true"})
    assert answer.status_code == 200
    assert "<span>Draft saved</span>: 18:00" in answer.text
    assert 'id="review-version" value="1" hx-swap-oob="true"' in answer.text
    assert "<textarea" not in answer.text
    assert "<html" not in answer.text
    page = rita.get(at(opened)).text
    for criterion in ("need", "work_plan", "budget", "sustainability"):
        assert f'<b class="num" id="mark-{criterion}" hx-swap-oob="true">4</b>' in answer.text
        assert f'<b class="num" id="mark-{criterion}">4</b>' in page
    total = '<span>Your total, out of 100</span> <strong class="big">75</strong></p>'
    assert f'<p class="split" id="total" hx-swap-oob="true">{total}' in answer.text
    assert f'<p class="split" id="total">{total}' in page
    stale = rita.patch(at(opened), data=form(0, "2"), headers={"HX-Request": "true"})
    assert stale.status_code == 409
    assert "another window" in stale.text
    refused = rita.patch(at(opened), data=form(1, "9"), headers={"HX-Request": "true"})
    assert refused.status_code == 422
    assert "Choose a score from 1 to 5." in refused.text
    assert "mark-" not in stale.text + refused.text
    assert stored(engine)[1] == 1


def test_set_aside_goes_on_and_the_list_narrows_to_it(
    client: Client, engine: Engine, world: World, opened: Application
) -> None:
    with session_on(engine) as session, session.begin():
        other = make_sent_application(session, world, title="Pears", status=Status.IN_REVIEW)
        make_assignment(session, world, other, "rita")
    rita = client("rita")
    answer = rita.post(at(opened), data=form(panel_note="Ask for offers", confidence="low", _action="aside"))
    assert answer.headers["location"] == at(other) + "?done=review_set_aside"
    page = rita.get(at(opened)).text
    for shown in ("Set aside.", "Ask for offers", "Take it up again", 'value="low" checked'):
        assert shown in page
    whole = rita.get("/en/review/2026").text
    assert "All: 2" in whole
    assert "Enough for today: 1 more, about 8 min." in whole
    assert "All that is left takes about: 16 min." in whole
    aside = rita.get("/en/review/2026?show=aside").text
    assert (opened.code in aside, ">" + other.code + "<" in aside) == (True, False)
    assert '<b aria-current="true">Set aside: 1</b>' in aside
    assert rita.get("/en/review/2026?show=no-such").text.count("<tr") == whole.count("<tr")
    again = rita.post(at(opened), data=form(1, panel_note="Ask for offers", _action="take-up"))
    assert again.status_code == 303
    assert "show=aside" not in rita.get("/en/review/2026").text


def test_too_long_is_refused_with_what_was_typed(client: Client, engine: Engine, opened: Application) -> None:
    answer = client("rita").post(at(opened), data=form(convinced="x" * 4001))
    assert answer.status_code == 422
    assert "x" * 4001 in answer.text
    assert "4000" in answer.text


# ---------------------------------------------------------------- who may not


def same(one: TestClient, code: str, other: str, rest: str, method: str) -> None:
    answers = [
        one.request(method, f"/en/review/2026/{quote(each)}{rest}", data=form() if method != "GET" else None)
        for each in (code, other)
    ]
    bodies = [
        answer.text.replace(each, "").replace(quote(each), "")
        for answer, each in zip(answers, (code, other), strict=True)
    ]
    headers = [{**answer.headers, "content-length": ""} for answer in answers]
    assert [answer.status_code for answer in answers] == [404, 404]
    assert bodies[0] == bodies[1]
    assert headers[0] == headers[1]


@pytest.mark.parametrize("name", ["rolf", "cora", "ada", "zoe"])
def test_anothers_code_is_the_same_as_one_that_is_not(client: Client, opened: Application, name: str) -> None:
    someone = client(name)
    for method, rest in (("GET", ""), ("POST", ""), ("PATCH", ""), ("GET", "/tie"), ("POST", "/tie")):
        same(someone, opened.code, "Апорт-99999", rest, method)


def test_anonymous_is_sent_to_sign_in(client: Client, opened: Application) -> None:
    for path in ("/en/review", "/en/review/2026", at(opened)):
        answer = client().get(path)
        assert answer.status_code == 303
        assert answer.headers["location"].startswith("/en/sign-in?next=")


def test_a_reviewer_of_another_call_is_a_stranger(client: Client, opened: Application) -> None:
    assert client("rita").get("/en/review/other").status_code == 404


def test_what_was_taken_back_keeps_its_text_and_says_so(
    client: Client, engine: Engine, opened: Application
) -> None:
    rita = client("rita")
    rita.post(at(opened), data=form())
    with session_on(engine) as session, session.begin():
        session.exec(select(Assignment)).one().withdrawn_at = REVIEWING
    page = rita.get(at(opened)).text
    assert "The coordinator has taken this application back" in page
    assert REASON in page
    assert "We asked 140 residents" not in page
    late = rita.post(at(opened), data=form(1, "2", convinced="Typed meanwhile"))
    assert late.status_code == 409
    assert "Typed meanwhile" in late.text
    assert REASON in late.text
    assert opened.code not in rita.get("/en/review/2026").text


# ---------------------------------------------------------------- blindness


def test_no_page_of_a_reviewer_names_anybody(
    client: Client, engine: Engine, world: World, opened: Application
) -> None:
    with session_on(engine) as session, session.begin():
        make_review(session, world, make_assignment(session, world, opened, "rolf"), {"need": 1})
    rita = client("rita")
    rita.post(at(opened), data=form())
    for path in ("/en/review", "/en/review/2026", at(opened), at(opened, "/tie")):
        for language in ("en", "ru", "kk"):
            answer = rita.get(path.replace("/en/", f"/{language}/", 1))
            everything = (answer.text + str(answer.headers)).lower()
            assert answer.status_code == 200
            for word in ("canary", opened.ref.lower(), "2026-03-10", str(world.people["ada"].email)):
                assert word not in everything, (path, word)
    assert OWN_WORD in rita.get(at(opened)).text


def test_with_a_tie_nothing_of_the_text_is_left_not_even_its_title(
    client: Client, engine: Engine, application: Application
) -> None:
    rita, api = client("rita"), client("rita", api=True)
    addresses = ("/en/review/2026", at(application))
    asked = f"/api/v1/calls/2026/reviews/{application.code}"
    with session_on(engine, reading=True) as session:
        title = session.exec(select(ClearedPacket.title)).one()
    assert title in rita.get(addresses[0]).text
    assert rita.post(at(application, "/tie"), data={"tie": "tie", "note": "My cousin"}).status_code == 303
    for address in addresses:
        page = rita.get(address).text
        assert application.code in page
        assert title not in page, address
    assert f"<h1>Application {application.code}</h1>" in rita.get(addresses[1]).text
    assert title not in api.get(asked).text
    assert title not in api.get("/api/v1/calls/2026/reviews").text


def test_signed_out_the_button_that_saves_does_not_send(
    client: Client, engine: Engine, opened: Application
) -> None:
    """The press that was made is not repeated by another word, and no number stands there without a name."""
    nobody = client()
    typed = form(_action="send") | {"text_version": "1"}
    page = nobody.post(at(opened), data=typed)
    assert page.status_code == 401
    assert "Save my text now" in page.text
    assert 'name="_action"' not in page.text
    assert "The button below saves your text" in page.text
    assert '<dd class="prose">4</dd>' not in page.text
    assert '<dd class="prose">1</dd>' not in page.text
    assert f'<dd class="prose">{REASON}</dd>' in page.text
    carried = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', page.text))
    assert client("rita").post(at(opened), data=carried).status_code == 303
    assert stored(engine)[0] is ReviewState.DRAFT


def test_what_others_have_written_changes_nothing(
    client: Client, engine: Engine, world: World, opened: Application
) -> None:
    rita = client("rita")
    pages = ("/en/review", "/en/review/2026", at(opened))
    before = [rita.get(page).text for page in pages]
    with session_on(engine) as session, session.begin():
        make_review(session, world, make_assignment(session, world, opened, "rolf"))
        make_assignment(session, world, opened, "anna", tie=Tie.TIE)
    assert [rita.get(page).text for page in pages] == before


def test_a_text_that_changed_says_where_until_it_is_read_again(
    client: Client, engine: Engine, application: Application
) -> None:
    """What stood there before is not shown: it may be what had to be covered."""
    rita = client("rita")
    rita.post(at(application, "/tie"), data={"tie": "none"})
    assert "The text has changed" not in rita.get(at(application)).text
    with session_on(engine) as session, session.begin():
        cleared = session.exec(select(ClearedPacket)).one()
        need = cleared.data["need"] | {"evidence": "We asked 150 residents, and again in May."}
        cleared.data = cleared.data | {"need": need}
        cleared.version, cleared.changes = 2, {"2": ["need.evidence"]}
        session.add(cleared)
    page = rita.get(at(application)).text
    note = page[page.index('id="changed"') : page.index("I have read the changes")]
    assert "We asked 150 residents, and again in May." in note
    assert "140 residents" not in page
    rita.post(at(application), data=form())
    assert "The text has changed" in rita.get(at(application)).text
    early = form(1, text_version="3", _action="read")
    rita.post(at(application), data=early)
    assert "The text has changed" in rita.get(at(application)).text
    answer = rita.post(at(application), data=form(1, text_version="2", _action="read"))
    assert answer.status_code == 303
    assert "The text has changed" not in rita.get(at(application)).text


def test_a_flag_goes_to_the_coordinator_without_a_name(
    client: Client, engine: Engine, world: World, opened: Application
) -> None:
    rita = client("rita")
    assert f'href="{at(opened, "/flag")}"' in rita.get(at(opened)).text
    assert "What did you notice?" in rita.get(at(opened, "/flag")).text
    refused = rita.post(at(opened, "/flag"), data={"kind": "safety"})
    assert refused.status_code == 422
    assert "Write what you noticed." in refused.text
    answer = rita.post(at(opened, "/flag"), data={"kind": "safety", "words": "Children on the road"})
    assert answer.headers["location"] == at(opened) + "?done=flag_raised"
    with session_on(engine, reading=True) as session:
        flag = session.exec(select(Flag)).one()
    assert (flag.kind, flag.words, flag.addressed_to) == (FlagKind.SAFETY, "Children on the road", None)
    assert (flag.application_id, flag.raised_by) == (opened.id, world.members["rita"].id)
    assert client("rolf").get(at(opened, "/flag")).status_code == 404
    assert client("rolf").post(at(opened, "/flag"), data={"kind": "other", "words": "x"}).status_code == 404
    rita.post(at(opened, "/tie"), data={"tie": "tie"})
    assert rita.get(at(opened, "/flag")).status_code == 404
    assert rita.post(at(opened, "/flag"), data={"kind": "other", "words": "x"}).status_code == 404


# ---------------------------------------------------------------- to take along


def test_texts_and_sheet_hold_what_may_be_read_and_nothing_else(
    client: Client, engine: Engine, world: World, opened: Application
) -> None:
    """One PDF of all that waits: without what is sent, what is another's, and what is not asked about yet."""
    with session_on(engine) as session, session.begin():
        titles = ("Asked first", "Sent already", "Of another")
        asked, done, other = (
            make_sent_application(session, world, title=title, status=Status.IN_REVIEW) for title in titles
        )
        make_assignment(session, world, asked, "rita", tie=None)
        make_review(session, world, make_assignment(session, world, done, "rita"))
        make_assignment(session, world, other, "rolf")
    rita = client("rita")
    assert 'texts.pdf?part=1">All texts as one PDF</a>' in rita.get("/en/review/2026").text
    for file in ("texts", "sheet"):
        answer = rita.get(f"/en/review/2026/{file}.pdf")
        assert (answer.status_code, answer.headers["content-type"]) == (200, "application/pdf")
        assert answer.headers["cache-control"] == "no-store"
        said = words_of(text_of(answer.content))
        assert f"{opened.code}. Apples in the yard" in said
        for absent in ("Sent already", "Of another", "Asked first", "Canary", "CANARY", opened.ref):
            assert absent not in said, (file, absent)
        tags = [role for role, _ in tags_of(answer.content)]
        assert {"/H1", "/H2", "/H3"} <= set(tags)
        if file == "texts":
            assert "We asked 140 residents" in said
            assert f"comes first: {asked.code}" in said
        else:
            assert "need anchor 5" in said
            assert "Nothing on this sheet counts" in said
    assert client("rolf").get("/en/review/other/texts.pdf").status_code == 404
    with session_on(engine) as session, session.begin():
        world.call.reviewing_closed_at = REVIEWING
        session.add(world.call)
    assert rita.get("/en/review/2026/texts.pdf").status_code == 409
    assert "texts.pdf" not in rita.get("/en/review/2026").text

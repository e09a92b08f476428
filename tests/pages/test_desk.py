"""The coordinator's desk: progress without scores, and every look at a name in the log."""

import re

import pytest
from sqlalchemy import Engine
from sqlmodel import col, select

from app.database import session_on
from app.decisions.archive import PastWinner, record_past_results
from app.decisions.awards import draw_line, withdraw_award
from app.decisions.decide import decide
from app.decisions.held import call_of, decision_version
from app.models.applications import Application, Status
from app.models.audit import AuditEntry
from app.models.calls import Call
from app.models.decisions import Award, MissingReview
from app.models.outbox import Mail, MailState
from app.models.panel import PanelMember
from app.models.reviews import Review, ReviewScore, ReviewState, Tie
from app.outbox.enqueue import enqueue
from tests.conftest import Client, Clock
from tests.decisions.scored import PLACE, ranked_call, scored_call
from tests.factories import (
    KNOWN,
    OWN_WORD,
    REVIEWING,
    make_assignment,
    make_review,
    make_sent_application,
    open_reviewing_rows,
)
from tests.pages.seen import as_seen
from tests.world import CLOSES, NOW, World

DESK = "/en/desk/2026"


def audited(engine: Engine) -> list[tuple[str, str]]:
    with session_on(engine, reading=True) as session:
        found = session.exec(select(AuditEntry)).all()
        return [(row.action, row.subject) for row in found if row.action != "session.open"]


def sent(engine: Engine, world: World, *titles: str, person: str = "ada") -> list[Application]:
    with session_on(engine) as session, session.begin():
        return [make_sent_application(session, world, person, title) for title in titles]


def test_home_says_where_the_call_stands_in_each_phase(
    client: Client, engine: Engine, world: World, clock: Clock
) -> None:
    sent(engine, world, "Apples")
    cora = client("cora")
    assert "The call is open. Sent: 1. Drafts: 0." in cora.get(DESK).text
    clock.now = CLOSES
    assert "The call has just closed" in cora.get(DESK).text
    clock.now = REVIEWING
    page = cora.get(DESK).text
    assert "The call has closed with 1 applications." in page
    assert 'id="open-reviewing"' in page
    assert 'id="close-reviewing"' not in page
    assert "Reviews that nobody is to write yet: 4" in page


def test_home_orders_what_waits_by_harm(client: Client, engine: Engine, world: World, clock: Clock) -> None:
    clock.now = REVIEWING
    with session_on(engine) as session, session.begin():
        applications = [make_sent_application(session, world, title=f"Project {n}") for n in range(3)]
        open_reviewing_rows(session, world)
        for application in applications:
            make_review(session, world, make_assignment(session, world, application, "rita"), {"need": 5})
            make_assignment(session, world, application, "rolf")
        make_assignment(session, world, applications[0], "anna", tie=Tie.TIE)
        due = session.get_one(Call, world.call.id)
        due.reviews_due_at = NOW
    page = client("cora").get(DESK).text
    order = [
        "Ties without a substitute: 1",
        "Other reviews that nobody is to write yet: 5",
        "Reviews that are overdue: 3",
        "Reviewers who have not begun: 1",
    ]
    places = [page.index(words) for words in order]
    assert places == sorted(places)
    assert "Reviewing is open. Reviews sent: 3 of 6." in page
    assert "Nothing waits for you." not in page


def waits(page: str) -> list[tuple[str, str]]:
    """What the desk's list says, with the address that each leads to."""
    listed = page.partition('<h2 id="todo">')[2].partition("</ul>")[0]
    found = re.findall(r'<span class="name">(?:<a href="([^"]+)">)?([^<]+)<', listed)
    return [(words, href) for href, words in found]


def said(page: str) -> dict[str, int]:
    """What a page before a step says that it will do."""
    return {words: int(count) for words, count in re.findall(r'<dt>([^<]+)</dt><dd class="num">(\d+)<', page)}


def test_after_closing_the_list_follows_the_order_of_the_work(
    client: Client, engine: Engine, world: World, clock: Clock
) -> None:
    """What is refused need not be cleared, and what is not cleared cannot be read."""
    clock.now = REVIEWING
    with session_on(engine) as session, session.begin():
        make_sent_application(session, world, cleared=False)
    page = client("cora").get(DESK).text
    order = [
        "to be checked against the rules: 1",
        "to clear before reviewers read them: 1",
        "is to write yet: 4",
    ]
    places = [page.index(words) for words in order]
    assert places == sorted(places)
    assert "Check them against the rules, clear what reviewers read, give them out" in page


def test_home_lists_what_waits_in_every_phase(
    client: Client, engine: Engine, world: World, clock: Clock
) -> None:
    cora = client("cora")
    assert waits(cora.get(DESK).text) == []
    assert "Nothing waits for you." in cora.get(DESK).text
    clock.now = REVIEWING
    with session_on(engine) as session, session.begin():
        codes = scored_call(session, world, 8)
        late = session.exec(select(Review)).all()[:2]
        for review in late:
            review.state = ReviewState.DRAFT
            session.add(review)
    unchecked = ("Applications to be checked against the rules: 8", f"{DESK}/screening")
    assert waits(cora.get(DESK).text) == [unchecked, ("Reviews that are not sent yet: 2", f"{DESK}/progress")]
    cora.post(f"{DESK}/ranking/close", data=as_seen(cora.get(f"{DESK}/ranking/close").text))
    holes = ("Missing reviews that are not excused: 2", f"{DESK}/ranking/holes")
    assert waits(cora.get(DESK).text) == [holes, ("Places that can be awarded: 6", f"{DESK}/awards")]
    with session_on(engine) as session, session.begin():
        for hole in session.exec(select(MissingReview)):
            hole.reason = "The office was closed."
            session.add(hole)
        who = world.coordinator()
        draw_line(session, who, world.round.code, REVIEWING)
        gone = session.exec(select(Application).where(Application.code == codes[7])).one()
        gone.status = Status.WITHDRAWN
        session.add(gone)
    pending = ("Awards that are pending until the decision is frozen: 6", f"{DESK}/awards")
    assert waits(cora.get(DESK).text) == [pending]
    with session_on(engine) as session, session.begin():
        winner = session.exec(select(Application).join(Award).order_by(col(Award.id))).first()
        assert winner
        winner.status = Status.WITHDRAWN
        session.add(winner)
    assert waits(cora.get(DESK).text)[0] == (
        "Awards of applications that have withdrawn: 1",
        f"{DESK}/awards",
    )
    with session_on(engine) as session, session.begin():
        withdraw_award(session, who, winner.code, 1, REVIEWING)
        decide(session, who, decision_version(session, call_of(session, who)), REVIEWING, KNOWN)
    assert waits(cora.get(DESK).text) == [("Winners that are not announced yet: 5", f"{DESK}/awards")]


def test_home_says_that_winners_are_being_announced(
    client: Client, engine: Engine, world: World, clock: Clock
) -> None:
    clock.now = REVIEWING
    cora = client("cora")
    with session_on(engine) as session, session.begin():
        ranked_call(session, world)
        who = world.coordinator()
        draw_line(session, who, world.round.code, REVIEWING)
        session.flush()
        decide(session, who, decision_version(session, call_of(session, who)), REVIEWING, KNOWN)
    assert "The decision is frozen. It can be announced." in cora.get(DESK).text
    assert 'href="/en/desk/2026/setup/cancel"' in cora.get(f"{DESK}/setup").text
    cora.post(f"{DESK}/stage/{world.round.code}/reveal", data={"version": "0"})
    page = cora.get(DESK).text
    assert "The winners are being announced. Revealed: 1 of 6." in page
    assert "The decision is frozen." not in page
    assert 'href="/en/desk/2026/setup/cancel"' not in cora.get(f"{DESK}/setup").text
    assert cora.get(f"{DESK}/setup/cancel").status_code == 409
    for version in range(1, 6):
        cora.post(f"{DESK}/stage/{world.round.code}/reveal", data={"version": str(version)})
    words = "Every winner is announced: the results are to be published, so that the letters leave"
    assert waits(cora.get(DESK).text) == [(words, f"{DESK}/awards/publish")]


def test_a_call_of_the_past_offers_no_page_that_refuses(client: Client, engine: Engine, world: World) -> None:
    """It was never scored here: nothing leads to a ranking, and no form asks for what would be refused."""
    past = [PastWinner("Past", "As published.", "ecology", "ru", PLACE)]
    with session_on(engine) as session, session.begin():
        record_past_results(session, world.coordinator(), world.round.code, past, NOW)
    cora = client("cora")
    refusing = (
        "ranking", "ranking/holes", "ranking/reopen", "awards/publish", "awards/reopen", "setup/cancel",
        "setup/extend",
    )  # fmt: skip
    assert {cora.get(f"{DESK}/{each}").status_code for each in refusing} == {409}
    for page in ("", "/awards", "/setup", f"/stage/{world.round.code}"):
        answer = cora.get(DESK + page)
        assert answer.status_code == 200
        assert [each for each in refusing if f'"{DESK}/{each}"' in answer.text] == []
    assert f'<a class="btn" href="{DESK}/awards"' in cora.get(DESK).text


def test_home_tells_what_can_be_done_next(client: Client, engine: Engine, world: World, clock: Clock) -> None:
    cora = client("cora")
    clock.now = REVIEWING
    with session_on(engine) as session, session.begin():
        scored_call(session, world, 1)
        call = session.get_one(Call, world.call.id)
        call.reviewing_opened_at = None
    ready = "Every application has its reviewers: reviewing can be opened"
    unchecked = "Applications to be checked against the rules: 1"
    checking = (unchecked, "/en/desk/2026/screening")
    assert waits(cora.get(DESK).text) == [checking, (ready, f"{DESK}/reviewing")]
    with session_on(engine) as session, session.begin():
        session.get_one(Call, world.call.id).reviewing_opened_at = REVIEWING
        session.get_one(PanelMember, world.members["karl"].id).removed_at = REVIEWING
    assert waits(cora.get(DESK).text) == [
        ("Partner organisations without a reviewer: 1", f"{DESK}/panel"),
        checking,
        ("Every review is sent: reviewing can be closed", f"{DESK}/ranking/close"),
    ]
    clock.now = NOW
    with session_on(engine) as session, session.begin():
        session.get_one(Call, world.call.id).opened_at = None
        session.get_one(Call, world.call.id).reviewing_opened_at = None
        session.get_one(Call, world.call.id).results_expected_at = None
    assert waits(cora.get(DESK).text) == [("Still missing before the call can open: 1", f"{DESK}/setup")]


def test_home_tells_of_letters_that_never_left(client: Client, engine: Engine, world: World) -> None:
    (mine,) = sent(engine, world, "Apples")
    letters: list[tuple[str, dict[str, object], MailState]] = [
        ("application_receipt", {"ref": mine.ref, "number": 1}, MailState.FAILED),
        ("assignments_ready", {"call": "2026"}, MailState.FAILED),
        ("application_receipt", {"ref": mine.ref, "number": 2}, MailState.SENT),
        ("application_receipt", {"ref": "WA25-ELSEWHERE", "number": 1}, MailState.FAILED),
        ("assignments_ready", {"call": "other"}, MailState.FAILED),
    ]
    with session_on(engine) as session, session.begin():
        for number, (template, params, state) in enumerate(letters):
            person_id = world.people["ada"].id
            enqueue(session, template, dedupe_key=str(number), now=NOW, person_id=person_id, params=params)
            session.exec(select(Mail).where(Mail.dedupe_key == str(number))).one().state = state
    words = "Letters that could not be sent, though it was tried again and again: 2"
    assert waits(client("cora").get(DESK).text) == [(words, "")]


def test_home_is_the_same_whatever_the_scores(
    client: Client, engine: Engine, world: World, clock: Clock
) -> None:
    """Two worlds that differ only in what was scored cannot be told apart before reviewing closes."""
    clock.now = REVIEWING
    with session_on(engine) as session, session.begin():
        application = make_sent_application(session, world)
        open_reviewing_rows(session, world)
        assignment = make_assignment(session, world, application, "rita")
        make_review(session, world, assignment, dict.fromkeys(world.criteria, 1))
    cora = client("cora")
    paths = (DESK, f"{DESK}/assign", f"{DESK}/applications")
    before = [cora.get(path).text for path in paths]
    with session_on(engine) as session, session.begin():
        for cell in session.exec(select(ReviewScore)):
            cell.score, cell.reason = 5, "Splendid in every way that I can think of."
    assert [cora.get(path).text for path in paths] == before
    # As a number of its own: a random code, or the hash of a style sheet, may hold any digits.
    assert not any("anchor" in page or re.search(r"\b75\b", page) for page in before)


def test_open_reviewing_by_its_button(client: Client, engine: Engine, world: World, clock: Clock) -> None:
    (application,) = sent(engine, world, "Apples")
    cora = client("cora")
    for early in (cora.get(f"{DESK}/reviewing"), cora.post(f"{DESK}/reviewing")):
        assert early.status_code == 409
        assert "after the call has closed" in early.text
    clock.now = REVIEWING
    ahead = cora.get(f"{DESK}/reviewing").text
    assert said(ahead) == {
        "Applications that reviewers will read": 1,
        "Of them not checked against the rules yet": 1,
        "Not cleared for reviewers yet": 0,
        "Reviews given out": 0,
        "Reviews that nobody is to write yet": 4,
        "Letters to reviewers that will leave": 0,
        "Letters to applicants that will leave": 1,
    }
    # One more came in, so to say, while this was read: nothing happens but that it is shown anew.
    sent(engine, world, "Pears", person="ben")
    assert cora.post(f"{DESK}/reviewing").status_code == 409
    again = cora.post(f"{DESK}/reviewing", data=as_seen(ahead))
    assert again.status_code == 409
    assert "Something has changed since you looked" in again.text
    assert said(again.text)["Letters to applicants that will leave"] == 2
    answer = cora.post(f"{DESK}/reviewing", data=as_seen(again.text))
    assert (answer.status_code, answer.headers["location"]) == (303, f"{DESK}?done=reviewing_opened")
    with session_on(engine, reading=True) as session:
        assert session.get_one(Application, application.id).status is Status.IN_REVIEW
    assert 'id="close-reviewing"' in cora.get(DESK).text


def test_applications_are_listed_without_names(client: Client, engine: Engine, world: World) -> None:
    first, second = sent(engine, world, "Apples", "Pears")
    with session_on(engine) as session, session.begin():
        draft = make_sent_application(session, world, "ben", "Secret draft", status=Status.DRAFT)
        draft.counts_number = None
    page = client("cora").get(f"{DESK}/applications").text
    for text in (first.ref, second.code, "Apples", "Pears", "Shown: 1 to 2 of 2"):
        assert text in page
    for word in ("Canary", "Secret draft", draft.ref, draft.code):
        assert word not in page
    assert "Drafts that were never sent: 1." in page
    assert audited(engine) == []


def test_names_are_shown_when_asked_for_and_that_is_logged(
    client: Client, engine: Engine, world: World
) -> None:
    """Together only once the blind is lifted, or the decision frozen; one by one until then."""
    sent(engine, world, "Apples")
    cora = client("cora")
    assert "?names=1" not in cora.get(f"{DESK}/applications").text
    refused = cora.get(f"{DESK}/applications?names=1")
    assert refused.status_code == 409
    assert "Canaryname" not in refused.text
    with session_on(engine) as session, session.begin():
        session.get_one(Call, world.call.id).decided_at = NOW
    assert "?names=1" in cora.get(f"{DESK}/applications").text
    page = cora.get(f"{DESK}/applications?names=1").text
    assert "Ada Canaryname and friends" in page
    assert audited(engine) == [("identity.list", "")]


@pytest.mark.parametrize(
    ("search", "found"),
    [("китап", ["Кітап сөресі"]), ("КІТАП", ["Кітап сөресі"]), ("apples", ["Apples"]), ("nothing", [])],
)
def test_search_folds_letters(
    client: Client, engine: Engine, world: World, search: str, found: list[str]
) -> None:
    sent(engine, world, "Apples", "Кітап сөресі")
    page = client("cora").get(f"{DESK}/applications", params={"q": search}).text
    assert [title for title in ("Apples", "Кітап сөресі") if f">{title}<" in page] == found


def test_the_list_is_paged_by_fifty(client: Client, engine: Engine, world: World) -> None:
    sent(engine, world, *(f"Project {number}" for number in range(52)))
    cora = client("cora")
    page = cora.get(f"{DESK}/applications").text
    assert "Shown: 1 to 50 of 52" in page
    assert "?start=50" in page
    assert "Shown: 51 to 52 of 52" in cora.get(f"{DESK}/applications?start=50").text


def test_one_application_shows_who_and_what_and_is_logged(
    client: Client, engine: Engine, world: World
) -> None:
    (application,) = sent(engine, world, "Apples")
    page = client("cora").get(f"{DESK}/applications/{application.ref}").text
    for text in ("Ada Canaryname and friends", OWN_WORD, "Dig and plant", "Received", application.code):
        assert text in page
    assert audited(engine) == [("identity.read", application.ref)]


def test_a_draft_does_not_exist_for_the_coordinator(client: Client, engine: Engine, world: World) -> None:
    (application,) = sent(engine, world, "Apples")
    with session_on(engine) as session, session.begin():
        draft = session.get_one(Application, application.id)
        draft.counts_number, draft.status = None, Status.DRAFT
    answer = client("cora").get(f"{DESK}/applications/{application.ref}")
    assert answer.status_code == 404
    assert audited(engine) == []


@pytest.mark.parametrize("name", ["rita", "ada", "zoe", "max"])
def test_nobody_else_has_a_desk(client: Client, engine: Engine, world: World, name: str) -> None:
    (application,) = sent(engine, world, "Apples")
    someone = client(name)
    for path in (DESK, f"{DESK}/applications", f"{DESK}/applications/{application.ref}", f"{DESK}/assign"):
        assert someone.get(path).status_code == 404
    assert someone.post(f"{DESK}/reviewing").status_code == 404
    assert someone.post(f"{DESK}/assign/propose").status_code == 404
    assert audited(engine) == []


def test_anonymous_is_sent_to_sign_in(client: Client) -> None:
    assert client().get(DESK).headers["location"].startswith("/en/sign-in?next=")

"""Setting up a call over pages: the whole way without JavaScript, and each refusal."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine, event
from sqlmodel import col, select

from app.accounts.actors import Coordinator
from app.calls import actions
from app.calls.form import CallForm
from app.calls.inputs import CriteriaInput
from app.calls.method import hash_of_form
from app.calls.setup_view import setup_of
from app.database import session_on
from app.models.calls import AwardRound, Call, Criterion
from tests.calls.ready import make_new, make_ready
from tests.conftest import Clock
from tests.world import CLOSES, NOW, World

Client = Callable[..., TestClient]
LANGUAGES = ("kk", "ru", "en")
TEXTS = ("title", "purpose", "who_can_apply", "who_cannot", "need_at_hand", "other_ways")


@pytest.fixture
def ready(engine: Engine, world: World) -> int:
    """A call that lacks nothing, at version 6; Max coordinates it. Its key."""
    with session_on(engine) as session, session.begin():
        return make_ready(session, world.manager()).call_id


@pytest.fixture
def empty(engine: Engine, world: World) -> int:
    """A call just made, at version 1; Max coordinates it. Its key."""
    with session_on(engine) as session, session.begin():
        return make_new(session, world.manager()).call_id


def call_of(engine: Engine, slug: str = "2027") -> Call:
    with session_on(engine, reading=True) as session:
        return session.exec(select(Call).where(col(Call.slug) == slug)).one()


SETUP_PAGES = (
    "", "/texts", "/dates", "/money", "/sections", "/choices", "/eligibility", "/faq",
    "/criteria", "/criteria/need", "/criteria/new", "/scoring", "/rounds", "/rounds/new", "/organisations",
    "/preview/applicant", "/preview/reviewer", "/extend", "/cancel", "/clone",
)  # fmt: skip


@pytest.mark.parametrize("part", SETUP_PAGES)
def test_setup_page_litany(client: Client, ready: int, part: str) -> None:
    """It works for the coordinator; strangers and coordinators of other calls find nothing there."""
    path = f"/en/desk/2027/setup{part}"
    # The closing of a call that has not opened is a date of its setup.
    assert client("max").get(path).status_code == (409 if part == "/extend" else 200)
    for stranger in ("cora", "rita", "ada", "zoe"):
        assert client(stranger).get(path).status_code == 404
    hidden, random = client("cora").get(path), client("cora").get(path.replace("2027", "3021"))
    assert hidden.content.replace(b"2027", b"3021") == random.content
    answer = client().get(path)
    assert (answer.status_code, answer.headers["location"][:11]) == (303, "/en/sign-in")


POSTS = (
    "/texts", "/dates", "/money", "/sections", "/choices", "/criteria", "/criteria/need", "/scoring",
    "/rounds/new", "/organisations", "/organisations/add", "/open", "/extend", "/cancel", "/clone",
)  # fmt: skip


@pytest.mark.parametrize("part", POSTS)
def test_setup_write_by_a_stranger_changes_nothing(
    client: Client, engine: Engine, ready: int, part: str
) -> None:
    before = call_of(engine)
    for stranger in ("cora", "rita", "zoe"):
        assert client(stranger).post(f"/en/desk/2027/setup{part}", data={"version": "6"}).status_code == 404
    assert client().post(f"/en/desk/2027/setup{part}").status_code == 303
    assert call_of(engine) == before


@pytest.mark.parametrize("part", ["/nothing", "/criteria/nothing", "/rounds/NOTHING", "/panel"])
def test_setup_page_that_is_none(client: Client, ready: int, part: str) -> None:
    assert client("max").get(f"/en/desk/2027/setup{part}").status_code == 404
    assert client("max").post(f"/en/desk/2027/setup{part}", data={"version": "6"}).status_code == 404


def test_new_call_is_for_managers(client: Client) -> None:
    assert client("max").get("/en/desk/new").status_code == 200
    assert client("cora").get("/en/desk/new").status_code == 404
    assert client().get("/en/desk/new").status_code == 303
    assert client("cora").post("/en/desk/new", data={"slug": "x1"}).status_code == 404


def test_new_call_makes_its_maker_the_coordinator(client: Client, engine: Engine) -> None:
    given = {"slug": "spring", "ref_prefix": "SP", "kind": "grant", "title.ru": "Весна"}
    answer = client("max").post("/en/desk/new", data=given)
    assert answer.status_code == 303
    assert answer.headers["location"] == "/en/desk/spring/setup?done=call_created"
    page = client("max").get(answer.headers["location"]).text
    assert "Весна" in page
    assert "The title is missing: Қазақша." in page
    assert call_of(engine, "spring").title == {"ru": "Весна"}


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"slug": "2026"}, "Another call has this address."),
        ({"slug": "new"}, "Another call has this address."),
        ({"slug": "Big Call"}, "Enter this in the form shown."),
        ({"slug": ""}, "Enter an address."),
        ({"ref_prefix": "wa"}, "Enter this in the form shown."),
        ({"kind": "prize"}, "Choose one of the answers."),
    ],
)
def test_new_call_refuses_and_keeps_what_was_typed(client: Client, given: dict[str, str], words: str) -> None:
    typed = {"slug": "spring", "ref_prefix": "SP", "kind": "grant", "title.ru": "Весна"} | given
    answer = client("max").post("/en/desk/new", data=typed)
    assert answer.status_code == 422
    assert words in answer.text
    assert 'value="Весна"' in answer.text
    assert "<title>Error:" in answer.text


def test_whole_setup_over_pages_until_the_call_is_public(client: Client, engine: Engine, empty: int) -> None:
    browser = client("max")
    texts = {f"{name}.{language}": f"{name} {language}" for name in TEXTS for language in LANGUAGES}
    dates = {
        "timezone": "Asia/Almaty", "grace_minutes": "15",
        "opens_day": "2026-03-01", "opens_time": "09:00", "closes_day": "18.03.2026", "closes_time": "18.00",
        "reviews_due_day": "2026-04-08", "reviews_due_time": "18:00",
        "results_expected_day": "2026-04-27", "results_expected_time": "18:00",
    }  # fmt: skip
    name = {f"name.{language}": "Round" for language in LANGUAGES}
    round_ = {**name, "places": "6", "amount": "5 000", "envelope": "30,000"}
    steps: list[tuple[str, dict[str, Any]]] = [
        ("/texts", texts),
        ("/dates", dates),
        ("/money", {"ceiling": "5 000", "rate": "560,00", "max_months": "8", "administration_percent": "10"}),
        ("/rounds/new", round_),
        ("/organisations", {"organisations": ["BC", "KBTU"]}),
    ]
    for version, (part, given) in enumerate(steps, 1):
        answer = browser.post(f"/en/desk/2027/setup{part}", data={**given, "version": str(version)})
        assert answer.status_code == 303, (part, answer.text)
        assert browser.get(answer.headers["location"]).status_code == 200
    call = call_of(engine)
    assert call.closes_at == CLOSES
    assert (call.ceiling_minor, call.rate_minor) == (500_000, 56_000)
    overview = browser.get("/en/desk/2027/setup").text
    assert "Before the call can open" not in overview
    assert client().get("/en/calls/2027").status_code == 404
    answer = browser.post("/en/desk/2027/setup/open", data={"version": "6"})
    assert answer.headers["location"] == "/en/desk/2027/setup?done=call_opened"
    assert "purpose en" in client().get("/en/calls/2027").text


def test_dates_are_said_back_in_words(client: Client, ready: int) -> None:
    page = client("max").get("/en/desk/2027/setup/dates").text
    assert "18 March 2026, 18:00 (Almaty time, UTC+5)" in page
    assert 'name="closes_day" ' in page
    assert 'value="2026-03-18"' in page


@pytest.mark.parametrize(
    ("part", "given", "words", "kept"),
    [
        ("/dates", {"closes_day": "31.02.2026", "closes_time": "18:00"}, "Enter a date, for", "31.02.2026"),
        ("/dates", {"closes_day": "2026-03-18"}, "Enter both a date and a time.", "2026-03-18"),
        ("/dates", {"closes_day": "18.03.1826", "closes_time": "18:00"}, "between the years", "18.03.1826"),
        ("/dates", {"closes_day": "2026-03-18", "closes_time": "25:00"}, "Enter a time, for", "25:00"),
        (
            "/dates",
            {
                "opens_day": "2026-03-19", "opens_time": "9:00",
                "closes_day": "2026-03-18", "closes_time": "9:00",
            },
            "The call must close after it opens.",
            "2026-03-19",
        ),
        ("/dates", {"timezone": "Mars/Olympus"}, "Choose a time zone from the list.", ""),
        ("/money", {"ceiling": "a lot"}, "Enter a number, for example 12 500.", "a lot"),
        ("/money", {"ceiling": "5000.5555"}, "at most 2 decimal places", "5000.5555"),
        ("/money", {"administration_percent": "101"}, "100 or less", "101"),
        ("/sections", {"sections": ["nothing"]}, "Choose one of the answers.", ""),
        ("/scoring", {"reviews_per_application": "0"}, "1 or more", ""),
        ("/rounds/new", {"places": "", "name.en": "Kept name"}, "Enter a number, for", "Kept name"),
        ("/rounds/new", {"places": "3", "amount": "5000"}, "Enter both the amount", "5000"),
        ("/rounds/new", {"places": "3", "amount": "5000", "envelope": "10"}, "at least one award", "5000"),
        ("/criteria/new", {"code": "Bad Code", "title.en": "Kept title"}, "in the form shown", "Kept title"),
        ("/criteria/new", {"code": "need", "title.en": "Kept title"}, "same code", "Kept title"),
        ("/criteria", {"weight.need": "101"}, "100 or less", "101"),
        ("/criteria", {"tie_position.need": "2"}, "same place for breaking ties", ""),
        ("/organisations", {"organisations": "XX"}, "Choose one of the answers.", ""),
        ("/organisations/add", {"code": "NEW", "name.en": "Kept org"}, "Enter the name.", "Kept org"),
        (
            "/organisations/add",
            {"code": "BC", "name.en": "Kept org", "name.ru": "О", "name.kk": "Ұ"},
            "Another organisation has this short name.",
            "Kept org",
        ),
        ("/texts", {"title.en": "x" * 121}, "Shorten this to 120 characters or fewer.", "x" * 121),
        ("/choices", {"themes.0.name.en": "x" * 121}, "Shorten this to 120 characters or fewer.", "x" * 121),
        ("/cancel", {"reason.ru": "Kept reason"}, "Say why, in every language.", "Kept reason"),
        ("/clone", {"slug": "2026", "ref_prefix": "WA"}, "Another call has this address.", "WA"),
    ],
)  # fmt: skip
def test_setup_refuses_and_keeps_what_was_typed(
    client: Client, engine: Engine, ready: int, part: str, given: dict[str, Any], words: str, kept: str
) -> None:
    before = call_of(engine)
    base = {} if part == "/clone" else {"version": "6"}
    if part == "/dates":
        base["timezone"] = "Asia/Almaty"
    answer = client("max").post(f"/en/desk/2027/setup{part}", data={**base, **given})
    assert answer.status_code == 422
    assert words in answer.text
    assert kept in answer.text
    assert 'id="errors"' in answer.text
    assert call_of(engine) == before


@pytest.mark.parametrize(
    ("part", "given", "typed"),
    [
        ("/texts", {"title.en": "Mine"}, "Mine"),
        ("/dates", {"timezone": "Asia/Almaty", "closes_day": "2026-05-01", "closes_time": "12:34"}, "12:34"),
        ("/money", {"ceiling": "7777"}, "7777"),
        ("/criteria", {"weight.need": "33"}, "33"),
        ("/criteria/need", {"title.en": "Mine"}, "Mine"),
        ("/rounds/new", {"places": "3", "name.en": "Mine"}, "Mine"),
        ("/choices", {"themes.0.name.en": "Mine"}, "Mine"),
        ("/organisations/add", {"code": "MINE", "name.en": "M", "name.ru": "М", "name.kk": "М"}, "MINE"),
        ("/cancel", {f"reason.{language}": "Mine" for language in LANGUAGES}, "Mine"),
    ],
)
@pytest.mark.parametrize("version", ["5", "", "x"])
def test_setup_of_another_version_shows_both_texts(
    client: Client, engine: Engine, ready: int, part: str, given: dict[str, str], typed: str, version: str
) -> None:
    before = call_of(engine)
    answer = client("max").post(f"/en/desk/2027/setup{part}", data={**given, "version": version})
    assert answer.status_code == 409
    assert "Somebody else saved this in the meantime" in answer.text
    assert typed in answer.text
    assert 'name="version" value="6"' in answer.text
    assert call_of(engine) == before


def test_setup_conflict_shows_what_is_stored_beside_what_was_typed(client: Client, ready: int) -> None:
    text = client("max").post("/en/desk/2027/setup/texts", data={"title.en": "Mine", "version": "5"}).text
    conflict = text[text.index('id="conflict"') : text.index("<h1>")]
    assert '<p class="prose">Title</p>' in conflict
    assert '<p class="prose">Mine</p>' in conflict


def test_setup_of_an_open_call_is_readable_and_locked(client: Client, engine: Engine, ready: int) -> None:
    browser = client("max")
    browser.post("/en/desk/2027/setup/open", data={"version": "6"})
    before = call_of(engine)
    for part in ("/texts", "/dates", "/money", "/sections", "/choices", "/criteria", "/scoring"):
        shown = browser.get(f"/en/desk/2027/setup{part}")
        assert "does not change any more" in shown.text
        assert 'id="save"' not in shown.text
        given = {"version": "7", "timezone": "Asia/Almaty"}
        assert browser.post(f"/en/desk/2027/setup{part}", data=given).status_code == 409
    assert browser.post("/en/desk/2027/setup/open", data={"version": "7"}).status_code == 409
    assert call_of(engine) == before


def test_open_says_what_is_missing_and_links_to_it(client: Client, engine: Engine, empty: int) -> None:
    answer = client("max").post("/en/desk/2027/setup/open", data={"version": "1"})
    assert answer.status_code == 422
    assert "The call cannot open yet." in answer.text
    assert (
        '<a href="/en/desk/2027/setup/texts#f-purpose-kk">The purpose is missing: Қазақша.</a>' in answer.text
    )
    assert '<a href="/en/desk/2027/setup/rounds">There is no award round.</a>' in answer.text
    assert call_of(engine).opened_at is None


def test_criterion_anchors_are_edited_and_missing_ones_are_named(
    client: Client, engine: Engine, ready: int
) -> None:
    browser = client("max")
    given = {f"title.{language}": "Need" for language in LANGUAGES}
    given |= {f"asks.{language}": "Why" for language in LANGUAGES}
    given |= {f"anchors.{score}.{language}": "See" for score in range(1, 6) for language in LANGUAGES}
    del given["anchors.4.kk"]
    answer = browser.post(
        "/en/desk/2027/setup/criteria/need", data={**given, "sections": "need", "version": "6"}
    )
    assert answer.status_code == 303
    overview = browser.get("/en/desk/2027/setup").text
    assert "The description of score 4 for the criterion “Need” is missing: Қазақша." in overview
    assert 'href="/en/desk/2027/setup/criteria/need#f-anchors-4-kk"' in overview
    assert 'id="f-anchors-4-kk"' in browser.get("/en/desk/2027/setup/criteria/need").text


def test_criteria_are_added_moved_and_removed_by_buttons(client: Client, engine: Engine, ready: int) -> None:
    browser = client("max")
    answer = browser.post(
        "/en/desk/2027/setup/criteria/new", data={"code": "pitch", "title.en": "Pitch", "version": "6"}
    )
    assert answer.headers["location"] == "/en/desk/2027/setup/criteria/pitch?done=criterion_added"
    up = {"_action": "up:pitch", "weight.pitch": "10", "version": "7"}
    assert browser.post("/en/desk/2027/setup/criteria", data=up).status_code == 303
    assert codes(engine, ready) == [
        ("need", 25, 1), ("work_plan", 25, 2), ("budget", 25, 3), ("pitch", 10, 5), ("sustainability", 25, 4),
    ]  # fmt: skip
    page = browser.get("/en/desk/2027/setup/criteria").text
    assert "Saved weights together, in percent: 110" in page
    assert "must be 100" in page
    gone = {"_action": "remove:need", "version": "8"}
    assert browser.post("/en/desk/2027/setup/criteria", data=gone).status_code == 303
    assert codes(engine, ready) == [
        ("work_plan", 25, 1), ("budget", 25, 2), ("pitch", 10, 4), ("sustainability", 25, 3),
    ]  # fmt: skip


def codes(engine: Engine, call_id: int) -> list[tuple[str, int, int]]:
    with session_on(engine, reading=True) as session:
        rows = session.exec(
            select(Criterion).where(col(Criterion.call_id) == call_id).order_by(col(Criterion.position))
        )
        return [(row.code, row.weight, row.tie_position) for row in rows]


def test_choices_rows_are_added_copied_moved_and_removed(client: Client, engine: Engine, ready: int) -> None:
    browser = client("max")
    rows = {"themes.0.code": "a", "themes.0.name.en": "A", "themes.1.code": "b", "themes.1.name.en": "B"}
    acts = (
        ("", [("a", "A"), ("b", "B")]),
        ("up:themes:1", [("b", "B"), ("a", "A")]),
        ("copy:themes:0", [("a", "A"), ("b", "B"), ("a_2", "A")]),
        ("remove:themes:0", [("b", "B")]),
        ("add:themes", [("a", "A"), ("b", "B"), ("", None)]),
        ("down:themes:9", [("a", "A"), ("b", "B")]),
    )
    for version, (act, expected) in enumerate(acts, 6):
        given = {**rows, "_action": act, "version": str(version)}
        assert browser.post("/en/desk/2027/setup/choices", data=given).status_code == 303
        themes = call_of(engine).themes
        assert [(each["code"], each["name"].get("en")) for each in themes] == expected


def test_round_is_changed_and_removed(client: Client, engine: Engine, ready: int) -> None:
    browser = client("max")
    with session_on(engine, reading=True) as session:
        code = session.exec(select(col(AwardRound.code)).where(col(AwardRound.call_id) == ready)).one()
    path = f"/en/desk/2027/setup/rounds/{code}"
    assert 'value="30000"' in browser.get(path).text
    given = {"name.en": "Final", "places": "2", "amount": "1 500,50", "envelope": "3001", "version": "6"}
    assert browser.post(path, data=given).status_code == 303
    with session_on(engine, reading=True) as session:
        row = session.exec(select(AwardRound).where(col(AwardRound.call_id) == ready)).one()
        assert (row.code, row.places, row.amount_minor, row.envelope_minor) == (code, 2, 150_050, 300_100)
    assert browser.post(f"{path}/remove", data={"version": "6"}).status_code == 409
    assert browser.post(f"{path}/remove", data={"version": "7"}).status_code == 303
    assert browser.get(path).status_code == 404


def test_extension_moves_the_closing_and_tells_everybody(client: Client, engine: Engine, ready: int) -> None:
    browser = client("max")
    browser.post("/en/desk/2027/setup/open", data={"version": "6"})
    given = {f"reason.{language}": f"Storm {language}" for language in LANGUAGES}
    later = {**given, "closes_day": "2026-03-20", "closes_time": "18:00"}
    earlier = {**given, "closes_day": "2026-03-17", "closes_time": "18:00", "version": "7"}
    refused = browser.post("/en/desk/2027/setup/extend", data=earlier)
    assert (refused.status_code, "later than the present closing" in refused.text) == (422, True)
    stale = browser.post("/en/desk/2027/setup/extend", data={**later, "version": "6"})
    assert (stale.status_code, "2026-03-20" in stale.text) == (409, True)
    answer = browser.post("/en/desk/2027/setup/extend", data={**later, "version": "7"})
    assert answer.headers["location"] == "/en/desk/2027/setup?done=call_extended"
    public = client().get("/en/calls/2027").text
    assert "The closing was moved" in public
    assert "Storm en" in public
    assert call_of(engine).closes_at == CLOSES + timedelta(days=2)


def test_extension_after_the_closing_is_refused(
    client: Client, engine: Engine, clock: Clock, ready: int
) -> None:
    browser = client("max")
    browser.post("/en/desk/2027/setup/open", data={"version": "6"})
    clock.now = CLOSES
    given = {f"reason.{language}": "Late" for language in LANGUAGES}
    given |= {"closes_day": "2026-03-20", "closes_time": "18:00", "version": "7"}
    assert browser.post("/en/desk/2027/setup/extend", data=given).status_code == 409


def test_cancellation_is_public_and_final(client: Client, ready: int) -> None:
    browser = client("max")
    browser.post("/en/desk/2027/setup/open", data={"version": "6"})
    given = {f"reason.{language}": f"No money {language}" for language in LANGUAGES}
    answer = browser.post("/en/desk/2027/setup/cancel", data={**given, "version": "7"})
    assert answer.status_code == 303
    public = client().get("/ru/calls/2027").text
    assert "No money ru" in public
    assert browser.post("/en/desk/2027/setup/cancel", data={**given, "version": "8"}).status_code == 409


def test_clone_over_the_page(client: Client, engine: Engine, ready: int) -> None:
    answer = client("max").post("/en/desk/2027/setup/clone", data={"slug": "2028", "ref_prefix": "WA28"})
    assert answer.headers["location"] == "/en/desk/2028/setup?done=call_cloned"
    assert "The opening has no date." in client("max").get("/en/desk/2028/setup").text
    copy = call_of(engine, "2028")
    assert (copy.title, copy.closes_at, copy.opened_at, copy.version) == (
        call_of(engine).title, None, None, 1,
    )  # fmt: skip


def test_clone_by_a_coordinator_who_is_no_manager(client: Client) -> None:
    assert client("cora").get("/en/desk/2026/setup/clone").status_code == 404
    given = {"slug": "2028", "ref_prefix": "WA28"}
    assert client("cora").post("/en/desk/2026/setup/clone", data=given).status_code == 404


def test_previews_show_the_rubric_in_the_language_of_the_page(client: Client, ready: int) -> None:
    for language, anchor in (
        ("kk", "Тек тілек айтылған, қадамдар жоқ."),
        ("ru", "Пожелания, без шагов."),
        ("en", "Wishes, no steps."),
    ):
        for part in ("applicant", "reviewer"):
            assert anchor in client("max").get(f"/{language}/desk/2027/setup/preview/{part}").text


@pytest.mark.parametrize("part", ["", "/criteria", "/rounds", "/preview/applicant"])
def test_setup_pages_take_a_constant_number_of_queries(
    client: Client, engine: Engine, ready: int, part: str
) -> None:
    browser = client("max")
    path = f"/en/desk/2027/setup{part}"
    browser.get(path)
    with counted(engine) as before:
        browser.get(path)
    with session_on(engine) as session, session.begin():
        who = Coordinator(1, ready)
        first = setup_of(session, who).criteria.criteria
        more = [
            each.model_copy(update={"code": f"{each.code}_2", "tie_position": each.tie_position + 4})
            for each in first
        ]
        actions.save_criteria(session, who, 6, CriteriaInput(criteria=[*first, *more]), NOW)
    with counted(engine) as after:
        browser.get(path)
    assert len(before) == len(after)
    assert len(after) <= 8


class counted:
    """Counts the statements an engine executes."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.statements: list[str] = []

    def __enter__(self) -> list[str]:
        event.listen(self.engine, "before_cursor_execute", self._note)
        return self.statements

    def __exit__(self, *_: object) -> None:
        event.remove(self.engine, "before_cursor_execute", self._note)

    def _note(self, _c: object, _u: object, statement: str, *_: object) -> None:
        if not statement.startswith(("PRAGMA", "BEGIN")):
            self.statements.append(statement)


def test_questions_and_answers_are_written_row_by_row(client: Client, engine: Engine, ready: int) -> None:
    """Add, fill, move and remove without JavaScript; an entry in which nothing was typed is none."""
    browser, address = client("max"), "/en/desk/2027/setup/faq"
    added = browser.post(address, data={"version": "6", "_action": "add:entries"}).headers["location"]
    assert added == f"{address}?done=saved&add=yes#f-entries-0"
    assert 'name="entries.0.question.kk"' in browser.get(added).text
    assert call_of(engine).faq == []
    rows = {
        f"entries.{index}.{name}.{language}": f"{name} {index} {language}"
        for index in (0, 2)
        for name in ("question", "answer")
        for language in LANGUAGES
    }
    given = {**rows, "version": "7", "_action": "up:entries:1"}
    assert browser.post(address, data=given).status_code == 303
    assert [each["question"]["en"] for each in call_of(engine).faq] == ["question 2 en", "question 0 en"]
    stale = browser.post(address, data={**rows, "version": "7"})
    assert (stale.status_code, "question 2 en" in stale.text) == (409, True)
    half = {**rows, "entries.0.answer.kk": "", "version": "8"}
    assert browser.post(address, data=half).status_code == 303
    assert "Entry 1 is not written in this language yet: Қазақша." in browser.get("/en/desk/2027/setup").text
    browser.post(address, data={**rows, "version": "9"})
    browser.post("/en/desk/2027/setup/open", data={"version": "10"})
    refused = browser.post(address, data={**half, "version": "11"})
    assert (refused.status_code, "question 2 ru" in refused.text) == (422, True)
    assert refused.text.count("Entry 1 is not written in this language yet: Қазақша.") == 2
    assert (
        browser.post(address, data={**rows, "version": "11", "_action": "remove:entries:1"}).status_code
        == 303
    )
    page = client().get("/ru/calls/2027/faq").text
    assert ("question 0 ru" in page, "question 2 ru" in page) == (True, False)
    too_long = {**rows, "version": "12", "entries.0.question.en": "x" * 500}
    assert browser.post(address, data=too_long).status_code == 422


def test_a_round_whose_money_is_not_enough_for_its_places_says_so_where_it_is_saved(
    client: Client, ready: int
) -> None:
    browser, pages = client("max"), "/en/desk/2027/setup/rounds"
    (code,) = re.findall(rf'href="{pages}/([A-Z2-9]+)"', browser.get(pages).text)
    rule = {
        **{f"name.{language}": "Round" for language in LANGUAGES},
        "places": "6", "amount": "5 000", "envelope": "20 000", "split": "fixed", "version": "6",
    }  # fmt: skip
    assert browser.post(f"{pages}/{code}", data=rule).headers["location"] == f"{pages}?done=saved"
    assert "for 6 awards of €5,000 there is €20,000, and so 4 of them fit" in browser.get(pages).text
    # All of them share what there is by another rule: nothing is short then.
    for changed in ({"split": "equal"}, {"envelope": "30 000"}):
        version = re.findall(r'name="version" value="(\d+)"', browser.get(f"{pages}/{code}").text)[0]
        assert browser.post(f"{pages}/{code}", data=rule | changed | {"version": version}).status_code == 303
        assert "of them fit" not in browser.get(pages).text


def test_the_rule_of_a_round_is_set_up_read_back_and_published(
    client: Client, engine: Engine, ready: int
) -> None:
    """The rule of 13 April 2019, as a coordinator types it and as everybody reads it then."""
    browser, pages = client("max"), "/en/desk/2027/setup/rounds"
    (code,) = re.findall(rf'href="{pages}/([A-Z2-9]+)"', browser.get(pages).text)
    rule: dict[str, Any] = {
        **{f"name.{language}": "Round" for language in LANGUAGES},
        **{f"reserved_for.{language}": "members of the workshop" for language in LANGUAGES},
        "places": "12", "least_places": "6", "amount": "5 000", "envelope": "30 000", "split": "equal",
        "full_places": "3", "reserved_places": "1", "reserved_answer": "kind=group", "threshold": "40",
        "reserve_places": "3", "reserve_until_day": "31.07.2026", "reserve_until_time": "18:00",
        "version": "6",
    }  # fmt: skip
    refused = browser.post(f"{pages}/{code}", data=rule | {"least_places": "13", "reserve_until_day": ""})
    assert refused.status_code == 422
    for wrong in (
        {"least_places": "13"}, {"reserved_places": "13"}, {"split": "first_full", "full_places": ""},
        {"split": "first_full", "full_places": "12"}, {"split": "first_full", "full_places": "6"},
        {"reserve_places": ""}, {"threshold": "101"}, {"reserved_places": ""},
    ):  # fmt: skip
        answer = browser.post(f"{pages}/{code}", data=rule | wrong)
        assert (answer.status_code, "members of the workshop" in answer.text) == (422, True), wrong
    assert browser.post(f"{pages}/{code}", data=rule).status_code == 303
    read = browser.get(f"{pages}/{code}").text
    assert re.search(r'value="equal"[^>]*checked', read)
    assert re.search(r'<option value="kind=group" selected', read)
    said = "Awards: at least 6, at most 12."
    assert said in browser.get(pages).text
    # An answer of the form that a coordinator confirms; how others are reached is none.
    assert re.search(r'<option value="need.permit=yes">[^<]* – [^<]*\(to be confirmed', read)
    assert "contact_way" not in read
    unsaid = {"reserved_answer": "need.permit=perhaps", "version": "7"}
    assert browser.post(f"{pages}/{code}", data=rule | unsaid).status_code == 303
    assert "seats by an answer that applicants cannot give" in browser.get("/en/desk/2027/setup").text
    asked = {"reserved_answer": "need.permit=yes", "version": "8"}
    assert browser.post(f"{pages}/{code}", data=rule | asked).status_code == 303
    groups = {
        "method": "calibrated",
        "strata": "theme",
        "impute": "yes",
        "scores_published": "yes",
        "version": "9",
    }
    assert browser.post("/en/desk/2027/setup/scoring", data=groups).status_code == 303
    assert re.search(r'value="theme"[^>]*checked', browser.get("/en/desk/2027/setup/scoring").text)
    groups |= {"strata": "language", "version": "10"}
    assert browser.post("/en/desk/2027/setup/scoring", data=groups).status_code == 303
    opened = browser.post("/en/desk/2027/setup/open", data={"version": "11"})
    assert "By the language of the application." in client().get("/en/calls/2027/criteria").text
    public = client(api=True).get("/api/v1/calls/2027/criteria").json()
    assert (public["strata"], public["impute"]) == ("language", True)
    assert "such a review weighs less." in client().get("/en/calls/2027/criteria").text
    form = CallForm.model_validate(call_of(engine).frozen_form)
    assert (form.strata, form.rounds[0].reserved_answer) == ("language", "need.permit=yes")
    others = [form.model_copy(update=each) for each in ({"strata": None}, {"impute": False})]
    assert public["method_hash"] == hash_of_form(form)
    assert public["method_hash"] not in {hash_of_form(each) for each in others}
    assert opened.headers["location"] == "/en/desk/2027/setup?done=call_opened"
    public = client().get("/en/calls/2027").text
    for sentence in (
        said, "The winners share the money equally; each gets at most €5,000.",
        "Reserved seats: 1, for: members of the workshop.", "Lowest total that can win: 40 of 100.",
        "Applications on the reserve list: 3. It is valid until: ",
    ):  # fmt: skip
        assert sentence in public, sentence

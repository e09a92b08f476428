"""The applicant's pages: the whole way without JavaScript, and every refusal on it."""

import re
from datetime import timedelta
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine
from sqlmodel import col, select

from app.applications import actions
from app.database import session_on
from app.models.applications import Application, Draft, Sending, Status
from app.models.people import Consent
from tests.applications.steps import begin, begin_write_send, write
from tests.applications.typed import BRIEF, BUDGET, GRANT
from tests.conftest import Client, Clock
from tests.documents.opened import text_of
from tests.world import CLOSES, NOW, World

HTMX = {"HX-Request": "true"}


def begun(engine: Engine, world: World, name: str = "ada") -> str:
    with session_on(engine) as session, session.begin():
        return begin(session, world.applicant(name))


def written(engine: Engine, world: World) -> str:
    with session_on(engine) as session, session.begin():
        ref = begin(session, world.applicant())
        write(session, world.applicant(), ref)
    return ref


def sent(engine: Engine, world: World) -> str:
    with session_on(engine) as session, session.begin():
        return begin_write_send(session, world.applicant())


def stored(engine: Engine, section: str) -> tuple[dict[str, Any], int]:
    with session_on(engine, reading=True) as session, session.begin():
        data, version = session.exec(select(Draft.data, Draft.version).where(Draft.section == section)).one()
    return dict(data), version


def flat(typed: dict[str, Any], *names: str) -> dict[str, Any]:
    """A section as its form sends it."""
    out: dict[str, Any] = {}
    for name, value in typed.items():
        if names and name not in names:
            continue
        if isinstance(value, list) and value and isinstance(value[0], dict):
            for row in value:
                out |= {f"{name}.{row['id']}.{field}": each for field, each in row.items() if field != "id"}
        else:
            out[name] = value
    return out


def test_start_shows_unticked_boxes_and_begins(client: Client, engine: Engine) -> None:
    ada = client("ada")
    page = ada.get("/en/calls/2026/apply")
    assert page.status_code == 200
    assert page.text.count('type="checkbox"') == 4
    assert "checked" not in page.text
    done = ada.post("/en/calls/2026/apply", data={"processing": "yes", "publication": "yes"})
    assert done.status_code == 303
    assert re.fullmatch(r"/en/apply/WA26-\w{6}\?done=application_started", done.headers["location"])
    begun_page = ada.get(done.headers["location"]).text
    assert "Everything you type is kept" in begun_page
    assert "Check your answers and send" in begun_page
    with session_on(engine, reading=True) as session, session.begin():
        assert {row.kind for row in session.exec(select(Consent))} == {"processing", "publication"}


def test_start_without_consent_is_refused_and_keeps_the_ticks(client: Client, engine: Engine) -> None:
    page = client("ada").post("/en/calls/2026/apply", data={"publication": "yes"})
    assert page.status_code == 422
    assert page.text.count("Tick the box about your data: without") == 2
    both = client("ada").post("/en/calls/2026/apply", data={}).text
    listed = re.findall(r'<li><a href="#f-[a-z]+">([^<]+)</a></li>', both)
    assert len(listed) == len(set(listed)) == 2
    assert re.search(r'name="publication" value="yes"[^>]* checked', page.text)
    with session_on(engine, reading=True) as session, session.begin():
        assert session.exec(select(Application)).all() == []


def test_start_is_refused_to_the_panel_and_after_the_deadline(client: Client, clock: Clock) -> None:
    assert client("rita").get("/en/calls/2026/apply").status_code == 409
    assert client("rita").post("/en/calls/2026/apply", data={}).status_code == 409
    clock.now = CLOSES
    assert client("ada").get("/en/calls/2026/apply").status_code == 409
    assert client("ada").get("/en/calls/none/apply").status_code == 404


PATHS = (
    "/en/apply/{ref}",
    "/en/apply/{ref}/brief",
    "/en/apply/{ref}/budget/prices",
    "/en/apply/{ref}/check",
    "/en/apply/{ref}/check/reviewers",
    "/en/apply/{ref}/send",
    "/en/apply/{ref}/copy",
    "/en/apply/{ref}/copy.txt",
    "/en/apply/{ref}/delete",
    "/en/my/{ref}",
)
SENT_PATHS = (
    "/en/my/{ref}",
    "/en/apply/{ref}/sent",
    "/en/apply/{ref}/sent/copy",
    "/en/apply/{ref}/sent/copy.txt",
    "/en/apply/{ref}/withdraw",
    "/en/apply/{ref}/copy",
)


@pytest.mark.parametrize("path", PATHS)
def test_pages_of_a_draft_are_for_its_team_alone(
    client: Client, engine: Engine, world: World, path: str
) -> None:
    address = path.format(ref=written(engine, world))
    assert client("ada").get(address).status_code == 200
    for name in ("ben", "rita", "cora"):
        refused = client(name).get(address)
        assert refused.status_code == 404
        assert "anary" not in refused.text
    anonymous = client().get(address)
    assert anonymous.status_code == 303
    assert anonymous.headers["location"].startswith("/en/sign-in")


@pytest.mark.parametrize("path", SENT_PATHS)
def test_pages_of_a_sent_application_are_for_its_team_alone(
    client: Client, engine: Engine, world: World, path: str
) -> None:
    address = path.format(ref=sent(engine, world))
    assert client("ada").get(address).status_code == 200
    assert client("ben").get(address).status_code == 404
    assert client().get(address).status_code == 303


@pytest.mark.parametrize(
    "path", ["brief", "brief/all", "budget/lines", "take-back", "withdraw", "delete", "send"]
)
def test_writes_of_a_stranger_are_not_found(client: Client, engine: Engine, world: World, path: str) -> None:
    ref = begun(engine, world)
    data = {"version": "1", "title": "Mine now", "number": "1", "name": "Ben"}
    assert client("ben").post(f"/en/apply/{ref}/{path}", data=data).status_code == 404
    assert client("ben").patch(f"/en/apply/{ref}/brief/autosave", data=data).status_code == 404
    assert stored(engine, "brief") == ({}, 1)


def test_the_list_shows_own_applications_and_doors(client: Client, engine: Engine, world: World) -> None:
    ref = written(engine, world)
    page = client("ada").get("/en/my").text
    assert "Garden behind the library" in page
    assert ref in page
    assert ref not in client("ben").get("/en/my").text
    assert "No applications yet" in client("ben").get("/en/my").text
    assert "/en/review/2026" in client("rita").get("/en/my").text
    assert "/en/desk/2026" in client("cora").get("/en/my").text
    assert client().get("/en/my").status_code == 303


def test_the_task_list_says_how_far_each_section_is(client: Client, engine: Engine, world: World) -> None:
    ref = begun(engine, world)
    with session_on(engine) as session, session.begin():
        ada = world.applicant()
        actions.save_section(session, ada, ref, "brief", BRIEF, version=1, now=NOW)
        actions.save_section(session, ada, ref, "need", {"problem": "Bare"}, version=1, now=NOW)
        over = {"prices_found": "x" * 900}
        actions.save_section(session, ada, ref, "budget", over, version=1, now=NOW)
    page = client("ada").get(f"/en/apply/{ref}").text
    assert "Completed sections: 1 / 6" in page
    assert "2 answers missing" in page
    assert "There is a problem" in page
    assert "8 days left." in page


def test_a_section_is_saved_page_by_page(client: Client, engine: Engine, world: World) -> None:
    ref = begun(engine, world)
    ada = client("ada")
    going_on = ada.post(
        f"/en/apply/{ref}/need/problem",
        data={"version": "1", "problem": "Bare\r\nyard", "evidence": "Seen", "_action": "continue"},
    )
    assert (going_on.status_code, going_on.headers["location"]) == (303, f"/en/apply/{ref}/need/people")
    later = ada.post(
        f"/en/apply/{ref}/need/priorities", data={"version": "2", "_action": "later", "complete": "later"}
    )
    assert later.headers["location"] == f"/en/apply/{ref}?done=section_saved"
    data, version = stored(engine, "need")
    assert (data["problem"], data["evidence"], data["complete"]) == ("Bare\nyard", "Seen", "later")
    assert version == 3
    assert "Bare\nyard" in ada.get(f"/en/apply/{ref}/need").text


def test_what_is_wrong_is_saved_and_shown_with_its_row(client: Client, engine: Engine, world: World) -> None:
    ref = begun(engine, world)
    typed = flat(BUDGET, "lines") | {"lines.l2.price": "twelve", "version": "1", "_action": "continue"}
    page = client("ada").post(f"/en/apply/{ref}/budget/lines", data=typed)
    assert page.status_code == 422
    assert (
        '<a href="#f-lines-l2-price">Line 2. Price of one: Enter a number, for example 12 500.</a>'
        in page.text
    )
    assert "<title>Error:" in page.text
    assert 'value="twelve"' in page.text
    assert stored(engine, "budget")[0]["lines"][1]["price"] == "twelve"
    assert (
        client("ada")
        .post(f"/en/apply/{ref}/budget/lines", data=typed | {"version": "2", "_action": "later"})
        .status_code
        == 303
    )


def test_over_the_ceiling_is_said_in_both_currencies(client: Client, engine: Engine, world: World) -> None:
    ref = begun(engine, world)
    typed = flat(BUDGET, "lines") | {"lines.l1.price": "70 100", "lines.l1.activity": "whole"}
    page = client("ada").post(f"/en/apply/{ref}/budget/lines", data=typed | {"version": "1"})
    assert page.status_code == 422
    text = client("ada").get(f"/en/apply/{ref}/budget/lines").text.replace("\u00a0", " ")
    assert "From the grant: 2,804,000 ₸ (€5,007.14)" in text
    assert "4,000 ₸ (€7.14) above the ceiling" in text


def test_a_month_outside_the_project_or_before_the_results_is_shown_where_it_is_chosen(
    client: Client, engine: Engine, world: World
) -> None:
    """The plan is far from complete; what is chosen is wrong all the same. Results come in April 2026."""
    ref = begun(engine, world)
    ada, address = client("ada"), f"/en/apply/{ref}/work_plan"
    first = re.findall(r'<option value="(\d{4}-\d\d)"', ada.get(f"{address}/result").text)
    assert first[0] == "2026-05"
    early = {"version": "1", "starts": "2026-04", "ends": "2026-08", "_action": "continue"}
    refused = ada.post(f"{address}/result", data=early)
    assert refused.status_code == 422
    assert refused.text.count("Choose a month after the results are announced") == 2
    assert (
        ada.post(f"{address}/result", data=early | {"version": "2", "starts": "2026-06"}).status_code == 303
    )
    activity = {"title": "Digging", "from_month": "2026-05", "to_month": "2026-07"}
    typed = flat({"activities": [activity | {"id": "a1"}]}) | {"version": "3", "_action": "continue"}
    outside = ada.post(f"{address}/activities", data=typed)
    assert outside.status_code == 422
    assert "Choose a month between the first and the last month of the project." in outside.text


def test_a_row_keeps_the_way_back_to_the_check(client: Client, engine: Engine, world: World) -> None:
    ref = begun(engine, world)
    ada, address = client("ada"), f"/en/apply/{ref}/budget/lines"
    back = {"back": "check", "_action": "add:lines"}
    added = ada.post(address, data=back | {"version": "1"})
    assert added.headers["location"].startswith(f"{address}?back=check#f-lines-")
    for version, headers in (("2", HTMX), ("1", {})):
        answer = ada.post(address, data=back | {"version": version}, headers=headers)
        assert '<input type="hidden" name="back" value="check">' in answer.text


def test_rows_by_buttons_without_javascript(client: Client, engine: Engine, world: World) -> None:
    ref = begun(engine, world)
    ada = client("ada")
    address = f"/en/apply/{ref}/budget/lines"
    added = ada.post(address, data={"version": "1", "_action": "add:lines"})
    assert added.status_code == 303
    (row,) = stored(engine, "budget")[0]["lines"]
    assert added.headers["location"] == f"{address}#f-lines-{row['id']}"
    typed = {"version": "2", f"lines.{row['id']}.what": "Soil", "_action": f"copy:lines:{row['id']}"}
    assert ada.post(address, data=typed).status_code == 303
    lines = stored(engine, "budget")[0]["lines"]
    assert [line["what"] for line in lines] == ["Soil", "Soil"]
    removed = flat({"lines": lines}) | {"version": "3", "_action": f"remove:lines:{lines[1]['id']}"}
    assert ada.post(address, data=removed).headers["location"] == f"{address}#undo"
    assert "Line 2 was removed." in ada.get(address).text
    back = flat({"lines": lines[:1]}) | {"version": "4", "_action": "undo:lines"}
    assert ada.post(address, data=back).status_code == 303
    assert stored(engine, "budget")[0]["lines"] == lines


def test_rows_with_htmx_answer_the_form_alone(client: Client, engine: Engine, world: World) -> None:
    ref = begun(engine, world)
    page = client("ada").post(
        f"/en/apply/{ref}/budget/lines", data={"version": "1", "_action": "add:lines"}, headers=HTMX
    )
    assert page.status_code == 200
    assert page.text.lstrip().startswith('<form id="section_form"')
    assert "<html" not in page.text
    assert "Line added." in page.text
    assert page.text.count("data-focus") == 1
    assert '<input type="hidden" id="version" name="version" value="2">' in page.text


def test_adding_a_row_that_was_asked_for_is_no_mistake(client: Client, engine: Engine, world: World) -> None:
    """Who says that a permit is needed adds who gives it: only going on without is refused."""
    ref = begun(engine, world)
    ada = client("ada")
    address = f"/en/apply/{ref}/need/others"
    add = {"permit": "yes", "_action": "add:stakeholders"}
    written = {"need": {name: value for name, value in GRANT["need"].items() if name != "stakeholders"}}
    with session_on(engine) as session, session.begin():
        write(session, world.applicant(), ref, written)
    for page in (ada.post(address, data={"version": "2", **add}, headers=HTMX), ada.get(address)):
        assert "There is a problem" not in page.text
        assert "<title>Error:" not in page.text
    refused = ada.post(address, data={"version": "3", "permit": "yes", "_action": "continue"})
    assert refused.status_code == 422
    assert "There is a problem" in refused.text


def test_autosave_answers_only_the_status_line_and_the_version(
    client: Client, engine: Engine, world: World
) -> None:
    ref = begun(engine, world)
    ada = client("ada")
    address = f"/en/apply/{ref}/brief/autosave"
    page = ada.patch(address, data={"version": "1", "part": "all", "title": "Қала"}, headers=HTMX)
    assert page.status_code == 200
    assert "Saved 14:00. You can close this page." in page.text
    assert 'id="version" name="version" value="2" hx-swap-oob="true"' in page.text
    assert "<textarea" not in page.text
    again = ada.patch(address, data={"version": "2", "part": "all", "title": "Қала"}, headers=HTMX)
    assert 'value="2"' in again.text
    assert stored(engine, "brief")[0]["title"] == "Қала"


def test_a_stale_save_shows_both_texts_and_lets_one_choose(
    client: Client, engine: Engine, world: World
) -> None:
    ref = begun(engine, world)
    ada = client("ada")
    address = f"/en/apply/{ref}/brief"
    ada.post(address, data={"version": "1", "title": "From the phone", "_action": "later"})
    clash = {"version": "1", "title": "From the laptop", "summary": "Kept"}
    page = ada.post(address, data=clash | {"_action": "continue"})
    assert page.status_code == 409
    assert page.text.count("From the phone") == 1
    assert page.text.count("From the laptop") == 2
    assert ">Kept</textarea>" in page.text.replace("\n", "")
    assert stored(engine, "brief")[0]["title"] == "From the phone"
    assert 'name="seen" value="2"' in page.text
    assert "You can close this page" not in page.text
    assert "You can close this page" in ada.get(address).text

    chosen = clash | {"seen": "2", "_action": "choose", "choice.title": "theirs"}
    theirs = ada.post(address, data=chosen)
    assert (theirs.status_code, theirs.headers["location"]) == (303, f"{address}?done=section_saved")
    assert stored(engine, "brief") == ({"title": "From the phone", "summary": "Kept", **EMPTY_BRIEF}, 4)
    # What was not chosen had been saved first, so that it is found again.
    assert "From the laptop" in ada.get(f"{address}/versions").text
    again = ada.post(address, data=chosen)
    assert again.status_code == 409
    both = clash | {"seen": "4", "_action": "choose", "choice.title": "both", "choice.summary": "mine"}
    assert ada.post(address, data=both).status_code == 303
    assert stored(engine, "brief")[0]["title"] == "From the phone / From the laptop"


def test_a_stale_autosave_shows_the_choice_once(client: Client, engine: Engine, world: World) -> None:
    ref = begun(engine, world)
    ada = client("ada")
    ada.post(f"/en/apply/{ref}/brief", data={"version": "1", "title": "Phone", "_action": "later"})
    address = f"/en/apply/{ref}/brief/autosave"
    typed = {"version": "1", "part": "all", "title": "Laptop"}
    page = ada.patch(address, data=typed, headers=HTMX)
    assert (page.status_code, page.headers["HX-Retarget"]) == (409, "#conflict")
    assert "Phone" in page.text
    assert "Laptop" in page.text
    again = ada.patch(address, data=typed | {"seen": "2"}, headers=HTMX)
    assert again.status_code == 409
    assert "HX-Retarget" not in again.headers
    assert "data-focus" not in again.text
    assert stored(engine, "brief")[0]["title"] == "Phone"


def test_nothing_is_written_after_the_deadline_and_the_copy_stays(
    client: Client, engine: Engine, world: World, clock: Clock
) -> None:
    ref = written(engine, world)
    clock.now = CLOSES + timedelta(minutes=15)
    ada = client("ada")
    late = ada.post(f"/en/apply/{ref}/brief", data={"version": "2", "title": "Late"})
    assert late.status_code == 409
    assert "The deadline has passed" in late.text
    assert (
        ada.patch(f"/en/apply/{ref}/brief/autosave", data={"version": "2", "part": "all"}).status_code == 409
    )
    assert ada.post(f"/en/apply/{ref}/send", data=declaration()).status_code == 409
    assert stored(engine, "brief")[0]["title"] == BRIEF["title"]
    locked = ada.get(f"/en/apply/{ref}").text
    assert "Locked" in locked
    assert "Everything you type is kept" not in locked
    assert "Check your answers and send" not in locked
    assert BRIEF["title"] in ada.get(f"/en/apply/{ref}/copy.txt").text


EMPTY_BRIEF = {"title_second": "", "theme": "", "districts": [], "place": ""}
"""The questions of the page that a test leaves alone."""


def declaration(number: int = 1) -> dict[str, str]:
    ticks = dict.fromkeys(("truth", "no_conflict", "no_double_funding", "controls"), "yes")
    return ticks | {"number": str(number), "name": "Ada"}


def test_check_lists_what_is_missing_as_links(client: Client, engine: Engine, world: World) -> None:
    ref = begun(engine, world)
    with session_on(engine) as session, session.begin():
        broken = {"lines": [BUDGET["lines"][0] | {"price": ""}]}
        write(session, world.applicant(), ref, GRANT | {"budget": BUDGET | broken})
    page = client("ada").get(f"/en/apply/{ref}/check").text
    assert (
        f'<a href="/en/apply/{ref}/budget/lines?back=check#f-lines-l1-price">'
        "Budget: what it costs — Line 1: Enter the price of one, for example 12 500.</a>"
    ) in page
    assert "declaration" not in page
    assert client("ada").get(f"/en/apply/{ref}/send").status_code == 303
    there = client("ada").get(f"/en/apply/{ref}/budget/lines?back=check").text
    assert "Enter the price of one, for example 12 500." in there
    back = client("ada").post(
        f"/en/apply/{ref}/budget/lines", data=flat(BUDGET, "lines") | {"version": "2", "back": "check"}
    )
    assert back.headers["location"] == f"/en/apply/{ref}/check#budget"


def test_the_blind_view_shows_the_project_and_no_person(client: Client, engine: Engine, world: World) -> None:
    ref = written(engine, world)
    page = client("ada").get(f"/en/apply/{ref}/check/reviewers").text
    assert "Garden behind the library" in page
    assert "anary" not in page
    assert "Coordinatoronly" not in page
    assert "Coordinatoronly" in client("ada").get(f"/en/apply/{ref}/check").text
    with session_on(engine) as session, session.begin():
        empty = begin(session, world.applicant())
    page = client("ada").get(f"/en/apply/{empty}/check/reviewers").text
    assert "Not provided" in page and 'href=""' not in page, (
        "what is missing is no link where nothing is changed"
    )


def test_send_gives_a_receipt_and_a_second_press_the_same(
    client: Client, engine: Engine, world: World
) -> None:
    ref = written(engine, world)
    ada = client("ada")
    assert "Send my application" in ada.get(f"/en/apply/{ref}/send").text
    for _ in range(2):
        done = ada.post(f"/en/apply/{ref}/send", data=declaration())
        assert (done.status_code, done.headers["location"]) == (303, f"/en/apply/{ref}/sent")
    assert ada.get(f"/en/apply/{ref}/send").headers["location"] == f"/en/apply/{ref}/sent"
    page = ada.get(f"/en/apply/{ref}/sent").text
    assert f"{ref}/1" in page
    assert "10 March 2026, 14:00 (Almaty time, UTC+5)" in page
    with session_on(engine, reading=True) as session, session.begin():
        assert page.count(session.exec(select(Sending.sha256)).one()) == 1


def test_a_copy_of_a_draft_and_of_each_sending_is_there_for_the_team_only(
    client: Client, engine: Engine, world: World
) -> None:
    """As a page, as text and as a PDF: a draft says that it was not sent, a sending when it came."""
    ref = written(engine, world)
    ada = client("ada")
    assert f'href="/en/apply/{ref}/copy.pdf"' in ada.get(f"/en/apply/{ref}/copy").text
    draft = ada.get(f"/en/apply/{ref}/copy.pdf")
    assert draft.headers["content-type"] == "application/pdf"
    assert draft.headers["content-disposition"] == f'attachment; filename="{ref}.pdf"'
    assert draft.headers["cache-control"] == "no-store"
    read = text_of(draft.content)
    assert "DRAFT, NOT SENT" in read and "Garden behind the library" in read and "SHA-256" not in read
    assert "DRAFT, NOT SENT" in ada.get(f"/en/apply/{ref}/copy.txt").text
    assert ada.get(f"/en/apply/{ref}/sent/1/copy.pdf").status_code == 404

    ada.post(f"/en/apply/{ref}/send", data=declaration())
    ada.post(f"/en/apply/{ref}/take-back")
    number = {"number": "2"}
    assert ada.post(f"/en/apply/{ref}/send", data=declaration() | number).status_code == 303
    with session_on(engine, reading=True) as session, session.begin():
        hashes = list(session.exec(select(Sending.sha256).order_by(col(Sending.number))))
    status = ada.get(f"/en/my/{ref}").text
    for each, sha256 in enumerate(hashes, 1):
        assert f'href="/en/apply/{ref}/sent/{each}/copy.pdf"' in status
        made = text_of(ada.get(f"/en/apply/{ref}/sent/{each}/copy.pdf").content)
        plain = ada.get(f"/en/apply/{ref}/sent/{each}/copy.txt").text
        for words in (f"{ref}/{each}", sha256, "10 March 2026, 14:00 (Almaty time, UTC+5)", "600,000\u00a0₸"):
            assert words in made and words in plain
        assert "NOT SENT" not in made
    assert f'href="/en/apply/{ref}/sent/2/copy.pdf"' in ada.get(f"/en/apply/{ref}/sent").text
    for path in ("copy.pdf", "sent/1/copy.pdf", "sent/1/copy.txt"):
        assert client("ben").get(f"/en/apply/{ref}/{path}").status_code == 404
    for wrong in ("0", "3", "x", "²", "99999999999999999999"):
        assert ada.get(f"/en/apply/{ref}/sent/{wrong}/copy.pdf").status_code == 404


def test_send_without_the_declaration_is_refused_with_what_was_typed(
    client: Client, engine: Engine, world: World
) -> None:
    ref = written(engine, world)
    page = client("ada").post(f"/en/apply/{ref}/send", data={"number": "1", "name": "Ada", "truth": "yes"})
    assert page.status_code == 422
    assert 'value="Ada"' in page.text
    listed = re.findall(r'<li><a href="#f-([a-z_]+)">([^<]+)</a></li>', page.text)
    assert [name for name, _ in listed] == ["no_conflict", "no_double_funding", "controls"]
    empty = client("ada").post(f"/en/apply/{ref}/send", data={"number": "1", "name": " "}).text
    listed = re.findall(r'<li><a href="#f-([a-z_]+)">([^<]+)</a></li>', empty)
    assert [name for name, _ in listed] == ["truth", "no_conflict", "no_double_funding", "controls", "name"]
    assert len({words for _, words in listed}) == 5
    assert client("ada").post(f"/en/apply/{ref}/send", data={}).status_code == 422


def test_send_of_an_unready_draft_lists_what_is_missing(client: Client, engine: Engine, world: World) -> None:
    ref = begun(engine, world)
    page = client("ada").post(f"/en/apply/{ref}/send", data=declaration())
    assert page.status_code == 422
    assert "Before you can send" in page.text


def test_take_back_says_what_counts(client: Client, engine: Engine, world: World) -> None:
    ref = sent(engine, world)
    ada = client("ada")
    assert ada.post(f"/en/apply/{ref}/take-back").headers["location"] == f"/en/apply/{ref}?done=taken_back"
    words = "Your changes are not sent. What you sent on 10 March 2026 at 14:00 will count."
    for path in (f"/en/apply/{ref}", f"/en/apply/{ref}/brief", f"/en/apply/{ref}/check", "/en/my"):
        assert words in ada.get(path).text
    assert ada.post(f"/en/apply/{ref}/take-back").status_code == 409


def test_withdraw_stops_first_and_then_leaves(client: Client, engine: Engine, world: World) -> None:
    ref = sent(engine, world)
    ada = client("ada")
    assert "This cannot be undone." in ada.get(f"/en/apply/{ref}/withdraw").text
    assert ada.post(f"/en/apply/{ref}/withdraw").status_code == 303
    assert "Withdrawn" in ada.get(f"/en/my/{ref}").text
    assert ada.get(f"/en/apply/{ref}/withdraw").status_code == 409
    assert ada.get(f"/en/apply/{ref}/sent/copy").status_code == 404


def test_delete_removes_a_draft_and_refuses_what_was_sent(
    client: Client, engine: Engine, world: World
) -> None:
    ref = begun(engine, world)
    ada = client("ada")
    assert "Delete this draft?" in ada.get(f"/en/apply/{ref}/delete").text
    assert ada.post(f"/en/apply/{ref}/delete").headers["location"] == "/en/my?done=deleted"
    assert ada.get(f"/en/apply/{ref}").status_code == 404
    other = sent(engine, world)
    assert ada.get(f"/en/apply/{other}/delete").status_code == 409
    assert ada.post(f"/en/apply/{other}/delete").status_code == 409


def test_the_status_page_tells_no_verdict_before_publication(
    client: Client, engine: Engine, world: World
) -> None:
    ref = sent(engine, world)
    with session_on(engine) as session, session.begin():
        application = session.exec(select(Application)).one()
        application.status = Status.AWARDED
        session.add(application)
    for path in ("/en/my", f"/en/my/{ref}"):
        page = client("ada").get(path).text
        assert "Awarded" not in page
        assert "Being scored" in page


def test_unknown_sections_and_pages_are_not_found(client: Client, engine: Engine, world: World) -> None:
    ref = begun(engine, world)
    ada: TestClient = client("ada")
    for path in ("candidate", "nonsense", "brief/nonsense"):
        assert ada.get(f"/en/apply/{ref}/{path}").status_code == 404
        assert ada.post(f"/en/apply/{ref}/{path}", data={"version": "1"}).status_code == 404


@pytest.mark.parametrize("language", ["kk", "ru"])
def test_every_section_renders_in_every_language(
    client: Client, engine: Engine, world: World, language: str
) -> None:
    ref = written(engine, world)
    ada = client("ada")
    for section in GRANT:
        assert ada.get(f"/{language}/apply/{ref}/{section}").status_code == 200
    for page in ("activities", "milestones", "resources", "risks"):
        assert ada.get(f"/{language}/apply/{ref}/work_plan/{page}").status_code == 200

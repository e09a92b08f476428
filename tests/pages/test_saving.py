"""Nothing typed is lost: earlier texts, two people at once, a session or a deadline that ends meanwhile."""

import re
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlmodel import select

from app.accounts.actions import SESSION_LIVES_AT_MOST, SHARED_SESSION_LIVES_AT_MOST, new_session
from app.database import session_on
from app.models.accounts import BrowserSession
from app.models.applications import Application, TeamRole
from app.models.people import Applicant
from tests.applications.steps import begin
from tests.bench.pages.queries import statements
from tests.conftest import Client, Clock
from tests.pages.test_applications import HTMX, begun, stored, written
from tests.world import CLOSES, NOW, World, key

SENTENCE = "Sixty neighbours asked for shade, and the library gave its yard to them."


def joined(engine: Engine, world: World, role: TeamRole = TeamRole.EDITOR) -> str:
    """Ada's draft, on which Ben writes too."""
    with session_on(engine) as session, session.begin():
        ref = begin(session, world.applicant())
        application = session.exec(select(Application).where(Application.ref == ref)).one()
        session.add(
            Applicant(
                application_id=key(application), person_id=key(world.people["ben"]), role=role, joined_at=NOW
            )
        )
    return ref


def shared_cookie(engine: Engine, world: World) -> dict[str, str]:
    with session_on(engine) as session, session.begin():
        person = world.people["ada"]
        return {
            "session": new_session(session, person, browser_name="library", shared_computer=True, now=NOW)
        }


# ---------------------------------------------------------------- earlier texts


def test_an_earlier_text_is_shown_and_brought_back(client: Client, engine: Engine, world: World) -> None:
    ref = joined(engine, world)
    ada, ben = client("ada"), client("ben")
    address = f"/en/apply/{ref}/brief"
    assert "Nothing was written over yet" in ada.get(f"{address}/versions").text
    ada.post(address, data={"version": "1", "title": "Garden", "summary": SENTENCE, "_action": "later"})
    ben.post(address, data={"version": "2", "title": "Orchard", "_action": "later"})
    page = ada.get(f"{address}/versions").text
    assert "10 March 2026, 14:00 · you" in page
    assert SENTENCE in page
    assert "Changed then: What is your project called? · What will you do" in re.sub(r"<[^>]+>", "", page)
    assert "Orchard" in page and "Garden" in page
    back = ada.post(f"{address}/versions", data={"version": "3", "restore": "2:title"})
    assert back.headers["location"] == f"{address}?done=brought_back#f-title"
    assert stored(engine, "brief")[0] | {"title": "Garden", "summary": ""} == stored(engine, "brief")[0]
    assert "Ben Canaryname" in ada.get(f"{address}/versions").text
    whole = ada.post(f"{address}/versions", data={"version": "4", "restore": "2:"})
    assert whole.headers["location"] == f"{address}?done=brought_back"
    assert stored(engine, "brief")[0]["summary"] == SENTENCE
    stale = ada.post(f"{address}/versions", data={"version": "4", "restore": "3:"})
    assert stale.status_code == 409
    assert "Somebody saved this section just now" in stale.text
    assert 'name="version" value="5"' in stale.text
    gone = {"version": "5", "restore": "99:"}
    assert ada.post(f"{address}/versions", data=gone).status_code == 404
    for odd in ({"version": "x", "restore": "2:"}, {"version": "5", "restore": ["2:", "3:"]}, {}):
        assert ada.post(f"{address}/versions", data=odd).status_code == 422


def test_a_long_history_is_cut_and_readers_only_read(
    client: Client, engine: Engine, world: World, clock: Clock
) -> None:
    ref = joined(engine, world, TeamRole.READER)
    ada, address = client("ada"), f"/en/apply/{ref}/brief"
    for version in range(1, 10):
        clock.now += timedelta(minutes=5)
        ada.post(address, data={"version": str(version), "title": f"Title {version}", "_action": "later"})
    page = ada.get(f"{address}/versions").text
    assert page.count('name="restore"') == 5 + 8
    assert "All 8 earlier texts" in page
    one = client("ben").get(f"{address}/versions?answer=title").text
    assert one.count("<dt>") == 9
    assert 'name="restore"' not in one
    with statements(engine) as few:
        ada.get(f"/en/apply/{ref}/need/versions")
    with statements(engine) as many:
        ada.get(f"{address}/versions")
    assert len(few) == len(many) == 4


# ---------------------------------------------------------------- two people at once


def test_two_people_on_two_pages_of_a_section_are_not_in_each_others_way(
    client: Client, engine: Engine, world: World
) -> None:
    ref = joined(engine, world)
    ada, ben = client("ada"), client("ben")
    problem = {"version": "1", "part": "problem", "problem": SENTENCE, "evidence": "", "_action": "later"}
    assert ada.post(f"/en/apply/{ref}/need/problem", data=problem).status_code == 303
    why = {"version": "1", "part": "priorities", "priority_why": "Because"}
    saved = ben.patch(f"/en/apply/{ref}/need/autosave", data=why, headers=HTMX)
    assert saved.status_code == 200
    more = ada.post(f"/en/apply/{ref}/need/problem", data=problem | {"version": "2", "evidence": "A survey"})
    assert more.status_code == 303
    data, version = stored(engine, "need")
    assert (data["problem"], data["evidence"], data["priority_why"], version) == (
        SENTENCE,
        "A survey",
        "Because",
        4,
    )


def test_what_only_the_other_changed_is_proposed_as_theirs(
    client: Client, engine: Engine, world: World
) -> None:
    ref = joined(engine, world)
    ada, ben = client("ada"), client("ben")
    address = f"/en/apply/{ref}/brief"
    begun_ = {"title": "Garden", "summary": SENTENCE, "_action": "later"}
    ada.post(address, data=begun_ | {"version": "1"})
    ben.post(address, data=begun_ | {"version": "2", "summary": "Ben's summary"})
    clash = ada.post(address, data=begun_ | {"version": "2", "title": "Ada's title"})
    # Ada changed the title alone, which Ben left as it was; but her page shows an old summary.
    assert clash.status_code == 409
    checked = re.findall(r'name="choice\.(\w+)" value="(\w+)" checked', clash.text)
    assert checked == [("title", "mine"), ("summary", "theirs")]
    chosen = {f"choice.{name}": value for name, value in checked}
    ada.post(address, data=begun_ | chosen | {"title": "Ada's title", "seen": "3", "_action": "choose"})
    data, _ = stored(engine, "brief")
    assert (data["title"], data["summary"]) == ("Ada's title", "Ben's summary")


# ---------------------------------------------------------------- a session that ends


def test_a_save_after_the_session_ended_gives_the_text_back_to_send_again(
    client: Client, engine: Engine, world: World
) -> None:
    ref = begun(engine, world)
    nobody = client()
    address = f"/en/apply/{ref}/brief"
    typed: dict[str, Any] = {
        "version": "1",
        "part": "all",
        "title": "Қала <b>",
        "districts": ["medeu", "auezov"],
        "_action": "later",
    }
    page = nobody.post(address, data=typed)
    assert page.status_code == 401
    assert page.headers["cache-control"] == "no-store"
    assert "Қала &lt;b&gt;" in page.text
    assert "<b>" not in page.text
    assert "What is your project called?" in page.text
    fields = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', page.text)
    assert ("districts", "auezov") in fields
    assert f'action="{address}"' in page.text
    # A random address says the same, but for its own name.
    other = nobody.post("/en/apply/WA26-AAAAAA/brief", data=typed)
    assert other.text.replace("WA26-AAAAAA", ref) == page.text
    # Signed in again, in another tab of the same browser, the button of that page saves it.
    sent: dict[str, Any] = {}
    for name, value in fields:
        sent[name] = [*sent.get(name, []), value.replace("&lt;", "<").replace("&gt;", ">")]
    assert client("ada").post(address, data=sent).status_code == 303
    assert stored(engine, "brief")[0]["title"] == "Қала <b>"
    assert stored(engine, "brief")[0]["districts"] == ["medeu", "auezov"]
    empty = nobody.post(address, data={"version": "1", "_action": "later"})
    assert (empty.status_code, empty.headers["location"]) == (303, "/en/sign-in")
    review = nobody.post("/en/review/2026/X", data={"version": "1", "convinced": "The neighbours."})
    assert review.status_code == 401
    assert "The neighbours." in review.text


def test_an_autosave_after_the_session_ended_says_so_beside_the_text(
    client: Client, engine: Engine, world: World
) -> None:
    ref = begun(engine, world)
    address = f"/en/apply/{ref}/brief/autosave"
    answer = client().patch(address, data={"version": "1", "part": "all", "title": "x"}, headers=HTMX)
    assert (answer.status_code, answer.headers["HX-Retarget"]) == (401, "#session")
    assert "HX-Redirect" not in answer.headers
    assert "on this page and on this device" in answer.text
    assert "next=%2Fen%2Fmy%3Fdone%3Dsigned_in_again" in answer.text
    read = client().get(f"/en/apply/{ref}/brief", headers=HTMX)
    assert (read.status_code, read.headers["HX-Redirect"]) == (401, f"/en/sign-in?next=/en/apply/{ref}/brief")


@pytest.mark.parametrize("shared", [True, False], ids=["shared", "own"])
def test_a_session_that_ends_soon_is_prolonged_by_saving_and_not_for_ever(
    client: Client, engine: Engine, world: World, clock: Clock, shared: bool
) -> None:
    ref = begun(engine, world)
    browser = client()
    if shared:
        browser.cookies.update(shared_cookie(engine, world))
    else:
        browser.cookies.update(client("ada").cookies)
    with session_on(engine) as session, session.begin():
        row = session.exec(select(BrowserSession)).one()
        row.created_at, row.expires_at = NOW, NOW + timedelta(hours=4)
        session.add(row)
    address = f"/en/apply/{ref}/brief"
    assert 'id="session-end" hidden data-session-ends=' in browser.get(address).text
    clock.now = NOW + timedelta(hours=3, minutes=57)
    assert "You will be signed out at 18:00." in browser.get(address).text
    assert 'id="session-end" data-session-ends=' in browser.get(address).text
    stayed = browser.post(address, data={"version": "1", "title": "Kept", "_action": "stay", "back": "check"})
    # Whoever came from the check goes back to it, stayed or not.
    assert stayed.headers["location"] == f"{address}?back=check&done=stayed"
    cookie = stayed.headers["set-cookie"].lower()
    assert ("max-age" in cookie) != shared
    assert stored(engine, "brief")[0]["title"] == "Kept"
    most = SHARED_SESSION_LIVES_AT_MOST if shared else SESSION_LIVES_AT_MOST
    with session_on(engine) as session, session.begin():
        row = session.exec(select(BrowserSession)).one()
        assert row.expires_at > NOW + timedelta(hours=7)
        row.expires_at = NOW + most - timedelta(minutes=1)
        session.add(row)
    clock.now = NOW + most - timedelta(minutes=2)
    if clock.now < CLOSES:
        browser.post(address, data={"version": "2", "title": "Kept on", "_action": "stay"})
        with session_on(engine, reading=True) as session, session.begin():
            assert session.exec(select(BrowserSession.expires_at)).one() == NOW + most


# ---------------------------------------------------------------- a shared computer


def test_on_a_shared_computer_nothing_is_kept_and_one_button_ends_it(
    client: Client, engine: Engine, world: World
) -> None:
    ref = begun(engine, world)
    browser = client()
    browser.cookies.update(shared_cookie(engine, world))
    for address in (f"/en/apply/{ref}/brief", f"/en/apply/{ref}"):
        page = browser.get(address).text
        assert "local.js" not in page and "data-local" not in page
        assert "Finish and clear" in page
        assert "Sign out" not in page
    assert (
        "This is a shared computer, so your text is on this page only"
        in browser.get(f"/en/apply/{ref}/brief").text
    )
    own = client("ada").get(f"/en/apply/{ref}/brief").text
    assert f'data-local="{ref}/brief/all"' in own
    assert "Finish and clear" not in own
    done = browser.post("/en/sign-in/out")
    assert done.headers["clear-site-data"] == '"cache", "cookies", "storage"'
    assert done.headers["location"] == "/en/?done=finished"
    assert browser.get(f"/en/apply/{ref}").status_code == 303


# ---------------------------------------------------------------- a deadline that passes


def test_a_deadline_that_passes_under_the_pen_leaves_the_text_and_a_file_of_it(
    client: Client, engine: Engine, world: World, clock: Clock
) -> None:
    ref = written(engine, world)
    ada, address = client("ada"), f"/en/apply/{ref}/brief"
    clock.now = CLOSES + timedelta(minutes=15)
    typed = {"version": "2", "part": "all", "title": "Typed too late"}
    auto = ada.patch(f"{address}/autosave", data=typed, headers=HTMX)
    assert (auto.status_code, auto.headers["HX-Retarget"]) == (409, "#conflict")
    assert "The deadline has passed" in auto.text
    assert 'id="save-status" hx-swap-oob="true">Not saved' in auto.text
    assert "data-focus" not in auto.text
    again = ada.patch(f"{address}/autosave", data=typed | {"refused": "application.closed"}, headers=HTMX)
    assert again.status_code == 409
    assert "HX-Retarget" not in again.headers
    page = ada.post(address, data=typed | {"_action": "continue"})
    assert page.status_code == 409
    assert 'value="Typed too late"' in page.text
    assert "hx-patch" not in page.text
    assert 'value="continue"' not in page.text
    file = ada.post(address, data=typed | {"_action": "download"})
    assert file.status_code == 200
    assert file.headers["content-disposition"] == f'attachment; filename="{ref}-brief.txt"'
    assert "Typed too late" in file.text
    assert client("zoe").post(address, data=typed | {"_action": "download"}).status_code == 404
    assert stored(engine, "brief")[0]["title"] != "Typed too late"
    assert "data-locked" in ada.get(f"/en/apply/{ref}").text

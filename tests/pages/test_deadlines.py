"""Pages of deadlines: what an applicant reads as it comes and passes, and what a coordinator can move."""

import re
from datetime import timedelta

from sqlalchemy import Engine
from sqlmodel import select

from app.applications.actions.stopping import stop_key
from app.database import session_on
from app.jobs.worker import plan, send_due
from app.models.outbox import Mail
from app.models.people import Extension
from app.sections.catalogue import CATALOGUE
from app.settings import Settings
from tests.api.everything import everything
from tests.applications.steps import begin, begin_write_send, write
from tests.applications.typed import GRANT
from tests.conftest import Client, Clock
from tests.world import CLOSES, NOW, World

LATER = {"until_day": "2026-03-20", "until_time": "18:00", "reason": "No electricity in the village."}
TICK = timedelta(microseconds=1)
CLOSED = CLOSES + timedelta(hours=1)


def draft_of(engine: Engine, world: World, name: str = "ada") -> str:
    with session_on(engine) as session, session.begin():
        ref = begin(session, world.applicant(name))
        write(session, world.applicant(name), ref, {"brief": GRANT["brief"]})
    return ref


def test_deadline_is_said_as_it_comes_passes_and_locks(
    client: Client, engine: Engine, world: World, clock: Clock
) -> None:
    ref = draft_of(engine, world)
    ada = client("ada")
    pages = {name: f"/en/apply/{ref}{path}" for name, path in (
        ("tasks", ""), ("section", "/need"), ("check", "/check"),
    )}  # fmt: skip
    deadline = "Wednesday, 18 March 2026, 18:00 (Almaty time, UTC+5)"

    far = ada.get(pages["tasks"]).text
    assert "Invite a teammate" in far and "about 10 minutes" in far
    assert deadline in far and "8 days left." in far and "data-refresh" not in far
    assert 'id="deadline"' not in ada.get(pages["section"]).text

    clock.now = CLOSES - timedelta(hours=5)
    for path in pages.values():
        page = ada.get(path).text
        assert deadline in page and "5 hours left." in page
        assert f'data-refresh="60" hx-get="/en/apply/{ref}/deadline"' in page
        assert "data-ends" not in page

    clock.now = CLOSES - timedelta(seconds=30)
    part = ada.get(f"/en/apply/{ref}/deadline", headers={"HX-Request": "true"}).text
    assert part.startswith("<div") or part.lstrip().startswith("<div")
    assert "1 minute left." in part and 'data-refresh="31"' in part
    ends, now = (int(clock.timestamp() * 1000) for clock in (CLOSES, clock.now))
    assert f'data-ends="{ends}" data-now="{now}"' in part

    clock.now = CLOSES
    for path in pages.values():
        page = ada.get(path).text
        assert f"The call closed: {deadline}." in page
        assert "is still accepted until 18:15. Then this draft is locked." in page
        assert "data-announce" in page
    clock.now = CLOSES + timedelta(minutes=5)
    assert "data-announce" not in ada.get(pages["tasks"]).text

    clock.now = CLOSES + timedelta(minutes=15)
    for path in (pages["tasks"], pages["check"], f"/en/apply/{ref}/deadline"):
        page = ada.get(path).text
        assert "This draft can no longer be changed or sent." in page
        assert f'href="/en/apply/{ref}/copy"' in page
        assert "data-refresh" not in page
        assert "Invite a teammate" not in page and "about 10 minutes" not in page
    assert ada.get(f"/en/apply/{ref}/copy.txt").status_code == 200
    saved = ada.patch(
        f"/en/apply/{ref}/brief/autosave",
        data={"part": CATALOGUE["brief"].parts[0].code, "version": "2", "title": "Late"},
        headers={"HX-Request": "true"},
    )
    assert saved.status_code == 409


def test_public_page_publishes_the_grace_and_says_until_when_it_lasts(client: Client, clock: Clock) -> None:
    assert "15 minutes after the closing, for drafts begun before it" in client().get("/en/calls/2026").text
    clock.now = CLOSES
    page = client().get("/en/calls/2026").text
    assert "The call has closed. Who began before the closing may still send" in page
    assert "Wednesday, 18 March 2026, 18:15 (Almaty time, UTC+5)" in page


def test_coordinator_gives_moves_and_takes_back_a_later_deadline(
    client: Client, engine: Engine, world: World, clock: Clock
) -> None:
    ref = draft_of(engine, world)
    cora, ada = client("cora"), client("ada")
    clock.now = CLOSED
    here = "/en/desk/2026/extensions"
    wrong = cora.post(here, data=LATER | {"ref": "WA26-NOBODY", "reason": " "})
    assert wrong.status_code == 422
    assert "Say why." in wrong.text and "No electricity" not in wrong.text
    wrong = cora.post(here, data=LATER | {"ref": "WA26-NOBODY"})
    assert wrong.status_code == 422
    assert "No application of this call has this reference." in wrong.text
    assert "No electricity in the village." in wrong.text
    wrong = cora.post(here, data=LATER | {"ref": ref, "until_day": "2026-03-17"})
    assert (wrong.status_code, "Choose an instant after the closing" in wrong.text) == (422, True)

    given = cora.post(here, data=LATER | {"ref": ref.lower()})
    assert (given.status_code, given.headers["location"]) == (303, f"{here}?done=extension_given")
    listed = cora.get(here).text
    assert f'href="{here}/{ref}">{ref}</a>' in listed
    assert "Friday, 20 March 2026, 18:00 (Almaty time, UTC+5)" in listed
    again = cora.post(here, data=LATER | {"ref": ref})
    assert "This application had a later deadline before." in again.text

    tasks = ada.get(f"/en/apply/{ref}").text
    assert "Your own deadline:" in tasks and "Friday, 20 March 2026, 18:00" in tasks
    assert "because: No electricity in the village." in tasks
    assert f'href="/en/apply/{ref}/need"' in tasks
    status = ada.get(f"/en/my/{ref}").text
    assert "You were given a later deadline" in status and "No electricity in the village." in status
    assert "Friday, 20 March 2026, 18:00" in ada.get("/en/my").text

    moved = LATER | {"until_day": "2026-03-21", "reason": "Still none."}
    stale = cora.post(f"{here}/{ref}", data=moved | {"version": "0"})
    assert stale.status_code == 409
    assert "Still none." in stale.text and 'name="version" value="1"' in stale.text
    assert cora.post(f"{here}/{ref}", data=moved | {"version": "1"}).status_code == 303
    empty = cora.post(f"{here}/{ref}/take-back", data={"version": "2", "why": ""})
    assert (empty.status_code, 'href="#f-why"' in empty.text) == (422, True)
    back = cora.post(f"{here}/{ref}/take-back", data={"version": "2", "why": "The wrong one."})
    assert back.status_code == 303
    page = cora.get(f"{here}/{ref}").text
    assert "The wrong one." in page and "Cora Canaryname" in page and 'id="take-back"' not in page
    assert "The later deadline was taken back" in ada.get(f"/en/my/{ref}").text
    assert "This draft can no longer be changed" in ada.get(f"/en/apply/{ref}").text
    with session_on(engine, reading=True) as session, session.begin():
        assert len(session.exec(select(Extension)).all()) == 3


def test_desk_waits_for_a_later_deadline_and_leads_to_it(
    client: Client, engine: Engine, world: World, clock: Clock
) -> None:
    with session_on(engine) as session, session.begin():
        ref = begin_write_send(session, world.applicant())
    cora = client("cora")
    assert f'href="/en/desk/2026/extensions/{ref}"' in cora.get(f"/en/desk/2026/applications/{ref}").text
    clock.now = CLOSED
    assert 'id="open-reviewing"' in cora.get("/en/desk/2026").text
    cora.post("/en/desk/2026/extensions", data=LATER | {"ref": ref})
    desk = cora.get("/en/desk/2026").text
    assert "Applications that may still come in, by a later deadline: 1" in desk
    assert 'id="open-reviewing"' not in desk
    refused = cora.post("/en/desk/2026/reviewing")
    assert (refused.status_code, "later deadline that still lasts: 1" in refused.text) == (409, True)


def test_moving_the_closing_tells_who_has_a_draft(client: Client, engine: Engine, world: World) -> None:
    draft_of(engine, world)
    given = {"closes_day": "2026-03-20", "closes_time": "18:00", "version": "1"}
    given |= {f"reason.{language}": "Why" for language in ("kk", "ru", "en")}
    assert client("cora").post("/en/desk/2026/setup/extend", data=given).status_code == 303
    with session_on(engine, reading=True) as session, session.begin():
        told = session.exec(select(Mail.person_id).where(Mail.template == "call_extended")).all()
    assert told == [world.applicant().person_id]


def test_reminders_are_stopped_by_the_link_without_signing_in(
    client: Client, engine: Engine, world: World, settings: Settings
) -> None:
    ref = draft_of(engine, world)
    plan(engine, CLOSES - timedelta(days=7))
    nobody = client()
    key = stop_key(settings.secret_key.get_secret_value(), ref, world.applicant().person_id)
    link = f"/en/reminders?ref={ref}&key={key}"
    before = everything(engine)
    page = nobody.get(link)
    assert (page.status_code, "Grants of the city" in page.text) == (200, True)
    assert "anary" not in page.text
    for wrong in (f"/en/reminders?ref={ref}&key={'0' * 64}", "/en/reminders", f"{link}0", f"{link}%00"):
        assert nobody.get(wrong).status_code == 404
        assert nobody.post(wrong, data={"act": "stop-all"}).status_code == 404
    assert everything(engine) == before
    assert nobody.post(link, data={"act": "nonsense"}).status_code == 404

    stopped = nobody.post(link, data={"act": "stop-one"})
    assert (stopped.status_code, 'value="start-one"' in stopped.text) == (200, True)
    assert 'value="start-all"' in nobody.post(link, data={"act": "stop-all"}).text
    assert send_due(engine, settings, NOW + timedelta(days=7)) > 0
    messages = client("ada").get("/en/my/messages").text
    assert "Your draft is saved" in messages and "Sections left" not in messages
    nobody.post(link, data={"act": "start-all"})
    assert 'value="stop-one"' in nobody.post(link, data={"act": "start-one"}).text


def test_messages_are_read_again_by_their_reader_alone(
    client: Client, engine: Engine, world: World, settings: Settings
) -> None:
    ref = draft_of(engine, world)
    plan(engine, NOW)
    send_due(engine, settings, NOW)
    ada = client("ada")
    assert 'href="/en/my/messages"' in ada.get("/en/my").text
    found = re.search(r'href="(/en/my/messages/\w+)"', ada.get("/en/my/messages").text)
    assert found
    page = ada.get(found[1])
    assert (page.status_code, f"http://testserver/en/apply/{ref}" in page.text) == (200, True)
    assert client("ben").get(found[1]).status_code == 404
    assert "No message yet" in client("ben").get("/en/my/messages").text

"""The pages after sending: stages, a correction from asking to answering, questions, one's own data."""

import io
import json
import re
import zipfile
from datetime import timedelta
from typing import Any

from sqlalchemy import Engine
from sqlmodel import select

from app.database import session_on
from app.jobs.worker import send_due
from app.messages import formats
from app.models.applications import Application
from app.models.outbox import Mail, MailState
from app.models.privacy import Tally
from app.reviews.opening import open_reviewing
from app.settings import Settings
from tests.applications.steps import begin_write_send
from tests.conftest import Client, Clock
from tests.factories import clear_rows, make_sent_application
from tests.world import CLOSES, NOW, World

CLOSED = CLOSES + timedelta(hours=3)
STAGE = re.compile(r'<li class="(done|now|next|stopped)".*?<h3>([^<]+)', re.S)


def stages(text: str) -> list[tuple[str, str]]:
    """Of the first timeline: state and title."""
    return STAGE.findall(text.split("</ol>")[0])


def hidden(text: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', text)
    assert found is not None
    return found[1]


def test_stages_are_dated_and_never_a_percentage(
    client: Client, engine: Engine, clock: Clock, world: World
) -> None:
    with session_on(engine) as session, session.begin():
        ref = begin_write_send(session, world.applicant())
    ada, path = client("ada"), f"/en/my/{ref}"
    page = ada.get(path).text
    assert stages(page) == [
        ("done", "Received"), ("now", "Checked"), ("next", "Scored by reviewers"), ("next", "Result"),
        ("next", "Pitching"), ("next", "Grant"),
    ]  # fmt: skip
    for words in ("Expected: 18 March 2026", "Expected: 7 April 2026", "Expected: 27 April 2026"):
        assert words in page
    assert "%" not in page.split("<main")[1].split("</main>")[0]
    clock.now = CLOSED
    with session_on(engine) as session, session.begin():
        clear_rows(session)
        open_reviewing(session, world.coordinator(), CLOSED)
    assert stages(ada.get(path).text)[:3] == [
        ("done", "Received"),
        ("done", "Checked"),
        ("now", "Scored by reviewers"),
    ]
    ada.post(f"/en/apply/{ref}/withdraw")
    withdrawn = stages(ada.get(path).text)
    assert withdrawn == [("done", "Received"), ("done", "Checked"), ("stopped", "Withdrawn")]


def test_a_correction_from_asking_to_answering(
    client: Client, engine: Engine, clock: Clock, world: World, settings: Settings
) -> None:
    with session_on(engine) as session, session.begin():
        ref = begin_write_send(session, world.applicant())
    clock.now = CLOSED
    cora, ada = client("cora"), client("ada")
    desk, fix = f"/en/desk/2026/applications/{ref}/correction", f"/en/my/{ref}/fix"
    assert ada.get(fix).status_code == 404, "nothing was asked"
    form = cora.get(desk).text
    assert 'value="2026-03-25"' in form, "five working days"
    assert 'value="team.phone"' in form and 'value="budget.lines"' in form
    refused = cora.post(desk, data={"question": "short", "due_on": "2026-03-01"})
    assert refused.status_code == 422
    assert 'href="#f-fields"' in refused.text and "short" in refused.text
    asked = {"fields": ["brief.place", "budget.lines"], "question": "Where exactly is it?", "due_on": ""}
    assert cora.post(desk, data=asked).status_code == 303
    # By the clock of whoever sends it there is still time, whatever day it is.
    send_due(engine, settings, CLOSED)
    with session_on(engine, reading=True) as session:
        letter = session.exec(select(Mail.state).where(Mail.template == "correction_asked")).one()
    assert letter is MailState.SENT
    assert "Answer until:" in ada.get(f"/en/my/{ref}").text
    card = ada.get("/en/my").text
    assert "Correction needed, until: " in card and "25 March 2026" in card, "the page one opens"
    assert f'href="{fix}"' in card
    assert "Corrections that applicants still have time for: 1" in cora.get("/en/desk/2026").text
    assert "An answer is awaited" in cora.get("/en/desk/2026/corrections").text

    page = ada.get(fix).text
    assert "Where exactly is it?" in page
    assert 'name="brief.place"' in page and 'name="brief.title"' not in page
    rows = sorted(set(re.findall(r'name="(budget\.lines\.\w+\.\w+)"[^>]* value="([^"]*)"', page)))
    typed = {**dict(rows), "number": hidden(page, "number"), "brief.place": "Behind the library <b>"}
    lines = {name.split(".")[2] for name in typed if name.startswith("budget.lines.")}
    for line in lines:
        typed |= {
            f"budget.lines.{line}.activity": "a1",
            f"budget.lines.{line}.category": "materials",
            f"budget.lines.{line}.payer": "grant",
        }
    typed["version"] = hidden(page, "version")
    pressed = {**typed, "_action": f"remove:budget.lines:{min(lines)}"}
    assert ada.post(fix, data=pressed).headers["location"].endswith("/fix#undo"), "kept, and nothing is sent"
    removed = ada.get(fix).text
    assert f"budget.lines.{min(lines)}." not in removed
    assert "Behind the library &lt;b&gt;" in removed and "Saved 2" in removed
    stale = ada.post(fix, data={**typed, "_action": "undo:budget.lines"})
    assert stale.status_code == 409 and "There are two versions of this text" in stale.text
    back = ada.post(
        fix,
        data={"version": "2", "brief.place": "Behind the library <b>", "_action": "undo:budget.lines"},
        headers={"HX-Request": "true"},
    )
    assert back.status_code == 200 and f"budget.lines.{min(lines)}." in back.text
    typed["version"], typed["_action"] = hidden(back.text, "version"), "send"
    wrong = ada.post(fix, data={**typed, f"budget.lines.{min(lines)}.price": "a lot"})
    assert wrong.status_code == 422
    assert f'href="#f-budget-lines-{min(lines)}-price"' in wrong.text
    assert 'value="a lot"' in wrong.text and "Nothing is sent yet." in wrong.text
    assert "Everything is saved all the same." in wrong.text
    typed["version"] = hidden(wrong.text, "version")
    assert ada.post(fix, data=typed).headers["location"].endswith("/fix?done=corrected")
    with session_on(engine, reading=True) as session, session.begin():
        assert session.exec(select(Application.counts_number)).one() == 2
    stands = ada.get(f"/en/my/{ref}").text
    assert stages(stands)[:3] == [
        ("done", "Received"),
        ("done", "Corrected and received again"),
        ("now", "Checked"),
    ]
    days = [formats.moment("en", at) for at in (NOW, CLOSED)]
    first = stands.split("</ol>")[0]
    assert first.index(days[0]) < first.index("Corrected") < first.index(days[1]), "it was not received late"
    assert [f"/sent/{number}/copy.pdf" in stands for number in (1, 2)] == [True, True]
    receipt = ada.get(f"/en/apply/{ref}/sent").text
    assert f"Received: <strong>{days[0]}" in receipt
    assert f"Corrected and received again: <strong>{days[1]}" in receipt
    text = ada.get(f"/en/apply/{ref}/sent/2/copy.txt").text
    assert f"Received: {days[0]}\nCorrected and received again: {days[1]}\n" in text
    for reader, where in ((ada, fix), (cora, desk)):
        text = reader.get(where).text
        assert "Behind the library &lt;b&gt;" in text and "Before" in text
        assert "fix_form" not in text or "Send the corrected answers" not in text
    assert ada.post(fix, data=typed).status_code == 303, "a second press is the same sending"
    assert "Correction needed" not in ada.get("/en/my").text, "it was answered"
    for stranger in ("ben", "rita"):
        assert client(stranger).get(fix).status_code == client(stranger).get(desk).status_code == 404


def test_more_time_and_closing_need_the_version_that_was_seen(
    client: Client, engine: Engine, clock: Clock, world: World
) -> None:
    with session_on(engine) as session, session.begin():
        ref = begin_write_send(session, world.applicant())
    clock.now = CLOSED
    cora, desk = client("cora"), f"/en/desk/2026/applications/{ref}/correction"
    cora.post(desk, data={"fields": "team.phone", "question": "Which phone works?"})
    assert cora.post(f"{desk}/due", data={"due_on": "2026-03-31", "version": "9"}).status_code == 409
    early = cora.post(f"{desk}/due", data={"due_on": "2026-03-20", "version": "1"})
    assert early.status_code == 422 and "Choose a later date" in early.text
    assert cora.post(f"{desk}/due", data={"due_on": "2026-03-31", "version": "1"}).status_code == 303
    clock.now = CLOSED + timedelta(days=30)
    assert "The time is over" in client("ada").get(f"/en/my/{ref}/fix").text
    late = client("ada").post(f"/en/my/{ref}/fix", data={"team.phone": "87017654321", "_action": "send"})
    assert (
        late.status_code == 409 and 'value="87017654321"' in late.text and "Download what is on" in late.text
    )
    kept = client("ada").post(f"/en/my/{ref}/fix", data={"team.phone": "8701", "_action": "download"})
    assert "8701" in kept.text and kept.headers["content-type"].startswith("text/plain")
    assert cora.post(f"{desk}/close", data={"version": "2"}).status_code == 303
    assert "Closed" in cora.get(desk).text


def test_questions_after_sending_are_asked_once(client: Client, engine: Engine, world: World) -> None:
    with session_on(engine) as session, session.begin():
        ref = make_sent_application(session, world).ref
    ada, path = client("ada"), f"/en/apply/{ref}/sent"
    page = ada.get(path).text
    assert page.count("I prefer not to say") == 3
    assert "+7 700 000 00 00" in page and "Almaty time, UTC+5" in page
    assert ada.post(f"{path}/about-you", data={"age": "twelve"}).status_code == 422
    assert ada.post(f"{path}/about-you", data={"age": "unsaid", "applying": "hard"}).status_code == 303
    assert "I prefer not to say" not in ada.get(path).text
    assert ada.post(f"{path}/about-you", data={"age": "unsaid"}).status_code == 409
    with session_on(engine, reading=True) as session, session.begin():
        assert sorted(session.exec(select(Tally.answer))) == ["hard", "unsaid"]
    cora = client("cora").get("/en/desk/2026/privacy/answers").text
    assert "Not yet" in cora and "Hard" not in cora


def test_ones_own_data_can_be_had_corrected_and_erased(client: Client, engine: Engine, world: World) -> None:
    with session_on(engine) as session, session.begin():
        ref = begin_write_send(session, world.applicant())
        other = make_sent_application(session, world, "ben", "Benwords").ref
    ada = client("ada")
    answer = ada.post("/ru/my/data/copy")
    assert answer.headers["content-type"] == "application/zip"
    with zipfile.ZipFile(io.BytesIO(answer.content)) as packed:
        assert set(packed.namelist()) == {"data.json", f"{ref}-1.txt", f"{ref}-draft.txt"}
        data = json.loads(packed.read("data.json"))
        copy = packed.read(f"{ref}-1.txt").decode()
        whole = "".join(packed.read(name).decode() for name in packed.namelist())
    assert data["account"]["email"] == "ada.canary@example.org"
    (kept,) = data["applications"]
    assert kept["sendings"][0]["sections"]["team"]["given_name"] == "Ada"
    assert {"processing", "publication"} == {each["kind"] for each in data["consents"]}
    assert "Garden behind the library" in copy
    for secret in ("Benwords", other, "ben.canary", "rita.canary", "Rita Canaryname"):
        assert secret not in whole
    assert ada.post("/en/my/data/account", data={"name": "Аида", "language": "xx"}).status_code == 422
    assert ada.post("/en/my/data/account", data={"name": "Аида", "language": "kk"}).status_code == 303
    page = ada.get("/en/my/data").text
    assert 'value="Аида"' in page and "A copy of my data" in page
    leave = ada.get("/en/my/data/erase").text
    assert ref in leave and "It cannot win any more." in leave and "25 March 2026" in leave
    assert ada.post("/en/my/data/erase").status_code == 303
    assert ref in client("cora").get("/en/desk/2026/privacy").text
    assert "Keep my data after all" in ada.get("/en/my/data").text
    assert ada.post("/en/my/data/keep").status_code == 303
    assert ada.post("/en/my/data/keep").status_code == 409
    for _ in range(9):
        assert ada.post("/en/my/data/copy").status_code == 200
    assert ada.post("/en/my/data/copy").status_code == 429


def test_what_is_typed_in_a_correction_saves_itself(
    client: Client, engine: Engine, clock: Clock, world: World
) -> None:
    with session_on(engine) as session, session.begin():
        ref = begin_write_send(session, world.applicant())
    clock.now = CLOSED
    fields = ["brief.place", "team.phone"]
    client("cora").post(
        f"/en/desk/2026/applications/{ref}/correction", data={"fields": fields, "question": "Where is it?"}
    )
    ada, fix = client("ada"), f"/en/my/{ref}/fix"
    page = ada.get(fix).text
    assert f'hx-patch="{fix}/autosave"' in page and f'data-local="{ref}/fix"' in page
    assert hidden(page, "version") == "1"
    typed = {"number": "2", "brief.place": "Behind the school", "team.phone": "87012345678"}

    def autosave(**more: str) -> Any:
        return ada.patch(f"{fix}/autosave", data={**typed, **more}, headers={"HX-Request": "true"})

    first = autosave(version="1")
    assert first.status_code == 200 and hidden(first.text, "version") == "2" and "Saved" in first.text
    assert "Behind the school" in ada.get(fix).text, "another browser goes on from there"
    conflict = autosave(version="1", **{"brief.place": "Beside it", "team.phone": "+77012345678"})
    assert conflict.status_code == 409 and conflict.headers["hx-retarget"] == "#conflict"
    assert "choice.brief.place" in conflict.text and "choice.team.phone" in conflict.text
    seen = hidden(conflict.text, "seen")
    again = autosave(version="1", seen=seen, **{"brief.place": "Beside it!"})
    assert again.status_code == 409 and "choose one of the two" in again.text
    chosen = {**typed, "version": "1", "seen": seen, "brief.place": "Beside it", "_action": "choose"}
    chosen |= {"choice.brief.place": "both", "choice.team.phone": "theirs"}
    assert ada.post(fix, data=chosen).status_code == 303
    assert "Behind the school / Beside it" in ada.get(fix).text
    assert (
        ada.post(fix, data={**typed, "version": "3", "_action": "later"})
        .headers["location"]
        .endswith(f"/my/{ref}?done=section_saved")
    )
    ends = ada.post(fix, data={**typed, "version": "4", "_action": "stay"})
    assert ends.headers["location"].endswith("done=stayed") and "set-cookie" in ends.headers
    clock.now = CLOSED + timedelta(days=30)
    over = autosave(version="4", **{"brief.place": "Too late"})
    assert over.status_code == 409 and "The time for this answer is over" in over.text
    assert autosave(version="4", refused="correction.overdue").text.count("is over") == 0
    assert client("ben").patch(f"{fix}/autosave", data=typed).status_code == 404

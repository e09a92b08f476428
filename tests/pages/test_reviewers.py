"""The pages on which somebody becomes a reviewer, says what they read and asks for less; and a contact's."""

import re
from datetime import timedelta

from sqlalchemy import Engine
from sqlmodel import select

from app.accounts.mailbox import newest_mail
from app.database import session_on
from app.jobs.worker import send_due
from app.models.people import Person
from app.settings import Settings
from tests.conftest import Client, Clock
from tests.factories import REVIEWING, make_assignment, make_sent_application, open_reviewing_rows
from tests.world import World

LATER = REVIEWING + timedelta(days=1)
PANEL = "/en/desk/2026/panel"
START = "/en/review/start"
GIVEN = {
    "email": "zoe.canary@example.org",
    "organisation": "BC",
    "language": "en",
    "proposals": "42",
    "hours": "6",
    "due_day": "2026-04-05",
    "note": "We would be glad.",
}


def newest(engine: Engine, settings: Settings) -> str:
    """Subject and words of the last mail that left."""
    send_due(engine, settings, LATER)
    with session_on(engine, reading=True) as session, session.begin():
        mail = newest_mail(session)[0]
    return f"{mail.recipient}\n{mail.subject}\n{mail.body}"


def test_an_invitation_from_the_desk_to_the_panel(
    client: Client, engine: Engine, settings: Settings, world: World
) -> None:
    cora, zoe = client("cora"), client("zoe")
    assert "2026-04-0" in cora.get(f"{PANEL}/invite").text, "the call's own date is proposed"
    refused = cora.post(f"{PANEL}/invite", data=GIVEN | {"hours": "", "due_day": "1.3.2026"})
    assert refused.status_code == 422
    assert 'value="42"' in refused.text
    wrong = cora.post(f"{PANEL}/invite", data={"proposals": "many", "hours": ""}).text
    summary = wrong.split('id="errors"')[1].split("</ul>")[0]
    assert re.findall(r'href="#f-(\w+)">([^<]+)<', summary)[-3:] == [
        ("proposals", "Applications, about: Enter a whole number."),
        ("hours", "Enter about how many hours it takes."),
        ("due_day", "Enter the day by which it is to be finished."),
    ]
    sent = cora.post(f"{PANEL}/invite", data=GIVEN)
    assert sent.headers["location"] == f"{PANEL}?done=reviewer_invited"
    mail = newest(engine, settings)
    for words in ("zoe.canary@example.org", "42", "Hours, about: 6", "5 April 2026", "Cora Canaryname",
                  "We would be glad.", "http://testserver/en/review/start", "British Council"):  # fmt: skip
        assert words in mail, words

    place = zoe.get(START).headers["location"]
    assert f'href="{place}"' in zoe.get("/en/my").text, "the mail is not the only way"
    page = zoe.get(place)
    assert page.status_code == 200 and "minute and a half" in page.text and "British Council" in page.text
    for stranger in ("ada", "rita", "cora"):
        assert client(stranger).get(place).status_code == 404
        for answer in ("accept", "decline"):
            assert client(stranger).post(f"{place}/{answer}", data={"reason": "x"}).status_code == 404
    assert client().get(place).status_code == 303
    nobody = client("ada").get(START)
    assert nobody.status_code == 200 and "ada.canary@example.org" in nobody.text

    assert zoe.post(f"{place}/decline", data={"reason": ""}).status_code == 422
    assert zoe.post(f"{place}/accept", data={"capacity": "many"}).status_code == 422
    done = zoe.post(f"{place}/accept", data={"languages": ["kk", "ru"], "capacity": "30"})
    assert done.headers["location"] == "/en/review/2026?done=seat_accepted"
    assert zoe.get("/en/review/2026").status_code == 200
    assert place not in zoe.get("/en/my").text
    assert "You have accepted" in zoe.get(place).text
    assert zoe.post(f"{place}/accept", data={}).status_code == 409
    mail = newest(engine, settings)
    assert "cora.canary@example.org" in mail and "Will review: zoe.canary@example.org" in mail
    panel = cora.get(PANEL).text
    assert "Қазақша, Русский" in panel and "Applications at most: 30" in panel


def test_declining_and_a_colleague_on_the_pages(client: Client, engine: Engine, settings: Settings) -> None:
    cora, zoe = client("cora"), client("zoe")
    cora.post(f"{PANEL}/invite", data=GIVEN)
    place = zoe.get(START).headers["location"]
    words = {"reason": "Away", "colleague_email": "kim@example.org", "colleague_name": "Kim Li"}
    assert zoe.post(f"{place}/decline", data=words).headers["location"] == "/en/my?done=seat_declined"
    assert "Will not review" in (mail := newest(engine, settings)) and "Why: Away" in mail
    assert "Proposed instead, not invited yet: Kim Li" in mail
    panel = cora.get(PANEL).text
    assert "Kim Li" in panel and "Proposed by: Zoe Canaryname" in panel and "Why not: Away" in panel
    assert "People proposed as reviewers, not invited yet: 1" in cora.get("/en/desk/2026").text
    invite = re.search(r'href="(/en/desk/2026/panel/invite\?seat=\w+)"', panel)
    assert invite is not None
    form = cora.get(invite[1]).text
    assert 'value="kim@example.org"' in form and 'value="Kim Li"' in form
    code = invite[1].partition("=")[2]
    assert cora.post(f"{PANEL}/invitations/{code}/again").status_code == 404
    done = cora.post(f"{PANEL}/invitations/{code}/call-off").headers["location"]
    assert done == f"{PANEL}?done=seat_dismissed"
    assert "Kim Li" not in cora.get(PANEL).text
    assert cora.get(f"{PANEL}/invite?seat={code}").status_code == 404


def test_who_has_no_name_yet_is_called_as_the_invitation_does(client: Client, engine: Engine) -> None:
    cora, max_ = client("cora"), client("max")
    with session_on(engine) as session, session.begin():
        nameless = session.exec(select(Person).where(Person.email == "max.canary@example.org")).one()
        nameless.name = ""
    cora.post(f"{PANEL}/invite", data=GIVEN | {"email": "max.canary@example.org", "name": "Maksat Kim"})
    place = max_.get(START).headers["location"]
    assert 'value="Maksat Kim"' in max_.get(place).text
    given = {"reason": "Away", "colleague_email": "kim@example.org"}
    max_.post(f"{place}/decline", data=given)
    assert "Proposed by: Maksat Kim" in cora.get(PANEL).text


def test_a_reviewer_says_what_they_read_and_asks_for_less(
    client: Client, engine: Engine, settings: Settings, clock: Clock, world: World
) -> None:
    with session_on(engine) as session, session.begin():
        for number in range(3):
            sent = make_sent_application(session, world, title=f"Yard {number}")
            make_assignment(session, world, sent, "rita", tie=None)
        open_reviewing_rows(session, world)
    clock.now = REVIEWING
    rita, cora, me = client("rita"), client("cora"), "/en/review/2026/me"
    assert f'href="{me}"' in rita.get("/en/review/2026").text
    saved = rita.post(me, data={"version": "1", "languages": "ru", "topics": "ecology", "capacity": ""})
    assert saved.headers["location"] == f"{me}?done=own_reading_saved"
    stale = rita.post(me, data={"version": "1", "languages": "en"})
    assert stale.status_code == 409 and 'name="version" value="2"' in stale.text
    member = f"{PANEL}/reviewers/{world.members['rita'].code}"
    assert re.search(r'value="ru" checked', cora.get(member).text)
    assert cora.post(member, data={"version": "2", "capacity": "0"}).status_code == 422
    assert cora.post(member, data={"version": "2", "capacity": "20"}).status_code == 303

    assert rita.post(f"{me}/more-time", data={"until_day": "", "reason": "Ill"}).status_code == 422
    assert rita.post(f"{me}/give-back", data={"count": "9", "why": "Ill"}).status_code == 422
    asked = rita.post(f"{me}/more-time", data={"until_day": "2026-05-20", "reason": "I was ill"})
    assert asked.headers["location"] == f"{me}?done=request_sent#requests"
    rita.post(f"{me}/give-back", data={"count": "2", "why": "I was ill"})
    page = rita.get(me).text
    assert "More time: 20 May 2026" in page and "Give applications back: 2" in page
    assert (
        "Reviewers who ask for more time, or to give applications back: 2" in cora.get("/en/desk/2026").text
    )
    wishes = re.findall(r'href="(/en/desk/2026/panel/requests/\w+)"', cora.get(PANEL).text)
    assert len(wishes) == 2
    assert "I was ill" in cora.get(wishes[0]).text
    assert cora.post(wishes[0], data={"answer": "refuse"}).status_code == 422
    assert (
        cora.post(wishes[0], data={"answer": "grant"}).headers["location"] == f"{PANEL}?done=request_answered"
    )
    assert cora.post(wishes[0], data={"answer": "grant"}).status_code in {404, 409}
    granted = cora.post(wishes[1], data={"answer": "grant", "words": "Get well"})
    assert granted.headers["location"] == "/en/desk/2026/assign?done=given_back&count=2"
    assert "20 May 2026" in rita.get("/en/review/2026").text
    assert "Get well" in rita.get(me).text
    mail = newest(engine, settings)
    assert "rita.canary@example.org" in mail
    for stranger in ("rolf", "ada", "cora"):
        status = client(stranger).get(me).status_code
        assert status == (200 if stranger == "rolf" else 404)
        assert client(stranger).get(wishes[0]).status_code == 404 or stranger == "cora"


def test_a_contact_sees_their_own_people_and_no_title(
    client: Client, engine: Engine, clock: Clock, world: World
) -> None:
    with session_on(engine) as session, session.begin():
        sent = make_sent_application(session, world, title="Yard garden")
        make_assignment(session, world, sent, "rita")
        open_reviewing_rows(session, world)
    cora, zoe, page = client("cora"), client("zoe"), "/en/organisation/2026"
    given = {"email": "zoe.canary@example.org", "role": "contact", "organisation": ""}
    assert cora.post(PANEL, data=given).status_code == 422
    assert cora.post(PANEL, data=given | {"organisation": "BC"}).status_code == 303
    assert "zoe.canary@example.org" in cora.get(PANEL).text
    clock.now = REVIEWING
    assert f'href="{page}"' in zoe.get("/en/my").text
    seen = zoe.get(page)
    assert seen.status_code == 200 and "Rita Canaryname" in seen.text
    for secret in ("Yard garden", sent.code, sent.ref, "ada.canary", "Rolf", "rolf.canary"):
        assert secret not in seen.text
    assert zoe.post(page, data={"email": "not one"}).status_code == 422
    assert zoe.post(page, data={"email": "kim@example.org"}).status_code == 303
    assert zoe.post(page, data={"email": "rolf.canary@example.org"}).status_code == 303
    assert "kim@example.org" in zoe.get(page).text and "rolf.canary@example.org" in zoe.get(page).text
    panel = cora.get(PANEL).text
    assert "Reviews in this call already, for: Akimat of Almaty" in panel
    assert panel.count("Dismiss the proposal") == 2 and panel.count("/panel/invite?seat=") == 1
    for stranger in ("rita", "cora", "ada", "max"):
        assert client(stranger).get(page).status_code == 404
        assert client(stranger).post(page, data={"email": "kim@example.org"}).status_code == 404
    for closed in ("/en/desk/2026", "/en/review/2026", f"/en/review/2026/{sent.code}"):
        assert zoe.get(closed).status_code == 404

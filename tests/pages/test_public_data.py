"""What goes out of the results beside the page: pictures, data, feeds, a calendar; only what is public."""

import csv
import io
import json
import re
import zipfile
from datetime import UTC, datetime, timedelta
from xml.etree import ElementTree

import pytest
from PIL import Image
from sqlalchemy import Engine, update
from sqlmodel import Session, col, select
from typer.testing import CliRunner

from app.cli import cli
from app.database import session_on
from app.decisions import open_data
from app.decisions.announce import publish
from app.decisions.awards import draw_line
from app.decisions.decide import decide
from app.decisions.held import call_of, decision_version
from app.decisions.open_data_check import wrong_in
from app.events.show import plan
from app.events.stage import reveal_next
from app.models.applications import Packet
from app.models.calls import Call
from app.models.decisions import PublishedResult
from app.models.events import ShowSegment
from tests.conftest import Client, Clock
from tests.decisions.scored import ranked_call
from tests.events.evening import announced, event_version
from tests.factories import KNOWN, REVIEWING
from tests.world import World

RESULTS = "/en/calls/2026/results"
LATER = REVIEWING + timedelta(days=40)
ATOM = "{http://www.w3.org/2005/Atom}"
HOSTILE = '=HYPERLINK("http://evil.example")<b>&\r\nEND:VEVENT\r\nBEGIN:VALARM;,\\ \u0008\u202e]]>'


def decided(engine: Engine, world: World, *, title: str = "", revealed: int = 0, published: bool) -> None:
    """Eight applications, six of which win; some of them revealed, or all of them published."""
    cora = world.coordinator()
    with session_on(engine) as session, session.begin():
        ranked_call(session, world)
        if title:
            session.execute(update(Packet).values(title=title[:200], summary=title))
        draw_line(session, cora, world.round.code, REVIEWING)
        session.flush()
        decide(session, cora, decision_version(session, call_of(session, cora)), REVIEWING, KNOWN)
        session.flush()
        for version in range(revealed):
            reveal_next(session, cora, world.round.code, version, LATER)
            session.flush()
        if published:
            publish(session, cora, decision_version(session, call_of(session, cora)), LATER)


def slugs(session: Session) -> list[str]:
    return list(session.exec(select(PublishedResult.slug).order_by(col(PublishedResult.position))))


def test_before_a_reveal_there_is_nothing_and_then_that_winner_alone(
    client: Client, engine: Engine, world: World, clock: Clock
) -> None:
    clock.now, anybody = LATER, client()
    decided(engine, world, published=False)
    files = [f"{RESULTS}/awards.{kind}" for kind in ("json", "csv", "xlsx")]
    assert {anybody.get(each).status_code for each in files} == {404}
    feeds = (f"{RESULTS}.atom", "/en/feeds/results.atom")
    assert [anybody.get(each).text.count("<entry") for each in feeds] == [0, 0]
    assert f"{RESULTS}/" not in anybody.get("/sitemap.xml").text
    with session_on(engine) as session, session.begin():
        reveal_next(session, world.coordinator(), world.round.code, 0, LATER)
        session.flush()
        (slug,) = slugs(session)
    # The ledger has no figure before all is public.
    told = anybody.get("/api/v1/calls/2026/ledger").json()
    assert (told["figures"], told["received"], told["awarded"]) == (None, None, 1)
    assert "In figures" not in anybody.get("/en/calls/2026/ledger").text
    grants = anybody.get(files[0]).json()["grants"]
    assert [each["id"] for each in grants] == [f"360G-baige-2026-{slug}"]
    assert [anybody.get(each).text.count("<entry") for each in feeds] == [1, 1]
    for address in re.findall(r"<loc>http://testserver(/en/[^<]*)</loc>", anybody.get("/sitemap.xml").text):
        assert anybody.get(address).status_code == 200, address
    assert f"{RESULTS}/{slug}" in anybody.get("/sitemap.xml").text
    # Of another call, and under a code that nobody has, there is the same nothing.
    random = "".join("a" if each != "a" else "b" for each in slug)
    anybody.headers["accept-encoding"] = "identity"
    for part in ("", "/share.png"):
        there, nobody = (anybody.get(f"/en/calls/{call}/results/{code}{part}") for call, code in
                         (("2024", slug), ("2024", random)))  # fmt: skip
        assert there.status_code == nobody.status_code == 404
        assert there.content.replace(slug.encode(), random.encode()) == nobody.content
        assert dict(there.headers) == dict(nobody.headers)


def test_winner_is_shared_with_a_picture_of_its_own(
    client: Client, engine: Engine, world: World, clock: Clock
) -> None:
    clock.now, anybody = LATER, client()
    decided(engine, world, published=True)
    with session_on(engine, reading=True) as session:
        slug = slugs(session)[-1]
    pictures = set()
    for language in ("kk", "ru", "en"):
        page = anybody.get(f"/{language}/calls/2026/results/{slug}").text
        said = dict(re.findall(r'<meta property="og:([a-z:]+)" content="([^"]*)"', page))
        assert (said["title"], said["image:width"], said["image:height"]) == ("Idea 1", "1200", "630")
        assert said["url"] == f"http://testserver/{language}/calls/2026/results/{slug}"
        assert page.count('rel="alternate" hreflang=') == 3
        answer = anybody.get(said["image"].removeprefix("http://testserver"))
        assert answer.headers["content-type"] == "image/png"
        assert "max-age=86400" in answer.headers["cache-control"]
        with Image.open(io.BytesIO(answer.content)) as picture:
            assert (picture.format, picture.size) == ("PNG", (1200, 630))
        pictures.add(answer.content)
        held = {"if-none-match": answer.headers["etag"]}
        assert anybody.get(said["image"].removeprefix("http://testserver"), headers=held).status_code == 304
    assert len(pictures) == 3


def test_data_are_valid_by_the_standard_and_say_their_licence(
    client: Client, engine: Engine, world: World, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock.now, anybody = LATER, client()
    decided(engine, world, published=True)
    package = anybody.get(f"{RESULTS}/awards.json").json()
    assert wrong_in(package) == []
    assert wrong_in({**package, "grants": [{**package["grants"][0], "awardDate": "soon"}]}) != []
    assert wrong_in({"grants": []}) != []
    assert package["license"] == "https://creativecommons.org/licenses/by/4.0/"
    assert package["license"] in package["description"]
    assert {each["amountAwarded"] for each in package["grants"]} == {5000}
    assert [each["title"] for each in package["grants"]] == [f"Idea {number}" for number in range(1, 7)]
    first = {key: value for key, value in package["grants"][0].items() if key != "title"}
    # Read again in another language, the ids and amounts are the same.
    other = anybody.get("/kk/calls/2026/results/awards.json").json()["grants"][0]
    assert {name: other[name] for name in ("id", "amountAwarded", "awardDate")} == {
        name: first[name] for name in ("id", "amountAwarded", "awardDate")
    }
    # An operator asks the site itself, by the command line.
    monkeypatch.setenv("BAIGE_DATABASE_URL", engine.url.render_as_string(hide_password=False))
    told = CliRunner().invoke(cli, ["check-awards", "2026"])
    assert (told.exit_code, told.stdout) == (0, "Valid by the 360Giving standard: 6 grants of 2026.\n")
    monkeypatch.setattr(open_data, "CURRENCY", "euros")
    told = CliRunner().invoke(cli, ["check-awards", "2026", "--language", "kk"])
    assert told.exit_code == 1
    assert "/grants/0/currency" in told.stdout
    rows = list(csv.DictReader(io.StringIO(anybody.get(f"{RESULTS}/awards.csv").text.lstrip("\ufeff"))))
    assert [each["Identifier"] for each in rows] == [each["id"] for each in package["grants"]]
    said = json.dumps(package) + str(rows)
    assert "canary@example.org" not in said.lower()
    assert "Idea 7" not in said


def test_hostile_text_runs_nowhere(client: Client, engine: Engine, world: World, clock: Clock) -> None:
    clock.now, anybody = LATER, client()
    decided(engine, world, title=HOSTILE, published=True)
    with session_on(engine) as session, session.begin():
        named = {"kk": HOSTILE, "ru": HOSTILE, "en": HOSTILE}
        session.execute(update(Call).where(col(Call.slug) == "2026").values(title=named, purpose=named))
    assert wrong_in(anybody.get(f"{RESULTS}/awards.json").json()) == []
    rows = list(csv.reader(io.StringIO(anybody.get(f"{RESULTS}/awards.csv").text.lstrip("\ufeff"))))
    assert len(rows) == 7
    assert not [cell for row in rows for cell in row if cell.startswith(("=", "+", "-", "@", "\t", "\r"))]
    with zipfile.ZipFile(io.BytesIO(anybody.get(f"{RESULTS}/awards.xlsx").content)) as book:
        sheets = [book.read(name).decode() for name in book.namelist() if name.endswith(".xml")]
        assert not any("<f>" in each or "<hyperlink" in each for each in sheets)
        assert not [name for name in book.namelist() if "vba" in name or "externalLink" in name]
        for each in sheets:
            ElementTree.fromstring(each)  # noqa: S314 - our own file
    for feed in (f"{RESULTS}.atom", "/en/feeds/results.atom", "/en/feeds/calls.atom"):
        root = ElementTree.fromstring(anybody.get(feed).content)  # noqa: S314 - our own file
        assert {each.tag for each in root.iter()} <= {
            ATOM + name for name in ("feed", "id", "title", "updated", "published", "author", "name", "link",
                                     "rights", "entry", "summary")}  # fmt: skip
    ical = anybody.get("/en/calls/2026/dates.ics").text
    assert [ical.count(f"\n{each}:VEVENT") for each in ("BEGIN", "END")] == [4, 4]
    assert "\nBEGIN:VALARM" not in ical
    assert "<b>" not in anybody.get(f"{RESULTS}").text
    with session_on(engine, reading=True) as session:
        slug = slugs(session)[0]
    page = anybody.get(f"{RESULTS}/{slug}")
    assert "<b>" not in page.text and page.text.count('"og:title"') == 1
    assert anybody.get(f"{RESULTS}/{slug}/share.png").status_code == 200


def entries(text: str) -> dict[str, dict[str, str]]:
    """UID -> the lines of its entry, unfolded."""
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    found: dict[str, dict[str, str]] = {}
    for part in text.replace("\r\n ", "").split("BEGIN:VEVENT\r\n")[1:]:
        lines = dict(line.split(":", 1) for line in part.split("\r\n") if ":" in line)
        found[lines["UID"]] = lines
    return found


def test_calendar_moves_with_the_call(client: Client, engine: Engine, world: World) -> None:
    anybody, cora = client(), client("cora", api=True)
    before = entries(anybody.get("/kk/calls/2026/dates.ics").text)
    assert {each["SEQUENCE"] for each in before.values()} == {"0"}
    closes = before["2026-closes@testserver"]
    assert closes["DTSTART"] == "20260318T130000Z"
    assert closes["SUMMARY;LANGUAGE=kk"].endswith("(қаз)")
    version = cora.get("/api/v1/calls/2026/setup").headers["etag"]
    given = {"closes_at": "2026-03-25T18:00:00+05:00", "reason": dict.fromkeys(("kk", "ru", "en"), "Мерзім")}
    moved = cora.post("/api/v1/calls/2026/extend", json=given, headers={"if-match": version})
    assert moved.status_code == 200, moved.text
    after = entries(anybody.get("/kk/calls/2026/dates.ics").text)
    assert after.keys() == before.keys()
    assert {each["SEQUENCE"] for each in after.values()} == {"1"}
    assert after["2026-closes@testserver"]["DTSTART"] == "20260325T130000Z"
    assert after["2026-results@testserver"]["DTSTART;VALUE=DATE"] == "20260504"
    assert closes["STATUS"] == "CONFIRMED"
    assert anybody.get("/kk/calls/nothing/dates.ics").status_code == 404


def test_an_evening_in_the_calendar_lasts_as_long_as_its_plan_and_leads_to_its_page(
    client: Client, engine: Engine, world: World
) -> None:
    pot, anybody = world.round.code, client()
    with session_on(engine) as session, session.begin():
        announced(session, world, 3)
        plan(session, world.coordinator(), pot, event_version(session, world), REVIEWING)
        session.flush()
        minutes = sum(session.exec(select(ShowSegment.minutes)).all())
    found = entries(anybody.get("/en/calls/2026/dates.ics").text)[f"2026-event-{pot}@testserver"]
    assert minutes > 60
    assert (found["DURATION"], found["URL"]) == (
        f"PT{minutes}M", f"http://testserver/en/calls/2026/event/{pot}",
    )  # fmt: skip
    assert anybody.get(found["URL"].removeprefix("http://testserver")).status_code == 200


def test_a_day_in_open_data_is_the_day_of_the_page(
    client: Client, engine: Engine, world: World, clock: Clock
) -> None:
    """Published after midnight in Almaty, when it is still the day before in Greenwich."""
    clock.now = LATER
    decided(engine, world, published=True)
    with session_on(engine) as session, session.begin():
        session.execute(
            update(PublishedResult).values(published_at=datetime(2026, 6, 10, 19, 11, tzinfo=UTC))
        )
    package = client().get(f"{RESULTS}/awards.json").json()
    assert {package["issued"], *(each["awardDate"] for each in package["grants"])} == {"2026-06-11"}
    rows = csv.DictReader(io.StringIO(client().get(f"{RESULTS}/awards.csv").text.lstrip("\ufeff")))
    assert {each["Award Date"] for each in rows} == {"2026-06-11"}


def test_ledger_has_figures_once_results_are_public(
    client: Client, engine: Engine, world: World, clock: Clock
) -> None:
    clock.now, anybody = LATER, client()
    decided(engine, world, published=True)
    told = anybody.get("/api/v1/calls/2026/ledger").json()
    figures = told["figures"]
    page = anybody.get("/en/calls/2026/ledger").text
    assert [each["what"] for each in told["dates"]] == ["opening", "closing", "reviews", "results"]
    assert told["received"] == 8
    assert {name: figures[name] for name in ("eligible", "scored", "reviews", "ties")} == {
        "eligible": 8, "scored": 8, "reviews": 32, "ties": 0}  # fmt: skip
    # Two applications did not win: from an average their scores could be told.
    assert figures["averages"] == {}
    assert "8 applications, 8 eligible, 8 scored by all, 6 winners, €30,000." in page
    kept = {each["what"]: each["kept"] for each in told["dates"]}
    assert kept == {"opening": True, "closing": True, "reviews": True, "results": False}
    assert "canary" not in page.lower() + json.dumps(told).lower()

"""A winner's picture on pages: chosen with words in three languages, shown, shared, and taken away."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import Engine
from sqlmodel import col, select

from app.applications.actions.consenting import change_consent
from app.database import session_on
from app.decisions.announce import publish
from app.decisions.awards import draw_line
from app.decisions.decide import decide
from app.decisions.held import call_of, decision_version
from app.events.stage import reveal_next
from app.files.store import LocalStore
from app.models.applications import Application
from app.models.decisions import PublishedResult
from app.settings import Settings
from tests.conftest import Client, Clock
from tests.decisions.scored import ranked_call
from tests.factories import KNOWN, REVIEWING
from tests.files.kept import attach
from tests.files.made import marks_in
from tests.world import World, key

LATER = REVIEWING + timedelta(days=40)
WORDS = {"alt.kk": "Аулада екі ағаш", "alt.ru": "Два дерева во дворе", "alt.en": "Two trees in a <b>yard</b>"}
DESK = "/en/desk/2026/pictures"
RESULTS = "/en/calls/2026/results"


@pytest.fixture
def decided(engine: Engine, world: World, settings: Settings, clock: Clock) -> str:
    """Six are to win, the first with a picture that its team lets everybody see; its reference."""
    clock.now = LATER
    cora = world.coordinator()
    with session_on(engine) as session, session.begin():
        codes = ranked_call(session, world)
        row = session.exec(select(Application).where(Application.code == codes[0])).one()
        attach(session, LocalStore(settings.files_folder), row, key(world.people["ada"]))
        change_consent(
            session, world.applicant(), row.ref, "own_picture", given=True, language="en", now=LATER
        )
        draw_line(session, cora, world.round.code, REVIEWING)
        session.flush()
        decide(session, cora, decision_version(session, call_of(session, cora)), REVIEWING, KNOWN)
        return row.ref


def publish_all(engine: Engine, world: World) -> str:
    cora = world.coordinator()
    with session_on(engine) as session, session.begin():
        publish(session, cora, decision_version(session, call_of(session, cora)), LATER)
    return slug(engine)


def slug(engine: Engine) -> str:
    """The address of the first of the order, which is revealed last."""
    with session_on(engine, reading=True) as session:
        rows = session.exec(select(PublishedResult.slug).order_by(col(PublishedResult.position).desc()))
        return rows.first() or ""


def test_while_winners_are_revealed_nothing_can_be_shown(
    client: Client, engine: Engine, world: World, decided: str
) -> None:
    with session_on(engine) as session, session.begin():
        for seen in range(6):
            reveal_next(session, world.coordinator(), world.round.code, seen, LATER)
            session.flush()
    cora, code = client("cora"), slug(engine)
    assert "There is nothing to show before all results are public." in cora.get(DESK).text
    assert cora.get(f"{DESK}/{code}").status_code == 409
    assert cora.get(f"{DESK}/{code}/cleared").status_code == 409
    assert cora.post(f"{DESK}/{code}", data=WORDS | {"version": "0"}).status_code == 409
    assert client().get(f"{RESULTS}/{code}/picture").status_code == 404
    assert client().get(f"/api/v1/results/{code}").json()["picture"] is None
    assert "<img src=" not in re.sub(r'<img src="/static/[^>]+>', "", client().get(f"{RESULTS}/{code}").text)


def test_a_coordinator_shows_it_and_everybody_sees_it(
    client: Client, engine: Engine, world: World, decided: str
) -> None:
    code = publish_all(engine, world)
    cora, anybody = client("cora"), client()
    share = anybody.get(f"{RESULTS}/{code}/share.png").content
    listed = cora.get(DESK).text
    assert listed.count("No picture") == 5 and "May be shown" in listed
    page = cora.get(f"{DESK}/{code}").text
    assert f'src="{DESK}/{code}/cleared" alt="The yard: no tree, two benches"' in page
    assert cora.get(f"{DESK}/{code}/cleared").headers["cache-control"] == "no-store"
    wrong = cora.post(f"{DESK}/{code}", data={"version": "0", "alt.ru": "Два дерева во дворе"})
    assert wrong.status_code == 422
    assert wrong.text.count("Say in each language what the picture shows.") == 4, "above, and at both fields"
    assert "Два дерева во дворе" in wrong.text
    assert cora.post(f"{DESK}/{code}", data=WORDS | {"version": "0"}).status_code == 303
    address = f"{RESULTS}/{code}/picture?v=1"
    shown = f'<img src="{address}" alt="Two trees in a &lt;b&gt;yard&lt;/b&gt;" width="480" height="300"'
    assert shown in anybody.get(f"{RESULTS}/{code}").text
    assert shown in anybody.get(RESULTS).text
    assert anybody.get(RESULTS).text.count("/picture?v=") == 1
    russian = anybody.get(f"/ru/calls/2026/results/{code}").text
    assert 'alt="Два дерева во дворе"' in russian
    picture = anybody.get(address)
    assert (picture.headers["content-type"], picture.headers["cache-control"]) == (
        "image/jpeg", "public, max-age=86400",
    )  # fmt: skip
    assert picture.headers["x-content-type-options"] == "nosniff"
    assert marks_in(picture.content) == set()
    assert len(picture.content) < 60_000
    assert anybody.get(f"/api/v1/results/{code}/picture").content == picture.content
    again = anybody.get(f"{RESULTS}/{code}/share.png").content
    assert again != share and again.startswith(b"\x89PNG")
    about = re.search(r'og:image:alt" content="([^"]+)"', anybody.get(f"{RESULTS}/{code}").text)
    assert about is not None and about[1].endswith("Two trees in a &lt;b&gt;yard&lt;/b&gt;")


def test_it_is_taken_away_by_a_correction_or_by_its_team(
    client: Client, engine: Engine, world: World, decided: str
) -> None:
    code = publish_all(engine, world)
    cora, anybody, ada = client("cora"), client(), client("ada")
    assert "once you agree" in ada.get(f"/en/my/{decided}/result").text
    assert cora.post(f"{DESK}/{code}", data=WORDS | {"version": "0"}).status_code == 303
    assert cora.post(f"{DESK}/{code}/remove", data={"version": "4"}).status_code == 409
    done = cora.post(f"{DESK}/{code}/remove", data={"version": "1"})
    assert done.headers["location"] == f"{DESK}?done=picture_taken_away"
    page = anybody.get(f"{RESULTS}/{code}").text
    assert "/picture" not in page and "The picture that stood here was taken away." in page
    assert anybody.get(f"{RESULTS}/{code}/picture?v=1").status_code == 404
    assert cora.post(f"{DESK}/{code}", data=WORDS | {"version": "2"}).status_code == 303
    consents = f"/en/my/{decided}/consents"
    assert ada.post(consents, data={"_action": "take_back:own_picture"}).status_code == 303
    assert "/picture" not in anybody.get(f"{RESULTS}/{code}").text
    page = cora.get(f"{DESK}/{code}").text
    assert "The team has not agreed yet." in page and 'id="show"' not in page
    assert cora.post(f"{DESK}/{code}", data=WORDS | {"version": "4"}).status_code == 409


def test_the_same_over_rest(client: Client, engine: Engine, world: World, decided: str) -> None:
    code = publish_all(engine, world)
    cora, base = client("cora", api=True), "/api/v1/calls/2026/winner-pictures"
    listed = cora.get(base).json()
    assert listed["total"] == 6
    first = next(each for each in listed["items"] if each["slug"] == code)
    assert first == {
        "slug": code,
        "title": "Idea 1",
        "language": "en",
        "cleared": True,
        "said": "The yard: no tree, two benches",
        "agreed": True,
        "shown": None,
        "version": 0,
    }
    alt = {"kk": "Екі ағаш", "ru": "Два дерева", "en": "Two trees"}
    chosen = cora.put(f"{base}/{code}", json={"alt": alt}, headers={"If-Match": '"0"'})
    assert (chosen.status_code, chosen.headers["etag"]) == (200, '"1"')
    picture = client().get(f"/api/v1/results/{code}").json()["picture"]
    assert picture == {"version": 1, "width": 480, "height": 300, "alt": alt}
    assert cora.put(f"{base}/{code}", json={"alt": alt}, headers={"If-Match": '"0"'}).status_code == 412
    assert cora.delete(f"{base}/{code}", headers={"If-Match": '"1"'}).status_code == 204
    assert client().get(f"/api/v1/results/{code}/picture").status_code == 404
    for who in ("ada", "rita"):
        assert client(who, api=True).get(base).status_code == 404

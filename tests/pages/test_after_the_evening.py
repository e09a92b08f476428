"""What screens and papers of an evening say once an award has been given back and somebody came up."""

import hmac
from datetime import timedelta
from io import BytesIO

import pytest
from fastapi.testclient import TestClient
from pypdf import PdfReader
from sqlalchemy import Engine
from sqlmodel import col, delete, select, update

from app.calls.working_days import working_days_after
from app.database import session_on
from app.decisions.reserve import PromotionInput
from app.decisions.result_letter import NEXT_STEP_DAYS
from app.events.running_order import public_event
from app.events.stage import show_scene, stage_control
from app.jobs.worker import send_due
from app.messages import formats
from app.messages.formats import ALMATY
from app.models.applications import Application, Packet
from app.models.decisions import Award, PublishedResult
from app.models.events import Scene
from app.models.outbox import Mail
from app.models.people import DevelopmentMail
from app.settings import Settings
from tests.conftest import Client, Clock
from tests.decisions.test_reserve import back, published, up
from tests.decisions.test_sealing import publish_all
from tests.documents.opened import words_of
from tests.events.evening import EVENING, announced, sealed_evening
from tests.factories import REVIEWING
from tests.world import World

SINCE = "Gave the award back since"


@pytest.fixture
def public(client: Client, engine: Engine, world: World, clock: Clock) -> TestClient:
    """Three won and were on the board; the first has given its award back, and the fourth has come up."""
    clock.now = REVIEWING
    with session_on(engine) as session, session.begin():
        codes = published(session, world)
        show_scene(session, world.coordinator(), world.round.code, Scene.BOARD, 0, REVIEWING)
    with session_on(engine) as session, session.begin():
        assert SINCE not in client().get(f"/en/live/{world.round.code}").text
        back(session, world, codes[0])
        up(session, world, PromotionInput())
    return client()


def test_screens_show_what_was_announced_and_say_that_an_award_came_back(
    public: TestClient, world: World
) -> None:
    pot = world.round.code
    since = "Awards given back since: 1."
    for path in (f"/en/live/{pot}", f"/en/stage/{pot}/screen"):
        page = public.get(path).text
        assert [f"Idea {number}" in page for number in (1, 2, 3, 4)] == [True, True, True, False], path
        assert page.count(SINCE) == 1 and since in page, path
    assert "The winners · 3" in public.get(f"/en/live/{pot}").text
    shown = public.get(f"/api/v1/stage/{pot}").json()
    assert [(each["title"], each["given_back"]) for each in shown["winners"]] == [
        ("Idea 1", True), ("Idea 2", False), ("Idea 3", False),
    ]  # fmt: skip
    assert sum(each["amount_minor"] for each in shown["winners"]) == 1_500_000
    assert "Idea 4" in public.get("/en/calls/2026/results").text


def test_the_control_counts_those_who_were_revealed(engine: Engine, public: TestClient, world: World) -> None:
    with session_on(engine) as session, session.begin():
        control = stage_control(session, world.coordinator(), world.round.code, REVIEWING)
    assert (control.revealed, control.left) == (3, 0)
    assert "Idea 4" not in public.get(f"/ru/live/{world.round.code}").text


def _printed(cora: TestClient, deck: str) -> str:
    taken = cora.post(deck, data={"kind": "list"})
    assert taken.content[:5] == b"%PDF-", taken.text
    return " ".join(words_of(each.extract_text()) for each in PdfReader(BytesIO(taken.content)).pages)


def test_papers_of_the_seal_show_what_was_sealed_whatever_came_later(
    client: Client, engine: Engine, world: World, clock: Clock
) -> None:
    clock.now = EVENING
    deck = f"/en/desk/2026/stage/{world.round.code}/deck"
    with session_on(engine) as session, session.begin():
        pot = session.merge(world.round)
        pot.reserve_places, pot.reserve_until = 2, EVENING + timedelta(days=30)
        session.flush()
        world.round = pot
        sealed_evening(session, world)
    cora = client("cora")
    before = _printed(cora, deck)
    assert "Sealed until announced" in before
    with session_on(engine) as session, session.begin():
        publish_all(session, world)
        first = session.exec(
            select(Application.code).join(Award, col(Award.application_id) == Application.id).limit(1)
        ).one()
    with session_on(engine) as session, session.begin():
        back(session, world, first, EVENING)
        up(session, world, now=EVENING)
        given, came = (
            session.exec(select(PublishedResult.title).where(where)).one()
            for where in (col(PublishedResult.given_back_at).is_not(None), col(PublishedResult.promoted))
        )
    after = _printed(cora, deck)
    assert given in before and came not in before
    assert given in after and came not in after, "exactly what the seal holds"
    assert "Sealed until announced" not in after and "The results are public. Copy of Cora" in after
    page = cora.get(deck).text
    assert "take-list" in page and "take-cards" not in page and "Show it to nobody" not in page
    for kind in ("slides", "cards"):
        refused = cora.post(deck, data={"kind": kind})
        assert (refused.status_code, "The results are public already." in refused.text) == (409, True)
    with session_on(engine) as session, session.begin():
        session.execute(update(Packet).where(col(Packet.title) == given).values(title="Another title"))
    refused = cora.post(deck, data={"kind": "list"})
    assert (refused.status_code, "What was sealed is not all here any more" in refused.text) == (409, True)


def test_who_came_up_is_told_the_day_of_the_next_step(
    engine: Engine, world: World, clock: Clock, settings: Settings
) -> None:
    """Ten working days from when it came up, which may be long after the others heard."""
    clock.now = REVIEWING
    with session_on(engine) as session, session.begin():
        codes = published(session, world)
    later = REVIEWING + timedelta(days=30)
    with session_on(engine) as session, session.begin():
        back(session, world, codes[0], later)
        up(session, world, now=later)
    send_due(engine, settings, later)
    with session_on(engine) as session:
        (mail,) = session.exec(
            select(DevelopmentMail.body).where(
                col(DevelopmentMail.subject).startswith("Your application gets an award")
            )
        )
    day = working_days_after(later.astimezone(ALMATY).date(), NEXT_STEP_DAYS)
    assert f"We write to you about it by: {formats.day('en', day)}" in mail


def test_what_is_left_to_do_names_no_former_winner_and_promises_no_letter(
    client: Client, engine: Engine, public: TestClient, world: World
) -> None:
    """A picture is chosen of those who hold an award; of results that are public no letter is to come."""
    cora = client("cora")
    pictures = cora.get("/en/desk/2026/pictures").text
    assert [f"Idea {number}" in pictures for number in (1, 2, 3, 4)] == [False, True, True, True]
    with session_on(engine) as session, session.begin():
        session.execute(delete(Mail))
    page = cora.get("/en/desk/2026/letters").text
    assert "No letter belongs to these results" in page and "has been queued yet" not in page


def test_the_recipe_of_the_running_order_says_what_the_key_is(
    client: Client, engine: Engine, world: World, clock: Clock
) -> None:
    """By the text of the seed: whoever takes its digits for bytes draws another order."""
    clock.now = REVIEWING
    with session_on(engine) as session, session.begin():
        announced(session, world, 3)
        order = public_event(session, "2026", world.round.code, REVIEWING)
    assert order.order is not None
    seed, pot = order.order.seed, world.round.code
    page = client().get(f"/en/calls/2026/event/{pot}").text
    assert seed in page and "with this seed as the key, letter by letter as it is written here" in page

    def ticket(title: str) -> str:
        return hmac.digest(seed.encode(), f"{pot}\n{title}".encode(), "sha256").hex()

    assert sorted(order.order.titles, key=ticket) == [each.title for each in order.finalists]

"""The public results: nothing early, everything afterwards, in the reader's language."""

from datetime import timedelta

import pytest
from sqlalchemy import Engine
from sqlmodel import select

from app.database import session_on
from app.decisions.announce import publish
from app.decisions.archive import NotAnEmptyCall, PastWinner, record_past_results
from app.decisions.awards import draw_line
from app.decisions.closing import close_reviewing
from app.decisions.decide import decide
from app.decisions.held import call_of, decision_version
from app.decisions.holes import excuse_holes, holes
from app.events.stage import reveal_next
from app.models.calls import Call
from app.models.decisions import PublishedResult
from app.models.people import Identity
from app.models.reviews import Review, ReviewState
from tests.conftest import Client, Clock
from tests.decisions.scored import PLACE, pot_now, ranked_call, scored_call
from tests.factories import KNOWN, REVIEWING
from tests.world import World

RESULTS = "/en/calls/2026/results"
LATER = REVIEWING + timedelta(days=40)
DAY = timedelta(days=1)


@pytest.fixture
def published(engine: Engine, world: World, clock: Clock) -> list[str]:
    """Six winners and two others; the slugs, the first of the order first."""
    clock.now = LATER
    cora = world.coordinator()
    with session_on(engine) as session, session.begin():
        ranked_call(session, world)
        draw_line(session, cora, world.round.code, REVIEWING)
        session.flush()
        decide(session, cora, decision_version(session, call_of(session, cora)), REVIEWING, KNOWN)
        session.flush()
        publish(session, cora, decision_version(session, call_of(session, cora)), LATER)
        session.flush()
        return list(
            session.exec(select(PublishedResult.slug).order_by(PublishedResult.position.desc()))  # type: ignore[attr-defined]
        )


def test_method_counts_the_reviews_that_were_excused(
    client: Client, engine: Engine, world: World, clock: Clock
) -> None:
    """The second lacks one review and wins, the last lacks two and does not."""
    clock.now, cora, why = LATER, world.coordinator(), "Rolf was ill all month"
    with session_on(engine) as session, session.begin():
        codes = scored_call(session, world)
        for number in (6, 30, 31):
            review = session.get_one(Review, number)
            review.state = ReviewState.DRAFT
            session.add(review)
        close_reviewing(session, cora, REVIEWING)
        session.flush()
        open_ = holes(session, cora)
        assert sorted(hole.application for hole in open_) == sorted([codes[1], codes[7], codes[7]])
        excuse_holes(session, cora, {(hole.application, hole.organisation): why for hole in open_}, REVIEWING)
        draw_line(session, cora, world.round.code, REVIEWING)
        session.flush()
        decide(session, cora, decision_version(session, call_of(session, cora)), REVIEWING, KNOWN)
        session.flush()
    counts = ("excused", "excused_of_winners")
    early = client().get("/api/v1/calls/2026/results").json()
    assert [early[each] for each in counts] == [None, None]
    with session_on(engine) as session, session.begin():
        publish(session, cora, decision_version(session, call_of(session, cora)), LATER)
    told = client().get("/api/v1/calls/2026/results").json()
    assert [told[each] for each in counts] == [3, 1]
    text = client().get(RESULTS).text
    assert "each with a written reason on record: 3. Of these, reviews of winners: 1." in text
    assert why not in text


def test_before_anything_is_announced_the_page_says_when(client: Client, world: World) -> None:
    text = client().get(RESULTS).text
    assert "The call is open for applications. Nothing has been scored or decided." in text
    assert "27 April 2026" in text


PHASES = {
    "scheduled": ({"opens_at": LATER + DAY, "closes_at": LATER + 2 * DAY}, "The call has not opened yet."),
    "open": ({"opens_at": LATER - DAY, "closes_at": LATER + DAY}, "The call is open for applications."),
    "grace": ({"closes_at": LATER - timedelta(minutes=5)}, "The call has just closed."),
    "closed": ({"closes_at": LATER - DAY}, "Scoring has not begun yet."),
    "reviewing": ({"reviewing_opened_at": LATER}, "The applications are being scored."),
    "reviewed": ({"reviewing_closed_at": LATER}, "Scoring has ended. The winners have not been decided yet."),
    "decided": ({"decided_at": LATER}, "The winners have been decided and not announced yet."),
    "cancelled": ({"cancelled_at": LATER}, "This call was cancelled. It has no winners."),
}
"""Phase -> what makes it, and what the page says of it."""


@pytest.mark.parametrize("phase", PHASES)
def test_each_phase_says_what_is_true_of_it(
    client: Client, engine: Engine, world: World, clock: Clock, phase: str
) -> None:
    clock.now = LATER
    dates, sentence = PHASES[phase]
    with session_on(engine) as session, session.begin():
        call = session.merge(world.call)
        call.results_expected_at = LATER + 3 * DAY
        for name, value in dates.items():
            setattr(call, name, value)
        session.add(call)
    text = client().get(RESULTS).text
    assert sentence in text
    others = {words for other, (_, words) in PHASES.items() if other != phase}
    assert not any(words in text for words in others)
    done, coming = "scored the applications without", "score the applications without"
    assert (done in text, coming in text) == {
        "decided": (True, False), "cancelled": (False, False)
    }.get(phase, (False, True))  # fmt: skip
    assert ("Results expected:" in text) == (phase != "cancelled")
    assert "entered afterwards" not in text
    with session_on(engine) as session, session.begin():
        call = session.exec(select(Call)).one()
        call.results_expected_at = LATER - DAY
        session.add(call)
    assert ("The results are late." in client().get(RESULTS).text) == (phase != "cancelled")


def test_while_winners_are_revealed_more_may_follow(
    client: Client, engine: Engine, world: World, clock: Clock
) -> None:
    clock.now, cora = LATER, world.coordinator()
    with session_on(engine) as session, session.begin():
        ranked_call(session, world)
        draw_line(session, cora, world.round.code, REVIEWING)
        session.flush()
        decide(session, cora, decision_version(session, call_of(session, cora)), REVIEWING, KNOWN)
        session.flush()
        reveal_next(session, cora, world.round.code, 0, LATER)
    text = client().get(RESULTS).text
    assert "The winners are being announced one by one. More may follow." in text
    assert "Idea 6" in text
    assert 'data-l="Total"' not in text


def test_scores_of_winners_are_shown_where_the_call_promised_it(
    client: Client, engine: Engine, world: World, published: list[str]
) -> None:
    text = client().get(RESULTS).text
    assert text.count('data-l="Total"') == 6
    assert ">100.0<" in text
    assert "Scores are not published." not in text
    assert ">100,0<" in client().get(RESULTS.replace("/en/", "/ru/")).text
    with session_on(engine) as session, session.begin():
        call = session.exec(select(Call)).one()
        call.scores_published = False
        session.add(call)
    silent = client().get(RESULTS).text
    assert "Scores are not published." in silent
    assert "100.0" not in silent
    assert "entered afterwards" not in silent


def test_winners_stand_in_the_order_with_amounts_and_method(client: Client, published: list[str]) -> None:
    text = client().get(RESULTS).text
    places = [text.index(f"Idea {number}<") for number in range(1, 7)]
    assert places == sorted(places)
    assert "Idea 7" not in text
    assert text.count("€5,000") == 6
    for words in ("€30,000", "Need: 25", "British Council", "Mean of the organisations"):
        assert words in text
    assert "Ada Canaryname and friends" in text
    assert "canary@example.org" not in text.lower()


def test_each_winner_has_a_page(client: Client, published: list[str]) -> None:
    short = client().get(f"/en/projects/{published[0]}")
    assert (short.status_code, short.headers["location"]) == (301, f"{RESULTS}/{published[0]}")
    page = client().get(f"{RESULTS}/{published[0]}")
    assert page.status_code == 200
    assert '<h1 lang="en">Idea 1</h1>' in page.text
    assert client().get("/en/projects/nothing").status_code == 404
    assert client().get("/en/calls/nothing/results").status_code == 404


def test_pages_of_all_languages_render(client: Client, published: list[str]) -> None:
    for language in ("kk", "ru", "en"):
        assert client().get(f"/{language}/calls/2026/results").status_code == 200
        assert client().get(f"/{language}/calls/2026/results/{published[0]}").status_code == 200


def test_a_call_of_the_past_has_its_winners_and_nothing_invented(
    client: Client, engine: Engine, world: World
) -> None:
    past = [
        PastWinner(f"Past {number}", "As published.", "ecology", "ru", PLACE, ["medeu"], summaries=texts)
        for number, texts in ((1, {"kk": "Қазақша.", "ru": "As published."}), (2, None))
    ]
    with session_on(engine) as session, session.begin():
        record_past_results(session, world.coordinator(), world.round.code, past, LATER)
    with session_on(engine) as session, session.begin():
        pot = pot_now(session, world.round.code)
        assert (pot.taken, pot.committed_minor) == (2, 2 * PLACE)
        assert session.exec(select(Identity)).all() == []
        with pytest.raises(NotAnEmptyCall):
            record_past_results(session, world.coordinator(), world.round.code, past, LATER)
    text = client().get(RESULTS).text
    assert text.index("Past 1") < text.index("Past 2")
    assert "Its scores were not published." in text
    assert text.count('<p lang="ru">As published.</p>') == 2
    kazakh = client().get("/kk/calls/2026/results").text
    assert ('<p lang="kk">Қазақша.</p>' in kazakh, kazakh.count('<p lang="ru">As published.</p>')) == (
        True,
        1,
    )
    assert "€10,000" in text
    assert "How many applied was not recorded." in text
    assert "a draw anybody can repeat" not in text
    assert "Mean of the organisations" not in text
    with session_on(engine, reading=True) as session, session.begin():
        seed = session.exec(select(Call.draw_seed)).one()
    told = client().get("/api/v1/calls/2026/results").json()
    assert told["archived"] is True
    assert [told[name] for name in ("received", "seed", "method")] == [None, None, None]
    assert len(told["winners"]) == 2
    assert not seed or seed not in text
    assert "at the fixed rate" not in client().get("/en/calls/2026").text
    told = client().get("/api/v1/calls/2026").json()
    assert (told["ceiling_minor"], told["ceiling_tiyn"], told["rate_minor"]) == (PLACE, None, None)

"""Where one's application stands, and its result: the same for all before it is public, then all of it."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, col, select

from app.database import session_on
from app.decisions.announce import publish
from app.decisions.awards import draw_line
from app.decisions.decide import decide
from app.decisions.held import call_of, decision_version
from app.events.stage import reveal_next
from app.models.applications import Application, Packet, Sending
from app.models.decisions import RankingEntry
from app.models.reviews import Assignment, Review, ReviewScore
from tests.applications.steps import begin
from tests.conftest import Client, Clock
from tests.decisions.scored import REVIEWERS, ranked_call, refs_of, scored_call
from tests.factories import KNOWN, REVIEWING
from tests.pages.seen import as_seen
from tests.world import CLOSES, World

LATER = REVIEWING + timedelta(days=40)
LANGUAGES = ("kk", "ru", "en")


def sign_reviews(session: Session) -> None:
    """Each review's words name its application and its reviewer, so that an answer shows whose they are."""
    rows = session.exec(
        select(Review, Packet.title, Assignment.member_id)
        .join(Assignment, col(Assignment.id) == Review.assignment_id)
        .join(Sending, col(Sending.application_id) == Assignment.application_id)
        .join(Packet, col(Packet.sending_id) == Sending.id)
    ).all()
    for review, title, member in rows:
        who = f"{title} by m{member}."
        review.convinced, review.stronger = f"Convinced by {who}", f"Stronger: {who}"
        review.private_note = f"Privately {who}"
        session.add(review)
        for cell in session.exec(
            select(ReviewScore).where(ReviewScore.assignment_id == review.assignment_id)
        ):
            cell.reason = f"Because {who} <b>&"
            session.add(cell)


@pytest.fixture
def refs(engine: Engine, world: World, clock: Clock) -> dict[str, str]:
    """Eight applications of Ada's, six of them awarded, the decision frozen."""
    clock.now, cora = LATER, world.coordinator()
    with session_on(engine) as session, session.begin():
        ranked_call(session, world)
        sign_reviews(session)
        draw_line(session, cora, world.round.code, REVIEWING)
        session.flush()
        decide(session, cora, decision_version(session, call_of(session, cora)), REVIEWING, KNOWN)
        return refs_of(session)


def reveal(engine: Engine, world: World, count: int) -> None:
    for seen in range(count):
        with session_on(engine) as session, session.begin():
            reveal_next(session, world.coordinator(), world.round.code, seen, LATER)


def publish_all(engine: Engine, world: World) -> None:
    cora = world.coordinator()
    with session_on(engine) as session, session.begin():
        publish(session, cora, decision_version(session, call_of(session, cora)), LATER)


def test_before_its_reveal_a_winner_reads_byte_for_byte_what_a_loser_reads(
    client: Client, engine: Engine, world: World, refs: dict[str, str]
) -> None:
    reveal(engine, world, 2)
    ada = client("ada")
    # Idea 5 and 6 are revealed; 1 to 4 have won unknowingly; 7 and 8 have not won.
    for language in LANGUAGES:
        for page in ("", "/result"):
            told = {
                title: (answer.status_code, answer.text.replace(ref, "REF").replace(title, "TITLE"))
                for title, ref in refs.items()
                for answer in (ada.get(f"/{language}/my/{ref}{page}"),)
            }
            waiting = [told[f"Idea {number}"] for number in (1, 2, 3, 4, 7, 8)]
            assert len(set(waiting)) == 1
            assert waiting[0][0] == (409 if page else 200)
            assert waiting[0] != told["Idea 6"]
    assert "Waiting for the results" in ada.get(f"/en/my/{refs['Idea 1']}").text
    cards = ada.get("/en/my").text.split('class="card"')[1:]
    state = {
        ref: re.findall(r'class="tag[^"]*">([^<]+)<', card)[0]
        for card in cards
        for ref in refs.values()
        if f'id="{ref}"' in card
    }
    assert state == {
        ref: "Awarded" if title in {"Idea 5", "Idea 6"} else "Waiting for the results"
        for title, ref in refs.items()
    }


def test_a_revealed_winner_reads_that_it_won_and_no_score_yet(
    client: Client, engine: Engine, world: World, refs: dict[str, str]
) -> None:
    reveal(engine, world, 1)
    ada = client("ada")
    page = ada.get(f"/en/my/{refs['Idea 6']}").text
    assert "Your application has been selected. Congratulations!" in page
    assert f'href="/en/my/{refs["Idea 6"]}/result"' in page
    result = ada.get(f"/en/my/{refs['Idea 6']}/result").text
    for words in ("Congratulations!", "€5,000", "Not all results are public yet.", "/en/projects/"):
        assert words in result
    for early in ("Because Idea", "Convinced by", "Stronger:", "How it was scored", ">4.5<"):
        assert early not in result


def test_after_publication_each_applicant_reads_scores_and_words(
    client: Client, engine: Engine, world: World, refs: dict[str, str]
) -> None:
    publish_all(engine, world)
    ada = client("ada")
    won, lost = (ada.get(f"/en/my/{refs[f'Idea {number}']}/result").text for number in (1, 8))
    assert "Your application has been selected. Congratulations!" in won
    assert "The next step is the grant agreement" in won
    assert "Your application was not selected this time." in lost
    assert "Congratulations" not in lost
    assert "You can apply again in another call." in lost
    for number in ("4.5", "4.8", "89.1", "96.1"):
        assert number in lost
    assert lost.count("Convinced by Idea 8 by m") == lost.count("Stronger: Idea 8 by m") == 4
    # Four reviewers, four criteria; typed marks stay text.
    assert lost.count("Because Idea 8 by m") == 16
    assert lost.count("&lt;b&gt;&amp;") == 16
    for other in range(1, 8):
        assert f"Idea {other}" not in lost
    assert "Privately" not in won + lost
    for name in REVIEWERS:
        for secret in (world.people[name].name, str(world.people[name].email), world.members[name].code):
            assert secret not in won + lost
    for organisation in world.organisations.values():
        assert not any(name in won + lost for name in organisation.name.values())
    with session_on(engine, reading=True) as session, session.begin():
        codes = session.exec(select(Application.code)).all()
    assert not any(code in won + lost for code in codes)


def test_pages_of_all_languages_say_it(
    client: Client, engine: Engine, world: World, refs: dict[str, str]
) -> None:
    publish_all(engine, world)
    ada = client("ada")
    said = set()
    for language in LANGUAGES:
        answer = ada.get(f"/{language}/my/{refs['Idea 8']}/result")
        assert answer.status_code == 200
        assert ("89.1" if language == "en" else "89,1") in answer.text
        assert "Because Idea 8" in answer.text
        said.add(re.findall(r"<h1>([^<]+)</h1>", answer.text)[0])
    assert len(said) == 3


def test_the_receipt_names_only_what_is_still_to_come(
    client: Client, engine: Engine, world: World, clock: Clock, refs: dict[str, str]
) -> None:
    ada, path = client("ada"), f"/en/apply/{refs['Idea 8']}/sent"
    waiting = ada.get(path).text
    assert "We write to you, whatever the result is." in waiting
    assert "The call closes" not in waiting
    publish_all(engine, world)
    assert "What happens next" not in ada.get(path).text


def test_strangers_find_no_result(client: Client, engine: Engine, world: World, refs: dict[str, str]) -> None:
    path = f"/en/my/{refs['Idea 1']}/result"
    for published in (False, True):
        if published:
            publish_all(engine, world)
        for stranger in ("ben", "rita", "cora", "max", "zoe"):
            assert client(stranger).get(path).status_code == 404
        asked = client().get(path)
        assert asked.status_code == 303
        assert "/sign-in" in asked.headers["location"]
    assert client("ada").get("/en/my/WA26-NOTHERE/result").status_code == 404


def test_a_hole_is_said_in_words_and_is_no_zero(
    client: Client, engine: Engine, world: World, clock: Clock
) -> None:
    clock.now = LATER
    with session_on(engine) as session, session.begin():
        scored_call(session, world, 1)
        need = world.criteria["need"].id
        for cell in session.exec(select(ReviewScore).where(ReviewScore.criterion_id == need)):
            cell.score, cell.cannot_judge, cell.reason = None, True, "Nothing is said about whom it serves."
            session.add(cell)
    cora = client("cora")
    close = "/en/desk/2026/ranking/close"
    cora.post(close, data=as_seen(cora.get(close).text))
    with session_on(engine) as session, session.begin():
        call = session.merge(world.call, load=True)
        session.refresh(call)
        call.published_at = LATER
        (ref,) = refs_of(session).values()
        application = session.exec(select(Application)).one()
        application.status = application.status.NOT_SELECTED
        session.add_all([call, application])
    page = client("ada").get(f"/en/my/{ref}/result").text
    assert page.count(">No score<") == 2
    assert "It never counts as zero." in page
    assert "Could not judge this, and gave no score:" in page
    assert page.count("Nothing is said about whom it serves.") == 4
    assert ">0.0<" not in page


def test_unsent_withdrawn_and_cancelled_say_so(
    client: Client, engine: Engine, world: World, clock: Clock
) -> None:
    with session_on(engine) as session, session.begin():
        unsent = begin(session, world.applicant())
    ada = client("ada")
    assert "was not sent in time" not in ada.get(f"/en/my/{unsent}").text
    clock.now = CLOSES + timedelta(days=1)
    assert "This application was not sent in time" in ada.get(f"/en/my/{unsent}").text
    with session_on(engine) as session, session.begin():
        call = session.merge(world.call)
        call.cancelled_at = CLOSES
        call.notices = [
            {"kind": "cancelled", "at": CLOSES.isoformat(), "reason": {"en": "The funder has left us."}}
        ]
        session.add(call)
    page = ada.get(f"/en/my/{unsent}").text
    assert "The call was cancelled" in page
    assert "The funder has left us." in page
    assert "was not sent in time" not in page
    assert "The call was cancelled" in ada.get("/en/my").text
    assert ada.get(f"/en/my/{unsent}/result").status_code == 409


def test_a_missing_organisation_and_a_tie_are_said(
    client: Client, engine: Engine, world: World, refs: dict[str, str]
) -> None:
    with session_on(engine) as session, session.begin():
        lines = session.exec(select(RankingEntry).order_by(col(RankingEntry.place))).all()
        scored = dict(lines[6].sheet["organisations"])
        assert len(scored) == 4
        scored["AKIM"] = {}
        lines[6].sheet = {**lines[6].sheet, "organisations": scored}
        lines[6].total = lines[5].total
        session.add(lines[6])
    publish_all(engine, world)
    ada = client("ada")
    told = {number: ada.get(f"/en/my/{refs[f'Idea {number}']}/result").text for number in (6, 7, 8)}
    said = (
        "3 of 4 organisations scored your application. "
        "The missing ones were left out of the mean, never counted as zero.",
        "The published rule for equal totals decided between them.",
    )
    for words in said:
        assert [number for number, text in told.items() if words in text] == [7]
    for organisation in world.organisations.values():
        assert not any(name in told[7] for name in organisation.name.values())
    for language in LANGUAGES:
        assert ada.get(f"/{language}/my/{refs['Idea 7']}/result").status_code == 200

"""A round that decides by written scores and by pitches says so: to everybody, and to each who pitched."""

import html
import re
from datetime import timedelta

from sqlalchemy import Engine, select
from sqlmodel import Session, col

from app.database import session_on
from app.decisions.announce import publish
from app.decisions.awards import draw_line
from app.decisions.decide import decide
from app.decisions.held import call_of, decision_version
from app.decisions.samples import samples
from app.decisions.sealing import seal
from app.events.ballots import own_jury
from app.jobs.worker import send_due
from app.models.applications import Application, Status
from app.models.jury import PitchEntry
from app.models.people import DevelopmentMail
from app.settings import Settings
from tests.conftest import Client, Clock
from tests.events.evening import EVENING, announced
from tests.events.jury import begin, close, compare, done, give, seated
from tests.factories import KNOWN
from tests.world import World

LATER = EVENING + timedelta(days=1)
ALONE = "There is nobody else in this small town."


def words_of(page: str) -> str:
    """What is read of a page, or of a mail."""
    return (
        " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page)).split()).replace(" .", ".").replace(" ,", ",")
    )


def frozen(session: Session, world: World) -> None:
    """Eight finalists whose pitches turn the written order round, and a juror who has a tie with one."""
    announced(session, world, 8, 0)
    jurors = seated(session, world, ("BC", "AKIM"))
    begin(session, world, range(1, 9))
    compare(session, world)
    for each in own_jury(session, jurors[0], EVENING).pitches:
        place = int(each.title.rsplit(" ", 1)[1])
        give(session, jurors[0], each.slot, 1 + (place - 1) // 2)
        give(session, jurors[1], each.slot, None if place == 2 else 1 + place // 2, tie=place == 2)
    done(session, jurors)
    close(session, world)
    cora = world.coordinator()
    draw_line(session, cora, world.round.code, EVENING)
    session.flush()
    decide(session, cora, decision_version(session, call_of(session, cora)), EVENING, KNOWN)
    session.flush()


def test_everybody_and_who_pitched_read_what_the_pitch_counted_and_the_totals_that_decided(
    client: Client, engine: Engine, settings: Settings, world: World, clock: Clock
) -> None:
    clock.now = LATER
    with session_on(engine) as session, session.begin():
        frozen(session, world)
    early = client().get("/api/v1/calls/2026/results").json()["pitches"]
    assert [(each["weight"], each["counted"], each["organisations"]) for each in early] == [(50, None, [])]
    with session_on(engine) as session, session.begin():
        sample = next(each for each in samples(session, world.coordinator(), LATER) if each.kind == "other")
        seal(session, world.coordinator(), world.round.code, 0, ALONE, LATER)
        version = decision_version(session, call_of(session, world.coordinator()))
        publish(session, world.coordinator(), version, LATER)
    with session_on(engine, reading=True) as session:
        rows = session.execute(
            select(col(Application.ref), col(Application.status), col(PitchEntry.shown))
            .join(PitchEntry, col(PitchEntry.application_id) == col(Application.id))
            .order_by(col(PitchEntry.place))
        ).all()
    won = [shown for _, status, shown in rows if status is Status.AWARDED]
    assert [shown["title"] for shown in won[:2]] != ["Idea 1", "Idea 2"], "the pitches have turned it round"
    told = client().get("/api/v1/calls/2026/results").json()
    parts = ("written", "pitch", "total")
    assert [[each["scores"][part] for part in parts] for each in told["winners"]] == [
        [shown[part] for part in parts] for shown in won
    ]
    assert (told["pitches"][0]["counted"], told["pitches"][0]["jurors"]) == (True, 2)
    assert told["figures"]["juror_ties"] == 1
    for path in ("results", "ledger"):
        page = words_of(client().get(f"/en/calls/2026/{path}").text)
        assert "The pitch before the jury counted 50 %, the written scores 50 %" in page
        assert "Organisations in the jury: British Council, Akimat of Almaty." in page
        assert "Pitches that a juror left unscored for a tie 1" in page
    send_due(engine, settings, LATER + timedelta(hours=1))
    ref, shown = next((ref, shown) for ref, status, shown in rows if status is not Status.AWARDED)
    feedback = client("ada", api=True).get(f"/api/v1/applications/{ref}/result").json()["feedback"]["pitched"]
    assert [feedback[part] for part in parts] == [shown[part] for part in parts]
    assert sample.feedback and sample.feedback.pitched
    assert sample.feedback.pitched.winners_total == feedback["winners_total"]
    page = words_of(client("ada").get(f"/en/my/{ref}/result").text)
    with session_on(engine, reading=True) as session:
        (letter,) = session.execute(
            select(col(DevelopmentMail.body)).where(
                col(DevelopmentMail.subject).contains(f"result of your application {ref}")
            )
        ).scalars()
    stands = words_of(client("ada").get(f"/en/my/{ref}").text)
    assert "invited to pitch" not in stands and "You come and pitch" not in stands, "it is over"
    assert "Expected:" not in stands
    assert "Results expected" not in client().get("/en/calls/2026").text
    assert "Results published" in client().get("/en/calls/2026/dates.ics").text
    both = "Both together, which decided"
    assert f"{both} from 0 to 100 {shown['total']} {feedback['winners_total']}" in page
    assert f"{both}: {shown['total']} (the winners on average: {feedback['winners_total']})" in words_of(
        letter
    )
    best, shown = next((ref, shown) for ref, status, shown in rows if status is Status.AWARDED)
    with session_on(engine, reading=True) as session:
        mail = select(col(DevelopmentMail.body)).where(
            col(DevelopmentMail.subject).contains(f"result of your application {best}")
        )
        (to_a_winner,) = session.execute(mail).scalars()
    told_to_all = f"(the winners on average: {feedback['winners_total']})"
    assert f"{both}: {shown['total']} {told_to_all}" in words_of(to_a_winner)
    for told_in in (page, words_of(letter), words_of(to_a_winner)):
        assert "Your pitch counted 50 %, your written scores 50 %" in told_in
        assert "Your total, of 100" not in told_in

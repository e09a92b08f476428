"""The demo is loaded as promised, on both engines, and the same day gives the same bytes."""

import sqlite3
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, func
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from app.accounts.actors import Coordinator, Reviewer, SignedIn
from app.accounts.cast import cast
from app.calls.invitations import own_seats
from app.calls.numbers import last_numbers
from app.database import make_engine, session_on
from app.decisions.agenda import Ground, agenda
from app.decisions.announce import announcement, publish, unrevealed
from app.decisions.board import board
from app.decisions.feedback import own_feedback
from app.decisions.holes import count_holes
from app.decisions.letters_out import letters
from app.decisions.line import rounds
from app.decisions.results import results
from app.decisions.seal_file import seal_of
from app.decisions.seals import public_seals
from app.decisions.seconding import departures
from app.demo.calls import archive_call
from app.demo.evenings import replay_call
from app.demo.load import _programme, load
from app.events.checklist import checklist
from app.events.hub import full_event
from app.events.jury import full_jury
from app.events.running_order import public_event
from app.events.stage import reveal_next, stage_control
from app.events.tally import full_tally
from app.main import create_app
from app.migrate import downgrade_engine, upgrade_engine
from app.models.applications import Application, Packet, Status
from app.models.calls import AwardRound, Call
from app.models.decisions import Award, PublishedResult, RankingEntry
from app.models.events import FinalistState, Scene
from app.models.meeting import Outcome
from app.models.outbox import Mail, MailState
from app.models.panel import Organisation, PanelMember, PanelRole
from app.models.people import Applicant, Person
from app.models.reviews import Assignment, Review, ReviewScore, ReviewState
from app.pages.waiting import todos
from app.random_codes import repeatable_codes
from app.reviews.progress import desk_look
from app.reviews.queries import Situation, in_hand, own_queue
from app.settings import Settings

TODAY = date(2026, 11, 22)
NOON = datetime(2026, 11, 22, 7, tzinfo=UTC)
WINNERS_OF_2019 = {
    "RocketPlastic",
    "EcoSphere (RecycleBirge)",
    "Район, комфортный для незрячих",
    "Oasis Almaty",
    "Citizen Playground",
    "Городская ферма (City Farm)",
}


def load_on(engine: Engine) -> None:
    with session_on(engine) as session, session.begin(), repeatable_codes("test"):
        load(session, TODAY)


def load_into(path: Path) -> Path:
    """The demo in a file of its own, which is whole once nobody is connected to it."""
    engine = make_engine(f"sqlite:///{path}")
    upgrade_engine(engine)
    load_on(engine)
    engine.dispose()
    return path


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo on SQLite, loaded once: that takes longer than all that is asked of it."""
    return load_into(tmp_path_factory.mktemp("demo") / "loaded.db")


@pytest.fixture
def demo(engine: Engine, request: pytest.FixtureRequest) -> Engine:
    """The demo on this test's engine."""
    if engine.dialect.name == "sqlite" and engine.url.database:
        Path(engine.url.database).write_bytes(request.getfixturevalue("loaded").read_bytes())
    else:
        load_on(engine)
    return engine


def test_demo_is_what_the_programme_was(demo: Engine) -> None:
    with session_on(demo, reading=True) as session, session.begin():
        the_call_in_review(session)
        the_archived_calls(session)
        the_evening_to_replay(session)
        an_evening_that_was(session)
        tonight_is_about_to_begin(session)
        the_open_call(session)
        the_panel_meets(session)
        the_dates_agree(session)
        no_reviewer_repeats_another(session)
        whoever_reviews_has_something_to_do(session)
        the_desk_has_one_of_each_kind(session)
        assert session.exec(select(func.count()).where(Mail.state == MailState.QUEUED)).one() == 0
    downgrade_engine(demo)
    upgrade_engine(demo)
    with session_on(demo, reading=True) as session, session.begin():
        assert session.exec(select(func.count()).select_from(Call)).one() == 0


def the_evening_to_replay(session: Session) -> None:
    """Behind the curtain: six real winners of EUR 5,000 each, and nothing invented around them."""
    call = session.exec(select(Call).where(Call.slug == "2019-evening")).one()
    pot = session.exec(select(AwardRound).where(AwardRound.call_id == call.id)).one()
    assert (pot.taken, pot.committed_minor, pot.envelope_minor) == (6, 3_000_000, 3_000_000)
    assert call.decided_at is not None and call.published_at is None
    assert results(session, "2019-evening", NOON).winners == []
    waiting = unrevealed(session, coordinator_of(session, call))
    assert {each.amount_minor for each in waiting} == {500_000}
    assert waiting[-1].title == "RocketPlastic" and {each.title for each in waiting} == WINNERS_OF_2019
    numbers = col(RankingEntry.call_id) == call.id
    assert session.exec(select(func.count()).select_from(RankingEntry).where(numbers)).one() == 0


def an_evening_that_was(session: Session) -> None:
    """Ten invented teams pitched; eight share what six would have had, and everybody can check the seal."""
    call = session.exec(select(Call).where(Call.slug == "2019-eight")).one()
    pot = session.exec(select(AwardRound).where(AwardRound.call_id == call.id)).one()
    cora = coordinator_of(session, call)
    told = results(session, "2019-eight", NOON)
    assert [each.amount_minor for each in told.winners] == [375_000] * 8
    assert (told.committed_minor, told.received, pot.taken) == (3_000_000, 12, 8)
    assert not {each.title for each in told.winners} & WINNERS_OF_2019
    (seal,) = public_seals(session, "2019-eight")
    assert seal.sealed_at < min(each for each in session.exec(published_at(call)))
    assert seal.nonce and seal.document and seal.sha256 == seal_of(seal.nonce, seal.document)
    assert len(seal.winners) == 8 and all(each.same for each in seal.winners)
    tally = full_tally(session, cora, pot.code, NOON)
    assert [each.done for each in tally.jury.jurors] == [10] * 4
    assert [each.papers for each in tally.jury.jurors] == [0, 0, 0, 1]
    assert [each.tied for each in tally.rows].count(1) == 1
    sent = letters(session, cora, NOON)
    assert (sent.sent, sent.total, sent.lacking) == (12, 12, 0)
    losers = session.exec(
        select(Application.id).where(
            Application.call_id == call.id, Application.status == Status.NOT_SELECTED
        )
    ).all()
    said = [own_feedback(session, key or 0) for key in losers]
    assert len(said) == 4
    assert all(each.reasons and each.mean for feedback in said for each in feedback.scores)


def published_at(call: Call) -> SelectOfScalar[datetime]:
    return select(PublishedResult.published_at).where(PublishedResult.call_id == call.id)


def tonight_is_about_to_begin(session: Session) -> None:
    """All that comes before the first title is done: whoever tries the demo presses on from there."""
    call = session.exec(select(Call).where(Call.slug == "tonight-2026")).one()
    pot = session.exec(select(AwardRound).where(AwardRound.call_id == call.id)).one()
    cora = coordinator_of(session, call)
    event = full_event(session, cora, pot.code, NOON)
    assert event.set_up is not None and event.set_up.seated == 7
    assert NOON < event.set_up.starts_at < NOON + timedelta(hours=12)
    assert {each.state for each in event.finalists} == {FinalistState.CONFIRMED}
    assert sorted(each.slot or 0 for each in event.finalists) == list(range(1, 11))
    assert all(each.noted for each in event.finalists)
    assert [each.unanswered for each in event.finalists] == [0] * 10
    shown = public_event(session, call.slug, pot.code, NOON)
    assert {each.language for each in shown.finalists} == {"kk", "ru", "en"}
    jury = full_jury(session, cora, pot.code, NOON)
    assert {each.organisation for each in jury.jurors} == {"BC", "AKIM", "ADC", "KBTU"}
    assert all(each.issued_at for each in jury.jurors)
    left = [each.item for each in checklist(session, cora, pot.code, NOON) if each.done_at is None]
    assert left == ["hotspot", "screen", "sound", "jury", "door"]
    control = stage_control(session, cora, pot.code, NOON)
    assert control.following is not None and control.following.scene is Scene.TITLE
    assert control.note


def coordinator_of(session: Session, call: Call) -> Coordinator:
    member = select(PanelMember.person_id).where(
        PanelMember.call_id == call.id, PanelMember.role == PanelRole.COORDINATOR
    )
    return Coordinator(session.exec(member).first() or 0, call.id or 0)


def test_the_evening_can_be_replayed_to_its_end(engine: Engine) -> None:
    """Six reveals, one after the other, and publication; the page then has what the archived call has."""
    with session_on(engine) as session, session.begin():
        manager = _programme(session)
        archive_call(session, manager, "2019")
        replay_call(session, manager)
        session.flush()
        call = session.exec(select(Call).where(Call.slug == "2019-evening")).one()
        cora, seen = coordinator_of(session, call), []
        pot = session.exec(select(AwardRound.code).where(AwardRound.call_id == call.id)).one()
        for left in range(6, 0, -1):
            control = stage_control(session, cora, pot, NOON)
            assert (control.left, control.can_reveal) == (left, True)
            seen.append(reveal_next(session, cora, pot, control.screen.version, NOON).title)
            session.flush()
            assert len(results(session, "2019-evening", NOON).winners) == len(seen)
        assert set(seen) == WINNERS_OF_2019 and seen[-1] == "RocketPlastic"
        publish(session, cora, announcement(session, cora, NOON).version, NOON)
        session.flush()
        assert not session.exec(select(Mail)).all()
        told = results(session, "2019-evening", NOON)
        archived = results(session, "2019", NOON)
        assert told.archived and told.committed_minor == archived.committed_minor == 3_000_000
        assert [each.title for each in told.winners] == [each.title for each in archived.winners]


def the_call_in_review(session: Session) -> None:
    call = session.exec(select(Call).where(Call.slug == "2026")).one()
    received = select(func.count()).where(
        Application.call_id == call.id, Application.status == Status.IN_REVIEW
    )
    assert session.exec(received).one() == 253
    assert session.exec(select(func.count()).where(Assignment.call_id == call.id)).one() == 1012
    sent = (
        select(func.count())
        .select_from(Review)
        .join(Assignment, col(Assignment.id) == Review.assignment_id)
        .where(Assignment.call_id == call.id, Review.state == ReviewState.SENT)
    )
    assert session.exec(sent).one() == 1000
    panel = session.exec(
        select(Organisation.code, func.count())
        .join(PanelMember, col(PanelMember.organisation_id) == Organisation.id)
        .where(PanelMember.call_id == call.id, PanelMember.role == PanelRole.REVIEWER)
        .group_by(col(Organisation.code))
    ).all()
    assert dict(panel) == {"BC": 5, "AKIM": 5, "ADC": 5, "KBTU": 5}
    languages = set(session.exec(select(Packet.language).distinct()))
    assert languages == {"kk", "ru", "en"}


def the_archived_calls(session: Session) -> None:
    for slug, places in (("2018", 4), ("2019", 6)):
        call = session.exec(select(Call).where(Call.slug == slug)).one()
        assert call.published_at is not None
        assert not call.scores_published
        (pot,) = session.exec(select(AwardRound).where(AwardRound.call_id == call.id)).all()
        assert (pot.places, pot.taken, pot.committed_minor) == (places, places, places * 500_000)
        amounts = session.exec(select(Award.amount_minor).where(Award.round_id == pot.id)).all()
        assert amounts == [500_000] * places
        # Real winners get no invented applicants, scores or reasons.
        invented = (
            select(func.count())
            .select_from(Applicant)
            .join(Application, col(Application.id) == Applicant.application_id)
            .where(Application.call_id == call.id)
        )
        assert session.exec(invented).one() == 0
        assert session.exec(select(func.count()).where(Assignment.call_id == call.id)).one() == 0
    # What the programme published: both calls together, and who was funded is counted.
    numbers = last_numbers(session)
    assert numbers is not None
    assert (len(numbers.calls), numbers.applied, numbers.funded) == (2, 253, 10)
    call_2019 = session.exec(select(Call.id).where(Call.slug == "2019")).one()
    said = session.exec(
        select(PublishedResult.summary, PublishedResult.summaries)
        .join(Call, col(Call.id) == PublishedResult.call_id)
        .where(col(Call.slug).in_(["2018", "2019"]))
    ).all()
    for original, texts in said:
        assert texts is not None and texts["ru"] == original
        assert len({*texts.values()}) == 3
    titles = session.exec(select(PublishedResult.title).where(PublishedResult.call_id == call_2019)).all()
    assert set(titles) == WINNERS_OF_2019


def the_open_call(session: Session) -> None:
    statuses = session.exec(
        select(Application.status, func.count())
        .join(Call, col(Call.id) == Application.call_id)
        .where(Call.slug == "2027")
        .group_by(col(Application.status))
    ).all()
    assert {str(status): count for status, count in statuses} == {"draft": 6, "sent": 9}
    both = (
        select(Applicant.person_id)
        .join(Application, col(Application.id) == Applicant.application_id)
        .group_by(col(Applicant.person_id))
        .having(func.count() > 1)
    )
    assert session.exec(both).all() == []


def the_panel_meets(session: Session) -> None:
    """The board, the cut line and the meeting have one of each thing to look at, and nobody is awarded."""
    call = session.exec(select(Call).where(Call.slug == "yards-2026")).one()
    (second,) = session.exec(
        select(PanelMember.person_id)
        .join(Person, col(Person.id) == PanelMember.person_id)
        .where(PanelMember.call_id == call.id, Person.email == "second-coordinator@example.org")
    )
    assert "second-coordinator@example.org" in {each.email for each in cast(session, NOON)}
    cora = Coordinator(_person(session, "coordinator@example.org"), call.id or 0)
    found = board(session, cora, limit=100)
    stands = found.figures["stands"]
    assert (found.count, found.scored, sum(stands.values())) == (24, 24, 23), "one sits in the kept seat"
    assert min(stands.values()) > 1
    assert len({row.shown["total"] for row in found.rows}) < 24  # some are equal
    assert [row.shown["coverage"] for row in found.rows].count(3) == 1
    assert count_holes(session, cora) == 0  # one is missing, and excused
    seen = agenda(session, cora)
    grounds = {ground for case in seen.cases for ground in case.grounds}
    assert {Ground.UNCERTAIN, Ground.DIVERGENT, Ground.DEPARTS} <= grounds
    assert [bool(case.away) for case in seen.cases].count(True) == 1
    decided = [case.outcome for case in seen.cases if case.outcome]
    assert decided == [Outcome.PASS_OVER, Outcome.AS_RANKED]
    (departure,) = departures(session, cora)
    assert departure.waits
    assert [each.mine for each in departures(session, Coordinator(second, call.id or 0))] == [False]
    (pot,) = rounds(session, cora)
    (seated,) = (row for row in pot.rows if row.seated)
    assert (seated.place, seated.above_line, pot.taken) == (11, True, 0)


def no_reviewer_repeats_another(session: Session) -> None:
    """No two reviews of one application carry the same sentence."""
    remarks = session.exec(
        select(Assignment.application_id, Review.convinced, Review.stronger).join(
            Assignment, col(Assignment.id) == Review.assignment_id
        )
    ).all()
    reasons = session.exec(
        select(Assignment.application_id, ReviewScore.reason).join(
            Assignment, col(Assignment.id) == ReviewScore.assignment_id
        )
    ).all()
    said = [(key, text) for key, *texts in [*remarks, *reasons] for text in texts]
    assert len(said) > 6000
    assert len(said) == len(set(said))


def whoever_reviews_has_something_to_do(session: Session) -> None:
    """Of each organisation the first of the cast meets the question about ties, the second a draft."""
    listed = [each.email for each in cast(session, NOON) if each.organisation]
    assert len(listed) == 8
    met: list[Situation] = []
    for email in listed:
        member = session.exec(
            select(PanelMember)
            .join(Person, col(Person.id) == PanelMember.person_id)
            .join(Call, col(Call.id) == PanelMember.call_id)
            .where(Person.email == email, PanelMember.role == PanelRole.REVIEWER, Call.slug == "2026")
        ).one()
        one = Reviewer(member.person_id, member.call_id, member.id or 0, member.organisation_id or 0)
        met.append(in_hand(session, one, own_queue(session, one, NOON).next_code, NOON).own.situation)
    assert met == [Situation.ASKED, Situation.SCORING] * 4
    notes = session.exec(select(func.count()).where(Review.private_note != "")).one()
    assert notes > 20


def the_desk_has_one_of_each_kind(session: Session) -> None:
    """What reviewers read was checked before; what waits is little, and shows what a desk can tell."""
    call = session.exec(select(Call).where(Call.slug == "2026")).one()
    create_app(Settings(_env_file=None, base_url="http://testserver"))  # the list leads to its pages
    cora = Coordinator(_person(session, "coordinator@example.org"), call.id or 0)
    found = todos(session, cora, "en", "2026", desk_look(session, cora, NOON, most=8), NOON)
    assert [each.words for each in found] == [
        "Ties without a substitute: 2",
        "Reviewers who ask for more time, or to give applications back: 1",
        "Third reviews to be given out, where two differ much: 1",
        "Flags that wait for you: 1",
        "Reviews that are not sent yet: 10",
        "Returned reviews that wait for their reviewers: 1",
        "People proposed as reviewers, not invited yet: 1",
    ]
    (contact,) = (each for each in cast(session, NOON) if each.answers_for)
    assert contact.name
    assert len(own_seats(session, SignedIn(_person(session, "invited-reviewer@example.org")))) == 1


def _person(session: Session, email: str) -> int:
    return session.exec(select(Person.id).where(Person.email == email)).one() or 0


def the_dates_agree(session: Session) -> None:
    """Results are promised for the day of the event at which they are announced."""
    dates = session.exec(
        select(Call.results_expected_at, AwardRound.held_at).join(
            AwardRound, col(AwardRound.call_id) == Call.id
        )
    ).all()
    assert len(dates) == 8
    assert all(expected == held for expected, held in dates)


def test_same_day_gives_the_same_bytes(loaded: Path, tmp_path: Path) -> None:
    dumps = []
    for path in (loaded, load_into(tmp_path / "second.db")):
        with sqlite3.connect(path) as connection:
            dumps.append("\n".join(connection.iterdump()))
    assert dumps[0] == dumps[1]

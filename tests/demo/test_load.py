"""The demo is loaded as promised, on both engines, and the same day gives the same bytes."""

import sqlite3
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine, func
from sqlmodel import Session, col, select

from app.accounts.actors import Coordinator, Reviewer, SignedIn
from app.accounts.cast import cast
from app.calls.invitations import own_seats
from app.calls.numbers import last_numbers
from app.database import make_engine, session_on
from app.demo.load import load
from app.main import create_app
from app.migrate import downgrade_engine, upgrade_engine
from app.models.applications import Application, Packet, Status
from app.models.calls import AwardRound, Call
from app.models.decisions import Award, PublishedResult
from app.models.outbox import Mail, MailState
from app.models.panel import Organisation, PanelMember, PanelRole
from app.models.people import Applicant, Person
from app.models.reviews import Assignment, Review, ReviewScore, ReviewState
from app.pages.waiting import todos
from app.random_codes import repeatable_codes
from app.reviews.progress import desk_progress
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
        the_open_call(session)
        the_dates_agree(session)
        no_reviewer_repeats_another(session)
        whoever_reviews_has_something_to_do(session)
        the_desk_has_one_of_each_kind(session)
        assert session.exec(select(func.count()).where(Mail.state == MailState.QUEUED)).one() == 0
    downgrade_engine(demo)
    upgrade_engine(demo)
    with session_on(demo, reading=True) as session, session.begin():
        assert session.exec(select(func.count()).select_from(Call)).one() == 0


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
    said = session.exec(select(PublishedResult.summary, PublishedResult.summaries)).all()
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
            .where(Person.email == email, PanelMember.role == PanelRole.REVIEWER)
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
    found = todos(session, cora, "en", "2026", desk_progress(session, cora, NOON), NOON)
    assert [each.words for each in found] == [
        "Ties without a substitute: 2",
        "Reviews that nobody is to write yet: 2",
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
    assert len(dates) == 4
    assert all(expected == held for expected, held in dates)


def test_same_day_gives_the_same_bytes(loaded: Path, tmp_path: Path) -> None:
    dumps = []
    for path in (loaded, load_into(tmp_path / "second.db")):
        with sqlite3.connect(path) as connection:
            dumps.append("\n".join(connection.iterdump()))
    assert dumps[0] == dumps[1]

"""Answers that are nobody's: added once, only as sums, shown late and never of fewer than five."""

from datetime import timedelta

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, SQLModel, select

from app.database import session_on
from app.errors import NotFound
from app.models.audit import AuditEntry
from app.models.privacy import Tallied, Tally
from app.privacy.refusals import AlreadyAnswered
from app.privacy.tallies import (
    ANSWERS,
    QUESTIONS,
    AboutYouInput,
    answer_about_you,
    full_tallies,
    may_answer,
    shown_cells,
)
from app.reviews.opening import open_reviewing
from tests.applications.steps import begin
from tests.factories import count_of, make_sent_application
from tests.world import CLOSES, NOW, World, key, make_person

GIVEN = AboutYouInput(age="from_35", gender="unsaid", applying="easy")


def test_answers_are_added_once_and_lead_back_to_nobody(engine: Engine, world: World) -> None:
    ada = world.applicant()
    with session_on(engine) as session, session.begin():
        ref = make_sent_application(session, world).ref
        acts = count_of(session, AuditEntry)
        assert may_answer(session, ada, ref, NOW)
        answer_about_you(session, ada, ref, AboutYouInput(), NOW)
        assert may_answer(session, ada, ref, NOW), "nothing was answered"
        answer_about_you(session, ada, ref, GIVEN, NOW)
        session.flush()
        assert not may_answer(session, ada, ref, NOW)
        with pytest.raises(AlreadyAnswered):
            answer_about_you(session, ada, ref, GIVEN, NOW)
        with pytest.raises(NotFound):
            answer_about_you(session, world.applicant("ben"), ref, GIVEN, NOW)
        with pytest.raises(NotFound):
            answer_about_you(session, ada, begin(session, ada), GIVEN, NOW)
        rows = session.exec(select(Tally.question, Tally.answer, Tally.number).order_by(Tally.question)).all()
        assert rows == [("age", "from_35", 1), ("applying", "easy", 1), ("gender", "unsaid", 1)]
        assert count_of(session, AuditEntry) == acts + 1  # that a draft was begun, and nothing of the answers
    # A sum has no column by which it could be joined to a person or an application.
    keys = {each.column.table.name for each in SQLModel.metadata.tables["tally"].foreign_keys}
    assert keys == {"call"}
    assert set(SQLModel.metadata.tables["tallied"].columns.keys()) == {"call_id", "person_id"}


def test_sums_are_shown_once_nothing_is_added_any_more(session: Session, world: World) -> None:
    cora = world.coordinator()
    ref, person = "", world.people["ada"]
    for number in range(6):
        person = make_person(session, f"applicant{number}")
        world.people[person.name] = person
        ref = make_sent_application(session, world, person.name, f"Idea {number}").ref
        gender = "woman" if number < 5 else "man"
        given = AboutYouInput(gender=gender, applying="easy")  # type: ignore[arg-type]
        answer_about_you(session, world.applicant(person.name), ref, given, NOW)
    session.flush()
    closed = CLOSES + timedelta(days=1)
    assert full_tallies(session, cora, closed) is None
    open_reviewing(session, cora, closed)
    session.flush()
    session.expire_all()
    found = {each.question: {cell.answer: cell.number for cell in each.cells} for each in
             full_tallies(session, cora, closed) or []}  # fmt: skip
    assert found["gender"] == {"woman": 5, "man": None, "other": None, "unsaid": None}
    assert found["applying"]["easy"] == 6
    with pytest.raises(AlreadyAnswered):
        answer_about_you(session, world.applicant(person.name), ref, GIVEN, closed)
    assert count_of(session, Tallied) == 6
    assert key(world.people["ada"]) > 0


def test_no_sum_below_five_and_every_answer_is_listed() -> None:
    assert shown_cells({"a": 4, "b": 5, "c": 0}) == {"a": None, "b": 5, "c": None}
    assert set(ANSWERS) == set(QUESTIONS) == set(AboutYouInput.model_fields)
    for question, answers in ANSWERS.items():
        options = AboutYouInput.model_json_schema()["properties"][question]["anyOf"][0]["enum"]
        assert tuple(options) == answers
        assert question == "applying" or "unsaid" in answers

"""What an applicant reads, in a number of queries that does not grow."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import Engine, event
from sqlmodel import Session, select

from app.applications import actions
from app.applications.own import (
    own_applications,
    own_copy,
    own_draft,
    own_receipt,
    own_section,
    own_status,
)
from app.applications.own_models import OwnApplication, OwnCancellation, OwnStep
from app.applications.status import seen_status
from app.database import session_on
from app.errors import NotFound
from app.models.applications import Application, Status
from app.models.decisions import PublishedResult
from app.sections.judging import Progress
from tests.applications.steps import begin, begin_write_send, write
from tests.world import NOW, World


@contextmanager
def queries(engine: Engine) -> Iterator[list[str]]:
    """The statements sent while this is open."""
    sent: list[str] = []

    def note(_c: Any, _cursor: Any, statement: str, *_: Any) -> None:
        sent.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    yield sent
    event.remove(engine, "before_cursor_execute", note)


def test_the_number_of_queries_does_not_grow(engine: Engine, world: World) -> None:
    ada = world.applicant()
    with session_on(engine) as session, session.begin():
        ref = begin(session, ada)
        write(session, ada, ref)
    counts = []
    for more in (3, 0):
        with session_on(engine, reading=True) as session, session.begin():
            session.connection()
            with queries(session.get_bind()) as sent:  # type: ignore[arg-type]
                own_applications(session, ada, NOW)
                listed = len(sent)
                own_draft(session, ada, ref, NOW)
                tasks = len(sent) - listed
                own_section(session, ada, ref, "budget", NOW)
            counts.append((listed, tasks, len(sent) - listed - tasks))
        with session_on(engine) as session, session.begin():
            for _ in range(more):
                begin(session, ada)
    assert counts[0] == counts[1] == (1, 6, 2)


def test_a_draft_knows_how_far_it_is(session: Session, world: World) -> None:
    ada = world.applicant()
    ref = begin(session, ada)
    write(session, ada, ref)
    own = own_draft(session, ada, ref, NOW)
    assert (own.completed, own.ready, own.last_number) == (6, True, 0)
    assert own.application.title == "Garden behind the library"
    line = {"lines": [{"id": "l1", "activity": "gone"}]}
    actions.save_section(session, ada, ref, "budget", line, version=2, now=NOW)
    part = own_section(session, ada, ref, "budget", NOW)
    assert part.section.status is Progress.IN_PROGRESS
    assert [row["id"] for row in part.work_plan["activities"]] == ["a1", "a2"]


def test_a_copy_holds_both_halves_for_the_team_alone(session: Session, world: World) -> None:
    ada, ben = world.applicant(), world.applicant("ben")
    ref = begin_write_send(session, ada)
    copy = own_copy(session, ada.person_id, ref, 1, NOW)
    assert list(copy.sections) == ["team", "brief", "need", "work_plan", "budget", "sustainability"]
    assert copy.sections["budget"]["unsure"] == "Coordinatoronly question"
    assert copy.sections["need"]["stakeholders"][0] == {
        "id": "s1",
        "kind": "akimat",
        "role": "permits",
        "state": "talking",
        "gives": "",
        "name": "Coordinatoronly office",
    }
    assert copy.sha256 == own_receipt(session, ada, ref, NOW).sha256
    for number in (0, 2):
        with pytest.raises(NotFound):
            own_copy(session, ada.person_id, ref, number, NOW)
    with pytest.raises(NotFound):
        own_copy(session, ben.person_id, ref, 1, NOW)


def test_no_verdict_is_known_before_publication(session: Session, world: World) -> None:
    ada = world.applicant()
    ref = begin_write_send(session, ada)
    application = session.exec(select(Application)).one()
    for verdict in (Status.AWARDED, Status.NOT_SELECTED):
        application.status = verdict
        session.add(application)
        session.flush()
        assert own_status(session, ada, ref, NOW).application.status is Status.IN_REVIEW
    world.call.published_at = NOW
    session.add(session.merge(world.call))
    session.flush()
    assert own_status(session, ada, ref, NOW).application.status is Status.NOT_SELECTED


def test_a_verdict_is_seen_once_it_is_public() -> None:
    for status in Status:
        hidden = Status.IN_REVIEW if status in {Status.AWARDED, Status.NOT_SELECTED} else status
        assert seen_status(status, revealed=False, published=False) is hidden
        assert seen_status(status, revealed=False, published=True) is status
    assert seen_status(Status.IN_REVIEW, revealed=True, published=False) is Status.AWARDED


def test_a_revealed_winner_reads_that_it_won_from_then_on(session: Session, world: World) -> None:
    ada = world.applicant()
    ref = begin_write_send(session, ada)
    application = session.exec(select(Application)).one()
    application.status = Status.IN_REVIEW
    session.add(application)
    session.add(
        PublishedResult(
            call_id=application.call_id, round_id=world.round.id or 0, application_id=application.id or 0,
            slug="garden", position=1, title="Garden", districts=[], language="en", published_at=NOW,
        )
    )  # fmt: skip
    session.flush()
    own = own_status(session, ada, ref, NOW)
    assert (own.application.status, own.application.revealed_at) == (Status.AWARDED, NOW)
    assert own.steps[-1] == OwnStep(move="award", at=NOW, number=None)
    assert own_applications(session, ada, NOW)[0].status is Status.AWARDED


def test_a_cancelled_call_says_why(session: Session, world: World) -> None:
    ada = world.applicant()
    ref = begin_write_send(session, ada)
    assert own_status(session, ada, ref, NOW).cancellation is None
    call = session.merge(world.call)
    call.cancelled_at = NOW
    call.notices = [{"kind": "cancelled", "at": NOW.isoformat(), "reason": {"en": "No money came."}}]
    session.add(call)
    session.flush()
    assert own_status(session, ada, ref, NOW).cancellation == OwnCancellation(
        at=NOW, reason={"en": "No money came."}
    )


def test_an_own_application_has_no_field_for_reviewers_or_scores() -> None:
    assert not {"code", "score", "scores", "reviewer", "reviewers", "rank", "place"} & set(
        OwnApplication.model_fields
    )

"""A coordinator with a tie meets nothing of that application on any address, those of tomorrow included.

Ada's application of every call is put behind Cora's wall. What Ada planted must not be told; and databases
that differ only in what she wrote, how it was scored, or whether it is there at all must look the same.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import ColumnElement, Engine, delete, select, update
from sqlmodel import Session, col

from app.database import session_on
from app.models.applications import Application, Likeness, Packet, Sending, Status
from app.models.calls import Call, Phase
from app.models.corrections import Correction
from app.models.decisions import Award, MissingReview, RankingEntry
from app.models.events import Finalist, PitchCard
from app.models.keys import key_of
from app.models.meeting import PanelCase
from app.models.outbox import Mail, MailState
from app.models.people import (
    BlindnessProof,
    Conflict,
    Extension,
    Identity,
    Screening,
    TextLikeness,
    TraceKey,
)
from app.models.privacy import PrivacyRequest, PrivacyRequestApplication
from app.models.redaction import ClearedPacket
from app.models.reviews import Assignment, Review, ReviewScore, ReviewState, Tie, TieGround
from app.models.screening import Flag
from app.wall import walled_tables
from app.web.actors import coordinator
from tests.contracts.crawl import Reader, Visit, hashes_of
from tests.contracts.fair import DAY, FOREIGN, Fair, display_of, email_of, file_words, identity_words, word
from tests.contracts.running import Running, running_fair
from tests.world import NOW, key

HIDDEN = "ada"
WALLED = [str(each) for each in (Phase.OPEN, Phase.CLOSED, Phase.REVIEWING, Phase.REVIEWED, Phase.DECIDED)]
CRAWLED = [str(each) for each in (Phase.CLOSED, Phase.REVIEWED)]
"""On PostgreSQL it is reviewing alone."""
COMPARED = [str(each) for each in (Phase.CLOSED, Phase.REVIEWING, Phase.DECIDED)]
OWN_TIES = {"ties.list", "api.ties.show"}
"""Where one reads of which application, by its code, one has declared a tie oneself."""
LEAST_ROUTES = 45
"""Addresses that answer a coordinator; fewer would mean that the crawl looked into empty rooms."""


def of_coordinators(running: Running) -> Running:
    """The same with the addresses that ask for a coordinator, or are about nothing in particular."""
    asked = [each for each in running.routes if coordinator in each.needs() or not each.params]
    return replace(running, routes=asked)


def of_hidden(fair: Fair, phase: str) -> dict[str, str]:
    """Every word that Ada planted in this call, and the names of her application."""
    stall = fair.stalls[phase]
    entry = stall.entries[HIDDEN]
    words = dict.fromkeys(identity_words(stall, HIDDEN), "identity")
    words |= dict.fromkeys(file_words(stall, HIDDEN), "file")
    words |= {text: what for what, text in entry.words.items()}
    return words | {display_of(stall, HIDDEN): "name"}


@contextmanager
def walled(engine: Engine, fair: Fair, phases: list[str], of: Sequence[str] = (HIDDEN,)) -> Iterator[None]:
    """Cora has a tie with the application of these people in each of these calls."""
    entries = [(fair.stalls[phase], fair.stalls[phase].entries.get(each)) for phase in phases for each in of]
    with session_on(engine) as session, session.begin():
        for stall, entry in entries:
            if entry is None:
                continue
            session.add(
                Conflict(
                    call_id=key(stall.world.call),
                    application_id=_application(session, entry.ref),
                    person_id=key(fair.people["cora"]),
                    ground=TieGround.DECLARED,
                    stands=True,
                    reason="My sister leads it.",
                    decided_by=key(fair.people["cora"]),
                    decided_at=NOW,
                )
            )
    try:
        yield
    finally:
        with session_on(engine) as session, session.begin():
            session.execute(delete(Conflict))


def _application(session: Session, ref: str) -> int:
    number: int = session.execute(select(col(Application.id)).where(col(Application.ref) == ref)).scalar_one()
    return number


def test_nothing_behind_the_wall_is_told(running: Running) -> None:
    phases = [each for each in CRAWLED if each in running.stalls] or [str(Phase.REVIEWING)]
    fair = running.fair
    account = {word(HIDDEN, "account"), *email_of(HIDDEN).removesuffix(".example").split("@")}
    hashes = hashes_of({word for phase in phases for word in of_hidden(fair, phase)} | account)
    ours = set(hashes.values())
    names = {
        name
        for phase in phases
        for entry in fair.stalls[phase].entries.values()
        for name in (entry.ref, entry.code)
    }
    reader = Reader(hashes, names)
    told: list[str] = []
    broken: list[str] = []
    answered: set[str] = set()
    with walled(running.engine, fair, phases):
        for visit in of_coordinators(running).crawl("cora", phases, first=True):
            secrets = of_hidden(fair, visit.stall) if visit.stall else {}
            entry = fair.stalls[visit.stall].entries.get(HIDDEN) if visit.stall else None
            planted, named = reader.read(visit)
            told += [f"{visit.path}: {secrets.get(each, 'account')}" for each in planted & ours]
            if entry is not None and visit.route not in OWN_TIES:
                told += [f"{visit.path}: {each}" for each in named & {entry.ref, entry.code}]
            broken += [f"{visit.path} ({visit.status})"] if visit.status >= 500 else []
            answered |= {visit.route} if visit.status == 200 and visit.stall else set()
    assert (told, broken) == ([], [])
    assert len(answered) >= LEAST_ROUTES


@pytest.fixture
def own_fair(migrated_sqlite: Path, tmp_path: Path) -> Iterator[Running]:
    """A fair that may be changed for good."""
    path = tmp_path / "fair.db"
    path.write_bytes(migrated_sqlite.read_bytes())
    yield from running_fair(f"sqlite:///{path}", tmp_path, [*COMPARED, FOREIGN], only=(*COMPARED, FOREIGN))


def test_what_is_behind_the_wall_changes_nothing_in_front_of_it(own_fair: Running) -> None:
    """Other words, other scores, another state, or no such application: every answer has the same bytes."""
    closed, reviewing, decided = COMPARED
    changes = (
        (_otherwise, (reviewing, decided)),
        (_elsewhere_in_its_life, (closed, reviewing)),
        (_gone, (reviewing, decided)),
    )
    with walled(own_fair.engine, own_fair.fair, COMPARED):
        before = {phase: _answers(own_fair, phase) for phase in COMPARED}
        for change, phases in changes:
            for phase in phases:
                with session_on(own_fair.engine) as session, session.begin():
                    change(session, own_fair.fair, phase)
                assert _differing(before[phase], _answers(own_fair, phase)) == [], change.__name__


def _answers(running: Running, phase: str) -> dict[str, tuple[int, bytes]]:
    """What each address first answers, but for the log of one's own acts, which asking makes longer."""
    visits: Iterator[Visit] = of_coordinators(running).crawl("cora", [phase], first=True)
    return {visit.path: (visit.status, visit.body) for visit in visits if visit.route != "api.my_data.show"}


def _differing(before: dict[str, tuple[int, bytes]], after: dict[str, tuple[int, bytes]]) -> list[str]:
    return [each for each in before if before[each] != after[each]]


def _otherwise(session: Session, fair: Fair, phase: str) -> None:
    _other_words(session, fair, phase)
    _other_scores(session, fair, phase)


def _other_words(session: Session, fair: Fair, phase: str) -> None:
    number = _application(session, fair.stalls[phase].entries[HIDDEN].ref)
    sendings = select(col(Sending.id)).where(col(Sending.application_id) == number)
    session.execute(
        update(Packet)
        .where(col(Packet.sending_id).in_(sendings))
        .values(title="Other", summary="Other", requested_minor=1, language="kk", districts=[])
    )
    session.execute(
        update(Identity).where(col(Identity.sending_id).in_(sendings)).values(display_name="Other")
    )
    session.execute(update(Application).where(col(Application.id) == number).values(version=99))


def _other_scores(session: Session, fair: Fair, phase: str) -> None:
    number = _application(session, fair.stalls[phase].entries[HIDDEN].ref)
    given = select(col(Assignment.id)).where(col(Assignment.application_id) == number)
    session.execute(update(ReviewScore).where(col(ReviewScore.assignment_id).in_(given)).values(score=1))
    session.execute(
        update(Review).where(col(Review.assignment_id).in_(given)).values(private_note="", convinced="Other")
    )
    lines = {row.application_id: row for row in session.scalars(select(RankingEntry).where(_of(fair, phase)))}
    if number in lines:
        # From the first place to the last.
        hidden, last = lines[number], max(each.place for each in lines.values())
        for each in lines.values():
            each.place = last if each is hidden else each.place - 1
            each.label = str(each.place)
        hidden.total = "1"
        hidden.shown = hidden.shown | {"total": "1.0", "decided_by": "draw"}


def _elsewhere_in_its_life(session: Session, fair: Fair, phase: str) -> None:
    """Withdrawn, taken from its reviewers, not cleared, to be corrected late, alike to another, to be erased;
    its letters do not arrive, and somebody else has a tie with it."""
    stall = fair.stalls[phase]
    ref = stall.entries[HIDDEN].ref
    number, call = _application(session, ref), key(stall.world.call)
    given = select(col(Assignment.id)).where(col(Assignment.application_id) == number)
    if phase == Phase.CLOSED:
        session.execute(
            update(Application).where(col(Application.id) == number).values(status=Status.WITHDRAWN)
        )
    sent = col(Review.assignment_id).in_(given)
    session.execute(update(Review).where(sent).values(state=ReviewState.DRAFT, sent_at=None, version=9))
    theirs = update(Assignment).where(col(Assignment.application_id) == number)
    session.execute(theirs.values(withdrawn_at=NOW, tie=Tie.TIE, tie_note="My cousin."))
    for table in (ClearedPacket, Screening):
        session.execute(delete(table).where(col(table.application_id) == number))
    session.execute(update(Flag).where(col(Flag.application_id) == number).values(resolved_at=NOW))
    session.execute(delete(Correction).where(col(Correction.application_id) == number))
    erased = select(col(PrivacyRequestApplication.request_id)).where(
        col(PrivacyRequestApplication.ref) == ref
    )
    mine = col(PrivacyRequest.id).in_(erased)
    session.execute(update(PrivacyRequest).where(mine).values(done_at=NOW, next_at=None))
    runs = key(fair.people["cora"])
    session.add_all(
        [
            Correction(
                application_id=number, question="What is it called now?", fields=["brief.title"],
                asked_number=1, asked_at=NOW - 3 * DAY, asked_by=runs, due_at=NOW - DAY,
            ),
            Extension(
                application_id=number, number=3, until=NOW + 3 * DAY, reason="Ill", given_by=runs,
                given_at=NOW,
            ),
            Mail(
                dedupe_key=f"failed/{phase}", person_id=key(fair.people[HIDDEN]), template="application_sent",
                params={"ref": ref}, state=MailState.FAILED, queued_at=NOW, not_before=NOW,
            ),
            Conflict(
                call_id=call, application_id=number, person_id=key(fair.people["karl"]),
                ground=TieGround.PINNED, stands=True, reason="They share a flat.", decided_by=runs,
                decided_at=NOW,
            ),
        ]
    )  # fmt: skip
    alike = select(col(Sending.id)).where(
        col(Sending.application_id).in_([number, _application(session, stall.entries["ben"].ref)])
    )
    for sending in map(key_of, session.scalars(alike).all()):
        session.add(TraceKey(sending_id=sending, kind=Likeness.PHONE, value=f"alike{phase}"))
    one, other = session.scalars(alike).all()
    session.add(TextLikeness(sending_id=key_of(one), other_id=key_of(other), percent=97))
    found = {f"{ref}|{kind}|reviews.edit|sure": 3 for kind in ("email", "phone")}
    report = {"found": found, "applications": 99, "secrets": 9, "places": {"mail": 9}}
    proof = update(BlindnessProof).where(col(BlindnessProof.call_id) == call)
    session.execute(proof.values(report=report, digest="9" * 64))


def _gone(session: Session, fair: Fair, phase: str) -> None:
    """It belongs to another call, and its award is taken back."""
    number = _application(session, fair.stalls[phase].entries[HIDDEN].ref)
    elsewhere = key(fair.stalls[FOREIGN].world.call)
    call = fair.stalls[phase].world.call
    own = update(Call).where(col(Call.id) == key(call))
    session.execute(own.values(decided_at=None))
    session.execute(delete(Award).where(col(Award.application_id) == number))
    session.execute(own.values(decided_at=call.decided_at))
    for finalist in (Finalist, PitchCard):
        session.execute(delete(finalist).where(col(finalist.application_id) == number))
    for table in (Assignment, RankingEntry, MissingReview, PanelCase):
        session.execute(update(table).where(col(table.application_id) == number).values(call_id=elsewhere))
    session.execute(update(Application).where(col(Application.id) == number).values(call_id=elsewhere))


def _of(fair: Fair, phase: str) -> ColumnElement[bool]:
    return col(RankingEntry.call_id) == key(fair.stalls[phase].world.call)


def test_the_wall_stands_in_every_table_about_an_application() -> None:
    """Told by their keys. Whoever adds a table that must be left out, or not, sees it here."""
    assert walled_tables() >= {
        "application", "applicant", "application_file", "assignment", "assistance", "award", "conflict",
        "consent", "correction", "correction_draft", "departure", "draft", "draft_version", "extension",
        "history", "identity", "identity_draft", "identity_draft_version", "invitation", "leak_left",
        "message", "missing_review", "original_file", "packet", "panel_case", "presence",
        "privacy_request_application",
        "ranking_entry", "review", "review_score", "review_version", "sending", "sent_leak", "audit_entry",
        "set_aside", "text_likeness", "trace", "trace_key",
        "finalist", "finalist_departure", "pitch_answer", "pitch_note", "pitch_question", "pitch_slides",
        "reserve_departure", "reserve_entry",
    }  # fmt: skip
    assert not walled_tables() & {"person", "call", "criterion", "organisation", "panel_member",
                                  "published_result", "award_round", "stage", "event",
                                  "pitch_card"}  # fmt: skip

"""A person whose every word is planted, in all places where a table can hold one."""

from typing import Any

from sqlalchemy import Engine, text
from sqlmodel import Session, SQLModel, select

from app.accounts.actions import SignInInput, start_sign_in
from app.accounts.mailbox import keep_mail
from app.applications.actions import InviteInput, invite, save_correction
from app.applications.actions.asking import CorrectionInput, ask_correction
from app.models.applications import Application, DraftVersion
from app.models.events import AttendeeState, Event, PitchCard, PitchQuestion
from app.models.files import ApplicationFile, FileKind, FileState
from app.models.people import (
    Attendee,
    Extension,
    IdentityDraftVersion,
    Message,
    OpeningReminder,
    OriginalFile,
    Person,
    PitchAnswer,
    PitchNote,
    ReviewerProposal,
)
from app.models.reviews import Assignment, Review, ReviewScore, ReviewVersion, Tie
from app.random_codes import random_code
from tests.applications.steps import begin, begin_write_send, write
from tests.applications.typed import GRANT
from tests.factories import make_assignment, make_review
from tests.world import NOW, World, cookie_for, key, token_for

WORD = "zqplanted"
EMAIL = f"{WORD}@example.org"


def plant(session: Session, world: World) -> tuple[str, str]:
    """Ada's account, an application that was sent and asked about, a draft, and her name with others.

    Gives the references of the sent one and of the draft.
    """
    ada = session.exec(select(Person).where(Person.id == key(world.people["ada"]))).one()
    ada.email, ada.name = EMAIL, f"Ada {WORD}"
    session.add(ada)
    cookie_for(session, ada, NOW)
    token_for(session, ada, ("applicant:read",), NOW)
    sections = {code: _planted(answers) for code, answers in GRANT.items()}
    sections["team"]["email"] = EMAIL
    sent = begin_write_send(session, world.applicant(), sections)
    draft = begin(session, world.applicant())
    write(session, world.applicant(), draft, {"brief": sections["brief"], "team": sections["team"]})
    given = CorrectionInput(fields=["brief.title"], question=f"Dear {WORD}, please change the title.")
    ask_correction(session, world.coordinator(), sent, given, NOW)
    typed = {"brief": {"title": f"By {WORD}"}}
    save_correction(session, world.applicant(), sent, typed, version=1, now=NOW)
    _name_in_another_team(session, world)
    start_sign_in(session, SignInInput(email=EMAIL), language="kk", client="127.0.0.1", now=NOW)
    keep_mail(session, recipient=EMAIL, subject="For you", body="Hello", now=NOW)
    keep_mail(session, recipient="x@example.org", subject=f"Copy {WORD}", body=f"{sent}: {WORD}", now=NOW)
    _what_is_kept_beside(session, world, sent)
    theirs = begin(session, world.applicant("ben"))
    invite(session, world.applicant("ben"), theirs, InviteInput(email=EMAIL), NOW)
    invite(session, world.applicant(), sent, InviteInput(email=f"friend-{EMAIL}"), NOW)
    session.flush()
    return sent, draft


def _planted(answers: dict[str, Any]) -> dict[str, Any]:
    """The same answers with the word in every free text."""
    free = {"title", "summary", "problem", "evidence", "result", "strengths", "prices_found", "stays",
            "given_name", "family_name", "growth", "ownership", "access"}  # fmt: skip
    return {
        name: f"{value} {WORD}" if name in free and isinstance(value, str) else value
        for name, value in answers.items()
    }


def _what_is_kept_beside(session: Session, world: World, ref: str) -> None:
    """Earlier texts, a file, a later deadline with its reason, a message, an address that waits."""
    session.add(
        ReviewerProposal(
            call_id=key(world.call), organisation_id=key(world.organisations["BC"]), email=EMAIL, name=WORD,
            proposed_by=key(world.people["max"]), code=random_code(), made_at=NOW,
        )
    )  # fmt: skip
    number = key(session.exec(select(Application).where(Application.ref == ref)).one())
    ada = key(world.people["ada"])
    for table, section in ((DraftVersion, "brief"), (IdentityDraftVersion, "team")):
        session.add(
            table(
                application_id=number,
                section=section,
                version=1,
                data={"title": WORD},
                saved_at=NOW,
                saved_by=ada,
                kept_at=NOW,
            )
        )
    file = ApplicationFile(
        application_id=number,
        code=random_code(),
        kind=FileKind.DOCUMENT,
        state=FileState.KEPT,
        title=f"A letter of {WORD}",
        position=1,
        media_type="application/pdf",
        sha256="0" * 64,
        size=10,
        added_at=NOW,
    )
    session.add(file)
    session.flush()
    session.add(
        OriginalFile(
            file_id=key(file),
            name=f"{WORD}.pdf",
            media_type="application/pdf",
            sha256="1" * 64,
            size=10,
            text=f"Signed: {WORD}",
            added_by=ada,
        )
    )
    session.add(
        Extension(
            application_id=number,
            number=1,
            until=None,
            reason=f"{WORD} was ill.",
            given_by=key(world.people["cora"]),
            given_at=NOW,
        )
    )
    _pitch(session, world, number, ada)
    session.add(
        Message(
            code=random_code(), person_id=ada, ref=ref, language="en", subject=WORD, body=WORD, sent_at=NOW
        )
    )
    session.add(
        OpeningReminder(
            call_id=key(world.call), email=EMAIL, language="kk", code=random_code(), text_version="1",
            agreed_at=NOW,
        )
    )  # fmt: skip


def _pitch(session: Session, world: World, number: int, ada: int) -> None:
    """It was invited to pitch, and asked something; she is in the audience of the evening, too."""
    pot = key(world.round)
    asked = PitchQuestion(
        code=random_code(), application_id=number, member_id=key(world.members["rita"]),
        words=f"Dear {WORD}, who waters?", asked_at=NOW, passed_on=f"{WORD} does", passed_at=NOW,
    )  # fmt: skip
    session.add_all([Event(round_id=pot, starts_at=NOW, place={}, capacity=2), asked])
    session.flush()
    session.add_all(
        [
            PitchAnswer(question_id=key(asked), words=WORD, answered_by=ada, answered_at=NOW),
            PitchNote(application_id=number, pronunciation=WORD, written_by=ada, written_at=NOW),
            PitchCard(
                application_id=number, round_id=pot, slot=1, title=WORD, team=WORD, language="en",
                summary=WORD,
            ),
            Attendee(
                round_id=pot, code=random_code(), name=WORD, email=EMAIL, language="en", needs=WORD,
                state=AttendeeState.CONFIRMED, nonce="n", asked_at=NOW,
            ),
        ]
    )  # fmt: skip
    session.flush()


def _name_in_another_team(session: Session, world: World) -> None:
    team = GRANT["team"]
    members = [{"id": "t9", "name": f"Ada {WORD}", "role": "gardener", "email": EMAIL.upper()}]
    begin_write_send(
        session, world.applicant("ben"), {**GRANT, "team": {**team, "members": [*team["members"], *members]}}
    )


def review_it(session: Session, world: World, ref: str) -> None:
    """Rita has scored it, and named its author everywhere where she could write."""
    application = session.exec(select(Application).where(Application.ref == ref)).one()
    assignment = make_assignment(session, world, application, tie=Tie.MAY_RECOGNISE)
    assignment.tie_note = f"I think it is {WORD}"
    review = make_review(session, world, assignment)
    review.convinced = review.stronger = review.private_note = review.panel_note = f"{WORD} is able"
    session.add_all([assignment, review])
    cells = session.exec(select(ReviewScore).where(ReviewScore.assignment_id == assignment.id)).all()
    for cell in cells:
        cell.reason = f"Because {WORD}"
    (version,) = session.exec(select(ReviewVersion).where(ReviewVersion.assignment_id == assignment.id))
    version.data = {
        "scores": {"need": {"score": 4, "cannot_judge": False, "reason": f"Because {WORD}"}},
        "convinced": WORD,
        "stronger": WORD,
        "private_note": WORD,
    }
    session.add_all([*cells, version])
    session.flush()


def scores_of(session: Session, ref: str) -> list[int | None]:
    """What was scored, whoever it was."""
    rows = session.exec(
        select(ReviewScore.score)
        .join(Review, Review.assignment_id == ReviewScore.assignment_id)  # type: ignore[arg-type]
        .join(Assignment, Assignment.id == Review.assignment_id)  # type: ignore[arg-type]
        .join(Application, Application.id == Assignment.application_id)  # type: ignore[arg-type]
        .where(Application.ref == ref)
    )
    return sorted(rows, key=str)


def places_of(engine: Engine, word: str = WORD) -> set[str]:
    """Every `table.column` in which a word stands, in any case, on either engine."""
    found = set()
    with engine.connect() as connection:
        for table in SQLModel.metadata.sorted_tables:
            for row in connection.execute(text(f'SELECT * FROM "{table.name}"')).mappings():
                found |= {f"{table.name}.{name}" for name, value in row.items() if word in str(value).lower()}
    return found

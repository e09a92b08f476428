"""Taking a person out of what is kept. Scores, dates and sums stay; every word that could name them goes."""

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import String, cast, delete, func, or_, update
from sqlmodel import Session, col, select

from app.applications.actions.inviting import forget_invitations
from app.applications.traces import forget_traces
from app.calls.inviting import forget_proposals, forget_seats
from app.models.accounts import ApiToken, BrowserSession
from app.models.applications import Application, Draft, DraftVersion, Packet, Sending
from app.models.corrections import Correction
from app.models.decisions import FeedbackLine, PublishedResult, RankingEntry, WinnerPicture
from app.models.events import PitchCard, PitchQuestion
from app.models.files import ApplicationFile
from app.models.outbox import Mail
from app.models.people import (
    Applicant,
    Assistance,
    Attendee,
    CorrectionDraft,
    DevelopmentAttachment,
    DevelopmentMail,
    Extension,
    FactualNote,
    FlagAnswer,
    Identity,
    IdentityDraft,
    IdentityDraftVersion,
    Invitation,
    LeakLeft,
    Message,
    OpeningReminder,
    OriginalFile,
    Person,
    PitchAnswer,
    PitchNote,
    PitchSlides,
    Presence,
    Redaction,
    ReturnCode,
    ReviewerInvitation,
    ReviewerProposal,
    Screening,
    SentLeak,
    SignIn,
)
from app.models.privacy import Tallied
from app.models.redaction import ClearedPacket
from app.models.reviews import Assignment, Review, ReviewScore, ReviewVersion
from app.models.screening import Flag
from app.random_codes import random_code

GONE = "—"
"""What stands where a title was: lists and rankings keep their lines."""


def erase_application(session: Session, application_id: int) -> None:
    """Leave of an application its codes, dates, hashes and scores: no answer, no name, no word about it.

    Of files nothing is left either: their bytes go with the next sweep, since nothing names them any more.
    """
    sendings = select(Sending.id).where(Sending.application_id == application_id)
    session.execute(
        update(Identity)
        .where(col(Identity.sending_id).in_(sendings))
        .values(data={}, display_name="")
        .execution_options(synchronize_session=False)
    )
    session.execute(
        update(Packet)
        .where(col(Packet.sending_id).in_(sendings))
        .values(title=GONE, summary="", data={}, files=[])
        .execution_options(synchronize_session=False)
    )
    session.execute(
        update(ClearedPacket)
        .where(col(ClearedPacket.application_id) == application_id)
        .values(title=GONE, summary="", data={}, files=[])
        .execution_options(synchronize_session=False)
    )
    session.execute(delete(Redaction).where(col(Redaction.application_id) == application_id))
    forget_invitations(session, col(Invitation.application_id) == application_id)
    for table in (Draft, IdentityDraft, DraftVersion, IdentityDraftVersion, Extension, Presence, LeakLeft):
        session.execute(delete(table).where(col(table.application_id) == application_id))
    requests = select(Correction.id).where(Correction.application_id == application_id)
    session.execute(delete(CorrectionDraft).where(col(CorrectionDraft.correction_id).in_(requests)))
    session.execute(
        delete(SentLeak)
        .where(col(SentLeak.sending_id).in_(sendings))
        .execution_options(synchronize_session=False)
    )
    forget_traces(session, application_id)
    for written in session.exec(select(Screening).where(Screening.application_id == application_id)):
        written.words, written.note = "", ""
        session.add(written)
    _erase_flags(session, application_id)
    files = select(ApplicationFile.id).where(ApplicationFile.application_id == application_id)
    session.execute(delete(OriginalFile).where(col(OriginalFile.file_id).in_(files)))
    session.execute(delete(ApplicationFile).where(col(ApplicationFile.application_id) == application_id))
    ref = session.exec(select(Application.ref).where(Application.id == application_id)).one()
    session.execute(delete(Message).where(col(Message.ref) == ref))
    # Who typed it in stays known, so that they never score it.
    session.execute(
        update(Assistance)
        .where(col(Assistance.application_id) == application_id)
        .values(consent_note="")
        .execution_options(synchronize_session=False)
    )
    session.execute(
        update(Correction).where(col(Correction.application_id) == application_id).values(question="")
    )
    session.execute(
        update(PublishedResult)
        .where(col(PublishedResult.application_id) == application_id)
        .values(title=GONE, summary="", team="")
    )
    public = select(PublishedResult.id).where(PublishedResult.application_id == application_id)
    session.execute(delete(WinnerPicture).where(col(WinnerPicture.result_id).in_(public)))
    line = session.get(RankingEntry, application_id)
    if line is not None:
        line.shown = {**line.shown, "title": GONE}
        session.add(line)
    _erase_pitch(session, application_id)
    _erase_words_of_reviewers(session, application_id)
    session.execute(
        update(FactualNote)
        .where(col(FactualNote.application_id) == application_id)
        .values(text="", answer="")
    )
    session.execute(
        update(FeedbackLine).where(col(FeedbackLine.application_id) == application_id).values(text="")
    )


def _erase_pitch(session: Session, application_id: int) -> None:
    """That it was a finalist stays, with its slot; the words of its team and of the questions to it go."""
    asked = select(PitchQuestion.id).where(PitchQuestion.application_id == application_id)
    session.execute(delete(PitchAnswer).where(col(PitchAnswer.question_id).in_(asked)))
    for table in (PitchNote, PitchSlides):
        session.execute(delete(table).where(col(table.application_id) == application_id))
    session.execute(
        update(PitchQuestion)
        .where(col(PitchQuestion.application_id) == application_id)
        .values(words="", passed_on="", passed_at=None)
    )
    session.execute(
        update(PitchCard)
        .where(col(PitchCard.application_id) == application_id)
        .values(title=GONE, team="", summary="")
    )


def _erase_flags(session: Session, application_id: int) -> None:
    """That something was noticed, and when, stays; what was said of it goes."""
    flags = select(Flag.id).where(Flag.application_id == application_id)
    session.execute(
        update(FlagAnswer)
        .where(col(FlagAnswer.flag_id).in_(flags))
        .values(words="")
        .execution_options(synchronize_session=False)
    )
    session.execute(update(Flag).where(col(Flag.application_id) == application_id).values(words=""))


def _erase_words_of_reviewers(session: Session, application_id: int) -> None:
    """What reviewers wrote can quote the text, or say whom they recognised; their scores stay."""
    given = select(Assignment.id).where(Assignment.application_id == application_id)
    session.execute(
        update(Assignment).where(col(Assignment.application_id) == application_id).values(tie_note="")
    )
    session.execute(
        update(Review)
        .where(col(Review.assignment_id).in_(given))
        .values(convinced="", stronger="", panel_note="", private_note="")
        .execution_options(synchronize_session=False)
    )
    session.execute(
        update(ReviewScore)
        .where(col(ReviewScore.assignment_id).in_(given))
        .values(reason="")
        .execution_options(synchronize_session=False)
    )
    for version in session.exec(select(ReviewVersion).where(col(ReviewVersion.assignment_id).in_(given))):
        version.data, version.reason = _without_words(version.data), ""
        session.add(version)


def _without_words(data: Mapping[str, Any]) -> dict[str, Any]:
    scores = data.get("scores", {})
    return {"scores": {code: {**cell, "reason": ""} for code, cell in scores.items()}}


def leave_team(session: Session, person_id: int, application_id: int) -> None:
    """No link is left between a person and an application, nor any word of where they were at work."""
    for table in (Presence, Applicant):
        session.execute(
            delete(table).where(
                col(table.application_id) == application_id, col(table.person_id) == person_id
            )
        )


def erase_account(session: Session, person: Person, refs: Iterable[str]) -> None:
    """Nobody can sign in as this person, nothing reaches them, and no text names them.

    The row stays without a word, since the log of acts and the histories point to it. `refs` are the
    applications that were erased with it: mail that was kept for development tells of them.
    """
    _erase_mail(session, person, refs)
    for table in (BrowserSession, ApiToken, Tallied, ReturnCode):
        session.execute(delete(table).where(col(table.person_id) == person.id))
    if person.email is not None:
        _erase_from_other_teams(session, person.email)
        person.email = f"erased-{random_code(12).lower()}@erased.invalid"
    person.name, person.phone, person.birth_year = "", "", None


def _erase_mail(session: Session, person: Person, refs: Iterable[str]) -> None:
    signing_in = or_(col(SignIn.email) == person.email, col(SignIn.person_id) == person.id)
    asked = select(SignIn.id).where(signing_in)
    session.execute(
        delete(Mail).where(or_(col(Mail.person_id) == person.id, col(Mail.sign_in_id).in_(asked)))
    )
    session.execute(delete(SignIn).where(signing_in).execution_options(synchronize_session=False))
    words = [*refs] if person.email is None else [person.email, *refs]
    told = [col(DevelopmentMail.recipient) == person.email]
    told += [col(DevelopmentMail.body).contains(word, autoescape=True) for word in words]
    kept = select(DevelopmentMail.id).where(or_(*told))
    session.execute(
        delete(DevelopmentAttachment)
        .where(col(DevelopmentAttachment.mail_id).in_(kept))
        .execution_options(synchronize_session=False)
    )
    session.execute(delete(DevelopmentMail).where(or_(*told)))
    session.execute(delete(Message).where(col(Message.person_id) == person.id))
    forget_invitations(session, col(Invitation.email) == person.email)
    forget_seats(session, col(ReviewerInvitation.email) == person.email)
    forget_proposals(session, col(ReviewerProposal.email) == person.email)
    guests = select(Attendee.id).where(Attendee.email == person.email)
    session.execute(delete(Mail).where(col(Mail.attendee_id).in_(guests)))
    session.execute(delete(Attendee).where(col(Attendee.email) == person.email))
    waiting = select(OpeningReminder.id).where(OpeningReminder.email == person.email)
    session.execute(delete(Mail).where(col(Mail.reminder_id).in_(waiting)))
    session.execute(delete(OpeningReminder).where(col(OpeningReminder.email) == person.email))


def _erase_from_other_teams(session: Session, email: str) -> None:
    """Other teams may have named this person as a member, by the address of the account."""
    for table in (Identity, IdentityDraft, IdentityDraftVersion, CorrectionDraft):
        named = func.lower(cast(col(table.data), String)).contains(email, autoescape=True)
        rows: Iterable[Any] = session.scalars(select(table).where(named))
        for row in rows:
            row.data = _without_member(row.data, email)
            session.add(row)


def _without_member(data: Mapping[str, Any], email: str) -> dict[str, Any]:
    """The same answers without the rows that name this address."""
    return {name: _scrubbed(value, email) for name, value in data.items()}


def _scrubbed(value: Any, email: str) -> Any:
    if isinstance(value, dict):
        return {name: _scrubbed(inner, email) for name, inner in value.items()}
    if isinstance(value, list):
        return [_scrubbed(each, email) for each in value if not _names(each, email)]
    return "" if isinstance(value, str) and value.strip().lower() == email else value


def _names(row: Any, email: str) -> bool:
    if not isinstance(row, dict):
        return False
    return any(isinstance(value, str) and value.strip().lower() == email for value in row.values())


def application_key(session: Session, ref: str) -> int:
    """The key of an application that a plan has named."""
    return session.exec(select(Application.id).where(Application.ref == ref)).one() or 0

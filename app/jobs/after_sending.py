"""The mails after sending: what the team did, how far the call is, what is asked; and of one's own data."""

from datetime import datetime
from typing import TYPE_CHECKING

from app.accounts.actors import Applicant
from app.applications.corrections import CorrectionState, OwnCorrection, own_correction
from app.applications.own import own_status
from app.applications.own_models import OwnStatus
from app.jobs.rendering import Letter, NothingToSend
from app.messages.answers import in_language
from app.messages.labels import choices
from app.messages.questions import words_of
from app.models.applications import Status

if TYPE_CHECKING:
    from app.jobs.letters import Writing


def application_taken_back(writing: "Writing") -> Letter:
    """That it is open for changes, and what counts meanwhile; nothing if it was sent again by now."""
    own = _status(writing)
    if own.application.status is not Status.DRAFT:
        raise NothingToSend("sent again")
    return _standing(writing, "application_taken_back", own, closes_at=own.call.closes_at)


def application_withdrawn(writing: "Writing") -> Letter:
    """That it takes no part any more."""
    return _standing(writing, "application_withdrawn", _status(writing))


def application_in_review(writing: "Writing") -> Letter:
    """That it was checked and is being scored."""
    own = _status(writing)
    if own.application.status is not Status.IN_REVIEW or own.dates.scored_at is not None:
        raise NothingToSend("no longer being scored")
    return _standing(writing, "application_in_review", own, due_at=own.call.reviews_due_at)


def application_scored(writing: "Writing") -> Letter:
    """That the scoring is over: no score, no order, the same words for everybody."""
    own = _status(writing)
    if own.application.status is not Status.IN_REVIEW or own.dates.scored_at is None:
        raise NothingToSend("not waiting for results")
    return _standing(writing, "application_scored", own)


def _status(writing: "Writing") -> OwnStatus:
    who = Applicant(writing.person_id)
    return own_status(writing.session, who, writing.given("ref"), writing.now)


def _standing(writing: "Writing", template: str, own: OwnStatus, **values: object) -> Letter:
    return writing.letter(
        template,
        ref=own.application.ref,
        call=in_language(writing.recipient.language, own.call.title),
        sent_at=own.application.sent_at,
        expected_at=own.call.results_expected_at,
        link=writing.address(f"/my/{own.application.ref}"),
        **values,
    )


def correction_asked(writing: "Writing") -> Letter:
    """The coordinator's question, the named answers, and until when."""
    own = _correction(writing)
    language = writing.recipient.language
    sections = choices(language, "sections")
    return writing.letter(
        "correction_asked",
        ref=own.ref,
        question=own.question,
        fields=[
            f"{sections[field.partition('.')[0]]} - {words_of(language, field).label}" for field in own.fields
        ],
        due_at=own.due_at,
        link=writing.address(f"/my/{own.ref}/fix"),
    )


def correction_soon(writing: "Writing") -> Letter:
    """One day before its end; nothing where it was answered, closed or given more time."""
    own = _correction(writing)
    if own.due_at.isoformat() != writing.given("due"):
        raise NothingToSend("there is more time")
    return writing.letter(
        "correction_soon", ref=own.ref, due_at=own.due_at, link=writing.address(f"/my/{own.ref}/fix")
    )


def _correction(writing: "Writing") -> OwnCorrection:
    who = Applicant(writing.person_id)
    own = own_correction(writing.session, who, writing.given("ref"), writing.now)
    if own.state is not CorrectionState.OPEN:
        raise NothingToSend("nothing is awaited")
    return own


def correction_closed(writing: "Writing") -> Letter:
    """That no answer is awaited any more."""
    ref = writing.given("ref")
    return writing.letter("correction_closed", ref=ref, link=writing.address(f"/my/{ref}"))


def data_copied(writing: "Writing") -> Letter:
    """That a copy of everything left the site: in case it was somebody else who asked."""
    made_at = datetime.fromisoformat(writing.given("at"))
    return writing.letter("data_copied", made_at=made_at, link=writing.address("/account"))


def erasure_asked(writing: "Writing") -> Letter:
    """That the request is here, until when it is carried out, and how to call it off."""
    due_at = datetime.fromisoformat(writing.given("due"))
    drafts = writing.mail.params.get("drafts", 0)
    return writing.letter("erasure_asked", due_at=due_at, drafts=drafts, link=writing.address("/my/data"))


def erasure_partly(writing: "Writing") -> Letter:
    """That something has to stay, and where that is explained."""
    return writing.letter("erasure_partly", link=writing.address("/my/data/erase"))

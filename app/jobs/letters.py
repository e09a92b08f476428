"""What each kind of mail says: rendered when it is sent, with what its recipient may then see."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlmodel import Session

from app.accounts.actors import Applicant
from app.accounts.codes import sign_in_code, sign_in_link_key
from app.accounts.queries import programme
from app.accounts.recipients import Recipient
from app.accounts.reminded import stop_code
from app.accounts.sign_ins import nonce_of
from app.applications.actions.stopping import own_reminders, stop_key
from app.applications.copies import sent_in_words
from app.applications.due import OPEN_STATUS
from app.applications.own import own_application, own_applications, own_copy, own_draft, own_status
from app.applications.own_models import OwnApplication
from app.calls.lifting import lifting_awaited
from app.calls.public import public_call
from app.decisions.factual import own_notes
from app.decisions.lacking import lacks_a_line
from app.decisions.outcome import OwnOutcome, own_outcome, own_result
from app.decisions.refusals import NoResult
from app.decisions.result_letter import result_values
from app.documents.sender import sender_of
from app.jobs import (
    after_sending,
    desk_letters,
    event_letters,
    reviewer_letters,
    screening_letters,
    team_letters,
)
from app.jobs.receipts import receipt_file
from app.jobs.rendering import Letter, NothingToSend, NotYet, letter
from app.jobs.review_digest import review_digest
from app.messages import formats, label, words_of
from app.messages.answers import in_language
from app.messages.copies import copy_in_words
from app.messages.labels import choices
from app.models.applications import Status
from app.models.calls import Phase
from app.models.outbox import Mail
from app.models.panel import Programme
from app.reviews.notices import own_notice, reviewed_call
from app.sections.judging import Progress
from app.settings import Settings


@dataclass(frozen=True, slots=True)
class Writing:
    """One mail being written: for whom, and with which session to look things up."""

    session: Session
    settings: Settings
    mail: Mail
    recipient: Recipient
    now: datetime

    def letter(self, template: str, **values: object) -> Letter:
        """The mail in the recipient's language; every template gets the greeting and the programme."""
        row = self.programme
        return letter(
            self.recipient.language,
            template,
            name=self.recipient.name,
            brand=in_language(self.recipient.language, row.name) if row else "Baige",
            help=in_language(self.recipient.language, row.help) if row else "",
            funder=in_language(self.recipient.language, row.funder or {}) if row else "",
            **values,
        )

    @property
    def programme(self) -> Programme | None:
        """The programme that writes."""
        return programme(self.session)

    def address(self, path: str) -> str:
        """The full address of a page in the recipient's language; always our configured base."""
        return f"{self.settings.base_url}/{self.recipient.language}{path}"

    @property
    def person_id(self) -> int:
        """The recipient's key; NothingToSend for a mail that is not to an account."""
        if self.mail.person_id is None:
            raise NothingToSend("no such account")
        return self.mail.person_id

    def given(self, name: str) -> Any:
        """What was queued with the mail."""
        return self.mail.params[name]


def sign_in(writing: Writing) -> Letter:
    """The code, and the link that leads to a button."""
    nonce = nonce_of(writing.session, writing.mail.sign_in_id)
    if nonce is None:
        raise NothingToSend("the request has ended")
    secret = writing.settings.secret_key.get_secret_value()
    link = writing.address(f"/sign-in/link?key={sign_in_link_key(secret, nonce)}")
    return writing.letter("sign_in", code=sign_in_code(secret, nonce), link=link)


def own_email(writing: Writing) -> Letter:
    """The code with which an address becomes an account's own; there is no link, since it signs nobody in."""
    nonce = nonce_of(writing.session, writing.mail.sign_in_id)
    if nonce is None:
        raise NothingToSend("the request has ended")
    return writing.letter(
        "own_email", code=sign_in_code(writing.settings.secret_key.get_secret_value(), nonce)
    )


def assisted(writing: Writing) -> Letter:
    """That the programme types in an application, and how its owner takes over."""
    own = _own_entered(writing)
    return writing.letter(
        "assisted",
        call=in_language(writing.recipient.language, own.call_title),
        ref=own.ref,
        link=writing.address(f"/apply/{own.ref}"),
    )


def assisted_handed_over(writing: Writing) -> Letter:
    """That nobody types it in any more: it is its owner's alone, and not sent."""
    own = _own_entered(writing)
    return writing.letter(
        "assisted_handed_over",
        call=in_language(writing.recipient.language, own.call_title),
        ref=own.ref,
        due=formats.moment(writing.recipient.language, own.due_at, own.zone) if own.due_at else "",
        link=writing.address(f"/apply/{own.ref}"),
    )


def _own_entered(writing: Writing) -> OwnApplication:
    """The draft it is about; NothingToSend once it was sent or left."""
    who = Applicant(writing.person_id)
    own = own_application(writing.session, who, writing.given("ref"), writing.now)
    if own.entered is None or own.status is not Status.DRAFT:
        raise NothingToSend("it is a draft no more")
    return own


def application_receipt(writing: Writing) -> Letter:
    """When and what was received, with a full copy of it in words, and as a PDF."""
    language = writing.recipient.language
    kept = own_copy(
        writing.session, writing.person_id, writing.given("ref"), writing.given("number"), writing.now
    )
    copy = sent_in_words(language, kept)
    words = copy_in_words(copy)
    attached = receipt_file(copy, sender_of(language, writing.programme), len(words.encode()))
    letter = writing.letter(
        "application_receipt",
        call=copy.call,
        ref=kept.ref,
        number=kept.number,
        sha256=kept.sha256,
        received_at=kept.received_at,
        corrected_at=kept.sent_at if kept.sent_at != kept.received_at else None,
        due=formats.moment(language, kept.due_at, ZoneInfo(kept.timezone)) if kept.due_at else "",
        expected_at=kept.call.results_expected_at,
        link=writing.address(f"/my/{kept.ref}"),
        attached=attached is not None,
        whole=attached is not None and attached.whole,
        pdf=writing.address(f"/apply/{kept.ref}/sent/{kept.number}/copy.pdf"),
        copy=words,
    )
    return replace(letter, files=(attached.file,)) if attached else letter


def draft_saved(writing: Writing) -> Letter:
    """That a draft is kept, and the way back to it; once, and not any more when it was sent meanwhile."""
    own = _draft_of(writing)
    return writing.letter(
        "draft_saved",
        call=in_language(writing.recipient.language, own.call_title),
        ref=own.ref,
        due=_due_in_words(writing, own),
        link=writing.address(f"/apply/{own.ref}"),
    )


def draft_reminder(writing: Writing) -> Letter:
    """What is still missing in a draft, section by section, while there is time.

    By what is true when it leaves: nothing for what was sent, for a deadline that was moved meanwhile, or
    for somebody who wants none.
    """
    own = _draft_of(writing)
    if own.due_at is None or own.due_at.isoformat() != writing.given("due_at"):
        raise NothingToSend("the deadline was moved")
    if not own.writable or writing.now >= own.due_at:
        raise NothingToSend("the deadline has passed")
    secret = writing.settings.secret_key.get_secret_value()
    key = stop_key(secret, own.ref, writing.person_id)
    wanted = own_reminders(writing.session, secret, own.ref, key)
    if wanted.stopped or wanted.all_stopped:
        raise NothingToSend("reminders are stopped")
    draft = own_draft(writing.session, Applicant(writing.person_id), own.ref, writing.now)
    if all(section.status is Progress.NOT_STARTED for section in draft.sections):
        raise NothingToSend("nothing was answered yet")
    language = writing.recipient.language
    titles, states = choices(language, "sections"), choices(language, "progress")
    return writing.letter(
        "draft_reminder",
        call=in_language(language, own.call_title),
        ref=own.ref,
        left=len(draft.sections) - draft.completed,
        counts=own.changed_after_sending,
        due=_due_in_words(writing, own),
        sections=[
            MissingSection(
                title=titles[section.code],
                state=states[section.status],
                missing=section.missing,
                link=writing.address(f"/apply/{own.ref}/{section.code}"),
            )
            for section in draft.sections
            if section.status is not Progress.COMPLETED
        ],
        check=writing.address(f"/apply/{own.ref}/check"),
        link=writing.address(f"/apply/{own.ref}"),
        stop=writing.address(f"/reminders?ref={own.ref}&key={key}"),
    )


@dataclass(frozen=True, slots=True)
class MissingSection:
    """One section that is not completed."""

    title: str
    state: str
    missing: int
    link: str


def _draft_of(writing: Writing) -> OwnApplication:
    own = own_application(writing.session, Applicant(writing.person_id), writing.given("ref"), writing.now)
    if own.status is not Status.DRAFT or own.phase is Phase.CANCELLED:
        raise NothingToSend("it is no draft any more")
    return own


def _due_in_words(writing: Writing, own: OwnApplication) -> str:
    return formats.moment(writing.recipient.language, own.due_at, own.zone) if own.due_at else ""


def application_extension(writing: Writing) -> Letter:
    """That one application was given a later deadline, or that it was taken back; and why."""
    kept = own_status(writing.session, Applicant(writing.person_id), writing.given("ref"), writing.now)
    own = kept.application
    if len(kept.extensions) != writing.given("number"):
        raise NothingToSend("it was moved again")
    if own.status not in OPEN_STATUS or own.phase is Phase.CANCELLED:
        raise NothingToSend("nothing can be sent any more")
    last = kept.extensions[-1]
    return writing.letter(
        "application_extension",
        call=in_language(writing.recipient.language, own.call_title),
        ref=own.ref,
        given=last.until is not None,
        due=_due_in_words(writing, own),
        reason=last.reason,
        link=writing.address(f"/my/{own.ref}"),
    )


def call_extended(writing: Writing) -> Letter:
    """To everybody with a draft: the new closing of the call, and why."""
    language, slug = writing.recipient.language, writing.given("call")
    own = [
        each
        for each in own_applications(writing.session, Applicant(writing.person_id), writing.now)
        if each.call == slug and each.status is Status.DRAFT
    ]
    if not own:
        raise NothingToSend("no draft any more")
    call = public_call(writing.session, slug, writing.now)
    closes_at = call.closes_at
    if closes_at is None or closes_at.isoformat() != writing.given("to") or call.phase is Phase.CANCELLED:
        raise NothingToSend("the closing was moved again")
    reasons = [each.reason for each in call.notices if each.to == closes_at]
    return writing.letter(
        "call_extended",
        call=in_language(language, call.title),
        closes=formats.moment(language, closes_at, ZoneInfo(call.timezone)),
        reason=in_language(language, reasons[-1]) if reasons else "",
        links=[writing.address(f"/apply/{each.ref}") for each in own],
        page=writing.address(f"/calls/{slug}"),
    )


def assignments_ready(writing: Writing) -> Letter:
    """How many applications wait to be scored, and by when."""
    notice = own_notice(writing.session, writing.person_id, writing.given("call"))
    if notice is None or not notice.waiting:
        raise NothingToSend("nothing waits")
    return writing.letter(
        "assignments_ready",
        call=in_language(writing.recipient.language, notice.title),
        waiting=notice.waiting,
        due_at=notice.due_at,
        link=writing.address(f"/review/{writing.given('call')}"),
    )


def discussion_opened(writing: Writing) -> Letter:
    """That the others' reasons can be read; nothing of what they say."""
    return _reviewing_letter(writing, "discussion_opened", f"/review/{writing.given('call')}/discussion")


def review_returned(writing: Writing) -> Letter:
    """That a review came back to be completed; which one is read on the site."""
    return _reviewing_letter(writing, "review_returned", f"/review/{writing.given('call')}")


def _reviewing_letter(writing: Writing, template: str, path: str) -> Letter:
    """For a reviewer of a call whose reviewing is open."""
    title = reviewed_call(writing.session, writing.person_id, writing.given("call"))
    if title is None:
        raise NothingToSend("reviewing is not open")
    return writing.letter(
        template, call=in_language(writing.recipient.language, title), link=writing.address(path)
    )


def blind_asked(writing: Writing) -> Letter:
    """That another coordinator asks to lift the blind."""
    title = lifting_awaited(writing.session, writing.person_id, writing.given("call"))
    if title is None:
        raise NothingToSend("it is answered")
    return writing.letter(
        "blind_asked",
        call=in_language(writing.recipient.language, title),
        link=writing.address(f"/desk/{writing.given('call')}/phases"),
    )


def result(writing: Writing) -> Letter:
    """Whether one's application was awarded; leaves only after publication."""
    try:
        found = own_outcome(writing.session, writing.person_id, writing.given("ref"))
    except NoResult:
        raise NothingToSend("not published") from None
    if found.published_at is None:
        raise NothingToSend("not published")
    if found.promoted or found.given_back:
        raise NothingToSend("something has happened since")
    if not found.awarded and lacks_a_line(writing.session, found.ref):
        raise NotYet("a criterion lacks a useful line")
    return _result(writing, found, "result")


def award_promoted(writing: Writing) -> Letter:
    """That somebody who stood by has come up, and with which sum."""
    found = own_outcome(writing.session, writing.person_id, writing.given("ref"))
    if not found.awarded:
        raise NothingToSend("it has no award any more")
    return _result(writing, found, "award_promoted")


def award_returned(writing: Writing) -> Letter:
    """That it was written down that a winner gives the award back."""
    found = own_outcome(writing.session, writing.person_id, writing.given("ref"))
    return _result(writing, found, "award_returned")


def _result(writing: Writing, found: OwnOutcome, template: str) -> Letter:
    told = own_result(writing.session, Applicant(writing.person_id), found.ref).feedback
    days = writing.settings.factual_error_days
    values = result_values(writing.recipient.language, found, told, days)
    return writing.letter(
        template,
        **values,
        link=writing.address(f"/my/{found.ref}/result"),
        results=writing.address(f"/calls/{found.call}/results"),
    )


def factual_answered(writing: Writing) -> Letter:
    """How the programme answered a factual error that was pointed out."""
    language = writing.recipient.language
    found = own_notes(writing.session, Applicant(writing.person_id), writing.given("ref"))
    note = next((each for each in found.notes if each.code == writing.given("note")), None)
    if note is None or note.outcome is None:
        raise NothingToSend("it is not answered")
    return writing.letter(
        "factual_answered",
        call=in_language(language, found.call_title),
        ref=found.ref,
        outcome=label(language, note.outcome),
        answer=note.answer,
        link=writing.address(f"/my/{found.ref}/error"),
    )


def consent_taken_back(writing: Writing) -> Letter:
    """Which consent was taken back, and where it can be given again."""
    language, ref = writing.recipient.language, writing.given("ref")
    own = own_application(writing.session, Applicant(writing.person_id), ref, writing.now)
    return writing.letter(
        "consent_taken_back",
        call=in_language(language, own.call_title),
        ref=ref,
        text=words_of(language, f"consent.{writing.given('kind')}").label,
        link=writing.address(f"/my/{ref}/consents"),
    )


def reminder_kept(writing: Writing) -> Letter:
    """That an e-mail will come when the call opens, and how to stop it."""
    return _of_an_opening(writing, "reminder_kept", Phase.SCHEDULED)


def call_opens(writing: Writing) -> Letter:
    """That the call is open now, for whoever asked to be told; nothing if it is not."""
    return _of_an_opening(writing, "call_opens", Phase.OPEN)


def _of_an_opening(writing: Writing, template: str, phase: Phase) -> Letter:
    slug = writing.given("call")
    code = stop_code(writing.session, writing.mail.reminder_id)
    call = public_call(writing.session, slug, writing.now)
    if code is None or call.phase is not phase:
        raise NothingToSend("the call is elsewhere by now")
    return writing.letter(
        template,
        call=in_language(writing.recipient.language, call.title),
        opens_at=call.opens_at,
        closes_at=call.closes_at,
        link=writing.address(f"/calls/{slug}"),
        stop=writing.address(f"/calls/{slug}/remind/stop?key={code}"),
    )


RENDERERS: dict[str, Callable[[Writing], Letter]] = {
    "sign_in": sign_in,
    "own_email": own_email,
    "assisted": assisted,
    "assisted_handed_over": assisted_handed_over,
    "application_receipt": application_receipt,
    "draft_saved": draft_saved,
    "draft_reminder": draft_reminder,
    "application_extension": application_extension,
    "call_extended": call_extended,
    "assignments_ready": assignments_ready,
    "review_digest": review_digest,
    "discussion_opened": discussion_opened,
    "review_returned": review_returned,
    "blind_asked": blind_asked,
    "desk_waits": desk_letters.desk_waits,
    "award_freed": desk_letters.award_freed,
    "result": result,
    "award_promoted": award_promoted,
    "award_returned": award_returned,
    "factual_answered": factual_answered,
    "consent_taken_back": consent_taken_back,
    "reminder_kept": reminder_kept,
    "call_opens": call_opens,
    "application_taken_back": after_sending.application_taken_back,
    "application_withdrawn": after_sending.application_withdrawn,
    "application_in_review": after_sending.application_in_review,
    "application_scored": after_sending.application_scored,
    "application_refused": screening_letters.application_refused,
    "application_reinstated": screening_letters.application_reinstated,
    "correction_asked": after_sending.correction_asked,
    "correction_soon": after_sending.correction_soon,
    "correction_closed": after_sending.correction_closed,
    "data_copied": after_sending.data_copied,
    "erasure_asked": after_sending.erasure_asked,
    "erasure_partly": after_sending.erasure_partly,
    "team_invitation": team_letters.team_invitation,
    "invitation_answered": team_letters.invitation_answered,
    "section_completed": team_letters.section_completed,
    "reviewer_invitation": reviewer_letters.reviewer_invitation,
    "reviewer_answered": reviewer_letters.reviewer_answered,
    "request_answered": reviewer_letters.request_answered,
    "pitch_invited": event_letters.pitch_invited,
    "pitch_moved": event_letters.pitch_moved,
    "pitch_slot": event_letters.pitch_slot,
    "pitch_tomorrow": event_letters.pitch_tomorrow,
    "pitch_not_invited": event_letters.pitch_not_invited,
    "pitch_question": event_letters.pitch_question,
    "attend_asked": event_letters.attend_asked,
    "attend_place": event_letters.attend_place,
    "attend_moved_up": event_letters.attend_moved_up,
    "attend_tomorrow": event_letters.attend_tomorrow,
    "jury_link": event_letters.jury_link,
    "jury_today": event_letters.jury_today,
}

TO_REVIEWERS = frozenset(
    {"assignments_ready", "review_digest", "discussion_opened", "review_returned", "request_answered"}
)
"""Mails to reviewers about what they score: the database keeps these from who applied while they are written.

One that must read a protected table, as an invitation does, is about nobody's application.
"""

"""What each kind of mail says: rendered when it is sent, with what its recipient may then see."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from sqlmodel import Session

from app.accounts.actors import Applicant
from app.accounts.codes import sign_in_code, sign_in_link_key
from app.accounts.queries import programme
from app.accounts.recipients import Recipient
from app.accounts.reminded import stop_code
from app.accounts.sign_ins import nonce_of
from app.applications.copies import sent_in_words
from app.applications.own import own_application, own_copy
from app.calls.phase import Phase
from app.calls.public import public_call
from app.decisions.outcome import own_outcome
from app.decisions.refusals import NoResult
from app.documents.sender import sender_of
from app.jobs.receipts import receipt_file
from app.jobs.rendering import Letter, NothingToSend, letter
from app.messages import words_of
from app.messages.answers import in_language
from app.messages.copies import copy_in_words
from app.models.outbox import Mail
from app.models.panel import Programme
from app.reviews.notices import own_notice
from app.settings import Settings


@dataclass(frozen=True, slots=True)
class Writing:
    """One mail being written: for whom, and with which session to look things up."""

    session: Session
    settings: Settings
    mail: Mail
    recipient: Recipient

    def letter(self, template: str, **values: object) -> Letter:
        """The mail in the recipient's language; every template gets the greeting and the programme."""
        row = self.programme
        return letter(
            self.recipient.language,
            template,
            name=self.recipient.name,
            brand=in_language(self.recipient.language, row.name) if row else "Baige",
            help=in_language(self.recipient.language, row.help) if row else "",
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


def application_receipt(writing: Writing) -> Letter:
    """When and what was received, with a full copy of it in words, and as a PDF."""
    language = writing.recipient.language
    kept = own_copy(
        writing.session, writing.person_id, writing.given("ref"), writing.given("number"), datetime.now(UTC)
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
        sent_at=kept.sent_at,
        closes_at=kept.call.closes_at,
        expected_at=kept.call.results_expected_at,
        link=writing.address(f"/my/{kept.ref}"),
        attached=attached is not None,
        whole=attached is not None and attached.whole,
        pdf=writing.address(f"/apply/{kept.ref}/sent/{kept.number}/copy.pdf"),
        copy=words,
    )
    return replace(letter, files=(attached.file,)) if attached else letter


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


def result(writing: Writing) -> Letter:
    """Whether one's application was awarded; leaves only after publication."""
    try:
        found = own_outcome(writing.session, writing.person_id, writing.given("ref"))
    except NoResult:
        raise NothingToSend("not published") from None
    if found.published_at is None:
        raise NothingToSend("not published")
    return writing.letter(
        "result",
        call=in_language(writing.recipient.language, found.call_title),
        ref=found.ref,
        title=found.title,
        awarded=found.awarded,
        amount_minor=found.amount_minor,
        link=writing.address(f"/my/{found.ref}/result"),
        results=writing.address(f"/calls/{found.call}/results"),
    )


def consent_taken_back(writing: Writing) -> Letter:
    """Which consent was taken back, and where it can be given again."""
    language, ref = writing.recipient.language, writing.given("ref")
    own = own_application(writing.session, Applicant(writing.person_id), ref, datetime.now(UTC))
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
    call = public_call(writing.session, slug, datetime.now(UTC))
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
    "application_receipt": application_receipt,
    "assignments_ready": assignments_ready,
    "result": result,
    "consent_taken_back": consent_taken_back,
    "reminder_kept": reminder_kept,
    "call_opens": call_opens,
}

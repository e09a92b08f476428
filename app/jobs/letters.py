"""What each kind of mail says: rendered when it is sent, with what its recipient may then see."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlmodel import Session

from app.accounts.codes import sign_in_code, sign_in_link_key
from app.accounts.queries import programme
from app.accounts.recipients import Recipient
from app.accounts.sign_ins import nonce_of
from app.applications.own import own_copy
from app.decisions.outcome import own_outcome
from app.decisions.refusals import NoResult
from app.jobs import after_sending
from app.jobs.rendering import Letter, NothingToSend, letter
from app.messages.answers import call_names, in_language
from app.messages.copies import copy_in_words, receipt_lines
from app.models.outbox import Mail
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
        row = programme(self.session)
        return letter(
            self.recipient.language,
            template,
            name=self.recipient.name,
            brand=in_language(self.recipient.language, row.name) if row else "Baige",
            help=in_language(self.recipient.language, row.help) if row else "",
            **values,
        )

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
    """When and what was received, with a full copy of it."""
    language = writing.recipient.language
    kept = own_copy(
        writing.session, writing.person_id, writing.given("ref"), writing.given("number"), datetime.now(UTC)
    )
    call = in_language(language, kept.call.title)
    names = call_names(language, kept.call.themes, kept.call.priorities, kept.call.organisations)
    head = receipt_lines(language, call=call, ref=kept.ref, number=kept.number, sent_at=kept.sent_at)
    return writing.letter(
        "application_receipt",
        call=call,
        ref=kept.ref,
        number=kept.number,
        sha256=kept.sha256,
        sent_at=kept.sent_at,
        closes_at=kept.call.closes_at,
        expected_at=kept.call.results_expected_at,
        link=writing.address(f"/my/{kept.ref}"),
        copy=copy_in_words(language, head, kept.sections, names),
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


RENDERERS: dict[str, Callable[[Writing], Letter]] = {
    "sign_in": sign_in,
    "application_receipt": application_receipt,
    "assignments_ready": assignments_ready,
    "result": result,
    "application_taken_back": after_sending.application_taken_back,
    "application_withdrawn": after_sending.application_withdrawn,
    "application_in_review": after_sending.application_in_review,
    "application_scored": after_sending.application_scored,
    "correction_asked": after_sending.correction_asked,
    "correction_soon": after_sending.correction_soon,
    "correction_closed": after_sending.correction_closed,
    "data_copied": after_sending.data_copied,
    "erasure_asked": after_sending.erasure_asked,
    "erasure_partly": after_sending.erasure_partly,
}

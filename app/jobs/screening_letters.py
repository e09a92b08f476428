"""The mails that tell a team at once what the check against the rules has led to."""

from typing import TYPE_CHECKING

from app.accounts.actors import Applicant
from app.applications.own import own_application
from app.applications.screened import own_refusal
from app.jobs.rendering import Letter, NothingToSend
from app.messages.answers import in_language
from app.messages.labels import choices
from app.models.applications import Status

if TYPE_CHECKING:
    from app.jobs.letters import Writing


def application_refused(writing: "Writing") -> Letter:
    """Which rules are not met, and the coordinator's words; nothing where it was reinstated meanwhile."""
    language, ref = writing.recipient.language, writing.given("ref")
    who = Applicant(writing.person_id)
    own = own_application(writing.session, who, ref, writing.now)
    found = own_refusal(writing.session, who, ref)
    if found is None:
        raise NothingToSend("it takes part again")
    words = choices(language, "screening_rules")
    return writing.letter(
        "application_refused",
        call=in_language(language, own.call_title),
        ref=ref,
        rules=[words[rule] for rule in found.rules],
        words=found.words,
        link=writing.address(f"/my/{ref}"),
    )


def application_reinstated(writing: "Writing") -> Letter:
    """That a refusal was taken back; nothing where it is refused again by now."""
    language, ref = writing.recipient.language, writing.given("ref")
    own = own_application(writing.session, Applicant(writing.person_id), ref, writing.now)
    if own.status is Status.REFUSED or own.counts_number is None:
        raise NothingToSend("it takes no part by now")
    return writing.letter(
        "application_reinstated",
        call=in_language(language, own.call_title),
        ref=ref,
        link=writing.address(f"/my/{ref}"),
    )

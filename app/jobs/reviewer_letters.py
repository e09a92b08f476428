"""The mails about reviewing itself: an invitation, its answer, and the answer to a request."""

from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from app.calls.invitations import seat_answer, seat_to_mail
from app.jobs.rendering import Letter, NothingToSend
from app.messages import formats, label
from app.messages.answers import in_language
from app.models.panel import RequestState, SeatState
from app.reviews.requests import answered_request

if TYPE_CHECKING:
    from app.jobs.letters import Writing


def reviewer_invitation(writing: "Writing") -> Letter:
    """Who asks, for which organisation, how many applications, how many hours, and by when."""
    language = writing.recipient.language
    found = seat_to_mail(writing.session, writing.mail.seat_id, writing.given("mails"))
    if found is None:
        raise NothingToSend("it was answered, called off, or sent again")
    return writing.letter(
        "reviewer_invitation",
        call=in_language(language, found.call_title),
        organisation=in_language(language, found.organisation),
        inviter=found.inviter,
        proposals=found.proposals,
        hours=found.hours,
        due=formats.weekday(language, found.due_at, ZoneInfo(found.timezone)),
        note=found.note,
        email=writing.recipient.email or "",
        link=writing.address("/review/start"),
    )


def reviewer_answered(writing: "Writing") -> Letter:
    """To whoever invited: accepted, or declined and why."""
    language = writing.recipient.language
    found = seat_answer(writing.session, writing.person_id, writing.given("seat"), writing.given("mails"))
    if found is None:
        raise NothingToSend("it was sent again, or is forgotten")
    return writing.letter(
        "reviewer_answered",
        call=in_language(language, found.call_title),
        who=found.who,
        organisation=in_language(language, found.organisation),
        accepted=found.state is SeatState.ACCEPTED,
        reason=found.reason,
        colleague=found.colleague,
        link=writing.address(f"/desk/{found.call}/panel"),
    )


def request_answered(writing: "Writing") -> Letter:
    """To the reviewer: what they asked for, and what was answered."""
    language = writing.recipient.language
    found = answered_request(writing.session, writing.person_id, writing.given("request"))
    if found is None:
        raise NothingToSend("no such answer")
    asked = found.request
    return writing.letter(
        "request_answered",
        call=in_language(language, found.title),
        kind=label(language, asked.kind),
        state=label(language, asked.state),
        granted=asked.state is RequestState.GRANTED,
        until=asked.until,
        given=asked.given,
        answer=asked.answer,
        link=writing.address(f"/review/{found.call}"),
    )

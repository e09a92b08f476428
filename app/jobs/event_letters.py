"""The mails of an evening: to finalists, to whoever is not invited, to the audience and to the jury."""

from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from app.accounts.actors import Applicant
from app.accounts.mailbox import File
from app.applications.own import own_application
from app.events.audience import OwnPlace, attendee_by_id, mailed_key, place_of
from app.events.jury_letter import JurorLink, link_of
from app.events.own_pitch import OwnPitch, own_pitch
from app.jobs.rendering import Letter, NothingToSend
from app.messages import formats
from app.messages.answers import in_language
from app.models.applications import Status
from app.models.calls import Phase
from app.models.events import AttendeeState, FinalistState
from app.web.ical import Occasion, calendar

if TYPE_CHECKING:
    from app.jobs.letters import Writing


def pitch_invited(writing: "Writing") -> Letter:
    """That the team is invited to pitch, until when it answers, and where and when it is."""
    own = _own(writing)
    if own.state is not FinalistState.OFFERED:
        raise NothingToSend("it is answered")
    return _letter(writing, own, "pitch_invited")


def pitch_slot(writing: "Writing") -> Letter:
    """When the team pitches, once the running order is announced."""
    return _letter(writing, _pitching(writing), "pitch_slot")


def pitch_moved(writing: "Writing") -> Letter:
    """When the team pitches now that one before it does not; nothing once the evening has begun."""
    own = _pitching(writing)
    if writing.now >= own.starts_at:
        raise NothingToSend("the evening has begun")
    return _letter(writing, own, "pitch_moved")


def pitch_tomorrow(writing: "Writing") -> Letter:
    """The same the day before; nothing where the evening was moved meanwhile."""
    own = _pitching(writing)
    if own.starts_at.isoformat() != writing.given("starts_at"):
        raise NothingToSend("the evening was moved")
    return _letter(writing, own, "pitch_tomorrow")


def pitch_not_invited(writing: "Writing") -> Letter:
    """That others pitch, where the programme says so at once."""
    language, ref = writing.recipient.language, writing.given("ref")
    own = own_application(writing.session, Applicant(writing.person_id), ref, writing.now)
    if own.status is not Status.IN_REVIEW or own.phase is not Phase.REVIEWED:
        raise NothingToSend("something has happened since")
    return writing.letter(
        "pitch_not_invited",
        call=in_language(language, own.call_title),
        ref=ref,
        link=writing.address(f"/my/{ref}"),
    )


def pitch_question(writing: "Writing") -> Letter:
    """What the panel asks; nothing once it was taken back or answered."""
    own = _own(writing)
    asked = next((each for each in own.questions if each.code == writing.given("question")), None)
    if asked is None or asked.answer or not own.writable:
        raise NothingToSend("it is answered, or was taken back")
    return writing.letter(
        "pitch_question",
        call=in_language(writing.recipient.language, own.call_title),
        ref=own.ref,
        words=asked.words,
        link=writing.address(f"/apply/{own.ref}/pitch"),
    )


def attend_asked(writing: "Writing") -> Letter:
    """The link whose button takes a place at an evening."""
    return _to_guest(writing, "attend_asked", {AttendeeState.ASKED})


def attend_place(writing: "Writing") -> Letter:
    """That there is a place, or that one waits for one; and the link that gives it back."""
    return _to_guest(writing, "attend_place", {AttendeeState.CONFIRMED, AttendeeState.WAITING})


def attend_moved_up(writing: "Writing") -> Letter:
    """That somebody left a place, and whoever waited has it now."""
    return _to_guest(writing, "attend_moved_up", {AttendeeState.CONFIRMED})


def attend_tomorrow(writing: "Writing") -> Letter:
    """The day before: place and hour, for a calendar too, and the link that gives the place back."""
    own = _guest(writing, {AttendeeState.CONFIRMED})
    if own.starts_at.isoformat() != writing.given("starts_at"):
        raise NothingToSend("the evening was moved")
    letter = _to_guest(writing, "attend_tomorrow", {AttendeeState.CONFIRMED})
    return replace(letter, files=(File("evening.ics", "text/calendar", _entry(writing, own)),))


def jury_link(writing: "Writing") -> Letter:
    """The personal link, without the code; nothing once it was taken back, or another card was made."""
    return _to_juror(writing, "jury_link", _link(writing))


def jury_today(writing: "Writing") -> Letter:
    """The same once more on the morning of the evening."""
    link = _link(writing)
    if link.starts_at is None or link.starts_at.isoformat() != writing.given("starts_at"):
        raise NothingToSend("the evening was moved")
    if writing.now >= link.starts_at:
        raise NothingToSend("the evening has begun")
    return _to_juror(writing, "jury_today", link)


def _link(writing: "Writing") -> JurorLink:
    secret = writing.settings.secret_key.get_secret_value()
    found = link_of(writing.session, writing.mail.juror_id, secret)
    if found is None:
        raise NothingToSend("there is no such link any more")
    return found


def _to_juror(writing: "Writing", template: str, link: JurorLink) -> Letter:
    language, zone = writing.recipient.language, ZoneInfo(link.timezone)
    return writing.letter(
        template,
        event=in_language(language, link.name),
        starts_at=formats.moment(language, link.starts_at, zone) if link.starts_at else "",
        place=in_language(language, link.place),
        link=writing.address(f"/jury/{link.round}/sign-in?key={link.key}"),
    )


def _entry(writing: "Writing", own: OwnPlace) -> bytes:
    language = writing.recipient.language
    name = in_language(language, own.name)
    evening = Occasion(
        uid=f"{own.call}-{own.round}-audience@{urlsplit(writing.settings.base_url).netloc}",
        sequence=0,
        stamped=writing.mail.queued_at,
        at=own.starts_at,
        summary=name,
        about=name,
        url=writing.address(f"/calls/{own.call}/event/{own.round}"),
        place=in_language(language, own.place),
        cancelled=False,
    )
    return calendar(name, language, [evening])


def _guest(writing: "Writing", states: set[AttendeeState]) -> OwnPlace:
    """The registration that it is about, as it stands."""
    row = attendee_by_id(writing.session, writing.mail.attendee_id)
    if row is None or row.state not in states:
        raise NothingToSend("it stands otherwise by now")
    own = place_of(writing.session, row, writing.now)
    if own.over:
        raise NothingToSend("the evening has begun")
    return own


def _to_guest(writing: "Writing", template: str, states: set[AttendeeState]) -> Letter:
    own, language = _guest(writing, states), writing.recipient.language
    key = mailed_key(
        writing.session, writing.mail.attendee_id, writing.settings.secret_key.get_secret_value()
    )
    return writing.letter(
        template,
        event=in_language(language, own.name),
        starts_at=formats.moment(language, own.starts_at, ZoneInfo(own.timezone)),
        place=in_language(language, own.place),
        stream=own.stream_url,
        waiting=own.state is AttendeeState.WAITING,
        ahead=own.ahead,
        link=writing.address(f"/calls/{own.call}/event/{own.round}/place?key={key}"),
    )


def _own(writing: "Writing") -> OwnPitch:
    return own_pitch(writing.session, Applicant(writing.person_id), writing.given("ref"), writing.now)


def _pitching(writing: "Writing") -> OwnPitch:
    own = _own(writing)
    if own.number is None:
        raise NothingToSend("it does not pitch")
    return own


def _letter(writing: "Writing", own: OwnPitch, template: str) -> Letter:
    language, zone = writing.recipient.language, ZoneInfo(own.timezone)
    return writing.letter(
        template,
        call=in_language(language, own.call_title),
        ref=own.ref,
        event=in_language(language, own.name),
        starts_at=formats.moment(language, own.starts_at, zone),
        place=in_language(language, own.place),
        minutes=formats.stopwatch(own.pitch_seconds),
        questions=formats.stopwatch(own.question_seconds),
        due=formats.moment(language, own.answer_due_at, zone),
        slot=own.number,
        announced=own.announced,
        begins=formats.clock(own.pitches_at, zone) if own.pitches_at else "",
        pitching=own.pitching,
        link=writing.address(f"/apply/{own.ref}/pitch"),
    )

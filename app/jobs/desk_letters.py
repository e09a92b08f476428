"""The mails to coordinators: how much waits for them, and that a winner has given an award back."""

from typing import TYPE_CHECKING

from sqlalchemy import ColumnElement
from sqlmodel import col, select

from app.accounts.actors import Coordinator
from app.accounts.tied import wall_for
from app.applications.screened import desk_waiting
from app.calls.phase import phase
from app.decisions.reserve import reserve_of
from app.errors import NotFound
from app.jobs.rendering import Letter, NothingToSend
from app.messages import formats, sentence
from app.messages.answers import in_language
from app.models.calls import AwardRound, Call
from app.models.keys import key_of
from app.models.panel import PanelMember, PanelRole
from app.wall import put_up

if TYPE_CHECKING:
    from app.jobs.letters import Writing


def desk_waits(writing: "Writing") -> Letter:
    """Flags and refusals, counted as their own desk counts them; nothing where none waits any more."""
    session, language = writing.session, writing.recipient.language
    call, who = _coordinated(writing, Call.slug == writing.given("call"))
    found = desk_waiting(session, who, phase(call, writing.now))
    lines = [
        sentence(language, f"desk.todo_{code}", {"count": formats.number(language, count)})
        for code, count in (("refusals", found.proposed), ("flags", found.flags))
        if count
    ]
    if not lines:
        raise NothingToSend("nothing waits any more")
    return writing.letter(
        "desk_waits",
        call=in_language(language, call.title),
        lines=lines,
        link=writing.address(f"/desk/{call.slug}"),
    )


def award_freed(writing: "Writing") -> Letter:
    """Which award came back, and whether somebody can come up for it. No other application is named."""
    session, language = writing.session, writing.recipient.language
    code = writing.given("code")
    named = select(AwardRound.call_id).where(AwardRound.code == writing.given("round"))
    call, who = _coordinated(writing, col(Call.id).in_(named))
    try:
        reserve = reserve_of(session, who, writing.given("round"), writing.now)
        award = next(each for each in reserve.returned if each.application == code)
    except (NotFound, StopIteration):
        raise NothingToSend("it is not theirs to know") from None
    if award.replaced:
        state = "replaced"
    elif reserve.until is None or reserve.ended or reserve.following is None:
        state = "nobody"
    else:
        state = "following"
    until = formats.moment(language, reserve.until) if reserve.until else ""
    return writing.letter(
        "award_freed",
        call=in_language(language, call.title),
        code=code,
        amount="" if award.amount_minor is None else formats.euros(language, award.amount_minor),
        state=sentence(language, f"award_freed.{state}", {"until": until}),
        link=writing.address(f"/desk/{call.slug}/awards"),
    )


def _coordinated(writing: "Writing", which: ColumnElement[bool]) -> tuple[Call, Coordinator]:
    """A call that the recipient coordinates still, seen as they see it."""
    session = writing.session
    call = session.exec(
        select(Call)
        .join(PanelMember, col(PanelMember.call_id) == col(Call.id))
        .where(
            which,
            PanelMember.person_id == writing.person_id,
            PanelMember.role == PanelRole.COORDINATOR,
            col(PanelMember.removed_at).is_(None),
        )
    ).first()
    if call is None:
        raise NothingToSend("coordinates it no more")
    who = Coordinator(writing.person_id, key_of(call.id))
    put_up(session, wall_for(session, who.person_id, who.call_id))
    return call, who

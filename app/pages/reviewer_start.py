"""Where an invitation to review leads: what it asks for, in a minute and a half; accept, or decline."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Depends, Request
from fastapi.responses import RedirectResponse, Response
from sqlmodel import Session

from app.accounts.actors import SignedIn
from app.accounts.queries import own_names
from app.calls import actions
from app.calls.inputs import AcceptInput, DeclineInput
from app.calls.invitations import OwnSeat, own_seats, read_seat
from app.errors import Invalid
from app.messages import formats
from app.models.panel import SeatState
from app.pages.forms import Form, Mistake, form_of
from app.pages.inviting import topics_offered
from app.pages.page import Page, path_to, see_other, text_in
from app.web.actors import AsSignedIn
from app.web.clock import Now
from app.web.language import language_of
from app.web.session import Db

router = APIRouter(prefix="/review/start")
AcceptForm = Annotated[Form[AcceptInput], Depends(form_of(AcceptInput, "reading"))]
DeclineForm = Annotated[Form[DeclineInput], Depends(form_of(DeclineInput, "decline"))]


@dataclass(frozen=True, kw_only=True)
class SeatList(Page):
    """The invitations that wait; `email` is the address one signed in with, since they are to an address."""

    template = "reviews/seats.html"
    email: str
    seats: Sequence[tuple[str, str, str]]


@dataclass(frozen=True, slots=True)
class Wrong:
    """What is wrong with the form that was pressed, for `ui/errors.html`."""

    summary: Sequence[Mistake]


@dataclass(frozen=True, kw_only=True)
class SeatShow(Page):
    """One invitation, with a form for each answer; `declining` opens the second."""

    template = "reviews/seat.html"
    code: str
    call: str
    call_title: str
    organisation: str
    inviter: str
    proposals: int
    hours: int
    due: str
    note: Sequence[str]
    waits: bool
    accepted: bool
    needs_name: bool
    wrong: Wrong
    form: Form[AcceptInput]
    decline: Form[DeclineInput]
    declining: bool


@router.get("", name="seats.list")
def list_seats(request: Request, session: Db, who: AsSignedIn) -> Response:
    """Where one alone waits, that is the page."""
    language = language_of(request)
    found = own_seats(session, who)
    if len(found) == 1:
        return RedirectResponse(path_to(language, "seats.show", seat=found[0].code), 303)
    return SeatList(
        email=own_names(session, who)[0],
        seats=[
            (
                path_to(language, "seats.show", seat=each.code),
                text_in(language, each.call_title),
                text_in(language, each.organisation),
            )
            for each in found
        ],
    ).response(request)


@router.get("/{seat}", name="seats.show")
def show(request: Request, session: Db, who: AsSignedIn, seat: str) -> Response:
    found = read_seat(session, who, seat)
    given: dict[str, str | list[str]] = {
        "own_name": found.name,
        "capacity": str(found.proposals),
        "languages": [language_of(request)],
    }
    return _page(request, session, who, seat, given=given).response(request)


@router.post("/{seat}/accept", name="seats.accept")
def accept(request: Request, session: Db, who: AsSignedIn, now: Now, seat: str, form: AcceptForm) -> Response:
    try:
        if form.valid is None:
            read_seat(session, who, seat)
        call = actions.accept_seat(session, who, seat, form.value(), now)
    except Invalid as error:
        return _page(request, session, who, seat, form=form.refused(error)).response(request, 422)
    return see_other(request, "reviews.list", call=call, done="seat_accepted")


@router.post("/{seat}/decline", name="seats.decline")
def decline(
    request: Request, session: Db, who: AsSignedIn, now: Now, seat: str, form: DeclineForm
) -> Response:
    try:
        if form.valid is None:
            read_seat(session, who, seat)
        actions.decline_seat(session, who, seat, form.value(), now)
    except Invalid as error:
        return _page(request, session, who, seat, decline=form.refused(error)).response(request, 422)
    return see_other(request, "my.home", done="seat_declined")


def _page(
    request: Request,
    session: Session,
    who: SignedIn,
    code: str,
    *,
    given: Mapping[str, str | list[str]] | None = None,
    form: Form[AcceptInput] | None = None,
    decline: Form[DeclineInput] | None = None,
) -> SeatShow:
    language = language_of(request)
    found: OwnSeat = read_seat(session, who, code)
    accepting = form or Form(AcceptInput, "reading", language, given or {})
    declining = decline or Form(DeclineInput, "decline", language)
    return SeatShow(
        code=code,
        call=found.call,
        call_title=text_in(language, found.call_title),
        organisation=text_in(language, found.organisation),
        inviter=found.inviter,
        proposals=found.proposals,
        hours=found.hours,
        due=formats.weekday(language, found.due_at, ZoneInfo(found.timezone)),
        note=[line for line in found.note.split("\n") if line],
        waits=found.state is SeatState.INVITED,
        accepted=found.state is SeatState.ACCEPTED,
        needs_name=found.needs_name,
        wrong=Wrong([*accepting.summary, *declining.summary]),
        form=accepting.offering(topics=topics_offered(language, found.themes)),
        decline=declining,
        declining=bool(declining.problems),
    )

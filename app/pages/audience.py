"""The public page of an evening: who pitches and how that was drawn, and a place for whoever registers."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import Response
from sqlmodel import Session

from app.errors import Conflict, Invalid
from app.events.audience import OwnPlace, RegisterInput, cancel, confirm, own_place, register
from app.events.running_order import PublicEvent, PublicFinalist, public_event
from app.messages import formats, sentence
from app.messages.labels import choices
from app.models.events import AttendeeState
from app.pages.forms import Form, form_of
from app.pages.page import Page, see_other, text_in
from app.web.clock import Now
from app.web.language import language_of
from app.web.session import Db

router = APIRouter(prefix="/calls/{call}/event/{pot}")
GuestForm = Annotated[Form[RegisterInput], Depends(form_of(RegisterInput, "audience"))]
Key = Annotated[str, Query(max_length=120)]


@dataclass(frozen=True, kw_only=True)
class EventPublic(Page):
    """The evening for everybody. `seats` says how many places are left; `open`: one can register."""

    template = "event/public.html"
    call: str
    call_title: str
    pot: str
    name: str
    facts: Sequence[tuple[str, str]]
    stream: str
    finalists: Sequence[PublicFinalist]
    seed: str
    titles: Sequence[str]
    drawn: str
    seats: str
    full: bool
    open: bool
    form: Form[RegisterInput]
    refused: str


@dataclass(frozen=True, kw_only=True)
class EventPlace(Page):
    """Where the link in the mail leads: one's place, and its buttons, because mail scanners follow links."""

    template = "event/place.html"
    call: str
    pot: str
    name: str
    key: str
    facts: Sequence[tuple[str, str]]
    stream: str
    state: str
    tone: str
    ahead: str
    can_confirm: bool
    can_cancel: bool
    refused: str


@router.get("", name="audience.show")
def show(request: Request, session: Db, now: Now, call: str, pot: str) -> Response:
    form = Form(RegisterInput, "audience", language_of(request))
    return _page(request, session, now, call, pot, form).response(request)


@router.post("", name="audience.register")
def register_now(request: Request, session: Db, now: Now, call: str, pot: str, form: GuestForm) -> Response:
    client = request.client.host if request.client else ""
    try:
        register(session, call, pot, form.value(), language=language_of(request), client=client, now=now)
    except Invalid as error:
        page = _page(request, session, now, call, pot, form.refused(error))
        return page.response(request, 422)
    except Conflict as error:
        words = sentence(language_of(request), error.code, error.params)
        return _page(request, session, now, call, pot, form, refused=words).response(request, 409)
    return see_other(request, "audience.show", call=call, pot=pot, done="registered")


def _page(
    request: Request,
    session: Session,
    now: Now,
    call: str,
    pot: str,
    form: Form[RegisterInput],
    refused: str = "",
) -> EventPublic:
    language = language_of(request)
    found = public_event(session, call, pot, now)
    words = choices(language, "audience_words")
    zone = ZoneInfo(found.timezone)
    order = found.order
    return EventPublic(
        call=call,
        call_title=text_in(language, found.call_title),
        pot=pot,
        name=text_in(language, found.name),
        facts=_facts(language, found, zone),
        stream=found.stream_url,
        finalists=found.finalists,
        seed=order.seed if order else "",
        titles=order.titles if order else [],
        drawn=formats.moment(language, order.drawn_at, zone) if order else "",
        seats=words["free"].format(free=found.free, places=found.places) if found.places else "",
        full=found.free == 0,
        open=found.places is not None and now < found.starts_at,
        form=form,
        refused=refused,
    )


def _facts(language: str, found: PublicEvent | OwnPlace, zone: ZoneInfo) -> list[tuple[str, str]]:
    words = choices(language, "audience_words")
    facts = [
        (words["when"], formats.moment(language, found.starts_at, zone)),
        (words["where"], text_in(language, found.place)),
    ]
    return [(name, value) for name, value in facts if value]


@router.get("/place", name="audience.place")
def place(request: Request, session: Db, now: Now, call: str, pot: str, key: Key = "") -> Response:
    return _place(request, session, now, call, pot, key).response(request)


@router.post("/place", name="audience.confirm")
def confirm_now(request: Request, session: Db, now: Now, call: str, pot: str, key: Key = "") -> Response:
    try:
        confirm(session, _secret(request), key, now)
    except Conflict as error:
        words = sentence(language_of(request), error.code, error.params)
        return _place(request, session, now, call, pot, key, refused=words).response(request, 409)
    return _place(request, session, now, call, pot, key).response(request)


@router.post("/leave", name="audience.leave")
def leave_now(request: Request, session: Db, now: Now, call: str, pot: str, key: Key = "") -> Response:
    cancel(session, _secret(request), key, now)
    return _place(request, session, now, call, pot, key).response(request)


def _secret(request: Request) -> str:
    secret: str = request.state.settings.secret_key.get_secret_value()
    return secret


TONES = {
    AttendeeState.ASKED: "warn",
    AttendeeState.CONFIRMED: "ok",
    AttendeeState.WAITING: "info",
    AttendeeState.CANCELLED: "mute",
}


def _place(
    request: Request, session: Session, now: Now, call: str, pot: str, key: str, refused: str = ""
) -> EventPlace:
    language = language_of(request)
    own = own_place(session, _secret(request), key, now)
    words = choices(language, "audience_words")
    confirmed = own.state is AttendeeState.CONFIRMED
    return EventPlace(
        call=own.call,
        pot=own.round,
        name=text_in(language, own.name),
        key=key,
        facts=_facts(language, own, ZoneInfo(own.timezone)),
        stream=own.stream_url,
        state=words[f"place_{own.state}"],
        tone=TONES[own.state],
        ahead=words["ahead"].format(count=own.ahead) if own.state is AttendeeState.WAITING else "",
        can_confirm=not own.over and own.state in (AttendeeState.ASKED, AttendeeState.CANCELLED),
        can_cancel=not own.over and (confirmed or own.state is AttendeeState.WAITING),
        refused=refused,
    )

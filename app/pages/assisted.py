"""Assisted entry: typing in for somebody who is not online. And whom to call instead of writing."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response
from sqlmodel import Session

from app.applications import actions
from app.applications.actions import AssistedInput
from app.applications.assisted import FullAssisted, assisted_list, assisted_one, people_without_email
from app.calls.closing import CallClosing, call_closing
from app.database import session_on
from app.errors import Invalid
from app.messages import formats, label
from app.messages.copies import receipt_number
from app.models.calls import Phase
from app.pages.forms import FieldView, Form, form_of, read_form
from app.pages.page import Page, path_to, see_other, text_in
from app.pages.setup_forms import NeededDay
from app.pages.shell import LANGUAGE_NAMES
from app.pages.sign_in import secret_of
from app.pages.slips import SlipView, slip_view
from app.web.actors import AsCoordinator
from app.web.clock import Now
from app.web.language import language_of
from app.web.session import Db

router = APIRouter(prefix="/desk/{call}")


class AssistedForm(AssistedInput):
    """The same, with the day as people type it."""

    received_on: NeededDay


EntryForm = Annotated[Form[AssistedForm], Depends(form_of(AssistedForm, "assisted"))]
WHO = ("own_name", "email", "birth_year", "phone", "language")
HOW = ("channel", "received_on")
STANDS_IN = {
    "own_name": "-",
    "email": "nobody@example.org",
    "birth_year": "1950",
    "phone": "87010000000",
    "language": "kk",
    "channel": "paper",
    "received_on": "2000-01-01",
    "agreed": "signed",
    "agreed_note": "-",
}
"""What no rule has anything against: read in the place of an answer that could not be read."""
AGREED = ("processing", "publication", "pictures", "news", "agreed", "agreed_note")


@dataclass(frozen=True, slots=True)
class EntryLine:
    """One entry in words."""

    ref: str
    href: str
    name: str
    status: str
    came: str
    by: str
    open: bool


@dataclass(frozen=True, kw_only=True)
class AssistedList(Page):
    """All entries of the call."""

    template = "assisted/list.html"
    call: str
    call_title: str
    lines: Sequence[EntryLine]
    can_begin: bool


@dataclass(frozen=True, kw_only=True)
class AssistedNew(Page):
    """For whom, how it came, and how they agreed."""

    template = "assisted/new.html"
    call: str
    call_title: str
    closes: str
    form: Form[AssistedForm]
    who: Sequence[FieldView]
    how: Sequence[FieldView]
    agreed: Sequence[FieldView]


@dataclass(frozen=True, kw_only=True)
class AssistedShow(Page):
    """One entry: its facts, the way on, and the sheet for its owner. `slip` is a new code, shown once."""

    template = "assisted/show.html"
    call: str
    call_title: str
    ref: str
    name: str
    status: str
    came: str
    by: str
    agreed: str
    agreed_note: str
    language: str
    closes: str
    receipt: str
    sent: str
    ended: str
    mine: bool
    without_email: bool
    can_code: bool
    slip: SlipView | None


@dataclass(frozen=True, slots=True)
class CallLine:
    """Somebody to be called."""

    ref: str
    status: str
    name: str
    phone: str
    language: str


@dataclass(frozen=True, kw_only=True)
class WithoutEmailList(Page):
    """Everybody whom no letter reaches; this look is in the log."""

    template = "assisted/to_call.html"
    call: str
    call_title: str
    lines: Sequence[CallLine]


@router.get("/assisted", name="assisted.list")
def list_entries(request: Request, session: Db, coordinator: AsCoordinator, now: Now, call: str) -> Response:
    language = language_of(request)
    closing = call_closing(session, coordinator, now)
    return AssistedList(
        call=call,
        call_title=text_in(language, closing.title),
        lines=[
            EntryLine(
                ref=each.ref,
                href=path_to(language, "assisted.show", call=call, ref=each.ref),
                name=each.name,
                status=label(language, each.status),
                came=_came(language, each),
                by=each.by,
                open=each.ended_at is None,
            )
            for each in assisted_list(session, coordinator)
        ],
        can_begin=closing.phase is Phase.OPEN,
    ).response(request)


@router.get("/assisted/new", name="assisted.new")
def new(request: Request, session: Db, coordinator: AsCoordinator, now: Now, call: str) -> Response:
    closing = call_closing(session, coordinator, now)
    language = language_of(request)
    given: dict[str, str | list[str]] = {
        "language": language,
        "received_on": now.astimezone(closing.zone).date().isoformat(),
    }
    form = Form(AssistedForm, "assisted", language, given)
    return _new(language, call, closing, form).response(request)


@router.post("/assisted/new", name="assisted.begin")
def begin(
    request: Request, session: Db, coordinator: AsCoordinator, now: Now, call: str, form: EntryForm
) -> Response:
    try:
        entry = actions.start_assisted(session, coordinator, form.value(), secret=secret_of(request), now=now)
    except Invalid as error:
        closing = call_closing(session, coordinator, now)
        refused = form.refused(_all_wrong(session, coordinator, form, error, now))
        return _new(language_of(request), call, closing, refused).response(request, 422)
    if not entry.code:
        return see_other(request, "assisted.show", call=call, ref=entry.ref, done="application_started")
    session.flush()
    return _show(request, session, coordinator, now, call, entry.ref, entry.code).response(request, 201)


def _all_wrong(
    session: Session, coordinator: AsCoordinator, form: Form[AssistedForm], error: Invalid, now: datetime
) -> Invalid:
    """Everything that is wrong, in one round: what could be read is held to the rules too, with something
    harmless in the place of what could not."""
    if form.valid is not None:
        return error
    given = {**form.given, **{name: STANDS_IN[name] for name in error.fields if name in STANDS_IN}}
    read = read_form(AssistedForm, "assisted", form.language, given)
    if read.valid is None:
        return error
    try:
        actions.check_entry(session, coordinator, read.valid, now)
    except Invalid as more:
        return Invalid({**more.fields, **error.fields})
    return error


def _new(language: str, call: str, closing: CallClosing, form: Form[AssistedForm]) -> AssistedNew:
    return AssistedNew(
        call=call,
        call_title=text_in(language, closing.title),
        closes=formats.moment(language, closing.closes_at, closing.zone) if closing.closes_at else "",
        form=form,
        who=[form.fields[name] for name in WHO],
        how=[form.fields[name] for name in HOW],
        agreed=[form.fields[name] for name in AGREED],
    )


@router.get("/assisted/{ref}", name="assisted.show")
def show(
    request: Request, session: Db, coordinator: AsCoordinator, now: Now, call: str, ref: str
) -> Response:
    return _show(request, session, coordinator, now, call, ref).response(request)


@router.post("/assisted/{ref}", name="assisted.renew_code")
def renew_code(
    request: Request, session: Db, coordinator: AsCoordinator, now: Now, call: str, ref: str
) -> Response:
    code = actions.renew_code(session, coordinator, ref, secret=secret_of(request), now=now)
    # Not a redirect: the code must not be kept anywhere between two requests.
    return _show(request, session, coordinator, now, call, ref, code).response(request, 201)


@router.post("/assisted/{ref}/hand-over", name="assisted.hand_over")
def hand_over(
    request: Request, session: Db, coordinator: AsCoordinator, now: Now, call: str, ref: str
) -> Response:
    actions.hand_to_owner(session, coordinator, ref, now)
    return see_other(request, "assisted.show", call=call, ref=ref, done="handed_to_owner")


def _show(
    request: Request,
    session: Session,
    coordinator: AsCoordinator,
    now: datetime,
    call: str,
    ref: str,
    code: str = "",
) -> AssistedShow:
    language = language_of(request)
    closing = call_closing(session, coordinator, now)
    found = assisted_one(session, coordinator, ref)
    return AssistedShow(
        call=call,
        call_title=text_in(language, closing.title),
        ref=found.ref,
        name=found.name,
        status=label(language, found.status),
        came=_came(language, found),
        by=found.by,
        agreed=label(language, found.agreed),
        agreed_note=found.agreed_note,
        language=LANGUAGE_NAMES[found.language],
        closes=formats.moment(language, closing.closes_at, closing.zone) if closing.closes_at else "",
        receipt=receipt_number(found.ref, found.number) if found.number else "",
        sent=formats.moment(language, found.sent_at, closing.zone) if found.sent_at else "",
        ended=formats.moment(language, found.ended_at, closing.zone) if found.ended_at else "",
        mine=found.mine,
        without_email=found.without_email,
        can_code=found.can_code,
        slip=slip_view(request, language, code, found.language) if code else None,
    )


def _came(language: str, found: FullAssisted) -> str:
    """How and when it came."""
    return f"{label(language, found.channel)}, {formats.day(language, found.received_on)}"


@router.get("/to-call", name="assisted.to_call")
def to_call(request: Request, session: Db, coordinator: AsCoordinator, now: Now, call: str) -> Response:
    language = language_of(request)
    # Names are read and logged in a short unit of their own: this request's is for reading.
    with session_on(request.state.engine) as own, own.begin():
        found = people_without_email(own, coordinator, now)
    return WithoutEmailList(
        call=call,
        call_title=text_in(language, call_closing(session, coordinator, now).title),
        lines=[
            CallLine(
                ref=each.ref,
                status=label(language, each.status),
                name=each.name,
                phone=each.phone,
                language=LANGUAGE_NAMES[each.language],
            )
            for each in found
        ],
    ).response(request)

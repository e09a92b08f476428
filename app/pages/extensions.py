"""Later deadlines of single applications: who has one, giving one, moving it, taking it back."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, Field
from sqlmodel import Session

from app.accounts.actors import Coordinator
from app.applications import actions
from app.applications.actions import LaterInput, TakenBackInput
from app.applications.actions.extending import REASON_CAP
from app.applications.assisted import count_without_email
from app.applications.due import RECEIVING
from app.applications.full import FullExtension, full_extension, full_extensions
from app.applications.typed_codes import TypedCode
from app.asking import Ask
from app.calls.closing import CallClosing, call_closing
from app.errors import Invalid, NotFound, Stale
from app.messages import formats, label, sentence
from app.pages.forms import FieldView, Form, Mistake, form_of, read_form, typed
from app.pages.page import Page, path_to, see_other, text_in
from app.pages.setup_forms import Clock, Day, instant, renamed, typed_instant
from app.pages.setup_part import version_in
from app.sections.text import PROSE
from app.web.actors import AsCoordinator
from app.web.clock import Now
from app.web.language import language_of
from app.web.session import Db

router = APIRouter(prefix="/desk/{call}/extensions")
Typed = Annotated[dict[str, str | list[str]], Depends(typed)]

Reason = Annotated[str, Field(min_length=1, max_length=REASON_CAP), PROSE, Ask("textarea", cap=REASON_CAP)]


class LaterForm(BaseModel):
    """A later deadline as day and time in the call's zone, and why."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    until_day: Day = None
    until_time: Clock = None
    reason: Reason

    def given(self, zone: ZoneInfo) -> LaterInput:
        """The instant; Invalid where day or time is missing."""
        problems: dict[str, Any] = {}
        until = instant(self, "until", zone, problems)
        if until is None and not problems:
            problems = {"until_day": "missing", "until_time": "missing"}
        if problems or until is None:
            raise Invalid(problems)
        return LaterInput(until=until, reason=self.reason)


class LaterForOneForm(LaterForm):
    """The same for an application that is named by its reference."""

    ref: Annotated[TypedCode, Ask(width="medium", spellcheck=False)]


class TakenBackForm(BaseModel):
    """Why a later deadline is taken back; it stands on one page with the other form."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    why: Reason


GiveForm = Annotated[Form[LaterForOneForm], Depends(form_of(LaterForOneForm, "later"))]
BackForm = Annotated[Form[TakenBackForm], Depends(form_of(TakenBackForm, "taken_back"))]


@dataclass(frozen=True, slots=True)
class ExtensionLine:
    """One application with a deadline of its own, in words."""

    ref: str
    href: str
    status: str
    due: str
    taken_back: bool


@dataclass(frozen=True, slots=True)
class ExtensionStep:
    """One time that a deadline was moved, in words; `until` is empty where it was moved back."""

    until: str
    reason: str
    by: str
    at: str


@dataclass(frozen=True, kw_only=True)
class ExtensionList(Page):
    """All of them, and the form that gives one more."""

    template = "desk/extensions.html"
    call: str
    call_title: str
    closes: str
    lines: Sequence[ExtensionLine]
    form: Form[LaterForOneForm]
    fields: Sequence[FieldView]
    can_give: bool


@dataclass(frozen=True, slots=True)
class Wrong:
    """What is wrong with the form that was pressed, for `ui/errors.html`."""

    summary: Sequence[Mistake]


@dataclass(frozen=True, kw_only=True)
class ExtensionEdit(Page):
    """The deadline of one application: what it is, how it came to that, and the two things one can do."""

    template = "desk/extension.html"
    call: str
    ref: str
    status: str
    closes: str
    due: str
    own: bool
    version: int
    steps: Sequence[ExtensionStep]
    wrong: Wrong
    stale: str
    fields: Sequence[FieldView]
    back_fields: Sequence[FieldView]
    can_change: bool
    can_take_back: bool
    to_call: int


@router.get("", name="extensions.list")
def list_extensions(
    request: Request, session: Db, coordinator: AsCoordinator, now: Now, call: str
) -> Response:
    closing = call_closing(session, coordinator, now)
    given = typed_instant("until", closing.closes_at, closing.zone)
    form = Form(LaterForOneForm, "later", language_of(request), given)
    return _list(request, session, coordinator, now, call, closing, form).response(request)


@router.post("", name="extensions.give")
def give(
    request: Request, session: Db, coordinator: AsCoordinator, now: Now, call: str, form: GiveForm
) -> Response:
    closing = call_closing(session, coordinator, now)
    try:
        value = form.value()
        _give(session, coordinator, value.ref, value.given(closing.zone), now)
    except Invalid as error:
        refused = form.refused(renamed(error, {"until": "until_day"}))
        page = _list(request, session, coordinator, now, call, closing, refused)
        return page.response(request, 422)
    return see_other(request, "extensions.list", call=call, done="extension_given")


def _give(session: Session, coordinator: Coordinator, ref: str, later: LaterInput, now: datetime) -> None:
    """What its page would refuse by its address or its version is here wrong with the reference."""
    try:
        actions.give_extension(session, coordinator, ref, later, version=0, now=now)
    except NotFound:
        raise Invalid({"ref": "extension.unknown"}) from None
    except Stale:
        raise Invalid({"ref": "extension.again"}) from None


def _list(
    request: Request,
    session: Session,
    coordinator: Coordinator,
    now: datetime,
    call: str,
    closing: CallClosing,
    form: Form[LaterForOneForm],
) -> ExtensionList:
    language = language_of(request)
    fields = form.fields
    return ExtensionList(
        call=call,
        call_title=text_in(language, closing.title),
        closes=_moment(language, closing.closes_at, closing.zone),
        lines=[
            ExtensionLine(
                ref=each.ref,
                href=path_to(language, "extensions.edit", call=call, ref=each.ref),
                status=label(language, each.status),
                due=_moment(language, each.due_at, closing.zone),
                taken_back=each.extended_to is None,
            )
            for each in full_extensions(session, coordinator, now)
        ],
        form=form,
        fields=[fields[name] for name in ("ref", "until_day", "until_time", "reason")],
        can_give=closing.phase in RECEIVING,
    )


@router.get("/{ref}", name="extensions.edit")
def edit(
    request: Request, session: Db, coordinator: AsCoordinator, now: Now, call: str, ref: str
) -> Response:
    found = full_extension(session, coordinator, ref, now)
    return _edit(request, session, coordinator, now, call, found).response(request)


@router.post("/{ref}", name="extensions.change")
def change(
    request: Request, session: Db, coordinator: AsCoordinator, now: Now, call: str, ref: str, given: Typed
) -> Response:
    form = read_form(LaterForm, "later", language_of(request), given)
    zone = call_closing(session, coordinator, now).zone
    try:
        later = form.value().given(zone)
        actions.give_extension(session, coordinator, ref, later, version=version_in(given), now=now)
    except Invalid as error:
        refused = form.refused(renamed(error, {"until": "until_day"}))
        found = full_extension(session, coordinator, ref, now)
        return _edit(request, session, coordinator, now, call, found, later=refused).response(request, 422)
    except Stale:
        found = full_extension(session, coordinator, ref, now)
        page = _edit(request, session, coordinator, now, call, found, later=form, stale=True)
        return page.response(request, 409)
    return see_other(request, "extensions.edit", call=call, ref=ref, done="extension_given")


@router.post("/{ref}/take-back", name="extensions.take_back")
def take_back(
    request: Request,
    session: Db,
    coordinator: AsCoordinator,
    now: Now,
    call: str,
    ref: str,
    form: BackForm,
) -> Response:
    try:
        why = TakenBackInput(reason=form.value().why)
        actions.take_back_extension(session, coordinator, ref, why, version=version_in(form.given), now=now)
    except Invalid as error:
        found = full_extension(session, coordinator, ref, now)
        page = _edit(request, session, coordinator, now, call, found, back=form.refused(error))
        return page.response(request, 422)
    except Stale:
        found = full_extension(session, coordinator, ref, now)
        page = _edit(request, session, coordinator, now, call, found, back=form, stale=True)
        return page.response(request, 409)
    return see_other(request, "extensions.edit", call=call, ref=ref, done="extension_taken_back")


def _edit(
    request: Request,
    session: Session,
    coordinator: Coordinator,
    now: datetime,
    call: str,
    found: FullExtension,
    *,
    later: Form[LaterForm] | None = None,
    back: Form[TakenBackForm] | None = None,
    stale: bool = False,
) -> ExtensionEdit:
    language = language_of(request)
    closing = call_closing(session, coordinator, now)
    stored = typed_instant("until", found.extended_to or closing.closes_at, closing.zone)
    later_form = later or Form(LaterForm, "later", language, stored)
    back_form = back or Form(TakenBackForm, "taken_back", language)
    return ExtensionEdit(
        call=call,
        ref=found.ref,
        status=label(language, found.status),
        closes=_moment(language, closing.closes_at, closing.zone),
        due=_moment(language, found.due_at, closing.zone),
        own=found.due_at != closing.closes_at,
        version=found.version,
        steps=[
            ExtensionStep(
                until=_moment(language, step.until, closing.zone),
                reason=step.reason,
                by=step.by,
                at=formats.moment(language, step.given_at, closing.zone),
            )
            for step in reversed(found.steps)
        ],
        wrong=Wrong([*later_form.summary, *back_form.summary]),
        stale=sentence(language, "stale") if stale else "",
        fields=[later_form.fields[name] for name in ("until_day", "until_time", "reason")],
        back_fields=[back_form.fields["why"]],
        can_change=found.can_change,
        can_take_back=found.can_take_back,
        to_call=count_without_email(session, coordinator, found.ref),
    )


def _moment(language: str, when: datetime | None, zone: ZoneInfo) -> str:
    return formats.moment(language, when, zone) if when else ""

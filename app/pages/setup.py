"""Setting up a call: making it, its task list, and the acts that everybody sees."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response
from sqlmodel import Session

from app.applications.actions import extend_for_all
from app.applications.assisted import count_without_email
from app.calls import actions
from app.calls.changing import CallStale
from app.calls.creating import may_create_calls
from app.calls.inputs import CancellationInput, CloneInput, NewCallInput
from app.calls.opening import NotReady, can_cancel, cancelling, extending
from app.calls.phase import Phase
from app.calls.readiness import Missing, Part, readiness
from app.calls.setup_view import CallSetup, call_phase, setup_of
from app.errors import Invalid, NotFound
from app.messages import label, sentence
from app.messages.labels import choices
from app.pages import (
    setup_choices,
    setup_criteria,
    setup_faq,
    setup_organisations,
    setup_preview,
    setup_rounds,
)
from app.pages.forms import Form, Mistake, form_of, read_form, typed
from app.pages.page import Page, path_to, see_other, text_in
from app.pages.setup_forms import CancellationForm, ExtensionForm, renamed, typed_instant
from app.pages.setup_part import Said, fields_of, part_page, version_in
from app.pages.setup_parts import PARTS, part_words
from app.pages.shell import LANGUAGE_NAMES
from app.pages.texts import Group, text_group
from app.web.actors import AsCoordinator, AsManager
from app.web.clock import Now
from app.web.language import language_of
from app.web.session import Db

Given = Annotated[dict[str, str | list[str]], Depends(typed)]
NewCallForm = Annotated[Form[NewCallInput], Depends(form_of(NewCallInput, "new_call"))]
CloneForm = Annotated[Form[CloneInput], Depends(form_of(CloneInput, "new_call"))]

router = APIRouter(prefix="/desk")
FORMS = {
    "criteria": "setup.criteria",
    "rounds": "setup.rounds",
    "choices": "setup.choices",
    "faq": "setup.faq",
    "organisations": "setup.organisations",
}
BEFORE_CLOSING = frozenset({Phase.SCHEDULED, Phase.OPEN})


@dataclass(frozen=True, slots=True)
class Task:
    """One line of the task list."""

    id: str
    title: str
    href: str
    status: str
    tone: str
    detail: str


@dataclass(frozen=True, kw_only=True)
class SetupNew(Page):
    """The few things a new call begins with."""

    template = "setup/new.html"
    form: Form[NewCallInput]
    groups: Sequence[Group]


@dataclass(frozen=True, kw_only=True)
class SetupShow(Page):
    """The task list of a call's setup, what is missing, and the button that opens it."""

    template = "setup/show.html"
    slug: str
    title: str
    kind: str
    phase: str
    version: int
    refused: str
    missing: Sequence[Mistake]
    tasks: Sequence[Task]
    opened: bool
    can_open: bool
    can_extend: bool
    can_cancel: bool
    can_clone: bool


@dataclass(frozen=True, kw_only=True)
class SetupClone(Page):
    """What a copy of the call needs of its own."""

    template = "setup/clone.html"
    slug: str
    title: str
    form: Form[CloneInput]


@router.get("/new", name="setup.new")
def new(request: Request, who: AsManager) -> Response:
    form = Form(NewCallInput, "new_call", language_of(request), {"kind": "grant"})
    return _new(form).response(request)


@router.post("/new", name="setup.create")
def create(request: Request, session: Db, who: AsManager, now: Now, form: NewCallForm) -> Response:
    try:
        given = form.value()
        actions.create_call(session, who, given, now)
    except Invalid as error:
        return _new(form.refused(error)).response(request, 422)
    return see_other(request, "setup.show", call=given.slug, done="call_created")


def _new(form: Form[NewCallInput]) -> SetupNew:
    fields = form.fields
    rest = Group("", "", [fields[name] for name in ("kind", "slug", "ref_prefix")])
    return SetupNew(form=form, groups=[text_group(form, "title"), rest])


@router.get("/{call}/setup", name="setup.show")
def show(request: Request, session: Db, who: AsCoordinator, now: Now) -> Response:
    return _show(request, session, who, now).response(request)


def _show(
    request: Request, session: Session, who: AsCoordinator, now: datetime, refused: str = ""
) -> SetupShow:
    setup = setup_of(session, who)
    language = language_of(request)
    missing = [] if setup.locked else readiness(setup, now)
    reached = call_phase(session, who, now)
    return SetupShow(
        slug=setup.slug,
        title=text_in(language, setup.texts.title.stored) or setup.slug,
        kind=label(language, setup.kind),
        phase=label(language, reached),
        version=setup.version,
        refused=refused,
        missing=[_mistake(each, setup, language) for each in missing],
        tasks=[_task(part, setup, missing, language) for part in Part],
        opened=setup.opened_at is not None,
        can_open=not setup.locked and not missing,
        can_extend=reached in BEFORE_CLOSING,
        can_cancel=can_cancel(session, who, reached),
        can_clone=may_create_calls(session, who),
    )


def _task(part: Part, setup: CallSetup, missing: Sequence[Missing], language: str) -> Task:
    words = choices(language, "setup_status")
    lacks = sum(1 for each in missing if each.part is part)
    status = _status(part, setup, lacks)
    return Task(
        id=str(part),
        title=part_words(language, part),
        href=_part_href(part, setup, language),
        status=words[status],
        tone={"locked": "mute", "missing": "warn"}.get(status, "none"),
        detail=f"{words['lacks']}: {lacks}" if lacks else "",
    )


def _status(part: Part, setup: CallSetup, lacks: int) -> str:
    """Questions and answers are written while the call runs, too; a call may have none."""
    if setup.cancelled_at is not None or (setup.locked and part is not Part.FAQ):
        return "locked"
    if lacks:
        return "missing"
    return "optional" if part is Part.FAQ and not setup.faq.entries else "ready"


def _part_href(part: Part, setup: CallSetup, language: str) -> str:
    route = FORMS.get(part)
    if route:
        return path_to(language, route, call=setup.slug)
    return path_to(language, "setup.edit", call=setup.slug, part=part)


def _mistake(missing: Missing, setup: CallSetup, language: str) -> Mistake:
    params = dict(missing.params)
    if "language" in params:
        params["language"] = LANGUAGE_NAMES[str(params["language"])]
    if "criterion" in params:
        titles = {each.code: each.title.stored for each in setup.criteria.criteria}
        params["criterion"] = text_in(language, titles[str(params["criterion"])]) or params["criterion"]
    return Mistake(_missing_href(missing, setup, language), sentence(language, missing.code, params))


def _missing_href(missing: Missing, setup: CallSetup, language: str) -> str:
    """To the very field, where there is one on the part's page; else to the entry of the list."""
    page = _part_href(missing.part, setup, language)
    entry, _, name = missing.field.partition(".")
    if missing.part in {Part.CRITERIA, Part.ROUNDS} and name:
        return f"{page}/{entry}#f-{name.replace('.', '-')}"
    own_fields = missing.part in PARTS or missing.part is Part.FAQ
    return f"{page}#f-{missing.field.replace('.', '-')}" if own_fields else page


@router.post("/{call}/setup/open", name="setup.open")
def open_now(request: Request, session: Db, who: AsCoordinator, now: Now, given: Given) -> Response:
    language = language_of(request)
    try:
        actions.open_call(session, who, version_in(given), now)
    except NotReady as error:
        return _show(request, session, who, now, sentence(language, error.code)).response(request, 422)
    except CallStale:
        return _show(request, session, who, now, sentence(language, "stale")).response(request, 409)
    return see_other(request, "setup.show", call=request.path_params["call"], done="call_opened")


@router.get("/{call}/setup/extend", name="setup.extension")
def extension(request: Request, session: Db, who: AsCoordinator, now: Now) -> Response:
    extending(session, who, now)
    setup = setup_of(session, who)
    zone = ZoneInfo(setup.dates.timezone)
    form = Form(
        ExtensionForm, "extension", language_of(request), typed_instant("closes", setup.dates.closes_at, zone)
    )
    return _act(request, setup, form, "extension", unreached=count_without_email(session, who)).response(
        request
    )


@router.post("/{call}/setup/extend", name="setup.extend")
def extend(request: Request, session: Db, who: AsCoordinator, now: Now, given: Given) -> Response:
    form = read_form(ExtensionForm, "extension", language_of(request), given)
    setup = setup_of(session, who)
    try:
        typed_in = form.value().given(ZoneInfo(setup.dates.timezone))
        extend_for_all(session, who, version_in(given), typed_in, now)
    except Invalid as error:
        refused = form.refused(renamed(error, {"closes_at": "closes_day"}))
        return _act(request, setup, refused, "extension").response(request, 422)
    except CallStale as error:
        stored = typed_instant("closes", setup.dates.closes_at, ZoneInfo(setup.dates.timezone))
        return _act(request, error.current, form, "extension", stored).response(request, 409)
    return see_other(request, "setup.show", call=setup.slug, done="call_extended")


@router.get("/{call}/setup/cancel", name="setup.cancellation")
def cancellation(request: Request, session: Db, who: AsCoordinator, now: Now) -> Response:
    cancelling(session, who, now)
    form = Form(CancellationForm, "cancellation", language_of(request))
    unreached = count_without_email(session, who)
    return _act(request, setup_of(session, who), form, "cancellation", unreached=unreached).response(request)


@router.post("/{call}/setup/cancel", name="setup.cancel")
def cancel(request: Request, session: Db, who: AsCoordinator, now: Now, given: Given) -> Response:
    form = read_form(CancellationForm, "cancellation", language_of(request), given)
    setup = setup_of(session, who)
    try:
        reason = CancellationInput(reason=form.value().reason)
        actions.cancel_call(session, who, version_in(given), reason, now)
    except Invalid as error:
        return _act(request, setup, form.refused(error), "cancellation").response(request, 422)
    except CallStale as error:
        return _act(request, error.current, form, "cancellation", {}).response(request, 409)
    return see_other(request, "setup.show", call=setup.slug, done="call_cancelled")


def _act(
    request: Request,
    setup: CallSetup,
    form: Form[Any],
    words: str,
    stored: Mapping[str, str | list[str]] | None = None,
    unreached: int = 0,
) -> Page:
    """The form of an act that everybody will read about, but for the `unreached`, who are to be called."""
    route = "setup.extend" if words == "extension" else "setup.cancel"
    when = [view for name, view in form.fields.items() if name != "reason"]
    return part_page(
        request,
        setup,
        form,
        [*([Group("", "", when, beside=True)] if when else []), text_group(form, "reason")],
        words=f"setup.{words}",
        action=path_to(form.language, route, call=setup.slug),
        said=[Said(choices(form.language, "setup_said")["unreached"], str(unreached))] if unreached else [],
        stored=stored,
        warn=words == "cancellation",
        locked=False,
    )


@router.get("/{call}/setup/clone", name="setup.clone")
def clone(request: Request, session: Db, who: AsCoordinator, manager: AsManager) -> Response:
    form = Form(CloneInput, "new_call", language_of(request))
    return _clone(request, session, who, form).response(request)


@router.post("/{call}/setup/clone", name="setup.clone_now")
def clone_now(
    request: Request, session: Db, who: AsCoordinator, manager: AsManager, now: Now, form: CloneForm
) -> Response:
    try:
        given = form.value()
        actions.clone_call(session, who, manager, given, now)
    except Invalid as error:
        return _clone(request, session, who, form.refused(error)).response(request, 422)
    return see_other(request, "setup.show", call=given.slug, done="call_cloned")


def _clone(request: Request, session: Session, who: AsCoordinator, form: Form[CloneInput]) -> SetupClone:
    setup = setup_of(session, who)
    title = text_in(language_of(request), setup.texts.title.stored) or setup.slug
    return SetupClone(slug=setup.slug, title=title, form=form)


for part_router in (
    setup_criteria.router,
    setup_rounds.router,
    setup_choices.router,
    setup_faq.router,
    setup_organisations.router,
    setup_preview.router,
):
    router.include_router(part_router)


# After the lists, whose addresses would otherwise be taken for a part's.
@router.get("/{call}/setup/{part}", name="setup.edit")
def edit(request: Request, session: Db, who: AsCoordinator, part: str) -> Response:
    return _part(request, setup_of(session, who), _known(part)).response(request)


@router.post("/{call}/setup/{part}", name="setup.save")
def save(request: Request, session: Db, who: AsCoordinator, now: Now, part: str, given: Given) -> Response:
    known = _known(part)
    kind = PARTS[known]
    form = read_form(kind.model, str(known), language_of(request), fields_of(kind.model, given))
    try:
        kind.save(session, who, version_in(given), form.value(), now)
    except Invalid as error:
        refused = form.refused(renamed(error, dict(kind.names or {})))
        return _part(request, setup_of(session, who), known, refused).response(request, 422)
    except CallStale as error:
        return _part(request, error.current, known, form, stale=True).response(request, 409)
    return see_other(request, "setup.edit", call=request.path_params["call"], part=part, done="saved")


def _known(part: str) -> Part:
    try:
        known = Part(part)
    except ValueError as error:
        raise NotFound from error
    if known not in PARTS:
        raise NotFound
    return known


def _part(
    request: Request, setup: CallSetup, part: Part, form: Form[Any] | None = None, *, stale: bool = False
) -> Page:
    kind = PARTS[part]
    language = language_of(request)
    stored = kind.typed(setup)
    shown = form or Form(kind.model, str(part), language, stored)
    return part_page(
        request,
        setup,
        shown,
        kind.groups(shown, setup),
        words=f"setup.{part}",
        action=path_to(language, "setup.save", call=setup.slug, part=part),
        said=kind.said(setup, language),
        stored=stored if stale else None,
    )

"""Flags: what waits for a coordinator, raising one about an application, resolving one with a reason."""

from collections.abc import Sequence, Set
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response
from sqlmodel import Session

from app.accounts.actors import Coordinator
from app.accounts.panel_names import panel_names
from app.applications import full
from app.applications.actions import flagging
from app.applications.actions.flagging import AnswerFlagInput
from app.applications.flagged import FullFlag, full_flag, full_flags, seats_of_coordinators
from app.applications.flags import FlagInput
from app.applications.redaction import refs_in_queue
from app.calls.titles import call_title
from app.errors import Invalid, Stale
from app.messages import formats, label, sentence, translations
from app.models.screening import FlagKind
from app.pages.forms import FieldView, Form, Mistake, Option, form_of, number, read_form, typed
from app.pages.page import Page, path_to, see_other
from app.web.actors import AsCoordinator
from app.web.clock import Now
from app.web.language import language_of
from app.web.session import Db

router = APIRouter(prefix="/desk/{call}")
RaiseForm = Annotated[Form[FlagInput], Depends(form_of(FlagInput, "flag"))]
Typed = Annotated[dict[str, str | list[str]], Depends(typed)]


@dataclass(frozen=True, slots=True)
class FlagView:
    """One flag in words. `answer_field` is there where it can be resolved on this page; `cover` leads to
    where it is decided what reviewers may read, if the flag is about that."""

    code: str
    ref: str
    href: str
    cover: str
    title: str
    lang: str
    kind: str
    words: str
    raised: str
    to: str
    to_me: bool
    version: int
    answer: str
    resolved: str
    answer_field: FieldView | None


@dataclass(frozen=True, kw_only=True)
class FlagList(Page):
    """Every flag of the call: what is open stands first."""

    template = "flags/list.html"
    call: str
    call_title: str
    open: Sequence[FlagView]
    resolved: Sequence[FlagView]


@dataclass(frozen=True, slots=True)
class Wrong:
    """What is wrong with the form that was pressed, for `ui/errors.html`."""

    summary: Sequence[Mistake]


@dataclass(frozen=True, kw_only=True)
class FlagsShow(Page):
    """The flags of one application, and the form that raises one more."""

    template = "flags/show.html"
    call: str
    ref: str
    title: str
    lang: str
    wrong: Wrong
    stale: str
    flags: Sequence[FlagView]
    fields: Sequence[FieldView]


@router.get("/flags", name="flags.list")
def list_flags(request: Request, session: Db, coordinator: AsCoordinator, call: str) -> Response:
    language = language_of(request)
    views = flag_views(session, coordinator, language, call, full_flags(session, coordinator))
    return FlagList(
        call=call,
        call_title=call_title(session, coordinator, language),
        open=[each for each in views if not each.resolved],
        resolved=[each for each in views if each.resolved],
    ).response(request)


@router.get("/applications/{ref}/flags", name="flags.show")
def show_flags(request: Request, session: Db, coordinator: AsCoordinator, call: str, ref: str) -> Response:
    return _page(request, session, coordinator, call, ref).response(request)


@router.post("/applications/{ref}/flags", name="flags.raise")
def raise_flag(
    request: Request, session: Db, coordinator: AsCoordinator, now: Now, call: str, ref: str, form: RaiseForm
) -> Response:
    try:
        flagging.flag_application(session, coordinator, ref, form.value(), now)
    except Invalid as error:
        page = _page(request, session, coordinator, call, ref, form=form.refused(error))
        return page.response(request, 422)
    return see_other(request, "flags.show", call=call, ref=ref, done="flag_raised")


@router.post("/flags/{flag}", name="flags.resolve")
def resolve(
    request: Request, session: Db, coordinator: AsCoordinator, now: Now, call: str, flag: str, given: Typed
) -> Response:
    form = read_form(AnswerFlagInput, "flag", language_of(request), given)
    ref = full_flag(session, coordinator, flag).ref
    try:
        version = number(given, "version")
        flagging.resolve_flag(session, coordinator, flag, form.value(), version=version, now=now)
    except Invalid as error:
        answering = (flag, form.refused(error))
        page = _page(request, session, coordinator, call, ref, answering=answering)
        return page.response(request, 422)
    except Stale:
        page = _page(request, session, coordinator, call, ref, answering=(flag, form), stale=True)
        return page.response(request, 409)
    return see_other(request, "flags.show", call=call, ref=ref, done="flag_resolved")


def _page(
    request: Request,
    session: Session,
    coordinator: Coordinator,
    call: str,
    ref: str,
    *,
    form: Form[FlagInput] | None = None,
    answering: tuple[str, Form[AnswerFlagInput]] | None = None,
    stale: bool = False,
) -> FlagsShow:
    language = language_of(request)
    found = full.full_one(session, coordinator, ref)
    form = form or Form(FlagInput, "flag", language)
    offered = form.offering(
        to=[Option(code, name) for code, name in seats_of_coordinators(session, coordinator)]
    )
    flags = full_flags(session, coordinator, ref)
    views = flag_views(session, coordinator, language, call, flags, answering=answering, answerable=True)
    mistakes = [*form.summary]
    if answering is not None:
        mistakes += [Mistake(f"#f-answer-{answering[0]}", each.text) for each in answering[1].summary]
    return FlagsShow(
        call=call,
        ref=ref,
        title=found.title,
        lang=found.language,
        wrong=Wrong(mistakes),
        stale=sentence(language, "stale") if stale else "",
        flags=views,
        fields=list(offered.fields.values()),
    )


def flag_views(
    session: Session,
    coordinator: Coordinator,
    language: str,
    call: str,
    flags: Sequence[FullFlag],
    *,
    answering: tuple[str, Form[AnswerFlagInput]] | None = None,
    answerable: bool = False,
) -> list[FlagView]:
    """Flags in words, with the names of who raised them and whom they are for; nothing is asked for none."""
    if not flags:
        return []
    names = {code: each.shown for code, each in panel_names(session, coordinator).items()}
    seen = (each.ref for each in flags if each.kind is FlagKind.IDENTITY_VISIBLE)
    queued = refs_in_queue(session, coordinator, seen)
    return [
        _view(
            language,
            call,
            names,
            each,
            _answer_field(language, each, answering) if answerable else None,
            _cover(language, call, each, queued),
        )
        for each in flags
    ]


def _view(
    language: str, call: str, names: dict[str, str], flag: FullFlag, field: FieldView | None, cover: str
) -> FlagView:
    gettext = translations(language).ugettext
    by = gettext("Reviewer: {name}") if flag.raised_by_reviewer else gettext("Coordinator: {name}")
    raised = by.format(name=names[flag.raised_by])
    resolved = ""
    if flag.resolved_at is not None:
        resolved = f"{flag.resolved_by}, {formats.moment(language, flag.resolved_at)}"
    return FlagView(
        code=flag.code,
        ref=flag.ref,
        href=path_to(language, "flags.show", call=call, ref=flag.ref),
        cover=cover,
        title=flag.title,
        lang=flag.language,
        kind=label(language, flag.kind),
        words=flag.words,
        raised=f"{raised}, {formats.moment(language, flag.raised_at)}",
        to=names[flag.addressed_to] if flag.addressed_to else gettext("every coordinator"),
        to_me=flag.to_me,
        version=flag.version,
        answer=flag.answer,
        resolved=resolved,
        answer_field=field,
    )


def _cover(language: str, call: str, flag: FullFlag, queued: Set[str]) -> str:
    if flag.kind is not FlagKind.IDENTITY_VISIBLE or flag.ref not in queued:
        return ""
    return path_to(language, "redaction.show", call=call, ref=flag.ref)


def _answer_field(
    language: str, flag: FullFlag, answering: tuple[str, Form[AnswerFlagInput]] | None
) -> FieldView | None:
    """Its own id, since several flags may be resolved on one page."""
    if flag.resolved_at is not None:
        return None
    form = Form(AnswerFlagInput, "flag", language)
    if answering is not None and answering[0] == flag.code:
        form = answering[1]
    whole = form.fields["answer"]
    return FieldView(
        id=f"f-answer-{flag.code}",
        name=whole.name,
        control=whole.control,
        label=whole.label,
        value=whole.value,
        values=whole.values,
        error=whole.error,
        cap=whole.cap,
    )

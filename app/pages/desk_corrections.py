"""A coordinator asks for corrections, sees what is awaited, and compares before and after."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response
from sqlmodel import Session

from app.accounts.actors import Coordinator
from app.applications import full
from app.applications.actions import asking
from app.applications.actions.asking import CorrectionInput, DueInput
from app.applications.assisted import count_without_email
from app.applications.corrections import (
    CorrectionChange,
    CorrectionState,
    FullCorrecting,
    FullCorrection,
    FullCorrectionLine,
    full_correcting,
    full_corrections,
    read_change,
)
from app.applications.rules import answers_about
from app.applications.screened import full_screening
from app.applications.sent_answers import holds_names
from app.calls.titles import call_title
from app.database import session_on
from app.errors import Invalid
from app.messages import formats, translations
from app.messages.answers import call_names, with_activities
from app.messages.labels import choices
from app.messages.questions import words_of
from app.pages.changes import ChangeView, changes_in_words, fields_in_words
from app.pages.correcting import TONES
from app.pages.forms import FieldView, Form, Option, form_of, read_form, typed
from app.pages.page import Page, path_to, see_other
from app.pages.tables import ColumnView, RowView, TableView, TextCell
from app.web.actors import AsCoordinator
from app.web.clock import Now
from app.web.language import language_of
from app.web.session import SAFE_METHODS, Db

router = APIRouter(prefix="/desk/{call}")
DueForm = Annotated[Form[DueInput], Depends(form_of(DueInput, "correction"))]
Typed = Annotated[dict[str, str | list[str]], Depends(typed)]


async def asked_form(request: Request) -> Form[CorrectionInput]:
    """What is asked. A date that was left empty is none: five working days are given."""
    given = {name: value for name, value in (await typed(request)).items() if (name, value) != ("due_on", "")}
    return read_form(CorrectionInput, "correction", language_of(request), given)


AskForm = Annotated[Form[CorrectionInput], Depends(asked_form)]


@dataclass(frozen=True, kw_only=True)
class DeskCorrections(Page):
    """Every request of the call; what is awaited stands first."""

    template = "desk/corrections.html"
    call: str
    call_title: str
    table: TableView | None


@dataclass(frozen=True, slots=True)
class Asked:
    """The newest request in words."""

    state: str
    tone: str
    question: str
    fields: Sequence[str]
    asked: str
    due: str
    answered: str
    version: int
    changes: Sequence[ChangeView]


@dataclass(frozen=True, kw_only=True)
class DeskCorrection(Page):
    """One application: what was asked last, and the form to ask something.

    `groups` are the questions of the sections in which one is ticked, or all; `others` the rest, folded.
    `doubted` are the rules because of which some are ticked already.
    """

    template = "desk/correction.html"
    call: str
    ref: str
    title: str
    lang: str
    asked: Asked | None
    extendable: bool
    askable: bool
    form: Form[CorrectionInput]
    doubted: Sequence[str]
    groups: Sequence[FieldView]
    others: Sequence[FieldView]
    due_form: Form[DueInput]
    to_call: int


@router.get("/corrections", name="corrections.list")
def list_corrections(
    request: Request, session: Db, coordinator: AsCoordinator, now: Now, call: str
) -> Response:
    language = language_of(request)
    found = full_corrections(session, coordinator, now)
    return DeskCorrections(
        call=call,
        call_title=call_title(session, coordinator, language),
        table=_table(language, call, found) if found else None,
    ).response(request)


def _table(language: str, call: str, found: Sequence[FullCorrectionLine]) -> TableView:
    gettext = translations(language).ugettext
    states = choices(language, "correction_state")
    columns = [
        ColumnView(gettext("Reference")),
        ColumnView(gettext("Title")),
        ColumnView(gettext("State")),
        ColumnView(gettext("Due")),
        ColumnView(gettext("Answered on")),
    ]
    rows = [
        RowView(
            [
                TextCell(each.ref, "", path_to(language, "corrections.show", call=call, ref=each.ref)),
                TextCell(each.title),
                TextCell(states[each.state]),
                TextCell(formats.moment(language, each.due_at)),
                TextCell(formats.moment(language, each.answered_at) if each.answered_at else "–"),
            ]
        )
        for each in found
    ]
    return TableView("corrections", gettext("Requests for a correction"), columns, rows)


@router.get("/applications/{ref}/correction", name="corrections.show")
def show_correction(
    request: Request, session: Db, coordinator: AsCoordinator, now: Now, call: str, ref: str
) -> Response:
    return _page(request, session, coordinator, call, ref, now).response(request)


@router.post("/applications/{ref}/correction", name="corrections.ask")
def ask(
    request: Request,
    session: Db,
    coordinator: AsCoordinator,
    now: Now,
    call: str,
    ref: str,
    form: AskForm,
) -> Response:
    try:
        asking.ask_correction(session, coordinator, ref, form.value(), now)
    except Invalid as error:
        page = _page(request, session, coordinator, call, ref, now, form=form.refused(error))
        return page.response(request, 422)
    return see_other(request, "corrections.show", call=call, ref=ref, done="correction_asked")


@router.post("/applications/{ref}/correction/due", name="corrections.extend")
def extend(
    request: Request,
    session: Db,
    coordinator: AsCoordinator,
    now: Now,
    call: str,
    ref: str,
    form: DueForm,
) -> Response:
    try:
        asking.extend_correction(session, coordinator, ref, form.value(), _version(form.given), now)
    except Invalid as error:
        page = _page(request, session, coordinator, call, ref, now, due_form=form.refused(error))
        return page.response(request, 422)
    return see_other(request, "corrections.show", call=call, ref=ref, done="correction_extended")


@router.post("/applications/{ref}/correction/close", name="corrections.close")
def close(
    request: Request,
    session: Db,
    coordinator: AsCoordinator,
    now: Now,
    call: str,
    ref: str,
    form: Typed,
) -> Response:
    asking.close_correction(session, coordinator, ref, _version(form), now)
    return see_other(request, "corrections.show", call=call, ref=ref, done="correction_closed")


def _version(given: object) -> int:
    value = given.get("version", "") if isinstance(given, dict) else ""
    return (
        int(value) if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 9 else 0
    )


def _page(
    request: Request,
    session: Session,
    coordinator: Coordinator,
    call: str,
    ref: str,
    now: datetime,
    *,
    form: Form[CorrectionInput] | None = None,
    due_form: Form[DueInput] | None = None,
) -> DeskCorrection:
    language = language_of(request)
    found = full_correcting(session, coordinator, ref, now)
    shown = full.full_one(session, coordinator, ref)
    names = with_activities(
        language,
        call_names(language, shown.themes, shown.priorities, shown.own_question),
        shown.sections.get("work_plan", {}),
    )
    asked = None
    if found.correction is not None:
        change = _change(request, session, coordinator, found.correction, now)
        asked = _asked(language, found.correction, changes_in_words(language, change, names))
    doubted = full_screening(session, coordinator, ref, now).doubted if found.askable and not form else []
    asking_form = form or Form(
        CorrectionInput,
        "correction",
        language,
        {"due_on": _default(found, now), "fields": answers_about(doubted, found.fields)},
    )
    groups, others = _groups(language, found, asking_form)
    rules = choices(language, "screening_rules")
    return DeskCorrection(
        to_call=count_without_email(session, coordinator, ref),
        call=call,
        ref=ref,
        title=shown.title,
        lang=shown.language,
        asked=asked,
        extendable=found.extendable,
        askable=found.askable,
        form=asking_form,
        doubted=[rules[rule] for rule in doubted if answers_about([rule], found.fields)],
        groups=groups,
        others=others,
        due_form=due_form or Form(DueInput, "correction", language),
    )


def _change(
    request: Request, session: Session, coordinator: Coordinator, correction: FullCorrection, now: datetime
) -> CorrectionChange | None:
    """Where answers that name people were asked for, the look at them is logged, in a unit of its own."""
    answered = correction.state is CorrectionState.ANSWERED
    if not answered or not any(holds_names(field) for field in correction.fields):
        return correction.change
    if request.method not in SAFE_METHODS:
        # A refused press holds the database for writing already: its own unit takes the line of the log.
        return read_change(session, coordinator, correction.ref, now)
    with session_on(request.state.engine) as own, own.begin():
        return read_change(own, coordinator, correction.ref, now)


def _asked(language: str, correction: FullCorrection, changes: Sequence[ChangeView]) -> Asked:
    answered = correction.answered_at
    return Asked(
        state=choices(language, "correction_state")[correction.state],
        tone=TONES[correction.state],
        question=correction.question,
        fields=fields_in_words(language, correction.fields),
        asked=formats.moment(language, correction.asked_at),
        due=formats.moment(language, correction.due_at),
        answered=formats.moment(language, answered) if answered else "",
        version=correction.version,
        changes=changes,
    )


def _default(found: FullCorrecting, now: datetime) -> str:
    return asking.default_due(now, ZoneInfo(found.timezone)).isoformat()


def _groups(
    language: str, found: FullCorrecting, form: Form[CorrectionInput]
) -> tuple[list[FieldView], list[FieldView]]:
    """The questions to choose from, a group for each section: those in which one is ticked, or all, and then
    the rest. The summary's link leads to the first."""
    whole = form.fields["fields"]
    sections: dict[str, list[str]] = {}
    for field in found.fields:
        sections.setdefault(field.partition(".")[0], []).append(field)
    near = {section for section, fields in sections.items() if {*fields} & {*whole.values}} or {*sections}
    first = next(section for section in sections if section in near)
    views = {
        section: FieldView(
            id=whole.id if section == first else f"{whole.id}-{section}",
            name="fields",
            control="checkboxes",
            label=choices(language, "sections")[section],
            options=[
                Option(field, words_of(language, field).label, "", field in whole.values) for field in fields
            ],
            error=whole.error if section == first else "",
        )
        for section, fields in sections.items()
    }
    return (
        [view for section, view in views.items() if section in near],
        [view for section, view in views.items() if section not in near],
    )

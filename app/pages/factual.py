"""Pointing out a factual error after the results, and answering it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from app.calls.titles import call_title
from app.decisions import factual
from app.decisions.factual import FactualAnswerInput, FactualInput, FullNote, OwnNote
from app.decisions.refusals import FactualAnswered
from app.errors import Invalid
from app.messages import formats, label, sentence
from app.messages.labels import choices
from app.models.decisions import FactualOutcome
from app.pages.forms import FieldView, Form, Mistake, Option, form_of
from app.pages.page import Page, see_other, text_in
from app.web.actors import AsApplicant, AsCoordinator
from app.web.clock import Now
from app.web.language import language_of
from app.web.session import Db

router = APIRouter()
own_router = APIRouter(prefix="/my/{ref}/error")
desk_router = APIRouter(prefix="/desk/{call}/errors")
FactualForm = Annotated[Form[FactualInput], Depends(form_of(FactualInput, "factual"))]
AnswerForm = Annotated[Form[FactualAnswerInput], Depends(form_of(FactualAnswerInput, "factual_answer"))]


@dataclass(frozen=True, slots=True)
class NoteView:
    """One error in words, and its answer once there is one."""

    code: str
    written: str
    text: str
    outcome: str
    answer: str
    answered: str


@dataclass(frozen=True, kw_only=True)
class FactualOwn(Page):
    """What the team pointed out; the form while it is open."""

    template = "applications/factual.html"
    ref: str
    call_title: str
    until: str
    open: bool
    told: bool
    notes: Sequence[NoteView]
    form: Form[FactualInput]


@dataclass(frozen=True, slots=True)
class AnswerView:
    """One error as the coordinator sees it, with its form while it waits; `reads`: the team's languages."""

    note: NoteView
    ref: str
    application: str
    title: str
    reads: str
    can_reword: bool
    outcome: FieldView
    answer: FieldView


@dataclass(frozen=True, slots=True)
class Wrong:
    """What the error summary needs of the forms."""

    summary: Sequence[Mistake]


@dataclass(frozen=True, kw_only=True)
class FactualList(Page):
    """Every error that was pointed out, those that wait first."""

    template = "awards/factual.html"
    call: str
    call_title: str
    waiting: Sequence[AnswerView]
    answered: Sequence[AnswerView]
    form: Wrong
    refused: str


@own_router.get("", name="factual.own")
def show_own(request: Request, session: Db, applicant: AsApplicant, now: Now, ref: str) -> Response:
    return _own(request, session, applicant, now, ref).response(request)


def _own(
    request: Request,
    session: Db,
    applicant: AsApplicant,
    now: Now,
    ref: str,
    form: Form[FactualInput] | None = None,
) -> FactualOwn:
    language, days = language_of(request), request.state.settings.factual_error_days
    found = factual.own_notes(session, applicant, ref)
    until = found.until(days)
    return FactualOwn(
        ref=ref,
        call_title=text_in(language, found.call_title),
        until=formats.moment(language, until) if until else "",
        open=found.is_open(days, now),
        told=found.told,
        notes=[_note(language, each) for each in found.notes],
        form=form or Form(FactualInput, "factual", language),
    )


def _note(language: str, note: OwnNote) -> NoteView:
    return NoteView(
        code=note.code,
        written=formats.moment(language, note.written_at),
        text=note.text,
        outcome=label(language, note.outcome) if note.outcome else "",
        answer=note.answer,
        answered=formats.moment(language, note.answered_at) if note.answered_at else "",
    )


@own_router.post("", name="factual.write")
def write(
    request: Request, session: Db, applicant: AsApplicant, now: Now, ref: str, form: FactualForm
) -> Response:
    try:
        days = request.state.settings.factual_error_days
        factual.write_note(session, applicant, ref, form.value(), days, now)
    except Invalid as error:
        return _own(request, session, applicant, now, ref, form.refused(error)).response(request, 422)
    return see_other(request, "factual.own", ref=ref, done="factual_written")


@desk_router.get("", name="factual.list")
def list_notes(request: Request, session: Db, coordinator: AsCoordinator, call: str) -> Response:
    return _list(request, session, coordinator, call).response(request)


def _list(
    request: Request,
    session: Db,
    coordinator: AsCoordinator,
    call: str,
    at: str = "",
    form: Form[FactualAnswerInput] | None = None,
    refused: str = "",
) -> FactualList:
    language = language_of(request)
    notes = factual.notes_of_call(session, coordinator)
    offered = [Option(each.value, label(language, each)) for each in FactualOutcome]
    forms = {
        each.code: (
            form if form and each.code == at else Form(FactualAnswerInput, "factual_answer", language)
        )
        .offering(outcome=offered)
        .placed(f"{each.code}.")
        for each in notes
    }
    views = [_answer(language, each, forms[each.code]) for each in notes]
    return FactualList(
        call=call,
        call_title=call_title(session, coordinator, language),
        waiting=[view for view in views if not view.note.outcome],
        answered=[view for view in views if view.note.outcome],
        form=Wrong(forms[at].summary if form and at in forms else ()),
        refused=refused,
    )


def _answer(language: str, note: FullNote, form: Form[FactualAnswerInput]) -> AnswerView:
    return AnswerView(
        _note(language, note),
        note.ref,
        note.application,
        note.title,
        ", ".join(choices(language, "languages")[each] for each in note.languages),
        note.can_reword,
        form.fields["outcome"],
        form.fields["answer"],
    )


@desk_router.post("/{code}", name="factual.answer")
def answer(
    request: Request,
    session: Db,
    coordinator: AsCoordinator,
    now: Now,
    call: str,
    code: str,
    form: AnswerForm,
) -> Response:
    try:
        factual.answer_note(session, coordinator, code, form.value(), now)
    except Invalid as error:
        page = _list(request, session, coordinator, call, code, form.refused(error))
        return page.response(request, 422)
    except FactualAnswered as error:
        why = sentence(language_of(request), error.code, error.params)
        return _list(request, session, coordinator, call, refused=why).response(request, 409)
    return see_other(request, "factual.list", call=call, done="factual_answered")


router.include_router(own_router)
router.include_router(desk_router)

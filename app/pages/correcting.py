"""Answering a request for a correction: only the named questions are open, prefilled with what was sent."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response
from sqlmodel import Session

from app.accounts.actors import Applicant
from app.applications import actions
from app.applications.actions import AnswerInput
from app.applications.corrections import CorrectionState, OwnCorrection, own_correction
from app.applications.own import own_copy
from app.applications.own_models import OwnCopy
from app.errors import Invalid, Problem
from app.messages import formats
from app.messages.labels import choices
from app.pages.changes import ChangeView, changes_in_words
from app.pages.forms import FieldView, Mistake, RowsView, element_id, typed
from app.pages.page import Page, path_to, see_other
from app.pages.section_form import Given, Writing, done_rows, given_answers, names_in
from app.sections.catalogue import CATALOGUE, Part
from app.sections.retyped import retyped
from app.sections.rows import REMOVED, RowAct, act_on
from app.web.actors import AsApplicant
from app.web.clock import Now
from app.web.language import language_of
from app.web.session import Db

router = APIRouter(prefix="/my/{ref}/fix")
Typed = Annotated[dict[str, str | list[str]], Depends(typed)]


@dataclass(frozen=True, slots=True)
class FixSection:
    """The named questions of one section."""

    title: str
    views: Sequence[FieldView | RowsView]


@dataclass(frozen=True, kw_only=True)
class ApplicationFix(Page):
    """What is asked, until when, the open fields; or what was answered."""

    template = "applications/fix.html"
    fragment = "fix_form"
    ref: str
    action: str
    question: str
    due: str
    state: str
    tone: str
    answerable: bool
    taken_back: bool
    number: int
    sections: Sequence[FixSection]
    summary: Sequence[Mistake]
    changes: Sequence[ChangeView]


TONES = {
    CorrectionState.OPEN: "warn",
    CorrectionState.OVERDUE: "err",
    CorrectionState.ANSWERED: "ok",
    CorrectionState.CLOSED: "mute",
}


@dataclass(frozen=True, slots=True)
class Filled:
    """What stands in the open fields: what was typed over what was sent, and what is wrong with it."""

    given: Mapping[str, Mapping[str, Any]]
    problems: Mapping[str, Problem]
    focus: str = ""


NOTHING = Filled({}, {})


@router.get("", name="applications.fix")
def fix(request: Request, session: Db, applicant: AsApplicant, now: Now, ref: str) -> Response:
    return _page(request, session, applicant, ref, now, NOTHING).response(request)


@router.post("", name="applications.correct")
def correct(
    request: Request, session: Db, applicant: AsApplicant, now: Now, ref: str, form: Typed
) -> Response:
    own = own_correction(session, applicant, ref, now)
    given = _given(own, form)
    pressed = _row_act(own, _one(form, "_action"))
    if pressed is not None:
        return _acted(request, session, applicant, own, now, given, pressed)
    try:
        answer = AnswerInput(number=_number(form), answers=given)
        actions.answer_correction(session, applicant, ref, answer, now)
    except Invalid as error:
        page = _page(request, session, applicant, ref, now, Filled(given, error.fields))
        return page.response(request, 422)
    return see_other(request, "applications.fix", ref=ref, done="corrected")


def _acted(
    request: Request,
    session: Session,
    applicant: Applicant,
    own: OwnCorrection,
    now: datetime,
    given: dict[str, dict[str, Any]],
    pressed: tuple[str, RowAct],
) -> Response:
    """A row was added, copied, moved or removed: the form comes back with it, and nothing is sent yet."""
    code, act = pressed
    try:
        data, row = act_on(CATALOGUE[code], given[code], act)
    except Invalid as error:
        wrong = {f"{code}.{name}": problem for name, problem in error.fields.items()}
        page = _page(request, session, applicant, own.ref, now, Filled(given, wrong))
        return page.response(request, 422)
    data.pop(REMOVED, None)
    filled = Filled({**given, code: data}, {}, row)
    return _page(request, session, applicant, own.ref, now, filled).response(request)


def _page(
    request: Request, session: Session, applicant: Applicant, ref: str, now: datetime, filled: Filled
) -> ApplicationFix:
    own = own_correction(session, applicant, ref, now)
    language = language_of(request)
    sections: list[FixSection] = []
    summary: list[Mistake] = []
    changes: list[ChangeView] = []
    if own.counts_number is not None:
        copy = own_copy(session, applicant.person_id, ref, own.counts_number, now)
        if own.answerable:
            sections, summary = _open_fields(language, own, copy, filled)
        plan = copy.sections.get("work_plan", {})
        changes = changes_in_words(language, own.change, names_in(language, copy.call, plan))
    return ApplicationFix(
        ref=ref,
        action=path_to(language, "applications.correct", ref=ref),
        question=own.question,
        due=formats.moment(language, own.due_at),
        state=choices(language, "correction_state")[own.state],
        tone=TONES[own.state],
        answerable=own.answerable,
        taken_back=own.taken_back and own.state in {CorrectionState.OPEN, CorrectionState.OVERDUE},
        number=own.next_number,
        sections=sections,
        summary=summary,
        changes=changes,
    )


def _open_fields(
    language: str, own: OwnCorrection, copy: OwnCopy, filled: Filled
) -> tuple[list[FixSection], list[Mistake]]:
    data = {
        code: {**retyped(CATALOGUE[code], copy.sections.get(code, {})), **filled.given.get(code, {})}
        for code in _named(own)
    }
    plan = data.get("work_plan") or retyped(CATALOGUE["work_plan"], copy.sections.get("work_plan", {}))
    names = names_in(language, copy.call, plan)
    lang = copy.language if copy.language != language else ""
    sections, summary = [], []
    for code, part in _named(own).items():
        problems = _of_section(code, filled.problems)
        closed = done_rows(part, data[code], problems)
        writing = Writing(language, CATALOGUE[code], data[code], names, problems, lang, filled.focus, closed)
        views = [prefixed(code, view) for view in writing.views(part)]
        sections.append(FixSection(choices(language, "sections")[code], views))
        summary += [
            Mistake(f"#{element_id(f'{code}.{name}')}", writing.listed(name, problem))
            for name, problem in problems.items()
            if name.split(".", 1)[0] in part.names
        ]
    return sections, summary + _elsewhere(language, own, copy, filled, names)


def _elsewhere(language: str, own: OwnCorrection, copy: OwnCopy, filled: Filled, names: Any) -> list[Mistake]:
    """What no longer fits in answers that are not open: the open ones have to be chosen differently."""
    mistakes = []
    for full, problem in filled.problems.items():
        code, _, name = full.partition(".")
        if code not in CATALOGUE or f"{code}.{name.partition('.')[0]}" in own.fields:
            continue
        data = retyped(CATALOGUE[code], copy.sections.get(code, {}))
        writing = Writing(language, CATALOGUE[code], data, names, {}, "")
        words = f"{choices(language, 'sections')[code]} — {writing.listed(name, problem)}"
        href = path_to(language, "applications.sent_copy", ref=own.ref) + f"#{code}"
        mistakes.append(Mistake(href, words))
    return mistakes


def _named(own: OwnCorrection) -> dict[str, Part]:
    """Section -> the questions of it that are open, as a page of its form."""
    named: dict[str, list[str]] = {}
    for field in own.fields:
        section, _, question = field.partition(".")
        named.setdefault(section, []).append(question)
    return {code: Part("fix", tuple(questions)) for code, questions in named.items()}


def prefixed(code: str, view: FieldView | RowsView) -> FieldView | RowsView:
    """The same question in a form of several sections, whose names would else meet."""
    name = f"{code}.{view.name}"
    if isinstance(view, FieldView):
        return replace(view, id=element_id(name), name=name)
    rows = [
        replace(
            row, fields=[field for each in row.fields if isinstance(field := prefixed(code, each), FieldView)]
        )
        for row in view.rows
    ]
    return replace(view, id=element_id(name), name=name, rows=rows)


def _given(own: OwnCorrection, form: Given) -> dict[str, dict[str, Any]]:
    """What was typed in the open fields, by section."""
    given = {}
    for code, part in _named(own).items():
        start = f"{code}."
        inner = {name.removeprefix(start): value for name, value in form.items() if name.startswith(start)}
        given[code] = given_answers(CATALOGUE[code], part, inner)
    return given


def _row_act(own: OwnCorrection, value: str) -> tuple[str, RowAct] | None:
    """The button of a table, `remove:budget.lines:ab12cd34`, with its section; None for "Send"."""
    act, _, rest = value.partition(":")
    table, _, row = rest.partition(":")
    code, _, name = table.partition(".")
    if code not in CATALOGUE or f"{code}.{name}" not in own.fields:
        return None
    found = RowAct.read(CATALOGUE[code], f"{act}:{name}:{row}" if row else f"{act}:{name}")
    return (code, found) if found is not None and found.act != "undo" else None


def _of_section(code: str, problems: Mapping[str, Problem]) -> dict[str, Problem]:
    start = f"{code}."
    return {name.removeprefix(start): each for name, each in problems.items() if name.startswith(start)}


def _one(form: Given, name: str) -> str:
    value = form.get(name, "")
    return value[-1] if isinstance(value, list) else value


def _number(form: Given) -> int:
    value = _one(form, "number")
    return int(value) if value.isascii() and value.isdigit() and 0 < len(value) < 5 else 1

"""Answering a request for a correction: only the named questions are open, prefilled with what was sent.

What is typed is kept at every pause, as in the sections of a draft, and sent with one press."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response
from sqlmodel import Session

from app.accounts.actors import Applicant
from app.applications import actions
from app.applications.actions import AnswerInput, NotReady, SavedCorrection
from app.applications.correction_refusals import CorrectionClosed, CorrectionOverdue, CorrectionTakenBack
from app.applications.corrections import CorrectionState, OwnCorrection, own_correction, own_typed_at
from app.applications.own import own_copy
from app.applications.own_models import OwnCopy
from app.applications.refusals import ReadOnly
from app.errors import DomainError, Invalid, NotFound, Problem, Stale
from app.messages import formats, translations
from app.messages.answers import plain, shown
from app.messages.labels import choices
from app.pages.autosaves import (
    RefusalView,
    UndoView,
    conflict_again,
    conflict_answer,
    refusal_view,
    refused_answer,
    saved_answer,
    saved_in_words,
    typed_as_text,
    unfit_answer,
)
from app.pages.changes import ChangeView, changes_in_words, field_in_words
from app.pages.conflicts import CHOICE, ConflictView, choice_views, chosen_answers
from app.pages.forms import FieldView, Mistake, RowsView, Typed, element_id, number, one
from app.pages.page import Page, path_to, see_other, wants_fragment
from app.pages.section_form import Given, Writing, done_rows, given_answers, names_in
from app.pages.session_end import SessionEnd, session_end
from app.pages.sign_in import prolong
from app.pages.writing import act_in_words
from app.sections.catalogue import CATALOGUE, Part
from app.sections.drafts import typed_answers
from app.sections.retyped import retyped
from app.sections.rows import RowAct
from app.web.actors import AsApplicant, is_shared_computer
from app.web.clock import Now
from app.web.language import language_of
from app.web.session import Db

router = APIRouter(prefix="/my/{ref}/fix")


@dataclass(frozen=True, slots=True)
class FixSection:
    """The named questions of one section."""

    title: str
    views: Sequence[FieldView | RowsView]


@dataclass(frozen=True, kw_only=True)
class ApplicationFix(Page):
    """What is asked, until when, the open fields; or what was answered.

    `open` is whether there is a form: also one that can be sent no more, but holds what was typed.
    """

    template = "applications/fix.html"
    fragment = "fix_form"
    ref: str
    action: str
    autosave: str
    question: str
    due: str
    state: str
    tone: str
    open: bool
    taken_back: bool
    number: int
    version: int
    saved: str
    sections: Sequence[FixSection]
    summary: Sequence[Mistake]
    changes: Sequence[ChangeView]
    undo: UndoView | None
    conflict: ConflictView | None
    refusal: RefusalView | None
    stale: bool
    kept: bool
    local: str
    session_end: SessionEnd | None
    announced: str


TONES = {
    CorrectionState.OPEN: "warn",
    CorrectionState.OVERDUE: "err",
    CorrectionState.ANSWERED: "ok",
    CorrectionState.CLOSED: "mute",
}
REFUSED = (CorrectionClosed, CorrectionOverdue, CorrectionTakenBack, ReadOnly)
"""Why nothing is saved here any more: said beside what was typed, so that it can be kept."""


@dataclass(frozen=True, slots=True)
class Filled:
    """What stands in the open fields beyond what is stored, what is wrong with it, and what was pressed.

    `given` is what was typed, and is not stored unless it is `kept`; `version` is the one that was seen.
    """

    given: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    problems: Mapping[str, Problem] = field(default_factory=dict)
    kept: bool = False
    version: int | None = None
    stale: Stale | None = None
    refused: DomainError | None = None
    focus: str = ""
    removed: bool = False
    announced: str = ""


@router.get("", name="applications.fix")
def fix(request: Request, session: Db, applicant: AsApplicant, now: Now, ref: str) -> Response:
    return _page(request, session, applicant, ref, now, Filled()).response(request)


@router.post("", name="applications.correct")
def correct(
    request: Request, session: Db, applicant: AsApplicant, now: Now, ref: str, form: Typed
) -> Response:
    own = own_correction(session, applicant, ref, now)
    given, pressed, version = _given(own, form), one(form, "_action"), number(form, "version")
    if pressed == "download":
        return _typed_as_text(request, session, applicant, own, given, now)
    act = _row_act(own, pressed)
    try:
        saved = _kept(session, applicant, ref, form, given, act, now)
    except Invalid as error:
        # Where it is only not right yet, all of it is kept; what not even a draft holds stays typed.
        kept = isinstance(error, NotReady)
        filled = Filled(given, error.fields, kept=kept, version=None if kept else version)
        return _page(request, session, applicant, ref, now, filled).response(request, 422)
    except Stale as stale:
        filled = Filled(given, version=version, stale=stale)
        return _page(request, session, applicant, ref, now, filled).response(request, 409)
    except REFUSED as refused:
        if own.counts_number is None:
            raise
        filled = Filled(given, version=version, refused=refused)
        return _page(request, session, applicant, ref, now, filled).response(request, 409)
    if act is not None and saved is not None:
        return _acted(request, session, applicant, ref, now, act, saved)
    return _to_next(request, session, ref, pressed, now)


def _kept(
    session: Session,
    applicant: Applicant,
    ref: str,
    form: Given,
    given: dict[str, dict[str, Any]],
    act: tuple[str, RowAct] | None,
    now: datetime,
) -> SavedCorrection | None:
    """What was pressed: an act on a row, a choice between two texts, "Send", or a save."""
    version, pressed = number(form, "version"), one(form, "_action")
    if act is not None:
        return actions.act_on_correction(session, applicant, ref, given, *act, version=version, now=now)
    if pressed == "choose":
        chosen, seen = chosen_answers(form), number(form, "seen")
        return actions.choose_typed(session, applicant, ref, given, chosen, version=seen, now=now)
    if pressed == "send":
        answer = AnswerInput(number=_number(form), version=max(version, 1), answers=given)
        actions.answer_correction(session, applicant, ref, answer, now)
        return None
    return actions.save_correction(session, applicant, ref, given, version=version, now=now)


@router.patch("/autosave", name="applications.fix_autosave")
def autosave(
    request: Request, session: Db, applicant: AsApplicant, now: Now, ref: str, form: Typed
) -> Response:
    own = own_correction(session, applicant, ref, now)
    given, version = _given(own, form), number(form, "version")
    language = language_of(request)
    try:
        saved = actions.save_correction(session, applicant, ref, given, version=version, now=now)
    except Stale as stale:
        if number(form, "seen") == stale.version:
            return conflict_again(request, form)
        conflict = _conflict(session, applicant, language, own, given, stale, version, now)
        return conflict_answer(request, conflict)
    except REFUSED as refused:
        return refused_answer(request, form, refused, _copy_href(language, ref))
    except Invalid as error:
        return unfit_answer(request, form, error)
    return saved_answer(request, saved.version, now)


def _to_next(request: Request, session: Session, ref: str, pressed: str, now: datetime) -> Response:
    if pressed == "send":
        return see_other(request, "applications.fix", ref=ref, done="corrected")
    if pressed == "later":
        return see_other(request, "applications.status", ref=ref, done="section_saved")
    if pressed == "stay":
        response = see_other(request, "applications.fix", ref=ref, done="stayed")
        prolong(request, session, response, now)
        return response
    return see_other(request, "applications.fix", ref=ref, done="section_saved")


def _acted(
    request: Request,
    session: Session,
    applicant: Applicant,
    ref: str,
    now: datetime,
    act: tuple[str, RowAct],
    saved: SavedCorrection,
) -> Response:
    """A row was added, copied, moved or removed: it is saved, and nothing is sent yet."""
    code, pressed = act
    if not wants_fragment(request):
        table = element_id(f"{code}.{pressed.table}")
        anchor = f"{table}-{saved.row}" if saved.row else "undo"
        return see_other(request, "applications.fix", ref=ref, anchor=anchor)
    said = act_in_words(language_of(request), CATALOGUE[code], pressed)
    filled = Filled(focus=saved.row, removed=pressed.act == "remove", announced=said)
    return _page(request, session, applicant, ref, now, filled).response(request)


def _page(
    request: Request, session: Session, applicant: Applicant, ref: str, now: datetime, filled: Filled
) -> ApplicationFix:
    own = own_correction(session, applicant, ref, now)
    language = language_of(request)
    sections: list[FixSection] = []
    summary: list[Mistake] = []
    changes: list[ChangeView] = []
    open_ = own.counts_number is not None and (own.answerable or filled.refused is not None)
    if own.counts_number is not None:
        copy = own_copy(session, applicant.person_id, ref, own.counts_number, now)
        if open_:
            sections, summary = _open_fields(language, own, copy, filled)
        plan = copy.sections.get("work_plan", {})
        changes = changes_in_words(language, own.change, names_in(language, copy.call, plan))
    stale, seen = filled.stale, own.version if filled.version is None else filled.version
    conflict = (
        _conflict(session, applicant, language, own, filled.given, stale, seen, now)
        if stale is not None and stale.current is not None
        else None
    )
    same = stale is not None and not (conflict and conflict.choices)
    unsaved = filled.given and not filled.kept
    return ApplicationFix(
        ref=ref,
        action=path_to(language, "applications.correct", ref=ref),
        autosave=path_to(language, "applications.fix_autosave", ref=ref),
        question=own.question,
        due=formats.moment(language, own.due_at),
        state=choices(language, "correction_state")[own.state],
        tone=TONES[own.state],
        open=open_,
        taken_back=own.taken_back and own.state in {CorrectionState.OPEN, CorrectionState.OVERDUE},
        number=own.next_number,
        version=own.version if same else seen,
        saved=saved_in_words(language, own.saved_at) if own.saved_at and not unsaved else "",
        sections=sections,
        summary=summary,
        changes=changes,
        undo=_undo(language, own, focus=filled.removed),
        conflict=None if same else conflict,
        refusal=refusal_view(language, filled.refused, _copy_href(language, ref)) if filled.refused else None,
        stale=same,
        kept=not unsaved,
        local="" if is_shared_computer(request) else f"{ref}/fix",
        session_end=session_end(request, now) if open_ else None,
        announced=filled.announced,
    )


def _open_fields(
    language: str, own: OwnCorrection, copy: OwnCopy, filled: Filled
) -> tuple[list[FixSection], list[Mistake]]:
    data = _standing(own, copy, filled.given)
    names = names_in(language, copy.call, _plan(data, copy))
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


def _standing(own: OwnCorrection, copy: OwnCopy, given: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """The sections that have an open question, as they stand in the form."""
    return {
        code: {
            **retyped(CATALOGUE[code], copy.sections.get(code, {})),
            **own.typed.get(code, {}),
            **given.get(code, {}),
        }
        for code in _named(own)
    }


def _plan(data: Mapping[str, Any], copy: OwnCopy) -> Mapping[str, Any]:
    """The work plan that the answers are read with."""
    return data.get("work_plan") or retyped(CATALOGUE["work_plan"], copy.sections.get("work_plan", {}))


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


def _conflict(
    session: Session,
    applicant: Applicant,
    language: str,
    own: OwnCorrection,
    given: Mapping[str, Mapping[str, Any]],
    stale: Stale,
    version: int,
    now: datetime,
) -> ConflictView:
    """What was typed beside what is stored, for every open question of every section."""
    copy = own_copy(session, applicant.person_id, own.ref, own.counts_number or 0, now)
    names = names_in(language, copy.call, _plan(_standing(own, copy, given), copy))
    stored = stale.current if isinstance(stale.current, dict) else {}
    base = own_typed_at(session, applicant, own.ref, version)
    gettext = translations(language).ugettext
    at = formats.clock(own.saved_at) if own.saved_at else ""
    choices_ = [
        replace(view, label=field_in_words(language, view.name.removeprefix(CHOICE)))
        for code, answers in given.items()
        for view in choice_views(
            language,
            code,
            names,
            typed_answers(CATALOGUE[code], answers),
            stored.get(code, {}),
            base.get(code, {}) if base is not None else None,
            f"{code}.",
        )
    ]
    return ConflictView(
        id="conflict-panel",
        words=gettext("These answers were saved elsewhere at {time}.").format(time=at)
        + " "
        + gettext("Nothing is changed until you choose."),
        choices=choices_,
        seen=stale.version,
    )


def _undo(language: str, own: OwnCorrection, *, focus: bool) -> UndoView | None:
    """The row that was removed last; of several tables the first."""
    for table, place in own.removed.items():
        if table in own.fields:
            row = choices(language, "rows")[table]
            words = translations(language).ugettext("{row} {number} was removed.")
            return UndoView(words.format(row=row, number=place + 1), f"undo:{table}", focus)
    return None


def _typed_as_text(
    request: Request,
    session: Session,
    applicant: Applicant,
    own: OwnCorrection,
    given: Mapping[str, Mapping[str, Any]],
    now: datetime,
) -> Response:
    language = language_of(request)
    if own.counts_number is None:
        raise NotFound
    copy = own_copy(session, applicant.person_id, own.ref, own.counts_number, now)
    names = names_in(language, copy.call, _plan(_standing(own, copy, given), copy))
    texts = [
        plain(choices(language, "sections")[code], [one for one in answers if one.name in given[code]])
        for code in given
        for answers in [shown(language, code, given[code], names)]
    ]
    return typed_as_text(own.ref, "\n\n".join(texts))


def _copy_href(language: str, ref: str) -> str:
    return path_to(language, "applications.sent_copy", ref=ref)


def _named(own: OwnCorrection) -> dict[str, Part]:
    """Section -> the questions of it that are open, as a page of its form."""
    named: dict[str, list[str]] = {}
    for each in own.fields:
        section, _, question = each.partition(".")
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
    """The button of a table, `remove:budget.lines:ab12cd34`, with its section; None for any other."""
    act, _, rest = value.partition(":")
    table, _, row = rest.partition(":")
    code, _, name = table.partition(".")
    if code not in CATALOGUE or f"{code}.{name}" not in own.fields:
        return None
    found = RowAct.read(CATALOGUE[code], f"{act}:{name}:{row}" if row else f"{act}:{name}")
    return (code, found) if found is not None else None


def _of_section(code: str, problems: Mapping[str, Problem]) -> dict[str, Problem]:
    start = f"{code}."
    return {name.removeprefix(start): each for name, each in problems.items() if name.startswith(start)}


def _number(form: Given) -> int:
    value = one(form, "number")
    return int(value) if value.isascii() and value.isdigit() and 0 < len(value) < 5 else 1

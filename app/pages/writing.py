"""Writing one section: its pages, autosave, rows, and two versions of one text."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from fastapi.responses import RedirectResponse, Response
from sqlmodel import Session

from app.accounts.actors import Applicant
from app.applications import actions
from app.applications.actions import Saved
from app.applications.copies import counts_in_words
from app.applications.limits import limits_of
from app.applications.own import own_plan, own_section
from app.applications.own_models import OwnPart
from app.applications.own_versions import kept_answers
from app.applications.refusals import NotADraft, ReadOnly, TooLate
from app.errors import DomainError, Invalid, NotFound, Problem, Stale
from app.messages import formats, sentence, translations
from app.messages.answers import plain, shown
from app.messages.labels import choices
from app.pages.answer_views import place_of
from app.pages.beside import NOTHING, WATCHED, Beside, Stand, beside
from app.pages.budget_totals import totals_view
from app.pages.conflicts import ConflictView, chosen_answers, conflict_view
from app.pages.deadlines import DeadlineView, deadline_view
from app.pages.forms import FieldView, Mistake, RowsView, typed
from app.pages.page import Page, path_to, see_other, wants_fragment
from app.pages.section_form import Given, Writing, done_rows, given_answers, names_of
from app.pages.session_end import SessionEnd, session_end
from app.pages.sign_in import prolong
from app.sections.catalogue import CATALOGUE, Part, Section
from app.sections.drafts import typed_answers
from app.sections.judging import MISSING
from app.sections.limits import Limits
from app.sections.rows import REMOVED, RowAct
from app.sections.totals import totals_of_draft
from app.web.actors import AsApplicant, is_shared_computer
from app.web.clock import Now
from app.web.language import language_of
from app.web.session import Db

router = APIRouter(prefix="/apply/{ref}/{section}")
Typed = Annotated[dict[str, str | list[str]], Depends(typed)]


@dataclass(frozen=True, slots=True)
class UndoView:
    """The row that was removed last, to be brought back."""

    words: str
    value: str
    focus: bool


@dataclass(frozen=True, slots=True)
class RefusalView:
    """Why nothing can be saved here any more, and where the answers that were saved can be read."""

    words: str
    code: str
    copy_href: str


@dataclass(frozen=True, kw_only=True)
class SectionWrite(Page):
    """One page of a section's form."""

    template = "applications/section.html"
    fragment = "section_form"
    part: str
    action: str
    autosave: str
    title: str
    caption: str
    back_href: str
    back: str
    counts: str
    deadline: DeadlineView
    views: Sequence[FieldView | RowsView]
    summary: Sequence[Mistake]
    version: int
    saved: str
    beside: Beside
    undo: UndoView | None
    conflict: ConflictView | None
    refusal: RefusalView | None
    stale: bool
    kept: bool
    local: str
    session_end: SessionEnd | None
    versions_href: str
    announced: str


@dataclass(frozen=True, kw_only=True)
class SectionSaved(Page):
    """What an autosave answers: the status line, the new version, and what follows from the answers."""

    template = "applications/saved.html"
    words: str
    saved: bool
    version: int
    beside: Beside


@dataclass(frozen=True, kw_only=True)
class SectionConflict(Page):
    """What an autosave answers when somebody else saved in between."""

    template = "applications/conflict.html"
    conflict: ConflictView


@dataclass(frozen=True, kw_only=True)
class SectionRefused(Page):
    """What an autosave answers when nothing can be saved here any more; `line` stands where "Saved" stood."""

    template = "applications/refused.html"
    refusal: RefusalView
    line: str


@router.get("", name="applications.write")
@router.get("/{page}", name="applications.write_page")
def write(
    request: Request, session: Db, applicant: AsApplicant, now: Now, ref: str, section: str, page: str = ""
) -> Response:
    own = own_section(session, applicant, ref, section, now)
    part = _part(section, page)
    if not own.application.writable:
        return see_other(request, "applications.tasks", ref=ref)
    back = _back(request.query_params.get("back", ""))
    problems = {
        name: problem for name, problem in own.section.problems.items() if back or problem[0] not in MISSING
    }
    return _page(request, own, part, now, problems=problems, back=back).response(request)


@router.post("", name="applications.save")
@router.post("/{page}", name="applications.save_page")
def save(
    request: Request,
    session: Db,
    applicant: AsApplicant,
    now: Now,
    ref: str,
    section: str,
    form: Typed,
    page: str = "",
) -> Response:
    part = _part(section, page)
    known = CATALOGUE[section]
    pressed, back = _one(form, "_action"), _back(_one(form, "back"))
    given = given_answers(known, part, form)
    if pressed == "download":
        return _typed_as_text(request, own_section(session, applicant, ref, section, now), given)
    act = RowAct.read(known, pressed)
    try:
        saved = _kept(session, applicant, ref, section, form, given, act, now)
    except Invalid as error:
        # So long, or so many rows, that not even a draft holds it: nothing is kept, and all stays typed.
        own = own_section(session, applicant, ref, section, now)
        version = _number(form, "version")
        page_ = _page(request, own, part, now, problems=error.fields, typed=given, version=version, back=back)
        return page_.response(request, 422)
    except Stale as stale:
        own = own_section(session, applicant, ref, section, now)
        page_ = _conflict_page(request, session, own, part, form, given, stale, now, back)
        return page_.response(request, 409)
    except (TooLate, NotADraft, ReadOnly) as refused:
        own = own_section(session, applicant, ref, section, now)
        refusal = _refusal(language_of(request), ref, refused)
        page_ = _page(request, own, part, now, problems={}, typed=given, refusal=refusal, back=back)
        return page_.response(request, 409)
    if act is not None:
        return _acted(request, session, applicant, part, saved, act, back, now)
    return _saved(request, session, applicant, part, pressed, back, saved, now)


def _kept(
    session: Session,
    applicant: Applicant,
    ref: str,
    section: str,
    form: Given,
    given: dict[str, Any],
    act: RowAct | None,
    now: datetime,
) -> Saved:
    """What was pressed: an act on a row, a choice between two versions, or a save."""
    version = _number(form, "version")
    if act is not None:
        return actions.act_on_row(session, applicant, ref, section, given, act, version=version, now=now)
    if _one(form, "_action") == "choose":
        chosen, seen = chosen_answers(form), _number(form, "seen")
        return actions.choose_answers(session, applicant, ref, section, given, chosen, version=seen, now=now)
    return actions.save_section(session, applicant, ref, section, given, version=version, now=now)


@router.patch("/autosave", name="applications.autosave")
def autosave(
    request: Request, session: Db, applicant: AsApplicant, now: Now, ref: str, section: str, form: Typed
) -> Response:
    part = _part(section, _one(form, "part"))
    given = given_answers(CATALOGUE[section], part, form)
    version = _number(form, "version")
    try:
        saved = actions.save_section(session, applicant, ref, section, given, version=version, now=now)
    except Stale as stale:
        return _autosave_conflict(request, session, applicant, ref, section, form, given, stale, now)
    except (TooLate, NotADraft, ReadOnly) as refused:
        return _autosave_refused(request, ref, form, refused)
    except Invalid as error:
        words = sentence(language_of(request), *next(iter(error.fields.values())))
        page = SectionSaved(words=words, saved=False, version=version, beside=NOTHING)
        return page.response(request, 422)
    language = language_of(request)
    return SectionSaved(
        words=saved_in_words(language, now),
        saved=True,
        version=saved.version,
        beside=_beside_saved(session, language, part, saved),
    ).response(request)


def saved_in_words(language: str, at: datetime) -> str:
    """The line that lets people stop."""
    words = translations(language).ugettext("Saved {time}. You can close this page.")
    return words.format(time=formats.clock(at))


def _autosave_conflict(
    request: Request,
    session: Db,
    applicant: AsApplicant,
    ref: str,
    section: str,
    form: Given,
    given: dict[str, Any],
    stale: Stale,
    now: datetime,
) -> Response:
    language = language_of(request)
    version = _number(form, "version")
    if _number(form, "seen") == stale.version:
        # The choice is already on the page: it must not take the focus from who types on.
        words = translations(language).ugettext("Not saved: choose one of the two versions.")
        return SectionSaved(words=words, saved=False, version=version, beside=NOTHING).response(request, 409)
    own = own_section(session, applicant, ref, section, now)
    conflict = _conflict(session, language, own, given, stale, version)
    return _in_conflict_place(SectionConflict(conflict=conflict).response(request, 409))


def _autosave_refused(
    request: Request, ref: str, form: Given, refused: TooLate | NotADraft | ReadOnly
) -> Response:
    language = language_of(request)
    line = translations(language).ugettext("Not saved")
    if _one(form, "refused") == refused.code:
        # It is said already, and whoever types on is not told again at every pause.
        version = _number(form, "version")
        return SectionSaved(words=line, saved=False, version=version, beside=NOTHING).response(request, 409)
    page = SectionRefused(refusal=_refusal(language, ref, refused), line=line)
    return _in_conflict_place(page.response(request, 409))


def _in_conflict_place(response: Response) -> Response:
    response.headers["HX-Retarget"] = "#conflict"
    response.headers["HX-Reswap"] = "innerHTML"
    return response


def _refusal(language: str, ref: str, refused: DomainError) -> RefusalView:
    words = sentence(language, refused.code, refused.params)
    return RefusalView(words, refused.code, path_to(language, "applications.copy", ref=ref))


def _typed_as_text(request: Request, own: OwnPart, given: dict[str, Any]) -> Response:
    """What stands on the page, saved or not, as a file: for when it can be saved no more."""
    language, code = language_of(request), own.section.code
    answers = shown(language, code, {**own.section.data, **given}, names_of(language, own))
    text = plain(choices(language, "sections")[code], answers)
    headers = {"Content-Disposition": f'attachment; filename="{own.application.ref}-{code}.txt"'}
    return Response(text, media_type="text/plain; charset=utf-8", headers=headers)


def _acted(
    request: Request,
    session: Db,
    applicant: AsApplicant,
    part: Part,
    saved: Saved,
    act: RowAct,
    back: str,
    now: datetime,
) -> Response:
    ref, section = saved.mine.application.ref, CATALOGUE[saved.section]
    if not wants_fragment(request):
        anchor = f"f-{act.table}-{saved.row}" if saved.row else "undo"
        return _to_page(request, ref, section, part, anchor=anchor, back=back)
    own = own_section(session, applicant, ref, section.code, now)
    problems = {name: each for name, each in own.section.problems.items() if each[0] not in MISSING}
    page = _page(
        request,
        own,
        part,
        now,
        problems=problems,
        back=back,
        focus=saved.row,
        removed=act.act == "remove",
        announced=_announced(language_of(request), section, act, own),
    )
    return page.response(request)


def _announced(language: str, section: Section, act: RowAct, own: OwnPart) -> str:
    gettext = translations(language).ugettext
    words = {
        "add": gettext("{row} added."),
        "copy": gettext("{row} copied."),
        "remove": gettext("{row} removed. You can undo this."),
        "undo": gettext("{row} is back."),
        "up": gettext("{row} moved up."),
        "down": gettext("{row} moved down."),
    }[act.act]
    row = choices(language, "rows")[f"{section.code}.{act.table}"]
    said = words.format(row=row)
    if section.code != "budget":
        return said
    totals = totals_view(language, own.call.limits, own.section.data, totals_of_draft(own.section.data))
    return f"{said} {totals.left}." if totals else said


def _saved(
    request: Request,
    session: Db,
    applicant: AsApplicant,
    part: Part,
    pressed: str,
    back: str,
    saved: Saved,
    now: datetime,
) -> Response:
    """Coming back later always leaves; going on shows what is wrong (it is saved all the same)."""
    ref, section = saved.mine.application.ref, CATALOGUE[saved.section]
    if pressed == "stay":
        response = _to_page(request, ref, section, part, done="stayed")
        prolong(request, session, response, now)
        return response
    if pressed == "later":
        return see_other(request, "applications.tasks", ref=ref, done="section_saved")
    own = own_section(session, applicant, ref, section.code, now)
    wrong = {
        name: problem
        for name, problem in own.section.problems.items()
        if problem[0] not in MISSING and name.split(".", 1)[0] in part.names
    }
    if wrong:
        return _page(request, own, part, now, problems=wrong, back=back, kept=True).response(request, 422)
    if pressed == "choose":
        return _to_page(request, ref, section, part, done="section_saved")
    if back == "check":
        return see_other(request, "applications.check", ref=ref, anchor=section.code)
    parts = section.parts_for(saved.data)
    if part in parts[:-1]:
        return _to_page(request, ref, section, parts[parts.index(part) + 1])
    return see_other(request, "applications.tasks", ref=ref, done="section_saved")


def _conflict_page(
    request: Request,
    session: Session,
    own: OwnPart,
    part: Part,
    form: Given,
    given: dict[str, Any],
    stale: Stale,
    now: datetime,
    back: str,
) -> SectionWrite:
    """What was typed stays in the fields, and the panel shows both. Where all that one can see is the same,
    the next press does what this one did not."""
    version = _number(form, "version")
    conflict = _conflict(session, language_of(request), own, given, stale, version)
    same = not conflict.choices
    return _page(
        request,
        own,
        part,
        now,
        problems={},
        typed=given,
        conflict=None if same else conflict,
        stale=same,
        version=stale.version if same else version,
        back=back,
    )


def _conflict(
    session: Session, language: str, own: OwnPart, given: dict[str, Any], stale: Stale, version: int
) -> ConflictView:
    base = {} if version == 1 else kept_answers(session, own, version)
    return conflict_view(language, own, typed_answers(CATALOGUE[own.section.code], given), stale, base)


def _on_behalf(language: str, own: OwnPart, caption: str) -> str:
    """Who types it in for somebody sees that on every page."""
    entered = own.application.entered
    if entered is None or not entered.by_me:
        return caption
    return f"{caption} · {translations(language).ugettext('on behalf of its owner')}"


def _page(
    request: Request,
    own: OwnPart,
    part: Part,
    now: datetime,
    *,
    problems: dict[str, Problem],
    typed: dict[str, Any] | None = None,
    conflict: ConflictView | None = None,
    refusal: RefusalView | None = None,
    stale: bool = False,
    kept: bool = False,
    version: int | None = None,
    back: str = "",
    focus: str = "",
    removed: bool = False,
    announced: str = "",
) -> SectionWrite:
    language = language_of(request)
    section = CATALOGUE[own.section.code]
    ref = own.application.ref
    data = {**own.section.data, **(typed or {})}
    lang = own.application.language if own.application.language != language else ""
    closed = frozenset[str]() if typed else done_rows(part, data, own.section.problems)
    names = names_of(language, own)
    guides = _guides(language, own.call.limits)
    writing = Writing(language, section, data, names, problems, lang, focus, closed, guides)
    plan = data if section.code == "work_plan" else own.work_plan
    stand = Stand(language, ref, section.code, data, plan, own.call.limits, lang, own.section.problems)
    parts = section.parts_for(data)
    several = len(section.parts) > 1
    section_title = choices(language, "sections")[section.code]
    place = {"ref": ref, "section": section.code}
    action = (
        path_to(language, "applications.save_page", page=part.code, **place)
        if several
        else path_to(language, "applications.save", **place)
    )
    return SectionWrite(
        part=part.code,
        action=action,
        autosave=path_to(language, "applications.autosave", **place),
        title=choices(language, "pages")[f"{section.code}.{part.code}"] if several else section_title,
        caption=_on_behalf(language, own, _caption(language, parts, part, section_title) if several else ref),
        back_href=_back_href(language, ref, section, parts, part, back),
        back=back,
        counts=counts_in_words(language, own.application),
        deadline=deadline_view(language, own.application, now),
        views=writing.views(part),
        summary=writing.mistakes(part),
        version=own.section.version if version is None else version,
        # What is typed here was refused: nothing of it is saved, and nobody may close the page.
        saved=saved_in_words(language, own.section.updated_at)
        if own.section.version > 1 and typed is None
        else "",
        beside=beside(stand, part),
        undo=_undo(language, section, part, own.section.data, removed),
        conflict=conflict,
        refusal=refusal,
        stale=stale,
        kept=kept,
        local="" if is_shared_computer(request) else f"{ref}/{section.code}/{part.code}",
        session_end=session_end(request, now),
        versions_href=path_to(language, "applications.versions", **place),
        announced=announced,
    )


def _caption(language: str, parts: Sequence[Part], part: Part, section_title: str) -> str:
    if part not in parts:
        return section_title
    words = translations(language).ugettext("{section} · page {number} of {all}")
    return words.format(section=section_title, number=parts.index(part) + 1, all=len(parts))


def _back_href(
    language: str, ref: str, section: Section, parts: Sequence[Part], part: Part, back: str
) -> str:
    if back == "check":
        return path_to(language, "applications.check", ref=ref)
    if part not in parts[1:]:
        return path_to(language, "applications.tasks", ref=ref)
    before = parts[parts.index(part) - 1].code
    return path_to(language, "applications.write_page", ref=ref, section=section.code, page=before)


def _undo(language: str, section: Section, part: Part, data: dict[str, Any], focus: bool) -> UndoView | None:
    removed = data.get(REMOVED)
    if not removed or removed["table"] not in part.names:
        return None
    table = removed["table"]
    row = choices(language, "rows")[f"{section.code}.{table}"]
    words = translations(language).ugettext("{row} {number} was removed.")
    return UndoView(words.format(row=row, number=removed["place"] + 1), f"undo:{table}", focus)


def _beside_saved(session: Db, language: str, part: Part, saved: Saved) -> Beside:
    """A budget needs the work plan, which is one look at the database; all else is in what was saved."""
    if (saved.section, part.code) not in WATCHED:
        return NOTHING
    application = saved.mine.application
    return beside(
        Stand(
            language,
            application.ref,
            saved.section,
            saved.data,
            own_plan(session, saved.mine) if saved.section == "budget" else saved.data,
            limits_of(saved.mine.call),
            application.language if application.language != language else "",
        ),
        part,
    )


def _guides(language: str, limits: Limits) -> dict[str, str]:
    """What only this call can say before somebody answers."""
    words = translations(language).ugettext("Months at most: {months}.")
    return {"ends": words.format(months=limits.max_months)}


def _part(section: str, page: str) -> Part:
    known = CATALOGUE.get(section)
    if known is None:
        raise NotFound
    if not page:
        return known.parts[0]
    part = known.part(page)
    if part is None:
        raise NotFound
    return part


def _to_page(
    request: Request,
    ref: str,
    section: Section,
    part: Part,
    *,
    anchor: str = "",
    done: str = "",
    back: str = "",
) -> Response:
    """To a page of the form; `back` is where it leads once it is done."""
    route, place, _ = place_of(section.code, part.names[0])
    if not back:
        return see_other(request, route, ref=ref, anchor=anchor, done=done, **place)
    hash_ = f"#{anchor}" if anchor else ""
    return RedirectResponse(
        f"{path_to(language_of(request), route, ref=ref, **place)}?back={back}{hash_}", 303
    )


def _one(form: Given, name: str) -> str:
    value = form.get(name, "")
    return value[-1] if isinstance(value, list) else value


def _number(form: Given, name: str) -> int:
    value = _one(form, name)
    return int(value) if value.isascii() and value.isdigit() and len(value) < 10 else 0


def _back(value: str) -> str:
    return value if value == "check" else ""

"""Writing one section: its pages, what its buttons do, rows, and two versions of one text."""

from datetime import datetime
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response
from sqlmodel import Session

from app.accounts.actors import Applicant
from app.applications import actions
from app.applications.actions import Saved
from app.applications.own import own_section
from app.applications.own_models import OwnPart
from app.applications.presence import holder_of
from app.applications.refusals import NotADraft, ReadOnly, TooLate
from app.errors import Invalid, Stale
from app.messages import translations
from app.messages.answers import plain, shown
from app.messages.labels import choices
from app.pages.answer_places import place_of
from app.pages.attending import held_page
from app.pages.autosaves import refusal_view, typed_as_text
from app.pages.beside import AT_THE_FIELD, noticed
from app.pages.budget_totals import totals_view
from app.pages.conflicts import chosen_answers
from app.pages.forms import Typed, element_id, number, one
from app.pages.page import see_other, wants_fragment
from app.pages.presences import presence_view
from app.pages.section_form import Given, given_answers, names_of
from app.pages.section_page import SectionWrite, conflict_on, copy_href, part_of, section_page
from app.pages.sign_in import prolong
from app.sections.catalogue import CATALOGUE, Part, Section
from app.sections.judging import AWAITED, MISSING
from app.sections.rows import RowAct
from app.sections.totals import totals_of_draft
from app.web.actors import AsApplicant
from app.web.clock import Now
from app.web.language import language_of
from app.web.session import Db

router = APIRouter(prefix="/apply/{ref}/{section}")


@router.get("", name="applications.write")
@router.get("/{page}", name="applications.write_page")
def write(
    request: Request, session: Db, applicant: AsApplicant, now: Now, ref: str, section: str, page: str = ""
) -> Response:
    own = own_section(session, applicant, ref, section, now)
    part = part_of(section, page)
    if not own.application.writable:
        return see_other(request, "applications.tasks", ref=ref)
    back = _back(request.query_params.get("back", ""))
    presence = None
    if own.application.members > 1:
        language = language_of(request)
        holder = holder_of(session, applicant, ref, section, now)
        if holder is not None:
            return held_page(language, ref, section, page, back, holder, now).response(request)
        presence = presence_view(session, applicant, own.application, language, now, section)
    problems = {
        name: problem for name, problem in own.section.problems.items() if back or problem[0] not in AWAITED
    }
    shown_page = section_page(request, own, part, now, problems=problems, back=back, presence=presence)
    return shown_page.response(request)


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
    part = part_of(section, page)
    known = CATALOGUE[section]
    pressed, back = one(form, "_action"), _back(one(form, "back"))
    given = given_answers(known, part, form)
    if pressed == "download":
        return _typed_as_text(request, own_section(session, applicant, ref, section, now), given)
    act = RowAct.read(known, pressed)
    try:
        saved = _kept(session, applicant, ref, section, form, given, act, now)
    except Invalid as error:
        # So long, or so many rows, that not even a draft holds it: nothing is kept, and all stays typed.
        own = own_section(session, applicant, ref, section, now)
        version = number(form, "version")
        page_ = section_page(
            request, own, part, now, problems=error.fields, typed=given, version=version, back=back
        )
        return page_.response(request, 422)
    except Stale as stale:
        own = own_section(session, applicant, ref, section, now)
        page_ = _conflict_page(request, session, own, part, form, given, stale, now, back)
        return page_.response(request, 409)
    except (TooLate, NotADraft, ReadOnly) as refused:
        own = own_section(session, applicant, ref, section, now)
        refusal = refusal_view(language_of(request), refused, copy_href(request, ref))
        page_ = section_page(request, own, part, now, problems={}, typed=given, refusal=refusal, back=back)
        return page_.response(request, 409)
    if act is not None:
        return _acted(request, session, applicant, part, saved, act, back, now)
    return _saved(request, session, applicant, part, pressed, back, one(form, "looked"), saved, now)


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
    version = number(form, "version")
    if act is not None:
        return actions.act_on_row(session, applicant, ref, section, given, act, version=version, now=now)
    if one(form, "_action") == "choose":
        chosen, seen = chosen_answers(form), number(form, "seen")
        return actions.choose_answers(session, applicant, ref, section, given, chosen, version=seen, now=now)
    return actions.save_section(session, applicant, ref, section, given, version=version, now=now)


def _typed_as_text(request: Request, own: OwnPart, given: dict[str, Any]) -> Response:
    language, code = language_of(request), own.section.code
    answers = shown(language, code, {**own.section.data, **given}, names_of(language, own))
    text = plain(choices(language, "sections")[code], answers)
    return typed_as_text(f"{own.application.ref}-{code}", text)


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
    problems = {name: each for name, each in own.section.problems.items() if each[0] not in AWAITED}
    page = section_page(
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


def act_in_words(language: str, section: Section, act: RowAct) -> str:
    """What a press on a row did."""
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
    return words.format(row=row)


def _announced(language: str, section: Section, act: RowAct, own: OwnPart) -> str:
    said = act_in_words(language, section, act)
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
    looked: str,
    saved: Saved,
    now: datetime,
) -> Response:
    """Coming back later always leaves; going on shows what is wrong (it is saved all the same), and once what
    is worth a look and was not seen yet."""
    ref, section = saved.mine.application.ref, CATALOGUE[saved.section]
    if pressed == "stay":
        response = _to_page(request, ref, section, part, done="stayed", back=back)
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
        page_ = section_page(request, own, part, now, problems=wrong, back=back, kept=True)
        return page_.response(request, 422)
    if pressed == "choose":
        return _to_page(request, ref, section, part, done="section_saved", back=back)
    if noticed(section.code, part, own.section.data, own.section.notices) not in {"", looked}:
        return _to_page(
            request, ref, section, part, anchor=element_id(AT_THE_FIELD[section.code, part.code]), back=back
        )
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
    version = number(form, "version")
    conflict = conflict_on(session, language_of(request), own, given, stale, version)
    same = not conflict.choices
    return section_page(
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
    return see_other(request, route, ref=ref, anchor=anchor, done=done, back=back, **place)


def _back(value: str) -> str:
    return value if value == "check" else ""

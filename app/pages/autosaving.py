"""Autosave: what a form's page sends while somebody types, and what stands where "Saved" stood."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response

from app.applications import actions
from app.applications.actions import Saved
from app.applications.limits import limits_of
from app.applications.own import own_plan, own_section
from app.applications.refusals import NotADraft, ReadOnly, TooLate
from app.errors import Invalid, Stale
from app.messages import sentence, translations
from app.pages.beside import NOTHING, WATCHED, Beside, Stand, beside
from app.pages.conflicts import ConflictView
from app.pages.forms import Typed, number, one
from app.pages.page import Page
from app.pages.section_form import Given, given_answers
from app.pages.section_page import RefusalView, conflict_on, part_of, refusal_view, saved_in_words
from app.sections.catalogue import CATALOGUE, Part
from app.web.actors import AsApplicant
from app.web.clock import Now
from app.web.language import language_of
from app.web.session import Db

router = APIRouter(prefix="/apply/{ref}/{section}")


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


@router.patch("/autosave", name="applications.autosave")
def autosave(
    request: Request, session: Db, applicant: AsApplicant, now: Now, ref: str, section: str, form: Typed
) -> Response:
    part = part_of(section, one(form, "part"))
    given = given_answers(CATALOGUE[section], part, form)
    version = number(form, "version")
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
    version = number(form, "version")
    if number(form, "seen") == stale.version:
        # The choice is already on the page: it must not take the focus from who types on.
        words = translations(language).ugettext("Not saved: choose one of the two versions.")
        return SectionSaved(words=words, saved=False, version=version, beside=NOTHING).response(request, 409)
    own = own_section(session, applicant, ref, section, now)
    conflict = conflict_on(session, language, own, given, stale, version)
    return _in_conflict_place(SectionConflict(conflict=conflict).response(request, 409))


def _autosave_refused(
    request: Request, ref: str, form: Given, refused: TooLate | NotADraft | ReadOnly
) -> Response:
    language = language_of(request)
    line = translations(language).ugettext("Not saved")
    if one(form, "refused") == refused.code:
        # It is said already, and whoever types on is not told again at every pause.
        version = number(form, "version")
        return SectionSaved(words=line, saved=False, version=version, beside=NOTHING).response(request, 409)
    page = SectionRefused(refusal=refusal_view(language, ref, refused), line=line)
    return _in_conflict_place(page.response(request, 409))


def _in_conflict_place(response: Response) -> Response:
    response.headers["HX-Retarget"] = "#conflict"
    response.headers["HX-Reswap"] = "innerHTML"
    return response


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

"""The route that saves a section's page while somebody types."""

from fastapi import APIRouter, Request
from fastapi.responses import Response

from app.applications import actions
from app.applications.actions import Saved
from app.applications.limits import limits_of
from app.applications.own import own_plan, own_section
from app.applications.refusals import NotADraft, ReadOnly, TooLate
from app.errors import Invalid, Stale
from app.pages.autosaves import conflict_again, conflict_answer, refused_answer, saved_answer, unfit_answer
from app.pages.beside import NOTHING, WATCHED, Beside, Stand, beside
from app.pages.forms import Typed, number, one
from app.pages.section_form import given_answers
from app.pages.section_page import conflict_on, copy_href, part_of
from app.sections.catalogue import CATALOGUE, Part
from app.web.actors import AsApplicant
from app.web.clock import Now
from app.web.language import language_of
from app.web.session import Db

router = APIRouter(prefix="/apply/{ref}/{section}")


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
        if number(form, "seen") == stale.version:
            return conflict_again(request, form)
        own = own_section(session, applicant, ref, section, now)
        conflict = conflict_on(session, language_of(request), own, given, stale, version)
        return conflict_answer(request, conflict)
    except (TooLate, NotADraft, ReadOnly) as refused:
        return refused_answer(request, form, refused, copy_href(request, ref))
    except Invalid as error:
        return unfit_answer(request, form, error)
    follows = _beside_saved(session, language_of(request), part, saved)
    return saved_answer(request, saved.version, now, follows)


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

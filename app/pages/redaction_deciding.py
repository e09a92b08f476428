"""One application of the redaction queue: what is covered of it, and the press that clears it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import Response

from app.applications.actions import redacting
from app.applications.redaction import (
    FullRedaction,
    RedactionState,
    full_redaction,
    next_uncleared,
    read_redaction,
    stand_in,
)
from app.applications.redaction_refusals import RedactionUndecided
from app.database import session_on
from app.errors import Invalid, Stale
from app.messages import formats, sentence
from app.messages.answers import call_names, with_activities
from app.messages.labels import choices
from app.pages.changes import ChangeView, changes_in_words
from app.pages.file_views import FileNumber
from app.pages.forms import Mistake, element_id, typed
from app.pages.page import Page, path_to, see_other
from app.pages.redaction_typed import decisions, number_in, refused_problems, undecided_problems, word_in
from app.pages.redaction_views import FileCard, OtherText, TextCard, file_card, named, place_of, text_card
from app.web.actors import AsCoordinator
from app.web.clock import Now
from app.web.downloads import sent
from app.web.language import language_of
from app.web.session import Db

router = APIRouter(prefix="/desk/{call}/redaction")
Typed = Annotated[dict[str, str | list[str]], Depends(typed)]


@dataclass(frozen=True, slots=True)
class Wrong:
    """What is wrong with the form that was pressed, for `ui/errors.html`."""

    summary: Sequence[Mistake]


@dataclass(frozen=True, kw_only=True)
class RedactionShow(Page):
    """One application: what to decide, what reviewers would read, and the press that clears it."""

    template = "desk/redaction.html"
    call: str
    ref: str
    title: str
    lang: str
    state: str
    tone: str
    cleared: str
    number: int
    version: int
    also: str
    wrong: Wrong
    stale: str
    cards: Sequence[TextCard]
    files: Sequence[FileCard]
    changes: Sequence[ChangeView]
    others: Sequence[OtherText]


TONES = {
    RedactionState.FOUND: "warn",
    RedactionState.PLAIN: "info",
    RedactionState.CHANGED: "warn",
    RedactionState.CLEARED: "ok",
}


@router.get("/{ref}", name="redaction.show")
def show_redaction(
    request: Request,
    coordinator: AsCoordinator,
    now: Now,
    call: str,
    ref: str,
    also: Annotated[str, Query(max_length=200)] = "",
) -> Response:
    """Its marked words say who somebody is: each look is logged, in a short unit of its own."""
    with session_on(request.state.engine) as own, own.begin():
        found = read_redaction(own, coordinator, ref, now)
    return _page(language_of(request), call, found, {}, also).response(request)


@router.get("/{ref}/files/{number}", name="redaction.file")
def open_stand_in(
    request: Request, session: Db, coordinator: AsCoordinator, call: str, ref: str, number: FileNumber
) -> Response:
    """The blurred picture, or the words of a document, as reviewers will get it."""
    return sent(request.state.store, stand_in(session, coordinator, ref, number))


@router.get("/{ref}/files/{number}/preview", name="redaction.file_preview")
def open_stand_in_preview(
    request: Request, session: Db, coordinator: AsCoordinator, call: str, ref: str, number: FileNumber
) -> Response:
    return sent(request.state.store, stand_in(session, coordinator, ref, number, preview=True))


@router.post("/{ref}", name="redaction.decide")
def decide(
    request: Request, session: Db, coordinator: AsCoordinator, now: Now, call: str, ref: str, form: Typed
) -> Response:
    """Keep what was decided; with the other button clear it and go on to the next."""
    language = language_of(request)
    found = full_redaction(session, coordinator, ref)
    also = word_in(form, "also")
    clearing = word_in(form, "_action") == "clear"
    given, problems = decisions(language, found, form, clearing=clearing)
    if problems:
        return _page(language, call, found, form, also, problems).response(request, 422)
    seen = number_in(form, "version")
    try:
        store = request.state.store
        version = redacting.decide_redaction(session, coordinator, ref, given, seen, now, store)
    except Stale:
        return _page(language, call, found, form, also, stale=True).response(request, 409)
    except Invalid as error:
        problems = refused_problems(language, found, error)
        return _page(language, call, found, form, also, problems).response(request, 422)
    if not clearing:
        return see_other(request, "redaction.show", call=call, ref=ref, done="redaction_saved")
    try:
        redacting.clear_application(session, coordinator, ref, number=given.number, seen=version, now=now)
    except RedactionUndecided:
        found = full_redaction(session, coordinator, ref)
        return _page(language, call, found, form, also, undecided_problems(language, found)).response(
            request, 422
        )
    except Invalid as error:
        found = full_redaction(session, coordinator, ref)
        problems = refused_problems(language, found, error)
        return _page(language, call, found, form, also, problems).response(request, 422)
    following = next_uncleared(session, coordinator, ref)
    if not following:
        return see_other(request, "redaction.list", call=call, done="redaction_cleared")
    return see_other(request, "redaction.show", call=call, ref=following, done="redaction_cleared")


def _page(
    language: str,
    call: str,
    found: FullRedaction,
    given: Mapping[str, str | list[str]],
    also: str,
    problems: Mapping[str, str] | None = None,
    *,
    stale: bool = False,
) -> RedactionShow:
    problems = problems or {}
    sections = found.sections
    carded = [each for each in found.texts if each.spans or each.how or each.place == also]
    lang = found.language if found.language != language else ""
    cards = [text_card(language, found, each, sections, given, problems) for each in carded]
    files = [file_card(language, call, found, each, lang, given, problems) for each in found.files]
    names = with_activities(
        language,
        call_names(language, found.themes, found.priorities, found.own_question),
        sections.get("work_plan", {}),
    )
    changes = changes_in_words(language, found.change, names) if found.change else []
    address = path_to(language, "redaction.show", call=call, ref=found.ref)
    return RedactionShow(
        call=call,
        ref=found.ref,
        title=found.title,
        lang=found.language,
        state=choices(language, "redaction_state")[found.state],
        tone=TONES[found.state],
        cleared=formats.moment(language, found.cleared_at) if found.cleared_at else "",
        number=found.number,
        version=found.version,
        also=also,
        wrong=Wrong(
            [
                Mistake(f"#{element_id(name)}", f"{named(language, found, name)} — {words}")
                for name, words in problems.items()
            ]
        ),
        stale=sentence(language, "stale") if stale else "",
        cards=cards,
        files=files,
        changes=changes,
        others=[
            OtherText(
                place_of(language, found, each, sections),
                each.text,
                f"{address}?also={each.place}#{element_id(f'card.{each.place}')}",
            )
            for each in found.texts
            if each not in carded
        ],
    )

"""One finalist at the desk: what the team has prepared, and its answers to the panel."""

from collections.abc import Sequence
from dataclasses import dataclass

from fastapi import APIRouter, Request
from fastapi.responses import Response

from app.calls.titles import call_title
from app.events.notes import FullPitch, FullQuestion, full_pitch, full_slides, pass_on
from app.messages import formats, label
from app.messages.labels import choices
from app.pages.forms import Typed, one
from app.pages.page import Page, see_other
from app.web.actors import AsCoordinator
from app.web.clock import Now
from app.web.downloads import sent
from app.web.language import language_of
from app.web.session import Db

router = APIRouter(prefix="/desk/{call}/event/{pot}/team/{code}")


@dataclass(frozen=True, kw_only=True)
class EventTeam(Page):
    """What one team has prepared."""

    template = "event/team.html"
    call: str
    call_title: str
    pot: str
    code: str
    title: str
    lang: str
    state: str
    facts: Sequence[tuple[str, str]]
    slides: str
    questions: Sequence[FullQuestion]


@router.get("", name="event.team")
def show(
    request: Request, session: Db, coordinator: AsCoordinator, call: str, pot: str, code: str
) -> Response:
    language = language_of(request)
    found = full_pitch(session, coordinator, pot, code)
    words = choices(language, "event_words")
    slides = ""
    if found.slides_pages is not None and found.slides_at is not None:
        at = formats.moment(language, found.slides_at)
        slides = words["slides_are"].format(pages=found.slides_pages, at=at)
    return EventTeam(
        call=call,
        call_title=call_title(session, coordinator, language),
        pot=pot,
        code=code,
        title=found.title,
        lang=found.language,
        state=label(language, found.state),
        facts=_facts(language, found),
        slides=slides,
        questions=found.questions,
    ).response(request)


def _facts(language: str, found: FullPitch) -> list[tuple[str, str]]:
    words = choices(language, "event_words")
    facts = (
        ("slot", str(found.number or "")),
        ("spoken_title", found.spoken_title),
        ("stage_text", found.stage_text),
        ("pronunciation", found.pronunciation),
        ("people", str(found.people or "")),
        ("access_needs", found.access_needs),
    )
    return [(words[f"fact_{name}"], value) for name, value in facts if value]


@router.post("", name="event.pass_on")
def pass_on_now(
    request: Request,
    session: Db,
    coordinator: AsCoordinator,
    now: Now,
    call: str,
    pot: str,
    code: str,
    typed: Typed,
) -> Response:
    pass_on(session, coordinator, pot, code, one(typed, "question"), now)
    return see_other(request, "event.team", call=call, pot=pot, code=code, done="answer_passed_on")


@router.get("/slides", name="event.slides")
def slides(request: Request, session: Db, coordinator: AsCoordinator, pot: str, code: str) -> Response:
    return sent(request.state.store, full_slides(session, coordinator, pot, code))

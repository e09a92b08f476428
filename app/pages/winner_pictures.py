"""Where a coordinator chooses which winner is shown with its picture, words it, and takes it away."""

from collections.abc import Sequence
from dataclasses import dataclass

from fastapi import APIRouter, Request
from fastapi.responses import Response
from sqlmodel import Session

from app.accounts.actors import Coordinator
from app.calls.titles import call_title
from app.decisions.held import call_of
from app.decisions.winner_pictures import (
    PictureInput,
    WinnerToPicture,
    choose_picture,
    cleared_picture,
    take_away,
    winner_to_picture,
    winners_to_picture,
)
from app.errors import Conflict, Invalid, Stale
from app.messages import sentence
from app.messages.labels import choices
from app.pages.forms import Form, Typed, number, read_form
from app.pages.page import Page, path_to, see_other
from app.pages.setup_part import fields_of
from app.pages.texts import Group, flat, text_group
from app.web.actors import AsCoordinator
from app.web.clock import Now
from app.web.downloads import shown
from app.web.language import language_of
from app.web.session import Db

router = APIRouter(prefix="/desk/{call}/pictures")


@dataclass(frozen=True, slots=True)
class WinnerLine:
    """A winner in the list; `href` is empty where there is nothing to choose."""

    title: str
    lang: str
    href: str
    state: str
    tone: str


@dataclass(frozen=True, kw_only=True)
class PictureList(Page):
    """The public winners of a call, and which of them are shown with a picture."""

    template = "awards/pictures.html"
    call: str
    call_title: str
    published: bool
    winners: Sequence[WinnerLine]


@dataclass(frozen=True, kw_only=True)
class PictureEdit(Page):
    """One winner: the cleared picture, what its team wrote of it, and the words that everybody is to read."""

    template = "awards/picture.html"
    call: str
    call_title: str
    slug: str
    title: str
    lang: str
    state: str
    tone: str
    picture: str
    said: str
    agreed: bool
    shown: bool
    version: int
    form: Form[PictureInput]
    words: Group
    refused: str


@router.get("", name="winner_pictures.list")
def list_pictures(request: Request, session: Db, who: AsCoordinator, call: str) -> Response:
    language = language_of(request)
    return PictureList(
        call=call,
        call_title=call_title(session, who, language),
        published=call_of(session, who).published_at is not None,
        winners=[_line(language, call, each) for each in winners_to_picture(session, who)],
    ).response(request)


def _line(language: str, call: str, winner: WinnerToPicture) -> WinnerLine:
    state, tone = _state(language, winner)
    href = path_to(language, "winner_pictures.show", call=call, slug=winner.slug)
    return WinnerLine(winner.title, winner.language, href if winner.cleared else "", state, tone)


def _state(language: str, winner: WinnerToPicture) -> tuple[str, str]:
    words = choices(language, "picture_state")
    if not winner.cleared:
        return words["none"], "mute"
    if winner.shown:
        return words["shown"], "ok"
    return (words["free"], "info") if winner.agreed else (words["not_agreed"], "warn")


@router.get("/{slug}", name="winner_pictures.show")
def show(request: Request, session: Db, who: AsCoordinator, call: str, slug: str) -> Response:
    return _page(request, session, who, call, slug).response(request)


@router.post("/{slug}", name="winner_pictures.choose")
def choose(
    request: Request, session: Db, who: AsCoordinator, now: Now, call: str, slug: str, typed: Typed
) -> Response:
    form = read_form(PictureInput, "picture", language_of(request), fields_of(PictureInput, typed))
    try:
        choose_picture(session, who, slug, number(typed, "version"), form.value(), now)
    except Invalid as error:
        return _page(request, session, who, call, slug, form.refused(error)).response(request, 422)
    except Conflict as error:
        return _refused(request, session, who, call, slug, error, form)
    return see_other(request, "winner_pictures.list", call=call, done="picture_shown")


@router.post("/{slug}/remove", name="winner_pictures.remove")
def remove(
    request: Request, session: Db, who: AsCoordinator, now: Now, call: str, slug: str, typed: Typed
) -> Response:
    try:
        take_away(session, who, slug, number(typed, "version"), now)
    except Stale as error:
        return _refused(request, session, who, call, slug, error)
    return see_other(request, "winner_pictures.list", call=call, done="picture_taken_away")


@router.get("/{slug}/cleared", name="winner_pictures.cleared")
def show_cleared(request: Request, session: Db, who: AsCoordinator, slug: str) -> Response:
    found = cleared_picture(session, who, slug)
    return shown(request.state.store, found.sha256, found.media_type, 0)


def _refused(
    request: Request,
    session: Session,
    who: Coordinator,
    call: str,
    slug: str,
    error: Conflict,
    form: Form[PictureInput] | None = None,
) -> Response:
    words = sentence(language_of(request), error.code, error.params)
    return _page(request, session, who, call, slug, form, words).response(request, 409)


def _page(
    request: Request,
    session: Session,
    who: Coordinator,
    call: str,
    slug: str,
    typed: Form[PictureInput] | None = None,
    refused: str = "",
) -> PictureEdit:
    language = language_of(request)
    found = winner_to_picture(session, who, slug)
    stored = flat({"alt": found.shown.alt}) if found.shown else {}
    form = typed or Form(PictureInput, "picture", language, stored)
    state, tone = _state(language, found)
    cleared = path_to(language, "winner_pictures.cleared", call=call, slug=slug)
    return PictureEdit(
        call=call,
        call_title=call_title(session, who, language),
        slug=slug,
        title=found.title,
        lang=found.language,
        state=state,
        tone=tone,
        picture=cleared if found.cleared else "",
        said=found.said,
        agreed=found.agreed,
        shown=found.shown is not None,
        version=found.version,
        form=form,
        words=text_group(form, "alt"),
        refused=refused,
    )

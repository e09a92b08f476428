"""The hall's screen, for everybody, and the stream that says when it changes."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from urllib.parse import urlsplit

from fastapi import APIRouter, Request
from fastapi.responses import Response, StreamingResponse
from sqlmodel import Session

from app.calls.logos import partners_of_round
from app.calls.titles import text_of
from app.decisions.seals import shown_seal
from app.errors import NotFound
from app.events.live import hall_screen
from app.events.programme import Card
from app.events.stage import RevealedWinner, Screen, screen
from app.messages import formats
from app.messages.labels import choices
from app.models.events import Scene
from app.pages.clocks import ClockView, clock_view, length
from app.pages.halls import Asked, hall_response
from app.pages.page import Page, path_to
from app.pages.partner_views import PartnerView, partner_views
from app.settings import Settings
from app.web.clock import Now
from app.web.hall import Hall
from app.web.language import language_of

LENGTHS = ((40, ""), (80, "long"), (130, "longer"))
"""Up to how many characters a title is set how large."""
BESIDE = {"kk": "ru", "ru": "kk", "en": "kk"}
"""The second language of the screen: everybody in the hall reads at least one of the two."""

router = APIRouter(prefix="/stage/{pot}")


@dataclass(frozen=True, slots=True)
class ShownTeam:
    """A team or a winner in the words of the screen; `size` says how small its title must be.

    `returned`: a winner that has given the award back since.
    """

    number: int
    title: str
    team: str
    lang: str
    size: str
    amount: str = ""
    returned: bool = False


@dataclass(frozen=True, slots=True)
class Beside:
    """The same words once more, small, in the second language."""

    lang: str
    event: str
    call_title: str
    said: str
    sealed: str
    follow: str
    given_back: str


@dataclass(frozen=True, slots=True)
class Curtain:
    """What only the curtain shows: what leads to the audience's page, and the partner organisations.

    `size` is that of the call's title.
    """

    size: str
    sealed: str
    follow: str
    partners: Sequence[PartnerView]


@dataclass(frozen=True, kw_only=True)
class StageScreen(Page):
    """The hall's screen. It names announced teams and winners only; `said` is its scene in words.

    `given_back`: how many of those shown have given their award back since. In a `rehearsal` it says so in
    both languages, across everything. `curtain` is None in every other scene.
    """

    template = "stage/screen.html"
    fragment = "scene"
    pot: str
    key: str
    number: int
    call_title: str
    event: str
    scene: str
    said: str
    beside: Beside
    teams: int
    winner: ShownTeam | None
    winners: list[ShownTeam]
    given_back: int
    card: ShownTeam | None
    next_card: ShownTeam | None
    clock: ClockView | None
    jurors: int
    finished: int
    pitch_minutes: str
    question_minutes: str
    live_address: str
    curtain: Curtain | None
    seal: str
    rehearsal: list[str]


@router.get("/screen", name="stage.screen")
async def show_screen(request: Request, pot: str, now: Now) -> Response:
    def build(session: Session, asked: Asked) -> StageScreen:
        shown = (hall_screen if asked.rehearses else screen)(session, pot)
        # What is invented has no seal.
        seal = "" if shown.rehearsal else shown_seal(session, pot)
        views: Sequence[PartnerView] = []
        if shown.scene is Scene.CURTAIN:
            views = partner_views(language_of(request), *partners_of_round(session, pot))
        return screen_page(request, shown, asked, now, seal, views)

    return await hall_response(request, pot, now, build)


def screen_page(
    request: Request, shown: Screen, asked: Asked, now: Now, seal: str, partners: Sequence[PartnerView]
) -> StageScreen:
    """The screen in the words of its reader."""
    language = language_of(request)
    other = BESIDE[language]
    settings: Settings = request.state.settings
    live = urlsplit(settings.base_url).netloc + path_to(language, "stage.live", pot=shown.round)
    winner = partial(shown_winner, language)
    return StageScreen(
        pot=shown.round,
        key=asked.key,
        number=asked.number,
        call_title=text_of(shown.call_title, language),
        event=text_of(shown.event or {}, language),
        scene=shown.scene.value,
        said=choices(language, "stage")[shown.scene.value],
        beside=Beside(
            lang=other,
            event=(shown.event or {}).get(other, ""),
            call_title=shown.call_title.get(other, ""),
            said=choices(other, "stage")[shown.scene.value],
            sealed=choices(other, "stage")["sealed"],
            follow=choices(other, "stage")["follow"],
            given_back=choices(other, "stage")["given_back"],
        ),
        teams=shown.teams,
        winner=winner(shown.winner) if shown.winner else None,
        winners=[winner(each) for each in shown.winners],
        given_back=sum(each.given_back for each in shown.winners or filter(None, [shown.winner])),
        card=shown_card(shown.card) if shown.card else None,
        next_card=shown_card(shown.next_card) if shown.next_card else None,
        clock=clock_view(shown.clock, language, now),
        jurors=shown.jurors,
        finished=shown.finished,
        pitch_minutes=length(language, shown.pitch_seconds),
        question_minutes=length(language, shown.question_seconds),
        live_address=live,
        curtain=Curtain(
            size=size_of(text_of(shown.call_title, language)) or "long",
            sealed=choices(language, "stage")["sealed"],
            follow=choices(language, "stage")["follow"],
            partners=partners,
        )
        if shown.scene is Scene.CURTAIN
        else None,
        seal=seal,
        rehearsal=[choices(each, "stage")["rehearsal"] for each in (language, other)]
        if shown.rehearsal
        else [],
    )


def shown_card(card: Card) -> ShownTeam:
    """A team in the running order."""
    return ShownTeam(card.number, card.title, card.team, card.language, size_of(card.title))


def shown_winner(language: str, winner: RevealedWinner) -> ShownTeam:
    """A winner in the order of reveal, with the amount in words."""
    return ShownTeam(
        winner.position,
        winner.title,
        winner.team,
        winner.language,
        size_of(winner.title),
        money(language, winner.amount_minor),
        winner.given_back,
    )


def size_of(title: str) -> str:
    """How large a title can be, so that it can be read from the last row and nothing is cut off."""
    return next((size for most, size in LENGTHS if len(title) <= most), "longest")


def money(language: str, amount: int | None) -> str:
    """An amount in euros; nothing where there is no money."""
    return formats.euros(language, amount) if amount is not None else ""


@router.get("/stream", name="stage.stream")
async def follow(request: Request, pot: str) -> Response:
    """Numbers, each when something has changed; what it is the page fetches."""
    hall: Hall = request.state.hall
    if hall.is_full:
        return Response(status_code=503, headers={"Retry-After": "5"})
    mark = await hall.look(pot)
    if mark is None:
        raise NotFound
    last = request.headers.get("last-event-id", "")
    heard = int(last) if last.isascii() and last.isdigit() and len(last) < 16 else None
    # A proxy that gathers what it passes on, or packs it, would keep the number for itself.
    headers = {"Cache-Control": "no-store, no-transform", "X-Accel-Buffering": "no"}
    return StreamingResponse(hall.told(pot, mark, heard), media_type="text/event-stream", headers=headers)

"""What the audience reads on its phones during the evening."""

from dataclasses import dataclass
from functools import partial

from fastapi import APIRouter, Request
from fastapi.responses import Response
from sqlmodel import Session

from app.calls.titles import text_of
from app.decisions.seals import shown_seal
from app.events.live import Place, evening
from app.messages.labels import choices
from app.pages.clocks import ClockView, clock_view
from app.pages.halls import Asked, hall_response
from app.pages.page import Page
from app.pages.stage import ShownTeam, shown_card, shown_winner
from app.web.clock import Now
from app.web.language import language_of

router = APIRouter(prefix="/live/{pot}")


@dataclass(frozen=True, slots=True)
class Turn:
    """A team in the running order, and where it stands; `tone` is that of its tag."""

    team: ShownTeam
    place: str
    tone: str
    now: bool


@dataclass(frozen=True, kw_only=True)
class LivePage(Page):
    """The evening for its audience: who is on, the winners as they are revealed, and the order."""

    template = "stage/live.html"
    fragment = "evening"
    pot: str
    call: str
    number: int
    title: str
    call_title: str
    scene: str
    said: str
    on: ShownTeam | None
    clock: ClockView | None
    order: list[Turn]
    winners: list[ShownTeam]
    given_back: int
    set_up: bool
    stream_url: str
    published: bool
    seal: str


TONES = {Place.IS_ON: "ok", Place.WAS_ON: "mute", Place.WAITS: "none"}


@router.get("", name="stage.live")
async def show_live(request: Request, pot: str, now: Now) -> Response:
    language = language_of(request)

    def build(session: Session, asked: Asked) -> LivePage:
        known = evening(session, pot)
        shown, words = known.screen, choices(language, "place")
        call_title = text_of(shown.call_title, language)
        return LivePage(
            pot=shown.round,
            call=known.call,
            number=asked.number,
            title=text_of(shown.event or {}, language) or call_title,
            call_title=call_title,
            scene=shown.scene.value,
            said=choices(language, "stage")[shown.scene.value],
            on=shown_card(shown.card) if shown.card else None,
            clock=clock_view(shown.clock, language, now),
            order=[
                Turn(
                    shown_card(each.card),
                    words[each.place.value],
                    TONES[each.place],
                    each.place is Place.IS_ON,
                )
                for each in known.order
            ],
            winners=[*map(partial(shown_winner, language), known.winners)],
            given_back=known.given_back,
            set_up=known.set_up,
            stream_url=known.stream_url,
            published=known.published,
            seal=shown_seal(session, pot),
        )

    return await hall_response(request, pot, now, build)

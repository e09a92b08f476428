"""The square that a telephone's camera reads from the hall's screen: the address of the audience's page."""

import io
from functools import lru_cache

import segno
from fastapi import APIRouter, Request
from fastapi.responses import Response

from app.errors import NotFound
from app.pages.page import path_to
from app.settings import Settings
from app.web.hall import Hall
from app.web.language import language_of

router = APIRouter(prefix="/stage/{pot}")
HEADERS = {"Cache-Control": "public, max-age=86400"}


def drawn_square(address: str) -> bytes:
    """An address as an SVG with the quiet border that cameras need; error correction of 15 %."""
    out = io.BytesIO()
    segno.make(address, error="m", micro=False).save(
        out, kind="svg", border=4, dark="#0A2A33", light="#fff", omitsize=True, xmldecl=False, nl=False,
        svgclass=None, lineclass=None,
    )  # fmt: skip
    return out.getvalue()


@lru_cache(maxsize=64)
def square_of(address: str) -> bytes:
    """The same, kept: for addresses that are no secret."""
    return drawn_square(address)


def live_address(request: Request, pot: str) -> str:
    """The audience's page in the language of whoever asks."""
    settings: Settings = request.state.settings
    return settings.base_url.rstrip("/") + path_to(language_of(request), "stage.live", pot=pot)


@router.get("/live.svg", name="stage.code")
async def show_square(request: Request, pot: str) -> Response:
    hall: Hall = request.state.hall
    if await hall.look(pot) is None:
        raise NotFound
    return Response(square_of(live_address(request, pot)), media_type="image/svg+xml", headers=HEADERS)

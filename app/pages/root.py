"""Addresses without a language: the way in, health, and the choice of colours."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import JSONResponse, RedirectResponse, Response
from sqlalchemy import text

from app.pages.forms import typed
from app.web.language import language_of
from app.web.session import Db

router = APIRouter()
YEAR_SECONDS = 365 * 24 * 3600


@router.get("/", name="root")
def choose_language(request: Request) -> Response:
    """To the front page in the language the browser wishes."""
    response = RedirectResponse(f"/{language_of(request)}/", 302)
    response.headers["Vary"] = "Accept-Language"
    return response


@router.get("/{l:lang}", name="root.language")
def front_page(request: Request) -> Response:
    """To the front page in this language, for whoever left out the last stroke."""
    return RedirectResponse(f"/{language_of(request)}/", 308)


@router.get("/health", name="health")
def health(session: Db) -> Response:
    """Whether this process reaches its database."""
    session.execute(text("SELECT 1"))
    return JSONResponse({"status": "ok"})


@router.post("/theme", name="theme.choose")
def choose_theme(request: Request, given: Annotated[dict[str, str | list[str]], Depends(typed)]) -> Response:
    """Remember light, dark or automatic colours in this browser; back to the page it was chosen on."""
    chosen = given.get("theme")
    back = str(given.get("back", "/"))
    response = RedirectResponse(own_path(back), 303)
    if chosen in {"light", "dark"}:
        response.set_cookie(
            "theme",
            str(chosen),
            max_age=YEAR_SECONDS,
            httponly=True,
            samesite="lax",
            secure=request.state.settings.secure,
        )
    else:
        secure = request.state.settings.secure
        response.delete_cookie("theme", secure=secure, httponly=True, samesite="lax")
    return response


def own_path(path: str) -> str:
    """A path of this site; anything that could lead elsewhere becomes the front page."""
    inside = (
        path.startswith("/")
        and not path.startswith(("//", "/\\"))
        and path.isprintable()
        and "\\" not in path
    )
    return path if inside else "/"

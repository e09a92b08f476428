"""What stands around every page: names, languages, help. The same for everybody who reads."""

from dataclasses import dataclass
from time import monotonic
from typing import Any

from fastapi import Request

from app.accounts.queries import programme
from app.database import session_on
from app.messages import LANGUAGES, translations
from app.messages.flashes import flash_of
from app.models.panel import Programme
from app.settings import Settings
from app.web.actors import is_shared_computer

LANGUAGE_NAMES = {"kk": "Қазақша", "ru": "Русский", "en": "English"}
PROGRAMME_KEPT_SECONDS = 30.0


@dataclass(frozen=True, slots=True)
class LanguageLink:
    """One entry of the language switch; it keeps the page."""

    code: str
    name: str
    href: str
    current: bool


@dataclass(frozen=True, slots=True)
class NavigationLink:
    """One entry of the site's navigation."""

    label: str
    href: str
    current: bool


@dataclass(frozen=True, slots=True)
class Shell:
    """The frame of a page. `shared`: others use this computer too. `refused` puts "Error:" before the title;
    `notice` is the demo's, of itself."""

    lang: str
    brand: str
    refused: bool
    languages: tuple[LanguageLink, ...]
    nav: tuple[NavigationLink, ...]
    signed_in: bool
    shared: bool
    funder: str
    help: str
    htmx_url: str
    htmx_integrity: str
    notice: str
    flash: str
    theme: str


class ProgrammeKeeper:
    """The programme's name and help line, re-read at most every half minute in each process."""

    def __init__(self) -> None:
        self._row: Programme | None = None
        self._until = 0.0

    def get(self, engine: Any) -> Programme | None:
        """The programme's row; None before it is set up."""
        if monotonic() >= self._until:
            with session_on(engine, reading=True) as session, session.begin():
                self._row = programme(session)
            self._until = monotonic() + PROGRAMME_KEPT_SECONDS
        return self._row


def shell_of(request: Request, language: str, status: int = 200) -> Shell:
    """The frame for this request."""
    settings: Settings = request.state.settings
    row = request.state.programme.get(request.state.engine)
    return Shell(
        lang=language,
        brand=_text(row.name if row else None, language) or "Baige",
        refused=status == 422,
        languages=_languages(request, language),
        nav=_navigation(request, language),
        signed_in="session" in "".join(request.cookies),
        shared=is_shared_computer(request),
        funder=_text(row.funder if row else None, language),
        help=_text(row.help if row else None, language),
        htmx_url=settings.htmx_url,
        htmx_integrity=settings.htmx_integrity,
        notice=_text(request.state.notice, language),
        flash=flash_of(language, request.query_params.get("done", ""), request.query_params.get("count", "")),
        theme=_theme(request),
    )


def _text(texts: dict[str, str] | None, language: str) -> str:
    return texts.get(language, "") if texts else ""


def _languages(request: Request, language: str) -> tuple[LanguageLink, ...]:
    rest = request.scope["path"].removeprefix(f"/{language}")
    query = f"?{request.url.query}" if request.url.query else ""
    return tuple(
        LanguageLink(code, LANGUAGE_NAMES[code], f"/{code}{rest}{query}", code == language)
        for code in LANGUAGES
    )


def _navigation(request: Request, language: str) -> tuple[NavigationLink, ...]:
    gettext = translations(language).ugettext
    path = request.scope["path"]
    entries = ((gettext("Calls"), f"/{language}/"), (gettext("My page"), f"/{language}/my"))
    return tuple(NavigationLink(label, href, path == href) for label, href in entries)


def _theme(request: Request) -> str:
    chosen = request.cookies.get("theme", "auto")
    return chosen if chosen in {"light", "dark"} else "auto"

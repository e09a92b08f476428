"""Puts the application together: the site, and the API mounted on it."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import anyio
import anyio.to_thread
from fastapi import Depends, FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.routing import iter_route_contexts
from sqlalchemy import Engine
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp

from app import __version__
from app.api import problems as api_problems
from app.api.about import DESCRIPTION
from app.api.openapi import Api
from app.api.parameters import known_parameters
from app.api.router import include_nouns
from app.blindfold import blindfolded
from app.database import make_engine
from app.errors import DomainError, NotFound, Unauthenticated
from app.files.opening import open_store
from app.models.columns import Texts
from app.pages import problems as page_problems
from app.pages.kept import MOST_DOCUMENTS, MOST_PICTURES, KeptPages
from app.pages.page import PATHS
from app.pages.reference import ReferenceKeeper
from app.pages.reference import router as reference_router
from app.pages.router import include_pages
from app.pages.shell import ProgrammeKeeper
from app.settings import Settings
from app.web.authorization import check, listed
from app.web.guard import Guard
from app.web.hall import Hall
from app.web.head import HeadAsGet
from app.web.limit import BodyLimit
from app.web.packing import Packing
from app.web.shortlist import Shortlist
from app.web.static import STATIC, KeptFiles

MAX_BODY = 512 * 1024
CLEANED_AT_ONCE = 2
"""How many files one web worker has cleaned at the same time; others wait their turn."""
UPLOADS = re.compile(
    r"/(?:kk|ru|en)/apply/[^/]+/files/(?:picture|document|[^/]+/replace)"
    r"|/(?:kk|ru|en)/apply/[^/]+/pitch/slides"
    r"|/(?:kk|ru|en)/desk/[^/]+/setup/logos/[^/]+"
    r"|/api/v1/applications/[^/]+/uploads/(?:picture|document)"
    r"|/api/v1/calls/[^/]+/setup/partners/[^/]+/logo"
)
"""The addresses that take a file. Their routes see who asks before a byte is read, and count themselves."""
FORM_LIMITS: Any = {"max_files": 0, "max_fields": 2000, "max_part_size": 64 * 1024}
# The framework's type knows coroutines only; what it does with plain functions is right: each gets a thread.
PAGE_PROBLEMS: Any = {
    Unauthenticated: page_problems.signed_out,
    NotFound: page_problems.not_found,
    DomainError: page_problems.refused,
    RequestValidationError: page_problems.malformed,
    HTTPException: page_problems.http_refused,
    Exception: page_problems.failed,
}


class Site(FastAPI):
    """The site with its guard around everything: a failure is answered outside of all other middleware."""

    def build_middleware_stack(self) -> ASGIApp:
        self.router.middleware_stack = Shortlist(self.router)
        return Guard(HeadAsGet(Packing(super().build_middleware_stack())), settings=self.state.settings)


def _notice(settings: Settings) -> Texts:
    """What the demo says above every page about itself; nothing elsewhere."""
    if not settings.demo:
        return {}
    # Outside the demo its data is not even read.
    from app.demo.facts import facts

    notice: Texts = facts()["notice"]
    return notice


def create_app(settings: Settings, engine: Engine | None = None) -> FastAPI:
    """The whole application. `app.state.settings`, `.engine` and `.blind`, the engine of reviewers' requests,
    are read when it starts, so that tests can build it once and start it on one database after another; an
    engine that is not given it makes itself.
    NotAsListed where a route is not in `web/authorization.toml` as it is.
    """

    @asynccontextmanager
    async def lifespan(starting: FastAPI) -> AsyncIterator[dict[str, object]]:
        now: Settings = starting.state.settings
        anyio.to_thread.current_default_thread_limiter().total_tokens = now.threads
        database: Engine = starting.state.engine or make_engine(now.database_url, threads=now.threads)
        blind: Engine = starting.state.blind or blindfolded(
            database, threads=now.threads, production=now.production
        )
        hall = Hall(database)
        yield {
            "engine": database,
            "blind": blind,
            "settings": now,
            "programme": ProgrammeKeeper(),
            "notice": _notice(now),
            "turns": anyio.Semaphore(now.threads),
            "kept": KeptPages(),
            "documents": KeptPages(MOST_DOCUMENTS),
            "pictures": KeptPages(MOST_PICTURES),
            "reference": ReferenceKeeper(api.openapi, now.base_url),
            "store": open_store(now),
            "cleaning": anyio.CapacityLimiter(CLEANED_AT_ONCE),
            "hall": hall,
        }
        await hall.close()
        if blind not in (database, starting.state.blind):
            blind.dispose()
        if starting.state.engine is None:
            database.dispose()

    api = _api()
    site = Site(
        title="Baige",
        version=__version__,
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        lifespan=lifespan,
        telemetry={"tracing": False, "metrics": False},
        form_limits=FORM_LIMITS,
        redirect_slashes=False,
        exception_handlers=PAGE_PROBLEMS,
    )
    site.state.settings, site.state.engine, site.state.blind = settings, engine, None
    site.mount("/static", KeptFiles(directory=STATIC), name="static")
    # `make htmx` puts a copy there for machines that cannot reach the usual address.
    site.mount("/vendor", KeptFiles(directory=settings.var / "vendor", check_dir=False), name="vendor")
    # The API's reference is a page, and lives at the API's address: it must be found before the API is.
    site.include_router(reference_router)
    site.mount("/api/v1", api)
    include_pages(site)
    site.add_middleware(BodyLimit, most=MAX_BODY, refused=_too_large, uploads=UPLOADS)
    check(site, listed())
    _name_paths(site)
    return site


async def _too_large(request: Request, error: HTTPException) -> Response:
    """Refused before it is known which of the two applications it is for."""
    if request.scope["path"].startswith("/api/"):
        return await api_problems.http_refused(request, error)
    return await run_in_threadpool(page_problems.http_refused, request, error)


def _api() -> Api:
    api = Api(
        title="Baige API",
        version="1",
        description=DESCRIPTION,
        docs_url=None,
        redoc_url=None,
        telemetry={"tracing": False, "metrics": False},
        redirect_slashes=False,
        dependencies=[Depends(known_parameters)],
        exception_handlers={
            DomainError: api_problems.refused,
            RequestValidationError: api_problems.malformed,
            HTTPException: api_problems.http_refused,
            Exception: api_problems.failed,
        },
    )
    api.state.bearer = True
    include_nouns(api)
    return api


def _name_paths(site: FastAPI) -> None:
    """Templates address pages by route name; the table is made once, so that a link costs one look-up."""
    for route in iter_route_contexts(site.routes):
        if route.name and route.path:
            PATHS[route.name] = route.path.replace("{l:lang}", "{l}")

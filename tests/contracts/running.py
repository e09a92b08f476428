"""The application on a fair, with everybody in it: what contracts about answers ask."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI, Request
from sqlalchemy import Engine
from sqlmodel import Session
from sqlmodel import select as choose

from app.accounts.scopes import SCOPES
from app.database import make_engine, session_on
from app.files.store import LocalStore
from app.main import create_app
from app.models.calls import Phase
from app.models.decisions import PublishedResult
from app.settings import Settings
from app.web.authorization import listed
from app.web.clock import now_of
from app.web.session import session_of
from tests.conftest import FAR_FUTURE
from tests.contracts.crawl import Visit, visits
from tests.contracts.fair import ALL, APPLICANTS, CAST, FOREIGN, JUROR_TOKEN, REVEALING, Fair, make_fair
from tests.contracts.routes import Route, routes_of
from tests.contracts.visitor import Asking, Visitor, asking
from tests.databases import create_database, drop_database, migrated_with_roles, template_database
from tests.world import NOW, cookie_for, token_for

ANONYMOUS = "anonymous"
JUROR = "juror"
"""Whoever sits on the jury of the fair's final: a cookie of their own, and no account."""
EVERYBODY = (ANONYMOUS, *CAST)
FEW = [str(Phase.OPEN), str(Phase.REVIEWING), REVEALING, FOREIGN]
"""What the others see, and what everybody sees on PostgreSQL: the texts of the pages are the same there."""


ROLES = {"reviewer", "coordinator", "contact"}
"""What somebody is in one call, and not in another."""
OWNERS = {"owner", "uploading"}
"""Doors behind which nobody gets who has no application at all."""


@dataclass
class Running:
    """The application on a fair, with everybody in it."""

    fair: Fair
    engine: Engine
    routes: list[Route]
    stalls: list[str]
    asking: Asking
    visitors: dict[tuple[str, bool], Visitor] = field(default_factory=dict)

    @property
    def is_whole(self) -> bool:
        """Whether all of the fair is visited here, as on one engine."""
        return len(self.stalls) > len(FEW)

    def visitor(self, name: str, *, api: bool = False) -> Visitor:
        """A browser with this person's cookie, or a caller with this person's token."""
        if (name, api) not in self.visitors:
            headers = {} if name == ANONYMOUS else self._proof(name, api)
            self.visitors[name, api] = self.asking.visitor(headers)
        return self.visitors[name, api]

    def _proof(self, name: str, api: bool) -> dict[str, str]:
        if name == JUROR:
            return {} if api else {"cookie": f"juror={JUROR_TOKEN}"}
        person = self.fair.people[name]
        with session_on(self.engine) as session, session.begin():
            if api:
                return {"authorization": f"Bearer {token_for(session, person, SCOPES, NOW)}"}
            (cookie,) = cookie_for(session, person, FAR_FUTURE).items()
            return {"cookie": "=".join(cookie)}

    def crawl(self, name: str, stalls: list[str] | None = None, *, first: bool = False) -> Iterator[Visit]:
        """Everything that this person can ask for, or what first answers them at each address."""
        return visits(
            self.routes,
            self.fair,
            self.visitor(name),
            self.visitor(name, api=True),
            stalls=stalls or self.stalls,
            proven=self.proves(name),
            first=first,
        )

    def proves(self, name: str) -> Callable[[Route, str], bool]:
        """Whether this person is at all what a route asks for, in the call of a stall where that counts."""
        doors = {route: door for door in listed().doors.values() for route in door.routes}

        def proven(route: Route, stall: str) -> bool:
            door = doors.get(route.name)
            if door is None or not door.needs:
                return True
            member = self.fair.stalls[stall or str(Phase.REVIEWING)].world.members.get(name)
            if door.needs & ROLES:
                return member is not None and member.role in door.needs
            if JUROR in (door.name, name):
                return door.name == name and bool(self.fair.stalls[stall or str(Phase.REVIEWING)].juror)
            return name in APPLICANTS if door.name in OWNERS else name != ANONYMOUS

        return proven


@contextmanager
def session_given(running: Running, session: Callable[[Request], Iterator[Session]]) -> Iterator[None]:
    """Every request of the site and of the API gets this session instead of its own."""
    site = running.asking.app
    mounted = [getattr(route, "app", None) for route in site.routes]
    apps = [site, *(each for each in mounted if isinstance(each, FastAPI))]
    for each in apps:
        each.dependency_overrides[session_of] = session
    try:
        yield
    finally:
        for each in apps:
            del each.dependency_overrides[session_of]


def running_fair(
    url: str, var: Path, stalls: list[Any], only: tuple[str, ...] | None = None
) -> Iterator[Running]:
    """The application on a fair, or on some stalls of it."""
    engine = make_engine(url)
    settings = Settings(_env_file=None, database_url=url, base_url="http://testserver", var=var)
    with session_on(engine) as session, session.begin():
        fair = make_fair(session, LocalStore(settings.files_folder), only or ALL)
        _read_slugs(session, fair)
    app = create_app(settings, engine)
    routes = list(routes_of(app))
    app.dependency_overrides[now_of] = lambda: NOW
    for route in app.routes:
        mounted: Any = getattr(route, "app", None)
        if hasattr(mounted, "dependency_overrides"):
            mounted.dependency_overrides[now_of] = lambda: NOW
    with asking(app) as ask:
        yield Running(fair, engine, routes, [str(each) for each in stalls], ask)
    engine.dispose()


def _read_slugs(session: Session, fair: Fair) -> None:
    """Which winners are public, and under which address."""
    for row in session.exec(choose(PublishedResult)):
        for stall, entry in fair.entries():
            if entry.words["title"] == row.title:
                stall.slugs[entry.person] = row.slug


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def running(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """The fair on one engine, made once for all visitors."""
    if request.param == "sqlite":
        path = tmp_path_factory.mktemp("fair") / "fair.db"
        path.write_bytes(request.getfixturevalue("migrated_sqlite").read_bytes())
        yield from running_fair(f"sqlite:///{path}", path.parent, [*Phase, REVEALING, FOREIGN])
    else:
        admin = request.getfixturevalue("postgres_admin_url")
        name = f"baige_fair_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}"
        url = create_database(admin, name, template_database(admin, migrated_with_roles))
        yield from running_fair(url, tmp_path_factory.mktemp("fair"), FEW)
        drop_database(admin, name)

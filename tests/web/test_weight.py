"""What the first load of a page weighs: all that comes over the wire before anybody has pressed anything."""

import gzip
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from fastapi import FastAPI
from sqlalchemy import Engine

from app.database import session_on
from app.messages import LANGUAGES
from app.models.calls import Phase
from app.sections.catalogue import CATALOGUE
from app.settings import Settings
from app.web.clock import now_of
from tests.conftest import FAR_FUTURE, Clock, put_on
from tests.contracts.routes import Route, routes_of
from tests.contracts.visitor import Asking, Visitor, asking
from tests.databases import KeptFile
from tests.journeys.conftest import HTMX
from tests.journeys.every_phase import REVEALING, SELECTION, make_draft
from tests.journeys.long_answers import long_answers
from tests.journeys.prepared import Prepared
from tests.journeys.stops import NOT_PAGES, Stop, cookies_of, stops
from tests.world import CLOSES

MOST = 35_000
OF_THE_LONGEST = 35_300
"""What a press that waits without a network weighs is more than the longest drafts had left."""
OTHERS = ("/desk/", "/review", "/stage/", "/jury/", "/mailbox", "/api/")
"""How addresses begin that are not an applicant's, behind the language. All else is weighed, old or new."""
FILES = re.compile(r'(?:href|src)="(/static/[^"]+\.(?:css|js|svg)[^"]*)"')


@dataclass
class Scales:
    """A browser with nothing kept: each file of ours counts, and htmx where the page asks for it."""

    engine: Engine
    prepared: Prepared
    ask: Asking
    pages: dict[str, Route]
    files: dict[str, int] = field(default_factory=dict)
    visitors: dict[str, Visitor] = field(default_factory=dict)
    htmx: int = len(gzip.compress(HTMX.read_bytes(), 9, mtime=0))

    def weigh(self, stop: Stop, language: str) -> tuple[int, str]:
        """The bytes of a page and of all that it links, and its address."""
        path = self.pages[stop.route].at(language, **stop.params) + stop.query
        answer = self._visitor(stop.who).get(path, {"Sec-Fetch-Site": "same-origin"})
        assert answer.status_code == 200, f"{answer.status_code}: {path}"
        assert answer.headers["content-encoding"] == "gzip"
        page = gzip.decompress(answer.content).decode()
        linked = set(FILES.findall(page))
        size = len(answer.content) + sum(map(self._file, linked))
        return size + self.htmx * ("dist/htmx.min.js" in page), path

    def _file(self, address: str) -> int:
        if address not in self.files:
            self.files[address] = len(self._visitor("").get(address).content)
        return self.files[address]

    def _visitor(self, who: str) -> Visitor:
        if who not in self.visitors:
            headers = {"Accept-Encoding": "gzip, br"}
            if who:
                with session_on(self.engine) as session, session.begin():
                    cookies = cookies_of(session, self.prepared.world, who, FAR_FUTURE)
                headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in cookies.items())
            self.visitors[who] = self.ask.visitor(headers)
        return self.visitors[who]


@pytest.fixture
def database_url(prepared: Prepared, sqlite_kept: KeptFile) -> str:
    return sqlite_kept.copy_of(prepared.file)


@pytest.fixture
def scales(prepared: Prepared, engine: Engine, built: FastAPI, clock: Clock) -> Iterator[Scales]:
    settings = Settings(_env_file=None, base_url="http://testserver", files=str(prepared.files))
    put_on(built, settings, engine)
    built.dependency_overrides[now_of] = clock
    pages = {
        route.name: route
        for route in routes_of(built)
        if "GET" in route.methods and not route.api and route.name not in NOT_PAGES
    }
    with asking(built) as ask:
        yield Scales(engine, prepared, ask, pages)


def long_stops(scales: Scales) -> list[Stop]:
    """The pages of a grant and of a selection, each written longer than anybody of the demo did."""
    calls, refs = scales.prepared.calls, dict[str, str]()
    with session_on(scales.engine) as session, session.begin():
        for world, codes in (
            (calls.of(Phase.OPEN), set(CATALOGUE) - {"candidate", "motivation", "own"}),
            (calls.of(SELECTION), {"candidate", "motivation"}),
        ):
            written = {code: long_answers(code) for code in codes}
            refs |= dict.fromkeys(codes, make_draft(session, world, "ada", written))
    found = [
        Stop("applications.write_page", "ada", {"ref": refs[code], "section": code, "page": part.code})
        for code, section in CATALOGUE.items()
        if code in refs
        for part in section.parts
    ]
    for route in ("tasks", "check", "check_blind", "copy"):
        found += [
            Stop(f"applications.{route}", "ada", {"ref": refs[code]}) for code in ("need", "motivation")
        ]
    return found


def test_the_first_load_of_every_page_of_an_applicant_is_light(scales: Scales, clock: Clock) -> None:
    """In every state that the site's pages are shown in, in Kazakh and Russian; in English, whose words are
    the shortest, once a page. A long draft also in the last hour, when a clock stands on its pages."""
    own = {
        name
        for name, route in scales.pages.items()
        if not route.path.removeprefix("/{l:lang}").startswith(OTHERS)
    }
    every = [stop for stop in stops(scales.prepared.calls) if stop.route in own]
    assert {stop.route for stop in every} == own
    heavy = long_stops(scales)
    weighed = [
        scales.weigh(stop, language)
        for language in LANGUAGES
        for stop in every
        if language != "en" or not stop.again
    ]
    assert [each for each in weighed if each[0] >= MOST] == []
    longest = [scales.weigh(stop, language) for language in LANGUAGES for stop in heavy]
    clock.now = CLOSES - timedelta(minutes=30)
    longest += [scales.weigh(stop, language) for stop in heavy for language in ("kk", "ru")]
    assert [each for each in longest if each[0] >= OF_THE_LONGEST] == []
    weighed += longest
    # Were something not counted, everything would be light.
    assert max(weighed)[0] > 34_000
    assert min(weighed)[0] > 9_000


def test_the_audience_of_an_evening_loads_less_still(scales: Scales) -> None:
    """Five hundred phones open it at once, over the network of a hall."""
    pot = scales.prepared.calls.of(REVEALING).round.code
    found = {each: scales.weigh(Stop("stage.live", "", {"pot": pot}), each)[0] for each in LANGUAGES}
    assert max(found.values()) < 25_000, found

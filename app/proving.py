"""Asks the site for everything that a reviewer can fetch, as the reviewer, in a process of the job worker's;
and for what everybody can, where the command line looks at it.

It is the site itself that answers, with all its routes and on the blindfolded engine; only who asks is said
here instead of being proved, so that no session is made that could be used by anybody.
"""

import asyncio
import io
import json
import multiprocessing
import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import product
from typing import Any
from urllib.parse import quote, urlsplit

import pypdfium2
import structlog
from fastapi import FastAPI
from fastapi.routing import iter_route_contexts
from sqlalchemy import Engine

from app.accounts.actors import Coordinator, Reviewer, SignedIn
from app.database import make_engine, session_on
from app.errors import DomainError
from app.logs import configure_logs
from app.main import create_app
from app.messages import LANGUAGES
from app.proof.reports import FullProof, full_proof
from app.proof.running import Seen, Turn, ask_proof_of, claim_turn, keep_turn, run_turn, strings
from app.settings import Settings
from app.web import actors
from app.web.authorization import listed
from app.web.clock import now_of

log = structlog.get_logger()
ALSO = ("reviews.calls",)
"""What asks for no role, and is there for reviewers."""
TEXT = "api.reviews.show"
"""What says whether a text is open to its reviewer."""
JSON = ("application/json", "application/problem+json")


_BUILT: dict[str, FastAPI] = {}


@dataclass(frozen=True, slots=True)
class Address:
    """One thing to ask for, and which application it is about."""

    place: str
    path: str
    about: str


def prove_next(engine: Engine, settings: Settings, now: datetime) -> bool:
    """Look with the eyes of the next reviewer of a check that waits; whether there was anything to do."""
    with session_on(engine) as session, session.begin():
        turn = claim_turn(session, now)
    if turn is None:
        return False
    part = run_turn(turn, lambda each: fetched(engine, settings, each, now))
    with session_on(engine) as session, session.begin():
        keep_turn(session, turn, part, now)
    return True


def prove_waiting(settings: Settings) -> None:
    """All checks that wait, in a process of its own, which lets everything else go first.

    A reviewer of fifty applications takes seconds and more: whoever waits for a mail does not wait for that.
    """
    configure_logs(settings)
    os.nice(10)
    starter, engine = multiprocessing.parent_process(), make_engine(settings.database_url, threads=1)
    try:
        while (starter is None or starter.is_alive()) and prove_next(engine, settings, datetime.now(UTC)):
            pass
    except Exception:
        # What failed rests until its lease has run out, and is then tried again.
        log.exception("proof of blindness")
    finally:
        engine.dispose()


def prove_call(settings: Settings, call: str, now: datetime) -> FullProof | None:
    """A whole check at once, for the command line; None where there is no such call, or one is under way."""
    engine = make_engine(settings.database_url, threads=1)
    try:
        with session_on(engine) as session, session.begin():
            asked = ask_proof_of(session, call, now)
            session.flush()
            where = Coordinator(0, asked.call_id), asked.number
        while prove_next(engine, settings, now):
            pass
        with session_on(engine, reading=True) as session:
            return full_proof(session, *where)
    except DomainError:
        return None
    finally:
        engine.dispose()


def awards_of(settings: Settings, call: str, language: str) -> dict[str, Any] | None:
    """The open data of a call's winners as everybody gets it from the site; None where there is none."""
    site = _site(settings)
    engine = make_engine(settings.database_url, threads=1)
    site.state.settings, site.state.engine = settings, engine
    path = f"/{language}/calls/{quote(call, safe='')}/results/awards.json"
    try:
        ((_, (status, _, body)),) = asyncio.run(_answers(site, settings, [Address("awards", path, "")]))
    finally:
        engine.dispose()
    return dict(json.loads(body)) if status == 200 else None


def fetched(engine: Engine, settings: Settings, turn: Turn, now: datetime) -> Iterator[Seen]:
    """Every answer to this turn's reviewer that is not a refusal; what failed twice is counted as that."""
    if turn.reviewer is None:
        return
    site = _site(settings)
    site.state.settings, site.state.engine = settings, engine
    apps = [site, *_mounted(site)]
    given: Mapping[Callable[..., Any], Any] = {
        actors.reviewer: lambda: turn.reviewer,
        actors.signed_in: lambda: SignedIn(_person(turn.reviewer)),
        now_of: lambda: now,
    }
    for app in apps:
        app.dependency_overrides.update(given)
    addresses = list(addresses_of(site, turn.call, turn.codes))
    for address, (status, headers, body) in asyncio.run(_answers(site, settings, addresses)):
        if status == 200:
            yield _seen(address, headers, body)
        elif _failed(status):
            yield Seen(address.place, "", "", of=address.about, failed=True)


def _failed(status: int) -> bool:
    """No refusal, which says that there is nothing to read for this reviewer, but nothing that was read."""
    return status >= 500 or status in (408, 429)


def _site(settings: Settings) -> FastAPI:
    """Put together once in a process for each base address: that takes longer than a hundred pages."""
    if settings.base_url not in _BUILT:
        _BUILT[settings.base_url] = create_app(settings)
    return _BUILT[settings.base_url]


def _person(reviewer: Reviewer | None) -> int:
    return reviewer.person_id if reviewer else 0


def _mounted(site: FastAPI) -> Iterator[FastAPI]:
    for context in iter_route_contexts(site.routes):
        inner = getattr(context.original_route, "app", None)
        if isinstance(inner, FastAPI):
            yield inner


def addresses_of(site: FastAPI, call: str, codes: Mapping[str, int]) -> Iterator[Address]:
    """Every address that asks for a reviewer, filled with what was assigned; pages in each language."""
    doors = listed().doors.values()
    wanted = {name for door in doors if "reviewer" in door.needs for name in door.routes} | {*ALSO}
    for name, path in sorted(_paths(site, wanted)):
        names = [part.split("}")[0].split(":")[0] for part in path.split("{")[1:]]
        about = codes if {"code", "application"} & {*names} else {"": 0}
        for language, code in product(LANGUAGES if "l" in names else ("",), about):
            for number in range(1, max(about[code], 2) + 1) if "number" in names else (0,):
                filled = {"l": language, "call": call, "code": code, "application": code, "number": number}
                if {*names} <= filled.keys():
                    plain = path.replace("{l:lang}", "{l}")
                    yield Address(name, plain.format(**filled), code)


def _paths(app: FastAPI, wanted: set[str], prefix: str = "") -> Iterator[tuple[str, str]]:
    for context in iter_route_contexts(app.routes):
        inner = getattr(context.original_route, "app", None)
        if isinstance(inner, FastAPI):
            yield from _paths(inner, wanted, prefix + (context.path or ""))
        elif context.name in wanted and "GET" in (context.methods or ()):
            yield context.name or "", prefix + (context.path or "")


Answered = tuple[int, str, bytes]


async def _answers(
    site: FastAPI, settings: Settings, addresses: list[Address]
) -> list[tuple[Address, Answered]]:
    base = urlsplit(settings.base_url)
    async with site.router.lifespan_context(site) as state:
        answers = []
        for each in addresses:
            asked = site, state or {}, base.scheme, base.netloc, each.path
            answered = await _tried(*asked)
            answers.append((each, await _tried(*asked) if _failed(answered[0]) else answered))
        return answers


async def _tried(site: FastAPI, state: Mapping[str, Any], scheme: str, host: str, path: str) -> Answered:
    """What breaks in the site is its failure, and no end of the check."""
    try:
        return await _answer(site, state, scheme, host, path)
    except Exception:
        log.exception("proof of blindness", path=path)
        return 500, "", b""


async def _answer(
    site: FastAPI, state: Mapping[str, Any], scheme: str, host: str, path: str
) -> tuple[int, str, bytes]:
    """One GET, without a server between: status, headers, body."""
    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "GET",
        "scheme": scheme,
        "path": path,
        "raw_path": path.encode(),
        "root_path": "",
        "query_string": b"",
        "headers": [(b"host", host.encode())],
        "client": ("127.0.0.1", 0),
        "server": (host, 0),
        "state": dict(state),
    }
    said: list[Any] = []
    asked = [{"type": "http.request", "body": b"", "more_body": False}]

    async def receive() -> Any:
        if asked:
            return asked.pop()
        await asyncio.Event().wait()
        return None

    async def send(message: Any) -> None:
        said.append(message)

    await site(scope, receive, send)
    headers = "\n".join(
        f"{name.decode('latin-1')}: {value.decode('latin-1')}" for name, value in said[0]["headers"]
    )
    return said[0]["status"], headers, b"".join(each.get("body", b"") for each in said[1:])


def _seen(address: Address, headers: str, body: bytes) -> Seen:
    """A page's own words may be anybody's name, so what an applicant wrote is searched word by word where it
    stands alone: in the API's answers, which say all that pages say, and in files.
    """
    kinds = (line.partition(": ")[2] for line in headers.splitlines() if line.startswith("content-type"))
    kind, of = next(kinds, ""), address.about
    if kind.startswith(JSON):
        said = json.loads(body)
        opened = address.place == TEXT and bool(said.get("application"))
        words = "\n".join(strings(said))
        return Seen(address.place, of, f"{headers}\n{words}", of=of, opened=opened)
    if kind.startswith("text/"):
        return Seen(address.place, "", f"{headers}\n{body.decode('utf-8', 'replace')}", of=of)
    if kind.startswith("application/pdf"):
        try:
            return Seen(address.place, of, f"{headers}\n{_words_of(body)}", of=of)
        except pypdfium2.PdfiumError:
            return Seen(address.place, "", "", of=of, failed=True)
    return Seen(address.place, of, headers, readable=False, of=of)


def _words_of(body: bytes) -> str:
    """The text of a document as its reader sees it, and what it says of itself."""
    document = pypdfium2.PdfDocument(io.BytesIO(body))
    try:
        pages = [page.get_textpage().get_text_bounded() for page in document]
        return "\n".join([*map(str, document.get_metadata_dict().values()), *pages])
    finally:
        document.close()

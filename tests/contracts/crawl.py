"""Visits every GET address of the site and of the API as one person, and hands on each answer."""

import base64
import hashlib
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import product
from urllib.parse import quote

from app.calls.readiness import Part
from app.models.calls import Phase
from app.sections.catalogue import CATALOGUE
from tests.contracts.fair import FOREIGN, Fair, Stall, phase_name
from tests.contracts.routes import Route
from tests.contracts.visitor import Answer, Visitor
from tests.documents.opened import unpacked
from tests.files.made import everything_in

NOWHERE = "no-such-thing"
FRAGMENT = {"HX-Request": "true"}
NOT_CRAWLED = {
    "swagger_ui_redirect",  # a fixed page of the framework
}
KNOWN_PARAMS = {
    "call", "ref", "code", "pot", "round", "section", "page", "slug", "part", "criterion", "application",
    "member", "organisation", "reviewer", "number", "attachment", "step", "message", "file",
    "mate", "invitation", "key", "seat", "wish", "flag", "run", "hook",
    "earlier", "juror", "slot", "paper", "question", "attendee",
    "walk_in",
}  # fmt: skip


@dataclass(frozen=True)
class Visit:
    """One answer; `stall` is the phase of the call that the address names, where it names one."""

    route: str
    path: str
    stall: str
    status: int
    body: bytes
    headers: str
    fragment: bool

    @property
    def text(self) -> str:
        """All that was said, the headers too; a document is unpacked, and so is what is packed into a PDF."""
        packed = everything_in(self.body) if self.body.startswith(b"%PDF") else ()
        parts = (part.decode("utf-8", "replace") for part in packed)
        return "\n".join([self.headers, unbroken(unpacked(self.body)), *parts])

    @property
    def bare(self) -> "Visit":
        """The same without its own address, which answers repeat: most refusals are then one and the same."""
        body, headers = self.body, self.headers
        own = self.path.partition("?")[0]
        for said in {own, quote(own, safe="")}:
            said = said[3:] if not said.startswith("/api/") else said  # in each of the languages
            body, headers = body.replace(said.encode(), b" "), headers.replace(said, " ")
        return replace(self, body=body, headers=headers)


def visits(
    routes: list[Route],
    fair: Fair,
    browser: Visitor,
    caller: Visitor,
    *,
    stalls: list[str],
    proven: Callable[[Route, str], bool],
    first: bool = False,
) -> Iterator[Visit]:
    """Every GET route with every id of the database that fits into its path, and with ids that exist nowhere.

    `browser` has a person's cookie, `caller` the token. A page that answers is asked for as a fragment too.
    With `first` only until the route has answered in a call. Who is not `proven` to be what a route asks for
    in a call is refused there whatever else the address names: each is asked for once.
    """
    for route in routes:
        if "GET" not in route.methods or route.name in NOT_CRAWLED:
            continue
        assert set(route.params) <= KNOWN_PARAMS, f"teach the crawl what {route.path} needs"
        client = caller if route.api else browser
        done: set[str] = set()
        for stall, params in _filled(route, fair, stalls):
            if stall in done or (first and route.params and not stall):
                continue
            path = route.at(**params)
            answer = client.get(path)
            yield _visit(route, path, stall, answer, fragment=False)
            answered = answer.status_code == 200
            if first if answered else not proven(route, stall):
                done.add(stall)
            if answered and not first and not route.api and "text/html" in answer.headers["content-type"]:
                yield _visit(route, path, stall, client.get(path, headers=FRAGMENT), fragment=True)


def _visit(route: Route, path: str, stall: str, answer: Answer, *, fragment: bool) -> Visit:
    headers = "\n".join(f"{name}: {value}" for name, value in answer.headers.items())
    return Visit(route.name, path, stall, answer.status_code, answer.content, headers, fragment)


def _filled(route: Route, fair: Fair, stalls: list[str]) -> Iterator[tuple[str, dict[str, str]]]:
    if not route.params:
        yield "", {}
        return
    for name in stalls:
        for params in _combined(route, _ids(fair, fair.stalls[name])):
            yield name, params
    nowhere = dict.fromkeys(route.params, NOWHERE)
    yield "", nowhere
    if "call" in route.params and len(route.params) > 1:
        # The right call with ids of another one.
        for params in _combined(route, _ids(fair, fair.stalls[FOREIGN])):
            yield "", params | {"call": fair.stalls[str(Phase.REVIEWING)].slug}


def _combined(route: Route, ids: Mapping[str, list[str]]) -> Iterator[dict[str, str]]:
    names = [name for name in route.params if name != "page"]
    for values in product(*(ids[name] for name in names)):
        params = dict(zip(names, values, strict=True))
        if "page" not in route.params:
            yield params
            continue
        section = CATALOGUE.get(params["section"])
        for part in section.parts if section else ():
            yield params | {"page": part.code}


def _ids(fair: Fair, stall: Stall) -> dict[str, list[str]]:
    """Every value that a parameter can have within one call. One call alone walks all sections, and another
    once more that which names people."""
    whole = phase_name(stall) in {str(Phase.OPEN), str(Phase.DECIDED)}
    sections = {str(Phase.OPEN): list(CATALOGUE), str(Phase.DECIDED): ["brief", "team"]}
    entries = stall.entries.values()
    return {
        "call": [stall.slug],
        "ref": [entry.ref for entry in entries],
        "code": [entry.code for entry in entries],
        "application": [entry.code for entry in entries],
        "step": ["1", "3"],
        "file": [code for entry in entries for code in entry.files],
        "number": ["2", "1"],
        "run": ["1"],
        "earlier": ["1"],
        "pot": [stall.pot, *([stall.jury_pot] if stall.jury_pot else [])],
        "juror": [stall.juror] if stall.juror else [],
        "slot": ["1", "2"],
        "round": [stall.pot, *([stall.jury_pot] if stall.jury_pot else [])],
        "section": sections.get(phase_name(stall), ["brief"]),
        "slug": list(stall.slugs.values()),
        "part": [str(part) for part in Part] if whole else [str(Part.TEXTS)],
        "criterion": ["need"],
        "organisation": ["BC"],
        "reviewer": [member.code for member in stall.world.members.values()],
        "member": [member.code for member in stall.world.members.values()],
        "attachment": [],  # in the fair no mail was sent yet
        "message": [entry.message for entry in entries],
        "mate": [code for entry in entries for code in entry.mates],
        "invitation": [entry.invitation for entry in entries],
        "seat": [stall.seat] if stall.seat else [],
        "wish": [stall.wish] if stall.wish else [],
        "hook": [stall.hook] if stall.hook else [],
        "flag": [entry.flag for entry in entries if entry.flag],
        "question": [entry.question for entry in entries if entry.question],
        "attendee": [],  # nobody registers in the fair
        "walk_in": [],  # nor does anybody come to its door
        "paper": ["order", "checklist", "door", "ballots", "contacts"],
        "key": [],  # stored nowhere: it is in a mail alone
    }


# ---------------------------------------------------------------- what an answer gives away


class Reader:
    """Finds planted words, and names of applications, in answers; what it has read before it knows."""

    def __init__(self, hashes: Mapping[str, str], names: Iterable[str] = ()) -> None:
        self._hashes, self._names = hashes, list(names)
        self._known: dict[bytes, tuple[frozenset[str], frozenset[str]]] = {}

    def read(self, visit: Visit) -> tuple[frozenset[str], frozenset[str]]:
        """The planted words, and the names, but those in the address that was asked for."""
        bare = visit.bare
        digest = hashlib.blake2b(bare.headers.encode() + b"\n" + bare.body).digest()
        if digest not in self._known:
            text = bare.text
            names = frozenset(name for name in self._names if name in text)
            self._known[digest] = frozenset(planted_in(text, self._hashes)), names
        planted, names = self._known[digest]
        return planted, frozenset(name for name in names if name not in visit.path)


BROKEN = re.compile(r"(z[a-z0-9]*)\r?\n(?!zq)(?=[a-z0-9])")
PLANTED = re.compile(r"zq[a-z0-9]{10,}")
HASHES = re.compile(r"\b(?:[0-9a-f]{32}|[0-9a-f]{40}|[0-9a-f]{64})\b")
CODED = re.compile(r"[A-Za-z0-9+/_-]{20,}={0,2}")


def unbroken(text: str) -> str:
    """The text with its planted words whole: a document may have broken a long one over several lines."""
    joined = BROKEN.sub(r"\1", text)
    return joined if joined == text else unbroken(joined)


def hashes_of(words: set[str]) -> dict[str, str]:
    """Hash -> the word it hides."""
    makers = (hashlib.sha256, hashlib.sha1, hashlib.md5)
    return {make(each.encode()).hexdigest(): each for each in words for make in makers}


def planted_in(text: str, hashes: Mapping[str, str]) -> set[str]:
    """Every planted word in an answer: written, in base64, or hashed.

    The words are letters and digits, so that no escaping for HTML, JSON or an address changes them.
    """
    low = text.lower()
    found = set(PLANTED.findall(low))
    found |= {hashes[each] for each in HASHES.findall(low) if each in hashes}
    for run in CODED.findall(text):
        found |= set(PLANTED.findall(_decoded(run).lower()))
    return found


def _decoded(run: str) -> str:
    """A run of base64 read from each of the four places where a group may begin."""
    plain = run.rstrip("=").translate(str.maketrans("-_", "+/"))
    texts = []
    for start in range(4):
        part = plain[start:]
        part = part[:-1] if len(part) % 4 == 1 else part
        texts.append(base64.b64decode(part + "=" * (-len(part) % 4)).decode("latin-1"))
    return " ".join(texts)

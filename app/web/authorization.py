"""Who may call what, held to the list in `authorization.toml`: the application starts with no other route.

The tests read the same list and call every route as every actor that it names.
"""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from fastapi import FastAPI
from fastapi.dependencies.models import Dependant
from fastapi.routing import iter_route_contexts

from app.web.actors import PROOFS

LIST = Path(__file__).with_suffix(".toml")


class NotAsListed(RuntimeError):
    """The application and the list do not agree; it must not serve a request before they do."""


@dataclass(frozen=True, slots=True)
class Door:
    """Routes that ask for the same proofs, and the actors who get an answer from them."""

    name: str
    who: str
    needs: frozenset[str]
    lets_in: frozenset[str]
    routes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Listed:
    """The list. `actors`: who is meant by each name; `folders`: what is served as it lies there."""

    actors: Mapping[str, str]
    doors: Mapping[str, Door]
    folders: tuple[str, ...]

    def door_of(self, route: str) -> Door | None:
        """The door behind which a route is listed first."""
        return next((door for door in self.doors.values() if route in door.routes), None)


@cache
def listed() -> Listed:
    """The list as it lies beside this file."""
    return read_list(LIST.read_text("utf-8"))


def read_list(text: str) -> Listed:
    """A list from its text."""
    given = tomllib.loads(text)
    doors = {
        name: Door(
            name, door["who"], frozenset(door["needs"]), frozenset(door["lets_in"]), tuple(door["routes"])
        )
        for name, door in given["door"].items()
    }
    return Listed(given["actor"], doors, tuple(given["files"]["folders"]))


def check(site: FastAPI, known: Listed) -> None:
    """Raise NotAsListed with every disagreement between the application's own tables and the list."""
    wrong = [*_contradictions(known), *_differences(site, known)]
    if wrong:
        raise NotAsListed("; ".join(wrong))


def _contradictions(known: Listed) -> Iterator[str]:
    names = [route for door in known.doors.values() for route in door.routes]
    yield from (
        f"{name} is listed twice" for name in sorted({each for each in names if names.count(each) > 1})
    )
    for door in known.doors.values():
        for unknown in sorted(door.needs - PROOFS.keys()):
            yield f"door {door.name} needs {unknown}, which is no proof"
        for unknown in sorted(door.lets_in - known.actors.keys()):
            yield f"door {door.name} lets in {unknown}, who is no actor"


def _differences(site: FastAPI, known: Listed) -> Iterator[str]:
    answered = dict(_answered(site))
    doors = {route: door for door in known.doors.values() for route in door.routes}
    yield from (
        f"{name} is listed, and there is no such route" for name in sorted(doors.keys() - answered.keys())
    )
    for name, needs in answered.items():
        if name not in doors:
            yield f"{name} is not listed"
        elif needs != doors[name].needs:
            asked, wanted = (", ".join(sorted(each)) or "nothing" for each in (needs, doors[name].needs))
            yield f"{name} asks for {asked}, and its door for {wanted}"
    folders = set(_folders(site))
    yield from (f"folder {name} is served or listed, not both" for name in sorted(folders ^ {*known.folders}))


def _answered(app: FastAPI) -> Iterator[tuple[str, frozenset[str]]]:
    """Every route that answers, of mounted applications too, with the proofs that it asks for."""
    names = {proof: name for name, proof in PROOFS.items()}
    for context in iter_route_contexts(app.routes):
        mounted = getattr(context.original_route, "app", None)
        if isinstance(mounted, FastAPI):
            yield from _answered(mounted)
        elif context.methods:
            asked = _asked(getattr(context, "dependant", None))
            yield (
                context.name or context.path or "",
                frozenset(names[each] for each in asked if each in names),
            )


def _asked(dependant: Dependant | None) -> Iterator[Any]:
    for each in dependant.dependencies if dependant else ():
        yield each.call
        yield from _asked(each)


def _folders(site: FastAPI) -> Iterator[str]:
    """What is mounted and is no application of ours, by its name or else its path."""
    for context in iter_route_contexts(site.routes):
        mounted = getattr(context.original_route, "app", None)
        if not context.methods and not isinstance(mounted, FastAPI):
            yield context.name or context.path or ""

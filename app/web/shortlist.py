"""Which routes an address can mean, so that the framework does not try all of them for every request.

It asks one route after the other whether it matches, and of hundreds that took as long as all else in a cheap
request. Here a tree of the parts of all addresses is made once; an address, followed through it, leads to the
few routes that are worth asking, in their order. Whether one matches, which of them answers, and what is said
where none does stays the framework's to say.
"""

import copy
from dataclasses import dataclass, field

from fastapi import APIRouter
from fastapi.routing import RouteContext, iter_route_contexts
from starlette._utils import get_route_path
from starlette.routing import BaseRoute, Mount
from starlette.types import Receive, Scope, Send

WHOLE = ":path}"
"""How a parameter ends that may hold slashes: it and all after it can be anything."""


@dataclass(slots=True)
class _Part:
    """What may follow one part of an address: a word, a parameter, or anything at all. `here` are the places
    of the routes that end with it, `below` of those that go on with anything."""

    words: dict[str, "_Part"] = field(default_factory=dict)
    parameter: "_Part | None" = None
    here: list[int] = field(default_factory=list)
    below: list[int] = field(default_factory=list)

    def then(self, part: str) -> "_Part":
        """The next part; it is made where it is new."""
        if "{" not in part:
            return self.words.setdefault(part, _Part())
        if self.parameter is None:
            self.parameter = _Part()
        return self.parameter


class Shortlist:
    """Pure ASGI, in place of the router that it is of: each request is given to a copy of that router which
    has only the routes that the address can mean."""

    def __init__(self, router: APIRouter) -> None:
        if router.redirect_slashes:
            raise ValueError("an address with another ending is another address here")
        self._router = router
        self._first = _Part()
        self._short: dict[tuple[int, ...], APIRouter] = {}
        for place, route in enumerate(router.routes):
            for context in iter_route_contexts([route]):
                self._add(place, context)

    def _add(self, place: int, context: RouteContext) -> None:
        if context.path is None:
            self._first.below.append(place)
            return
        part = self._first
        for words in _parts(context.path):
            if WHOLE in words:
                part.below.append(place)
                return
            part = part.then(words)
        (part.below if isinstance(context.original_route, Mount) else part.here).append(place)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._router.app(scope, receive, send)
            return
        scope.setdefault("router", self._router)
        places = self.places(get_route_path(scope))
        short = self._short.get(places)
        if short is None:
            short = self._short[places] = copy.copy(self._router)
            short.routes = self.routes(places)
        await short.app(scope, receive, send)

    def places(self, path: str) -> tuple[int, ...]:
        """Where in the router those stand that can match this path, in their order."""
        found: set[int] = set()
        reached = [self._first]
        for words in _parts(path):
            following: list[_Part] = []
            for part in reached:
                found.update(part.below)
                if words in part.words:
                    following.append(part.words[words])
                if part.parameter is not None:
                    following.append(part.parameter)
            reached = following
        for part in reached:
            found.update(part.here, part.below)
        return tuple(sorted(found))

    def routes(self, places: tuple[int, ...]) -> list[BaseRoute]:
        """The routes in these places."""
        return [self._router.routes[place] for place in places]


def _parts(path: str) -> list[str]:
    """What stands between the slashes. The framework's patterns overlook a line's end after the last."""
    return path.removesuffix("\n").split("/")

"""Every address of the site and of the API, from the tables that answer them, not from the documentation."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from fastapi import FastAPI
from fastapi.dependencies.models import Dependant
from fastapi.routing import iter_route_contexts


@dataclass(frozen=True)
class Route:
    """One address with its methods; `path` begins at the root of the site."""

    name: str
    path: str
    methods: frozenset[str]
    endpoint: Callable[..., Any] | None
    dependant: Dependant | None
    response_model: Any
    api: bool

    @property
    def params(self) -> tuple[str, ...]:
        """The names in the path's braces, but the language."""
        names = (part.split("}")[0].split(":")[0] for part in self.path.split("{")[1:])
        return tuple(name for name in names if name != "l")

    def at(self, language: str = "en", **params: str) -> str:
        """The address with its parameters filled in."""
        return self.path.replace("{l:lang}", language).format(**params)

    def needs(self) -> set[Any]:
        """Every dependency of the route, however deep."""
        return set(_needed(self.dependant)) if self.dependant else set()


def _needed(dependant: Dependant) -> Iterator[Any]:
    for each in dependant.dependencies:
        yield each.call
        yield from _needed(each)


def routes_of(app: FastAPI, prefix: str = "", *, api: bool = False) -> Iterator[Route]:
    """All routes, those of mounted applications too. (`app.routes` is a tree: a plain loop finds none.)"""
    for context in iter_route_contexts(app.routes):
        mounted = getattr(context.original_route, "app", None)
        if isinstance(mounted, FastAPI):
            yield from routes_of(mounted, prefix + (context.path or ""), api=True)
        elif context.methods:
            yield Route(
                name=context.name or "",
                path=prefix + (context.path or ""),
                methods=frozenset(context.methods) - {"HEAD", "OPTIONS"},
                endpoint=context.endpoint,
                dependant=getattr(context, "dependant", None),
                response_model=getattr(context, "response_model", None),
                api=api,
            )

"""Where something new is found from now on."""

from typing import Annotated
from urllib.parse import quote

from fastapi import Depends, Request, Response
from fastapi.routing import iter_route_contexts


class Location:
    """Names the address of what was made, by the route that shows it."""

    def __init__(self, request: Request, response: Response) -> None:
        self._request = request
        self._response = response

    def __call__(self, route: str, **params: str) -> None:
        path = next(each.path for each in iter_route_contexts(self._request.app.routes) if each.name == route)
        quoted = {name: quote(value, safe="") for name, value in params.items()}
        root = self._request.scope.get("root_path", "")
        self._response.headers["Location"] = root + str(path).format(**quoted)


async def location_of(request: Request, response: Response) -> Location:
    """Not in a thread: there is nothing to wait for."""
    return Location(request, response)


Locating = Annotated[Location, Depends(location_of)]
"""A route that asks for it answers with a Location, and its documentation says so."""

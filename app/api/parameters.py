"""What an address asks beside its path: an operation refuses a parameter that it does not have.

A filter that is misspelt, or a cursor that this API never had, would otherwise be answered with everything.
"""

from collections.abc import Iterator

from fastapi import Request
from fastapi.dependencies.models import Dependant
from fastapi.exceptions import RequestValidationError


async def known_parameters(request: Request) -> None:
    """422 for every parameter of the query that the operation does not know, whoever asks."""
    if not request.scope["query_string"]:
        return
    known = set(_parameters(request.scope["route"].dependant))
    unknown = [name for name in request.query_params if name not in known]
    if unknown:
        raise RequestValidationError(
            [{"type": "extra_forbidden", "loc": ("query", name)} for name in unknown]
        )


def _parameters(dependant: Dependant) -> Iterator[str]:
    for parameter in dependant.query_params:
        yield parameter.alias
    for inner in dependant.dependencies:
        yield from _parameters(inner)

"""Entity tags: every write to something versioned names the version it changes."""

from typing import Annotated

from fastapi import Depends, Header, Response

from app.errors import PreconditionRequired, Stale

LONGEST = 9


async def version_of(
    if_match: Annotated[
        str | None,
        Header(
            description="The `ETag` that was read. Without it 428, with an old one 412.", examples=['"3"']
        ),
    ] = None,
) -> int:
    """The version in If-Match: 428 without the header, 412 for a tag that was never ours."""
    if if_match is None:
        raise PreconditionRequired
    tag = if_match.strip().strip('"')
    if not tag.isascii() or not tag.isdigit() or len(tag) > LONGEST:
        raise Stale
    return int(tag)


IfMatch = Annotated[int, Depends(version_of)]


class Tag:
    """Names the version of what is answered. A counter, not a hash: a hash would be an oracle."""

    def __init__(self, response: Response) -> None:
        self._response = response

    def __call__(self, version: int) -> None:
        self._response.headers["ETag"] = f'"{version}"'


async def tag_of(response: Response) -> Tag:
    """Not in a thread: there is nothing to wait for."""
    return Tag(response)


Tagging = Annotated[Tag, Depends(tag_of)]
"""A route that asks for it answers with an ETag, and its documentation says so."""

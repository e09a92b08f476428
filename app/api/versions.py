"""Entity tags: every write to something versioned names the version it changes."""

from typing import Annotated

from fastapi import Depends, Header, Response

from app.errors import PreconditionRequired, Stale


def version_of(
    if_match: Annotated[str | None, Header(description='The ETag that was read, e.g. `"3"`.')] = None,
) -> int:
    """The version in If-Match: 428 without the header, 412 for a tag that was never ours."""
    if if_match is None:
        raise PreconditionRequired
    tag = if_match.strip().strip('"')
    if not tag.isascii() or not tag.isdigit() or len(tag) > 9:
        raise Stale
    return int(tag)


IfMatch = Annotated[int, Depends(version_of)]


def tag(response: Response, version: int) -> None:
    """Name the version of what is answered. A counter, not a hash: a hash would be an oracle."""
    response.headers["ETag"] = f'"{version}"'

"""Pages of a list: a limit, an offset, and how many there are."""

from collections.abc import Sequence
from typing import Annotated, Generic, TypeVar

from fastapi import Depends, Query
from pydantic import BaseModel

Item = TypeVar("Item")

MOST = 1000
FARTHEST = 1_000_000


class Slice(BaseModel):
    """Which part of a list is asked for."""

    limit: int
    offset: int

    def of(self, items: Sequence[Item]) -> list[Item]:
        """That part of a list that is here as a whole."""
        return list(items[self.offset : self.offset + self.limit])


async def slice_of(
    limit: Annotated[int, Query(ge=1, le=MOST, description="How many at most.")] = 100,
    offset: Annotated[int, Query(ge=0, le=FARTHEST, description="How many to leave out.")] = 0,
) -> Slice:
    """`limit` 1 to 1000 (100 unless asked), `offset` from 0."""
    return Slice(limit=limit, offset=offset)


Paging = Annotated[Slice, Depends(slice_of)]


class Listed(BaseModel, Generic[Item]):
    """One page of a list; `total` counts all that this reader may see."""

    items: list[Item]
    total: int
    limit: int
    offset: int

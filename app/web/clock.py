"""The clock of a request: rules get `now` as an argument and never look themselves."""

from datetime import UTC, datetime
from typing import Annotated

from fastapi import Depends, Request


async def now_of(request: Request) -> datetime:
    """The aware UTC instant at which this request was received; `async`, so that it needs no thread."""
    received: datetime | None = getattr(request.state, "received_at", None)
    return received or datetime.now(UTC)


Now = Annotated[datetime, Depends(now_of)]

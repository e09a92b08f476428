"""The clock of a request: rules get `now` as an argument and never look themselves."""

from datetime import datetime
from typing import Annotated

from fastapi import Depends, Request

from app.web.steady import steady_now


async def now_of(request: Request) -> datetime:
    """The aware UTC instant at which this request was received; `async`, so that it needs no thread."""
    received: datetime | None = getattr(request.state, "received_at", None)
    return received or steady_now()


Now = Annotated[datetime, Depends(now_of)]

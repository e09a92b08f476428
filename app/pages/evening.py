"""Where a coordinator is in an evening: what every route of its pages at the desk asks for."""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Annotated

from fastapi import Depends, Request
from fastapi.responses import Response
from sqlmodel import Session

from app.accounts.actors import Coordinator
from app.calls.titles import call_title
from app.errors import Conflict
from app.messages import sentence
from app.pages.page import see_other
from app.web.actors import AsCoordinator
from app.web.clock import Now
from app.web.language import language_of
from app.web.session import Db


@dataclass(frozen=True)
class Here:
    """One request to a page of one round's evening."""

    request: Request
    session: Session
    coordinator: Coordinator
    now: datetime
    call: str
    pot: str

    @property
    def round(self) -> tuple[Session, Coordinator, str]:
        """What every rule of an evening asks for first."""
        return self.session, self.coordinator, self.pot

    @property
    def language(self) -> str:
        """The reader's."""
        return language_of(self.request)

    @cached_property
    def title(self) -> str:
        """What the call is called."""
        return call_title(self.session, self.coordinator, self.language)

    def said(self, error: Conflict) -> str:
        """Why nothing happened, in words."""
        return sentence(self.language, error.code, error.params)

    def done(
        self, route: str, done: str, *, count: int | None = None, anchor: str = "", **params: str
    ) -> Response:
        """On to a page of the same evening, where it is said what was done."""
        return see_other(
            self.request, route, call=self.call, pot=self.pot, done=done, count=count, anchor=anchor, **params
        )


async def here_of(
    request: Request, session: Db, coordinator: AsCoordinator, now: Now, call: str, pot: str
) -> Here:
    """Not in a thread: there is nothing to wait for."""
    return Here(request, session, coordinator, now, call, pot)


AtEvening = Annotated[Here, Depends(here_of)]

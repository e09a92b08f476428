"""What every operation of a coordinator on the evening of one round asks for."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import Depends, Request
from sqlmodel import Session

from app.accounts.actors import Coordinator
from app.settings import Settings
from app.web.actors import AsCoordinator
from app.web.clock import Now
from app.web.session import Db


@dataclass(frozen=True, slots=True)
class Here:
    """One request about one round."""

    request: Request
    session: Session
    coordinator: Coordinator
    now: datetime
    code: str

    @property
    def round(self) -> tuple[Session, Coordinator, str]:
        """What every rule of an evening asks for first."""
        return self.session, self.coordinator, self.code

    @property
    def settings(self) -> Settings:
        """How this site is set up."""
        found: Settings = self.request.state.settings
        return found

    @property
    def secret(self) -> str:
        """What links follow from."""
        return self.settings.secret_key.get_secret_value()

    def address(self, path: str) -> str:
        """The full address of a page; always our configured base."""
        return f"{self.settings.base_url.rstrip('/')}{path}"


async def here_of(request: Request, session: Db, coordinator: AsCoordinator, now: Now, round: str) -> Here:
    """Not in a thread: there is nothing to wait for."""
    return Here(request, session, coordinator, now, round)


AtRound = Annotated[Here, Depends(here_of)]

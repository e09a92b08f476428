"""What closing reviewing will do: for whoever is about to press."""

from datetime import datetime

from pydantic import BaseModel, ConfigDict
from sqlmodel import Session

from app.accounts.actors import Coordinator
from app.applications.members import count_team_letters
from app.applications.screened import desk_waiting
from app.decisions.refusals import ReviewingNotOpen
from app.models.applications import Status
from app.models.calls import Phase
from app.models.columns import Texts
from app.reviews.ahead import Ahead
from app.reviews.progress import DeskProgress, OrganisationProgress, desk_progress


class MissingOf(BaseModel):
    """How much of one organisation's reviews is in, and of the rest how much is begun."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    name: Texts
    assigned: int
    sent: int
    begun: int

    @property
    def missing(self) -> int:
        """Reviews that nobody can send any more."""
        return self.assigned - self.sent


class ClosingAhead(Ahead):
    """Closing reviewing: what will be missing, by organisation, and the letters that leave.

    `ties` are declared ties without a substitute, `thirds` third reviews that were not given out. Afterwards
    nobody is checked by the rules any more: `unchecked` are not yet, `proposed` wait for a second person.
    """

    organisations: list[MissingOf]
    missing: int
    begun: int
    holes: int
    ties: int
    thirds: int
    returned: int
    unchecked: int
    proposed: int
    teams: int


def closing_ahead(session: Session, coordinator: Coordinator, now: datetime) -> ClosingAhead:
    """Refused like closing itself unless reviewing is open."""
    progress = desk_progress(session, coordinator, now)
    if progress.phase is not Phase.REVIEWING:
        raise ReviewingNotOpen
    waiting = desk_waiting(session, coordinator, progress.phase)
    return ClosingAhead(
        organisations=[_missing(progress, each) for each in progress.organisations],
        missing=progress.missing,
        begun=sum(each.begun for each in progress.reviewers),
        holes=progress.holes,
        ties=len(progress.ties),
        thirds=waiting.thirds,
        returned=sum(each.returned for each in progress.reviewers),
        unchecked=waiting.to_check,
        proposed=waiting.proposed,
        teams=count_team_letters(session, coordinator.call_id, {Status.IN_REVIEW}, once="application_scored"),
    )


def _missing(progress: DeskProgress, organisation: OrganisationProgress) -> MissingOf:
    own = [each for each in progress.reviewers if each.organisation == organisation.code]
    return MissingOf(
        name=organisation.name,
        assigned=organisation.assigned,
        sent=organisation.sent,
        begun=sum(each.begun for each in own),
    )

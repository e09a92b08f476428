"""The demo's coordinator looks at what may be a tie: none of it is one."""

from datetime import datetime

from sqlmodel import Session

from app.accounts.actors import Coordinator
from app.reviews.conflicts import decide_suspicions
from app.reviews.known_ties import ties
from app.reviews.tie_inputs import Finding, SuspicionInput

REASON = "The link is with the organisation. None of its reviewers has met the team."


def decide_ties(session: Session, coordinator: Coordinator, now: datetime) -> None:
    """Whoever has rented a room of a partner is not tied to its reviewers."""
    suspected = [each.key for each in ties(session, coordinator).suspected]
    if suspected:
        given = SuspicionInput(suspected=suspected, finding=Finding.NO_TIE, reason=REASON)
        decide_suspicions(session, coordinator, given, now)

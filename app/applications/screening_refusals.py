"""What is refused while applications are checked against the rules."""

from app.errors import Conflict


class ScreeningClosed(Conflict):
    """Applications are checked from opening until reviewing closes; a refused one is reinstated first."""

    code = "screening.closed"


class ScreeningTooEarly(Conflict):
    """Nobody is refused while their team can still change what was sent."""

    code = "screening.too_early"


class ScreeningAwaitsCorrection(Conflict):
    """Its team was asked to correct something and still has time."""

    code = "screening.awaits_correction"


class SecondPersonNeeded(Conflict):
    """Whoever proposed a refusal cannot confirm it."""

    code = "screening.second_person"


class NotProposed(Conflict):
    """There is no refusal that waits, or somebody has answered it."""

    code = "screening.not_proposed"


class NotRefused(Conflict):
    """Only a refused application is reinstated, and until reviewing closes."""

    code = "screening.not_refused"


class FlagResolved(Conflict):
    """The flag is resolved already."""

    code = "flag.resolved"

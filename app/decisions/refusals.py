"""Every way in which the ranking, the awards and the announcement refuse."""

from app.errors import Conflict


class ReviewingNotOpen(Conflict):
    """Only an open reviewing can be closed."""

    code = "ranking.reviewing_not_open"


class ReviewingNotClosed(Conflict):
    """There is no order before reviewing is closed, and none to undo after the decision."""

    code = "ranking.reviewing_not_closed"


class AwardsExist(Conflict):
    """Reviewing is not opened again while awards rest on its order."""

    code = "ranking.awards_exist"


class EnvelopeExceeded(Conflict):
    """The pot does not hold that much any more; `left_minor` in euro cents."""

    code = "award.envelope_exceeded"


class NoPlaceLeft(Conflict):
    """Every place of the round is taken."""

    code = "award.no_place_left"


class NobodyLeft(Conflict):
    """A place is free, and nobody in the order is left to have it."""

    code = "award.nobody_left"


class AlreadyAwarded(Conflict):
    """An application wins once."""

    code = "award.already_awarded"


class NotInOrder(Conflict):
    """Without a total there is no place in the order; who withdrew has left it."""

    code = "award.not_in_order"


class AlreadyDecided(Conflict):
    """The decision is frozen."""

    code = "award.already_decided"


class OpenHoles(Conflict):
    """An organisation has not scored an application, and nobody excused it."""

    code = "decision.open_holes"


class UnexplainedDepartures(Conflict):
    """The awards depart from the order somewhere without a written reason."""

    code = "decision.unexplained_departures"


class WinnerWithdrew(Conflict):
    """An award stands for an application that has left the call."""

    code = "decision.winner_withdrew"


class NothingAwarded(Conflict):
    """There is nothing to decide."""

    code = "decision.nothing_awarded"


class AlreadyRevealed(Conflict):
    """A winner is known: the decision can no longer be opened again."""

    code = "decision.already_revealed"


class NotDecided(Conflict):
    """Only a frozen decision is announced."""

    code = "announce.not_decided"


class NoResult(Conflict):
    """An application's result is not public yet, or it never took part."""

    code = "result.none"


class AlreadyPublished(Conflict):
    """The results are public already."""

    code = "announce.already_published"

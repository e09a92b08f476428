"""Every way in which the preparing of an evening refuses."""

from app.errors import Conflict


class NoFinal(Conflict):
    """By the round's published rule nobody pitches."""

    code = "event.no_final"


class EventMissing(Conflict):
    """Where and when it is has to be known before anybody is invited."""

    code = "event.missing"


class FinalistsNamed(Conflict):
    """The finalists are named already."""

    code = "event.finalists_named"


class FinalistsNotNamed(Conflict):
    """The finalists are not named yet."""

    code = "event.finalists_not_named"


class NobodyFollows(Conflict):
    """Nobody in the order is left to be invited."""

    code = "event.nobody_follows"


class NoSlotFree(Conflict):
    """As many are invited as the round has finalists."""

    code = "event.no_slot_free"


class GivenOn(Conflict):
    """Whoever said no has left the place to the next in the order."""

    code = "event.given_on"


class HasBegun(Conflict):
    """The evening has begun."""

    code = "event.begun"


class HasPitched(Conflict):
    """The team's pitch has begun, so that it has come."""

    code = "event.has_pitched"


class OffersOpen(Conflict):
    """Somebody has not answered yet."""

    code = "event.offers_open"


class NothingToDraw(Conflict):
    """Nobody has confirmed."""

    code = "event.nothing_to_draw"


class OrderNotDrawn(Conflict):
    """Not everybody who confirmed has a place in the running order."""

    code = "event.order_not_drawn"


class AlreadyAnnounced(Conflict):
    """The finalists are announced, and with them the running order."""

    code = "event.announced"

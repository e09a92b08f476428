"""What is refused of a request about one's own data."""

from app.errors import Conflict


class NothingToCallOff(Conflict):
    """There is no request that waits, or it has been carried out."""

    code = "privacy.nothing_open"


class AlreadyAnswered(Conflict):
    """These questions are answered once, and only while a call receives or is being checked."""

    code = "privacy.already_answered"

"""How clearing refuses."""

from app.errors import Conflict


class RedactionUndecided(Conflict):
    """A place that may give the applicant away, or a file, was not decided on."""

    code = "redaction.undecided"


class SentMeanwhile(Conflict):
    """Another sending counts than the one that was looked at."""

    code = "redaction.sent_meanwhile"


class NotPlainAnyMore(Conflict):
    """As many applications as were shown cannot be cleared at once any more."""

    code = "redaction.count_changed"

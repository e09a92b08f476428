"""What is refused after sending, beside missing and stale."""

from app.errors import Conflict


class CorrectionOpen(Conflict):
    """One request at a time: the applicant is already asked for something."""

    code = "correction.open"


class CorrectionTooLate(Conflict):
    """A correction can be asked for until reviewing has opened, of what was sent and counts."""

    code = "correction.too_late"


class CorrectionTakenBack(Conflict):
    """The team is changing the whole of it: it is corrected there and sent again."""

    code = "correction.taken_back"


class CorrectionOverdue(Conflict):
    """The answer came at its due instant or later; the coordinator may extend it."""

    code = "correction.overdue"


class CorrectionClosed(Conflict):
    """The coordinator closed the request, or reviewers have begun."""

    code = "correction.closed"


class NothingAsked(Conflict):
    """There is no open request to extend or to close."""

    code = "correction.nothing_asked"

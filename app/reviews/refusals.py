"""How reviewing and assigning refuse."""

from app.errors import Conflict


class ReviewingNotReady(Conflict):
    """Reviewing opens once, after the call has closed."""

    code = "reviewing.not_ready"


class CorrectionsAwaited(Conflict):
    """Applicants still have time to correct what they were asked for: wait, or close these requests first."""

    code = "reviewing.corrections_awaited"


class NotCleared(Conflict):
    """Reviewers read only what a coordinator has cleared, and not everything is."""

    code = "reviewing.not_cleared"


class ReviewingNotOpen(Conflict):
    """Reviewing has not been opened yet, or is over."""

    code = "reviewing.not_open"


class AssigningOver(Conflict):
    """Assignments are made between the call's closing and the end of reviewing."""

    code = "assignment.over"


class ReviewerBarred(Conflict):
    """This reviewer declared a tie with the application, or stands behind it."""

    code = "assignment.barred"


class AlreadyAssigned(Conflict):
    """This reviewer has this application already."""

    code = "assignment.exists"


class NobodyFree(Conflict):
    """No reviewer of the organisation is free of ties with the application."""

    code = "assignment.nobody_free"


class ReviewAlreadySent(Conflict):
    """A review that counts cannot be taken from its reviewer."""

    code = "assignment.review_sent"


class ReviewBegun(Conflict):
    """A reviewer has begun this review: a proposal does not take it away."""

    code = "assignment.begun"


PAIR_REFUSED = (AlreadyAssigned, ReviewerBarred, ReviewAlreadySent, ReviewBegun)
"""What can be said of one reviewer and one application, beside where they were chosen."""


class NothingToHandOn(Conflict):
    """This reviewer has nothing that they have not begun."""

    code = "assignment.nothing_to_hand_on"


class ProposalExpired(Conflict):
    """What the proposal rests on has changed: it is to be made again."""

    code = "assignment.expired"


class ReviewIsSent(Conflict):
    """What was sent is done: there is nothing left to set aside."""

    code = "review.is_sent"


class AssignmentWithdrawn(Conflict):
    """The coordinator took the application back; what was written is kept."""

    code = "assignment.withdrawn"


class TieNotAnswered(Conflict):
    """The question about ties comes before the text."""

    code = "review.tie_not_answered"


class TieDeclared(Conflict):
    """Who has a tie does not score, and the answer stands."""

    code = "review.tie_declared"


class DiscussionNotMeant(Conflict):
    """The call did not promise a discussion when it opened."""

    code = "discussion.not_meant"


class DiscussionOpen(Conflict):
    """The discussion has begun already, and who has read has read."""

    code = "discussion.open"


class DiscussionNotOpen(Conflict):
    """Others' reasons are read only while a discussion is open."""

    code = "discussion.not_open"


class OwnReviewFirst(Conflict):
    """Others' reasons of an application are read only after one's own review of it was sent."""

    code = "discussion.own_first"


class StepTaken(Conflict):
    """The step lies behind, so that nothing of it can be left to the clock."""

    code = "plan.step_taken"


class StepNotPlanned(Conflict):
    """It is not left to the clock, or was done meanwhile."""

    code = "plan.not_planned"

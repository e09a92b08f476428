"""Why the jury, or who keys in its papers, is refused something."""

from app.errors import Conflict


class PitchNotBegun(Conflict):
    """This pitch has not begun yet: its page opens when it does."""

    code = "jury.not_begun"


class JurorIsDone(Conflict):
    """The juror has finished, or a coordinator has closed their ballots."""

    code = "jury.done"


class ComparingOver(Conflict):
    """The time to compare is over: what is whole stays as it is."""

    code = "jury.comparing_over"


class PitchesFollow(Conflict):
    """Pitches are still to come, so nobody can be finished."""

    code = "jury.pitches_follow"


class BallotsMissing(Conflict):
    """Some pitches have no ballot of this juror."""

    code = "jury.ballots_missing"


class JurorTakenOff(Conflict):
    """This juror was taken off the jury."""

    code = "jury.taken_off"


class JurorsNotDone(Conflict):
    """Somebody of the jury has not finished, and nobody has closed their ballots."""

    code = "jury.jurors_not_done"


class PapersDiffer(Conflict):
    """A paper was keyed twice, and the two differ."""

    code = "jury.papers_differ"


class NobodyOnTheJury(Conflict):
    """There is no juror."""

    code = "jury.nobody"


class AwardsRestOnIt(Conflict):
    """Awards were given by this order: they are taken back first."""

    code = "jury.awards_exist"


class StillOpen(Conflict):
    """The scoring of the pitches is not closed."""

    code = "jury.still_open"


class NoCardYet(Conflict):
    """There is no link that could be mailed: a card comes first."""

    code = "jury.no_link"


class NoAddress(Conflict):
    """The juror gave no e-mail address."""

    code = "jury.no_address"

"""Every way in which the ranking, the awards and the announcement refuse."""

from collections.abc import Iterable

from sqlmodel import Session

from app.errors import Conflict
from app.wall import BehindWall, wall_of


class ReviewingNotOpen(Conflict):
    """Only an open reviewing can be closed."""

    code = "ranking.reviewing_not_open"


class ReviewingNotClosed(Conflict):
    """There is no order before reviewing is closed, and none to undo after the decision."""

    code = "ranking.reviewing_not_closed"


class AwardsExist(Conflict):
    """Reviewing is not opened again while awards rest on its order."""

    code = "ranking.awards_exist"


class FinalistsStand(Conflict):
    """Reviewing is not opened again once finalists were invited by its order."""

    code = "ranking.finalists_stand"


class EnvelopeExceeded(Conflict):
    """The pot does not hold that much any more; `left_minor` in euro cents."""

    code = "award.envelope_exceeded"


class NoPlaceLeft(Conflict):
    """Every place of the round is taken."""

    code = "award.no_place_left"


class NoSeatsKept(Conflict):
    """The round keeps no seat for any group."""

    code = "award.no_seats_kept"


class NoFinalists(Conflict):
    """The round invites nobody to pitch: there is no such line."""

    code = "award.no_finalists"


class FewerThanPromised(Conflict):
    """The call promised so many awards, and somebody is left who could have one."""

    code = "decision.fewer_than_promised"


class BelowThreshold(Conflict):
    """Nobody wins with a total below what the call published."""

    code = "award.below_threshold"


class NeedsOneMore(Conflict):
    """One review alone passes no cut where the call promised more; `codes` have no other."""

    code = "award.needs_one_more"


class LineStands(Conflict):
    """The awards are those of the line that was asked for already."""

    code = "award.line_stands"


class RestsOnOneReview(Conflict):
    """Nor does anybody come up from a reserve list by one review alone; `codes` names it."""

    code = "reserve.needs_one_more"


class NotPublished(Conflict):
    """An award is given back, and somebody comes up, only once the results are public."""

    code = "reserve.not_published"


class NoReserveList(Conflict):
    """The round has no reserve list."""

    code = "reserve.no_list"


class ReserveEnded(Conflict):
    """The reserve list has ended: nobody comes up any more."""

    code = "reserve.ended"


class NothingReturned(Conflict):
    """No award was given back for which nobody came up yet."""

    code = "reserve.nothing_returned"


class UnconfirmedSeats(Conflict):
    """Applications of which nobody has said yet whether they belong to those for whom seats are kept."""

    code = "decision.unconfirmed_seats"


class PromotionSecondPerson(Conflict):
    """Somebody else of the list than the next: another coordinator confirms the reason, and so promotes."""

    code = "reserve.second_person"


class NobodyStandsBy(Conflict):
    """Nobody is left on the reserve list."""

    code = "reserve.nobody_stands_by"


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


class UnreadCautions(Conflict):
    """The line is hardly one, and whoever freezes it has not said that they know why: `cautions` names it."""

    code = "decision.unread_cautions"


class UnconfirmedDepartures(Conflict):
    """The awards depart from the order somewhere, and no second person has confirmed why."""

    code = "decision.unconfirmed_departures"


class SecondPersonNeeded(Conflict):
    """Who wrote why it departs from the order does not also confirm it."""

    code = "award.second_person"


class ConfirmedAlready(Conflict):
    """Somebody has confirmed it already."""

    code = "award.confirmed_already"


class CaseWritten(Conflict):
    """What somebody has written of a case is not thrown away with it."""

    code = "panel.case_written"


class OnAgenda(Conflict):
    """It is on the panel's agenda already."""

    code = "panel.on_agenda"


class PanelContradicted(Conflict):
    """The panel decided that an application departs from the order, and the awards do not."""

    code = "decision.panel_contradicted"


class NeverRanked(ReviewingNotClosed):
    """The call was decided without reviews here: there is no order to read, and none is to come."""

    code = "ranking.never_ranked"


class NotRecorded(Conflict):
    """The order was computed before runs were recorded: without a record there is no protocol."""

    code = "protocol.not_recorded"


class NotKept(NotRecorded):
    """It was decided before protocols were kept, and none can be made any more."""

    code = "protocol.not_kept"


class PitchesNotClosed(Conflict):
    """The pitches count in this round, and their scoring is not closed: there is no order to decide by."""

    code = "decision.pitches_not_closed"


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


class PublicationAsked(Conflict):
    """Somebody has counted already, and waits for a second person."""

    code = "publication.asked"


class PublicationNotAsked(Conflict):
    """Nobody has counted yet, or the count was taken back."""

    code = "publication.not_asked"


class PublicationSecondPerson(Conflict):
    """Who counted does not also confirm."""

    code = "publication.second_person"


class LettersGone(Conflict):
    """No letter waits any more."""

    code = "letters.none_wait"


class FactualClosed(Conflict):
    """The time in which a factual error can be pointed out is over, or has not begun."""

    code = "factual.closed"


class FactualWaits(Conflict):
    """An error that was pointed out is not answered yet: one at a time."""

    code = "factual.waits"


class FactualAnswered(Conflict):
    """Somebody has answered it already."""

    code = "factual.answered"


class NotSealed(Conflict):
    """A round with an evening is announced only once its results are sealed."""

    code = "seal.not_sealed"


class SealUnlike(Conflict):
    """What is known of the winners is not what was sealed: no paper of the seal is made."""

    code = "seal.unlike"


class SealBroken(Conflict):
    """The awards are not those that were sealed: nobody is announced."""

    code = "seal.broken"


class SealStands(Conflict):
    """The results are sealed already, or wait for a second person."""

    code = "seal.stands"


class SealConfirmed(Conflict):
    """Somebody has confirmed it already."""

    code = "seal.confirmed"


class SealSecondPerson(Conflict):
    """Who sealed does not also confirm."""

    code = "seal.second_person"


class SealDiffers(Conflict):
    """What the tables hold is not what the protocol gives when it is computed again; `lines` say where."""

    code = "seal.differs"


def refuse_named(session: Session, codes: Iterable[str], refusal: type[Conflict]) -> None:
    """Refuse for these applications, and name those that whoever acts may know of."""
    every = dict.fromkeys(codes)
    seen = [code for code in every if code not in wall_of(session).names]
    if every:
        raise refusal(codes=", ".join(seen)) if seen else BehindWall

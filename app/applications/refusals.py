"""What the applicant's side refuses, beside missing and stale."""

from app.errors import Conflict


class CallNotOpen(Conflict):
    """An application can only be begun between opening and closing."""

    code = "application.not_open"


class TooLate(Conflict):
    """The deadline has passed (or the call was cancelled): what was sent counts, the rest stays a draft."""

    code = "application.closed"


class OnThePanel(Conflict):
    """Who scores or runs a call does not apply in it."""

    code = "application.panel_member"


class ConsentNeeded(Conflict):
    """This consent is taken back by leaving the call: without it there is no application."""

    code = "consent.needed_while_applying"


class TooManyDrafts(Conflict):
    """A handful of unsent drafts in one call is enough for anybody."""

    code = "application.too_many_drafts"


class ReadOnly(Conflict):
    """This member of the team may read, not write."""

    code = "application.read_only"


class NotASender(ReadOnly):
    """A reader of the team does not send: its owner and its editors do."""

    code = "application.not_a_sender"


class NotADraft(Conflict):
    """It has been sent: take it back first."""

    code = "application.not_draft"


class AlreadySent(Conflict):
    """Only what was never sent can be deleted."""

    code = "application.already_sent"


class LeakGone(Conflict):
    """The text in which this was found has been changed since: there is nothing to leave any more."""

    code = "leak.gone"


class AssistsAsReviewer(Conflict):
    """Who scores in a call types in no application of it."""

    code = "assisted.reviewer"


class NotAssisted(Conflict):
    """Nobody types it in any more: it was sent or handed over."""

    code = "assisted.ended"


class ExtensionSettled(Conflict):
    """Its deadline does not move any more: it was withdrawn, or reviewers have begun, or the call ended."""

    code = "extension.settled"


class NoExtension(Conflict):
    """It has no later deadline that could be taken back."""

    code = "extension.none"


class ExtensionsRun(Conflict):
    """Reviewers wait for those who were given a later deadline; it can be taken back."""

    code = "extension.runs"


class FilesFull(Conflict):
    """There are as many files of this kind as an application may have."""

    code = "file.no_room"


class FileGone(Conflict):
    """It was removed or replaced meanwhile."""

    code = "file.gone"


class TooManyUploads(Conflict):
    """What was sent is kept for good, so that files cannot be replaced for ever."""

    code = "file.too_often"


class OwnerOnly(Conflict):
    """Who is in the team is the owner's to decide."""

    code = "team.owner_only"


class OwnerStays(Conflict):
    """An application has an owner: who is it hands it over before leaving."""

    code = "team.owner_stays"


class TeamClosed(Conflict):
    """Nobody joins any more once nothing can be changed or sent."""

    code = "team.closed"


class TeamFull(Conflict):
    """As many people as a team may have, those who have not answered yet among them."""

    code = "team.full"


class InvitationOver(Conflict):
    """It was answered, or its time has passed."""

    code = "invitation.over"


class InvitationElsewhere(Conflict):
    """It is for another address than the one that is signed in."""

    code = "invitation.other_address"

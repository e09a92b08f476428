"""The words of the jury: its phones, its papers, and what comes of them."""

from app.messages.catalogue import N_
from app.messages.question_words import Words

SENTENCES: dict[str, str] = {
    "jury.not_scored": N_("By the published rule the pitches of this round are not scored."),
    "jury.closed": N_("The scoring of the pitches is closed."),
    "jury.still_open": N_("The scoring of the pitches is not closed."),
    "jury.nothing_begun": N_("No pitch has begun yet."),
    "jury.not_begun": N_("This pitch has not begun yet. Its page opens when it does."),
    "jury.done": N_("This juror has finished. A coordinator can open the ballots again."),
    "jury.comparing_over": N_("The time to compare is over: a ballot that is complete stays as it is."),
    "jury.pitches_follow": N_("Pitches are still to come. You can finish after the last one."),
    "jury.ballots_missing": N_("Ballots that are still missing: {count}."),
    "jury.taken_off": N_("This juror was taken off the jury."),
    "jury.jurors_not_done": N_("Jurors who have not finished: {count}. Close their ballots with a reason."),
    "jury.papers_differ": N_("Paper ballots of which two keyings are missing or differ: {count}."),
    "jury.nobody": N_("There is nobody on the jury."),
    "jury.awards_exist": N_("Take the awards of this round back first: they rest on this order."),
    "jury.too_many": N_("A jury has {most} people at most."),
    "jury.no_link": N_("There is no link to mail. Make a card first."),
    "jury.no_address": N_("There is no e-mail address of this juror."),
    "jury.two_versions": N_("You changed this ballot in another window."),
    "jury.paper_too": N_("This ballot was keyed in from your paper."),
    "jury.wrong_code": N_("This code does not fit this link. Look at the card that you were given."),
    "jury.out_of_scale": N_("Choose a score from {least} to {most}."),
    "jury.nothing_keyed": N_("Nothing was keyed in."),
    "jury.alone_needs_reason": N_(
        "You key this in twice by yourself. Say why in at least {least} characters: the ledger tells it."
    ),
    "jury.nobody_pitched_needs_reason": N_("Nobody pitched. Say why in at least {least} characters."),
    "decision.pitches_not_closed": N_(
        "In this round the pitches count. Close their scoring first: then there is an order to decide by."
    ),
}

QUESTIONS: dict[str, Words] = {
    "enter.code": Words(N_("Six digits"), hint=N_("They stand on your card.")),
    "ballot.scores": Words(N_("Your scores")),
    "ballot.tie": Words(
        N_("I do not score this team"),
        hint=N_("Because of a conflict of interest: I work, live or argue with them. The others score it."),
    ),
    "ballot.missed": Words(N_("I did not see this pitch")),
    "ballot.note": Words(N_("Your notes"), hint=N_("Nobody else reads them.")),
    "juror.name": Words(N_("Name of the person"), empty=N_("Enter the juror's name")),
    "juror.organisation": Words(N_("Partner organisation"), empty=N_("Choose the organisation")),
    "juror.email": Words(N_("E-mail")),
    "juror.phone": Words(N_("Telephone on the evening")),
    "juror.language": Words(N_("In which language do we write to them?"), empty=N_("Choose a language.")),
    "juror_reason.reason": Words(
        N_("Why"), hint=N_("It stays on record."), empty=N_("Say why in a few words")
    ),
    "paper.pitches": Words(N_("Sheet")),
    "paper.reason": Words(
        N_("Why you key it in twice by yourself"),
        hint=N_("Only where nobody else can. Everybody reads it in the ledger once the results are out."),
    ),
    "tally.version": Words(N_("Version")),
    "tally.reason": Words(N_("Why nobody pitched"), hint=N_("Only where no pitch took place.")),
}

CHOICES: dict[str, dict[str, str]] = {
    "jury_stage": {
        "waiting": N_("The evening has not begun"),
        "pitching": N_("Teams pitch"),
        "comparing": N_("Compare and adjust"),
        "over": N_("The time to compare is over"),
        "finished": N_("You are finished"),
    },
    "juror_state": {
        "removed": N_("Taken off the jury"),
        "finished": N_("Finished"),
        "closed": N_("Closed by a coordinator"),
        "in": N_("A phone is signed in"),
        "issued": N_("Has a card, is not signed in"),
        "no_card": N_("Has no card yet"),
    },
    "juror_mail": {
        "queued": N_("The mail with the link leaves in a moment"),
        "sent": N_("The link was mailed"),
        "failed": N_("The mail did not arrive. Look at the address."),
        "cancelled": N_("The mail was not sent: the link had changed."),
    },
    "yes_no": {"yes": N_("Yes"), "no": N_("No")},
    "paper_state": {
        "phone": N_("Came from the phone"),
        "agreed": N_("Keyed in twice, alike"),
        "to_key": N_("To be keyed in"),
        "to_key_again": N_("To be keyed in a second time"),
        "waits": N_("Waits for a second person"),
        "differs": N_("The two differ"),
    },
    "paper_cell": {"tie": N_("Does not score this team"), "missed": N_("Did not see this pitch")},
    "ballot_short": {"tie": N_("conflict"), "missed": N_("not seen"), "none": N_("nothing yet")},
}

FLASHES: dict[str, str] = {
    "ballot_saved": N_("Your scores are saved."),
    "jury_finished": N_("Thank you. You are finished."),
    "juror_added": N_("Added to the jury. Now hand out the link and the code."),
    "juror_changed": N_("Saved."),
    "juror_mailed": N_("The link leaves by mail in a moment. The digits stay as they are."),
    "juror_revoked": N_("Link and code work no more, and the phone is signed out."),
    "juror_closed": N_("Nothing more is taken from this juror."),
    "juror_opened": N_("This juror can go on."),
    "juror_removed": N_("Taken off the jury."),
    "pitch_begun": N_("The jury can score this pitch."),
    "comparing_begun": N_("The jury can compare now."),
    "comparing_ended": N_("The jury waits for more pitches."),
    "paper_keyed": N_("Keyed in. Look below at what is left."),
    "pitches_closed": N_("The scoring is closed. The round decides by this order."),
    "pitches_opened": N_("The scoring is open again."),
}

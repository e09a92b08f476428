"""The words of the ranking, the awards and the announcement."""

from app.messages.catalogue import N_
from app.messages.question_words import Words

SENTENCES: dict[str, str] = {
    "ranking.reviewing_not_open": N_("Reviewing is not open, so it cannot be closed."),
    "ranking.reviewing_not_closed": N_("This needs closed reviewing and an open decision."),
    "ranking.awards_exist": N_("Take the awards back first: they rest on this order."),
    "hole.no_reason": N_("Nothing was excused: write why at least one of these reviews is missing."),
    "hole.reason_too_short": N_("Say in at least {least} characters why this review is missing."),
    "award.envelope_exceeded": N_("The envelope does not hold that much any more."),
    "award.no_place_left": N_("All {places} places are taken."),
    "award.nobody_left": N_(
        "Nobody in the order is left: each has an award, was passed over in writing, or has withdrawn."
    ),
    "award.already_awarded": N_("This application has an award already."),
    "award.not_in_order": N_("It has no place in the order: it has no total, or has withdrawn."),
    "award.already_decided": N_("The decision is frozen."),
    "award.no_money_here": N_("This call gives places, not money."),
    "award.departure_needs_reason": N_(
        "This departs from the order. Say why in at least {least} characters: it becomes part of the record."
    ),
    "decision.open_holes": N_("{count} reviews are missing and not excused. Excuse each in writing first."),
    "decision.unexplained_departures": N_("Say in writing why these depart from the order: {codes}."),
    "decision.winner_withdrew": N_("Take these awards back first, since they have withdrawn: {codes}."),
    "decision.nothing_awarded": N_("Nothing is awarded yet."),
    "decision.already_revealed": N_("A winner is known already, so the decision stays as it is."),
    "announce.not_decided": N_("Freeze the decision first."),
    "result.none": N_("There is no result of this application to read."),
    "announce.already_published": N_("The results are public already."),
    "archive.not_an_empty_call": N_("Past winners can only be entered into a call without applications."),
}

QUESTIONS: dict[str, Words] = {
    "award.application": Words(N_("Which application?"), empty=N_("Choose an application.")),
    "award.amount_minor": Words(N_("Amount"), hint=N_("Empty: the amount of the round.")),
    "award.reason": Words(
        N_("Why does it depart from the order?"), hint=N_("Only needed for an application below the line.")
    ),
    "departure.application": Words(N_("Which application?"), empty=N_("Choose an application.")),
    "departure.reason": Words(
        N_("Why is it passed over, or raised?"),
        hint=N_("At least 20 characters. It becomes part of the record."),
        empty=N_("Say why, in at least 20 characters."),
    ),
    "reason.reason": Words(
        N_("Why?"), hint=N_("It becomes part of the record."), empty=N_("Say why, in at least 10 characters.")
    ),
}

CHOICES: dict[str, dict[str, str]] = {
    "results_state": {
        "scheduled": N_("The call has not opened yet. Nothing has been scored or decided."),
        "open": N_("The call is open for applications. Nothing has been scored or decided."),
        "grace": N_("The call has just closed. Nothing has been scored or decided."),
        "closed": N_("The call has closed. Scoring has not begun yet."),
        "reviewing": N_("The applications are being scored. Nothing has been decided yet."),
        "reviewed": N_("Scoring has ended. The winners have not been decided yet."),
        "decided": N_("The winners have been decided and not announced yet."),
        "revealing": N_("The winners are being announced one by one. More may follow."),
        "cancelled": N_("This call was cancelled. It has no winners."),
    },
    "tied": {
        "criterion": N_("equal total; ahead of the next by: {criterion}"),
        "draw": N_("equal total; ahead of the next by the draw"),
        "last": N_("equal total; the last of its equals"),
    },
}

FLASHES: dict[str, str] = {
    "reviewing_closed": N_("Reviewing is closed. This is the order."),
    "reviewing_reopened": N_("Reviewing is open again."),
    "holes_excused": N_("Missing reviews excused now: {count}."),
    "line_drawn": N_("The line is drawn. New pending awards: {count}."),
    "awarded": N_("Awarded. It stays secret until it is announced."),
    "award_withdrawn": N_("The award is taken back."),
    "departure_explained": N_("The reason is on record."),
    "departure_withdrawn": N_("The reason is taken back, and the order applies again."),
    "decided": N_("The decision is frozen."),
    "decision_reopened": N_("The decision is open again."),
    "published": N_("The results are public, and every applicant gets a letter."),
}

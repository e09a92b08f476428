"""The words of the panel's meeting and of the protocol."""

from app.messages.catalogue import N_
from app.messages.question_words import Words

SENTENCES: dict[str, str] = {
    "award.second_person": N_("You wrote this reason. Another coordinator must confirm it."),
    "award.confirmed_already": N_("Somebody has confirmed this already."),
    "decision.unread_cautions": N_(
        "The reviews hardly carry a line here. Read why beside the button, and say that you know it."
    ),
    "decision.unconfirmed_departures": N_(
        "A second coordinator must confirm why these depart from the order: {codes}."
    ),
    "decision.panel_contradicted": N_(
        "The panel decided otherwise than the awards stand now: {codes}. Save these cases again."
    ),
    "panel.on_agenda": N_("This application is on the agenda already."),
    "panel.case_written": N_("Something is written of it: it stays on the agenda."),
    "panel.saved_elsewhere": N_("Somebody has saved this meanwhile. Press “Save” to see both."),
    "panel.stands_above": N_("It stands above the line already: leave it as ranked."),
    "panel.which_round": N_("Choose the round in which it departs from the order."),
    "protocol.not_kept": N_(
        "This decision was taken before protocols were kept here. There is none to read, nothing is to be "
        "done, and what was published stands."
    ),
    "protocol.not_recorded": N_(
        "This order was computed before protocols were kept. Open reviewing again and close it."
    ),
    "protocol.behind_wall": N_(
        "You have a tie with an application of this call. The protocol holds its scores, so another "
        "coordinator must read it and pass it on."
    ),
    "protocol.alone_behind_wall": N_(
        "You have a tie with an application of this call, and coordinate it alone. The protocol holds its "
        "scores, so somebody else must read it and pass it on: make somebody without a tie a second "
        "coordinator. That is possible after the decision too."
    ),
}

QUESTIONS: dict[str, Words] = {
    "case.minutes": Words(
        N_("What was said"), hint=N_("It stands in the protocol as you write it: codes, no names.")
    ),
    "case.outcome": Words(
        N_("What did the panel decide?"), hint=N_("No score changes. Leave it empty while it is open.")
    ),
    "case.reason": Words(
        N_("Why does it depart from the order?"),
        hint=N_("At least 20 characters. It stands in the protocol as you write it: codes, no names."),
    ),
    "case.round": Words(
        N_("In which round?"), empty=N_("Choose the round in which it departs from the order.")
    ),
    "meeting.held_on": Words(N_("Day of the meeting")),
    "meeting.present": Words(
        N_("Who was there?"), hint=N_("In the protocol each stands by code and organisation.")
    ),
    "meeting.notes": Words(
        N_("The meeting as a whole"),
        hint=N_(
            "What belongs to no single case. It stands in the protocol as you write it: codes, no names."
        ),
    ),
    "add_case.application": Words(
        N_("Code of the application"), empty=N_("Enter the code of an application.")
    ),
}

CHOICES: dict[str, dict[str, str]] = {
    "panel_decided": {
        "as_ranked": N_("as ranked"),
        "raise": N_("raised"),
        "pass_over": N_("passed over"),
        "departs": N_("departs from the order"),
    },
    "panel_outcome": {
        "as_ranked": N_("It stays where the order puts it"),
        "raise": N_("Raise it above the line: it gets a place"),
        "pass_over": N_("Pass it over: a pending award is taken back"),
    },
    "agenda_ground": {
        "uncertain": N_("its place is not firm"),
        "divergent": N_("its reviews differ much"),
        "departs": N_("it departs from the order"),
        "added": N_("put on the agenda by hand"),
    },
}

FLASHES: dict[str, str] = {
    "case_saved": N_("The case is saved."),
    "case_removed": N_("The application is off the agenda."),
    "case_added": N_("The application is on the agenda."),
    "meeting_saved": N_("The meeting is saved."),
    "departure_confirmed": N_("You have confirmed the reason."),
}

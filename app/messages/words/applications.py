"""The words of writing, sending and following an application; its questions are in `sections`."""

from app.messages.catalogue import N_
from app.messages.question_words import Words

SENTENCES: dict[str, str] = {
    "application.illegal_move": N_("That is not possible in the state of this application."),
    "application.not_open": N_("This call is not open for applications now."),
    "application.closed": N_("The deadline has passed. You can still read and download your answers."),
    "application.panel_member": N_(
        "You take part in this call on the programme's side, so you cannot apply in it."
    ),
    "application.too_many_drafts": N_(
        "You already have {most} unsent drafts in this call. Delete one first."
    ),
    "application.read_only": N_("You can read this application but not change it."),
    "application.not_a_sender": N_(
        "Only the owner or an editor sends this application. You can read and download it."
    ),
    "application.not_draft": N_("This application has been sent. Take it back to change it."),
    "application.already_sent": N_(
        "This application was sent once, so it cannot be deleted. You can withdraw it."
    ),
    "application.not_ready": N_("Some answers are still missing or wrong."),
    "document.not_made": N_(
        "This PDF could not be made just now. The page and the text hold the same; or try again later."
    ),
    "consent.processing_needed": N_(
        "Tick the box about your data: without this consent we cannot take your application."
    ),
    "consent.publication_needed": N_(
        "Tick the box about publication: without this consent we cannot take your application."
    ),
    "consent.needed_while_applying": N_(
        "Without this consent there is no application. To take it back, withdraw the application."
    ),
    "send.name": N_("Type your name."),
    "send.truth": N_("Tick the box to confirm that what you wrote is true."),
    "send.no_conflict": N_("Tick the box to confirm that every tie to the partner organisations is named."),
    "send.no_double_funding": N_("Tick the box to confirm that no cost is paid twice."),
    "send.controls": N_("Tick the box to accept that the funder may check the spending."),
    "choice.unknown": N_("Choose one of the answers."),
    "row.same_id": N_("Two rows have the same id."),
    "row.id": N_("A row's id is up to 16 small letters and digits."),
    "number.not_a_number": N_("Enter a number, for example 12 500."),
    "number.negative": N_("Enter a number that is 0 or more."),
    "number.not_whole": N_("Enter a whole number, for example 60."),
    "number.too_many_places": N_("Enter a number with at most {places} decimal places."),
    "phone.invalid": N_("Enter a phone number like +7 701 234 56 78."),
    "bin.length": N_("Enter the twelve digits of the BIN."),
    "bin.check_digit": N_("Check the BIN: the last digit does not match."),
    "email.looks_mistyped": N_("Check the e-mail address. Did you mean {meant}?"),
    "link.invalid": N_("Enter a link, for example stat.gov.kz or https://stat.gov.kz."),
    "need.permit_from_whom": N_(
        "You said that somebody has to permit it: add who, with “Must give a permit” as their part."
    ),
    "month.invalid": N_("Enter a month like 2026-05."),
    "team.organisation_without_name": N_("Enter the name of the organisation in Kazakh or in Russian."),
    "work_plan.ends_before_start": N_("Choose a last month that is not before the first."),
    "work_plan.starts_too_early": N_(
        "Choose a month after the results are announced: work must not have begun before."
    ),
    "work_plan.too_long": N_("Shorten the project to {months} months or fewer."),
    "activity.ends_before_start": N_("Choose a month that is not before the beginning of this activity."),
    "activity.outside_project": N_("Choose a month between the first and the last month of the project."),
    "milestone.outside_project": N_("Choose a month between the first and the last month of the project."),
    "activity.gone": N_("Choose an activity: the one named here is no longer in the work plan."),
    "budget.over_ceiling": N_(
        "The lines that the grant pays are {over} above the ceiling. Lower them, or let somebody else pay."
    ),
    "budget.administration": N_("Lower bank and administration to {percent} percent of the grant or less."),
    "budget.free_of_charge": N_("Enter a price: 0 is only for what comes in kind."),
    "budget.one_large_line": N_("This line is more than {percent} percent of the grant: explain why."),
    "budget.part_above_sum": N_("Enter at most {sum}: the grant cannot pay more than the line costs."),
    "budget.rest_without_payer": N_(
        "Choose who pays the other {rest}: own money, somebody in kind, or a partner."
    ),
    "month.short": N_("Short each month: about {short}. How would you close the gap?"),
    "budget.nothing_own": N_("Everything is paid by the grant. Own work and things may be named too."),
    "section.come_back": N_("You said that you will come back to this section."),
    "milestone.outside_activity": N_("This month is not among the months of its activity. Is that right?"),
    "activity.without_means": N_("This activity has no budget line and nothing of your own. Is that right?"),
}

QUESTIONS: dict[str, Words] = {
    "consent.processing": Words(
        N_("I agree that my data is used to run this call."),
        hint=N_("Needed. The programme keeps your name, contacts and answers for this call only."),
    ),
    "consent.publication": Words(
        N_("I agree that my name and project are published if I win."),
        hint=N_("Needed. Winners are made public with their project and what they receive."),
    ),
    "consent.pictures": Words(
        N_("I agree to photos and video at the event."),
        hint=N_("You may say no. It changes nothing about your application."),
    ),
    "consent.own_picture": Words(
        N_("I agree that the picture I sent is shown with my project if I win."),
        hint=N_(
            "You may say no. If you take it back later, the picture is no longer shown from that moment."
        ),
    ),
    "consent.news": Words(
        N_("Send me news about later calls."), hint=N_("You may say no; nothing depends on it.")
    ),
    "send.truth": Words(N_("What I wrote is true, and I may speak for this team.")),
    "send.no_double_funding": Words(N_("No cost in this application is paid twice.")),
    "send.no_conflict": Words(N_("I have named every tie of the team to the partner organisations.")),
    "send.controls": Words(N_("I accept that the funder may check how a grant was spent.")),
    "send.name": Words(N_("Your name"), hint=N_("Type it as your signature."), empty=N_("Type your name.")),
    "send.number": Words(N_("Number of the sending")),
}

CHOICES: dict[str, dict[str, str]] = {
    "progress": {
        "not_started": N_("Not started"),
        "in_progress": N_("In progress"),
        "problem": N_("There is a problem"),
        "completed": N_("Completed"),
    },
    "application_state": {
        "waiting": N_("Waiting for the results"),
        "cancelled": N_("The call was cancelled"),
    },
    "outcome": {
        "awarded": N_("Your application has been selected. Congratulations!"),
        "not_selected": N_(
            "Your application was not selected this time. Thank you for the work that you put into it."
        ),
        "promoted": N_("Your application has been selected from the reserve list. Congratulations!"),
        "given_back": N_("You gave your award back."),
        "stands_by": N_(
            "It is on the reserve list. Its position: {position}. If a winner gives an award back, the next "
            "on the list gets it. The list is valid until: {until}"
        ),
        "withdrawn": N_("This application was withdrawn and takes no part in the call."),
        "refused": N_("This application cannot take part in the call, since it does not meet a rule of it."),
        "unsent": N_("This application was not sent in time and takes no part in the call."),
    },
    "consent_kinds": {
        "processing": N_("use of your data in this call"),
        "publication": N_("publication if you win"),
        "pictures": N_("photos and video at the event"),
        "own_picture": N_("showing your picture if you win"),
        "news": N_("news about later calls"),
    },
    "consent_said": {"given": N_("Consent given"), "taken_back": N_("Consent taken back")},
    "moves": {
        "start": N_("Draft begun"),
        "enter": N_("Begun by the programme on your behalf"),
        "hand_over": N_("Handed over to you"),
        "take_over": N_("You went on alone"),
        "send": N_("Received"),
        "ask_correction": N_("A correction was asked for"),
        "correct": N_("Corrected and received again"),
        "take_back": N_("Taken back to be changed"),
        "withdraw": N_("Withdrawn"),
        "start_review": N_("Being scored"),
        "award": N_("Awarded"),
        "give_back": N_("The award was given back"),
        "promote": N_("Awarded from the reserve list"),
        "not_select": N_("Not selected"),
        "refuse": N_("Cannot take part"),
        "reinstate": N_("Takes part again"),
    },
}

FLASHES: dict[str, str] = {
    "application_started": N_("Your application has begun. Everything you type is kept."),
    "consent_changed": N_("Your consent is changed, and that is written down."),
    "brought_back": N_("It is as it was. What it replaced stands among the earlier texts."),
    "section_saved": N_("Saved. You can close this page."),
    "taken_back": N_("Your application is open for changes."),
    "withdrawn": N_("Your application is withdrawn."),
    "deleted": N_("The draft is deleted."),
}

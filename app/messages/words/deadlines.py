"""The words of deadlines: later ones for single applications, reminders, and what was sent by mail."""

from app.messages.catalogue import N_
from app.messages.question_words import Words

SENTENCES: dict[str, str] = {
    "extension.settled": N_(
        "The deadline of this application does not move any more: it was withdrawn, reviewers have begun, "
        "or the call ended."
    ),
    "extension.none": N_("This application has no later deadline that could be taken back."),
    "extension.runs": N_(
        "Applications with a later deadline that still lasts: {count}. Wait for it, or take it back first."
    ),
    "desk.todo_extended": N_("Applications that may still come in, by a later deadline: {count}"),
    "extension.not_later": N_("Choose an instant after the closing of the call."),
    "extension.past": N_("Choose an instant that lies ahead."),
    "extension.after_reviews": N_("Choose an instant before the end of scoring."),
    "extension.unknown": N_("No application of this call has this reference. Check each letter."),
    "extension.again": N_("This application had a later deadline before. Open it in the list to change it."),
}

QUESTIONS: dict[str, Words] = {
    "later.ref": Words(
        N_("Reference of the application"),
        hint=N_("The applicant reads it on their page and in each mail, for example WA26-K7M2Q4."),
        empty=N_("Enter the reference."),
    ),
    "later.until_day": Words(N_("New deadline: date"), empty=N_("Enter a date.")),
    "later.until_time": Words(N_("New deadline: time"), empty=N_("Enter a time.")),
    "later.reason": Words(
        N_("Why"),
        hint=N_("The applicant reads it. Write it in their language."),
        empty=N_("Say why."),
    ),
    "taken_back.why": Words(
        N_("Why is it taken back?"),
        hint=N_("The applicant reads it. Write it in their language."),
        empty=N_("Say why."),
    ),
}

CHOICES: dict[str, dict[str, str]] = {}

FLASHES: dict[str, str] = {
    "extension_given": N_("The deadline is moved, and the applicant is told by mail."),
    "extension_taken_back": N_("The later deadline is taken back, and the applicant is told by mail."),
}

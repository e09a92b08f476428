"""The words of what follows sending: corrections, one's own data, questions that are nobody's."""

from app.messages.catalogue import N_
from app.messages.question_words import Words

SENTENCES: dict[str, str] = {
    "correction.open": N_("This applicant is already asked for a correction. Close that request first."),
    "correction.too_late": N_(
        "A correction can be asked for until reviewing opens, of what was sent and counts."
    ),
    "correction.taken_back": N_(
        "The application was taken back, so all of it is open: it is corrected there and sent again."
    ),
    "correction.overdue": N_(
        "The time for this answer is over, so what you sent counts as it is. The coordinator can give you "
        "more time."
    ),
    "correction.closed": N_("This request is closed. What you sent counts as it is."),
    "correction.nothing_asked": N_("There is no open request."),
    "correction.in_the_past": N_("Choose a date that is still to come."),
    "correction.too_far": N_("Choose a date within the next 60 days."),
    "correction.not_later": N_("Choose a later date than the one that was given."),
    "reviewing.corrections_awaited": N_(
        "Applicants who still have time to correct something: {count}. Wait for them, or close these "
        "requests first."
    ),
    "desk.todo_corrections_overdue": N_("Corrections that are overdue: {count}"),
    "desk.todo_corrections": N_("Corrections that applicants still have time for: {count}"),
    "desk.todo_erasures": N_("Applications whose people want to be erased: {count}"),
    "privacy.nothing_open": N_("There is no request that waits, or it was carried out already."),
    "privacy.already_answered": N_("These questions are answered once, until reviewing opens. Thank you!"),
}

QUESTIONS: dict[str, Words] = {
    "correction.fields": Words(
        N_("Which answers are to be corrected?"), empty=N_("Tick at least one answer.")
    ),
    "correction.question": Words(
        N_("What is to be corrected, and why?"),
        hint=N_("One sentence that says what is missing or unclear. It goes to the team as you write it."),
        empty=N_("Write what is to be corrected."),
    ),
    "correction.due_on": Words(
        N_("Until which day?"),
        hint=N_("Until 18:00 of that day. Five working days are usual."),
        empty=N_("Choose a date."),
    ),
    "account.name": Words(
        N_("Your name"), hint=N_("So that we can greet you. It is not part of an application.")
    ),
    "account.language": Words(N_("In which language do we write to you?"), empty=N_("Choose a language.")),
    "about.age": Words(
        N_("How old are you?"), why=N_("So that we see whether young and old people find this call.")
    ),
    "about.gender": Words(N_("Are you …"), why=N_("So that we see whether women and men apply alike.")),
    "about.disability": Words(
        N_("Do you live with a disability or a lasting illness?"),
        why=N_("So that we see whether the call is open to everybody."),
    ),
    "about.applying": Words(N_("How was it to apply?"), why=N_("So that the form is better next time.")),
}

CHOICES: dict[str, dict[str, str]] = {
    "correction_state": {
        "open": N_("An answer is awaited"),
        "overdue": N_("The time is over"),
        "answered": N_("Corrected"),
        "closed": N_("Closed"),
    },
    "request_state": {
        "waits": N_("Waits for its day"),
        "ordered": N_("Is being carried out"),
        "overdue": N_("Overdue"),
        "done": N_("Done"),
        "kept": N_("Done, but for what has to stay"),
        "called_off": N_("Called off"),
    },
    "fates": {
        "delete": N_("The draft is deleted."),
        "withdraw": N_("The application is withdrawn and its texts are erased. It cannot win any more."),
        "anonymise": N_("Texts, names and contacts are erased."),
        "leave": N_("You leave the team; the application stays with the others."),
        "keep_award": N_("The application and its texts are kept."),
        "keep_undecided": N_("The application is kept until the results are public."),
        "keep_panel": N_("Your name and your reviews on the panel are kept."),
        "keep_manager": N_("Your account is kept as long as you may create calls."),
    },
    "fates_why": {
        "withdraw": N_("Scores that were given stay, without your name."),
        "anonymise": N_("Scores that were given stay, without your name."),
        "keep_award": N_("Whoever funds the grant may check how it was given and spent."),
        "keep_undecided": N_("The decision is made and nobody knows it yet; afterwards we go on with it."),
        "keep_panel": N_("Whoever funds the grants may check who has decided."),
        "keep_manager": N_("Whoever runs the site can take this role from you first."),
    },
    "about_age": {
        "under_25": N_("Under 25"),
        "from_25": N_("25 to 34"),
        "from_35": N_("35 to 49"),
        "from_50": N_("50 to 64"),
        "from_65": N_("65 or older"),
        "unsaid": N_("I prefer not to say"),
    },
    "about_gender": {
        "woman": N_("a woman"),
        "man": N_("a man"),
        "other": N_("neither, or something else"),
        "unsaid": N_("I prefer not to say"),
    },
    "about_disability": {
        "yes": N_("Yes"),
        "no": N_("No"),
        "unsaid": N_("I prefer not to say"),
    },
    "about_applying": {
        "very_easy": N_("Very easy"),
        "easy": N_("Easy"),
        "middling": N_("Neither easy nor hard"),
        "hard": N_("Hard"),
        "very_hard": N_("Very hard"),
    },
}

FLASHES: dict[str, str] = {
    "corrected": N_("Your corrected answers are sent. A copy is on its way to your e-mail address."),
    "correction_asked": N_("The request is sent to the team."),
    "correction_extended": N_("The team has more time, and is told."),
    "correction_closed": N_("The request is closed, and the team is told."),
    "erasure_asked": N_("We have received your request."),
    "erasure_called_off": N_("Your request is called off. Your data stays."),
    "erasure_ordered": N_("It is carried out within a minute."),
    "about_answered": N_("Thank you for your answers."),
}

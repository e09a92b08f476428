"""The words of the redaction queue: what is decided before reviewers read."""

from app.messages.catalogue import N_
from app.messages.question_words import Words

SENTENCES: dict[str, str] = {
    "redaction.undecided": N_(
        "Still to be decided: {count}. Decide every place that was found, every picture and every document."
    ),
    "redaction.undecided_here": N_("Choose what becomes of it."),
    "redaction.sent_meanwhile": N_(
        "The team has sent this application anew meanwhile. Look at what counts now and decide again."
    ),
    "redaction.count_changed": N_(
        "Applications in which nothing was found: {count} by now. Look at the list and press again."
    ),
    "redaction.also_written": N_(
        "You wrote another text: choose “Write it another way”, or put the text back as it was."
    ),
    "redaction.leaves_out": N_(
        "Nothing is left of this answer. Tick below that it is left out, or write a text."
    ),
    "redaction.also_marked": N_(
        "You marked parts to blur: choose “Blur it, or parts of it”, or take the marks away."
    ),
    "redaction.also_copied": N_(
        "You changed its text: choose “Give reviewers its text”, or put the text back as it was."
    ),
    "redaction.gives_away": N_(
        "It may say who applies: {words}. Write it without these words, or tick that reviewers may read them."
    ),
    "redaction.not_for_this_file": N_("That cannot be done with a file of this kind."),
    "redaction.no_words": N_("No text could be read in this document."),
    "redaction.counts": N_("Waiting to be cleared: {open}. Cleared: {cleared}."),
    "redaction.no_place": N_("There is no such text or file in what was sent."),
    "reviewing.not_cleared": N_(
        "Applications that are not cleared for reviewers: {count}. Reviewing opens once all are."
    ),
    "desk.todo_blindness": N_(
        "Names or contacts of applicants that the newest check found in what reviewers can read: {count}"
    ),
    "desk.todo_redaction": N_("Applications to clear before reviewers read them: {count}"),
    "desk.todo_redaction_changed": N_("Applications that changed since they were cleared: {count}"),
}

QUESTIONS: dict[str, Words] = {}

CHOICES: dict[str, dict[str, str]] = {
    "redaction_state": {
        "found": N_("To be looked at"),
        "plain": N_("Nothing was found"),
        "changed": N_("Changed since it was cleared"),
        "cleared": N_("Cleared"),
    },
    "text_how": {
        "covered": N_("Cover what is marked"),
        "kept": N_("No problem: leave it as it is"),
        "edited": N_("Write it another way"),
    },
    "file_how": {
        "cleared": N_("Reviewers may see it"),
        "blurred": N_("Blur it, or parts of it"),
        "in_words": N_("Give reviewers its text, with what is marked covered"),
        "dropped": N_("Leave it out"),
    },
    "file_reads": {
        "blurred": N_("Reviewers get this picture blurred, as a whole or in parts."),
        "in_words": N_("Reviewers get the words of this document, with what gives you away covered."),
        "dropped": N_("Reviewers do not get this file: the coordinator has left it out."),
    },
    "picture_area": {
        "1": N_("Top left"),
        "2": N_("Top"),
        "3": N_("Top right"),
        "4": N_("Left side"),
        "5": N_("Middle"),
        "6": N_("Right side"),
        "7": N_("Bottom left"),
        "8": N_("Bottom"),
        "9": N_("Bottom right"),
    },
}

FLASHES: dict[str, str] = {
    "redaction_saved": N_("Saved. Reviewers read nothing of it before you clear the application."),
    "redaction_cleared": N_("The application is cleared: reviewers read it as you decided."),
    "redaction_cleared_all": N_("Applications cleared: {count}"),
}

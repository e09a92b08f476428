"""The words of reviewing's progress: how far it is, when it will be done, and reminding."""

from app.messages.catalogue import N_
from app.messages.question_words import Words

SENTENCES: dict[str, str] = {
    "progress.sent": N_("Reviews sent: {sent} of {assigned}."),
    "progress.covered": N_("{sent} of {assigned}"),
    "progress.forecast": N_("At the pace of the last seven days, all reviews will be in on {day}."),
    "progress.forecast_due": N_(
        "At the pace of the last seven days, all reviews will be in on {day}. They are due on {due}."
    ),
    "progress.forecast_late": N_(
        "At the pace of the last seven days, the last review will come on {day}: that is after the due "
        "date, {due}."
    ),
    "reminding.nothing_waits": N_("Nothing waits for this reviewer."),
}

QUESTIONS: dict[str, Words] = {}

CHOICES: dict[str, dict[str, str]] = {}

FLASHES: dict[str, str] = {
    "reminded": N_("Reminders sent: {count}. Who had one today gets no second."),
}

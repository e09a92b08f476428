"""The words of the stage."""

from app.messages.catalogue import N_
from app.messages.question_words import Words

SENTENCES: dict[str, str] = {
    "stage.nobody_left": N_("Every winner of this round has been revealed."),
}

QUESTIONS: dict[str, Words] = {}

CHOICES: dict[str, dict[str, str]] = {
    "stage": {"winner": N_("Winner"), "winners": N_("The winners")},
}

FLASHES: dict[str, str] = {
    "revealed": N_("Revealed."),
    "scene_changed": N_("The screen has changed."),
}

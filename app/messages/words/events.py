"""The words of events."""

from app.messages.catalogue import N_  # noqa: F401
from app.messages.question_words import Words

SENTENCES: dict[str, str] = {}

QUESTIONS: dict[str, Words] = {}

CHOICES: dict[str, dict[str, str]] = {}

FLASHES: dict[str, str] = {}

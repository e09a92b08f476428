"""The words of each part of the product: refusals, questions, choices and short messages.

Each module has the same four tables, so that a part's words are found in one file:
`SENTENCES` (refusal code -> sentence), `QUESTIONS` (`<form>.<field>` -> Words),
`CHOICES` (list name -> code -> words), `FLASHES` (code -> message shown once after an act).
"""

from app.messages.words import (
    accounts,
    after,
    applications,
    calls,
    deadlines,
    decisions,
    events,
    files,
    jury,
    leaks,
    meeting,
    offline,
    panel,
    progress,
    redaction,
    reviews,
    screening,
    sections,
    team,
)

PARTS = (
    accounts,
    calls,
    sections,
    applications,
    deadlines,
    files,
    team,
    leaks,
    offline,
    after,
    panel,
    screening,
    redaction,
    reviews,
    progress,
    decisions,
    meeting,
    events,
    jury,
)

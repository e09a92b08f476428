"""Every table, one file a noun: columns, keys and CHECKs, no behaviour.

Importing this package registers all of them on `SQLModel.metadata`.
`people` is the only module whose tables can name a person; an import contract guards it.
"""

from app.models import (
    accounts,
    applications,
    assigning,
    audit,
    calls,
    corrections,
    decisions,
    events,
    files,
    jury,
    matters,
    meeting,
    outbox,
    panel,
    people,
    phases,
    privacy,
    public,
    redaction,
    reviews,
    screening,
    tallies,
)

__all__ = [
    "accounts",
    "applications",
    "assigning",
    "audit",
    "calls",
    "corrections",
    "decisions",
    "events",
    "files",
    "jury",
    "matters",
    "meeting",
    "outbox",
    "panel",
    "people",
    "phases",
    "privacy",
    "public",
    "redaction",
    "reviews",
    "screening",
    "tallies",
]

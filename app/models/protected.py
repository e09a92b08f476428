"""Which tables a reviewer must not read: those that can name a person, and those that tell of others' scores.

The first are those of `people`, told by where they are defined, and uncleared texts.
"""

from functools import cache

from sqlmodel import SQLModel

import app.models

PROTECTED_MODULE = f"{app.models.__name__}.people"

UNCLEARED = frozenset({"application_file", "draft", "draft_version", "packet"})
"""What applicants wrote, as they wrote it: a coordinator has not yet covered what gives them away."""

COORDINATORS = frozenset(
    {
        "call_tally",
        "decision_protocol",
        "feedback_line",
        "matter",
        "matter_basis",
        "panel_case",
        "panel_meeting",
        "pitch_entry",
        "pitch_keying",
        "pitch_run",
        "ranking_record",
        "result_seal",
        "reviewer_tally",
        "webhook",
        "webhook_delivery",
    }
)
"""Of what they tell, as that two others differ too much or how far they are, a reviewer must not know even
the number; of what came of the pitches, or was keyed in from paper, neither a reviewer nor a juror."""


@cache
def protected_tables() -> frozenset[str]:
    """The tables that a reviewer's session must not read, not even to count their rows."""
    registry = SQLModel._sa_registry
    return (
        UNCLEARED
        | COORDINATORS
        | frozenset(
            str(mapper.local_table.name)  # type: ignore[attr-defined]
            for mapper in registry.mappers
            if mapper.class_.__module__ == PROTECTED_MODULE
        )
    )

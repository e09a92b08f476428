"""All routers of the API, each included directly: see `app/pages/router.py`."""

from fastapi import FastAPI

from app.api import (
    applications,
    assignments,
    assisted,
    awards,
    blindness,
    calls,
    corrections,
    desk,
    discussions,
    extensions,
    files,
    flags,
    leaks,
    messages,
    my_data,
    papers,
    phases,
    practice,
    ranking,
    redaction,
    results,
    reviewers,
    reviews,
    screening,
    seats,
    stage,
    team,
    ties,
    wishes,
)


def include_nouns(api: FastAPI) -> None:
    """Give the API all its nouns."""
    own = (applications, leaks, files, team, corrections, messages, my_data)
    desks = (desk, screening, flags, redaction, extensions, assisted, assignments, ties, blindness)
    panel = (reviewers, seats, wishes)
    scoring = (reviews, practice, papers, discussions)
    for part in (calls, *panel, *own, *desks, *scoring, phases, ranking, awards, results, stage):
        api.include_router(part.router)

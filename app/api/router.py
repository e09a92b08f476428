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
    extensions,
    files,
    flags,
    leaks,
    messages,
    my_data,
    ranking,
    redaction,
    results,
    reviewers,
    reviews,
    screening,
    stage,
    team,
    ties,
)


def include_nouns(api: FastAPI) -> None:
    """Give the API all its nouns."""
    own = (applications, leaks, files, team, corrections, messages, my_data)
    desks = (desk, screening, flags, redaction, extensions, assisted, assignments, ties, blindness)
    for part in (calls, reviewers, *own, *desks, reviews, ranking, awards, results, stage):
        api.include_router(part.router)

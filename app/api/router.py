"""All routers of the API, each included directly: see `app/pages/router.py`."""

from fastapi import FastAPI

from app.api import (
    applications,
    assignments,
    assisted,
    attendance,
    awards,
    blindness,
    calls,
    corrections,
    desk,
    discussions,
    events,
    extensions,
    feedback,
    files,
    flags,
    jury,
    leaks,
    logos,
    meeting,
    messages,
    my_data,
    needed,
    panel,
    papers,
    phases,
    practice,
    protocol,
    ranking,
    redaction,
    results,
    reviewers,
    reviews,
    screening,
    sealing,
    seats,
    show,
    stage,
    team,
    ties,
    webhooks,
    winner_pictures,
    wishes,
)


def include_nouns(api: FastAPI) -> None:
    """Give the API all its nouns."""
    own = (applications, leaks, files, team, corrections, messages, my_data)
    desks = (desk, screening, flags, redaction, extensions, assisted, assignments, ties, blindness)
    seated = (panel, reviewers, seats, wishes)
    scoring = (reviews, practice, papers, discussions)
    deciding = (needed, ranking, awards, meeting, protocol)
    announcing = (
        events,
        show,
        attendance,
        jury,
        results,
        sealing,
        feedback,
        stage,
        webhooks,
        winner_pictures,
    )
    for part in (calls, logos, *seated, *own, *desks, *scoring, phases, *deciding, *announcing):
        api.include_router(part.router)

"""All routers of the API, each included directly: see `app/pages/router.py`."""

from fastapi import FastAPI

from app.api import (
    applications,
    assignments,
    awards,
    calls,
    desk,
    files,
    ranking,
    results,
    reviewers,
    reviews,
    stage,
)


def include_nouns(api: FastAPI) -> None:
    """Give the API all its nouns."""
    for part in (
        calls,
        reviewers,
        applications,
        files,
        desk,
        assignments,
        reviews,
        ranking,
        awards,
        results,
        stage,
    ):
        api.include_router(part.router)

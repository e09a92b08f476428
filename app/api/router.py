"""All routers of the API, each included directly: see `app/pages/router.py`."""

from fastapi import FastAPI

from app.api import (
    applications,
    assignments,
    awards,
    calls,
    corrections,
    desk,
    my_data,
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
        corrections,
        my_data,
        desk,
        assignments,
        reviews,
        ranking,
        awards,
        results,
        stage,
    ):
        api.include_router(part.router)

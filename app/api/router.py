"""All routers of the API."""

from fastapi import APIRouter

from app.api import (
    applications,
    assignments,
    awards,
    calls,
    desk,
    ranking,
    results,
    reviewers,
    reviews,
    stage,
)

router = APIRouter()
for part in (calls, reviewers, applications, desk, assignments, reviews, ranking, awards, results, stage):
    router.include_router(part.router)

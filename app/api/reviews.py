"""A reviewer's own reviews."""

from fastapi import APIRouter

router = APIRouter(prefix="/calls/{call}/reviews", tags=["reviews"])

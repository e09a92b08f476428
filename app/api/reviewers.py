"""Panel reviewers of a call."""

from fastapi import APIRouter

router = APIRouter(prefix="/calls/{call}/reviewers", tags=["reviewers"])

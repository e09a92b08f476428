"""Who scores what."""

from fastapi import APIRouter

router = APIRouter(prefix="/calls/{call}/assignments", tags=["assignments"])

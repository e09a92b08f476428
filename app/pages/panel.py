"""Partner organisations and panel members of a call."""

from fastapi import APIRouter

router = APIRouter(prefix="/desk/{call}/panel")

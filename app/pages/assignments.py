"""Who scores what."""

from fastapi import APIRouter

router = APIRouter(prefix="/desk/{call}/assign")

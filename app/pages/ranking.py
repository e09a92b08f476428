"""The order that the reviews give."""

from fastapi import APIRouter

router = APIRouter(prefix="/desk/{call}/ranking")

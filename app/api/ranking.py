"""The order that the reviews give."""

from fastapi import APIRouter

router = APIRouter(prefix="/calls/{call}/ranking", tags=["ranking"])

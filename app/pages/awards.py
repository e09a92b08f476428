"""The cut line, the awards, and announcing them."""

from fastapi import APIRouter

router = APIRouter(prefix="/desk/{call}/awards")

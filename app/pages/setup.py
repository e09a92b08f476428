"""Setting up a call."""

from fastapi import APIRouter

router = APIRouter(prefix="/desk")

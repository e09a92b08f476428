"""The public pages of a call."""

from fastapi import APIRouter

router = APIRouter(prefix="/calls")

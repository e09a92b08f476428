"""Calls."""

from fastapi import APIRouter

router = APIRouter(prefix="/calls", tags=["calls"])

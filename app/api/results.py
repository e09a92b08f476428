"""Announced winners."""

from fastapi import APIRouter

router = APIRouter(prefix="/calls/{call}/results", tags=["results"])

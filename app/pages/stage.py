"""The announcement on stage."""

from fastapi import APIRouter

router = APIRouter()

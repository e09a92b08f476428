"""The door of the demo: sign in as anybody of its cast."""

from fastapi import APIRouter

router = APIRouter()

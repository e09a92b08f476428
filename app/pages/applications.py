"""Writing, sending and following an application."""

from fastapi import APIRouter

router = APIRouter()

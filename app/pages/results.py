"""Announced winners, for everybody."""

from fastapi import APIRouter

router = APIRouter()

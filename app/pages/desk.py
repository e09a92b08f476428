"""A coordinator's overview of a call and its applications."""

from fastapi import APIRouter

router = APIRouter(prefix="/desk/{call}")

"""Applications: one's own, and a coordinator's."""

from fastapi import APIRouter

router = APIRouter(tags=["applications"])

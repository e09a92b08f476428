"""Award rounds and awards."""

from fastapi import APIRouter

router = APIRouter(prefix="/calls/{call}", tags=["awards"])

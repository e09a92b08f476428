"""What a reviewer reads and scores."""

from fastapi import APIRouter

router = APIRouter(prefix="/review")

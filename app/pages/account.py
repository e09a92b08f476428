"""One's own account: sessions and API tokens."""

from fastapi import APIRouter

router = APIRouter(prefix="/account")

"""Mail that did not leave, where no SMTP server is configured."""

from fastapi import APIRouter

router = APIRouter()

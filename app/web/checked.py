"""The answers of an eligibility check, kept by this browser alone until an application begins.

They are in a signed cookie: the server stores nothing of whom it does not know. It goes with the browser's
session and holds for a day.
"""

import base64
import binascii
import hashlib
import hmac
import json
from datetime import datetime, timedelta

from fastapi import Request
from fastapi.responses import Response
from pydantic import ValidationError

from app.calls.eligibility import EligibilityAnswers

LIVES = timedelta(days=1)
LONGEST = 600
NOTHING = EligibilityAnswers()


def checked_answers(request: Request, call: str, now: datetime) -> EligibilityAnswers:
    """What this browser answered for this call; nothing where the cookie is of another one, old or forged."""
    value = request.cookies.get(_name(request), "")
    body, _, mac = value.partition(".")
    if len(value) > LONGEST or not hmac.compare_digest(mac.encode(), _mac(request, body).encode()):
        return NOTHING
    try:
        slug, until, given = json.loads(base64.urlsafe_b64decode(body))
        answers = EligibilityAnswers.model_validate(given)
    except (binascii.Error, ValueError, TypeError, ValidationError):
        return NOTHING
    return answers if slug == call and until > now.timestamp() else NOTHING


def keep_answers(
    request: Request, response: Response, call: str, answers: EligibilityAnswers, now: datetime
) -> None:
    """Let the browser keep these answers for this call; those for another call go."""
    kept = [call, int((now + LIVES).timestamp()), answers.given]
    body = base64.urlsafe_b64encode(json.dumps(kept, separators=(",", ":")).encode()).decode()
    response.set_cookie(
        _name(request),
        f"{body}.{_mac(request, body)}",
        path="/",
        secure=request.state.settings.secure,
        httponly=True,
        samesite="lax",
    )


def forget_answers(request: Request, response: Response) -> None:
    """They have been handed over with an application."""
    secure = request.state.settings.secure
    response.delete_cookie(_name(request), path="/", secure=secure, httponly=True, samesite="lax")


def _name(request: Request) -> str:
    return "__Host-check" if request.state.settings.secure else "check"


def _mac(request: Request, body: str) -> str:
    secret = request.state.settings.secret_key.get_secret_value()
    return hmac.new(secret.encode(), f"check\n{body}".encode(), hashlib.sha256).hexdigest()

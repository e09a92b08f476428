"""Coming to an evening as a guest: nobody needs an account, and the key of the mail is the only proof."""

from fastapi import APIRouter, Request

from app.api.bodies import Json
from app.events import audience
from app.events.audience import OwnPlace, RegisterInput
from app.web.clock import Now
from app.web.language import wished_language
from app.web.session import Db

router = APIRouter(tags=["events"])
OWN = "/attendance/{key}"


@router.post("/calls/{call}/rounds/{round}/registrations", name="api.attendance.register", status_code=202)
def register(
    request: Request, session: Db, now: Now, call: str, round: str, given: Json[RegisterInput]
) -> None:
    """Ask for a place, without a token: a mail is written to the address, in the first language of
    `Accept-Language` that the site has, and its key takes the place. What is answered never depends on whose
    address it is. 409 where the audience does not register, 429 after forty tries in an hour."""
    audience.register(
        session,
        call,
        round,
        given,
        language=wished_language(request.headers.get("accept-language", "")),
        client=request.client.host if request.client else "",
        now=now,
    )


@router.get(OWN, name="api.attendance.show")
def show_place(request: Request, session: Db, now: Now, key: str) -> OwnPlace:
    """What the key of the mail leads to, without a token: the evening, and how one's registration stands."""
    return audience.own_place(session, _secret(request), key, now)


@router.post(OWN + "/confirm", name="api.attendance.confirm")
def confirm(request: Request, session: Db, now: Now, key: str) -> OwnPlace:
    """Take the place, or join the waiting list where the hall is full; again it is the same. 409 once the
    evening has begun."""
    audience.confirm(session, _secret(request), key, now)
    return audience.own_place(session, _secret(request), key, now)


@router.post(OWN + "/leave", name="api.attendance.leave")
def leave(request: Request, session: Db, now: Now, key: str) -> OwnPlace:
    """Leave the place to whoever has waited longest; again it is the same."""
    audience.cancel(session, _secret(request), key, now)
    return audience.own_place(session, _secret(request), key, now)


def _secret(request: Request) -> str:
    secret: str = request.state.settings.secret_key.get_secret_value()
    return secret

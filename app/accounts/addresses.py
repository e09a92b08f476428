"""An address for an account that has none: asked for, confirmed by the code that was sent there, kept."""

import hmac
from datetime import datetime, timedelta
from typing import Annotated

from pydantic import BaseModel
from sqlmodel import Session, col, select

from app.accounts.actions import CODE_LIVES, CODE_TRIES, CodeInput, Email
from app.accounts.actors import SignedIn
from app.accounts.codes import hashed, sign_in_code
from app.accounts.refusals import HasEmail
from app.accounts.throttle import count_try
from app.asking import Ask
from app.audit.record import record
from app.errors import Invalid
from app.models.people import Person, SignIn
from app.outbox.enqueue import enqueue
from app.random_codes import random_token


class AddressInput(BaseModel):
    """The address that is to be one's own."""

    email: Annotated[Email, Ask("email", autocomplete="email", spellcheck=False)]


def ask_for_address(
    session: Session, who: SignedIn, given: AddressInput, *, language: str, now: datetime
) -> str:
    """Send a code to the address, known or not, and give the token that ties it to this browser."""
    if _person(session, who).email is not None:
        raise HasEmail
    count_try(session, "sign-in address", given.email, limit=5, window=timedelta(minutes=15), now=now)
    count_try(session, "own address", str(who.person_id), limit=10, window=timedelta(hours=1), now=now)
    browser = random_token()
    row = SignIn(
        email=given.email,
        person_id=who.person_id,
        nonce=random_token(),
        browser_hash=hashed(browser),
        language=language,
        created_at=now,
        expires_at=now + CODE_LIVES,
    )
    session.add(row)
    session.flush()
    enqueue(session, "own_email", dedupe_key=f"own-email-{row.id}", now=now, sign_in_id=row.id)
    return browser


def confirm_address(
    session: Session, who: SignedIn, asking: str, given: CodeInput, *, secret: str, now: datetime
) -> None:
    """Make the address one's own: from now on it leads to the same account. Invalid at `code` otherwise.

    That the address has an account of its own is said only to whoever reads its mail. A wrong try counts
    although it is refused: the caller shows the refusal and lets the unit commit.
    """
    row = session.exec(
        select(SignIn).where(
            SignIn.browser_hash == hashed(asking),
            SignIn.person_id == who.person_id,
            col(SignIn.expires_at) > now,
            col(SignIn.used_at).is_(None),
        )
    ).one_or_none()
    typed = "".join(character for character in given.code if character.isdigit())
    if row is None or row.tries >= CODE_TRIES:
        raise Invalid({"code": "sign_in.expired"})
    if not hmac.compare_digest(typed, sign_in_code(secret, row.nonce)):
        row.tries += 1
        session.add(row)
        raise Invalid({"code": "sign_in.wrong_code"})
    person = _person(session, who)
    if person.email is not None:
        raise HasEmail
    if session.exec(select(Person.id).where(Person.email == row.email)).first() is not None:
        raise Invalid({"code": "own_email.taken"})
    row.used_at, person.email = now, row.email
    session.add_all([row, person])
    record(session, "person.email", now=now, person_id=who.person_id)


def _person(session: Session, who: SignedIn) -> Person:
    return session.exec(select(Person).where(Person.id == who.person_id).with_for_update()).one()

"""Signing in and out, and API tokens."""

import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated

from pydantic import AfterValidator, BaseModel, Field
from pydantic_core import PydanticCustomError
from sqlalchemy import ColumnElement, delete
from sqlmodel import Session, col, select

from app.accounts.actors import SignedIn
from app.accounts.codes import hashed, sign_in_code, sign_in_link_key
from app.accounts.scopes import SCOPES
from app.accounts.throttle import count_try
from app.asking import Ask
from app.audit.record import record
from app.errors import Invalid, NotFound
from app.models.accounts import ApiToken, BrowserSession
from app.models.people import Person, SignIn
from app.outbox.enqueue import enqueue
from app.random_codes import random_code, random_token
from app.sections.text import LINE

CODE_LIVES = timedelta(minutes=10)
CODE_TRIES = 5
SESSION_LIVES = timedelta(days=30)
SHARED_SESSION_LIVES = timedelta(hours=4)
SESSION_LIVES_AT_MOST = timedelta(days=90)
SHARED_SESSION_LIVES_AT_MOST = timedelta(hours=12)
"""However often it is prolonged: after that one signs in again."""
SHARED = "shared-"
"""What the token of a shared computer's session begins with, so that no page has to look it up."""
TOKEN_LIVES = timedelta(days=365)


def _email(value: str) -> str:
    from email_validator import EmailNotValidError, validate_email

    try:
        return validate_email(
            value.strip(), check_deliverability=False, test_environment=True
        ).normalized.lower()
    except EmailNotValidError as error:
        raise PydanticCustomError("email.invalid", "not an e-mail address") from error


Email = Annotated[str, Field(max_length=254), AfterValidator(_email)]


class SignInInput(BaseModel):
    """Asking for a code."""

    email: Annotated[Email, Ask("email", autocomplete="email", spellcheck=False)]
    shared_computer: Annotated[bool, Ask("checkboxes", optional=True)] = False
    next_path: Annotated[str, Ask("hidden", optional=True)] = Field(default="", max_length=500)


class CodeInput(BaseModel):
    """Typing the code from the mail."""

    code: Annotated[
        str, Field(min_length=6, max_length=20), Ask("code", autocomplete="one-time-code", width="short")
    ]


Name = Annotated[str, Field(max_length=200), LINE, Ask(optional=True, autocomplete="name", spellcheck=False)]
"""What somebody is called, on one line; empty where it is not known."""


class NameInput(BaseModel):
    """One's own name."""

    own_name: Name = ""


class TokenInput(BaseModel):
    """A new API token."""

    name: Annotated[str, Field(min_length=1, max_length=100), Ask()]
    scopes: Annotated[list[str], Field(min_length=1), Ask("checkboxes", choices="scopes")]


@dataclass(frozen=True, slots=True)
class Entered:
    """A session was opened: the token goes into the browser's cookie and is known nowhere else."""

    token: str
    next_path: str
    lives: timedelta | None


@dataclass(frozen=True, slots=True)
class Browser:
    """The browser that signs in: the token it got when it asked, its name, whether others use it too."""

    asking: str
    name: str
    shared: bool


def start_sign_in(session: Session, given: SignInInput, *, language: str, client: str, now: datetime) -> str:
    """Send a code to an address, known or not, and give the token that ties it to this browser.

    Known and unknown addresses take the same path: the account is made when the first code is confirmed.
    """
    count_try(session, "sign-in address", given.email, limit=5, window=timedelta(minutes=15), now=now)
    count_try(session, "sign-in client", client, limit=50, window=timedelta(minutes=15), now=now)
    browser = random_token()
    row = SignIn(
        email=given.email,
        nonce=random_token(),
        browser_hash=hashed(browser),
        language=language,
        next_path=given.next_path,
        created_at=now,
        expires_at=now + CODE_LIVES,
    )
    session.add(row)
    session.flush()
    enqueue(session, "sign_in", dedupe_key=f"sign-in-{row.id}", now=now, sign_in_id=row.id)
    return browser


def enter_code(
    session: Session, browser: Browser, given: CodeInput, *, secret: str, now: datetime
) -> Entered:
    """Sign in with the typed code, in the browser that asked; Invalid at `code` otherwise.

    A wrong try counts although it is refused: the caller shows the refusal and lets the unit commit.
    """
    row = _pending(session, browser, now)
    typed = "".join(character for character in given.code if character.isdigit())
    if row is None or row.tries >= CODE_TRIES:
        raise Invalid({"code": "sign_in.expired"})
    if not hmac.compare_digest(typed, sign_in_code(secret, row.nonce)):
        row.tries += 1
        session.add(row)
        raise Invalid({"code": "sign_in.wrong_code"})
    return _enter(session, row, browser, now)


def enter_link(session: Session, browser: Browser, key: str, *, secret: str, now: datetime) -> Entered:
    """Sign in with the mailed link, in the browser that asked; Invalid at `code` in any other."""
    row = _pending(session, browser, now)
    if row is None:
        raise Invalid({"code": "sign_in.other_browser"})
    if not hmac.compare_digest(key, sign_in_link_key(secret, row.nonce)):
        raise Invalid({"code": "sign_in.expired"})
    return _enter(session, row, browser, now)


def asked_address(session: Session, asking: str, now: datetime) -> str:
    """The address that this browser asked a code for, known or not; empty where none is on its way."""
    row = _pending(session, Browser(asking=asking, name="", shared=False), now)
    return row.email if row else ""


def _pending(session: Session, browser: Browser, now: datetime) -> SignIn | None:
    statement = select(SignIn).where(
        col(SignIn.browser_hash) == hashed(browser.asking),
        col(SignIn.person_id).is_(None),
        col(SignIn.expires_at) > now,
        col(SignIn.used_at).is_(None),
    )
    return session.exec(statement).one_or_none()


def _enter(session: Session, row: SignIn, browser: Browser, now: datetime) -> Entered:
    """Use up the sign-in, make the account if it is the first time, and open a session with a new token."""
    row.used_at = now
    session.add(row)
    person = person_with(session, row.email, language=row.language, now=now)
    return Entered(
        token=new_session(
            session, person, browser_name=browser.name, shared_computer=browser.shared, now=now
        ),
        next_path=row.next_path,
        lives=None if browser.shared else SESSION_LIVES,
    )


def new_session(
    session: Session, person: Person, *, browser_name: str, shared_computer: bool, now: datetime
) -> str:
    """A new session of a person: the token for the cookie. NotFound for a disabled account."""
    if person.disabled_at is not None or person.id is None:
        raise NotFound
    token = (SHARED if shared_computer else "") + random_token()
    session.add(
        BrowserSession(
            token_hash=hashed(token),
            code=random_code(),
            person_id=person.id,
            browser=browser_name[:200],
            shared_computer=shared_computer,
            created_at=now,
            last_seen_at=now,
            expires_at=now + (SHARED_SESSION_LIVES if shared_computer else SESSION_LIVES),
        )
    )
    record(session, "session.open", now=now, person_id=person.id)
    return token


def person_with(session: Session, email: str, *, language: str, now: datetime) -> Person:
    """The account of an address, made now if there is none."""
    person = session.exec(select(Person).where(col(Person.email) == email)).one_or_none()
    if person is None:
        person = Person(email=email, language=language, created_at=now)
        session.add(person)
        session.flush()
    return person


def set_name(session: Session, who: SignedIn, given: NameInput, now: datetime) -> None:
    """What one is called, in place of what was there; the log says that it changed, not to what."""
    person = session.exec(select(Person).where(col(Person.id) == who.person_id).with_for_update()).one()
    if person.name == given.own_name:
        return
    person.name = given.own_name
    session.add(person)
    record(session, "person.rename", now=now, person_id=who.person_id)


def prolong_session(session: Session, token: str, now: datetime) -> timedelta | None:
    """Let a session live as long again from now, within its utmost; for how long a cookie has to be kept
    then, None where it goes with the browser. NotFound where there is no such session any more."""
    row = session.get(BrowserSession, hashed(token))
    if row is None or row.expires_at <= now:
        raise NotFound
    lives, most = (
        (SHARED_SESSION_LIVES, SHARED_SESSION_LIVES_AT_MOST)
        if row.shared_computer
        else (SESSION_LIVES, SESSION_LIVES_AT_MOST)
    )
    row.expires_at = max(row.expires_at, min(now + lives, row.created_at + most))
    session.add(row)
    return None if row.shared_computer else row.expires_at - now


def sign_out(session: Session, token: str, now: datetime) -> None:
    """End the session of this cookie, at once and in every process."""
    session.execute(delete(BrowserSession).where(col(BrowserSession.token_hash) == hashed(token)))


def end_session(session: Session, who: SignedIn, code: str, now: datetime) -> None:
    """End one of one's own sessions."""
    _ended(
        session.execute(
            delete(BrowserSession).where(_own(BrowserSession, who), col(BrowserSession.code) == code)
        )
    )
    record(session, "session.end", now=now, person_id=who.person_id)


def make_token(session: Session, who: SignedIn, given: TokenInput, now: datetime) -> str:
    """A new API token of one's own; returned once, stored hashed."""
    unknown = set(given.scopes) - set(SCOPES)
    if unknown:
        raise Invalid({"scopes": "token.unknown_scope"})
    token = f"baige_{random_token()}"
    session.add(
        ApiToken(
            token_hash=hashed(token),
            code=random_code(),
            person_id=who.person_id,
            name=given.name,
            scopes=sorted(given.scopes),
            hint=token[-4:],
            created_at=now,
            expires_at=now + TOKEN_LIVES,
        )
    )
    record(session, "token.make", now=now, person_id=who.person_id, detail={"scopes": sorted(given.scopes)})
    return token


def revoke_token(session: Session, who: SignedIn, code: str, now: datetime) -> None:
    """End one of one's own API tokens."""
    _ended(session.execute(delete(ApiToken).where(_own(ApiToken, who), col(ApiToken.code) == code)))
    record(session, "token.revoke", now=now, person_id=who.person_id)


def _own(table: type[BrowserSession] | type[ApiToken], who: SignedIn) -> ColumnElement[bool]:
    return col(table.person_id) == who.person_id


def _ended(result: object) -> None:
    if getattr(result, "rowcount", 0) == 0:
        raise NotFound

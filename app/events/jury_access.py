"""How jurors get in: a personal link and six digits, on one device at a time, without a password.

Both are shown once, to the coordinator who hands them out. Of the digits only a keyed digest is stored. The
link follows from a random number and the secret key, so that it can be mailed, and mailed again, and is
stored nowhere; the digits go another way, and are in no mail.
"""

import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import func
from sqlmodel import Session, col, select

from app.accounts.actors import Coordinator, Juror
from app.accounts.codes import hashed
from app.accounts.throttle import count_try
from app.asking import Ask
from app.audit.record import record
from app.decisions.held import held_pot
from app.errors import Invalid, NotFound
from app.events.evening import PitchesNotScored
from app.events.jury_refusals import JurorTakenOff, NoAddress, NoCardYet
from app.models.calls import AwardRound
from app.models.jury import Juror as JurorRow
from app.models.keys import key_of
from app.models.outbox import Mail, MailState
from app.models.people import JurorContact
from app.outbox.enqueue import enqueue
from app.random_codes import random_number, random_token

LINK_MAIL = "jury_link"

LIVES = timedelta(hours=16)
"""How long a juror stays signed in: an evening, and the morning after."""
QUARTER = timedelta(minutes=15)
TRIES_OF_A_LINK, TRIES_OF_A_NETWORK = 8, 60
"""In a quarter of an hour. A whole jury may sit behind one address."""


class EnterInput(BaseModel):
    """The six digits of a juror whose link is opened."""

    model_config = ConfigDict(extra="forbid")
    code: Annotated[
        str,
        Field(min_length=1, max_length=20),
        Ask("code", width="short", autocomplete="off", spellcheck=False),
    ]


@dataclass(frozen=True, slots=True)
class Access:
    """What a coordinator hands to a juror, shown once. `mailed`: the link goes by mail."""

    juror: str
    key: str
    code: str
    mailed: bool


def juror_key(secret: str, juror: str, nonce: str) -> str:
    """What the personal link ends with: 256 bits, which nobody has who has the database alone."""
    return hmac.new(secret.encode(), f"jury-link\n{juror}\n{nonce}".encode(), hashlib.sha256).hexdigest()


def issue_access(
    session: Session,
    coordinator: Coordinator,
    round_code: str,
    juror: str,
    *,
    secret: str,
    now: datetime,
    mail: bool = False,
) -> Access:
    """A new link and code; those before, and the device that is signed in by them, work no more.

    With `mail` the link leaves by mail at once; NoAddress where there is none.
    """
    pot, row, contact = held_juror(session, coordinator, round_code, juror)
    if mail and not contact.email:
        raise NoAddress
    return _issue(session, coordinator, pot, row, contact, secret=secret, now=now, mail=mail)


def issue_to_all(
    session: Session, coordinator: Coordinator, round_code: str, *, secret: str, now: datetime
) -> list[Access]:
    """A link by mail to all on the jury who have an address and no card yet; their codes are to be told."""
    pot = held_pot(session, coordinator, round_code)
    if pot.pitch_weight is None:
        raise PitchesNotScored
    rows = session.exec(
        select(JurorRow, JurorContact)
        .join(JurorContact, col(JurorContact.juror_id) == col(JurorRow.id))
        .where(
            JurorRow.round_id == pot.id,
            col(JurorRow.removed_at).is_(None),
            col(JurorRow.link_hash).is_(None),
            JurorContact.email != "",
        )
        .order_by(col(JurorRow.number))
        .with_for_update()
    ).all()
    return [
        _issue(session, coordinator, pot, row, contact, secret=secret, now=now, mail=True)
        for row, contact in rows
    ]


def mail_link(session: Session, coordinator: Coordinator, round_code: str, juror: str, now: datetime) -> None:
    """Mail the link that works once more; the code stays. While one waits to leave there is no second."""
    pot, row, contact = held_juror(session, coordinator, round_code, juror)
    if not contact.email:
        raise NoAddress
    if row.link_hash is None or not contact.nonce:
        raise NoCardYet
    _write(session, row, now)
    _note(session, coordinator, pot, row, "juror.mail", now)


def revoke_access(
    session: Session, coordinator: Coordinator, round_code: str, juror: str, now: datetime
) -> None:
    """Make link and code worthless and sign the device out, as when a telephone is lost; again: the same."""
    pot, row, contact = held_juror(session, coordinator, round_code, juror)
    forget_access(row, contact)
    session.add_all([row, contact])
    _note(session, coordinator, pot, row, "juror.revoke", now)


def forget_access(row: JurorRow, contact: JurorContact) -> None:
    """Nobody gets in by what this juror has been given so far."""
    row.link_hash = row.code_hash = row.issued_at = row.session_hash = row.session_ends_at = None
    contact.nonce = ""


def held_juror(
    session: Session, coordinator: Coordinator, round_code: str, juror: str
) -> tuple[AwardRound, JurorRow, JurorContact]:
    """One of a round's jury, locked, and how to reach them; JurorTakenOff for who is on it no more."""
    pot = held_pot(session, coordinator, round_code)
    row = session.exec(
        select(JurorRow)
        .where(JurorRow.round_id == pot.id, JurorRow.code == juror)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one_or_none()
    if row is None:
        raise NotFound
    if row.removed_at is not None:
        raise JurorTakenOff
    return pot, row, session.exec(select(JurorContact).where(JurorContact.juror_id == row.id)).one()


def _issue(
    session: Session,
    coordinator: Coordinator,
    pot: AwardRound,
    row: JurorRow,
    contact: JurorContact,
    *,
    secret: str,
    now: datetime,
    mail: bool,
) -> Access:
    contact.nonce = random_token()
    access = Access(
        juror=row.code,
        key=juror_key(secret, row.code, contact.nonce),
        code=f"{random_number(0, 999_999):06d}",
        mailed=mail,
    )
    row.link_hash, row.code_hash = hashed(access.key), _code_hash(secret, row.code, access.code)
    row.issued_at = now
    row.session_hash = row.session_ends_at = None
    session.add_all([row, contact])
    session.flush()
    if mail:
        _write(session, row, now)
    _note(session, coordinator, pot, row, "juror.issue", now)
    return access


def _write(session: Session, row: JurorRow, now: datetime) -> None:
    """Numbered by those that have left, so that two presses are one mail."""
    left = session.exec(
        select(func.count())
        .select_from(Mail)
        .where(Mail.juror_id == row.id, Mail.template == LINK_MAIL, Mail.state != MailState.QUEUED)
    ).one()
    enqueue(session, LINK_MAIL, dedupe_key=f"jury-link-{row.code}-{left}", now=now, juror_id=key_of(row.id))


def _note(
    session: Session, coordinator: Coordinator, pot: AwardRound, row: JurorRow, action: str, now: datetime
) -> None:
    record(
        session, action, now=now, person_id=coordinator.person_id, call_id=coordinator.call_id,
        subject=row.code, detail={"round": pot.code},
    )  # fmt: skip


def enter(
    session: Session,
    round_code: str,
    key: str,
    given: EnterInput,
    *,
    client: str,
    secret: str,
    now: datetime,
) -> str:
    """Sign a juror in, and out wherever they were before; the cookie's token. Invalid for a wrong pair."""
    count_try(session, "juror client", client, limit=TRIES_OF_A_NETWORK, window=QUARTER, now=now)
    count_try(session, "juror link", key, limit=TRIES_OF_A_LINK, window=QUARTER, now=now)
    found = session.exec(
        select(JurorRow, AwardRound.call_id)
        .join(AwardRound, col(AwardRound.id) == col(JurorRow.round_id))
        .where(
            AwardRound.code == round_code,
            JurorRow.link_hash == hashed(key),
            col(JurorRow.removed_at).is_(None),
        )
    ).one_or_none()
    digits = "".join(each for each in given.code if each.isascii() and each.isdigit())
    # A link that is none is compared too: how long it takes says nothing.
    stored = found[0].code_hash or "" if found else ""
    right = hmac.compare_digest(stored, _code_hash(secret, found[0].code if found else "", digits))
    if found is None or not right:
        raise Invalid({"code": "jury.wrong_code"})
    row, call_id = found
    token = random_token()
    row.session_hash, row.session_ends_at = hashed(token), now + LIVES
    session.add(row)
    session.flush()
    record(session, "juror.sign_in", now=now, person_id=None, call_id=call_id, subject=row.code)
    return token


def leave(session: Session, juror: Juror) -> None:
    """Sign this device out."""
    row = session.get(JurorRow, juror.juror_id)
    if row is not None:
        row.session_hash = row.session_ends_at = None
        session.add(row)


def _code_hash(secret: str, juror: str, digits: str) -> str:
    """Keyed: six digits are found in no time by whoever has a copy of the database alone."""
    return hmac.new(secret.encode(), f"jury-code\n{juror}\n{digits}".encode(), hashlib.sha256).hexdigest()

"""Who is asking. Holding one of these types is the permission; `web/actors.py` alone mints them.

Every key here is a database key and never leaves the server.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Somebody with an account, in no role."""

    person_id: int


@dataclass(frozen=True, slots=True)
class Applicant:
    """Somebody who may apply and read their own applications: anybody with an account."""

    person_id: int


@dataclass(frozen=True, slots=True)
class Manager:
    """Somebody who may create calls."""

    person_id: int


@dataclass(frozen=True, slots=True)
class Reviewer:
    """A member of one call's panel who scores for one organisation."""

    person_id: int
    call_id: int
    member_id: int
    organisation_id: int


@dataclass(frozen=True, slots=True)
class Coordinator:
    """Somebody who runs one call."""

    person_id: int
    call_id: int


@dataclass(frozen=True, slots=True)
class Contact:
    """Somebody who answers for one partner organisation in one call: who reviews for it, and how far."""

    person_id: int
    call_id: int
    organisation_id: int


@dataclass(frozen=True, slots=True)
class Juror:
    """Somebody on the jury of one round, by a personal link and a code; nobody with an account."""

    juror_id: int
    round_id: int
    call_id: int

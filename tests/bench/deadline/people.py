"""The drafts of a run: complete but not sent, each with an applicant who is signed in."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Engine, update
from sqlmodel import Session, col

from app.accounts.actors import Applicant
from app.database import session_on
from app.models.calls import Call
from app.models.people import Person
from tests.applications.steps import begin, write
from tests.applications.typed import GRANT
from tests.bench.deadline.rhythm import CLOSES, GRACE_MINUTES
from tests.world import cookie_for, key, make_world


@dataclass(frozen=True)
class Draft:
    """One draft and the headers of its applicant; `version` is that of the section which is typed on."""

    ref: str
    headers: dict[str, str]
    version: int = 2


def prepare(engine: Engine, drafts: int) -> list[Draft]:
    """The call, open for hours yet, and the drafts."""
    now = datetime.now(UTC)
    with session_on(engine) as session, session.begin():
        call = make_world(session).call
        call.opens_at, call.closes_at = now - timedelta(days=30), now + timedelta(hours=4)
        call.opened_at, call.grace_minutes = call.opens_at, GRACE_MINUTES
        call.reviews_due_at = call.results_expected_at = None
        session.add(call)
        session.flush()
        return [_draft(session, number, now) for number in range(drafts)]


def _draft(session: Session, number: int, now: datetime) -> Draft:
    person = Person(
        email=f"applicant{number}@example.org", name=f"Applicant {number}", language="kk", created_at=now
    )
    session.add(person)
    session.flush()
    who = Applicant(key(person))
    ref = begin(session, who, now=now)
    write(session, who, ref, _begun_after(now), now=now)
    cookies = cookie_for(session, person, now + timedelta(hours=12))
    return Draft(ref, {"Cookie": "; ".join(f"{name}={value}" for name, value in cookies.items())})


def _begun_after(now: datetime) -> dict[str, dict[str, Any]]:
    """The sections, with work that begins in the year after this one: never before the results are out."""
    year = GRANT["work_plan"]["starts"][:4]
    moved: dict[str, dict[str, Any]] = json.loads(json.dumps(GRANT).replace(f'"{year}-', f'"{now.year + 1}-'))
    return moved


def close_soon(engine: Engine, begins_at: datetime) -> datetime:
    """Put the closing where the run wants it; gives the instant."""
    closes_at = begins_at + timedelta(seconds=CLOSES)
    with session_on(engine) as session, session.begin():
        session.execute(update(Call).where(col(Call.slug) == "2026").values(closes_at=closes_at))
    return closes_at

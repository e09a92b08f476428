"""The demo under measurement: that it is all there, and whom and what the pages are asked as and of."""

from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import Engine, text
from sqlmodel import Session, select

from app.accounts.scopes import SCOPES
from app.database import session_on
from app.demo.applicants import send, write
from app.demo.corpus import proposals
from app.demo.facts import COORDINATOR
from app.models.calls import Call
from app.models.people import Person
from tests.world import cookie_for, token_for

WRITERS = 16
"""As many applications to be sent again, and as many reviewers, as there are connections at once."""


class DemoIncomplete(Exception):
    """The demo is not what the figures are about."""


@dataclass(frozen=True)
class Draft:
    """A complete application, and the headers of its applicant."""

    ref: str
    headers: dict[str, str]


@dataclass(frozen=True)
class OwnReview:
    """A reviewer's headers, an application that this reviewer has scored, and the review's version."""

    headers: dict[str, str]
    code: str
    version: int


@dataclass(frozen=True)
class Demo:
    """The call in review, the open one, and their people."""

    reviewed: str
    open: str
    draft: Draft
    sent: list[Draft]
    reviews: list[OwnReview]
    coordinator: dict[str, str]
    token: dict[str, str]


WANTED = {
    "applications": (253, "SELECT count(*) FROM application WHERE call_id = :call"),
    "assignments": (1012, "SELECT count(*) FROM assignment WHERE call_id = :call AND withdrawn_at IS NULL"),
    "sent reviews": (
        1000,
        "SELECT count(*) FROM review JOIN assignment ON assignment.id = assignment_id"
        " WHERE call_id = :call AND state = 'sent'",
    ),
}


def check_complete(session: Session, call: int) -> None:
    """As many rows as the figures are about; DemoIncomplete otherwise."""
    for what, (wanted, words) in WANTED.items():
        found = session.execute(text(words), {"call": call}).scalar_one()
        if found != wanted:
            raise DemoIncomplete(f"{wanted} {what} expected, {found} found")


def prepare(engine: Engine) -> Demo:
    """Check the demo, write the drafts that will be sent, and sign everybody in."""
    now = datetime.now(UTC)
    reviewed, opened = str(now.year), str(now.year + 1)
    with session_on(engine) as session, session.begin():
        key = session.exec(select(Call.id).where(Call.slug == reviewed)).one() or 0
        check_complete(session, key)
        coordinator = session.exec(select(Person).where(Person.email == COORDINATOR)).one()
        *sent, draft = _written(session, opened, now)
        return Demo(
            reviewed=reviewed,
            open=opened,
            draft=draft,
            sent=sent,
            reviews=_reviews(session, key, now),
            coordinator=_cookie(session, coordinator, now),
            token={"Authorization": f"Bearer {token_for(session, coordinator, SCOPES, now)}"},
        )


def _written(session: Session, call: str, now: datetime) -> list[Draft]:
    """One more than is sent."""
    results = session.exec(select(Call.results_expected_at).where(Call.slug == call)).one() or now
    # No work begins before the results are out.
    wanted = proposals((results.date().replace(day=1) + timedelta(days=32)).replace(day=1))[: WRITERS + 1]
    begun_at = now - timedelta(hours=3)
    written = []
    for proposal in wanted:
        applicant, ref = write(session, call, proposal, begun_at)
        person = session.get_one(Person, applicant.person_id)
        written.append(Draft(ref, _cookie(session, person, now)))
        if len(written) <= WRITERS:
            send(session, applicant, ref, proposal, begun_at + timedelta(hours=2))
    return written


def _reviews(session: Session, call: int, now: datetime) -> list[OwnReview]:
    """One sent review each of those who have sent the most."""
    rows = session.execute(
        text(
            "SELECT member.person_id, application.code, review.version"
            " FROM assignment JOIN panel_member AS member ON member.id = member_id"
            " JOIN application ON application.id = application_id"
            " JOIN review ON assignment_id = assignment.id AND state = 'sent'"
            " WHERE assignment.call_id = :call ORDER BY member.person_id, assignment.id"
        ),
        {"call": call},
    ).all()
    given = Counter(row.person_id for row in rows)
    first = {row.person_id: row for row in reversed(rows)}
    return [
        OwnReview(
            _cookie(session, session.get_one(Person, person), now), first[person].code, first[person].version
        )
        for person, _ in given.most_common(WRITERS)
    ]


def _cookie(session: Session, person: Person, now: datetime) -> dict[str, str]:
    cookies = cookie_for(session, person, now)
    return {"Cookie": "; ".join(f"{name}={value}" for name, value in cookies.items())}

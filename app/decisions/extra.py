"""Extra reviews where they are most likely to change who is chosen: asked for from the order that stands.

Asking opens reviewing again, as that act by itself does: the order is thrown away, its run stays on record.
"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Annotated
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field
from sqlmodel import Session

from app.accounts.actors import Coordinator
from app.audit.record import record
from app.calls.working_days import end_of_day
from app.decisions.board import rows_of
from app.decisions.closing import reopen_reviewing, reopening_reviewing
from app.decisions.held import call_of
from app.decisions.runs import standing_run
from app.errors import Invalid, Problem
from app.reviews.assignment import assign_reviewer
from app.reviews.extra_time import give_until
from app.reviews.fitting import Lack
from app.reviews.inputs import AssignmentInput
from app.reviews.thirds import further
from app.wall import BehindWall

OFFERED = 20
"""So many applications are offered; beyond them one more review changes next to nothing."""
PRESELECTED = 5
LEAST = 0.02
"""Of what one more review could change at the best, from which share on it is offered."""
USUAL = timedelta(days=7)
"""So long have those who are asked, where nobody says another day."""


class Extra(BaseModel):
    """An application of which one more review may change who is chosen, the most likely first.

    `worth` is how likely, beside that of the first (1). `shares` where every organisation has read it
    already: one more review shares its organisation's voice, and adds little. `chance` to be truly among the
    best `best`; `reviews` are those that count. `free` could give one more, by code, who fits best first;
    `lacks`, `language` and `proposed` are as of a third review.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")
    application: str
    title: str
    place: int
    best: int
    chance: float
    worth: float
    reviews: int
    shares: bool
    proposed: str
    free: list[str]
    lacks: dict[str, list[Lack]]
    language: str


Code = Annotated[str, Field(min_length=1, max_length=40)]


class ExtrasInput(BaseModel):
    """Which applications are read once more, by whom (both by code), why reviewing is opened again, and until
    which day those who are asked have time: seven days without one."""

    model_config = ConfigDict(extra="forbid")
    reviewers: Annotated[dict[Code, Code], Field(min_length=1, max_length=OFFERED)]
    reason: Annotated[str, Field(min_length=10, max_length=2000)]
    due_on: Annotated[date, Field(ge=date(2000, 1, 1), le=date(2200, 1, 1))] | None = None


def extras(session: Session, coordinator: Coordinator, now: datetime) -> list[Extra]:
    """What could be asked for; empty where nothing could be told apart.

    Refused as opening reviewing again would be; BehindWall for whoever has a tie: what one more review is
    worth rests on the reviews of all.
    """
    reopening_reviewing(session, coordinator, now)
    found = standing_run(session, coordinator)
    if found is None:
        raise BehindWall
    line = found.board.get("line")
    values: Sequence[tuple[str, float]] = found.summary.get("worth", {}).get(str(line), [])[:OFFERED]
    most = max((value for _, value in values), default=0.0)
    worth = {code: value / most for code, value in values if most and value >= LEAST * most}
    rows = {row.shown["code"]: row for row in rows_of(session, coordinator, list(worth)) if not row.withdrawn}
    able = {each.application: each for each in further(session, coordinator.call_id, list(rows))}
    return [
        Extra(
            application=code,
            title=row.shown["title"],
            place=row.place,
            best=line or 0,
            chance=row.figures["firm"]["chance"][str(line)],
            worth=round(worth[code], 4),
            reviews=row.shown["reviews"],
            shares=row.shown["coverage"] >= found.summary.get("organisations", 10**6),
            proposed=able[code].proposed if code in able else "",
            free=able[code].free if code in able else [],
            lacks=able[code].lacks if code in able else {},
            language=able[code].language if code in able else "",
        )
        for code in worth
        if (row := rows.get(code)) is not None
    ]


def ask_for_extras(session: Session, coordinator: Coordinator, given: ExtrasInput, now: datetime) -> int:
    """Open reviewing again and give each out, all or none, with the day until which it is due; the call's new
    version.

    Invalid, by the application's code, for what is not offered and for who is not free, and for a day that is
    over.
    """
    zone = ZoneInfo(call_of(session, coordinator).timezone)
    until = end_of_day(given.due_on or usual_day(now, zone), zone)
    offered = {each.application: each for each in extras(session, coordinator, now)}
    problems: dict[str, Problem] = {}
    if until <= now:
        problems["due_on"] = ("extra.due_past", {})
    for application, reviewer in given.reviewers.items():
        if application not in offered:
            problems[application] = ("extra.not_offered", {})
        elif not reviewer:
            problems[application] = ("extra.nobody_chosen", {})
        elif reviewer not in offered[application].free:
            problems[application] = ("extra.not_free", {})
    if problems:
        raise Invalid(problems)
    version = reopen_reviewing(session, coordinator, given.reason, now)
    session.flush()
    give_until(session, coordinator.call_id, set(given.reviewers.values()), until)
    for application, reviewer in sorted(given.reviewers.items()):
        assigned = AssignmentInput(application=application, reviewer=reviewer)
        assign_reviewer(session, coordinator, assigned, now)
    record(
        session,
        "reviews.extra",
        now=now,
        person_id=coordinator.person_id,
        call_id=coordinator.call_id,
        detail={"made": len(given.reviewers), "reason": given.reason, "until": until.isoformat()},
    )
    return version


def usual_day(now: datetime, zone: ZoneInfo) -> date:
    """The day until which an extra review is asked for where nobody says another one."""
    return (now + USUAL).astimezone(zone).date()

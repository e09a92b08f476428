"""Extra reviews: where they are most likely to change who is chosen, and where the call promised more.

The first are of the zone alone: what is certain stays so, whatever one more review says. They are asked for
from the order that stands. Asking opens reviewing again, as that act by itself does: the order is thrown
away, its run stays on record.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import bindparam, select
from sqlmodel import Session, col

from app.accounts.actors import Coordinator
from app.audit.record import record
from app.calls.working_days import end_of_day
from app.decisions.beside_line import Beside, beside_line
from app.decisions.board import rows_of
from app.decisions.closing import reopen_reviewing, reopening_reviewing
from app.decisions.firm import Stand
from app.decisions.held import call_of
from app.decisions.one_review import promised
from app.decisions.runs import reviewer_organisations, standing_run
from app.errors import Invalid, Problem
from app.models.applications import Application, Status
from app.models.decisions import MissingReview, RankingEntry
from app.models.panel import Organisation
from app.reviews.assignment import assign_reviewer
from app.reviews.extra_time import give_until
from app.reviews.fitting import Lack
from app.reviews.inputs import AssignmentInput
from app.reviews.thirds import further
from app.wall import BehindWall

OFFERED = 20
"""So many applications are offered; beyond them one more review changes next to nothing. As many of those
that lack reviews; the others are among the missing reviews."""
LEAST = 0.02
"""Of what one more review could change at the best, from which share on it is offered."""
USUAL = timedelta(days=7)
"""So long have those who are asked, where nobody says another day."""


class Extra(BaseModel):
    """An application of which one more review can be asked for.

    `changes`: it may change who is chosen, and `worth` is how likely beside the first of these (1). Without
    it the application lacks reviews that the call promised, and `worth` is 0: `coverage` of `wanted`
    organisations have reviewed it, and `missing` are those, by code, that were to and did not. `shares` where
    every organisation has read it already: one more review shares its organisation's voice, and adds little.
    `chance` to be truly among the best `best`, None where nothing is known of it; `stands` is that in one
    word ("in", "zone", "out", "seated", "pitches" or ""). `reviews` are those that count. `free` could give
    one more, by code, who fits best first: of what only lacks reviews, nobody of an organisation whose review
    is there. `lacks`, `language` and `proposed` are as of a third review.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")
    application: str
    title: str
    place: int
    best: int
    chance: float | None
    stands: str
    changes: bool
    worth: float
    reviews: int
    coverage: int
    wanted: int
    missing: list[str]
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
    reviewers: Annotated[dict[Code, Code], Field(min_length=1, max_length=2 * OFFERED)]
    reason: Annotated[str, Field(min_length=10, max_length=2000)]
    due_on: Annotated[date, Field(ge=date(2000, 1, 1), le=date(2200, 1, 1))] | None = None


_LACKING: Any = (
    select(col(Application.code))
    .join(RankingEntry, col(RankingEntry.application_id) == col(Application.id))
    .where(
        col(RankingEntry.call_id) == bindparam("call_id"),
        col(Application.status) != Status.WITHDRAWN,
        col(RankingEntry.shown)["coverage"].as_integer() < bindparam("wanted"),
    )
    .order_by(col(RankingEntry.place))
    .limit(OFFERED)
)
_MISSING: Any = (
    select(col(Application.code), col(Organisation.code))
    .select_from(MissingReview)
    .join(Application, col(Application.id) == col(MissingReview.application_id))
    .join(Organisation, col(Organisation.id) == col(MissingReview.organisation_id))
    .where(
        col(MissingReview.call_id) == bindparam("call_id"),
        col(Application.code).in_(bindparam("codes", expanding=True)),
    )
    .order_by(col(Organisation.code))
)


def extras(session: Session, coordinator: Coordinator, now: datetime) -> list[Extra]:
    """What could be asked for: first what may change who is chosen, the most likely first, then what lacks
    reviews that the call promised, in the order.

    Refused as opening reviewing again would be; BehindWall for whoever has a tie: what one more review is
    worth rests on the reviews of all.
    """
    reopening_reviewing(session, coordinator, now)
    found = standing_run(session, coordinator)
    if found is None:
        raise BehindWall
    key = {"call_id": coordinator.call_id}
    line = found.board.get("line")
    valued: dict[str, float] = dict(found.summary.get("worth", {}).get(str(line), []))
    wanted = promised(session, coordinator.call_id)
    lacking = session.execute(_LACKING, key | {"wanted": wanted}).scalars().all()
    codes = [*valued, *(code for code in lacking if code not in valued)]
    rows = {row.shown["code"]: row for row in rows_of(session, coordinator, codes) if not row.withdrawn}
    beside = beside_line(session, coordinator, found.board)
    chances: dict[str, float | None] = {
        code: row.figures.get("firm", {}).get("chance", {}).get(str(line)) for code, row in rows.items()
    }
    open_ = {code: valued[code] for code in valued if code in rows and _is_open(beside, code, chances[code])}
    changing = _worth(list(open_.items())[:OFFERED])
    listed = [*changing, *(code for code in lacking if code in rows and code not in changing)]
    missing = _missing(session, key, listed)
    able = {each.application: each for each in further(session, coordinator.call_id, listed)}
    speak_for = reviewer_organisations(session, coordinator)
    every = found.summary.get("organisations", 10**6)

    def offered(code: str) -> Extra:
        row, third = rows[code], able.get(code)
        free, proposed = ([], "") if third is None else (third.free, third.proposed)
        if code not in changing and missing[code]:
            # Somebody of an organisation that has read it already does not give what is missing.
            free = [each for each in free if speak_for.get(each) in missing[code]]
            fits = [each for each in free if third is None or not third.lacks.get(each)]
            proposed = proposed if proposed in free else next(iter(fits), "")
        return Extra(
            application=code,
            title=row.shown["title"],
            place=row.place,
            best=line or 0,
            chance=chances[code],
            stands=beside.word(code, chances[code]),
            changes=code in changing,
            worth=round(changing.get(code, 0.0), 4),
            reviews=row.shown["reviews"],
            coverage=row.shown["coverage"],
            wanted=wanted,
            missing=missing[code],
            shares=row.shown["coverage"] >= every,
            proposed=proposed,
            free=free,
            lacks={} if third is None else third.lacks,
            language="" if third is None else third.language,
        )

    return [offered(code) for code in listed]


def _is_open(beside: Beside, code: str, chance: float | None) -> bool:
    """Whether one more review may move it across the line."""
    return beside.word(code, chance) == Stand.ZONE.value


def _worth(values: Sequence[tuple[str, float]]) -> Mapping[str, float]:
    """How likely one more review changes something, beside the most likely; nothing that hardly does."""
    most = max((value for _, value in values), default=0.0)
    return {code: value / most for code, value in values if most and value >= LEAST * most}


def _missing(session: Session, key: Mapping[str, int], codes: Sequence[str]) -> Mapping[str, list[str]]:
    """Application -> the organisations that were to review it and did not, by code."""
    found: dict[str, list[str]] = defaultdict(list)
    for application, organisation in session.execute(_MISSING, {**key, "codes": codes}):
        found[application].append(organisation)
    return found


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

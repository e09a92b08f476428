"""What everybody may read of a call, signed in or not. A call in preparation does not exist here."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict
from sqlalchemy import bindparam
from sqlalchemy import select as sql_select
from sqlmodel import Session, SQLModel, col, select

from app.calls.form import CallForm, form_of
from app.calls.organisations import OwnOrganisation, organisations_of
from app.calls.phase import Phase, days_left, phase
from app.calls.setup_view import PHASE, columns_of, read_setup, rounds_of
from app.errors import NotFound
from app.models.calls import Call, CallKind, Method
from app.models.columns import Texts
from app.sections.limits import ceiling_in_tiyn

SOON = timedelta(hours=48)
_FACTS = (
    "slug",
    "kind",
    "version",
    "timezone",
    "results_expected_at",
    "ceiling_minor",
    "rate_minor",
    "max_months",
    "administration_percent",
    "method",
    "reviews_per_application",
    "scores_published",
    "notices",
    "frozen_hash",
)
_TEXTS = ("title", "purpose", "who_can_apply", "who_cannot", "need_at_hand", "other_ways")


# Asked for at every request of a public page: built once, and read without the mapper.
_CALL = SQLModel.metadata.tables["call"]
_MOMENT = sql_select(*(_CALL.c[name] for name in ("version", "timezone", *PHASE))).where(
    _CALL.c.slug == bindparam("slug")
)


class _Public(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class CallMoment(_Public):
    """All that the public pages of a call depend on besides what is frozen: a key to keep them by."""

    version: int
    phase: Phase
    days_left: int | None
    closing_soon: bool


class Notice(_Public):
    """Something that happened after opening, with its reason: `kind` is extended or cancelled."""

    kind: str
    at: datetime
    from_: datetime | None = None
    to: datetime | None = None
    reason: Texts


class PublicRound(_Public):
    """What a round gives. Money in euro cents; None in a selection."""

    name: Texts
    event: Texts | None
    held_at: datetime | None
    places: int
    amount_minor: int | None
    envelope_minor: int | None


class PublicCall(_Public):
    """A call as its page shows it. Euro in cents, tenge in tiyn; instants are aware."""

    slug: str
    kind: CallKind
    version: int
    phase: Phase
    days_left: int | None
    closing_soon: bool
    title: Texts
    purpose: Texts
    who_can_apply: Texts
    who_cannot: Texts
    need_at_hand: Texts
    other_ways: Texts
    timezone: str
    opens_at: datetime | None
    closes_at: datetime | None
    grace_minutes: int
    results_expected_at: datetime | None
    ceiling_minor: int | None
    rate_minor: int | None
    ceiling_tiyn: int | None
    max_months: int
    administration_percent: int
    method: Method
    reviews_per_application: int | None
    scores_published: bool
    rounds: list[PublicRound]
    organisations: list[OwnOrganisation]
    notices: list[Notice]
    frozen_hash: str | None


class PublicCallLine(_Public):
    """A call in the list of calls."""

    slug: str
    kind: CallKind
    phase: Phase
    title: Texts
    purpose: Texts
    timezone: str
    opens_at: datetime | None
    closes_at: datetime | None
    days_left: int | None
    ceiling_minor: int | None


def storable(slug: str) -> str:
    """The slug, unless no database could hold it: PostgreSQL has no text with a NUL."""
    if "\x00" in slug:
        raise NotFound
    return slug


def call_moment(session: Session, slug: str, now: datetime) -> CallMoment:
    """Where a public call stands; NotFound for one in preparation and for one that never was."""
    row = session.connection().execute(_MOMENT, {"slug": storable(slug)}).one_or_none()
    if row is None or row.opened_at is None:
        raise NotFound
    return _moment(row, now)


def _moment(row: Any, now: datetime) -> CallMoment:
    reached = phase(row, now)
    running = reached is Phase.OPEN and row.closes_at is not None
    zone = ZoneInfo(row.timezone)
    return CallMoment(
        version=row.version,
        phase=reached,
        days_left=days_left(row.closes_at, now, zone) if running else None,
        closing_soon=running and row.closes_at - now <= SOON,
    )


def public_call(session: Session, slug: str, now: datetime) -> PublicCall:
    """A call that has opened or will open; NotFound for any other. Three queries."""
    statement = columns_of(Call, ("id", *PHASE, *_FACTS, *_TEXTS))
    row = session.execute(statement.where(col(Call.slug) == storable(slug))).one_or_none()
    if row is None or row.opened_at is None:
        raise NotFound
    moment = _moment(row, now)
    # A call of the past that was entered afterwards never had a rate of its own here.
    archived = row.published_at is not None and row.reviewing_closed_at is None
    rate = None if archived else row.rate_minor
    return PublicCall(
        **{name: getattr(row, name) for name in (*_FACTS, *_TEXTS) if name not in {"notices", "rate_minor"}},
        rate_minor=rate,
        opens_at=row.opens_at,
        closes_at=row.closes_at,
        grace_minutes=row.grace_minutes,
        phase=moment.phase,
        days_left=moment.days_left,
        closing_soon=moment.closing_soon,
        ceiling_tiyn=None
        if row.ceiling_minor is None or rate is None
        else ceiling_in_tiyn(row.ceiling_minor, rate),
        rounds=[
            PublicRound(
                **each.model_dump(exclude={"code", "name", "event"}),
                name=each.name.stored,
                event=each.event.stored or None,
            )
            for each in rounds_of(session, row.id).rounds
        ],
        organisations=organisations_of(session, row.id),
        notices=[
            Notice(**{"from_" if name == "from" else name: value for name, value in each.items()})
            for each in row.notices
        ],
    )


def public_form(session: Session, slug: str, now: datetime) -> CallForm:
    """The questions and the rubric of a public call as they were frozen when it opened."""
    found = session.exec(
        select(col(Call.id), col(Call.opened_at), col(Call.frozen_form)).where(
            col(Call.slug) == storable(slug)
        )
    ).one_or_none()
    call_id, opened_at, stored = found or (None, None, None)
    if call_id is None or opened_at is None:
        raise NotFound
    # A call brought in from an archive was never opened here, so nothing was frozen.
    return CallForm.model_validate(stored) if stored else form_of(read_setup(session, call_id))


_ORDER = {phase: position for position, phase in enumerate((Phase.OPEN, Phase.GRACE, Phase.SCHEDULED))}


def public_calls(session: Session, now: datetime) -> list[PublicCallLine]:
    """Every public call: open ones by closing, then coming ones by opening, then past ones, newest first."""
    names = ("slug", "kind", "title", "purpose", "ceiling_minor", "version", "timezone", *PHASE)
    rows = session.execute(columns_of(Call, names).where(col(Call.opened_at).is_not(None))).all()
    lines = [
        PublicCallLine(
            phase=moment.phase,
            days_left=moment.days_left,
            **{name: getattr(row, name) for name in PublicCallLine.model_fields if name not in _COMPUTED},
        )
        for row in rows
        for moment in (_moment(row, now),)
    ]
    return sorted(lines, key=_place)


_COMPUTED = frozenset({"phase", "days_left"})


def _place(line: PublicCallLine) -> tuple[int, float, str]:
    """Running and coming calls: the next date first; past ones: the last closing first."""
    order = _ORDER.get(line.phase, len(_ORDER))
    when = line.opens_at if line.phase is Phase.SCHEDULED else line.closes_at
    seconds = when.timestamp() if when else 0.0
    return order, seconds if order < len(_ORDER) else -seconds, line.slug

"""The whole public ledger of a call: its acts, its dates as promised and kept, and its figures."""

from datetime import datetime
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict
from sqlmodel import Session, select

from app.calls.ledger import Ledger, public_ledger
from app.decisions.figures import PublicFigures
from app.decisions.held import WITHOUT_FORM
from app.decisions.notices import PublicNotice
from app.decisions.public_pitch import PublicPitches
from app.decisions.results import PublicCriterion, PublicResults
from app.models.calls import Call
from app.models.columns import Texts
from app.scoring.methods import Method


class KeptDate(BaseModel):
    """A date that the call promised first, when it came, and whether that was in time; None: not yet."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    what: str
    promised: datetime
    came: datetime | None
    kept: bool | None


class OpenLedger(Ledger):
    """The acts, the dates, the rule, and once the results are public the figures. Who won stands there alone.

    `corrections` are those of the figures. `awarded` counts the winners that have been announced, `returned`
    those who gave their award back.
    """

    dates: list[KeptDate]
    method: Method | None
    pitches: list[PublicPitches]
    criteria: list[PublicCriterion]
    organisations: list[Texts]
    published_at: datetime | None
    received: int | None
    figures: PublicFigures | None
    awarded: int
    returned: int
    committed_minor: int | None
    decision_hash: str | None
    corrections: list[PublicNotice]


_FROM_RESULTS = frozenset(OpenLedger.model_fields) & frozenset(PublicResults.model_fields) - {
    "title",
    "returned",
    "corrections",
}


def open_ledger(session: Session, found: PublicResults, now: datetime) -> OpenLedger:
    """The ledger of a call whose results were looked up."""
    acts = public_ledger(session, found.call)
    call = session.exec(select(Call).where(Call.slug == found.call).options(WITHOUT_FORM)).one()
    return OpenLedger(
        title=acts.title,
        timezone=acts.timezone,
        entries=acts.entries,
        errors_noted=acts.errors_noted,
        errors_answered=acts.errors_answered,
        errors_corrected=acts.errors_corrected,
        dates=_dates(call, now),
        awarded=len(found.winners),
        returned=len(found.returned),
        corrections=[each for each in found.corrections if not each.winner],
        **{name: getattr(found, name) for name in _FROM_RESULTS},
    )


def _dates(call: Call, now: datetime) -> list[KeptDate]:
    """What was promised first: a closing that was moved took the dates after it along."""
    if call.published_at is not None and call.reviewing_closed_at is None:
        return []
    moved = [each for each in call.notices if each["kind"] == "extended"]
    first = datetime.fromisoformat(moved[0]["from"]) if moved else call.closes_at
    later = call.closes_at - first if call.closes_at and first else None
    zone = ZoneInfo(call.timezone)
    opened = call.opens_at if call.opens_at and call.opens_at <= now else None
    closed = call.closes_at if call.closes_at and call.closes_at <= now else None
    dated = (
        ("opening", call.opens_at, max(opened, call.opened_at) if opened and call.opened_at else None),
        ("closing", first, closed),
        ("reviews", call.reviews_due_at and later is not None and call.reviews_due_at - later,
         call.reviewing_closed_at),
        ("results", call.results_expected_at and later is not None and call.results_expected_at - later,
         call.published_at),
    )  # fmt: skip
    return [
        KeptDate(what=what, promised=promised, came=came, kept=_kept(promised, came, zone))
        for what, promised, came in dated
        if promised
    ]


def _kept(promised: datetime, came: datetime | None, zone: ZoneInfo) -> bool | None:
    """To the day, as people read a date."""
    return None if came is None else came.astimezone(zone).date() <= promised.astimezone(zone).date()

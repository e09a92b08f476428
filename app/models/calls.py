"""A call for applications, its criteria, and the pots of money or places it gives."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlmodel import Field, SQLModel

from app.models.columns import Texts, json, money, one_of, word


class CallKind(StrEnum):
    """A grant gives money; a selection gives places (its amounts are NULL, never 0)."""

    GRANT = "grant"
    SELECTION = "selection"


class Method(StrEnum):
    """How reviews become an order; published with the call."""

    MEAN_OF_MEANS = "mean_of_means"


class Phase(StrEnum):
    """Where a call stands, in the order of its life. Never stored: `calls/phase.py` computes it."""

    PREPARING = "preparing"
    SCHEDULED = "scheduled"
    OPEN = "open"
    GRACE = "grace"
    CLOSED = "closed"
    REVIEWING = "reviewing"
    REVIEWED = "reviewed"
    DECIDED = "decided"
    PUBLISHED = "published"
    CANCELLED = "cancelled"


class Call(SQLModel, table=True):
    """One call. Instants are aware UTC; `timezone` says how people read them.

    `*_at` columns that record an act of the coordinator are NULL until it happens.
    Money: `ceiling_minor` in euro cents, `rate_minor` in tiyn for one euro (56000 = 560.00 tenge).
    `notices` are what everybody must be told after opening: a moved closing, a cancellation, and why.
    `past_numbers` of a call entered afterwards: how many had applied in which of such calls together.
    `divergence_points` (of 100) and `divergence_steps` (on one criterion): from which difference of two
    reviews on a third one is asked for; NULL where the call promised no such rule.
    """

    __table_args__ = (
        one_of("kind", CallKind),
        one_of("method", Method),
        CheckConstraint(
            "opens_at IS NULL OR closes_at IS NULL OR opens_at < closes_at", name="opens_before_closes"
        ),
        CheckConstraint(
            "(kind = 'grant') OR (ceiling_minor IS NULL AND rate_minor IS NULL)",
            name="selection_has_no_money",
        ),
        CheckConstraint(
            "reviews_per_application IS NULL OR reviews_per_application > 0", name="some_reviews"
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    slug: str = Field(unique=True, max_length=40)
    ref_prefix: str = Field(max_length=8)
    kind: CallKind = word(CallKind, default=CallKind.GRANT)
    version: int = 1
    created_at: datetime

    title: Texts = json()
    purpose: Texts = json()
    who_can_apply: Texts = json()
    who_cannot: Texts = json()
    need_at_hand: Texts = json()
    other_ways: Texts = json()
    help_hours: Texts = json(default_factory=dict)
    faq: list[Any] = json(default_factory=list)
    eligibility: dict[str, Any] = json(default_factory=dict)
    themes: list[Any] = json()
    priorities: list[Any] = json()

    timezone: str = Field(default="Asia/Almaty", max_length=60)
    opens_at: datetime | None = None
    closes_at: datetime | None = None
    grace_minutes: int = 15
    reviews_due_at: datetime | None = None
    results_expected_at: datetime | None = None

    ceiling_minor: int | None = money(default=None, nullable=True)
    rate_minor: int | None = money(default=None, nullable=True)
    max_months: int = 8
    administration_percent: int = 10
    sections: list[Any] = json()

    method: Method = word(Method, default=Method.MEAN_OF_MEANS)
    reviews_per_application: int | None = None
    scores_published: bool = True
    discussion: bool = False
    divergence_points: int | None = 30
    divergence_steps: int | None = 2

    opened_at: datetime | None = None
    frozen_form: dict[str, Any] | None = json(default=None, nullable=True)
    frozen_hash: str | None = Field(default=None, max_length=64)
    reviewing_opened_at: datetime | None = None
    discussion_opened_at: datetime | None = None
    reviewing_closed_at: datetime | None = None
    draw_seed: str | None = Field(default=None, max_length=64)
    decided_at: datetime | None = None
    decision_hash: str | None = Field(default=None, max_length=64)
    published_at: datetime | None = None
    cancelled_at: datetime | None = None
    notices: list[Any] = json(default_factory=list)
    past_numbers: dict[str, Any] | None = json(default=None, nullable=True)


class Criterion(SQLModel, table=True):
    """What applications are scored on. `weight` in percent; all weights of a call add up to 100.

    `anchors` maps a score (as a string) to its words; `sections` lists the form's sections that feed it.
    `tie_position` is the published order in which criteria break ties, 1 first.
    """

    __table_args__ = (
        UniqueConstraint("call_id", "code"),
        CheckConstraint("weight >= 0 AND weight <= 100", name="weight_percent"),
        CheckConstraint("scale_min < scale_max", name="scale_order"),
    )

    id: int | None = Field(default=None, primary_key=True)
    call_id: int = Field(foreign_key="call.id")
    code: str = Field(max_length=40)
    position: int
    tie_position: int
    title: Texts = json()
    asks: Texts = json()
    weight: int
    scale_min: int = 1
    scale_max: int = 5
    anchors: dict[str, Any] = json()
    sections: list[Any] = json()


class AwardRound(SQLModel, table=True):
    """A pot: `places`, and for money an `envelope_minor` in euro cents.

    `committed_minor` and `taken` are kept by triggers on `award`; the CHECKs are what refuses
    an award above the pot, whoever writes it.
    """

    __tablename__ = "award_round"
    __table_args__ = (
        CheckConstraint("places > 0", name="some_places"),
        CheckConstraint("envelope_minor IS NULL OR envelope_minor >= 0", name="envelope_not_negative"),
        CheckConstraint("amount_minor IS NULL OR amount_minor > 0", name="amount_positive"),
        CheckConstraint("(envelope_minor IS NULL) = (amount_minor IS NULL)", name="money_is_whole"),
        CheckConstraint("taken >= 0 AND taken <= places", name="within_places"),
        CheckConstraint(
            "committed_minor >= 0 AND (envelope_minor IS NULL OR committed_minor <= envelope_minor)",
            name="within_envelope",
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    call_id: int = Field(foreign_key="call.id", index=True)
    code: str = Field(unique=True, max_length=16)
    position: int
    version: int = 1
    name: Texts = json()
    event: Texts | None = json(default=None, nullable=True)
    held_at: datetime | None = None
    places: int
    amount_minor: int | None = money(default=None, nullable=True)
    envelope_minor: int | None = money(default=None, nullable=True)
    committed_minor: int = money(default=0)
    taken: int = 0

"""A call for applications, its criteria, and the pots of money or places it gives."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlmodel import Field, SQLModel

from app.models.columns import Texts, json, money, one_of, word
from app.scoring.methods import Method, Strata
from app.scoring.shares import Split


class CallKind(StrEnum):
    """A grant gives money; a selection gives places (its amounts are NULL, never 0)."""

    GRANT = "grant"
    SELECTION = "selection"


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

    `*_at` columns that record an act of the coordinator are NULL until it happens. Money: `ceiling_minor` in
    euro cents, `rate_minor` in tiyn for one euro (56000 = 560.00 tenge). `notices` are what everybody must be
    told after opening: a moved closing, a cancellation, and why. `past_numbers` of a call entered afterwards:
    how many had applied in which of such calls together. `divergence_points` (of 100) and `divergence_steps`
    (on one criterion): from which difference of two reviews on a third one is asked for; NULL where the call
    promised no such rule. `strata`: the groups that calibration knows, so that their differences are not
    taken for strictness. `impute`: what a review lacks is estimated for calibration, with less weight.
    `lottery`: who cannot be told from the line draws for its places.
    """

    __table_args__ = (
        one_of("kind", CallKind),
        one_of("method", Method),
        one_of("strata", Strata),
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
    own_question: dict[str, Any] = json(default_factory=dict)

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
    strata: Strata | None = word(Strata, default=None, nullable=True)
    impute: bool = False
    lottery: bool = False
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
    """A pot: at most `places`, and for money an `envelope_minor` in euro cents.

    `least_places` are promised (NULL: none), `split` is how the money is divided, with `amount_minor` as the
    most that one award gets; `full_places` of the first get it whole where the rest share what is left.
    `reserved_places` are for those who belong to `reserved_for`, by `reserved_answer` ("theme=ecology") or
    by a mark; nobody wins with a total below `threshold`. `reserve_places` stand by until `reserve_until`.
    With an event the first `finalists` of the written order pitch, and that counts `pitch_weight` percent of
    the total; the jury scores the call's criteria named in `pitch_criteria` (empty: all), by their weights.
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
        one_of("split", Split),
        CheckConstraint(
            "least_places IS NULL OR (least_places > 0 AND least_places <= places)", name="least_places"
        ),
        CheckConstraint("split = 'fixed' OR envelope_minor IS NOT NULL", name="split_of_money"),
        CheckConstraint(
            "(split = 'first_full') = (full_places IS NOT NULL) "
            "AND (full_places IS NULL OR (full_places > 0 AND full_places <= places))",
            name="full_places",
        ),
        CheckConstraint("reserved_places >= 0 AND reserved_places <= places", name="reserved_places"),
        CheckConstraint("threshold IS NULL OR (threshold > 0 AND threshold <= 100)", name="threshold"),
        CheckConstraint(
            "reserve_places >= 0 AND (reserve_places = 0) = (reserve_until IS NULL)", name="reserve_ends"
        ),
        CheckConstraint("finalists IS NULL OR finalists > 0", name="some_finalists"),
        CheckConstraint(
            "(finalists IS NULL) = (pitch_weight IS NULL) "
            "AND (pitch_weight IS NULL OR (pitch_weight > 0 AND pitch_weight <= 100))",
            name="pitch_counts",
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
    least_places: int | None = None
    amount_minor: int | None = money(default=None, nullable=True)
    envelope_minor: int | None = money(default=None, nullable=True)
    split: Split = word(Split, default=Split.FIXED)
    full_places: int | None = None
    reserved_places: int = 0
    reserved_for: Texts | None = json(default=None, nullable=True)
    reserved_answer: str | None = Field(default=None, max_length=80)
    threshold: int | None = None
    reserve_places: int = 0
    reserve_until: datetime | None = None
    finalists: int | None = None
    pitch_weight: int | None = None
    pitch_criteria: list[Any] = json(default_factory=list)
    committed_minor: int = money(default=0)
    taken: int = 0

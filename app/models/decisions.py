"""The order, the awards, and what the public may see of them."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from app.models.columns import Texts, json, money, one_of, word
from app.scoring.methods import Method


class FactualOutcome(StrEnum):
    """What came of a factual error that an applicant pointed out. No score changes by itself."""

    CORRECTED = "corrected"
    STANDS = "stands"


class RankingRun(SQLModel, table=True):
    """One computing of a call's order: when, by whom, from what, and what came out. None is ever deleted.

    `input_hash` is the SHA-256 of the canonical sheets and rules; `order` is a list of (code, label, merit)
    from the first place on, so that a later run can be compared; `summary` are the figures of the whole call.
    """

    __tablename__ = "ranking_run"
    __table_args__ = (UniqueConstraint("call_id", "number"), one_of("method", Method))

    id: int | None = Field(default=None, primary_key=True)
    call_id: int = Field(foreign_key="call.id")
    number: int
    computed_at: datetime
    computed_by: int = Field(foreign_key="person.id")
    method: Method = word(Method)
    input_hash: str = Field(max_length=64)
    order: list[Any] = json()
    summary: dict[str, Any] = json()


class RankingRecord(SQLModel, table=True):
    """What a run went by and what came out, whole and exact: with it the run can be done again.

    `document` is canonical JSON as text, so that it stays as it was hashed. No row ever changes.
    """

    __tablename__ = "ranking_record"

    run_id: int = Field(foreign_key="ranking_run.id", primary_key=True)
    document: str


class RankingEntry(SQLModel, table=True):
    """One line of the ranking, computed once when reviewing closes.

    `place` orders all lines of a call; `label` is what people read ("3", or "" without a total).
    `total` is what orders by the published method, higher first (a total, or less the expected rank); it, the
    `exact` means and the `exact_total` in `sheet` are fractions written as strings ("265/3"); `shown` is what
    the board shows, rounded to tenths. `sheet` also holds total, means and each organisation's means as
    decimals, for the export. `figures` has the place and total by every method, and how firm the place is;
    `in_short` repeats of them what the board says, in one flat list.
    """

    __tablename__ = "ranking_entry"
    __table_args__ = (Index("ix_ranking_entry_call_place", "call_id", "place"),)

    application_id: int = Field(foreign_key="application.id", primary_key=True)
    call_id: int = Field(foreign_key="call.id")
    place: int
    label: str = Field(max_length=10)
    total: str | None = Field(default=None, max_length=80)
    shown: dict[str, Any] = json()
    sheet: dict[str, Any] = json()
    figures: dict[str, Any] = json(default_factory=dict)
    in_short: list[Any] | None = json(default=None, nullable=True)


class MissingReview(SQLModel, table=True):
    """An organisation that was to score an application and had not when reviewing closed: a hole.

    `reason` is empty until somebody excused it in writing.
    """

    __tablename__ = "missing_review"

    application_id: int = Field(foreign_key="application.id", primary_key=True)
    organisation_id: int = Field(foreign_key="organisation.id", primary_key=True)
    call_id: int = Field(foreign_key="call.id", index=True)
    reason: str = ""
    excused_by: int | None = Field(default=None, foreign_key="person.id")
    excused_at: datetime | None = None


class Award(SQLModel, table=True):
    """A place, and for a grant its money, given to an application: pending until published.

    `reserved` says from the freezing on that it holds a reserved seat.
    Triggers of the migration keep the round's `committed_minor` and `taken`; its CHECKs refuse the rest.
    """

    __table_args__ = (
        UniqueConstraint("application_id"),
        CheckConstraint("amount_minor IS NULL OR amount_minor > 0", name="amount_positive"),
    )

    id: int | None = Field(default=None, primary_key=True)
    round_id: int = Field(foreign_key="award_round.id", index=True)
    application_id: int = Field(foreign_key="application.id")
    amount_minor: int | None = money(default=None, nullable=True)
    reserved: bool = False
    version: int = 1
    awarded_by: int = Field(foreign_key="person.id")
    awarded_at: datetime


class Departure(SQLModel, table=True):
    """Why, in one round, an application was raised above the line, or passed over, against the order.

    `confirmed_by` is a second person. It is NULL while nobody has confirmed it, and where there is nobody
    who could: then the reason is published with the results, in the call's ledger.
    """

    __table_args__ = (
        CheckConstraint("(confirmed_by IS NULL) = (confirmed_at IS NULL)", name="confirmed_by_somebody"),
    )

    application_id: int = Field(foreign_key="application.id", primary_key=True)
    round_id: int = Field(foreign_key="award_round.id", primary_key=True)
    reason: str
    decided_by: int = Field(foreign_key="person.id")
    decided_at: datetime
    confirmed_by: int | None = Field(default=None, foreign_key="person.id")
    confirmed_at: datetime | None = None


class DecisionProtocol(SQLModel, table=True):
    """The protocol of a frozen decision, as it was frozen. Triggers refuse any change.

    `document` is canonical JSON as text, `digest` the SHA-256 of it without its own field of that name. A
    decision that was opened again and frozen anew has another one, with the next number.
    """

    __tablename__ = "decision_protocol"
    __table_args__ = (UniqueConstraint("call_id", "number"),)

    id: int | None = Field(default=None, primary_key=True)
    call_id: int = Field(foreign_key="call.id")
    number: int
    made_at: datetime
    digest: str = Field(max_length=64)
    document: str


class SeatMark(SQLModel, table=True):
    """That an application belongs, or does not, to those for whom a round keeps seats; it outdoes answers."""

    __tablename__ = "seat_mark"

    application_id: int = Field(foreign_key="application.id", primary_key=True)
    round_id: int = Field(foreign_key="award_round.id", primary_key=True)
    belongs: bool
    reason: str
    marked_by: int = Field(foreign_key="person.id")
    marked_at: datetime


class AwardReturn(SQLModel, table=True):
    """An award that was given back after publication. Triggers keep it: none is changed or removed."""

    __tablename__ = "award_return"

    application_id: int = Field(foreign_key="application.id", primary_key=True)
    round_id: int = Field(foreign_key="award_round.id", index=True)
    amount_minor: int | None = money(default=None, nullable=True)
    reason: str
    recorded_by: int = Field(foreign_key="person.id")
    recorded_at: datetime


class ReserveEntry(SQLModel, table=True):
    """One of those who stand by, in the order stored at freezing.

    `instead_of` is the application whose returned award made its place free: each makes one, once.
    """

    __tablename__ = "reserve_entry"
    __table_args__ = (
        UniqueConstraint("round_id", "position"),
        CheckConstraint("position > 0", name="position_positive"),
        CheckConstraint("(instead_of IS NULL) = (promoted_at IS NULL)", name="promoted_whole"),
    )

    round_id: int = Field(foreign_key="award_round.id", primary_key=True)
    application_id: int = Field(foreign_key="application.id", primary_key=True)
    position: int
    instead_of: int | None = Field(default=None, foreign_key="award_return.application_id", unique=True)
    promoted_by: int | None = Field(default=None, foreign_key="person.id")
    promoted_at: datetime | None = None
    reason: str = ""


class ReserveDeparture(SQLModel, table=True):
    """Why somebody else of a reserve list than the next is to come up.

    `confirmed_by` is a second person, as for a departure of an award; to confirm it is to promote.
    """

    __tablename__ = "reserve_departure"
    __table_args__ = (
        CheckConstraint("(confirmed_by IS NULL) = (confirmed_at IS NULL)", name="confirmed_by_somebody"),
    )

    application_id: int = Field(foreign_key="application.id", primary_key=True)
    round_id: int = Field(foreign_key="award_round.id", primary_key=True)
    reason: str
    decided_by: int = Field(foreign_key="person.id")
    decided_at: datetime
    confirmed_by: int | None = Field(default=None, foreign_key="person.id")
    confirmed_at: datetime | None = None


class PublishedResult(SQLModel, table=True):
    """A winner everybody may see. Until its row exists, no public query can find the winner.

    It holds copies, so that public pages never touch an identity. `position` is the order of reveal.
    `summaries` is what the programme wrote of it itself, in several languages; `summary` is in `language`.
    `reserved` holds a reserved seat, `promoted` came from the reserve list, and `given_back_at` is when a
    winner gave the award back.
    """

    __tablename__ = "published_result"
    __table_args__ = (UniqueConstraint("round_id", "position"),)

    id: int | None = Field(default=None, primary_key=True)
    call_id: int = Field(foreign_key="call.id", index=True)
    round_id: int = Field(foreign_key="award_round.id")
    application_id: int = Field(foreign_key="application.id", unique=True)
    slug: str = Field(unique=True, max_length=80)
    position: int
    title: str = Field(max_length=200)
    summary: str = ""
    summaries: Texts | None = json(default=None, nullable=True)
    team: str = Field(default="", max_length=300)
    theme: str = Field(default="", max_length=40)
    districts: list[Any] = json()
    language: str = Field(max_length=2)
    amount_minor: int | None = money(default=None, nullable=True)
    reserved: bool = False
    promoted: bool = False
    given_back_at: datetime | None = None
    published_at: datetime


class WinnerPicture(SQLModel, table=True):
    """The picture that stands with a public winner. It hangs on the public row: before, there is none.

    `sha256` is the key of a small clean copy, NULL once it is not shown any more; the row stays, so that
    `version` only ever grows. `alt` says in each of the site's languages what it shows. Sizes in points.
    """

    __tablename__ = "winner_picture"

    result_id: int = Field(foreign_key="published_result.id", primary_key=True)
    sha256: str | None = Field(default=None, max_length=64)
    media_type: str = Field(default="", max_length=40)
    width: int = 0
    height: int = 0
    alt: Texts = json()
    version: int = 1
    chosen_by: int = Field(foreign_key="person.id")
    changed_at: datetime


class ResultSeal(SQLModel, table=True):
    """The results of a round as they were sealed before they are announced. Triggers keep what was sealed.

    `sha256` is of the nonce, a line end and `document` (canonical JSON). It is shown to everybody once
    `confirmed_at` is there; nonce and document only once the results are public. `codes` are the winners in
    the order of the document, and nobody's to read. Opening the decision
    again makes it void: the next one of the round has the next `number`. `reason` is of who seals alone.
    """

    __tablename__ = "result_seal"
    __table_args__ = (UniqueConstraint("round_id", "number"),)

    id: int | None = Field(default=None, primary_key=True)
    round_id: int = Field(foreign_key="award_round.id")
    number: int
    sha256: str = Field(max_length=64)
    nonce: str = Field(max_length=64)
    document: str
    codes: list[Any] = json()
    sealed_by: int = Field(foreign_key="person.id")
    sealed_at: datetime
    reason: str = ""
    confirmed_by: int | None = Field(default=None, foreign_key="person.id")
    confirmed_at: datetime | None = None
    voided_at: datetime | None = None


class Publication(SQLModel, table=True):
    """That somebody counted what publishing will do, and that a second person found the same.

    `counts` are those that were looked at, with the `decision_version` they were of. `dropped_at`: it was
    taken back, or what it counted has changed. `reason` is of who publishes alone. The letters wait until
    `letters_from`, and longer while `stopped_at` is there.
    """

    id: int | None = Field(default=None, primary_key=True)
    call_id: int = Field(foreign_key="call.id", index=True)
    decision_version: int
    counts: dict[str, Any] = json()
    asked_by: int = Field(foreign_key="person.id")
    asked_at: datetime
    reason: str = ""
    confirmed_by: int | None = Field(default=None, foreign_key="person.id")
    confirmed_at: datetime | None = None
    dropped_at: datetime | None = None
    letters_from: datetime | None = None
    stopped_at: datetime | None = None


class FeedbackLine(SQLModel, table=True):
    """What an applicant reads about one criterion, in the coordinator's wording of what the reviewers said.

    It stands in place of the reviewers' reasons there. `of_scale`: it was made of the published words of the
    scale and the mean that the reviewers gave.
    """

    __tablename__ = "feedback_line"

    application_id: int = Field(foreign_key="application.id", primary_key=True)
    criterion_id: int = Field(foreign_key="criterion.id", primary_key=True)
    text: str
    of_scale: bool = False
    version: int = 1
    written_by: int = Field(foreign_key="person.id")
    written_at: datetime

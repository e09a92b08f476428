"""What came after a protocol was frozen, as it is written beside it: awards given back, and who came up.
Pure.

The frozen protocol keeps every byte and its digest; an addendum has a digest of its own, and names that of
the protocol.
"""

from pydantic import BaseModel, ConfigDict, Field


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class ReturnPart(_Part):
    """An award of `round` that was given back; `by` is the coordinator who wrote it down, "" for its team."""

    round: str
    application: str
    amount_minor: int | None
    reason: str
    at: str
    by: str


class PromotionPart(_Part):
    """Who came up from the place `position` of a reserve list, in place of an award that was given back.

    Out of turn there is a `reason`: `asked_by` wrote it at `asked_at`, `confirmed_by` is the second person
    who agreed. `alone`: there was nobody who could have.
    """

    round: str
    application: str
    position: int
    amount_minor: int | None
    instead_of: str
    at: str
    by: str
    reason: str
    asked_by: str
    asked_at: str | None
    confirmed_by: str
    confirmed_at: str | None
    alone: bool


class AddendumPart(_Part):
    """All of it, in the order of time. `protocol` is the digest of the frozen one.

    `out` are (round, application) of those on a reserve list who have left the call or won elsewhere, and so
    come up no more. `digest` is the SHA-256 of the rest, written as a protocol is.
    """

    protocol: str
    returns: list[ReturnPart]
    promotions: list[PromotionPart]
    out: list[tuple[str, str]]
    digest: str = Field(min_length=64, max_length=64)

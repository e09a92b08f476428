"""A winner nobody knows yet."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Winner:
    """A pending award with all that its announcement will say."""

    application_id: int
    round_id: int
    code: str
    title: str
    summary: str
    team: str
    theme: str
    districts: list[str]
    language: str
    amount_minor: int | None
    reserved: bool

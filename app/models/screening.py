"""What somebody on the panel says of an application to a coordinator. Reviewers write here: no names."""

from datetime import datetime
from enum import StrEnum

from sqlmodel import Field, SQLModel

from app.models.columns import one_of, word


class FlagKind(StrEnum):
    """What a flag is about."""

    IDENTITY_VISIBLE = "identity_visible"
    NOT_ELIGIBLE = "not_eligible"
    DOUBLE_FUNDING = "double_funding"
    SAFETY = "safety"
    WRONG_THEME = "wrong_theme"
    DUPLICATE = "duplicate"
    OTHER = "other"


class Flag(SQLModel, table=True):
    """One flag of perhaps several. `addressed_to` is one coordinator's membership; NULL is every one's.

    How it was resolved, in words, is `people.FlagAnswer`: a coordinator knows names.
    """

    __table_args__ = (one_of("kind", FlagKind),)

    id: int | None = Field(default=None, primary_key=True)
    code: str = Field(unique=True, max_length=16)
    application_id: int = Field(foreign_key="application.id", index=True)
    kind: FlagKind = word(FlagKind)
    words: str = Field(max_length=1000)
    version: int = 1
    raised_by: int = Field(foreign_key="panel_member.id")
    raised_at: datetime
    addressed_to: int | None = Field(default=None, foreign_key="panel_member.id")
    resolved_at: datetime | None = None

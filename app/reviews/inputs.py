"""What reviewers and coordinators hand in: JSON body and form are the same models."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated, Any, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, field_validator, model_validator
from pydantic_core import PydanticCustomError

from app.applications.flags import WORDS_CAP
from app.applications.typed_codes import TypedCode
from app.asking import Ask
from app.models.reviews import Confidence, Tie
from app.models.screening import FlagKind
from app.sections.text import LINE, PROSE

CANNOT_JUDGE = "cannot_judge"
"""What the form's one group of radios sends in place of a score."""

REASON_CAP = 2000
REMARK_CAP = 4000
SHEET_CAP = 200_000
CHANGE_CAP = 500

Remark = Annotated[str, Field(max_length=REMARK_CAP), PROSE, Ask("textarea", optional=True, cap=REMARK_CAP)]


class ScoreInput(BaseModel):
    """One criterion: a score, or a declared "cannot judge", or neither yet. Never both."""

    model_config = ConfigDict(extra="forbid", strict=True)
    score: int | None = None
    cannot_judge: bool = False
    reason: Annotated[str, Field(max_length=REASON_CAP), PROSE] = ""

    @model_validator(mode="after")
    def _not_both(self) -> Self:
        if self.cannot_judge and self.score is not None:
            raise PydanticCustomError("review.score_and_cannot_judge", "a score and cannot judge")
        return self


class ReviewInput(BaseModel):
    """A whole review as it stands; `scores` by criterion code, and what is left out is not scored.

    `change_reason` is no part of it: it says why a review that was sent already becomes another one.
    """

    model_config = ConfigDict(extra="forbid")
    scores: Annotated[Mapping[str, ScoreInput], Field(max_length=20), Ask("rows")] = {}
    convinced: Remark = ""
    stronger: Remark = ""
    panel_note: Remark = ""
    private_note: Remark = ""
    confidence: Annotated[Confidence | None, Ask("radios", optional=True, choices="confidence")] = None
    change_reason: Annotated[str, Field(max_length=CHANGE_CAP), PROSE, Ask("textarea", cap=CHANGE_CAP)] = ""


class TypedScore(ScoreInput):
    """The same from a form, where one group of radios holds the scores and "cannot judge"."""

    model_config = ConfigDict(strict=False)

    @model_validator(mode="before")
    @classmethod
    def _one_group_of_radios(cls, given: Any) -> Any:
        if isinstance(given, dict) and given.get("score") == CANNOT_JUDGE:
            return {**given, "score": None, "cannot_judge": True}
        if isinstance(given, dict) and given.get("score") == "":
            return {**given, "score": None}
        return given


class TypedReview(ReviewInput):
    """A review from its form."""

    scores: Annotated[Mapping[str, TypedScore], Field(max_length=20), Ask("rows")] = {}

    @field_validator("confidence", mode="before")
    @classmethod
    def _nothing_chosen(cls, given: Any) -> Any:
        return given or None


class TieInput(BaseModel):
    """The answer to the conflict question."""

    model_config = ConfigDict(extra="forbid")
    tie: Annotated[Tie, Ask("radios", choices="tie")]
    note: Annotated[str, Field(max_length=500), PROSE, Ask("textarea", optional=True, cap=500)] = ""


class TieAsked(BaseModel):
    """One of several questions about ties; no `tie`: it was shown and not answered."""

    model_config = ConfigDict(extra="forbid")
    tie: Annotated[Tie | None, Ask("radios", optional=True, choices="tie")] = None
    note: Annotated[str, Field(max_length=500), PROSE, Ask("textarea", optional=True, cap=500)] = ""


class TiesInput(BaseModel):
    """All that were shown, by code; `rest`: there is no tie to those that are left open."""

    model_config = ConfigDict(extra="forbid")
    ties: Annotated[Mapping[str, TieAsked], Field(max_length=10_000), Ask("rows")] = {}
    rest: Annotated[bool, Ask("checkboxes", optional=True)] = False


class OwnFlagInput(BaseModel):
    """What a reviewer noticed; it goes to whoever coordinates."""

    model_config = ConfigDict(extra="forbid")
    kind: Annotated[FlagKind, Ask("radios", choices="flag_kind")]
    words: Annotated[str, Field(min_length=1, max_length=WORDS_CAP), PROSE, Ask("textarea", cap=WORDS_CAP)]


class AssignmentInput(BaseModel):
    """Who is to score what: the application's spoken code and the panel member's code."""

    model_config = ConfigDict(extra="forbid")
    application: Annotated[TypedCode, Ask(spellcheck=False)]
    reviewer: Annotated[str, Field(min_length=1, max_length=16), LINE, Ask("select")]


class Act(StrEnum):
    """What is done by hand with one pair of a proposal."""

    GIVE = "give"
    TAKE = "take"


class AdjustInput(AssignmentInput):
    """One change by hand of what is proposed."""

    act: Annotated[Act, Ask("hidden")]


class HandOnInput(BaseModel):
    """Whose work others are to take over; `number`: so many of what they have not begun, None: all of it."""

    model_config = ConfigDict(extra="forbid")
    handed_by: Annotated[str, Field(min_length=1, max_length=16), LINE, Ask("select")]
    number: Annotated[
        Annotated[int, Field(ge=1, le=10_000)] | None,
        Ask("number", optional=True, width="short", inputmode="numeric"),
    ] = None


class TypedHandOn(HandOnInput):
    """The same from a form, in which an empty field is sent as an empty text."""

    number: Annotated[
        Annotated[int, Field(ge=1, le=10_000)] | None,
        BeforeValidator(lambda given: None if given == "" else given),
        Ask("number", optional=True, width="short", inputmode="numeric"),
    ] = None


class SheetInput(BaseModel):
    """Who is to score what, as the text of a CSV file with the columns `application` and `reviewer`."""

    model_config = ConfigDict(extra="forbid")
    rows: Annotated[str, Field(min_length=1, max_length=SHEET_CAP), PROSE, Ask("textarea", spellcheck=False)]


class SubstituteInput(BaseModel):
    """For what a substitute is sought: the application's spoken code, and the organisation's code."""

    model_config = ConfigDict(extra="forbid")
    application: TypedCode
    organisation: Annotated[str, Field(min_length=1, max_length=20), LINE]
    nonetheless: bool = False
    """Where nobody fits: to whoever comes nearest, knowing what they lack."""

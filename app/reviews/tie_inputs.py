"""What is typed about ties of people on the panel, by pages and by the API alike."""

from enum import StrEnum
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from app.applications.typed_codes import TypedCode
from app.asking import Ask
from app.sections.text import LINE, PROSE

SHORTEST_REASON = 10
LEDGER_REASON = 30
"""What one person does alone needs a longer reason: nobody else looks at it before it holds."""
Reason = Annotated[str, Field(min_length=SHORTEST_REASON, max_length=1000), PROSE, Ask("textarea", cap=1000)]
Code = Annotated[TypedCode, Ask(spellcheck=False)]


class Finding(StrEnum):
    """What a suspicion comes to."""

    TIE = "tie"
    NO_TIE = "no_tie"


class TieDeclareInput(BaseModel):
    """A coordinator's own tie; the application by its code or its reference."""

    model_config = ConfigDict(extra="forbid")
    application: Code
    reason: Reason


class TiePinInput(BaseModel):
    """A tie that is known of somebody else on the panel; the application by its code or its reference."""

    model_config = ConfigDict(extra="forbid")
    application: Code
    member: Annotated[str, Field(min_length=1, max_length=16), LINE, Ask("select")]
    reason: Reason


class SuspicionInput(BaseModel):
    """What suspicions come to, by their keys; for everybody to whom the same thing points.

    With `members` (codes) a tie is found of these alone: of everybody else to whom it points there is none.
    """

    model_config = ConfigDict(extra="forbid")
    suspected: Annotated[
        list[Annotated[str, Field(min_length=1, max_length=400)]],
        Field(min_length=1, max_length=500),
        Ask("checkboxes"),
    ]
    finding: Annotated[Finding, Ask("radios", choices="finding")]
    members: Annotated[
        list[Annotated[str, Field(max_length=16)]],
        Field(max_length=500),
        Ask("checkboxes", optional=True),
    ] = []
    reason: Reason


class LiftInput(BaseModel):
    """Why a tie that stood is none any more, by its key, which names the version that was looked at."""

    model_config = ConfigDict(extra="forbid")
    tie: Annotated[str, Field(min_length=1, max_length=100), LINE, Ask("select")]
    reason: Reason


class OwnLiftInput(BaseModel):
    """That one declared a tie of one's own by mistake; the application by its code."""

    model_config = ConfigDict(extra="forbid")
    application: Annotated[TypedCode, Ask("hidden")]
    reason: Annotated[str, Field(min_length=LEDGER_REASON, max_length=1000), PROSE, Ask("textarea", cap=1000)]

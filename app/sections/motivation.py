"""Why a candidate asks for a place in a selection."""

from typing import Annotated

from pydantic import Field

from app.asking import Ask
from app.sections.answers import LongAnswers
from app.sections.text import LINE, PROSE


class Motivation(LongAnswers):
    """Motivation and experience; `title` is the headline that reviewers see first."""

    title: Annotated[str, Field(max_length=80), LINE, Ask(cap=80)]
    why: Annotated[str, Field(max_length=2500), PROSE, Ask("textarea", cap=2500, guide=(120, 200))]
    experience: Annotated[str, Field(max_length=2500), PROSE, Ask("textarea", cap=2500, guide=(120, 200))]
    example: Annotated[
        str, Field(max_length=1500), PROSE, Ask("textarea", optional=True, cap=1500, guide=(60, 120))
    ] = ""
    availability: Annotated[str, Field(max_length=400), PROSE, Ask("textarea", cap=400, guide=(10, 40))]

"""The project in brief."""

from collections.abc import Mapping
from typing import Annotated, Literal, Self

from pydantic import Field

from app.asking import Ask
from app.errors import Problem
from app.sections.answers import Answers
from app.sections.limits import Limits
from app.sections.text import LINE, PROSE

District = Literal[
    "alatau", "almaly", "auezov", "bostandyk", "zhetysu", "medeu", "nauryzbay", "turksib", "whole_city"
]


class Brief(Answers):
    """Title, summary, theme, place."""

    title: Annotated[str, Field(max_length=80), LINE, Ask(cap=80)]
    title_second: Annotated[str, Field(max_length=80), LINE, Ask(optional=True, cap=80)] = ""
    summary: Annotated[str, Field(max_length=400), PROSE, Ask("textarea", cap=400, guide=(30, 50))]
    theme: Annotated[str, Ask("radios", choices="themes")]
    districts: Annotated[list[District], Field(max_length=9), Ask("checkboxes", choices="districts")]
    place: Annotated[str, Field(max_length=120), LINE, Ask(optional=True, cap=120)] = ""

    @classmethod
    def broken(cls, brief: Self, limits: Limits) -> Mapping[str, Problem]:
        """The theme is one of the call's."""
        return {} if brief.theme in limits.themes else {"theme": ("choice.unknown", {})}

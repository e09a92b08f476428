"""A question of the call's own: one answer out of those that the call offers. Its words are the call's."""

from collections.abc import Mapping
from typing import Annotated, Self

from app.asking import Ask
from app.errors import Problem
from app.sections.answers import Answers
from app.sections.limits import Limits


class Own(Answers):
    """The answer's code."""

    answer: Annotated[str, Ask("radios", choices="own_answers")]

    @classmethod
    def broken(cls, own: Self, limits: Limits) -> Mapping[str, Problem]:
        """The answer is one of the call's."""
        return {} if own.answer in limits.own_answers else {"answer": ("choice.unknown", {})}

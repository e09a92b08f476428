"""A call's own question as it is stored: its text and its answers; Yes and No where it has none."""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from app.messages.catalogue import LANGUAGES
from app.messages.labels import choices

OWN = "own.answer"
"""The question's place in the form."""
NOBODYS: Mapping[str, Any] = {}
"""What a call without such a question has."""


def own_answers(own: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
    """Code and name (a text by language) of each answer; none of a call without such a question."""
    if not own.get("text"):
        return []
    return own.get("answers") or _yes_or_no()


@cache
def _yes_or_no() -> Sequence[Mapping[str, Any]]:
    words = {language: choices(language, "yes_no") for language in LANGUAGES}
    return [
        {"code": code, "name": {language: words[language][code] for language in LANGUAGES}}
        for code in ("yes", "no")
    ]

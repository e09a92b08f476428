"""The words around one question."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Words:
    """`empty` replaces the general "Enter an answer."; `add` is the button that adds a row."""

    label: str
    hint: str = ""
    why: str = ""
    empty: str = ""
    add: str = ""

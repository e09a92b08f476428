"""What was sent, as if it had just been typed: so that it can be corrected in the form it came from."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from app.asking import Ask
from app.sections.catalogue import Section
from app.sections.drafts import Typed, questions


def retyped(section: Section, sent: Mapping[str, Any]) -> Typed:
    """A sent section in the shape of a draft. Judging it gives the value that was sent."""
    return {
        name: [_row(row, each) for each in sent[name]] if row else _answer(ask, sent[name])
        for name, ask, row in questions(section.model)
        if name in sent
    }


def _row(model: Any, row: Mapping[str, Any]) -> Typed:
    return {name: _answer(ask, row[name]) for name, ask, _ in questions(model) if name in row}


def _answer(ask: Ask, value: Any) -> Any:
    if value is None:
        return ""
    if isinstance(value, list):
        return [str(each) for each in value]
    if ask.control == "money" and isinstance(value, int):
        whole, part = divmod(value, 100)
        return f"{whole}.{part:02}" if part else str(whole)
    if ask.control == "number":
        return f"{Decimal(str(value)).normalize():f}"
    return str(value)

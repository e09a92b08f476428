"""A question of the call's own, from how it is given to how it is stored."""

from typing import Any

from app.calls.inputs import ChoicesInput


def stored_own_question(given: ChoicesInput) -> dict[str, Any]:
    """Text and answers as the call keeps them; empty where neither is there. Each answer has a code
    already."""
    answers = [{"code": each.code, "name": each.name.stored} for each in given.own_answers]
    text = given.own_question.stored
    return {"text": text, "answers": answers} if text or answers else {}

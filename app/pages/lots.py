"""A draw at the line in words: who drew for how many places, and what that costs."""

from app.decisions.stands import Lots
from app.messages import formats
from app.messages.labels import choices


def lots_in_words(language: str, held: Lots | None) -> list[str]:
    """What happened and its price, one sentence each; empty without a draw."""
    if held is None:
        return []
    words = choices(language, "lottery_said")
    if not held.drawing:
        return [words["enough"]]
    happened = words["held"].format(
        certain=formats.number(language, held.certain),
        drawing=formats.number(language, len(held.drawing)),
        left=formats.number(language, held.left),
    )
    order, drawn = (
        formats.number(language, f"{each:.1f}", 1) for each in (held.hits_by_order, held.hits_drawn)
    )
    return [happened, words["price"].format(line=held.line, order=order, drawn=drawn)]

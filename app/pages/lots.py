"""A draw at the line in words: who drew for how many places, and what that costs."""

from app.calls.draw_price import draw_price
from app.calls.setup_view import CallSetup
from app.decisions.stands import Lots
from app.messages import formats
from app.messages.labels import choices


def lots_rule(language: str, *, drawn: bool) -> list[str]:
    """The published rule among those of a round; empty in a call without lots."""
    return [choices(language, "lottery_said")["rule"]] if drawn else []


def planned_in_words(language: str, setup: CallSetup) -> str:
    """What lots would cost a call as it is set up now."""
    found = draw_price(setup)
    return choices(language, "lottery_said")["planned"].format(
        applications=formats.number(language, found.applications),
        places=formats.number(language, found.places),
        reviews=formats.number(language, found.reviews),
        order=formats.number(language, f"{found.order:.1f}", 1),
        drawn=formats.number(language, f"{found.drawn:.1f}", 1),
    )


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

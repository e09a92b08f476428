"""The card above a budget: what the grant pays, what is left, who pays the rest, in numbers and in words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.messages import formats, translations
from app.messages.labels import choices
from app.sections.limits import Limits
from app.sections.totals import Cost, Totals, typed_costs

WORTH_COUNTING = 40
"""More pieces than this are no help to the imagination."""


@dataclass(frozen=True, slots=True)
class TotalsView:
    """The card in words; `percent` of the ceiling for its bar, `over` when above.

    `more` says what the rest would still buy; `payers` who pays what the grant does not.
    """

    grant: str
    left: str
    more: str
    own: str
    payers: Sequence[str]
    whole: str
    rate: str
    percent: int
    over: bool


def totals_view(language: str, limits: Limits, data: Mapping[str, Any], totals: Totals) -> TotalsView | None:
    """The card of a draft as it stands; None in a call without money."""
    if limits.ceiling_minor is None or not limits.rate_minor:
        return None
    return _view(language, limits, limits.ceiling_minor, limits.rate_minor, data, totals)


def _view(
    language: str, limits: Limits, ceiling: int, rate: int, data: Mapping[str, Any], totals: Totals
) -> TotalsView:
    gettext = translations(language).ugettext
    left = ceiling - totals.grant_minor
    brought = limits.resources_minor

    def both(tiyn: int) -> str:
        return formats.money(language, tiyn, rate)

    rest = gettext("{amount} left") if left >= 0 else gettext("{amount} above the ceiling")
    return TotalsView(
        grant=gettext("From the grant: {amount}").format(amount=both(totals.grant_minor)),
        left=rest.format(amount=both(abs(left))),
        more=_more(language, left, data),
        own=gettext("Own contribution: {amount}").format(
            amount=formats.tenge(language, totals.own_minor + brought)
        ),
        payers=_payers(language, totals, brought),
        whole=gettext("Whole project: {amount}").format(
            amount=formats.tenge(language, totals.whole_minor + brought)
        ),
        rate=gettext("One rate for the whole call: {euro} = {tenge}. At most {ceiling}.").format(
            euro=formats.euros(language, 100), tenge=formats.tenge(language, rate), ceiling=both(ceiling)
        ),
        percent=min(100, totals.grant_minor * 100 // ceiling) if ceiling else 100,
        over=left < 0,
    )


def _payers(language: str, totals: Totals, brought: int) -> list[str]:
    words = choices(language, "payer")
    found = [
        f"{words[payer]}: {formats.tenge(language, amount)}"
        for payer, amount in totals.by_payer.items()
        if payer != "grant" and payer in words
    ]
    if brought:
        words_brought = translations(language).ugettext("From your work plan: {amount}")
        found.append(words_brought.format(amount=formats.tenge(language, brought)))
    return found


def _more(language: str, left: int, data: Mapping[str, Any]) -> str:
    """What is left, in pieces of the dearest thing of which the grant pays several; nothing if none fits."""
    several = [
        (cost.grant, row.get("what"), left // cost.price)
        for row, cost in zip(data.get("lines", ()), typed_costs(data), strict=True)
        if _counted(cost) and row.get("what") and 0 < left // cost.price <= WORTH_COUNTING
    ]
    if not several:
        return ""
    _, what, pieces = max(several, key=lambda each: each[0])
    words = translations(language).ugettext("At your price that would be: “{what}”, about {pieces} more.")
    return words.format(what=what, pieces=pieces)


def _counted(cost: Cost) -> bool:
    return bool(cost.grant and cost.price) and cost.quantity >= 2

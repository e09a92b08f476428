"""The card above a budget: what the grant pays, what is left, in both currencies and in words."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from app.messages import formats, translations
from app.sections.limits import Limits, euro_cents
from app.sections.totals import Totals, totals_of_draft


@dataclass(frozen=True, slots=True)
class TotalsView:
    """The card in words; `percent` of the ceiling for its bar, `over` when above."""

    grant: str
    left: str
    own: str
    whole: str
    rate: str
    percent: int
    over: bool


def totals_view(language: str, limits: Limits, data: Mapping[str, Any]) -> TotalsView | None:
    """The card of a draft as it stands; None in a call without money."""
    if limits.ceiling_minor is None or not limits.rate_minor:
        return None
    return _view(language, limits, limits.ceiling_minor, limits.rate_minor, totals_of_draft(data))


def _view(language: str, limits: Limits, ceiling: int, rate: int, totals: Totals) -> TotalsView:
    gettext = translations(language).ugettext
    left = ceiling - totals.grant_minor

    def both(tiyn: int) -> str:
        return f"{formats.tenge(language, tiyn)} ({formats.euros(language, euro_cents(tiyn, rate))})"

    rest = gettext("{amount} left") if left >= 0 else gettext("{amount} above the ceiling")
    return TotalsView(
        grant=gettext("From the grant: {amount}").format(amount=both(totals.grant_minor)),
        left=rest.format(amount=both(abs(left))),
        own=gettext("Paid by others: {amount}").format(amount=formats.tenge(language, totals.own_minor)),
        whole=gettext("Whole project: {amount}").format(amount=formats.tenge(language, totals.whole_minor)),
        rate=gettext("One rate for the whole call: {euro} = {tenge}. At most {ceiling}.").format(
            euro=formats.euros(language, 100), tenge=formats.tenge(language, rate), ceiling=both(ceiling)
        ),
        percent=min(100, totals.grant_minor * 100 // ceiling) if ceiling else 100,
        over=left < 0,
    )

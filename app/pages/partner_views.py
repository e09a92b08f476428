"""Partner organisations as pages show them: by logo and name."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from app.calls.logos import Logo, Partner
from app.pages.page import path_to, text_in

WIDTH, HEIGHT = 160, 40
"""The room of a logo on a page. The emblem of the European Union is as high: none may be higher."""


@dataclass(frozen=True, slots=True)
class PartnerView:
    """A partner's name and, where it has one, the address of its logo with the size it is shown in."""

    name: str
    logo: str = ""
    width: int = 0
    height: int = 0


def partner_views(language: str, call: str, partners: Iterable[Partner]) -> Sequence[PartnerView]:
    """The partners of a public call, in its order."""
    return [
        partner_view(
            text_in(language, each.name),
            each.logo,
            path_to(language, "logos.show", call=call, organisation=each.code),
        )
        for each in partners
    ]


def partner_view(name: str, logo: Logo | None, address: str) -> PartnerView:
    """One of them; `address` leads to its logo, and another version to another address."""
    if logo is None:
        return PartnerView(name)
    scale = min(WIDTH / logo.width, HEIGHT / logo.height)
    return PartnerView(
        name,
        f"{address}?v={logo.version}",
        max(1, round(logo.width * scale)),
        max(1, round(logo.height * scale)),
    )

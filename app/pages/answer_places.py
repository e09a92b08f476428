"""Where an answer is written: its page and its place on it."""

from typing import Any

from app.pages.forms import element_id
from app.pages.page import path_to
from app.sections.catalogue import CATALOGUE


def change_href(language: str, ref: str, section: str, name: str, *, back: str = "check") -> str:
    """Where an answer is changed; from the check page and back to it, or for good."""
    route, place, anchor = place_of(section, name)
    query = f"?back={back}" if back else ""
    return f"{path_to(language, route, ref=ref, **place)}{query}#{anchor}"


def place_of(section: str, name: str) -> tuple[str, dict[str, Any], str]:
    """Where an answer is written: route, parameters beside the reference, and anchor; `name` may be empty."""
    known = CATALOGUE[section]
    anchor = element_id(name) if name else ""
    if len(known.parts) == 1:
        return "applications.write", {"section": section}, anchor
    return "applications.write_page", {"section": section, "page": known.part_of(name).code}, anchor

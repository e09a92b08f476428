"""What a page before a step of the whole call gives along, to be pressed."""

import re


def as_seen(page: str) -> dict[str, str]:
    """The field that says what was read; the page has to have its button."""
    found = re.search(r'name="seen" value="([0-9a-f]+)"', page)
    assert found
    return {"seen": found[1]}

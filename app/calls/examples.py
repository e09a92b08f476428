"""One worked example of every section: the answers of an invented project, in the site's languages.

They are no part of what is frozen when a call opens: they promise nothing.
"""

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from app.models.columns import Texts

FILE = Path(__file__).parent / "defaults" / "examples.json"


@cache
def examples() -> Mapping[str, Mapping[str, Texts]]:
    """Section -> question -> what the invented project answers."""
    read: dict[str, dict[str, Texts]] = json.loads(FILE.read_text(encoding="utf-8"))
    return read

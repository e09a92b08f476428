"""What is cleaned away of typed text, and how characters are counted."""

import json
from pathlib import Path
from typing import Annotated, Any

import pytest
from pydantic import Field, TypeAdapter, ValidationError

from app.sections.text import LINE, PROSE, clean, count_characters


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("a\r\nb\rc\u2028d", "a\nb\nc\nd"),
        ("и\u0306", "й"),
        ("zero\u200bwidth\ufeff", "zerowidth"),
        ("nul\x00 and \ud800half", "nul and half"),
        ("“quotes” — • bullets", "“quotes” — • bullets"),
        ("👨\u200d👩\u200d👧", "👨\u200d👩\u200d👧"),
        ("tab\tstays", "tab\tstays"),
    ],
)
def test_clean(typed: str, kept: str) -> None:
    assert clean(typed) == kept
    assert clean(kept) == kept


COUNTING = json.loads((Path(__file__).parent / "counting.json").read_text(encoding="utf-8"))
"""The one table of lengths; `tests/journeys/test_counting.py` holds the browser's counter to it."""


@pytest.mark.parametrize("row", COUNTING, ids=lambda row: ascii(row["text"]))
def test_characters_are_code_points_of_what_would_be_sent(row: dict[str, Any]) -> None:
    assert count_characters(row["text"]) == row["prose"]
    assert count_characters(clean(row["text"])) == row["prose"]
    if "line" in row:
        assert count_characters(row["text"], line=True) == row["line"]


@pytest.mark.parametrize("row", [row for row in COUNTING if row["prose"]], ids=lambda row: ascii(row["text"]))
def test_the_check_counts_as_the_counter_does(row: dict[str, Any]) -> None:
    """A text exactly as long as its limit is accepted, and one shorter limit refuses it."""
    for kind, counted in ((PROSE, row["prose"]), (LINE, row.get("line"))):
        if counted is not None:
            TypeAdapter(Annotated[str, Field(max_length=counted), kind]).validate_python(row["text"])
            with pytest.raises(ValidationError):
                TypeAdapter(Annotated[str, Field(max_length=counted - 1), kind]).validate_python(row["text"])

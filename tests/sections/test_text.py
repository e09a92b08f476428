"""What is cleaned away of typed text, and how characters are counted."""

import pytest

from app.sections.text import clean, count_characters


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


@pytest.mark.parametrize(
    ("text", "characters"), [("әғқңөұүһі", 9), ("a\r\nb", 3), ("и\u0306", 1), ("🍏🍎", 2), ("", 0)]
)
def test_characters_are_code_points_as_stored(text: str, characters: int) -> None:
    assert count_characters(text) == characters

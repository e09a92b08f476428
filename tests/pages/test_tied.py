"""What a row says of a place among equal totals."""

import pytest

from app.messages import LANGUAGES
from app.pages.tied import tie_words
from app.scoring.ranking import Line, rank

TITLES = {"need": "Need", "plan": "Work plan"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_row_says_what_decided_and_the_last_of_equals_that_it_is_the_last(language: str) -> None:
    means = {"A": (5, 3), "B": (4, 4), "C": (4, 3), "D": (4, 3), "E": (1, 1)}
    lines = [
        Line(code, 20 if code == "E" else 50, dict(zip(TITLES, values, strict=True)))  # type: ignore[arg-type]
        for code, values in means.items()
    ]
    lines.append(Line("F", None, {}))
    places = rank(lines, tie_order=list(TITLES), seed="s", call="2026")
    said = [tie_words(language, place, TITLES) for place in places]
    assert ["Need" in said[0], "Work plan" in said[1]] == [True, True]
    assert all(said[:4]) and len({*said[:4]}) == 4
    assert said[4:] == ["", ""]
    if language == "en":
        assert said[2:4] == [
            "equal total; ahead of the next by the draw",
            "equal total; the last of its equals",
        ]

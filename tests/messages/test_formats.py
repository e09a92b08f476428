"""Lengths of time as people read them."""

import pytest

from app.messages import formats


@pytest.mark.parametrize(
    ("minutes", "english", "russian", "kazakh"),
    [
        (100, "1 h 40 min", "1 ч 40 мин", "1 сағ 40 мин"),
        (120, "2 h", "2 ч", "2 сағ"),
        (45, "45 min", "45 мин", "45 мин"),
        (0, "0 min", "0 мин", "0 мин"),
    ],
)
def test_a_duration_is_said_in_hours_and_minutes(
    minutes: int, english: str, russian: str, kazakh: str
) -> None:
    said = [formats.duration(language, minutes) for language in ("en", "ru", "kk")]
    assert said == [english, russian, kazakh]

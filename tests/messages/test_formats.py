"""Lengths of time as people read them."""

import pytest

from app.messages import formats
from app.messages.answers import shown


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


def test_a_phone_number_is_shown_in_the_groups_that_people_read() -> None:
    assert formats.phone("+77010000000").replace(formats.NBSP, " ") == "+7 701 000 00 00"
    for other in ("+442079460000", "8 (701) 000", "+7701", ""):
        assert formats.phone(other) == other
    (phone,) = [each for each in shown("ru", "team", {"phone": "+77010000000"}) if each.name == "phone"]
    assert phone.text == formats.phone("+77010000000")

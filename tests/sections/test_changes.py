"""What a save takes away of a draft, counted; what is only added to loses nothing."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from app.sections.changes import changed_names, taken_away

texts = st.text(max_size=60)


@given(texts, texts, texts)
def test_a_text_with_something_put_in_loses_nothing(start: str, inside: str, end: str) -> None:
    assert taken_away({"a": start + end}, {"a": start + inside + end}) == 0


@given(texts, texts)
def test_no_more_is_lost_than_there_was_and_zero_means_that_it_is_all_there(before: str, after: str) -> None:
    lost = taken_away({"a": before}, {"a": after})
    assert 0 <= lost <= len(before)
    if lost == 0:
        letters = iter(after)
        assert all(letter in letters for letter in before)


def test_each_kind_of_answer() -> None:
    before: dict[str, Any] = {
        "text": "Forty trees",
        "boxes": ["medeu", "auezov"],
        "lines": [{"id": "a", "what": "Trees", "price": "100"}, {"id": "b", "what": "Spades"}],
        "_removed": {"row": 1},
    }
    assert taken_away(before, {name: value for name, value in before.items() if name != "_removed"}) == 0
    assert taken_away(before, before | {"text": "Forty apple trees", "new": "x"}) == 0
    assert taken_away(before, before | {"text": "Four trees"}) == 3
    assert taken_away(before, before | {"boxes": ["medeu"]}) == len("auezov")
    assert taken_away(before, before | {"lines": before["lines"][:1]}) == len("Spades")
    assert taken_away(before, before | {"lines": before["lines"][::-1]}) == 1
    assert taken_away(before, {}) == len("Forty trees") + len("medeuauezov") + len("Trees100Spades")
    assert changed_names(before, before | {"text": "x", "new": "", "_removed": 2}) == {"text"}

"""What a later correction changed is marked word by word, and said in words."""

from hypothesis import given
from hypothesis import strategies as st

from app.pages.changes import differences

WORDS = st.lists(st.sampled_from(["we", "plant", "trees", "in", "the", "yard", ".", "жаңа"]), max_size=30)


@given(WORDS, WORDS)
def test_without_what_differs_both_texts_are_the_same(one: list[str], other: list[str]) -> None:
    """Whatever is compared: what is left of each is the same, and what is marked is whole words."""
    old, new = " ".join(one), " ".join(other)
    gone, added = differences(old, new)
    if not gone and not added:
        return

    def rest(text: str, spans: list[tuple[int, int]]) -> list[str]:
        for start, end in reversed(spans):
            text = text[:start] + text[end:]
        return text.split()

    assert rest(old, gone) == rest(new, added)


def test_a_few_words_are_marked_and_a_new_text_is_not() -> None:
    old, new = "▇▇▇ leads, and we dig.", "▇▇▇ leads, and we dig with sixty neighbours."
    gone, ((start, end),) = differences(old, new)
    assert (gone, new[start:end]) == ([], "with sixty neighbours")
    assert differences(old, "Nothing of it stays: other people, another idea, another place.") == ([], [])
    assert differences("", new) == ([], [])

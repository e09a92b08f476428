"""What is wrong, in words: which question, and numbers as each language writes them."""

from app.messages import formats, sentence
from app.sections.numbers import Amount


def test_numbers_and_money_in_a_refusal_are_written_as_the_language_writes_them() -> None:
    assert sentence("kk", "string_too_long", {"max_length": 3000}).count("3\u00a0000") == 1
    assert "3,000" in sentence("en", "string_too_long", {"max_length": 3000})
    over = Amount(55_002_000, 56_000)
    same = formats.money("kk", 55_002_000, 56_000)
    assert same == "550\u00a0020\u00a0₸ (982,17\u00a0€)"
    assert same in sentence("kk", "budget.over_ceiling", {"over": over})
    assert "550,020\u00a0₸ (€982.17)" in sentence("en", "budget.over_ceiling", {"over": over})

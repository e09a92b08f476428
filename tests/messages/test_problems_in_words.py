"""What is wrong, in words: which question, and numbers as each language writes them."""

from app.errors import Problem
from app.messages import formats, sentence
from app.messages.answer_problems import answer_problem, listed_notice, listed_problem
from app.sections.numbers import Amount

LINES = {"lines": [{"id": "l1"}, {"id": "l2"}]}
NO_NUMBER: Problem = ("number.not_a_number", {})


def test_a_list_of_problems_says_which_question_each_is_about() -> None:
    too_long: Problem = ("string_too_long", {"max_length": 80})
    assert (
        listed_problem("ru", "brief", "title", too_long, {})
        == "Как называется ваш проект? Сократите до 80 знаков или меньше."
    )
    listed = [
        listed_problem("en", "budget", f"lines.l2.{name}", NO_NUMBER, LINES) for name in ("quantity", "price")
    ]
    assert listed == [
        "Line 2. How many? Enter a number, for example 12 500.",
        "Line 2. Price of one: Enter a number, for example 12 500.",
    ]
    # Beside the answer itself nobody asks which one it is.
    assert answer_problem("en", "budget", "lines.l2.price", NO_NUMBER) == sentence("en", *NO_NUMBER)


def test_a_problem_that_names_its_question_does_not_name_it_twice() -> None:
    missing: Problem = ("missing", {})
    assert (
        listed_problem("en", "budget", "lines.l1.price", missing, LINES)
        == "Line 1: Enter the price of one, for example 12 500."
    )
    assert listed_notice(
        "en", "budget", "lines.l1.price", ("budget.one_large_line", {"percent": 60}), LINES
    ) == ("Line 1: This line is more than 60 percent of the grant: explain why.")


def test_a_choice_or_a_row_that_does_not_exist_belongs_to_its_list() -> None:
    for name in ("districts.0", "districts.0.extra"):
        said = listed_problem("en", "brief", name, ("literal_error", {}), {"districts": ["mars"]})
        assert said.endswith("Choose one of the answers.") and len(said) > len("Choose one of the answers.")


def test_numbers_and_money_in_a_refusal_are_written_as_the_language_writes_them() -> None:
    assert sentence("kk", "string_too_long", {"max_length": 3000}).count("3\u00a0000") == 1
    assert "3,000" in sentence("en", "string_too_long", {"max_length": 3000})
    over = Amount(55_002_000, 56_000)
    same = formats.money("kk", 55_002_000, 56_000)
    assert same == "550\u00a0020\u00a0₸ (982,17\u00a0€)"
    assert same in sentence("kk", "budget.over_ceiling", {"over": over})
    assert "550,020\u00a0₸ (€982.17)" in sentence("en", "budget.over_ceiling", {"over": over})

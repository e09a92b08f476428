"""Answers in words: of what was sent, and of what is still being typed."""

from decimal import Decimal

import pytest
from babel.numbers import format_decimal

from app.messages.answers import call_names, month, plain, shown, with_activities
from app.messages.formats import LOCALES, number
from app.sections.catalogue import CATALOGUE
from tests.applications.typed import BUDGET, GRANT, NEED
from tests.world import texts

NAMES = with_activities(
    "en",
    call_names("en", [{"code": "ecology", "name": texts("Ecology")}], [], {}, [("ADC", texts("The Centre"))]),
    GRANT["work_plan"],
)


def sent(section: str) -> dict[str, object]:
    return CATALOGUE[section].model.model_validate(GRANT[section]).model_dump(mode="json")


def test_a_draft_and_what_was_sent_read_the_same() -> None:
    for section in GRANT:
        if section != "team":
            assert shown("en", section, GRANT[section], NAMES) == shown("en", section, sent(section), NAMES)


def test_choices_money_and_months_are_words() -> None:
    answers = {answer.name: answer for answer in shown("en", "brief", sent("brief"), NAMES)}
    assert (answers["theme"].text, answers["districts"].text) == ("Ecology", "Medeu district")
    assert (answers["title"].own, answers["theme"].own) == (True, False)
    lines = shown("en", "budget", sent("budget"), NAMES)[0].table
    assert lines is not None
    assert lines.rows[1] == (
        "The whole project",
        "Fees and services",
        "Coordination",
        "hour",
        "2.5",
        "1,000.50\u00a0₸",
        "Our own money",
        "2,501.25\u00a0₸",
    )
    assert [month(language, "2026-05").replace("\u202f", " ") for language in ("kk", "ru", "en")] == [
        "2026 ж. мамыр",
        "май 2026 г.",
        "May 2026",
    ]


def test_what_cannot_be_read_stays_as_it_was_typed() -> None:
    broken = BUDGET | {
        "lines": [{"id": "l1", "price": "lots", "quantity": "2,5"}, {"id": "l2", "quantity": "x"}]
    }
    table = shown("en", "budget", broken, NAMES)[0].table
    assert table is not None
    assert table.head == ("How many?", "Price of one", "Sum")
    assert table.rows == (("2.5", "lots", "0\u00a0₸"), ("x", "", "0\u00a0₸"))
    assert shown("en", "budget", {"lines": [{"id": "l1"}]}, NAMES)[0].empty
    assert month("en", "soon") == "soon"


def test_reviewers_get_only_what_is_blind() -> None:
    assert [answer.name for answer in shown("en", "budget", BUDGET, NAMES, blind=True)] == [
        "lines",
        "prices_found",
        "other_money_state",
        "other_money",
    ]
    need = {answer.name: answer for answer in shown("en", "need", NEED, NAMES, blind=True)}
    assert "Coordinatoronly" not in str(need["stakeholders"].table)
    assert "Coordinatoronly" in str(shown("en", "need", NEED, NAMES))
    assert "complete" not in {answer.name for answer in shown("en", "need", NEED, NAMES)}


def test_a_section_without_answers_is_its_title() -> None:
    assert plain("T", []) == "T\n"


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_numbers_are_written_as_babel_writes_them(language: str) -> None:
    for value in (0, 5, 1234, 1234567, Decimal("0.5"), Decimal("1234.567"), Decimal("1000000.10"), 2.25):
        assert number(language, value) == format_decimal(value, "#,##0.###", locale=LOCALES[language])
    assert number(language, 1234, 2) == format_decimal(1234, "#,##0.00", locale=LOCALES[language])

"""Numbers as people type them."""

from decimal import Decimal

import pytest
from pydantic import TypeAdapter, ValidationError

from app.sections.numbers import Quantity, Tenge, Whole

TENGE = TypeAdapter[int](Tenge)
WHOLE = TypeAdapter[int](Whole)
QUANTITY = TypeAdapter[Decimal](Quantity)


@pytest.mark.parametrize(
    ("typed", "tiyn"),
    [
        ("12500", 1_250_000),
        ("12 500", 1_250_000),
        ("12\u00a0500 ₸", 1_250_000),
        ("12,500", 1_250_000),
        ("12.500", 1_250_000),
        ("12'500", 1_250_000),
        ("1.234.567,89", 123_456_789),
        ("1,234,567.89 тг", 123_456_789),
        ("99,5", 9_950),
        ("0,500", 50),
        ("5000.55", 500_055),
        ("0", 0),
        (12500, 1_250_000),
        (0.1, 10),
    ],
)
def test_tenge_become_tiyn(typed: object, tiyn: int) -> None:
    assert TENGE.validate_python(typed) == tiyn


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("twelve", "number.not_a_number"),
        ("", "number.not_a_number"),
        ("-5", "number.negative"),
        ("1,2345", "number.too_many_places"),
        ("5000.555", "number.too_many_places"),
        ("5000,555", "number.too_many_places"),
        ("12.50.00", "number.not_a_number"),
        ("1.234,567.89", "number.not_a_number"),
        ("1234.567,89", "number.not_a_number"),
        ("1.23,45", "number.not_a_number"),
        ("1e9", "number.not_a_number"),
        ("NaN", "number.not_a_number"),
        ("∞", "number.not_a_number"),
        ("٣", "number.not_a_number"),
        ("9" * 25, "number.not_a_number"),
        ("9" * 20, "less_than_equal"),
        (True, "number.not_a_number"),
    ],
)
def test_what_is_no_amount_says_why(typed: object, code: str) -> None:
    with pytest.raises(ValidationError) as refused:
        TENGE.validate_python(typed)
    assert [error["type"] for error in refused.value.errors()] == [code]


def test_whole_numbers_and_quantities() -> None:
    assert WHOLE.validate_python("1 200") == 1200
    assert QUANTITY.validate_python("2,5") == Decimal("2.5")
    assert QUANTITY.validate_python("1,500") == Decimal("1.500")
    assert QUANTITY.validate_python("1,000,000") == 1_000_000
    for adapter, typed, code in (
        (WHOLE, "60,5", "number.not_whole"),
        (WHOLE, "5000.555", "number.not_whole"),
        (QUANTITY, "1,2,3", "number.not_a_number"),
        (QUANTITY, "0.0001", "number.too_many_places"),
        (QUANTITY, "0", "greater_than"),
    ):
        with pytest.raises(ValidationError) as refused:
            adapter.validate_python(typed)
        assert refused.value.errors()[0]["type"] == code

"""Phones, e-mail addresses and BINs: forgiving when typed."""

import pytest
from pydantic import TypeAdapter, ValidationError

from app.sections.contacts import Bin, Email, Phone, bin_check_digit_matches

PHONE, BIN, EMAIL = TypeAdapter[str](Phone), TypeAdapter[str](Bin), TypeAdapter[str](Email)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("87012345678", "+77012345678"),
        ("8 (727) 250-11-22", "+77272501122"),
        ("+7 701 234 56 78", "+77012345678"),
        ("7012345678", "+77012345678"),
        ("+7 912 345 67 89", "+79123456789"),
        ("0044 20 7946 0018", "+442079460018"),
    ],
)
def test_phones_in_any_usual_form(typed: str, kept: str) -> None:
    assert PHONE.validate_python(typed) == kept


@pytest.mark.parametrize("typed", ["123", "call me", "+7 701 234 56 78 ext 5", "٨٧٠١٢٣٤٥٦٧٨", "1" * 16])
def test_what_is_no_phone(typed: str) -> None:
    with pytest.raises(ValidationError) as refused:
        PHONE.validate_python(typed)
    assert refused.value.errors()[0]["type"] == "phone.invalid"


def test_bin_ignores_separators_and_its_check_digit_only_warns() -> None:
    assert BIN.validate_python("250140-000 003") == "250140000003"
    for valid in ("250140000003", "250140000409", "000101300009", "000101301805", "040229600001"):
        assert bin_check_digit_matches(valid)
        last = (int(valid[-1]) + 1) % 10
        assert not bin_check_digit_matches(f"{valid[:-1]}{last}")
    for wrong in ("25014000000", "2501400000031", "25014000000a"):
        with pytest.raises(ValidationError):
            BIN.validate_python(wrong)


def test_email() -> None:
    assert EMAIL.validate_python(" ada@example.org ") == "ada@example.org"
    with pytest.raises(ValidationError) as refused:
        EMAIL.validate_python("ada at example")
    assert refused.value.errors()[0]["type"] == "email.invalid"

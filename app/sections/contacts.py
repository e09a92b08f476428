"""Ways to reach somebody, and the number of an organisation: forgiving when typed, exact when kept."""

import re
from typing import Annotated

from email_validator import EmailNotValidError, validate_email
from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

_PHONE = re.compile(r"\+?[\d\s().,/\-\u00a0\u2010-\u2014]+\Z", re.ASCII)


def _email(value: str) -> str:
    try:
        return validate_email(value.strip(), check_deliverability=False, test_environment=True).normalized
    except EmailNotValidError as error:
        raise PydanticCustomError("email.invalid", "not an e-mail address") from error


def _phone(value: str) -> str:
    """`8 (727) 250-11-22`, `7012345678` and `+7 701 234 56 78` all begin with +7; others stay as they are."""
    typed = value.strip()
    digits = re.sub(r"\D", "", typed)
    if _PHONE.match(typed) and 10 <= len(digits) <= 15:
        if typed.startswith("+"):
            return f"+{digits}"
        if digits.startswith("00"):
            return f"+{digits[2:]}"
        if len(digits) == 11 and digits[0] in "78":
            return f"+7{digits[1:]}"
        if len(digits) == 10:
            return f"+7{digits}"
        return f"+{digits}"
    raise PydanticCustomError("phone.invalid", "not a phone number")


def _bin(value: str) -> str:
    digits = re.sub(r"[\s\-\u00a0]", "", value)
    if len(digits) == 12 and digits.isascii() and digits.isdigit():
        return digits
    raise PydanticCustomError("bin.length", "not twelve digits")


def bin_check_digit_matches(digits: str) -> bool:
    """Whether the twelfth digit of a BIN is the sum's; a mismatch is worth a word, never a refusal."""
    for first in (1, 3):
        weights = [(first - 1 + place) % 11 + 1 for place in range(11)]
        total = sum(int(digit) * weight for digit, weight in zip(digits[:11], weights, strict=True)) % 11
        if total < 10:
            return total == int(digits[11])
    return False


Email = Annotated[str, Field(max_length=254), AfterValidator(_email)]
Phone = Annotated[str, Field(max_length=40), AfterValidator(_phone)]
Bin = Annotated[str, Field(max_length=40), AfterValidator(_bin)]

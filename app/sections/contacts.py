"""Ways to reach somebody, and the number of an organisation: forgiving when typed, exact when kept."""

import re
from typing import Annotated

from email_validator import EmailNotValidError, validate_email
from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

_LINK = re.compile(r"(?:https?://)?[^\s/:@.]+(?:\.[^\s/:@.]+)+(?::\d+)?(?:[/?#]\S*)?\Z", re.IGNORECASE)
_PHONE = re.compile(r"\+?[\d\s().,/\-\u00a0\u2010-\u2014]+\Z", re.ASCII)


def _email(value: str) -> str:
    try:
        return validate_email(value.strip(), check_deliverability=False, test_environment=True).normalized
    except EmailNotValidError as error:
        raise PydanticCustomError("email.invalid", "not an e-mail address") from error


_MEANT = {
    wrong: right
    for right, wrongs in {"com": "con cmo ocm comm vom cm", "ru": "ri tu rn", "kz": "lz kx kzz"}.items()
    for wrong in wrongs.split()
}
"""Endings that are no country's, or hardly anybody's here, and what was meant."""
_MEANT_HOSTS = {
    wrong: right
    for right, *wrongs in (
        line.split()
        for line in (
            "gmail.com gmail.ru gmail.kz gmail.co gmial.com gmai.com gamil.com gmaill.com gmali.com",
            "mail.ru mai.ru maill.ru meil.ru mial.ru",
            "yandex.ru yandx.ru yandeks.ru jandex.ru yandex.com.ru",
            "icloud.com iclod.com icloud.ru icould.com",
            "outlook.com outlok.com",
            "hotmail.com hotmial.com hotmai.com",
        )
    )
    for wrong in wrongs
}


def email_meant(typed: str) -> str:
    """The address that was probably meant, where the one typed looks mistyped; nothing otherwise."""
    name, at, host = typed.strip().lower().rpartition("@")
    if not at or not name or "." not in host:
        return ""
    first, _, ending = host.rpartition(".")
    likely = f"{first}.{_MEANT.get(ending, ending)}"
    likely = _MEANT_HOSTS.get(likely, likely)
    return f"{name}@{likely}" if likely != host else ""


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


def _link(value: str) -> str:
    """`example.kz/page` and `https://example.kz`: what a browser would open. Kept as it was typed."""
    if _LINK.match(value):
        return value
    raise PydanticCustomError("link.invalid", "not a link")


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


def bin_looks_wrong(typed: str) -> bool:
    """Twelve digits were typed and the last does not fit; what is no BIN at all is refused elsewhere."""
    digits = re.sub(r"[\s\-\u00a0]", "", typed)
    return bool(re.fullmatch(r"[0-9]{12}", digits)) and not bin_check_digit_matches(digits)


Email = Annotated[str, Field(max_length=254), AfterValidator(_email)]
Phone = Annotated[str, Field(max_length=40), AfterValidator(_phone)]
Link = Annotated[str, Field(max_length=300), AfterValidator(_link)]
Bin = Annotated[str, Field(max_length=40), AfterValidator(_bin)]

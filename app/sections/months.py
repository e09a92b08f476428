"""Months of a plan, written `2026-05`."""

import re
from collections.abc import Iterator
from datetime import date
from typing import Annotated

from pydantic import AfterValidator
from pydantic_core import PydanticCustomError

_MONTH = re.compile(r"(20\d\d)-(0[1-9]|1[0-2])\Z", re.ASCII)


def is_month(value: str) -> bool:
    """Whether this is a month as it is written here."""
    return _MONTH.match(value) is not None


def _month(value: str) -> str:
    if is_month(value):
        return value
    raise PydanticCustomError("month.invalid", "not a month")


Month = Annotated[str, AfterValidator(_month)]


def month_number(month: str) -> int:
    """Months since the year 0, so that two months can be subtracted."""
    year, _, of_year = month.partition("-")
    return int(year) * 12 + int(of_year) - 1


def months_from(first: str, count: int) -> Iterator[str]:
    """`count` months, beginning with `first`."""
    start = month_number(first)
    for number in range(start, start + count):
        yield f"{number // 12:04d}-{number % 12 + 1:02d}"


def month_after(day: date) -> str:
    """The month that begins after this day."""
    number = day.year * 12 + day.month
    return f"{number // 12:04d}-{number % 12 + 1:02d}"


def months_between(first: str, last: str) -> int:
    """How many months a plan takes, both ends counted; below 1 if it ends before it begins."""
    return month_number(last) - month_number(first) + 1

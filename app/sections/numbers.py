"""Numbers as people type them: `12 500`, `12 500,50 ₸`, `€ 1.200`."""

import re
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Annotated

from pydantic import BeforeValidator, Field
from pydantic_core import PydanticCustomError

_NOISE = re.compile(r"[\s\u00a0\u202f\u2009'’₸€$]|тенге|теңге|тг|tenge|kzt|eur", re.IGNORECASE)
_SHAPE = re.compile(r"-?\d+(?:[.,]\d+)*\Z", re.ASCII)
_GROUPED = re.compile(r"-?[1-9]\d{0,2}(?:(?:\.\d{3})+|(?:,\d{3})+)\Z", re.ASCII)


def parse_number(typed: str, *, thousands: bool) -> Decimal:
    """The number that was typed; raises ValueError if there is none, or if it can be read in two ways.

    With `thousands`, one separator between at most three digits and exactly three groups thousands
    ("12,500" is 12500, "5000.555" is not five million); without, it is a decimal separator ("1,500" is
    one and a half). Several separators group thousands, and may be followed by one of the other kind.
    """
    bare = _NOISE.sub("", typed).replace("−", "-").rstrip(".,")
    if not _SHAPE.match(bare) or len(bare) > 24:
        raise ValueError(typed)
    point = max(bare.rfind("."), bare.rfind(","))
    separators = sum(character in ".," for character in bare)
    if separators == 0 or (_GROUPED.match(bare) and (thousands or separators > 1)):
        return Decimal(_digits(bare))
    whole, fraction = bare[:point], bare[point + 1 :]
    if separators > 1 and not (_GROUPED.match(whole) and bare[point] not in whole):
        raise ValueError(typed)
    return Decimal(f"{_digits(whole)}.{fraction}")


@dataclass(frozen=True, slots=True)
class Amount:
    """Money in a refusal, in tiyn; with the call's rate it is said in both currencies."""

    tiyn: int
    rate_minor: int | None = None


def about(tiyn: int) -> int:
    """An amount that is a guess anyway: from 10 000 tenge on, to the nearest thousand."""
    return (tiyn + 50_000) // 100_000 * 100_000 if tiyn >= 1_000_000 else tiyn


def _digits(bare: str) -> str:
    return bare.replace(",", "").replace(".", "")


def _decimal(value: object, *, thousands: bool, places: int) -> object:
    """A finite, non-negative number with at most `places` decimals; a non-text value passes as it is."""
    if isinstance(value, bool):
        raise PydanticCustomError("number.not_a_number", "not a number")
    if isinstance(value, int | float):
        value = str(value)
    if not isinstance(value, str):
        return value
    try:
        number = parse_number(value, thousands=thousands)
    except (ValueError, InvalidOperation) as error:
        raise PydanticCustomError("number.not_a_number", "not a number") from error
    if number < 0:
        raise PydanticCustomError("number.negative", "negative")
    exponent = number.normalize().as_tuple().exponent
    if isinstance(exponent, int) and -exponent > places:
        code = "number.too_many_places" if places else "number.not_whole"
        raise PydanticCustomError(code, "too many decimal places", {"places": places} if places else None)
    return number


def _tenge(value: object) -> object:
    number = _decimal(value, thousands=True, places=2)
    return int(number * 100) if isinstance(number, Decimal) else number


def _whole(value: object) -> object:
    number = _decimal(value, thousands=True, places=0)
    return int(number) if isinstance(number, Decimal) else number


def _quantity(value: object) -> object:
    return _decimal(value, thousands=False, places=3)


Tenge = Annotated[int, Field(le=10**14), BeforeValidator(_tenge, json_schema_input_type=str)]
"""Tenge as typed, tiyn as kept."""

Whole = Annotated[int, Field(le=100_000_000), BeforeValidator(_whole, json_schema_input_type=str)]
"""A count."""

Quantity = Annotated[
    Decimal, Field(gt=0, le=1_000_000), BeforeValidator(_quantity, json_schema_input_type=str)
]
"""How many units, to three decimals."""

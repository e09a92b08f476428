"""A body of JSON, read as JSON: `true` is no number, `"5"` is no number, and nothing unknown is let by.

The same models are read from forms by `pages/forms.py`, where everything is text and "5" is a number.
"""

import json
import re
from dataclasses import dataclass
from typing import Annotated, Any, TypeVar

from pydantic import BaseModel, GetCoreSchemaHandler
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

Model = TypeVar("Model", bound=BaseModel)

# An escaped NUL that is not itself an escaped backslash: PostgreSQL cannot store the character.
_NUL = re.compile(r"(?<!\\)(?:\\\\)*\\u0000")


# Up to here every whole number of a float is exactly itself.
_EXACT = 2**53


def _number(written: str) -> int | float:
    """91.0 is a whole number in JSON Schema, by which our callers check what they send."""
    number = float(written)
    return int(number) if number.is_integer() and abs(number) <= _EXACT else number


@dataclass(frozen=True, slots=True)
class _AsJson:
    """Reads the parsed body once more, strictly and with JSON's own forms of dates and of choices.

    FastAPI hands over Python values, among which a strict model would not know a date from a text.
    """

    def __get_pydantic_core_schema__(
        self, source: type[BaseModel], handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        def read(value: Any, _lax: core_schema.ValidatorFunctionWrapHandler) -> BaseModel:
            if isinstance(value, bytes):
                raise PydanticCustomError("json_invalid", "not sent as JSON")
            text = json.dumps(value)
            if _NUL.search(text):
                raise PydanticCustomError("string_unicode", "a NUL character")
            if ".0" in text:
                text = json.dumps(json.loads(text, parse_float=_number))
            return source.model_validate_json(text, strict=True)

        return core_schema.no_info_wrap_validator_function(read, handler(source))


Json = Annotated[Model, _AsJson()]
"""`given: Json[ReviewInput]` is a route's body."""

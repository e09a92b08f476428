"""How a field of a form is asked of a person: which control, which limits. Words are in `messages`.

A model's field carries an `Ask` in its annotation; the form, the public question list, the API's
schema and the checks all come from that one place. The field's code, `<form>.<field>`, finds its words.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

ControlKind = Literal[
    "text", "email", "tel", "number", "money", "textarea", "select", "month", "date", "time",
    "radios", "checkboxes", "yesno", "code", "hidden", "rows",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Ask:
    """`cap` in characters (counted by `count_characters`), `guide` in words (from, to).

    `choices` names a list of codes: an entry of `messages.CHOICES`, or one the page supplies.
    `blind=False` marks an answer, or one column of a table, that reviewers never get.
    `capitals=False` keeps a phone's keyboard from writing the first letter large.
    """

    control: ControlKind = "text"
    optional: bool = False
    cap: int | None = None
    guide: tuple[int, int] | None = None
    choices: str | None = None
    rows: tuple[int, int] = (0, 0)
    blind: bool = True
    autocomplete: str = ""
    inputmode: str = ""
    spellcheck: bool = True
    width: Literal["short", "medium", "full"] = "full"
    suffix: str = ""
    capitals: bool = True


def ask_of(field: FieldInfo) -> Ask:
    """The `Ask` of a field; a plain text field where it has none."""
    return next((extra for extra in field.metadata if isinstance(extra, Ask)), Ask())


def row_model(field: FieldInfo) -> type[BaseModel] | None:
    """The model of one row, where the field is a list of rows."""
    annotation: Any = field.annotation
    if get_origin(annotation) is list:
        (inner,) = get_args(annotation)
        if isinstance(inner, type) and issubclass(inner, BaseModel):
            return inner
    return None


def asked(model: type[BaseModel]) -> Iterator[tuple[str, FieldInfo, Ask]]:
    """Each field of a form's model, in order, with how it is asked."""
    for name, field in model.model_fields.items():
        yield name, field, ask_of(field)

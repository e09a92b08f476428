"""The filters above the desk's list: in its address, so that a link keeps them."""

from collections.abc import Mapping, Sequence
from typing import Annotated

from fastapi import Depends, Request
from pydantic import ValidationError

from app.applications.sifting import Sieve
from app.messages import label, words_of
from app.messages.labels import choices
from app.models.applications import Status
from app.pages.forms import FieldView, Option
from app.pages.shell import LANGUAGE_NAMES


def sifted(request: Request) -> Sieve:
    """What the address asks for; what is no filter of ours narrows nothing, since anybody can type one."""
    given = {name: value for name in Sieve.model_fields if (value := request.query_params.get(name, ""))}
    try:
        return Sieve.model_validate(given)
    except ValidationError as error:
        wrong = {each["loc"][0] for each in error.errors()}
        return Sieve.model_validate({name: value for name, value in given.items() if name not in wrong})


Sifted = Annotated[Sieve, Depends(sifted)]


def sieve_fields(language: str, themes: Mapping[str, str], search: str, sieve: Sieve) -> Sequence[FieldView]:
    """The search and every filter as fields, with what is chosen."""
    offered: dict[str, Mapping[str, str]] = {
        "screening": choices(language, "screening_state"),
        "status": {each.value: label(language, each) for each in Status},
        "theme": themes,
        "district": choices(language, "districts"),
        "language": LANGUAGE_NAMES,
    }
    fields = [_field(language, "q", "text", search, {})]
    for name, words in offered.items():
        chosen = getattr(sieve, name)
        fields.append(_field(language, name, "select", str(chosen or ""), words))
    for name in ("flagged", "alike"):
        fields.append(_field(language, name, "checkboxes", "yes" if getattr(sieve, name) else "", {}))
    return fields


def _field(language: str, name: str, control: str, value: str, words: Mapping[str, str]) -> FieldView:
    shown = words_of(language, f"sieve.{name}")
    return FieldView(
        id="q" if name == "q" else f"f-{name}",
        name=name,
        control=control,
        label=shown.label,
        value=value,
        options=[Option(code, said, "", code == value) for code, said in words.items()],
    )

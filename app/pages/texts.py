"""Fields of a text in the site's three languages, and values as a form shows them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from app.messages import LANGUAGES
from app.pages.forms import FieldView, Form, element_id
from app.pages.shell import LANGUAGE_NAMES


@dataclass(frozen=True, slots=True)
class Group:
    """Fields that belong together under one legend; `beside` puts them in one row where there is room."""

    legend: str
    hint: str
    fields: Sequence[FieldView]
    beside: bool = False


def text_group(form: Form[Any], name: str, *, rows: int = 4) -> Group:
    """One text as a group of three fields, one for each language."""
    view = form.fields[name]
    return Group(view.label, view.hint, language_fields(form, view, name, rows=rows))


def language_fields(form: Form[Any], view: FieldView, name: str, *, rows: int = 4) -> list[FieldView]:
    """`view` once for each language, called `name.kk` and so on."""
    return [
        replace(
            view,
            id=element_id(f"{name}.{language}"),
            name=f"{name}.{language}",
            label=LANGUAGE_NAMES[language],
            hint="",
            optional=False,
            value=str(form.given.get(f"{name}.{language}", "")),
            error=form.error(f"{name}.{language}"),
            lang=language,
            rows=rows,
        )
        for language in LANGUAGES
    ]


def flat(values: Mapping[str, Any], prefix: str = "") -> dict[str, str | list[str]]:
    """Values as a form has them: dotted names, text; the opposite of `forms.nested`."""
    typed: dict[str, str | list[str]] = {}
    for name, value in values.items():
        if isinstance(value, Mapping):
            typed |= flat(value, f"{prefix}{name}.")
        elif isinstance(value, list):
            typed[prefix + name] = [str(each) for each in value]
        else:
            typed[prefix + name] = "" if value is None else str(value)
    return typed

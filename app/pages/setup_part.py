"""One part of a call's setup as a page: fields in groups, a save button, and what to do when it was stale."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from fastapi import Request
from pydantic import BaseModel

from app.calls.setup_view import CallSetup
from app.messages import words_of
from app.pages.forms import Form, Mistake
from app.pages.page import Page, path_to, text_in
from app.pages.texts import Group
from app.web.language import language_of


@dataclass(frozen=True, slots=True)
class Said:
    """Something that was typed, said back in words."""

    label: str
    value: str


@dataclass(frozen=True, slots=True)
class Summary:
    """What is wrong with the form, for `ui/errors.html`."""

    summary: Sequence[Mistake]


@dataclass(frozen=True, slots=True)
class Difference:
    """A field that somebody else changed meanwhile: what is stored now, and what was typed here."""

    label: str
    theirs: str
    yours: str


@dataclass(frozen=True, kw_only=True)
class SetupPart(Page):
    """A form of the setup. `removes` is the address that removes what is edited, where that is possible."""

    template = "setup/part.html"
    title: str
    back: str
    heading: str
    hint: str
    action: str
    version: int
    locked: bool
    groups: Sequence[Group]
    wrong: Summary
    said: Sequence[Said]
    conflict: Sequence[Difference]
    removes: str
    warn: bool


def part_page(
    request: Request,
    setup: CallSetup,
    form: Form[Any],
    groups: Sequence[Group],
    *,
    words: str,
    action: str,
    back: str = "",
    said: Sequence[Said] = (),
    stored: Mapping[str, str | list[str]] | None = None,
    removes: str = "",
    warn: bool = False,
    locked: bool | None = None,
) -> SetupPart:
    """The page of a form. `stored` is the part as it is now: given when it differs from what was typed."""
    language = language_of(request)
    heading = words_of(language, words)
    is_locked = setup.locked if locked is None else locked
    if is_locked:
        groups = [
            replace(group, fields=[replace(field, readonly=True) for field in group.fields])
            for group in groups
        ]
    return SetupPart(
        title=text_in(language, setup.texts.title.stored) or setup.slug,
        back=back or path_to(language, "setup.show", call=setup.slug),
        heading=heading.label,
        hint=heading.hint,
        action=action,
        version=setup.version,
        locked=is_locked,
        groups=groups,
        wrong=Summary(form.summary),
        said=said,
        conflict=[] if stored is None else _differences(form, groups, stored),
        removes="" if is_locked else removes,
        warn=warn,
    )


def _differences(
    form: Form[Any], groups: Sequence[Group], stored: Mapping[str, str | list[str]]
) -> list[Difference]:
    return [
        Difference(
            f"{group.legend}: {field.label}" if group.legend else field.label,
            _words(stored.get(field.name, "")),
            _words(form.given.get(field.name, "")),
        )
        for group in groups
        for field in group.fields
        if _words(stored.get(field.name, "")) != _words(form.given.get(field.name, ""))
    ]


def _words(value: str | list[str]) -> str:
    return ", ".join(value) if isinstance(value, list) else value.replace("\r\n", "\n").strip()


def version_in(given: Mapping[str, str | list[str]]) -> int:
    """The version that the writer saw; 0, which is never current, where it was tampered with."""
    typed = given.get("version", "")
    return (
        int(typed)
        if isinstance(typed, str) and typed.isascii() and typed.isdigit() and len(typed) < 10
        else 0
    )


def fields_of(model: type[BaseModel], given: Mapping[str, str | list[str]]) -> dict[str, str | list[str]]:
    """Only what the model knows: it refuses everything else, such as the version."""
    return {name: value for name, value in given.items() if name.split(".")[0] in model.model_fields}

"""Two versions of one section side by side: which of each answer stays is the writer's choice."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.applications.own_models import OwnPart
from app.errors import Stale
from app.messages import formats, translations
from app.messages.answers import Names, shown
from app.pages.answer_views import in_lines
from app.pages.section_form import Given, names_of
from app.sections.catalogue import CATALOGUE
from app.sections.changes import changed_names
from app.sections.merging import MINE, THEIRS, can_be_both

CHOICE = "choice."
"""What the names of the radio buttons begin with."""


@dataclass(frozen=True, slots=True)
class ChoiceView:
    """One answer that differs; `chosen` is `mine` or `theirs`, `both` whether they can stand together."""

    name: str
    label: str
    mine: str
    theirs: str
    chosen: str
    both: bool


@dataclass(frozen=True, slots=True)
class ConflictView:
    """Two versions of a section; `seen` is the version of the stored one."""

    id: str
    words: str
    choices: Sequence[ChoiceView]
    seen: int


def conflict_view(
    language: str, own: OwnPart, typed: Mapping[str, Any], stale: Stale, base: Mapping[str, Any] | None
) -> ConflictView:
    """What was typed beside what is stored. With `base`, which the writer began from, an answer that only
    the other one changed is proposed as theirs."""
    stored = stale.current if isinstance(stale.current, dict) else {}
    gettext = translations(language).ugettext
    at = gettext("This section was saved elsewhere at {time}.").format(
        time=formats.clock(own.section.updated_at)
    )
    kept = gettext("Nothing is lost: what you do not choose stays among the earlier texts.")
    return ConflictView(
        id="conflict-panel",
        words=f"{at} {kept}",
        choices=choice_views(language, own.section.code, names_of(language, own), typed, stored, base),
        seen=stale.version,
    )


def choice_views(
    language: str,
    code: str,
    names: Names,
    typed: Mapping[str, Any],
    stored: Mapping[str, Any],
    base: Mapping[str, Any] | None,
    start: str = "",
) -> list[ChoiceView]:
    """The answers of a section that differ; `start` is before their names in a form of several sections."""
    differ = changed_names({name: stored.get(name) for name in typed}, typed)
    untouched = set(typed) - changed_names(base, {**base, **typed}) if base is not None else set()
    mine = shown(language, code, {**stored, **typed}, names)
    theirs = shown(language, code, stored, names)
    return [
        ChoiceView(
            name=f"{CHOICE}{start}{one.name}",
            label=one.label,
            mine=in_lines(one),
            theirs=in_lines(other),
            chosen=THEIRS if one.name in untouched else MINE,
            both=can_be_both(CATALOGUE[code], one.name) and not (one.empty or other.empty),
        )
        for one, other in zip(mine, theirs, strict=True)
        if one.name in differ
    ]


def chosen_answers(form: Given) -> dict[str, str]:
    """Answer -> what was chosen for it."""
    return {
        name.removeprefix(CHOICE): value
        for name, value in form.items()
        if name.startswith(CHOICE) and isinstance(value, str)
    }

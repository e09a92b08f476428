"""The themes and priorities that applicants choose from, as rows in three languages, and a question of its
own."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response
from pydantic import ValidationError

from app.asking import Ask, asked
from app.calls import actions
from app.calls.changing import CallStale
from app.calls.inputs import ChoicesInput
from app.calls.setup_view import CallSetup, setup_of
from app.errors import Invalid, Problem
from app.messages import words_of
from app.pages.forms import FieldView, Form, RowsView, RowView, element_id, nested, problems_of, typed
from app.pages.page import Page, see_other, text_in
from app.pages.setup_part import Summary, fields_of, version_in
from app.pages.setup_rows import acted, pressed, rows_in
from app.pages.texts import Group, flat, language_fields, text_group
from app.web.actors import AsCoordinator
from app.web.clock import Now
from app.web.language import language_of
from app.web.session import Db

router = APIRouter(prefix="/{call}/setup/choices")
Given = Annotated[dict[str, str | list[str]], Depends(typed)]
LISTS = tuple(name for name, _, ask in asked(ChoicesInput) if ask.control == "rows")
OWN = "own_question"


@dataclass(frozen=True, kw_only=True)
class ChoicesEdit(Page):
    """All lists in one form, and the text of the call's own question; every button saves."""

    template = "setup/choices.html"
    slug: str
    title: str
    version: int
    locked: bool
    stale: bool
    tables: Sequence[RowsView]
    own: Group
    wrong: Summary


@router.get("", name="setup.choices")
def edit(request: Request, session: Db, who: AsCoordinator) -> Response:
    setup = setup_of(session, who)
    stored = setup.choices.model_dump()
    return _page(request, setup, stored, stored[OWN]).response(request)


@router.post("", name="setup.save_choices")
def save(request: Request, session: Db, who: AsCoordinator, now: Now, given: Given) -> Response:
    """Save what was typed, then do what the pressed button says: add, copy, move or remove a row."""
    act, name, row = pressed(given)
    rows = acted(rows_in(ChoicesInput, LISTS, given), act, name, row)
    own = nested(fields_of(ChoicesInput, given)).get(OWN, {})
    if act == "add" and name in rows:
        rows[name].append({"code": "", "name": {}})
    setup = setup_of(session, who)
    try:
        actions.save_choices(
            session, who, version_in(given), ChoicesInput.model_validate(rows | {OWN: own}), now
        )
    except ValidationError as error:
        return _page(request, setup, rows, own, problems_of(error)).response(request, 422)
    except Invalid as error:
        return _page(request, setup, rows, own, error.fields).response(request, 422)
    except CallStale as error:
        return _page(request, error.current, rows, own, stale=True).response(request, 409)
    anchor = f"{element_id(name)}-{len(rows[name]) - 1}" if act in {"add", "copy"} and name in LISTS else ""
    return see_other(request, "setup.choices", call=setup.slug, done="saved", anchor=anchor)


def _page(
    request: Request,
    setup: CallSetup,
    rows: Mapping[str, Sequence[Mapping[str, Any]]],
    own: object,
    problems: Mapping[str, Problem] | None = None,
    *,
    stale: bool = False,
) -> ChoicesEdit:
    language = language_of(request)
    given = flat(own, f"{OWN}.") if isinstance(own, Mapping) else {}
    form = Form(ChoicesInput, "choices", language, given, problems=problems or {})
    group = text_group(form, OWN)
    return ChoicesEdit(
        slug=setup.slug,
        title=text_in(language, setup.texts.title.stored) or setup.slug,
        version=setup.version,
        locked=setup.locked,
        stale=stale,
        tables=[
            _table(form, name, ask, rows[name], locked=setup.locked)
            for name, _, ask in asked(ChoicesInput)
            if name in LISTS
        ],
        own=replace(group, fields=[replace(each, readonly=setup.locked) for each in group.fields]),
        wrong=Summary(form.summary),
    )


def _table(
    form: Form[ChoicesInput], name: str, ask: Ask, rows: Sequence[Mapping[str, Any]], *, locked: bool
) -> RowsView:
    words = words_of(form.language, f"choices.{name}")
    return RowsView(
        id=element_id(name),
        name=name,
        label=words.label,
        hint=words.hint,
        rows=[_row(form, name, index, row, locked=locked) for index, row in enumerate(rows)],
        add_label=words.add,
        can_add=not locked and len(rows) < ask.rows[1],
        max=0 if locked else ask.rows[1],
        error=form.error(name),
    )


def _row(form: Form[ChoicesInput], name: str, index: int, row: Mapping[str, Any], *, locked: bool) -> RowView:
    place = f"{name}.{index}"
    words = words_of(form.language, f"choices.{name}.name")
    texts = row.get("name", {})
    given = {f"{place}.name.{language}": str(text) for language, text in texts.items()}
    view = FieldView(id="", name="", control="text", label=words.label, readonly=locked)
    filled = Form(form.model, form.code, form.language, given, problems=form.problems)
    code = FieldView(
        id=element_id(f"{place}.code"),
        name=f"{place}.code",
        control="hidden",
        label="",
        value=str(row.get("code", "")),
    )
    fields = [code, *language_fields(filled, view, f"{place}.name")]
    return RowView(
        id=str(index),
        number=index + 1,
        legend=text_in(form.language, {key: str(text) for key, text in texts.items()}) or words.label,
        fields=fields,
        errors=any(field.error for field in fields),
    )

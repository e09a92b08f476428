"""The questions and answers of a call. They may be written while the call runs, too."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response
from pydantic import ValidationError

from app.calls import actions
from app.calls.changing import CallStale
from app.calls.inputs import MOST_FAQ, FaqInput
from app.calls.setup_view import CallSetup, setup_of
from app.errors import Invalid, Problem
from app.messages import words_of
from app.pages.forms import FieldView, Form, RowsView, RowView, element_id, problems_of, typed
from app.pages.page import Page, see_other, text_in
from app.pages.setup_part import Summary, version_in
from app.pages.setup_rows import acted, pressed, rows_in
from app.pages.shell import LANGUAGE_NAMES
from app.pages.texts import language_fields
from app.web.actors import AsCoordinator
from app.web.clock import Now
from app.web.language import language_of
from app.web.session import Db

router = APIRouter(prefix="/{call}/setup/faq")
Given = Annotated[dict[str, str | list[str]], Depends(typed)]
TABLE = "entries"
HEIGHTS = {"question": ("text", 1), "answer": ("textarea", 4)}
"""How each text of an entry is typed."""


@dataclass(frozen=True, kw_only=True)
class FaqEdit(Page):
    """All entries in one form; every button saves."""

    template = "setup/faq.html"
    slug: str
    title: str
    version: int
    public: bool
    locked: bool
    stale: bool
    table: RowsView
    wrong: Summary


@router.get("", name="setup.faq")
def edit(request: Request, session: Db, who: AsCoordinator, add: bool = False) -> Response:
    """`add` shows one more entry to be filled in, which is there once something is typed in it."""
    setup = setup_of(session, who)
    rows = setup.faq.model_dump()[TABLE]
    return _page(request, setup, [*rows, {}] if add else rows).response(request)


@router.post("", name="setup.save_faq")
def save(request: Request, session: Db, who: AsCoordinator, now: Now, given: Given) -> Response:
    """Save what was typed, then do what the pressed button says: add, copy, move or remove an entry."""
    act, name, row = pressed(given)
    rows = acted(rows_in(FaqInput, (TABLE,), given), act, name, row)[TABLE]
    setup = setup_of(session, who)
    try:
        actions.save_faq(session, who, version_in(given), FaqInput.model_validate({TABLE: rows}), now)
    except ValidationError as error:
        return _page(request, setup, rows, problems_of(error)).response(request, 422)
    except Invalid as error:
        return _page(request, setup, rows, error.fields).response(request, 422)
    except CallStale as error:
        return _page(request, error.current, rows, stale=True).response(request, 409)
    answer = see_other(request, "setup.faq", call=setup.slug, done="saved")
    if act == "add" and len(rows) < MOST_FAQ:
        answer.headers["location"] += f"&add=yes#{element_id(TABLE)}-{len(rows)}"
    return answer


def _page(
    request: Request,
    setup: CallSetup,
    rows: Sequence[Mapping[str, Any]],
    problems: Mapping[str, Problem] | None = None,
    *,
    stale: bool = False,
) -> FaqEdit:
    language = language_of(request)
    locked = setup.cancelled_at is not None
    form = Form(FaqInput, "faq", language, problems=_with_names(problems or {}))
    words = words_of(language, f"faq.{TABLE}")
    return FaqEdit(
        slug=setup.slug,
        title=text_in(language, setup.texts.title.stored) or setup.slug,
        version=setup.version,
        public=setup.opened_at is not None,
        locked=locked,
        stale=stale,
        table=RowsView(
            id=element_id(TABLE),
            name=TABLE,
            label=words.label,
            hint=words.hint,
            rows=[_row(form, index, row, locked=locked) for index, row in enumerate(rows)],
            add_label=words.add,
            can_add=not locked and len(rows) < MOST_FAQ,
            max=0 if locked else MOST_FAQ,
            error=form.error(TABLE),
        ),
        wrong=Summary(form.summary),
    )


def _with_names(problems: Mapping[str, Problem]) -> dict[str, Problem]:
    """A language is called by its own name, not by its code."""

    def named(params: dict[str, object]) -> dict[str, object]:
        code = params.get("language")
        return params | {"language": LANGUAGE_NAMES[str(code)]} if code else params

    return {name: (code, named(params)) for name, (code, params) in problems.items()}


def _row(form: Form[FaqInput], index: int, row: Mapping[str, Any], *, locked: bool) -> RowView:
    place = f"{TABLE}.{index}"
    given = {
        f"{place}.{name}.{language}": str(text)
        for name in HEIGHTS
        for language, text in row.get(name, {}).items()
    }
    filled = Form(form.model, form.code, form.language, given, problems=form.problems)
    fields: list[FieldView] = []
    for name, (control, height) in HEIGHTS.items():
        words = words_of(form.language, f"faq.{TABLE}.{name}")
        view = FieldView(id="", name="", control=control, label=words.label, readonly=locked)
        # In a row the language alone would not say which text is asked for.
        fields += [
            replace(field, label=f"{words.label}: {field.label}")
            for field in language_fields(filled, view, f"{place}.{name}", rows=height)
        ]
    question = {language: str(text) for language, text in row.get("question", {}).items()}
    return RowView(
        id=str(index),
        number=index + 1,
        legend=text_in(form.language, question) or words_of(form.language, f"faq.{TABLE}.question").label,
        fields=fields,
        errors=any(field.error for field in fields),
        closed=bool(row) and not any(field.error for field in fields),
    )

"""The page of one form about ties."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from fastapi import Request
from sqlmodel import Session

from app.accounts.actors import Coordinator
from app.calls.titles import call_title
from app.messages import sentence
from app.messages.labels import choices
from app.pages.forms import FieldView, Form
from app.pages.page import Page
from app.web.language import language_of


@dataclass(frozen=True, kw_only=True)
class TieForm(Page):
    """One form about ties. `to` is where it goes; `warning` is what is in the way."""

    template = "ties/form.html"
    call: str
    call_title: str
    heading: str
    lead: str
    to: str
    press: str
    form: Form[Any]
    fields: Sequence[FieldView]
    empty: str
    warning: str


def tie_form(
    request: Request,
    session: Session,
    coordinator: Coordinator,
    call: str,
    code: str,
    to: str,
    form: Form[Any],
    refusal: str = "",
    *,
    empty: bool = False,
) -> TieForm:
    """The form `code`, which goes `to` a route; `empty` where there is nothing to choose from."""
    language = language_of(request)
    return TieForm(
        call=call,
        call_title=call_title(session, coordinator, language),
        heading=choices(language, "tie_heading")[code],
        lead=choices(language, "tie_lead")[code],
        to=to,
        press=choices(language, "tie_press")[code],
        form=form,
        fields=list(form.fields.values()),
        empty=choices(language, "tie_empty").get(code, "") if empty else "",
        warning=sentence(language, refusal) if refusal else "",
    )

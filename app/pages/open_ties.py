"""A reviewer answers all open questions about ties on one page."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from app.applications.blind import BlindCard
from app.errors import Invalid
from app.messages import words_of
from app.messages.answers import in_language
from app.messages.labels import choices
from app.pages.forms import FieldView, Form, Option, element_id, form_of, one
from app.pages.page import Page, see_other
from app.pages.review_form import card_facts
from app.reviews.inputs import TiesInput
from app.reviews.open_ties import OpenTies, answer_ties, open_ties
from app.web.actors import AsReviewer
from app.web.clock import Now
from app.web.language import language_of
from app.web.session import Db

router = APIRouter(prefix="/review")
TiesForm = Annotated[Form[TiesInput], Depends(form_of(TiesInput, "ties"))]


@dataclass(frozen=True, slots=True)
class TieCard:
    """One neutral card with its question; `noted` is whether the field for words stands open."""

    id: str
    code: str
    lang: str
    title: str
    summary: str
    facts: list[tuple[str, str]]
    tie: FieldView
    note: FieldView
    noted: bool


@dataclass(frozen=True, kw_only=True)
class ReviewTies(Page):
    """Every question about a tie that is still open."""

    template = "reviews/ties.html"
    call: str
    call_title: str
    cards: list[TieCard]
    form: Form[TiesInput]


@router.get("/{call}/ties", name="reviews.ties")
def ask_ties(request: Request, session: Db, reviewer: AsReviewer, now: Now, call: str) -> Response:
    form = Form(TiesInput, "ties", language_of(request))
    return _page(call, open_ties(session, reviewer, now), form).response(request)


@router.post("/{call}/ties", name="reviews.answer_ties")
def answer_all(
    request: Request, session: Db, reviewer: AsReviewer, now: Now, call: str, form: TiesForm
) -> Response:
    try:
        count = answer_ties(session, reviewer, form.value(), now)
    except Invalid as error:
        asked = open_ties(session, reviewer, now)
        return _page(call, asked, form.refused(error)).response(request, 422)
    return see_other(request, "reviews.list", call=call, done="ties_answered", count=count)


def _page(call: str, asked: OpenTies, form: Form[TiesInput]) -> ReviewTies:
    language = form.language
    return ReviewTies(
        call=call,
        call_title=in_language(language, asked.title),
        cards=[_card(form, each, card_facts(language, each, asked.themes)) for each in asked.cards],
        form=form,
    )


def _card(form: Form[TiesInput], card: BlindCard, facts: list[tuple[str, str]]) -> TieCard:
    words, name = words_of(form.language, "tie.tie"), f"ties.{card.code}.tie"
    chosen = one(form.given, name)
    note = _note(form, card.code)
    return TieCard(
        id=f"card-{card.code}",
        code=card.code,
        lang=card.language,
        title=card.title,
        summary=card.summary,
        facts=facts,
        tie=FieldView(
            id=element_id(name),
            name=name,
            control="radios",
            label=f"{card.code}: {words.label}",
            error=form.error(name),
            options=_options(choices(form.language, "tie"), chosen),
        ),
        note=note,
        noted=bool(note.value or note.error),
    )


def _options(answers: Mapping[str, str], chosen: str) -> list[Option]:
    return [Option(code, words, checked=code == chosen) for code, words in answers.items()]


def _note(form: Form[TiesInput], code: str) -> FieldView:
    """The field of the single question, under the name of this one."""
    name, words = f"ties.{code}.note", words_of(form.language, "tie.note")
    return FieldView(
        id=element_id(name),
        name=name,
        control="textarea",
        label=words.label,
        hint=words.hint,
        value=one(form.given, name),
        error=form.error(name),
        cap=500,
        rows=2,
    )

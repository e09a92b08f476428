"""What if: another method, other weights, reviews left out. A question in the address; nothing is saved."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from fastapi import APIRouter, Request
from fastapi.responses import Response
from pydantic import ValidationError
from sqlmodel import Session

from app.accounts.actors import Coordinator
from app.accounts.panel_names import panel_names
from app.calls.titles import call_title, criterion_titles, organisation_names
from app.decisions.what_if import OWN_ORDERS, Published, WhatIf, WhatIfInput, published, what_if
from app.errors import Invalid
from app.messages import label, sentence, words_of
from app.messages.labels import choices
from app.pages.forms import FieldView, Mistake, Option
from app.pages.page import Page, path_to
from app.scoring.methods import Method
from app.web.actors import AsCoordinator
from app.web.language import language_of
from app.web.session import Db

router = APIRouter(prefix="/desk/{call}/ranking")
MOVED = 20


@dataclass(frozen=True, slots=True)
class MoveView:
    """One application and its places, now and then."""

    code: str
    href: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class AnswerView:
    """What would be: who enters and who leaves, and which places move farthest.

    `own_orders` says how reviewers' own orders are read, where that was asked; `no_order` why they make none.
    """

    line: int | None
    enter: Sequence[MoveView]
    leave: Sequence[MoveView]
    moved: Sequence[MoveView]
    count: int
    left_out: int
    ranked: bool
    own_orders: str
    no_order: str


@dataclass(frozen=True, slots=True)
class Summary:
    """What the error summary needs of a form."""

    summary: Sequence[Mistake] = ()


@dataclass(frozen=True, kw_only=True)
class RankingWhatIf(Page):
    """The question and its answer, beside the sentence that the published rule decides."""

    template = "ranking/what_if.html"
    call: str
    call_title: str
    hidden: bool
    lots: bool
    decides: str
    fields: Sequence[FieldView]
    weights: Sequence[FieldView]
    answer: AnswerView | None
    form: Summary


@router.get("/what-if", name="ranking.what_if")
def show_what_if(request: Request, session: Db, coordinator: AsCoordinator, call: str) -> Response:
    language = language_of(request)
    title = call_title(session, coordinator, language)
    known = published(session, coordinator)
    if known is None:
        return RankingWhatIf(
            call=call,
            call_title=title,
            hidden=True,
            lots=False,
            decides="",
            fields=(),
            weights=(),
            answer=None,
            form=Summary(),
        ).response(request)
    typed = dict(request.query_params)
    problems: dict[str, str] = {}
    answer, status = None, 200
    if typed:
        try:
            answer = what_if(session, coordinator, _input(known, typed))
        except Invalid as error:
            problems = {name: sentence(language, *problem) for name, problem in error.fields.items()}
            status = 422
    fields, weights = _fields(session, coordinator, language, known, typed, problems)
    return RankingWhatIf(
        call=call,
        call_title=title,
        hidden=False,
        lots=known.lots,
        decides=label(language, known.method),
        fields=fields,
        weights=weights,
        answer=_answer(language, answer, typed, path_to(language, "ranking.list", call=call))
        if answer
        else None,
        form=Summary([Mistake(f"#{_place(name, weights)}", words) for name, words in problems.items()]),
    ).response(request, status)


def _place(name: str, weights: Sequence[FieldView]) -> str:
    return weights[0].id if name == "weights" and weights else f"what-if-{name}"


def _input(known: Published, typed: Mapping[str, str]) -> WhatIfInput:
    weights = {code: _whole(typed.get(f"w.{code}", str(weight))) for code, weight in known.weights.items()}
    try:
        return WhatIfInput.model_validate(
            {
                "method": typed.get("method") or known.method,
                "weights": weights,
                "reviewer": typed.get("reviewer", ""),
                "organisation": typed.get("organisation", ""),
            }
        )
    except ValidationError as error:
        raise Invalid({str(each["loc"][0]): _CODES[str(each["loc"][0])] for each in error.errors()}) from None


def _whole(typed: str) -> int:
    """A weight as it was typed; what is none is below all that are."""
    typed = typed.strip()
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 4 else -1


_CODES = {
    "method": "what_if.method",
    "weights": "what_if.weights",
    "reviewer": "what_if.nobody",
    "organisation": "what_if.nobody",
}


def _fields(
    session: Session,
    coordinator: Coordinator,
    language: str,
    known: Published,
    typed: Mapping[str, str],
    problems: Mapping[str, str],
) -> tuple[list[FieldView], list[FieldView]]:
    nobody = choices(language, "what_if_nobody")["nobody"]
    names = organisation_names(session, coordinator, language)
    people = {code: f"{each.shown} · {code}" for code, each in panel_names(session, coordinator).items()}
    offered = {
        "method": [
            *((each.value, label(language, each)) for each in Method),
            (OWN_ORDERS, choices(language, "own_orders")["name"]),
        ],
        "reviewer": [("", nobody), *((code, people.get(code, code)) for code in known.reviewers)],
        "organisation": [("", nobody), *((code, names.get(code, code)) for code in known.organisations)],
    }
    chosen = {"method": known.method.value} | dict(typed)
    fields = [
        FieldView(
            id=f"what-if-{name}",
            name=name,
            control="select",
            label=words_of(language, f"what_if.{name}").label,
            error=problems.get(name, ""),
            value=chosen.get(name, ""),
            options=[Option(code, words, checked=code == chosen.get(name, "")) for code, words in options],
        )
        for name, options in offered.items()
    ]
    titles = criterion_titles(session, coordinator, language)
    weights = [
        FieldView(
            id=f"what-if-w-{number}",
            name=f"w.{code}",
            control="text",
            label=titles[code],
            error=problems.get("weights", "") if not number else "",
            value=typed.get(f"w.{code}", str(weight)),
            inputmode="numeric",
            width="short",
        )
        for number, (code, weight) in enumerate(known.weights.items())
    ]
    return fields, weights


def _answer(language: str, found: WhatIf, typed: Mapping[str, str], address: str) -> AnswerView:
    words = choices(language, "own_orders")
    places = {code: (before, after) for code, before, after in found.moved}

    def view(code: str) -> MoveView:
        before, after = places[code]
        return MoveView(code, f"{address}/{code}", str(before or "–"), str(after or "–"))

    return AnswerView(
        line=found.line,
        enter=[view(code) for code in found.enter],
        leave=[view(code) for code in found.leave],
        moved=[view(code) for code, *_ in found.moved[:MOVED]],
        count=len(found.moved),
        left_out=found.left_out,
        ranked=found.ranked,
        own_orders=words["said"] if typed.get("method") == OWN_ORDERS else "",
        no_order=words[found.no_order] if found.no_order else "",
    )

"""Asking for extra reviews: where one may change who is chosen, and where the call promised more."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response
from sqlmodel import Session

from app.accounts.actors import Coordinator
from app.accounts.panel_names import panel_names
from app.calls.titles import call_title, organisation_names
from app.decisions.closing import Falls, falls_by_reopening
from app.decisions.extra import Extra, ExtrasInput, ask_for_extras, extras, usual_day
from app.decisions.held import call_of
from app.decisions.holes import count_holes
from app.decisions.reasons import ReasonInput
from app.decisions.refusals import AwardsExist
from app.decisions.runs import reviewer_organisations
from app.errors import Invalid
from app.messages import sentence, words_of
from app.messages.labels import choices
from app.pages.fitting_words import lacking
from app.pages.forms import FieldView, Form, Mistake, Option, Typed, element_id, form_of, one
from app.pages.page import Page, path_to, see_other
from app.pages.ranking import awards_first
from app.pages.said import percent
from app.pages.setup_forms import NeededDay
from app.web.actors import AsCoordinator
from app.web.clock import Now
from app.web.language import language_of
from app.web.session import Db

router = APIRouter(prefix="/desk/{call}/ranking")


class AskInput(ReasonInput):
    """Why reviewing is opened again, and until which day those who are asked have time."""

    due_on: NeededDay


AskForm = Annotated[Form[AskInput], Depends(form_of(AskInput, "extra_ask"))]
PICKED = "pick"
AS_MUCH, LESS = 0.9, 0.5
PRESELECTED = 5
"""So many are picked to begin with, of those where one more review helps."""
NOTHING: Mapping[str, str | list[str]] = {}


@dataclass(frozen=True, slots=True)
class ExtraView:
    """One application, whether it is picked, and who could read it; `field` is None where nobody is free.

    `stands` and `worth` in words; `chance` and `worth` may be "". `missing` are organisations by name.
    """

    id: str
    code: str
    href: str
    title: str
    place: int
    best: int
    chance: str
    stands: str
    worth: str
    reviews: int
    coverage: int
    wanted: int
    missing: str
    shares: bool
    picked: bool
    field: FieldView | None


@dataclass(frozen=True, slots=True)
class Summary:
    """What the error summary needs of a form."""

    summary: Sequence[Mistake]


@dataclass(frozen=True, kw_only=True)
class RankingExtra(Page):
    """Where one more review is worth most, what lacks reviews, who would give it, and why reviewing is opened
    again.

    `rows` may change who is chosen; `lacking` hardly do. `shares`: of all `rows` each organisation has its
    review.
    """

    template = "ranking/extra.html"
    call: str
    call_title: str
    rows: Sequence[ExtraView]
    lacking: Sequence[ExtraView]
    holes: int
    shares: bool
    falls: Falls
    due_on: FieldView
    reason: FieldView
    form: Summary


@router.get("/extra", name="ranking.extra")
def show_extra(request: Request, session: Db, coordinator: AsCoordinator, now: Now, call: str) -> Response:
    try:
        found = extras(session, coordinator, now)
    except AwardsExist:
        return awards_first(request, session, coordinator, call)
    usual = usual_day(now, ZoneInfo(call_of(session, coordinator).timezone)).isoformat()
    asking = Form(AskInput, "extra_ask", language_of(request), {"due_on": usual})
    return _page(request, session, coordinator, now, call, found, asking, None, Invalid({})).response(request)


@router.post("/extra", name="ranking.ask_extra")
def ask_extra(
    request: Request,
    session: Db,
    coordinator: AsCoordinator,
    now: Now,
    call: str,
    asking: AskForm,
    given: Typed,
) -> Response:
    """A tick names the application, a field of its name holds the reviewer."""
    found = extras(session, coordinator, now)
    picked = given.get(PICKED, [])
    codes = [picked] if isinstance(picked, str) else picked
    try:
        asked = asking.value()
        if not codes:
            raise Invalid({found[0].application if found else "reason": "extra.nothing_picked"})
        chosen = {code: one(given, code) for code in codes}
        wanted = ExtrasInput.model_construct(reviewers=chosen, reason=asked.reason, due_on=asked.due_on)
        ask_for_extras(session, coordinator, wanted, now)
    except Invalid as error:
        own = {name: each for name, each in error.fields.items() if name in AskInput.model_fields}
        page = _page(
            request, session, coordinator, now, call, found, asking.refused(Invalid(own)), given, error
        )
        return page.response(request, 422)
    return see_other(request, "desk.home", call=call, done="extra_asked", count=len(codes))


def _page(
    request: Request,
    session: Session,
    coordinator: Coordinator,
    now: datetime,
    call: str,
    found: Sequence[Extra],
    asking: Form[AskInput],
    given: Mapping[str, str | list[str]] | None,
    error: Invalid,
) -> RankingExtra:
    language = language_of(request)
    names = organisation_names(session, coordinator, language)
    speak_for = reviewer_organisations(session, coordinator)
    people = {
        code: f"{each.shown} · {names.get(speak_for.get(code, ''), '')}"
        for code, each in panel_names(session, coordinator).items()
    }
    mistakes = {name: sentence(language, *problem) for name, problem in error.fields.items()}
    address = path_to(language, "ranking.list", call=call)
    helping = [each.application for each in found if each.changes and not each.shares and each.worth >= LESS]
    rows = {
        each.application: _view(
            language, each, names, people, given, mistakes, address,
            first=each is found[0], helps=each.application in helping[:PRESELECTED],
        )
        for each in found
    }  # fmt: skip
    own = rows.keys()
    changing = [each for each in found if each.changes]
    return RankingExtra(
        call=call,
        call_title=call_title(session, coordinator, language),
        rows=[rows[each.application] for each in changing],
        lacking=[rows[each.application] for each in found if not each.changes],
        holes=count_holes(session, coordinator, only_open=False),
        shares=all(each.shares for each in changing),
        falls=falls_by_reopening(session, coordinator, now),
        due_on=asking.fields["due_on"],
        reason=asking.fields["reason"],
        form=Summary(
            [
                *(
                    Mistake(f"#{element_id(name)}", f"{name}: {words}")
                    for name, words in mistakes.items()
                    if name in own
                ),
                *asking.summary,
            ]
        ),
    )


def _worth(language: str, worth: float, *, first: bool) -> str:
    words = choices(language, "extra_worth")
    if first:
        return words["most"]
    return words["as_much" if worth >= AS_MUCH else "less" if worth >= LESS else "little"]


def _view(
    language: str,
    extra: Extra,
    names: Mapping[str, str],
    people: Mapping[str, str],
    given: Mapping[str, str | list[str]] | None,
    mistakes: Mapping[str, str],
    address: str,
    *,
    first: bool,
    helps: bool,
) -> ExtraView:
    code = extra.application
    picked = given.get(PICKED, []) if given is not None else []
    chosen = extra.proposed if given is None else one(given, code) or extra.proposed
    field = FieldView(
        id=element_id(code),
        name=code,
        control="select",
        label=words_of(language, "extra.reviewer").label,
        error=mistakes.get(code, ""),
        value=chosen,
        options=[
            Option(
                each,
                " · ".join(
                    [people.get(each, each), *lacking(language, extra.lacks.get(each, ()), extra.language)]
                ),
                checked=each == chosen,
            )
            for each in extra.free
        ],
    )
    return ExtraView(
        id=f"{element_id(code)}-pick",
        code=code,
        href=f"{address}/{code}",
        title=extra.title,
        place=extra.place,
        best=extra.best,
        chance="" if extra.chance is None else percent(extra.chance),
        stands=choices(language, "stand").get(extra.stands, ""),
        worth=_worth(language, extra.worth, first=first) if extra.changes else "",
        reviews=extra.reviews,
        coverage=extra.coverage,
        wanted=extra.wanted,
        missing=", ".join(names.get(each, each) for each in extra.missing),
        shares=extra.shares,
        picked=helps and bool(extra.proposed) if given is None else code in picked,
        field=field if extra.free else None,
    )

"""How many reviews a call needs: a question in the address, answered from simulation. Nothing is stored."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from fastapi import APIRouter, Request
from fastapi.responses import Response

from app.calls.titles import call_title, text_of
from app.errors import Invalid
from app.messages import formats
from app.messages.labels import choices
from app.pages.forms import Form, Option, read_form
from app.pages.page import Page
from app.reviews.needed import (
    Agreeing,
    Earlier,
    Needed,
    NeededInput,
    NeededRow,
    earlier_call,
    needed,
    proposed,
)
from app.scoring.methods import Method
from app.web.actors import AsCoordinator
from app.web.language import language_of
from app.web.session import Db

router = APIRouter(prefix="/desk/{call}/reviews-needed")


@dataclass(frozen=True, slots=True)
class NeededLine:
    """One number of reviews in words; `share` is the bar, in whole percent. `found` is by the method that
    decides, `others` by each other one."""

    reviews: int
    found: str
    others: Sequence[str]
    least: int
    most: int
    share: int
    total: int
    load: int
    hours: str
    now: bool


@dataclass(frozen=True, kw_only=True)
class NeededShow(Page):
    """The question, one sentence that answers it, and each number of reviews beside the others.

    `now` is the line of what the setup says, `next` the one after it: `gain` more are found for `price` more
    reviews.
    """

    template = "needed/show.html"
    call: str
    call_title: str
    form: Form[NeededInput]
    chosen: int
    method: str
    others: Sequence[str]
    lines: Sequence[NeededLine]
    now: NeededLine | None
    gain: str
    price: int


@router.get("", name="needed.show")
def show_needed(request: Request, session: Db, coordinator: AsCoordinator, call: str) -> Response:
    language = language_of(request)
    asked: Mapping[str, str | list[str]] = {
        name: value
        for name in NeededInput.model_fields
        if (value := request.query_params.get(name)) is not None
    }
    given = asked or {
        name: str(value) for name, value in proposed(session, coordinator).model_dump(mode="json").items()
    }
    form = read_form(NeededInput, "needed", language, given)
    found, status = None, 200
    try:
        found = needed(session, coordinator, form.value())
    except Invalid as error:
        form, status = form.refused(error), 422
    earlier = earlier_call(session, coordinator)
    offered = _offered(language, earlier)
    page = _page(language, call, call_title(session, coordinator, language), form, found)
    return replace(page, form=form.offering(agreeing=offered)).response(request, status)


def _offered(language: str, earlier: Earlier | None) -> list[Option]:
    """An earlier call is offered by its title and size, and only where there is one."""
    words, sizes = choices(language, "agreeing"), choices(language, "earlier_size")
    said = ""
    if earlier is not None:
        said = sizes["small" if earlier.is_small else "enough"].format(
            title=text_of(earlier.title, language),
            count=formats.number(language, earlier.applications),
        )
    return [
        Option(code, words[code], said if code == Agreeing.EARLIER else "")
        for code in Agreeing
        if said or code != Agreeing.EARLIER
    ]


def _page(language: str, call: str, title: str, form: Form[NeededInput], found: Needed | None) -> NeededShow:
    rows = found.rows if found else []
    method = found.method if found else Method.MEAN_OF_MEANS
    others = [each for each in Method if each is not method]
    lines = [
        _line(language, row, others, is_now=found is not None and row.reviews == found.now) for row in rows
    ]
    short = choices(language, "method_short")
    now = next((row for row in rows if found and row.reviews == found.now), None)
    following = next((row for row in rows if now and row.reviews == now.reviews + 1), None)
    return NeededShow(
        call=call,
        call_title=title,
        form=form,
        chosen=found.asked.chosen if found else 0,
        method=short[method],
        others=[short[each] for each in others],
        lines=lines,
        now=next((line for line in lines if line.now), None),
        gain=_tenths(language, max(0.0, following.found - now.found)) if now and following else "",
        price=following.total - now.total if now and following else 0,
    )


def _line(language: str, row: NeededRow, others: Sequence[Method], *, is_now: bool) -> NeededLine:
    return NeededLine(
        reviews=row.reviews,
        found=_tenths(language, row.found),
        others=[_tenths(language, row.by_method[each]) for each in others],
        least=row.least,
        most=row.most,
        share=row.share,
        total=row.total,
        load=row.load,
        hours=_tenths(language, row.minutes / 60),
        now=is_now,
    )


def _tenths(language: str, value: float) -> str:
    return formats.number(language, f"{value:.1f}", 1)

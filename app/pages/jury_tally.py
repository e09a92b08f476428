"""The tally of a round's pitches: who is in; and after closing, what came of written and pitch scores."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response
from sqlmodel import Session

from app.accounts.actors import Coordinator
from app.calls.titles import call_title
from app.errors import Invalid, Stale
from app.events.jury import ReasonInput
from app.events.tally import CloseInput, FullTally, TallyRow, close_pitches, full_tally, reopen_pitches
from app.messages import formats
from app.messages.labels import choices
from app.pages.forms import Form, form_of
from app.pages.jury_desk import JurorView, juror_view, percent
from app.pages.page import Page, see_other, text_in
from app.pages.tied import tie_words
from app.web.actors import AsCoordinator
from app.web.clock import Now
from app.web.language import language_of
from app.web.session import Db

router = APIRouter(prefix="/desk/{call}/event/{pot}/tally")
CloseForm = Annotated[Form[CloseInput], Depends(form_of(CloseInput, "tally"))]
ReopenForm = Annotated[Form[ReasonInput], Depends(form_of(ReasonInput, "juror_reason"))]


@dataclass(frozen=True, slots=True)
class RowView:
    """One finalist in words. `jurors` are the cells in the order of the jury."""

    label: str
    code: str
    title: str
    total: str
    written: str
    pitch: str
    interval: str
    decided_by: str
    means: list[str]
    jurors: list[str]


@dataclass(frozen=True, kw_only=True)
class TallyPage(Page):
    """Before closing: how far, and nothing of what. Afterwards: the order, and what it is made of."""

    template = "jury/tally.html"
    call: str
    call_title: str
    pot: str
    round_name: str
    weight: str
    closed: bool
    comparing: bool
    pitched: bool
    jurors: list[JurorView]
    open_jurors: int
    waits: int
    can_close: bool
    awarded: bool
    digest: str
    run: int
    rows: list[RowView]
    criteria: list[str]
    labels: list[str]
    tie_rules: str
    form: Form[CloseInput]
    reopening: Form[ReasonInput]
    version: int
    stale: bool


@router.get("", name="tally.show")
def show(
    request: Request, session: Db, coordinator: AsCoordinator, now: Now, call: str, pot: str
) -> Response:
    return _page(request, session, coordinator, now, call, pot).response(request)


@router.post("", name="tally.close")
def close(
    request: Request, session: Db, coordinator: AsCoordinator, now: Now, call: str, pot: str, form: CloseForm
) -> Response:
    try:
        close_pitches(session, coordinator, pot, form.value(), now)
    except Invalid as error:
        page = _page(request, session, coordinator, now, call, pot, form=form.refused(error))
        return page.response(request, 422)
    except Stale:
        return _page(request, session, coordinator, now, call, pot, stale=True).response(request, 409)
    return see_other(request, "tally.show", call=call, pot=pot, done="pitches_closed")


@router.post("/reopen", name="tally.reopen")
def reopen(
    request: Request, session: Db, coordinator: AsCoordinator, now: Now, call: str, pot: str, form: ReopenForm
) -> Response:
    try:
        reopen_pitches(session, coordinator, pot, form.value().reason, now)
    except Invalid as error:
        page = _page(request, session, coordinator, now, call, pot, reopening=form.refused(error))
        return page.response(request, 422)
    return see_other(request, "tally.show", call=call, pot=pot, done="pitches_opened")


def _page(
    request: Request,
    session: Session,
    coordinator: Coordinator,
    now: Now,
    call: str,
    pot: str,
    *,
    form: Form[CloseInput] | None = None,
    reopening: Form[ReasonInput] | None = None,
    stale: bool = False,
) -> TallyPage:
    language = language_of(request)
    tally = full_tally(session, coordinator, pot, now)
    jury = tally.jury
    labels = sorted({label for row in tally.rows for label in row.jurors}, key=lambda each: int(each[1:]))
    ordered = sorted(tally.criteria, key=lambda each: each.tie_position)
    return TallyPage(
        call=call,
        call_title=call_title(session, coordinator, language),
        pot=pot,
        round_name=text_in(language, jury.round_name),
        weight=percent(jury.weight),
        closed=tally.closed,
        comparing=jury.comparing_at is not None,
        pitched=any(each.begun for each in jury.pitches),
        jurors=[juror_view(language, each) for each in jury.seated],
        open_jurors=len(jury.open_jurors),
        waits=tally.waits,
        can_close=tally.can_close,
        awarded=tally.awarded,
        digest=tally.digest,
        run=tally.run,
        rows=[_row(language, tally, each, labels) for each in tally.rows],
        criteria=[text_in(language, each.title) for each in tally.criteria],
        labels=labels,
        tie_rules=", ".join(text_in(language, each.title) for each in ordered),
        form=form or Form(CloseInput, "tally", language),
        reopening=reopening or Form(ReasonInput, "juror_reason", language),
        version=jury.version,
        stale=stale,
    )


def _row(language: str, tally: FullTally, row: TallyRow, labels: list[str]) -> RowView:
    short = choices(language, "ballot_short")

    def cell(said: str | None) -> str:
        if not said:
            return "–"
        return short[said] if said in short else formats.number(language, said, 1)

    titles = {each.code: text_in(language, each.title) for each in tally.criteria}
    return RowView(
        label=row.label,
        code=row.code,
        title=row.title,
        total=_number(language, row.total),
        written=_number(language, row.written),
        pitch=_number(language, row.pitch),
        interval=f"{row.low}–{row.high}" if row.low is not None else "",
        decided_by=tie_words(language, row, titles),
        means=[_number(language, row.means.get(code, "")) for code in titles],
        jurors=[cell(row.jurors.get(label)) for label in labels],
    )


def _number(language: str, written: str) -> str:
    return formats.number(language, written, 1) if written else "–"

"""An assignment that is proposed: by what rules, what it would change, by hand, and published."""

from dataclasses import dataclass
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import Response
from sqlmodel import Session
from starlette.datastructures import UploadFile

from app.accounts.actors import Coordinator
from app.accounts.panel_names import panel_names
from app.calls.titles import call_title, organisation_names
from app.errors import Invalid, NotFound, Stale
from app.messages import sentence
from app.messages.labels import choices
from app.pages.assignments import Refused, assignment_page
from app.pages.forms import Form, Option, Typed, form_of, number, read_form, typed
from app.pages.page import Page, path_to, see_other
from app.pages.proposal_views import (
    Change,
    CoverageView,
    LoadView,
    ShareView,
    ShortageView,
    StayingView,
    Wording,
    changes_of,
    compared_in_words,
    coverage_views,
    limits_in_words,
    load_views,
    share_views,
    shortage_view,
    staying_views,
)
from app.reviews import proposing
from app.reviews.assignment import check_assigning
from app.reviews.assignment_sheet import assignment_csv, propose_sheet
from app.reviews.inputs import AdjustInput, SheetInput, TypedHandOn
from app.reviews.known_ties import count_suspected
from app.reviews.proposal import FullProposal, read_proposal
from app.reviews.refusals import PAIR_REFUSED, ProposalExpired
from app.reviews.rules import TypedRules
from app.sheets import decoded, is_workbook
from app.web.actors import AsCoordinator
from app.web.clock import Now
from app.web.language import language_of
from app.web.session import Db

router = APIRouter(prefix="/desk/{call}/assign")
PER_PAGE = 50

RulesForm = Annotated[Form[TypedRules], Depends(form_of(TypedRules, "rules"))]
HandOnForm = Annotated[Form[TypedHandOn], Depends(form_of(TypedHandOn, "hand_on"))]
Show = Literal["all", "changes", "holes"]


@dataclass(frozen=True, slots=True)
class ShowLink:
    """One way to narrow the list of applications."""

    words: str
    href: str
    here: bool


@dataclass(frozen=True, kw_only=True)
class ProposalShow(Page):
    """What publishing would change, before it does; never a score."""

    template = "assignments/proposal.html"
    call: str
    call_title: str
    proposal: FullProposal
    expired: str
    limits: list[tuple[str, int]]
    loads: list[LoadView]
    shares: list[ShareView]
    changes: list[Change]
    shortage: ShortageView | None
    staying: list[StayingView]
    compared: str
    suspected: int
    columns: list[str]
    coverage: list[CoverageView]
    shows: list[ShowLink]
    start: int
    end: int
    total: int
    earlier: str
    later: str
    form: Form[AdjustInput]


FROM_FILE = "_file"
"""What is wrong with a table from a file stands at the file, and not where a table can be typed."""


async def sheet_form(request: Request) -> Form[SheetInput]:
    """A table from a file, or as it was typed into the field; what a file held stands in the field then."""
    given = await typed(request)
    async with request.form() as sent:
        file = sent.get("file")
        if isinstance(file, UploadFile) and file.size:
            given[FROM_FILE], raw = "yes", await file.read()
            if is_workbook(raw):
                form = read_form(SheetInput, "sheet", language_of(request), {**given, "rows": ""})
                return form.refused(Invalid({"rows": "assignment.workbook"}))
            given["rows"] = decoded(raw).replace("\x00", "")
    return read_form(SheetInput, "sheet", language_of(request), given)


SheetForm = Annotated[Form[SheetInput], Depends(sheet_form)]


def _page(
    request: Request,
    session: Session,
    coordinator: Coordinator,
    call: str,
    *,
    show: Show = "all",
    start: int = 0,
    form: Form[AdjustInput] | None = None,
    application: str = "",
) -> ProposalShow:
    language = language_of(request)
    proposal, rows = read_proposal(session, coordinator)
    organisations = organisation_names(session, coordinator, language)
    people = {code: each.shown for code, each in panel_names(session, coordinator).items()}
    wording = Wording(language, people, organisations)
    if show != "all":
        rows = [row for row in rows if (row.changes if show == "changes" else row.holes)]
    if application:
        start = next((n for n, row in enumerate(rows) if row.application == application), 0)
        start -= start % PER_PAGE
    shown = rows[start : start + PER_PAGE]
    words = choices(language, "coverage_shows")
    here = path_to(language, "assignments.proposal", call=call)
    given = {"application": application} if application else {}
    return ProposalShow(
        call=call,
        call_title=call_title(session, coordinator, language),
        proposal=proposal,
        expired=", ".join(choices(language, "proposal_parts")[part] for part in proposal.expired),
        limits=limits_in_words(proposal.rules, wording),
        loads=load_views(proposal, wording),
        shares=share_views(proposal, wording),
        changes=changes_of(proposal, wording),
        staying=staying_views(proposal, wording),
        shortage=shortage_view(proposal.shortage, wording),
        compared=compared_in_words(proposal, wording.language),
        suspected=count_suspected(session, coordinator),
        columns=list(organisations.values()),
        coverage=coverage_views(shown, organisations, wording, f"{here}?application="),
        shows=[ShowLink(words[each], f"{here}?show={each}#who-reads", each == show) for each in words],
        start=start + 1,
        end=start + len(shown),
        total=len(rows),
        earlier=f"{here}?show={show}&start={max(0, start - PER_PAGE)}#who-reads" if start else "",
        later=f"{here}?show={show}&start={start + PER_PAGE}#who-reads"
        if start + PER_PAGE < len(rows)
        else "",
        form=(form or Form(AdjustInput, "assignment", language, given)).offering(
            reviewer=[
                Option(
                    each.reviewer,
                    f"{people[each.reviewer]} · {organisations[each.organisation]} · {each.after}",
                )
                for each in proposal.loads
                if each.organisation in organisations
            ]
        ),
    )


@router.post("/propose", name="assignments.propose")
def propose(
    request: Request, session: Db, coordinator: AsCoordinator, now: Now, call: str, form: RulesForm
) -> Response:
    try:
        proposing.propose(session, coordinator, form.value(), now)
    except Invalid as error:
        check_assigning(session, coordinator, now)
        refused = Refused(rules=form.refused(error))  # type: ignore[arg-type] # a form is read, not written
        return assignment_page(request, session, coordinator, now, call, refused).response(request, 422)
    return see_other(request, "assignments.proposal", call=call, done="assignment_proposed")


@router.post("/hand-on", name="assignments.hand_on")
def hand_on(
    request: Request, session: Db, coordinator: AsCoordinator, now: Now, call: str, form: HandOnForm
) -> Response:
    try:
        proposing.hand_on(session, coordinator, form.value(), now)
    except Invalid as error:
        check_assigning(session, coordinator, now)
        refused = Refused(hand_on=form.refused(error))  # type: ignore[arg-type] # as above
        return assignment_page(request, session, coordinator, now, call, refused).response(request, 422)
    return see_other(request, "assignments.proposal", call=call, done="assignment_proposed")


@router.get("/table.csv", name="assignments.export")
def export_sheet(session: Db, coordinator: AsCoordinator, call: str) -> Response:
    return Response(
        assignment_csv(session, coordinator),
        media_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="assignments-{call}.csv"'},
    )


@router.post("/table", name="assignments.read_sheet")
def read_sheet(
    request: Request, session: Db, coordinator: AsCoordinator, now: Now, call: str, form: SheetForm
) -> Response:
    try:
        propose_sheet(session, coordinator, form.value(), now)
    except Invalid as error:
        check_assigning(session, coordinator, now)
        language = language_of(request)
        lines = [
            sentence(language, *problem) for name, problem in error.fields.items() if name.startswith("rows.")
        ]
        place = "file" if form.given.get(FROM_FILE) else "rows"
        first = {
            place if name == "rows" else name: problem
            for name, problem in error.fields.items()
            if not name.startswith("rows.")
        }
        refused = Refused(sheet=form.refused(Invalid(first)), lines=lines)
        return assignment_page(request, session, coordinator, now, call, refused).response(request, 422)
    return see_other(request, "assignments.proposal", call=call, done="assignment_proposed")


@router.get("/proposal", name="assignments.proposal")
def show_proposal(
    request: Request,
    session: Db,
    coordinator: AsCoordinator,
    call: str,
    show: Show = "all",
    start: Annotated[int, Query(ge=0, le=1_000_000)] = 0,
    application: Annotated[str, Query(max_length=40)] = "",
) -> Response:
    """Where none is open, the assignment itself: an old link, or a page left open, leads there."""
    try:
        page = _page(request, session, coordinator, call, show=show, start=start, application=application)
    except NotFound:
        return _none_open(request, call)
    return page.response(request)


def _none_open(request: Request, call: str) -> Response:
    return see_other(request, "assignments.list", call=call, done="assignment_no_proposal")


@router.post("/proposal", name="assignments.adjust")
def adjust(
    request: Request, session: Db, coordinator: AsCoordinator, now: Now, call: str, given: Typed
) -> Response:
    form = read_form(AdjustInput, "assignment", language_of(request), given)
    try:
        proposing.adjust(session, coordinator, form.value(), number(given, "version"), now)
    except Invalid as error:
        check_assigning(session, coordinator, now)
        page = _page(request, session, coordinator, call, form=form.refused(error))
        return page.response(request, 422)
    except PAIR_REFUSED as error:
        page = _page(
            request, session, coordinator, call, form=form.refused(Invalid({"reviewer": error.code}))
        )
        return page.response(request, 409)
    except NotFound:
        return _none_open(request, call)
    except Stale:
        return see_other(request, "assignments.proposal", call=call, done="assignment_moved")
    return see_other(request, "assignments.proposal", call=call, done="assignment_adjusted", anchor="adjust")


@router.post("/proposal/publish", name="assignments.publish")
def publish(
    request: Request, session: Db, coordinator: AsCoordinator, now: Now, call: str, given: Typed
) -> Response:
    try:
        proposing.publish(session, coordinator, number(given, "version"), now)
    except NotFound:
        return _none_open(request, call)
    except ProposalExpired:
        # The page says what has changed, and where to propose again.
        return _page(request, session, coordinator, call).response(request, 409)
    except Stale:
        return see_other(request, "assignments.proposal", call=call, done="assignment_moved")
    return see_other(request, "assignments.list", call=call, done="assignments_made")


@router.post("/proposal/discard", name="assignments.discard")
def discard(
    request: Request, session: Db, coordinator: AsCoordinator, now: Now, call: str, given: Typed
) -> Response:
    try:
        proposing.discard(session, coordinator, number(given, "version"), now)
    except NotFound:
        return _none_open(request, call)
    except Stale:
        return see_other(request, "assignments.proposal", call=call, done="assignment_moved")
    return see_other(request, "assignments.list", call=call, done="assignment_discarded")

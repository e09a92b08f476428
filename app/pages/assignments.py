"""Who scores what: coverage and loads, the even distribution, and single changes by hand."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response
from sqlmodel import Session

from app.accounts.actors import Coordinator
from app.accounts.panel_names import panel_names
from app.calls.titles import call_title
from app.errors import Invalid
from app.messages.answers import in_language
from app.pages.forms import Form, Option, form_of
from app.pages.page import Page, see_other
from app.reviews import assignment
from app.reviews.inputs import AssignmentInput
from app.reviews.progress import DeskProgress, desk_progress
from app.web.actors import AsCoordinator
from app.web.clock import Now
from app.web.language import language_of
from app.web.session import Db

router = APIRouter(prefix="/desk/{call}/assign")
AssignmentForm = Annotated[Form[AssignmentInput], Depends(form_of(AssignmentInput, "assignment"))]


@dataclass(frozen=True, slots=True)
class ReviewerRow:
    """One reviewer of the panel in words; `name` is the address where there is no name."""

    code: str
    name: str
    email: str
    organisation: str
    assigned: int
    begun: int
    sent: int
    ties: int
    removed: bool


@dataclass(frozen=True, slots=True)
class TieRow:
    """A declared tie that waits for a substitute."""

    application: str
    reviewer: str
    organisation_code: str
    organisation: str
    note: str


@dataclass(frozen=True, kw_only=True)
class AssignmentList(Page):
    """Coverage by organisation, load by reviewer; never a score."""

    template = "assignments/list.html"
    call: str
    call_title: str
    progress: DeskProgress
    reviewers: list[ReviewerRow]
    ties: list[TieRow]
    form: Form[AssignmentInput]


def reviewer_rows(
    session: Session, coordinator: Coordinator, language: str, progress: DeskProgress
) -> list[ReviewerRow]:
    """The panel's reviewers with their names, by organisation and then by name."""
    names = panel_names(session, coordinator)
    organisations = {each.code: in_language(language, each.name) for each in progress.organisations}
    rows = [
        ReviewerRow(
            code=each.code,
            name=names[each.code].shown,
            email=names[each.code].email,
            organisation=organisations.get(each.organisation, each.organisation),
            assigned=each.assigned,
            begun=each.begun,
            sent=each.sent,
            ties=each.ties,
            removed=each.removed,
        )
        for each in progress.reviewers
    ]
    return sorted(rows, key=lambda row: (row.organisation, row.name))


def _page(
    request: Request,
    session: Session,
    coordinator: Coordinator,
    now: Now,
    call: str,
    form: Form[AssignmentInput] | None = None,
) -> AssignmentList:
    language = language_of(request)
    progress = desk_progress(session, coordinator, now)
    reviewers = reviewer_rows(session, coordinator, language, progress)
    names = {row.code: row.name for row in reviewers}
    organisations = {each.code: in_language(language, each.name) for each in progress.organisations}
    options = [
        Option(row.code, f"{row.name} · {row.organisation} · {row.assigned}")
        for row in reviewers
        if not row.removed
    ]
    return AssignmentList(
        call=call,
        call_title=call_title(session, coordinator, language),
        progress=progress,
        reviewers=reviewers,
        ties=[
            TieRow(
                application=tie.application,
                reviewer=names.get(tie.reviewer, tie.reviewer),
                organisation_code=tie.organisation,
                organisation=organisations.get(tie.organisation, tie.organisation),
                note=tie.note,
            )
            for tie in progress.ties
        ],
        form=(form or Form(AssignmentInput, "assignment", language)).offering(reviewer=options),
    )


@router.get("", name="assignments.list")
def list_assignments(
    request: Request, session: Db, coordinator: AsCoordinator, now: Now, call: str
) -> Response:
    return _page(request, session, coordinator, now, call).response(request)


@router.post("/distribute", name="assignments.distribute")
def distribute(request: Request, session: Db, coordinator: AsCoordinator, now: Now, call: str) -> Response:
    assignment.distribute_evenly(session, coordinator, now)
    return see_other(request, "assignments.list", call=call, done="assignments_made")


@router.post("", name="assignments.make")
def make_assignment(
    request: Request, session: Db, coordinator: AsCoordinator, now: Now, call: str, form: AssignmentForm
) -> Response:
    try:
        assignment.assign_reviewer(session, coordinator, form.value(), now)
    except Invalid as error:
        assignment.check_assigning(session, coordinator, now)
        page = _page(request, session, coordinator, now, call, form.refused(error))
        return page.response(request, 422)
    return see_other(request, "assignments.list", call=call, done="assignment_made")


@router.post("/withdraw", name="assignments.withdraw")
def withdraw_assignment(
    request: Request, session: Db, coordinator: AsCoordinator, now: Now, call: str, form: AssignmentForm
) -> Response:
    try:
        given = form.value()
        assignment.withdraw_assignment(session, coordinator, given.application, given.reviewer, now)
    except Invalid as error:
        assignment.check_assigning(session, coordinator, now)
        page = _page(request, session, coordinator, now, call, form.refused(error))
        return page.response(request, 422)
    return see_other(request, "assignments.list", call=call, done="assignment_withdrawn")


@router.post("/substitute/{organisation}/{code}", name="assignments.substitute")
def substitute(
    request: Request,
    session: Db,
    coordinator: AsCoordinator,
    now: Now,
    call: str,
    organisation: str,
    code: str,
) -> Response:
    assignment.substitute_reviewer(session, coordinator, code, organisation, now)
    return see_other(request, "assignments.list", call=call, done="substitute_found")

"""Who scores what: coverage and loads, where a proposal begins, and single changes by hand."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response
from sqlmodel import Session

from app.accounts.actors import Coordinator
from app.accounts.panel_names import panel_names
from app.calls.titles import call_title
from app.errors import Invalid, NotFound
from app.messages import sentence
from app.messages.answers import in_language
from app.pages.forms import FieldView, Form, Option, Typed, element_id, form_of, one
from app.pages.page import Page, see_other
from app.pages.ties import ties_page
from app.reviews import assignment
from app.reviews.inputs import AssignmentInput, HandOnInput, SheetInput
from app.reviews.progress import DeskProgress, desk_progress
from app.reviews.proposing import open_proposal, rules_of
from app.reviews.refusals import PAIR_REFUSED
from app.reviews.rules import AssignmentRules
from app.web.actors import AsCoordinator
from app.web.clock import Now
from app.web.language import language_of
from app.web.session import Db

router = APIRouter(prefix="/desk/{call}/assign")
LIMITS = ("most", "organisation_most")
TICKS = ("languages", "topics", "capacity", "connected")
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
    """Coverage by organisation, load by reviewer; never a score. `proposed`: a proposal waits. `limited`: the
    rules that stand in the form set a limit."""

    template = "assignments/list.html"
    call: str
    call_title: str
    progress: DeskProgress
    reviewers: list[ReviewerRow]
    ties: list[TieRow]
    proposed: bool
    form: Form[AssignmentInput]
    rules: Form[AssignmentRules]
    caps: list[FieldView]
    limited: bool
    hand_on: Form[HandOnInput]
    sheet: Form[SheetInput]
    file_error: str
    lines: list[str]


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """Which of the page's forms came back; the others are as they always are."""

    form: Form[AssignmentInput] | None = None
    rules: Form[AssignmentRules] | None = None
    hand_on: Form[HandOnInput] | None = None
    sheet: Form[SheetInput] | None = None
    lines: Sequence[str] = ()


def assignment_page(
    request: Request, session: Session, coordinator: Coordinator, now: Now, call: str, refused: Refused
) -> AssignmentList:
    """The page, with the form that was refused."""
    language = language_of(request)
    progress = desk_progress(session, coordinator, now)
    reviewers = reviewer_rows(session, coordinator, language, progress)
    names = {row.code: row.name for row in reviewers}
    organisations = {each.code: in_language(language, each.name) for each in progress.organisations}
    proposal = open_proposal(session, coordinator.call_id)
    rules = refused.rules or _rules_form(rules_of(proposal), language)
    options = reviewer_options(reviewers)
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
        proposed=proposal is not None,
        form=(refused.form or Form(AssignmentInput, "assignment", language)).offering(reviewer=options),
        rules=rules,
        caps=[_cap(rules, code, name) for code, name in organisations.items()],
        limited=any(value for name, value in rules.given.items() if name.startswith(LIMITS)),
        hand_on=(refused.hand_on or Form(HandOnInput, "hand_on", language))
        .offering(handed_by=options)
        .placed("hand-on."),
        sheet=refused.sheet or Form(SheetInput, "sheet", language),
        file_error=refused.sheet.error("file") if refused.sheet else "",
        lines=list(refused.lines),
    )


def reviewer_options(reviewers: Sequence[ReviewerRow]) -> list[Option]:
    """The reviewers to choose from, each with the organisation and how much they have."""
    return [
        Option(row.code, f"{row.name} · {row.organisation} · {row.assigned}")
        for row in reviewers
        if not row.removed
    ]


def _rules_form(rules: AssignmentRules, language: str) -> Form[AssignmentRules]:
    given = {name: "yes" if getattr(rules, name) else "" for name in TICKS}
    given["most"] = "" if rules.most is None else str(rules.most)
    given |= {f"organisation_most.{code}": str(most) for code, most in rules.organisation_most.items()}
    return Form(AssignmentRules, "rules", language, given)


def _cap(rules: Form[AssignmentRules], code: str, name: str) -> FieldView:
    """How much one partner organisation reads at most."""
    field = f"organisation_most.{code}"
    return FieldView(
        id=element_id(field),
        name=field,
        control="number",
        label=name,
        optional=True,
        value=str(rules.given.get(field, "")),
        error=rules.error(field),
        inputmode="numeric",
        width="short",
    )


@router.get("", name="assignments.list")
def list_assignments(
    request: Request, session: Db, coordinator: AsCoordinator, now: Now, call: str
) -> Response:
    return assignment_page(request, session, coordinator, now, call, Refused()).response(request)


@router.post("", name="assignments.make")
def make_assignment(
    request: Request, session: Db, coordinator: AsCoordinator, now: Now, call: str, form: AssignmentForm
) -> Response:
    try:
        assignment.assign_reviewer(session, coordinator, form.value(), now)
    except Invalid as error:
        assignment.check_assigning(session, coordinator, now)
        refused = Refused(form=form.refused(error))
        return assignment_page(request, session, coordinator, now, call, refused).response(request, 422)
    except PAIR_REFUSED as error:
        refused = Refused(form=form.refused(Invalid({"reviewer": error.code})))
        return assignment_page(request, session, coordinator, now, call, refused).response(request, 409)
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
        refused = Refused(form=form.refused(error))
        return assignment_page(request, session, coordinator, now, call, refused).response(request, 422)
    except NotFound:
        refused = Refused(form=form.refused(Invalid({"reviewer": "assignment.not_theirs"})))
        return assignment_page(request, session, coordinator, now, call, refused).response(request, 422)
    except PAIR_REFUSED as error:
        refused = Refused(form=form.refused(Invalid({"reviewer": error.code})))
        return assignment_page(request, session, coordinator, now, call, refused).response(request, 409)
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
    given: Typed,
) -> Response:
    knows = bool(one(given, "nonetheless"))
    try:
        assignment.substitute_reviewer(session, coordinator, code, organisation, now, nonetheless=knows)
    except Invalid as error:
        words = sentence(language_of(request), *error.fields["nonetheless"])
        page = ties_page(request, session, coordinator, now, call, {(organisation, code): words})
        return page.response(request, 422)
    return see_other(request, "assignments.list", call=call, done="substitute_found")

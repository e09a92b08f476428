"""Checking, declaring, sending, and what one keeps of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import PlainTextResponse, Response
from sqlmodel import Session

from app.accounts.actors import Applicant
from app.applications import actions
from app.applications.actions import NotReady, SendInput
from app.applications.actions.sending import declared
from app.applications.own import own_application, own_copy, own_draft, own_receipt
from app.applications.own_models import OwnApplication, OwnCall, OwnCopy, OwnDraft
from app.applications.refusals import NotADraft, TooLate
from app.applications.status import Move
from app.errors import Invalid, NotFound, Problem
from app.messages import formats, translations
from app.messages.answer_problems import listed_problem
from app.messages.answers import Names, call_names, with_activities
from app.messages.copies import copy_in_words, draft_lines, receipt_lines, receipt_number
from app.messages.labels import choices
from app.models.applications import Status
from app.models.calls import Phase
from app.pages.answer_views import CardView, Written, answer_card, change_href
from app.pages.applications import Step, counts_in_words
from app.pages.forms import FieldView, Form, Mistake, form_of
from app.pages.page import Page, path_to, see_other, text_in
from app.privacy.tallies import AboutYouInput, answer_about_you, may_answer
from app.sections.catalogue import CATALOGUE
from app.web.actors import AsApplicant
from app.web.clock import Now
from app.web.language import language_of
from app.web.session import Db

router = APIRouter(prefix="/apply/{ref}")
AboutForm = Annotated[Form[AboutYouInput], Depends(form_of(AboutYouInput, "about"))]
SendForm = Annotated[Form[SendInput], Depends(form_of(SendInput, "send"))]


@dataclass(frozen=True, kw_only=True)
class ApplicationCheck(Page):
    """All answers before sending, or what reviewers will see of them."""

    template = "applications/check.html"
    ref: str
    blind: bool
    counts: str
    missing: Sequence[Mistake]
    notices: Sequence[Mistake]
    cards: Sequence[CardView]
    sendable: bool
    locked: bool


@dataclass(frozen=True, kw_only=True)
class ApplicationDeclare(Page):
    """The declaration and the one button."""

    template = "applications/declare.html"
    ref: str
    title: str
    again: str
    form: Form[SendInput]
    boxes: Sequence[FieldView]


@dataclass(frozen=True, kw_only=True)
class ApplicationSent(Page):
    """The receipt."""

    template = "applications/sent.html"
    ref: str
    number: str
    counts: str
    received: str
    steps: Sequence[Step]
    sha256: str
    can_take_back: bool
    about: Form[AboutYouInput] | None


@dataclass(frozen=True, kw_only=True)
class ApplicationCopy(Page):
    """One's answers, to read and to keep."""

    template = "applications/copy.html"
    ref: str
    about: str
    sent: bool
    cards: Sequence[CardView]
    text_href: str


@router.get("/check", name="applications.check")
def check(request: Request, session: Db, applicant: AsApplicant, now: Now, ref: str) -> Response:
    own = own_draft(session, applicant, ref, now)
    return _check(language_of(request), own, blind=False).response(request)


@router.get("/check/reviewers", name="applications.check_blind")
def check_blind(request: Request, session: Db, applicant: AsApplicant, now: Now, ref: str) -> Response:
    own = own_draft(session, applicant, ref, now)
    return _check(language_of(request), own, blind=True).response(request)


def _check(language: str, own: OwnDraft, *, blind: bool) -> ApplicationCheck:
    application = own.application
    written = Written(
        language,
        application.language,
        _names(language, own.call, {section.code: section.data for section in own.sections}),
        application.ref if application.writable and not blind else "",
    )
    return ApplicationCheck(
        ref=application.ref,
        blind=blind,
        counts=counts_in_words(language, application),
        missing=[] if blind else _listed(language, own, "problems"),
        notices=[] if blind else _listed(language, own, "notices"),
        cards=[
            answer_card(written, section.code, section.data, section.problems, blind=blind)
            for section in own.sections
            if not (blind and CATALOGUE[section.code].identity)
        ],
        sendable=application.writable and own.ready,
        locked=not application.writable,
    )


def _listed(language: str, own: OwnDraft, kind: str) -> list[Mistake]:
    """Every problem (or notice) of every section as a link to its answer."""
    listed = []
    for section in own.sections:
        title = choices(language, "sections")[section.code]
        found: dict[str, Problem] = getattr(section, kind)
        for name, problem in found.items():
            words = listed_problem(language, section.code, name, problem, section.data)
            href = change_href(language, own.application.ref, section.code, name)
            listed.append(Mistake(href, f"{title} — {words}"))
    return listed


def _names(language: str, call: OwnCall, sections: dict[str, dict[str, object]]) -> Names:
    names = call_names(language, call.themes, call.priorities, call.organisations)
    return with_activities(language, names, sections.get("work_plan", {}))


@router.get("/send", name="applications.declare")
def declare(request: Request, session: Db, applicant: AsApplicant, now: Now, ref: str) -> Response:
    own = own_draft(session, applicant, ref, now)
    _sendable(own.application)
    if not own.ready:
        return see_other(request, "applications.check", ref=ref)
    form = Form(SendInput, "send", language_of(request), {"number": str(own.last_number + 1)})
    return _declare(language_of(request), own, form).response(request)


def _sendable(own: OwnApplication) -> None:
    if own.status is not Status.DRAFT:
        raise NotADraft
    if not own.writable:
        raise TooLate


def _declare(language: str, own: OwnDraft, form: Form[SendInput]) -> ApplicationDeclare:
    return ApplicationDeclare(
        ref=own.application.ref,
        title=own.application.title,
        again=counts_in_words(language, own.application),
        form=form,
        boxes=[form.fields[name] for name in declared(own.call.kind)],
    )


@router.post("/send", name="applications.send")
def send(
    request: Request, session: Db, applicant: AsApplicant, now: Now, ref: str, form: SendForm
) -> Response:
    language = language_of(request)
    try:
        actions.send_application(session, applicant, ref, form.value(), language=language, now=now)
    except NotReady:
        own = own_draft(session, applicant, ref, now)
        return _check(language, own, blind=False).response(request, 422)
    except Invalid as error:
        own = own_draft(session, applicant, ref, now)
        _sendable(own.application)
        return _declare(language, own, form.refused(error)).response(request, 422)
    return see_other(request, "applications.sent", ref=ref)


@router.get("/sent", name="applications.sent")
def sent(request: Request, session: Db, applicant: AsApplicant, now: Now, ref: str) -> Response:
    form = Form(AboutYouInput, "about", language_of(request))
    return _sent_page(request, session, applicant, ref, now, form).response(request)


@router.post("/sent/about-you", name="applications.about_you")
def about_you(
    request: Request, session: Db, applicant: AsApplicant, now: Now, ref: str, form: AboutForm
) -> Response:
    try:
        answer_about_you(session, applicant, ref, form.value(), now)
    except Invalid as error:
        page = _sent_page(request, session, applicant, ref, now, form.refused(error))
        return page.response(request, 422)
    return see_other(request, "applications.sent", ref=ref, done="about_answered")


def _sent_page(
    request: Request,
    session: Session,
    applicant: Applicant,
    ref: str,
    now: datetime,
    form: Form[AboutYouInput],
) -> ApplicationSent:
    receipt = own_receipt(session, applicant, ref, now)
    language = language_of(request)
    return ApplicationSent(
        ref=ref,
        number=receipt_number(ref, receipt.number),
        counts=counts_in_words(language, receipt.application),
        received=formats.moment(language, receipt.sent_at),
        steps=_next_steps(language, receipt.application, receipt.call),
        sha256=receipt.sha256,
        can_take_back=Move.TAKE_BACK in receipt.application.moves,
        about=form if may_answer(session, applicant, ref, now) else None,
    )


def _next_steps(language: str, own: OwnApplication, call: OwnCall) -> list[Step]:
    """What is still to come: this page is kept as a proof and opened again later."""
    gettext = translations(language).ugettext
    closes, due, results = call.closes_at, call.reviews_due_at, call.results_expected_at
    steps = [
        Step(
            gettext("The call closes"),
            "next",
            "",
            formats.moment(language, closes) if closes else "",
            closes.isoformat() if closes else "",
            gettext("Until then you can change your application and send it again."),
        ),
        Step(
            gettext("Scoring"),
            "next",
            gettext("expected"),
            formats.day(language, due) if due else "",
            due.isoformat() if due else "",
            gettext("Partner organisations score all applications without knowing who sent them."),
        ),
        Step(
            gettext("Results"),
            "next",
            gettext("expected"),
            formats.day(language, results) if results else "",
            results.isoformat() if results else "",
            gettext("We write to you, whatever the result is."),
        ),
    ]
    if own.phase is Phase.CANCELLED or own.status not in UNDECIDED:
        return []
    return steps[PASSED.get(own.phase, 2) :]


UNDECIDED = frozenset({Status.DRAFT, Status.SENT, Status.IN_REVIEW})
PASSED = {Phase.OPEN: 0, Phase.GRACE: 1, Phase.CLOSED: 1}
"""How many of the steps lie behind; later only the results are to come."""


@router.get("/copy", name="applications.copy")
def copy(request: Request, session: Db, applicant: AsApplicant, now: Now, ref: str) -> Response:
    return _copy(request, _written(session, applicant, ref, now), "applications.copy_text")


@router.get("/copy.txt", name="applications.copy_text")
def copy_text(request: Request, session: Db, applicant: AsApplicant, now: Now, ref: str) -> Response:
    return _as_text(language_of(request), _written(session, applicant, ref, now))


@router.get("/sent/copy", name="applications.sent_copy")
def sent_copy(request: Request, session: Db, applicant: AsApplicant, now: Now, ref: str) -> Response:
    return _copy(request, _sent(session, applicant, ref, now), "applications.sent_copy_text")


@router.get("/sent/copy.txt", name="applications.sent_copy_text")
def sent_copy_text(request: Request, session: Db, applicant: AsApplicant, now: Now, ref: str) -> Response:
    return _as_text(language_of(request), _sent(session, applicant, ref, now))


def _written(session: Session, applicant: Applicant, ref: str, now: datetime) -> OwnCopy:
    """What is written now, sent or not; its number is 0."""
    own = own_draft(session, applicant, ref, now)
    return OwnCopy(
        ref=ref,
        number=0,
        sent_at=now,
        sha256="",
        language=own.application.language,
        call=own.call,
        sections={section.code: section.data for section in own.sections},
    )


def _sent(session: Session, applicant: Applicant, ref: str, now: datetime) -> OwnCopy:
    """What was sent and counts. NotFound where nothing does."""
    number = own_application(session, applicant, ref, now).counts_number
    if number is None:
        raise NotFound
    return own_copy(session, applicant.person_id, ref, number, now)


def _copy(request: Request, kept: OwnCopy, text_route: str) -> Response:
    language = language_of(request)
    written = Written(language, kept.language, _names(language, kept.call, kept.sections))
    return ApplicationCopy(
        ref=kept.ref,
        about=_head(language, kept)[-1],
        sent=kept.number > 0,
        cards=[answer_card(written, code, data) for code, data in kept.sections.items()],
        text_href=path_to(language, text_route, ref=kept.ref),
    ).response(request)


def _as_text(language: str, kept: OwnCopy) -> Response:
    names = call_names(language, kept.call.themes, kept.call.priorities, kept.call.organisations)
    text = copy_in_words(language, _head(language, kept), kept.sections, names)
    return PlainTextResponse(text, headers={"Content-Disposition": f'attachment; filename="{kept.ref}.txt"'})


def _head(language: str, kept: OwnCopy) -> list[str]:
    call = text_in(language, kept.call.title)
    if kept.number:
        return receipt_lines(language, call=call, ref=kept.ref, number=kept.number, sent_at=kept.sent_at)
    return draft_lines(language, call=call, ref=kept.ref)

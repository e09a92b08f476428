"""Checking, declaring, sending, and what one keeps of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from fastapi.responses import PlainTextResponse, Response
from sqlmodel import Session

from app.accounts.actors import Applicant
from app.applications import actions
from app.applications.actions import NotReady, SendInput
from app.applications.actions.sending import declared
from app.applications.copies import FILES, copy_names, counts_in_words, sent_in_words, written_in_words
from app.applications.coverings import FileHow, all_covered, covered, place_key, replaced
from app.applications.own import own_application, own_copy, own_draft, own_receipt
from app.applications.own_cleared import OwnCleared, own_cleared
from app.applications.own_leaks import OwnLeak, own_leaks
from app.applications.own_models import OwnApplication, OwnCall, OwnCopy, OwnDraft, OwnFile
from app.applications.refusals import NotADraft, NotASender, TooLate
from app.applications.status import Move
from app.documents.own_copy import copy_pdf, file_name
from app.documents.sender import sender_of
from app.errors import Invalid, NotFound, Problem
from app.leaks.places import TITLE
from app.messages import formats, sentence, translations
from app.messages.answer_problems import listed_notice, listed_problem
from app.messages.copies import Copy, Fact, copy_in_words, next_steps, receipt_number
from app.messages.labels import choices
from app.models.applications import Status
from app.models.calls import Phase
from app.pages.answer_places import change_href
from app.pages.answer_views import CardView, Written, answer_card
from app.pages.applications import Step
from app.pages.deadlines import DeadlineView, deadline_view
from app.pages.file_views import FileView, as_read, file_view
from app.pages.forms import FieldView, Form, Mistake, form_of, typed
from app.pages.leak_views import REVIEWERS, LeakViews, leak_id
from app.pages.on_behalf import EnteredView, entered_view
from app.pages.page import Page, path_to, see_other
from app.privacy.tallies import AboutYouInput, answer_about_you, may_answer
from app.sections.catalogue import CATALOGUE
from app.web.actors import AsApplicant
from app.web.clock import Now
from app.web.language import language_of
from app.web.session import Db

router = APIRouter(prefix="/apply/{ref}")
AboutForm = Annotated[Form[AboutYouInput], Depends(form_of(AboutYouInput, "about"))]
Pressed = Annotated[dict[str, str | list[str]], Depends(typed)]
VIEWS = {REVIEWERS: "applications.check_blind", "files": "files.list"}
"""Where a warning can be answered beside the page of what one wrote."""
SendForm = Annotated[Form[SendInput], Depends(form_of(SendInput, "send"))]


@dataclass(frozen=True, kw_only=True)
class ApplicationCheck(Page):
    """All answers before sending, or what reviewers will see of them. `leaks` are the open warnings.

    `covered` says that something in its texts was found, which reviewers do not read; `cleared`, that a
    coordinator has decided what they read.
    """

    template = "applications/check.html"
    ref: str
    blind: bool
    covered: bool
    cleared: bool
    leaks: Sequence[Mistake]
    counts: str
    deadline: DeadlineView
    missing: Sequence[Mistake]
    notices: Sequence[Mistake]
    cards: Sequence[CardView]
    files: Sequence[FileView]
    files_href: str
    sendable: bool
    reads: str


@dataclass(frozen=True, kw_only=True)
class ApplicationDeclare(Page):
    """The declaration and the one button."""

    template = "applications/declare.html"
    ref: str
    title: str
    again: str
    deadline: DeadlineView
    form: Form[SendInput]
    boxes: Sequence[FieldView]
    entered: EnteredView | None


@dataclass(frozen=True, kw_only=True)
class ApplicationSent(Page):
    """The receipt."""

    template = "applications/sent.html"
    ref: str
    number: str
    counts: str
    received: str
    corrected: str
    steps: Sequence[Step]
    sha256: str
    can_take_back: bool
    pdf_href: str
    text_href: str
    about: Form[AboutYouInput] | None
    by_mail: bool


@dataclass(frozen=True, kw_only=True)
class ApplicationCopy(Page):
    """One's answers, to read and to keep. `facts` say what the copy is of, `mark` that it was not sent."""

    template = "applications/copy.html"
    ref: str
    sent: bool
    mark: str
    mark_text: str
    tone: str
    facts: Sequence[Fact]
    cards: Sequence[CardView]
    files: Sequence[str]
    text_href: str
    pdf_href: str


@router.get("/check", name="applications.check")
def check(request: Request, session: Db, applicant: AsApplicant, now: Now, ref: str) -> Response:
    own = own_draft(session, applicant, ref, now)
    return _check(language_of(request), own, own_leaks(session, own), now).response(request)


@router.get("/check/reviewers", name="applications.check_blind")
def check_blind(request: Request, session: Db, applicant: AsApplicant, now: Now, ref: str) -> Response:
    """As a coordinator has cleared it; of what nobody has decided yet, as it is proposed to be covered."""
    own = own_draft(session, applicant, ref, now)
    cleared = own_cleared(session, own)
    leaks = [each for each in own_leaks(session, own) if not _is_decided(each, cleared)]
    return _check(language_of(request), own, leaks, now, cleared).response(request)


@router.post("/check/leaks", name="applications.leave_leak")
def leave(
    request: Request, session: Db, applicant: AsApplicant, now: Now, ref: str, form: Pressed
) -> Response:
    """Leave one place to the coordinator, or undo that; back to it in the view where it was pressed."""
    code, left = str(form.get("code", "")), form.get("_action") != "undo"
    leak = actions.leave_leak(session, applicant, ref, code, left=left, now=now)
    view = request.query_params.get("view", "")
    return see_other(
        request,
        VIEWS.get(view, "applications.check"),
        ref=ref,
        done="leak_left" if left else "leak_kept",
        anchor=leak_id(leak),
    )


def _is_decided(leak: OwnLeak, cleared: OwnCleared) -> bool:
    """Whether a coordinator has decided what reviewers read there."""
    if not leak.file:
        return place_key(leak.section, leak.field) in cleared.texts
    if cleared.files.get(leak.file) is FileHow.DROPPED:
        return True
    return leak.file in (cleared.titles if leak.field == TITLE else cleared.files)


def _check(
    language: str,
    own: OwnDraft,
    leaks: Sequence[OwnLeak],
    now: datetime,
    cleared: OwnCleared | None = None,
) -> ApplicationCheck:
    """What one wrote; with what was `cleared`, what reviewers will see of it."""
    application, blind = own.application, cleared is not None
    data = {section.code: section.data for section in own.sections}
    files = _as_read(own, leaks, cleared) if cleared else own.files
    found = LeakViews(
        language,
        leaks,
        data,
        {file.code: file.title for file in files},
        application.ref if application.writable else "",
        REVIEWERS if blind else "",
    )
    shown = replaced(all_covered(data, _spans(leaks)), cleared.texts) if cleared else data
    written = Written(
        language,
        application.language,
        copy_names(language, own.call, shown),
        application.ref if application.writable and not blind else "",
        found,
    )
    return ApplicationCheck(
        ref=application.ref,
        blind=blind,
        covered=any(not leak.file for leak in leaks),
        cleared=cleared is not None and bool(cleared.texts),
        leaks=found.listed(),
        counts=counts_in_words(language, application),
        deadline=deadline_view(language, application, now),
        missing=[] if blind else [*_listed(language, own, "problems"), *_untitled(language, own)],
        notices=[] if blind else _listed(language, own, "notices"),
        cards=[
            answer_card(written, section.code, shown[section.code], section.problems, blind=blind)
            for section in own.sections
            if not (blind and CATALOGUE[section.code].identity)
        ],
        files=_noted(language, application.ref, files, _files(language, own, files, found), cleared),
        files_href=files_href(language, application.ref) if application.writable and not blind else "",
        sendable=application.writable and own.ready,
        reads=sentence(language, NotASender.code)
        if application.receives and not application.writable
        else "",
    )


def _spans(leaks: Sequence[OwnLeak]) -> dict[str, list[tuple[int, int]]]:
    """Place -> what was found there."""
    spans: dict[str, list[tuple[int, int]]] = {}
    for leak in leaks:
        if not leak.file:
            spans.setdefault(place_key(leak.section, leak.field), []).extend(leak.spans)
    return spans


def _files(language: str, own: OwnDraft, files: Sequence[OwnFile], found: LeakViews) -> list[FileView]:
    """The cleaned copies, which are what reviewers get."""
    application = own.application
    lang = application.language if application.language != language else ""
    return [
        replace(
            file_view(
                language,
                file,
                number,
                lang,
                path_to(language, "files.open", ref=application.ref, file=file.code),
                path_to(language, "files.preview", ref=application.ref, file=file.code),
                file.size,
            ),
            leaks=found.of_file(file.code),
        )
        for number, file in enumerate(files, 1)
    ]


def _as_read(own: OwnDraft, leaks: Sequence[OwnLeak], cleared: OwnCleared) -> list[OwnFile]:
    """The files as reviewers get them: neither their size, nor what a title says of who applies."""
    read = []
    for file in own.files:
        spans = [
            span for each in leaks if (each.file, each.field) == (file.code, TITLE) for span in each.spans
        ]
        title = cleared.titles.get(file.code, covered(file.title, spans))
        read.append(file.model_copy(update={"size": 0, "title": title}))
    return read


def _noted(
    language: str, ref: str, files: Sequence[OwnFile], views: Sequence[FileView], cleared: OwnCleared | None
) -> list[FileView]:
    """With what reviewers get in the stead of a file, where it is not the file itself: that is looked at."""
    if cleared is None:
        return list(views)
    return [as_read(language, ref, file.code, view, cleared) for file, view in zip(files, views, strict=True)]


def files_href(language: str, ref: str) -> str:
    """Where files are changed, from the check page and back to it."""
    return f"{path_to(language, 'files.list', ref=ref)}?back=check"


def _untitled(language: str, own: OwnDraft) -> list[Mistake]:
    title = translations(language).ugettext("Picture and documents")
    href = files_href(language, own.application.ref)
    return [
        Mistake(f"{href}#f-title-{file.code}", f"{title} — {sentence(language, 'file.untitled')}")
        for file in own.untitled
    ]


def _listed(language: str, own: OwnDraft, kind: str) -> list[Mistake]:
    """Every problem (or notice) of every section as a link to its answer."""
    in_words = listed_notice if kind == "notices" else listed_problem
    listed = []
    for section in own.sections:
        title = choices(language, "sections")[section.code]
        found: dict[str, Problem] = getattr(section, kind)
        for name, problem in found.items():
            words = in_words(language, section.code, name, problem, section.data)
            href = change_href(language, own.application.ref, section.code, name)
            listed.append(Mistake(href, f"{title} — {words}"))
    return listed


@router.get("/send", name="applications.declare")
def declare(request: Request, session: Db, applicant: AsApplicant, now: Now, ref: str) -> Response:
    own = own_draft(session, applicant, ref, now)
    if own.application.status is not Status.DRAFT and own.application.counts_number is not None:
        return see_other(request, "applications.sent", ref=ref)
    _sendable(own.application)
    if not own.ready:
        return see_other(request, "applications.check", ref=ref)
    form = Form(SendInput, "send", language_of(request), {"number": str(own.last_number + 1)})
    return _declare(language_of(request), own, form, now).response(request)


def _sendable(own: OwnApplication) -> None:
    if own.status is not Status.DRAFT:
        raise NotADraft
    if not own.receives:
        raise TooLate
    if not own.writable:
        raise NotASender


def _declare(language: str, own: OwnDraft, form: Form[SendInput], now: datetime) -> ApplicationDeclare:
    return ApplicationDeclare(
        ref=own.application.ref,
        title=own.application.title,
        again=counts_in_words(language, own.application),
        deadline=deadline_view(language, own.application, now),
        form=form,
        boxes=[form.fields[name] for name in declared(own.call.kind)],
        entered=entered_view(language, own.application),
    )


@router.post("/send", name="applications.send")
def send(
    request: Request, session: Db, applicant: AsApplicant, now: Now, ref: str, form: SendForm
) -> Response:
    language = language_of(request)
    try:
        sent = actions.send_application(session, applicant, ref, form.value(), language=language, now=now)
    except NotReady:
        own = own_draft(session, applicant, ref, now)
        leaks = own_leaks(session, own)
        return _check(language, own, leaks, now).response(request, 422)
    except Invalid as error:
        own = own_draft(session, applicant, ref, now)
        _sendable(own.application)
        return _declare(language, own, form.refused(error), now).response(request, 422)
    if sent.desk:
        return see_other(request, "assisted.show", call=sent.desk, ref=ref, done="sent_on_behalf")
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
        received=formats.moment(language, receipt.received_at),
        corrected=formats.moment(language, receipt.sent_at) if receipt.sent_at != receipt.received_at else "",
        steps=_next_steps(language, receipt.application, receipt.call),
        sha256=receipt.sha256,
        can_take_back=Move.TAKE_BACK in receipt.application.moves,
        pdf_href=path_to(language, "applications.sending_pdf", ref=ref, number=receipt.number),
        text_href=path_to(language, "applications.sending_text", ref=ref, number=receipt.number),
        about=form if may_answer(session, applicant, ref, now) else None,
        by_mail=receipt.application.by_mail,
    )


def _next_steps(language: str, own: OwnApplication, call: OwnCall) -> list[Step]:
    """What is still to come: this page is kept as a proof and opened again later."""
    if own.phase is Phase.CANCELLED or own.status not in UNDECIDED:
        return []
    steps = [
        Step(each.title, "next", each.expected, each.when, each.moment, each.text)
        for each in next_steps(
            language, own.due_at, call.results_expected_at, own.zone, extended=own.extended
        )
    ]
    waits = own.extended and Move.TAKE_BACK in own.moves and not own.in_grace
    return steps[0 if waits else PASSED.get(own.phase, 2) :]


UNDECIDED = frozenset({Status.DRAFT, Status.SENT, Status.IN_REVIEW})
PASSED = {Phase.OPEN: 0, Phase.GRACE: 1, Phase.CLOSED: 1}
"""How many of the steps lie behind; later only the results are to come."""


@router.get("/copy", name="applications.copy")
def copy(request: Request, session: Db, applicant: AsApplicant, now: Now, ref: str) -> Response:
    language = language_of(request)
    own = own_draft(session, applicant, ref, now)
    data = {section.code: section.data for section in own.sections}
    return ApplicationCopy(
        **_shown(written_in_words(language, own, now), data, own.call),
        text_href=path_to(language, "applications.copy_text", ref=ref),
        pdf_href=path_to(language, "applications.copy_pdf", ref=ref),
    ).response(request)


@router.get("/copy.txt", name="applications.copy_text")
def copy_text(request: Request, session: Db, applicant: AsApplicant, now: Now, ref: str) -> Response:
    return _as_text(written_in_words(language_of(request), own_draft(session, applicant, ref, now), now))


@router.get("/copy.pdf", name="applications.copy_pdf")
def copy_as_pdf(request: Request, session: Db, applicant: AsApplicant, now: Now, ref: str) -> Response:
    own = own_draft(session, applicant, ref, now)
    return _as_pdf(request, written_in_words(language_of(request), own, now))


@router.get("/sent/copy", name="applications.sent_copy")
def sent_copy(request: Request, session: Db, applicant: AsApplicant, now: Now, ref: str) -> Response:
    language = language_of(request)
    kept = _counting(session, applicant, ref, now)
    return ApplicationCopy(
        **_shown(sent_in_words(language, kept), kept.sections, kept.call),
        text_href=path_to(language, "applications.sending_text", ref=ref, number=kept.number),
        pdf_href=path_to(language, "applications.sending_pdf", ref=ref, number=kept.number),
    ).response(request)


@router.get("/sent/copy.txt", name="applications.sent_copy_text")
def sent_copy_text(request: Request, session: Db, applicant: AsApplicant, now: Now, ref: str) -> Response:
    return _as_text(sent_in_words(language_of(request), _counting(session, applicant, ref, now)))


@router.get("/sent/{number}/copy.txt", name="applications.sending_text")
def sending_text(
    request: Request, session: Db, applicant: AsApplicant, now: Now, ref: str, number: str
) -> Response:
    return _as_text(sent_in_words(language_of(request), _sending(session, applicant, ref, number, now)))


@router.get("/sent/{number}/copy.pdf", name="applications.sending_pdf")
def sending_pdf(
    request: Request, session: Db, applicant: AsApplicant, now: Now, ref: str, number: str
) -> Response:
    kept = _sending(session, applicant, ref, number, now)
    return _as_pdf(request, sent_in_words(language_of(request), kept))


def _counting(session: Session, applicant: Applicant, ref: str, now: datetime) -> OwnCopy:
    """What was sent and counts. NotFound where nothing does."""
    number = own_application(session, applicant, ref, now).counts_number
    if number is None:
        raise NotFound
    return own_copy(session, applicant.person_id, ref, number, now)


def _sending(session: Session, applicant: Applicant, ref: str, number: str, now: datetime) -> OwnCopy:
    """One sending, whether it still counts or not. What is no number is not found."""
    if not (number.isascii() and number.isdecimal() and len(number) < 5):
        raise NotFound
    return own_copy(session, applicant.person_id, ref, int(number), now)


def _shown(copy: Copy, data: Mapping[str, Mapping[str, Any]], call: OwnCall) -> dict[str, Any]:
    """The copy as the page shows it."""
    written = Written(copy.language, copy.written_in, copy_names(copy.language, call, data))
    return {
        "ref": copy.ref,
        "sent": copy.sent,
        "mark": copy.mark,
        "mark_text": copy.mark_text,
        "tone": "err" if copy.unsent else "",
        "facts": [*copy.facts, *copy.proof],
        "cards": [
            replace(answer_card(written, section.code, data[section.code]), totals=section.totals)
            for section in copy.sections
            if section.code in data
        ],
        "files": [
            f"{each.label}: {each.text}"
            for part in copy.sections
            for each in part.answers
            if part.code == FILES
        ],
    }


def _as_text(copy: Copy) -> Response:
    return PlainTextResponse(
        copy_in_words(copy), headers={"Content-Disposition": f'attachment; filename="{file_name(copy)}.txt"'}
    )


def _as_pdf(request: Request, copy: Copy) -> Response:
    programme = request.state.programme.get(request.state.engine)
    made = copy_pdf(copy, sender_of(copy.language, programme))
    headers = {"Content-Disposition": f'attachment; filename="{file_name(copy)}.pdf"'}
    return Response(made, media_type="application/pdf", headers=headers)

"""One's own applications: the list, beginning one, its task list, leaving."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response
from sqlmodel import Session

from app.applications import actions
from app.applications.actions import ConsentInput
from app.applications.actions.starting import startable_call
from app.applications.copies import counts_in_words
from app.applications.own import own_application, own_applications, own_draft
from app.applications.own_models import OwnApplication, OwnDraft, OwnExtension, OwnSection
from app.applications.refusals import AlreadySent
from app.applications.roles import OwnRole, own_roles
from app.applications.status import OUT, IllegalMove, Move
from app.calls.invitations import calls_inviting
from app.calls.public import public_check
from app.errors import Invalid
from app.messages import formats, label, translations
from app.messages.labels import choices
from app.models.applications import Status
from app.models.calls import Phase
from app.models.panel import PanelRole
from app.pages.check_views import AnsweredView, answered_views
from app.pages.deadlines import DeadlineView, deadline_view
from app.pages.forms import Form, form_of
from app.pages.on_behalf import EnteredView, entered_view
from app.pages.page import Page, path_to, see_other, text_in
from app.pages.presences import PresenceView, presence_view
from app.sections.judging import Progress
from app.web.actors import AsApplicant, is_shared_computer
from app.web.checked import checked_answers, forget_answers
from app.web.clock import Now
from app.web.language import language_of
from app.web.session import Db

router = APIRouter()
ConsentForm = Annotated[Form[ConsentInput], Depends(form_of(ConsentInput, "consent"))]

TONES = {
    Progress.COMPLETED: "none",
    Progress.IN_PROGRESS: "warn",
    Progress.NOT_STARTED: "info",
    Progress.PROBLEM: "err",
}
STATUS_TONES = {
    Status.DRAFT: "warn",
    Status.SENT: "ok",
    Status.IN_REVIEW: "info",
    Status.AWARDED: "ok",
    Status.NOT_SELECTED: "mute",
    Status.WITHDRAWN: "mute",
    Status.REFUSED: "err",
}


@dataclass(frozen=True, slots=True)
class Card:
    """One application in the list."""

    ref: str
    title: str
    call: str
    status: str
    tone: str
    href: str
    action: str
    counts: str
    deadline: str
    fix_until: str
    invited_until: str
    fix_href: str


@dataclass(frozen=True, slots=True)
class Door:
    """A link to where else this person works."""

    words: str
    href: str


@dataclass(frozen=True, slots=True)
class Task:
    """One line of the task list."""

    id: str
    title: str
    href: str
    status: str
    tone: str
    detail: str


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the timeline."""

    title: str
    state: str
    status: str
    when: str
    moment: str
    text: str


@dataclass(frozen=True, kw_only=True)
class MyHome(Page):
    """Everything that is one's own."""

    template = "applications/home.html"
    cards: Sequence[Card]
    doors: Sequence[Door]
    by_mail: bool


@dataclass(frozen=True, kw_only=True)
class ApplicationStart(Page):
    """Consent, before anything is typed."""

    template = "applications/start.html"
    call: str
    call_title: str
    checked: Sequence[AnsweredView]
    form: Form[ConsentInput]


@dataclass(frozen=True, kw_only=True)
class ApplicationTasks(Page):
    """The task list."""

    template = "applications/tasks.html"
    ref: str
    call_title: str
    progress: str
    percent: int
    deadline: DeadlineView
    extended: str
    counts: str
    presence: PresenceView | None
    reads: bool
    locked: bool
    minutes: str
    first_href: str
    entered: EnteredView | None
    by_mail: bool
    local: str
    tasks: Sequence[Task]
    sending: Sequence[Task]
    links: Sequence[Door]


@dataclass(frozen=True, kw_only=True)
class ApplicationLeave(Page):
    """The page before a step that cannot be undone."""

    template = "applications/leave.html"
    ref: str
    title: str
    deletes: bool
    consents: bool


@router.get("/my", name="my.home")
def home(request: Request, session: Db, applicant: AsApplicant, now: Now) -> Response:
    language = language_of(request)
    roles = own_roles(session, applicant)
    gettext = translations(language).ugettext
    doors = [
        Door(
            gettext("You are invited to score: {call}").format(call=text_in(language, title)),
            path_to(language, "seats.show", seat=code),
        )
        for code, title in calls_inviting(session, applicant.person_id)
    ]
    doors += [_door(language, role) for role in roles.panel]
    if roles.manager:
        doors.append(Door(gettext("Set up calls"), f"/{language}/desk/new"))
    found = own_applications(session, applicant, now)
    cards = [_card(language, own) for own in found]
    by_mail = all(own.by_mail for own in found)
    return MyHome(cards=cards, doors=doors, by_mail=by_mail).response(request)


def _door(language: str, role: OwnRole) -> Door:
    gettext, title = translations(language).ugettext, text_in(language, role.call_title)
    if role.role is PanelRole.REVIEWER:
        return Door(
            gettext("Score applications: {call}").format(call=title),
            path_to(language, "reviews.list", call=role.call),
        )
    if role.role is PanelRole.CONTACT:
        return Door(
            gettext("Your organisation's reviewers: {call}").format(call=title),
            path_to(language, "contact.show", call=role.call),
        )
    return Door(
        gettext("Run the call: {call}").format(call=title), path_to(language, "desk.home", call=role.call)
    )


def _card(language: str, own: OwnApplication) -> Card:
    gettext = translations(language).ugettext
    state, tone = state_in_words(language, own)
    write = own.writable
    route = "applications.tasks" if own.receives else "applications.status"
    return Card(
        ref=own.ref,
        title=own.title or gettext("Without a title yet"),
        call=text_in(language, own.call_title),
        status=state,
        tone=tone,
        href=path_to(language, "pitch.show" if own.invited_until else route, ref=own.ref),
        action=gettext("Answer the invitation")
        if own.invited_until
        else gettext("Go on writing")
        if write
        else gettext("Read it")
        if own.receives
        else gettext("See where it stands"),
        counts=counts_in_words(language, own),
        deadline=formats.moment(language, own.due_at, own.zone) if own.receives and own.due_at else "",
        fix_until=formats.moment(language, own.fix_until) if own.fix_until else "",
        invited_until=formats.moment(language, own.invited_until, own.zone) if own.invited_until else "",
        fix_href=path_to(language, "applications.fix", ref=own.ref) if own.fix_until else "",
    )


DECIDING = frozenset({Phase.REVIEWED, Phase.DECIDED})


def state_in_words(language: str, own: OwnApplication) -> tuple[str, str]:
    """Where it stands, as its team may know it, and the tone of these words."""
    states = choices(language, "application_state")
    if own.phase is Phase.CANCELLED and own.status not in OUT:
        return states["cancelled"], "mute"
    if own.phase in DECIDING and own.status is Status.IN_REVIEW:
        return states["waiting"], "info"
    return label(language, own.status), STATUS_TONES[own.status]


@router.get("/calls/{call}/apply", name="applications.consent")
def consent(request: Request, session: Db, applicant: AsApplicant, now: Now, call: str) -> Response:
    form = Form(ConsentInput, "consent", language_of(request))
    return _start(request, session, applicant, now, call, form).response(request)


@router.post("/calls/{call}/apply", name="applications.start")
def start(
    request: Request, session: Db, applicant: AsApplicant, now: Now, call: str, form: ConsentForm
) -> Response:
    checked = checked_answers(request, call, now)
    try:
        ref = actions.start_application(
            session,
            applicant,
            call,
            form.value(),
            language=language_of(request),
            now=now,
            checked=checked,
        )
    except Invalid as error:
        return _start(request, session, applicant, now, call, form.refused(error)).response(request, 422)
    response = see_other(request, "applications.tasks", ref=ref, done="application_started")
    if checked.given:
        forget_answers(request, response)
    return response


def _start(
    request: Request,
    session: Session,
    applicant: AsApplicant,
    now: datetime,
    call: str,
    form: Form[ConsentInput],
) -> ApplicationStart:
    """The consents, with what the browser brings along from the eligibility check."""
    title = startable_call(session, applicant, call, now).title
    language = language_of(request)
    checked = checked_answers(request, call, now)
    return ApplicationStart(
        call=call,
        call_title=text_in(language, title),
        checked=answered_views(public_check(session, call, now), checked, language, "consent")
        if checked.given
        else [],
        form=form,
    )


@router.get("/apply/{ref}", name="applications.tasks")
def tasks(request: Request, session: Db, applicant: AsApplicant, now: Now, ref: str) -> Response:
    own = own_draft(session, applicant, ref, now)
    if own.application.status is not Status.DRAFT:
        return see_other(request, "applications.status", ref=ref)
    local = "" if is_shared_computer(request) else f"{ref}/"
    language = language_of(request)
    presence = presence_view(session, applicant, own.application, language, now)
    return _tasks(language, own, now, local, presence).response(request)


def _tasks(
    language: str, own: OwnDraft, now: datetime, local: str, presence: PresenceView | None
) -> ApplicationTasks:
    gettext = translations(language).ugettext
    application, call = own.application, own.call
    locked = not application.writable
    total = len(own.sections)
    return ApplicationTasks(
        ref=application.ref,
        call_title=text_in(language, call.title),
        progress=gettext("Completed sections: {done} / {all}").format(done=own.completed, all=total),
        percent=own.completed * 100 // total if total else 0,
        deadline=deadline_view(language, application, now),
        extended=extension_in_words(language, application, own.extension),
        counts=counts_in_words(language, application),
        presence=presence,
        reads=locked and application.receives,
        locked=locked,
        minutes=_rest(language, own.minutes_left),
        first_href=_first(language, own),
        entered=entered_view(language, application),
        by_mail=application.by_mail,
        local=local,
        tasks=[
            *(_task(language, application, section) for section in own.sections),
            _files_task(language, own),
        ],
        sending=[] if locked else [_sending_task(language, own)],
        links=_links(language, application),
    )


def _rest(language: str, minutes: int) -> str:
    words = translations(language).ugettext("Time left to write: {minutes}.")
    return words.format(minutes=minutes_in_words(language, minutes)) if minutes else ""


def _first(language: str, own: OwnDraft) -> str:
    """Where an empty draft is begun: with two or three sentences. Nothing once anything is written."""
    begun = any(section.status is not Progress.NOT_STARTED for section in own.sections)
    if begun or all(section.code != "brief" for section in own.sections):
        return ""
    return path_to(language, "applications.write", ref=own.application.ref, section="brief")


def extension_in_words(language: str, own: OwnApplication, extension: OwnExtension | None) -> str:
    """That this application has a later deadline than the call, since when and why; else nothing."""
    if extension is None or own.closes_at is None:
        return ""
    words = translations(language).ugettext(
        "The call closes: {closes}. You were given more time on {day}, because: {reason}"
    )
    return words.format(
        closes=formats.moment(language, own.closes_at, own.zone),
        day=formats.day(language, extension.given_at, own.zone),
        reason=extension.reason,
    )


def minutes_in_words(language: str, minutes: int) -> str:
    """Honest minutes, not percent."""
    return (
        translations(language).ungettext("about {n} minute", "about {n} minutes", minutes).format(n=minutes)
    )


def _links(language: str, own: OwnApplication) -> list[Door]:
    """What else may be done with an application, below its sections."""
    gettext = translations(language).ugettext
    links = [Door(gettext("Download my answers so far"), path_to(language, "applications.copy", ref=own.ref))]
    alone = own.members == 1
    team = gettext("Invite a teammate") if own.owner and alone else gettext("Your team")
    if own.entered is None or not own.entered.by_me:
        if own.receives or not alone:
            links.append(Door(team, path_to(language, "team.list", ref=own.ref)))
        words = gettext("What you agreed to")
        links.append(Door(words, path_to(language, "applications.consents", ref=own.ref)))
    if own.counts_number is None and own.owner:
        words = gettext("Delete this draft")
        links.append(Door(words, path_to(language, "applications.discard", ref=own.ref)))
    elif own.counts_number is not None and Move.WITHDRAW in own.moves:
        words = gettext("Withdraw this application")
        links.append(Door(words, path_to(language, "applications.leave", ref=own.ref)))
    return links


def _task(language: str, own: OwnApplication, section: OwnSection) -> Task:
    ngettext = translations(language).ungettext
    details = []
    if own.writable and section.status is not Progress.COMPLETED:
        details.append(minutes_in_words(language, section.minutes_left))
    if section.missing and section.status in {Progress.IN_PROGRESS, Progress.PROBLEM}:
        missing = ngettext("{n} answer missing", "{n} answers missing", section.missing)
        details.append(missing.format(n=section.missing))
    return Task(
        id=f"task-{section.code}",
        title=choices(language, "sections")[section.code],
        href=_section_href(language, own, section.code),
        status=choices(language, "progress")[section.status],
        tone=TONES[section.status],
        detail=" · ".join(details),
    )


def _section_href(language: str, own: OwnApplication, section: str) -> str:
    """Where it is written, or read by who may only read; nowhere once nothing can be changed."""
    if own.writable:
        return path_to(language, "applications.write", ref=own.ref, section=section)
    return f"{path_to(language, 'applications.copy', ref=own.ref)}#{section}" if own.receives else ""


def _files_task(language: str, own: OwnDraft) -> Task:
    """Pictures and documents may be left out, so they never count among the sections."""
    gettext, ngettext = translations(language).ugettext, translations(language).ungettext
    status, tone, detail = gettext("Optional"), "none", gettext("One picture and up to three PDFs")
    if own.files:
        status = ngettext("{n} file", "{n} files", len(own.files)).format(n=len(own.files))
        detail = ""
    if own.untitled:
        status, tone = choices(language, "progress")[Progress.PROBLEM], TONES[Progress.PROBLEM]
        detail = gettext("Say what each file shows")
    return Task(
        id="task-files",
        title=gettext("Picture and documents"),
        href=_files_href(language, own),
        status=status,
        tone=tone,
        detail=detail,
    )


def _files_href(language: str, own: OwnDraft) -> str:
    """Where they are changed, or looked at by who may only read; nowhere once nothing can be changed."""
    application = own.application
    if application.writable:
        return path_to(language, "files.list", ref=application.ref)
    if application.receives and own.files:
        return f"{path_to(language, 'applications.check', ref=application.ref)}#files"
    return ""


def _sending_task(language: str, own: OwnDraft) -> Task:
    gettext = translations(language).ugettext
    if own.ready:
        status, tone = gettext("Ready to send"), "ok"
    else:
        status, tone = gettext("You can look at it any time"), "none"
    return Task(
        id="task-check",
        title=gettext("Check your answers and send"),
        href=path_to(language, "applications.check", ref=own.application.ref),
        status=status,
        tone=tone,
        detail="",
    )


@router.get("/apply/{ref}/withdraw", name="applications.leave")
def leave(
    request: Request, session: Db, applicant: AsApplicant, now: Now, ref: str, consent: bool = False
) -> Response:
    """With `consent` it is how the needed consents are taken back."""
    own = own_application(session, applicant, ref, now)
    if Move.WITHDRAW not in own.moves:
        raise IllegalMove
    return ApplicationLeave(ref=ref, title=own.title, deletes=False, consents=consent).response(request)


@router.post("/apply/{ref}/withdraw", name="applications.withdraw")
def withdraw(
    request: Request, session: Db, applicant: AsApplicant, now: Now, ref: str, consent: bool = False
) -> Response:
    actions.withdraw_application(session, applicant, ref, now, consents=consent)
    return see_other(request, "applications.status", ref=ref, done="withdrawn")


@router.get("/apply/{ref}/delete", name="applications.discard")
def discard(request: Request, session: Db, applicant: AsApplicant, now: Now, ref: str) -> Response:
    own = own_application(session, applicant, ref, now)
    if own.counts_number is not None or own.status is not Status.DRAFT or not own.owner:
        raise AlreadySent
    return ApplicationLeave(ref=ref, title=own.title, deletes=True, consents=False).response(request)


@router.post("/apply/{ref}/delete", name="applications.delete")
def delete(request: Request, session: Db, applicant: AsApplicant, now: Now, ref: str) -> Response:
    actions.delete_draft(session, applicant, ref, now)
    return see_other(request, "my.home", done="deleted")


@router.post("/apply/{ref}/take-over", name="applications.take_over")
def take_over(request: Request, session: Db, applicant: AsApplicant, now: Now, ref: str) -> Response:
    actions.go_on_alone(session, applicant, ref, now)
    return see_other(request, "applications.tasks", ref=ref, done="gone_on_alone")


@router.post("/apply/{ref}/take-back", name="applications.take_back")
def take_back(request: Request, session: Db, applicant: AsApplicant, now: Now, ref: str) -> Response:
    actions.take_back(session, applicant, ref, now)
    return see_other(request, "applications.tasks", ref=ref, done="taken_back")

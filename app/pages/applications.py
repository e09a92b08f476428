"""One's own applications: the list, beginning one, its task list, leaving."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from app.applications import actions
from app.applications.actions import ConsentInput
from app.applications.actions.starting import startable_call
from app.applications.own import own_application, own_applications, own_draft
from app.applications.own_models import OwnApplication, OwnDraft, OwnSection
from app.applications.refusals import AlreadySent
from app.applications.roles import own_roles
from app.applications.status import IllegalMove, Move
from app.errors import Invalid
from app.messages import formats, label, translations
from app.messages.labels import choices
from app.models.applications import Status
from app.models.calls import Phase
from app.models.panel import PanelRole
from app.pages.forms import Form, form_of
from app.pages.page import Page, path_to, see_other, text_in
from app.sections.judging import Progress
from app.web.actors import AsApplicant
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


@dataclass(frozen=True, kw_only=True)
class ApplicationStart(Page):
    """Consent, before anything is typed."""

    template = "applications/start.html"
    call: str
    call_title: str
    form: Form[ConsentInput]


@dataclass(frozen=True, kw_only=True)
class ApplicationTasks(Page):
    """The task list."""

    template = "applications/tasks.html"
    ref: str
    call_title: str
    progress: str
    percent: int
    deadline: str
    left: str
    counts: str
    locked: bool
    fresh: bool
    first: str
    tasks: Sequence[Task]
    sending: Sequence[Task]
    deletable: bool
    withdrawable: bool


@dataclass(frozen=True, kw_only=True)
class ApplicationLeave(Page):
    """The page before a step that cannot be undone."""

    template = "applications/leave.html"
    ref: str
    title: str
    deletes: bool


@router.get("/my", name="my.home")
def home(request: Request, session: Db, applicant: AsApplicant, now: Now) -> Response:
    language = language_of(request)
    roles = own_roles(session, applicant)
    gettext = translations(language).ugettext
    doors = [
        Door(
            gettext("Score applications: {call}").format(call=text_in(language, role.call_title))
            if role.role is PanelRole.REVIEWER
            else gettext("Run the call: {call}").format(call=text_in(language, role.call_title)),
            f"/{language}/{'review' if role.role is PanelRole.REVIEWER else 'desk'}/{role.call}",
        )
        for role in roles.panel
    ]
    if roles.manager:
        doors.append(Door(gettext("Set up calls"), f"/{language}/desk/new"))
    cards = [_card(language, own) for own in own_applications(session, applicant, now)]
    return MyHome(cards=cards, doors=doors).response(request)


def _card(language: str, own: OwnApplication) -> Card:
    gettext = translations(language).ugettext
    state, tone = state_in_words(language, own)
    write = own.writable
    route = "applications.tasks" if write else "applications.status"
    return Card(
        ref=own.ref,
        title=own.title or gettext("Without a title yet"),
        call=text_in(language, own.call_title),
        status=state,
        tone=tone,
        href=path_to(language, route, ref=own.ref),
        action=gettext("Go on writing") if write else gettext("See where it stands"),
        counts=counts_in_words(language, own),
        deadline=formats.moment(language, own.closes_at) if write and own.closes_at else "",
    )


DECIDING = frozenset({Phase.REVIEWED, Phase.DECIDED})


def state_in_words(language: str, own: OwnApplication) -> tuple[str, str]:
    """Where it stands, as its team may know it, and the tone of these words."""
    states = choices(language, "application_state")
    if own.phase is Phase.CANCELLED and own.status is not Status.WITHDRAWN:
        return states["cancelled"], "mute"
    if own.phase in DECIDING and own.status is Status.IN_REVIEW:
        return states["waiting"], "info"
    return label(language, own.status), STATUS_TONES[own.status]


def counts_in_words(language: str, own: OwnApplication) -> str:
    """What counts while something newer is being written; nothing to say otherwise."""
    if not own.changed_after_sending or own.sent_at is None:
        return ""
    words = translations(language).ugettext(
        "Your changes are not sent. What you sent on {day} at {time} will count."
    )
    return words.format(day=formats.day(language, own.sent_at), time=formats.clock(own.sent_at))


@router.get("/calls/{call}/apply", name="applications.consent")
def consent(request: Request, session: Db, applicant: AsApplicant, now: Now, call: str) -> Response:
    row = startable_call(session, applicant, call, now)
    language = language_of(request)
    form = Form(ConsentInput, "consent", language)
    return ApplicationStart(call=call, call_title=text_in(language, row.title), form=form).response(request)


@router.post("/calls/{call}/apply", name="applications.start")
def start(
    request: Request, session: Db, applicant: AsApplicant, now: Now, call: str, form: ConsentForm
) -> Response:
    language = language_of(request)
    try:
        ref = actions.start_application(session, applicant, call, form.value(), language=language, now=now)
    except Invalid as error:
        title = text_in(language, startable_call(session, applicant, call, now).title)
        return ApplicationStart(call=call, call_title=title, form=form.refused(error)).response(request, 422)
    return see_other(request, "applications.tasks", ref=ref, done="application_started")


@router.get("/apply/{ref}", name="applications.tasks")
def tasks(request: Request, session: Db, applicant: AsApplicant, now: Now, ref: str) -> Response:
    own = own_draft(session, applicant, ref, now)
    if own.application.status is not Status.DRAFT:
        return see_other(request, "applications.status", ref=ref)
    return _tasks(language_of(request), own, now).response(request)


def _tasks(language: str, own: OwnDraft, now: datetime) -> ApplicationTasks:
    gettext = translations(language).ugettext
    application, call = own.application, own.call
    locked = not application.writable
    total = len(own.sections)
    deadline = formats.moment(language, call.closes_at) if call.closes_at else ""
    return ApplicationTasks(
        ref=application.ref,
        call_title=text_in(language, call.title),
        progress=gettext("Completed sections: {done} / {all}").format(done=own.completed, all=total),
        percent=own.completed * 100 // total if total else 0,
        deadline=deadline,
        left=_time_left(language, call.closes_at, call.phase, now),
        counts=counts_in_words(language, application),
        locked=locked,
        fresh=all(section.status is Progress.NOT_STARTED for section in own.sections),
        first=choices(language, "sections")["brief"]
        if any(section.code == "brief" for section in own.sections)
        else "",
        tasks=[
            *(_task(language, application.ref, section, locked) for section in own.sections),
            _files_task(language, own, locked),
        ],
        sending=[_sending_task(language, own, locked)],
        deletable=application.counts_number is None and application.owner,
        withdrawable=application.counts_number is not None and Move.WITHDRAW in application.moves,
    )


def _time_left(language: str, closes_at: datetime | None, reached: Phase, now: datetime) -> str:
    gettext, ngettext = translations(language).ugettext, translations(language).ungettext
    if closes_at is None or now >= closes_at:
        return gettext("The deadline has passed: send at once.") if reached is Phase.GRACE else ""
    left = closes_at - now
    if left.days:
        return ngettext("{n} day left.", "{n} days left.", left.days).format(n=left.days)
    hours = max(1, left.seconds // 3600)
    return ngettext("{n} hour left.", "{n} hours left.", hours).format(n=hours)


def _task(language: str, ref: str, section: OwnSection, locked: bool) -> Task:
    ngettext = translations(language).ungettext
    minutes = ngettext("about {n} minute", "about {n} minutes", section.minutes).format(n=section.minutes)
    missing = ngettext("{n} answer missing", "{n} answers missing", section.missing).format(n=section.missing)
    details = {
        Progress.NOT_STARTED: minutes,
        Progress.IN_PROGRESS: missing,
        Progress.PROBLEM: missing if section.missing else "",
        Progress.COMPLETED: "",
    }
    return Task(
        id=f"task-{section.code}",
        title=choices(language, "sections")[section.code],
        href="" if locked else path_to(language, "applications.write", ref=ref, section=section.code),
        status=choices(language, "progress")[section.status],
        tone=TONES[section.status],
        detail=details[section.status],
    )


def _files_task(language: str, own: OwnDraft, locked: bool) -> Task:
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
        href="" if locked else path_to(language, "files.list", ref=own.application.ref),
        status=status,
        tone=tone,
        detail=detail,
    )


def _sending_task(language: str, own: OwnDraft, locked: bool) -> Task:
    gettext = translations(language).ugettext
    if locked:
        status, tone = gettext("The deadline has passed"), "mute"
    elif own.ready:
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
def leave(request: Request, session: Db, applicant: AsApplicant, now: Now, ref: str) -> Response:
    own = own_application(session, applicant, ref, now)
    if Move.WITHDRAW not in own.moves:
        raise IllegalMove
    return ApplicationLeave(ref=ref, title=own.title, deletes=False).response(request)


@router.post("/apply/{ref}/withdraw", name="applications.withdraw")
def withdraw(request: Request, session: Db, applicant: AsApplicant, now: Now, ref: str) -> Response:
    actions.withdraw_application(session, applicant, ref, now)
    return see_other(request, "applications.status", ref=ref, done="withdrawn")


@router.get("/apply/{ref}/delete", name="applications.discard")
def discard(request: Request, session: Db, applicant: AsApplicant, now: Now, ref: str) -> Response:
    own = own_application(session, applicant, ref, now)
    if own.counts_number is not None or own.status is not Status.DRAFT or not own.owner:
        raise AlreadySent
    return ApplicationLeave(ref=ref, title=own.title, deletes=True).response(request)


@router.post("/apply/{ref}/delete", name="applications.delete")
def delete(request: Request, session: Db, applicant: AsApplicant, now: Now, ref: str) -> Response:
    actions.delete_draft(session, applicant, ref, now)
    return see_other(request, "my.home", done="deleted")


@router.post("/apply/{ref}/take-back", name="applications.take_back")
def take_back(request: Request, session: Db, applicant: AsApplicant, now: Now, ref: str) -> Response:
    actions.take_back(session, applicant, ref, now)
    return see_other(request, "applications.tasks", ref=ref, done="taken_back")

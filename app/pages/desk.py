"""A coordinator's overview of a call and its applications."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response
from sqlmodel import Session

from app.accounts.actors import Coordinator
from app.accounts.panel_names import names_of
from app.applications import full
from app.applications.full import FullApplication, FullCheck, FullIdentity, FullLeak, FullList
from app.calls.eligibility import EligibilityAnswers
from app.calls.lifting import names_open
from app.calls.public import public_check
from app.calls.titles import call_title, title_and_themes
from app.database import session_on
from app.decisions.waiting import count_revealed
from app.messages import formats, label, sentence, translations
from app.messages.answers import Answer, call_names, in_language, shown, with_activities
from app.messages.labels import choices
from app.models.calls import Phase
from app.pages.check_views import AnsweredView, answered_views
from app.pages.file_views import FileNumber, FileView, file_view, size_in_words
from app.pages.forms import FieldView
from app.pages.leak_views import in_quotes, place_in_words
from app.pages.more import more_in_words
from app.pages.page import Page, path_to
from app.pages.progress import forecast_in_words, is_late
from app.pages.shell import LANGUAGE_NAMES
from app.pages.sieve import Sifted, sieve_fields
from app.pages.waiting import Todo, todos
from app.reviews.progress import DeskStanding, ReviewerProgress, desk_look
from app.web.actors import AsCoordinator
from app.web.clock import Now
from app.web.downloads import sent
from app.web.language import language_of
from app.web.session import Db

router = APIRouter(prefix="/desk/{call}")
PER_PAGE = 50
MOST_BEHIND = 8
"""So many reviewers are named on the desk; all stand on the page of progress."""


@dataclass(frozen=True, slots=True)
class Chapter:
    """One section of an application in words."""

    title: str
    answers: list[Answer]


@dataclass(frozen=True, slots=True)
class Step:
    """One step of an application's life, in words."""

    words: str
    at: datetime


@dataclass(frozen=True, slots=True)
class LeakLine:
    """One place that may give the applicant away: what, where, and what stands there."""

    kind: str
    place: str
    said: str
    sure: str
    left: str


@dataclass(frozen=True, slots=True)
class BehindRow:
    """A reviewer who will not be done in time: how much is left, and when it is done at this pace."""

    name: str
    organisation: str
    left: str
    pace: str


@dataclass(frozen=True, kw_only=True)
class DeskHome(Page):
    """Where the call stands, what waits, and how far everybody is; progress only, never a score."""

    template = "desk/home.html"
    call: str
    call_title: str
    sentence: str
    forecast: str
    late: bool
    progress: DeskStanding
    behind: list[BehindRow]
    more_behind: str
    organisations: list[tuple[str, int, int, int]]
    todos: list[Todo]
    can_open: bool
    can_close: bool
    can_award: bool
    decided: bool
    published: bool


@dataclass(frozen=True, kw_only=True)
class DeskApplications(Page):
    """All applications that were sent. `names` is filled only when they were asked for."""

    template = "desk/applications.html"
    call: str
    call_title: str
    applications: FullList
    names: dict[str, str]
    languages: dict[str, str]
    fields: Sequence[FieldView]
    narrowed: bool
    checking: bool
    searching: bool
    start: int
    end: int
    earlier: str
    later: str
    hidden: bool
    with_names: str


@dataclass(frozen=True, kw_only=True)
class DeskApplication(Page):
    """One application with who stands behind it; this look is in the log."""

    template = "desk/application.html"
    call: str
    ref: str
    code: str
    title: str
    lang: str
    status: str
    sent_at: datetime
    due_at: datetime | None
    extended: bool
    entered: str
    display_name: str
    identity: list[Chapter]
    chapters: list[Chapter]
    leaks: str
    leak_lines: list[LeakLine]
    verdict: str
    checked: list[AnsweredView]
    files: list[FileView]
    history: list[Step]


@router.get("", name="desk.home")
def home(request: Request, session: Db, coordinator: AsCoordinator, now: Now, call: str) -> Response:
    language = language_of(request)
    look = desk_look(session, coordinator, now, most=MOST_BEHIND)
    progress = look.standing
    return DeskHome(
        call=call,
        call_title=call_title(session, coordinator, language),
        sentence=_sentence(session, coordinator, language, progress),
        forecast=forecast_in_words(language, progress),
        late=is_late(progress),
        progress=progress,
        behind=_behind(session, coordinator, language, progress, look.behind),
        more_behind=more_in_words(language, look.late - MOST_BEHIND),
        organisations=[
            (in_language(language, each.name), each.assigned, each.sent, each.holes)
            for each in progress.organisations
        ],
        todos=todos(session, coordinator, language, call, look, now),
        can_open=progress.phase is Phase.CLOSED and not progress.extended,
        can_close=progress.phase is Phase.REVIEWING,
        can_award=progress.phase in {Phase.REVIEWED, Phase.DECIDED, Phase.PUBLISHED},
        decided=progress.phase in {Phase.DECIDED, Phase.PUBLISHED},
        published=progress.phase is Phase.PUBLISHED,
    ).response(request)


@router.get("/applications", name="desk.applications")
def list_applications(
    request: Request,
    session: Db,
    coordinator: AsCoordinator,
    now: Now,
    call: str,
    sifted: Sifted,
    q: Annotated[str, Query(max_length=200)] = "",
    start: Annotated[int, Query(ge=0, le=1_000_000)] = 0,
    names: bool = False,
) -> Response:
    listed = full.full_list(session, coordinator, search=q, sieve=sifted, limit=PER_PAGE, offset=start)
    shown_names: dict[str, str] = {}
    if names and listed.lines:
        # Names are read and logged in a short unit of their own: this request's is for reading.
        with session_on(request.state.engine) as own, own.begin():
            shown_names = full.read_names(own, coordinator, [line.ref for line in listed.lines], now)
    after = start + PER_PAGE
    hidden = not names and not names_open(session, coordinator, now)
    title, themes = title_and_themes(session, coordinator, language_of(request))
    return DeskApplications(
        call=call,
        call_title=title,
        applications=listed,
        names=shown_names,
        languages=LANGUAGE_NAMES,
        fields=sieve_fields(language_of(request), themes, q, sifted),
        narrowed=not sifted.empty,
        checking=sifted.screening is not None,
        searching=bool(q.strip()) or not sifted.empty,
        start=start + 1,
        end=start + len(listed.lines),
        earlier=_query(request, start=max(0, start - PER_PAGE)) if start else "",
        later=_query(request, start=after) if after < listed.total else "",
        hidden=hidden,
        with_names="" if names or hidden else _query(request, names=1),
    ).response(request)


@router.get("/applications/{ref}", name="desk.application")
def show_application(
    request: Request, session: Db, coordinator: AsCoordinator, now: Now, call: str, ref: str
) -> Response:
    language = language_of(request)
    found = full.full_one(session, coordinator, ref)
    identity = _identity(request, coordinator, ref, now)
    names = with_activities(
        language,
        call_names(language, found.themes, found.priorities, found.own_question),
        found.sections.get("work_plan", {}),
    )
    titles, moves = choices(language, "sections"), choices(language, "moves")

    def chapters(sections: dict[str, dict[str, object]]) -> list[Chapter]:
        return [
            Chapter(
                titles[section],
                [each for each in shown(language, section, data, names) if not each.empty],
            )
            for section, data in sections.items()
        ]

    return DeskApplication(
        call=call,
        ref=found.ref,
        code=found.code,
        title=found.title,
        lang=found.language,
        status=label(language, found.status),
        sent_at=found.sent_at,
        due_at=found.due_at,
        extended=found.extended_to is not None,
        entered=_entered(language, found),
        display_name=identity.display_name,
        identity=chapters(identity.sections),
        chapters=chapters(found.sections),
        leaks=_leaks_in_words(language, len(identity.leaks)),
        leak_lines=[_leak_line(language, found, each) for each in identity.leaks],
        verdict=choices(language, "check_found")[found.checked.verdict] if found.checked else "",
        checked=_checked(session, call, found.checked, language, now),
        files=_files(language, call, found, identity),
        history=[Step(moves.get(each.move, each.move), each.at) for each in found.history],
    ).response(request)


def _leaks_in_words(language: str, places: int) -> str:
    if not places:
        return ""
    words = translations(language).ungettext(
        "{n} place may give the applicant away", "{n} places may give the applicant away", places
    )
    return words.format(n=formats.number(language, places))


def _leak_line(language: str, found: FullApplication, leak: FullLeak) -> LeakLine:
    gettext = translations(language).ugettext
    place = choices(language, "sections").get(leak.section, "")
    if leak.file is not None:
        place = gettext("Picture and documents")
        about = next((each.title for each in found.files if each.number == leak.file), "")
    else:
        about = place_in_words(language, leak.section, leak.field, found.sections.get(leak.section, {}))
    return LeakLine(
        kind=choices(language, "leaks")[leak.kind],
        place=f"{place} — {about}",
        said=in_quotes(leak.words),
        sure=gettext("found") if leak.sure else gettext("may be one"),
        left=gettext("left to you to cover") if leak.left else "",
    )


def _entered(language: str, found: FullApplication) -> str:
    """That a coordinator typed it in, and so knows whose it is; nothing where its team did."""
    if found.entered is None:
        return ""
    words = translations(language).ugettext(
        "Typed in on behalf of its owner by: {by}. It came: {channel}, {day}."
    )
    return words.format(
        by=found.entered.by,
        channel=label(language, found.entered.channel),
        day=formats.day(language, found.entered.received_on),
    )


def _checked(
    session: Session, call: str, checked: FullCheck | None, language: str, now: datetime
) -> list[AnsweredView]:
    """What was answered before signing in; nothing is asked of the database where nothing was."""
    if checked is None:
        return []
    answers = EligibilityAnswers.model_validate(checked.answers)
    return answered_views(public_check(session, call, now), answers, language)


@router.get("/applications/{ref}/files/{number}", name="desk.file")
def open_file(
    request: Request, session: Db, coordinator: AsCoordinator, call: str, ref: str, number: FileNumber
) -> Response:
    return sent(request.state.store, full.clean_file(session, coordinator, ref, number))


@router.get("/applications/{ref}/files/{number}/preview", name="desk.file_preview")
def open_preview(
    request: Request, session: Db, coordinator: AsCoordinator, call: str, ref: str, number: FileNumber
) -> Response:
    return sent(request.state.store, full.clean_file(session, coordinator, ref, number, preview=True))


@router.get("/applications/{ref}/files/{number}/original", name="desk.original")
def open_original(
    request: Request, coordinator: AsCoordinator, now: Now, call: str, ref: str, number: FileNumber
) -> Response:
    """What was uploaded names people: each reading of it is logged, in a short unit of its own."""
    with session_on(request.state.engine) as own, own.begin():
        found = full.original_file(own, coordinator, ref, number, now)
    return sent(request.state.store, found)


def _files(language: str, call: str, found: FullApplication, identity: FullIdentity) -> list[FileView]:
    """What reviewers see, and beside it what was uploaded."""
    originals = {each.number: each for each in identity.files}
    lang = found.language if found.language != language else ""
    views = []
    for file in found.files:
        place = {"call": call, "ref": found.ref, "number": file.number}
        view = file_view(
            language,
            file,
            file.number,
            lang,
            path_to(language, "desk.file", **place),
            path_to(language, "desk.file_preview", **place),
            file.size,
        )
        before = originals[file.number]
        view = replace(
            view,
            original=path_to(language, "desk.original", **place),
            original_about=f"{before.name}, {size_in_words(language, before.size)}",
        )
        views.append(view)
    return views


def _identity(request: Request, coordinator: Coordinator, ref: str, now: datetime) -> FullIdentity:
    """Each reading of an identity is logged, in a short unit of its own."""
    with session_on(request.state.engine) as own, own.begin():
        return full.read_identity(own, coordinator, ref, now)


def _query(request: Request, **changes: int) -> str:
    return "?" + request.url.include_query_params(**changes).query


def _behind(
    session: Session,
    coordinator: Coordinator,
    language: str,
    progress: DeskStanding,
    late: Sequence[ReviewerProgress],
) -> list[BehindRow]:
    if not late:
        return []
    names = names_of(session, coordinator, [each.code for each in late])
    organisations = {each.code: in_language(language, each.name) for each in progress.organisations}
    gettext = translations(language).ugettext
    return [
        BehindRow(
            name=names[each.code].shown,
            organisation=organisations.get(each.organisation, each.organisation),
            left=gettext("Left: {left} of {assigned}").format(
                left=formats.number(language, each.assigned - each.sent),
                assigned=formats.number(language, each.assigned),
            ),
            pace=gettext("Done at this pace: {day}").format(day=formats.day(language, each.expected_at))
            if each.expected_at
            else gettext("Nothing sent in the last seven days"),
        )
        for each in late
    ]


def _sentence(session: Session, coordinator: Coordinator, language: str, progress: DeskStanding) -> str:
    if progress.phase is Phase.DECIDED:
        revealed, winners = count_revealed(session, coordinator)
        if revealed:
            known = {
                "revealed": formats.number(language, revealed),
                "winners": formats.number(language, winners),
            }
            return sentence(language, "desk.revealing", known)
    params = {
        "applications": formats.number(language, progress.applications),
        "drafts": formats.number(language, progress.drafts),
        "sent": formats.number(language, progress.sent),
        "assigned": formats.number(language, progress.assigned),
    }
    return sentence(language, f"desk.{progress.phase}", params)

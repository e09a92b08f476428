"""One's own data: a copy of everything, a correction of the account, and being forgotten."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response, StreamingResponse
from sqlmodel import Session

from app.accounts.actors import Applicant
from app.applications.copies import sent_in_words, written_in_words
from app.applications.own import own_applications, own_copy, own_draft
from app.errors import Invalid
from app.messages import formats, translations
from app.messages.copies import copy_in_words
from app.messages.labels import choices, label
from app.pages.forms import Form, form_of
from app.pages.page import PATHS, Page, see_other, text_in
from app.privacy import requests
from app.privacy.copying import KeptApplication, KeptData, kept_data, kept_files
from app.privacy.plan import Fate, PlanLine, erasure_plan
from app.privacy.requests import AccountInput, OwnRequest
from app.web.actors import AsApplicant
from app.web.clock import Now
from app.web.language import language_of
from app.web.session import Db
from app.web.zipped import Entry, zipped

router = APIRouter(prefix="/my/data")
AccountForm = Annotated[Form[AccountInput], Depends(form_of(AccountInput, "account"))]
CONSENTS = "/{l}/my/{ref}/consents"


@dataclass(frozen=True, slots=True)
class RequestView:
    """One line of the log of requests."""

    what: str
    asked: str
    due: str
    state: str
    tone: str


@dataclass(frozen=True, slots=True)
class Link:
    """A link with its words."""

    words: str
    href: str


@dataclass(frozen=True, slots=True)
class FateView:
    """What happens to one application or role."""

    title: str
    fate: str
    why: str
    until: str


@dataclass(frozen=True, kw_only=True)
class MyData(Page):
    """What one can ask, and what was asked so far."""

    template = "my_data/show.html"
    email: str
    form: Form[AccountInput]
    consents: Sequence[Link]
    log: Sequence[RequestView]
    waiting: str
    can_erase: bool


@dataclass(frozen=True, kw_only=True)
class MyDataErase(Page):
    """The page before one is forgotten: what goes, what stays, why and until when."""

    template = "my_data/erase.html"
    at_once: Sequence[FateView]
    later: Sequence[FateView]
    kept: Sequence[FateView]
    due: str


@router.get("", name="my_data.show")
def show(request: Request, session: Db, applicant: AsApplicant, now: Now) -> Response:
    return _page(request, session, applicant, now).response(request)


@router.post("/account", name="my_data.correct")
def correct(request: Request, session: Db, applicant: AsApplicant, now: Now, form: AccountForm) -> Response:
    try:
        requests.correct_account(session, applicant, form.value(), now)
    except Invalid as error:
        return _page(request, session, applicant, now, form.refused(error)).response(request, 422)
    return see_other(request, "my_data.show", done="saved")


@router.post("/copy", name="my_data.copy")
def copy(request: Request, session: Db, applicant: AsApplicant, now: Now) -> Response:
    requests.note_copy(session, applicant, now)
    session.flush()
    entries = _entries(session, applicant, kept_data(session, applicant, now), language_of(request), now)
    packed = zipped(request.state.store, entries)
    name = f"my-data-{now:%Y-%m-%d}.zip"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return StreamingResponse(packed, media_type="application/zip", headers=headers)


@router.get("/erase", name="my_data.leave")
def leave(request: Request, session: Db, applicant: AsApplicant, now: Now) -> Response:
    language = language_of(request)
    years = request.state.settings.audit_years
    plan = erasure_plan(session, applicant.person_id, years, now)
    return MyDataErase(
        at_once=[_fate(language, line) for line in plan if line.fate is Fate.DELETE],
        later=[_fate(language, line) for line in plan if not line.kept and line.fate is not Fate.DELETE],
        kept=[_fate(language, line) for line in plan if line.kept],
        due=formats.day(language, now + requests.DUE),
    ).response(request)


@router.post("/erase", name="my_data.erase")
def erase(request: Request, session: Db, applicant: AsApplicant, now: Now) -> Response:
    requests.ask_erasure(session, applicant, request.state.settings.audit_years, now)
    return see_other(request, "my_data.show", done="erasure_asked")


@router.post("/keep", name="my_data.keep")
def keep(request: Request, session: Db, applicant: AsApplicant, now: Now) -> Response:
    requests.call_off_erasure(session, applicant, now)
    return see_other(request, "my_data.show", done="erasure_called_off")


def _page(
    request: Request,
    session: Session,
    applicant: Applicant,
    now: datetime,
    form: Form[AccountInput] | None = None,
) -> MyData:
    language = language_of(request)
    account = requests.own_account(session, applicant)
    log = requests.own_requests(session, applicant)
    opened = requests.open_erasure(session, applicant.person_id)
    given: dict[str, str | list[str]] = {"name": account.name, "language": account.language}
    return MyData(
        email=account.email or "",
        form=form or Form(AccountInput, "account", language, given),
        consents=_consents(language, session, applicant, now),
        log=[_request(language, each, now) for each in log],
        waiting=formats.day(language, opened.due_at) if opened and opened.done_at is None else "",
        can_erase=opened is None,
    )


def _consents(language: str, session: Session, applicant: Applicant, now: datetime) -> list[Link]:
    """Where one takes back a consent, for each application."""
    if CONSENTS not in PATHS.values():
        return []
    gettext = translations(language).ugettext
    return [
        Link(
            f"{own.title or gettext('Without a title yet')} ({own.ref})",
            CONSENTS.format(l=language, ref=own.ref),
        )
        for own in own_applications(session, applicant, now)
    ]


def _request(language: str, each: OwnRequest, now: datetime) -> RequestView:
    words = choices(language, "request_state")
    if each.called_off_at is not None:
        state, tone = words["called_off"], "mute"
    elif each.waits:
        state, tone = (words["overdue"], "err") if each.due_at <= now else (words["waits"], "warn")
    else:
        state, tone = (words["kept"], "info") if each.kept else (words["done"], "ok")
    return RequestView(
        what=label(language, each.kind),
        asked=formats.moment(language, each.asked_at),
        due=formats.day(language, each.due_at),
        state=state,
        tone=tone,
    )


def _fate(language: str, line: PlanLine) -> FateView:
    gettext = translations(language).ugettext
    title = line.title or (gettext("Without a title yet") if line.ref else "")
    call = text_in(language, line.call_title)
    named = f"{title} ({line.ref})" if line.ref else ""
    return FateView(
        title=" · ".join(part for part in (named, call) if part),
        fate=choices(language, "fates")[line.fate],
        why=choices(language, "fates_why").get(line.fate, ""),
        until=formats.day(language, line.until) if line.until else "",
    )


def _entries(
    session: Session, applicant: Applicant, kept: KeptData, language: str, now: datetime
) -> Iterator[Entry]:
    """The ZIP: everything as JSON, and each application as plain text with all files of its own."""
    yield Entry("data.json", json.dumps(kept.model_dump(mode="json"), ensure_ascii=False, indent=1))
    for each in kept.applications:
        for name, text in _texts(session, applicant, each, language, now):
            yield Entry(name, text)
        for name, file in kept_files(session, applicant, each.application.ref):
            yield Entry(name, file)


def _texts(
    session: Session, applicant: Applicant, kept: KeptApplication, language: str, now: datetime
) -> Iterator[tuple[str, str]]:
    ref = kept.application.ref
    for sending in kept.sendings:
        copy = sent_in_words(language, own_copy(session, applicant.person_id, ref, sending.number, now))
        yield f"{ref}-{sending.number}.txt", copy_in_words(copy)
    if any(kept.drafts.values()):
        draft = written_in_words(language, own_draft(session, applicant, ref, now), now)
        yield f"{ref}-draft.txt", copy_in_words(draft)

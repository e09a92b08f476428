"""One's own applications: begin, write section by section, send, take back, withdraw, delete."""

from datetime import datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Request
from pydantic import BaseModel, ConfigDict, Field, WithJsonSchema

from app.api.bodies import Json
from app.api.locations import Locating
from app.api.paging import Listed, Paging
from app.api.problems import language_wished
from app.api.versions import IfMatch, Tagging
from app.applications import actions
from app.applications.actions import ConsentInput, SendInput
from app.applications.own import (
    own_application,
    own_applications,
    own_consents,
    own_draft,
    own_receipt,
    own_section,
)
from app.applications.own_models import OwnApplication, OwnConsent, OwnConsentStep, OwnSection
from app.applications.own_versions import own_versions
from app.calls.eligibility import EligibilityAnswers
from app.errors import Problem
from app.messages.answer_problems import answer_problem
from app.sections.judging import Progress
from app.web.actors import AsApplicant
from app.web.clock import Now
from app.web.session import Db

router = APIRouter(tags=["applications"])


class StartBody(ConsentInput):
    """Consent, of which the first two are needed, and the language in which the answers will be written.

    `checked` are the answers of the eligibility check: kept with the application, and not asked again.
    """

    model_config = ConfigDict(extra="forbid")
    processing: Literal[True]
    publication: Literal[True]
    language: Literal["kk", "ru", "en"]
    checked: EligibilityAnswers | None = None


class ConsentBody(BaseModel):
    """Whether an optional consent is given, and the language in which its text was read."""

    model_config = ConfigDict(extra="forbid")
    given: bool
    language: Literal["kk", "ru", "en"]


class Consents(BaseModel):
    """What one agreed to for an application: how it stands, and all that was said, the oldest first."""

    consents: list[OwnConsent]
    steps: list[OwnConsentStep]


class SendBody(SendInput):
    """The declaration. `number` is `last_number` of the application plus one; sent again, it does nothing.

    `no_double_funding` and `controls` are needed where the call gives money.
    """

    model_config = ConfigDict(extra="forbid")
    truth: Literal[True]
    no_conflict: Literal[True]


_TEXT = {"anyOf": [{"type": "string", "maxLength": 20_000}, {"type": "number"}, {"type": "null"}]}
_ROW = {"type": "object", "additionalProperties": _TEXT}
_LIST = {"type": "array", "maxItems": 25, "items": {"anyOf": [{"type": "string"}, _ROW]}}
# Which shape belongs to which question is checked with the section's model, by name.
Typed = Annotated[Any, WithJsonSchema({"anyOf": [*_TEXT["anyOf"], _LIST]})]


class SectionInput(BaseModel):
    """A section as it is typed, all of it: text, lists of codes, and rows with an `id` that is kept.

    Anything may be missing or wrong: it is kept, and judged in the answer. Amounts are tenge
    ("12 500"), months are "2026-05". Only unknown questions and impossible shapes are refused.
    """

    model_config = ConfigDict(extra="forbid")
    answers: Annotated[dict[str, Typed], Field(max_length=60)]


class RestoreBody(BaseModel):
    """The `number` of an earlier version, and one `answer` of it; without that, the whole section."""

    model_config = ConfigDict(extra="forbid")
    number: Annotated[int, Field(ge=1, le=1_000_000_000)]
    answer: Annotated[str, Field(max_length=60)] = ""


class EarlierVersion(BaseModel):
    """What a section held before it was changed. `by` saved it, `sent_number` is the sending that has it."""

    number: int
    saved_at: datetime
    by: str
    sent_number: int | None
    answers: dict[str, Any]


class AnswerProblem(BaseModel):
    """What is wrong with one answer, or worth a look: `field` is `question` or `table.<row id>.question`."""

    field: str
    code: str
    detail: str


class SectionState(BaseModel):
    """How far one section is."""

    code: str
    status: Progress
    missing: int
    version: int


class SectionShown(SectionState):
    """One section: what was typed, and what still stands between it and sending."""

    answers: dict[str, Any]
    problems: list[AnswerProblem]
    notices: list[AnswerProblem]


class ApplicationShown(OwnApplication):
    """An application with the state of each section. `last_number` counts its sendings."""

    sections: list[SectionState]
    last_number: int


class Receipt(BaseModel):
    """The proof of a sending; `sha256` is of the canonical JSON of what was sent."""

    ref: str
    number: int
    sent_at: str
    sha256: str


@router.get("/applications", name="api.applications.list")
def list_applications(
    session: Db, applicant: AsApplicant, now: Now, paging: Paging
) -> Listed[OwnApplication]:
    """One's own applications in all calls, the newest first."""
    own = own_applications(session, applicant, now)
    return Listed(
        items=paging.of(own),
        total=len(own),
        limit=paging.limit,
        offset=paging.offset,
    )


@router.post("/calls/{call}/applications", name="api.applications.start", status_code=201)
def start_application(
    found_at: Locating, session: Db, applicant: AsApplicant, now: Now, call: str, given: Json[StartBody]
) -> ApplicationShown:
    """Begin an application in an open call; the first two consents are needed."""
    ticked = ConsentInput(**{name: getattr(given, name) for name in ConsentInput.model_fields})
    ref = actions.start_application(
        session, applicant, call, ticked, language=given.language, now=now, checked=given.checked
    )
    found_at("api.applications.show", ref=ref)
    return _shown(session, applicant, now, ref)


@router.get("/applications/{ref}", name="api.applications.show")
def show_application(session: Db, applicant: AsApplicant, now: Now, ref: str) -> ApplicationShown:
    """One application and how far its sections are."""
    return _shown(session, applicant, now, ref)


@router.get("/applications/{ref}/sections/{section}", name="api.applications.section")
def show_section(
    request: Request,
    tag: Tagging,
    session: Db,
    applicant: AsApplicant,
    now: Now,
    ref: str,
    section: str,
) -> SectionShown:
    """One section as it was typed, judged. Its ETag is what a PUT must name."""
    found = own_section(session, applicant, ref, section, now).section
    tag(found.version)
    return _section(language_wished(request), found)


@router.put("/applications/{ref}/sections/{section}", name="api.applications.save")
def save_section(
    request: Request,
    tag: Tagging,
    session: Db,
    applicant: AsApplicant,
    now: Now,
    ref: str,
    section: str,
    given: Json[SectionInput],
    version: IfMatch,
) -> SectionShown:
    """Keep a whole section, valid or not. 412 if it was changed since the version in If-Match."""
    actions.save_section(
        session, applicant, ref, section, given.answers, version=version, now=now, whole=True
    )
    found = own_section(session, applicant, ref, section, now).section
    tag(found.version)
    return _section(language_wished(request), found)


@router.get("/applications/{ref}/sections/{section}/versions", name="api.applications.versions")
def list_versions(
    session: Db, applicant: AsApplicant, now: Now, ref: str, section: str, paging: Paging
) -> Listed[EarlierVersion]:
    """What the section held before, the newest first: each text that was replaced, and what was sent."""
    kept = own_versions(session, applicant, ref, section, now).versions
    return Listed(
        items=[
            EarlierVersion(
                number=each.number,
                saved_at=each.saved_at,
                by=each.by,
                sent_number=each.sent_number,
                answers=each.data,
            )
            for each in paging.of(kept)
        ],
        total=len(kept),
        limit=paging.limit,
        offset=paging.offset,
    )


@router.post("/applications/{ref}/sections/{section}/restore", name="api.applications.restore")
def restore_version(
    request: Request,
    tag: Tagging,
    session: Db,
    applicant: AsApplicant,
    now: Now,
    ref: str,
    section: str,
    given: Json[RestoreBody],
    version: IfMatch,
) -> SectionShown:
    """Bring an earlier text back; what it replaces is kept in its turn. 412 if the section was changed since
    the version in If-Match, 404 for a number or an answer that there is not."""
    actions.restore_version(
        session, applicant, ref, section, given.number, answer=given.answer, version=version, now=now
    )
    found = own_section(session, applicant, ref, section, now).section
    tag(found.version)
    return _section(language_wished(request), found)


@router.post("/applications/{ref}/send", name="api.applications.send")
def send_application(
    request: Request, session: Db, applicant: AsApplicant, now: Now, ref: str, given: Json[SendBody]
) -> Receipt:
    """Send what is written; the same number again gives the same receipt. 412 for a number that is not the
    next one; 422 names what is not ready."""
    sent = actions.send_application(
        session, applicant, ref, given, language=language_wished(request), now=now
    )
    return Receipt(ref=sent.ref, number=sent.number, sent_at=sent.sent_at.isoformat(), sha256=sent.sha256)


@router.get("/applications/{ref}/receipt", name="api.applications.receipt")
def show_receipt(session: Db, applicant: AsApplicant, now: Now, ref: str) -> Receipt:
    """The receipt of the last sending; 404 before there is one."""
    kept = own_receipt(session, applicant, ref, now)
    return Receipt(ref=ref, number=kept.number, sent_at=kept.sent_at.isoformat(), sha256=kept.sha256)


@router.get("/applications/{ref}/consents", name="api.applications.consents")
def show_consents(session: Db, applicant: AsApplicant, now: Now, ref: str) -> Consents:
    """One's own consents for an application, now and over time."""
    own = own_consents(session, applicant, ref, now)
    return Consents(consents=own.consents, steps=own.steps)


@router.put("/applications/{ref}/consents/{kind}", name="api.applications.change_consent")
def change_consent(
    session: Db, applicant: AsApplicant, now: Now, ref: str, kind: str, given: Json[ConsentBody]
) -> Consents:
    """Give or take back an optional consent (`pictures`, `news`); the same again changes nothing.

    409 for a consent that the application needs: withdraw the application instead.
    """
    actions.change_consent(session, applicant, ref, kind, given=given.given, language=given.language, now=now)
    own = own_consents(session, applicant, ref, now)
    return Consents(consents=own.consents, steps=own.steps)


@router.post("/applications/{ref}/take-over", name="api.applications.take_over")
def take_over(session: Db, applicant: AsApplicant, now: Now, ref: str) -> OwnApplication:
    """Go on alone, where the programme types it in: it cannot read the draft any more. 409 elsewhere."""
    actions.go_on_alone(session, applicant, ref, now)
    return own_application(session, applicant, ref, now)


@router.post("/applications/{ref}/take-back", name="api.applications.take_back")
def take_back(session: Db, applicant: AsApplicant, now: Now, ref: str) -> OwnApplication:
    """Open what was sent for changes until the deadline; what was sent last still counts."""
    actions.take_back(session, applicant, ref, now)
    return own_application(session, applicant, ref, now)


@router.post("/applications/{ref}/withdraw", name="api.applications.withdraw")
def withdraw_application(session: Db, applicant: AsApplicant, now: Now, ref: str) -> OwnApplication:
    """Leave the call for good: nothing of this application counts any more."""
    actions.withdraw_application(session, applicant, ref, now)
    return own_application(session, applicant, ref, now)


@router.delete("/applications/{ref}", name="api.applications.delete", status_code=204)
def delete_draft(session: Db, applicant: AsApplicant, now: Now, ref: str) -> None:
    """Delete a draft that was never sent, with everything typed in it."""
    actions.delete_draft(session, applicant, ref, now)


def _shown(session: Db, applicant: AsApplicant, now: Now, ref: str) -> ApplicationShown:
    own = own_draft(session, applicant, ref, now)
    return ApplicationShown(
        **dict(own.application),
        sections=[_state(section) for section in own.sections],
        last_number=own.last_number,
    )


def _state(section: OwnSection) -> SectionState:
    return SectionState(
        code=section.code, status=section.status, missing=section.missing, version=section.version
    )


def _section(language: str, section: OwnSection) -> SectionShown:
    return SectionShown(
        **dict(_state(section)),
        answers={name: value for name, value in section.data.items() if not name.startswith("_")},
        problems=_problems(language, section.code, section.problems),
        notices=_problems(language, section.code, section.notices),
    )


def _problems(language: str, section: str, problems: dict[str, Problem]) -> list[AnswerProblem]:
    return [
        AnswerProblem(field=name, code=problem[0], detail=answer_problem(language, section, name, problem))
        for name, problem in problems.items()
    ]

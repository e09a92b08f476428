"""Beginning an application: consent first, then drafts of the call's sections."""

from datetime import datetime
from typing import Annotated, Any

from pydantic import BaseModel
from sqlalchemy import func
from sqlalchemy.orm import defer
from sqlmodel import Session, col, select

from app.accounts.actors import Applicant
from app.applications.codes import free_code
from app.applications.consents import CONSENT_VERSION, NEEDED
from app.applications.limits import section_codes
from app.applications.members import on_the_panel
from app.applications.refusals import CallNotOpen, OnThePanel, TooManyDrafts
from app.asking import Ask
from app.audit.record import record
from app.calls.eligibility import EligibilityAnswers, outcome_of, questions_asked, stored_settings
from app.calls.phase import phase
from app.errors import Invalid, NotFound
from app.models.applications import Application, Draft, History, Status, TeamRole
from app.models.calls import Call, Phase
from app.models.keys import key_of
from app.models.people import Applicant as ApplicantRow
from app.models.people import Consent, IdentityDraft
from app.random_codes import random_code
from app.sections.catalogue import CATALOGUE

MOST_DRAFTS = 5
WHY_NEEDED = {"processing": "consent.processing_needed", "publication": "consent.publication_needed"}
"""How the refusal names each consent without which nobody can apply."""
HIDDEN = frozenset({Phase.PREPARING})


class ConsentInput(BaseModel):
    """Separate boxes, none of them ticked beforehand; the first two are needed."""

    processing: Annotated[bool, Ask("checkboxes")] = False
    publication: Annotated[bool, Ask("checkboxes")] = False
    pictures: Annotated[bool, Ask("checkboxes", optional=True)] = False
    news: Annotated[bool, Ask("checkboxes", optional=True)] = False


def start_application(
    session: Session,
    applicant: Applicant,
    call: str,
    given: ConsentInput,
    *,
    language: str,
    now: datetime,
    checked: EligibilityAnswers | None = None,
) -> str:
    """Begin an application in an open call; gives its reference.

    `checked` are the answers of the eligibility check, if they were given: they are kept with the
    application, and what they say is filled in where it would be asked again.

    CallNotOpen before opening and from the closing instant on; OnThePanel for who scores or runs the
    call; TooManyDrafts above five unsent ones; Invalid where a needed consent is missing.
    """
    row = startable_call(session, applicant, call, now, held=True)
    application = begin(session, row, applicant, given, language=language, now=now, checked=checked)
    session.add(History(application_id=key_of(application.id), move="start", at=now, by=applicant.person_id))
    record(
        session,
        "application.start",
        now=now,
        person_id=applicant.person_id,
        call_id=row.id,
        subject=application.ref,
    )
    return application.ref


def begin(
    session: Session,
    row: Call,
    applicant: Applicant,
    given: ConsentInput,
    *,
    language: str,
    now: datetime,
    checked: EligibilityAnswers | None = None,
) -> Application:
    """The application with its owner, consents and empty drafts, in a call that is held."""
    if _drafts(session, applicant, row) >= MOST_DRAFTS:
        raise TooManyDrafts(most=MOST_DRAFTS)
    missing = [kind for kind in NEEDED if not getattr(given, kind)]
    if missing:
        raise Invalid({name: WHY_NEEDED[name] for name in missing})
    known = _kept(row, checked)
    application = _application(session, row, language, now, known)
    _people(session, application, applicant, given, language, now)
    _first_drafts(session, application, row, applicant, known, now)
    return application


def startable_call(
    session: Session, applicant: Applicant, slug: str, now: datetime, *, held: bool = False
) -> Call:
    """The call, if this person can begin an application in it now; it is not shown before it is opened.

    `held` takes the call's row until the unit ends: a panel that changes, a cancellation, and a sixth
    draft from another window wait.
    """
    statement = select(Call).where(Call.slug == slug).options(defer(Call.frozen_form, raiseload=True))  # type: ignore[arg-type]
    if held:
        statement = statement.with_for_update(key_share=True).execution_options(populate_existing=True)
    call = session.exec(statement).one_or_none()
    if call is None or call.id is None or phase(call, now) in HIDDEN:
        raise NotFound
    if phase(call, now) is not Phase.OPEN:
        raise CallNotOpen
    if on_the_panel(session, applicant.person_id, call.id):
        raise OnThePanel
    return call


def _drafts(session: Session, applicant: Applicant, call: Call) -> int:
    return session.exec(
        select(func.count())
        .select_from(Application)
        .join(ApplicantRow, col(ApplicantRow.application_id) == col(Application.id))
        .where(
            Application.call_id == call.id,
            Application.status == Status.DRAFT,
            col(Application.counts_number).is_(None),
            ApplicantRow.person_id == applicant.person_id,
            ApplicantRow.role == TeamRole.OWNER,
        )
    ).one()


def _kept(call: Call, checked: EligibilityAnswers | None) -> dict[str, Any] | None:
    """The answers to what this call asks, with what they say; None where there are none."""
    settings = stored_settings(call.eligibility)
    asked = questions_asked(settings, call.kind, call.ceiling_minor)
    given = checked.given if checked else {}
    answers = {code: given[code] for code in asked if code in given}
    if checked is None or not answers:
        return None
    return {"answers": answers, "verdict": outcome_of(settings, asked, checked).verdict}


def _application(
    session: Session, call: Call, language: str, now: datetime, checked: dict[str, Any] | None
) -> Application:
    application = Application(
        call_id=key_of(call.id),
        ref=f"{call.ref_prefix}-{random_code(6)}",
        code=free_code(session),
        language=language,
        created_at=now,
        checked=checked,
    )
    session.add(application)
    session.flush()
    return application


def _people(
    session: Session,
    application: Application,
    applicant: Applicant,
    given: ConsentInput,
    language: str,
    now: datetime,
) -> None:
    session.add(
        ApplicantRow(application_id=key_of(application.id), person_id=applicant.person_id, joined_at=now)
    )
    session.add_all(
        Consent(
            application_id=key_of(application.id),
            person_id=applicant.person_id,
            kind=kind,
            text_version=CONSENT_VERSION,
            language=language,
            given_at=now,
        )
        for kind, ticked in given
        if ticked
    )


def _first_drafts(
    session: Session,
    application: Application,
    call: Call,
    applicant: Applicant,
    checked: dict[str, Any] | None,
    now: datetime,
) -> None:
    """Empty drafts of the call's sections, but for what the check has asked already."""
    kind = checked["answers"].get("kind") if checked else None
    for code in section_codes(call):
        table = IdentityDraft if CATALOGUE[code].identity else Draft
        session.add(
            table(
                application_id=key_of(application.id),
                section=code,
                data={"applicant_kind": kind} if kind and code == "team" else {},
                updated_at=now,
                updated_by=applicant.person_id,
            )
        )

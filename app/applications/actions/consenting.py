"""Giving an optional consent later, and taking one back. What was said before stays written down."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import and_, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, col, select

from app.accounts.actors import Applicant
from app.applications.consents import CONSENT_VERSION, NEEDED, OPTIONAL, OWN_PICTURE
from app.applications.members import Mine, mine
from app.applications.refusals import ConsentNeeded
from app.applications.shown_picture import hide_picture
from app.audit.record import record
from app.errors import NotFound
from app.models.applications import TeamRole
from app.models.people import Applicant as ApplicantRow
from app.models.people import Consent
from app.outbox.enqueue import enqueue


def change_consent(
    session: Session,
    applicant: Applicant,
    ref: str,
    kind: str,
    *,
    given: bool,
    language: str,
    now: datetime,
) -> None:
    """Give or take back one optional consent; saying again what holds already does nothing.

    ConsentNeeded for one that the application cannot do without: that is taken back by leaving the call.
    """
    own = mine(session, applicant, ref, held=True)
    if own.assists:
        raise NotFound
    if kind in NEEDED:
        raise ConsentNeeded
    if kind not in OPTIONAL:
        raise NotFound
    changed = (
        _give(session, own, applicant, kind, language, now)
        if given
        else _take_back(session, own, applicant, kind, now)
    )
    if changed is None:
        return
    record(
        session,
        "consent.give" if given else "consent.take_back",
        now=now,
        person_id=applicant.person_id,
        call_id=own.call.id,
        subject=ref,
        detail={"kind": kind},
    )
    if not given:
        if kind == OWN_PICTURE and own.role is TeamRole.OWNER:
            hide_picture(session, own.key, now)
        enqueue(
            session,
            "consent_taken_back",
            dedupe_key=f"consent-taken-back-{changed}",
            now=now,
            person_id=applicant.person_id,
            params={"ref": ref, "kind": kind},
        )


def _give(
    session: Session, own: Mine, applicant: Applicant, kind: str, language: str, now: datetime
) -> int | None:
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    statement = insert(Consent).values(
        application_id=own.key,
        person_id=applicant.person_id,
        kind=kind,
        text_version=CONSENT_VERSION,
        language=language,
        given_at=now,
    )
    return session.execute(statement.on_conflict_do_nothing().returning(col(Consent.id))).scalar_one_or_none()


def _take_back(session: Session, own: Mine, applicant: Applicant, kind: str, now: datetime) -> int | None:
    return session.execute(
        update(Consent)
        .where(
            col(Consent.application_id) == own.key,
            col(Consent.person_id) == applicant.person_id,
            col(Consent.kind) == kind,
            col(Consent.withdrawn_at).is_(None),
        )
        .values(withdrawn_at=now)
        .returning(col(Consent.id))
        .execution_options(synchronize_session=False)
    ).scalar_one_or_none()


def owners_who_agreed(session: Session, application_ids: Sequence[int], kind: str) -> frozenset[int]:
    """Of these applications those whose owner has given this consent, and not taken it back."""
    return frozenset(
        session.exec(
            select(Consent.application_id)
            .join(
                ApplicantRow,
                and_(
                    col(ApplicantRow.application_id) == col(Consent.application_id),
                    col(ApplicantRow.person_id) == col(Consent.person_id),
                ),
            )
            .where(
                col(Consent.application_id).in_(application_ids),
                col(Consent.kind) == kind,
                col(Consent.withdrawn_at).is_(None),
                col(ApplicantRow.role) == TeamRole.OWNER,
            )
        )
    )

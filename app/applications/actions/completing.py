"""Telling the owner that a teammate has completed a section."""

from datetime import datetime

from sqlmodel import Session, col, select

from app.accounts.actors import Applicant
from app.applications.limits import limits_of, partners_of, section_codes
from app.applications.members import Mine
from app.models.applications import Draft, TeamRole
from app.models.people import Applicant as ApplicantRow
from app.outbox.enqueue import enqueue
from app.sections.catalogue import CATALOGUE
from app.sections.drafts import Typed
from app.sections.judging import Progress, judge
from app.sections.limits import Limits


def tell_completed(
    session: Session,
    own: Mine,
    applicant: Applicant,
    section: str,
    before: Typed,
    after: Typed,
    now: datetime,
) -> None:
    """Once a section and day, when somebody else than the owner makes a section complete that was not.

    An owner alone pays nothing for it: what they save is never judged here. Nor is what the programme types
    in for somebody: it is nobody of the team.
    """
    if own.role is TeamRole.OWNER or own.assists:
        return
    limits = _limits(session, own, section, after)
    known = CATALOGUE[section]
    if judge(known, after, limits).status is not Progress.COMPLETED:
        return
    if judge(known, before, limits).status is Progress.COMPLETED:
        return
    team = session.exec(
        select(ApplicantRow.person_id, ApplicantRow.role, ApplicantRow.code).where(
            ApplicantRow.application_id == own.key
        )
    ).all()
    by = next(code for person, _, code in team if person == applicant.person_id)
    ref = own.application.ref
    for person, role, _ in team:
        if role is TeamRole.OWNER:
            enqueue(
                session,
                "section_completed",
                dedupe_key=f"completed-{ref}-{section}-{now:%Y%m%d}",
                now=now,
                person_id=person,
                params={"ref": ref, "section": section, "by": by},
            )


def _limits(session: Session, own: Mine, section: str, data: Typed) -> Limits:
    """As the page judges it: with the partners' codes, and with the work plan that is written now."""
    codes = (
        [code for code, _ in session.execute(partners_of(), {"call": own.call.id})]
        if section == "team"
        else ()
    )
    limits = limits_of(own.call, codes)
    if "work_plan" not in section_codes(own.call):
        return limits
    if section == "work_plan":
        return limits.with_plan(data)
    plan = session.exec(
        select(Draft.data).where(Draft.application_id == own.key, col(Draft.section) == "work_plan")
    ).first()
    return limits.with_plan(plan or {})

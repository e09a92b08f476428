"""What a team may read of its own section's earlier texts, and who wrote them."""

from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import bindparam, select
from sqlmodel import Session, col

from app.accounts.actors import Applicant
from app.applications.own import own_section
from app.applications.own_models import OwnPart, OwnVersion, OwnVersions
from app.models.applications import Application, DraftVersion
from app.models.people import Assistance, IdentityDraftVersion, Person
from app.sections.catalogue import CATALOGUE


def own_versions(
    session: Session, applicant: Applicant, ref: str, section: str, now: datetime
) -> OwnVersions:
    """A section as it is and all that was kept of it, the newest first. NotFound for a stranger."""
    part = own_section(session, applicant, ref, section, now)
    table = IdentityDraftVersion if CATALOGUE[section].identity else DraftVersion
    rows = session.execute(_kept(table), {"ref": ref, "of": section})
    return OwnVersions(
        part=part,
        versions=[
            OwnVersion(
                number=row.version,
                saved_at=row.saved_at,
                own=row.saved_by == applicant.person_id,
                by="" if row.typed_by else row.name or row.email or "",
                sent_number=row.sent_number,
                data={name: value for name, value in row.data.items() if not name.startswith("_")},
            )
            for row in rows
        ],
    )


def kept_answers(session: Session, part: OwnPart, number: int) -> dict[str, Any] | None:
    """What a section that was already found held at version `number`; None where that was not kept."""
    table = IdentityDraftVersion if CATALOGUE[part.section.code].identity else DraftVersion
    asked = {"ref": part.application.ref, "of": part.section.code, "number": number}
    found = session.execute(_one(table), asked).scalar_one_or_none()
    return None if found is None else dict(found)


@cache
def _one(table: Any) -> Any:
    return (
        select(table.data)
        .join(Application, col(Application.id) == table.application_id)
        .where(
            col(Application.ref) == bindparam("ref"),
            table.section == bindparam("of"),
            table.version == bindparam("number"),
        )
    )


@cache
def _kept(table: Any) -> Any:
    return (
        select(
            table.version,
            table.data,
            table.saved_at,
            table.saved_by,
            table.sent_number,
            col(Person.name),
            col(Person.email),
            col(Assistance.typed_by),
        )
        .join(Person, col(Person.id) == table.saved_by)
        .outerjoin(
            Assistance,
            (col(Assistance.application_id) == table.application_id)
            & (col(Assistance.typed_by) == table.saved_by),
        )
        .join(Application, col(Application.id) == table.application_id)
        .where(col(Application.ref) == bindparam("ref"), table.section == bindparam("of"))
        .order_by(table.version.desc())
    )

"""What a coordinator sees of the applications of a call: everything that was sent, drafts only as numbers.

The identity half is read by functions of its own, each of which leaves a line in the log.
"""

from sqlalchemy import select
from sqlmodel import Session, col

from app.models.applications import Application
from app.models.panel import PanelMember
from app.models.people import Applicant


def applicants_on_panel(session: Session, call_id: int) -> set[tuple[str, str]]:
    """(panel member's code, spoken code) wherever somebody on the panel stands behind an application."""
    rows = session.execute(
        select(col(PanelMember.code), col(Application.code))
        .join(Applicant, col(Applicant.person_id) == col(PanelMember.person_id))
        .join(
            Application,
            (col(Application.id) == col(Applicant.application_id)) & (col(Application.call_id) == call_id),
        )
        .where(col(PanelMember.call_id) == call_id)
    ).all()
    return {(member, application) for member, application in rows}

"""Raising a flag: somebody on the panel says to a coordinator what they noticed. Knows no names."""

from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field
from sqlmodel import Session, col, select

from app.asking import Ask
from app.audit.record import record
from app.errors import Invalid, NotFound
from app.models.panel import PanelMember, PanelRole
from app.models.screening import Flag, FlagKind
from app.random_codes import random_code
from app.sections.text import PROSE

WORDS_CAP = 1000


class FlagInput(BaseModel):
    """What it is about, in which words, and to whom; without an addressee it is every coordinator's.

    `to` is the code of a coordinator's membership.
    """

    model_config = ConfigDict(extra="forbid")
    kind: Annotated[FlagKind, Ask("radios", choices="flag_kind")]
    words: Annotated[str, Field(min_length=1, max_length=WORDS_CAP), PROSE, Ask("textarea", cap=WORDS_CAP)]
    to: Annotated[str, Field(max_length=16), Ask("select", optional=True)] = ""


def raise_flag(
    session: Session, call_id: int, person_id: int, application_id: int, given: FlagInput, now: datetime
) -> str:
    """Raise one flag and give its code; an application can have several at once.

    The caller has found the application as its own actor may, so that this asks no more of it. A reviewer's
    flag has no addressee of their choosing: reviewers do not know who coordinates. NotFound for somebody
    who is not on the panel; Invalid for an addressee who does not coordinate the call.
    """
    seat = session.exec(
        select(PanelMember.id).where(
            PanelMember.call_id == call_id,
            PanelMember.person_id == person_id,
            col(PanelMember.removed_at).is_(None),
        )
    ).first()
    if seat is None:
        raise NotFound
    flag = Flag(
        code=random_code(),
        application_id=application_id,
        kind=given.kind,
        words=given.words,
        raised_by=seat,
        raised_at=now,
        addressed_to=_addressee(session, call_id, given.to) if given.to else None,
    )
    session.add(flag)
    session.flush()
    # The flag's code, not the applicant's reference: whoever acts reads the log of their own acts.
    record(
        session,
        "flag.raise",
        now=now,
        person_id=person_id,
        call_id=call_id,
        subject=flag.code,
        detail={"kind": str(given.kind)},
    )
    return flag.code


def _addressee(session: Session, call_id: int, code: str) -> int:
    found = session.exec(
        select(PanelMember.id).where(
            PanelMember.call_id == call_id,
            PanelMember.code == code,
            PanelMember.role == PanelRole.COORDINATOR,
            col(PanelMember.removed_at).is_(None),
        )
    ).one_or_none()
    if found is None:
        raise Invalid({"to": "choice.unknown"})
    return found

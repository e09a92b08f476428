"""An assignment that is proposed and not yet made. By codes: open to every slice."""

from datetime import datetime
from typing import Any

from sqlmodel import Field, SQLModel

from app.models.columns import json


class AssignmentProposal(SQLModel, table=True):
    """What a call's coordinators look at before reviewers get it; one row a call, written again each time.

    `version` only grows, so that an old page changes nothing. `ended_at`: published or put aside.
    `added` and `taken` are pairs (reviewer, application) that publishing makes and takes back. `kept`,
    `closed` and `handed_on` are what people decided by hand, which the next proposal heeds again.
    `basis` says, part by part, on what the proposal rests; where that has changed it has expired.
    """

    __tablename__ = "assignment_proposal"

    call_id: int = Field(foreign_key="call.id", primary_key=True)
    version: int = 1
    made_at: datetime
    ended_at: datetime | None = None
    rules: dict[str, Any] = json()
    basis: dict[str, Any] = json()
    added: list[Any] = json()
    taken: list[Any] = json()
    kept: list[Any] = json()
    closed: list[Any] = json()
    handed_on: list[Any] = json()
    shortage: dict[str, Any] | None = json(default=None, nullable=True)
    groups: int = 0
    firmness: int = 0

"""What was done, by whom: only ever appended."""

from datetime import datetime
from typing import Any

from sqlmodel import Field, SQLModel

from app.models.columns import json


class AuditEntry(SQLModel, table=True):
    """One act. `detail` holds codes and numbers, no names or answers. Triggers refuse any change."""

    __tablename__ = "audit_entry"

    id: int | None = Field(default=None, primary_key=True)
    call_id: int | None = Field(default=None, foreign_key="call.id", index=True)
    person_id: int | None = Field(default=None, foreign_key="person.id")
    action: str = Field(max_length=60)
    subject: str = Field(default="", max_length=80)
    detail: dict[str, Any] = json()
    at: datetime

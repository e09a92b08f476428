"""What a reviewer reads and how much they take: changed by themselves, or by a coordinator for them."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from pydantic import BaseModel, ConfigDict
from sqlalchemy import update
from sqlmodel import Session, col, select

from app.accounts.actors import Coordinator, Reviewer
from app.audit.record import record
from app.calls.inputs import ReadingInput
from app.errors import Invalid, NotFound, Stale
from app.models.calls import Call
from app.models.columns import Texts
from app.models.panel import PanelMember, PanelRole


class Reading(BaseModel):
    """What one reviewer reads, as it is kept. `due_at` is their own date, where it is not the call's."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    languages: list[str]
    topics: list[str]
    capacity: int | None
    due_at: datetime | None
    version: int

    @property
    def given(self) -> ReadingInput:
        """The same as it is handed in."""
        return ReadingInput.model_validate(
            {"languages": self.languages, "topics": self.topics, "capacity": self.capacity}
        )


def own_reading(session: Session, reviewer: Reviewer) -> Reading:
    """What oneself reads."""
    return _stored(_member(session, PanelMember.id == reviewer.member_id))


def reading_of(session: Session, coordinator: Coordinator, code: str) -> Reading:
    """What one reviewer of the call reads."""
    return _stored(_member(session, _of(coordinator, code)))


def save_own_reading(
    session: Session, reviewer: Reviewer, version: int, given: ReadingInput, now: datetime
) -> None:
    """What oneself reads from now on."""
    _save(session, _member(session, PanelMember.id == reviewer.member_id), version, given)
    _recorded(session, reviewer.person_id, reviewer.call_id, "", now)


def save_reading(
    session: Session, coordinator: Coordinator, code: str, version: int, given: ReadingInput, now: datetime
) -> None:
    """What a reviewer has said in another way."""
    _save(session, _member(session, _of(coordinator, code)), version, given)
    _recorded(session, coordinator.person_id, coordinator.call_id, code, now)


def themes_of(session: Session, call_id: int) -> dict[str, Texts]:
    """The call's themes by code, which are the topics to choose from."""
    themes = session.exec(select(Call.themes).where(Call.id == call_id)).one()
    return {theme["code"]: theme["name"] for theme in themes}


def known_topics(call: Call, given: ReadingInput) -> None:
    """Invalid for a topic that is no theme of the call."""
    _known({theme["code"]: theme for theme in call.themes}, given)


def _known(themes: Mapping[str, object], given: ReadingInput) -> None:
    if set(given.topics) - themes.keys():
        raise Invalid({"topics": "choice.unknown"})


def _save(session: Session, member: PanelMember, version: int, given: ReadingInput) -> None:
    _known(themes_of(session, member.call_id), given)
    stored = _stored(member)
    if stored.given == given:
        return
    done = session.execute(
        update(PanelMember)
        .where(col(PanelMember.id) == member.id, col(PanelMember.version) == version)
        .values(
            languages=list(given.languages),
            topics=list(given.topics),
            capacity=given.capacity,
            version=version + 1,
        )
        .execution_options(synchronize_session=False)
    )
    if getattr(done, "rowcount", 0) == 0:
        raise Stale(current=stored, version=member.version)


def _member(session: Session, which: Any) -> PanelMember:
    member = session.exec(
        select(PanelMember)
        .where(which, PanelMember.role == PanelRole.REVIEWER, col(PanelMember.removed_at).is_(None))
        .execution_options(populate_existing=True)
    ).one_or_none()
    if member is None:
        raise NotFound
    return member


def _of(coordinator: Coordinator, code: str) -> Any:
    return (col(PanelMember.call_id) == coordinator.call_id) & (col(PanelMember.code) == code)


def _stored(member: PanelMember) -> Reading:
    return Reading(
        languages=member.languages,
        topics=member.topics,
        capacity=member.capacity,
        due_at=member.due_at,
        version=member.version,
    )


def _recorded(session: Session, person_id: int, call_id: int, subject: str, now: datetime) -> None:
    record(session, "reviewer.reading", now=now, person_id=person_id, call_id=call_id, subject=subject)

"""The evenings of the demo that anybody may try, and the way in as one of their jurors.

Outside the demo nothing calls this.
"""

from datetime import datetime
from enum import StrEnum

from pydantic import BaseModel, ConfigDict
from sqlalchemy import exists
from sqlalchemy import select as select_columns
from sqlmodel import Session, col, select

from app.accounts.actors import Coordinator
from app.accounts.cast import CastMember, coordinating
from app.errors import NotFound
from app.events.jury import full_jury
from app.events.jury_access import EnterInput, enter, issue_access
from app.models.calls import AwardRound, Call
from app.models.columns import Texts
from app.models.decisions import ResultSeal
from app.models.events import Event
from app.models.keys import key_of
from app.models.panel import PanelMember, PanelRole


class Trying(StrEnum):
    """How far an evening is for whoever tries it."""

    AHEAD = "ahead"
    CURTAIN = "curtain"
    PUBLISHED = "published"


class TryJuror(BaseModel):
    """A juror one can be."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    code: str
    name: str
    organisation: Texts


class TryEvening(BaseModel):
    """An evening with those one can be at it: its coordinators, and its jurors until it is decided."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    call: str
    title: Texts
    purpose: Texts
    round: str
    name: Texts
    timezone: str
    starts_at: datetime | None
    state: Trying
    sealed: bool
    coordinators: list[CastMember]
    jurors: list[TryJuror]


def evenings_to_try(session: Session, now: datetime) -> list[TryEvening]:
    """Those that are about to begin, those whose winners wait, those that are public; the newest first."""
    sealed = exists().where(col(ResultSeal.round_id) == col(AwardRound.id)).correlate(AwardRound)
    rows = session.execute(
        select_columns(AwardRound, Call, Event, sealed.label("sealed"))
        .join_from(AwardRound, Call, col(Call.id) == col(AwardRound.call_id))
        .join(Event, col(Event.round_id) == col(AwardRound.id), isouter=True)
        .where(col(Call.opened_at).is_not(None), col(Call.cancelled_at).is_(None))
        .order_by(col(AwardRound.held_at).desc(), col(AwardRound.id))
    )
    found = [
        _evening(session, row.AwardRound, row.Call, row.Event, state, sealed=row.sealed, now=now)
        for row in rows
        if (state := _state(row.Call, row.Event, sealed=row.sealed)) is not None
    ]
    order = list(Trying)
    return sorted(found, key=lambda each: order.index(each.state))


def _state(call: Call, event: Event | None, *, sealed: bool) -> Trying | None:
    """None where there is nothing to see of an evening."""
    if call.published_at is not None:
        return Trying.PUBLISHED if sealed else None
    if call.decided_at is not None:
        return Trying.CURTAIN
    return Trying.AHEAD if event is not None and event.announced_at is not None else None


def _evening(
    session: Session,
    pot: AwardRound,
    call: Call,
    event: Event | None,
    state: Trying,
    *,
    sealed: bool,
    now: datetime,
) -> TryEvening:
    jurors: list[TryJuror] = []
    if state is Trying.AHEAD:
        jury = full_jury(session, _coordinator(session, call), pot.code, now)
        jurors = [
            TryJuror(code=each.code, name=each.name, organisation=each.organisation_name)
            for each in jury.seated
        ]
    return TryEvening(
        call=call.slug,
        title=call.title,
        purpose=call.purpose or {},
        round=pot.code,
        name=pot.event or pot.name,
        timezone=call.timezone,
        starts_at=event.starts_at if event else pot.held_at,
        state=state,
        sealed=sealed,
        coordinators=coordinating(session, key_of(call.id)),
        jurors=jurors,
    )


def _coordinator(session: Session, call: Call) -> Coordinator:
    person = session.exec(
        select(PanelMember.person_id)
        .where(
            PanelMember.call_id == call.id,
            PanelMember.role == PanelRole.COORDINATOR,
            col(PanelMember.removed_at).is_(None),
        )
        .order_by(col(PanelMember.id))
    ).first()
    if person is None:
        raise NotFound
    return Coordinator(person, key_of(call.id))


def enter_as_juror(
    session: Session, call_slug: str, round_code: str, juror: str, *, client: str, secret: str, now: datetime
) -> str:
    """A new link and code for this juror, and in by them; the cookie's token. NotFound for anybody else."""
    call = session.exec(select(Call).where(Call.slug == call_slug)).one()
    access = issue_access(session, _coordinator(session, call), round_code, juror, secret=secret, now=now)
    given = EnterInput(code=access.code)
    return enter(session, round_code, access.key, given, client=client, secret=secret, now=now)

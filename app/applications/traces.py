"""What is kept of each sending to find it, and others like it; the job worker does it soon after sending."""

from functools import cache
from typing import Any

from pydantic import BaseModel, ConfigDict
from sqlalchemy import bindparam, delete, select
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from app.accounts.actors import Coordinator
from app.applications.alike import keys_of, runs_in, share, words_in
from app.applications.counted import IS_COUNTED_SENDING
from app.applications.search import folded
from app.errors import NotFound
from app.leaks.secrets import secrets_of
from app.models.applications import Application, Likeness, Packet, Sending, Status
from app.models.calls import Call
from app.models.columns import Texts
from app.models.people import Applicant, Identity, Trace, TraceKey

AT_ONCE = 25
"""So many sendings are traced in one unit, so that it stays short."""
SHOWN = 20
ALIKE = 0.3
"""From this part of common runs on, two texts are called alike."""


class FullAlike(BaseModel):
    """Another application that may come from the same people: in what they are alike.

    `here`: it is in the same call. `share` is the part of the texts' runs of words that both have, in
    percent; None where the texts are not alike.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")
    ref: str
    title: str
    language: str
    call: str
    call_title: Texts
    here: bool
    status: Status
    likenesses: list[Likeness]
    share: int | None


@cache
def _untraced() -> Any:
    return (
        select(
            col(Sending.id).label("sending"),
            col(Application.id).label("application"),
            col(Packet.title).label("title"),
            col(Packet.summary).label("summary"),
            col(Packet.data).label("written"),
            col(Identity.data).label("identity"),
        )
        .select_from(Application)
        .join(Sending, IS_COUNTED_SENDING)
        .join(Packet, col(Packet.sending_id) == col(Sending.id))
        .join(Identity, col(Identity.sending_id) == col(Sending.id))
        .outerjoin(Trace, col(Trace.sending_id) == col(Sending.id))
        .where(col(Trace.sending_id).is_(None))
        .order_by(col(Sending.id))
        .limit(AT_ONCE)
    )


def untraced(session: Session) -> list[Any]:
    """Some of the sendings that count and are not traced yet."""
    return list(session.execute(_untraced()))


def trace(session: Session) -> int:
    """Trace some of them; how many that were."""
    rows = untraced(session)
    teams: dict[int, list[int]] = {}
    team = select(col(Applicant.application_id), col(Applicant.person_id)).where(
        col(Applicant.application_id).in_([row.application for row in rows])
    )
    for application, person in session.execute(team):
        teams.setdefault(application, []).append(person)
    for row in rows:
        words = words_in(row.title, row.summary, row.written)
        session.add(Trace(sending_id=row.sending, words=words))
        keys = keys_of(secrets_of(row.identity), words, teams.get(row.application, ()))
        session.add_all(TraceKey(sending_id=row.sending, kind=kind, value=value) for kind, value in keys)
    session.flush()
    return len(rows)


def forget_traces(session: Session, application_id: int) -> None:
    """Nothing is found of this application any more."""
    sendings = select(col(Sending.id)).where(col(Sending.application_id) == application_id)
    for table in (Trace, TraceKey):
        session.execute(
            delete(table)
            .where(col(table.sending_id).in_(sendings))
            .execution_options(synchronize_session=False)
        )


_other_key, _other = aliased(TraceKey), aliased(Application)


@cache
def _alike() -> Any:
    """The keys that the sending which counts shares with others that count, in any call."""
    other_sending = aliased(Sending)
    return (
        select(
            col(_other.id).label("id"),
            col(_other.ref).label("ref"),
            col(_other.status).label("status"),
            col(_other.call_id).label("call_id"),
            col(other_sending.id).label("sending"),
            col(Packet.title).label("title"),
            col(Packet.language).label("language"),
            col(Call.slug).label("slug"),
            col(Call.title).label("call_title"),
            col(_other_key.kind).label("kind"),
        )
        .select_from(Application)
        .join(Sending, IS_COUNTED_SENDING)
        .join(TraceKey, col(TraceKey.sending_id) == col(Sending.id))
        .join(
            _other_key,
            (col(_other_key.kind) == col(TraceKey.kind))
            & (col(_other_key.value) == col(TraceKey.value))
            & (col(_other_key.sending_id) != col(TraceKey.sending_id)),
        )
        .join(other_sending, col(other_sending.id) == col(_other_key.sending_id))
        .join(
            _other,
            (col(_other.id) == col(other_sending.application_id))
            & (col(_other.counts_number) == col(other_sending.number))
            & (col(_other.id) != col(Application.id)),
        )
        .join(Packet, col(Packet.sending_id) == col(other_sending.id))
        .join(Call, col(Call.id) == col(_other.call_id))
        .where(col(Application.call_id) == bindparam("call"), col(Application.ref) == bindparam("ref"))
        .order_by(col(_other.ref))
    )


def full_alike(session: Session, coordinator: Coordinator, ref: str) -> list[FullAlike]:
    """Other applications, in this call and in others, that are like this one; those of its call first.

    NotFound where nothing counts.
    """
    asked = {"call": coordinator.call_id, "ref": ref}
    if session.execute(_counts(), asked).scalar_one_or_none() is None:
        raise NotFound
    rows = session.execute(_alike(), asked).all()
    found: dict[int, Any] = {row.id: row for row in rows}
    kinds: dict[int, set[Likeness]] = {}
    for row in rows:
        kinds.setdefault(row.id, set()).add(row.kind)
    shares = _shares(
        session, coordinator, ref, [row for key, row in found.items() if Likeness.TEXT in kinds[key]]
    )
    alike = []
    for key, row in found.items():
        part = shares.get(key)
        likenesses = [each for each in Likeness if each in kinds[key]]
        if part is None or part < ALIKE:
            part, likenesses = None, [each for each in likenesses if each is not Likeness.TEXT]
        if likenesses:
            alike.append(_line(row, coordinator, likenesses, part))
    alike.sort(key=lambda each: (not each.here, -len(each.likenesses), each.ref))
    return alike[:SHOWN]


def _line(row: Any, coordinator: Coordinator, likenesses: list[Likeness], part: float | None) -> FullAlike:
    return FullAlike(
        ref=row.ref,
        title=row.title,
        language=row.language,
        call=row.slug,
        call_title=row.call_title,
        here=row.call_id == coordinator.call_id,
        status=row.status,
        likenesses=likenesses,
        share=None if part is None else round(part * 100),
    )


def _shares(session: Session, coordinator: Coordinator, ref: str, rows: list[Any]) -> dict[int, float]:
    """How much of their texts is the same: the bands only say whom to compare."""
    if not rows:
        return {}
    own = session.execute(_own_words(), {"call": coordinator.call_id, "ref": ref}).scalar_one()
    sendings = {row.sending: row.id for row in rows[:SHOWN]}
    words = session.execute(
        select(col(Trace.sending_id), col(Trace.words)).where(col(Trace.sending_id).in_(sendings))
    )
    runs = runs_in(own)
    return {sendings[sending]: share(runs, runs_in(said)) for sending, said in words}


@cache
def _counts() -> Any:
    return select(col(Application.id)).where(
        col(Application.call_id) == bindparam("call"),
        col(Application.ref) == bindparam("ref"),
        col(Application.counts_number).is_not(None),
    )


@cache
def _own_words() -> Any:
    return (
        select(col(Trace.words))
        .select_from(Application)
        .join(Sending, IS_COUNTED_SENDING)
        .join(Trace, col(Trace.sending_id) == col(Sending.id))
        .where(col(Application.call_id) == bindparam("call"), col(Application.ref) == bindparam("ref"))
    )


def says(search: str) -> Any:
    """The condition that what was sent says every one of these words, wherever; `Sending` is joined."""
    # Nobody writes a NUL, and PostgreSQL takes no text with one.
    words = folded(search.replace("\x00", " ")).split()
    said = select(col(Trace.sending_id)).where(
        col(Trace.sending_id) == col(Sending.id),
        *(col(Trace.words).contains(word, autoescape=True) for word in words),
    )
    return said.exists()


def has_alike() -> Any:
    """The condition that another application shares a key with it; `Sending` is joined."""
    mine, theirs, sent, other = aliased(TraceKey), aliased(TraceKey), aliased(Sending), aliased(Application)
    return (
        select(col(theirs.sending_id))
        .select_from(mine)
        .join(theirs, (col(theirs.kind) == col(mine.kind)) & (col(theirs.value) == col(mine.value)))
        .join(sent, col(sent.id) == col(theirs.sending_id))
        .join(
            other,
            (col(other.id) == col(sent.application_id)) & (col(other.counts_number) == col(sent.number)),
        )
        .where(col(mine.sending_id) == col(Sending.id), col(other.id) != col(Application.id))
        .correlate(Sending, Application)
        .exists()
    )

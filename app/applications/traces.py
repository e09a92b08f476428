"""What is kept of each sending to find it, and others like it; the job worker does it soon after sending."""

from datetime import datetime
from functools import cache
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import bindparam, case, delete, literal, null, or_, select
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from app.accounts.actors import Coordinator
from app.applications.alike import answers_share, keys_of, runs_in, share, words_in
from app.applications.counted import IS_COUNTED_SENDING
from app.applications.search import folded
from app.asking import Ask
from app.audit.record import record
from app.errors import Invalid, NotFound
from app.leaks.secrets import secrets_of
from app.models.applications import Application, Likeness, Packet, Sending, Status
from app.models.calls import Call
from app.models.columns import Texts, Word
from app.models.people import Applicant, Identity, SetAside, TextLikeness, Trace, TraceKey
from app.sections.text import LINE, PROSE

AT_ONCE = 25
"""So many sendings are traced in one unit, so that it stays short."""
SHOWN = 20
ALIKE, SAME_ANSWERS = 80, 50
"""Two texts are alike from this percentage of common runs on, or of words in answers that both give alike.

Measured with the demonstration's texts: the same idea planned by two teams for two places shares up to 77
percent of its runs, but only 15 of its longer answers word for word. Of texts of which a twentieth is
written anew half keep 90 percent of their runs or more; the one that lost most kept 51, and is known by the
answers that were not touched. Weighing each run by how rare it is in the call moved the shares by three, and
told nothing apart: an idea stands there twice at most.
"""


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


class SetAsideInput(BaseModel):
    """Why another application, by its reference, is not the same one sent twice."""

    model_config = ConfigDict(extra="forbid")
    other: Annotated[str, Field(min_length=1, max_length=20), LINE, Ask("hidden")]
    reason: Annotated[str, Field(min_length=10, max_length=1000), PROSE, Ask("textarea", cap=1000)]


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
        _compare(session, row.sending, words, [value for kind, value in keys if kind is Likeness.TEXT])
    return len(rows)


def _compare(session: Session, sending: int, words: str, bands: list[str]) -> None:
    """How much this text has in common with others: the bands only say with which to compare it."""
    for other, said in session.execute(_sharing_a_band(), {"sending": sending, "bands": bands}).all():
        percent = in_common(words, said)
        if percent is not None:
            session.add(TextLikeness(sending_id=sending, other_id=other, percent=percent))
    session.flush()


def in_common(one: str, other: str) -> int | None:
    """How much two texts have in common, in percent; None where that is too little to call them alike."""
    runs, answers = share(runs_in(one), runs_in(other)) * 100, answers_share(one, other) * 100
    return round(max(runs, answers)) if runs >= ALIKE or answers >= SAME_ANSWERS else None


@cache
def _sharing_a_band() -> Any:
    """The bands are values here, not a join: PostgreSQL plans that badly while it has not counted the rows.

    Half a core was busy with it for minutes after the sendings of a whole call came at once.
    """
    near = select(col(TraceKey.sending_id)).where(
        col(TraceKey.kind) == Likeness.TEXT,
        col(TraceKey.value).in_(bindparam("bands", expanding=True)),
        col(TraceKey.sending_id) != bindparam("sending"),
    )
    return select(col(Trace.sending_id), col(Trace.words)).where(col(Trace.sending_id).in_(near))


def forget_traces(session: Session, application_id: int) -> None:
    """Nothing is found of this application any more."""
    sendings = select(col(Sending.id)).where(col(Sending.application_id) == application_id)
    session.execute(
        delete(TextLikeness)
        .where(col(TextLikeness.sending_id).in_(sendings) | col(TextLikeness.other_id).in_(sendings))
        .execution_options(synchronize_session=False)
    )
    session.execute(
        delete(SetAside).where(
            (col(SetAside.one_id) == application_id) | (col(SetAside.other_id) == application_id)
        )
    )
    for table in (Trace, TraceKey):
        session.execute(
            delete(table)
            .where(col(table.sending_id).in_(sendings))
            .execution_options(synchronize_session=False)
        )


TEXTS: Any = literal(Likeness.TEXT, Word(Likeness))
_other, _other_sending = aliased(Application), aliased(Sending)


def _others(statement: Any, kind: Any, percent: Any, *within: Any) -> Any:
    """The applications that count behind `_other_sending`, but those that were set aside in this way."""
    return (
        statement.add_columns(
            col(_other.id).label("id"),
            col(_other.ref).label("ref"),
            col(_other.status).label("status"),
            col(_other.call_id).label("call_id"),
            col(Packet.title).label("title"),
            col(Packet.language).label("language"),
            col(Call.slug).label("slug"),
            col(Call.title).label("call_title"),
            kind.label("kind"),
            percent.label("percent"),
        )
        .join(
            _other,
            (col(_other.id) == col(_other_sending.application_id))
            & (col(_other.counts_number) == col(_other_sending.number))
            & (col(_other.id) != bindparam("own")),
        )
        .join(Packet, col(Packet.sending_id) == col(_other_sending.id))
        .join(Call, col(Call.id) == col(_other.call_id))
        .where(~_set_aside(bindparam("own"), col(_other.id), kind, _other, *within))
        .order_by(col(_other.ref))
    )


@cache
def _by_keys() -> Any:
    """What shares a key with this sending, but for its texts, in any call."""
    mine, theirs = aliased(TraceKey), aliased(TraceKey)
    statement: Any = (
        select(col(_other_sending.id).label("sending"))
        .select_from(mine)
        .join(theirs, (col(theirs.kind) == col(mine.kind)) & (col(theirs.value) == col(mine.value)))
        .join(_other_sending, col(_other_sending.id) == col(theirs.sending_id))
        .where(col(mine.sending_id) == bindparam("sending"), col(mine.kind) != Likeness.TEXT)
    )
    return _others(statement, col(mine.kind), null(), mine)


@cache
def _by_texts() -> Any:
    """What has most of its text in common with this sending, in any call."""
    alike: Any = aliased(TextLikeness)
    sending: Any = bindparam("sending")
    statement: Any = (
        select(col(_other_sending.id).label("sending"))
        .select_from(alike)
        .join(
            _other_sending,
            or_(
                (col(alike.sending_id) == sending) & (col(_other_sending.id) == col(alike.other_id)),
                (col(alike.other_id) == sending) & (col(_other_sending.id) == col(alike.sending_id)),
            ),
        )
    )
    return _others(statement, TEXTS, col(alike.percent))


def _set_aside(one: Any, other: Any, kind: Any, *within: Any) -> Any:
    aside = aliased(SetAside)
    return (
        select(col(aside.one_id))
        .where(
            or_(
                (col(aside.one_id) == one) & (col(aside.other_id) == other),
                (col(aside.one_id) == other) & (col(aside.other_id) == one),
            ),
            col(aside.kind) == kind,
        )
        .correlate(*within)
        .exists()
    )


def full_alike(session: Session, coordinator: Coordinator, ref: str) -> list[FullAlike]:
    """Other applications, in this call and in others, that are like this one; those of its call first.

    What a coordinator set aside is left out. NotFound where nothing counts.
    """
    rows = list(_alike(session, coordinator, ref)[1])
    found: dict[int, Any] = {row.id: row for row in rows}
    kinds: dict[int, set[Likeness]] = {}
    for row in rows:
        kinds.setdefault(row.id, set()).add(row.kind)
    shares = {row.id: row.percent for row in rows if row.percent is not None}
    alike = [
        _line(row, coordinator, [each for each in Likeness if each in kinds[key]], shares.get(key))
        for key, row in found.items()
    ]
    alike.sort(key=lambda each: (not each.here, -len(each.likenesses), each.ref))
    return alike[:SHOWN]


def _alike(session: Session, coordinator: Coordinator, ref: str) -> tuple[int, list[Any]]:
    own = session.execute(_counts(), {"call": coordinator.call_id, "ref": ref}).one_or_none()
    if own is None:
        raise NotFound
    asked = {"own": own.id, "sending": own.sending}
    return own.id, [*session.execute(_by_keys(), asked), *session.execute(_by_texts(), asked)]


def set_aside(
    session: Session, coordinator: Coordinator, ref: str, given: SetAsideInput, now: datetime
) -> None:
    """Say that two which are alike are two, in all the ways in which they are alike now.

    Invalid where the other one is not like it, or no more.
    """
    own, rows = _alike(session, coordinator, ref)
    same = {row.kind: row.id for row in rows if row.ref == given.other}
    if not same:
        raise Invalid({"other": "alike.unknown"})
    for kind, other in same.items():
        session.add(
            SetAside(
                one_id=min(own, other),
                other_id=max(own, other),
                kind=kind,
                reason=given.reason,
                by=coordinator.person_id,
                at=now,
            )
        )
    session.flush()
    record(
        session,
        "alike.set_aside",
        now=now,
        person_id=coordinator.person_id,
        call_id=coordinator.call_id,
        subject=ref,
        detail={"other": given.other, "kinds": sorted(same), "reason": given.reason},
    )


def _line(row: Any, coordinator: Coordinator, likenesses: list[Likeness], share: int | None) -> FullAlike:
    return FullAlike(
        ref=row.ref,
        title=row.title,
        language=row.language,
        call=row.slug,
        call_title=row.call_title,
        here=row.call_id == coordinator.call_id,
        status=row.status,
        likenesses=likenesses,
        share=share,
    )


@cache
def _counts() -> Any:
    return (
        select(col(Application.id).label("id"), col(Sending.id).label("sending"))
        .join(Sending, IS_COUNTED_SENDING)
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
    """The condition that another application is like it and was not set aside; `Sending` is joined."""
    mine, theirs, alike = aliased(TraceKey), aliased(TraceKey), aliased(TextLikeness)
    by_key = (
        select(col(theirs.sending_id))
        .select_from(mine)
        .join(theirs, (col(theirs.kind) == col(mine.kind)) & (col(theirs.value) == col(mine.value)))
        .where(col(mine.sending_id) == col(Sending.id), col(mine.kind) != Likeness.TEXT)
    )
    by_text = select(col(alike.percent)).where(
        or_(col(alike.sending_id) == col(Sending.id), col(alike.other_id) == col(Sending.id))
    )
    later = (col(alike.sending_id) == col(Sending.id), col(alike.other_id))
    return or_(
        _counted_other(by_key, col(theirs.sending_id), col(mine.kind), mine),
        _counted_other(by_text, case(later, else_=col(alike.sending_id)), TEXTS),
    )


def _counted_other(statement: Any, sending: Any, kind: Any, *within: Any) -> Any:
    sent, other = aliased(Sending), aliased(Application)
    return (
        statement.join(sent, col(sent.id) == sending)
        .join(
            other,
            (col(other.id) == col(sent.application_id)) & (col(other.counts_number) == col(sent.number)),
        )
        .where(col(other.id) != col(Application.id))
        .where(
            ~_set_aside(col(Application.id), col(other.id), kind, Application, other, *within).correlate(
                Application, other, aliased(Sending)
            )
        )
        .correlate(Sending, Application)
        .exists()
    )

"""What an applicant may read: their own applications. No reviewer, no score, no other applicant is in it."""

from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import bindparam, func
from sqlalchemy.orm import defer
from sqlmodel import Session, col, select

from app.accounts.actors import Applicant
from app.applications.corrections import awaited_correction
from app.applications.limits import has_section, limits_of, partners_of, section_codes
from app.applications.members import WRITERS, Mine, mine
from app.applications.own_models import (
    OwnApplication,
    OwnCall,
    OwnCancellation,
    OwnCopy,
    OwnDates,
    OwnDraft,
    OwnPart,
    OwnReceipt,
    OwnSection,
    OwnStatus,
    OwnStep,
)
from app.applications.status import SETTLED, Move, moves_from, seen_status
from app.calls.phase import phase, received_in_time
from app.errors import NotFound
from app.models.applications import Application, Draft, History, Packet, Sending, Status, TeamRole
from app.models.calls import AwardRound, Call, Phase
from app.models.columns import Texts
from app.models.decisions import PublishedResult
from app.models.people import Applicant as ApplicantRow
from app.models.people import Identity, IdentityDraft
from app.sections.catalogue import CATALOGUE
from app.sections.drafts import row_ids
from app.sections.judging import Judged, judge, judge_all

TITLED = ("brief", "motivation")
"""The sections whose answer `title` names the application."""


def own_applications(session: Session, applicant: Applicant, now: datetime) -> list[OwnApplication]:
    """One's own applications in every call, the newest first."""
    rows = session.execute(_mine(one=False), {"person": applicant.person_id})
    return [_application(Mine(row[0], row[1], TeamRole(row[2])), row[3], row[4], row[5], now) for row in rows]


def own_application(session: Session, applicant: Applicant, ref: str, now: datetime) -> OwnApplication:
    """One application of one's own. NotFound for a stranger."""
    return _own(session, applicant, ref, now)[1]


def _own(session: Session, applicant: Applicant, ref: str, now: datetime) -> tuple[Mine, OwnApplication]:
    found = session.execute(_mine(one=True), {"person": applicant.person_id, "ref": ref})
    row = found.one_or_none()
    if row is None:
        raise NotFound
    own = Mine(row[0], row[1], TeamRole(row[2]))
    return own, _application(own, row[3], row[4], row[5], now)


@cache
def _mine(*, one: bool) -> Any:
    """Application, call, one's role, when what counts was sent, the title as it is written now, and since
    when everybody may know that it won: the row that the hall's screen shows, or none.

    Built once: putting a statement together costs more than running it.
    """
    title: Any = col(Draft.data)["title"]
    columns: Any = (
        Application,
        Call,
        ApplicantRow.role,
        Sending.sent_at,
        title.as_string(),
        PublishedResult.published_at,
    )
    statement = (
        select(*columns)
        .join(ApplicantRow, col(ApplicantRow.application_id) == col(Application.id))
        .join(Call, col(Call.id) == col(Application.call_id))
        .outerjoin(
            Sending,
            (col(Sending.application_id) == col(Application.id))
            & (col(Sending.number) == col(Application.counts_number)),
        )
        .outerjoin(
            Draft,
            (col(Draft.application_id) == col(Application.id)) & col(Draft.section).in_(TITLED),
        )
        .outerjoin(PublishedResult, col(PublishedResult.application_id) == col(Application.id))
        .where(col(ApplicantRow.person_id) == bindparam("person"))
        .options(defer(Call.frozen_form, raiseload=True))  # type: ignore[arg-type]
    )
    if one:
        return statement.where(col(Application.ref) == bindparam("ref"))
    return statement.order_by(col(Application.created_at).desc(), col(Application.ref))


def _application(
    own: Mine, sent_at: datetime | None, title: str | None, revealed_at: datetime | None, now: datetime
) -> OwnApplication:
    row, call = own.application, own.call
    reached = phase(call, now)
    in_time = call.cancelled_at is None and received_in_time(call, row.created_at, now)
    return OwnApplication(
        ref=row.ref,
        call=call.slug,
        call_title=call.title,
        phase=reached,
        status=seen_status(
            row.status, revealed=revealed_at is not None, published=call.published_at is not None
        ),
        revealed_at=revealed_at,
        owner=own.role is TeamRole.OWNER,
        language=row.language,
        title=title or "",
        created_at=row.created_at,
        closes_at=call.closes_at,
        counts_number=row.counts_number,
        sent_at=sent_at,
        moves=_moves(own, in_time, reached),
        writable=in_time and own.role in WRITERS and row.status is Status.DRAFT,
    )


VERDICT_MOVES = frozenset({Move.AWARD.value, Move.NOT_SELECT.value})


def _moves(own: Mine, in_time: bool, reached: Phase) -> frozenset[Move]:
    allowed = set()
    if in_time and own.role in WRITERS:
        allowed |= {Move.SEND, Move.TAKE_BACK}
    if own.role is TeamRole.OWNER and reached not in SETTLED:
        allowed.add(Move.WITHDRAW)
    return moves_from(own.application.status) & allowed


def own_draft(session: Session, applicant: Applicant, ref: str, now: datetime) -> OwnDraft:
    """The task list: every section and how far it is."""
    own, application = _own(session, applicant, ref, now)
    drafts = _drafts(session, own)
    call = _call(session, own.call, now, partners="team" in section_codes(own.call))
    data = {code: row.data for code, row in drafts.items()}
    judged = judge_all(tuple(drafts), data, call.limits)
    return OwnDraft(
        application=application,
        call=call,
        sections=[_section(drafts[code], judged[code]) for code in drafts],
        last_number=_last_number(session, own),
    )


def own_section(session: Session, applicant: Applicant, ref: str, section: str, now: datetime) -> OwnPart:
    """One section to be written. NotFound where the call does not ask for it."""
    own, application = _own(session, applicant, ref, now)
    if not has_section(own.call, section):
        raise NotFound
    return own_part(session, own, application, section, now)


def own_part(
    session: Session, own: Mine, application: OwnApplication, section: str, now: datetime
) -> OwnPart:
    """The same for an application that was already found."""
    drafts = _drafts(session, own, {section, "work_plan"} if section == "budget" else {section})
    if section not in drafts:
        raise NotFound
    call = _call(session, own.call, now, partners=section == "team")
    plan = drafts["work_plan"].data if "work_plan" in drafts else {}
    limits = call.limits
    if "work_plan" in section_codes(own.call):
        limits = limits.with_activities(row_ids(plan, "activities"))
    row = drafts[section]
    return OwnPart(
        application=application,
        call=call,
        section=_section(row, judge(CATALOGUE[section], row.data, limits)),
        work_plan=plan,
    )


def own_receipt(
    session: Session, applicant: Applicant, ref: str, now: datetime, number: int | None = None
) -> OwnReceipt:
    """The receipt of a sending, or of the last one. NotFound if there was none."""
    own, application = _own(session, applicant, ref, now)
    statement = select(Sending.number, Sending.sent_at, Sending.sha256).where(
        Sending.application_id == own.key
    )
    if number is not None:
        statement = statement.where(Sending.number == number)
    found = session.exec(statement.order_by(col(Sending.number).desc())).first()
    if found is None:
        raise NotFound
    return OwnReceipt(
        application=application,
        call=_call(session, own.call, now),
        number=found[0],
        sent_at=found[1],
        sha256=found[2],
    )


def own_copy(session: Session, person_id: int, ref: str, number: int, now: datetime) -> OwnCopy:
    """Everything one sending holds, for somebody of its team. NotFound for anybody else."""
    own = mine(session, Applicant(person_id), ref)
    columns: Any = (Sending.sent_at, Sending.sha256, Sending.language, Packet.data, Identity.data)
    found = session.exec(
        select(*columns)
        .join(Packet, col(Packet.sending_id) == col(Sending.id))
        .join(Identity, col(Identity.sending_id) == col(Sending.id))
        .where(Sending.application_id == own.key, Sending.number == number)
    ).one_or_none()
    if found is None:
        raise NotFound
    sent_at, sha256, language, blind, identity = found
    return OwnCopy(
        ref=ref,
        number=number,
        sent_at=sent_at,
        sha256=sha256,
        language=language,
        call=_call(session, own.call, now, partners=True),
        sections={
            code: {**blind.get(code, {}), **identity.get(code, {})} for code in section_codes(own.call)
        },
    )


def own_status(session: Session, applicant: Applicant, ref: str, now: datetime) -> OwnStatus:
    """The status page: what has happened to an application so far."""
    own, application = _own(session, applicant, ref, now)
    rows = session.exec(
        select(History.move, History.at, History.note)
        .where(History.application_id == own.key)
        .order_by(col(History.at), col(History.id))
    )
    published = own.call.published_at is not None
    steps = [
        OwnStep(move=move, at=at, number=int(note) if note.isdigit() else None)
        for move, at, note in rows
        if published or move not in VERDICT_MOVES
    ]
    if application.revealed_at is not None and not published:
        steps.append(OwnStep(move=Move.AWARD, at=application.revealed_at, number=None))
    asked = awaited_correction(session, own, now)
    return OwnStatus(
        application=application,
        call=_call(session, own.call, now),
        dates=_dates(session, own.call),
        fix_until=asked.due_at if asked else None,
        steps=steps,
        cancellation=_cancellation(own.call),
    )


def _dates(session: Session, call: Call) -> OwnDates:
    event = session.execute(_event(), {"call": call.id}).first()
    return OwnDates(
        checked_at=call.reviewing_opened_at,
        scored_at=call.reviewing_closed_at,
        published_at=call.published_at,
        event=event.event if event else None,
        event_at=event.held_at if event else None,
    )


@cache
def _event() -> Any:
    """The first round that is announced at an event."""
    return (
        select(col(AwardRound.event), col(AwardRound.held_at))
        .where(
            col(AwardRound.call_id) == bindparam("call"),
            col(AwardRound.held_at).is_not(None),
        )
        .order_by(col(AwardRound.held_at), col(AwardRound.position))
    )


def _cancellation(call: Call) -> OwnCancellation | None:
    """Every call that was cancelled has a notice that says why."""
    if call.cancelled_at is None:
        return None
    reasons: list[Texts] = [each["reason"] for each in call.notices if each["kind"] == "cancelled"]
    return OwnCancellation(at=call.cancelled_at, reason=reasons[-1] if reasons else {})


def _drafts(session: Session, own: Mine, only: set[str] | None = None) -> dict[str, Draft | IdentityDraft]:
    codes = [code for code in section_codes(own.call) if only is None or code in only]
    found: dict[str, Draft | IdentityDraft] = {}
    naming = [code for code in codes if CATALOGUE[code].identity]
    blind = [code for code in codes if not CATALOGUE[code].identity]
    for wanted, statement in ((blind, _draft_rows(Draft)), (naming, _draft_rows(IdentityDraft))):
        if wanted:
            rows = session.execute(statement, {"application": own.key, "sections": wanted}).scalars()
            found.update({row.section: row for row in rows})
    return {code: found[code] for code in codes if code in found}


@cache
def _draft_rows(table: type[Draft] | type[IdentityDraft]) -> Any:
    return select(table).where(
        col(table.application_id) == bindparam("application"),
        col(table.section).in_(bindparam("sections", expanding=True)),
    )


def _section(row: Draft | IdentityDraft, judged: Judged) -> OwnSection:
    return OwnSection(
        code=row.section,
        minutes=CATALOGUE[row.section].minutes,
        version=row.version,
        updated_at=row.updated_at,
        data=row.data,
        status=judged.status,
        missing=judged.missing,
        problems=dict(judged.problems),
        notices=dict(judged.notices),
    )


def _call(session: Session, call: Call, now: datetime, *, partners: bool = False) -> OwnCall:
    organisations: list[tuple[str, Texts]] = []
    if partners:
        rows = session.execute(partners_of(), {"call": call.id})
        organisations = [(code, dict(name)) for code, name in rows]
    closes = call.closes_at or now
    return OwnCall(
        slug=call.slug,
        title=call.title,
        kind=call.kind,
        phase=phase(call, now),
        closes_at=call.closes_at,
        reviews_due_at=call.reviews_due_at,
        results_expected_at=call.results_expected_at,
        themes=call.themes,
        priorities=call.priorities,
        organisations=organisations,
        limits=limits_of(call, (code for code, _ in organisations)),
        ceiling_cents=call.ceiling_minor,
        first_month=f"{closes:%Y-%m}",
    )


def _last_number(session: Session, own: Mine) -> int:
    return session.execute(_last(), {"application": own.key}).scalar_one() or 0


@cache
def _last() -> Any:
    return select(func.max(Sending.number)).where(col(Sending.application_id) == bindparam("application"))

"""What an applicant may read: their own applications. No reviewer, no score, no other applicant is in it."""

from collections.abc import Sequence
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import bindparam, exists, func, literal
from sqlalchemy.orm import aliased, defer
from sqlmodel import Session, col, select

from app.accounts.actors import Applicant
from app.applications.consents import NEEDED, OPTIONAL
from app.applications.corrections import CORRECTABLE
from app.applications.due import due_of
from app.applications.limits import first_month, has_section, limits_of, partners_of, section_codes
from app.applications.members import WRITERS, Mine, mine, typed_by
from app.applications.own_files import files_of, removed_of
from app.applications.own_models import (
    OwnApplication,
    OwnCall,
    OwnCancellation,
    OwnConsent,
    OwnConsents,
    OwnConsentStep,
    OwnCopy,
    OwnDates,
    OwnDraft,
    OwnEntered,
    OwnExtension,
    OwnFiles,
    OwnPart,
    OwnReceipt,
    OwnSection,
    OwnSentFile,
    OwnStatus,
    OwnStep,
)
from app.applications.status import SETTLED, Move, moves_from, seen_status
from app.calls.dates import HELD_AT
from app.calls.phase import phase
from app.errors import NotFound
from app.models.applications import Application, Draft, History, Packet, Sending, Status, TeamRole
from app.models.calls import AwardRound, Call, Phase
from app.models.columns import Texts
from app.models.corrections import Correction
from app.models.decisions import PublishedResult
from app.models.events import Event, Finalist, FinalistState
from app.models.people import Applicant as ApplicantRow
from app.models.people import Assistance, Consent, Extension, Identity, IdentityDraft, Person
from app.sections.catalogue import CATALOGUE
from app.sections.halves import join
from app.sections.judging import Judged, judge, judge_all, minutes_left

TITLED = ("brief", "motivation")
"""The sections whose answer `title` names the application."""


def own_applications(session: Session, applicant: Applicant, now: datetime) -> list[OwnApplication]:
    """One's own applications in every call, the newest first."""
    rows = session.execute(_mine(one=False), {"person": applicant.person_id})
    return [_application(Mine(row[0], row[1], TeamRole(row[2])), row, now) for row in rows]


def own_application(session: Session, applicant: Applicant, ref: str, now: datetime) -> OwnApplication:
    """One application of one's own. NotFound for a stranger."""
    return _own(session, applicant, ref, now)[1]


def _own(session: Session, applicant: Applicant, ref: str, now: datetime) -> tuple[Mine, OwnApplication]:
    asked = {"person": applicant.person_id, "ref": ref}
    row = session.execute(_mine(one=True), asked).one_or_none()
    if row is not None:
        own = Mine(row[0], row[1], TeamRole(row[2]))
        return own, _application(own, row, now)
    row = session.execute(_typed(), asked).one_or_none()
    if row is None:
        raise NotFound
    own = Mine(row[0], row[1], TeamRole.EDITOR, assists=True)
    return own, _application(own, row, now)


@cache
def _mine(*, one: bool) -> Any:
    """The applications of a person, or one of them, with one's role.

    Built once: putting a statement together costs more than running it.
    """
    team = col(ApplicantRow.application_id) == col(Application.id)
    statement = (
        _with_role(col(ApplicantRow.role))
        .join(ApplicantRow, team)
        .where(col(ApplicantRow.person_id) == bindparam("person"))
    )
    if one:
        return statement.where(col(Application.ref) == bindparam("ref"))
    return statement.order_by(col(Application.created_at).desc(), col(Application.ref))


@cache
def _typed() -> Any:
    """One application that one types in for its owner."""
    return _with_role(literal(TeamRole.EDITOR.value)).where(
        col(Application.ref) == bindparam("ref"), typed_by(bindparam("person"))
    )


def _with_role(role: Any) -> Any:
    """Application, call, one's role, when what counts was sent, the title as it is written now, since
    when everybody may know that it won (the row that the hall's screen shows, or none), how many it has in
    its team, who types it in, whether letters reach the reader by e-mail, and until when a correction is
    awaited.
    """
    title: Any = col(Draft.data)["title"]
    mate = aliased(ApplicantRow)
    members = select(func.count()).where(col(mate.application_id) == col(Application.id)).scalar_subquery()
    columns: Any = (
        Application,
        Call,
        role,
        Sending.sent_at,
        title.as_string(),
        PublishedResult.published_at,
        members,
        Assistance,
        exists().where(col(Person.id) == bindparam("person"), col(Person.email).is_not(None)),
        _unsettled_until(),
        _invited_until(),
    )
    return (
        select(*columns)
        .select_from(Application)
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
        .outerjoin(Assistance, col(Assistance.application_id) == col(Application.id))
        .options(defer(Call.frozen_form, raiseload=True))  # type: ignore[arg-type]
    )


def _unsettled_until() -> Any:
    """Until when a correction is awaited, or was and is late; an application has one such request at most."""
    return (
        select(func.max(Correction.due_at))
        .where(
            col(Correction.application_id) == col(Application.id),
            col(Correction.answered_at).is_(None),
            col(Correction.closed_at).is_(None),
        )
        .scalar_subquery()
    )


def _invited_until() -> Any:
    """Until when an invitation to pitch is to be answered; None for whoever has none, or has answered."""
    return (
        select(col(Finalist.answer_due_at))
        .where(
            col(Finalist.application_id) == col(Application.id),
            col(Finalist.state) == FinalistState.OFFERED,
        )
        .scalar_subquery()
    )


def _application(own: Mine, found: Any, now: datetime) -> OwnApplication:
    row, call = own.application, own.call
    sent_at, title, revealed_at, members, entered, by_mail, fix_until, invited_until = found[3:]
    reached = phase(call, now)
    due = due_of(call, row)
    in_time = due.receives(now)
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
        role=own.role,
        members=members,
        language=row.language,
        title=title or "",
        created_at=row.created_at,
        timezone=call.timezone,
        closes_at=call.closes_at,
        due_at=due.closes_at,
        extended=due.closes_at != call.closes_at,
        grace_ends_at=due.ends_at,
        in_grace=due.in_grace(now),
        counts_number=row.counts_number,
        sent_at=sent_at,
        moves=_moves(own, in_time, reached),
        receives=in_time and row.status is Status.DRAFT,
        writable=in_time and own.role in WRITERS and row.status is Status.DRAFT,
        entered=_entered(own, entered) if entered else None,
        by_mail=bool(by_mail),
        fix_until=fix_until if reached in CORRECTABLE else None,
        invited_until=invited_until if reached is Phase.REVIEWED else None,
    )


def _entered(own: Mine, row: Assistance) -> OwnEntered:
    return OwnEntered(
        channel=row.channel,
        received_on=row.received_on,
        consent=row.consent,
        ended_at=row.ended_at,
        by_me=own.assists,
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
        extension=_in_force(session, own) if application.extended else None,
        sections=[_section(drafts[code], judged[code]) for code in drafts],
        files=files_of(session, own.key),
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
        limits = limits.with_plan(plan)
    row = drafts[section]
    return OwnPart(
        application=application,
        call=call,
        section=_section(row, judge(CATALOGUE[section], row.data, limits)),
        work_plan=plan,
    )


def own_plan(session: Session, own: Mine) -> dict[str, Any]:
    """The work plan as it is typed now; empty where the call asks for none."""
    drafts = _drafts(session, own, {"work_plan"})
    return drafts["work_plan"].data if "work_plan" in drafts else {}


def own_files(session: Session, applicant: Applicant, ref: str, now: datetime) -> OwnFiles:
    """One's own files, and the one that was removed last."""
    own, application = _own(session, applicant, ref, now)
    return OwnFiles(
        application=application,
        files=files_of(session, own.key),
        removed=removed_of(session, own.key),
    )


RECEIVED_AT: Any = (
    select(func.max(History.at))
    .where(
        History.application_id == Sending.application_id,
        History.move == Move.SEND,
        History.at <= Sending.sent_at,
    )
    .scalar_subquery()
)
"""When what a sending holds was received: of a correction, when the sending was that it corrects."""


def own_receipt(
    session: Session, applicant: Applicant, ref: str, now: datetime, number: int | None = None
) -> OwnReceipt:
    """The receipt of a sending, or of the last one. NotFound if there was none."""
    own, application = _own(session, applicant, ref, now)
    columns: Any = (Sending.number, Sending.sent_at, Sending.sha256, RECEIVED_AT)
    statement = select(*columns).where(Sending.application_id == own.key)
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
        received_at=found[3] or found[1],
    )


def own_copy(session: Session, person_id: int, ref: str, number: int, now: datetime) -> OwnCopy:
    """Everything one sending holds, for somebody of its team. NotFound for anybody else."""
    own = mine(session, Applicant(person_id), ref)
    columns: Any = (
        Sending.sent_at,
        Sending.sha256,
        Sending.language,
        Packet.data,
        Identity.data,
        Packet.files,
        RECEIVED_AT,
    )
    found = session.exec(
        select(*columns)
        .join(Packet, col(Packet.sending_id) == col(Sending.id))
        .join(Identity, col(Identity.sending_id) == col(Sending.id))
        .where(Sending.application_id == own.key, Sending.number == number)
    ).one_or_none()
    if found is None:
        raise NotFound
    sent_at, sha256, language, blind, identity, files, received_at = found
    return OwnCopy(
        ref=ref,
        number=number,
        sent_at=sent_at,
        received_at=received_at or sent_at,
        sha256=sha256,
        language=language,
        call=_call(session, own.call, now, partners=True),
        timezone=own.call.timezone,
        due_at=due_of(own.call, own.application).closes_at,
        sections={
            code: join(code, blind.get(code, {}), identity.get(code, {})) for code in section_codes(own.call)
        },
        files=_sent_files(files, identity.get("files", ())),
    )


def _sent_files(clean: list[Any], before: Sequence[Any]) -> list[OwnSentFile]:
    names = {each["number"]: each["name"] for each in before}
    return [
        OwnSentFile(
            number=each["number"],
            kind=each["kind"],
            title=each["title"],
            name=names.get(each["number"], ""),
            pages=each["pages"],
        )
        for each in clean
    ]


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
    return OwnStatus(
        application=application,
        call=_call(session, own.call, now),
        extensions=_extensions(session, own),
        dates=_dates(session, own.call),
        steps=steps,
        cancellation=_cancellation(own.call),
    )


def own_consents(session: Session, applicant: Applicant, ref: str, now: datetime) -> OwnConsents:
    """One's own consents for an application. The needed ones are only of who began it.

    Who types it in for somebody has none.
    """
    own, application = _own(session, applicant, ref, now)
    if own.assists:
        raise NotFound
    rows = session.exec(
        select(Consent)
        .where(Consent.application_id == own.key, Consent.person_id == applicant.person_id)
        .order_by(col(Consent.given_at), col(Consent.id))
    ).all()
    holds = {row.kind: row.given_at for row in rows if row.withdrawn_at is None}
    asked = [*(kind for kind in NEEDED if any(row.kind == kind for row in rows)), *OPTIONAL]
    steps = [_said(row, row.given_at, given=True) for row in rows]
    steps += [_said(row, row.withdrawn_at, given=False) for row in rows if row.withdrawn_at]
    return OwnConsents(
        application=application,
        consents=[OwnConsent(kind=kind, needed=kind in NEEDED, given_at=holds.get(kind)) for kind in asked],
        steps=sorted(steps, key=lambda step: step.at),
    )


def _said(row: Consent, at: datetime, *, given: bool) -> OwnConsentStep:
    return OwnConsentStep(
        kind=row.kind, given=given, at=at, text_version=row.text_version, language=row.language
    )


def _extensions(session: Session, own: Mine) -> list[OwnExtension]:
    """Every later deadline that this application was given, in order."""
    rows = session.execute(_extension_rows(), {"application": own.key})
    return [OwnExtension(until=until, reason=reason, given_at=given_at) for until, reason, given_at in rows]


def _in_force(session: Session, own: Mine) -> OwnExtension | None:
    return next(iter(_extensions(session, own)[-1:]), None)


@cache
def _extension_rows() -> Any:
    columns: Any = (Extension.until, Extension.reason, Extension.given_at)
    return (
        select(*columns)
        .where(col(Extension.application_id) == bindparam("application"))
        .order_by(col(Extension.number))
    )


def _dates(session: Session, call: Call) -> OwnDates:
    event = session.execute(_event(), {"call": call.id}).first()
    return OwnDates(
        checked_at=call.reviewing_opened_at,
        scored_at=call.reviewing_closed_at,
        published_at=call.published_at,
        event=event.event if event else None,
        event_at=event.at if event else None,
    )


@cache
def _event() -> Any:
    """The first round that is announced at an event."""
    return (
        select(col(AwardRound.event), HELD_AT.label("at"))
        .outerjoin(Event, col(Event.round_id) == col(AwardRound.id))
        .where(
            col(AwardRound.call_id) == bindparam("call"),
            HELD_AT.is_not(None),
        )
        .order_by(HELD_AT, col(AwardRound.position))
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
        minutes_left=minutes_left(CATALOGUE[row.section], judged),
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
        own_question=call.own_question,
        organisations=organisations,
        limits=limits_of(call, (code for code, _ in organisations)),
        ceiling_cents=call.ceiling_minor,
        first_month=first_month(call) or f"{now:%Y-%m}",
    )


def _last_number(session: Session, own: Mine) -> int:
    return session.execute(_last(), {"application": own.key}).scalar_one() or 0


@cache
def _last() -> Any:
    return select(func.max(Sending.number)).where(col(Sending.application_id) == bindparam("application"))

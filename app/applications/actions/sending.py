"""Sending: every section is judged, and what it says then is kept for good, in two halves."""

import hashlib
import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field
from sqlalchemy import bindparam, func, union_all, update
from sqlmodel import Session, col, select

from app.accounts.actors import Applicant
from app.applications.actions.assistance import end_assistance, note_assistance
from app.applications.actions.drafting import check_writable
from app.applications.actions.filing import freeze_files
from app.applications.actions.grace import note_grace
from app.applications.actions.keeping import keep_sent
from app.applications.actions.leaking import keep_leaks
from app.applications.actions.open_corrections import answered_by_sending
from app.applications.limits import limits_of, partners_of, section_codes
from app.applications.members import WRITERS, Mine, mine
from app.applications.notices import tell_team
from app.applications.own_files import files_of
from app.applications.own_models import OwnFile
from app.applications.refusals import NotADraft, NotASender
from app.applications.status import Move, moved
from app.asking import Ask
from app.audit.record import record
from app.errors import Invalid, NotFound, Problem, Stale
from app.models.applications import Application, Draft, History, Packet, Sending
from app.models.calls import Call, CallKind
from app.models.keys import key_of
from app.models.people import Assistance, Identity, IdentityDraft
from app.sections.brief import Brief
from app.sections.budget import Budget
from app.sections.candidate import Candidate
from app.sections.catalogue import CATALOGUE
from app.sections.halves import split
from app.sections.judging import Judged, judge_all
from app.sections.motivation import Motivation
from app.sections.team import Team
from app.sections.text import LINE

DECLARATION_VERSION = "2026-11"
"""Which wording of the declaration was shown; a change of `send.*` in the words changes this."""
DECLARED = ("truth", "no_conflict")
DECLARED_WITH_MONEY = ("no_double_funding", "controls")
UNCONFIRMED = {
    "truth": "send.truth",
    "no_conflict": "send.no_conflict",
    "no_double_funding": "send.no_double_funding",
    "controls": "send.controls",
}


class SendInput(BaseModel):
    """The declaration. `number` is the sending that this will be, so that a second press is the same one.

    An empty name is refused with the boxes that are not ticked, all in one answer: see `check_declaration`.
    A coordinator who sends for somebody says how that person declared it, and where that is written down.
    """

    number: Annotated[int, Field(ge=1, le=10_000), Ask("hidden")]
    truth: Annotated[bool, Ask("checkboxes")] = False
    no_conflict: Annotated[bool, Ask("checkboxes")] = False
    no_double_funding: Annotated[bool, Ask("checkboxes")] = False
    controls: Annotated[bool, Ask("checkboxes")] = False
    name: Annotated[str, Field(max_length=200), Ask(autocomplete="name", spellcheck=False)]
    declared: Annotated[Literal["", "signed", "spoken"], Ask("radios", optional=True, choices="agreed")] = ""
    declared_note: Annotated[str, LINE, Ask(optional=True, cap=300)] = Field(default="", max_length=300)


class NotReady(Invalid):
    """Answers are missing or wrong: `fields` names each as `<section>.<answer>`."""

    code = "application.not_ready"


@dataclass(frozen=True, slots=True)
class Sent:
    """What the applicant can prove: reference and number, when, and the hash of what was sent.

    `desk` is the call of the coordinator who sent it for somebody, who reads it at the desk only.
    """

    ref: str
    number: int
    sent_at: datetime
    sha256: str
    desk: str = ""


def send_application(
    session: Session, applicant: Applicant, ref: str, given: SendInput, *, language: str, now: datetime
) -> Sent:
    """Send what is written now, as sending `given.number`.

    The same number again gives the same receipt and does nothing. NotReady where answers are missing or
    wrong; Invalid where the declaration is; TooLate, NotADraft, NotASender; Stale for a number further on.
    """
    try:
        own = mine(session, applicant, ref, held=True)
    except NotFound:
        return _sent_for_somebody(session, applicant, ref, given.number)
    last = session.execute(_last(), {"application": own.key}).scalar_one()
    if given.number <= (last or 0):
        return sent_before(session, own, given.number)
    if own.role not in WRITERS:
        raise NotASender
    check_writable(own, now)
    if given.number != (last or 0) + 1:
        raise Stale(version=last or 0)
    check_declaration(given, own)
    files = files_of(session, own.key)
    judged = _judged(session, own, files)
    declaration = {
        "name": given.name.strip(),
        "text_version": DECLARATION_VERSION,
        "language": language,
        "at": now.isoformat(),
        **_on_behalf(given, own),
    }
    frozen = freeze_files(session, own.key) if files else ([], [])
    sent = _keep(session, own, applicant, given.number, judged, declaration, frozen, now)
    keep_sent(session, own.key, given.number, now)
    _move(session, own, applicant, given.number, now)
    note_grace(session, own, applicant, "send", now)
    note_assistance(session, own, applicant, "send", now, number=given.number)
    end_assistance(session, own.key, now)
    answered_by_sending(session, own.key, given.number, now)
    send_receipts(session, own, given.number, now)
    return replace(sent, desk=own.call.slug) if own.assists else sent


def _sent_for_somebody(session: Session, applicant: Applicant, ref: str, number: int) -> Sent:
    """The receipt of a sending that this coordinator made, whose draft is theirs no more. NotFound else."""
    columns: Any = (Sending.sent_at, Sending.sha256, Call.slug)
    found = session.exec(
        select(*columns)
        .join(Application, col(Application.id) == col(Sending.application_id))
        .join(Call, col(Call.id) == col(Application.call_id))
        .join(Assistance, col(Assistance.application_id) == col(Application.id))
        .where(
            Application.ref == ref,
            Sending.number == number,
            Sending.sent_by == applicant.person_id,
            Assistance.typed_by == applicant.person_id,
        )
    ).one_or_none()
    if found is None:
        raise NotFound
    return Sent(ref, number, *found)


def send_receipts(session: Session, own: Mine, number: int, now: datetime) -> None:
    """Each member of the team gets the receipt of a sending, once."""
    ref = own.application.ref
    tell_team(
        session,
        "application_receipt",
        own.key,
        ref,
        dedupe=f"receipt-{ref}-{number}",
        now=now,
        number=number,
    )


def declared(kind: CallKind) -> tuple[str, ...]:
    """What has to be declared in a call of this kind."""
    return DECLARED + DECLARED_WITH_MONEY if kind is CallKind.GRANT else DECLARED


def check_declaration(given: SendInput, own: Mine) -> None:
    """Every box is ticked and the name is typed."""
    missing: dict[str, str | Problem] = {
        name: UNCONFIRMED[name] for name in declared(own.call.kind) if not getattr(given, name)
    }
    if not given.name.strip():
        missing["name"] = "send.name"
    if own.assists and not given.declared:
        missing["declared"] = "assisted.declared"
    if own.assists and not given.declared_note:
        missing["declared_note"] = "assisted.declared_note"
    if missing:
        raise Invalid(missing)


def _on_behalf(given: SendInput, own: Mine) -> dict[str, str]:
    """How it was declared by somebody for whom a coordinator sends; nothing of whoever sends themself."""
    return {"declared": given.declared, "declared_note": given.declared_note} if own.assists else {}


def sent_before(session: Session, own: Mine, number: int) -> Sent:
    """The receipt of a sending that was made."""
    found = session.exec(
        select(Sending.sent_at, Sending.sha256).where(
            Sending.application_id == own.key, Sending.number == number
        )
    ).one()
    return Sent(own.application.ref, number, *found)


@cache
def _last() -> Any:
    return select(func.max(Sending.number)).where(Sending.application_id == bindparam("application"))


@cache
def _written() -> Any:
    """Every section of a draft, of both halves. Built once, as all that a sending asks: putting a statement
    together costs more than running it."""
    halves: Any = (
        select(table.section, table.data).where(table.application_id == bindparam("application"))
        for table in (Draft, IdentityDraft)
    )
    return union_all(*halves)


def _judged(session: Session, own: Mine, files: Sequence[OwnFile]) -> dict[str, Judged]:
    drafts: dict[str, Mapping[str, Any]] = dict(session.execute(_written(), {"application": own.key}).all())
    partners = [code for code, _ in session.execute(partners_of(), {"call": own.call.id})]
    judged = judge_all(section_codes(own.call), drafts, limits_of(own.call, partners))
    problems: dict[str, str | Problem] = {
        f"{code}.{name}": problem for code, each in judged.items() for name, problem in each.problems.items()
    }
    problems |= {f"files.{file.code}": "file.untitled" for file in files if not file.title}
    if problems:
        raise NotReady(problems)
    return judged


def halves(judged: Mapping[str, Judged]) -> tuple[dict[str, Any], dict[str, Any]]:
    """What reviewers may read, and what they may not: identity sections, and answers for the coordinator."""
    blind: dict[str, Any] = {}
    identity: dict[str, Any] = {}
    for code, each in judged.items():
        assert each.value is not None  # noqa: S101 - judged without problems
        data = each.value.model_dump(mode="json")
        if CATALOGUE[code].identity:
            identity[code] = data
            continue
        blind[code], hidden = split(code, data)
        if hidden:
            identity[code] = hidden
    return blind, identity


def _keep(
    session: Session,
    own: Mine,
    applicant: Applicant,
    number: int,
    judged: Mapping[str, Judged],
    declaration: Mapping[str, str],
    frozen: tuple[list[dict[str, Any]], list[dict[str, Any]]],
    now: datetime,
) -> Sent:
    blind, identity = halves(judged)
    identity["declaration"] = dict(declaration)
    files, originals = frozen
    if originals:
        identity["files"] = originals
    sending = Sending(
        application_id=own.key,
        number=number,
        language=own.application.language,
        sent_at=now,
        sent_by=applicant.person_id,
        sha256=fingerprint(blind, identity, files),
    )
    session.add(sending)
    session.flush()
    session.add(_packet(own, key_of(sending.id), judged, blind, files))
    session.add(Identity(sending_id=key_of(sending.id), data=identity, display_name=display_name(judged)))
    keep_leaks(session, own, key_of(sending.id), blind, identity, files)
    return Sent(own.application.ref, number, now, sending.sha256)


def fingerprint(
    blind: Mapping[str, Any], identity: Mapping[str, Any], files: Sequence[Mapping[str, Any]] = ()
) -> str:
    """SHA-256 of the canonical JSON of both halves and of the files' own hashes, where there are files:
    sorted keys, no spaces, UTF-8."""
    whole: dict[str, Any] = {"blind": blind, "identity": identity}
    if files:
        whole["files"] = files
    text = json.dumps(whole, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _packet(
    own: Mine,
    sending_id: int,
    judged: Mapping[str, Judged],
    blind: dict[str, Any],
    files: list[dict[str, Any]],
) -> Packet:
    packet = Packet(
        sending_id=sending_id,
        title="",
        summary="",
        districts=[],
        language=own.application.language,
        data=blind,
        files=files,
    )
    describe(packet, judged, section_codes(own.call))
    return packet


def describe(packet: Packet, judged: Mapping[str, Judged], codes: Collection[str]) -> None:
    """Copy into the packet's own columns what these sections say: title, summary, theme, places, sum.

    `codes` are all sections of the call: where one is `brief`, the title is its title.
    """
    for value in (each.value for each in judged.values()):
        if isinstance(value, Brief):
            packet.title, packet.summary = value.title, value.summary
            packet.theme, packet.districts = value.theme, list(value.districts)
        elif isinstance(value, Motivation) and "brief" not in codes:
            packet.title = value.title
        elif isinstance(value, Budget):
            packet.requested_minor = value.totals().grant_minor


def display_name(judged: Mapping[str, Judged]) -> str:
    """Who applies, in one line; empty where none of these sections says it."""
    names = (
        each.value.display_name() for each in judged.values() if isinstance(each.value, Team | Candidate)
    )
    return next(names, "")[:300]


@cache
def _moved() -> Any:
    return (
        update(Application)
        .where(col(Application.id) == bindparam("application"), col(Application.status) == bindparam("old"))
        .values(status=bindparam("new"), counts_number=bindparam("number"), version=Application.version + 1)
        .execution_options(synchronize_session=False)
    )


def _move(session: Session, own: Mine, applicant: Applicant, number: int, now: datetime) -> None:
    application = own.application
    old, new = application.status, moved(application.status, Move.SEND)
    done = session.execute(_moved(), {"application": own.key, "old": old, "new": new, "number": number})
    if getattr(done, "rowcount", 0) == 0:
        raise NotADraft
    session.add(
        History(application_id=own.key, move=Move.SEND, at=now, by=applicant.person_id, note=str(number))
    )
    record(
        session,
        "application.send",
        now=now,
        person_id=applicant.person_id,
        call_id=own.call.id,
        subject=application.ref,
        detail={"number": number},
    )

"""What a coordinator reads of the checks: numbers and places, never what stands there."""

from collections.abc import Sequence, Set
from datetime import datetime
from typing import Any

from pydantic import BaseModel, ConfigDict
from sqlmodel import Session, col, select

from app.accounts.actors import Coordinator
from app.errors import NotFound
from app.leaks.kinds import Kind
from app.models.applications import Application
from app.models.people import BlindnessProof
from app.models.proof import ProofState
from app.proof.running import ask_proof


class FullFind(BaseModel):
    """A secret of one application that reviewers could read: where (a route, or `mail`), and how often."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    ref: str
    kind: Kind
    place: str
    sure: bool
    times: int


class FullProof(BaseModel):
    """One check. `secrets` is how many were looked for; `found` lists those that stand somewhere.

    `texts` is how many pages, answers, files and mails were read; `unreadable` how many of them are pictures,
    in which nothing can be looked for. `digest` is the SHA-256 of `report`, as JSON with sorted names and
    without spaces; both are empty while it runs, and for somebody with a tie to what was found.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")
    number: int
    state: ProofState
    asked_at: datetime
    done_at: datetime | None
    applications: int
    reviewers: int
    secrets: int
    texts: int
    mails: int
    unreadable: int
    found_secrets: int
    perhaps: int
    found: list[FullFind]
    digest: str
    report: dict[str, Any]


def check_blindness(session: Session, coordinator: Coordinator, now: datetime) -> int:
    """Begin a check; its number. AlreadyChecking."""
    return ask_proof(session, coordinator.call_id, coordinator.person_id, now).number


def full_proofs(session: Session, coordinator: Coordinator) -> list[FullProof]:
    """All checks of a call, the newest first."""
    wanted = select(BlindnessProof).where(BlindnessProof.call_id == coordinator.call_id)
    rows = session.exec(wanted.order_by(col(BlindnessProof.number).desc())).all()
    seen = _seen(session, rows)
    return [_proof(row, seen) for row in rows]


def full_proof(session: Session, coordinator: Coordinator, number: int) -> FullProof:
    """One of them; NotFound."""
    wanted = select(BlindnessProof).where(BlindnessProof.call_id == coordinator.call_id)
    row = session.exec(wanted.where(BlindnessProof.number == number)).one_or_none()
    if row is None:
        raise NotFound
    return _proof(row, _seen(session, [row]))


def _seen(session: Session, rows: Sequence[BlindnessProof]) -> set[str]:
    """Of the references that reports name, those that this coordinator may know of: the wall hides others."""
    named = {name.partition("|")[0] for row in rows for name in row.report.get("found", {})}
    return (
        set(session.exec(select(Application.ref).where(col(Application.ref).in_(named)))) if named else set()
    )


def _proof(row: BlindnessProof, seen: Set[str]) -> FullProof:
    report = row.report
    every = [_find(name, times) for name, times in report.get("found", {}).items()]
    found = [each for each in every if each.ref in seen]
    whole = row.state is ProofState.DONE and len(found) == len(every)
    sure = {(each.ref, each.kind) for each in found if each.sure}
    return FullProof(
        number=row.number,
        state=row.state,
        asked_at=row.asked_at,
        done_at=row.done_at,
        applications=report.get("applications", 0),
        reviewers=report.get("reviewers", 0),
        secrets=report.get("secrets", 0),
        texts=sum(report.get("places", {}).values()),
        mails=report.get("places", {}).get("mail", 0),
        unreadable=report.get("unreadable", 0),
        found_secrets=len(sure),
        perhaps=len({(each.ref, each.kind) for each in found if not each.sure} - sure),
        found=sorted(found, key=lambda each: (not each.sure, each.ref, each.kind, each.place)),
        digest=row.digest if whole else "",
        report=report if whole else {},
    )


def _find(name: str, times: int) -> FullFind:
    ref, kind, place, sure = name.split("|")
    return FullFind(ref=ref, kind=Kind(kind), place=place, sure=sure == "sure", times=times)

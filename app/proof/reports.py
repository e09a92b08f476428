"""What a coordinator reads of the checks: numbers and places, never what stands there."""

from collections.abc import Iterable, Mapping, Sequence, Set
from datetime import datetime
from typing import Any

from pydantic import BaseModel, ConfigDict
from sqlmodel import Session, col, func, select

from app.accounts.actors import Coordinator
from app.errors import NotFound
from app.leaks.kinds import Kind
from app.models.applications import Application
from app.models.panel import PanelMember, PanelRole
from app.models.people import BlindnessProof
from app.models.proof import ProofState
from app.proof.running import ask_proof
from app.wall import is_walled


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
    without spaces; both are empty while it runs. For somebody with a tie in the call they are empty always,
    and the sums NULL: what they have a tie with is counted in all of them.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")
    number: int
    state: ProofState
    asked_at: datetime
    done_at: datetime | None
    applications: int | None
    reviewers: int | None
    secrets: int | None
    texts: int | None
    mails: int | None
    unreadable: int | None
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
    return [_proof(row, seen, whole=not is_walled(session)) for row in rows]


def full_proof(session: Session, coordinator: Coordinator, number: int) -> FullProof:
    """One of them; NotFound."""
    wanted = select(BlindnessProof).where(BlindnessProof.call_id == coordinator.call_id)
    row = session.exec(wanted.where(BlindnessProof.number == number)).one_or_none()
    if row is None:
        raise NotFound
    return _proof(row, _seen(session, [row]), whole=not is_walled(session))


def count_reviewers(session: Session, coordinator: Coordinator) -> int:
    """With how many reviewers' eyes a check of this call looks."""
    wanted = select(func.count()).where(
        PanelMember.call_id == coordinator.call_id,
        PanelMember.role == PanelRole.REVIEWER,
        col(PanelMember.removed_at).is_(None),
    )
    return session.exec(wanted).one()


def count_found(session: Session, names: Iterable[str]) -> int:
    """How many secrets a report's names are of that are sure, and of applications that one may know of; one
    query where there are any."""
    sure = {(each.ref, each.kind) for each in (_find(name, 1) for name in names) if each.sure}
    return sum(ref in seen for ref, _ in sure) if (seen := _known(session, {ref for ref, _ in sure})) else 0


def _seen(session: Session, rows: Sequence[BlindnessProof]) -> set[str]:
    """Of the references that reports name, those that this coordinator may know of: the wall hides others."""
    named = {name.partition("|")[0] for row in rows for name in row.report.get("found", {})}
    return _known(session, named)


def _known(session: Session, refs: Set[str]) -> set[str]:
    if not refs:
        return set()
    return set(session.exec(select(Application.ref).where(col(Application.ref).in_(sorted(refs)))))


def _proof(row: BlindnessProof, seen: Set[str], *, whole: bool) -> FullProof:
    report = row.report
    sums = _sums(report) if whole else dict.fromkeys(SUMS)
    every = [_find(name, times) for name, times in report.get("found", {}).items()]
    found = [each for each in every if each.ref in seen]
    shown = whole and row.state is ProofState.DONE
    sure = {(each.ref, each.kind) for each in found if each.sure}
    return FullProof(
        number=row.number,
        state=row.state,
        asked_at=row.asked_at,
        done_at=row.done_at,
        **sums,
        found_secrets=len(sure),
        perhaps=len({(each.ref, each.kind) for each in found if not each.sure} - sure),
        found=sorted(found, key=lambda each: (not each.sure, each.ref, each.kind, each.place)),
        digest=row.digest if shown else "",
        report=report if shown else {},
    )


SUMS = ("applications", "reviewers", "secrets", "texts", "mails", "unreadable")


def _sums(report: Mapping[str, Any]) -> dict[str, int]:
    places = report.get("places", {})
    told = {name: report.get(name, 0) for name in SUMS}
    return told | {"texts": sum(places.values()), "mails": places.get("mail", 0)}


def _find(name: str, times: int) -> FullFind:
    ref, kind, place, sure = name.split("|")
    return FullFind(ref=ref, kind=Kind(kind), place=place, sure=sure == "sure", times=times)

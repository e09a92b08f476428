"""What a coordinator reads of the checks: numbers and places, never what stands there."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from pydantic import BaseModel, ConfigDict
from sqlmodel import Session, col, func, or_, select

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
    """A secret of one application that reviewers could read, where (a route, `mail`, or `cleared` for a text
    that is not open yet), and how often.

    `stands_in` is the application in whose text it stands, which need not be the one of whom it is a secret;
    empty in lists and mails.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")
    ref: str
    stands_in: str
    kind: Kind
    place: str
    sure: bool
    times: int


class FullProof(BaseModel):
    """One check. `secrets` is how many were looked for; `found` lists those that stand somewhere.

    `texts` is how many pages, answers, files and mails were read; `unreadable` how many of them are pictures,
    in which nothing can be looked for. Of `given` texts that reviewers have to score, `closed` were not open
    to them when they were asked for: their cleared words alone were read. `failed` is how much could not be
    read; the state of such a check is `failed`, for it proves nothing. `digest` is the SHA-256 of `report`,
    as JSON with sorted names and without spaces; both are empty while it runs, and where something failed.
    For somebody with a tie in the call they are empty always, and the sums NULL: what they have a tie with is
    counted in all of them.
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
    given: int | None
    closed: int | None
    failed: int | None
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
    every = [*names]
    found = _finds(dict.fromkeys(every, 1), _known(session, every))
    return len({(each.ref, each.kind) for each in found if each.sure})


def _seen(session: Session, rows: Sequence[BlindnessProof]) -> Mapping[str, str]:
    return _known(session, (name for row in rows for name in row.report.get("found", {})))


def _known(session: Session, names: Iterable[str]) -> Mapping[str, str]:
    """Of the references and codes that reports name, those that this coordinator may know of, with the
    reference of each: the wall hides others."""
    named = {part for name in names for part in (name.split("|")[0], *name.split("|")[4:]) if part}
    if not named:
        return {}
    either = or_(col(Application.ref).in_(sorted(named)), col(Application.code).in_(sorted(named)))
    rows = session.exec(select(Application.ref, Application.code).where(either)).all()
    return {name: ref for ref, code in rows for name in (ref, code)} | {"": ""}


def _finds(found: Mapping[str, int], seen: Mapping[str, str]) -> list[FullFind]:
    """What was found, as far as one may know both whose it is and in whose text it stands."""
    every = [(*name.split("|"), "")[:5] for name in found]
    return [
        FullFind(ref=ref, stands_in=seen[of], kind=Kind(kind), place=place, sure=sure == "sure", times=times)
        for (ref, kind, place, sure, of), times in zip(every, found.values(), strict=True)
        if ref in seen and of in seen
    ]


def _proof(row: BlindnessProof, seen: Mapping[str, str], *, whole: bool) -> FullProof:
    report = row.report
    sums = _sums(report) if whole else dict.fromkeys(SUMS)
    found = _finds(report.get("found", {}), seen)
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
        found=sorted(
            found, key=lambda each: (not each.sure, each.ref, each.kind, each.place, each.stands_in)
        ),
        digest=row.digest if shown else "",
        report=report if shown else {},
    )


SUMS = ("applications", "reviewers", "secrets", "texts", "mails", "unreadable", "given", "closed", "failed")


def _sums(report: Mapping[str, Any]) -> dict[str, int]:
    places, failed = report.get("places", {}), report.get("failed", {})
    told = {name: report.get(name, 0) for name in SUMS}
    counted = {"texts": sum(places.values()), "mails": places.get("mail", 0), "failed": sum(failed.values())}
    return told | counted

"""Looking for what waits for coordinators and takes long to find: the job worker does, so that no page does.

It looks again only where something has changed that the last search rested on, so that nobody who writes a
new act has to remember to say so.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, insert, select
from sqlmodel import Session, col

from app.calls.phase import Phase, phase
from app.models.calls import Call
from app.models.matters import Matter, MatterBasis, MatterKind
from app.reviews.call_state import ASSIGNING, DATED
from app.reviews.suspicions import count_suspicions, suspicion_basis
from app.reviews.thirds import count_thirds, third_basis

LOOKING = {
    MatterKind.SUSPECTED: (ASSIGNING, suspicion_basis, count_suspicions),
    MatterKind.THIRD: (frozenset({Phase.REVIEWING}), third_basis, count_thirds),
}
"""In which phases each kind waits, what a search rests on, and the search."""


@dataclass(frozen=True, slots=True)
class Found:
    """All matters of one kind in one call, by application, and the digest of what they rest on."""

    call_id: int
    kind: MatterKind
    digest: str
    numbers: Mapping[int, int]


_CALLS = select(col(Call.id), *DATED).where(
    col(Call.opened_at).is_not(None), col(Call.reviewing_closed_at).is_(None)
)
_BASES = select(col(MatterBasis.call_id), col(MatterBasis.kind), col(MatterBasis.digest))


def look_for_matters(session: Session, now: datetime) -> list[Found]:
    """What has to be kept anew; nothing where nothing has changed."""
    known = {(row.call_id, row.kind): row.digest for row in session.execute(_BASES)}
    found = []
    for call in session.execute(_CALLS).all():
        for kind, (phases, basis, search) in LOOKING.items():
            if phase(call, now) not in phases:
                continue
            digest = basis(session, call.id)
            if known.get((call.id, kind)) != digest:
                found.append(Found(call.id, kind, digest, search(session, call.id)))
    return found


def keep_matters(session: Session, found: list[Found]) -> None:
    """Keep what was found in place of what was there; what changed meanwhile is looked for the next time."""
    for each in found:
        for table in (Matter, MatterBasis):
            session.execute(
                delete(table).where(col(table.call_id) == each.call_id, col(table.kind) == each.kind)
            )
        rows = [
            {"application_id": key, "kind": each.kind, "call_id": each.call_id, "number": number}
            for key, number in each.numbers.items()
        ]
        if rows:
            session.execute(insert(Matter), rows)
        session.add(MatterBasis(call_id=each.call_id, kind=each.kind, digest=each.digest))
        session.flush()

"""One review alone passes no cut: neither to an award nor to a pitch, where the call promised more than one.

It is one person's opinion, and nobody can tell it from chance. Asking for one more is the way on; whoever
cannot get one is passed over in writing, as everybody who stands above the line and gets nothing.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import bindparam, func, select
from sqlmodel import Session, col

from app.decisions.refusals import NeedsOneMore, refuse_named
from app.errors import Conflict
from app.models.applications import Application
from app.models.calls import Call
from app.models.decisions import RankingEntry
from app.models.panel import CallOrganisation

LEAST = 2
_PROMISED: Any = select(
    func.coalesce(
        col(Call.reviews_per_application),
        select(func.count()).where(col(CallOrganisation.call_id) == col(Call.id)).scalar_subquery(),
    )
).where(col(Call.id) == bindparam("call_id"))
_SHOWN: Any = (
    select(col(Application.code), col(RankingEntry.shown))
    .join(RankingEntry, col(RankingEntry.application_id) == col(Application.id))
    .where(
        col(RankingEntry.call_id) == bindparam("call_id"),
        col(Application.code).in_(bindparam("codes", expanding=True)),
    )
    .order_by(col(RankingEntry.place))
)


def promised(session: Session, call_id: int) -> int:
    """By how many different organisations the call has each application reviewed."""
    found: int = session.execute(_PROMISED, {"call_id": call_id}).scalar_one()
    return found


def is_one_review(shown: Mapping[str, Any], promised: int) -> bool:
    """Whether a stored line of the order rests on fewer reviews than a cut needs, of so many promised."""
    return promised >= LEAST and int(shown["reviews"]) < LEAST


def refuse_one_review(
    session: Session, call_id: int, codes: Iterable[str], refusal: type[Conflict] = NeedsOneMore
) -> None:
    """NeedsOneMore, or another refusal, for those of these applications that rest on one review."""
    rows = session.execute(_SHOWN, {"call_id": call_id, "codes": list(codes)}).all()
    wanted = promised(session, call_id)
    refuse_named(session, [code for code, shown in rows if is_one_review(shown, wanted)], refusal)

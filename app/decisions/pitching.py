"""Who would pitch if so many were invited: the finalists' line, moved and looked at. Nothing is saved here.

It runs through the written order by the rule by which finalists are named (`app.events.naming`): whoever was
raised in writing takes a place, whoever was passed over leaves their own.
"""

from dataclasses import dataclass

from sqlmodel import Session, col, select

from app.decisions.cut import Pot, Standing
from app.decisions.order import Order
from app.models.applications import Application, Status
from app.models.calls import AwardRound
from app.models.events import Finalist, FinalistDeparture, FinalistState


@dataclass(frozen=True, slots=True)
class Invited:
    """What is on record of a round's finalists, by application. `invited` is empty before they are named."""

    raised: frozenset[int]
    passed: frozenset[int]
    elsewhere: frozenset[int]
    invited: frozenset[int]


def invited_to(session: Session, pot: AwardRound) -> Invited:
    """Who departs from the order of this round, who pitches in another, and who was invited to this."""
    departing = session.exec(
        select(FinalistDeparture.application_id, FinalistDeparture.raised).where(
            FinalistDeparture.round_id == pot.id
        )
    ).all()
    named = session.exec(
        select(Finalist.application_id, Finalist.round_id, Finalist.state)
        .join(Application, col(Application.id) == col(Finalist.application_id))
        .where(Application.call_id == pot.call_id, Application.status != Status.WITHDRAWN)
    ).all()
    return Invited(
        raised=frozenset(key for key, raised in departing if raised),
        passed=frozenset(key for key, raised in departing if not raised),
        elsewhere=frozenset(key for key, own, _ in named if own != pot.id),
        invited=frozenset(
            key for key, own, state in named if own == pot.id and state is not FinalistState.DECLINED
        ),
    )


def pitching_pot(count: int) -> Pot:
    """As many places as pitch; no money."""
    return Pot(places=count, taken=0, amount_minor=None, envelope_minor=None, committed_minor=0)


def pitching(order: Order, known: Invited) -> list[Standing]:
    """The order as the naming of finalists sees it."""
    return [
        Standing(
            code=row.code,
            awarded=row.application_id in known.raised,
            elsewhere=row.application_id in known.elsewhere,
            explained=row.application_id in known.raised | known.passed,
        )
        for row in order.rows
    ]

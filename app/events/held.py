"""The evening of a round, to be read, or held still while a rule goes by it.

Everybody locks the call, then the round, then its event.
"""

from sqlmodel import Session, select

from app.accounts.actors import Coordinator
from app.decisions.held import held_pot
from app.errors import Stale
from app.events.refusals import EventMissing, NoFinal
from app.models.calls import AwardRound
from app.models.events import Event


def held_event(
    session: Session, coordinator: Coordinator, round_code: str, seen_version: int
) -> tuple[AwardRound, Event]:
    """The round and its evening, both locked, if the evening still is what was looked at."""
    pot = held_pot(session, coordinator, round_code)
    if pot.finalists is None:
        raise NoFinal
    event = locked_event(session, pot.id)
    if event is None:
        raise EventMissing
    if event.version != seen_version:
        raise Stale(version=event.version)
    return pot, event


def locked_event(session: Session, round_id: int | None) -> Event | None:
    """The evening of a round, locked; None where it was not set up."""
    return session.exec(
        select(Event)
        .where(Event.round_id == round_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one_or_none()


def moved_on(session: Session, event: Event) -> None:
    """Whoever looked at the evening before has now looked at an old one."""
    event.version += 1
    session.add(event)
    session.flush()

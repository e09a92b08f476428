"""One versioned change of a call, and why it is refused."""

from sqlalchemy import update
from sqlmodel import Session, col, select

from app.accounts.actors import Coordinator
from app.calls.setup_view import CallSetup, setup_of
from app.errors import Conflict, NotFound, Stale
from app.models.calls import Call


class CallLocked(Conflict):
    """The call has opened (or was cancelled): what was published does not change."""

    code = "call.locked"


class CallStale(Stale):
    """Somebody saved the setup in between. `current` is the whole setup as it is now."""

    code = "call.stale"
    current: CallSetup


def change_setup(session: Session, coordinator: Coordinator, version: int, **columns: object) -> None:
    """Write columns of a call that has not opened, if it is still at `version`; the version goes up by one.

    It also takes the call's row, so that whatever is written next is alone with it.
    """
    change_call(session, coordinator, version, still_closed=True, **columns)


def change_call(
    session: Session, coordinator: Coordinator, version: int, *, still_closed: bool = False, **columns: object
) -> None:
    """Write columns of a call if it is still at `version`; the version goes up by one."""
    statement = update(Call).where(
        col(Call.id) == coordinator.call_id, col(Call.version) == version, col(Call.cancelled_at).is_(None)
    )
    if still_closed:
        statement = statement.where(col(Call.opened_at).is_(None))
    result = session.execute(statement.values(version=version + 1, **columns))
    if getattr(result, "rowcount", 0) == 0:
        _refuse(session, coordinator, still_closed=still_closed)


def check_version(session: Session, coordinator: Coordinator, version: int) -> None:
    """Refuse a change that was made from another version, also where it changes nothing."""
    found = session.exec(select(col(Call.version)).where(col(Call.id) == coordinator.call_id)).one_or_none()
    if found != version:
        _refuse(session, coordinator, still_closed=True)


def _refuse(session: Session, coordinator: Coordinator, *, still_closed: bool) -> None:
    found = session.exec(
        select(col(Call.opened_at), col(Call.cancelled_at), col(Call.version)).where(
            col(Call.id) == coordinator.call_id
        )
    ).one_or_none()
    if found is None:
        raise NotFound
    opened_at, cancelled_at, version = found
    if cancelled_at is not None or (still_closed and opened_at is not None):
        raise CallLocked
    raise CallStale(current=setup_of(session, coordinator), version=version)

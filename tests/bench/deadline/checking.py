"""What applicants were told against what the database holds."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import Engine
from sqlmodel import select

from app.database import session_on
from app.models.applications import Application, Draft, Packet, Sending, Status
from app.models.audit import AuditEntry
from tests.bench.deadline.rhythm import GRACE
from tests.bench.deadline.writing import Told, number_of


class Broken(AssertionError):
    """A promise was not kept; all that was found is listed."""


def check(engine: Engine, told: Sequence[Told], closes_at: datetime) -> int:
    """No save that was acknowledged is lost, and nobody was told falsely that it was sent.

    Gives how often the grace was used, each of which must be in the log.
    """
    ends_at = closes_at + timedelta(seconds=GRACE)
    wrong = [f"{each.draft.ref}: {words}" for each in told for words in each.taken_too_late]
    wrong += [f"{each.draft.ref}: {words}" for each in told for words in each.refused_in_time]
    # A server that is late or gone is measured; one that refuses what it should take is broken.
    refused = {words for each in told for words in each.failures if ": 4" in words or ": 2" in words}
    wrong += sorted(refused)
    with session_on(engine, reading=True) as session, session.begin():
        drafts = session.exec(
            select(Application.ref, Draft.data, Draft.version, Application.status)
            .join(Draft, Draft.application_id == Application.id)  # type: ignore[arg-type]
            .where(Draft.section == "brief")
        ).all()
        stored = {
            ref: (number_of(data["summary"]), version, Status(status))
            for ref, data, version, status in drafts
        }
        sendings = session.exec(
            select(Application.ref, Sending.sent_at, Packet.summary)
            .join(Sending, Sending.application_id == Application.id)  # type: ignore[arg-type]
            .join(Packet, Packet.sending_id == Sending.id)  # type: ignore[arg-type]
        ).all()
        logged = session.exec(select(AuditEntry.at).where(AuditEntry.action == "grace.use")).all()
    wrong += [f"a use of the grace is logged at {at}" for at in logged if not closes_at <= at < ends_at]
    sent = {ref: (sent_at, number_of(summary)) for ref, sent_at, summary in sendings}
    for each in told:
        wrong += _wrong(each, stored[each.draft.ref], sent.get(each.draft.ref), ends_at)
    late = [at for at, _ in sent.values() if closes_at <= at]
    if len(late) > len(logged):
        wrong.append(f"{len(late)} were sent in the grace, {len(logged)} uses of it are in the log")
    if len(sent) != len(sendings):
        wrong.append("somebody's application was sent twice")
    if wrong:
        raise Broken("\n".join(wrong))
    return len(logged)


def _wrong(
    told: Told, stored: tuple[int, int, Status], sent: tuple[datetime, int] | None, ends_at: datetime
) -> list[str]:
    number, version, status = stored
    wrong = []
    if number < told.saved or version < told.version:
        wrong.append(f"{told.draft.ref}: text {told.saved} was called saved, text {number} is stored")
    if told.sent and (sent is None or status is not Status.SENT):
        wrong.append(f"{told.draft.ref}: was called sent, and has no snapshot")
    if sent is not None and sent[0] >= ends_at:
        wrong.append(f"{told.draft.ref}: was received at {sent[0]}, after the end")
    if sent is not None and told.sent and sent[1] < told.saved:
        wrong.append(f"{told.draft.ref}: text {told.saved} was saved, text {sent[1]} was sent")
    return wrong

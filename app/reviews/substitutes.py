"""Who takes over from somebody who may not score an application: a colleague of the same organisation."""

from pydantic import BaseModel, ConfigDict
from sqlmodel import Session

from app.accounts.actors import Coordinator
from app.reviews.assignment import nearest
from app.reviews.fitting import Lack, lacks
from app.reviews.room import Pair, Room, room_of
from app.reviews.suspicions import standing_pairs, suspicions


class Recusal(BaseModel):
    """An application that an organisation must score, and whose reviewer may not.

    `reviewer` is a membership; so is `proposed`, the colleague who fits best, who has `load` applications and
    takes `most` (None: any number). `lacks`: what stands against them where nobody fits; then it is given
    only by hand. Where nobody is free `proposed` is empty: `bench` are the organisation's people who are on
    the panel, `suspected` those of them whom nothing bars but what nobody has decided yet.

    `language`: what the application is written in.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")
    application: str
    organisation: str
    reviewer: str
    proposed: str
    load: int
    most: int | None
    lacks: list[Lack]
    language: str
    bench: int
    suspected: int


def open_recusals(session: Session, coordinator: Coordinator) -> list[Recusal]:
    """Every one that waits for somebody else, in the order of the codes."""
    room = room_of(session, coordinator.call_id)
    covered = room.covered()
    waiting: dict[Pair, str] = {}
    for row in room.assignments:
        place = (row.organisation, row.application)
        is_open = row.application in room.applications and place not in covered
        if is_open and (row.member, row.application) in room.barred:
            waiting.setdefault(place, row.member)
    if not waiting:
        return []
    # Whom something else bars as well does not become free by a decision.
    undecided = {(each.member, each.application) for each in suspicions(session, coordinator.call_id)}
    undecided -= standing_pairs(session, coordinator.call_id) | room.withdrawn()
    return [
        _recusal(room, organisation, application, reviewer, undecided)
        for (organisation, application), reviewer in sorted(
            waiting.items(), key=lambda each: (each[0][1], each[0][0])
        )
    ]


def _recusal(room: Room, organisation: str, application: str, reviewer: str, undecided: set[Pair]) -> Recusal:
    proposed, loads = nearest(room, organisation, application), room.loads()
    member = room.members[proposed] if proposed else None
    bench = [each.code for each in room.members.values() if each.organisation == organisation]
    return Recusal(
        application=application,
        organisation=organisation,
        reviewer=reviewer,
        proposed=proposed or "",
        load=loads[proposed] if proposed else 0,
        most=member.capacity if member else None,
        lacks=lacks(room, member, application, loads) if member else [],
        language=room.papers[application].language,
        bench=len(bench),
        suspected=sum((each, application) in undecided for each in bench),
    )

"""Where a protocol says a thing twice, it must say the same: what no file may claim beside its scores. Pure.

No score is computed here: who decided what, whose review is missing, who has a tie, and what the third
fingerprint is of.
"""

import hashlib
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from app.decisions.canonical import canonical
from app.decisions.drawn_places import deciding_places
from app.decisions.protocol_file import DecisionPart, DeparturePart, Protocol, RoundPart

ONLY_BY_RULE = ("pitched", "marked_seats", "reserved", "reserve")
"""What is hashed of a decision only where a round's rule has it."""
DEPARTS = {"raise": "raised", "pass_over": "passed_over"}
"""A panel's outcome -> the departure that it is on record as."""


def same(name: str, stated: object, found: object) -> list[str]:
    """The sentence of a difference, if there is one."""
    return [] if stated == found else [f"{name}: the file says {stated}, recomputed is {found}"]


def missing(protocol: Protocol) -> Iterator[str]:
    """What is missing is not among the scores; where every organisation scores all, none is left out."""
    standing = set(protocol.input.applications) - {*protocol.withdrawn}
    scored = {(each[0], each[2]) for each in protocol.input.reviews}
    cells = Counter((each.application, each.organisation) for each in protocol.missing)
    for cell, times in sorted(cells.items()):
        if cell in scored:
            yield f"missing: {', '.join(cell)} is among the scores"
        if cell[0] not in standing:
            yield f"missing: {', '.join(cell)} is of no application that stands in the order"
        if times > 1:
            yield f"missing: {', '.join(cell)} stands there {times} times"
    if protocol.rules.reviews_per_application is None:
        every = {(code, each.code) for code in standing for each in protocol.organisations}
        for cell in sorted(every - scored - cells.keys()):
            yield f"missing: {', '.join(cell)} is neither scored nor listed"


def ties(protocol: Protocol) -> Iterator[str]:
    """Who had a tie scored nothing of that application and decided nothing of it; who left the room has one.

    A tie that came up later undoes neither.
    """
    since = {(each.application, each.member): each.at or "" for each in protocol.ties}
    acts = [
        *((each[0], each[1], protocol.computed.at, "scored") for each in protocol.input.reviews),
        *(
            (each.application, each.decided_by, each.decided_at, "decided of")
            for each in _departures(protocol)
        ),
        *(
            (each.application, each.confirmed_by, each.confirmed_at or "", "confirmed what was decided of")
            for each in _departures(protocol)
        ),
    ]
    for application, member, at, did in acts:
        if since.get((application, member), at) < at:
            yield f"{member} {did} {application} in spite of a tie"
    for case in protocol.panel.cases if protocol.panel else []:
        for member in case.away:
            if (case.application, member) not in since:
                yield f"{member} left the room for {case.application}, and no tie is listed"


def _departures(protocol: Protocol) -> list[DeparturePart]:
    return [each for pot in protocol.rounds for each in pot.departures]


def panel(protocol: Protocol) -> Iterator[str]:
    """What the panel decided of a case is what was awarded, or on record as a departure."""
    if protocol.panel is None:
        return
    on_record = {each.application: each.kind for pot in reversed(protocol.rounds) for each in pot.departures}
    for case, times in Counter(each.application for each in protocol.panel.cases).items():
        if times > 1:
            yield f"{case} is on the agenda {times} times"
    won = {each.application for pot in protocol.rounds for each in pot.awards}
    for each in protocol.panel.cases:
        code = each.application
        if code not in protocol.input.applications:
            yield f"{code} is on the agenda, and in no order"
        listed = "departs" in each.grounds
        yield from same(f"{code}, on the agenda since it departs", listed, code in on_record)
        wanted = DEPARTS.get(each.outcome or "")
        if wanted is None or protocol.draft or code in protocol.withdrawn:
            continue
        yield from same(f"{code}, what the panel decided", wanted, on_record.get(code))
        yield from same(f"{code}, awarded as the panel decided", wanted == "raised", code in won)


def seats(pot: RoundPart) -> Iterator[str]:
    """Who was marked belongs to the group or does not, as the mark says; without kept seats there is none."""
    if not pot.rule.reserved:
        yield from same("members of a group without a seat", pot.members, [])
        return
    members = set(pot.members)
    for mark in pot.marks:
        yield from same(
            f"{mark.application}, marked as one of the group", mark.belongs, mark.application in members
        )
    for award in pot.awards:
        if award.reserved and award.application not in members:
            yield f"{award.application} holds a kept seat, and is not of the group"


def decided(protocol: Protocol, document: Mapping[str, Any]) -> Iterator[str]:
    """The third fingerprint is of what stands beside it, and the rest of the file says the same."""
    stated = protocol.decision
    if stated is None:
        return
    given = document["decision"]
    hashed = {name: each for name, each in given.items() if each or name not in ONLY_BY_RULE}
    found = hashlib.sha256(canonical(hashed).encode()).hexdigest()
    yield from same("decision_sha256", protocol.decision_sha256, found)
    yield from same("call, decided", stated.call, protocol.call.slug)
    yield from same("method, decided", stated.method, protocol.input.method)
    yield from same("form, decided", stated.form, protocol.call.form_sha256)
    yield from same("seed of the draw, decided", stated.seed, protocol.input.seed)
    plain = protocol.computed.orders.get(protocol.input.method, [])
    order = deciding_places(protocol.computed, plain)
    yield from _rows("order", stated.order, [(each.place, each.application, each.merit) for each in order])
    yield from _rounds(protocol, stated)
    excused = [(each.application, each.organisation, each.reason) for each in protocol.missing]
    # Of who withdrew nothing is missing any more, though it was when the order was made.
    hashed_cells = [each for each in stated.excused if each[0] not in protocol.withdrawn]
    yield from _rows("excused", hashed_cells, excused)


def _rounds(protocol: Protocol, stated: DecisionPart) -> Iterator[str]:
    pots = protocol.rounds
    awards = [(pot.code, each) for pot in pots for each in pot.awards]
    yield from _rows(
        "awards", stated.awards, [(pot, each.application, each.amount_minor) for pot, each in awards]
    )
    reserved = [(pot, each.application) for pot, each in awards if each.reserved]
    yield from _rows("reserved seats", stated.reserved, reserved)
    departures = [(pot.code, each.application, each.reason) for pot in pots for each in pot.departures]
    yield from _rows("departures", stated.departures, departures)
    marks = [(pot.code, each.application, each.belongs, each.reason) for pot in pots for each in pot.marks]
    ranked = set(protocol.input.applications)
    # A mark of what was never ranked changes nothing, and is not in the list of the round.
    yield from _rows("marks", [each for each in stated.marked_seats if each[1] in ranked], marks)
    standing_by = [
        (pot.code, place, code) for pot in pots for place, code in enumerate(pot.standing_by, start=1)
    ]
    yield from _rows("those who stand by", [each[:3] for each in stated.reserve], standing_by)
    pitched = [
        (pot.code, each.application, each.place, each.merit, each.total, pot.rule.pitch_weight)
        for pot in pots
        if pot.pitch is not None
        for each in pot.pitch.computed.order
    ]
    yield from _rows("pitched", stated.pitched, pitched)


def _rows(name: str, decided_rows: list[Any], stated: list[Any]) -> Iterator[str]:
    one, other = Counter(map(str, decided_rows)), Counter(map(str, stated))
    for each in sorted(one - other):
        yield f"{name}: {each} was decided, and is not in the rest of the file"
    for each in sorted(other - one):
        yield f"{name}: {each} is not what was decided"

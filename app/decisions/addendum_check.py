"""Whether what came after a protocol could have come: from the file alone. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from app.decisions.addendum_file import AddendumPart, PromotionPart, ReturnPart
from app.decisions.canonical import digest_of
from app.decisions.cross_checks import same
from app.decisions.protocol_file import Protocol, RoundPart

SHORTEST_REASON = 20


def addendum(protocol: Protocol, document: Mapping[str, Any]) -> Iterator[str]:
    """Each return is of an award that stood, each promotion of who stood by, for an award that was free.

    Nobody comes up twice, after the list has ended, or out of turn without a reason and a second person;
    places and money stay within the round's.
    """
    part = protocol.addendum
    if part is None:
        return
    yield from same("digest of the addendum", part.digest, digest_of(document["addendum"]))
    yield from same("protocol that the addendum is of", part.protocol, protocol.digest)
    if protocol.draft:
        yield "a draft has an addendum"
    known = {pot.code for pot in protocol.rounds}
    acts: list[ReturnPart | PromotionPart] = [*part.returns, *part.promotions]
    for each in acts:
        if each.round not in known:
            yield f"{each.application}: there is no round {each.round}"
    for pot in protocol.rounds:
        yield from _round(pot, part, [each for each in acts if each.round == pot.code])


def _round(pot: RoundPart, part: AddendumPart, acts: Sequence[ReturnPart | PromotionPart]) -> Iterator[str]:
    held = {each.application: each.amount_minor for each in pot.awards}
    freed: dict[str, str] = {}
    up: set[str] = set()
    out = {application for round_code, application in part.out if round_code == pot.code}
    # What was given back comes before who came up for it at the same instant.
    for act in sorted(acts, key=lambda each: (each.at, isinstance(each, PromotionPart))):
        if isinstance(act, ReturnPart):
            yield from _return(act, held)
            held.pop(act.application, None)
            freed[act.application] = act.at
            continue
        yield from _promotion(act, pot, freed, up, out)
        freed.pop(act.instead_of, None)
        up.add(act.application)
        held[act.application] = act.amount_minor
        if len(held) > pot.rule.places:
            yield f"{act.application}: {len(held)} awards for {pot.rule.places} places"
        committed = sum(each or 0 for each in held.values())
        if pot.rule.envelope_minor is not None and committed > pot.rule.envelope_minor:
            yield f"{act.application}: the awards are {committed}, the envelope is {pot.rule.envelope_minor}"


def _return(act: ReturnPart, held: Mapping[str, int | None]) -> Iterator[str]:
    if act.application not in held:
        yield f"{act.application} gave an award back that it did not have"
    else:
        yield from same(f"{act.application}, given back", act.amount_minor, held[act.application])


def _promotion(
    act: PromotionPart, pot: RoundPart, freed: Mapping[str, str], up: set[str], out: set[str]
) -> Iterator[str]:
    code = act.application
    if act.instead_of not in freed:
        yield f"{code} came up for {act.instead_of}, whose award was not free"
    place = pot.standing_by.index(code) + 1 if code in pot.standing_by else None
    yield from same(f"{code}, position on the reserve list", act.position, place)
    if code in up:
        yield f"{code} came up twice"
    until = pot.rule.reserve_until
    if until is None or datetime.fromisoformat(act.at) >= datetime.fromisoformat(until):
        yield f"{code} came up after the reserve list had ended"
    if (act.amount_minor is None) != (pot.rule.envelope_minor is None):
        yield f"{code}: an amount in a round without money, or none in one with money"
    waiting = [each for each in pot.standing_by[: (place or 1) - 1] if each not in up and each not in out]
    if waiting and len(act.reason.strip()) < SHORTEST_REASON:
        yield f"{code} came up before {waiting[0]}, and hardly a reason is given"
    if act.reason and not act.alone and act.confirmed_at is None:
        yield f"{code} came up out of turn, and no second person confirmed it"
    if act.confirmed_at and act.confirmed_by == act.asked_by:
        yield f"{code} came up out of turn, confirmed by the one who asked for it"

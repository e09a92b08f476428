"""Computing a decision again from its protocol alone, and saying where the file differs. Pure.

Orders, totals and money must agree exactly; what the model computes in floating point to nine digits; what is
counted over random draws, and orders nothing, within what another version of numpy may draw; to the place
where it is the same version.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from math import isclose
from typing import Any

from app.decisions import cross_checks
from app.decisions.addendum_check import addendum
from app.decisions.canonical import canonical, digest_of, input_hash
from app.decisions.cut import Pot, Standing, cut
from app.decisions.decimals import decimal
from app.decisions.draw_check import draw
from app.decisions.drawn_places import deciding_places
from app.decisions.pitched import computed_pitch, pitch_hash
from app.decisions.protocol_file import (
    FirmPart,
    PitchPart,
    PitchPlacePart,
    PlacePart,
    Protocol,
    RoundPart,
)
from app.decisions.written import computed_document, exact, input_of, versions
from app.scoring.methods import Method
from app.scoring.run import Run, run
from app.scoring.shares import POOLED, shares

NEAR = 1e-9
"""Relative: machines differ in the last digits of floating point."""
DRAWN = 0.02
"""Chances are shares of random draws."""
SAME_DRAWS = 0.001
"""Where the same versions draw the same numbers, last digits of a machine change hardly a place."""
MOST_SAID = 20
SHORTEST_REASON = 20
SHORTEST_OF_CLOSING = 10


@dataclass
class Check:
    """One thing that was looked at: what, and every difference that was found. `note` is no difference."""

    title: str
    differences: list[str] = field(default_factory=list)
    note: str = ""


def recompute(protocol: Protocol, document: Mapping[str, Any]) -> list[Check]:
    """Every check, in the order in which somebody would read them."""
    given = document["input"]
    applications, sheets, rules = input_of(protocol.input.model_dump(mode="json"))
    checks = [
        Check(
            "Digest of the whole file",
            cross_checks.same("digest", protocol.digest, digest_of(_frozen(document))),
        ),
        Check(
            "Digest of the scores", cross_checks.same("input_sha256", protocol.input_sha256, _hash_of(given))
        ),
        Check("Published rules and those that were computed with", list(_rules(protocol))),
        Check("Coverage of each organisation", list(_coverage(protocol))),
        Check("Reviews that are missing", list(cross_checks.missing(protocol))),
        Check("Ties", list(cross_checks.ties(protocol))),
        Check("What the panel decided", list(cross_checks.panel(protocol))),
        Check(
            "Digest of what was decided",
            list(cross_checks.decided(protocol, document)),
            "" if protocol.decision else "the file does not hold what it is of",
        ),
    ]
    try:
        ranked = set(applications)
        computed = run(applications, [s for s in sheets if s.application in ranked], rules)
        found = computed_document(computed)
    except (ValueError, KeyError, ZeroDivisionError, OverflowError) as error:
        return [*checks, Check("Orders", [f"cannot be computed from these scores: {error}"])]
    ours = {
        method: [PlacePart.model_validate(each) for each in places]
        for method, places in found["orders"].items()
    }
    for method in Method:
        theirs = protocol.computed.orders.get(method.value, [])
        mark = " (this one decides)" if method.value == protocol.input.method else ""
        near = method is Method.CALIBRATED
        title = f"Order by {method.value.replace('_', ' ')}{mark}: {len(theirs)} places, ties and the draw"
        checks.append(Check(title, list(_order(theirs, ours[method.value], near=near))))
    checks.append(
        Check(
            "Figures of the model",
            list(_figures(protocol, found["calibration"])),
            _other_versions(protocol),
        )
    )
    left = [
        *_list_differences("incomplete reviews", protocol.computed.incomplete, found["incomplete"]),
        *_list_differences("estimated reviews", protocol.computed.imputed, found.get("imputed", [])),
    ]
    checks.append(Check("Reviews that calibration leaves out", left))
    by_method = ours[protocol.input.method]
    if protocol.rules.lottery or protocol.input.lottery or protocol.computed.lottery:
        checks.append(Check("The draw at the line", list(draw(protocol, by_method))))
    for pot in protocol.rounds:
        deciding: Sequence[PlacePart] = deciding_places(protocol.computed, by_method)
        if pot.pitch is not None:
            check, deciding = _pitched(protocol, pot, pot.pitch, computed)
            checks.append(check)
        checks += [
            Check(f"Kept seats of the round {pot.code}", list(cross_checks.seats(pot))),
            Check(f"Cut line of the round {pot.code}", list(_line(protocol, pot, deciding))),
            Check(f"Reasons and second persons of the round {pot.code}", list(_departures(protocol, pot))),
            Check(f"Places and money of the round {pot.code}", list(_money(protocol, pot, deciding))),
        ]
    checks.append(Check("Nobody wins twice", list(_once(protocol))))
    if protocol.addendum is not None:
        title = "Addendum: what was given back, and who came up"
        note = f"SHA-256 of the addendum: {protocol.addendum.digest}"
        checks.append(Check(title, list(addendum(protocol, document)), note))
    return checks


def _frozen(document: Mapping[str, Any]) -> dict[str, Any]:
    """The file without what came later, as it was frozen."""
    return {name: each for name, each in document.items() if name != "addendum"}


def _pitched(
    protocol: Protocol, pot: RoundPart, part: PitchPart, written: Run
) -> tuple[Check, Sequence[PlacePart]]:
    """The order of a round with pitches, from its ballots and the written scores."""
    given = part.input.model_dump(mode="json")
    check = Check(f"Written and pitch scores of the round {pot.code}, of the pitch {part.input.weight} %")
    check.differences += [
        *cross_checks.same("input_sha256", part.input_sha256, pitch_hash(given)),
        *cross_checks.same("written_sha256", part.input.written_sha256, protocol.input_sha256),
        *cross_checks.same("call", part.input.call, protocol.input.call),
        *cross_checks.same("round", part.input.round, pot.code),
        *cross_checks.same("method", part.input.method, protocol.input.method),
        *cross_checks.same("seed of the draw", part.input.seed, protocol.input.seed),
        *cross_checks.same("published weight of the pitch", pot.rule.pitch_weight, part.input.weight),
        *_criteria(protocol, pot, part),
        *_jury(part),
    ]
    try:
        found = computed_pitch(given, written)
    except (ValueError, KeyError, ZeroDivisionError, OverflowError) as error:
        check.differences.append(f"cannot be computed from these scores: {error}")
        return check, part.computed.order
    ours = [PitchPlacePart.model_validate(each) for each in found["order"]]
    near = protocol.input.method == Method.CALIBRATED.value
    check.differences += _order(part.computed.order, ours, near=near)
    for stated, own in zip(part.computed.order, ours, strict=False):
        for name in ("written", "pitch"):
            one, other = getattr(stated, name), getattr(own, name)
            check.differences += _number(f"{stated.application}, {name}", one, other, near=near)
    firm = {each["application"]: FirmPart.model_validate(each) for each in found["firm"]}
    check.differences += _list_differences(
        "finalists with both scores", [each.application for each in part.computed.firm], list(firm)
    )
    for each in part.computed.firm:
        if each.application in firm:
            reach = 0 if _draws_alike(part.computed.versions) else 1
            check.differences += _firm(each, firm[each.application], reach=reach)
    return check, ours


def _criteria(protocol: Protocol, pot: RoundPart, part: PitchPart) -> Iterator[str]:
    """The pitch goes by those criteria of the call that were published for it, each with its own weight."""
    published = {each[0]: each for each in protocol.input.criteria}
    if pot.rule.pitch_criteria is not None:
        yield from cross_checks.same(
            "published criteria of the pitch",
            sorted(pot.rule.pitch_criteria or published),
            sorted(each[0] for each in part.input.criteria),
        )
    for each in part.input.criteria:
        yield from cross_checks.same(f"criterion {each[0]} of the pitch", each, published.get(each[0]))
    order = [code for code in protocol.input.tie_order if code in {each[0] for each in part.input.criteria}]
    yield from cross_checks.same("order of the pitch's tie rules", part.input.tie_order, order)


def _jury(part: PitchPart) -> Iterator[str]:
    """Every ballot is of somebody on the jury, for their organisation, and there is one for each pitch."""
    organisations = {each.juror: each.organisation for each in part.jurors}
    pairs = Counter((each[0], each[1]) for each in part.input.ballots)
    for application, juror, organisation, _ in part.input.ballots:
        yield from cross_checks.same(f"{juror}, organisation", organisation, organisations.get(juror))
        if application not in part.input.finalists:
            yield f"{juror} scored {application}, which is no finalist"
    for (application, juror), times in sorted(pairs.items()):
        if times > 1:
            yield f"{juror} has {times} ballots of {application}"
        if (application, juror) in part.input.ties:
            yield f"{juror} scored {application} in spite of a tie"
    for each in part.jurors:
        if each.ended != "finished" and len(each.reason.strip()) < SHORTEST_OF_CLOSING:
            yield f"{each.juror} did not finish, and no reason is given"


def _hash_of(given: Mapping[str, Any]) -> str:
    applications, sheets, rules = input_of(given)
    return input_hash(applications, sheets, rules)


def _rules(protocol: Protocol) -> Iterator[str]:
    published, used = protocol.rules, protocol.input
    yield from cross_checks.same("call", protocol.call.slug, used.call)
    yield from cross_checks.same("method", published.method, used.method)
    yield from cross_checks.same("seed of the draw", published.seed, used.seed)
    yield from cross_checks.same("order of tie rules", published.tie_order, used.tie_order)
    criteria = [(each.code, each.weight, each.minimum, each.maximum) for each in published.criteria]
    yield from cross_checks.same("criteria, weights and scales", criteria, used.criteria)
    yield from cross_checks.same("estimates of what is missing", published.impute, used.impute)
    yield from _groups(protocol)
    if sum(each.weight for each in published.criteria) != 100:
        yield "the weights do not add up to 100 percent"


def _groups(protocol: Protocol) -> Iterator[str]:
    """Calibration knows the groups that were published, and of each application which."""
    used = protocol.input.strata
    yield from cross_checks.same(
        "groups that calibration knows", protocol.rules.strata, used.by if used else None
    )
    if used is not None:
        yield from cross_checks.same(
            "applications with a group", sorted(protocol.input.applications), sorted(used.of)
        )


def _coverage(protocol: Protocol) -> Iterator[str]:
    ranked = set(protocol.input.applications)
    reviews = [each for each in protocol.input.reviews if each[0] in ranked]
    for own in protocol.organisations:
        mine = [each for each in reviews if each[2] == own.code]
        counted = (len({each[1] for each in mine}), len(mine), len({each[0] for each in mine}), len(ranked))
        stated = (own.reviewers, own.reviews, own.applications, own.ranked)
        yield from cross_checks.same(f"{own.code}: reviewers, reviews, applications, of", stated, counted)
        missing = [each for each in protocol.missing if each.organisation == own.code]
        excused = sum(bool(each.reason) for each in missing)
        yield from cross_checks.same(
            f"{own.code}: missing, excused", (own.missing, own.excused), (len(missing), excused)
        )
    yield from cross_checks.same("organisations of the reviews", *_organisations(protocol, reviews))
    abstained = {
        (application, reviewer, code)
        for application, reviewer, _, scores in reviews
        for code, *_ in protocol.input.criteria
        if code not in scores
    }
    stated_cells = {(each.application, each.reviewer, each.criterion) for each in protocol.abstentions}
    for cell in sorted(stated_cells ^ abstained):
        there = "the file's list" if cell in stated_cells else "the scores"
        yield f"cannot judge: {', '.join(cell)} follows only from {there}"


def _organisations(
    protocol: Protocol, reviews: Sequence[tuple[str, str, str, dict[str, int]]]
) -> tuple[list[str], list[str]]:
    stated = sorted(each.code for each in protocol.organisations if each.reviews)
    return stated, sorted({each[2] for each in reviews})


def _order(theirs: Sequence[PlacePart], ours: Sequence[PlacePart], *, near: bool) -> Iterator[str]:
    if len(theirs) != len(ours):
        yield f"the file has {len(theirs)} places, recomputed are {len(ours)}"
    for stated, found in zip(theirs, ours, strict=False):
        if stated.application != found.application:
            yield f"place {found.place}: the file has {stated.application}, recomputed is {found.application}"
            continue
        where = stated.application
        yield from cross_checks.same(f"{where}, place", stated.place, found.place)
        yield from cross_checks.same(f"{where}, shared place", stated.label, found.label)
        yield from cross_checks.same(f"{where}, decided by", stated.decided_by, found.decided_by)
        yield from _number(f"{where}, merit", stated.merit, found.merit, near=near)
        yield from _number(f"{where}, total", stated.total, found.total, near=near)
        yield from cross_checks.same(
            f"{where}, criteria with a mean", sorted(stated.means), sorted(found.means)
        )
        for code in sorted(stated.means.keys() & found.means.keys()):
            yield from _number(f"{where}, mean of {code}", stated.means[code], found.means[code], near=near)


def _number(name: str, stated: str | None, found: str | None, *, near: bool) -> Iterator[str]:
    try:
        one, other = exact(stated), exact(found)
    except (ValueError, ZeroDivisionError):
        yield f"{name}: {stated!r} is no number"
        return
    if one == other or (near and one is not None and other is not None and _near(one, other)):
        return
    yield f"{name}: the file says {_readable(one)}, recomputed is {_readable(other)}"


def _readable(number: Fraction | None) -> str:
    return "nothing" if number is None else f"{number} ({float(number):.6f})"


def _near(one: float | Fraction, other: float | Fraction) -> bool:
    return isclose(float(one), float(other), rel_tol=NEAR, abs_tol=NEAR)


def _draws_alike(there: Mapping[str, str]) -> bool:
    """Whether the same numbers are drawn here, from the fixed seed."""
    here = versions()
    return all(there.get(name) == here[name] for name in ("baige", "numpy", "scipy"))


def _figures(protocol: Protocol, ours: Mapping[str, Any]) -> Iterator[str]:
    stated = protocol.computed.calibration
    found = type(stated).model_validate_json(canonical(ours))
    yield from cross_checks.same("why nothing is calibrated", stated.unranked, found.unranked)
    yield from cross_checks.same("names of the figures", sorted(stated.model), sorted(found.model))
    for name in sorted(stated.model.keys() & found.model.keys()):
        yield from _float(name, stated.model[name], found.model[name])
    yield from _list_differences(
        "calibrated applications",
        [each.application for each in stated.applications],
        [each.application for each in found.applications],
    )
    own = {each.application: each for each in found.applications}
    reach = 0 if _draws_alike(protocol.computed.versions) else 1 + len(own) // 100
    for each in stated.applications:
        if each.application in own:
            yield from _firm(each, own[each.application], reach=reach)


def _firm(stated: FirmPart, found: FirmPart, *, reach: int) -> Iterator[str]:
    """`reach`: by how many places an interval's end may differ where other numbers were drawn; 0 where they
    were the same."""
    where = stated.application
    for name in ("score", "deviation", "expected_rank"):
        yield from _float(f"{where}, {name}", getattr(stated, name), getattr(found, name))
    for name in ("inner", "outer"):
        ends: tuple[list[int], list[int]] = getattr(stated, name), getattr(found, name)
        if len(ends[0]) != 2 or any(abs(a - b) > reach for a, b in zip(*ends, strict=False)):
            yield from cross_checks.same(f"{where}, {name} interval", *ends)
    yield from cross_checks.same(f"{where}, lines", sorted(stated.chances), sorted(found.chances))
    for line in sorted(stated.chances.keys() & found.chances.keys()):
        one, other = stated.chances[line], found.chances[line]
        if not abs(one - other) <= (DRAWN if reach else SAME_DRAWS):
            yield from cross_checks.same(f"{where}, chance of the first {line}", one, other)


def _float(name: str, stated: float, found: float) -> Iterator[str]:
    if not _near(stated, found):
        yield f"{name}: the file says {stated!r}, recomputed is {found!r}"


def _other_versions(protocol: Protocol) -> str:
    here, there = versions(), protocol.computed.versions
    other = [
        f"{name} {there.get(name, '?')} there, {here[name]} here"
        for name in here
        if there.get(name) != here[name]
    ]
    return f"computed with other versions: {'; '.join(other)}" if other else ""


def _list_differences(
    name: str, stated: Iterable[str | Iterable[object]], found: Iterable[str | Iterable[object]]
) -> Iterator[str]:
    one, other = Counter(_flat(stated)), Counter(_flat(found))
    for each in sorted(one - other):
        yield f"{name}: {each} is only in the file"
    for each in sorted(other - one):
        yield f"{name}: {each} is only in what was recomputed"


def _flat(rows: Iterable[str | Iterable[object]]) -> list[str]:
    return [each if isinstance(each, str) else ", ".join(map(str, each)) for each in rows]


def _line(protocol: Protocol, pot: RoundPart, deciding: Sequence[PlacePart]) -> Iterator[str]:
    """Who was awarded must stand above the line, or be explained by two people or in public."""
    standing = _standing(protocol, pot, deciding)
    drawn = cut(_pot(pot), standing)
    for code in drawn.unexplained:
        yield f"{code} departs from the order, and no reason is given"
    places = {each.application: each.place for each in deciding}
    able = {each.code: each for each in standing}
    for award in pot.awards:
        found = able.get(award.application)
        if found is None:
            yield f"{award.application} has an award and no place in the order"
        elif not found.enough and (pot.pitch is None or not found.explained):
            yield f"{award.application} has an award below the threshold"
        yield from cross_checks.same(
            f"{award.application}, place", award.place, places.get(award.application)
        )
    if protocol.draft:
        return
    raised = [each.code for each in standing if each.awarded and each.explained and each.belongs]
    seated = {*drawn.seated, *raised[: pot.rule.reserved]}
    stated = sorted(each.application for each in pot.awards if each.reserved)
    held = sorted(each.application for each in pot.awards if each.application in seated)
    yield from cross_checks.same("reserved seats", stated, held)
    waiting = [
        each.code
        for each in standing
        if not each.awarded and not each.elsewhere and not each.explained and each.enough
    ]
    yield from cross_checks.same("those who stand by", pot.standing_by, waiting[: pot.rule.reserve])
    above = any(each.code in drawn.above and not each.awarded for each in standing)
    if pot.rule.least is not None and len(pot.awards) < pot.rule.least and above:
        yield f"{len(pot.awards)} awards, and {pot.rule.least} are promised"


def _standing(protocol: Protocol, pot: RoundPart, deciding: Sequence[PlacePart]) -> list[Standing]:
    """The order as this round sees it."""
    won = {each.application: other.code for other in protocol.rounds for each in other.awards}
    sums = {each.application: each.amount_minor for each in pot.awards}
    departures = {each.application for each in pot.departures}
    members = set(pot.members)
    return [
        Standing(
            code=each.application,
            awarded=won.get(each.application) == pot.code,
            elsewhere=won.get(each.application, pot.code) != pot.code,
            explained=each.application in departures,
            given=sums.get(each.application),
            asked=pot.asked.get(each.application),
            belongs=each.application in members,
            enough=_enough(protocol, pot, each),
        )
        for each in deciding
        if (each.merit is not None or pot.pitch is not None) and each.application not in protocol.withdrawn
    ]


def _enough(protocol: Protocol, pot: RoundPart, place: PlacePart) -> bool:
    """Not below the threshold; a calibrated total is compared as it is written beside the order.

    Of finalists only who has both scores.
    """
    if pot.pitch is not None and place.merit is None:
        return False
    if pot.rule.threshold is None:
        return True
    total = exact(place.total)
    if total is None:
        return False
    if protocol.input.method == Method.CALIBRATED.value and pot.pitch is None:
        total = Fraction(decimal(total))
    return total >= pot.rule.threshold


def _pot(pot: RoundPart) -> Pot:
    return Pot(
        places=pot.rule.places,
        taken=len(pot.awards),
        amount_minor=pot.rule.amount_minor,
        envelope_minor=pot.rule.envelope_minor,
        committed_minor=sum(each.amount_minor or 0 for each in pot.awards),
        split=pot.rule.split,
        full=pot.rule.full,
        least=pot.rule.least,
        reserved=pot.rule.reserved,
    )


def _departures(protocol: Protocol, pot: RoundPart) -> Iterator[str]:
    """Each has a reason, and two people behind it or nobody who could have been the second."""
    won = {each.application for each in pot.awards}
    for departure in pot.departures:
        code = departure.application
        kind = "raised" if code in won else "passed_over"
        yield from cross_checks.same(f"{code}, kind of departure", departure.kind, kind)
        if len(departure.reason.strip()) < SHORTEST_REASON:
            yield f"{code} departs from the order with hardly a reason"
        if not protocol.draft and not departure.alone and departure.confirmed_at is None:
            yield f"{code} departs from the order, and no second person confirmed it"
        if departure.confirmed_at and departure.confirmed_by == departure.decided_by:
            yield f"{code} departs from the order, confirmed by the one who decided it"


def _money(protocol: Protocol, pot: RoundPart, deciding: Sequence[PlacePart]) -> Iterator[str]:
    if len(pot.awards) > pot.rule.places:
        yield f"{len(pot.awards)} awards for {pot.rule.places} places"
    sums = [each.amount_minor for each in pot.awards]
    if pot.rule.envelope_minor is None:
        if any(each is not None for each in sums):
            yield "amounts in a round without money"
        yield from cross_checks.same("committed_minor", pot.committed_minor, 0)
        return
    if any(each is None or each <= 0 for each in sums):
        yield "an award without an amount"
    committed = sum(each or 0 for each in sums)
    yield from cross_checks.same("committed_minor, the sum of all awards", pot.committed_minor, committed)
    if committed > pot.rule.envelope_minor:
        yield f"the awards are {committed}, the envelope is {pot.rule.envelope_minor}"
    if pot.rule.split in POOLED and not protocol.draft:
        yield from _shares(protocol, pot, deciding)


def _shares(protocol: Protocol, pot: RoundPart, deciding: Sequence[PlacePart]) -> Iterator[str]:
    """Where all share one pot, each sum follows from the rule."""
    standing = [each for each in _standing(protocol, pot, deciding) if each.awarded]
    rule = _pot(pot).rule
    if rule is None:
        return
    owed = dict(
        zip([each.code for each in standing], shares(rule, [each.asked for each in standing]), strict=True)
    )
    for award in pot.awards:
        yield from cross_checks.same(
            f"{award.application}, its share", award.amount_minor, owed.get(award.application)
        )


def _once(protocol: Protocol) -> Iterator[str]:
    counted = Counter(each.application for pot in protocol.rounds for each in pot.awards)
    for code, times in sorted(counted.items()):
        if times > 1:
            yield f"{code} has {times} awards"

"""What is said of an order once, when it is stored: how firm its places are, and what lies around its line.

The board reads these figures and computes nothing.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import TYPE_CHECKING, Any, NamedTuple

from app.calls.method import method_hash
from app.decisions.decimals import decimal, rounded, tenths
from app.scoring.methods import Method

if TYPE_CHECKING:
    from app.scoring.calibration import Calibration, Margin
    from app.scoring.lottery import Drawn
    from app.scoring.pairwise import NoOrder, OwnOrders
    from app.scoring.run import Figures, Rules, Run, Sheet

SURE = 0.9
"""With a chance above it a place is certain, with one below the rest out of the question; NeurIPS 2014 drew
its zone so."""


class Stand(StrEnum):
    """Where an application stands to the line, as far as the reviews can tell."""

    IN = "in"
    ZONE = "zone"
    OUT = "out"


def stand(chance: float) -> Stand:
    """What a chance to be truly among the first K means."""
    if chance > SURE:
        return Stand.IN
    return Stand.OUT if chance < 1 - SURE else Stand.ZONE


MOST_CHANCES = 100_000
"""Applications times lines for which chances are kept; with more, of fewer lines."""


def row_figures(found: "Run", sheets: "Sequence[Sheet]", most: int = 0) -> Mapping[str, dict[str, Any]]:
    """Application -> place, label and total by every method, what was counted, and how firm its place is.

    `judged` says of each criterion how many reviews scored it, `complete` how many scored them all. `firm` is
    absent where an application could not be calibrated: in it `margin` is how far the application is above
    the line (low, middle, high, in points; `app.scoring.calibration.Margin`), absent without anything below
    it, and `tops` are the chances to be among the best one, two, …, `most` (fewer in a long order), at which
    a line may be looked at.
    """
    judged = _judged(found, sheets)
    firm = _firm(found, most)
    return {
        code: {
            "by": {
                method.value: [each.place, each.label, tenths(each.total)]
                for method, each in figures.positions.items()
            },
            "complete": figures.complete,
            "judged": dict(judged[code]),
            **firm.get(code, {}),
        }
        for code, figures in found.figures.items()
    }


class InShort(NamedTuple):
    """A row's figures for the board: place (None without a total) and total by each method, in their order.

    `low` and `high` are the places of the 90 % interval, `chance` that of being among the first of the line;
    None where nothing is known.
    """

    places: Sequence[int | None]
    totals: Sequence[str]
    low: int | None
    high: int | None
    chance: float | None


def flat(found: "Run", figures: Mapping[str, Any]) -> list[Any]:
    """What `in_short` takes apart, of a row's figures: hundreds of rows stand on one page."""
    by = [figures["by"][method.value] for method in Method]
    told = [*(place if label else None for place, label, _ in by), *(total for _, _, total in by)]
    firm = figures.get("firm")
    if firm is None or not found.rules.lines:
        return [*told, None, None, None]
    return [*told, *firm["outer"], firm["chance"][str(found.rules.lines[0])]]


def in_short(stored: Sequence[Any] | None) -> InShort | None:
    """What was stored flat; None for a row of before it was."""
    many = len(Method)
    return InShort(stored[:many], stored[many : 2 * many], *stored[2 * many :]) if stored else None


def _judged(found: "Run", sheets: "Sequence[Sheet]") -> Mapping[str, Counter[str]]:
    counts: dict[str, Counter[str]] = {code: Counter() for code in found.figures}
    for sheet in sheets:
        if sheet.application in counts:
            counts[sheet.application].update(sheet.scores.keys())
    return counts


def _firm(found: "Run", most: int) -> Mapping[str, dict[str, Any]]:
    from app.scoring.calibration import Calibration

    calibrated = found.calibration
    if not isinstance(calibrated, Calibration):
        return {}
    chances = {str(line): calibrated.top(line) for line in found.rules.lines}
    margins = calibrated.margins(found.rules.lines[0]) if found.rules.lines else {}
    size = len(calibrated.applications)
    looked_at = [calibrated.top(line) for line in range(1, min(most, size, MOST_CHANCES // size) + 1)]
    given, kind = _as_given(found, calibrated)
    return {
        code: {
            "firm": {
                "given": rounded(given[code]),
                "kind": rounded(kind[code]),
                "score": rounded(place.score.value),
                "deviation": rounded(place.score.deviation),
                "rank": rounded(place.expected_rank),
                "inner": list(place.inner),
                "outer": list(place.outer),
                "chance": {line: rounded(own[code]) for line, own in chances.items()},
                "margin": _told(margins.get(code)),
                "tops": [rounded(own[code]) for own in looked_at],
                "means": {
                    criterion: decimal(mean)
                    for criterion, mean in found.figures[code].positions[Method.CALIBRATED].means.items()
                },
            }
        }
        for code, place in calibrated.places.items()
    }


def _told(margin: "Margin | None") -> list[float] | None:
    return None if margin is None else [rounded(each) for each in (margin.low, margin.middle, margin.high)]


def _as_given(found: "Run", calibrated: "Calibration") -> tuple[dict[str, float], dict[str, float]]:
    """Of the complete reviews of each application, weighted: their mean, and how kind who gave them are."""
    given: dict[str, float] = defaultdict(float)
    kind: dict[str, float] = defaultdict(float)
    weights: dict[str, float] = defaultdict(float)
    for each in found.ratings:
        weights[each.application] += each.weight
        given[each.application] += each.weight * each.value
        kind[each.application] += each.weight * calibrated.leniencies[each.reviewer].value
    return (
        {code: total / weights[code] for code, total in given.items()},
        {code: total / weights[code] for code, total in kind.items()},
    )


def board_figures(
    found: "Run", sheets: "Sequence[Sheet]", seated: Sequence[str] = (), held: "Drawn | None" = None
) -> dict[str, Any]:
    """Of the whole order: what the board says above its rows. Figures of the first line; none without one.

    `seated` sit in kept seats, and stand on neither side of the line: they are in no count and in no zone.
    `stands` counts the rows; `zone` are the codes of the zone and `crossing` those that not every method
    puts on the same side, each in the order of the published method. `rules` is the digest of the method,
    `apart` into how many groups reviewers fall that share no application, `few` how many applications have
    fewer than three complete reviews, `piled` whether many scores lie at an end of their scale. `shared`: of
    the zone a further review could only be a second one of an organisation. `width` is how many places the
    90 % interval spans on average, `wide` whether that is more than half of all. `strata`: by what the groups
    that calibration knows are sorted, how many there are, what that changes in the calibrated order, and who
    is `unnamed`, in a group without a name. `lottery`, where a draw was held: see `lottery_figures`; `hits`
    are then those of the order that it left. `below`, which is added then, is the place below which the line
    runs in that order.
    """
    from app.scoring.calibration import Calibration
    from app.scoring.cautions import Caution, cautions
    from app.scoring.strata import effect

    said = cautions(found, sheets)
    order = found.order[found.rules.method] if held is None else held.order
    lines = found.rules.lines
    figures: dict[str, Any] = {
        "line": lines[0] if lines else None,
        "seated": list(seated),
        "incomplete": len(found.incomplete),
        "imputed": len(found.imputed),
        "apart": len(said.groups),
        "few": len(said.needs),
        "piled": Caution.PILED_UP in said.found,
        "rules": rules_hash(found.rules),
    }
    if not lines:
        return figures
    line = lines[0]
    figures["crossing"] = [code for code in order if _crosses(found.figures[code], line)]
    if not isinstance(found.calibration, Calibration):
        return figures | {"unranked": found.calibration.value}
    chances = found.calibration.top(line)
    if (known := effect(found, line)) is not None:
        figures["strata"] = {
            "by": found.rules.sorted_by.value if found.rules.sorted_by else "",
            "groups": len({found.rules.strata[code] for code in chances} if found.rules.strata else ()),
            "moved": known.moved,
            "enter": list(known.enter),
            "leave": list(known.leave),
            "unnamed": [code for code in order if not (found.rules.strata or {}).get(code)],
        }
    if held is not None:
        figures["lottery"] = lottery_figures(held, found.order[found.rules.method], chances)
    stands = {code: stand(chances[code]) for code in order if code in chances and code not in seated}
    return figures | {
        "stands": {each.value: sum(own is each for own in stands.values()) for each in Stand},
        "zone": [code for code, each in stands.items() if each is Stand.ZONE],
        "shared": _shared(found, sheets, [code for code, each in stands.items() if each is Stand.ZONE]),
        "hits": rounded(_hits(found.calibration, order, line)),
        "reliability": rounded(found.calibration.reliability),
        "width": rounded(said.width or 0),
        "wide": Caution.WIDE in said.found,
    }


def own_order_figures(
    own: "OwnOrders | NoOrder", order: Sequence[str], lines: Sequence[int]
) -> dict[str, Any]:
    """What each reviewer's order alone makes of the first line: who would `enter` and who would `leave` it.

    `order` is that of the published method, before any lots. `none` says why there is no such order;
    `left_out` are those whom no reviewer compared with another.
    """
    from app.scoring.pairwise import NoOrder

    if isinstance(own, NoOrder):
        return {"none": own.value}
    if not lines:
        return {"left_out": list(own.left_out), "enter": [], "leave": []}
    above = set(order[: lines[0]])
    inside = {code for code, place in own.places.items() if place <= lines[0]}
    return {
        "left_out": list(own.left_out),
        "enter": [code for code in order if code in inside - above],
        "leave": [code for code in order if code in above - inside and code in own.places],
    }


def lottery_figures(held: "Drawn", plain: Sequence[str], chances: Mapping[str, float]) -> dict[str, Any]:
    """Who was in by the draw's own rule, who drew and for how many places, and what the draw costs.

    `order` and `drawn` are how many of the chosen are expected to be truly among as many best: by the order
    without a draw, and on average over all draws.
    """
    from app.scoring.lottery import hits

    return {
        "certain": len(held.accepted),
        "drawing": list(held.drawing),
        "left": held.left,
        "order": rounded(hits(dict.fromkeys(plain[: held.line], 1.0), chances)),
        "drawn": rounded(hits(held.chances, chances)),
    }


def rules_hash(rules: "Rules") -> str:
    """The digest of the method that orders: the one that the call published when it opened."""
    criteria = [(each.code, each.weight, each.minimum, each.maximum) for each in rules.criteria]
    return method_hash(
        rules.method.value,
        criteria,
        rules.tie_order,
        rules.sorted_by.value if rules.sorted_by else None,
        impute=rules.impute,
        lottery=rules.lottery,
    )


def _crosses(figures: "Figures", line: int) -> bool:
    sides = {each.place <= line and each.merit is not None for each in figures.positions.values()}
    return len(sides) > 1


def _shared(found: "Run", sheets: "Sequence[Sheet]", codes: Sequence[str]) -> bool:
    """Whether every organisation that scores has scored each of these: one more review shares its voice."""
    organisations = {each.organisation for each in sheets}
    return all(organisations <= {*found.figures[code].totals.organisations} for code in codes)


def _hits(calibrated: "Calibration", order: Sequence[str], line: int) -> float:
    """How many of the first `line` of the order are expected to be truly among the best as many."""
    chosen = [code for code in order[:line] if code in calibrated.scores]
    return calibrated.hit_rate(chosen) * len(chosen)


MOST_REFITTED = 250_000
"""Reviewers and organisations times reviews: beyond it, leaving each out in turn takes too long."""


def influence(found: "Run", sheets: "Sequence[Sheet]", line: int) -> dict[str, Any]:
    """Who would enter and leave the first `line` by the published method without each reviewer, organisation.

    By their codes: [those who would enter, those who would leave]; None where nothing could be ranked without
    them; absent where nothing would change. Empty where there are too many reviews to try.
    """
    from app.scoring.leaving_out import leave_one_out

    groups = {each.reviewer for each in sheets} | {each.organisation for each in sheets}
    if len(groups) * len(sheets) > MOST_REFITTED:
        return {}
    without = leave_one_out(found, sheets, line)
    return {
        name: {
            code: None if each is None else [list(each.enter), list(each.leave)]
            for code, each in own.items()
            if each is None or each.enter or each.leave
        }
        for name, own in (("reviewers", without.reviewers), ("organisations", without.organisations))
    }

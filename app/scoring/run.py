"""One run: from the reviews as they were sent to every order that can be read from them. Pure.

The same sheets and rules give the same run anywhere, whatever the order in which they come.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from app.scoring.calibration import Calibration, Rating, Unranked, calibrate, settled
from app.scoring.criteria import Sheet, criterion_means
from app.scoring.imputing import completed
from app.scoring.lottery import Drawn, drawn, numbered
from app.scoring.methods import Method, Strata
from app.scoring.ranking import LOTTERY, Line, Place, rank
from app.scoring.totals import (
    ApplicationTotal,
    Scored,
    Weighted,
    application_totals,
    mean,
    median,
    review_total,
)

__all__ = ["Figures", "Position", "Rules", "Run", "Sheet", "drawn_positions", "held_draw", "run"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """What the call published of how reviews become an order.

    `tie_order` are criteria, the first to decide first; `seed` is that of the draw; `lines` are the numbers
    of places at which a line is drawn (winners; those who pitch), each from 1. `strata` has a group for each
    application where calibration is to know them, sorted by what `sorted_by` says; None where it is not.
    `impute`: a review that lacks a criterion is calibrated with an estimate of it, and weighs less.
    `lottery`: who cannot be told from the line draws for its places (`app.scoring.lottery`).
    """

    call: str
    seed: str
    method: Method
    criteria: Sequence[Weighted]
    tie_order: Sequence[str]
    lines: Sequence[int]
    strata: Mapping[str, str] | None = None
    sorted_by: Strata | None = None
    impute: bool = False
    lottery: bool = False


@dataclass(frozen=True, slots=True)
class Position:
    """Where one application stands by one method.

    `merit` orders, higher first, and is equal for those that only the tie rules part: the total, or less the
    expected rank (the calibrated total where there are too many for exact ranks). `total` is from 0 to 100;
    None, like `merit`, where there is none. `means` are by criterion, each on its own scale.
    """

    place: int
    label: str
    decided_by: str
    merit: Fraction | None
    total: Fraction | None
    means: Mapping[str, Fraction]


@dataclass(frozen=True, slots=True)
class Figures:
    """What the reviews say of one application, by every method.

    `reviews` counts all, `complete` those that scored every criterion, and alone are calibrated.
    """

    code: str
    positions: Mapping[Method, Position]
    totals: ApplicationTotal
    complete: int


@dataclass(frozen=True)
class Run:
    """All orders at once. `order` has every application by each method; `figures` are by application.

    `ratings` are the complete reviews, in points of 100; `incomplete` are the others, which calibration
    leaves out: (application, reviewer). `imputed` are those that lack one and are calibrated all the same.
    """

    rules: Rules
    order: Mapping[Method, Sequence[str]]
    figures: Mapping[str, Figures]
    calibration: Calibration | Unranked
    ratings: Sequence[Rating]
    incomplete: Sequence[tuple[str, str]]
    imputed: Sequence[tuple[str, str]] = ()


def run(applications: Sequence[str], sheets: Sequence[Sheet], rules: Rules) -> Run:
    """Order all applications by every method; those without a total come last in each.

    Totals of 0 to 100 for the mean and the median, less the expected rank for the calibrated order; equal
    ones by the tie rules and the draw. ValueError for a score outside its scale. Source: docs/scoring.md.
    """
    by_application: dict[str, list[Sheet]] = defaultdict(list)
    for sheet in sorted(sheets, key=lambda each: (each.application, each.reviewer)):
        by_application[sheet.application].append(sheet)
    ratings = ratings_of(sheets, rules.criteria, impute=rules.impute)
    calibration = calibrate(ratings, strata=rules.strata)
    both = {
        code: application_totals(
            [Scored(each.organisation, each.scores) for each in by_application[code]],
            rules.criteria,
            [mean, median],
        )
        for code in applications
    }
    totals = {
        method: {code: found[n] for code, found in both.items()}
        for n, method in enumerate((Method.MEAN_OF_MEANS, Method.MEDIAN))
    }
    lines = {
        method: [Line(code, total.total, total.means) for code, total in found.items()]
        for method, found in totals.items()
    }
    shown = {method: {code: total.total for code, total in found.items()} for method, found in totals.items()}
    lines[Method.CALIBRATED], shown[Method.CALIBRATED] = calibrated_lines(
        applications, sheets, ratings, calibration, rules
    )
    positions = {method: _positions(lines[method], shown[method], rules) for method in Method}
    complete = Counter(each.application for each in ratings)
    rated = {(each.application, each.reviewer) for each in ratings}
    return Run(
        rules=rules,
        order={
            method: [code for _, code in sorted((each.place, code) for code, each in found.items())]
            for method, found in positions.items()
        },
        figures={
            code: Figures(
                code=code,
                positions={method: positions[method][code] for method in Method},
                totals=totals[Method.MEAN_OF_MEANS][code],
                complete=complete[code],
            )
            for code in applications
        },
        calibration=calibration,
        ratings=ratings,
        incomplete=sorted(
            (each.application, each.reviewer)
            for each in sheets
            if (each.application, each.reviewer) not in rated
        ),
        imputed=sorted(
            (each.application, each.reviewer)
            for each in (sheets if rules.impute else ())
            if (each.application, each.reviewer) in rated
            and review_total(each.scores, rules.criteria) is None
        ),
    )


def held_draw(found: Run) -> Drawn | None:
    """The draw at the first line, from the calibrated order; None where the call has none, or none to hold.

    `Run.order` stays without it. Source: docs/scoring.md.
    """
    rules, known = found.rules, found.calibration
    decided_by_model = rules.lottery and rules.method is Method.CALIBRATED
    if not decided_by_model or not rules.lines or not isinstance(known, Calibration):
        return None
    order = found.order[Method.CALIBRATED]
    return drawn(order, known.places, rules.lines[0], seed=rules.seed, call=rules.call)


def drawn_positions(plain: Mapping[str, Position], held: Drawn) -> dict[str, Position]:
    """Where each stands once the draw was held, in the new order; merits, totals and means stay as they are.

    Who drew shares a place with nobody. `plain` are the positions of the order without the draw.
    """
    numbers, lots = numbered(held, {code: each.merit for code, each in plain.items()}), set(held.drawing)
    return {
        code: replace(
            plain[code],
            place=place,
            label=label,
            decided_by=LOTTERY if code in lots else plain[code].decided_by,
        )
        for code, (place, label) in numbers.items()
    }


def ratings_of(
    sheets: Sequence[Sheet], criteria: Sequence[Weighted], *, impute: bool = False
) -> list[Rating]:
    """The complete reviews, in points. Those of one organisation for one application weigh one together.

    With `impute` also those that lack a criterion, by its estimate; they weigh less by the part that was not
    judged. ValueError for a score outside its scale.
    """
    estimated = completed(sheets, criteria) if impute else {}
    counted: list[tuple[Sheet, Fraction, float]] = []
    for each in sorted(sheets, key=lambda each: (each.application, each.reviewer)):
        filled = estimated.get((each.application, each.reviewer))
        if filled is not None:
            counted.append((each, filled.total, float(filled.judged)))
        elif (total := review_total(each.scores, criteria)) is not None:
            counted.append((each, total, 1.0))
    own = Counter((each.application, each.organisation) for each, *_ in counted)
    return [
        Rating(
            each.application, each.reviewer, float(total), judged / own[each.application, each.organisation]
        )
        for each, total, judged in counted
    ]


def calibrated_lines(
    applications: Sequence[str],
    sheets: Sequence[Sheet],
    ratings: Sequence[Rating],
    calibration: Calibration | Unranked,
    rules: Rules,
) -> tuple[list[Line], dict[str, Fraction | None]]:
    """The lines by expected rank, and the calibrated totals in points of 100.

    Where nothing can be told apart, all that have a complete review are equal, and the tie rules decide.
    """
    rated = sorted({each.application for each in ratings})
    if isinstance(calibration, Unranked):
        merits: Mapping[str, Fraction] = dict.fromkeys(rated, Fraction(0))
        totals: dict[str, Fraction | None] = dict.fromkeys(applications)
        means: Mapping[str, Mapping[str, Fraction]] = {}
    else:
        merits = calibration.settled
        totals = dict.fromkeys(applications) | {
            code: settled(each.value) for code, each in calibration.scores.items()
        }
        means = {
            code: {criterion: settled(value) for criterion, value in own.items()}
            for code, own in criterion_means(sheets, rules.criteria, calibration, rules.strata).items()
        }
    return [Line(code, merits.get(code), means.get(code, {})) for code in applications], totals


def _positions(
    lines: Sequence[Line], totals: Mapping[str, Fraction | None], rules: Rules
) -> dict[str, Position]:
    by_code = {each.code: each for each in lines}
    places: Sequence[Place] = rank(lines, tie_order=rules.tie_order, seed=rules.seed, call=rules.call)
    return {
        each.code: Position(
            place=each.place,
            label=each.label,
            decided_by=each.decided_by,
            merit=by_code[each.code].total,
            total=totals[each.code],
            means=by_code[each.code].means,
        )
        for each in places
    }

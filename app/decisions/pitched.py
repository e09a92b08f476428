"""The order of a round's finalists from written and pitch scores, by the published weight of the pitch. Pure.

Who has only one of the two has no total and no place before anybody who has both: absence is no zero.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from app.decisions.canonical import canonical
from app.scoring.methods import Method
from app.scoring.ranking import Line, rank
from app.scoring.totals import Weighted

if TYPE_CHECKING:
    from app.scoring.combined import Combined
    from app.scoring.run import Position, Run, Sheet


@dataclass(frozen=True, slots=True)
class PitchRules:
    """What the call and its round published of it. `weight` of the pitch in percent; `criteria` are those of
    the pitch, `tie_order` of these the first that parts equal totals; then the draw by `seed`."""

    call: str
    round: str
    seed: str
    method: Method
    weight: int
    criteria: Sequence[Weighted]
    tie_order: Sequence[str]
    lines: Sequence[int]


def pitch_input(
    finalists: Sequence[str],
    ballots: "Sequence[Sheet]",
    ties: Sequence[tuple[str, str]],
    rules: PitchRules,
    written_sha256: str,
) -> dict[str, Any]:
    """All that the order follows from: the reviews by the digest of their run, the ballots whole.

    `ties` are (application, juror): who did not score it for that reason. Sorted here, since databases'
    collations differ.
    """
    return {
        "call": rules.call,
        "round": rules.round,
        "seed": rules.seed,
        "method": rules.method.value,
        "weight": rules.weight,
        "criteria": [[each.code, each.weight, each.minimum, each.maximum] for each in rules.criteria],
        "tie_order": list(rules.tie_order),
        "lines": list(rules.lines),
        "finalists": sorted(finalists),
        "ballots": sorted(
            [each.application, each.reviewer, each.organisation, dict(each.scores)] for each in ballots
        ),
        "ties": sorted([application, juror] for application, juror in ties),
        "written_sha256": written_sha256,
    }


def pitch_hash(given: Mapping[str, Any]) -> str:
    """SHA-256 of the canonical JSON of such an input."""
    return hashlib.sha256(canonical(given).encode()).hexdigest()


def computed_pitch(given: Mapping[str, Any], written: "Run") -> dict[str, Any]:
    """What comes of an input and of the run of the written scores: the order, and how firm its places are.

    `merit` orders: the total, or less the expected rank where the call is calibrated and both scores could
    be; equal ones by the pitch's criteria in their published order, then by the draw. `written` and `pitch`
    are what the total is made of. ValueError for a score outside its scale.
    """
    from app.scoring.run import Rules, Sheet, run

    rules = rules_of(given)
    pitch = run(
        given["finalists"],
        [Sheet(*each) for each in given["ballots"]],
        Rules(
            call=rules.call,
            seed=rules.seed,
            method=rules.method,
            criteria=rules.criteria,
            tie_order=rules.tie_order,
            lines=[],
        ),
    )
    share = Fraction(rules.weight, 100)
    both = _both(written, pitch, float(share))
    rows = _rows(given["finalists"], written, pitch, share, rules, both)
    lines = [Line(row.code, row.merit, row.means) for row in rows]
    by_code = {row.code: row for row in rows}
    return {
        "order": [
            {
                "application": place.code,
                "place": place.place,
                "label": place.label,
                "decided_by": place.decided_by,
                "merit": _written(by_code[place.code].merit),
                "total": _written(by_code[place.code].total),
                "written": _written(by_code[place.code].written),
                "pitch": _written(by_code[place.code].pitch),
                "means": {code: str(mean) for code, mean in sorted(by_code[place.code].means.items())},
            }
            for place in rank(lines, tie_order=rules.tie_order, seed=rules.seed, call=rules.call)
        ],
        "firm": [] if both is None else _firm(both, rules.lines),
    }


def rules_of(given: Mapping[str, Any]) -> PitchRules:
    """The rules from an input: the opposite of `pitch_input`."""
    return PitchRules(
        call=given["call"],
        round=given["round"],
        seed=given["seed"],
        method=Method(given["method"]),
        weight=given["weight"],
        criteria=[Weighted(*each) for each in given["criteria"]],
        tie_order=list(given["tie_order"]),
        lines=list(given["lines"]),
    )


@dataclass(frozen=True, slots=True)
class _Row:
    code: str
    merit: Fraction | None
    total: Fraction | None
    written: Fraction | None
    pitch: Fraction | None
    means: Mapping[str, Fraction]


def _both(written: "Run", pitch: "Run", share: float) -> "Combined | None":
    """Both models together; None where one of them could tell nothing apart, or they share fewer than two."""
    from app.scoring.calibration import Calibration
    from app.scoring.combined import combined

    one, other = written.calibration, pitch.calibration
    if not isinstance(one, Calibration) or not isinstance(other, Calibration):
        return None
    if len({*one.applications} & {*other.applications}) < 2:
        return None
    return combined(one, other, share)


def _rows(
    finalists: Sequence[str],
    written: "Run",
    pitch: "Run",
    share: Fraction,
    rules: PitchRules,
    both: "Combined | None",
) -> list[_Row]:
    from app.scoring.calibration import settled
    from app.scoring.combined import combined_total

    calibrated = rules.method is Method.CALIBRATED and both is not None
    # Where nothing could be told apart by one of the models, means stand in for both.
    method = Method.MEAN_OF_MEANS if rules.method is Method.CALIBRATED and not calibrated else rules.method
    merits = both.merits if both is not None and calibrated else {}
    rows = []
    for code in finalists:
        one, other = _position(written, code, method), _position(pitch, code, method)
        parts = (one.total if one else None), (other.total if other else None)
        total = merit = None
        if both is not None and calibrated:
            if code in merits:
                total, merit = settled(both.places[code].score.value), merits[code]
        elif parts[0] is not None and parts[1] is not None:
            total = merit = combined_total(parts[0], parts[1], share)
        rows.append(_Row(code, merit, total, *parts, other.means if other else {}))
    return rows


def _position(found: "Run", code: str, method: Method) -> "Position | None":
    figures = found.figures.get(code)
    return None if figures is None else figures.positions[method]


def _firm(both: "Combined", lines: Sequence[int]) -> list[dict[str, Any]]:
    chances = {line: both.top(line) for line in lines if line < len(both.finalists)}
    return [
        {
            "application": code,
            "score": float(place.score.value),
            "deviation": float(place.score.deviation),
            "expected_rank": float(place.expected_rank),
            "inner": [int(end) for end in place.inner],
            "outer": [int(end) for end in place.outer],
            "chances": {str(line): float(own[code]) for line, own in chances.items()},
        }
        for code, place in sorted(both.places.items())
    ]


def _written(number: Fraction | None) -> str | None:
    return None if number is None else str(number)

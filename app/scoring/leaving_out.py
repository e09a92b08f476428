"""What hangs on one reviewer or on one organisation: the order without their reviews. Pure; saves nothing."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.scoring.calibration import Calibration, Unranked, calibrate
from app.scoring.criteria import Sheet
from app.scoring.methods import Method
from app.scoring.moves import Moves, moves
from app.scoring.ranking import DRAW, Line, rank
from app.scoring.run import Run, calibrated_lines, ratings_of
from app.scoring.totals import Scored, application_total, mean, median


@dataclass(frozen=True, slots=True)
class LeftOut:
    """By code of each reviewer and organisation, what changes without them.

    None where nothing could be ranked without them.
    """

    reviewers: Mapping[str, Moves | None]
    organisations: Mapping[str, Moves | None]


def leave_one_out(found: Run, sheets: Sequence[Sheet], line: int, method: Method | None = None) -> LeftOut:
    """Order anew without each reviewer, and without each organisation, in turn: who enters the first `line`?

    By the published method, or another one; from the sheets of the run, which gave its order. Calibration is
    fitted anew each time, from where the whole one ended: 51 reviewers of 253 x 5 take two to four seconds.
    ValueError for a line below 1.
    """
    method = method or found.rules.method
    without = _Without(found, sheets, method)
    before = found.order[method]

    def changes(gone: Mapping[str, Sequence[Sheet]]) -> Mapping[str, Moves | None]:
        return {
            code: None if (after := without.order(own)) is None else moves(before, after, line)
            for code, own in sorted(gone.items())
        }

    reviewers: dict[str, list[Sheet]] = defaultdict(list)
    organisations: dict[str, list[Sheet]] = defaultdict(list)
    for sheet in sheets:
        reviewers[sheet.reviewer].append(sheet)
        organisations[sheet.organisation].append(sheet)
    return LeftOut(changes(reviewers), changes(organisations))


class _Without:
    """Orders by one method; what those gone did not touch is worked out once."""

    def __init__(self, found: Run, sheets: Sequence[Sheet], method: Method) -> None:
        self.found, self.sheets, self.method = found, sheets, method
        self.of_application: dict[str, list[Sheet]] = defaultdict(list)
        for sheet in sheets:
            self.of_application[sheet.application].append(sheet)
        self.lines = {
            code: Line(code, own.total, own.means)
            for code, each in found.figures.items()
            for own in [each.positions[method]]
        }

    def order(self, gone: Sequence[Sheet]) -> Sequence[str] | None:
        """All applications, the best first, without these sheets; None where nothing can be ranked."""
        away = {(each.application, each.reviewer) for each in gone}
        if self.method is Method.CALIBRATED:
            return self._calibrated(
                [each for each in self.sheets if (each.application, each.reviewer) not in away]
            )
        middle = median if self.method is Method.MEDIAN else mean
        lines = dict(self.lines)
        for code in {application for application, _ in away}:
            rest = [each for each in self.of_application[code] if (code, each.reviewer) not in away]
            total = application_total(
                [Scored(each.organisation, each.scores) for each in rest], self.found.rules.criteria, middle
            )
            lines[code] = Line(code, total.total, total.means)
        if not any(each.total is not None for each in lines.values()):
            return None
        return self._ranked(list(lines.values()))[0]

    def _calibrated(self, sheets: Sequence[Sheet]) -> Sequence[str] | None:
        rules, whole = self.found.rules, self.found.calibration
        ratings = ratings_of(sheets, rules.criteria, impute=rules.impute)
        start = whole.start if isinstance(whole, Calibration) else None
        fitted = calibrate(ratings, strata=rules.strata, start=start)
        if isinstance(fitted, Unranked):
            return None
        bare = [Line(code, merit, {}) for code, merit in fitted.settled.items()]
        bare += [Line(code, None, {}) for code in self.found.figures if code not in fitted.settled]
        order, is_drawn = self._ranked(bare)
        if not is_drawn:
            return order
        # Only where some are equal are the criteria asked, which are four fits more.
        lines, _ = calibrated_lines(list(self.found.figures), sheets, ratings, fitted, rules)
        return self._ranked(lines)[0]

    def _ranked(self, lines: Sequence[Line]) -> tuple[Sequence[str], bool]:
        rules = self.found.rules
        places = rank(lines, tie_order=rules.tie_order, seed=rules.seed, call=rules.call)
        return [each.code for each in places], any(each.decided_by == DRAW for each in places if each.label)

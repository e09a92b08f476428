"""How far an application is from the line, and that this never contradicts the chance to be above it."""

import numpy as np
import pytest
from scipy.special import ndtri

from app.decisions.firm import Stand, stand
from app.scoring.calibration import Calibration
from app.scoring.firmness import Posterior, firmness
from tests.decisions.demo_calls import EVERY, fitted


def calibrated(name: str, line: int) -> Calibration:
    found = fitted(name, line).calibration
    assert isinstance(found, Calibration)
    return found


@pytest.mark.parametrize(("name", "line"), EVERY)
def test_a_margin_lies_on_one_side_just_where_the_place_is_certain(name: str, line: int) -> None:
    found = calibrated(name, line)
    chances, told = found.top(line), found.margins(line)
    assert told.keys() == chances.keys()
    for code, margin in told.items():
        assert margin.low <= margin.middle <= margin.high
        side = Stand.IN if margin.low > 0 else Stand.OUT if margin.high <= 0 else Stand.ZONE
        assert side is stand(chances[code]), code
        assert (margin.middle > 0) is (chances[code] >= 0.5), code


def test_what_a_score_may_be_off_by_is_not_what_a_place_may_be_off_by() -> None:
    """A half-width of the score holds what nobody knows of the level of all, and that moves no place."""
    wrong = set()
    for name, line in EVERY:
        found = calibrated(name, line)
        scores = sorted((each.value for each in found.scores.values()), reverse=True)
        edge = (scores[line - 1] + scores[line]) / 2
        for code, score in found.scores.items():
            half = float(ndtri(0.9)) * score.deviation
            certain = stand(found.top(line)[code]) is not Stand.ZONE
            if certain and abs(score.value - edge) < half:
                wrong.add(code)
    assert {"Бутаковка-253", "Күйгенсай-940"} <= wrong


def test_a_line_that_nobody_is_below_has_no_margin() -> None:
    found = calibrated("2019-eight", 6)
    for line in (0, 12, 13):
        assert found.margins(line) == {}
        with pytest.raises(ValueError, match="no line"):
            found.firm.margins(line)


def test_of_two_the_margin_is_their_difference() -> None:
    """Both are normal: the difference is too, and its tenths are known. Its draws are those of the places."""
    part = Posterior(1.0, np.array([3.0, 1.0]), np.array([[1.0], [1.0]]), np.array([2.0, 2.0]))
    order = np.arange(2)
    firm = firmness([part], order)
    (first, second) = firm.margins(1)
    reach = 2 * float(ndtri(0.9))
    assert first == pytest.approx([2 - reach, 2, 2 + reach], abs=0.06)
    assert second == pytest.approx([-2 - reach, -2, -2 + reach], abs=0.06)
    above = firm.top(1)[0]
    assert above == pytest.approx(0.841, abs=0.01)

"""Why a place is firm or not: on one scale at a time, and every step of a score adds up to it."""

import re

from app.decisions.ranking import FirmPlace, MethodPlace, RowFigures
from app.pages.why_firm import EIGHT_OF_TEN, WhyFirm, why_firm
from app.scoring.methods import Method

BOARD = {"line": 5, "edge": 70.0, "seated": ["Sits-1"]}


def told(
    chance: float, score: float, place: int, method: Method = Method.MEAN_OF_MEANS, code: str = "Idea-1"
) -> WhyFirm:
    firm = FirmPlace(
        score=score, deviation=8.0, given=83.0, kindness=2.4, expected_rank=3.0, inner=(2, 4), outer=(1, 7),
        chances={"5": chance}, means={},
    )  # fmt: skip
    by = {each: MethodPlace(place=place, label=str(place), total="81.3") for each in Method}
    figures = RowFigures(by=by, complete=4, judged={}, firm=firm)
    found = why_firm("en", figures, BOARD, method, code)
    assert found
    return found


def test_a_certain_place_is_further_from_the_line_than_what_is_said_to_be_uncertain() -> None:
    """One tenth on each side is left out both of what counts as certain and of what a score may be off by."""
    assert abs(EIGHT_OF_TEN - 1.2816) < 1e-4
    found = told(0.93, 81.0, 3)
    said = " ".join(found.reasons)
    (half,), (gap,) = (
        map(float, re.findall(pattern, said)) for pattern in (r"± ([\d.]+),", r"is ([\d.]+) above")
    )
    assert (half, gap) == (10.3, 11.0) and gap > half
    assert (found.stand, found.tone) == ("certain in", "in")
    assert "counts as certain" in found.reasons[-1]


def test_where_the_published_method_decides_otherwise_both_numbers_are_told() -> None:
    """The one sees the line from above, the other from below: a reader must not take one for the other."""
    found = told(0.75, 72.8, 12)
    assert any("2.8 above it" in each for each in found.reasons)
    (said,) = [each for each in found.reasons if "decides" in each]
    assert "(Mean) its total is 81.3, which is position 12, below the line" in said
    assert not any("decides" in each for each in told(0.75, 72.8, 3).reasons)
    assert not any("decides" in each for each in told(0.75, 72.8, 12, Method.CALIBRATED).reasons)


def test_a_score_is_told_step_by_step() -> None:
    steps = told(0.75, 78.2, 3).made_of
    assert "4 complete reviews give 83.0 of 100" in steps[0]
    assert steps[1].endswith("−2.4.") and steps[2].endswith("−2.4.") and steps[3] == "Together: 78.2."


def test_who_sits_in_a_kept_seat_is_not_called_out() -> None:
    found = told(0.02, 60.0, 11, code="Sits-1")
    assert found.stand == "in a reserved seat" and "kept for a group" in found.reasons[-1]

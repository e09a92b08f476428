"""Why a place is firm or not: on one scale at a time, and every number beside a verdict agrees with it."""

import re

import pytest

from app.decisions.beside_line import NOTHING, Beside, Fate
from app.decisions.firm import board_figures, row_figures
from app.decisions.published_line import LineOf
from app.decisions.ranking import FirmPlace, MethodPlace, RowFigures, told_figures
from app.pages.why_firm import WhyFirm, why_firm
from app.scoring.methods import Method
from tests.decisions.demo_calls import EVERY, fitted

BOARD = {"line": 5}


def told(
    chance: float,
    score: float,
    place: int,
    method: Method = Method.MEAN_OF_MEANS,
    beside: Beside = NOTHING,
    margin: tuple[float, float, float] | None = (-2.0, 2.8, 8.0),
    given: float = 83.0,
    reviews: int = 4,
    language: str = "en",
) -> WhyFirm | None:
    firm = FirmPlace(
        score=score, deviation=8.0, given=given, kindness=2.4, expected_rank=3.0, inner=(2, 4), outer=(1, 7),
        chances={"5": chance}, margin=margin, means={},
    )  # fmt: skip
    by = {each: MethodPlace(place=place, label=str(place), total="81.3") for each in Method}
    figures = RowFigures(by=by, complete=reviews, judged={}, firm=firm)
    return why_firm(language, figures, BOARD, method, "Idea-1", beside)


def sentences(found: WhyFirm | None) -> list[str]:
    assert found
    return found.reasons


@pytest.mark.parametrize(("name", "line"), EVERY)
def test_no_number_refutes_the_verdict_beside_it(name: str, line: int) -> None:
    """Of the demo's calls, as they were fitted: a certain place is wholly on its side of the line, and one in
    the zone is on both."""
    found = fitted(name, line)
    figures, board = row_figures(found, [], 12), board_figures(found, [])
    for code, stored in figures.items():
        row = told_figures(stored)
        assert row
        why = why_firm("en", RowFigures.model_validate(row), board, Method.MEAN_OF_MEANS, code, NOTHING)
        assert why
        said = " ".join(why.reasons)
        assert "±" not in said
        likely = re.search(r"most likely [\d.]+ points (above|below) the line", said)
        between = re.search(r"from ([\d.]+) to ([\d.]+) points (above|below) it", said)
        both = re.search(r"from ([\d.]+) points below it to ([\d.]+) points above it", said)
        assert likely
        if why.tone == "zone":
            assert both and not between, (code, said)
        else:
            assert between and not both, (code, said)
            side = {"in": "above", "out": "below"}[why.tone]
            assert (likely[1], between[3]) == (side, side), (code, said)
            assert float(between[1]) <= float(between[2])
        # A chance above one half is of somebody who is told to be above the line more likely than not.
        chance = row["firm"]["chances"][str(line)]
        assert (likely[1] == "above") is (chance >= 0.5), (code, said)


def test_where_the_published_method_decides_otherwise_both_numbers_are_told() -> None:
    """The one sees the line from above, the other from below: a reader must not take one for the other."""
    found = sentences(told(0.75, 72.8, 12))
    assert any("2.8 points above the line" in each for each in found)
    (said,) = [each for each in found if "decides" in each]
    assert "(Mean) its total is 81.3, which is position 12, below the line" in said
    assert not any("decides" in each for each in sentences(told(0.75, 72.8, 3)))
    assert not any("decides" in each for each in sentences(told(0.75, 72.8, 12, Method.CALIBRATED)))


def test_an_order_of_before_distances_were_kept_tells_none() -> None:
    assert not any("the line for" in each for each in sentences(told(0.75, 72.8, 3, margin=None)))


def test_a_score_is_told_step_by_step() -> None:
    found = told(0.75, 78.2, 3)
    assert found
    steps = found.made_of
    assert "4 complete reviews give 83.0 of 100" in steps[0]
    assert steps[1].endswith("−2.4.") and steps[2].endswith("−2.4.") and steps[3] == "Together: 78.2."


def test_a_mean_of_reviews_is_rounded_as_the_total_beside_it() -> None:
    """Four criteria of 25 %: means that end on a half of a tenth are common, and the board rounds them up."""
    found = told(0.75, 78.2, 3, given=81.25)
    assert found and "give 81.3 of 100" in found.made_of[0]
    # The steps still add up to what they say: 81.3 - 2.4 - 0.7.
    assert found.made_of[2].endswith("−0.7.")


def test_of_one_review_is_not_spoken_as_of_several() -> None:
    found = told(0.75, 78.2, 3, reviews=1)
    assert found
    assert found.made_of[0] == "Its 1 complete review gives 83.0 of 100 on average."
    assert found.made_of[1].startswith("Who gave it gives 2.4 more")
    assert found.made_of[2].startswith("One review says little")


def test_every_number_is_written_as_the_language_writes_it() -> None:
    """Another method's total too, and by the one word that the other pages have for a published method."""
    (said,) = [each for each in sentences(told(0.75, 72.8, 12, language="ru")) if "Решает" in each]
    assert "81,3" in said and "81.3" not in said and "по опубликованному методу" in said


@pytest.mark.parametrize(
    ("fate", "stands", "why"),
    [
        (Fate.SEATED, "in a reserved seat", "kept for a group"),
        (Fate.PITCHES, "invited to pitch", "written and pitch scores together"),
    ],
)
def test_who_stands_on_neither_side_is_not_called_out(fate: Fate, stands: str, why: str) -> None:
    beside = Beside({"Idea-1": fate}, fate is Fate.PITCHES, LineOf.PITCHES)
    found = told(0.02, 60.0, 11, beside=beside)
    assert found and (found.stand, found.tone) == (stands, fate.value) and why in found.reasons[-1]


def test_once_finalists_are_invited_the_line_says_nothing_of_the_others() -> None:
    beside = Beside({"Idea-2": Fate.PITCHES}, True, LineOf.PITCHES)
    assert told(0.02, 60.0, 11, beside=beside) is None

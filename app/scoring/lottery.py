"""A partial lottery: who is in, who is out, who draws, and what that costs. Pure; off unless published.

Where the reviews cannot tell applications apart at the line, a call may publish that chance does. It costs
accuracy (measured: of the true best ten 48 % are found instead of 56 %), so the price stands beside it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.scoring.calibration import Calibration, Place
from app.scoring.draw import drawn_order


@dataclass(frozen=True, slots=True)
class Groups:
    """By code, the best first: who is `accepted`, who draws for the places `left`, who is `rejected`.

    Where the places are enough for all of `drawing`, they are among the accepted as well, and none is left.
    """

    accepted: Sequence[str]
    drawing: Sequence[str]
    rejected: Sequence[str]
    left: int

    @property
    def chances(self) -> Mapping[str, float]:
        """The chance of each to be chosen, 0 to 1; they sum to the number of places."""
        share = self.left / len(self.drawing) if self.drawing else 0.0
        return {
            **dict.fromkeys(self.drawing, share),
            **dict.fromkeys(self.accepted, 1.0),
            **dict.fromkeys(self.rejected, 0.0),
        }

    def chosen(self, *, seed: str, call: str) -> Sequence[str]:
        """The accepted, then the winners of the draw; see `draw.drawn_order`."""
        return [*self.accepted, *drawn_order(self.drawing, seed=seed, call=call)[: self.left]]


def swiss_groups(places: Mapping[str, Place], line: int) -> Groups:
    """The rule of the Swiss National Science Foundation for the best `line` places.

    The line is the expected rank of the application that stands there. Who has the whole 50 % interval of
    places above it is accepted, who has it below is rejected, and the others draw. Where those accepted and
    those who would draw are just as many as the places, all of them are accepted. ValueError unless
    1 <= line <= the number of applications. Source: Heyard, Ott, Salanti and Egger (2022).
    """
    order = sorted(places, key=lambda code: (places[code].expected_rank, code))
    if not 1 <= line <= len(order):
        raise ValueError(f"no line at {line} of {len(order)}")
    at = places[order[line - 1]].expected_rank
    # Equal ones are treated alike: whoever stands exactly at the line draws.
    drawing = [
        code
        for code in order
        if places[code].inner[0] <= at <= places[code].inner[1]
        or abs(places[code].expected_rank - at) <= 1e-9
    ]
    rest = [code for code in order if code not in set(drawing)]
    accepted = [code for code in rest if places[code].inner[1] < at]
    rejected = [code for code in rest if places[code].inner[1] >= at]
    if len(accepted) + len(drawing) == line:
        return Groups([*accepted, *drawing], drawing, rejected, 0)
    return Groups(accepted, drawing, rejected, line - len(accepted))


@dataclass(frozen=True, slots=True)
class Price:
    """What the order alone gives, and what a lottery gives on average.

    Hit rates are shares (0 to 1) of the chosen that are truly among as many best; qualities the mean
    calibrated score of the chosen, in points of 100.
    """

    hit_rate: float
    hit_rate_drawn: float
    quality: float
    quality_drawn: float


def price(calibration: Calibration, chances: Mapping[str, float], line: int) -> Price:
    """The price of giving each its chance instead of taking the first `line` of the calibrated order.

    hit rate = sum p_i P_i(best K) / K, where without a draw p is 1 for the first K and 0 for the others.
    ValueError for a line that nobody or everybody is above, or a code that was not calibrated.
    """
    if not 1 <= line < len(calibration.applications):
        raise ValueError(f"no line at {line}")
    if unknown := chances.keys() - calibration.scores.keys():
        raise ValueError(f"not calibrated: {sorted(unknown)}")
    merits, top = calibration.merits, calibration.top(line)
    first = sorted(merits, key=lambda code: (-merits[code], code))[:line]
    scores = {code: each.value for code, each in calibration.scores.items()}

    def mean(of: Mapping[str, float], shares: Mapping[str, float]) -> float:
        return sum(share * of[code] for code, share in shares.items()) / line

    surely = dict.fromkeys(first, 1.0)
    return Price(mean(top, surely), mean(top, chances), mean(scores, surely), mean(scores, chances))

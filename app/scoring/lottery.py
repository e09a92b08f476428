"""A partial lottery: who is in, who is out, who draws, and what that costs. Pure; off unless published.

Where the reviews cannot tell applications apart at the line, a call may publish that chance does. It costs
accuracy (measured: of the true best ten 48 % are found instead of 56 %), so the price stands beside it.
"""

import hashlib
import hmac
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from app.scoring.calibration import Calibration
from app.scoring.draw import drawn_order
from app.scoring.ranking import LOTTERY


class Between(Protocol):
    """What the rule asks of an application: its expected rank, and its 50 % interval of places."""

    @property
    def expected_rank(self) -> float: ...
    @property
    def inner(self) -> Sequence[int]: ...


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


@dataclass(frozen=True, slots=True)
class Drawn:
    """An order in which the draw has been held, at a line of so many places.

    `accepted` are certain, by merit; `drawing` draw for the places `left`, in the order of their tickets;
    `rejected` follow by merit. Where the places are enough for all who would draw, nobody draws.
    """

    line: int
    accepted: Sequence[str]
    drawing: Sequence[str]
    rejected: Sequence[str]
    left: int

    @property
    def order(self) -> Sequence[str]:
        """Everybody, the first place first."""
        return [*self.accepted, *self.drawing, *self.rejected]

    @property
    def chances(self) -> Mapping[str, float]:
        """The chance of each to be chosen, 0 to 1; they sum to the line."""
        return Groups(self.accepted, self.drawing, self.rejected, self.left).chances


def lottery_seed(seed: str) -> str:
    """The seed of the lottery: HMAC-SHA256(seed of the call, "lottery") in hex.

    Whoever has luck where equal totals are parted by the call's own seed has none of it here.
    """
    return hmac.digest(seed.encode(), LOTTERY.encode(), hashlib.sha256).hex()


def drawn(
    order: Sequence[str], places: Mapping[str, Between], line: int, *, seed: str, call: str
) -> Drawn | None:
    """`order` with the draw held at its line: `swiss_groups`, then tickets from the `lottery_seed`.

    `order` has every application by merit; those without `places` stay behind all others. `seed` is the
    call's. None where there is nothing to draw: no line, one below everybody who is placed, or too few whom
    the reviews do not put below it.
    """
    placed = [code for code in order if code in places]
    if not 1 <= line < len(placed):
        return None
    groups = swiss_groups(places, line)
    if groups.left > len(groups.drawing):
        return None
    inside, tickets = set(groups.accepted), groups.drawing if groups.left else ()
    placed_first = inside.union(tickets)
    return Drawn(
        line=line,
        accepted=[code for code in order if code in inside],
        drawing=drawn_order(tickets, seed=lottery_seed(seed), call=call),
        rejected=[code for code in order if code not in placed_first],
        left=groups.left,
    )


def numbered(held: Drawn, merits: Mapping[str, Hashable | None]) -> Mapping[str, tuple[int, str]]:
    """Code -> place and label in the order of a draw, the first place first.

    Places run from 1; a label repeats for equal merits next to each other, is nobody else's for who drew, and
    is "" without a merit.
    """
    lots, found = set(held.drawing), dict[str, tuple[int, str]]()
    before, label = None, 0
    for place, code in enumerate(held.order, 1):
        equal = before is not None and lots.isdisjoint({before, code}) and merits[before] == merits[code]
        label = label if equal else place
        found[code] = (place, "" if merits[code] is None else str(label))
        before = code
    return found


def hits(chances: Mapping[str, float], top: Mapping[str, float]) -> float:
    """How many of the chosen are expected to be truly among as many best: sum p_i P(i is one of them)."""
    return sum(share * top[code] for code, share in chances.items() if share)


def swiss_groups(places: Mapping[str, Between], line: int) -> Groups:
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

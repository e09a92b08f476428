"""The lottery that promises most in the worst case: MERIT. Pure; off unless a call publishes it.

Each application's quality lies in an interval, and nothing more is known. The chances are those with which
the expected number of chosen that belong to the truly best is greatest, whichever the best ones are.

Source: Goldberg, Fanti and Shah, "Maximin-optimal partial lotteries" (MERIT), 2025.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import linprog, nnls

from app.scoring.crossing import Matrix, Vector

EXACT = 1e-9
ROUNDS = 500


@dataclass(frozen=True, slots=True)
class Merit:
    """The chance of each, 0 to 1, and how many of the best are chosen at the least, on average."""

    chances: Mapping[str, float]
    worst: float


def merit(intervals: Mapping[str, tuple[float, float]], places: int) -> Merit:
    """Chances p that make the least, over all possible best K, of the sum of p over them the greatest.

    `intervals`: lowest and highest quality of each code, in any unit, higher is better. K codes are a
    possible best set unless one outside lies wholly above one inside. Of all such chances it is those with
    the least sum of squares, so that there is one answer and equal intervals have equal chances; nobody
    has a smaller chance than somebody who lies wholly below them. Who is in every possible best set has
    chance 1, who is in none 0.

    ValueError for an interval that ends before it begins, or unless 1 <= K <= their number.
    """
    codes = sorted(intervals)
    if not 1 <= places <= len(codes):
        raise ValueError(f"{places} of {len(codes)} cannot be chosen")
    low = np.array([intervals[code][0] for code in codes])
    high = np.array([intervals[code][1] for code in codes])
    if not (low <= high).all():
        raise ValueError("an interval ends before it begins")
    below = (low[:, None] > high[None, :]).sum(axis=0)
    rivals = (high[None, :] >= low[:, None]).sum(axis=1) - 1
    fixed = np.full(len(codes), np.nan)
    fixed[rivals < places] = 1.0
    fixed[below >= places] = 0.0
    found = _Search(low, high, fixed, places).chances()
    chances = {code: float(np.clip(each, 0, 1)) for code, each in zip(codes, found, strict=True)}
    return Merit(chances, float(found[_worst_set(found, low, high, places)].sum()))


def consistent(chosen: Sequence[str], intervals: Mapping[str, tuple[float, float]]) -> Sequence[str]:
    """The same number of codes, with nobody chosen who lies wholly below somebody who is not.

    Each exchange takes the one out whose interval ends lowest, and the one in whose interval begins highest.
    """
    inside = set(chosen)
    while inside and (outside := intervals.keys() - inside):
        worst = min(inside, key=lambda code: (intervals[code][1], intervals[code][0], code))
        best = max(outside, key=lambda code: (intervals[code][0], intervals[code][1], code))
        if intervals[best][0] <= intervals[worst][1]:
            break
        inside = inside - {worst} | {best}
    return sorted(inside)


def _worst_set(chances: Vector, low: Vector, high: Vector, places: int) -> Vector:
    """Of all possible best sets the one with the least sum of chances, as a mask.

    By lowest quality, the highest first: where the first one outside has place i, the i before it are inside,
    and the others inside are the least likely ones of those later that do not lie wholly below it.
    """
    order = np.lexsort((-high, -low))
    best, least = None, np.inf
    for inside in range(min(places, len(order) - 1) + 1):
        later = order[inside + 1 :]
        later = later[high[later] >= low[order[inside]]]
        missing = places - inside
        if len(later) < missing:
            continue
        some = later[np.argsort(chances[later], kind="stable")[:missing]]
        members = np.concatenate([order[:inside], some])
        total = float(chances[members].sum())
        if total < least - EXACT:
            best, least = members, total
    mask = np.zeros(len(order), dtype=bool)
    # Where nobody is outside everybody is the only set.
    mask[order if best is None else best] = True
    return mask


class _Search:
    """Cutting planes: first the greatest worst case, then the least squares that reach it."""

    def __init__(self, low: Vector, high: Vector, fixed: Vector, places: int) -> None:
        self.low, self.high, self.places = low, high, places
        self.fixed = fixed
        self.free = np.isnan(fixed)
        self.base = np.where(self.free, 0.0, fixed)
        self.left = places - float(self.base.sum())
        self.cuts: list[Vector] = []

    def chances(self) -> Vector:
        if not self.free.any():
            return self.base
        worst = self._greatest()
        # An equal share is what the least squares begin with; sets are added until none is below the worst.
        found = self.base
        for _ in range(ROUNDS):
            found = self._least_squares(worst)
            if not self._cut(found, worst - 1e-7):
                break
        return found

    def _whole(self, free: Vector) -> Vector:
        whole = self.base.copy()
        whole[self.free] = np.clip(free, 0, 1)
        return whole

    def _cut(self, chances: Vector, worst: float) -> bool:
        """Whether some possible best set has less than `worst`; then it is added."""
        mask = _worst_set(chances, self.low, self.high, self.places)
        if float(chances[mask].sum()) >= worst:
            return False
        self.cuts.append(mask.astype(np.float64))
        return True

    def _greatest(self) -> float:
        """The value of the linear programme: max v with v <= the sum over every possible best set."""
        number = int(self.free.sum())
        value = np.append(np.zeros(number), -1.0)
        equal = np.append(np.ones(number), 0.0)[None, :]
        self._cut(self._whole(np.full(number, self.left / number)), np.inf)
        worst = float(self.places)
        for _ in range(ROUNDS):
            rows = np.array([np.append(-cut[self.free], 1.0) for cut in self.cuts])
            limits = np.array([float(cut @ self.base) for cut in self.cuts])
            found = linprog(
                value,
                A_ub=rows,
                b_ub=limits,
                A_eq=equal,
                b_eq=[self.left],
                bounds=[(0, 1)] * number + [(0, self.places)],
                method="highs-ds",
            )
            best = np.asarray(found.x)
            worst = float(best[-1])
            if not self._cut(self._whole(best[:-1]), worst - EXACT):
                break
        return worst

    def _least_squares(self, worst: float) -> Vector:
        """The point nearest to nothing with all cuts at `worst`: least distance programming.

        Source: Lawson and Hanson, "Solving least squares problems" (1974), chapter 23.
        """
        number = int(self.free.sum())
        unit = np.eye(number)
        rows = [unit, -unit, np.ones((1, number)), -np.ones((1, number))]
        limits = [np.zeros(number), -np.ones(number), np.array([self.left]), np.array([-self.left])]
        rows.append(np.array([cut[self.free] for cut in self.cuts]).reshape(-1, number))
        limits.append(np.array([worst - EXACT - float(cut @ self.base) for cut in self.cuts]))
        return self._whole(_nearest(np.vstack(rows), np.concatenate(limits)))


def _nearest(rows: Matrix, limits: Vector) -> Vector:
    """The shortest x with rows x >= limits."""
    system = np.vstack([rows.T, limits])
    goal = np.append(np.zeros(rows.shape[1]), 1.0)
    share, _ = nnls(system, goal, maxiter=30 * system.shape[1])
    rest = system @ share - goal
    found: Vector = -rest[:-1] / rest[-1]
    return found

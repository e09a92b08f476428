"""Flows in a network as a linear programme, for several goals one after another. Pure and exact.

The matrix of a network is totally unimodular, so with whole bounds every optimal corner is whole (Hoffman and
Kruskal, "Integral boundary points of convex polyhedra", 1956): the simplex method needs no branching.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linprog
from scipy.sparse import csr_array

Whole = NDArray[np.int64]
Row = tuple[Mapping[int, int], int]
"""The coefficients (1 or -1) of some variables, and what their sum is to be."""

SOLVED, INFEASIBLE = 0, 2

PRICE = 0.5
"""Reduced costs of a network with whole costs are whole: what is nearer to nothing is nothing."""


@dataclass(frozen=True, slots=True)
class Optimum:
    """An optimal flow: the value of each variable, and how much one more, or one less, of it would cost."""

    values: Whole
    at_lower: NDArray[np.bool_]
    at_upper: NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Flows:
    """All whole values of the variables between their bounds for which every row has its sum."""

    matrix: csr_array
    sums: Whole
    lower: Whole
    upper: Whole

    @classmethod
    def of(cls, lower: Sequence[int], upper: Sequence[int], rows: Sequence[Row]) -> "Flows":
        """Flows from their rows, which the caller takes care are those of a network."""
        entries = [(n, column, value) for n, (terms, _) in enumerate(rows) for column, value in terms.items()]
        places = np.array(entries, dtype=np.int64).reshape(-1, 3)
        return cls(
            matrix=csr_array(
                (places[:, 2].astype(np.float64), (places[:, 0], places[:, 1])), shape=(len(rows), len(upper))
            ),
            sums=np.array([total for _, total in rows], dtype=np.int64),
            lower=np.array(lower, dtype=np.int64),
            upper=np.array(upper, dtype=np.int64),
        )

    def least(self, costs: Whole) -> Optimum | None:
        """A flow whose sum of `costs` is least; None where there is none at all."""
        if not self.matrix.shape[1]:
            empty = np.zeros(0, dtype=np.bool_)
            return None if self.sums.any() else Optimum(np.zeros(0, dtype=np.int64), empty, empty)
        found = linprog(  # type: ignore[call-overload] # its stubs know no sparse rows
            costs,
            A_eq=self.matrix if len(self.sums) else None,
            b_eq=self.sums if len(self.sums) else None,
            bounds=np.column_stack([self.lower, self.upper]),
            method="highs-ds",
        )
        if found.status == INFEASIBLE:
            return None
        if found.status != SOLVED:
            raise ArithmeticError(f"the solver stopped: {found.message}")
        return Optimum(
            values=np.rint(found.x).astype(np.int64),
            at_lower=found.lower.marginals > PRICE,
            at_upper=found.upper.marginals < -PRICE,
        )

    def face(self, optimum: Optimum) -> "Flows":
        """Only the flows that are as good as this one: what has a price stays where it is.

        Source: complementary slackness; a flow is optimal just when every variable with a reduced cost
        stands at the bound that this cost keeps it at.
        """
        return replace(
            self,
            lower=np.where(optimum.at_upper, self.upper, self.lower),
            upper=np.where(optimum.at_lower, self.lower, self.upper),
        )

    def without(self, variables: Whole) -> "Flows":
        """Only the flows in which these variables, which may be 0, are 0."""
        upper = self.upper.copy()
        upper[variables] = 0
        return replace(self, upper=upper)

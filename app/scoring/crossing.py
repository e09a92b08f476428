"""A table of applications by columns of which few cells are filled, and the products the model needs. Pure.

What one application has to do with another comes through the columns they share: with k filled cells a row,
everything below costs I k^2 instead of I C^2 steps, and no I x C table is made of ten thousand applications.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

Vector = NDArray[np.float64]
Matrix = NDArray[np.float64]
Index = NDArray[np.int64]

DENSE = 32
"""A step of a dense product is so much cheaper than one that has to look up its cell."""


@dataclass(frozen=True)
class Table:
    """`rows` x `columns`, zero but for `value` at (`row`, `column`); cells named twice add up."""

    rows: int
    columns: int
    row: Index
    column: Index
    value: Vector

    @cached_property
    def sparse(self) -> csr_array:
        """The same for products with whole matrices."""
        return csr_array((self.value, (self.row, self.column)), shape=(self.rows, self.columns))

    @cached_property
    def dense(self) -> Matrix:
        """Every cell written out: only where there is room for it."""
        table: Matrix = self.sparse.toarray()
        return table

    @cached_property
    def _pairs(self) -> tuple[Index, Index, Vector]:
        """For each two cells of one row: the row, columns as one number, the product of the values."""
        order = np.argsort(self.row, kind="stable")
        row, column, value = self.row[order], self.column[order], self.value[order]
        filled = np.bincount(row, minlength=self.rows)
        begins = np.cumsum(filled) - filled
        repeats = filled[row]
        first = np.repeat(np.arange(len(row)), repeats)
        within = np.arange(len(first)) - np.repeat(np.cumsum(repeats) - repeats, repeats)
        second = begins[row[first]] + within
        return row[first], column[first] * self.columns + column[second], value[first] * value[second]

    @cached_property
    def _is_full(self) -> bool:
        filled = np.bincount(self.row, minlength=self.rows).astype(np.float64)
        return DENSE * float(filled @ filled) > self.rows * self.columns**2

    def inner(self, scale: Vector) -> Matrix:
        """T' diag(scale) T, columns x columns."""
        if self._is_full:
            product: Matrix = self.dense.T @ (self.dense * scale[:, None])
            return product
        row, cell, value = self._pairs
        found = np.bincount(cell, value * scale[row], self.columns**2)
        return found.reshape(self.columns, self.columns).astype(np.float64, copy=False)

    def quadratic(self, matrix: Matrix) -> Vector:
        """The diagonal of T matrix T', one number a row; the matrix is columns x columns."""
        if self._is_full:
            return np.asarray(np.einsum("ij,ij->i", self.dense @ matrix, self.dense))
        row, cell, value = self._pairs
        return np.bincount(row, value * matrix.ravel()[cell], self.rows).astype(np.float64, copy=False)

    def times(self, vector: Vector) -> Vector:
        """T vector, one number a row."""
        return np.bincount(self.row, self.value * vector[self.column], self.rows).astype(
            np.float64, copy=False
        )

    def turned(self, vector: Vector) -> Vector:
        """T' vector, one number a column."""
        return np.bincount(self.column, self.value * vector[self.row], self.columns).astype(
            np.float64, copy=False
        )

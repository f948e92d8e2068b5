"""A sparse matrix of numpy arrays with the few operations that ranking needs."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

Vector = NDArray[np.float64]
Matrix = NDArray[np.float32]

_TABLE = 4_000_000  # numbers in a dense table: 16 MB


@dataclass(frozen=True, slots=True)
class Sparse:
    """Rows of numbers, most of them zero; the cells of a row lie side by side, in the order of their columns.

    Row `r` has the cells from `starts[r]` to `starts[r + 1]`. All rows have `width` columns.
    """

    starts: NDArray[np.int64]
    columns: NDArray[np.int64]
    values: Matrix
    width: int

    @classmethod
    def count(cls, cells: NDArray[np.int64], rows: int, width: int) -> Sparse:
        """Counts how often each cell occurs; a cell is `row * width + column`."""
        found, counts = np.unique(cells, return_counts=True)
        row, columns = np.divmod(found, width)
        starts = np.searchsorted(row, np.arange(rows + 1))
        return cls(starts, columns, counts.astype(np.float32), width)

    def __len__(self) -> int:
        return len(self.starts) - 1

    @property
    def row_of(self) -> NDArray[np.int64]:
        """The row of each cell."""
        return np.repeat(np.arange(len(self)), np.diff(self.starts))

    def row(self, number: int) -> slice:
        """The cells of a row."""
        return slice(int(self.starts[number]), int(self.starts[number + 1]))

    def take(self, rows: NDArray[np.intp]) -> Sparse:
        """The rows given, in their order."""
        lengths = np.diff(self.starts)[rows]
        starts = np.concatenate([[0], lengths.cumsum()])
        cells = np.arange(starts[-1]) + np.repeat(self.starts[rows] - starts[:-1], lengths)
        return Sparse(starts, self.columns[cells], self.values[cells], self.width)

    def only(self, cells: NDArray[np.bool_]) -> Sparse:
        """The same rows without the cells that are not wanted."""
        kept = np.concatenate([[0], cells.cumsum()])[self.starts]
        return Sparse(kept, self.columns[cells], self.values[cells], self.width)

    def weighted(self, weights: Vector) -> Sparse:
        """1 + log(count), times the column's weight, in rows of length 1; a row without cells stays empty."""
        values = (1 + np.log(self.values)) * weights[self.columns]
        return replace(self, values=values.astype(np.float32)).unit()

    def unit(self) -> Sparse:
        """The rows scaled to length 1."""
        rows = self.row_of
        lengths = np.sqrt(np.bincount(rows, self.values.astype(float) ** 2, minlength=len(self)))
        scale = 1 / np.maximum(lengths, 1e-12)
        return replace(self, values=(self.values * scale[rows]).astype(np.float32))

    def present(self) -> Sparse:
        """1 in every cell."""
        return replace(self, values=np.ones_like(self.values))

    def dot(self, vector: Vector) -> Vector:
        """The product of each row with a vector of `width` numbers."""
        products = self.values * vector[self.columns]
        return np.bincount(self.row_of, products, minlength=len(self)).astype(float)

    def total(self, weights: Vector) -> Vector:
        """The weighted sum of the rows, a number for each column."""
        products = self.values * weights[self.row_of]
        return np.bincount(self.columns, products, minlength=self.width).astype(float)

    def project(self, table: Matrix) -> Matrix:
        """The product with a dense table that has a row for each column."""
        product = np.zeros((len(self), table.shape[1]), np.float32)
        for number in range(len(self)):
            cells = self.row(number)
            product[number] = self.values[cells] @ table[self.columns[cells]]
        return product

    def blocks(self) -> list[NDArray[np.intp]]:
        """The rows in groups, each of which fits into a dense table."""
        size = max(1, _TABLE // max(1, self.width))
        return [np.arange(at, min(at + size, len(self))) for at in range(0, len(self), size)]

    def transposed(self) -> Matrix:
        """A dense table: a row for each column, a column for each row."""
        table = np.zeros((self.width, len(self)), np.float32)
        table[self.columns, self.row_of] = self.values
        return table

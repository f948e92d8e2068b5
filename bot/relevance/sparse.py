"""Implements a sparse matrix on numpy arrays, with the few operations that ranking needs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

Vector = NDArray[np.float64]
Matrix = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Sparse:
    """A sparse matrix of `width` columns in compressed row format.

    Row `r` is the cells from `starts[r]` up to `starts[r + 1]`, sorted by column.
    """

    starts: NDArray[np.int64]
    columns: NDArray[np.int32]
    values: Matrix
    width: int

    @classmethod
    def count(cls, cells: NDArray[np.int64], rows: int, width: int) -> Sparse:
        """Counts how often each cell occurs; a cell is `row * width + column`."""
        found, counts = np.unique(cells, return_counts=True)
        row, columns = np.divmod(found, width)
        starts = np.searchsorted(row, np.arange(rows + 1))
        return cls(starts, columns.astype(np.int32), counts.astype(np.float32), width)

    @classmethod
    def stack(cls, parts: Sequence[Sparse]) -> Sparse:
        """Joins matrices of the same columns into one, in the order given."""
        sizes = np.cumsum([0, *(len(part.columns) for part in parts)])
        starts = [part.starts[:-1] + size for part, size in zip(parts, sizes[:-1], strict=True)]
        return cls(
            np.concatenate([*starts, sizes[-1:]]),
            np.concatenate([part.columns for part in parts]),
            np.concatenate([part.values for part in parts]),
            max(part.width for part in parts),
        )

    def beside(self, other: Sparse, width: int) -> Sparse:
        """Places the other matrix to the right of this one, which counts as `width` columns wide."""
        here = np.arange(len(self.columns)) + np.repeat(other.starts[:-1], np.diff(self.starts))
        there = np.arange(len(other.columns)) + np.repeat(self.starts[1:], np.diff(other.starts))
        columns = np.empty(len(here) + len(there), np.int32)
        values = np.empty(len(columns), np.float32)
        columns[here], columns[there] = self.columns, other.columns + width
        values[here], values[there] = self.values, other.values
        return Sparse(self.starts + other.starts, columns, values, width + other.width)

    def __len__(self) -> int:
        return len(self.starts) - 1

    @property
    def row_of(self) -> NDArray[np.int64]:
        """The row of each cell."""
        return np.repeat(np.arange(len(self)), np.diff(self.starts))

    def row(self, number: int) -> slice:
        """Returns the cells of a row, as a slice of `columns` and `values`."""
        return slice(int(self.starts[number]), int(self.starts[number + 1]))

    def take(self, rows: NDArray[np.intp]) -> Sparse:
        """Returns the given rows, in that order."""
        lengths = np.diff(self.starts)[rows]
        starts = np.concatenate([[0], lengths.cumsum()])
        cells = np.arange(starts[-1]) + np.repeat(self.starts[rows] - starts[:-1], lengths)
        return Sparse(starts, self.columns[cells], self.values[cells], self.width)

    def only(self, cells: NDArray[np.bool_]) -> Sparse:
        """Returns the same rows with only the cells that the mask selects."""
        kept = np.concatenate([[0], cells.cumsum()])[self.starts]
        return Sparse(kept, self.columns[cells], self.values[cells], self.width)

    def weighted(self, weights: Vector) -> Sparse:
        """Returns (1 + log(count)) times the column's weight, with rows scaled to length 1; empty rows stay empty."""
        values = (1 + np.log(self.values)) * weights[self.columns]
        return replace(self, values=values.astype(np.float32)).unit()

    def unit(self) -> Sparse:
        """Returns the rows scaled to length 1."""
        rows = self.row_of
        lengths = np.sqrt(np.bincount(rows, self.values.astype(float) ** 2, minlength=len(self)))
        scale = 1 / np.maximum(lengths, 1e-12)
        return replace(self, values=(self.values * scale[rows]).astype(np.float32))

    def present(self) -> Sparse:
        """Returns the same cells with 1 in each."""
        return replace(self, values=np.ones_like(self.values))

    def dot(self, vector: Vector) -> Vector:
        """Returns the product of each row with a vector of `width` numbers."""
        products = self.values * vector[self.columns]
        return np.bincount(self.row_of, products, minlength=len(self)).astype(float)

    def total(self, weights: Vector) -> Vector:
        """Returns the weighted sum of the rows, a number for each column."""
        products = self.values * weights[self.row_of]
        return np.bincount(self.columns, products, minlength=self.width).astype(float)

    def project(self, table: Matrix) -> Matrix:
        """Multiplies by a dense table with `width` rows; each result is independent of the other rows and columns."""
        if (
            table.shape[1] == 1
        ):  # numpy sums a single column in another order, which rounds differently
            return self.project(np.hstack([table, table]))[:, :1]
        product = np.zeros((len(self), table.shape[1]), np.float32)
        for number in range(len(self)):
            cells = self.row(number)
            (self.values[cells, None] * table[self.columns[cells]]).sum(axis=0, out=product[number])
        return product

    def among(self, columns: NDArray[np.int32]) -> Sparse:
        """Keeps the given columns (sorted), and renumbers them from 0."""
        place = np.full(self.width, -1, np.int32)
        place[columns[columns < self.width]] = np.flatnonzero(columns < self.width)
        kept = self.only(place[self.columns] >= 0)
        return replace(kept, columns=place[kept.columns], width=len(columns))

    def transposed(self) -> Matrix:
        """Returns the transposed matrix as a dense table."""
        table = np.zeros((self.width, len(self)), np.float32)
        table[self.columns, self.row_of] = self.values
        return table

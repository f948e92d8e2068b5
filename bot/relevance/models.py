"""The weak models: four of different kinds, each measured to help the others (benchmarks/README.md)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, vstack
from sklearn.svm import LinearSVC

from bot.relevance.calibration import Vector
from bot.relevance.features import Features

WEIGHTS = np.array([3.0, 1.0, 1.0, 1.0])
"""How much the models count, in the order of `Models.scores`."""

_ENTRIES = 10
_AT_ONCE = 128  # papers


@dataclass(frozen=True, slots=True)
class Models:
    """What the four models learned from the positives, which have weights by their recency, the newest's near 1."""

    on_pairs: Vector
    on_dense: Vector
    positives: Features
    recency: Vector
    authors: Counter[str]

    @classmethod
    def fit(cls, positives: Features, recency: Vector, rest: Features, weights: Vector) -> Models:
        """Learns to tell the positives from the rest, whose papers weigh as given; both classes weigh the same."""
        y = np.repeat([1, 0], [len(positives), len(rest)])
        half = len(y) / 2
        weights = np.r_[recency * (half / recency.sum()), weights * (half / weights.sum())]
        return cls(
            _svm(vstack([positives.pairs, rest.pairs]), y, weights, 0.11),
            _svm(np.vstack([positives.dense, rest.dense]), y, weights, 1.0),
            positives,
            recency,
            Counter(name for names in positives.authors for name in names),
        )

    def scores(self, papers: Features) -> NDArray[np.float64]:
        """A row for each paper, a column for each model: the higher, the more it is like a positive."""
        return np.column_stack(
            [
                papers.pairs @ self.on_pairs,
                papers.dense @ self.on_dense,
                self._likeness(papers),
                [sum(np.log1p(self.authors[name]) for name in names) for names in papers.authors],
            ]
        )

    def _likeness(self, papers: Features) -> Vector:
        """The mean likeness to the nearest positives, of which newer ones count up to twice as much."""
        nearest = min(_ENTRIES, len(self.positives))
        weights = 0.5 + 0.5 * self.recency
        return np.array(
            [
                np.partition(likeness * weights, -nearest)[-nearest:].mean()
                for likeness in likenesses(papers.words, self.positives.words)
            ]
        )


def likenesses(papers: csr_matrix, entries: csr_matrix) -> Iterator[Vector]:
    """How like each paper's words are every entry's (0 to 1), a paper at a time: the whole would fill gigabytes."""
    for start in range(0, papers.shape[0], _AT_ONCE):
        yield from (papers[start : start + _AT_ONCE] @ entries.T).toarray()


def _svm(
    features: csr_matrix | NDArray[np.float32],
    y: NDArray[np.int64],
    weights: Vector,
    c: float,
) -> Vector:
    machine = LinearSVC(C=c, random_state=0).fit(features, y, sample_weight=weights)
    return np.asarray(machine.coef_[0])

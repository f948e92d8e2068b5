"""Defines five models of how similar a paper is to a list; each is computed in closed form, in one pass."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from bot.relevance.features import Features
from bot.relevance.sparse import Matrix, Sparse, Vector

SIGNALS = ("contrast", "odds", "meaning", "nearest", "authors")
"""The models' names, in the order of the columns of `Models.scores`."""

_NEAREST = 10  # entries
_DOUBT = 3.0  # pseudo-count: entries in which a word is as frequent as in the rest
_RIDGE = 3e-4
_TABLE = 1_000_000  # the most numbers in a dense table: 4 MB


@dataclass(frozen=True, slots=True)
class Models:
    """What the five models learned.

    `contrast` and `odds` hold a weight for each word and pair. For `contrast` it is the difference between the mean
    entry and the mean background paper; for `odds`, the log odds of the word in the list. `meaning` holds a weight for
    each dimension of the meaning vector, and the intercept last.
    """

    contrast: Vector
    odds: Vector
    meaning: Vector
    entries: Features
    recency: Vector
    authors: Counter[str]

    @classmethod
    def fit(
        cls,
        entries: Features,
        recency: Vector,
        seen: Features,
        rest: Features,
        weights: Vector,
    ) -> tuple[Models, Matrix]:
        """Learns what sets a list's entries apart from the rest.

        Args:
            entries: the papers of the list.
            recency: the weight of each entry, 1 for the newest.
            seen: the other papers to learn from, without abstracts for the same share of them as of the entries.
            rest: the same papers with their abstracts.
            weights: the weight of each of these papers as evidence of what does not belong in the list.

        Returns:
            The models, and their scores of `rest`, each computed as if that paper had not been learned from.
        """
        near, far = recency / recency.sum(), weights / weights.sum()
        contrast = _unit(entries.terms.total(near)) - _unit(seen.terms.total(far))
        meaning, unseen, fitted = _ridge(entries.meaning, near, seen.meaning, far)
        authors = Counter(name for names in entries.authors for name in names)
        odds = _odds(entries.terms, recency, seen.terms, weights)
        models = cls(contrast, odds, meaning, entries, recency, authors)
        scores = models.scores(rest)
        scores[:, SIGNALS.index("meaning")] += unseen - fitted
        return models, scores

    def scores(self, papers: Features) -> Matrix:
        """Returns a row for each paper and a column for each model; higher means more similar to the list."""
        known = {name: np.log1p(number) for name, number in self.authors.items()}
        return np.column_stack(
            [
                papers.terms.dot(self.contrast),
                papers.terms.present().dot(self.odds),
                papers.meaning @ self.meaning[:-1] + self.meaning[-1],
                self._nearest(papers.words),
                [sum(known.get(name, 0.0) for name in names) for names in papers.authors],
            ]
        ).astype(np.float32)

    def _nearest(self, papers: Sparse) -> Vector:
        """The mean similarity to the nearest entries; the newest entries count twice as much as the oldest."""
        count = min(_NEAREST, len(self.entries))
        newness = 0.5 + 0.5 * self.recency
        words = self.entries.words
        newer = replace(words, values=(words.values * newness[words.row_of]).astype(np.float32))
        best = [
            np.partition(block, -count, axis=0)[-count:].mean(axis=0, dtype=float)
            for block in similarities(papers, newer)
        ]
        return np.concatenate(best) if best else np.zeros(0)


def similarities(papers: Sparse, entries: Sparse) -> Iterator[Matrix]:
    """Yields the word similarities of entries (rows) and papers (columns), one block of papers at a time."""
    columns = np.flatnonzero(np.bincount(entries.columns)).astype(np.int32)
    entries, papers = entries.among(columns), papers.among(columns)
    size = max(1, _TABLE // max(1, len(columns), len(entries)))
    for start in range(0, len(papers), size):
        rows = np.arange(start, min(start + size, len(papers)))
        yield entries.project(papers.take(rows).transposed())


def _unit(vector: Vector) -> Vector:
    return np.asarray(vector / max(float(np.linalg.norm(vector)), 1e-12))


def _odds(entries: Sparse, recency: Vector, rest: Sparse, weights: Vector) -> Vector:
    """The log of how much more frequent each word is in the list than in the rest; 0 for words not in the list."""
    in_list = entries.present().total(recency)
    usual = (rest.present().total(weights) + 0.5) / (weights.sum() + 1)
    there = (in_list + _DOUBT * usual) / (recency.sum() + _DOUBT)
    return np.where(in_list > 0, np.log(there / usual), 0.0)


def _ridge(
    entries: Matrix, near: Vector, rest: Matrix, far: Vector
) -> tuple[Vector, Vector, Vector]:
    """Fits a weighted ridge regression of +1 for entries and -1 for the rest; both sides have the same total weight.

    Returns:
        The coefficients, the intercept last; the leave-one-out scores of the rest
        (https://en.wikipedia.org/wiki/PRESS_statistic); and their ordinary scores.
    """
    rows = np.vstack([entries, rest]).astype(float)
    rows = np.column_stack([rows, np.ones(len(rows))])
    weights = np.concatenate([near, far]) / 2
    wanted = np.repeat([1.0, -1.0], [len(entries), len(rest)])
    penalty = np.full(rows.shape[1], _RIDGE)
    penalty[-1] = 1e-6
    inverse = np.linalg.inv((rows * weights[:, None]).T @ rows + np.diag(penalty))
    coefficients = inverse @ ((rows * weights[:, None]).T @ wanted)
    fitted = (rows @ coefficients)[len(entries) :]
    others = rows[len(entries) :]
    leverage = np.minimum(((others @ inverse) * others).sum(axis=1) * far / 2, 0.99)
    return coefficients, (fitted + leverage) / (1 - leverage), fitted

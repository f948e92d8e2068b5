"""Turns papers into numbers: words and pairs of words with their weights, and a short vector of meaning."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from bot.relevance.examples import Example
from bot.relevance.reading import PAIR, Counted, count
from bot.relevance.sparse import Matrix, Sparse, Vector

_FEW = 50  # texts; with fewer, words that occur in only one of them or in most of them are kept


@dataclass(frozen=True, slots=True)
class Features:
    """The features of papers, a row for each; a row has length 1, or 0 if the paper has no known word."""

    terms: Sparse
    """Words and pairs of words, weighted."""
    words: Sparse
    """The words alone."""
    meaning: Matrix
    authors: tuple[tuple[str, ...], ...]

    def __len__(self) -> int:
        return len(self.authors)

    @classmethod
    def stack(cls, parts: Sequence[Features]) -> Features:
        """Joins groups of papers into one, in the order given."""
        return cls(
            Sparse.stack([part.terms for part in parts]),
            Sparse.stack([part.words for part in parts]),
            np.vstack([part.meaning for part in parts]),
            tuple(authors for part in parts for authors in part.authors),
        )

    def take(self, rows: NDArray[np.intp]) -> Features:
        """Returns the papers of the given rows, in that order."""
        authors = tuple(self.authors[row] for row in rows)
        return Features(self.terms.take(rows), self.words.take(rows), self.meaning[rows], authors)


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The words and pairs that count, with their weights; made by `learn`.

    The columns are the words, by their numbers, and then the pairs, in the order of their keys.
    """

    numbers: dict[str, int]
    names: tuple[str, ...]
    keys: NDArray[np.int64]
    weights: Vector

    @classmethod
    def learn(cls, texts: Counted, numbers: dict[str, int]) -> Vocabulary:
        """Keeps the words and pairs that at least two of the texts share, and weights rare ones most."""
        least, most = (2, 0.5) if len(texts) >= _FEW else (1, 1.0)
        in_words = np.bincount(texts.words.columns, minlength=len(numbers))
        in_pairs = np.bincount(texts.pairs.columns, minlength=len(texts.keys))
        kept = (in_pairs >= least) & (in_pairs <= most * len(texts))
        having = np.concatenate([in_words, in_pairs[kept]])
        weights = np.log((1 + len(texts)) / (1 + having)) + 1
        weights[(having < least) | (having > most * len(texts))] = 0
        return cls(numbers, tuple(numbers), texts.keys[kept], weights)

    def features(self, texts: Counted) -> Features:
        """Returns the features of texts; words that are not in the vocabulary are ignored."""
        keyed = texts.keyed(self.keys)
        counts = keyed.words.beside(keyed.pairs, len(self.numbers))
        terms = counts.only(self.weights[counts.columns] > 0).weighted(self.weights)
        words = terms.only(terms.columns < len(self.numbers)).unit()
        words = replace(words, width=len(self.numbers))
        return Features(terms, words, texts.meaning, texts.authors)

    def read(self, papers: Sequence[Example]) -> Features:
        """Returns the features of papers."""
        return self.features(count(papers, self.numbers, grow=False))

    def name(self, column: int) -> str:
        """Returns the word or pair of a column."""
        if column < len(self.numbers):
            return self.names[column]
        key = int(self.keys[column - len(self.numbers)])
        first, second = key >> PAIR, key & ((1 << PAIR) - 1)
        return f"{self.names[first]} {self.names[second]}"

"""Papers as numbers: TF-IDF of words and pairs of words, and a dense projection of the words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, vstack
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.preprocessing import normalize
from sklearn.utils.extmath import randomized_svd

from bot.ranker import Example

_WORD = r"(?u)\b\w+\b"
_DIMENSIONS = 200
_FEW = 50  # papers; with fewer, words that only one has, or that most have, are kept


@dataclass(frozen=True, slots=True)
class Features:
    """Papers, a row each. Rows of the matrices have length 1 (0 where there are no known words)."""

    pairs: csr_matrix
    words: csr_matrix
    dense: NDArray[np.float64]
    authors: tuple[frozenset[str], ...]

    def __getitem__(self, rows: NDArray[np.intp]) -> Features:
        """The papers of the rows given, in their order."""
        authors = tuple(self.authors[row] for row in rows)
        return Features(self.pairs[rows], self.words[rows], self.dense[rows], authors)

    def __add__(self, others: Features) -> Features:
        """These papers, followed by the others."""
        return Features(
            vstack([self.pairs, others.pairs], "csr"),
            vstack([self.words, others.words], "csr"),
            np.vstack([self.dense, others.dense]),
            self.authors + others.authors,
        )

    def __len__(self) -> int:
        return len(self.authors)


class Vocabulary:
    """What turns papers into features; its words and their weights come from examples."""

    def __init__(self, examples: Sequence[Example]) -> None:
        texts = [_text(one) for one in examples]
        self._tfidf, pairs = _weighed(texts, 2, 0.5) if len(texts) >= _FEW else _weighed(texts)
        self.names = self._tfidf.get_feature_names_out()
        self._single = np.flatnonzero([" " not in name for name in self.names])
        words = normalize(pairs[:, self._single])
        dimensions = min(_DIMENSIONS, *words.shape)
        self._axes = randomized_svd(words, dimensions, n_iter=2, random_state=0)[2].T
        self.examples = self._features(pairs, examples)
        """The features of the examples."""

    def features(self, papers: Sequence[Example]) -> Features:
        """The features of any papers; words that no example had count for nothing."""
        return self._features(self._tfidf.transform(map(_text, papers)), papers)

    def _features(self, pairs: csr_matrix, papers: Sequence[Example]) -> Features:
        words = normalize(pairs[:, self._single])
        dense = normalize(words @ self._axes)
        return Features(pairs, words, dense, tuple(frozenset(one.authors) for one in papers))


def _weighed(
    texts: Sequence[str], least: int = 1, most: float = 1.0
) -> tuple[TfidfVectorizer, csr_matrix]:
    """The words and pairs of at least so many texts and at most such a share of them; all, where that leaves none."""
    tfidf = TfidfVectorizer(
        ngram_range=(1, 2),
        token_pattern=_WORD,
        sublinear_tf=True,
        strip_accents="unicode",
        min_df=least,
        max_df=most,
    )
    try:
        return tfidf, tfidf.fit_transform(texts)
    except ValueError:
        if least == 1:
            raise
        return _weighed(texts)


def _text(example: Example) -> str:
    return f"{example.title} {example.title} {example.abstract}"

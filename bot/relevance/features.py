"""Papers as numbers: TF-IDF of words and pairs of words, and a dense projection of the words."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, vstack
from sklearn.feature_extraction.text import CountVectorizer, TfidfVectorizer
from sklearn.preprocessing import normalize
from sklearn.utils.extmath import randomized_svd

from bot.relevance.ranker import Example

_DIMENSIONS = 200
_FEW = 50  # papers; with fewer, words that only one has, or that most have, are kept
_SLOTS = 1 << 22  # several times as many as thousands of papers have pairs of words


@dataclass(frozen=True, slots=True)
class Features:
    """Papers, a row each. Rows of the matrices have length 1 (0 where there are no known words)."""

    pairs: csr_matrix
    words: csr_matrix
    dense: NDArray[np.float32]
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


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """What turns papers into features; made by `learn`."""

    names: NDArray[np.str_]
    """The words and pairs that the columns of `Features.pairs` stand for."""
    _tfidf: TfidfVectorizer
    _single: NDArray[np.intp]
    _axes: NDArray[np.float32]

    @classmethod
    def learn(cls, examples: Sequence[Example]) -> tuple[Vocabulary, Features]:
        """Takes the words and their weights from examples; returns their features too."""
        texts = [_text(one) for one in examples]
        tfidf, pairs = _weighed(texts, 2, 0.5) if len(texts) >= _FEW else _weighed(texts)
        names = tfidf.get_feature_names_out()
        single = np.flatnonzero([" " not in name for name in names])
        words = normalize(pairs[:, single]).astype(np.float32)  # half the memory, no worse
        dimensions = min(_DIMENSIONS, *words.shape)
        axes = randomized_svd(words, dimensions, n_iter=2, random_state=0)[2].T
        vocabulary = cls(names, tfidf, single, axes)
        return vocabulary, vocabulary._features(pairs, examples)

    def features(self, papers: Sequence[Example]) -> Features:
        """The features of any papers; words that no example had count for nothing."""
        return self._features(self._tfidf.transform(map(_text, papers)), papers)

    def words(self, papers: Sequence[Example]) -> csr_matrix:
        """Of the features, the words alone."""
        return normalize(self._tfidf.transform(map(_text, papers))[:, self._single])

    def _features(self, pairs: csr_matrix, papers: Sequence[Example]) -> Features:
        words = normalize(pairs[:, self._single])
        dense = normalize(words.astype(np.float32) @ self._axes)
        return Features(pairs, words, dense, tuple(frozenset(one.authors) for one in papers))


def _weighed(
    texts: Sequence[str], least: int = 1, most: float = 1.0
) -> tuple[TfidfVectorizer, csr_matrix]:
    """The words and pairs of at least so many texts (1 or 2) and at most such a share; all, where that leaves none."""
    split = _split if least == 1 else _Shared(texts)
    tfidf = TfidfVectorizer(analyzer=split, sublinear_tf=True, min_df=least, max_df=most)
    try:
        weights = tfidf.fit_transform(texts)
    except ValueError:
        if least == 1:
            raise
        return _weighed(texts)
    return tfidf.set_params(analyzer=_split), weights  # what is not shared is no longer known


_WORD = r"(?u)\b\w+\b"
_split: Callable[[str], list[str]] = CountVectorizer(
    ngram_range=(1, 2), token_pattern=_WORD, strip_accents="unicode"
).build_analyzer()
"""A text's words and pairs of words."""


class _Shared:
    """The words and pairs of a text that another of the texts has too.

    Nine in ten pairs occur once, and a vocabulary that counts them before it drops them fills hundreds of megabytes.
    They are told by a table of hashes; the few that share a slot are left for the vocabulary to drop.
    """

    def __init__(self, texts: Sequence[str]) -> None:
        self._having = bytearray(_SLOTS)
        for text in texts:
            for slot in {hash(one) % _SLOTS for one in _split(text)}:
                self._having[slot] = min(self._having[slot] + 1, 2)

    def __call__(self, text: str) -> list[str]:
        return [one for one in _split(text) if self._having[hash(one) % _SLOTS] == 2]


def _text(example: Example) -> str:
    return f"{example.title} {example.title} {example.abstract}"

"""Turns papers into numbers: words and pairs of words with their weights, and a short vector of meaning."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from itertools import repeat

import numpy as np
from numpy.typing import NDArray

from bot.relevance.examples import Example
from bot.relevance.phrases import LONGEST_FIELD
from bot.relevance.sparse import Matrix, Sparse, Vector

_WORD = re.compile(r"\w+")
_FEW = 50  # texts; with fewer, words that only one of them has, or that most have, are kept
_PAIR = 32  # bits of a pair's second word


@dataclass(frozen=True, slots=True)
class WordVectors:
    """Words with their rarity and their meaning, as benchmarks/word_vectors.py learned them from arXiv's papers."""

    words: tuple[str, ...]
    rarity: Vector
    meaning: Matrix

    @classmethod
    @cache
    def shipped(cls) -> WordVectors:
        """The vectors in the package."""
        with (
            (files("bot.relevance") / "word_vectors.npz").open("rb") as stored,
            np.load(stored) as data,
        ):
            words = tuple(bytes(data["words"]).decode().split())
            meaning = data["meaning"].astype(np.float32) * data["scale"]
            return cls(words, data["rarity"].astype(float), meaning.astype(np.float32))


@dataclass(frozen=True, slots=True)
class Features:
    """Papers, a row each; rows have length 1, or 0 where a paper has no known word."""

    terms: Sparse
    """Words and pairs of words, weighted."""
    words: Sparse
    """The words alone."""
    meaning: Matrix
    authors: tuple[tuple[str, ...], ...]

    def __len__(self) -> int:
        return len(self.authors)

    def take(self, rows: NDArray[np.intp]) -> Features:
        """The papers of the rows given, in their order."""
        authors = tuple(self.authors[row] for row in rows)
        return Features(self.terms.take(rows), self.words.take(rows), self.meaning[rows], authors)


@dataclass(frozen=True, slots=True)
class _Tokens:
    """The numbers of texts' words, one after the other, and the text of each; -1 is an unknown word."""

    ids: NDArray[np.int64]
    texts: NDArray[np.int64]
    count: int

    @property
    def pairs(self) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Every two known words side by side in a text, as one number, and the text of each."""
        first, second = self.ids[:-1], self.ids[1:]
        beside = (self.texts[:-1] == self.texts[1:]) & (first >= 0) & (second >= 0)
        return (first[beside] << _PAIR) | second[beside], self.texts[:-1][beside]


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The words and pairs that count, with their weights; made by `learn`.

    The columns are the words of the shipped vectors, the other words of the examples, and the pairs.
    """

    numbers: dict[str, int]
    names: tuple[str, ...]
    pairs: NDArray[np.int64]
    weights: Vector
    vectors: WordVectors

    @classmethod
    def learn(cls, examples: Sequence[Example]) -> tuple[Vocabulary, Features]:
        """Finds the words and pairs that two of the examples share, and weights the rare ones most.

        Returns:
            the vocabulary, and the features of the examples.
        """
        vectors = WordVectors.shipped()
        numbers = {word: number for number, word in enumerate(vectors.words)}
        tokens = _read(examples, numbers, grow=True)
        least, most = (2, 0.5) if len(examples) >= _FEW else (1, 1.0)
        words = Sparse.count(tokens.texts * len(numbers) + tokens.ids, tokens.count, len(numbers))
        keys, texts = tokens.pairs
        known, columns = np.unique(keys, return_inverse=True)
        pairs = Sparse.count(texts * max(1, len(known)) + columns, tokens.count, max(1, len(known)))
        in_words = np.bincount(words.columns, minlength=words.width)
        in_pairs = np.bincount(pairs.columns, minlength=len(known))
        kept = (in_pairs >= least) & (in_pairs <= most * tokens.count)
        having = np.concatenate([in_words, in_pairs[kept]])
        weights = np.log((1 + tokens.count) / (1 + having)) + 1
        weights[(having < least) | (having > most * tokens.count)] = 0
        vocabulary = cls(numbers, tuple(numbers), known[kept], weights, vectors)
        return vocabulary, vocabulary._features(tokens, examples)

    def features(self, papers: Sequence[Example]) -> Features:
        """The features of any papers; words that no example had count for nothing."""
        return self._features(_read(papers, self.numbers, grow=False), papers)

    def name(self, column: int) -> str:
        """The word or pair of a column."""
        if column < len(self.numbers):
            return self.names[column]
        pair = int(self.pairs[column - len(self.numbers)])
        first, second = pair >> _PAIR, pair & ((1 << _PAIR) - 1)
        return f"{self.names[first]} {self.names[second]}"

    def _features(self, tokens: _Tokens, papers: Sequence[Example]) -> Features:
        known = tokens.ids >= 0
        ids, texts = tokens.ids[known], tokens.texts[known]
        width = len(self.weights)
        counts = Sparse.count(
            np.concatenate([texts * width + ids, self._pair_cells(tokens)]), tokens.count, width
        )
        terms = counts.only(self.weights[counts.columns] > 0).weighted(self.weights)
        words = terms.only(terms.columns < len(self.numbers)).unit()
        words = replace(words, width=len(self.numbers))
        shipped = counts.only(counts.columns < len(self.vectors.words))
        meaning = shipped.weighted(self.vectors.rarity).project(self.vectors.meaning)
        lengths = np.linalg.norm(meaning, axis=1, keepdims=True)
        return Features(
            terms,
            words,
            meaning / np.maximum(lengths, 1e-12),
            tuple(paper.authors for paper in papers),
        )

    def _pair_cells(self, tokens: _Tokens) -> NDArray[np.int64]:
        keys, texts = tokens.pairs
        if not len(self.pairs):
            return np.zeros(0, np.int64)
        places = np.minimum(np.searchsorted(self.pairs, keys), len(self.pairs) - 1)
        known = self.pairs[places] == keys
        cells = texts[known] * len(self.weights) + len(self.numbers) + places[known]
        return np.asarray(cells, np.int64)


def _read(papers: Iterable[Example], numbers: dict[str, int], *, grow: bool) -> _Tokens:
    """Reads the words of papers; with `grow`, words that have no number yet get the next one."""
    ids: list[int] = []
    lengths: list[int] = []
    for paper in papers:
        before = len(ids)
        words = split(_text(paper))
        if grow:
            for word in words:
                if word not in numbers:
                    numbers[word] = len(numbers)
        ids += map(numbers.get, words, repeat(-1))
        lengths.append(len(ids) - before)
    texts = np.repeat(np.arange(len(lengths)), lengths)
    return _Tokens(np.array(ids, np.int64), texts.astype(np.int64), len(lengths))


def split(text: str) -> list[str]:
    """A text's words in lower case, without accents."""
    text = text.lower()
    if not text.isascii():
        text = "".join(
            char for char in unicodedata.normalize("NFKD", text) if not unicodedata.combining(char)
        )
    return _WORD.findall(text)


def _text(paper: Example) -> str:
    title = paper.title[:LONGEST_FIELD]
    return f"{title} {title} {paper.abstract[:LONGEST_FIELD]}"

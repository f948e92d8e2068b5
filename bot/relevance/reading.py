"""Counts the words of papers; background papers are read once for all lists that are scored in a run."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import repeat

import numpy as np
from numpy.typing import NDArray

from bot.core.word_vectors import WordVectors, split
from bot.relevance.examples import Example, distinct
from bot.relevance.phrases import LONGEST_FIELD
from bot.relevance.sparse import Matrix, Sparse

PAIR = 32
"""The number of bits that hold a pair's second word."""

_MOST_COUNTED = 8000  # background papers; the learner takes 5,000 of them


@dataclass(frozen=True, slots=True)
class Counted:
    """Word counts, counts of pairs of adjacent words, and meaning vectors of texts, a row for each text.

    A column of `words` is a word's number. A column of `pairs` is an index into `keys`, which are sorted: a key is the
    first word's number, shifted left by `PAIR` bits, plus the second word's number.
    """

    words: Sparse
    pairs: Sparse
    keys: NDArray[np.int64]
    meaning: Matrix
    authors: tuple[tuple[str, ...], ...]

    def __len__(self) -> int:
        return len(self.authors)

    def take(self, rows: NDArray[np.intp]) -> Counted:
        """Returns the texts of the given rows, in that order."""
        return Counted(
            self.words.take(rows),
            self.pairs.take(rows),
            self.keys,
            self.meaning[rows],
            tuple(self.authors[row] for row in rows),
        )

    def keyed(self, keys: NDArray[np.int64]) -> Counted:
        """Returns the same texts with other keys; pairs without a key are left out."""
        if not len(keys):
            none = self.pairs.only(np.zeros(len(self.pairs.columns), bool))
            return replace(self, pairs=replace(none, width=0), keys=keys)
        places = np.minimum(np.searchsorted(keys, self.keys), len(keys) - 1)
        known = keys[places] == self.keys
        kept = self.pairs.only(known[self.pairs.columns])
        columns = places[kept.columns].astype(np.int32)
        return replace(self, pairs=replace(kept, columns=columns, width=len(keys)), keys=keys)


def stack(parts: Sequence[Counted], keys: NDArray[np.int64]) -> Counted:
    """Joins groups of texts into one, in the order given, with pairs of these keys only."""
    keyed = [part.keyed(keys) for part in parts]
    return Counted(
        Sparse.stack([part.words for part in keyed]),
        Sparse.stack([part.pairs for part in keyed]),
        keys,
        np.vstack([part.meaning for part in keyed]),
        tuple(authors for part in keyed for authors in part.authors),
    )


@dataclass(frozen=True, slots=True, eq=False)
class Background:
    """Background papers, each title once, in a fixed order that looks random.

    Of the first 8,000 papers, `full` counts titles and abstracts, and `titles` the titles alone; `shared` are the keys
    of pairs that more than one of them has. `places` are the papers' positions among those that were read. `numbers`
    gives each word its number: the words of the package come first, and new words after them.
    """

    papers: dict[str, Example]
    places: tuple[int, ...]
    numbers: dict[str, int]
    full: Counted
    titles: Counted
    shared: NDArray[np.int64]

    @classmethod
    @lru_cache(maxsize=2)
    def read(cls, papers: tuple[Example, ...]) -> Background:
        """Reads the papers. The last two results are cached, because lists run one after the other share them."""
        by_title = distinct(papers)
        numbers = dict(WordVectors.shipped().numbers)
        kept = tuple(by_title.values())
        counted = kept[:_MOST_COUNTED]
        place = {id(paper): number for number, paper in enumerate(papers)}
        full = count(counted, numbers, grow=True)
        titles = count([replace(paper, abstract="") for paper in counted], numbers, grow=False)
        places = tuple(place[id(paper)] for paper in kept)
        shared = full.keys[np.bincount(full.pairs.columns, minlength=len(full.keys)) > 1]
        return cls(by_title, places, numbers, full, titles, shared)


def count(papers: Sequence[Example], numbers: dict[str, int], *, grow: bool) -> Counted:
    """Counts the words of papers; with `grow`, a word without a number gets the next free one."""
    ids, texts = _read(papers, numbers, grow=grow)
    known = ids >= 0
    words = Sparse.count(texts[known] * len(numbers) + ids[known], len(papers), len(numbers))
    beside = (texts[:-1] == texts[1:]) & known[:-1] & known[1:]
    first, second, texts = ids[:-1][beside], ids[1:][beside], texts[:-1][beside]
    keys, columns = np.unique((first << PAIR) | second, return_inverse=True)
    pairs = Sparse.count(texts * max(1, len(keys)) + columns, len(papers), max(1, len(keys)))
    return Counted(words, pairs, keys, _meaning(words), tuple(paper.authors for paper in papers))


def _meaning(words: Sparse) -> Matrix:
    vectors = WordVectors.shipped()
    shipped = words.only(words.columns < len(vectors.words))
    meaning = shipped.weighted(vectors.rarity).project(vectors.meaning)
    lengths = np.linalg.norm(meaning, axis=1, keepdims=True)
    return np.asarray(meaning / np.maximum(lengths, 1e-12))


def _read(
    papers: Iterable[Example], numbers: dict[str, int], *, grow: bool
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The numbers of all words in reading order (-1 for an unknown word), and the row of the text each is from."""
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
    return np.array(ids, np.int64), texts.astype(np.int64)


def _text(paper: Example) -> str:
    title = paper.title[:LONGEST_FIELD]
    return f"{title} {title} {paper.abstract[:LONGEST_FIELD]}"

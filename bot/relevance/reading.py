"""Reads the words of papers, counted; a stream of papers is read once, whatever lists it is scored for."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from importlib.resources import files
from itertools import repeat

import numpy as np
from numpy.typing import NDArray

from bot.relevance.examples import Example, distinct
from bot.relevance.phrases import LONGEST_FIELD
from bot.relevance.sparse import Matrix, Sparse, Vector

PAIR = 32
"""Bits of a pair's second word."""

_WORD = re.compile(r"\w+")


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
            meaning = data["meaning"].astype(np.float32)
            meaning *= data["scale"]
            return cls(words, data["rarity"].astype(float), meaning)


@dataclass(frozen=True, slots=True)
class Counted:
    """How often each text has each word, and each two known words side by side; and what it means.

    Columns of `words` are the words' numbers, those of `pairs` the places in `keys`, which are sorted: a key is the
    first word's number, shifted by `PAIR` bits, and the second's.
    """

    words: Sparse
    pairs: Sparse
    keys: NDArray[np.int64]
    meaning: Matrix
    authors: tuple[tuple[str, ...], ...]

    def __len__(self) -> int:
        return len(self.authors)

    def take(self, rows: NDArray[np.intp]) -> Counted:
        """The texts of the rows given, in their order."""
        return Counted(
            self.words.take(rows),
            self.pairs.take(rows),
            self.keys,
            self.meaning[rows],
            tuple(self.authors[row] for row in rows),
        )

    def keyed(self, keys: NDArray[np.int64]) -> Counted:
        """The same with other keys; pairs that are not among them are left out."""
        if not len(keys):
            return replace(
                self, pairs=self.pairs.only(np.zeros(len(self.pairs.columns), bool)), keys=keys
            )
        places = np.minimum(np.searchsorted(keys, self.keys), len(keys) - 1)
        known = keys[places] == self.keys
        kept = self.pairs.only(known[self.pairs.columns])
        columns = places[kept.columns].astype(np.int32)
        return replace(self, pairs=replace(kept, columns=columns, width=len(keys)), keys=keys)


def stack(parts: Sequence[Counted], keys: NDArray[np.int64] | None = None) -> Counted:
    """The texts of all parts, one below the other, with all keys of the parts or those given."""
    if keys is None:
        both = np.sort(np.concatenate([part.keys for part in parts]), kind="stable")
        keys = both[np.concatenate([[True], both[1:] > both[:-1]])] if len(both) else both
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
    """Papers as they come, each title once, in an order that has nothing to do with their meaning.

    `titles` are the same papers by their titles alone. `numbers` are those of the shipped words, then of the others.
    """

    papers: dict[str, Example]
    numbers: dict[str, int]
    full: Counted
    titles: Counted

    @classmethod
    @lru_cache(maxsize=2)
    def read(cls, papers: tuple[Example, ...]) -> Background:
        """Reads the papers; the last ones are remembered, as lists that are done one after the other share them."""
        by_title = distinct(papers)
        numbers = {word: number for number, word in enumerate(WordVectors.shipped().words)}
        kept = tuple(by_title.values())
        full = count(kept, numbers, grow=True)
        titles = count([replace(paper, abstract="") for paper in kept], numbers, grow=False)
        return cls(by_title, numbers, full, titles.keyed(full.keys))


def count(papers: Sequence[Example], numbers: dict[str, int], *, grow: bool) -> Counted:
    """Counts the words of papers; with `grow`, words that have no number yet get the next one."""
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
    """The numbers of the words, one after the other (-1 for an unknown one), and the text of each."""
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

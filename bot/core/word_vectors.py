"""Reads the meaning of words from vectors that were learned from arXiv papers by benchmarks/word_vectors.py."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class WordVectors:
    """Words with their rarity and their meaning vectors; `numbers` gives the row of each word."""

    words: tuple[str, ...]
    numbers: dict[str, int]
    rarity: NDArray[np.float64]
    meaning: NDArray[np.float32]

    @classmethod
    @cache
    def shipped(cls) -> WordVectors:
        """Loads the vectors that come with the package."""
        with (
            (files("bot.core") / "word_vectors.npz").open("rb") as stored,
            np.load(stored) as data,
        ):
            words = tuple(bytes(data["words"]).decode().split())
            numbers = {word: number for number, word in enumerate(words)}
            meaning = data["meaning"].astype(np.float32)
            meaning *= data["scale"]
            return cls(words, numbers, data["rarity"].astype(float), meaning)

    def read(self, texts: Sequence[str]) -> NDArray[np.float64]:
        """Returns the meaning vectors of texts, a row of length 1 for each; all zeros if no word is known."""
        found = np.zeros((len(texts), self.meaning.shape[1]))
        for row, text in enumerate(texts):
            counts = Counter(word for word in split(text) if word in self.numbers)
            rows = [self.numbers[word] for word in counts]
            weights = (1 + np.log(list(counts.values()))) * self.rarity[rows]
            found[row] = (weights[:, None] * self.meaning[rows]).sum(axis=0)
        lengths = np.sqrt((found * found).sum(axis=1, keepdims=True))
        return np.asarray(found / np.maximum(lengths, 1e-12))


def split(text: str) -> list[str]:
    """Splits a text into words in lower case, without accents."""
    text = text.lower()
    if not text.isascii():
        text = "".join(
            char for char in unicodedata.normalize("NFKD", text) if not unicodedata.combining(char)
        )
    return _WORD.findall(text)

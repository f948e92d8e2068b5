"""Defines the examples that a ranker learns from, and the scores that it returns."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache

from bot.core.effect import Effect
from bot.core.model import Neighbour, Paper

ENOUGH = 100
"""The minimum number of background papers to learn from; with fewer, the phrases decide alone."""


@dataclass(frozen=True, slots=True)
class Example:
    """A paper to learn from: a listed, a declined or a background paper.

    Attributes:
        title: the paper's title.
        abstract: empty if unknown.
        authors: empty if unknown.
        date: when the paper was announced or submitted; the month is enough.
        line: the line number of its entry, from 1; 0 if it has no entry.
        strength: how strongly the topics' phrases match its title and abstract, from 0 to 1.
        title_strength: how strongly they match its title alone, from 0 to 1. The strengths are those of a list's
            phrases, so they don't count when examples are compared.
        weight: 1 if a person decided on the paper; less if only the judge did, or if nobody ticked it.
        path: the file of its entry, if it is not the list's first file.
    """

    title: str
    abstract: str = ""
    authors: tuple[str, ...] = ()
    date: date | None = None
    line: int = 0
    strength: float = field(default=0.0, compare=False)
    title_strength: float = field(default=0.0, compare=False)
    weight: float = 1.0
    path: str = ""

    @property
    def is_decided(self) -> bool:
        """Whether a person decided on the paper."""
        return self.weight >= 1.0

    @classmethod
    def of(cls, paper: Paper, line: int = 0, strength: float = 0.0, *, path: str = "") -> Example:
        """Returns the paper as an example, dated by its announcement, or else by its submission."""
        day = paper.announced or (paper.submitted.date() if paper.submitted else None)
        return cls(paper.title, paper.abstract, paper.authors, day, line, strength, path=path)


@dataclass(frozen=True, slots=True)
class Score:
    """The probability (0 to 1) that the list's curators would add the paper, and the reasons for it.

    `speaks_for` and `speaks_against` are words and pairs of words, ordered by weight, the largest first. `nearest` are
    the most similar listed papers, the most similar first. `effects` are the features that moved the score most, the
    strongest first. Only the best papers get reasons.
    """

    value: float
    speaks_for: tuple[str, ...] = ()
    speaks_against: tuple[str, ...] = ()
    nearest: tuple[Neighbour, ...] = ()
    effects: tuple[Effect, ...] = ()


def title_key(example: Example) -> str:
    """Returns a key that is equal for titles with the same words, whatever their case and punctuation."""
    return _key(example.title)


@lru_cache(1 << 13)
def _key(title: str) -> str:
    return " ".join(re.findall(r"\w+", title.casefold()))


def distinct(examples: Iterable[Example]) -> dict[str, Example]:
    """Returns the examples by `title_key`, without duplicates and examples that have no title.

    Of several examples with one title it keeps the one with the largest weight, then the one with an abstract. The
    order is fixed but looks random.
    """
    best = {
        title_key(example): example
        for example in sorted(
            examples, key=lambda known: (known.weight, known.abstract, -known.line)
        )
    }
    ordered = sorted(best, key=lambda key: (chance(key), key))
    return {key: best[key] for key in ordered if key.strip("_ ")}


def chance(text: str) -> float:
    """Returns a pseudo-random number from 0 to 1 that depends on the text alone."""
    return zlib.crc32(text.encode("utf-8", "surrogatepass")) / 2**32

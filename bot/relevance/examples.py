"""The papers that a ranker learns from, and the scores that it gives."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from bot.core.effect import Effect
from bot.core.model import Neighbour, Paper

ENOUGH = 100
"""The fewest background papers to learn from; with fewer, the phrases decide alone."""


@dataclass(frozen=True, slots=True)
class Example:
    """A paper to learn from: listed, declined, or of the background.

    `abstract` and `authors` are empty where unknown. `date` is the paper's own (the month is enough). `line` is that of
    its entry, from 1. `strength` says how strongly the topics' phrases speak for it, from 0 to 1,
    and `title_strength` how strongly those in its title do. `weight` is 1 where a person decided, and less
    where only the judge did, or where nobody ticked the paper.
    """

    title: str
    abstract: str = ""
    authors: tuple[str, ...] = ()
    date: date | None = None
    line: int = 0
    strength: float = 0.0
    title_strength: float = 0.0
    weight: float = 1.0

    @property
    def is_decided(self) -> bool:
        """Whether a person decided on the paper."""
        return self.weight >= 1.0

    @classmethod
    def of(cls, paper: Paper, line: int = 0, strength: float = 0.0) -> Example:
        """The paper as an example; its day is that of the announcement, else of the submission."""
        day = paper.announced or (paper.submitted.date() if paper.submitted else None)
        return cls(paper.title, paper.abstract, paper.authors, day, line, strength)


@dataclass(frozen=True, slots=True)
class Score:
    """The probability (0 to 1) that the list's curators would add the paper, and the reasons.

    `speaks_for` and `speaks_against` are words and pairs of words, the weightiest first; `nearest` are the listed
    papers most like it, the most similar first; `effects` are the features that moved the score most, the strongest
    first. The reasons are empty for papers far below the best.
    """

    value: float
    speaks_for: tuple[str, ...] = ()
    speaks_against: tuple[str, ...] = ()
    nearest: tuple[Neighbour, ...] = ()
    effects: tuple[Effect, ...] = ()


def title_key(example: Example) -> str:
    """The same for examples whose titles have the same words."""
    return " ".join(re.findall(r"\w+", example.title.casefold()))


def distinct(examples: Iterable[Example]) -> dict[str, Example]:
    """Each title once, by its key, in a fixed order that looks random; examples without a title are left out."""
    best = {
        title_key(example): example
        for example in sorted(
            examples, key=lambda known: (known.weight, known.abstract, -known.line)
        )
    }
    ordered = sorted(best, key=lambda key: (chance(key), key))
    return {key: best[key] for key in ordered if key.strip("_ ")}


def chance(text: str) -> float:
    """A number from 0 to 1 that has nothing to do with the text's meaning, and is always the same."""
    return zlib.crc32(text.encode("utf-8", "surrogatepass")) / 2**32

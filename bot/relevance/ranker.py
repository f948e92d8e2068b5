"""How well a paper fits a list, learned from the list itself.

The list's entries are the positives, what maintainers declined are the negatives, and other papers of the same
categories are the background, of which nothing is known. What the topics' words say (`evidence.strength`) is the
prior: where nothing is learned it decides alone, and every entry moves weight to what is.

scikit-learn is imported by `Ranker.fit` and not before: a run that ranks nothing starts without it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from bot.core.model import Neighbour, Paper

if TYPE_CHECKING:
    from bot.relevance.learner import Learner


ENOUGH = 100
"""Papers to tell the list from; with fewer the words decide alone."""


_AT_ONCE = 2000  # papers scored together: each is held against every entry, which takes memory


@dataclass(frozen=True, slots=True)
class Example:
    """A paper to learn from: listed, declined, or of the background.

    `abstract` and `authors` are empty where unknown, `date` is the paper's own (a month is enough), `line` that of its
    entry (from 1), `strength` what the topics' words say of it (0 to 1).
    """

    title: str
    abstract: str = ""
    authors: tuple[str, ...] = ()
    date: date | None = None
    line: int = 0
    strength: float = 0.0


@dataclass(frozen=True, slots=True)
class Score:
    """How probable it is (0 to 1) that the list's curators would add the paper, and why.

    `speaks_for` and `speaks_against` are words and pairs of words, the weightiest first; `nearest` are the listed
    papers most like it, the most similar first.
    """

    value: float
    speaks_for: tuple[str, ...] = ()
    speaks_against: tuple[str, ...] = ()
    nearest: tuple[Neighbour, ...] = ()


class Ranker:
    """What was learned from a list; made by `fit`."""

    def __init__(self, learner: Learner) -> None:
        self._learner = learner

    @classmethod
    def fit(
        cls,
        positives: Sequence[Example],
        negatives: Sequence[Example] = (),
        background: Sequence[Example] = (),
    ) -> Ranker:
        """Learns. The order of the examples does not matter, and the same examples give the same ranker.

        The background should be the stream that will be scored, or its near past, as it comes: how many of the
        positives are of its days gives the base rate of the scores. Papers in it that are positives or negatives too
        don't count as background. Without positives, or without anything to tell them from, the scores are the prior.
        """
        from bot.relevance.learner import learn  # noqa: PLC0415 - takes a second, which only ranking need pay

        return cls(learn(positives, negatives, background))

    def score(self, papers: Sequence[Paper], strengths: Sequence[float] = ()) -> tuple[Score, ...]:
        """Scores papers each by itself: what else is scored with it changes nothing.

        Args:
            papers: what to score.
            strengths: what the topics' words say of each paper (0 to 1); empty for "nothing".
        """
        if not papers:
            return ()
        if not strengths:
            strengths = (0.0,) * len(papers)
        examples = [
            Example(paper.title, paper.abstract, paper.authors, strength=strength)
            for paper, strength in zip(papers, strengths, strict=True)
        ]
        return tuple(
            Score(*answer)
            for start in range(0, len(examples), _AT_ONCE)
            for answer in self._learner.answer(examples[start : start + _AT_ONCE])
        )

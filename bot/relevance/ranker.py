"""Scores how well papers fit a list, with models that learn from the list itself.

The list's entries are positive examples, and declined papers are negative ones. Background papers are other papers of
the same categories, which are unlabelled. The topics' phrases (`phrases.strength`) are the prior, and decide alone if
there is nothing to learn from. The weight of each signal was learned across many lists (`weights.json`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from bot.core.model import Neighbour, Paper
from bot.relevance.effects import effects_of
from bot.relevance.examples import Example, Score
from bot.relevance.features import Vocabulary
from bot.relevance.learner import Learned, learn
from bot.relevance.models import Models, similarities
from bot.relevance.sparse import Sparse
from bot.relevance.stop_words import STOP_WORDS

_AT_ONCE = 2000  # papers scored together, to limit the memory
_EXPLAINED = 100  # only this many of the best papers of a call get reasons
_REASONS = 5
_NEIGHBOURS = 3


class Ranker:
    """Scores papers by what it learned from a list; create it with `fit`."""

    def __init__(self, learned: Learned) -> None:
        self._learned = learned

    @classmethod
    def fit(
        cls,
        positives: Sequence[Example],
        negatives: Sequence[Example] = (),
        background: Sequence[Example] = (),
    ) -> Ranker:
        """Learns from examples. The same examples, in any order, give the same ranker.

        The background should be unselected papers: those that will be scored, or those shortly before them. Positives
        and negatives that are in the background don't count as background. Without positives, or with too few other
        papers, the scores are the prior.
        """
        return cls(learn(positives, negatives, background))

    def score(self, papers: Sequence[Paper], strengths: Sequence[float] = ()) -> tuple[Score, ...]:
        """Scores each paper independently of the others; only the best 100 get reasons.

        Args:
            papers: the papers to score.
            strengths: how strongly the topics' phrases match each paper (0 to 1); empty means 0 for all.
        """
        examples = [
            Example.of(paper, strength=strength)
            for paper, strength in zip(papers, strengths or (0.0,) * len(papers), strict=True)
        ]
        scores = [
            Score(float(value))
            for start in range(0, len(examples), _AT_ONCE)
            for value in self._learned.values(examples[start : start + _AT_ONCE])
        ]
        best = sorted(range(len(scores)), key=lambda n: (-scores[n].value, n))[:_EXPLAINED]
        for number, score in zip(best, self._reasons([examples[n] for n in best]), strict=True):
            scores[number] = replace(score, value=scores[number].value)
        return tuple(scores)

    def _reasons(self, papers: Sequence[Example]) -> Iterator[Score]:
        """The reasons for the score of each paper, as scores whose value is 0."""
        learned = self._learned
        if not learned.vocabulary or not learned.features:
            yield from (Score(0.0) for _ in papers)
            return
        features = learned.vocabulary.read(papers)
        blocks = similarities(features.words, learned.features.words)
        alike = (column for block in blocks for column in block.T)
        effects = effects_of(learned, papers)
        numbers = _by_line(learned.entries)
        for row, (similarity, moved) in enumerate(zip(alike, effects, strict=True)):
            wanted, unwanted = (
                _words(features.terms, row, learned.models, learned.vocabulary)
                if learned.models
                else ((), ())
            )
            yield Score(
                0.0, wanted, unwanted, _nearest(similarity, learned.entries, numbers), moved
            )


def _words(
    terms: Sparse, row: int, models: Models, vocabulary: Vocabulary
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The words and pairs that speak for a paper, and those against it, the largest weight first."""
    cells = terms.row(row)
    columns = terms.columns[cells]
    weights = terms.values[cells] * models.contrast[columns]
    order = np.argsort(weights, kind="stable")
    wanted, unwanted = order[weights[order] > 0][::-1], order[weights[order] < 0]
    names = [map(vocabulary.name, columns[side].tolist()) for side in (wanted, unwanted)]
    return _informative(names[0]), _informative(names[1])


def _informative(names: Iterable[str]) -> tuple[str, ...]:
    """The first few words and pairs that are not stop words and don't repeat each other."""
    chosen: list[str] = []
    used: set[str] = set()
    for name in names:
        words = set(name.split(" "))
        if not words & (STOP_WORDS | used) and not name.isdigit() and len(name) > 1:
            chosen.append(name)
            used |= words
        if len(chosen) == _REASONS:
            break
    return tuple(chosen)


def _by_line(entries: Sequence[Example]) -> NDArray[np.intp]:
    """The numbers of the entries that a person added, in the order of their lines."""
    decided = (n for n, entry in enumerate(entries) if entry.is_decided)
    return np.array(sorted(decided, key=lambda n: entries[n].line), np.intp)


def _nearest(
    similarity: NDArray[np.float32], entries: Sequence[Example], numbers: NDArray[np.intp]
) -> tuple[Neighbour, ...]:
    """The entries most like a paper, of those with these numbers; equal ones in the order of the numbers."""
    best = numbers[np.argsort(-similarity[numbers], kind="stable")[:_NEIGHBOURS]].tolist()
    return tuple(
        Neighbour(
            entries[n].title, min(1.0, float(similarity[n])), entries[n].line, entries[n].path
        )
        for n in best
        if similarity[n] > 0
    )

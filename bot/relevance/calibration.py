"""From the scores of several models to one probability.

Each model's score is first read as a surprise: minus the logarithm of the share of background papers that score as
high. Surprises of different models, lists and days can be compared. Their weights were learned across many lists
(benchmarks/ranking_weights.py) and are in `weights.json`.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np

from bot.relevance.models import SIGNALS
from bot.relevance.sparse import Matrix, Vector

USUAL_RATE = 0.003
"""The share of a stream's papers that a curator adds, where nothing is known: between 1 in 100 and 1 in 2,000 papers
for the lists measured in benchmarks/README.md."""

USUAL_TEAM = 5.0
"""Authors of the median paper."""

_TAIL = 0.02  # the share of the background whose scores are read as an exponential tail
_FINEST = 1e-9  # differences of scores below this are rounding, not rank
_RAREST = 1.5  # cap: no score counts as rarer than 1 in N to this power, N being the size of the background
_BELIEF = 10.0  # entries and papers of belief in a phrase that has not matched yet


@dataclass(frozen=True, slots=True)
class Surprise:
    """The scores that a model gives to the background, sorted; says how rare a score is among them."""

    reference: Vector
    start: float
    scale: float

    @classmethod
    def of(cls, scores: Vector) -> Surprise:
        """Learns the distribution of a model's scores on the background (at least one)."""
        reference = np.sort(scores.astype(float))
        start = float(np.quantile(reference, 1 - _TAIL))
        beyond = reference[reference > start] - start
        scale = float(beyond.mean()) if beyond.size else float(reference.std()) or 1.0
        return cls(reference, start, max(scale, _FINEST))

    def __call__(self, scores: Vector) -> Vector:
        """Minus the logarithm of the share of the background that scores as high, 0 or more."""
        size = len(self.reference)
        below = np.searchsorted(self.reference, np.minimum(scores, self.start), side="left")
        share = np.maximum(size - below, 1.0) / size
        beyond = np.maximum(scores - self.start, 0.0) / self.scale
        return np.asarray(np.minimum(beyond - np.log(share), _RAREST * np.log(size + 1)))


@dataclass(frozen=True, slots=True)
class Weights:
    """How much each signal counts in the log odds that a curator adds a paper.

    `team` is the weight of log(1 + the number of the paper's authors), `size` that of log(1 + the number of entries).
    """

    intercept: float
    surprises: Vector
    team: float
    size: float

    @classmethod
    @cache
    def shipped(cls) -> Weights:
        """The weights in the package."""
        stored = json.loads((files("bot.relevance") / "weights.json").read_text("utf-8"))
        surprises = np.array([stored["surprises"][name] for name in SIGNALS])
        return cls(stored["intercept"], surprises, stored["team"], stored["size"])

    def log_odds(self, surprises: Matrix, authors: Vector, entries: int) -> Vector:
        """What is added to the log odds of the base rate.

        Args:
            surprises: a row for each paper, a column for each of `SIGNALS`.
            authors: how many authors each paper has; 0 where that is unknown, which counts as a usual number.
            entries: how many the list has.
        """
        team = np.log1p(np.where(authors > 0, authors, USUAL_TEAM))
        fixed = self.intercept + self.size * np.log1p(entries)
        return np.asarray(fixed + surprises @ self.surprises + self.team * team)


@dataclass(frozen=True, slots=True)
class Phrases:
    """The weight of the maintainer's phrases: less where they match ordinary papers as often as listed ones."""

    rate: float
    most: float

    @classmethod
    def learn(cls, rate: float, listed: Sequence[float], background: Sequence[float]) -> Phrases:
        """Learns from the strengths of the phrases in the entries and in the background (each 0 to 1).

        A phrase counts as if its strength were the probability, unless phrases match as often in the background as in
        the list: what matches everywhere says nothing.
        """
        in_list = (sum(listed) + _BELIEF / 2) / (len(listed) + _BELIEF)
        usual = (sum(background) + _BELIEF * rate) / (len(background) + _BELIEF)
        return cls(rate, max(0.0, float(np.log(in_list / usual))))

    @classmethod
    def alone(cls, rate: float) -> Phrases:
        """Phrases that decide alone: their strength is the probability."""
        return cls(rate, np.inf)

    def log_odds(self, strengths: Vector) -> Vector:
        """What the phrases add to the log odds of papers, 0 or more; more strength never gives less."""
        alone = self.rate + (1 - self.rate) * np.clip(strengths, 0.0, 0.99)
        gain = np.log(alone / (1 - alone)) - logit(self.rate)
        largest = np.log(0.99 / 0.01) - logit(self.rate)
        return np.asarray(gain * min(1.0, self.most / largest))


def logit(share: float) -> float:
    """The log odds of a share between 0 and 1."""
    return float(np.log(share / (1 - share)))


def probability(log_odds: Vector) -> Vector:
    """The inverse of `logit`."""
    return np.asarray(0.5 * (1 + np.tanh(0.5 * log_odds)))

"""Combines the scores of several models into one probability.

Each score is first converted to a surprise: minus the logarithm of the share of background papers that score at least
as high. Surprises are comparable across models, lists and days. The weights that combine them were learned across many
lists (benchmarks/ranking_weights.py) and are stored in `weights.json`.
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

BASE_RATE = 0.003
"""The share of the papers announced in a list's categories that its curators add, the same for every list and command.

A score is the probability for a list with this share. The measured lists add 1 in 100 to 1 in 5,000, but an estimate
from what a run knows is little better than this constant (docs/decisions/0015)."""

USUAL_TEAM = 5.0
"""The number of authors of the median paper."""

_TAIL = 0.02  # the top share of background scores, modelled as an exponential tail
_FINEST = 1e-9  # smaller differences between scores are rounding errors
_RAREST = 1.5  # cap: no score counts as rarer than 1 in N ** 1.5 (N: size of the background)
_BELIEF = 10.0  # pseudo-count: the prior counts like 10 entries and 10 background papers
_MOST = 4.0  # cap on what phrases add to the log odds, because a few matches in the background are chance


@dataclass(frozen=True, slots=True)
class Surprise:
    """Converts a model's scores to surprises; `reference` holds its scores of the background, sorted."""

    reference: Vector
    start: float
    scale: float

    @classmethod
    def of(cls, scores: Vector) -> Surprise:
        """Learns the distribution of a model's scores of the background (at least one score)."""
        reference = np.sort(scores.astype(float))
        start = float(np.quantile(reference, 1 - _TAIL))
        beyond = reference[reference > start] - start
        scale = float(beyond.mean()) if beyond.size else float(reference.std()) or 1.0
        return cls(reference, start, max(scale, _FINEST))

    def __call__(self, scores: Vector) -> Vector:
        """Returns minus the logarithm of the share of the background that scores at least as high; 0 or more."""
        size = len(self.reference)
        below = np.searchsorted(self.reference, np.minimum(scores, self.start), side="left")
        share = np.maximum(size - below, 1.0) / size
        beyond = np.maximum(scores - self.start, 0.0) / self.scale
        return np.asarray(np.minimum(beyond - np.log(share), _RAREST * np.log(size + 1)))


@dataclass(frozen=True, slots=True)
class Weights:
    """The weight of each signal in the log odds that a curator adds a paper.

    `team` multiplies log(1 + number of authors).
    """

    intercept: float
    surprises: Vector
    team: float

    @classmethod
    @cache
    def shipped(cls) -> Weights:
        """Loads the weights that come with the package."""
        stored = json.loads((files("bot.relevance") / "weights.json").read_text("utf-8"))
        surprises = np.array([stored["surprises"][name] for name in SIGNALS])
        return cls(stored["intercept"], surprises, stored["team"])

    def log_odds(self, surprises: Matrix, authors: Vector) -> Vector:
        """Returns what the signals add to the log odds of the base rate.

        Args:
            surprises: a row for each paper, a column for each of `SIGNALS`.
            authors: the number of authors of each paper; 0 if unknown, which counts as `USUAL_TEAM`.
        """
        team = np.log1p(np.where(authors > 0, authors, USUAL_TEAM))
        return np.asarray(self.intercept + surprises @ self.surprises + self.team * team)


@dataclass(frozen=True, slots=True)
class Phrases:
    """The weight of the maintainer's phrases: lower if they match background papers as often as listed ones.

    `most` is the largest log odds that phrases can add.
    """

    most: float

    @classmethod
    def learn(cls, listed: Sequence[float], background: Sequence[float]) -> Phrases:
        """Learns from how strongly phrases match the entries and the background (strengths from 0 to 1).

        By default the strength is used as the probability. It counts less the more often phrases match background
        papers, because a phrase that matches everywhere says nothing.
        """
        in_list = (sum(listed) + _BELIEF / 2) / (len(listed) + _BELIEF)
        usual = (sum(background) + _BELIEF * BASE_RATE) / (len(background) + _BELIEF)
        return cls(float(np.clip(np.log(in_list / usual), 0.0, _MOST)))

    @classmethod
    def alone(cls) -> Phrases:
        """Returns phrases that decide alone: their strength is the probability."""
        return cls(np.inf)

    def log_odds(self, strengths: Vector) -> Vector:
        """Returns what the phrases add to the log odds of each paper: 0 or more, and never less for more strength."""
        alone = BASE_RATE + (1 - BASE_RATE) * np.clip(strengths, 0.0, 0.99)
        gain = np.log(alone / (1 - alone)) - logit(BASE_RATE)
        largest = np.log(0.99 / 0.01) - logit(BASE_RATE)
        return np.asarray(gain * min(1.0, self.most / largest))


def logit(share: float) -> float:
    """Returns the log odds of a share between 0 and 1."""
    return float(np.log(share / (1 - share)))


def probability(log_odds: Vector) -> Vector:
    """Returns the probability for each of the log odds; the inverse of `logit`."""
    return np.asarray(0.5 * (1 + np.tanh(0.5 * log_odds)))

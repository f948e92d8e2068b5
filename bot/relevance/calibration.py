"""From the scores of several weak models to one probability.

Each model's score is first read as a surprise: minus the logarithm of the share of background papers that score as
high. Surprises of different models compare, and their weighted mean does what averaging log ranks does without needing
a day's papers side by side. A logistic curve over that mean and the words' prior then gives the probability.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

Vector = NDArray[np.float64]

USUAL_RATE = 0.003
"""The share of a stream's papers that a curator adds, where nothing is known: between 1 in 100 and 1 in 2,000 papers
for the lists measured in benchmarks/README.md."""

_TAIL = 0.02  # the share of the background whose scores are taken for an exponential tail
_FINEST = 1e-9  # differences of scores below this are rounding, not rank
_FARTHEST = 1.5  # no score is taken for rarer than one in this power of the background's size
# What suits later additions to 17 lists best, all in one, and lists cut down to 2, 5 and 20 entries
# (benchmarks/README.md): the intercept beyond the base rate falls with the root of the entries.
_INTERCEPT = (-3.0, 1.7)
_SURPRISE = 1.2  # the weight of the surprise
_PRIOR = 1.0  # of the words' prior
_SPREAD = (0.5, 0.1, 0.5)  # how far a list may be from that
_MANY = 50  # entries, from which it may be so far; with fewer it keeps to what is expected


@dataclass(frozen=True, slots=True)
class Surprise:
    """The scores that a model gives to the background, sorted; tells how rare a score is among them."""

    reference: Vector
    start: float
    scale: float

    @classmethod
    def of(cls, scores: Vector) -> Surprise:
        """Learns the distribution of a model's scores on the background (at least one)."""
        reference = np.sort(scores)
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
        return np.asarray(np.minimum(beyond - np.log(share), _FARTHEST * np.log(size + 1)))


@dataclass(frozen=True, slots=True)
class Curve:
    """The logistic curve from surprise and prior to probability."""

    rate: float
    intercept: float
    surprise: float
    prior: float

    @classmethod
    def fit(
        cls,
        rate: float,
        surprises: tuple[Vector, Vector],
        strengths: tuple[Vector, Vector],
        weights: tuple[Vector, Vector],
    ) -> Curve:
        """Fits by maximum a posteriori: what is expected of any list gives way to this list's papers as they grow.

        Args:
            rate: the share of the stream that gets listed, which the fitted probabilities keep to.
            surprises: of the entries, and of the rest.
            strengths: of the entries, and of the rest.
            weights: of the entries, and of the rest.
        """
        sign = np.repeat([1.0, -1.0], [len(one) for one in surprises])
        gains = _gain(rate, np.concatenate(strengths))
        design = np.column_stack([np.ones_like(sign), np.concatenate(surprises), gains])
        of_listed, of_rest = weights
        # as many papers as the entries are worth, and the rest in the proportion of the stream; but none of them
        # stands for more than itself, so that a small background, or a few entries, don't say more than they know
        worth = of_listed.sum() ** 2 / (of_listed @ of_listed)
        odds = rate / (1 - rate)
        stands_for = min(1.0, worth / odds / len(of_rest))
        each = np.r_[
            of_listed * (stands_for * len(of_rest) * odds / of_listed.sum()), of_rest * stands_for
        ]
        offset = _logit(rate)
        entries = len(of_listed)
        mean = np.array([_INTERCEPT[0] + _INTERCEPT[1] / np.sqrt(entries), _SURPRISE, _PRIOR])
        spread = np.array(_SPREAD) * min(1.0, entries / _MANY)

        def cost(beta: Vector) -> tuple[float, Vector]:
            margin = sign * (offset + design @ beta)
            slope = -sign * each * _sigmoid(-margin)
            away = (beta - mean) / spread
            value = each @ np.logaddexp(0.0, -margin) + 0.5 * away @ away
            return float(value), design.T @ slope + away / spread

        bounds = [(None, None), (0.0, None), (0.0, None)]
        beta = minimize(cost, mean, jac=True, bounds=bounds, method="L-BFGS-B").x
        return cls(rate, *map(float, beta))

    @classmethod
    def unlearned(cls, rate: float) -> Curve:
        """The curve of a list of which nothing was learned: the words' prior alone."""
        return cls(rate, 0.0, 0.0, 1.0)

    def __call__(self, surprises: Vector, strengths: Vector) -> Vector:
        """Probabilities for papers; higher surprise and higher strength never give a lower one."""
        learned = self.intercept + self.surprise * surprises
        return _sigmoid(_logit(self.rate) + learned + self.prior * _gain(self.rate, strengths))


def _gain(rate: float, strengths: Vector) -> Vector:
    """What the words add to the log odds, so that they alone make the strength the probability."""
    alone = rate + (1 - rate) * np.clip(strengths, 0.0, 0.99)
    return np.asarray(np.log(alone / (1 - alone)) - _logit(rate))


def _logit(share: float) -> float:
    return float(np.log(share / (1 - share)))


def _sigmoid(value: Vector) -> Vector:
    return np.asarray(0.5 * (1 + np.tanh(0.5 * value)))

"""Converts a judge's answers to log odds that the list adds the paper. Pure.

The weights are fixed until the maintainer has decided on enough judged papers; they assume a judge that is right about
four papers in five. After that, a small logistic model is fitted to the decisions, with the fixed weights as its prior.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from bot.core.judgement import Answer, Opinion, Principle, PrincipleAnswer, Side
from bot.relevance.calibration import logit

ENOUGH, ENOUGH_EACH = 20, 5
"""The minimum number of decisions to fit on, and the minimum of each kind (added, not added)."""

# Log odds of a judge that is right about four papers in five: -1.5 without a yes, and 1.5 with one.
_INTERCEPT = -1.5
_YES = 3.0
_MOST = 3.0  # cap in log odds: no judge is trusted beyond 20 to 1
_SPREAD = 1.0  # standard deviation of the prior of each weight
_STEPS = 25
_NEARLY_0 = 1e-6  # scores of 0 and 1 have no log odds
_VALUE = {Answer.YES: 1.0, Answer.NO: 0.0, Answer.UNSURE: 0.5}

Answers = Sequence[PrincipleAnswer]


@dataclass(frozen=True, slots=True)
class Weighing:
    """The weights of a yes to each principle; `decisions` is the number of decisions they were fitted on."""

    intercept: float
    weights: tuple[float, ...]
    decisions: int = 0

    @classmethod
    def fixed(cls, principles: Sequence[Principle]) -> Weighing:
        """Returns the fixed weights, which need no decisions."""
        signs = (1.0 if principle.side is Side.FOR else -1.0 for principle in principles)
        return cls(_INTERCEPT, tuple(sign * _YES for sign in signs))

    @classmethod
    def fit(
        cls, principles: Sequence[Principle], decided: Sequence[tuple[Answers, bool]]
    ) -> Weighing:
        """Fits the weights to the maintainer's decisions: the answers about each paper, and whether it was added.

        Finds the maximum of the posterior with Newton's method. The overall log odds of being added are subtracted.
        Otherwise a judge that is only asked about likely papers would raise the score of all of them.
        """
        start = cls.fixed(principles)
        added = sum(is_added for _, is_added in decided)
        if len(decided) < ENOUGH or min(added, len(decided) - added) < ENOUGH_EACH:
            return start
        rows = np.array([[1.0, *_values(answers)] for answers, _ in decided])
        wanted = np.array([float(is_added) for _, is_added in decided])
        base = logit(added / len(decided))
        prior = np.array([start.intercept, *start.weights])
        found = prior.copy()
        for _ in range(_STEPS):
            expected = 1 / (1 + np.exp(-np.clip(rows @ found + base, -30, 30)))
            gradient = rows.T @ (wanted - expected) - (found - prior) / _SPREAD**2
            curvature = (rows * (expected * (1 - expected))[:, None]).T @ rows
            step = np.linalg.solve(curvature + np.eye(len(prior)) / _SPREAD**2, gradient)
            found += np.clip(step, -1.0, 1.0)
        return cls(float(found[0]), tuple(float(weight) for weight in found[1:]), len(decided))

    def weigh(self, answers: Answers) -> tuple[Opinion, float]:
        """Returns the opinion that the answers amount to, and the log odds that they add.

        If the unsure answers could change the opinion, it is unsure and adds 0.
        """
        least = most = self.intercept
        for answer, weight in zip(answers, self.weights, strict=True):
            value = _VALUE[answer.answer]
            least += min(0.0, weight) if answer.answer is Answer.UNSURE else weight * value
            most += max(0.0, weight) if answer.answer is Answer.UNSURE else weight * value
        middle = float(np.clip((least + most) / 2, -_MOST, _MOST))
        if least > 0:
            return Opinion.FOR, middle
        return (Opinion.AGAINST, middle) if most < 0 else (Opinion.UNSURE, 0.0)


def _values(answers: Answers) -> list[float]:
    return [_VALUE[answer.answer] for answer in answers]


def shifted(score: float, evidence: float) -> float:
    """Returns the score after adding the evidence to its log odds."""
    return float(1 / (1 + np.exp(-(_log_odds(score) + evidence)))) if evidence else score


def distance(score: float, threshold: float) -> float:
    """Returns the distance of a score from the threshold in log odds; the larger, the more certain the ranker is."""
    return abs(_log_odds(score) - _log_odds(threshold))


def _log_odds(score: float) -> float:
    return logit(min(max(score, _NEARLY_0), 1 - _NEARLY_0))

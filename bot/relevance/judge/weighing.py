"""Weighs a judge's answers: what they add to the log odds that the list adds the paper. Pure.

Until the maintainer has decided on enough judged papers the weights are fixed: they are those of a judge that is right
about four of five papers. Then a small logistic model is fitted on these decisions, held near the fixed weights.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from bot.core.judgement import Answer, Opinion, Principle, PrincipleAnswer, Side
from bot.relevance.calibration import logit
from bot.relevance.sparse import Vector

ENOUGH, ENOUGH_EACH = 20, 5
"""The fewest decisions to fit on, and the fewest of either kind."""

_NOTHING_SAID = (
    -1.5
)  # log odds where no principle speaks for a paper: a judge that is right about four of five
_YES = 3.0
_MOST = 3.0  # log odds: no judge is trusted beyond 20 to 1
_SPREAD = 1.0  # how far a fitted weight strays from the fixed one
_STEPS = 25
_VALUE = {Answer.YES: 1.0, Answer.NO: 0.0, Answer.UNSURE: 0.5}

Answers = Sequence[PrincipleAnswer]


@dataclass(frozen=True, slots=True)
class Weighing:
    """The weight of a yes to each principle; `decisions` is how many they were fitted on."""

    intercept: float
    weights: tuple[float, ...]
    decisions: int = 0

    @classmethod
    def fixed(cls, principles: Sequence[Principle]) -> Weighing:
        """The weights without any decision."""
        signs = (1.0 if principle.side is Side.FOR else -1.0 for principle in principles)
        return cls(_NOTHING_SAID, tuple(sign * _YES for sign in signs))

    @classmethod
    def fit(
        cls, principles: Sequence[Principle], decided: Sequence[tuple[Answers, bool]]
    ) -> Weighing:
        """The weights by the maintainer's decisions: the answers about each paper, and whether it was added.

        The maximum of the posterior, by Newton's method. The log odds of being added at all are taken off: whoever is
        asked about likely papers must not call each of them likely.
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
            slope = rows.T @ (wanted - expected) - (found - prior) / _SPREAD**2
            bend = (rows * (expected * (1 - expected))[:, None]).T @ rows
            step = np.linalg.solve(bend + np.eye(len(prior)) / _SPREAD**2, slope)
            found += np.clip(step, -1.0, 1.0)
        return cls(float(found[0]), tuple(float(weight) for weight in found[1:]), len(decided))

    def weigh(self, answers: Answers) -> tuple[Opinion, float]:
        """What the answers come to, and the log odds that they add.

        It is an opinion only if it would be the same whatever the unsure answers were; else it adds nothing.
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
    """A score with the evidence added to its log odds."""
    bounded = min(max(score, 1e-6), 1 - 1e-6)
    return float(1 / (1 + np.exp(-(logit(bounded) + evidence)))) if evidence else score


def distance(score: float, threshold: float) -> float:
    """How certain the ranker is that a score is on its side of the threshold, in log odds."""
    sides: Vector = np.clip(np.array([score, threshold]), 1e-6, 1 - 1e-6)
    return abs(logit(float(sides[0])) - logit(float(sides[1])))

"""Finds the features that moved a paper's score most, compared with an ordinary background paper. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from bot.core.effect import Effect, ScoreFeature
from bot.relevance.calibration import USUAL_TEAM, Weights
from bot.relevance.examples import Example
from bot.relevance.learner import Learned
from bot.relevance.models import SIGNALS

_OF_SIGNALS = {
    ScoreFeature.WORDS: ("contrast", "odds"),
    ScoreFeature.SUBJECT: ("meaning",),
    ScoreFeature.ENTRIES: ("nearest",),
    ScoreFeature.AUTHORS: ("authors",),
}
_ORDINARY = 1.0  # the mean surprise of background papers, whose shares are evenly distributed
_MOST = 3  # features of either direction
_LEAST = 0.1  # log odds; a smaller effect changes a score by at most 0.025


def effects_of(learned: Learned, papers: Sequence[Example]) -> Iterator[tuple[Effect, ...]]:
    """Yields the effects of each paper's strongest features; none if the phrases decide alone.

    All effects of a paper add up to its learned log odds. The discount for short lists is not included.
    """
    if not learned.models:
        yield from (() for _ in papers)
        return
    weights = Weights.shipped()
    teams = np.array([float(len(paper.authors)) or USUAL_TEAM for paper in papers])
    strengths = np.array([paper.strength for paper in papers])
    by_signal = (learned.signals(papers) - _ORDINARY) * weights.surprises
    moved = {
        feature: by_signal[:, list(map(SIGNALS.index, names))].sum(axis=1)
        for feature, names in _OF_SIGNALS.items()
    }
    moved[ScoreFeature.TEAM] = weights.team * np.log((1 + teams) / (1 + USUAL_TEAM))
    moved[ScoreFeature.PHRASES] = learned.phrases.log_odds(strengths)
    for row in range(len(papers)):
        yield _strongest({feature: float(values[row]) for feature, values in moved.items()})


def _strongest(moved: Mapping[ScoreFeature, float]) -> tuple[Effect, ...]:
    """The features that raised the score most and those that lowered it most, the strongest first."""
    effects = sorted((Effect(*item) for item in moved.items()), key=lambda effect: effect.log_odds)
    lowered = [effect for effect in effects if effect.log_odds <= -_LEAST][:_MOST]
    raised = [effect for effect in reversed(effects) if effect.log_odds >= _LEAST][:_MOST]
    return tuple(sorted((*raised, *lowered), key=lambda effect: -abs(effect.log_odds)))

"""The features that moved a score: they are named, ordered, and add up to it."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from bot.core.effect import ScoreFeature
from bot.relevance import effects as of_features
from bot.relevance.calibration import USUAL_TEAM, logit
from bot.relevance.effects import effects_of
from bot.relevance.examples import Example
from bot.relevance.learner import Learned, learn
from tests.relevance.test_ranker import LISTED, OTHER, RLAIF, STREAM, example

USUAL = tuple(f"Person {n}" for n in range(int(USUAL_TEAM)))
NEAR = replace(example(RLAIF, 100), authors=USUAL)
FAR = replace(example(OTHER, 900), authors=USUAL)


@pytest.fixture(scope="module")
def learned() -> Learned:
    return learn(LISTED, (), STREAM)


def moved(learned: Learned, paper: Example) -> dict[ScoreFeature, float]:
    (found,) = effects_of(learned, [paper])
    return {effect.feature: effect.log_odds for effect in found}


def test_a_paper_like_the_list_is_raised_and_another_is_not(learned):
    near, far = moved(learned, NEAR), moved(learned, FAR)

    assert {ScoreFeature.WORDS, ScoreFeature.SUBJECT, ScoreFeature.ENTRIES} == set(near)
    assert min(near.values()) > 0
    assert far[ScoreFeature.ENTRIES] < 0
    assert sum(far.values()) < 0


def test_phrases_and_authors_are_features(learned):
    by_phrase = moved(learned, replace(FAR, strength=0.9))
    by_author = moved(
        learned, replace(FAR, authors=tuple(paper.authors[0] for paper in LISTED[:5]))
    )
    by_one, by_many = (moved(learned, replace(FAR, authors=USUAL[:1] * n)) for n in (1, 50))

    assert by_phrase[ScoreFeature.PHRASES] > 1
    assert by_author[ScoreFeature.AUTHORS] > 0
    assert by_one[ScoreFeature.TEAM] < 0 < by_many[ScoreFeature.TEAM]


def test_the_strongest_come_first_and_weak_ones_not_at_all(learned):
    (found,) = effects_of(learned, [replace(NEAR, strength=0.9, authors=("Author 3",))])
    sizes = [abs(effect.log_odds) for effect in found]

    assert all(first >= second for first, second in pairwise(sizes))
    assert min(sizes) >= 0.1
    assert 3 == sum(effect.log_odds > 0 for effect in found)


def test_effects_add_up_to_the_difference_of_scores(learned, monkeypatch):
    monkeypatch.setattr(of_features, "_MOST", 99)
    monkeypatch.setattr(of_features, "_LEAST", 0.0)
    papers = [replace(NEAR, strength=0.9), replace(NEAR, strength=0.9, authors=USUAL * 4)]
    first, other = (sum(moved(learned, paper).values()) for paper in papers)
    scores = learned.values(papers)

    assert other - first == pytest.approx(logit(scores[1]) - logit(scores[0]), abs=1e-4)
    assert not np.isclose(first, other)


def test_where_phrases_decide_alone_nothing_else_is_named():
    alone = learn(LISTED, (), STREAM[:10])

    assert [(), ()] == list(effects_of(alone, [NEAR, FAR]))

"""Adds the judge's verdicts to the ranker's training data; they weigh less than people's decisions.

A verdict never contradicts a person's decision. benchmarks/judge.py measures the effect of the weights.
"""

from __future__ import annotations

from collections.abc import Container, Mapping
from dataclasses import replace

from bot.core.arxiv_id import ArxivId
from bot.core.judgement import Opinion
from bot.relevance.examples import Example
from bot.relevance.scoring import TrainingData

FOR_WEIGHT, AGAINST_WEIGHT = 0.8, 0.05
"""A person's decision weighs 1. These weights were chosen on the months 2025-06 and 2025-08 of benchmarks/labels, which
no published figure uses."""


def with_verdicts(
    data: TrainingData,
    opinions: Mapping[ArxivId, Opinion],
    known: Mapping[ArxivId, Example],
    decided: Mapping[ArxivId, bool],
    scored: Container[ArxivId],
) -> TrainingData:
    """Returns the training data with the judge's verdicts added.

    Args:
        data: people's decisions, and the background.
        opinions: the papers that the judge is for or against.
        known: titles and abstracts of papers; a paper that is not here is left out.
        decided: for each paper that a person decided on, whether the list has it.
        scored: the papers that this run scores. A positive verdict on one of them is left out: the judge's answers
            already raise its score, and learning from the paper as a positive example would raise it again.
    """
    sides: dict[Opinion, list[Example]] = {Opinion.FOR: [], Opinion.AGAINST: []}
    weights = {Opinion.FOR: FOR_WEIGHT, Opinion.AGAINST: AGAINST_WEIGHT}
    for paper in sorted(opinions, key=lambda paper: paper.order):
        opinion = opinions[paper]
        is_scored = opinion is Opinion.FOR and paper in scored
        if paper in known and not is_scored and _should_learn(opinion, decided.get(paper)):
            sides[opinion].append(replace(known[paper], weight=weights[opinion]))
    return replace(
        data,
        listed=(*data.listed, *sides[Opinion.FOR]),
        declined=(*data.declined, *sides[Opinion.AGAINST]),
    )


def _should_learn(opinion: Opinion, is_listed: bool | None) -> bool:  # noqa: FBT001
    """Whether to learn from a verdict: not if the paper is listed, nor if it favours a paper that a person left out."""
    return is_listed is None or (not is_listed and opinion is Opinion.AGAINST)

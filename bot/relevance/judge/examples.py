"""Verdicts as examples for the ranker: they weigh less than a person's decision, and are never against one.

What the weights do is measured by benchmarks/judge.py.
"""

from __future__ import annotations

from collections.abc import Container, Mapping
from dataclasses import replace

from bot.core.arxiv_id import ArxivId
from bot.core.judgement import Opinion
from bot.relevance.examples import Example
from bot.relevance.scoring import TrainingData

FOR_WEIGHT, AGAINST_WEIGHT = 0.8, 0.05
"""A person's decision weighs 1. Chosen on the months 2025-06 and 2025-08 of benchmarks/labels, which no figure uses."""


def with_verdicts(
    data: TrainingData,
    opinions: Mapping[ArxivId, Opinion],
    known: Mapping[ArxivId, Example],
    decided: Mapping[ArxivId, bool],
    scored: Container[ArxivId],
) -> TrainingData:
    """The training data with the judge's verdicts.

    Args:
        data: what people decided, and the background.
        opinions: what the judge is for and against.
        known: what is known of the papers; a paper that is not among them teaches nothing.
        decided: whether the list has a paper that a person decided on.
        scored: the papers to be scored now. The judge's answers count for them directly, and a paper that was learned
            from as one for the list would score high for that alone.
    """
    sides: dict[Opinion, list[Example]] = {Opinion.FOR: [], Opinion.AGAINST: []}
    weights = {Opinion.FOR: FOR_WEIGHT, Opinion.AGAINST: AGAINST_WEIGHT}
    for paper in sorted(opinions, key=lambda paper: paper.order):
        opinion = opinions[paper]
        is_scored = opinion is Opinion.FOR and paper in scored
        if paper in known and not is_scored and _adds(opinion, decided.get(paper)):
            sides[opinion].append(replace(known[paper], weight=weights[opinion]))
    return replace(
        data,
        listed=(*data.listed, *sides[Opinion.FOR]),
        declined=(*data.declined, *sides[Opinion.AGAINST]),
    )


def _adds(opinion: Opinion, is_listed: bool | None) -> bool:  # noqa: FBT001
    """Whether a verdict says what no person has said: not on listed papers, nor for one that a person left out."""
    return is_listed is None or (not is_listed and opinion is Opinion.AGAINST)

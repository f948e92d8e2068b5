"""Connects a run with the judge: its verdicts stored in pull requests, and the decisions of people since then.

Without a judge, `with_earlier_verdicts`, `judged` and `scoring` return what they were given.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from bot.core.arxiv_id import ArxivId
from bot.core.model import Candidate, Decision, Paper, Reason
from bot.proposals.answers import PaperAnswers
from bot.proposals.context import RunContext
from bot.proposals.declined import proposed_titles
from bot.relevance.examples import Example
from bot.relevance.judge.examples import with_verdicts
from bot.relevance.judge.judge import Judge, Room
from bot.relevance.scoring import Scorer, TrainingData

_NOT_ADDED = frozenset({Reason.DECLINED, Reason.PASSED_OVER})


def with_earlier_verdicts(
    judge: Judge | None,
    data: TrainingData,
    papers: Sequence[Paper],
    context: RunContext,
    answers: PaperAnswers,
) -> TrainingData:
    """Adds the judge's earlier verdicts to the training data, except on papers that a person has decided on.

    `papers` are the papers to score.
    """
    if judge is None:
        return data
    decided = decided_papers(context, answers)
    judge.remember(remembered_verdicts(context, judge.version), decided)
    named = proposed_titles(context.state.pulls)
    known = {paper: Example(title) for paper, title in named.items()}
    known |= judge.texts | {paper.id: Example.of(paper) for paper in papers}
    return with_verdicts(data, judge.opinions(), known, decided, {paper.id for paper in papers})


def judged(
    judge: Judge | None,
    decisions: tuple[Decision, ...],
    context: RunContext,
    answers: PaperAnswers,
) -> tuple[Decision, ...]:
    """Asks the judge and returns the changed decisions, best first."""
    if judge is None:
        return decisions
    threshold = context.config.screening.threshold
    return judge.decide(
        decisions, context.papers.index, threshold, room_for_doubts(context, answers)
    )


def scoring(
    judge: Judge | None, scorer: Scorer
) -> Callable[[Iterable[Paper]], Sequence[Candidate]]:
    """The function that scores papers of open batches, including the judge's answers about them."""
    return judge.scoring(scorer.score) if judge else scorer.score


def remembered_verdicts(context: RunContext, version: str) -> dict[ArxivId, str]:
    """The verdicts of this version stored in batches of this list; the newest pull request with a paper counts."""
    found: dict[ArxivId, str] = {}
    for pull in sorted(context.state.pulls, key=lambda pull: pull.number):
        marker = pull.marker
        if marker and marker.path in context.state.base.files and marker.principles == version:
            found |= dict(marker.judged)
    return found


def decided_papers(context: RunContext, answers: PaperAnswers) -> dict[ArxivId, bool]:
    """The papers that a person decided on: True for listed ones, False for those declined or passed over."""
    listed = {paper: True for entry in context.papers.listed for paper in entry.ids}
    refused = {paper: False for paper, known in answers.known.items() if known.reason in _NOT_ADDED}
    return refused | listed


def room_for_doubts(context: RunContext, answers: PaperAnswers) -> Room:
    """How many more papers the open batches may show under "Perhaps"."""
    rules = context.rules
    shown = sum(len(batch.marker.perhaps) for batch in answers.open)
    return Room(rules.free_perhaps(shown), rules.perhaps_alone)

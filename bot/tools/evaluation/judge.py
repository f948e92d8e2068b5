"""Tests a judge on papers after the cut: whether it agrees with the list, and whether the ranker learns from it.

The papers after the cut are split at the middle day. The judge is asked about papers of the first half. The ranker
learns from the answers and ranks the second half, about which the judge was not asked.
"""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.core.arxiv_id import ArxivId
from bot.core.errors import UsageError
from bot.core.judgement import JudgingReport, Opinion
from bot.core.model import Paper
from bot.relevance.examples import Example
from bot.relevance.judge.examples import with_verdicts
from bot.relevance.judge.judge import Judge
from bot.relevance.judge.weighing import distance
from bot.relevance.ranker import Ranker
from bot.relevance.scoring import TrainingData
from bot.tools.evaluation.evaluate import ScoredStream
from bot.tools.evaluation.measures import Judged, RankOrder
from bot.tools.evaluation.split import day_of

VERDICTS = ("in", "borderline", "out")
PAPERS_A_DAY, DAYS_A_MONTH = 30, 30


@dataclass(frozen=True, slots=True)
class Confusion:
    """The judge's opinions compared with the truth: counts by (truth, opinion)."""

    counts: Mapping[tuple[str, Opinion], int]

    def row(self, truth: str) -> tuple[int, ...]:
        """Returns the counts for one truth: for, unsure, against."""
        order = (Opinion.FOR, Opinion.UNSURE, Opinion.AGAINST)
        return tuple(self.counts.get((truth, opinion), 0) for opinion in order)


@dataclass(frozen=True, slots=True)
class JudgeEvaluation:
    """The result of testing a judge.

    Args:
        report: what the judge was asked, and the cost.
        by_list: its answers compared with later additions to the list (`listed` or `not listed`).
        by_labels: its answers compared with the user's labels; None without labels.
        lost: the papers that the list added although the judge is against them.
        ranked: the number of papers in the second half.
        taught: the number of answers that the ranker learned from.
        before: the ranking of the second half without the judge; None if no paper of it was added to the list.
        after: the ranking after the ranker learned from the judge; None in the same case.
    """

    report: JudgingReport
    by_list: Confusion
    by_labels: Confusion | None
    lost: tuple[Paper, ...]
    ranked: int
    taught: int
    before: RankOrder | None
    after: RankOrder | None

    @property
    def tokens_a_paper(self) -> float:
        """The mean number of tokens for one paper, both passes together."""
        return self.report.tokens / max(1, self.report.asked)

    @property
    def tokens_a_month(self) -> int:
        """The estimated number of tokens for 30 papers a day in 30 days."""
        return round(self.tokens_a_paper * PAPERS_A_DAY * DAYS_A_MONTH)


def read_labels(file: Path) -> dict[ArxivId, str]:
    """Reads labels from a CSV with the columns `id` and `verdict` (in, borderline or out).

    Raises:
        UsageError: the file can't be read, or has other columns or verdicts.
    """
    fix = "write a CSV with the columns id and verdict; a verdict is in, borderline or out"
    try:
        with file.open(encoding="utf-8", newline="") as lines:
            rows = [(ArxivId.parse(row["id"]), row["verdict"]) for row in csv.DictReader(lines)]
    except OSError as error:
        what = f"can't read the labels: {error.strerror}"
        raise UsageError(what, where=f"--labels {file}", fix="check the path") from None
    except (ValueError, KeyError, TypeError, csv.Error):
        raise UsageError("can't read the labels", where=f"--labels {file}", fix=fix) from None
    for paper, verdict in rows:
        if verdict not in VERDICTS:
            what = f"{paper} has the verdict {verdict!r}"
            raise UsageError(what, where=f"--labels {file}", fix=fix)
    return dict(rows)


def evaluate_judge(
    stream: ScoredStream, judge: Judge, threshold: float, labels: Mapping[ArxivId, str]
) -> JudgeEvaluation:
    """Asks the judge about papers of the first half, labelled ones first, and measures the answers.

    Args:
        stream: the papers after the cut, and what was known before it.
        judge: the judge to test; its limits say how many papers it is asked about.
        threshold: papers with scores close to it are asked about first.
        labels: the user's verdicts on papers; empty for none.
    """
    first, second = _halves(stream.judged)
    ordered = sorted(
        first,
        key=lambda found: (found.paper.id not in labels, distance(found.learned, threshold)),
    )
    answers = judge.ask_about([found.paper for found in ordered])
    opinions = {paper: judge.weigh(replies)[0] for paper, replies in answers.items()}
    asked = [found for found in ordered if found.paper.id in opinions]
    labelled = {paper: labels[paper] for paper in opinions if paper in labels}
    sure = {paper: opinion for paper, opinion in opinions.items() if opinion is not Opinion.UNSURE}
    before, after = _orders(stream, second, sure, asked)
    return JudgeEvaluation(
        report=judge.report,
        by_list=_confusion(_truth(asked), opinions),
        by_labels=_confusion(labelled, opinions) if labels else None,
        lost=tuple(_lost(asked, opinions)),
        ranked=len(second),
        taught=len(sure),
        before=before,
        after=after,
    )


def _halves(judged: Sequence[Judged]) -> tuple[list[Judged], list[Judged]]:
    """The papers up to the middle day, and those after it."""
    ordered = sorted(judged, key=lambda found: (day_of(found.paper), found.paper.id.order))
    middle = day_of(ordered[(len(ordered) - 1) // 2].paper)
    first = [found for found in ordered if day_of(found.paper) <= middle]
    return first, ordered[len(first) :]


def _truth(asked: Sequence[Judged]) -> dict[ArxivId, str]:
    return {found.paper.id: "listed" if found.listed else "not listed" for found in asked}


def _lost(asked: Sequence[Judged], opinions: Mapping[ArxivId, Opinion]) -> Iterator[Paper]:
    """Listed papers that the judge is against."""
    for found in asked:
        if found.listed and opinions[found.paper.id] is Opinion.AGAINST:
            yield found.paper


def _confusion(truth: Mapping[ArxivId, str], opinions: Mapping[ArxivId, Opinion]) -> Confusion:
    return Confusion(Counter((true, opinions[paper]) for paper, true in truth.items()))


def _orders(
    stream: ScoredStream,
    second: Sequence[Judged],
    opinions: Mapping[ArxivId, Opinion],
    asked: Sequence[Judged],
) -> tuple[RankOrder | None, RankOrder | None]:
    """The rankings of the second half without the judge, and after learning from its answers."""
    if not any(found.listed for found in second):
        return None, None
    known = {found.paper.id: Example.of(found.paper, strength=found.words) for found in asked}
    data = TrainingData(listed=stream.positives)
    taught = with_verdicts(data, opinions, known, {}, ())
    ranker = Ranker.fit(taught.listed, taught.declined, stream.background)
    scores = ranker.score([found.paper for found in second], [found.words for found in second])
    after = {found.paper.id: score.value for found, score in zip(second, scores, strict=True)}
    return (
        RankOrder.by(second, lambda found: found.learned),
        RankOrder.by(second, lambda found: after[found.paper.id]),
    )


def render_judge(found: JudgeEvaluation) -> Iterator[str]:
    """Yields the lines of the report for a maintainer."""
    report = found.report
    yield f"The judge ({report.model}) answered about {report.answered} of {report.asked} papers"
    if report.failure:
        yield f"  incomplete: {report.failure}"
    yield from _confusions(found)
    yield f"  listed papers that the judge is against: {len(found.lost)}"
    yield from (f"    {paper.id}" for paper in found.lost)
    yield f"  quotes that are not in the paper: {report.false_quotes}"
    yield from _cost(found)
    yield from _rankings(found)


def _confusions(found: JudgeEvaluation) -> Iterator[str]:
    yield f"  {'':16}{'for':>8}{'unsure':>8}{'against':>9}"
    for truth in ("listed", "not listed"):
        yield _row(truth, found.by_list)
    if found.by_labels:
        for truth in VERDICTS:
            yield _row(f"label: {truth}", found.by_labels)


def _cost(found: JudgeEvaluation) -> Iterator[str]:
    report = found.report
    month = found.tokens_a_month
    yield f"  cost: {report.requests} requests, {report.tokens:,} tokens, {found.tokens_a_paper:,.0f} a paper"
    yield f"  {PAPERS_A_DAY} papers a day would take {month:,} tokens a month: ${month / 1e6:,.2f}"
    yield "  at $1 per million tokens"


def _rankings(found: JudgeEvaluation) -> Iterator[str]:
    if found.before and found.after:
        yield f"  the ranker on {found.ranked:,} later papers, {len(found.before.places)} of them listed"
        for name, order in (("without the judge", found.before), ("with its answers", found.after)):
            shares = f"{order.recalls[0]:.0%} found at 1x, {order.recalls[2]:.0%} at 5x"
            yield f"    {name:20}{shares}, loss {order.loss:.4f}"
    else:
        yield "  no paper of the second half was listed, so the ranker can't be tested"


def _row(truth: str, confusion: Confusion) -> str:
    is_for, unsure, against = confusion.row(truth.removeprefix("label: "))
    return f"  {truth:16}{is_for:>8}{unsure:>8}{against:>9}"

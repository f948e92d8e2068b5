"""Tests a judge on papers after the cut: whether it agrees with the list, and whether the ranker learns from it.

The papers after the cut are split at the middle day. The judge is asked about papers of the first half. The ranker
learns from the answers and ranks the second half, about which the judge was not asked.
"""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.core.arxiv_id import ArxivId
from bot.core.errors import UsageError
from bot.core.judgement import JudgingReport, Opinion
from bot.relevance.examples import Example
from bot.relevance.judge.examples import with_verdicts
from bot.relevance.judge.judge import Judge
from bot.relevance.judge.weighing import distance
from bot.relevance.ranker import Ranker
from bot.relevance.scoring import TrainingData
from bot.reports.json_record import JsonRecord, Text
from bot.tools.evaluation.evaluate import ScoredStream
from bot.tools.evaluation.measures import Judged, RankOrder
from bot.tools.evaluation.split import day_of

VERDICTS = ("in", "borderline", "out")
_LISTED = ("not listed", "listed")
PAPERS_A_DAY, DAYS_A_MONTH = 30, 30


class ConfusionRecord(JsonRecord):
    """How many papers of a kind the judge is for, unsure about and against."""

    truth: Text
    """The kind: `listed`, `not listed`, or the verdict of a label."""
    is_for: int
    """How many papers the judge is for."""
    unsure: int
    """How many papers the judge is unsure about."""
    against: int
    """How many papers the judge is against."""


@dataclass(frozen=True, slots=True)
class JudgeEvaluation:
    """The result of testing a judge.

    Args:
        report: what the judge was asked, and the cost.
        by_list: its answers about papers that the list added later (`listed`) and about others (`not listed`).
        by_labels: its answers by the user's labels; empty without labels.
        lost: the papers that the list added although the judge is against them.
        ranked: the number of papers in the second half.
        learned_from: the number of answers that the ranker learned from.
        before: the ranking of the second half without the judge.
        after: the ranking after the ranker learned from the judge.
    """

    report: JudgingReport
    by_list: tuple[ConfusionRecord, ...]
    by_labels: tuple[ConfusionRecord, ...]
    lost: tuple[ArxivId, ...]
    ranked: int
    learned_from: int
    before: RankOrder
    after: RankOrder

    @property
    def tokens_a_paper(self) -> float:
        """The mean number of tokens for one paper, both passes together, to one decimal."""
        return round(self.report.tokens / max(1, self.report.asked), 1)

    @property
    def tokens_a_month(self) -> int:
        """The estimated number of tokens for 30 papers a day in 30 days."""
        papers = PAPERS_A_DAY * DAYS_A_MONTH
        return round(self.report.tokens / max(1, self.report.asked) * papers)


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
    """Asks the judge about papers of the first half, and measures the answers.

    The papers that the user labelled come first, then those with scores close to the threshold. The judge's limits say
    how many papers it is asked about.
    """
    first, second = _halves(stream.judged)
    ordered = sorted(
        first,
        key=lambda found: (found.paper.id not in labels, distance(found.learned, threshold)),
    )
    answers = judge.ask_about([found.paper for found in ordered])
    opinions = {paper: judge.weigh(replies)[0] for paper, replies in answers.items()}
    asked = [found for found in ordered if found.paper.id in opinions]
    listed = {found.paper.id: _LISTED[found.listed] for found in asked}
    sure = {paper: opinion for paper, opinion in opinions.items() if opinion is not Opinion.UNSURE}
    before, after = _orders(stream, second, sure, asked)
    return JudgeEvaluation(
        report=judge.report,
        by_list=_compared(opinions, listed, reversed(_LISTED)),
        by_labels=_compared(opinions, labels, VERDICTS if labels else ()),
        lost=tuple(
            found.paper.id
            for found in asked
            if found.listed and opinions[found.paper.id] is Opinion.AGAINST
        ),
        ranked=len(second),
        learned_from=len(sure),
        before=before,
        after=after,
    )


def _halves(judged: Sequence[Judged]) -> tuple[list[Judged], list[Judged]]:
    """The papers up to the middle day, and those after it."""
    ordered = sorted(judged, key=lambda found: (day_of(found.paper), found.paper.id.order))
    middle = day_of(ordered[(len(ordered) - 1) // 2].paper)
    first = [found for found in ordered if day_of(found.paper) <= middle]
    return first, ordered[len(first) :]


def _compared(
    opinions: Mapping[ArxivId, Opinion], truth: Mapping[ArxivId, str], kinds: Iterable[str]
) -> tuple[ConfusionRecord, ...]:
    """Compares the opinions with the truth, for each kind of truth."""
    counts = Counter((truth.get(paper), opinion) for paper, opinion in opinions.items())
    return tuple(
        ConfusionRecord(
            truth=kind,
            is_for=counts[kind, Opinion.FOR],
            unsure=counts[kind, Opinion.UNSURE],
            against=counts[kind, Opinion.AGAINST],
        )
        for kind in kinds
    )


def _orders(
    stream: ScoredStream,
    second: Sequence[Judged],
    opinions: Mapping[ArxivId, Opinion],
    asked: Sequence[Judged],
) -> tuple[RankOrder, RankOrder]:
    """The rankings of the second half without the judge, and after learning from its answers."""
    before = RankOrder.by(second, lambda found: found.learned)
    if not before.places:
        return before, before
    known = {found.paper.id: Example.of(found.paper, strength=found.words) for found in asked}
    data = TrainingData(listed=stream.positives)
    data = with_verdicts(data, opinions, known, {}, ())
    ranker = Ranker.fit(data.listed, data.declined, stream.background)
    scores = ranker.score([found.paper for found in second], [found.words for found in second])
    after = {found.paper.id: score.value for found, score in zip(second, scores, strict=True)}
    return before, RankOrder.by(second, lambda found: after[found.paper.id])


def render_judge(found: JudgeEvaluation) -> Iterator[str]:
    """Yields the lines of the report for a maintainer."""
    report = found.report
    yield f"The judge ({report.model}) answered about {report.answered} of {report.asked} papers"
    if report.failure:
        yield f"  incomplete: {report.failure}"
    yield from _confusions(found)
    yield f"  listed papers that the judge is against: {len(found.lost)}"
    yield from (f"    {paper}" for paper in found.lost)
    yield f"  quotes that are not in the paper: {report.false_quotes}"
    yield from _cost(found)
    yield from _rankings(found)


def _confusions(found: JudgeEvaluation) -> Iterator[str]:
    yield f"  {'':16}{'for':>8}{'unsure':>8}{'against':>9}"
    for label, rows in (("", found.by_list), ("label: ", found.by_labels)):
        for row in rows:
            yield f"  {label + row.truth:16}{row.is_for:>8}{row.unsure:>8}{row.against:>9}"


def _cost(found: JudgeEvaluation) -> Iterator[str]:
    report = found.report
    month = found.tokens_a_month
    yield f"  cost: {report.requests} requests, {report.tokens:,} tokens, {found.tokens_a_paper:,.0f} a paper"
    yield f"  {PAPERS_A_DAY} papers a day would take {month:,} tokens a month: ${month / 1e6:,.2f}"
    yield "  at $1 per million tokens"


def _rankings(found: JudgeEvaluation) -> Iterator[str]:
    if found.before.places:
        yield f"  the ranker on {found.ranked:,} later papers, {len(found.before.places)} of them listed"
        for name, order in (("without the judge", found.before), ("with its answers", found.after)):
            shares = f"{order.recalls[0]:.0%} found at 1x, {order.recalls[2]:.0%} at 5x"
            yield f"    {name:20}{shares}, loss {order.loss:.4f}"
    else:
        yield "  no paper of the second half was listed, so the ranker can't be tested"

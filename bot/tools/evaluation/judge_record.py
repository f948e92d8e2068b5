"""A judge's evaluation as data."""

from __future__ import annotations

from bot.reports.json_record import JsonRecord, Share, Text
from bot.tools.evaluation.judge import VERDICTS, Confusion, JudgeEvaluation


class ConfusionRecord(JsonRecord):
    """How many papers of a kind the judge is for, unsure of and against."""

    truth: Text
    """The kind: `listed`, `not listed`, or the verdict of a label."""
    is_for: int
    """How many it is for."""
    unsure: int
    """How many it is unsure of."""
    against: int
    """How many it is against."""

    @classmethod
    def of(cls, confusion: Confusion, truth: str) -> ConfusionRecord:
        """The record of one row."""
        is_for, unsure, against = confusion.row(truth)
        return cls(truth=truth, is_for=is_for, unsure=unsure, against=against)


class JudgeRecord(JsonRecord):
    """What a judge's answers are worth."""

    asked: int
    """How many papers it was asked about."""
    answered: int
    """About how many it gave usable answers."""
    by_list: tuple[ConfusionRecord, ...]
    """Its answers about papers that the list added later (`listed`) and about others (`not listed`)."""
    by_labels: tuple[ConfusionRecord, ...]
    """Its answers by the verdict of the labels; empty without labels."""
    lost: tuple[Text, ...]
    """The ids of the papers that the list added and it is against."""
    false_quotes: int
    """How many quotes were not in the paper."""
    requests: int
    """How many requests were sent."""
    tokens: int
    """How many tokens they took."""
    tokens_a_paper: float
    """The tokens of both passes about a paper."""
    tokens_a_month: int
    """The tokens of 30 papers a day in 30 days."""
    taught: int
    """How many answers the ranker learned from."""
    ranked: int
    """How many later papers it ranked then."""
    recall_before: tuple[Share, ...]
    """The share of the listed papers among these found at `1x` to `20x` without the judge; empty if there are none."""
    recall_after: tuple[Share, ...]
    """The same after learning from the judge."""
    failure: Text
    """Why not all was answered; empty otherwise."""

    @classmethod
    def of(cls, found: JudgeEvaluation) -> JudgeRecord:
        """The record of an evaluation."""
        report, labels = found.report, found.by_labels
        return cls(
            asked=report.asked,
            answered=report.answered,
            by_list=tuple(
                ConfusionRecord.of(found.by_list, truth) for truth in ("listed", "not listed")
            ),
            by_labels=tuple(ConfusionRecord.of(labels, truth) for truth in VERDICTS)
            if labels
            else (),
            lost=tuple(str(paper.id) for paper in found.lost),
            false_quotes=report.false_quotes,
            requests=report.requests,
            tokens=report.tokens,
            tokens_a_paper=round(found.tokens_a_paper, 1),
            tokens_a_month=found.tokens_a_month,
            taught=found.taught,
            ranked=found.ranked,
            recall_before=found.before.recalls if found.before else (),
            recall_after=found.after.recalls if found.after else (),
            failure=report.failure,
        )

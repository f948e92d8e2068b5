"""Defines the JSON record of a judge's evaluation."""

from __future__ import annotations

from bot.reports.json_record import JsonRecord, Share, Text
from bot.tools.evaluation.judge import VERDICTS, Confusion, JudgeEvaluation


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

    @classmethod
    def of(cls, confusion: Confusion, truth: str) -> ConfusionRecord:
        """Makes the record of one kind of papers."""
        is_for, unsure, against = confusion.row(truth)
        return cls(truth=truth, is_for=is_for, unsure=unsure, against=against)


class JudgeRecord(JsonRecord):
    """The result of testing a judge."""

    asked: int
    """How many papers the judge was asked about."""
    answered: int
    """How many of these papers got usable answers."""
    by_list: tuple[ConfusionRecord, ...]
    """The judge's answers about papers that the list added later (`listed`) and about others (`not listed`)."""
    by_labels: tuple[ConfusionRecord, ...]
    """The judge's answers by the verdict of the labels; empty without labels."""
    lost: tuple[Text, ...]
    """The ids of the papers that the list added although the judge is against them."""
    false_quotes: int
    """How many quotes were not in the paper."""
    requests: int
    """How many requests were sent."""
    tokens: int
    """How many tokens the requests took."""
    tokens_a_paper: float
    """The mean number of tokens for one paper, both passes together."""
    tokens_a_month: int
    """The estimated number of tokens for 30 papers a day in 30 days."""
    taught: int
    """How many answers the ranker learned from."""
    ranked: int
    """How many later papers were ranked, with and without the judge's answers."""
    recall_before: tuple[Share, ...]
    """The share of the listed ones among these papers found at `1x` to `20x` without the judge; empty if none is."""
    recall_after: tuple[Share, ...]
    """The same share after learning from the judge."""
    failure: Text
    """Why the judge did not answer about all papers; empty otherwise."""

    @classmethod
    def of(cls, found: JudgeEvaluation) -> JudgeRecord:
        """Makes the record of an evaluation."""
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

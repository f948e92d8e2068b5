"""Defines the JSON record of a judge's evaluation."""

from __future__ import annotations

from bot.reports.json_record import JsonRecord, Share, Text, at


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


class JudgeRecord(JsonRecord):
    """The result of testing a judge."""

    asked: int = at("report", "asked")
    """How many papers the judge was asked about."""
    answered: int = at("report", "answered")
    """How many of these papers got usable answers."""
    by_list: tuple[ConfusionRecord, ...]
    """The judge's answers about papers that the list added later (`listed`) and about others (`not listed`)."""
    by_labels: tuple[ConfusionRecord, ...]
    """The judge's answers by the verdict of the labels; empty without labels."""
    lost: tuple[Text, ...]
    """The ids of the papers that the list added although the judge is against them."""
    false_quotes: int = at("report", "false_quotes")
    """How many quotes were not in the paper."""
    requests: int = at("report", "requests")
    """How many requests were sent."""
    tokens: int = at("report", "tokens")
    """How many tokens the requests took."""
    tokens_a_paper: float
    """The mean number of tokens for one paper, both passes together."""
    tokens_a_month: int
    """The estimated number of tokens for 30 papers a day in 30 days."""
    taught: int
    """How many answers the ranker learned from."""
    ranked: int
    """How many later papers were ranked, with and without the judge's answers."""
    recall_before: tuple[Share, ...] = at("before", "recalls")
    """The share of the listed ones among these papers found at `1x` to `20x` without the judge; empty if none is."""
    recall_after: tuple[Share, ...] = at("after", "recalls")
    """The same share after learning from the judge."""
    failure: Text = at("report", "failure")
    """Why the judge did not answer about all papers; empty otherwise."""

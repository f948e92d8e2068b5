"""What `arxiv-bot evaluate --json` prints, field by field."""

from __future__ import annotations

from typing import TypedDict


class RankingRecord(TypedDict):
    """How good an order of the papers is."""

    recall: dict[str, float]
    """The share found when as many papers are read as belong (`1x`), twice as many (`2x`), and so on."""
    loss: float
    """The log loss of the scores, the less the better."""
    papers_for_80_percent: int
    """How many papers have to be read to find four of five."""
    papers_a_week_for_80_percent: float
    """The same for a week."""
    places: list[int]
    """The places of the papers that belong, from 1."""


class OrdersRecord(TypedDict):
    """The orders held against each other."""

    learned: RankingRecord
    """By what was learned from the list."""
    words: RankingRecord
    """By the phrases alone."""


class BinRecord(TypedDict):
    """Papers scored alike."""

    low: float
    """The least score."""
    high: float
    """The highest score."""
    papers: int
    """How many they are."""
    mean: float
    """Their mean score."""
    listed: int
    """How many of them the list got."""


class PassingRecord(TypedDict):
    """What a threshold lets through of the papers that a phrase matches."""

    threshold: float
    """The threshold."""
    papers: int
    """How many papers pass."""
    listed: int
    """How many of them the list got."""


class PassingsRecord(TypedDict):
    """What thresholds let through."""

    words: list[PassingRecord]
    """By the score of the phrases alone."""
    learned: list[PassingRecord]
    """By the learned score."""


class YieldRecord(TypedDict):
    """What a phrase brings; of an exclude, what it keeps out."""

    topic: str
    """The topic's name."""
    phrase: str
    """The phrase."""
    papers: int
    """How many papers it matches."""
    listed: int
    """How many of them the list got."""
    alone: int
    """How many papers no other phrase matches."""
    alone_listed: int
    """How many of those the list got."""


class MissedRecord(TypedDict):
    """A listed paper that no phrase matches."""

    id: str
    """The arXiv id, without a version."""
    url: str
    """The abstract's page."""
    title: str
    """Its title."""


class EvaluationRecord(TypedDict):
    """The configuration, held against what the list got later."""

    cut: str
    """The day that was gone back to."""
    until: str
    """The day of the last addition."""
    entries: int
    """How many entries were learned from."""
    background: int
    """How many earlier papers were learned from."""
    stream: int
    """How many papers were ranked."""
    belonging: int
    """How many of them the list got."""
    later: int
    """How many entries came after the cut."""
    told_by_history: int
    """Of how many of those the day is from the list's history."""
    unseen: int
    """How many of those are not in the stream."""
    threshold: float
    """The configured threshold."""
    orders: OrdersRecord
    """How good the orders are."""
    reliability: list[BinRecord]
    """Whether learned scores mean what they say."""
    passing: PassingsRecord
    """What thresholds let through."""
    phrases: list[YieldRecord]
    """What each phrase brings."""
    excludes: list[YieldRecord]
    """What each exclude keeps out."""
    missed: list[MissedRecord]
    """The papers that the list got and no phrase matches."""

"""Computes an evaluation's measures: recall by papers read, reliability of scores, and what each phrase finds."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise

from bot.core.model import Evidence, Match, Paper, Topic
from bot.reports.json_record import JsonRecord, Text

BUDGETS = (1, 2, 5, 10, 20)
"""How many papers are read for each paper that belongs in the list."""

_BINS = (0.0, 0.001, 0.003, 0.01, 0.03, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.001)


@dataclass(frozen=True, slots=True)
class Judged:
    """A ranked paper. `words` and `learned` are its scores, `listed` says whether the curator listed it later.

    `relevant` says whether a phrase matches it, of a topic that covers one of its categories.
    """

    paper: Paper
    evidence: Evidence
    relevant: bool
    words: float
    learned: float
    listed: bool


Score = Callable[[Judged], float]


@dataclass(frozen=True, slots=True)
class RankOrder:
    """The quality of a ranking of `size` papers. `places` are the ranks of the papers that belong, from 1.

    Among papers with the same score, those that belong count as evenly spaced.
    """

    places: tuple[int, ...]
    size: int

    @classmethod
    def by(cls, judged: Sequence[Judged], score: Score) -> RankOrder:
        """Ranks papers by a score, highest first."""
        places: list[int] = []
        start = 0
        ordered = sorted(judged, key=score, reverse=True)
        for _, group in groupby(ordered, score):
            tied = [paper.listed for paper in group]
            count = sum(tied)
            places += [start + int((n + 0.5) * len(tied) / count) + 1 for n in range(count)]
            start += len(tied)
        return cls(tuple(places), start)

    @property
    def recalls(self) -> tuple[float, ...]:
        """The share of the papers that belong found at each of `BUDGETS`; empty if none belongs."""
        count = len(self.places)
        if not count:
            return ()
        return tuple(sum(p <= read * count for p in self.places) / count for read in BUDGETS)

    @property
    def loss(self) -> float:
        """The mean share of the papers that rank above a paper that belongs: 0 is perfect, 0.5 is chance."""
        above = sum(place - 1 for place in self.places)
        return above / len(self.places) / max(1, self.size - 1)

    @property
    def depth(self) -> int:
        """How many papers must be read to find 80 % of those that belong."""
        return self.places[max(0, -(-8 * len(self.places) // 10) - 1)]


class BinRecord(JsonRecord):
    """Papers with similar scores."""

    low: float
    """The lowest score."""
    high: float
    """The highest score."""
    papers: int
    """How many papers have such a score."""
    mean: float
    """Their mean score."""
    listed: int
    """How many of these papers the curator listed."""


def reliability(judged: Sequence[Judged]) -> Iterator[BinRecord]:
    """Yields a bin for each range of scores that has papers, to compare learned scores with actual shares."""
    for low, high in pairwise(_BINS):
        among = [paper for paper in judged if low <= paper.learned < high]
        if among:
            mean = sum(paper.learned for paper in among) / len(among)
            yield BinRecord(
                low=low,
                high=min(high, 1.0),
                papers=len(among),
                mean=mean,
                listed=sum(paper.listed for paper in among),
            )


class PassingRecord(JsonRecord):
    """The papers that a phrase matches and that reach a threshold."""

    threshold: float
    """The threshold."""
    papers: int
    """How many papers reach it."""
    listed: int
    """How many of these papers the curator listed."""


def passing(judged: Sequence[Judged], score: Score, threshold: float) -> PassingRecord:
    """Counts the relevant papers that reach a threshold."""
    among = [paper for paper in judged if paper.relevant and score(paper) >= threshold]
    return PassingRecord(
        threshold=threshold, papers=len(among), listed=sum(paper.listed for paper in among)
    )


class YieldRecord(JsonRecord):
    """What a phrase finds; for an exclude, what it keeps out."""

    topic: Text
    """The topic's name."""
    phrase: Text
    """The phrase."""
    papers: int
    """How many papers it matches."""
    listed: int
    """How many of these papers the curator listed."""
    alone: int
    """How many of its papers no other phrase matches."""
    alone_listed: int
    """How many of those the curator listed."""


def yields(judged: Sequence[Judged], topics: Sequence[Topic]) -> tuple[YieldRecord, ...]:
    """Counts what each phrase finds, in the configuration's order, including phrases that find nothing."""
    relevant = [paper for paper in judged if paper.relevant]
    wanted = [(topic.name, phrase) for topic in topics for phrase in topic.phrases]
    return _counted(wanted, ((paper, paper.evidence.matches) for paper in relevant))


def kept_out(judged: Sequence[Judged], topics: Sequence[Topic]) -> tuple[YieldRecord, ...]:
    """Counts what each exclude keeps out, in the configuration's order; `alone` papers match no other exclude."""
    wanted = [(topic.name, phrase) for topic in topics for phrase in topic.excludes]
    return _counted(wanted, ((paper, paper.evidence.excluded) for paper in judged))


_Key = tuple[str, str]


def _counted(
    wanted: Sequence[_Key], papers: Iterable[tuple[Judged, Sequence[Match]]]
) -> tuple[YieldRecord, ...]:
    """Counts the papers of each wanted phrase, and those that no other phrase matches."""
    found: dict[_Key, list[tuple[Judged, bool]]] = {key: [] for key in wanted}
    for paper, matches in papers:
        keys = {(match.topic, match.phrase) for match in matches}
        is_alone = len({phrase for _, phrase in keys}) == 1
        for key in keys:
            found[key].append((paper, is_alone))
    return tuple(_yield(key, found[key]) for key in wanted)


def _yield(key: _Key, papers: Sequence[tuple[Judged, bool]]) -> YieldRecord:
    alone = [paper for paper, by_itself in papers if by_itself]
    topic, phrase = key
    return YieldRecord(
        topic=topic,
        phrase=phrase,
        papers=len(papers),
        listed=sum(paper.listed for paper, _ in papers),
        alone=len(alone),
        alone_listed=sum(paper.listed for paper in alone),
    )

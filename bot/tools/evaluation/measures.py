"""What is measured of papers that were judged: recall by papers read, reliability of scores, what phrases bring."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise

from bot.core.model import Evidence, Paper, Topic

BUDGETS = (1, 2, 5, 10, 20)
"""How many papers are read for each that belongs."""

_BINS = (0.0, 0.001, 0.003, 0.01, 0.03, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.001)


@dataclass(frozen=True, slots=True)
class Judged:
    """A paper of the stream. `words` and `learned` are its scores, `listed` whether the curator listed it later.

    `relevant` is whether a phrase of a topic in whose categories it is matches it.
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
    """How good an order is. `places` are those of the papers that belong, from 1, of `size` papers.

    Among papers scored alike those that belong count as spread evenly.
    """

    places: tuple[int, ...]
    size: int

    @classmethod
    def by(cls, judged: Sequence[Judged], score: Score) -> RankOrder:
        """The order by a score, the highest first."""
        places: list[int] = []
        start = 0
        ordered = sorted(judged, key=score, reverse=True)
        for _, group in groupby(ordered, score):
            alike = [paper.listed for paper in group]
            count = sum(alike)
            places += [start + int((n + 0.5) * len(alike) / count) + 1 for n in range(count)]
            start += len(alike)
        return cls(tuple(places), start)

    @property
    def recalls(self) -> tuple[float, ...]:
        """The share that is found at each of `BUDGETS`."""
        count = len(self.places)
        return tuple(sum(p <= read * count for p in self.places) / count for read in BUDGETS)

    @property
    def loss(self) -> float:
        """The mean share of the stream that stands above a paper that belongs: 0 is perfect, 0.5 chance."""
        above = sum(place - 1 for place in self.places)
        return above / len(self.places) / max(1, self.size - 1)

    @property
    def depth(self) -> int:
        """How many papers are read for 80 % of those that belong."""
        return self.places[max(0, -(-8 * len(self.places) // 10) - 1)]


@dataclass(frozen=True, slots=True)
class Bin:
    """The papers scored alike: how many, their mean score, and how many of them the curator listed."""

    low: float
    high: float
    papers: int
    mean: float
    listed: int


def reliability(judged: Sequence[Judged]) -> Iterator[Bin]:
    """Whether learned scores mean what they say, a bin for each range that has papers."""
    for low, high in pairwise(_BINS):
        among = [paper for paper in judged if low <= paper.learned < high]
        if among:
            mean = sum(paper.learned for paper in among) / len(among)
            yield Bin(low, min(high, 1.0), len(among), mean, sum(paper.listed for paper in among))


@dataclass(frozen=True, slots=True)
class Passing:
    """How many relevant papers score at least so much, and how many of them were listed."""

    threshold: float
    papers: int
    listed: int


def passing(judged: Sequence[Judged], score: Score, threshold: float) -> Passing:
    """What a threshold lets through of the papers that a phrase matches."""
    among = [paper for paper in judged if paper.relevant and score(paper) >= threshold]
    return Passing(threshold, len(among), sum(paper.listed for paper in among))


@dataclass(frozen=True, slots=True)
class PhraseYield:
    """What a phrase brings: papers and those of them listed, then the same of papers that no other phrase matches.

    Of an exclude it is what it keeps out.
    """

    topic: str
    phrase: str
    papers: int = 0
    listed: int = 0
    alone: int = 0
    alone_listed: int = 0


def yields(judged: Sequence[Judged], topics: Sequence[Topic]) -> tuple[PhraseYield, ...]:
    """What each phrase brings, in the configuration's order; those that bring nothing too."""
    met = _by_phrase(
        (paper, {(match.topic, match.phrase) for match in paper.evidence.matches})
        for paper in judged
        if paper.relevant
    )
    wanted = [(topic.name, phrase) for topic in topics for phrase in topic.phrases]
    return tuple(_yield(key, met.get(key, ())) for key in wanted)


def kept_out(judged: Sequence[Judged], topics: Sequence[Topic]) -> tuple[PhraseYield, ...]:
    """What each exclude keeps out, in the configuration's order; `alone` are papers that no topic brings either."""
    met = _by_phrase(
        (paper, {(match.topic, match.phrase) for match in paper.evidence.excluded})
        for paper in judged
    )
    wanted = [(topic.name, phrase) for topic in topics for phrase in topic.excludes]
    return tuple(_yield(key, met.get(key, ())) for key in wanted)


_Key = tuple[str, str]


def _by_phrase(
    pairs: Iterator[tuple[Judged, set[_Key]]],
) -> Mapping[_Key, Sequence[tuple[Judged, bool]]]:
    """The papers of each phrase, with whether nothing else has them."""
    found: dict[_Key, list[tuple[Judged, bool]]] = {}
    for paper, keys in pairs:
        for key in keys:
            found.setdefault(key, []).append((paper, len({phrase for _, phrase in keys}) == 1))
    return found


def _yield(key: _Key, papers: Sequence[tuple[Judged, bool]]) -> PhraseYield:
    alone = [paper for paper, by_itself in papers if by_itself]
    return PhraseYield(
        *key,
        papers=len(papers),
        listed=sum(paper.listed for paper, _ in papers),
        alone=len(alone),
        alone_listed=sum(paper.listed for paper in alone),
    )

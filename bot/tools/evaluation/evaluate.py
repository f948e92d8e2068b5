"""Measures how well the bot would have found the papers that a list's curator added after some day, the cut.

The ranker learns from the entries and papers before the cut, and ranks the papers from the cut to the last addition.
Curators miss papers, so some of the unlisted papers would have been right.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from operator import attrgetter

from bot.core.arxiv_id import ArxivId
from bot.core.model import Paper, Topic
from bot.listing.index import Listed, ListIndex
from bot.relevance.examples import Example
from bot.relevance.phrases import Matcher, in_categories, strength
from bot.relevance.ranker import Ranker
from bot.tools.evaluation.measures import (
    BinRecord,
    Judged,
    PassingRecord,
    RankOrder,
    Score,
    YieldRecord,
    kept_out,
    passing,
    reliability,
    yields,
)
from bot.tools.evaluation.split import Split, day_of, month_of

_AT_ONCE = 5000
_THRESHOLDS = (0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9)


@dataclass(frozen=True, slots=True)
class Evaluation:
    """The result of an evaluation; all numbers are counts.

    The ranker learned from `entries` and `background` papers, and ranked the `stream`. The curator listed `belonging`
    papers of the stream, which begins at `since`; no phrase matches the `missed` papers among them.
    Of the `later` entries, `unseen` are not in the stream, and `dated_by_history` have their day from the list's
    history, the others from their papers.
    `by_words` and `by_learned` are the papers that pass each threshold, by the phrases' score and the learned score.
    """

    cut: date
    since: date
    until: date
    entries: int
    background: int
    stream: int
    belonging: int
    later: int
    dated_by_history: int
    unseen: int
    threshold: float
    learned: RankOrder
    words: RankOrder
    bins: tuple[BinRecord, ...]
    by_words: tuple[PassingRecord, ...]
    by_learned: tuple[PassingRecord, ...]
    phrases: tuple[YieldRecord, ...]
    excludes: tuple[YieldRecord, ...]
    missed: tuple[Paper, ...]

    @property
    def weeks(self) -> float:
        """The weeks from the cut, or the first paper of the stream, to the last addition; at least one."""
        return max(1.0, (self.until - max(self.cut, self.since)).days / 7)


@dataclass(frozen=True, slots=True)
class ScoredStream:
    """The papers after the cut with their scores, and the examples that the ranker learned from.

    `unseen` is the number of later entries that are not in the stream.
    """

    judged: tuple[Judged, ...]
    positives: tuple[Example, ...]
    background: tuple[Example, ...]
    unseen: int


def read_stream(
    papers: Sequence[Paper],
    index: ListIndex,
    parted: Split,
    topics: Sequence[Topic],
    cut: date,
) -> ScoredStream | None:
    """Learns from everything before the cut, and scores the later papers.

    `papers` are the stream, beginning some time before the cut, and any other known listed papers.
    Returns None if no later entry is in the stream, since there is nothing to compare with.
    """
    entry_of = {
        paper.id: found.entry for paper in papers if isinstance(found := index.find(paper), Listed)
    }
    earlier, pool = _divided(papers, entry_of, parted, cut)
    listed = {paper.id for paper in pool if entry_of.get(paper.id) in parted.later}
    if not listed:
        return None
    matcher = Matcher(topics)
    positives = _positives(earlier, parted.before, entry_of, matcher)
    background = tuple(_example(paper, matcher) for paper in earlier)
    ranker = Ranker.fit(positives, (), background)
    judged = _judge(pool, ranker, matcher, {topic.name: topic for topic in topics}, listed)
    unseen = len(parted.later.keys() - set(map(entry_of.__getitem__, listed)))
    return ScoredStream(tuple(judged), positives, background, unseen)


def evaluate(
    stream: ScoredStream, parted: Split, topics: Sequence[Topic], *, cut: date, threshold: float
) -> Evaluation:
    """Compares the ranking of the stream with what the curator listed."""
    judged = stream.judged
    days = [day_of(found.paper) for found in judged]
    listed = [found for found in judged if found.listed]
    learned, words = attrgetter("learned"), attrgetter("words")
    return Evaluation(
        cut=cut,
        since=min(days),
        until=min(parted.until, max(days)),
        entries=len(parted.before),
        background=len(stream.background),
        stream=len(judged),
        belonging=len(listed),
        later=len(parted.later),
        dated_by_history=parted.dated_by_history,
        unseen=stream.unseen,
        threshold=threshold,
        learned=RankOrder.by(judged, learned),
        words=RankOrder.by(judged, words),
        bins=tuple(reliability(judged)),
        by_words=_passing(judged, words, threshold),
        by_learned=_passing(judged, learned, threshold),
        phrases=yields(judged, topics),
        excludes=kept_out(judged, topics),
        missed=tuple(found.paper for found in listed if not found.relevant),
    )


def _passing(judged: Sequence[Judged], score: Score, threshold: float) -> tuple[PassingRecord, ...]:
    return tuple(passing(judged, score, value) for value in sorted({*_THRESHOLDS, threshold}))


def _divided(
    papers: Sequence[Paper], entry_of: Mapping[ArxivId, int], parted: Split, cut: date
) -> tuple[list[Paper], list[Paper]]:
    """Returns the papers before the cut, and the later ones to rank, without those listed before the cut."""
    before = {entry.entry for entry in parted.before}
    earlier = [paper for paper in papers if day_of(paper) < cut]
    pool = [
        paper
        for paper in papers
        if cut <= day_of(paper) <= parted.until and entry_of.get(paper.id) not in before
    ]
    return earlier, pool


def _positives(
    earlier: Sequence[Paper],
    before: Sequence[Listed],
    entry_of: Mapping[ArxivId, int],
    matcher: Matcher,
) -> tuple[Example, ...]:
    """Returns the entries at the cut, each with the paper's metadata if known by then, else with title and month."""
    known = {entry_of[paper.id]: paper for paper in earlier if paper.id in entry_of}
    return tuple(
        _example(paper, matcher, entry.line)
        if (paper := known.get(entry.entry))
        else Example(
            entry.title, date=month_of(entry.ids[0]) if entry.ids else None, line=entry.line
        )
        for entry in before
    )


def _example(paper: Paper, matcher: Matcher, line: int = 0) -> Example:
    words = strength(matcher.match(paper))
    return Example(paper.title, paper.abstract, paper.authors, day_of(paper), line, words)


def _judge(
    pool: Sequence[Paper],
    ranker: Ranker,
    matcher: Matcher,
    topics: Mapping[str, Topic],
    listed: Collection[ArxivId],
) -> list[Judged]:
    found = [matcher.match(paper) for paper in pool]
    relevant = [
        any(in_categories(paper, topics[name]) for name in evidence.topics)
        for paper, evidence in zip(pool, found, strict=True)
    ]
    words = [
        strength(evidence) if fits else 0.0 for evidence, fits in zip(found, relevant, strict=True)
    ]
    added = [paper.id in listed for paper in pool]
    return list(map(Judged, pool, found, relevant, words, _scores(pool, words, ranker), added))


def _scores(pool: Sequence[Paper], words: Sequence[float], ranker: Ranker) -> Iterator[float]:
    """Yields each paper's learned score; works in batches, since all features at once would fill the memory."""
    for start in range(0, len(pool), _AT_ONCE):
        batch = slice(start, start + _AT_ONCE)
        yield from (score.value for score in ranker.score(pool[batch], words[batch]))

"""Reads years of papers for a new or long-neglected list, in bounded memory however many papers there are."""

from __future__ import annotations

import hashlib
import os
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from bot.core.arxiv_id import ArxivId
from bot.core.errors import SourceError
from bot.core.model import Coverage, Harvest, Paper, Topic, Window
from bot.sources.days import compress, write_atomically
from bot.sources.oai import OaiPmh
from bot.sources.prefilter import LineSearch, PhraseFilter, RecordFilter
from bot.sources.protocol import Selective, Source
from bot.sources.snapshot import (
    Block,
    ReadingProgress,
    Snapshot,
    SnapshotRecord,
    is_within,
    moment_of,
    no_progress,
)

_LAST_MONTH = "newest.jsonl.gz"  # sorts after the months; every run downloads it again
_SAMPLE = 5000  # background papers at most; the ranker uses no more
_LOOKED_AT = 12_000  # lines at most that are parsed for the sample
_USUAL = 1 << 20  # bytes that show which words are rare


class SnapshotBacklog:
    """Keeps only the papers of a snapshot that a phrase may match, and a sample of all papers as background."""

    name = "snapshot"

    def __init__(self, snapshot: Snapshot, progress: ReadingProgress) -> None:
        self._snapshot = snapshot
        self._progress = progress

    def collect(self, topics: tuple[Topic, ...], window: Window) -> Harvest:
        """Returns the papers on the topics; the reported window ends with the newest of them. See `Source`."""
        papers: dict[ArxivId, Paper] = {}
        sample = _Sample()
        read, failure = 0, ""
        try:
            for found in self._found(topics, window):
                read += found.lines
                papers |= {paper.id: paper for paper in found.papers}
                for record in found.sample:
                    sample.keep(record)
                if found.failure:
                    raise found.failure
        except SourceError as error:
            failure = f"{error.where}: {error.message} ({error.fix})"
        newest = max(map(moment_of, papers.values()), default=window.until)
        coverage = Coverage(
            source=self.name,
            of=self._snapshot.path.name,
            asked=f"{window.since:%Y-%m-%d} to {window.until:%Y-%m-%d}",
            read=len(papers),
            window=Window(window.since, min(window.until, newest)),
            failure=failure,
            note=f"searched {read:,} records for papers that a phrase may match",
        )
        background = tuple(
            paper for paper in sample.kept if _is_wanted(paper, self._snapshot, window)
        )
        return Harvest(tuple(papers.values()), coverage, background)

    def _found(self, topics: tuple[Topic, ...], window: Window) -> Iterator[_Found]:
        """Yields the result of each block of the snapshot, in order; threads search in parallel, as RE2 allows."""
        blocks = self._snapshot.blocks(self._progress)
        first = next(blocks, None)
        if first is None:
            return
        scan = _Scan(
            LineSearch(topics, first.data[:_USUAL]),
            PhraseFilter(topics),
            self._snapshot.record_filter(window),
            self._snapshot,
            window,
            max(1, self._snapshot.size() // _LOOKED_AT),
        )
        threads = os.cpu_count() or 1
        with ThreadPoolExecutor(threads) as pool:
            waiting = deque([pool.submit(scan, first)])
            failure = None
            try:
                for block in blocks:
                    waiting.append(pool.submit(scan, block))
                    if len(waiting) > 2 * threads:
                        yield waiting.popleft().result()
            except SourceError as error:
                failure = error
            yield from (future.result() for future in waiting)
            if failure:
                raise failure


def _is_wanted(paper: Paper, snapshot: Snapshot, window: Window) -> bool:
    """Whether the paper appeared in the window, in one of the snapshot's categories."""
    return is_within(paper, window) and snapshot.wants(paper)


class _Found(NamedTuple):
    """The result of a block: the number of its lines, papers that a phrase may match, and records of its sample.

    `failure` is about the first line that could not be read; the rest of the block was not.
    """

    lines: int
    papers: list[Paper]
    sample: list[SnapshotRecord]
    failure: SourceError | None


@dataclass(frozen=True, slots=True)
class _Scan:
    """Searches a block for papers that a phrase may match, and takes the lines at every `step` bytes as a sample."""

    by_line: LineSearch
    by_phrase: PhraseFilter
    by_record: RecordFilter
    snapshot: Snapshot
    window: Window
    step: int

    def __call__(self, block: Block) -> _Found:
        matching, sampled = self.by_line.starts(block.data), set(block.starts(self.step))
        papers, sample, failure = [], [], None
        try:
            for start, record in block.records(sorted(matching | sampled | {*block.odd_lines()})):
                if not self.by_record.passes(record.data):
                    continue
                if start in sampled:
                    sample.append(record)
                if start in matching and self.by_phrase.passes(record.text()):
                    paper = record.paper()
                    if _is_wanted(paper, self.snapshot, self.window):
                        papers.append(paper)
        except SourceError as error:
            failure = error
        return _Found(block.lines, papers, sample, failure)


class _Sample:
    """A few thousand papers, evenly spaced over the records that it is given."""

    def __init__(self) -> None:
        self.kept: list[Paper] = []
        self._step = 1  # one record out of this many is kept
        self._seen = 0

    def keep(self, record: SnapshotRecord) -> None:
        """Keeps a record if it is its turn; when the sample is full, drops every other paper and doubles the step."""
        self._seen += 1
        if self._seen % self._step:
            return
        self.kept.append(record.paper())
        if len(self.kept) == _SAMPLE:
            del self.kept[::2]
            self._step *= 2


class OaiBacklog:
    """Reads years from OAI-PMH, one month of changes at a time, oldest first, and saves each month to disk.

    A record that changes during the run moves to a later month, which has not been read yet, so no record is missed.
    An interrupted run continues with the first month that is not on disk.
    """

    name = "oai"

    def __init__(self, source: OaiPmh, folder: Path, progress: ReadingProgress) -> None:
        self._source = source
        self._folder = (
            folder / hashlib.sha256(" ".join(source.categories).encode()).hexdigest()[:12]
        )
        self._progress = progress

    def collect(self, topics: tuple[Topic, ...], window: Window) -> Harvest:
        """Returns the papers on the topics; after a failure, only those of the months before it. See `Source`."""
        before = self._source.requests
        months = tuple(months_of(Window(window.since, max(window.until, window.since))))[::-1]
        failure, reached = "", window.since
        for number, month in enumerate(months, start=1):
            try:
                self._read(month, is_last=number == len(months))
            except SourceError as error:
                failure = f"read up to {reached:%Y-%m-%d}, then {error.message} ({error.fix})"
                break
            reached = month.until
            self._progress(number, len(months))
        if not any(self._folder.glob("*.jsonl.gz")):
            coverage = Coverage(self.name, "arXiv", "", window=window, failure=failure)
            return Harvest((), coverage)
        kept = SnapshotBacklog(Snapshot(self._folder, self._source.categories), no_progress)
        harvest = kept.collect(topics, window)
        coverage = replace(
            harvest.coverage,
            source=self.name,
            of="arXiv",
            requests=self._source.requests - before,
            window=Window(window.since, reached) if failure and reached > window.since else window,
            failure=failure or harvest.coverage.failure,
            note=f"read up to {reached:%Y-%m-%d}; {harvest.coverage.note}",
        )
        return replace(harvest, coverage=coverage)

    def _read(self, month: Window, *, is_last: bool) -> None:
        """Saves a month's changes unless they are on disk; the last month still grows, so every run reads it."""
        first = month.since.date().replace(day=1)
        file = self._folder / f"{first:%Y-%m}.jsonl.gz"
        if file.exists():
            return
        last = None if is_last else month.until.date() - timedelta(days=1)
        papers = {change.paper.id: change.paper for change in self._source.changes(first, last)}
        name = self._folder / _LAST_MONTH if is_last else file
        write_atomically(name, compress(papers.values()))


class Monthly:
    """Asks another source month by month, newest first, so that no single answer is too large for it."""

    def __init__(self, source: Source, progress: ReadingProgress) -> None:
        self._source = source
        self._progress = progress

    @property
    def name(self) -> str:
        """The other source's name."""
        return self._source.name

    def collect(self, topics: tuple[Topic, ...], window: Window) -> Harvest:
        """Returns the papers of all months; stops at the first month that fails and reports it. See `Source`."""
        months = tuple(months_of(window))
        papers: dict[ArxivId, Paper] = {}
        background: dict[ArxivId, Paper] = {}
        covered: list[Coverage] = []
        for number, month in enumerate(months, start=1):
            harvest = self._source.collect(topics, month)
            papers |= {paper.id: paper for paper in harvest.papers}
            background |= {paper.id: paper for paper in harvest.background}
            covered.append(harvest.coverage)
            self._progress(number, len(months))
            if harvest.coverage.failure:
                break
        if not background and papers and isinstance(self._source, Selective):
            with suppress(SourceError):  # without background papers, the phrases alone decide
                background = {paper.id: paper for paper in self._source.sample(window.until)}
        coverage = _joined(covered, len(months))
        coverage = replace(coverage, read=len(papers), window=window)
        return Harvest(tuple(papers.values()), coverage, tuple(background.values()))


def _joined(covered: Sequence[Coverage], months: int) -> Coverage:
    """Joins the coverage of several months; `months` is how many were wanted."""
    return replace(
        covered[0],
        matched=None,
        requests=sum(coverage.requests for coverage in covered),
        capped="; ".join(coverage.capped for coverage in covered if coverage.capped),
        failure=covered[-1].failure,
        note=f"read month by month, {len(covered)} of {months}",
    )


def months_of(window: Window) -> Iterator[Window]:
    """Splits a window into calendar months, newest first; the first and last month are cut to the window."""
    until = window.until
    while until > window.since:
        start = datetime(until.year, until.month, 1, tzinfo=UTC)
        if start == until:
            start = datetime(
                until.year - (until.month == 1), (until.month - 2) % 12 + 1, 1, tzinfo=UTC
            )
        yield Window(max(start, window.since), until)
        until = start


@dataclass(frozen=True, slots=True)
class CollectedHarvest:
    """A harvest that was already collected, as a source."""

    name: str
    harvest: Harvest

    def collect(self, topics: tuple[Topic, ...], window: Window) -> Harvest:
        """Returns the harvest, whatever the topics and the window. See `Source`."""
        del topics, window
        return self.harvest

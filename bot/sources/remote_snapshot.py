"""A harvest that somebody publishes, as a source: only the days needed, each checked by its hash.

Days that it lacks are read from arXiv itself, and the coverage statement says which.
"""

from __future__ import annotations

import hashlib
import json
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time
from typing import Any, Protocol
from urllib.parse import urljoin, urlsplit

from bot.core.arxiv_id import ArxivId
from bot.core.categories import covers
from bot.core.english import count
from bot.core.errors import SourceError
from bot.core.model import Coverage, Harvest, Paper, Topic, Window
from bot.sources.calendar import announcement_day, working_days
from bot.sources.days import HarvestedDay, Manifest, parse_manifest
from bot.sources.protocol import Source
from bot.sources.snapshot import BACKGROUND, is_within, parse_record

_MOST_BYTES = 200 * 2**20  # of a day's papers, unpacked; a day of all of arXiv has 5


class Download(Protocol):
    """What this source needs of a session."""

    @property
    def requests(self) -> int:
        """How many requests were sent so far."""

    def download(self, url: str) -> bytes:
        """A file; SourceError with the reason if it can't be had."""


class RemoteSnapshot:
    """The harvest behind the address of a manifest.

    Args:
        session: fetches the manifest and the days.
        url: the manifest's address; the days' files are beside it.
        categories: the categories whose papers are wanted.
        arxiv: asked for the days that the harvest lacks.
    """

    name = "snapshot"

    def __init__(
        self, session: Download, url: str, categories: Sequence[str], arxiv: Source
    ) -> None:
        self._session = session
        self._url = url
        self._categories = tuple(categories)
        self._arxiv = arxiv

    def collect(self, topics: tuple[Topic, ...], window: Window) -> Harvest:
        """The papers that appeared within the window, and those of the weeks before as background. See `Source`."""
        before = self._session.requests
        papers: dict[ArxivId, Paper] = {}
        background: dict[ArxivId, Paper] = {}
        failure, missing = "", tuple(self._expected(window))
        try:
            manifest = parse_manifest(self._session.download(self._url), self._url)
            missing = self._missing(manifest, window)
            for paper in self._days(manifest, window):
                background[paper.id] = paper
                if is_within(paper, window):
                    papers[paper.id] = paper
        except SourceError as error:
            failure = f"{error.where}: {error.message}"
            missing = tuple(self._expected(window))
        coverage = Coverage(
            source=self.name,
            of=urlsplit(self._url).netloc,
            asked=f"{window.since:%Y-%m-%d} to {window.until:%Y-%m-%d}",
            read=len(papers),
            requests=self._session.requests - before,
            window=window,
        )
        harvest = Harvest(tuple(papers.values()), coverage, tuple(background.values()))
        return self._completed(harvest, topics, missing, failure) if missing else harvest

    def _completed(
        self, harvest: Harvest, topics: tuple[Topic, ...], missing: tuple[date, ...], why: str
    ) -> Harvest:
        """The harvest with the papers that arXiv has of the missing days."""
        window = harvest.coverage.window
        until = window.until if window else datetime.combine(missing[-1], time.max, UTC)
        rest = self._arxiv.collect(topics, Window(datetime.combine(missing[0], time(), UTC), until))
        papers = {paper.id: paper for paper in (*rest.papers, *harvest.papers)}
        background = {paper.id: paper for paper in (*rest.usual, *harvest.usual)}
        days = f"{missing[0]}" if len(missing) == 1 else f"{missing[0]} to {missing[-1]}"
        note = f"{count(len(missing), 'day')} ({days}) read from arXiv, as the snapshot lacks them"
        coverage = replace(
            harvest.coverage,
            read=len(papers),
            requests=harvest.coverage.requests + rest.coverage.requests,
            note=f"{note}: {why}" if why else note,
            failure=rest.coverage.failure,
            capped=rest.coverage.capped,
        )
        return Harvest(tuple(papers.values()), coverage, tuple(background.values()))

    def _missing(self, manifest: Manifest, window: Window) -> tuple[date, ...]:
        """The working days of the window that the harvest lacks; all, where it lacks a category."""
        lacks = not all(covers(manifest.categories, [name]) for name in self._categories)
        return tuple(day for day in self._expected(window) if lacks or day not in manifest.complete)

    def _expected(self, window: Window) -> Iterator[date]:
        return working_days(window.since.date(), announcement_day(window.until))

    def _days(self, manifest: Manifest, window: Window) -> Iterator[Paper]:
        first = (window.since - BACKGROUND).date()
        for day in manifest.days:
            if day.complete and first <= day.day <= window.until.date():
                yield from self._day(day)

    def _day(self, day: HarvestedDay) -> Iterator[Paper]:
        """The papers of a day in the categories. Raises SourceError: its file is not what the manifest says."""
        url = urljoin(self._url, day.file)
        content = self._session.download(url)
        if hashlib.sha256(content).hexdigest() != day.sha256:
            raise SourceError("is not the file that the manifest names", where=url)
        for number, line in enumerate(_unpacked(content, url).splitlines(), start=1):
            try:
                record: dict[str, Any] = json.loads(line)
                if covers(self._categories, record["categories"]):
                    yield parse_record(record)
            except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
                reason = f"line {number} is not a record of a paper: {error}"
                raise SourceError(reason, where=url) from None


def _unpacked(content: bytes, url: str) -> bytes:
    unpack = zlib.decompressobj(wbits=31)
    try:
        plain = unpack.decompress(content, _MOST_BYTES)
    except zlib.error as error:
        raise SourceError(f"can't be unpacked: {error}", where=url) from None
    if not unpack.eof:
        raise SourceError(f"is cut short, or has more than {_MOST_BYTES:,} bytes", where=url)
    return plain

"""A published harvest as a source: downloads only the days needed, and checks the hash of each.

Days that the harvest lacks are read from arXiv itself, and the coverage names them.
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

_MOST_BYTES = 200 * 2**20  # of a day's papers, unpacked; all of arXiv has about 5 MiB a day


class Download(Protocol):
    """The part of a session that this source needs."""

    @property
    def requests(self) -> int:
        """How many requests have been sent so far."""

    def download(self, url: str) -> bytes:
        """Downloads a file. Raises SourceError with the reason if that fails."""


class RemoteSnapshot:
    """A harvest that is published at a URL, as its manifest describes it.

    Args:
        session: fetches the manifest and the days.
        url: the manifest's URL; the day files are in the same folder.
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
        """Returns the papers of the window, and those of the weeks before as background. See `Source`."""
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
        """Adds arXiv's papers of the missing days; `why` says why the snapshot failed, if it did."""
        window = harvest.coverage.window
        until = window.until if window else datetime.combine(missing[-1], time.max, UTC)
        rest = self._arxiv.collect(topics, Window(datetime.combine(missing[0], time(), UTC), until))
        papers = {paper.id: paper for paper in (*rest.papers, *harvest.papers)}
        background = {paper.id: paper for paper in (*rest.background, *harvest.background)}
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
        """Returns the working days of the window that the harvest lacks: all of them if it lacks a category."""
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
        """Yields a day's papers in the categories. Raises SourceError if the file does not match the manifest."""
        url = urljoin(self._url, day.file)
        content = self._session.download(url)
        if hashlib.sha256(content).hexdigest() != day.sha256:
            raise SourceError("the file does not have the hash that the manifest gives", where=url)
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
        raise SourceError(f"the file can't be decompressed: {error}", where=url) from None
    if not unpack.eof:
        raise SourceError(
            f"the file is truncated, or has more than {_MOST_BYTES:,} bytes", where=url
        )
    return plain

"""Streams papers from files of JSON lines, plain or gzipped, with one paper per line.

Two record formats are supported: that of the arXiv snapshot on Kaggle
(https://www.kaggle.com/datasets/Cornell-University/arxiv), and the shorter `id, announced, title, authors, abstract,
categories, comments`, which `arxiv-bot harvest` writes (`bot/sources/days.py`). `announced` is the announcement day.
"""

from __future__ import annotations

import gzip
import json
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any, NamedTuple

from bot.core.arxiv_id import ArxivId
from bot.core.categories import covers
from bot.core.english import count
from bot.core.errors import SourceError, UsageError
from bot.core.model import Announcement, Coverage, Harvest, Paper, Topic, Window
from bot.sources.days import MANIFEST
from bot.sources.fields import abstract, line, names
from bot.sources.prefilter import RecordFilter
from bot.sources.session import Progress, silent

BACKGROUND = timedelta(days=28)
"""Papers from this long before the window are the background."""
_AT_ONCE = 1 << 20  # bytes read at a time; more does not fit into the processor's cache
_UNPACKED = 3  # the size of such files unpacked, as a multiple of their size
_SUFFIXES = (".jsonl", ".json", ".jsonl.gz", ".json.gz", ".ndjson", ".ndjson.gz")


_DECODE = json.JSONDecoder().raw_decode
ReadingProgress = Callable[[int, int], None]
"""Called with the number of bytes read so far, and the total number."""


def no_progress(done: int, total: int) -> None:
    """Reports no progress."""
    del done, total


class Block(NamedTuple):
    """A number of whole lines of a file; `before` is the number of lines of the file above them."""

    data: bytes
    path: Path
    lines: int
    before: int

    def line(self, start: int) -> int:
        """Returns the number of the line that starts at this position, counted from 1 in the file."""
        return self.before + self.data.count(b"\n", 0, start) + 1

    def starts(self, step: int) -> Iterator[int]:
        """Yields where lines start: one line for every `step` bytes, and every line if `step` is 1."""
        position = 0
        while position < len(self.data):
            yield self.data.rfind(b"\n", 0, position) + 1
            end = self.data.index(b"\n", position) + 1
            position = end + -end % step

    def odd_lines(self) -> Iterator[int]:
        """Yields the starts of lines without the form `{…}`, which are empty or no record of a paper."""
        usual = self.data.startswith(b"{") and self.data.endswith(b"}\n")
        if usual and self.data.count(b"}\n{") == self.lines - 1:
            return
        for start in self.starts(1):
            raw = self.data[start : self.data.index(b"\n", start)].strip()
            if not (raw.startswith(b"{") and raw.endswith(b"}")):
                yield start

    def records(self, starts: Iterable[int]) -> Iterator[tuple[int, SnapshotRecord]]:
        """Yields each of the given starts of lines with the record of its line; skips empty lines.

        Raises:
            SourceError: a line is not a record; the error names it.
        """
        for start in starts:
            raw = self.data[start : self.data.index(b"\n", start)]
            if raw and not raw.isspace():
                yield start, SnapshotRecord(_parse_json(raw, self, start), self, start)


class SnapshotRecord(NamedTuple):  # faster to create than a dataclass, and there are millions
    """A JSON object that should describe a paper, and where its line starts in a block."""

    data: dict[str, Any]
    block: Block
    start: int

    def paper(self) -> Paper:
        """Parses the record into a paper.

        Raises:
            SourceError: the record describes no paper; the error names the line.
        """
        try:
            return parse_record(self.data)
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise _no_record(self.block, self.start, error) from None

    def text(self) -> str:
        """Returns the title and the abstract, as written in the record. Raises like `paper`."""
        try:
            return f"{self.data['title']}\n{self.data['abstract']}"
        except KeyError as error:
            raise _no_record(self.block, self.start, error) from None


class Snapshot:
    """A file of papers, or a folder of such files, as a source.

    Raises:
        UsageError: the file or folder does not exist, or the folder has no file of papers.
    """

    name = "snapshot"

    def __init__(self, path: Path, categories: Sequence[str], progress: Progress = silent) -> None:
        self.path = path
        self._progress = progress
        self._categories = tuple(categories)
        self._files = _files(path)

    def collect(self, topics: tuple[Topic, ...], window: Window) -> Harvest:
        """Returns the papers of the categories that appeared within the window. See `Source`."""
        del topics
        before = Window(window.since - BACKGROUND, window.since)
        papers: dict[ArxivId, Paper] = {}
        background: dict[ArxivId, Paper] = {}
        read, failure = 0, ""
        try:
            for paper in self.candidates(Window(before.since, window.until)):
                read += 1
                if paper is None:
                    continue
                within = is_within(paper, window)
                if (within or is_within(paper, before)) and self.wants(paper):
                    background[paper.id] = paper
                    if within:
                        papers[paper.id] = paper
        except SourceError as error:
            failure = f"{error.where}: {error.message} ({error.fix})"
        coverage = Coverage(
            source=self.name,
            of=self.path.name,
            asked=f"{window.since:%Y-%m-%d} to {window.until:%Y-%m-%d}",
            read=len(papers),
            matched=None,
            window=window,
            failure=failure,
            note=f"read {count(read, 'record')} in {count(len(self._files), 'file')}",
        )
        return Harvest(tuple(papers.values()), coverage, tuple(background.values()))

    def candidates(self, window: Window) -> Iterator[Paper | None]:
        """Yields every record in order, as a paper, or as None if it is in other categories or outside the window.

        Raises:
            SourceError: a file or a line can't be read; the error names it.
        """
        by_record = self.record_filter(window)
        for record in self.records():
            yield record.paper() if by_record.passes(record.data) else None

    def look_up(self, ids: Sequence[ArxivId]) -> tuple[Paper, ...]:
        """Returns the papers with these ids that are in the files, in any order."""
        wanted = set(ids)
        return tuple({paper.id: paper for paper in self.papers() if paper.id in wanted}.values())

    def papers(self) -> Iterator[Paper]:
        """Yields every paper of every file, in order.

        Raises:
            SourceError: a file or a line can't be read; the error names it.
        """
        return (record.paper() for record in self.records())

    def records(self, progress: ReadingProgress = no_progress) -> Iterator[SnapshotRecord]:
        """Yields every record of every file, in order.

        Args:
            progress: called now and then with the number of bytes read so far, and the total number.

        Raises:
            SourceError: a file or a line can't be read; the error names it.
        """
        for block in self.blocks(progress):
            yield from (record for _, record in block.records(block.starts(1)))

    def blocks(self, progress: ReadingProgress = no_progress) -> Iterator[Block]:
        """Yields the lines of every file in order, about a megabyte at a time. See `records`."""
        total = sum(path.stat().st_size for path in self._files)
        done = 0
        for place, path in enumerate(self._files, start=1):
            self._progress(f"reading {path.name}, {place} of {len(self._files)}")
            before = 0
            try:
                with path.open("rb") as file:
                    unpacked = gzip.GzipFile(fileobj=file) if path.name.endswith(".gz") else file
                    while data := unpacked.read(_AT_ONCE):
                        data += unpacked.readline()
                        if not data.endswith(b"\n"):
                            data += b"\n"
                        lines = data.count(b"\n")
                        yield Block(data, path, lines, before)
                        before += lines
                        progress(done + file.tell(), total)
            except (OSError, EOFError, zlib.error) as error:
                raise SourceError(
                    f"the file can't be read: {error}", where=str(path), fix="check the file"
                ) from None
            done += path.stat().st_size
            progress(done, total)
        self._progress("")

    def size(self) -> int:
        """Returns about how many bytes all files have, unpacked."""
        return sum(
            path.stat().st_size * (_UNPACKED if path.name.endswith(".gz") else 1)
            for path in self._files
        )

    def record_filter(self, window: Window) -> RecordFilter:
        """Returns a filter for records that may be in the categories and within the window."""
        return RecordFilter(self._categories, window)

    def wants(self, paper: Paper) -> bool:
        """Whether the paper is in one of the categories."""
        return covers(self._categories, paper.categories)


def _files(path: Path) -> tuple[Path, ...]:
    if path.is_file():
        return (path,)
    if not path.is_dir():
        raise UsageError(
            "there is no such file or folder",
            where=str(path),
            fix="check the path",
        )
    files = tuple(
        sorted(
            file
            for file in path.iterdir()
            if file.name.endswith(_SUFFIXES) and file.name != MANIFEST
        )
    )
    if not files:
        fix = f"choose a folder with files that end in {', '.join(_SUFFIXES)}"
        raise UsageError("the folder has no file of papers", where=str(path), fix=fix)
    return files


def _parse_json(raw: bytes, block: Block, start: int) -> dict[str, Any]:
    """Parses a line like `json.loads`, in three quarters of the time."""
    try:
        text = raw.decode()
        value, end = _DECODE(text)
    except (ValueError, RecursionError) as error:
        raise _no_record(block, start, error) from None
    if not text[end:].isspace() and end < len(text):
        raise _no_record(block, start, f"there is more text from character {end + 1} on")
    if not isinstance(value, dict):
        raise _no_record(block, start, "it is not a JSON object")
    return value


def _no_record(block: Block, start: int, error: object) -> SourceError:
    what = f"it has no {error}" if isinstance(error, KeyError) else error
    return SourceError(
        f"the line is not a record of a paper: {what}",
        where=f"{block.path}:{block.line(start)}",
        fix="correct or remove the line",
    )


def parse_record(record: Mapping[str, Any]) -> Paper:
    """Parses a record of either format.

    Raises:
        ValueError, KeyError, TypeError, AttributeError: the record has neither format.
    """
    categories = record["categories"]
    announced = record.get("announced")
    return Paper(
        id=ArxivId.parse(record["id"]),
        title=line(record["title"]),
        abstract=abstract(record["abstract"]),
        authors=_authors(record),
        categories=tuple(categories.split() if isinstance(categories, str) else categories),
        submitted=_submitted(record),
        updated=_time(record.get("updated")),
        announced=date.fromisoformat(announced) if announced else None,
        announcement=Announcement(kind) if (kind := record.get("announcement")) else None,
        comment=line(record.get("comments")),
        journal_ref=line(record.get("journal-ref")),
        doi=line(record.get("doi")),
    )


def _authors(record: Mapping[str, Any]) -> tuple[str, ...]:
    if "authors_parsed" in record:
        return names(
            " ".join(part for part in (first, last, *rest) if part)
            for last, first, *rest in record["authors_parsed"]
        )
    authors = record.get("authors") or ()
    return names([authors] if isinstance(authors, str) else authors)


def _submitted(record: Mapping[str, Any]) -> datetime | None:
    if written := record.get("submitted"):
        return _time(written)
    versions = record.get("versions")
    return parsedate_to_datetime(versions[0]["created"]).astimezone(UTC) if versions else None


def _time(written: str | None) -> datetime | None:
    return datetime.fromisoformat(written).astimezone(UTC) if written else None


def is_within(paper: Paper, window: Window) -> bool:
    """Whether a paper appeared in the window: on its announcement day if that is known, else at its submission.

    The window's first and last day count as whole days for announcements.
    """
    if paper.announced is not None:
        return window.since.date() <= paper.announced <= window.until.date()
    return window.since <= moment_of(paper) <= window.until


def moment_of(paper: Paper) -> datetime:
    """Returns the submission time, else the announcement day, else the 28th of the id's month."""
    day = paper.announced or date(paper.id.year, paper.id.month, 28)
    return paper.submitted or datetime.combine(day, time(), UTC)

"""Papers from files: JSON lines, plain or gzipped, one paper a line, read as a stream.

Two shapes are known: the records of the arXiv snapshot on Kaggle
(https://www.kaggle.com/datasets/Cornell-University/arxiv), and the shorter `id, announced, title, authors, abstract,
categories, comments` with the day of announcement.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from datetime import UTC, date, datetime, time, timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any, BinaryIO, cast

from bot.arxiv_id import ArxivId
from bot.errors import SourceError, UsageError
from bot.model import Coverage, Harvest, Paper, Topic, Window

_USUAL = timedelta(days=28)  # before the window, from which to learn what is usual
_SUFFIXES = (".jsonl", ".json", ".jsonl.gz", ".json.gz", ".ndjson", ".ndjson.gz")


class Snapshot:
    """A file of papers, or a folder of such files, as a source.

    Raises:
        UsageError: there is no such file or folder, or no file of papers in it.
    """

    name = "snapshot"

    def __init__(self, path: Path, categories: Sequence[str]) -> None:
        self._path = path
        self._categories = tuple(categories)
        self._files = _files(path)

    def collect(self, topics: tuple[Topic, ...], window: Window) -> Harvest:
        """The papers of the categories that appeared within the window; see `Source`."""
        del topics
        before = Window(window.since - _USUAL, window.since)
        papers: dict[ArxivId, Paper] = {}
        usual: dict[ArxivId, Paper] = {}
        read, failure = 0, ""
        try:
            for paper in self.papers():
                read += 1
                within = _within(paper, window)
                if (within or _within(paper, before)) and self._wanted(paper):
                    usual[paper.id] = paper
                    if within:
                        papers[paper.id] = paper
        except SourceError as error:
            failure = f"{error.where}: {error.message}"
        coverage = Coverage(
            source=self.name,
            of=self._path.name,
            asked=f"{window.since:%Y-%m-%d} to {window.until:%Y-%m-%d}",
            read=len(papers),
            matched=None,
            window=window,
            failure=failure,
            note=f"{read:,} records in {len(self._files)} files gone through",
        )
        return Harvest(tuple(papers.values()), coverage, tuple(usual.values()))

    def look_up(self, ids: Sequence[ArxivId]) -> tuple[Paper, ...]:
        """The papers of these ids that the files hold, in no order."""
        wanted = set(ids)
        return tuple({paper.id: paper for paper in self.papers() if paper.id in wanted}.values())

    def papers(self) -> Iterator[Paper]:
        """Every paper of every file, in order, one at a time.

        Raises:
            SourceError: a file or a line of it can't be read; the line is named.
        """
        for path in self._files:
            number = 0
            try:
                with closing(_open(path)) as lines:
                    for number, line in enumerate(lines, start=1):  # noqa: B007
                        if line.strip():
                            yield parse_record(json.loads(line))
            except (OSError, EOFError) as error:
                raise SourceError(
                    f"can't be read: {error}", where=str(path), fix="check the file"
                ) from None
            except (ValueError, KeyError, TypeError, AttributeError) as error:
                raise SourceError(
                    f"is not a record of a paper: {error}",
                    where=f"{path}:{number}",
                    fix="correct or remove the line",
                ) from None

    def _wanted(self, paper: Paper) -> bool:
        wanted = self._categories
        return any(
            category in wanted or f"{category.partition('.')[0]}.*" in wanted
            for category in paper.categories
        )


def _files(path: Path) -> tuple[Path, ...]:
    if path.is_file():
        return (path,)
    if not path.is_dir():
        raise UsageError(
            "there is no such file or folder",
            where=f"--source snapshot:{path}",
            fix="check the path",
        )
    files = tuple(sorted(one for one in path.iterdir() if one.name.endswith(_SUFFIXES)))
    if not files:
        fix = f"name a folder with files that end in {', '.join(_SUFFIXES)}"
        raise UsageError(
            "the folder holds no file of papers", where=f"--source snapshot:{path}", fix=fix
        )
    return files


def _open(path: Path) -> BinaryIO:
    return cast(BinaryIO, gzip.open(path)) if path.name.endswith(".gz") else path.open("rb")


def parse_record(record: Mapping[str, Any]) -> Paper:
    """A paper from one record of either shape.

    Raises:
        ValueError, KeyError, TypeError, AttributeError: it is not such a record.
    """
    categories = record["categories"]
    announced = record.get("announced")
    return Paper(
        id=ArxivId.parse(record["id"]),
        title=_line(record["title"]),
        abstract=_line(record["abstract"]),
        authors=_authors(record),
        categories=tuple(categories.split() if isinstance(categories, str) else categories),
        submitted=_submitted(record),
        announced=date.fromisoformat(announced) if announced else None,
        comment=_line(record.get("comments")),
        journal_ref=_line(record.get("journal-ref")),
        doi=_line(record.get("doi")),
    )


def _authors(record: Mapping[str, Any]) -> tuple[str, ...]:
    if "authors_parsed" in record:
        return tuple(
            _line(" ".join(part for part in (first, last, *rest) if part))
            for last, first, *rest in record["authors_parsed"]
        )
    authors = record.get("authors") or ()
    return tuple(_line(name) for name in ([authors] if isinstance(authors, str) else authors))


def _submitted(record: Mapping[str, Any]) -> datetime | None:
    versions = record.get("versions")
    return parsedate_to_datetime(versions[0]["created"]).astimezone(UTC) if versions else None


def _within(paper: Paper, window: Window) -> bool:
    """By the day of announcement where it is known, which ends with the window's last day; else by submission."""
    if paper.announced is not None:
        return window.since.date() <= paper.announced <= window.until.date()
    moment = paper.submitted or datetime.combine(
        date(paper.id.year, paper.id.month, 1) + timedelta(days=27), time(), UTC
    )
    return window.since <= moment <= window.until


def _line(text: str | None) -> str:
    return " ".join((text or "").split())

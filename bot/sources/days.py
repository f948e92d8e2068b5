"""A harvest on disk: one compressed file of papers per day, and a manifest that describes each file.

Files are JSON lines in the format that `bot/sources/snapshot.py` reads. The same papers give the same bytes, and every
file is replaced atomically, so a harvest that was killed can simply be run again.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import os
from collections.abc import Iterable
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from bot.core.errors import SourceError
from bot.core.model import Paper

MANIFEST = "manifest.json"
_MOST_DAYS = 1_000


class HarvestedDay(BaseModel):
    """One day's file, as the manifest describes it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    day: date
    papers: Annotated[int, Field(ge=0)]
    sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
    complete: bool
    written: datetime

    @property
    def file(self) -> str:
        """The file's name; it is in the manifest's folder."""
        return f"{self.day}.jsonl.gz"


class Manifest(BaseModel):
    """The days of a harvest, oldest first, and the categories that it covers."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    version: Literal[1] = 1
    categories: tuple[str, ...]
    days: Annotated[tuple[HarvestedDay, ...], Field(max_length=_MOST_DAYS)] = ()

    @property
    def complete(self) -> frozenset[date]:
        """The days that have every paper."""
        return frozenset(day.day for day in self.days if day.complete)


def parse_manifest(body: bytes, where: str) -> Manifest:
    """Reads a manifest.

    Raises:
        SourceError: the body is no manifest; `where` names the file in the message.
    """
    try:
        return Manifest.model_validate_json(body)
    except ValidationError as error:
        detail = error.errors()[0]
        place = ".".join(map(str, detail["loc"])) or "the file"
        reason = f"the file is not the manifest of a harvest: {place}: {detail['msg']}"
        fix = "name a manifest.json that `arxiv-bot harvest` wrote"
        raise SourceError(reason, where=where, fix=fix) from None


class DayFolder:
    """A folder that holds a harvest."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def manifest(self) -> Manifest | None:
        """Reads the folder's manifest; returns None if the folder holds no harvest yet.

        Raises:
            SourceError: the manifest can't be read.
        """
        file = self.path / MANIFEST
        try:
            return parse_manifest(file.read_bytes(), str(file))
        except FileNotFoundError:
            return None
        except OSError as error:
            raise SourceError(
                f"the file can't be read: {error.strerror}",
                where=str(file),
                fix="check the file",
            ) from None

    def is_whole(self, day: HarvestedDay) -> bool:
        """Whether the day's file exists and has the hash that the manifest gives."""
        try:
            content = (self.path / day.file).read_bytes()
        except OSError:
            return False
        return hashlib.sha256(content).hexdigest() == day.sha256

    def write_day(
        self, day: date, papers: Iterable[Paper], *, complete: bool, now: datetime
    ) -> HarvestedDay:
        """Writes a day's file and returns its description for `write_manifest`."""
        ordered = sorted(papers, key=lambda paper: paper.id.order)
        content = compress(ordered)
        entry = HarvestedDay(
            day=day,
            papers=len(ordered),
            sha256=hashlib.sha256(content).hexdigest(),
            complete=complete,
            written=now,
        )
        write_atomically(self.path / entry.file, content)
        return entry

    def write_manifest(self, manifest: Manifest) -> None:
        """Writes the manifest, and removes the day files that it does not name."""
        write_atomically(self.path / MANIFEST, f"{manifest.model_dump_json(indent=2)}\n".encode())
        named = {day.file for day in manifest.days}
        for file in self.path.glob("????-??-??.jsonl.gz"):
            if file.name not in named:
                file.unlink()


def compress(papers: Iterable[Paper]) -> bytes:
    """Returns the papers as compressed JSON lines: the same bytes for the same papers."""
    lines = "".join(
        f"{json.dumps(record_of(paper), ensure_ascii=False, sort_keys=True)}\n" for paper in papers
    )
    return gzip.compress(lines.encode(errors="replace"), compresslevel=6, mtime=0)


def write_atomically(file: Path, content: bytes) -> None:
    """Writes a file atomically: a process that dies half-way leaves the old file."""
    file.parent.mkdir(parents=True, exist_ok=True)
    part = file.with_name(f".{file.name}.part")
    with part.open("wb") as out:
        out.write(content)
        out.flush()
        os.fsync(out.fileno())
    part.replace(file)


def record_of(paper: Paper) -> dict[str, Any]:
    """Returns a paper as a snapshot record, without its unknown fields."""
    record = {
        "id": f"{paper.id}v{paper.id.version}" if paper.id.version else str(paper.id),
        "title": paper.title,
        "abstract": paper.abstract,
        "authors": list(paper.authors),
        "categories": list(paper.categories),
        "announced": f"{paper.announced}" if paper.announced else "",
        "announcement": paper.announcement.value if paper.announcement else "",
        "submitted": paper.submitted.isoformat() if paper.submitted else "",
        "updated": paper.updated.isoformat() if paper.updated else "",
        "comments": paper.comment,
        "journal-ref": paper.journal_ref,
        "doi": paper.doi,
    }
    return {key: value for key, value in record.items() if value not in ("", [])}

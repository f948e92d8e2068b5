"""Reads real commits to paper lists as cases: the list before and after, the paper, and the curator's entry."""

from __future__ import annotations

import hashlib
import json
import lzma
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

from bot.core.arxiv_id import ArxivId
from bot.core.model import Paper
from bot.listing.document import Document
from bot.listing.entry_shape import ComparedEntry
from bot.listing.index import Listed, ListIndex
from bot.listing.paper_list import PaperList

CONSISTENT = 0.9
"""A section's order is consistent if at least this share of neighbours is in the order of their ids."""


@dataclass(frozen=True, slots=True)
class Version:
    """A list and the papers in it."""

    listing: PaperList

    @classmethod
    def read(cls, text: str) -> Version:
        """Reads a list."""
        return cls(PaperList.parse(text.encode("utf-8", "surrogateescape")))

    @property
    def document(self) -> Document:
        """The list's document."""
        return self.listing.document

    @property
    def index(self) -> ListIndex:
        """The index of its entries."""
        return self.listing.index

    def path(self, listed: Listed) -> tuple[str, ...]:
        """The headings above an entry."""
        section = self.document.entries[listed.entry].section
        return () if section is None else self.document.sections[section].path

    def text(self, listed: Listed) -> str:
        """An entry's text."""
        return self.document.text(self.document.entries[listed.entry])

    def entry(self, listed: Listed) -> ComparedEntry:
        """An entry, prepared for a comparison."""
        return ComparedEntry(self.text(listed), listed, self.document.entries[listed.entry].form)


@dataclass(frozen=True, slots=True)
class Case:
    """A commit: the list before and after, the paper, and the curator's entry for it."""

    name: str
    commit: str
    before: Version
    after: Version
    paper: Paper
    described: bool
    entry: Listed


def read_rows(folder: Path) -> Iterator[Mapping[str, Any]]:
    """The commits of all files of a folder."""
    for path in sorted(folder.glob("*.jsonl.xz")):
        with lzma.open(path, "rt", encoding="utf-8") as lines:
            for line in lines:
                yield json.loads(line)


def day(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text).replace(tzinfo=UTC) if text else None


def to_paper(record: Mapping[str, Any], paper_id: ArxivId, title: str) -> Paper:
    """The paper as a source would describe it, with another title where its own is not known.

    The corpus has no submission times: papers are announced on the working day after (mostly).
    """
    announced = day(record.get("announced"))
    return Paper(
        id=paper_id,
        title=record.get("title") or title,
        authors=tuple(record.get("authors") or ()),
        abstract=record.get("abstract") or "",
        categories=tuple(record.get("categories") or ()),
        submitted=announced - timedelta(days=3 if announced.weekday() == 0 else 1)
        if announced
        else None,
        announced=announced,
        comment=record.get("comments") or "",
    )


def read_case(row: Mapping[str, Any]) -> Case | str:
    """The case of a commit, or the reason why it can't be used as a case."""
    before, after = Version.read(row["before"]), Version.read(row["after"])
    wanted = ArxivId.parse(row["arxiv_id"])
    if before.index.find_id(wanted):
        return "the paper is read as listed before"
    naming = [item for item in after.index.listed if wanted in item.ids]
    if not naming:
        return "the curator's entry is not read as one"
    entry = next((item for item in naming if item.ids[0] == wanted), naming[0])
    described = bool((row.get("paper") or {}).get("abstract"))
    paper = to_paper(row.get("paper") or {}, wanted, entry.title)
    return Case(str(row["list"]), str(row["commit"])[:7], before, after, paper, described, entry)


def identity(version: Version, listed: Listed) -> tuple[object, ...]:
    """A key that is equal for an entry before and after a commit that left it unchanged or changed a detail."""
    return listed.ids[:1] or (listed.title or version.text(listed).strip(),)


def siblings(case: Case) -> tuple[list[Listed], int, int] | None:
    """The section's old entries, with the least and the most of them above the curator's; None for a new section."""
    path = case.after.path(case.entry)
    old = [element for element in case.before.index.listed if case.before.path(element) == path]
    if not old:
        return None
    places = {identity(case.before, element): n for n, element in enumerate(old)}
    above, below = 0, len(old)
    for item in case.after.index.listed:
        place = places.get(identity(case.after, item))
        if place is None or case.after.path(item) != path:
            continue
        if item.line < case.entry.line:
            above = place + 1
        elif item.line > case.entry.line:
            below = place
            break
    return old, min(above, below), max(above, below)


def consistent(entries: Sequence[Listed]) -> bool:
    """Whether a section's entries follow each other by the ids' age, with few exceptions."""
    ages = [entry.ids[0].order for entry in entries if entry.ids]
    falls, rises = sum(a > b for a, b in pairwise(ages)), sum(a < b for a, b in pairwise(ages))
    return falls + rises >= 3 and max(falls, rises) >= CONSISTENT * (falls + rises)


def half(name: str) -> int:
    """The half of the lists, 0 or 1, that a list belongs to, by the hash of its name."""
    return hashlib.sha256(name.encode()).digest()[0] % 2


def keeps_order(entries: Sequence[Listed], above: int, paper_id: ArxivId, most: int) -> bool:
    """Whether a paper below `above` entries leaves no more neighbours out of order than below `most` entries."""
    ages = [entry.ids[0].order for entry in entries if entry.ids]
    falling = sum(a > b for a, b in pairwise(ages)) >= sum(a < b for a, b in pairwise(ages))

    def broken(at: int) -> int:
        above_it = [entry.ids[0].order for entry in entries[:at] if entry.ids][-1:]
        below_it = [entry.ids[0].order for entry in entries[at:] if entry.ids][:1]
        around = [*above_it, paper_id.order, *below_it]
        return sum((a < b) == falling and a != b for a, b in pairwise(around))

    return broken(above) <= broken(most)

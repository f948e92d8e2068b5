"""Indexes the papers of a list, to find a paper by id, DOI or title."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import NamedTuple, TypeVar

from rapidfuzz import fuzz, process

from bot.core import titles
from bot.core.arxiv_id import ArxivId
from bot.core.english import at_line
from bot.core.model import Neighbour, Paper
from bot.listing.document import Document
from bot.listing.entry_ids import read_entry_ids
from bot.listing.entry_title import title_columns, title_of
from bot.listing.parts import Entry, EntryForm, Section
from bot.listing.records import links_in, title_in

K = TypeVar("K")
T = TypeVar("T")

_MIN_KEY = 8  # the fewest characters of a title's key
_NEAR = 88.0  # the lowest rapidfuzz score (0 to 100) of titles that look alike


class Listed(NamedTuple):  # a tuple, because tens of thousands are made; see `Entry`
    """An entry's papers: the ids of its links (the first is its main paper), DOIs, title, and line.

    `entry` is the entry's index in `Document.entries`. `mentioned` are ids that the entry only mentions, in a title or
    an abstract. `path` is the file of an entry in a list of several files; empty for the first file.
    """

    ids: tuple[ArxivId, ...]
    dois: tuple[str, ...]
    title: str
    line: int
    entry: int
    mentioned: tuple[ArxivId, ...] = ()
    path: str = ""

    @property
    def where(self) -> str:
        """The line as messages name it: `line 5`, or `line 5 of archive.md`."""
        return at_line(self.line, self.path)

    @property
    def names_several(self) -> bool:
        """Whether the entry names more than one paper, so that its other facts may belong to any of them."""
        return len(self.ids) + len(self.mentioned) > 1


class Badge(NamedTuple):
    """A paper that is linked above the list, such as the list's own paper; it is known, but has no entry."""

    ids: tuple[ArxivId, ...]
    title: str
    line: int
    path: str = ""

    @property
    def where(self) -> str:
        """The line as messages name it: `line 5`, or `line 5 of archive.md`."""
        return at_line(self.line, self.path)


class ListIndex:
    """Finds papers in a list, including those that only a badge above the list links to."""

    def __init__(self, listed: tuple[Listed, ...], badges: tuple[Badge, ...] = ()) -> None:
        self.listed, self.badges = listed, badges
        self._badges = _first_by(badges, lambda badge: badge.ids)
        # Used if no entry has the id as its first.
        linked = _first_by(listed, lambda entry: entry.ids[1:])
        self._by_id = linked | _first_by(listed, lambda entry: entry.ids[:1])
        self._by_doi = _first_by(listed, lambda entry: entry.dois)
        self._by_title = _first_by(listed, _title_keys)
        self._mentioning = _first_by(listed, lambda entry: entry.mentioned)

    @classmethod
    def build(cls, document: Document) -> ListIndex:
        """Builds the index of all entries of a document."""
        rows = [entry for entry in document.entries if entry.form is EntryForm.TABLE_ROW]
        columns = {
            block: title_columns(head_of(document, first))
            for block, first in _first_by(rows, lambda row: (row.block,)).items()
        }
        return cls(
            tuple(
                _listed(document, n, entry, columns.get(entry.block, ()))
                for n, entry in enumerate(document.entries)
            ),
            tuple(_badge(document, badge) for badge in document.badges),
        )

    @classmethod
    def join(cls, indexes: Mapping[str, ListIndex]) -> ListIndex:
        """Joins the indexes of a list's files, given by path; "" is the first file."""
        if len(indexes) == 1:
            return indexes[""]
        pairs = indexes.items()
        return cls(
            tuple(item._replace(path=path) for path, index in pairs for item in index.listed),
            tuple(item._replace(path=path) for path, index in pairs for item in index.badges),
        )

    def within(self, document: Document, part: Section) -> tuple[Listed, ...]:
        """Returns the entries in a part of the indexed document."""
        entries = document.entries
        return tuple(
            listed for listed in self.listed if part.start <= entries[listed.entry].start < part.end
        )

    @property
    def newest(self) -> ArxivId | None:
        """The newest arXiv id in the list; None if there is none."""
        return max(
            (paper_id for entry in self.listed for paper_id in entry.ids[:1]),
            key=_order,
            default=None,
        )

    def find_id(self, paper_id: ArxivId) -> Listed | Badge | None:
        """Returns the entry that links to this paper, with any form or version of the id."""
        return self._by_id.get(paper_id) or self._badges.get(paper_id)

    def mentioning(self, paper_id: ArxivId) -> Listed | None:
        """Returns the first entry of another paper that mentions this id in its text."""
        return self._mentioning.get(paper_id)

    def find(self, paper: Paper) -> Listed | Badge | None:
        """Finds the entry of this paper: by id, else by DOI, else by a title that differs only in notation."""
        if found := self.find_id(paper.id):
            return found
        if paper.doi and (found := self._by_doi.get(paper.doi.casefold())):
            return found
        found = self._by_title.get(titles.key(paper.title))
        return found if found and _same_paper(found, paper) else None

    def looks_like(self, paper: Paper, limit: int = 3) -> tuple[Neighbour, ...]:
        """Returns entries with similar titles, for a person to judge; the bot never rejects a paper because of them."""
        wanted = titles.key(paper.title)
        near = process.extract(
            wanted, self._by_title.keys(), scorer=fuzz.ratio, score_cutoff=_NEAR, limit=limit
        )
        hits = [(self._by_title[key], score) for key, score, _ in near]
        return tuple(Neighbour(hit.title, score / 100, hit.line, hit.path) for hit, score in hits)

    def repeated(self) -> Iterator[tuple[Listed, Listed]]:
        """Yields pairs of entries of the same paper: the earlier one, and a later one with the same id or title."""
        for entry in self.listed:
            first = self._by_id.get(entry.ids[0]) if entry.ids else None
            first = first or self._by_title.get(titles.key(entry.title))
            if first is not None and first is not entry:
                yield first, entry


def _first_by(items: Iterable[T], keys: Callable[[T], Iterable[K]]) -> dict[K, T]:
    """Maps each key to the first item that has it."""
    found: dict[K, T] = {}
    for item in items:
        for key in keys(item):
            found.setdefault(key, item)
    return found


def _title_keys(listed: Listed) -> tuple[str, ...]:
    """The key to find an entry by its title; empty if the title is too short to identify a paper."""
    key = titles.key(listed.title)
    return (key,) if len(key) >= _MIN_KEY else ()


def _badge(document: Document, entry: Entry) -> Badge:
    text = document.text(entry)
    title = title_of(text, entry.form)
    return Badge(read_entry_ids(text, title).ids, title, entry.line)


def _order(paper_id: ArxivId) -> tuple[int, int, str, int]:
    return paper_id.order


def _same_paper(listed: Listed, paper: Paper) -> bool:
    """Whether a match by title is the same paper: a short title does not count if the ids differ."""
    return not listed.ids or paper.id in listed.ids or len(titles.key(paper.title)) >= 24


def head_of(document: Document, entry: Entry) -> str:
    """Returns the head line of a table, given the table's first row."""
    above = document.content[: entry.start].rsplit(b"\n", 3)
    return above[-3].decode("utf-8", "replace") if len(above) > 2 else ""


def _listed(document: Document, number: int, entry: Entry, columns: tuple[int, ...]) -> Listed:
    text = document.text(entry)
    if document.records:
        record = document.records.read(text)
        text, title = links_in(record), title_in(record)
    else:
        title = title_of(text, entry.form, columns)
    found = read_entry_ids(text, title)
    return Listed(found.ids, found.dois, title, entry.line, number, found.mentioned)

"""What the list already holds: each entry's papers, found again by id, DOI or title in whatever form."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple, TypeVar

from rapidfuzz import fuzz, process

from bot.core import titles
from bot.core.arxiv_id import ArxivId
from bot.core.model import Neighbour, Paper
from bot.listing.document import Document
from bot.listing.entry_ids import read_entry_ids
from bot.listing.entry_title import title_columns, title_of
from bot.listing.parts import Entry, EntryForm, Section
from bot.listing.records import links_in, title_in

K = TypeVar("K")
T = TypeVar("T")

_LONG_ENOUGH = 8  # characters of a title's key
_NEAR = 88.0  # rapidfuzz score, 0 to 100, from which two titles look alike


class Listed(NamedTuple):  # made by the ten thousand, as `Entry` is
    """An entry's papers: the ids it links (the first is its own), its title, its line, its place in the document.

    `mentioned` are ids that the entry names without being of these papers: in a title or an abstract.
    """

    ids: tuple[ArxivId, ...]
    dois: tuple[str, ...]
    title: str
    line: int
    entry: int
    mentioned: tuple[ArxivId, ...] = ()

    @property
    def names_several(self) -> bool:
        """Whether it names more than one paper, so that a fact beside them may be of either."""
        return len(self.ids) + len(self.mentioned) > 1


class Badge(NamedTuple):
    """A paper that the paragraphs above the list link, such as the list's own: known, but no entry."""

    ids: tuple[ArxivId, ...]
    title: str
    line: int


class ListIndex:
    """The papers of a list, to be looked up.

    A paper that only a badge above the list links is found too.
    """

    def __init__(self, listed: tuple[Listed, ...], badges: tuple[Badge, ...] = ()) -> None:
        self.listed = listed
        self._badges = _first_by(badges, lambda badge: badge.ids)
        linked = _first_by(listed, lambda entry: entry.ids[1:])  # found where no entry is its own
        self._by_id = linked | _first_by(listed, lambda entry: entry.ids[:1])
        self._by_doi = _first_by(listed, lambda entry: entry.dois)
        self._by_title = _first_by(listed, _title_keys)
        self._mentioning = _first_by(listed, lambda entry: entry.mentioned)

    @classmethod
    def build(cls, document: Document) -> ListIndex:
        """Reads the papers of every entry."""
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

    def within(self, document: Document, part: Section) -> tuple[Listed, ...]:
        """The entries of a part of the document that this is the index of."""
        entries = document.entries
        return tuple(
            listed for listed in self.listed if part.start <= entries[listed.entry].start < part.end
        )

    @property
    def newest(self) -> ArxivId | None:
        """The id that arXiv gave out last among those listed."""
        return max(
            (paper_id for entry in self.listed for paper_id in entry.ids[:1]),
            key=_order,
            default=None,
        )

    def find_id(self, paper_id: ArxivId) -> Listed | Badge | None:
        """The entry that links this paper, whatever the form or version of the id."""
        return self._by_id.get(paper_id) or self._badges.get(paper_id)

    def mentioning(self, paper_id: ArxivId) -> Listed | None:
        """The first entry of another paper that names this id in its words."""
        return self._mentioning.get(paper_id)

    def find(self, paper: Paper) -> Listed | Badge | None:
        """The entry of this paper: by id, else by DOI, else by a title that differs in notation only."""
        if found := self.find_id(paper.id):
            return found
        if paper.doi and (found := self._by_doi.get(paper.doi.casefold())):
            return found
        found = self._by_title.get(titles.key(paper.title))
        return found if found and _same_paper(found, paper) else None

    def looks_like(self, paper: Paper, limit: int = 3) -> tuple[Neighbour, ...]:
        """Entries whose titles are nearly this paper's: for a person to judge, never a verdict."""
        wanted = titles.key(paper.title)
        near = process.extract(
            wanted, self._by_title.keys(), scorer=fuzz.ratio, score_cutoff=_NEAR, limit=limit
        )
        hits = [(self._by_title[key], score) for key, score, _ in near]
        return tuple(Neighbour(hit.title, score / 100, hit.line) for hit, score in hits)

    def repeated(self) -> Iterator[tuple[Listed, Listed]]:
        """Pairs of entries for one paper: the earlier, and the later that repeats it by id or title."""
        for entry in self.listed:
            first = self._by_id.get(entry.ids[0]) if entry.ids else None
            first = first or self._by_title.get(titles.key(entry.title))
            if first is not None and first is not entry:
                yield first, entry


def _first_by(items: Iterable[T], keys: Callable[[T], Iterable[K]]) -> dict[K, T]:
    """The first item of each key."""
    found: dict[K, T] = {}
    for item in items:
        for key in keys(item):
            found.setdefault(key, item)
    return found


def _title_keys(listed: Listed) -> tuple[str, ...]:
    """The key by which an entry is found by its title; none where it is too short to tell papers apart."""
    key = titles.key(listed.title)
    return (key,) if len(key) >= _LONG_ENOUGH else ()


def _badge(document: Document, entry: Entry) -> Badge:
    text = document.text(entry)
    title = title_of(text, entry.form)
    return Badge(read_entry_ids(text, title).ids, title, entry.line)


def _order(paper_id: ArxivId) -> tuple[int, int, str, int]:
    return paper_id.order


def _same_paper(listed: Listed, paper: Paper) -> bool:
    """A short title is a key only where the ids don't contradict it."""
    return not listed.ids or paper.id in listed.ids or len(titles.key(paper.title)) >= 24


def head_of(document: Document, entry: Entry) -> str:
    """The head of the table whose first row the entry is: the line above the rule above it."""
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

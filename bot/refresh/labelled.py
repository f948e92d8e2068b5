"""Where a list's entries have a place of its own for a fact: a line with a label for it, or a table's column."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from bot.core import titles
from bot.listing.document import Document
from bot.listing.index import head_of
from bot.listing.links import BAR
from bot.listing.parts import Entry, EntryForm
from bot.proposals.items import Fact
from bot.refresh.entry_text import Place

_LABELS = {
    Fact.AUTHORS: r"authors?(?:\(s\))?",
    Fact.VENUE: r"venue|publisher|published(?: in| at)?|publication|conference|journal",
    Fact.DOI: r"doi",
    Fact.ABSTRACT: r"abstract",
}
_LABELLED = {
    fact: re.compile(
        rf"^[ \t]*(?:[-*+][ \t]+)?[*_]{{0,3}}(?P<label>{names})[*_]{{0,3}}[ \t]*:[*_]{{0,3}}(?P<value>[^\n]*)$",
        re.IGNORECASE | re.MULTILINE,
    )
    for fact, names in _LABELS.items()
}
_COLUMNS = {
    Fact.AUTHORS: re.compile(r"authors?|author s"),
    Fact.VENUE: re.compile(rf"{_LABELS[Fact.VENUE]}|pub|source"),
    Fact.DOI: re.compile(r"doi"),
    Fact.ABSTRACT: re.compile(r"abstract"),
}
_ENDS = re.compile(r"\s*$|\n\s*(?:[-*+][ \t]+)?[*_]{0,3}[A-Z][\w()/ -]{0,30}[*_]{0,3}:")
"""What follows a label with nothing behind it, if no lines say it instead."""
_EMPTY = re.compile(r"[-–—]{1,3}|/|N/?A|TBD|\?|", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Spot:
    """A place for a fact: its name in the list, the characters of the plain text it takes, and what they say.

    `label` is where the label before them starts.
    """

    name: str
    label: int
    start: int
    end: int
    value: str

    @property
    def is_empty(self) -> bool:
        """Whether it says nothing yet."""
        return _EMPTY.fullmatch(self.value.strip()) is not None

    @property
    def core(self) -> tuple[int, int]:
        """The characters of what it says, without the blanks around."""
        start = self.start + len(self.value) - len(self.value.lstrip())
        return start, start + len(self.value.strip())

    def filled(self, text: str) -> tuple[int, int, str]:
        """The characters that become others, and these, when it says this text."""
        if self.value.strip():
            return (*self.core, text)
        return self.start, self.end, f" {text} " if self.name.startswith("|") else f" {text}"


class Spots:
    """The places of one list for facts."""

    def __init__(self, document: Document, places: Iterable[Place]) -> None:
        self._document = document
        first: dict[int, Entry] = {}
        for entry in document.entries:
            first.setdefault(entry.block, entry)
        self._first = first
        self._heads: dict[int, str] = {}
        self._known: dict[Fact, Mapping[Place, Spot]] = {
            fact: {place: spot for place in places if (spot := self._find(place, fact))}
            for fact in _LABELS
        }

    def of(self, place: Place, fact: Fact) -> Spot | None:
        """The place for the fact in an entry."""
        return self._known[fact].get(place)

    def like(self, spot: Spot, fact: Fact) -> Iterable[tuple[Place, Spot]]:
        """The places for the fact in all entries, of the same name, that say something."""
        return (
            (place, one)
            for place, one in self._known[fact].items()
            if one.name == spot.name and not one.is_empty
        )

    def _find(self, place: Place, fact: Fact) -> Spot | None:
        if place.entry.form is EntryForm.TABLE_ROW:
            return self._in_row(place, fact)
        match = _LABELLED[fact].search(place.plain)
        if match and (match["value"].strip() or _ENDS.match(place.plain, match.end())):
            label = match["label"].casefold()
            return Spot(label, match.start(), *match.span("value"), match["value"])
        return None

    def _in_row(self, place: Place, fact: Fact) -> Spot | None:
        head, row = self._head(place.entry), place.words
        cells = BAR.split(head)
        ends = [-1, *(match.start() for match in BAR.finditer(row)), len(row)]
        if len(cells) != len(ends) - 1 or _has_bar(head) != _has_bar(row):
            return None
        for number, cell in enumerate(map(titles.key, cells)):
            if _COLUMNS[fact].fullmatch(cell):
                start, end = ends[number] + 1, ends[number + 1]
                return Spot(f"|{cell}", start, start, end, row[start:end])
        return None

    def _head(self, entry: Entry) -> str:
        """The line with the names of a table's columns."""
        if entry.block not in self._heads:
            self._heads[entry.block] = head_of(self._document, self._first[entry.block])
        return self._heads[entry.block]


def _has_bar(line: str) -> bool:
    """Whether a line of a table has a bar before its first cell."""
    return line.lstrip().startswith("|")

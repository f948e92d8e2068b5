"""Finds an entry's labelled fields: a line with a label such as "Authors:", or a table column with that heading."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from bot.core import titles
from bot.listing.document import Document
from bot.listing.index import head_of
from bot.listing.line_form import UNKNOWN
from bot.listing.links import BAR
from bot.listing.parts import Entry, EntryForm
from bot.proposals.items import Fact
from bot.refresh.entry_text import EntryText

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
# Text after an empty label which shows that the lines below are not its value.
_ENDS = re.compile(r"\s*$|\n\s*(?:[-*+][ \t]+)?[*_]{0,3}[A-Z][\w()/ -]{0,30}[*_]{0,3}:")


@dataclass(frozen=True, slots=True)
class LabelledField:
    """A field with a label; `name` is the label in lower case, with a bar in front for a table column.

    `label` is the offset of the label, `start` and `end` are those of the value, all in the entry's plain text.
    """

    name: str
    label: int
    start: int
    end: int
    value: str

    @property
    def is_empty(self) -> bool:
        """Whether the value is blank, or a sign such as "-" that stands for "unknown"."""
        return UNKNOWN.fullmatch(self.value.strip()) is not None

    def filled(self, text: str) -> tuple[int, int, str]:
        """The edit as (start, end, new text) that gives the field this value."""
        if core := self.value.strip():
            start = self.start + self.value.index(core)
            return start, start + len(core), text
        return self.start, self.end, f" {text} " if self.name.startswith("|") else f" {text}"


class LabelledFields:
    """The labelled fields of a list's entries."""

    def __init__(self, document: Document, entries: Iterable[EntryText]) -> None:
        self._document = document
        self._first: dict[int, Entry] = {}
        for entry in document.entries:
            self._first.setdefault(entry.block, entry)
        self._heads: dict[int, str] = {}
        self._known: dict[Fact, Mapping[EntryText, LabelledField]] = {
            fact: {entry: field for entry in entries if (field := self._find(entry, fact))}
            for fact in _LABELS
        }

    def of(self, entry: EntryText, fact: Fact) -> LabelledField | None:
        """The entry's field for the fact; None if it has none."""
        return self._known[fact].get(entry)

    def filled_like(
        self, field: LabelledField, fact: Fact
    ) -> Iterator[tuple[EntryText, LabelledField]]:
        """All entries in which the field for the fact has the same name and is not empty."""
        for entry, other in self._known[fact].items():
            if other.name == field.name and not other.is_empty:
                yield entry, other

    def _find(self, entry: EntryText, fact: Fact) -> LabelledField | None:
        if entry.entry.form is EntryForm.TABLE_ROW:
            return self._in_row(entry, fact)
        match = _LABELLED[fact].search(entry.plain)
        if match and (match["value"].strip() or _ENDS.match(entry.plain, match.end())):
            label = match["label"].casefold()
            return LabelledField(label, match.start(), *match.span("value"), match["value"])
        return None

    def _in_row(self, entry: EntryText, fact: Fact) -> LabelledField | None:
        head, row = self._head(entry.entry), entry.words
        cells = BAR.split(head)
        ends = [-1, *(match.start() for match in BAR.finditer(row)), len(row)]
        if len(cells) != len(ends) - 1 or _starts_with_bar(head) != _starts_with_bar(row):
            return None
        for number, cell in enumerate(map(titles.key, cells)):
            if _COLUMNS[fact].fullmatch(cell):
                start, end = ends[number] + 1, ends[number + 1]
                return LabelledField(f"|{cell}", start, start, end, row[start:end])
        return None

    def _head(self, entry: Entry) -> str:
        """The header row of the entry's table."""
        if entry.block not in self._heads:
            self._heads[entry.block] = head_of(self._document, self._first[entry.block])
        return self._heads[entry.block]


def _starts_with_bar(line: str) -> bool:
    return line.lstrip().startswith("|")

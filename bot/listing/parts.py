"""Defines the parts of a list: sections and entries as ranges of bytes, edits, and lines."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import NamedTuple

BOM = b"\xef\xbb\xbf"


class EntryForm(Enum):
    """The form in which an entry is written."""

    BULLET = "bullet"
    NUMBERED = "numbered item"
    TABLE_ROW = "table row"
    HTML_ROW = "HTML table row"
    HEADING = "heading"
    PARAGRAPH = "paragraph"
    RECORD = "record of a data file"


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and what is below it.

    `title` is the visible text, `path` the titles from the top down to this one, and `line` counts from 1.
    Bytes `start` to `body` are the heading, and bytes `body` to `end` are everything below it, including subsections.
    """

    title: str
    level: int
    path: tuple[str, ...]
    line: int
    start: int
    body: int
    end: int


# A tuple, because tens of thousands are made, four times as fast as frozen dataclasses.
class Entry(NamedTuple):
    """An entry of the list: whole lines, including nested lines, without trailing blank lines.

    `section` is the index of the innermost section in `Document.sections`, or None above the first heading. Entries of
    the same contiguous list or table have the same `block`.
    """

    start: int
    end: int
    line: int
    form: EntryForm
    section: int | None
    block: int


@dataclass(frozen=True, slots=True)
class Insertion:
    """Bytes to insert before the byte at `offset`."""

    offset: int
    content: bytes

    @property
    def start(self) -> int:
        """The offset of the insertion, as for a `Replacement`."""
        return self.offset

    @property
    def end(self) -> int:
        """The same offset, because an insertion replaces no bytes of the old list."""
        return self.offset


@dataclass(frozen=True, slots=True)
class Replacement:
    """Bytes that replace those from `start` to `end`."""

    start: int
    end: int
    content: bytes


Edit = Insertion | Replacement


class LineKind(Enum):
    """The kind of a line in the structure of a list."""

    BLANK = "blank"
    HEADING = "heading"
    UNDERLINE = "underline of a heading"
    FENCED = "code"
    COMMENT = "comment"
    RULE = "thematic break"
    BULLET = "bullet"
    NUMBER = "number"
    TABLE_HEAD = "table head"
    TABLE_RULE = "table rule"
    TABLE_ROW = "table row"
    HTML_TABLE = "inside an HTML table"
    HTML = "HTML block"
    TEXT = "text"

    # Each kind is one object; hashing an Enum's name is many times slower.
    __hash__ = object.__hash__


class Line(NamedTuple):
    """One line: bytes `start` to `end` with its line ending, `indent` in columns (tab stops are 4 apart)."""

    start: int
    end: int
    kind: LineKind
    indent: int
    text: bytes
    level: int = 0

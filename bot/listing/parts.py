"""The parts of a list: sections and entries as ranges of bytes, and insertions between them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import NamedTuple

BOM = b"\xef\xbb\xbf"


class EntryForm(Enum):
    """How an entry is written."""

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

    `title` is the visible text, `path` the titles from the top with this one last, `line` counts from 1.
    Bytes `start` to `body` are the heading, `body` to `end` all below it, deeper sections included.
    """

    title: str
    level: int
    path: tuple[str, ...]
    line: int
    start: int
    body: int
    end: int


class Entry(
    NamedTuple
):  # made by the ten thousand: four times as fast to make as a frozen dataclass
    """A unit of the list that names a paper: whole lines, nested lines included, trailing blank lines not.

    `section` is the place of the innermost section in `Document.sections`, None above the first heading;
    entries of one contiguous list or table share a `block`.
    """

    start: int
    end: int
    line: int
    form: EntryForm
    section: int | None
    block: int


@dataclass(frozen=True, slots=True)
class Insertion:
    """Bytes to put before the byte at `offset`: a replacement of nothing."""

    offset: int
    content: bytes

    @property
    def start(self) -> int:
        """Where it starts."""
        return self.offset

    @property
    def end(self) -> int:
        """Where it ends: in the old list, where it starts."""
        return self.offset


@dataclass(frozen=True, slots=True)
class Replacement:
    """Bytes to put in the place of those from `start` to `end`."""

    start: int
    end: int
    content: bytes


Edit = Insertion | Replacement


class LineKind(Enum):
    """What a line is, as far as a list's structure goes."""

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

    __hash__ = object.__hash__  # one object a kind; the hash of an Enum's name is many times slower


class Line(NamedTuple):
    """One line: bytes `start` to `end` with its line ending, `indent` in columns (a tab reaches the next fourth)."""

    start: int
    end: int
    kind: LineKind
    indent: int
    text: bytes
    level: int = 0

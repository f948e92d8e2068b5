"""Represents a list as bytes and offsets, so that edits leave all other bytes unchanged.

`Document.parse` finds sections and entries, `apply` makes edits, and `verify` checks the result before it is published.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from bot.core.english import count
from bot.core.errors import ListError
from bot.listing.blocks import leading_badges, sections_and_entries, visible
from bot.listing.lines import scan
from bot.listing.parts import BOM, Edit, Entry, EntryForm, Insertion, Replacement, Section
from bot.listing.records import RecordFile, read_file

__all__ = [
    "Document",
    "Edit",
    "Entry",
    "EntryForm",
    "Insertion",
    "Replacement",
    "Section",
    "apply",
    "decode",
    "encode",
    "verify",
    "visible",
]


@dataclass(frozen=True, slots=True)
class Document:
    """A list: its bytes, and its sections and entries as offsets into them, both in order.

    `badges` are paragraphs above the first entry with nothing but labelled links, such as one to the list's own paper.
    `records` describes the records of a data file; it is None for Markdown.
    """

    content: bytes
    newline: str
    sections: tuple[Section, ...]
    entries: tuple[Entry, ...]
    badges: tuple[Entry, ...] = ()
    records: RecordFile | None = None

    @classmethod
    def parse(cls, content: bytes) -> Document:
        """Reads a list from any bytes; it may have no sections and no entries.

        A data file (YAML, JSON, CSV) is recognised by its content, and its records are the entries.
        """
        if records := read_file(content.decode("utf-8", "surrogateescape")):
            return cls(content, _newline(content), (), _of_records(content, records), (), records)
        sections, entries = sections_and_entries(scan(content), len(content))
        badges = leading_badges(content, entries)
        return cls(content, _newline(content), sections, entries[badges:], entries[:badges])

    def text(self, part: Entry | Section) -> str:
        """Returns the text of a part; bytes that are not UTF-8 become surrogates, which `encode` turns back."""
        return decode(self.content[part.start : part.end])


def _of_records(content: bytes, records: RecordFile) -> tuple[Entry, ...]:
    """The records as entries of a single block."""
    entries, line, position = [], 1, 0
    for start, end in records.spans:
        line, position = line + content.count(b"\n", position, start), start
        entries.append(Entry(start, end, line, EntryForm.RECORD, None, 1))
    return tuple(entries)


def decode(content: bytes) -> str:
    """Converts bytes of a list to text without loss (PEP 383)."""
    return content.removeprefix(BOM).decode("utf-8", "surrogateescape")


def encode(text: str) -> bytes:
    """Converts text to bytes; the inverse of `decode`."""
    return text.encode("utf-8", "surrogateescape")


def apply(document: Document, edits: Iterable[Edit]) -> bytes:
    """Returns the list's bytes after edits that don't overlap; insertions at the same offset keep their order."""
    parts, position = [], 0
    for edit in sorted(edits, key=lambda edit: (edit.start, edit.end)):
        parts += [document.content[position : edit.start], edit.content]
        position = edit.end
    return b"".join([*parts, document.content[position:]])


def verify(
    before: Document, edits: Sequence[Edit], *, added: int, changed: Collection[Entry] = ()
) -> Document:
    """Makes the edits, and checks that the result has the expected entries.

    Args:
        before: the list.
        edits: the edits to make.
        added: the number of entries that the edits add (negative if they remove entries).
        changed: the entries that the edits may change or remove.

    Returns:
        The new list, parsed again. All entries that are not in `changed` are unchanged.

    Raises:
        ListError: an entry would change unexpectedly, or the number of entries is wrong; nothing may be published.
    """
    after = Document.parse(apply(before, edits))
    shift = _Shift(edits)
    same = [entry for entry in before.entries if entry not in changed]
    old = {(shift.of(entry.start), _length(before, entry)) for entry in same}
    new = {(entry.start, _length(after, entry)) for entry in after.entries}
    if not old <= new:
        lost = min(start for start, _ in old - new)
        line = after.content.count(b"\n", 0, lost) + 1
        raise ListError(
            f"the change would alter the entry at line {line} of the new list",
            fix="report this as a bug, with the list: the bot misreads it",
        )
    if len(after.entries) != len(before.entries) + added:
        raise ListError(
            f"the list would gain {_gain(len(after.entries) - len(before.entries))} instead of {added}",
            fix="report this as a bug, with the list: the bot misreads it",
        )
    return after


def _gain(number: int) -> str:
    return "no entry" if number == 0 else count(number, "entry")


def _length(document: Document, entry: Entry) -> int:
    """The length of an entry without its line ending, which the last line of a list may lack."""
    ending = document.content[entry.end - 2 : entry.end]
    return entry.end - entry.start - len(ending) + len(ending.rstrip(b"\r\n"))


class _Shift:
    """Maps offsets of the old list to the new list, for bytes that no edit changes."""

    def __init__(self, edits: Iterable[Edit]) -> None:
        self._sorted = sorted(
            (edit.end, len(edit.content) - edit.end + edit.start) for edit in edits
        )

    def of(self, offset: int) -> int:
        return offset + sum(size for at, size in self._sorted if at <= offset)


def _newline(content: bytes) -> str:
    """The line ending of most lines; LF if there is none."""
    crlf = content.count(b"\r\n")
    return "\r\n" if crlf > content.count(b"\n") - crlf else "\n"

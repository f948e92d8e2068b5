"""A list as bytes and offsets: what is not edited is not touched, to the byte.

`Document.parse` finds sections and entries, `apply` makes edits, `verify` re-reads the result before anybody
sees it.
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
    """A list: its bytes, and where its sections and entries are in them, both in order.

    `badges` are paragraphs above the first entry that name papers and say nothing: the list's own paper, for one.
    `records` is how a file of data holds its entries, None for Markdown.
    """

    content: bytes
    newline: str
    sections: tuple[Section, ...]
    entries: tuple[Entry, ...]
    badges: tuple[Entry, ...] = ()
    records: RecordFile | None = None

    @classmethod
    def parse(cls, content: bytes) -> Document:
        """Reads a list; any bytes are a list, if perhaps one without sections or entries.

        A file of records (YAML, JSON, CSV) is recognised by what it holds: its records are the entries.
        """
        if records := read_file(content.decode("utf-8", "surrogateescape")):
            return cls(content, _newline(content), (), _of_records(content, records), (), records)
        sections, entries = sections_and_entries(scan(content), len(content))
        badges = leading_badges(content, entries)
        return cls(content, _newline(content), sections, entries[badges:], entries[:badges])

    def text(self, part: Entry | Section) -> str:
        """The part's text; bytes that are not UTF-8 come as surrogates, and go back as the same bytes."""
        return decode(self.content[part.start : part.end])


def _of_records(content: bytes, records: RecordFile) -> tuple[Entry, ...]:
    """The records as entries of one block."""
    entries, line, position = [], 1, 0
    for start, end in records.spans:
        line, position = line + content.count(b"\n", position, start), start
        entries.append(Entry(start, end, line, EntryForm.RECORD, None, 1))
    return tuple(entries)


def decode(content: bytes) -> str:
    """Bytes of a list as text, without loss (PEP 383)."""
    return content.removeprefix(BOM).decode("utf-8", "surrogateescape")


def encode(text: str) -> bytes:
    """The inverse of `decode`."""
    return text.encode("utf-8", "surrogateescape")


def apply(document: Document, edits: Iterable[Edit]) -> bytes:
    """The list's bytes with the edits made, which don't overlap; several insertions at one offset go as given."""
    parts, position = [], 0
    for edit in sorted(edits, key=lambda edit: (edit.start, edit.end)):
        parts += [document.content[position : edit.start], edit.content]
        position = edit.end
    return b"".join([*parts, document.content[position:]])


def verify(
    before: Document, edits: Sequence[Edit], *, added: int, changed: Collection[Entry] = ()
) -> Document:
    """Makes the edits, and makes sure that they do what they should, and nothing else.

    Args:
        before: the list.
        edits: what to do.
        added: how many entries more it then has.
        changed: the entries that may be others then, or be gone.

    Returns:
        the new list, read anew: every other old entry is in it unchanged.

    Raises:
        ListError: the result would be anything else; nothing may be published.
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
            f"the change would run into the entry at line {line} of the new list",
            fix="please report this with the list: the bot's reading of it is wrong",
        )
    if len(after.entries) != len(before.entries) + added:
        raise ListError(
            f"the list would gain {_gain(len(after.entries) - len(before.entries))} instead of {added}",
            fix="please report this with the list: the bot's reading of it is wrong",
        )
    return after


def _gain(number: int) -> str:
    return "no entry" if number == 0 else count(number, "entry")


def _length(document: Document, entry: Entry) -> int:
    """Without the line's end, which the last line of a list may lack until another follows it."""
    ending = document.content[entry.end - 2 : entry.end]
    return entry.end - entry.start - len(ending) + len(ending.rstrip(b"\r\n"))


class _Shift:
    """Where bytes of the old list that no edit touches are in the new one."""

    def __init__(self, edits: Iterable[Edit]) -> None:
        self._sorted = sorted(
            (edit.end, len(edit.content) - edit.end + edit.start) for edit in edits
        )

    def of(self, offset: int) -> int:
        return offset + sum(size for at, size in self._sorted if at <= offset)


def _newline(content: bytes) -> str:
    """The line ending of most lines; LF where there is none."""
    crlf = content.count(b"\r\n")
    return "\r\n" if crlf > content.count(b"\n") - crlf else "\n"

"""A list as bytes and offsets: what is not edited is not touched, to the byte.

`Document.parse` finds sections and entries, `apply` puts insertions in, `verify` re-reads the result before anybody
sees it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot.document.lines import scan
from bot.document.model import BOM, Entry, EntryForm, Insertion, Replacement, Section
from bot.document.parse import sections_and_entries, visible
from bot.errors import ListError

__all__ = [
    "Document",
    "Entry",
    "EntryForm",
    "Insertion",
    "Replacement",
    "Section",
    "apply",
    "decode",
    "encode",
    "replace_all",
    "verify",
    "visible",
]


@dataclass(frozen=True, slots=True)
class Document:
    """A list: its bytes, and where its sections and entries are in them, both in order."""

    content: bytes
    newline: str
    sections: tuple[Section, ...]
    entries: tuple[Entry, ...]

    @classmethod
    def parse(cls, content: bytes) -> Document:
        """Reads a list; any bytes are a list, if perhaps one without sections or entries."""
        sections, entries = sections_and_entries(scan(content), len(content))
        return cls(content, _newline(content), sections, entries)

    def text(self, part: Entry | Section) -> str:
        """The part's text; bytes that are not UTF-8 come as surrogates, and go back as the same bytes."""
        return decode(self.content[part.start : part.end])


def decode(content: bytes) -> str:
    """Bytes of a list as text, without loss (PEP 383)."""
    return content.removeprefix(BOM).decode("utf-8", "surrogateescape")


def encode(text: str) -> bytes:
    """The inverse of `decode`."""
    return text.encode("utf-8", "surrogateescape")


def apply(document: Document, insertions: Sequence[Insertion]) -> bytes:
    """The list's bytes with the insertions put in; several at one offset go in the order given."""
    parts, position = [], 0
    for insertion in sorted(insertions, key=lambda one: one.offset):
        parts += [document.content[position : insertion.offset], insertion.content]
        position = insertion.offset
    parts.append(document.content[position:])
    return b"".join(parts)


def replace_all(document: Document, replacements: Iterable[Replacement]) -> bytes:
    """The list's bytes with the replacements made; they don't overlap."""
    parts, position = [], 0
    for one in sorted(replacements, key=lambda one: one.start):
        parts += [document.content[position : one.start], one.content]
        position = one.end
    return b"".join([*parts, document.content[position:]])


def verify(before: Document, insertions: Sequence[Insertion], *, added: int) -> Document:
    """Applies the insertions and makes sure that they do what they should, and nothing else.

    Returns:
        the new list, read anew: every old entry is in it unchanged, with exactly `added` more.

    Raises:
        ListError: the result would be anything else; nothing may be published.
    """
    after = Document.parse(apply(before, insertions))
    shift = _Shift(insertions)
    old = {(shift.of(entry.start), _length(before, entry)) for entry in before.entries}
    new = {(entry.start, _length(after, entry)) for entry in after.entries}
    if not old <= new:
        lost = min(start for start, _ in old - new)
        line = after.content.count(b"\n", 0, lost) + 1
        raise ListError(
            f"the new entries would run into the entry at line {line} of the new list",
            fix="please report this with the list: the bot's reading of it is wrong",
        )
    if len(after.entries) != len(before.entries) + added:
        raise ListError(
            f"the list would gain {len(after.entries) - len(before.entries)} entries instead of {added}",
            fix="please report this with the list: the bot's reading of it is wrong",
        )
    return after


def _length(document: Document, entry: Entry) -> int:
    """Without the line's end, which the last line of a list may lack until another follows it."""
    ending = document.content[entry.end - 2 : entry.end]
    return entry.end - entry.start - len(ending) + len(ending.rstrip(b"\r\n"))


class _Shift:
    """Where bytes of the old list are in the new one."""

    def __init__(self, insertions: Sequence[Insertion]) -> None:
        self._sorted = sorted((one.offset, len(one.content)) for one in insertions)

    def of(self, offset: int) -> int:
        return offset + sum(size for at, size in self._sorted if at <= offset)


def _newline(content: bytes) -> str:
    """The line ending of most lines; LF where there is none."""
    crlf = content.count(b"\r\n")
    return "\r\n" if crlf > content.count(b"\n") - crlf else "\n"

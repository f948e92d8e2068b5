"""Gives access to an entry's text and fields, and converts edits of its characters to edits of the list's bytes."""

from __future__ import annotations

from dataclasses import dataclass

from bot.listing.document import Document, decode, encode
from bot.listing.fields import Span, find_slots
from bot.listing.index import Listed
from bot.listing.parts import Entry, Replacement
from bot.listing.samples import LONGEST


@dataclass(frozen=True, slots=True)
class EntryText:
    """The current entry of a listed paper; `spans` are the fields found in its plain text."""

    entry: Entry
    listed: Listed
    text: str
    spans: tuple[Span, ...]
    newline: str

    @classmethod
    def of(cls, document: Document, listed: Listed) -> EntryText:
        """Reads the entry of a listed paper."""
        entry = document.entries[listed.entry]
        text = decode(document.content[entry.start : entry.end])
        spans = find_slots(text.replace("\r\n", "\n"), listed)
        newline = "\r\n" if "\r\n" in text else document.newline
        return cls(entry, listed, text, spans, newline)

    @property
    def plain(self) -> str:
        """The text with line feeds as line endings; the offsets of spans refer to it."""
        return self.text.replace("\r\n", "\n")

    @property
    def words(self) -> str:
        """The plain text without the line endings at its end."""
        return self.plain.rstrip("\n")

    @property
    def is_long(self) -> bool:
        """Whether the entry is too long to be an example for others."""
        return len(self.text) > LONGEST

    def rewritten(self, start: int, end: int, new: str) -> Replacement:
        """The edit that replaces the characters from `start` to `end` of the plain text."""
        return Replacement(self._byte(start), self._byte(end), encode(new))

    def _byte(self, offset: int) -> int:
        """The byte offset in the list of a character of the plain text."""
        before = self.plain[:offset]
        lines_above = self.text.split("\n")[: before.count("\n")]
        carriage_returns = sum(line.endswith("\r") for line in lines_above)
        return self.entry.start + len(encode(before)) + carriage_returns

    def with_lines_below(self, number: int, new: list[str]) -> Replacement:
        """The edit that inserts lines below the entry's line `number`, counted from 0."""
        lines = self.text.split("\n")
        is_ended = number + 1 < len(lines)
        at = self.entry.start + len(encode("\n".join(lines[: number + 1]))) + is_ended
        body = self.newline.join(new)
        content = f"{body}{self.newline}" if is_ended else f"{self.newline}{body}"
        return Replacement(at, at, encode(content))

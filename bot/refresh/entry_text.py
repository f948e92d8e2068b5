"""Bytes of an entry by the characters and lines of its text."""

from __future__ import annotations

from dataclasses import dataclass

from bot.listing.document import Document, decode, encode
from bot.listing.fields import Slot, Span, find_slots
from bot.listing.index import Listed
from bot.listing.parts import Entry, Replacement
from bot.listing.samples import LONGEST


@dataclass(frozen=True, slots=True)
class Place:
    """An entry with its text as it stands, and with the facts found in it."""

    entry: Entry
    listed: Listed
    text: str
    spans: tuple[Span, ...]
    newline: str

    @classmethod
    def of(cls, document: Document, listed: Listed) -> Place:
        """The place of a listed paper."""
        entry = document.entries[listed.entry]
        text = decode(document.content[entry.start : entry.end])
        spans = find_slots(text.replace("\r\n", "\n"), listed)
        newline = "\r\n" if "\r\n" in text else document.newline
        return cls(entry, listed, text, spans, newline)

    @property
    def plain(self) -> str:
        """The text with line feeds for line endings, which the spans count in."""
        return self.text.replace("\r\n", "\n")

    @property
    def is_long(self) -> bool:
        """Whether it is longer than any entry, and no example for another."""
        return len(self.text) > LONGEST

    @property
    def words(self) -> str:
        """The plain text without the line ends behind it."""
        return self.plain.rstrip("\n")

    @property
    def lines(self) -> list[str]:
        """Its lines, without their ends."""
        return self.words.split("\n")

    def has(self, slot: Slot) -> bool:
        """Whether the fact was found in it."""
        return any(span.slot is slot for span in self.spans)

    def line_of(self, offset: int) -> int:
        """The number, from 0, of the line with a character of the plain text."""
        return self.plain.count("\n", 0, offset)

    def rewritten(self, start: int, end: int, new: str) -> Replacement:
        """The edit of some characters of the plain text."""
        first, last = self._byte(start), self._byte(end)
        return Replacement(first, last, encode(new))

    def _byte(self, offset: int) -> int:
        """Where in the list a character of the plain text is."""
        before = self.plain[:offset]
        above = self.text.split("\n")[: before.count("\n")]
        carriages = sum(line.endswith("\r") for line in above)
        return self.entry.start + len(encode(before)) + carriages

    def below(self, line: int, block: list[str]) -> Replacement:
        """The edit that puts lines below one of its lines."""
        lines = self.text.split("\n")
        is_ended = line + 1 < len(lines)
        at = self.entry.start + len(encode("\n".join(lines[: line + 1]))) + is_ended
        body = self.newline.join(block)
        content = f"{body}{self.newline}" if is_ended else f"{self.newline}{body}"
        return Replacement(at, at, encode(content))

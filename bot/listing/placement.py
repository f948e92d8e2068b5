"""Fits a new entry to its neighbours: the next number, the blank lines between them, never within a rowspan."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

from bot.listing.document import Document, decode
from bot.listing.parts import Entry, EntryForm

_NEARLY_ALL = 0.8  # share of the gaps between entries
_NUMBER = re.compile(r"^(\s*)(\d{1,9})(?=[.)])")
_INDENT = re.compile(r"[ \t]*(?=(?:[-*+]|\d{1,9}[.)])[ \t])")
_ROWSPAN = re.compile(r"rowspan\s*=\s*[\"']?(\d{1,4})", re.IGNORECASE)


def numbered(text: str, document: Document, members: Sequence[int], above: int) -> str:
    """Numbers an item of a numbered list: one more than the item above, or the same number if all have the same.

    `members` are the section's entries from top to bottom, and `above` is how many of them are above the new one.
    """
    near = members[max(0, above - 1)]
    if document.entries[near].form is not EntryForm.NUMBERED:
        return text
    block = document.entries[near].block
    numbers = [_number(document, n) for n in members if document.entries[n].block == block]
    same = len(set(numbers)) == 1 and len(numbers) > 1
    number = _number(document, near) + (0 if same or not above else 1)
    return _NUMBER.sub(rf"\g<1>{number}", text, count=1)


def _number(document: Document, n: int) -> int:
    found = _NUMBER.match(document.text(document.entries[n]))
    return int(found[2]) if found else 1


def spanned_at(document: Document, members: Sequence[int], above: int) -> str:
    """Returns why a row can't be inserted below `above` others, because a cell spans that place; empty if it can."""
    for n, member in enumerate(members[:above]):
        entry = document.entries[member]
        if any(n + int(rows) > above for rows in _ROWSPAN.findall(document.text(entry))):
            return f"line {entry.line}: a cell spans the rows here; add this paper by hand"
    return ""


def gap_between(document: Document, members: Sequence[int]) -> str:
    """Returns the text between a section's entries: blank lines, or the lines with which nearly all gaps end.

    A section with one entry gets the usual gap of the list. Paragraphs always have a gap. Records of a data file get
    the text between most records, such as a comma in JSON.
    """
    if document.records:
        return _between_records(document)
    for entries in ([document.entries[n] for n in members], document.entries):
        gaps = _gaps(document, entries)
        if blank := [gap for gap, _ in gaps.most_common() if not gap.strip()]:
            return blank[0]
        if gaps:
            return _last_lines(gaps)
    return "\n" * (document.entries[members[0]].form is EntryForm.PARAGRAPH)


def _gaps(document: Document, entries: Sequence[Entry]) -> Counter[str]:
    """Counts the texts between neighbouring entries of the same list."""
    neighbours = ((a, b) for a, b in pairwise(entries) if _follow(a, b))
    between = (decode(document.content[a.end : b.start]) for a, b in neighbours)
    return Counter(gap.replace("\r\n", "\n") for gap in between)


def _between_records(document: Document) -> str:
    """The text between most records of a data file."""
    between = Counter(document.content[a.end : b.start] for a, b in pairwise(document.entries))
    usual = max(between, key=between.__getitem__, default=b"")
    return decode(usual).replace("\r\n", "\n")


def _follow(a: Entry, b: Entry) -> bool:
    """Whether two neighbouring entries are in the same list; between paragraphs there may be other lists."""
    paragraphs = a.form is b.form is EntryForm.PARAGRAPH and a.section == b.section
    return a.block == b.block or paragraphs


def _last_lines(gaps: Counter[str]) -> str:
    """The lines with which nearly all gaps end, such as a rule between blank lines; at least one blank line."""
    ends = [gap.split("\n")[-2::-1] for gap in gaps]
    shared: list[str] = []
    for lines in zip(*ends, strict=False):
        line, count = Counter(lines).most_common(1)[0]
        if count < _NEARLY_ALL * len(ends) or line.lstrip()[:2] in ("- ", "* "):
            break
        shared.insert(0, line)
    return "".join(f"{line}\n" for line in shared) or "\n"


def indented_like(text: str, neighbour: str) -> str:
    """Gives an item the indent of its neighbour, so that it is not read as a part of another item.

    The form of the item may come from entries on another level of the list.
    """
    own, wanted = (_INDENT.match(item) for item in (text, neighbour))
    if own is None or wanted is None or own[0] == wanted[0]:
        return text
    lines = text.split("\n")
    return "\n".join(
        wanted[0] + line.removeprefix(own[0]) if line.startswith(own[0]) and line else line
        for line in lines
    )

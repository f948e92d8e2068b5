"""What the entries beside a new one ask of it: the next number of a numbered list, no place inside a joined cell."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.listing.document import Document
from bot.listing.parts import EntryForm

_NUMBER = re.compile(r"^(\s*)(\d{1,9})(?=[.)])")
_ROWSPAN = re.compile(r"rowspan\s*=\s*[\"']?(\d{1,4})", re.IGNORECASE)


def numbered(text: str, document: Document, members: Sequence[int], above: int) -> str:
    """The text with its number, where the list has them: one more than that above; the same where all have one.

    `members` are the section's entries from top to bottom, `above` is how many of them stand above.
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
    """Why a row can't be put below so many others: one of them reaches further down; empty where none does."""
    for n, member in enumerate(members[:above]):
        entry = document.entries[member]
        if any(n + int(rows) > above for rows in _ROWSPAN.findall(document.text(entry))):
            return f"line {entry.line}: a cell spans the rows here; add this paper by hand"
    return ""

"""The badges above a list: its own paper, code and page, in a paragraph that says nothing else."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import takewhile

from bot.core import titles
from bot.listing.parts import Entry, EntryForm

_PICTURE = re.compile(r"!\[[^\[\]]{0,300}\]\([^()]{0,2000}\)|<img\b[^<>]{0,2000}>", re.IGNORECASE)
_LINK = re.compile(r"\[([^\[\]]{0,500})\]\([^()]{0,2000}\)")
_WORD = re.compile(r"[^\W_]+")


def leading_badges(content: bytes, entries: Sequence[Entry]) -> int:
    """How many of what looks like entries at the top of a list are badges, and so no entries of it.

    They stand above the second heading: in a list of headings that are titles such a paragraph is the paper's own.
    """
    return sum(1 for _ in takewhile(lambda entry: _is_badges(content, entry), entries))


def _is_badges(content: bytes, entry: Entry) -> bool:
    if entry.form is not EntryForm.PARAGRAPH or entry.section:
        return False
    text = content[entry.start : entry.end].decode("utf-8", "replace")
    words = _WORD.findall(titles.plain(_LINK.sub(r" \1 ", _PICTURE.sub("", text))))
    return all(word.casefold() in titles.LABELS for word in words)

"""An entry as signs: its markup and words as they stand, its facts, addresses and numbers each as one sign.

Two entries with the same signs have the same form.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from bot.listing.fields import Slot
from bot.refresh.entry_text import Place

_ADDRESS = re.compile(r"https?://(?:[^\s()<>\[\]\"']|\([^\s()]{0,200}\)){1,2000}")
_NUMBER = re.compile(r"\d+")
ARXIV, LINK = "<arXiv>", "<link>"
TITLE = frozenset({Slot.TITLE, Slot.NAME, Slot.REST})
"""The facts that every entry has a sign for."""


@dataclass(frozen=True, slots=True)
class Sign:
    """A character of an entry, or what several stand for; `at` is the first of them in the plain text."""

    text: str
    at: int


def signs(place: Place, start: int, end: int, slots: Collection[Slot] = TITLE) -> Iterator[Sign]:
    """The signs of a part of an entry's plain text."""
    text, position = place.plain, start
    spans = {span.start: span for span in place.spans if span.slot in slots}
    while position < end:
        if (span := spans.get(position)) and span.end <= end:
            sign, following = f"<{span.slot.name}>", span.end
        elif match := _ADDRESS.match(text, position, end):
            sign, following = ARXIV if "arxiv.org" in match[0] else LINK, match.end()
        elif match := _NUMBER.match(text, position, end):
            sign, following = "<number>", match.end()
        else:
            sign, following = text[position], position + 1
        yield Sign(sign, position)
        position = following

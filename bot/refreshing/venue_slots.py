"""Where a list's entries say a venue: on a line with a label for it, or in a table's column of that name."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable

from bot import titles
from bot.document import Document, Entry, EntryForm
from bot.index import head_of
from bot.model import Paper
from bot.refreshing.places import Place
from bot.refreshing.venues import Venue, as_written, is_open, venue_of

_NAMES = r"venue|publisher|published(?: in| at)?|publication|conference|journal"
_LABELLED = re.compile(
    rf"^[ \t]*(?:[-*+][ \t]+)?[*_]{{0,3}}(?P<label>{_NAMES})[*_]{{0,3}}[ \t]*:[*_]{{0,3}}"
    r"(?P<value>[^\n]*)$",
    re.IGNORECASE | re.MULTILINE,
)
_COLUMN = re.compile(rf"(?:{_NAMES}|pub)", re.IGNORECASE)
_BAR = re.compile(r"(?<!\\)\|")
_AROUND = " \t*_`[]()"

_Spot = tuple[str, int, int]  # which of the list's places, and the characters of the plain text


class VenueSlots:
    """The places for venues of one list, and what stands in them."""

    def __init__(self, document: Document, places: Iterable[Place]) -> None:
        self._document = document
        first: dict[int, Entry] = {}
        for entry in document.entries:
            first.setdefault(entry.block, entry)
        self._first = first
        self._written: dict[str, list[str]] = defaultdict(list)
        for place in places:
            if spot := self._spot(place):
                name, start, end = spot
                self._written[name].append(place.plain[start:end])

    def published(self, place: Place, paper: Paper) -> tuple[int, int, str, Venue] | None:
        """The characters that say no venue yet, and what they become."""
        venue, spot = venue_of(paper), self._spot(place)
        if venue is None or spot is None:
            return None
        name, start, end = spot
        if not is_open(place.plain[start:end]):
            return None
        new = as_written(venue, self._written[name])
        return (start, end, new, venue) if new else None

    def _spot(self, place: Place) -> _Spot | None:
        if place.entry.form is EntryForm.TABLE_ROW:
            return self._in_row(place)
        if match := _LABELLED.search(place.plain):
            return _core(match["label"].casefold(), place.plain, *match.span("value"))
        return None

    def _in_row(self, place: Place) -> _Spot | None:
        head = _BAR.split(head_of(self._document, self._first[place.entry.block]))
        row = place.plain.rstrip("\n")
        bars = [match.start() for match in _BAR.finditer(row)]
        ends = [-1, *bars, len(row)]
        for number, cell in enumerate(head):
            if _COLUMN.fullmatch(titles.key(cell)) and len(head) == len(ends) - 1:
                return _core(titles.key(cell), row, ends[number] + 1, ends[number + 1])
        return None


def _core(name: str, text: str, start: int, end: int) -> _Spot | None:
    """The words there, less brackets and emphasis around them; None where there is nothing to put others for."""
    value = text[start:end]
    core = value.strip(_AROUND)
    if not core:
        return None
    start += value.index(core)
    return name, start, start + len(core)

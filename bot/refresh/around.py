"""The entries around one: those of its section, the nearest first, then those of the rest of the list."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

from bot.listing.index import Listed
from bot.listing.paper_list import PaperList
from bot.refresh.entry_text import Place


class Around:
    """The entries of a part of a list, by nearness."""

    def __init__(self, listing: PaperList) -> None:
        document = self._document = listing.document
        self._listed = listing.listed
        self._members: dict[int | None, list[Listed]] = defaultdict(list)
        self._numbers: dict[int, tuple[int, int]] = {}
        for number, one in enumerate(self._listed):
            members = self._members[document.entries[one.entry].section]
            self._numbers[one.entry] = (number, len(members))
            members.append(one)

    def of(self, place: Place) -> Iterator[Listed]:
        """The others of its shape."""
        section, form = place.entry.section, place.entry.form
        number, among = self._numbers[place.listed.entry]
        for one in _outwards(self._members[section], among):
            if self._document.entries[one.entry].form is form:
                yield one
        for one in _outwards(self._listed, number):
            entry = self._document.entries[one.entry]
            if entry.section != section and entry.form is form:
                yield one


def _outwards(entries: Sequence[Listed], number: int) -> Iterator[Listed]:
    for distance in range(1, len(entries)):
        if number >= distance:
            yield entries[number - distance]
        if number + distance < len(entries):
            yield entries[number + distance]

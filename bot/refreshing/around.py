"""The entries around one: those of its section, the nearest first, then those of the rest of the list."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

from bot.document import Document, Section
from bot.index import Listed, ListIndex
from bot.refreshing.places import Place


class Around:
    """The entries of a part of a list, by nearness."""

    def __init__(self, document: Document, index: ListIndex, part: Section) -> None:
        self._document = document
        self._listed = [
            one
            for one in index.listed
            if part.start <= document.entries[one.entry].start < part.end
        ]
        self._numbers = {one.entry: n for n, one in enumerate(self._listed)}
        self._members: dict[int | None, list[Listed]] = defaultdict(list)
        for one in self._listed:
            self._members[document.entries[one.entry].section].append(one)

    def of(self, place: Place) -> Iterator[Listed]:
        """The others of its shape."""
        section, form = place.entry.section, place.entry.form
        members = self._members[section]
        for one in _outwards(members, members.index(place.listed)):
            if self._document.entries[one.entry].form is form:
                yield one
        for one in _outwards(self._listed, self._numbers[place.listed.entry]):
            entry = self._document.entries[one.entry]
            if entry.section != section and entry.form is form:
                yield one


def _outwards(entries: Sequence[Listed], number: int) -> Iterator[Listed]:
    for distance in range(1, len(entries)):
        if number >= distance:
            yield entries[number - distance]
        if number + distance < len(entries):
            yield entries[number + distance]

"""Where a list's entries say a venue: in a place of its own, or at one spot within the line.

A spot within the line is known by what stands around it: the signs from the title or the authors up to it, and those
behind it. What is published and what is not yet stand at the same spot only if all of these are the same.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from operator import attrgetter

from bot.core.model import Paper
from bot.listing.fields import Slot
from bot.listing.parts import EntryForm
from bot.proposals.items import Fact
from bot.refresh.entry_text import Place
from bot.refresh.labelled import Spots
from bot.refresh.tokens import ARXIV, LINK, TITLE, Sign, signs
from bot.refresh.venues import WITHIN, Venue, is_doubted, is_open, manner_of, venue_of

_AROUND = " \t*_`[]()"
_SLOTS = TITLE | {Slot.AUTHORS}
_FACTS = frozenset({"\n", *(f"<{slot.name}>" for slot in _SLOTS)})
_OWN = _FACTS | {LINK, ARXIV}
_NEAR = 60  # signs
_AT: Callable[[Sign], int] = attrgetter("at")
_ROWS = frozenset({EntryForm.TABLE_ROW, EntryForm.HTML_ROW})
_WORD = re.compile(r"[^\W_]|<number>")


@dataclass(frozen=True, slots=True)
class _Said:
    """Characters of the plain text that say a venue, or that there is none yet, and which of the list's spots it is."""

    spot: tuple[str, str]
    start: int
    end: int


class VenueSpots:
    """The places for venues of one list, and what stands in them."""

    def __init__(self, places: Collection[Place], spots: Spots) -> None:
        self._spots = spots
        written: dict[tuple[str, str], list[str]] = defaultdict(list)
        for place in places:
            for one in self._said(place):
                written[one.spot].append(place.plain[one.start : one.end])
        self._manners = {spot: manner_of(texts) for spot, texts in written.items()}

    def published(self, place: Place, paper: Paper) -> tuple[int, int, str, Venue] | None:
        """The characters that say no venue yet, and what they become."""
        if (venue := venue_of(paper)) is None:
            return None
        said = list(self._said(place))
        open_ = [one for one in said if is_open(place.plain[one.start : one.end])]
        ways = [
            (one.start, one.end, manner.of(venue), venue)
            for one in open_
            if (manner := self._manners[one.spot]) and not is_doubted(venue, place.plain, one.end)
        ]
        return ways[0] if len(ways) == 1 and len(open_) == len(said) else None

    def _said(self, place: Place) -> Iterator[_Said]:
        if spot := self._spots.of(place, Fact.VENUE):
            if core := spot.value.strip(_AROUND):
                start = spot.start + spot.value.index(core)
                yield _Said((spot.name, ""), start, start + len(core))
        elif place.entry.form not in _ROWS and not place.is_long:
            yield from _within(place)


def _within(place: Place) -> Iterator[_Said]:
    """What the entry's lines say of venues, its facts and addresses aside."""
    known = tuple(signs(place, 0, len(place.words), _SLOTS))
    texts = [one.text for one in known]
    for match in WITHIN.finditer(place.words):
        first = bisect_right(known, match.start(), key=_AT) - 1
        last = bisect_left(known, match.end(), key=_AT)
        if not _OWN & set(texts[first:last]):
            around = (
                _since_fact(texts[max(0, first - _NEAR) : first]),
                _to_word(texts[last : last + _NEAR]),
            )
            yield _Said(around, *match.span())


def _since_fact(before: Sequence[str]) -> str:
    """The last signs, from the title or the authors on, or from the line's start."""
    stop = (n for n in range(len(before), 0, -1) if before[n - 1] in _FACTS)
    return "".join(before[next(stop, 1) - 1 :])


def _to_word(behind: Sequence[str]) -> str:
    """The first signs, up to a word or the line's end."""
    stop = (n for n, one in enumerate(behind) if one == "\n" or _WORD.fullmatch(one))
    return "".join(behind[: next(stop, len(behind))])

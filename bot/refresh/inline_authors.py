"""Authors within a line or a paragraph, where this entry is like the others but for them.

An entry has exactly the form of others without their authors if its signs are theirs, less the authors and the
punctuation beside them. There is one place then where they are missing; where two would do, none is taken.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain, islice

from bot.core.arxiv_id import ArxivId
from bot.core.model import Paper
from bot.listing.index import Listed
from bot.listing.parts import EntryForm
from bot.proposals.items import Fact
from bot.refresh.around import Around
from bot.refresh.entry_text import Place
from bot.refresh.notations import ALIKE, ENOUGH, HOLE, Way, find, usual
from bot.refresh.tokens import Sign, signs

_FORMS = frozenset({EntryForm.BULLET, EntryForm.NUMBERED, EntryForm.HEADING, EntryForm.PARAGRAPH})
_BESIDE = re.compile(r"(?:[^\w\n]|_)*(?:(?:authors?|by)(?:[^\w\n]|_)*)?", re.IGNORECASE)
_NEAR = 14  # entries around one nearly all of which must have their authors
_TRIED = 200  # entries that may have its form
_RIGHT_BEFORE = 3  # signs that tell where in an entry its authors are
_MOST_BESIDE = 16  # characters beside the authors that come and go with them


@dataclass(frozen=True, slots=True)
class _Example:
    """An entry that has its authors: the signs before and behind them, and the notations they may be written in."""

    paper: Paper
    before: tuple[str, ...]
    behind: tuple[str, ...]
    notations: tuple[str, ...]

    @property
    def ways(self) -> tuple[Way, ...]:
        """Its notations, behind what stands right before the authors."""
        frame = "".join(self.before[-_RIGHT_BEFORE:]) + HOLE
        return tuple(Way(frame, one) for one in self.notations)


@dataclass(frozen=True, slots=True)
class _Gap:
    """Where authors are missing, and what comes on either side of them."""

    at: int
    lead: str
    tail: str


class Inline:
    """The authors within the lines of one list's entries."""

    def __init__(
        self, places: Mapping[int, Place], papers: Mapping[ArxivId, Paper], around: Around
    ) -> None:
        self._places = places
        self._papers = papers
        self._around = around
        self._examples: dict[int, _Example | None] = {}

    def inserted(self, place: Place, paper: Paper) -> tuple[int, int, str] | None:
        """The characters that become others, and these, to have the authors where nearly all others have them."""
        if place.entry.form not in _FORMS or place.is_long:
            return None
        others = (self._example(one) for one in islice(self._known(place), _TRIED))
        nearest = list(islice(others, _NEAR))
        near = [one for one in nearest if one]
        if len(near) < max(ENOUGH, ALIKE * len(nearest)):
            return None
        usually = usual([(one.paper, one.ways) for one in near])
        bare = replace(usually, ways=tuple(Way(HOLE, way.notation) for way in usually.ways))
        if not (text := bare.write(Fact.AUTHORS, paper, table=False)):
            return None
        own = tuple(signs(place, 0, len(place.words)))
        found: dict[str, _Gap] = {}
        fitting = Counter[str]()
        alike = (one for one in chain(near, others) if one and set(usually.ways) & set(one.ways))
        for (before, behind), count in Counter((one.before, one.behind) for one in alike).items():
            every = _gaps(own, before, behind, len(place.words))
            gaps = {_after(place, gap, text): gap for gap in every}
            found |= gaps
            fitting.update(dict.fromkeys(gaps, count))
        for result, count in fitting.most_common(1):
            if count >= max(ENOUGH, ALIKE * fitting.total()):
                gap = found[result]
                return gap.at, gap.at, f"{gap.lead}{text}{gap.tail}"
        return None

    def _known(self, place: Place) -> Iterator[Listed]:
        """The entries around of papers that are known here."""
        for one in self._around.of(place):
            known = one.entry in self._places and one.ids[0] in self._papers
            if known and not self._places[one.entry].is_long:
                yield one

    def _example(self, one: Listed) -> _Example | None:
        if one.entry not in self._examples:
            place = self._places[one.entry]
            self._examples[one.entry] = _example(place, self._papers[one.ids[0]])
        return self._examples[one.entry]


def _after(place: Place, gap: _Gap, text: str) -> str:
    return f"{place.plain[: gap.at]}{gap.lead}{text}{gap.tail}{place.plain[gap.at :]}"


def _example(place: Place, paper: Paper) -> _Example | None:
    found = find(Fact.AUTHORS, paper, place.plain)
    if found is None:
        return None
    before = tuple(one.text for one in signs(place, 0, found.start))
    behind = signs(place, found.end, len(place.words))
    return _Example(paper, before, tuple(one.text for one in behind), found.notations)


def _gaps(
    own: Sequence[Sign], before: Sequence[str], behind: Sequence[str], length: int
) -> Iterator[_Gap]:
    """Every place where the authors would make an entry's signs those of the example, to the line's end."""
    texts = tuple(one.text for one in own)
    same = 0
    while same < min(len(before), len(texts)) and before[same] == texts[same]:
        same += 1
    for at in range(same, max(-1, len(before) - _MOST_BESIDE - 1), -1):
        if (lead := _beside(before[at:])) is None:
            return
        line = texts[at:]
        line = line[: line.index("\n")] if "\n" in line else line
        for size in range(min(_MOST_BESIDE, len(behind)) + 1):
            if (tail := _beside(behind[:size])) is None:
                break
            end = size + len(line)
            if behind[size:end] == line and behind[end : end + 1] in ((), ("\n",)):
                where = own[at].at if at < len(own) else length
                yield _Gap(where, lead, tail)


def _beside(signs: Iterable[str]) -> str | None:
    """Signs as text, if they are only what comes and goes with the authors."""
    parts = tuple(signs)
    text = "".join(parts)
    alone = all(len(one) == 1 for one in parts)
    return text if alone and _BESIDE.fullmatch(text) else None

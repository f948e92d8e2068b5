"""Fills in what an entry lacks: in its place for that, on a line of its own, or within its lines. Only one of these."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence

from bot.arxiv_id import ArxivId
from bot.changes import Fact
from bot.document import Document, EntryForm, Replacement
from bot.entries import ListRules
from bot.entries.render import is_in_html
from bot.entries.slots import Slot
from bot.model import Paper
from bot.refreshing.around import Around
from bot.refreshing.forms import Forms
from bot.refreshing.inline import Inline
from bot.refreshing.places import Place
from bot.refreshing.spots import Spot, Spots
from bot.refreshing.ways import Way, usual, ways

_SLOTS = {Fact.AUTHORS: Slot.AUTHORS, Fact.ABSTRACT: Slot.ABSTRACT}


class Filling:
    """How one list's entries are filled in."""

    def __init__(
        self,
        document: Document,
        places: Mapping[int, Place],
        papers: Mapping[ArxivId, Paper],
        around: Around,
        rules: ListRules,
        spots: Spots,
    ) -> None:
        self._papers = papers
        self._spots = spots
        self._forms = Forms(document, around, rules)
        self._inline = Inline(places, papers, around)
        self._learned: dict[tuple[Fact, str], tuple[Way, ...]] = {}

    def edit(self, place: Place, paper: Paper, fact: Fact) -> Replacement | None:
        """The edit that fills a fact in; None where it is there, or where nothing is certain."""
        if spot := self._spots.of(place, fact):
            is_open = spot.is_empty and not _says(place, paper, fact, spot)
            found = self._in_spot(place, paper, fact, spot) if is_open else None
        elif fact is Fact.DOI or _says(place, paper, fact):
            return None
        elif block := self._forms.block(place, paper, _SLOTS[fact]):
            return place.below(*block)
        else:
            found = self._inline.inserted(place, paper) if fact is Fact.AUTHORS else None
        if found is None or is_in_html(place.plain[: found[0]]):
            return None
        return place.rewritten(*found)

    def _in_spot(
        self, place: Place, paper: Paper, fact: Fact, spot: Spot
    ) -> tuple[int, int, str] | None:
        table = place.entry.form is EntryForm.TABLE_ROW
        written = {way.write(fact, paper, table=table) for way in self._usual(fact, spot)}
        return spot.filled(written.pop()) if len(written) == 1 and "" not in written else None

    def _usual(self, fact: Fact, spot: Spot) -> tuple[Way, ...]:
        """The ways in which the list fills places of this name."""
        key = fact, spot.name
        if key not in self._learned:
            texts = [
                (known, one.value.strip())
                for other, one in self._spots.like(spot, fact)
                if (known := self._papers.get(other.listed.ids[0]))
            ]
            counted = Counter(way for known, text in texts for way in ways(fact, known, text))
            self._learned[key] = usual(counted, len(texts))
        return self._learned[key]


def _says(place: Place, paper: Paper, fact: Fact, aside: Spot | None = None) -> bool:
    """Whether the entry says something of the fact in any form that can be told, an empty place for it aside."""
    start, end = (aside.label, aside.end) if aside else (0, 0)
    slot = _SLOTS.get(fact)
    if any(one.slot is slot and not start <= one.start < end for one in place.spans):
        return True
    text = f"{place.plain[:start]}\n{place.plain[end:]}".casefold()
    match fact:
        case Fact.AUTHORS:
            return not paper.authors or _names_any(text, place, paper.authors)
        case Fact.ABSTRACT:
            begin = " ".join(paper.abstract.split()[:6]).casefold()
            told = re.search(r"abstract|tl;?dr|<details", text) is not None
            return not begin or told or begin in text
        case _:
            return not paper.doi or paper.doi.casefold() in text


def _names_any(text: str, place: Place, authors: Sequence[str]) -> bool:
    """Whether an entry has an author's surname, its title aside, or a label for authors."""
    rest = text.replace(place.listed.title.casefold(), " ")
    surnames = [name.split()[-1].casefold() for name in authors[:4] if name.split()]
    return re.search(r"\bauthors?\b", rest) is not None or any(
        re.search(rf"(?<!\w){re.escape(name)}(?!\w)", rest) for name in surnames if len(name) > 1
    )

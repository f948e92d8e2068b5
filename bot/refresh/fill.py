"""Fills in what an entry lacks: in its place for that, on a line of its own, or within its lines. Only one of these."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from bot.core import titles
from bot.core.arxiv_id import ArxivId
from bot.core.model import Paper
from bot.listing.document import Document
from bot.listing.fields import Slot
from bot.listing.parts import EntryForm, Replacement
from bot.listing.render import is_in_html
from bot.proposals.items import Fact
from bot.refresh.around import Around
from bot.refresh.entry_text import Place
from bot.refresh.fact_lines import Forms
from bot.refresh.inline_authors import Inline
from bot.refresh.labelled import Spot, Spots
from bot.refresh.notations import Usual, usual, ways

_GENERATION = re.compile(r" (?:[js]r|i{1,3}|iv)$")
_DOI = re.compile(r"(?<![\d.])10\.(?!48550/)\d{4,9}/")  # another than arXiv's own
_SLOTS = {Fact.AUTHORS: Slot.AUTHORS, Fact.ABSTRACT: Slot.ABSTRACT}


class Filling:
    """How one list's entries are filled in."""

    def __init__(
        self,
        document: Document,
        places: Mapping[int, Place],
        papers: Mapping[ArxivId, Paper],
        around: Around,
        template: str | None,
        spots: Spots,
    ) -> None:
        self._papers = papers
        self._spots = spots
        self._forms = Forms(document, around, template)
        self._inline = Inline(places, papers, around)
        self._learned: dict[tuple[Fact, str], Usual] = {}

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
        before = place.plain[: found[0]] if found else ""
        if found is None or is_in_html(before) or before.count("```") % 2:
            return None
        return place.rewritten(*found)

    def _in_spot(
        self, place: Place, paper: Paper, fact: Fact, spot: Spot
    ) -> tuple[int, int, str] | None:
        table = place.entry.form is EntryForm.TABLE_ROW
        text = self._usual(fact, spot).write(fact, paper, table=table)
        return spot.filled(text) if text else None

    def _usual(self, fact: Fact, spot: Spot) -> Usual:
        """The ways in which the list fills places of this name."""
        key = fact, spot.name
        if key not in self._learned:
            texts = [
                (known, tuple(ways(fact, known, one.value.strip())))
                for other, one in self._spots.like(spot, fact)
                if (known := self._papers.get(other.listed.ids[0]))
            ]
            self._learned[key] = usual(texts)
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
            return not paper.doi or paper.doi.casefold() in text or _DOI.search(text) is not None


def _names_any(text: str, place: Place, authors: Sequence[str]) -> bool:
    """Whether an entry has an author's surname, accents and its title aside, or a label for authors."""
    rest = f" {titles.key(text)} ".replace(f" {titles.key(place.listed.title)} ", " ")
    names = (_GENERATION.sub("", titles.key(name)).split() for name in authors)
    surnames = {name[-1] for name in names if name}
    said = set(rest.split())
    return not said.isdisjoint({"author", "authors", *(name for name in surnames if len(name) > 1)})

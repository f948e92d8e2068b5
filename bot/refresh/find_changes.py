"""Finds what is to be changed: listed entries and papers as arXiv has them now -> changes. Pure.

Every edit is made on its entry alone first, and counts only if the entry is still one of the same papers then.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from bot.core import titles
from bot.core.arxiv_id import ArxivId, find_ids
from bot.core.model import Paper
from bot.listing.document import decode
from bot.listing.index import Listed
from bot.listing.paper_list import PaperList
from bot.listing.parts import EntryForm, Replacement
from bot.proposals.items import ChangeId, Fact
from bot.refresh.apply import sift
from bot.refresh.around import Around
from bot.refresh.entry_text import Place
from bot.refresh.fill import Filling
from bot.refresh.labelled import Spots
from bot.refresh.model import Change, Findings, Note
from bot.refresh.renames import differs, is_marked, renamed
from bot.refresh.venue_spots import VenueSpots
from bot.refresh.venues import venue_of
from bot.relevance.screening import is_withdrawn

Older = Mapping[ArxivId, Sequence[str]]
"""The titles that older versions of papers had, as far as they could be looked up."""

_FILLED = (Fact.AUTHORS, Fact.DOI, Fact.ABSTRACT)
_REMOVED = frozenset({EntryForm.BULLET, EntryForm.TABLE_ROW})


def listed_in(listing: PaperList) -> tuple[Listed, ...]:
    """The entries of arXiv papers in a part of the list, each paper once."""
    first: dict[ArxivId, Listed] = {}
    for one in listing.listed:
        if one.ids:
            first.setdefault(one.ids[0], one)
    return tuple(first.values())


def other_titles(listed: Sequence[Listed], papers: Mapping[ArxivId, Paper]) -> tuple[Paper, ...]:
    """The papers with another title than listed that have older versions, which may have had it."""
    pairs = ((one, papers.get(one.ids[0])) for one in listed)
    return tuple(
        paper
        for one, paper in pairs
        if paper and (paper.id.version or 0) > 1 and one.title and differs(one.title, paper.title)
    )


def find_changes(
    listing: PaperList,
    papers: Mapping[ArxivId, Paper],
    older: Older,
    template: str | None = None,
) -> Findings:
    """All changes that are certain, and what is worth knowing beside them.

    Raises:
        ConfigError: the template is wrong.
    """
    finder = _Finder(listing, papers, older, template)
    found = [
        one
        for listed in finder.listed
        if (paper := papers.get(listed.ids[0]))
        for one in finder.of(listed, paper)
    ]
    changes = [one for one in found if isinstance(one, Change)]
    sound, unsound = sift(listing, changes)
    notes = [one for one in found if isinstance(one, Note)]
    notes += [_unsound(one) for one in unsound]
    ordered = sorted(notes, key=lambda one: one.listed.entry)
    return Findings(tuple(sorted(sound, key=lambda one: one.order)), tuple(ordered))


class _Finder:
    """Holds entries of one list against papers; what is learned of the list is learned once."""

    def __init__(
        self,
        listing: PaperList,
        papers: Mapping[ArxivId, Paper],
        older: Older,
        template: str | None,
    ) -> None:
        document = self._document = listing.document
        self._older = older
        self.listed = listed_in(listing)
        self._places = {one.entry: Place.of(document, one) for one in self.listed}
        around = Around(listing)
        spots = Spots(document, self._places.values())
        self._filling = Filling(document, self._places, papers, around, template, spots)
        self._venues = VenueSpots(self._places.values(), spots)
        self._blocks = Counter(entry.block for entry in document.entries)

    def of(self, listed: Listed, paper: Paper) -> Iterator[Change | Note]:
        """What is to be said of one entry; of a withdrawn paper that alone, and nothing where the link is a mistake.

        Where an entry names several papers it can't be told which of them a place for a fact is for.
        """
        place = self._places[listed.entry]
        if not listed.title:
            return
        was = {titles.key(one) for one in self._older.get(paper.id, ())}
        if not titles.may_be(listed.title, paper.title) and titles.key(listed.title) not in was:
            text = f"the title here is another one: arXiv has “{titles.plain(paper.title)}”"
            yield Note(paper.id, listed, text)
            return
        if is_withdrawn(paper):
            yield self._withdrawal(place, paper)
            return
        yield from self._title(place, paper)
        filled = [
            (fact, edit)
            for fact in _FILLED
            if not listed.names_several and (edit := self._filling.edit(place, paper, fact))
        ]
        for fact, edit in filled:
            yield from self._filled(place, paper, fact, edit)
        has_doi = any(fact is Fact.DOI for fact, _ in filled)
        yield from self._venue(place, replace(paper, doi="") if has_doi else paper)

    def _withdrawal(self, place: Place, paper: Paper) -> Change | Note:
        """The entry is taken out; where that would leave more than it behind, or take more, a person has to."""
        listed, entry = place.listed, place.entry
        alone = self._blocks[entry.block] == 1
        if entry.form not in _REMOVED or alone or listed.names_several:
            return Note(paper.id, listed, f"withdrawn; take it out by hand: “{paper.comment}”")
        end = entry.end
        content = self._document.content
        newline = place.newline.encode()
        if content[: entry.start].endswith(newline * 2) and content[end:].startswith(newline):
            end += len(newline)
        # Of several that are withdrawn one stays, so that no heading is left bare.
        self._blocks[entry.block] -= 1
        edit = Replacement(entry.start, end, b"")
        name = ChangeId.of(paper.id, Fact.WITHDRAWAL, Fact.WITHDRAWAL.value)
        return Change(name, listed, edit, "", place.plain.strip(), paper.comment)

    def _title(self, place: Place, paper: Paper) -> Iterator[Change | Note]:
        listed, new = place.listed, titles.plain(paper.title)
        if edit := renamed(place, paper, self._older.get(paper.id, ())):
            name = ChangeId.of(paper.id, Fact.TITLE, new)
            change = Change(name, listed, edit, new, listed.title, "an older version had that")
            yield from self._if_sound(change, place)
        elif differs(listed.title, new) and not is_marked(new):
            yield Note(paper.id, listed, f"arXiv has another title: “{new}”")

    def _filled(
        self, place: Place, paper: Paper, fact: Fact, edit: Replacement
    ) -> Iterator[Change | Note]:
        values = {Fact.AUTHORS: ", ".join(paper.authors), Fact.ABSTRACT: paper.abstract}
        value = values.get(fact, paper.doi)
        name = ChangeId.of(paper.id, fact, value)
        change = Change(name, place.listed, edit, titles.plain(value))
        yield from self._if_sound(change, place)

    def _venue(self, place: Place, paper: Paper) -> Iterator[Change | Note]:
        listed = place.listed
        if not listed.names_several and (found := self._venues.published(place, paper)):
            start, end, new, venue = found
            old = place.plain[start:end]
            name = ChangeId.of(paper.id, Fact.VENUE, str(venue))
            change = Change(name, listed, place.rewritten(start, end, new), new, old, venue.said)
            yield from self._if_sound(change, place)
            return
        text = place.plain.casefold()
        said: list[str] = []
        if (known := venue_of(paper)) and known.name.casefold() not in text:
            said.append(f"published: {known}")
        elif not known and paper.journal_ref:
            said.append(f"published: {paper.journal_ref}")
        if paper.doi and paper.doi.casefold() not in text and said:
            said.append(f"DOI {paper.doi}")
        if said:
            yield Note(paper.id, listed, ", ".join(said))

    def _if_sound(self, change: Change, place: Place) -> Iterator[Change | Note]:
        """The change, if the entry is one of the same papers after it; else that it is not."""
        entry, edit = place.entry, change.edit
        content = self._document.content
        after = decode(
            content[entry.start : edit.start] + edit.content + content[edit.end : entry.end]
        )
        same = {one.id for one in find_ids(after)} == {*place.listed.ids, *place.listed.mentioned}
        if same:
            yield change
        else:
            yield _unsound(change)


def _unsound(change: Change) -> Note:
    """That a change is not made, since the entry would be read as another one then."""
    text = f"its {change.id.fact.value} would make the entry look like one of another paper"
    if change.id.fact is Fact.TITLE:
        text = f"arXiv has another title, with which the entry would not be understood: “{change.value}”"
    return Note(change.id.paper, change.listed, text)

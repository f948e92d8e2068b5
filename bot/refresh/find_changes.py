"""Finds what arXiv knows and an entry lacks: a newer title, a venue, a missing field, or a withdrawal.

Each edit is first tried on its entry alone. It counts only if the entry still names the same papers afterwards.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from bot.core import escaping, titles
from bot.core.arxiv_id import ArxivId, find_ids
from bot.core.model import Paper
from bot.listing.document import decode
from bot.listing.fields import Slot
from bot.listing.index import Listed
from bot.listing.paper_list import PaperList
from bot.listing.parts import EntryForm, Replacement
from bot.proposals.items import ChangeId, Fact
from bot.refresh.apply import split_applicable
from bot.refresh.entry_text import EntryText
from bot.refresh.fill import Filler
from bot.refresh.labelled import LabelledFields
from bot.refresh.model import EntryChange, Findings, Note
from bot.refresh.venues import VenueFields, venue_of
from bot.relevance.screening import is_withdrawn

Older = Mapping[ArxivId, Sequence[str]]
"""The titles of older versions of papers, as far as they could be looked up."""

_REMOVED = frozenset({EntryForm.BULLET, EntryForm.TABLE_ROW})
_TEX = frozenset("$\\{}")


def listed_in(listing: PaperList) -> tuple[Listed, ...]:
    """The entries of arXiv papers in the list, each paper once; none of a list kept as data."""
    if listing.document.records:
        return ()
    first: dict[ArxivId, Listed] = {}
    for listed in listing.listed:
        if listed.ids:
            first.setdefault(listed.ids[0], listed)
    return tuple(first.values())


def other_titles(listed: Sequence[Listed], papers: Mapping[ArxivId, Paper]) -> tuple[Paper, ...]:
    """The papers that are listed under another title and have older versions, which may have had that title."""
    pairs = ((entry, papers.get(entry.ids[0])) for entry in listed)
    return tuple(
        paper
        for entry, paper in pairs
        if paper
        and (paper.id.version or 0) > 1
        and entry.title
        and _differs(entry.title, paper.title)
    )


def find_changes(
    listing: PaperList,
    papers: Mapping[ArxivId, Paper],
    older: Older,
    template: str | None = None,
) -> Findings:
    """Finds all changes that are certain, and notes for what a person has to decide.

    `papers` are the listed papers as arXiv has them now, and `template` is the one for entries, if it is configured.

    Raises:
        ConfigError: the template is wrong.
    """
    finder = _Finder(listing, papers, older, template)
    found = [
        item
        for listed in finder.listed
        if (paper := papers.get(listed.ids[0]))
        for item in finder.of(listed, paper)
    ]
    sound, unsound = split_applicable(
        listing, [item for item in found if isinstance(item, EntryChange)]
    )
    notes = [item for item in found if isinstance(item, Note)]
    notes += map(_unsound, unsound)
    ordered = sorted(notes, key=lambda note: note.listed.entry)
    return Findings(tuple(sorted(sound, key=lambda change: change.order)), tuple(ordered))


class _Finder:
    """Compares the entries of one list with arXiv; analyses the notation of the list once."""

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
        self._entries = {listed.entry: EntryText.of(document, listed) for listed in self.listed}
        fields = LabelledFields(document, self._entries.values())
        self._filler = Filler(papers, template, fields)
        self._venues = VenueFields(self._entries.values(), fields)
        self._blocks = Counter(entry.block for entry in document.entries)

    def of(self, listed: Listed, paper: Paper) -> Iterator[EntryChange | Note]:
        """Finds the changes and notes for one entry.

        If its link seems to be wrong, it gets only a note. If its paper is withdrawn, it gets nothing else. If it
        names several papers, no field is filled, because the field may be for any of them.
        """
        entry = self._entries[listed.entry]
        if not listed.title:
            return
        if self._is_other_paper(listed, paper):
            text = f"the title differs from arXiv's, “{titles.plain(paper.title)}”"
            yield Note(paper.id, listed, text)
        elif is_withdrawn(paper):
            yield self._withdrawal(entry, paper)
        else:
            yield from self._title(entry, paper)
            filled = list(self._filled(entry, paper))
            yield from filled
            has_doi = any(
                isinstance(found, EntryChange) and found.id.fact is Fact.DOI for found in filled
            )
            yield from self._venue(entry, replace(paper, doi="") if has_doi else paper)

    def _is_other_paper(self, listed: Listed, paper: Paper) -> bool:
        """Whether the entry's title is neither that of the paper nor of an older version."""
        older = map(titles.key, self._older.get(paper.id, ()))
        return (
            not titles.may_be(listed.title, paper.title) and titles.key(listed.title) not in older
        )

    def _withdrawal(self, entry: EntryText, paper: Paper) -> EntryChange | Note:
        """The change that removes the entry; a note if that would remove more, or leave a heading without entries."""
        listed, lines = entry.listed, entry.entry
        is_alone = self._blocks[lines.block] == 1
        if lines.form not in _REMOVED or is_alone or listed.names_several:
            return Note(paper.id, listed, f"withdrawn; remove it by hand: “{paper.comment}”")
        end = lines.end
        content = self._document.content
        newline = entry.newline.encode()
        if content[: lines.start].endswith(newline * 2) and content[end:].startswith(newline):
            end += len(newline)
        self._blocks[lines.block] -= 1  # so that the last entry below a heading stays
        edit = Replacement(lines.start, end, b"")
        name = ChangeId.of(paper.id, Fact.WITHDRAWAL, Fact.WITHDRAWAL.value)
        return EntryChange(name, listed, edit, "", entry.plain.strip(), paper.comment)

    def _title(self, entry: EntryText, paper: Paper) -> Iterator[EntryChange | Note]:
        listed, new = entry.listed, titles.plain(paper.title)
        if edit := _renamed(entry, new, self._older.get(paper.id, ())):
            name = ChangeId.of(paper.id, Fact.TITLE, new)
            why = "an older version had that title"
            yield self._if_sound(EntryChange(name, listed, edit, new, listed.title, why), entry)
        elif _differs(listed.title, new) and not _has_tex(paper.title):
            yield Note(paper.id, listed, f"arXiv has another title: “{new}”")

    def _filled(self, entry: EntryText, paper: Paper) -> Iterator[EntryChange | Note]:
        if entry.listed.names_several:
            return
        values = {
            Fact.AUTHORS: ", ".join(paper.authors),
            Fact.DOI: paper.doi,
            Fact.ABSTRACT: paper.abstract,
        }
        for fact, value in values.items():
            if edit := self._filler.edit(entry, paper, fact):
                name = ChangeId.of(paper.id, fact, value)
                change = EntryChange(name, entry.listed, edit, titles.plain(value))
                yield self._if_sound(change, entry)

    def _venue(self, entry: EntryText, paper: Paper) -> Iterator[EntryChange | Note]:
        listed = entry.listed
        if not listed.names_several and (found := self._venues.published(entry, paper)):
            start, end, new, venue = found
            name = ChangeId.of(paper.id, Fact.VENUE, str(venue))
            edit, old = entry.rewritten(start, end, new), entry.plain[start:end]
            yield self._if_sound(EntryChange(name, listed, edit, new, old, venue.said), entry)
        elif said := _publication(paper, entry.plain.casefold()):
            yield Note(paper.id, listed, ", ".join(said))

    def _if_sound(self, change: EntryChange, entry: EntryText) -> EntryChange | Note:
        """Returns the change if the entry names the same papers after it, else a note."""
        lines, edit = entry.entry, change.edit
        content = self._document.content
        after = decode(
            content[lines.start : edit.start] + edit.content + content[edit.end : lines.end]
        )
        named = {*entry.listed.ids, *entry.listed.mentioned}
        return change if {mention.id for mention in find_ids(after)} == named else _unsound(change)


def _publication(paper: Paper, text: str) -> list[str]:
    """What arXiv says about the paper's publication that is missing in the entry's text."""
    venue = venue_of(paper)
    said: list[str] = []
    if venue and venue.name.casefold() not in text:
        said.append(f"published: {venue}")
    elif not venue and paper.journal_ref:
        said.append(f"published: {paper.journal_ref}")
    if said and paper.doi and paper.doi.casefold() not in text:
        said.append(f"DOI {paper.doi}")
    return said


def _unsound(change: EntryChange) -> Note:
    """The note in place of a change that would make the bot read another paper in the entry."""
    text = f"with its {change.id.fact.value}, the entry would look like that of another paper"
    if change.id.fact is Fact.TITLE:
        text = f"arXiv has another title, but the bot could not read the entry with it: “{change.value}”"
    return Note(change.id.paper, change.listed, text)


def _differs(listed: str, title: str) -> bool:
    """Whether a listed title differs from the paper's and is neither a part nor an extension of it."""
    ours, theirs = titles.key(listed), titles.key(title)
    if ours.replace(" ", "") == theirs.replace(" ", ""):
        return False
    return not set(ours.split()) <= set(theirs.split()) and theirs not in ours


def _renamed(entry: EntryText, new: str, older: Sequence[str]) -> Replacement | None:
    """The edit to the new title, if an older version of the paper had the listed one.

    A different title alone is no reason: curators correct titles, and a source may be older than the list
    (docs/decisions/0010).
    """
    listed = entry.listed.title
    spans = [span for span in entry.spans if span.slot is Slot.TITLE]
    odd = entry.entry.form is EntryForm.HTML_ROW or _has_tex(listed) or _has_tex(new)
    if odd or len(spans) != 1 or not _differs(listed, new):
        return None
    if titles.key(listed) not in map(titles.key, older):
        return None
    text = escaping.inline(new, table=entry.entry.form is EntryForm.TABLE_ROW)
    return entry.rewritten(spans[0].start, spans[0].end, text)


def _has_tex(title: str) -> bool:
    """Whether the title contains TeX, which lists write in many ways."""
    return bool(_TEX & set(title))

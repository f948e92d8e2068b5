"""Drafts entries: finds the section, the position and the form of each, and returns the insertions to make."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.core import escaping, titles
from bot.core.errors import ListError
from bot.core.model import Paper
from bot.listing.document import Document, decode, verify
from bot.listing.document import encode as to_bytes
from bot.listing.headings import named_section
from bot.listing.index import Listed
from bot.listing.new_section import heading_for, open_section
from bot.listing.order import (
    Item,
    Order,
    Position,
    find_position,
    items_of,
    learn_habit,
    writes_dates,
)
from bot.listing.paper_list import PaperList
from bot.listing.parts import Entry, Insertion, Section
from bot.listing.placement import gap_between, indented_like, numbered, spanned_at
from bot.listing.sections import Inbox, SectionChoice, SectionChooser
from bot.listing.writer import EntryWriter, WrittenEntry

_SURVEYED = 120  # the most entries of a list that are read to learn its habits
_RISING = frozenset({Order.OLDEST_FIRST, Order.BOTTOM})


@dataclass(frozen=True, slots=True)
class Destination:
    """Where an entry goes: its section's path, the line of the old list that it follows, and other likely sections.

    `is_new` is whether the section's heading is added with the entry. `contents` is the line of the table of contents
    that links to a sibling of a new heading; 0 if there is none.
    """

    section: str
    line: int
    alternatives: tuple[str, ...] = ()
    is_new: bool = False
    contents: int = 0


@dataclass(frozen=True, slots=True)
class Draft:
    """A paper's entry: its text, and the insertion that adds it to the list.

    `open_fields` names fields that the neighbours fill and only a person can: an institution, keywords, a summary.
    """

    paper: Paper
    insertion: Insertion
    text: str
    destination: Destination
    open_fields: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Refused:
    """A paper for which no entry can be written safely, and why."""

    paper: Paper
    why: str


def draft(
    listing: PaperList,
    papers: Sequence[tuple[Paper, str]],
    template: str | None = None,
    inbox: Inbox | None = None,
    *,
    todo: bool = False,
) -> tuple[Draft | Refused, ...]:
    """Drafts an entry for each paper; each comes with the section that its topic names, or "" to find one.

    Without a template, the form is learned from the list's entries, and `todo` says whether to write `TODO` into fields
    that only a person can fill. If the section has to be found and is uncertain, the paper goes to the inbox, if there
    is one.

    Returns:
        The drafts in the order of the list; apply their insertions together to get the new list. A paper is refused
        if its section is not in the list, or if its entry would change another entry. The other papers are drafted.

    Raises:
        ConfigError: the template is invalid.
    """
    drafter = _Drafter(listing, template, inbox, todo=todo)
    results: list[tuple[_Rank, Draft | Refused]] = []
    new: dict[tuple[int, str], list[Paper]] = defaultdict(list)
    for paper, wanted in papers:
        if not escaping.clean(titles.plain(paper.title)):
            results.append((_FIRST, Refused(paper, "its title has no visible characters")))
            continue
        try:
            choice, *others = drafter.sections_for(paper, wanted)
            if choice.sibling is not None:
                new[choice.sibling, heading_for(listing.document, choice.sibling, paper)].append(
                    paper
                )
                continue
        except ListError as error:
            results.append((_FIRST, Refused(paper, f"{error.message} ({error.fix})")))
            continue
        results.append(drafter.draft(paper, choice, tuple(map(drafter.path, others[:2]))))
    for (sibling, heading), members in new.items():
        results += drafter.draft_below(sibling, heading, members)
    return _verified(
        listing.document, [result for _, result in sorted(results, key=lambda pair: pair[0])]
    )


def _verified(
    document: Document, results: Sequence[Draft | Refused]
) -> tuple[Draft | Refused, ...]:
    """The results; a draft that would do more than add one entry to the list is refused."""
    drafts = [result for result in results if isinstance(result, Draft)]
    if not drafts or _side_effects(document, drafts) is None:
        return tuple(results)
    kept: list[Draft] = []
    refused: dict[Draft, Refused] = {}
    for candidate in drafts:
        if (why := _side_effects(document, [*kept, candidate])) is None:
            kept.append(candidate)
        else:
            refused[candidate] = Refused(candidate.paper, why)
    return tuple(
        refused.get(result, result) if isinstance(result, Draft) else result for result in results
    )


def _side_effects(document: Document, drafts: Sequence[Draft]) -> str | None:
    """What the drafts' insertions would change besides adding entries; None if that is all they do."""
    try:
        verify(document, [draft.insertion for draft in drafts], added=len(drafts))
    except ListError as error:
        return f"{error.message}; add this paper by hand, or set list.template"
    return None


def _sections_in(document: Document, part: Section) -> list[int]:
    return [n for n, at in enumerate(document.sections) if part.start <= at.start < part.end]


_Rank = tuple[int, tuple[float, float, float], str]
"""Sort key of drafts: offset, then age or title. Insertions at the same offset are applied in the order given."""


_FIRST: _Rank = (0, (0.0, 0.0, 0.0), "")


def _age(paper: Paper, *, rising: bool) -> tuple[float, float, float]:
    year, month, _, number = paper.id.order
    sign = 1 if rising else -1
    return (sign * year, sign * month, sign * number)


class _Drafter:
    """Drafts entries for one list, whose habits it learns once."""

    def __init__(
        self, listing: PaperList, template: str | None, inbox: Inbox | None, *, todo: bool
    ) -> None:
        document = self._document = listing.document
        self._index = listing.index
        self._part = listing.part
        inside = [listed.entry for listed in listing.listed]
        self._members: dict[int | None, list[int]] = defaultdict(list)
        for n in inside:
            self._members[document.entries[n].section].append(n)
        surveyed = inside[:: len(inside) // _SURVEYED + 1]
        self._dated = writes_dates(document.text(document.entries[n]) for n in surveyed)
        self._habit = learn_habit(
            self._items(members[:: len(members) * len(self._members) // _SURVEYED + 1])
            for members in self._members.values()
        )
        self._writer = EntryWriter(listing, self._members, template, todo=todo)
        self._choosers: dict[str, SectionChooser] = {}
        self._inbox = inbox

    def _items(self, members: Sequence[int]) -> tuple[Item, ...]:
        """The facts that determine the order of these entries."""
        found = []
        for n in members:
            listed = self._index.listed[n]
            text = self._document.text(self._document.entries[n])
            found.append((text, next(iter(listed.ids), None), listed.title))
        return items_of(found, dated=self._dated)

    # The section

    def sections_for(self, paper: Paper, wanted: str) -> tuple[SectionChoice, ...]:
        """The possible sections for a paper, best first, within the section `wanted` or else the part with papers."""
        document = self._document
        named = named_section(document, wanted) if wanted else None
        part = self._part if named is None else document.sections[named]
        numbers = _sections_in(document, part)
        entries = self._entries_below(numbers, top=not wanted)
        if named is not None and (named in entries or not entries):
            return (SectionChoice(named),)
        if not entries:
            raise ListError(
                "there is no entry below the papers' heading from which to learn the form",
                where=f"line {self._part.line}",
                fix="add a first entry by hand, or set list.template in keywords.toml",
            )
        if wanted not in self._choosers:
            self._choosers[wanted] = SectionChooser(document, entries, numbers)
        return self._or_inbox(self._choosers[wanted].choose(paper), wanted)

    def _or_inbox(
        self, choices: tuple[SectionChoice, ...], wanted: str
    ) -> tuple[SectionChoice, ...]:
        """The choices; the inbox comes first if no section was asked for and the best choice is uncertain."""
        if wanted or self._inbox is None or choices[0].share >= self._inbox.below:
            return choices
        number = named_section(self._document, self._inbox.heading, where="list.inbox")
        first = SectionChoice(number, share=choices[0].share)
        return (first, *(choice for choice in choices if choice.section != number))

    def _entries_below(
        self, numbers: Sequence[int], *, top: bool
    ) -> dict[int | None, list[Listed]]:
        """The entries of these sections by section; with `top`, also those above the first heading."""
        return {
            section: [self._index.listed[n] for n in members]
            for section, members in self._members.items()
            if (top if section is None else section in numbers)
        }

    def path(self, choice: SectionChoice) -> str:
        """The path of headings to a section, as reports show it."""
        number = choice.section if choice.sibling is None else choice.sibling
        return "" if number is None else " / ".join(self._document.sections[number].path)

    # An entry in an existing section

    def draft(
        self, paper: Paper, choice: SectionChoice, alternatives: tuple[str, ...]
    ) -> tuple[_Rank, Draft | Refused]:
        """Drafts a paper's entry among the others of its section."""
        members = self._members.get(choice.section, [])
        position = find_position(self._items(members), self._habit, paper.id, paper.title)
        by_distance = sorted(
            enumerate(members), key=lambda place: abs(place[0] + 0.5 - position.above)
        )
        near = [n for _, n in by_distance]
        written = self._writer.write(paper, near, choice.section)
        if written is None:
            return _FIRST, Refused(paper, self._writer.why_not(near, choice.section))
        if why := spanned_at(self._document, members, position.above):
            return _FIRST, Refused(paper, why)
        if not members:
            offset, content = self._in_empty_section(written.text, choice.section or 0)
        else:
            text = numbered(written.text, self._document, members, position.above)
            text = indented_like(text, self._document.text(self._anchor(members, position)[0]))
            written = replace(written, text=text)
            offset, content = self._among(text, members, position)
        key = titles.key(paper.title) if position.order is Order.ALPHABETICAL else ""
        rank = (
            offset,
            (0.0, 0.0, 0.0) if key else _age(paper, rising=position.order in _RISING),
            key,
        )
        return rank, self._result(paper, written, offset, content, self.path(choice), alternatives)

    def _anchor(self, members: Sequence[int], position: Position) -> tuple[Entry, bool]:
        """The existing entry next to a position, and whether the new entry goes below it."""
        below = position.above == len(members) or (position.order in _RISING and position.above > 0)
        return self._document.entries[members[position.above - below]], below

    def _among(self, text: str, members: Sequence[int], position: Position) -> tuple[int, str]:
        """Offset and content of an insertion at a position: below its neighbour if the section grows downwards."""
        anchor, below = self._anchor(members, position)
        gap = gap_between(self._document, members)
        if not below:
            return anchor.start, text + gap
        closed = self._document.content[: anchor.end].endswith((b"\n", b"\r"))
        if closed or not text.endswith("\n"):  # an object of JSON ends within its line
            return anchor.end, gap + text
        return anchor.end, "\n" + gap + text.removesuffix("\n")

    def _in_empty_section(self, text: str, number: int) -> tuple[int, str]:
        section = self._document.sections[number]
        after = self._between(section.body, section.end)
        if not after.startswith("\n"):
            return section.body, f"\n{text}\n"
        blank = len(self._document.content[section.body : section.end].lstrip(b"\r\n"))
        return section.end - blank, f"{text}\n"

    # An entry in a new section

    def draft_below(
        self, sibling: int, heading: str, papers: Sequence[Paper]
    ) -> list[tuple[_Rank, Draft | Refused]]:
        """Drafts entries under a new heading, in the form of the entries of its sibling."""
        section = open_section(self._document, sibling, heading)
        rising = self._habit.by_neighbours + self._habit.by_position < 0
        near = self._members.get(sibling, [])
        results: list[tuple[_Rank, Draft | Refused]] = []
        known: list[tuple[Paper, WrittenEntry]] = []
        for paper in sorted(papers, key=lambda paper: _age(paper, rising=rising)):
            if written := self._writer.write(paper, near, sibling):
                known.append((paper, written))
            else:
                results.append((_FIRST, Refused(paper, self._writer.why_not(near, sibling))))
        for n, (paper, written) in enumerate(known):
            last = n == len(known) - 1 and section.offset < len(self._document.content)
            content = section.opening * (not n) + written.text + "\n" * last
            result = self._result(paper, written, section.offset, content, section.path, ())
            destination = replace(result.destination, is_new=True, contents=section.contents)
            result = replace(result, destination=destination)
            results.append(((section.offset, _age(paper, rising=rising), heading), result))
        return results

    def _between(self, start: int, end: int) -> str:
        return decode(self._document.content[start:end]).replace("\r\n", "\n")

    def _result(
        self,
        paper: Paper,
        written: WrittenEntry,
        offset: int,
        content: str,
        path: str,
        others: tuple[str, ...],
    ) -> Draft:
        line = self._document.content.count(b"\n", 0, offset)
        raw = to_bytes(content.replace("\n", self._document.newline))
        destination = Destination(path, line, others)
        return Draft(paper, Insertion(offset, raw), written.text, destination, written.open_fields)

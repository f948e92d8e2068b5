"""Tests the bot on a list's newest entries: writes each one again, into the list as it was before that paper.

Differences are counted as in `benchmarks.list_fidelity`, which compares the bot with later commits. So the share of
entries without a difference, drawn towards that of other lists, predicts how many new entries will need no edit.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from bot.core.arxiv_id import ArxivId
from bot.core.model import Paper
from bot.listing.document import Document, Replacement, apply
from bot.listing.draft import Draft, draft
from bot.listing.entry_shape import ComparedEntry, compare_values, same_shape
from bot.listing.entry_title import title_columns, title_of
from bot.listing.headings import papers_part
from bot.listing.index import Listed, head_of
from bot.listing.paper_list import PaperList
from bot.listing.parts import Entry, EntryForm
from bot.listing.records import title_in

NEWEST = 20
"""The number of entries that a self-test writes again."""

# In other lists, this share of new entries needed no edit. It counts as much as this number of entries of the list
# itself. Both were fitted on half of the lists of benchmarks/list_forecast.py.
_USUAL_SHARE, _USUAL_WEIGHT = 0.42, 5
# Entries are in order if they make at least 3 steps up or down, and 90 % of them in one direction.
_FEWEST, _ORDERED = 3, 0.9
_Age = tuple[int, int, str, int]


@dataclass(frozen=True, slots=True)
class Trial:
    """An entry of the list, and the entry that the bot would have written.

    `differs` names the differences: "section", "place", "form", a field, or "refused". Text that the bot omits does not
    count as a difference. `exact` says whether the list would be the same, byte for byte.
    """

    paper_id: ArxivId
    line: int
    theirs: str
    mine: str
    differs: tuple[str, ...]
    exact: bool


@dataclass(frozen=True, slots=True)
class SelfTest:
    """The trials of a list's newest entries."""

    trials: tuple[Trial, ...]

    @property
    def exact(self) -> int:
        """The number of entries that the bot would have written identically, byte for byte, in the same place."""
        return sum(trial.exact for trial in self.trials)

    @property
    def right(self) -> int:
        """The number of entries that need no edit, though perhaps an addition: a venue, an institution, a summary."""
        return sum(not trial.differs for trial in self.trials)

    @property
    def forecast(self) -> float:
        """The share of new entries that will probably need no edit, from 0 to 1."""
        right = self.right + _USUAL_SHARE * _USUAL_WEIGHT
        return right / (len(self.trials) + _USUAL_WEIGHT)

    def __str__(self) -> str:
        if not self.trials:
            return "no entry of the list could be tested, because no metadata was found"
        tried = len(self.trials)
        return (
            f"of the list's newest {tried} entries the bot would have written {self.exact} byte for byte, "
            f"and {self.right} in a form that needs no edit; "
            f"of ten new entries, expect about {round(10 * self.forecast)} to need none"
        )


def newest_ids(listing: PaperList, most: int = NEWEST) -> tuple[ArxivId, ...]:
    """Returns the ids of the newest entries, newest first; a self-test needs their metadata."""
    ids = {entry.ids[0] for entry in listing.listed if len(entry.ids) == 1 and not entry.mentioned}
    return tuple(sorted(ids, key=lambda paper_id: paper_id.order, reverse=True)[:most])


def run_self_test(
    listing: PaperList,
    papers: Mapping[ArxivId, Paper],
    template: str | None = None,
    heading: str = "",
) -> SelfTest:
    """Writes the newest entries again, each into the list without that entry and later ones.

    Args:
        listing: the list.
        papers: metadata by id; entries of papers without it are not tried.
        template: the maintainer's template (`list.template`), if there is one.
        heading: the papers' heading (`list.heading`).
    """
    newest = newest_ids(listing, len(listing.listed))
    known = [paper_id for paper_id in newest if paper_id in papers]
    by_id = {entry.ids[0]: entry for entry in reversed(listing.listed) if entry.ids}
    tried = known[: min(NEWEST, len(listing.listed) // 2)]
    cases = (
        _Case(by_id[own], papers[own], _later(listing, by_id[own]), template, heading)
        for own in tried
    )
    return SelfTest(tuple(_trial(listing, case) for case in cases))


def _later(listing: PaperList, listed: Listed) -> list[int]:
    """The numbers of the other entries of the same paper, and of entries of newer papers."""
    others = (entry for entry in listing.listed if entry.ids and entry is not listed)
    return [entry.entry for entry in others if entry.ids[0].order >= listed.ids[0].order]


@dataclass(frozen=True, slots=True)
class _Case:
    """An entry to write again, and the numbers of the entries to remove with it (see `_later`)."""

    listed: Listed
    paper: Paper
    later: Sequence[int]
    template: str | None
    heading: str


def _trial(listing: PaperList, case: _Case) -> Trial:
    document, number, paper = listing.document, case.listed.entry, case.paper
    theirs, entry = listing.text(case.listed), listing.entry(case.listed)
    removed = _Removed.of(document, [*case.later, number])
    less = Document.parse(apply(document, removed.edits))
    reduced = PaperList.of(less, papers_part(less, case.heading))
    (written,) = draft(reduced, [(paper, "")], case.template)
    if not isinstance(written, Draft):
        return Trial(paper.id, entry.line, theirs, "", ("refused",), exact=False)
    before = apply(document, _Removed.of(document, case.later).edits)
    if apply(less, [written.insertion]) == before:
        return Trial(paper.id, entry.line, theirs, written.text, (), exact=True)
    differs = []
    path, offset = written.destination.section, written.insertion.offset
    if path != _path(document, entry):
        differs.append("section")
    elif not _is_in_place(reduced, offset, removed.shifted(entry.start), paper.id, path):
        differs.append("place")
    differs += _differences(written.text, theirs, paper, case.listed, listing)
    return Trial(paper.id, entry.line, theirs, written.text, tuple(differs), exact=False)


@dataclass(frozen=True, slots=True)
class _Removed:
    """Edits that remove entries from a list; they don't overlap."""

    edits: tuple[Replacement, ...]

    @classmethod
    def of(cls, document: Document, numbers: Iterable[int]) -> _Removed:
        """Makes the edits that remove these entries, each with the blank lines next to it."""
        edits: list[Replacement] = []
        for start, end in sorted(_removed_range(document, number) for number in numbers):
            first = (
                edits.pop() if edits and start <= edits[-1].end else Replacement(start, end, b"")
            )
            edits.append(Replacement(first.start, max(first.end, end), b""))
        return cls(tuple(edits))

    def shifted(self, offset: int) -> int:
        """Maps an offset of the old list to the new one."""
        return offset - sum(
            min(edit.end, offset) - edit.start for edit in self.edits if edit.start < offset
        )


def _removed_range(document: Document, number: int) -> tuple[int, int]:
    """The range of an entry, with the blank lines up to the next entry of its block, or the previous one."""
    entry = document.entries[number]
    following = document.entries[number + 1 : number + 2]
    if following and following[0].block == entry.block:
        return entry.start, following[0].start
    before = document.entries[max(0, number - 1) : number]
    if before and before[0].block == entry.block:
        return before[0].end, entry.end
    return entry.start, entry.end


def _path(document: Document, entry: Entry) -> str:
    return "" if entry.section is None else " / ".join(document.sections[entry.section].path)


def _is_in_place(
    reduced: PaperList, mine: int, theirs: int, paper_id: ArxivId, section: str
) -> bool:
    """Whether offset `mine` is between the same entries as `theirs`, or keeps the order by id at least as well."""
    document = reduced.document
    members = [
        listed for listed in reduced.listed if _path(document, reduced.entry(listed)) == section
    ]
    above = [_above(reduced, members, offset) for offset in (mine, theirs)]
    ages = [listed.ids[0].order if listed.ids else None for listed in members]
    return above[0] == above[1] or _keeps_order(ages, paper_id, *above)


def _above(listing: PaperList, members: Sequence[Listed], offset: int) -> int:
    return sum(listing.entry(listed).start < offset for listed in members)


def _keeps_order(ages: Sequence[_Age | None], paper_id: ArxivId, mine: int, theirs: int) -> bool:
    """Whether entries are in order, and position `mine` disturbs that order no more than position `theirs`."""
    falling = _is_falling([age for age in ages if age])
    if falling is None:
        return False
    broken = [_out_of_order(ages, at, paper_id, falling=falling) for at in (mine, theirs)]
    return broken[0] <= broken[1]


def _is_falling(ages: Sequence[_Age]) -> bool | None:
    """Whether entries go from newer to older; False for older to newer, None if they are not in order."""
    falls = sum(a > b for a, b in pairwise(ages))
    rises = sum(a < b for a, b in pairwise(ages))
    ordered = falls + rises >= _FEWEST and max(falls, rises) >= _ORDERED * (falls + rises)
    return falls >= rises if ordered else None


def _out_of_order(ages: Sequence[_Age | None], at: int, paper_id: ArxivId, *, falling: bool) -> int:
    """The number of neighbours (0 to 2) that are on the wrong side of a paper at position `at`."""
    around = [
        *[age for age in ages[:at] if age][-1:],
        paper_id.order,
        *[age for age in ages[at:] if age][:1],
    ]
    return sum((a < b) == falling and a != b for a, b in pairwise(around))


def _differences(
    mine: str, theirs: str, paper: Paper, listed: Listed, listing: PaperList
) -> list[str]:
    """The differences from the curator's entry: "form", and the names of facts with other values."""
    form = listing.entry(listed).form
    columns = _columns(listing.document, listing.entry(listed))
    records = listing.document.records
    title = title_in(records.read(mine)) if records else title_of(mine, form, columns)
    read = listed._replace(ids=(paper.id,), title=title)
    ours, other = ComparedEntry(mine, read, form), ComparedEntry(theirs, listed, form)
    values = [name for name, right in compare_values(ours, other).items() if not right]
    return values if same_shape(ours, other) else ["form", *values]


def _columns(document: Document, entry: Entry) -> tuple[int, ...]:
    """The columns that may hold the title, if the entry is a row of a Markdown table."""
    if entry.form is not EntryForm.TABLE_ROW:
        return ()
    first = next(other for other in document.entries if other.block == entry.block)
    return title_columns(head_of(document, first))

"""Tests the bot on a list's own entries: removes each of the newest, writes it again, and compares the two."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise, takewhile

from rapidfuzz.distance import LCSseq

from bot.core.arxiv_id import ArxivId
from bot.core.model import Paper
from bot.listing.document import Document, Replacement, apply
from bot.listing.draft import Draft, draft
from bot.listing.entry_title import title_columns, title_of
from bot.listing.fields import Slot, find_slots
from bot.listing.headings import papers_part
from bot.listing.index import Listed, head_of
from bot.listing.line_form import UNKNOWN
from bot.listing.paper_list import PaperList
from bot.listing.parts import Entry, EntryForm
from bot.listing.pieces import Tokens, pieces_of, tokens_of
from bot.listing.samples import PREPRINT, Sample, sample

NEWEST = 20
"""Entries that a self-test writes again."""


_FEWEST, _ORDERED = (
    3,
    0.9,
)  # steps between entries, and the share of them in one direction, that make an order
_Age = tuple[int, int, str, int]
_MARKUP = frozenset('*_[]`<>"')


@dataclass(frozen=True, slots=True)
class Trial:
    """An entry of the list, and what the bot would have written for it.

    `differs` names what of the bot's entry is not the curator's: "section", "place", "form", a field, or "refused".
    What only the bot leaves out counts as no difference. `exact` is whether the list would be the same, byte for byte.
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
        """How many entries the bot would have written byte for byte, in their place."""
        return sum(trial.exact for trial in self.trials)

    @property
    def right(self) -> int:
        """How many need no edit, but perhaps an addition: a venue, an institution, a summary."""
        return sum(not trial.differs for trial in self.trials)

    @property
    def share(self) -> float | None:
        """The share of entries that need no edit, 0 to 1; None without a trial."""
        return self.right / len(self.trials) if self.trials else None

    def __str__(self) -> str:
        if not self.trials:
            return "no entry of the list could be tried: none has metadata"
        tried = len(self.trials)
        return (
            f"of the list's newest {tried} entries the bot would have written {self.exact} byte for byte, "
            f"and {self.right} so that they need no edit"
        )


def newest_ids(listing: PaperList, most: int = NEWEST) -> tuple[ArxivId, ...]:
    """The ids of the newest entries, newest first: those whose metadata a self-test needs."""
    ids = {entry.ids[0] for entry in listing.listed if len(entry.ids) == 1 and not entry.mentioned}
    return tuple(sorted(ids, key=lambda paper_id: paper_id.order, reverse=True)[:most])


def run_self_test(
    listing: PaperList,
    papers: Mapping[ArxivId, Paper],
    template: str | None = None,
    heading: str = "",
) -> SelfTest:
    """Writes the newest entries again, each into the list without it.

    Args:
        listing: the list.
        papers: metadata by id; entries of other papers are not tried.
        template: the maintainer's template (`list.template`), if there is one.
        heading: the papers' heading (`list.heading`).
    """
    known = [
        paper_id for paper_id in newest_ids(listing, len(listing.listed)) if paper_id in papers
    ]
    by_id = {entry.ids[0]: entry for entry in reversed(listing.listed) if entry.ids}
    return SelfTest(
        tuple(
            _trial(listing, by_id[paper_id], papers[paper_id], template, heading)
            for paper_id in known[:NEWEST]
        )
    )


def _trial(
    listing: PaperList, listed: Listed, paper: Paper, template: str | None, heading: str
) -> Trial:
    theirs, entry = listing.text(listed), listing.entry(listed)
    start, end = _removed(listing.document, listed.entry)
    less = Document.parse(apply(listing.document, [Replacement(start, end, b"")]))
    reduced = PaperList.of(less, papers_part(less, heading))
    (written,) = draft(reduced, [(paper, "")], template)
    if not isinstance(written, Draft):
        return Trial(paper.id, listed.line, theirs, "", ("refused",), exact=False)
    exact = apply(less, [written.insertion]) == listing.document.content
    if exact:
        return Trial(paper.id, listed.line, theirs, written.text, (), exact=True)
    differs = []
    if written.place.section != _path(listing.document, entry):
        differs.append("section")
    elif not _is_in_place(
        reduced, written.insertion.offset, start, paper.id, written.place.section
    ):
        differs.append("place")
    differs += _differences(written.text, theirs, paper, listed, listing)
    return Trial(paper.id, listed.line, theirs, written.text, tuple(differs), exact=False)


def _removed(document: Document, number: int) -> tuple[int, int]:
    """The bytes of an entry, with the blank lines that part it from the next of its block, or the one before."""
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
    """Whether an entry at the byte `mine` is between the same two as at `theirs`, or no more out of order by its id."""
    document = reduced.document
    members = [
        listed for listed in reduced.listed if _path(document, reduced.entry(listed)) == section
    ]
    above = [
        sum(reduced.entry(listed).start < offset for listed in members) for offset in (mine, theirs)
    ]
    if above[0] == above[1]:
        return True
    ages = [listed.ids[0].order if listed.ids else None for listed in members]
    falling = _is_falling([age for age in ages if age])
    if falling is None:
        return False
    broken = [_out_of_order(ages, at, paper_id, falling=falling) for at in above]
    return broken[0] <= broken[1]


def _is_falling(ages: Sequence[_Age]) -> bool | None:
    """Whether entries go from newer to older, or the other way; None where they have no such order."""
    falls = sum(a > b for a, b in pairwise(ages))
    rises = sum(a < b for a, b in pairwise(ages))
    ordered = falls + rises >= _FEWEST and max(falls, rises) >= _ORDERED * (falls + rises)
    return falls >= rises if ordered else None


def _out_of_order(ages: Sequence[_Age | None], at: int, paper_id: ArxivId, *, falling: bool) -> int:
    """How many of the two neighbours of a paper at a place are on its wrong side."""
    around = [
        *[age for age in ages[:at] if age][-1:],
        paper_id.order,
        *[age for age in ages[at:] if age][:1],
    ]
    return sum((a < b) == falling and a != b for a, b in pairwise(around))


def _differences(
    mine: str, theirs: str, paper: Paper, listed: Listed, listing: PaperList
) -> list[str]:
    """The form, where the bot's entry has anything that the curator's has not, and each field with another value."""
    form = listing.entry(listed).form
    columns = _columns(listing.document, listing.entry(listed))
    ours = listed._replace(ids=(paper.id,), title=title_of(mine, form, columns))
    samples = [sample(_known_only(mine), ours, form), sample(theirs, listed, form)]
    tokens = [_form_tokens(found) for found in samples if found]
    same_form = len(tokens) == 2 and _is_within(*tokens)
    given, written = _values(theirs, listed), _values(mine, ours)
    others = [
        slot.name.lower() for slot in written if given.get(slot, written[slot]) != written[slot]
    ]
    return others if same_form else ["form", *others]


def _form_tokens(found: Sample) -> Tokens:
    """What an entry's form consists of, spaces and the remark that it is a preprint aside."""
    tokens = tokens_of(pieces_of(found.text, found, table=False))
    return tuple(token for token in tokens if not token.isspace() and not PREPRINT.fullmatch(token))


def _is_within(mine: Tokens, theirs: Tokens) -> bool:
    """Whether an entry has all that the other has in its order, and its facts in the same emphasis and brackets."""
    if LCSseq.similarity(mine, theirs) < len(mine):
        return False
    return set(_marked_up(mine)) <= set(_marked_up(theirs))


def _marked_up(tokens: Tokens) -> Iterator[Tokens]:
    """Each fact with the marks right before and behind it."""
    for n, token in enumerate(tokens):
        if " " in token:
            before = takewhile(_MARKUP.__contains__, reversed(tokens[:n]))
            behind = takewhile(_MARKUP.__contains__, tokens[n + 1 :])
            yield (*reversed(list(before)), token, *behind)


def _columns(document: Document, entry: Entry) -> tuple[int, ...]:
    """The columns that may hold the title, where the entry is a row of a Markdown table."""
    if entry.form is not EntryForm.TABLE_ROW:
        return ()
    first = next(other for other in document.entries if other.block == entry.block)
    return title_columns(head_of(document, first))


def _known_only(text: str) -> str:
    """An entry less the signs for what is unknown: in cells, and behind labels."""
    text = re.sub(rf"(?<=\|)[ \t]*{UNKNOWN.pattern}[ \t]*(?=\|)", " ", text)
    return re.sub(rf"(?m)^\s*[-*+]\s[^:\n]{{1,40}}:[*_]*\s*{UNKNOWN.pattern}\s*\n?\Z", "", text)


def _values(text: str, listed: Listed) -> dict[Slot, str]:
    found: dict[Slot, str] = {}
    for span in find_slots(text, listed):
        if span.slot in (Slot.DATE, Slot.AUTHORS, Slot.REPOSITORY):
            found.setdefault(span.slot, text[span.start : span.end].casefold())
    return found

"""Finds what is wrong with a list: each finding has its line, what to do, and an edit where no judgement is needed.

A list's habit is no finding: a link to a PDF is one where the list links to abstracts, a version where it links none.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

from rapidfuzz import fuzz

from bot.core import titles
from bot.core.arxiv_id import ArxivId, find_ids
from bot.core.check_rules import CheckRule
from bot.core.errors import ListError
from bot.core.model import Paper
from bot.listing.document import Document, apply, encode
from bot.listing.headings import heading_date
from bot.listing.index import Listed, ListIndex
from bot.listing.order import items_of, writes_dates
from bot.listing.paper_list import PaperList
from bot.listing.parts import Entry, Replacement

_ARXIV_LINK = re.compile(
    r"(?P<scheme>https?)://(?P<host>(?:www\.)?arxiv\.org)/(?P<kind>abs|pdf)/(?P<id>[^\s)\]>\"'|#?]{1,60})",
    re.IGNORECASE,
)
_VERSION = re.compile(r"v[1-9]\d?(?=\.pdf$|$)")
_LINK = re.compile(r"https?://|\]\([^)#\s]|href\s*=", re.IGNORECASE)
_USUAL = 0.9  # share of a list's links, or of a section's entries, from which something is its way
_ENOUGH = 4  # entries of a section from which its habit can be seen
_HABIT = 0.5  # share of a list's links from which what they have is no finding
_IGNORE_BEGINS = "arxiv-bot: ignore"
_IGNORE = re.compile(r"<!--\s*arxiv-bot: ignore\s([\w\s,-]{1,200}?)-->")
_SEVERAL = 0.05  # share of a list's papers in several sections from which that is its way
_SAME = 60  # likeness of titles below which two are of different papers


@dataclass(frozen=True, slots=True)
class ListFinding:
    """One thing that is wrong: where (`line` from 1), what, what to do, and the edit that does it if that is safe."""

    rule: CheckRule
    line: int
    what: str
    fix: str
    edit: Replacement | None = None


def audit(
    listing: PaperList,
    papers: Mapping[ArxivId, Paper] | None = None,
    *,
    off: Collection[CheckRule] = (),
) -> tuple[ListFinding, ...]:
    """Everything wrong with a list, from top to bottom.

    Args:
        listing: the list.
        papers: what is known of listed papers, to compare the entries' titles with.
        off: rules to leave out. `<!-- arxiv-bot: ignore NAME -->` in an entry leaves a rule out for it.
    """
    document, members = listing.document, listing.listed
    sections: dict[int | None, list[Listed]] = {}
    for entry in members:
        sections.setdefault(listing.entry(entry).section, []).append(entry)
    dated = writes_dates(listing.text(entry) for entry in members[:: len(members) // 120 + 1])
    found = [
        *_repeated(listing),
        *_other_papers(members, papers or {}),
        *_several_ids(members),
        *_links(document, members),
        *(finding for part in sections.values() for finding in _order(listing, part, dated=dated)),
        *_years(document, sections),
        *_without_link(document, members),
    ]
    ignored = _ignored(listing)
    return tuple(
        finding
        for finding in sorted(found, key=lambda finding: (finding.line, finding.rule.value))
        if finding.rule not in off and (finding.rule, finding.line) not in ignored
    )


def _ignored(listing: PaperList) -> set[tuple[CheckRule, int]]:
    """The rules that a comment in an entry switches off there, with each of the entry's lines."""
    rules = {rule.value: rule for rule in CheckRule}
    return {
        (rules[name], entry.line + number)
        for entry in listing.listed
        if _IGNORE_BEGINS in (text := listing.text(entry))
        for comment in _IGNORE.finditer(text)
        for name in re.split(r"[,\s]+", comment[1].strip())
        if name in rules
        for number in range(text.count("\n") + 1)
    }


def repair(listing: PaperList, findings: Iterable[ListFinding]) -> bytes:
    """The list with every safe edit made: the same entries with the same papers, and no other byte changed.

    Raises:
        ListError: the result would be anything else; nothing may be written.
    """
    edits = [finding.edit for finding in findings if finding.edit]
    content = apply(listing.document, edits)
    before, after = listing.index, ListIndex.build(Document.parse(content))
    if [entry.ids for entry in before.listed] != [entry.ids for entry in after.listed]:
        raise ListError(
            "the repair would change which papers the list has",
            fix="please report this with the list: the bot's reading of it is wrong",
        )
    return content


def repeats(listing: PaperList) -> Iterator[tuple[Listed, Listed]]:
    """Pairs of these entries for one paper, but where they are used to having papers in several sections."""
    members = listing.listed
    pairs = tuple(ListIndex(members).repeated())
    sections = {entry: listing.entry(entry).section for pair in pairs for entry in pair}
    apart = sum(sections[first] != sections[again] for first, again in pairs)
    usual = apart >= _ENOUGH and apart >= _SEVERAL * (len(members) - len(pairs))
    met: dict[tuple[Listed, int | None], Listed] = {}
    for first, again in pairs:
        met.setdefault((first, sections[first]), first)
        here = met.setdefault((first, sections[again]), again)
        if not usual or _two_titles(first, again):
            yield first, again
        elif here is not again:
            yield here, again


def _two_titles(first: Listed, again: Listed) -> bool:
    """Whether two entries with one id are of papers that have little in common."""
    if not first.title or not set(first.ids[:1]) & set(again.ids[:1]):
        return False
    ours, theirs = titles.key(first.title), titles.key(_name(again))
    short, long = sorted((ours, theirs), key=len)
    return short not in long and fuzz.ratio(ours, theirs) < _SAME


def _name(entry: Listed) -> str:
    return entry.title or str(entry.ids[0])


def _repeated(listing: PaperList) -> Iterator[ListFinding]:
    for first, again in repeats(listing):
        if _two_titles(first, again):
            yield ListFinding(
                CheckRule.TWO_TITLES,
                again.line,
                f"{_name(again)!r} has the id {again.ids[0]} of {first.title!r} at line {first.line}",
                "correct the link of one of them",
            )
        else:
            what = f"{_name(again)!r} is already at line {first.line}"
            apart = listing.entry(first).section != listing.entry(again).section
            fix = "remove one of them" + (", unless it belongs to both sections" if apart else "")
            yield ListFinding(CheckRule.REPEATED, again.line, what, fix)


def _other_papers(
    members: Iterable[Listed], papers: Mapping[ArxivId, Paper]
) -> Iterator[ListFinding]:
    for entry in members:
        paper = papers.get(entry.ids[0]) if entry.ids else None
        if paper and titles.key(entry.title) and not titles.may_be(entry.title, paper.title):
            what = f"{entry.title!r} links to {paper.id}, which is {paper.title!r}"
            yield ListFinding(
                CheckRule.OTHER_PAPER, entry.line, what, "correct the link or the title"
            )


@dataclass(frozen=True, slots=True)
class _Link:
    """A link to arXiv: its parts, its line, and the byte at which it starts."""

    match: re.Match[str]
    line: int
    start: int

    def edit(self, group: str, new: str) -> Replacement:
        """The edit that makes one part of the link another."""
        before = self.match.string[self.match.start() : self.match.start(group)]
        at = self.start + len(encode(before))
        return Replacement(at, at + len(encode(self.match[group])), encode(new))


class _LinkHabits(NamedTuple):
    """How a list links to arXiv: to abstracts, to versions, without encryption."""

    abstracts: bool
    versions: bool
    plain_http: bool


def _links(document: Document, members: Iterable[Listed]) -> Iterator[ListFinding]:
    """Links to arXiv that are malformed, or not in the list's own form."""
    found = [
        link for entry in members for link in _links_in(document, document.entries[entry.entry])
    ]
    kinds = Counter(link.match["kind"].lower() for link in found)
    habits = _LinkHabits(
        abstracts=kinds["abs"] >= _USUAL * kinds.total(),
        versions=sum(bool(_VERSION.search(link.match["id"])) for link in found)
        > _HABIT * len(found),
        plain_http=sum(link.match["scheme"].lower() == "http" for link in found)
        > _HABIT * len(found),
    )
    for link in found:
        yield from _link(link, habits)


def _links_in(document: Document, entry: Entry) -> Iterator[_Link]:
    text = document.text(entry)
    line, start, position = entry.line, entry.start, 0
    for match in _ARXIV_LINK.finditer(text):
        between = text[position : match.start()]
        line, start = line + between.count("\n"), start + len(encode(between))
        position = match.start()
        yield _Link(match, line, start)


def _link(link: _Link, habits: _LinkHabits) -> Iterator[ListFinding]:
    url, name = link.match[0], link.match["id"]
    if next(find_ids(url), None) is None:
        fix = "correct it: an id is YYMM.NNNNN, or archive/YYMMNNN before April 2007"
        what = f"there is no such arXiv id in {url}"
        yield ListFinding(CheckRule.MALFORMED, link.line, what, fix)
        return
    if link.match["scheme"].lower() == "http" and not habits.plain_http:
        edit = link.edit("scheme", "https")
        what = f"{url} is not encrypted"
        yield ListFinding(CheckRule.HTTP, link.line, what, "write https", edit)
    bare = name if habits.versions else _VERSION.sub("", name)
    to_abstract = habits.abstracts and link.match["kind"].lower() == "pdf"
    if bare != name:
        what = f"{url} is one version of the paper, and stays so when there is a newer"
        edit = link.edit("id", bare.removesuffix(".pdf") if to_abstract else bare)
        yield ListFinding(CheckRule.VERSION, link.line, what, "leave the version out", edit)
    if to_abstract:
        yield from _pdf(link, changed=bare != name)


def _pdf(link: _Link, *, changed: bool) -> Iterator[ListFinding]:
    """A link to a PDF where the list links to abstracts; `changed` if another finding's edit drops its ending."""
    url, name = link.match[0], link.match["id"]
    what, edit = f"{url} is a PDF, where the list links to abstracts", link.edit("kind", "abs")
    yield ListFinding(CheckRule.PDF, link.line, what, "link to /abs/", edit)
    if name.endswith(".pdf") and not changed:
        what, edit = f"{url} ends as a PDF does", link.edit("id", name.removesuffix(".pdf"))
        yield ListFinding(CheckRule.PDF, link.line, what, "leave the ending out", edit)


def _several_ids(members: Sequence[Listed]) -> Iterator[ListFinding]:
    """Entries that link two arXiv papers, where hardly any other entry does."""
    several = [entry for entry in members if len(entry.ids) > 1]
    if len(several) <= _SEVERAL * len(members):
        for entry in several:
            ids = " and ".join(map(str, entry.ids[:3]))
            fix = "correct one of the links, or give each paper an entry"
            yield ListFinding(
                CheckRule.TWO_IDS, entry.line, f"{_name(entry)!r} links to {ids}", fix
            )


def _order(listing: PaperList, members: Sequence[Listed], *, dated: bool) -> Iterator[ListFinding]:
    """Entries out of order, where nearly all others of their section follow their dates.

    The dates are those that the entries write, in a list whose entries do (`dated`), else those of their ids.
    """
    entries = [entry for entry in members if entry.ids]
    items = items_of(
        [(listing.text(entry), entry.ids[0], entry.title) for entry in entries], dated=dated
    )
    steps = [(a.month or 0) - (b.month or 0) for a, b in pairwise(items)]
    along = _direction(steps)
    age, order = ("newer", "newest") if along > 0 else ("older", "oldest")
    for (above, below), step in zip(pairwise(entries), steps, strict=True):
        if step * along < 0:
            what = f"{below.title!r} ({below.ids[0]}) is {age} than {above.title!r} above it"
            fix = f"the section has the {order} first"
            yield ListFinding(CheckRule.ORDER, below.line, what, fix)


def _direction(steps: Sequence[int]) -> int:
    """1 where nearly all steps between neighbours' months go down, -1 where they go up, 0 where neither is so."""
    falls, rises = sum(step > 0 for step in steps), sum(step < 0 for step in steps)
    if falls + rises < _ENOUGH or max(falls, rises) < _USUAL * (falls + rises):
        return 0
    return 1 if falls > rises else -1


def _years(
    document: Document, sections: Mapping[int | None, Sequence[Listed]]
) -> Iterator[ListFinding]:
    """Papers under a year that is not that of their id, where nearly all others are under theirs."""
    dated = [
        (date.year, entry)
        for number, entries in sections.items()
        if number is not None and (date := heading_date(document.sections[number]))
        for entry in entries
        if entry.ids
    ]
    misplaced = [(year, entry) for year, entry in dated if entry.ids[0].year != year]
    if len(misplaced) > (1 - _USUAL) * len(dated):
        return
    for year, entry in misplaced:
        what = f"{entry.title!r} ({entry.ids[0]}) stands under {year}"
        fix = f"move it to {entry.ids[0].year}, or leave it if it was published then"
        yield ListFinding(CheckRule.YEAR, entry.line, what, fix)


def _without_link(document: Document, members: Iterable[Listed]) -> Iterator[ListFinding]:
    for entry in members:
        text = document.text(document.entries[entry.entry])
        if not _LINK.search(text):
            name = entry.title or " ".join(text.split())[:60]
            yield ListFinding(CheckRule.NO_LINK, entry.line, f"{name!r} has no link", "add one")

"""What is wrong with a list, each with its line and what to do; as an edit what needs no judgement. Pure.

Only what is out of the list's own ways is told: a link to a PDF is a finding where the list links to abstracts.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from itertools import pairwise

from rapidfuzz import fuzz

from bot.core import titles
from bot.core.arxiv_id import ArxivId, find_ids
from bot.core.errors import ListError
from bot.core.model import Paper
from bot.listing.document import Document, apply, encode
from bot.listing.headings import heading_date
from bot.listing.index import Listed, ListIndex
from bot.listing.paper_list import PaperList
from bot.listing.parts import Entry, Replacement

_ARXIV_LINK = re.compile(
    r"(?P<scheme>https?)://(?P<host>(?:www\.)?arxiv\.org)/(?P<kind>abs|pdf)/(?P<id>[^\s)\]>\"'|#?]{1,60})",
    re.IGNORECASE,
)
_VERSION = re.compile(r"v[1-9]\d?(?=\.pdf$|$)")
_LINK = re.compile(r"https?://|\]\([^)#\s]|href\s*=", re.IGNORECASE)
_USUAL = 0.9  # share of a list's links, or of a section's entries, from which something is its way
_ENOUGH = 4  # entries of a section from which its way can be told
_SEVERAL = 0.05  # share of a list's papers in several sections from which that is its way
_SAME = 60  # likeness of titles below which two are of different papers


class Rule(Enum):
    """What can be wrong; the value is the name by which it is told."""

    REPEATED = "repeated"
    TWO_TITLES = "two-titles"
    OTHER_PAPER = "other-paper"
    VERSION = "version"
    HTTP = "http"
    PDF = "pdf"
    MALFORMED = "malformed-id"
    ORDER = "order"
    YEAR = "year"
    NO_LINK = "no-link"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong: where (`line` from 1), what, what to do, and the edit that does it if that is safe."""

    rule: Rule
    line: int
    what: str
    fix: str
    edit: Replacement | None = None


def audit(listing: PaperList, papers: Mapping[ArxivId, Paper] | None = None) -> tuple[Finding, ...]:
    """Everything wrong with a list, from top to bottom.

    Args:
        listing: the list.
        papers: what is known of listed papers, to hold the entries' titles against.
    """
    document, members = listing.document, listing.listed
    sections: dict[int | None, list[Listed]] = {}
    for one in members:
        sections.setdefault(document.entries[one.entry].section, []).append(one)
    found = [
        *_repeated(listing),
        *_other_papers(members, papers or {}),
        *_links(document, members),
        *(finding for section in sections.values() for finding in _order(section)),
        *_years(document, sections),
        *_without_link(document, members),
    ]
    return tuple(sorted(found, key=lambda one: (one.line, one.rule.value)))


def repair(listing: PaperList, findings: Iterable[Finding]) -> bytes:
    """The list with every safe edit made: the same entries with the same papers, and no other byte changed.

    Raises:
        ListError: the result would be anything else; nothing may be written.
    """
    edits = [one.edit for one in findings if one.edit]
    content = apply(listing.document, edits)
    before, after = listing.index, ListIndex.build(Document.parse(content))
    if [one.ids for one in before.listed] != [one.ids for one in after.listed]:
        raise ListError(
            "putting it right would change which papers the list has",
            fix="please report this with the list: the bot's reading of it is wrong",
        )
    return content


def repeats(listing: PaperList) -> Iterator[tuple[Listed, Listed]]:
    """Pairs of these entries for one paper, but where they are used to having papers in several sections."""
    members = listing.listed
    pairs = tuple(ListIndex(members).repeated())
    sections = {one: listing.entry(one).section for pair in pairs for one in pair}
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


def _name(one: Listed) -> str:
    return one.title or str(one.ids[0])


def _repeated(listing: PaperList) -> Iterator[Finding]:
    for first, again in repeats(listing):
        if _two_titles(first, again):
            yield Finding(
                Rule.TWO_TITLES,
                again.line,
                f"{_name(again)!r} has the id {again.ids[0]} of {first.title!r} at line {first.line}",
                "correct the link of one of them",
            )
        else:
            what = f"{_name(again)!r} is already at line {first.line}"
            yield Finding(Rule.REPEATED, again.line, what, "remove one of them")


def _other_papers(members: Iterable[Listed], papers: Mapping[ArxivId, Paper]) -> Iterator[Finding]:
    for one in members:
        paper = papers.get(one.ids[0]) if one.ids else None
        if paper and titles.key(one.title) and not titles.may_be(one.title, paper.title):
            what = f"{one.title!r} links to {paper.id}, which is {paper.title!r}"
            yield Finding(Rule.OTHER_PAPER, one.line, what, "correct the link or the title")


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


def _links(document: Document, members: Iterable[Listed]) -> Iterator[Finding]:
    """Links to arXiv that are malformed, or not in the list's own form."""
    found = [link for one in members for link in _links_in(document, document.entries[one.entry])]
    kinds = Counter(link.match["kind"].lower() for link in found)
    abstracts = kinds["abs"] >= _USUAL * kinds.total()
    for link in found:
        yield from _link(link, abstracts=abstracts)


def _links_in(document: Document, entry: Entry) -> Iterator[_Link]:
    text = document.text(entry)
    line, start, position = entry.line, entry.start, 0
    for match in _ARXIV_LINK.finditer(text):
        between = text[position : match.start()]
        line, start = line + between.count("\n"), start + len(encode(between))
        position = match.start()
        yield _Link(match, line, start)


def _link(link: _Link, *, abstracts: bool) -> Iterator[Finding]:
    url, name = link.match[0], link.match["id"]
    if not any(True for _ in find_ids(url)):
        fix = "correct it: an id is YYMM.NNNNN, or archive/YYMMNNN before April 2007"
        yield Finding(Rule.MALFORMED, link.line, f"there is no such arXiv id in {url}", fix)
        return
    if link.match["scheme"].lower() == "http":
        edit = link.edit("scheme", "https")
        yield Finding(Rule.HTTP, link.line, f"{url} is not encrypted", "write https", edit)
    bare = _VERSION.sub("", name)
    to_abstract = abstracts and link.match["kind"].lower() == "pdf"
    plain = bare.removesuffix(".pdf") if to_abstract else bare
    if bare != name:
        what = f"{url} is one version of the paper, and stays so when there is a newer"
        fix = "leave the version out"
        yield Finding(Rule.VERSION, link.line, what, fix, link.edit("id", plain))
    if to_abstract:
        what = f"{url} is a PDF, where the list links to abstracts"
        yield Finding(Rule.PDF, link.line, what, "link to /abs/", link.edit("kind", "abs"))
        if bare == name and plain != name:
            what, edit = f"{url} ends as a PDF does", link.edit("id", plain)
            yield Finding(Rule.PDF, link.line, what, "leave the ending out", edit)


def _order(members: Sequence[Listed]) -> Iterator[Finding]:
    """Entries that stand out of order where nearly all others of their section are in the order of their ids."""
    dated = [one for one in members if one.ids]
    months = [one.ids[0].order[:2] for one in dated]
    falls, rises = ([a > b for a, b in pairwise(months)], [a < b for a, b in pairwise(months)])
    steps, along = sum(falls) + sum(rises), max(sum(falls), sum(rises))
    if steps < _ENOUGH or along < _USUAL * steps:
        return
    newest_first = sum(falls) > sum(rises)
    for (above, below), wrong in zip(
        pairwise(dated), rises if newest_first else falls, strict=True
    ):
        if wrong:
            age, order = ("newer", "newest") if newest_first else ("older", "oldest")
            what = f"{below.title!r} ({below.ids[0]}) is {age} than {above.title!r} above it"
            yield Finding(Rule.ORDER, below.line, what, f"the section has the {order} first")


def _years(
    document: Document, sections: Mapping[int | None, Sequence[Listed]]
) -> Iterator[Finding]:
    """Papers under a year that is not that of their id, where nearly all others are under theirs."""
    misplaced: list[Finding] = []
    count = 0
    for number, members in sections.items():
        date = heading_date(document.sections[number]) if number is not None else None
        dated = [one for one in members if one.ids] if date else []
        count += len(dated)
        for one in dated:
            if date and one.ids[0].year != date.year:
                what = f"{one.title!r} ({one.ids[0]}) stands under {date.year}"
                fix = f"move it to {one.ids[0].year}, or leave it if it was published then"
                misplaced.append(Finding(Rule.YEAR, one.line, what, fix))
    if len(misplaced) <= (1 - _USUAL) * count:
        yield from misplaced


def _without_link(document: Document, members: Iterable[Listed]) -> Iterator[Finding]:
    for one in members:
        text = document.text(document.entries[one.entry])
        if not _LINK.search(text):
            name = one.title or " ".join(text.split())[:60]
            yield Finding(Rule.NO_LINK, one.line, f"{name!r} has no link", "add one")

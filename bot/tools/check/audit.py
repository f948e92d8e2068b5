"""Finds what is wrong with a list: each finding has a line, a fix, and an edit if the fix is automatic.

A list's own habit is never a finding. A link to a PDF is one only if the list links to abstracts, and a link to a
version only if the list links to none.
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
_USUAL = (
    0.9  # if this share of a list's links or a section's entries is alike, the others are findings
)
_ENOUGH = 4  # the fewest entries that show a habit
_HABIT = 0.5  # a property that this share of a list's links has is a habit, so no finding
_IGNORE_BEGINS = "arxiv-bot: ignore"
_IGNORE = re.compile(r"<!--\s*arxiv-bot: ignore\s([\w\s,-]{1,200}?)-->")
_SEVERAL = 0.05  # if this share of a list's papers is in several sections, that is a habit
_SAME = 60  # titles with a lower similarity (0 to 100) name different papers


@dataclass(frozen=True, slots=True)
class ListFinding:
    """One thing that is wrong: its line (from 1) and file, the fix, and the edit if the fix is automatic."""

    rule: CheckRule
    line: int
    what: str
    fix: str
    edit: Replacement | None = None
    path: str = ""

    @property
    def fixable(self) -> bool:
        """Whether `arxiv-bot check --fix` fixes it."""
        return self.edit is not None


def audit(
    listing: PaperList,
    papers: Mapping[ArxivId, Paper] | None = None,
    *,
    off: Collection[CheckRule] = (),
) -> tuple[ListFinding, ...]:
    """Finds everything wrong with a list, from top to bottom.

    `papers` are metadata of listed papers, to compare the entries' titles with. `off` are rules to skip;
    `<!-- arxiv-bot: ignore NAME -->` in an entry skips a rule for that entry.
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
    """Returns the rules that comments in entries switch off, each with every line of its entry."""
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
    """Makes every safe edit of the findings, and returns the new list.

    Raises:
        ListError: the new list would have other entries or papers, so nothing may be written.
    """
    edits = [finding.edit for finding in findings if finding.edit]
    content = apply(listing.document, edits)
    before, after = listing.index, ListIndex.build(Document.parse(content))
    if [entry.ids for entry in before.listed] != [entry.ids for entry in after.listed]:
        raise ListError(
            "the repair would change the papers of the list",
            fix="please report this with the list, since it is a bug in how the bot reads it",
        )
    return content


def repeats(listing: PaperList) -> Iterator[tuple[Listed, Listed]]:
    """Yields pairs of entries for the same paper.

    If a paper is often in several sections of the list, only pairs within a section count, or with different titles.
    """
    members = listing.listed
    pairs = tuple(ListIndex(members).repeated())
    sections = {entry: listing.entry(entry).section for pair in pairs for entry in pair}
    apart = sum(sections[first] != sections[again] for first, again in pairs)
    usual = apart >= _ENOUGH and apart >= _SEVERAL * (len(members) - len(pairs))
    seen: dict[tuple[Listed, int | None], Listed] = {}
    for first, again in pairs:
        seen.setdefault((first, sections[first]), first)
        here = seen.setdefault((first, sections[again]), again)
        if not usual or _two_titles(first, again):
            yield first, again
        elif here is not again:
            yield here, again


def _two_titles(first: Listed, again: Listed) -> bool:
    """Whether two entries with the same id have titles so different that they mean different papers."""
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
                f"{_name(again)!r} has the same id ({again.ids[0]}) as {first.title!r} at line {first.line}",
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
    """A link to arXiv: its parts, its line, and the byte offset of its start."""

    match: re.Match[str]
    line: int
    start: int

    def edit(self, group: str, new: str) -> Replacement:
        """Returns the edit that replaces one part of the link."""
        before = self.match.string[self.match.start() : self.match.start(group)]
        at = self.start + len(encode(before))
        return Replacement(at, at + len(encode(self.match[group])), encode(new))


class _LinkHabits(NamedTuple):
    """A list's habits in links to arXiv: to abstracts, to versions, over plain http."""

    abstracts: bool
    versions: bool
    plain_http: bool


def _links(document: Document, members: Iterable[Listed]) -> Iterator[ListFinding]:
    """Finds links to arXiv that are malformed, or unlike the list's other links."""
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
        fix = "correct the id: YYMM.NNNNN, or archive/YYMMNNN before April 2007"
        what = f"there is no such arXiv id in {url}"
        yield ListFinding(CheckRule.MALFORMED, link.line, what, fix)
        return
    if link.match["scheme"].lower() == "http" and not habits.plain_http:
        edit = link.edit("scheme", "https")
        what = f"{url} uses http"
        yield ListFinding(CheckRule.HTTP, link.line, what, "use https", edit)
    bare = name if habits.versions else _VERSION.sub("", name)
    to_abstract = habits.abstracts and link.match["kind"].lower() == "pdf"
    if bare != name:
        what = f"{url} links to one version of the paper, even when there is a newer one"
        edit = link.edit("id", bare.removesuffix(".pdf") if to_abstract else bare)
        yield ListFinding(CheckRule.VERSION, link.line, what, "remove the version", edit)
    if to_abstract:
        yield from _pdf(link, changed=bare != name)


def _pdf(link: _Link, *, changed: bool) -> Iterator[ListFinding]:
    """Reports a link to a PDF in a list that links to abstracts; `changed` if another edit already drops the ending."""
    url, name = link.match[0], link.match["id"]
    what, edit = f"{url} is a PDF, but the list links to abstracts", link.edit("kind", "abs")
    yield ListFinding(CheckRule.PDF, link.line, what, "link to /abs/", edit)
    if name.endswith(".pdf") and not changed:
        what, edit = f"{url} ends in .pdf", link.edit("id", name.removesuffix(".pdf"))
        yield ListFinding(CheckRule.PDF, link.line, what, "remove the ending", edit)


def _several_ids(members: Sequence[Listed]) -> Iterator[ListFinding]:
    """Finds entries that link to several arXiv papers, unless that is common in the list."""
    several = [entry for entry in members if len(entry.ids) > 1]
    if len(several) <= _SEVERAL * len(members):
        for entry in several:
            ids = " and ".join(map(str, entry.ids[:3]))
            fix = "correct one of the links, or give each paper its own entry"
            yield ListFinding(
                CheckRule.TWO_IDS, entry.line, f"{_name(entry)!r} links to {ids}", fix
            )


def _order(listing: PaperList, members: Sequence[Listed], *, dated: bool) -> Iterator[ListFinding]:
    """Finds entries out of order, in a section that is otherwise ordered by date.

    The dates are those in the entries' text if the list writes dates (`dated`), else those of the ids.
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
    """Returns 1 if the months of neighbouring entries nearly always fall, -1 if they nearly always rise, else 0."""
    falls, rises = sum(step > 0 for step in steps), sum(step < 0 for step in steps)
    if falls + rises < _ENOUGH or max(falls, rises) < _USUAL * (falls + rises):
        return 0
    return 1 if falls > rises else -1


def _years(
    document: Document, sections: Mapping[int | None, Sequence[Listed]]
) -> Iterator[ListFinding]:
    """Finds papers under another year's heading than their id's, if nearly all other papers are under their own."""
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
        what = f"{entry.title!r} ({entry.ids[0]}) is under {year}"
        fix = f"move it to {entry.ids[0].year}, or leave it if it was published in {year}"
        yield ListFinding(CheckRule.YEAR, entry.line, what, fix)


def _without_link(document: Document, members: Iterable[Listed]) -> Iterator[ListFinding]:
    for entry in members:
        text = document.text(document.entries[entry.entry])
        if not _LINK.search(text):
            name = entry.title or " ".join(text.split())[:60]
            yield ListFinding(CheckRule.NO_LINK, entry.line, f"{name!r} has no link", "add a link")

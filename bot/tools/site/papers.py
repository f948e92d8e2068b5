"""Reads a list for its site: the papers with all facts of their entries, newest first."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from types import MappingProxyType

from bot.core import titles
from bot.core.arxiv_id import ArxivId
from bot.core.escaping import clean
from bot.core.model import Paper, Topic
from bot.listing.blocks import visible
from bot.listing.dates import find_dates
from bot.listing.document import Document
from bot.listing.fields import Slot, find_slots, split_authors
from bot.listing.headings import heading_date
from bot.listing.index import Listed
from bot.listing.paper_list import ListSize, PaperList
from bot.listing.parts import Entry, Section
from bot.relevance.phrases import Matcher
from bot.tools.site.about import AboutSection, about_sections, title_and_lead
from bot.tools.site.headings import bare_heading
from bot.tools.site.links import Link, find_links
from bot.tools.site.related import related

_SAYS_NOTHING = frozenset({"", "paper", "papers", "paper list", "papers list", "list of papers"})
_LONGEST_SLUG = 48


@dataclass(frozen=True, slots=True)
class SitePaper:
    """A paper of the list as its site shows it.

    `anchor` is its id on the page. `cut` says that the entry omits some authors. `sections` are the headings above the
    entry, and `topics` the topics whose phrases match. `year` and `month` are when the paper appeared, and `added` is
    the day on which it was added to the list. `related` are the anchors of listed papers that share its rarest words.
    """

    anchor: str
    title: str
    url: str
    arxiv: ArxivId | None
    authors: tuple[str, ...]
    cut: bool
    abstract: str
    links: tuple[Link, ...]
    year: int | None
    month: int | None
    sections: tuple[str, ...]
    topics: tuple[str, ...]
    added: date | None
    line: int
    related: tuple[str, ...] = ()

    @property
    def pdf(self) -> str:
        """The address of the paper's PDF; empty if unknown."""
        return f"https://arxiv.org/pdf/{self.arxiv}" if self.arxiv else ""

    @property
    def tags(self) -> tuple[str, ...]:
        """The headings and topics, without duplicates."""
        return tuple(dict.fromkeys((*self.sections, *self.topics)))


@dataclass(frozen=True, slots=True)
class SiteCandidate:
    """A paper in an open pull request.

    `pull_request` is the address of the pull request, `proposed` is the day on which it was opened, and `is_perhaps`
    says whether the paper is under "Perhaps". A paper that no source knows has no title.
    """

    paper: Paper
    pull_request: str
    proposed: date
    is_perhaps: bool


@dataclass(frozen=True, slots=True)
class Listing:
    """A list as its site shows it; `updated` is the day of its newest version, or None if unknown.

    `size` counts the list's entries. Entries of the same paper are one item, and entries without a link are left out.
    `about` are the sections of prose above the papers, and `home` is the address of the list's repository.
    """

    title: str
    lead: str
    items: tuple[SitePaper, ...]
    updated: date | None
    size: ListSize
    about: tuple[AboutSection, ...] = ()
    home: str = ""


def read(
    content: bytes,
    *,
    name: str,
    heading: str,
    topics: Sequence[Topic],
    days: Mapping[ArxivId, date],
    updated: date | None,
    known: Mapping[ArxivId, Paper] = MappingProxyType({}),
    home: str = "",
) -> Listing:
    """Reads a list, and its papers' topics and days of addition.

    `name` is the title for a list without one. `known` papers supply authors and abstracts that entries lack.
    `home` is the address of the list's repository.

    Raises:
        ListError: the list has no such heading.
    """
    listing = PaperList.parse(content, heading)
    document = listing.document
    matcher = Matcher(topics)
    found: dict[str, SitePaper] = {}
    for listed in listing.listed:
        if item := _item(document, listing.entry(listed), listed, matcher, known):
            item = replace(item, added=days.get(item.arxiv) if item.arxiv else None)
            first = found.get(item.anchor)
            found[item.anchor] = _merged(first, item) if first else item
    items = sorted(_without_shared_headings(tuple(found.values())), key=_newest_first)
    title, lead = title_and_lead(document, name)
    about = tuple(about_sections(listing))
    return Listing(title, lead, _related(items), updated, listing.size, about, home)


def _related(items: Sequence[SitePaper]) -> tuple[SitePaper, ...]:
    near = related([f"{item.title} {item.title} {item.abstract}" for item in items])
    return tuple(
        replace(item, related=tuple(items[place].anchor for place in places))
        for item, places in zip(items, near, strict=True)
    )


def _item(
    document: Document,
    entry: Entry,
    listed: Listed,
    matcher: Matcher,
    known: Mapping[ArxivId, Paper],
) -> SitePaper | None:
    """The paper of an entry; None if the entry has neither an arXiv id nor a link."""
    text = document.text(entry).replace("\r\n", "\n")
    links = tuple(find_links(text))
    arxiv = next(iter(listed.ids), None)
    title = clean(listed.title) or (f"arXiv:{arxiv}" if arxiv else "")
    if not title or not (arxiv or links):
        return None
    url = arxiv.url if arxiv else links[0].url
    authors, cut, abstract = _facts(text, listed, known.get(arxiv) if arxiv else None)
    year, month = _appeared(document, entry, arxiv, text)
    return SitePaper(
        anchor=str(arxiv or f"paper-{slug(title)}"),
        title=title,
        url=url,
        arxiv=arxiv,
        authors=authors,
        cut=cut,
        abstract=abstract,
        links=tuple(link for link in links if not _is_page_of(arxiv, url, link.url)),
        year=year,
        month=month,
        sections=_headings(document, entry),
        topics=tuple(map(clean, matcher.match_text(title, abstract).topics)),
        added=None,
        line=entry.line,
    )


def _is_page_of(arxiv: ArxivId | None, url: str, address: str) -> bool:
    """Whether an address is the paper's own, or one of arXiv's pages of the paper."""
    page = arxiv is not None and "arxiv.org/" in address and str(arxiv) in address.lower()
    return page or address == url


def _facts(text: str, listed: Listed, paper: Paper | None) -> tuple[tuple[str, ...], bool, str]:
    """Returns the authors of a paper, whether the entry omits some of them, and the abstract; empty if unknown.

    They are read from the entry's text. What it lacks or shortens comes from `paper`, if it was looked up.
    """
    authors: tuple[str, ...] = ()
    cut, abstract = "", ""
    for span in find_slots(text, listed):
        words = text[span.start : span.end]
        if span.slot is Slot.AUTHORS and not authors:
            names, cut = split_authors(visible(words))
            authors = tuple(filter(None, map(clean, names)))
        elif span.slot is Slot.ABSTRACT and not abstract:
            # In an abstract "~" means "about", but TeX reads it as a space.
            abstract = clean(titles.plain(words.replace("~", "∼")).replace("∼", "~"))
    if paper and paper.authors and (cut or not authors):
        authors, cut = tuple(clean(titles.plain(name)) for name in paper.authors), ""
    if paper and not abstract:
        abstract = clean(titles.plain_abstract(paper.abstract))
    return authors, bool(cut), abstract


def _appeared(
    document: Document, entry: Entry, arxiv: ArxivId | None, text: str
) -> tuple[int | None, int | None]:
    """Year and month of a paper: from its id, else from the text of the entry, else from the nearest heading above."""
    if arxiv:
        return arxiv.year, arxiv.month
    if dates := find_dates(text):
        return dates[0].year, dates[0].month
    for section in reversed(_above(document, entry)):
        if dated := heading_date(section):
            return dated.year, dated.month
    return None, None


def _above(document: Document, entry: Entry) -> list[Section]:
    """The sections that contain an entry, the outermost first."""
    if entry.section is None:
        return []
    path = document.sections[entry.section].path
    before = document.sections[: entry.section + 1]
    return [section for section in before if section.path == path[: len(section.path)]]


def _headings(document: Document, entry: Entry) -> tuple[str, ...]:
    """The headings above an entry, without those that are dates."""
    above = [section for section in _above(document, entry) if not heading_date(section)]
    names = [bare_heading(section.title) for section in above]
    return tuple(dict.fromkeys(name for name in names if name.casefold() not in _SAYS_NOTHING))


def slug(words: str) -> str:
    """Returns a short name for use in an address; it depends on the words alone, so it never changes."""
    key = titles.key(words)
    name = "-".join(key.split())
    if len(name) > _LONGEST_SLUG or not name.isascii() or not name:
        digest = hashlib.sha256(key.encode()).hexdigest()[:8]
        bare = re.sub(r"[^a-z0-9-]+", "", name)[:_LONGEST_SLUG].strip("-")
        name = f"{bare}-{digest}".lstrip("-")
    return name


def _merged(first: SitePaper, second: SitePaper) -> SitePaper:
    """Merges two entries of the same paper."""
    links: dict[str, Link] = {}
    for link in (*first.links, *second.links):
        links.setdefault(link.url, link)
    return replace(
        first,
        authors=first.authors or second.authors,
        cut=first.cut if first.authors else second.cut,
        abstract=first.abstract or second.abstract,
        links=tuple(links.values()),
        sections=tuple(dict.fromkeys((*first.sections, *second.sections))),
        topics=tuple(dict.fromkeys((*first.topics, *second.topics))),
    )


def _without_shared_headings(items: Sequence[SitePaper]) -> Sequence[SitePaper]:
    """Removes headings that all papers share, because they distinguish none of them."""
    count = Counter(name for item in items for name in item.sections)
    shared = {name for name, papers in count.items() if papers == len(items)}
    return [
        replace(item, sections=tuple(name for name in item.sections if name not in shared))
        for item in items
    ]


def _newest_first(item: SitePaper) -> tuple[int, int, int, int]:
    number = item.arxiv.order[3] if item.arxiv else 0
    return -(item.year or 0), -(item.month or 0), -number, item.line

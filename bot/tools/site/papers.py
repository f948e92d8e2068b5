"""What a site shows of a list: its papers with all that their entries tell, newest first."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from bot.core import titles
from bot.core.arxiv_id import ArxivId
from bot.core.escaping import clean
from bot.core.model import Paper, Topic
from bot.listing.blocks import visible
from bot.listing.dates import find_dates
from bot.listing.document import Document, decode
from bot.listing.fields import Slot, find_slots, split_authors
from bot.listing.headings import heading_date
from bot.listing.index import Listed
from bot.listing.paper_list import Census, PaperList
from bot.listing.parts import Entry
from bot.relevance.phrases import Matcher
from bot.tools.site.links import Link, find_links

_NOBODY = ArxivId(
    "0000.00000"
)  # phrases are looked for in title and abstract; the id does not matter
_SHORTCODE = re.compile(r":[a-z0-9_+-]{2,40}:")
_NUMBERING = re.compile(r"^(?:\d{1,2}[.)]|\d{1,2}(?:\.\d{1,2})+\.?)\s+")
_PICTURES = frozenset({"So", "Sk"})  # the categories of emoji and their tones
_AS_PICTURE = "\ufe0f"  # asks for a character as an emoji
_SAYS_NOTHING = frozenset({"", "paper", "papers", "paper list", "papers list", "list of papers"})
_NO_TITLE = frozenset({"content", "contents", "table of contents", "introduction", "overview"})
_PROSE = re.compile(r"^\s{0,3}[^\s#<>|!\[`*+=-]")  # how a paragraph of words starts
_LONGEST_LEAD = 400
_LONGEST_SLUG = 48


@dataclass(frozen=True, slots=True)
class Item:
    """A paper of the list; `cut` says that the entry names not all of its authors.

    `anchor` finds it on the page, `sections` are the headings above it, `topics` those whose phrases match.
    `year` and `month` are when it appeared, `added` is the day on which it came into the list.
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

    @property
    def tags(self) -> tuple[str, ...]:
        """Headings and topics, each once."""
        return tuple(dict.fromkeys((*self.sections, *self.topics)))


@dataclass(frozen=True, slots=True)
class Listing:
    """A list as its site shows it; `updated` is the day of its newest version, where that is known.

    `held` is how much the list has: entries of one paper are one item, and those that link nowhere are none.
    """

    title: str
    lead: str
    items: tuple[Item, ...]
    updated: date | None
    held: Census


def read(
    content: bytes,
    *,
    name: str,
    heading: str,
    topics: Sequence[Topic],
    days: Mapping[ArxivId, date],
    updated: date | None,
) -> Listing:
    """Reads a list.

    Args:
        content: the list.
        name: what to call it where it has no title of its own.
        heading: the heading below which the papers are; empty for the whole file.
        topics: what is looked for in titles and abstracts.
        days: the days on which papers came into the list.
        updated: the day of the list's newest version.

    Raises:
        ListError: there is no such heading.
    """
    listing = PaperList.parse(content, heading)
    document = listing.document
    matcher = Matcher(topics)
    found: dict[str, Item] = {}
    for one in listing.listed:
        if item := _item(document, listing.entry(one), one, matcher):
            item = replace(item, added=days.get(item.arxiv) if item.arxiv else None)
            first = found.get(item.anchor)
            found[item.anchor] = _both(first, item) if first else item
    items = _less_what_all_share(tuple(found.values()))
    title, lead = _head(document, name)
    return Listing(title, lead, tuple(sorted(items, key=_newest_first)), updated, listing.census)


def _item(document: Document, entry: Entry, listed: Listed, matcher: Matcher) -> Item | None:
    """The paper of an entry; None where it has neither an id nor a link to follow."""
    text = document.text(entry).replace("\r\n", "\n")
    links = tuple(find_links(text))
    arxiv = listed.ids[0] if listed.ids else None
    title = clean(listed.title) or (f"arXiv:{arxiv}" if arxiv else "")
    if not title or not (arxiv or links):
        return None
    url = arxiv.url if arxiv else links[0].url
    authors, cut, abstract = _facts(text, listed)
    year, month = _appeared(document, entry, arxiv, text)
    evidence = matcher.match(Paper(arxiv or _NOBODY, title, abstract))
    return Item(
        anchor=str(arxiv) if arxiv else _slug(title),
        title=title,
        url=url,
        arxiv=arxiv,
        authors=authors,
        cut=cut,
        abstract=abstract,
        links=tuple(one for one in links if one.url != url and not _is_page_of(arxiv, one.url)),
        year=year,
        month=month,
        sections=_headings(document, entry),
        topics=tuple(clean(name) for name in evidence.topics),
        added=None,
        line=entry.line,
    )


def _is_page_of(arxiv: ArxivId | None, url: str) -> bool:
    """Whether an address is one of arXiv's own pages of the paper."""
    return arxiv is not None and "arxiv.org/" in url and str(arxiv) in url.lower()


def _facts(text: str, listed: Listed) -> tuple[tuple[str, ...], bool, str]:
    """Authors, whether they are cut short, and abstract, as far as the entry has them."""
    authors: tuple[str, ...] = ()
    cut, abstract = "", ""
    for span in find_slots(text, listed):
        words = text[span.start : span.end]
        if span.slot is Slot.AUTHORS and not authors:
            names, cut = split_authors(visible(words))
            authors = tuple(filter(None, map(clean, names)))
        elif span.slot is Slot.ABSTRACT and not abstract:
            # In an abstract "~" means about, while in TeX it is a space.
            abstract = clean(titles.plain(words.replace("~", "∼")).replace("∼", "~"))
    return authors, bool(cut), abstract


def _appeared(
    document: Document, entry: Entry, arxiv: ArxivId | None, text: str
) -> tuple[int | None, int | None]:
    """Year and month: of the id, else as the entry writes them, else as the heading nearest above does."""
    if arxiv:
        return arxiv.year, arxiv.month
    if dates := find_dates(text):
        return dates[0].year, dates[0].month
    if entry.section is not None:
        path = document.sections[entry.section].path
        for section in reversed(document.sections[: entry.section + 1]):
            inside = section.path == path[: len(section.path)]
            if inside and (dated := heading_date(section)):
                return dated.year, dated.month
    return None, None


def _headings(document: Document, entry: Entry) -> tuple[str, ...]:
    """The headings above an entry, those aside that are dates."""
    if entry.section is None:
        return ()
    path = document.sections[entry.section].path
    names = (
        _bare(section.title)
        for section in document.sections[: entry.section + 1]
        if section.path == path[: len(section.path)] and not heading_date(section)
    )
    telling = (name for name in names if name.casefold() not in _SAYS_NOTHING)
    return tuple(dict.fromkeys(telling))


def _bare(heading: str) -> str:
    """A heading's words: no emoji, no number before them."""
    words = "".join(
        " " if unicodedata.category(char) in _PICTURES or char == _AS_PICTURE else char
        for char in _SHORTCODE.sub(" ", heading)
    )
    return _NUMBERING.sub("", clean(words)).strip(" :.-–—")


def _slug(title: str) -> str:
    """A name for an entry without an id, from its title alone, so that it stays when the list grows."""
    key = titles.key(title)
    words = "-".join(key.split())
    if len(words) > _LONGEST_SLUG or not words.isascii() or not words:
        digest = hashlib.sha256(key.encode()).hexdigest()[:8]
        bare = re.sub(r"[^a-z0-9-]+", "", words)[:_LONGEST_SLUG].strip("-")
        words = f"{bare}-{digest}".lstrip("-")
    return f"paper-{words}"


def _both(first: Item, second: Item) -> Item:
    """A paper that is listed twice: once on the site, with what both entries tell."""
    links = {one.url: one for one in (*second.links, *first.links)}
    return replace(
        first,
        authors=first.authors or second.authors,
        cut=first.cut if first.authors else second.cut,
        abstract=first.abstract or second.abstract,
        links=tuple(
            links[url] for url in dict.fromkeys(one.url for one in (*first.links, *second.links))
        ),
        sections=tuple(dict.fromkeys((*first.sections, *second.sections))),
        topics=tuple(dict.fromkeys((*first.topics, *second.topics))),
    )


def _less_what_all_share(items: Sequence[Item]) -> Sequence[Item]:
    """A heading above all papers parts none of them from another."""
    count = Counter(name for item in items for name in item.sections)
    shared = {name for name, papers in count.items() if papers == len(items)}
    return [
        replace(item, sections=tuple(name for name in item.sections if name not in shared))
        for item in items
    ]


def _newest_first(item: Item) -> tuple[int, int, int, int]:
    number = item.arxiv.order[3] if item.arxiv else 0
    return -(item.year or 0), -(item.month or 0), -number, item.line


def _head(document: Document, name: str) -> tuple[str, str]:
    """The list's title, and the first paragraph of words below it, in plain text.

    The title is a heading of the first level, else the first heading, unless words stand above that already.
    """
    sections = document.sections
    above = _lead(document.content[: sections[0].start if sections else None])
    top = next((one for one in sections if one.level == 1), None)
    top = top or (sections[0] if sections and not above else None)
    title = _bare(top.title) if top else ""
    if top is None or not title or "<" in title or title.casefold() in _NO_TITLE:
        return name, above
    end = next((one.start for one in sections if one.start > top.start), None)
    return title, _lead(document.content[top.body : end])


def _lead(content: bytes) -> str:
    """The first paragraph that is a sentence or more, not markup; empty where there is none."""
    for paragraph in re.split(r"\n\s*\n", decode(content).replace("\r\n", "\n")):
        words = clean(visible(paragraph)) if _PROSE.match(paragraph) else ""
        if len(words.split()) >= 6:
            return _shortened(words)
    return ""


def _shortened(words: str) -> str:
    """At most so much of a paragraph as leads into a page, whole sentences if there are any."""
    if len(words) <= _LONGEST_LEAD:
        return words
    sentences, stop, _ = words[:_LONGEST_LEAD].rpartition(". ")
    return f"{sentences}." if stop else f"{words[:_LONGEST_LEAD].rsplit(' ', 1)[0]}…"

"""Reads today's announcements from arXiv's Atom feed: every paper of the categories, whether a phrase matches or not.

The bot reads Atom because `feedparser` treats RSS descriptions as HTML and damages them. A feed holds one day.
On a day without announcements it is empty (https://info.arxiv.org/help/atom_specifications.html).
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from functools import partial
from typing import Any
from urllib.parse import urlsplit

from bot.core.arxiv_id import ArxivId
from bot.core.errors import SourceError
from bot.core.model import Announcement, Coverage, Harvest, Paper, Topic, Window
from bot.sources.atom import ATOM, check_entry, fetch, parse
from bot.sources.fields import abstract, line, split_names
from bot.sources.session import Fetch

DEFAULT_URL = "https://rss.arxiv.org/atom"
_LIMIT = 2000  # items in a feed; arXiv drops the new papers with the lowest ids beyond that
_PREFIX = re.compile(r"^\s*arXiv:\S+\s+Announce Type:\s*\S+\s+Abstract:\s*", re.IGNORECASE)


class Announcements:
    """The announcement feed as a source: one request for all categories, or one per category if the feed is full."""

    name = "announcements"

    def __init__(
        self, session: Fetch, categories: Sequence[str], base_url: str = DEFAULT_URL
    ) -> None:
        self._session = session
        self._categories = tuple(categories)
        self._url = base_url.rstrip("/")

    def collect(self, topics: tuple[Topic, ...], window: Window) -> Harvest:
        """Returns all papers announced today, whatever the topics and the window. See `Source`."""
        del topics, window
        before = self._session.requests
        papers: dict[ArxivId, Paper] = {}
        full: list[str] = []
        failure = ""
        try:
            full = list(self._read(self._categories, papers))
        except SourceError as error:
            failure = error.on_one_line
        days = sorted({paper.announced for paper in papers.values() if paper.announced})
        note = (
            f"announced {days[-1]}" if days else "" if failure else "arXiv announced nothing today"
        )
        coverage = Coverage(
            source=self.name,
            of=urlsplit(self._url).netloc,
            asked="+".join(self._categories),
            read=len(papers),
            requests=self._session.requests - before,
            capped=f"the feed of {', '.join(full)} stops at {_LIMIT:,} papers" if full else "",
            failure=failure,
            note=note,
        )
        found = tuple(papers.values())
        return Harvest(found, coverage, background=found)

    def _read(self, categories: Sequence[str], into: dict[ArxivId, Paper]) -> Iterator[str]:
        """Reads one feed for all categories, or one for each if it is full; yields those whose own feed is full."""
        url = f"{self._url}/{'+'.join(map(_feed_of, categories))}"
        papers = fetch(self._session, url, partial(parse_feed, url=url))
        for paper in papers:
            into.setdefault(paper.id, paper)
        if len(papers) < _LIMIT:
            return
        if len(categories) == 1:
            yield categories[0]
            return
        for category in categories:
            yield from self._read((category,), into)


def _feed_of(category: str) -> str:
    """Returns the feed's name for a category; a whole archive (`cs.*`) has the feed `cs`."""
    return category.removesuffix(".*")


def parse_feed(body: bytes, url: str) -> tuple[Paper, ...]:
    """Reads the papers of an arXiv Atom feed, in feed order; a day without announcements has an empty feed.

    Raises:
        ValueError: the body is no Atom feed, is incomplete, or has an entry that can't be read.
        SourceError: arXiv refused the request.
    """
    import feedparser  # noqa: PLC0415 (a dry run from a file does not need it)

    try:
        root = parse(body)
        entries = root.findall(f"{ATOM}entry")
        for entry in entries:
            check_entry(entry)
    except ValueError as error:
        raise ValueError(f"the feed {error}") from None
    feed = feedparser.parse(io.BytesIO(body))
    if str(feed.feed.get("title", "")).startswith("Feed error"):
        reason = feed.feed.get("subtitle") or feed.feed.title
        raise SourceError(f"arXiv refuses: {reason}", where=url, fix="check arxiv.categories")
    papers = tuple(_paper(entry) for entry in feed.entries)
    if len(papers) != len(entries):
        raise ValueError("some entries of the feed can't be read")
    return papers


def _paper(entry: Mapping[str, Any]) -> Paper:
    try:
        return Paper(
            id=ArxivId.parse(entry["id"]),
            title=line(entry["title"]),
            abstract=abstract(_PREFIX.sub("", entry["summary"], count=1)),
            authors=split_names(entry["author"]),
            categories=tuple(str(tag["term"]) for tag in entry["tags"]),
            announced=date.fromisoformat(entry["published"][:10]),
            announcement=Announcement(entry["arxiv_announce_type"]),
            journal_ref=line(str(entry.get("arxiv_journal_reference", ""))),
            doi=line(str(entry.get("arxiv_doi", ""))),
        )
    except (KeyError, ValueError) as error:
        name = entry.get("id") or entry.get("title") or "it has no id"
        raise ValueError(f"an entry of the feed can't be read ({name}: {error})") from None

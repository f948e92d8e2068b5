"""The day's announcements, from arXiv's Atom feed: every paper of the categories, whether a phrase matches or not.

Atom and not RSS, whose descriptions `feedparser` takes for HTML and damages. A feed holds one day; a day without
announcement is an empty feed (https://info.arxiv.org/help/atom_specifications.html).
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
_LIMIT = 2000  # items in a feed; beyond, the service leaves out the lowest-numbered new papers
_PREFIX = re.compile(r"^\s*arXiv:\S+\s+Announce Type:\s*\S+\s+Abstract:\s*", re.IGNORECASE)


class Announcements:
    """The announcement feed as a source: one request for all categories, more only on a day too large for one."""

    name = "announcements"

    def __init__(
        self, session: Fetch, categories: Sequence[str], base_url: str = DEFAULT_URL
    ) -> None:
        self._session = session
        self._categories = tuple(categories)
        self._url = base_url.rstrip("/")

    def collect(self, topics: tuple[Topic, ...], window: Window) -> Harvest:
        """The papers announced today; topics and window don't limit a feed. See `Source`."""
        del topics, window
        before = self._session.requests
        papers: dict[ArxivId, Paper] = {}
        full: list[str] = []
        failure = ""
        try:
            full = list(self._read(self._categories, papers))
        except SourceError as error:
            failure = f"{error.message}{f' ({error.fix})' if error.fix else ''}"
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
        return Harvest(found, coverage, usual=found)

    def _read(self, categories: Sequence[str], into: dict[ArxivId, Paper]) -> Iterator[str]:
        """Reads the feed of the categories, and where that is too large, of each; yields those still too large."""
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
    """The name of a category's feed; that of a whole archive (`cs.*`) is `cs`."""
    return category.removesuffix(".*")


def parse_feed(body: bytes, url: str) -> tuple[Paper, ...]:
    """The papers of an Atom feed of arXiv, in its order; an empty feed is a day without announcement.

    Raises:
        ValueError: it is not such a feed, or not a whole one, or an entry in it can't be read.
        SourceError: arXiv refuses.
    """
    import feedparser  # noqa: PLC0415 (the dry run from a file does without)

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
        raise ValueError("not every entry of the feed could be read")
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
        name = entry.get("id") or entry.get("title") or "one without id"
        raise ValueError(f"an entry of the feed can't be read ({name}: {error})") from None

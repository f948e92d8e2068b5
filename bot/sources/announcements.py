"""The day's announcements, from arXiv's Atom feed: every paper of the categories, whether a phrase matches or not.

Atom and not RSS, whose descriptions `feedparser` takes for HTML and damages. A feed holds one day; a day without
announcement is an empty feed (https://info.arxiv.org/help/atom_specifications.html).
"""

from __future__ import annotations

import io
import re
import xml.etree.ElementTree as ET
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from urllib.parse import urlsplit

from bot.arxiv_id import ArxivId
from bot.errors import SourceError
from bot.model import Announcement, Coverage, Harvest, Paper, Topic, Window
from bot.sources.session import Fetch

DEFAULT_URL = "https://rss.arxiv.org/atom"
_LIMIT = 2000  # items in a feed; beyond, the service leaves out the lowest-numbered new papers
_ENTRY = "{http://www.w3.org/2005/Atom}entry"
_FEED = "{http://www.w3.org/2005/Atom}feed"
_PREFIX = re.compile(r"^\s*arXiv:\S+\s+Announce Type:\s*\S+\s+Abstract:\s*", re.IGNORECASE)
_BETWEEN_AUTHORS = re.compile(r",(?![^()]*\))")
_AFFILIATION = re.compile(r"\s*\([^()]*\)")


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
        capped = failure = ""
        try:
            whole = self._feed("+".join(self._categories))
            feeds = [whole]
            if len(whole) >= _LIMIT and len(self._categories) > 1:
                feeds += [self._feed(category) for category in self._categories]
                full = [
                    c
                    for c, feed in zip(self._categories, feeds[1:], strict=True)
                    if len(feed) >= _LIMIT
                ]
            else:
                full = list(self._categories) if len(whole) >= _LIMIT else []
            capped = f"the feed of {', '.join(full)} stops at {_LIMIT:,} papers" if full else ""
            papers = {paper.id: paper for feed in feeds for paper in reversed(feed)}
        except SourceError as error:
            failure = f"{error.message}{f' ({error.fix})' if error.fix else ''}"
        days = sorted({paper.announced for paper in papers.values() if paper.announced})
        told = (
            f"announced {days[-1]}" if days else "" if failure else "arXiv announced nothing today"
        )
        coverage = Coverage(
            source=self.name,
            of=urlsplit(self._url).netloc,
            asked="+".join(self._categories),
            read=len(papers),
            requests=self._session.requests - before,
            capped=capped,
            failure=failure,
            note=told,
        )
        found = tuple(papers.values())
        return Harvest(found, coverage, usual=found)

    def _feed(self, categories: str) -> tuple[Paper, ...]:
        url = f"{self._url}/{categories}"
        return parse_feed(self._session.get(url), url)


def parse_feed(body: bytes, url: str) -> tuple[Paper, ...]:
    """The papers of an Atom feed of arXiv, in its order; an empty feed is a day without announcement.

    Raises:
        SourceError: it is not such a feed, or not a whole one, or an entry in it can't be read.
    """
    import feedparser  # noqa: PLC0415 (the dry run from a file does without)

    try:
        root = ET.fromstring(body)  # noqa: S314 (the session lets no document type through)
    except ET.ParseError as error:
        raise SourceError(
            f"the feed is not well-formed ({error})", where=url, fix="try again later"
        ) from None
    if root.tag != _FEED:
        raise SourceError("the answer is not an Atom feed", where=url, fix="try again later")
    feed = feedparser.parse(io.BytesIO(body))
    if str(feed.feed.get("title", "")).startswith("Feed error"):
        reason = feed.feed.get("subtitle") or feed.feed.title
        raise SourceError(f"arXiv refuses: {reason}", where=url, fix="check arxiv.categories")
    papers = tuple(_paper(entry, url) for entry in feed.entries)
    if len(papers) != len(root.findall(_ENTRY)):
        raise SourceError(
            "not every entry of the feed could be read", where=url, fix="please report this"
        )
    return papers


def _paper(entry: Mapping[str, Any], url: str) -> Paper:
    try:
        return Paper(
            id=ArxivId.parse(entry["id"]),
            title=_line(entry["title"]),
            abstract=_PREFIX.sub("", _line(entry["summary"])),
            authors=_authors(str(entry.get("author", ""))),
            categories=tuple(str(tag["term"]) for tag in entry.get("tags", ())),
            announced=date.fromisoformat(entry["published"][:10]),
            announcement=Announcement(entry["arxiv_announce_type"]),
            journal_ref=_line(str(entry.get("arxiv_journal_reference", ""))),
            doi=_line(str(entry.get("arxiv_doi", ""))),
        )
    except (KeyError, ValueError) as error:
        name = entry.get("id") or entry.get("title") or "one without id"
        raise SourceError(
            f"an entry of the feed can't be read ({name}: {error})",
            where=url,
            fix="try again later",
        ) from None


def _authors(text: str) -> tuple[str, ...]:
    """Names from one comma-separated element, without the affiliations in parentheses."""
    names = (_line(_AFFILIATION.sub("", name)) for name in _BETWEEN_AUTHORS.split(text))
    return tuple(name for name in names if name)


def _line(text: str) -> str:
    return " ".join(text.split())

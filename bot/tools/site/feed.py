"""Writes Atom feeds (RFC 4287), newest first: papers added to the list or a topic, and candidates under review."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import date
from typing import Any

from bot.core import titles
from bot.core.escaping import clean
from bot.reports.templates import template
from bot.tools.site.papers import Listing, SiteCandidate, SitePaper

NEWEST = 50
"""The most papers in a feed."""
CANDIDATES = "candidates.xml"
"""The file name of the feed of candidates."""

# The date of a feed for a list without history, because this module reads no clock.
_EPOCH = date(1970, 1, 1)


def feed(listing: Listing, address: str, topic: str = "", path: str = "") -> bytes:
    """Returns the feed of papers that were added to the list or to a topic.

    `address` is the site's, empty if unknown, and `path` the folder of the topic's page below it.
    """
    items = [item for item in listing.items if not topic or topic in item.tags]
    added = [(item.added, item) for item in items if item.added]
    added.sort(key=lambda pair: pair[0], reverse=True)
    return _written(
        listing,
        f"{listing.title}: {topic}" if topic else listing.title,
        max(listing.updated or _EPOCH, *(day for day, _ in added[:1]), _EPOCH),
        f"{address}{path}" if address else "",
        "feed.xml",
        [_addition(item, day, address) for day, item in added[:NEWEST]],
    )


def candidate_feed(listing: Listing, candidates: Sequence[SiteCandidate], address: str) -> bytes:
    """Returns the feed of papers in open pull requests, each with a link to its pull request."""
    ordered = sorted(candidates, key=lambda candidate: candidate.proposed, reverse=True)
    updated = ordered[0].proposed if ordered else listing.updated or _EPOCH
    entries = list(map(_candidate, ordered[:NEWEST]))
    title = f"Candidates for {listing.title}"
    return _written(listing, title, updated, address, CANDIDATES, entries)


def _written(
    listing: Listing,
    title: str,
    updated: date,
    page: str,
    file: str,
    entries: Sequence[dict[str, Any]],
) -> bytes:
    """A feed; `page` is the address of the page it belongs to, or empty if unknown."""
    text = template("bot.tools.site", "feed.xml.jinja").render(
        title=title,
        lead=listing.lead,
        id=f"{page}{file}" if page else _urn(title),
        updated=updated,
        page=page,
        file=file,
        author=listing.title,
        entries=entries,
    )
    return f"{text}\n".encode()


def _addition(item: SitePaper, day: date, address: str) -> dict[str, Any]:
    return {
        "title": item.title,
        "id": f"{address}#{item.anchor}" if address else _urn(item.url),
        "day": day,
        "url": item.url,
        "authors": item.authors,
        "pull_request": "",
        "tags": item.tags,
        "abstract": item.abstract,
    }


def _candidate(candidate: SiteCandidate) -> dict[str, Any]:
    paper = candidate.paper
    return {
        "title": clean(titles.plain(paper.title)) or f"arXiv:{paper.id}",
        "id": paper.id.url,
        "day": candidate.proposed,
        "url": paper.id.url,
        "authors": [clean(titles.plain(name)) for name in paper.authors],
        "pull_request": candidate.pull_request,
        "tags": ["Perhaps"] if candidate.is_perhaps else [],
        "abstract": clean(titles.plain_abstract(paper.abstract)),
    }


def _urn(words: str) -> str:
    return uuid.uuid5(uuid.NAMESPACE_URL, words).urn

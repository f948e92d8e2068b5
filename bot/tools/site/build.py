"""Builds a static site from a list: returns its files by their paths. Pure.

The list's text comes from strangers, so it is escaped, and only http and https addresses become links. A page runs one
script, which is part of the site, and loads nothing from other sites.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import resources
from typing import Any

from bot.core.english import SHORT_MONTHS
from bot.core.version import DOCS
from bot.reports.templates import stylesheet, template
from bot.tools.site.citations import bibtex, key, ris
from bot.tools.site.feed import CANDIDATES, candidate_feed, feed
from bot.tools.site.papers import Listing, SiteCandidate, SitePaper, slug

_COPIED = ("site.js", "icon.svg")
_SHOWN_AUTHORS = 10
_DESCRIBED = 100  # papers in the page's data for search engines
_HERE = "bot.tools.site"


@dataclass(frozen=True, slots=True)
class SiteTopic:
    """A heading of the list or a topic of the configuration, its folder on the site, and its number of papers."""

    name: str
    path: str
    papers: int


def build(
    listing: Listing, address: str = "", candidates: Sequence[SiteCandidate] | None = None
) -> Mapping[str, bytes]:
    """Returns the site's files by their paths.

    `address` is the site's, ending in a slash, and empty if unknown. `candidates` is None if they are unknown.
    """
    folder = resources.files(_HERE)
    topics = _topics(listing.items)
    feeds = {} if candidates is None else {CANDIDATES: candidate_feed(listing, candidates, address)}
    files = {
        **feeds,
        "index.html": _page(listing, topics, address, candidates=bool(feeds)).encode(),
        "feed.xml": feed(listing, address),
        "papers.json": _json(listing).encode(),
        "papers.bib": "".join(f"{bibtex(item)}\n\n" for item in listing.items).encode(),
        "papers.ris": "".join(f"{ris(item)}\n" for item in listing.items).encode(),
        "site.css": stylesheet(_HERE, "site.css").encode(),
        **{name: folder.joinpath(name).read_bytes() for name in _COPIED},
    }
    for topic in topics:
        page = _page(listing, topics, address, topic, candidates=bool(feeds))
        files[f"{topic.path}index.html"] = page.encode()
        files[f"{topic.path}feed.xml"] = feed(listing, address, topic.name, topic.path)
    if address:
        files["sitemap.xml"] = _sitemap(address, topics).encode()
    return files


def _topics(items: Sequence[SitePaper]) -> tuple[SiteTopic, ...]:
    """The topics that have papers, the largest first; of topics with the same address only the largest."""
    counted = Counter(name for item in items for name in item.tags)
    found: dict[str, SiteTopic] = {}
    for name, papers in counted.most_common():
        path = f"topic/{slug(name)}/"
        found.setdefault(path, SiteTopic(name, path, papers))
    return tuple(found.values())


def _page(
    listing: Listing,
    topics: Sequence[SiteTopic],
    address: str,
    topic: SiteTopic | None = None,
    *,
    candidates: bool = False,
) -> str:
    """The page of all papers or of one topic; with `candidates`, it links to their feed."""
    items = [item for item in listing.items if topic is None or topic.name in item.tags]
    here = f"{address}{topic.path if topic else ''}" if address else ""
    return template(_HERE, "index.html.jinja").render(
        listing=listing,
        topic=topic,
        topics=topics,
        paths={other.name: other.path for other in topics},
        root="../../" if topic else "",
        address=here,
        papers=[(item, bibtex(item)) for item in items],
        years=_years(items),
        undated=sum(item.year is None for item in items),
        added=any(item.added for item in items),
        data=_data(listing, items, here, topic),
        months=SHORT_MONTHS,
        shown_authors=_SHOWN_AUTHORS,
        docs=DOCS,
        candidates=CANDIDATES if candidates else "",
    )


def _years(items: Sequence[SitePaper]) -> list[tuple[int, int]]:
    """The years that have papers and their numbers of papers, newest first."""
    return sorted(Counter(item.year for item in items if item.year).items(), reverse=True)


def _data(
    listing: Listing, items: Sequence[SitePaper], address: str, topic: SiteTopic | None
) -> str:
    """The page's data for search engines (https://schema.org/ItemList), as JSON that is safe in a script element."""
    papers = [
        {"@type": "ListItem", "position": place, "item": _article(item)}
        for place, item in enumerate(items[:_DESCRIBED], 1)
    ]
    data: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "ItemList",
        "name": f"{listing.title}: {topic.name}" if topic else listing.title,
        "description": listing.lead,
        **({"url": address} if address else {}),
        "numberOfItems": len(items),
        "itemListElement": papers,
    }
    return json.dumps(data, ensure_ascii=False).replace("<", "\\u003c")


def _article(item: SitePaper) -> dict[str, Any]:
    return {
        "@type": "ScholarlyArticle",
        "headline": item.title,
        "url": item.url,
        "author": [{"@type": "Person", "name": name} for name in item.authors[:_SHOWN_AUTHORS]],
        **({"datePublished": str(item.year)} if item.year else {}),
    }


def _sitemap(address: str, topics: Sequence[SiteTopic]) -> str:
    """The sitemap for search engines (https://www.sitemaps.org)."""
    pages = "".join(
        f"  <url><loc>{address}{path}</loc></url>\n" for path in ("", *(t.path for t in topics))
    )
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n'
        f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n{pages}</urlset>\n'
    )


def _json(listing: Listing) -> str:
    """All papers with all their facts, as JSON."""
    data: dict[str, Any] = {
        "title": listing.title,
        "description": listing.lead,
        "updated": listing.updated.isoformat() if listing.updated else None,
        "papers": [_record(item) for item in listing.items],
    }
    return json.dumps(data, ensure_ascii=False, indent=1) + "\n"


def _record(item: SitePaper) -> dict[str, Any]:
    return {
        "anchor": item.anchor,
        "arxiv_id": str(item.arxiv) if item.arxiv else None,
        "title": item.title,
        "url": item.url,
        "authors": list(item.authors),
        "authors_cut": item.cut,
        "abstract": item.abstract,
        "year": item.year,
        "month": item.month,
        "added": item.added.isoformat() if item.added else None,
        "sections": list(item.sections),
        "topics": list(item.topics),
        "links": [{"label": link.label, "url": link.url} for link in item.links],
        "related": list(item.related),
        "bibtex_key": key(item),
        "line": item.line,
    }

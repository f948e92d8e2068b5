"""The list as a static site: from its bytes and the days on which papers came in to a set of files. Pure.

Everything in the list is text from strangers: it is escaped, only addresses on the web become links, and the page runs
no script and loads nothing that is not beside it.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from importlib import resources
from typing import Any

from bot.reports.templates import stylesheet, template
from bot.tools.site.bibtex import bibtex, key
from bot.tools.site.chart import SHORT_MONTHS, chart
from bot.tools.site.feed import feed
from bot.tools.site.papers import Item, Listing, read

__all__ = ["Listing", "build", "read"]

_AS_THEY_ARE = ("site.js", "icon.svg")
_SHOWN_AUTHORS = 10


def build(listing: Listing, address: str = "") -> Mapping[str, bytes]:
    """The site's files by name; `address` is where it will be, for what must name that in full."""
    files = resources.files("bot.tools.site")
    cites = [bibtex(item) for item in listing.items]
    return {
        "index.html": _page(listing, cites, address).encode(),
        "feed.xml": feed(listing, address),
        "papers.json": _json(listing).encode(),
        "papers.bib": "".join(f"{one}\n\n" for one in cites).encode(),
        "site.css": stylesheet("bot.tools.site", "site.css").encode(),
        **{name: files.joinpath(name).read_bytes() for name in _AS_THEY_ARE},
    }


def _page(listing: Listing, cites: list[str], address: str) -> str:
    sections = Counter(name for item in listing.items for name in item.sections)
    topics = Counter(name for item in listing.items for name in item.topics if name not in sections)
    return template("bot.tools.site", "index.html.jinja").render(
        listing=listing,
        address=address,
        papers=list(zip(listing.items, cites, strict=True)),
        years=_years(listing.items),
        groups=[
            (label, list(names.items()))
            for label, names in (("Sections", sections), ("Topics", topics))
            if names
        ],
        added=any(item.added for item in listing.items),
        chart=chart(listing.items),
        months=SHORT_MONTHS,
        shown_authors=_SHOWN_AUTHORS,
    )


def _years(items: tuple[Item, ...]) -> list[tuple[int, int]]:
    """The years that have papers, newest first, each with how many."""
    return sorted(Counter(item.year for item in items if item.year).items(), reverse=True)


def _json(listing: Listing) -> str:
    """Everything, for machines."""
    data: dict[str, Any] = {
        "title": listing.title,
        "description": listing.lead,
        "updated": listing.updated.isoformat() if listing.updated else None,
        "papers": [_record(item) for item in listing.items],
    }
    return json.dumps(data, ensure_ascii=False, indent=1) + "\n"


def _record(item: Item) -> dict[str, Any]:
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
        "links": [{"label": one.label, "url": one.url} for one in item.links],
        "bibtex_key": key(item),
        "line": item.line,
    }

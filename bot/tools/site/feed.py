"""Writes Atom feeds (RFC 4287), newest first: papers added to the list or a topic, and candidates under review."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from datetime import date
from xml.etree import ElementTree as ET

from bot.core import titles
from bot.core.escaping import clean
from bot.tools.site.papers import Listing, SiteCandidate, SitePaper

NEWEST = 50
"""The most papers in a feed."""
CANDIDATES = "candidates.xml"
"""The file name of the feed of candidates."""

_ATOM = "http://www.w3.org/2005/Atom"
# The date of a feed for a list without history, because this module reads no clock.
_EPOCH = date(1970, 1, 1)


def feed(listing: Listing, address: str, topic: str = "", path: str = "") -> bytes:
    """Returns the feed of papers that were added to the list or to a topic.

    Args:
        listing: the list.
        address: the site's address; empty if unknown.
        topic: the topic of the feed; empty for all papers.
        path: the folder of the topic's page, relative to the address.
    """
    added = _additions(listing, topic)
    newest = max((day for day, _ in added), default=_EPOCH)
    root = _root(
        listing,
        f"{listing.title}: {topic}" if topic else listing.title,
        max(newest, listing.updated or _EPOCH),
        f"{address}{path}" if address else "",
        "feed.xml",
    )
    return _written(root, (_addition(item, day, address) for day, item in added[:NEWEST]))


def candidate_feed(listing: Listing, candidates: Sequence[SiteCandidate], address: str) -> bytes:
    """Returns the feed of papers in open pull requests, each with a link to its pull request.

    Args:
        listing: the list.
        candidates: the papers.
        address: the site's address; empty if unknown.
    """
    ordered = sorted(candidates, key=lambda candidate: candidate.proposed, reverse=True)
    updated = ordered[0].proposed if ordered else listing.updated or _EPOCH
    title = f"Candidates for {listing.title}"
    root = _root(listing, title, updated, address, CANDIDATES)
    return _written(root, map(_candidate, ordered[:NEWEST]))


def _additions(listing: Listing, topic: str) -> list[tuple[date, SitePaper]]:
    """The papers of the list or a topic whose day of addition is known, each with that day; newest first."""
    items = [item for item in listing.items if not topic or topic in item.tags]
    added = [(item.added, item) for item in items if item.added]
    return sorted(added, key=lambda pair: pair[0], reverse=True)


def _root(listing: Listing, title: str, updated: date, page: str, file: str) -> ET.Element:
    """A feed without entries; `page` is the address of the page it belongs to, or empty if unknown."""
    root = ET.Element("feed", {"xmlns": _ATOM})
    _text(root, "title", title)
    if listing.lead:
        _text(root, "subtitle", listing.lead)
    _text(root, "id", f"{page}{file}" if page else _urn(title))
    _text(root, "updated", _time(updated))
    if page:
        ET.SubElement(root, "link", {"rel": "self", "href": f"{page}{file}"})
        ET.SubElement(root, "link", {"rel": "alternate", "href": page})
    ET.SubElement(root, "author").append(_named(listing.title))
    return root


def _written(root: ET.Element, entries: Iterable[ET.Element]) -> bytes:
    root.extend(entries)
    ET.indent(root)
    text = ET.tostring(root, encoding="unicode")
    return f'<?xml version="1.0" encoding="utf-8"?>\n{text}\n'.encode()


def _addition(item: SitePaper, day: date, address: str) -> ET.Element:
    ident = f"{address}#{item.anchor}" if address else _urn(item.url)
    entry = _entry(ident, item.title, item.url, day, item.authors)
    for tag in item.tags:
        ET.SubElement(entry, "category", {"term": tag})
    if item.abstract:
        _text(entry, "summary", item.abstract)
    return entry


def _candidate(candidate: SiteCandidate) -> ET.Element:
    paper = candidate.paper
    title = clean(titles.plain(paper.title)) or f"arXiv:{paper.id}"
    names = [clean(titles.plain(name)) for name in paper.authors]
    entry = _entry(paper.id.url, title, paper.id.url, candidate.proposed, names)
    ET.SubElement(entry, "link", {"rel": "related", "href": candidate.pull_request})
    if candidate.is_perhaps:
        ET.SubElement(entry, "category", {"term": "Perhaps"})
    if paper.abstract:
        _text(entry, "summary", clean(titles.plain_abstract(paper.abstract)))
    return entry


def _entry(ident: str, title: str, url: str, day: date, authors: Iterable[str]) -> ET.Element:
    entry = ET.Element("entry")
    _text(entry, "title", title)
    _text(entry, "id", ident)
    _text(entry, "published", _time(day))
    _text(entry, "updated", _time(day))
    ET.SubElement(entry, "link", {"rel": "alternate", "href": url})
    for name in authors:
        ET.SubElement(entry, "author").append(_named(name))
    return entry


def _text(parent: ET.Element, name: str, words: str) -> None:
    ET.SubElement(parent, name).text = words


def _named(name: str) -> ET.Element:
    element = ET.Element("name")
    element.text = name
    return element


def _urn(words: str) -> str:
    return uuid.uuid5(uuid.NAMESPACE_URL, words).urn


def _time(day: date) -> str:
    return f"{day.isoformat()}T00:00:00Z"

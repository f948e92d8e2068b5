"""The papers that came into the list, or into one topic of it, as an Atom feed (RFC 4287), the newest first."""

from __future__ import annotations

import uuid
from datetime import date
from xml.etree import ElementTree as ET

from bot.tools.site.papers import Listing, SitePaper

NEWEST = 50
"""How many additions the feed has."""

_ATOM = "http://www.w3.org/2005/Atom"
_EPOCH = date(1970, 1, 1)  # of a list without history nothing is known, and no clock is asked


def feed(listing: Listing, address: str, topic: str = "", path: str = "") -> bytes:
    """The feed.

    Args:
        listing: the list.
        address: where the site is; empty where that is not known.
        topic: the topic that it is about; empty for all papers.
        path: the folder of the topic's page below the address.
    """
    added = _additions(listing, topic)
    newest = max((day for day, _ in added), default=_EPOCH)
    title = f"{listing.title}: {topic}" if topic else listing.title
    root = ET.Element("feed", {"xmlns": _ATOM})
    _text(root, "title", title)
    if listing.lead:
        _text(root, "subtitle", listing.lead)
    _text(root, "id", f"{address}{path}feed.xml" if address else _urn(title))
    _text(root, "updated", _time(max(newest, listing.updated or _EPOCH)))
    if address:
        page = f"{address}{path}"
        ET.SubElement(root, "link", {"rel": "self", "href": f"{page}feed.xml"})
        ET.SubElement(root, "link", {"rel": "alternate", "href": page})
    ET.SubElement(root, "author").append(_named(listing.title))
    for day, item in added[:NEWEST]:
        root.append(_entry(item, day, address))
    ET.indent(root)
    text = ET.tostring(root, encoding="unicode")
    return f'<?xml version="1.0" encoding="utf-8"?>\n{text}\n'.encode()


def _additions(listing: Listing, topic: str) -> list[tuple[date, SitePaper]]:
    """The papers whose day is known, of all or of a topic, each with its day; the newest first."""
    items = [item for item in listing.items if not topic or topic in item.tags]
    added = [(item.added, item) for item in items if item.added]
    return sorted(added, key=lambda pair: pair[0], reverse=True)


def _entry(item: SitePaper, day: date, address: str) -> ET.Element:
    entry = ET.Element("entry")
    _text(entry, "title", item.title)
    _text(entry, "id", f"{address}#{item.anchor}" if address else _urn(item.url))
    _text(entry, "published", _time(day))
    _text(entry, "updated", _time(day))
    ET.SubElement(entry, "link", {"rel": "alternate", "href": item.url})
    for name in item.authors:
        ET.SubElement(entry, "author").append(_named(name))
    for tag in item.tags:
        ET.SubElement(entry, "category", {"term": tag})
    if item.abstract:
        _text(entry, "summary", item.abstract)
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

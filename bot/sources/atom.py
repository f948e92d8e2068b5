"""Checks that an Atom document is whole, with every entry whole, before a package reads it.

The packages take half a document for a whole one, and leave out or cut what they can't read.
"""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections.abc import Callable
from typing import TypeVar

from bot.core.errors import SourceError
from bot.sources.session import Fetch

Read = TypeVar("Read")

ATOM = "{http://www.w3.org/2005/Atom}"
_CREATOR = "{http://purl.org/dc/elements/1.1/}creator"
_UNEXPECTED = re.compile(rb"<!--|<\?(?!xml\s)")  # the parsers differ in what they make of these
_TRIES = 3  # for a document that is broken although it arrived


def fetch(session: Fetch, url: str, read: Callable[[bytes], Read]) -> Read:
    """What `read` makes of the document at an address, which is asked for anew where that raises a ValueError.

    Raises:
        SourceError: there is no whole document to be had.
    """
    reason = ""
    for _ in range(_TRIES):
        body = session.get(url)
        try:
            return read(body)
        except ValueError as error:
            reason = str(error)
    raise SourceError(f"{reason}, {_TRIES} times in a row", where=url, fix="try again later")


def parse(body: bytes) -> ET.Element:
    """The root of an Atom feed. Raises as `parse_xml` does."""
    return parse_xml(body, f"{ATOM}feed", "an Atom feed")


def parse_xml(body: bytes, root_tag: str, kind: str) -> ET.Element:
    """The root of a document of some kind.

    Raises:
        ValueError: it is none, or not a whole one, or has what no document of arXiv has.
    """
    if found := _UNEXPECTED.search(body):
        raise ValueError(f"has a comment or an instruction, at byte {found.start():,}")
    try:
        root = ET.fromstring(body)  # noqa: S314 (the session lets no document type through)
    except (ET.ParseError, LookupError) as error:
        raise ValueError(f"is not well-formed ({error})") from None
    if root.tag != root_tag:
        raise ValueError(f"is not {kind}")
    return root


def text(element: ET.Element, path: str) -> str:
    """The text of the first element at a path, without the space around it; "" where there is none."""
    return (element.findtext(path) or "").strip()


def check_entry(entry: ET.Element) -> None:
    """Makes sure that an entry has every field that arXiv gives for each paper.

    Raises:
        ValueError: it is not a whole entry; the message says what is missing and where.
    """
    name = text(entry, f"{ATOM}id") or "one without id"
    for what, found in (
        ("a title", text(entry, f"{ATOM}title")),
        ("an abstract", text(entry, f"{ATOM}summary")),
        ("a date", text(entry, f"{ATOM}published")),
        ("an author", text(entry, f"{ATOM}author/{ATOM}name") or text(entry, _CREATOR)),
        ("a category", entry.find(f"{ATOM}category[@term]") is not None),
    ):
        if not found:
            raise ValueError(f"has an entry without {what} ({name})")
    _check_pieces(entry, name)


def _check_pieces(entry: ET.Element, name: str) -> None:
    for tag in ("id", "title", "summary", "published", "updated"):
        pieces = entry.findall(f"{ATOM}{tag}")
        if len(pieces) > 1 or any(len(piece) for piece in pieces):
            raise ValueError(f"has an entry with a {tag} in pieces ({name})")

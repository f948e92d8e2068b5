"""Checks that an Atom document and all its entries are complete, before a package reads it.

The packages accept a truncated document, and silently drop or cut what they can't read.
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
_UNEXPECTED = re.compile(rb"<!--|<\?(?!xml\s)")  # parsers disagree on comments and instructions
_TRIES = 3  # downloads of a document that arrives broken


def fetch(session: Fetch, url: str, read: Callable[[bytes], Read]) -> Read:
    """Downloads a document and returns what `read` makes of it; downloads it again if `read` raises ValueError.

    Raises:
        SourceError: the download failed, or every copy was broken.
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
    """Parses an Atom feed and returns its root. Raises like `parse_xml`."""
    return parse_xml(body, f"{ATOM}feed", "an Atom feed")


def parse_xml(body: bytes, root_tag: str, kind: str) -> ET.Element:
    """Parses an XML document and returns its root.

    Args:
        body: the document.
        root_tag: the tag that the root must have.
        kind: the kind of document, for the error message: "an Atom feed".

    Raises:
        ValueError: the document is of another kind, truncated, or contains a comment or a processing instruction,
            which arXiv's documents never do.
    """
    if found := _UNEXPECTED.search(body):
        raise ValueError(f"has a comment or a processing instruction, at byte {found.start():,}")
    try:
        root = ET.fromstring(body)  # noqa: S314 (the session lets no document type through)
    except (ET.ParseError, LookupError) as error:
        raise ValueError(f"is not well-formed ({error})") from None
    if root.tag != root_tag:
        raise ValueError(f"is not {kind}")
    return root


def text(element: ET.Element, path: str) -> str:
    """Returns the stripped text of the first element at a path, or "" if there is none."""
    return (element.findtext(path) or "").strip()


def check_entry(entry: ET.Element) -> None:
    """Checks that an entry has every field that arXiv gives for each paper.

    Raises:
        ValueError: a field is missing or split; the message names the field and the entry.
    """
    name = text(entry, f"{ATOM}id") or "it has no id"
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
            raise ValueError(f"has an entry whose {tag} is split into parts ({name})")
